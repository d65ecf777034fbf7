"""The official Python SDK against `serve`: every method once, then the needs of SDK tests. Prints what passed."""

import asyncio
import contextlib
import json
import os
import re
import subprocess
import sys
import tempfile

import httpx
import runwayml
import runwayml.lib.polling as polling
from runwayml import AsyncRunwayML, BadRequestError, NotFoundError, RunwayML
from runwayml.lib.polling import TaskFailedError

from runway_preflight import RunwayServer

PROGRAM = os.environ["RUNWAY_PREFLIGHT_BINARY"]
UNSUPPORTED = ("prores", "png_sequence", "sdr_rec709_10bit", "hdr10", "hdr_prores")
UNKNOWN = "00000000-0000-4000-8000-000000000000"
VIDEO = {"model": "gen4.5", "prompt_text": "x", "ratio": "1280:720", "duration": 2}
polling.POLL_TIME, polling.POLL_JITTER = 0.01, 0.0


def snake(name):
    name = re.sub(r"(?<=[a-z0-9])([A-Z])", lambda found: "_" + found[1].lower(), name)
    return "from_" if name == "from" else name


def pythonic(value, free=False):
    """Renames members to the parameter names of the SDK; keys of a free map are unchanged."""
    if isinstance(value, dict):
        return {key if free else snake(key): pythonic(inner, free or key == "nodeOutputs") for key, inner in value.items()}
    return [pythonic(inner, free) for inner in value] if isinstance(value, list) else value


def call(client, name, /, *parameters, **named):
    target = client
    for part in name.split("."):
        target = getattr(target, snake(part))
    return target(*parameters, **named)


def every_method(client, calls):
    """Each row of calls.json is accepted, or is answered 404 or 501 if this server cannot know the answer."""
    for name, *parameters in calls:
        *arguments, body = parameters
        # Updated objects do not exist; the server supports neither the choice of a router nor these formats.
        is_unknown = name.startswith("generate.") or body.get("outputFormat") in UNSUPPORTED
        expected = 404 if name.endswith(".update") else 501 if is_unknown else 200
        try:
            call(client, name, *arguments, **pythonic(body))
            status = 200
        except runwayml.APIStatusError as error:
            status = error.status_code
        assert status == expected, (name, parameters, status)
    return len(calls)


def stateful(client):
    document = client.documents.create(name="x", content="y")
    assert client.documents.retrieve(document.id).content == "y"
    client.documents.update(document.id, name="z")
    assert [item.name for item in client.documents.list(limit=5, order="desc", sort="createdAt")] == ["z"]
    client.documents.delete(document.id)
    raises(NotFoundError, lambda: client.documents.retrieve(document.id))
    voice = client.voices.create(name="x", from_={"type": "text", "prompt": "a calm, low voice for tests", "model": "eleven_ttv_v3"})
    assert client.voices.retrieve(voice.id).status == "READY"
    assert httpx.get(client.voices.retrieve(voice.id).preview_url).headers["content-type"] == "audio/mpeg"
    assert client.voices.update(voice.id, name="y").name == "y"
    assert len(list(client.voices.list(limit=10))) == 1
    client.voices.delete(voice.id)
    avatar = client.avatars.create(
        name="x", personality="calm", reference_image="https://example.com/a.jpg", voice={"type": "runway-live-preset", "preset_id": "maya"}
    )
    assert client.avatars.retrieve(avatar.id).status == "READY"
    assert client.avatars.update(avatar.id, name="y").name == "y"
    assert len(list(client.avatars.list(limit=10))) == 1
    client.avatars.delete(avatar.id)
    router = client.routers.create(slug="my-router", settings={"optimize_for": "cost"})
    assert client.routers.retrieve(router.id).settings.optimize_for == "cost"
    assert client.routers.update(router.id, name="y").version == 2
    assert list(client.routers.list(limit=10))[0].name == "y"
    assert list(client.routers.list_requests(router.id, limit=10)) == []
    client.routers.delete(router.id)
    session = client.realtime_sessions.create(model="gwm1_avatars", avatar={"type": "runway-preset", "preset_id": "influencer"})
    assert client.realtime_sessions.retrieve(session.id).status == "READY"
    client.realtime_sessions.delete(session.id)
    assert client.realtime_sessions.retrieve(session.id).status == "CANCELLED"
    run = client.workflows.run(UNKNOWN)
    assert len(client.workflow_invocations.retrieve(run.id).output) == 1
    assert client.workflows.list().data == []
    assert list(client.avatar_conversations.list(limit=10)) == []
    raises(NotFoundError, lambda: client.avatar_conversations.retrieve(UNKNOWN))
    raises(NotFoundError, lambda: client.avatar_conversations.delete(UNKNOWN))
    assert client.avatars.get_usage(start_date="2026-01-01T00:00:00Z", end_date="2026-02-01T00:00:00Z").total_sessions == 0
    assert client.organization.retrieve().tier.models["gen4.5"].max_concurrent_generations == 20
    client.text_to_video.create(**VIDEO)
    assert "gen4.5" in client.organization.retrieve_usage().models
    assert client.organization.retrieve().usage.models["gen4.5"].daily_generations >= 1


def story(server, client, folder):
    """Upload, task, download: the file is one that `check` accepts."""
    image = os.path.join(folder, "photo.png")
    task = client.text_to_image.create(model="gen4_image", prompt_text="x", ratio="1024:1024").wait_for_task_output()
    download(task.output[0], image)
    with open(image, "rb") as file:
        upload = client.uploads.create_ephemeral(file=file)
    assert upload.uri.startswith("runway://")
    task = client.image_to_video.create(model="gen4_turbo", prompt_image=upload.uri, ratio="1280:720", duration=2).wait_for_task_output()
    video = os.path.join(folder, "video.mp4")
    download(task.output[0], video)
    subprocess.run([PROGRAM, "check", "--quiet", image, video], check=True)
    server.advance(86_401)
    raises(BadRequestError, lambda: client.image_to_video.create(model="gen4_turbo", prompt_image=upload.uri, ratio="1280:720"))


def failures(server, client):
    client.tasks.delete(client.text_to_video.create(**VIDEO).id)
    task = client.text_to_video.create(**VIDEO)
    assert client.tasks.retrieve(task.id).status == "SUCCEEDED"
    client.tasks.delete(task.id)
    raises(NotFoundError, lambda: client.tasks.retrieve(task.id))
    server.next(failureCode="SAFETY.INPUT.TEXT", failure="Flagged.")
    failed = raises(TaskFailedError, lambda: client.text_to_video.create(**VIDEO).wait_for_task_output())
    assert failed.task_details.failure_code == "SAFETY.INPUT.TEXT"
    server.next(cancelled=True)
    assert client.tasks.retrieve(client.text_to_video.create(**VIDEO).id).status == "CANCELLED"
    server.reset()
    for behavior in ({"status": 429, "headers": {"Retry-After": "0"}}, {"status": 503}, {"close": True}, {"truncate": 5}):
        server.next(**behavior)
    patient = client.with_options(max_retries=4)
    assert patient.text_to_video.create(**VIDEO).id
    # Not every version of the SDK retries a truncated response, so it is not compared.
    statuses = [request["status"] for request in server.requests()]
    assert statuses[:3] == [429, 503, None], statuses
    server.reset()
    server.next(delay_ms=2000)
    raises(runwayml.APITimeoutError, lambda: client.with_options(timeout=0.3, max_retries=0).organization.retrieve())
    no_key = {"Authorization": "Basic k"}
    raises(runwayml.AuthenticationError, lambda: client.organization.retrieve(extra_headers=no_key))
    old = RunwayML(base_url=server.url, api_key="k", runway_version="2023-01-01")
    raises(BadRequestError, lambda: old.organization.retrieve())


def same_bytes(client, folder):
    """A refused body gets exactly what `body --format api` prints."""
    body = {"model": "gen4_turbo", "promptImage": "http://example.com/a.png", "ratio": "1:1", "extra": 1}
    error = raises(BadRequestError, lambda: client.post("/v1/image_to_video", cast_to=object, body=body))
    path = os.path.join(folder, "body.json")
    with open(path, "w", encoding="utf-8") as file:
        json.dump(body, file)
    flags = ["--offline", "--endpoint", "image_to_video", "--format", "api"]
    printed = subprocess.run([PROGRAM, "body", *flags, path], capture_output=True, check=False).stdout
    assert error.response.content == printed, (error.response.content, printed)
    assert error.body == json.loads(printed)


async def asynchronous(server, folder):
    async with AsyncRunwayML(base_url=server.url, api_key="k") as client:
        with open(os.path.join(folder, "photo.png"), "rb") as file:
            upload = await client.uploads.create_ephemeral(file=file)
        task = await client.image_to_video.create(model="gen4_turbo", prompt_image=upload.uri, ratio="720:1280", duration=2)
        done = await task.wait_for_task_output()
        assert done.output[0].endswith(".mp4")
        server.next(failureCode="INTERNAL.BAD_OUTPUT.CODE01")
        task = await client.text_to_video.create(**VIDEO)
        with contextlib.suppress(TaskFailedError):
            await task.wait_for_task_output()
            raise AssertionError("the task has failed")
        tasks = await asyncio.gather(*(client.text_to_video.create(**VIDEO) for _ in range(50)))
        assert len({task.id for task in tasks}) == 50


def download(url, path):
    answer = httpx.get(url)
    assert answer.status_code == 200 and int(answer.headers["content-length"]) == len(answer.content)
    with open(path, "wb") as file:
        file.write(answer.content)


def raises(kind, act):
    try:
        act()
    except kind as error:
        return error
    raise AssertionError(f"{kind.__name__} was expected")


def main():
    with open(sys.argv[1], encoding="utf-8") as file:
        calls = json.load(file)
    with RunwayServer("--assets", "off") as server:
        client = RunwayML(base_url=server.url, api_key="k", max_retries=0)
        print("Python: calls:", every_method(client, calls))
        server.reset()
        stateful(client)
    with RunwayServer("--assets", "offline") as server, tempfile.TemporaryDirectory() as folder:
        client = RunwayML(base_url=server.url, api_key="k", max_retries=0)
        story(server, client, folder)
        server.reset()
        failures(server, client)
        same_bytes(client, folder)
        server.reset()
        asyncio.run(asynchronous(server, folder))
    print("Python: all passed")


main()
