"""LiteLLM against `serve`: a video from its creation to its bytes."""

import os

# Uses the bundled price list instead of the network.
os.environ["LITELLM_LOCAL_MODEL_COST_MAP"] = "True"

import litellm

from runway_preflight import RunwayServer

with RunwayServer("--assets", "offline") as server:
    os.environ["RUNWAYML_API_SECRET"] = "k"
    known = {"custom_llm_provider": "runwayml", "api_base": f"{server.url}/v1"}
    video = litellm.video_generation(
        model="runwayml/gen4_turbo", prompt="x", seconds="5", size="1280x720", input_reference="https://example.com/a.png", api_base=known["api_base"]
    )
    assert litellm.video_status(video_id=video.id, **known).status == "completed"
    assert litellm.video_content(video_id=video.id, **known)[4:8] == b"ftyp"
print("LiteLLM: passed")
