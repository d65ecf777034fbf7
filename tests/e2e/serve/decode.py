"""Decodes outputs of `serve` with ffmpeg, which must not report any problem, and compares dimensions and durations."""

import json
import subprocess
import tempfile
import urllib.request

from runway_preflight import RunwayServer

HEADERS = {"Authorization": "Bearer k", "X-Runway-Version": "2024-11-06", "Content-Type": "application/json"}
VOICE = {"type": "runway-preset", "presetId": "Maya"}
OUTPUTS = [
    ("text_to_video", {"model": "gen4.5", "promptText": "x", "ratio": "1280:720", "duration": 2}, (1280, 720, 2.0)),
    ("text_to_video", {"model": "happyhorse_1_0", "promptText": "a cat", "ratio": "1108:832", "duration": 3}, (1108, 832, 3.0)),
    ("text_to_video", {"model": "seedance2", "promptText": "x", "ratio": "2206:946", "duration": 4}, (2206, 946, 4.0)),
    ("text_to_video", {"model": "seedance2", "promptText": "x", "ratio": "3840:3840", "duration": 4}, (3840, 3840, 4.0)),
    ("text_to_image", {"model": "gen4_image", "promptText": "x", "ratio": "1920:1080"}, (1920, 1080, None)),
    ("text_to_speech", {"model": "eleven_multilingual_v2", "promptText": "x" * 30, "voice": VOICE}, (None, None, 2.016)),
    ("sound_effect", {"model": "seed_audio", "promptText": "x", "outputFormat": "wav"}, (None, None, 1.0)),
    ("sound_effect", {"model": "seed_audio", "promptText": "x" * 100, "outputFormat": "ogg_opus"}, (None, None, 7.0)),
    ("text_to_image", {"model": "seedream5_pro", "promptText": "cat", "ratio": "2048:2048", "outputFormat": "jpeg"}, (2048, 2048, None)),
]


def ask(url, body=None):
    data = None if body is None else json.dumps(body).encode()
    with urllib.request.urlopen(urllib.request.Request(url, data=data, headers=HEADERS)) as response:
        return json.loads(response.read())


with RunwayServer("--assets", "off") as server, tempfile.NamedTemporaryFile() as file:
    for endpoint, body, expected in OUTPUTS:
        task = ask(f"{server.url}/v1/{endpoint}", body)
        url = ask(f"{server.url}/v1/tasks/{task['id']}")["output"][0]
        urllib.request.urlretrieve(url, file.name)
        flags = ["-v", "error", "-show_entries", "stream=width,height,duration", "-of", "json", file.name]
        stream = json.loads(subprocess.check_output(["ffprobe", *flags]))["streams"][0]
        duration = None if stream.get("duration") is None else round(float(stream["duration"]), 3)
        assert (stream.get("width"), stream.get("height"), duration) == expected, (endpoint, stream)
        decoding = ["ffmpeg", "-v", "warning", "-xerror", "-err_detect", "explode", "-i", file.name, "-f", "null", "-"]
        decoded = subprocess.run(decoding, capture_output=True, text=True, check=True)
        # ffmpeg 5 prints the last one even for JPEG files that it wrote itself.
        harmless = ("bitrate", "Guessed Channel", "EOI missing")
        complaints = [line for line in decoded.stderr.splitlines() if not any(word in line for word in harmless)]
        assert complaints == [], complaints
print(f"ffmpeg: {len(OUTPUTS)} outputs decoded")
