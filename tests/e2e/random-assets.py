#!/usr/bin/env python3
"""Makes valid assets with other people's encoders and random settings, and fails where the program rejects one.

    tests/e2e/random-assets.py BINARY [COUNT] [SEED] [--keep FOLDER] [--only ENCODER,…]

Makes 200 assets with seed 1 unless told otherwise.

The same seed makes the same settings. Encoders that are missing are skipped, and named at the end: ffmpeg, cjpeg,
jpegtran, cwebp, img2webp, ImageMagick (convert), LAME, flac, SoX, GStreamer, mkvmerge, and Chromium, whose MediaRecorder
records a canvas. Everything made is within the limits of the API. Exits 1 where an asset is not accepted, 2 where fewer
than nine tenths could be made. Debian: ffmpeg libjpeg-turbo-progs webp imagemagick lame flac sox mkvtoolnix chromium
gstreamer1.0-tools gstreamer1.0-plugins-{base,good,bad,ugly} gstreamer1.0-libav
"""

import concurrent.futures
import http.server
import json
import os
import random
import shutil
import subprocess
import sys
import tempfile
import threading

FFMPEG = ["ffmpeg", "-nostdin", "-v", "error", "-y", "-threads", "1"]
# One in so many assets is recorded by a browser, which takes as long as it plays.
RECORDED = 60


def size(rng, least=64, most=320, step=2):
    """Returns sides with a ratio from 0.5 to 2."""
    width = rng.randrange(least, most, step)
    height = rng.randrange(max(least, width // 2 + step), min(most, width * 2) + 1, step)
    return width, height - height % step


### Images #############################################################################################################


def ppm(rng, path):
    """Writes a picture without a pattern that an encoder could reduce to nothing, and returns its path."""
    width, height = size(rng, 16, 400, 1)
    row = bytes(rng.randrange(256) for _ in range(width * 3))
    with open(path + ".ppm", "wb") as file:
        file.write(b"P6\n%d %d\n255\n" % (width, height))
        for line in range(height):
            file.write(row[line * 3 % len(row) :] + row[: line * 3 % len(row)])
    return path + ".ppm"


def cjpeg(rng, path):
    options = ["-quality", str(rng.randrange(1, 101)), "-sample", rng.choice(["1x1", "2x1", "2x2", "1x2", "4x1"])]
    options += rng.choice([[], ["-progressive"], ["-optimize"], ["-grayscale"], ["-restart", "1"], ["-rgb"]])
    options += rng.choice([[], ["-dct", "float"], ["-baseline"]])
    return path + ".jpg", [["cjpeg", *options, "-outfile", path + ".jpg", ppm(rng, path)]]


def jpegtran(rng, path):
    options = rng.choice([["-progressive"], ["-rotate", "90"], ["-flip", "horizontal"], ["-transverse"], ["-grayscale"]])
    first = ["cjpeg", "-outfile", path + ".first", ppm(rng, path)]
    return path + ".jpg", [first, ["jpegtran", *options, "-copy", "all", "-outfile", path + ".jpg", path + ".first"]]


def cwebp(rng, path):
    options = rng.choice([["-lossless"], ["-near_lossless", "60"], ["-q", str(rng.randrange(101))], ["-size", "3000"]])
    options += ["-m", str(rng.randrange(4)), *rng.choice([[], ["-noalpha"], ["-mt"], ["-metadata", "all"], ["-exact"]])]
    return path + ".webp", [["cwebp", "-quiet", *options, ppm(rng, path), "-o", path + ".webp"]]


def img2webp(rng, path):
    first = ppm(rng, path)
    second = ["convert", first, "-negate", path + ".png.2"]
    frames = ["-d", str(rng.randrange(1, 900)), rng.choice(["-lossy", "-lossless"])]
    make = ["convert", first, "png:" + path + ".1"], ["convert", first, "-negate", "png:" + path + ".2"]
    return path + ".webp", [*make, ["img2webp", *frames, path + ".1", path + ".2", "-o", path + ".webp"]] if second else []


def magick(rng, path):
    ending = rng.choice(["jpg", "png", "png", "webp"])
    prefix = {"png": rng.choice(["png:", "png8:", "png24:", "png32:", "png48:", "png64:", "png00:"])}.get(ending, ending + ":")
    options = rng.choice([
        [], ["-interlace", "Plane"], ["-colorspace", "Gray"], ["-depth", "16"], ["-type", "bilevel"], ["-quality", "92"],
        ["-set", "comment", "made by a test"], ["-strip"], ["-alpha", "on"], ["-orient", "right-top"],
        ["-density", "300"], ["-gamma", "1.8"], ["-define", "png:compression-level=0"], ["-colors", "7"],
        ["-define", "jpeg:sampling-factor=4:1:0"], ["-define", "webp:lossless=true"], ["-units", "PixelsPerInch"],
    ])  # fmt: skip
    return f"{path}.{ending}", [["convert", ppm(rng, path), *options, f"{prefix}{path}.{ending}"]]


def ffmpeg_image(rng, path):
    width, height = size(rng)
    source = ["-f", "lavfi", "-i", f"testsrc2=size={width}x{height}", "-frames:v"]
    ending, options = rng.choice([
        ("jpg", ["1", "-q:v", "5"]), ("jpg", ["1", "-pix_fmt", "yuvj444p"]), ("jpg", ["1", "-huffman", "optimal"]),
        ("png", ["1", "-pred", "mixed"]), ("png", ["1", "-pix_fmt", "rgba64be"]), ("png", ["1", "-pix_fmt", "monob"]),
        ("png", ["1", "-pix_fmt", "pal8"]), ("png", ["3", "-f", "apng"]), ("png", ["1", "-f", "apng"]),
        ("webp", ["1"]), ("webp", ["1", "-lossless", "1"]), ("webp", ["4", "-c:v", "libwebp_anim"]),
    ])  # fmt: skip
    return f"{path}.{ending}", [[*FFMPEG, *source, *options, f"{path}.{ending}"]]


### Video ##############################################################################################################

X264 = ["-c:v", "libx264", "-preset", "ultrafast", "-pix_fmt", "yuv420p"]
X265 = ["-c:v", "libx265", "-preset", "ultrafast", "-x265-params", "log-level=none:pools=1"]
VP8, VP9 = (["-c:v", codec, "-deadline", "realtime", "-cpu-used", "8"] for codec in ("libvpx", "libvpx-vp9"))
AV1 = ["-c:v", "libsvtav1", "-preset", "12"]
PRORES = ["-c:v", "prores_ks", "-profile:v", "0"]
AAC, MP3, OPUS, VORBIS = (["-c:a", codec] for codec in ("aac", "libmp3lame", "libopus", "libvorbis"))
FLAC, PCM, AC3, ALAC, MP2 = (["-c:a", codec] for codec in ("flac", "pcm_s16le", "ac3", "alac", "mp2"))
SILENT = ["-an"]
# Ending, ways to code pictures, ways to code sound, options of the muxer.
CONTAINERS = [
    ("mp4", [X264, X264, X264, X265, AV1], [AAC, AAC, MP3, AC3, ALAC, SILENT], [
        [], ["-movflags", "+faststart"], ["-movflags", "+frag_keyframe+empty_moov"], ["-movflags", "+frag_every_frame"],
        ["-movflags", "+frag_keyframe+empty_moov+default_base_moof+dash"], ["-movflags", "+global_sidx+frag_keyframe"],
        ["-brand", "mp42"], ["-video_track_timescale", "90000"], ["-metadata", "title=x"],
        ["-write_tmcd", "1", "-timecode", "01:00:00:00"], ["-use_editlist", "0"], ["-movflags", "+negative_cts_offsets"],
        ["-movflags", "+cmaf"], ["-movflags", "+delay_moov+frag_keyframe"], ["-aspect", "4:3"],
    ]),
    ("mov", [X264, X265, PRORES], [AAC, PCM, ALAC, MP3, SILENT], [
        [], ["-movflags", "+faststart"], ["-movflags", "+frag_keyframe+empty_moov"], ["-timecode", "10:00:00:00"],
        ["-movflags", "+use_metadata_tags", "-metadata", "com.apple.quicktime.make=x"], ["-write_tmcd", "0"],
    ]),
    ("mkv", [X264, X265, VP8, VP9, AV1], [AAC, MP3, OPUS, VORBIS, FLAC, PCM, AC3, SILENT], [
        [], ["-cluster_time_limit", "100"], ["-live", "1"], ["-reserve_index_space", "2000"], ["-write_crc32", "0"],
        ["-cues_to_front", "1"], ["-default_mode", "infer_no_subs"],
    ]),
    ("webm", [VP8, VP9, AV1], [OPUS, VORBIS, SILENT], [[], ["-live", "1"], ["-dash", "1"], ["-cluster_size_limit", "9000"]]),
    ("3gp", [X264], [AAC, SILENT], [[], ["-movflags", "+faststart"]]),
    ("ogv", [["-c:v", "libtheora", "-q:v", "5"]], [VORBIS, OPUS, FLAC, SILENT], [[], ["-page_duration", "100000"], ["-g", "200"]]),
    ("avi", [X264, ["-c:v", "mjpeg"], ["-c:v", "msmpeg4"]], [MP3, AC3, PCM, MP2, SILENT], [[], ["-write_channel_mask", "0"]]),
    ("flv", [X264, ["-c:v", "flv"]], [AAC, MP3, SILENT], [[], ["-flvflags", "no_duration_filesize"], ["-flvflags", "no_metadata"]]),
    ("mpg", [["-c:v", "mpeg2video"]], [MP2, AC3, SILENT], [["-f", "mpeg"], ["-f", "vob"], ["-f", "dvd"], ["-f", "svcd"]]),
]  # fmt: skip
RATES = ["10", "12.5", "15", "24", "25", "30", "24000/1001", "30000/1001", "29", "48", "50", "60", "60000/1001", "7.3"]


def film(rng, path, container):
    """Returns the command with random settings, whether its length and rate are within every window, and the file."""
    ending, pictures, sounds, options = container
    picture, sound = rng.choice(pictures), rng.choice(sounds)
    width, height = size(rng, step=16)
    rate = rng.choice(["24", "25", "30", "30000/1001", "50"] if "mpeg2video" in picture else RATES)
    length = rng.choice([0.3, 0.5, 1, 2.4, 3, 4.2])
    source = ["-f", "lavfi", "-i", f"testsrc2=size={width}x{height}:rate={rate}:duration={length}"]
    if sound is not SILENT:
        hertz = rng.choice([44100, 48000]) if ending in ("flv", "mpg") or sound is OPUS else rng.choice([22050, 32000, 44100, 48000])
        source += ["-f", "lavfi", "-i", f"sine=duration={length + rng.choice([-0.1, 0, 0, 0.4])}:sample_rate={hertz}"]
        # `sine` has one channel; the old sound formats of FLV take three rates only.
        sound = [*sound, "-ac", str(rng.choice([1, 2])), *(["-ar", "44100"] if ending == "flv" else [])]
    options = rng.choice(options)
    more = rng.choice([[], [], ["-g", "5"], ["-bf", "2"]]) if picture in (X264, X265) else []
    if ending in ("mp4", "mov") and picture is X265:
        more = [*more, "-tag:v", rng.choice(["hvc1", "hev1"])]
    sound = [*sound, "-strict", "-2"] if sound is not SILENT else sound
    start = rng.choice([[], [], [], ["-output_ts_offset", "1.5"]]) if ending in ("mp4", "mkv", "mov") else []
    name = f"{path}.{ending}"
    command = [*FFMPEG, *source, *picture, *more, *sound, *options, *start, name]
    number, _, below = rate.partition("/")
    is_typical = length > 2.3 and float(number) / float(below or 1) <= 30 and not start
    return name, [command], is_typical


def video(rng, path):
    return film(rng, path, rng.choice(CONTAINERS[:6] if rng.random() < 0.8 else CONTAINERS))


def piped(rng, path):
    """Writes through a pipe, so that no header can be completed."""
    ending, form, options = rng.choice([
        ("mkv", "matroska", X264), ("webm", "webm", VP8), ("mp4", "mp4", [*X264, "-movflags", "+frag_keyframe+empty_moov"]),
        ("avi", "avi", ["-c:v", "mjpeg"]), ("flv", "flv", X264), ("ogv", "ogg", ["-c:v", "libtheora"]),
    ])  # fmt: skip
    width, height = size(rng, step=16)
    source = f"testsrc2=size={width}x{height}:rate={rng.choice(RATES)}:duration={rng.choice([0.4, 1.1, 2.5])}"
    return f"{path}.{ending}", [[*FFMPEG, "-f", "lavfi", "-i", source, *options, "-f", form, f"pipe:>{path}.{ending}"]]


def mkvmerge(rng, path):
    first, commands, is_typical = film(rng, path, ("first.mkv", [X264, X265, VP8, VP9], [AAC, OPUS, VORBIS, FLAC, SILENT], [[]]))
    options = rng.choice([[], ["--disable-lacing"], ["--cluster-length", "3"], ["--no-cues"], ["--clusters-in-meta-seek"],
                          ["--engage", "no_simpleblocks"], ["--title", "x"], ["--disable-track-statistics-tags"]])  # fmt: skip
    if any(codec in commands[0] for codec in ("libvpx", "libvpx-vp9")) and any(codec in commands[0] for codec in ("libopus", "libvorbis")):
        options, ending = [*options, "--webm"], "webm"
    else:
        ending = "mkv"
    # mkvmerge exits with 1 for a warning.
    return f"{path}.{ending}", [*commands, ["mkvmerge", "-q", *options, "-o", f"{path}.{ending}", first]], is_typical


def gstreamer(rng, path):
    width, height = size(rng, step=16)
    picture = f"videotestsrc num-buffers={rng.randrange(8, 60)} ! video/x-raw,width={width},height={height},"
    picture += f"framerate={rng.choice(['15/1', '24/1', '25/1', '30/1', '30000/1001', '60/1'])} ! videoconvert"
    sound = f"audiotestsrc num-buffers={rng.randrange(10, 60)} ! audioconvert ! audioresample"
    h264, aac = "x264enc speed-preset=ultrafast ! h264parse", "avenc_aac ! aacparse"
    ending, line = rng.choice([
        ("mp4", f"{picture} ! {h264} ! mp4mux OPTIONS name=m ! SINK {sound} ! {aac} ! m."),
        ("mp4", f"{picture} ! {h264} ! mp4mux OPTIONS ! SINK"),
        ("mov", f"{picture} ! {h264} ! qtmux OPTIONS name=m ! SINK {sound} ! m."),
        ("3gp", f"{picture} ! {h264} ! 3gppmux ! SINK"),
        ("mkv", f"{picture} ! {h264} ! matroskamux STREAM name=m ! SINK {sound} ! flacenc ! m."),
        ("mkv", f"{picture} ! vp8enc deadline=1 ! matroskamux STREAM name=m ! SINK {sound} ! opusenc ! m."),
        ("webm", f"{picture} ! vp8enc deadline=1 ! webmmux STREAM name=m ! SINK {sound} ! vorbisenc ! m."),
        ("webm", f"{picture} ! vp9enc deadline=1 cpu-used=8 ! webmmux STREAM ! SINK"),
        ("ogv", f"{picture} ! theoraenc ! oggmux name=m ! SINK {sound} ! vorbisenc ! m."),
        ("avi", f"{picture} ! jpegenc ! avimux name=m ! SINK {sound} ! m."),
        ("flv", f"{picture} ! {h264} ! flvmux STREAM name=m ! SINK {sound} ! {aac} ! m."),
        ("jpg", f"{picture.replace('num-buffers=', 'num-buffers=1 foreground-color=')} ! jpegenc ! SINK"),
        ("png", f"{picture.replace('num-buffers=', 'num-buffers=1 foreground-color=')} ! pngenc ! SINK"),
        ("mp3", f"{sound} ! lamemp3enc ! SINK"), ("mp3", f"{sound} ! lamemp3enc ! xingmux ! id3v2mux ! SINK"),
        ("wav", f"{sound} ! wavenc ! SINK"), ("flac", f"{sound} ! flacenc ! SINK"),
        ("m4a", f"{sound} ! {aac} ! mp4mux OPTIONS ! SINK"), ("aac", f"{sound} ! avenc_aac ! aacparse ! audio/mpeg,stream-format=adts ! SINK"),
    ])  # fmt: skip
    options = rng.choice(["", "faststart=true", "fragment-duration=500", "fragment-duration=300 streamable=true"])
    line = line.replace("OPTIONS", options).replace("STREAM", rng.choice(["", "streamable=true"]))
    line = line.replace("SINK", f"filesink location={path}.{ending}")
    return f"{path}.{ending}", [["gst-launch-1.0", "-q", *line.split()]]


### Sound ##############################################################################################################


def wave(rng, path):
    """Returns the command that writes a tone as a WAV file, and that file."""
    name = path + ".source.wav"
    length, hertz = rng.choice([0.2, 1, 2.5]), rng.choice([8000, 16000, 22050, 32000, 44100, 48000])
    shape = ["-r", str(hertz), "-c", str(rng.choice([1, 2])), "-b", "16"]
    return name, ["sox", "-V0", "-n", *shape, name, "synth", str(length), rng.choice(["sine", "noise", "pluck"])]


def lame(rng, path):
    source, make = wave(rng, path)
    options = rng.choice([["-b", "64"], ["-V", "5"], ["--abr", "96"], ["--preset", "standard"], ["-m", "j"], ["-t"], ["--freeformat", "-b", "160"][1:]])
    options += rng.choice([[], ["--add-id3v2", "--tt", "x"], ["--id3v1-only", "--tt", "x"], ["-p"], ["--nores"]])
    return path + ".mp3", [make, ["lame", "--quiet", *options, source, path + ".mp3"]]


def flac(rng, path):
    source, make = wave(rng, path)
    options = rng.choice([["-0"], ["-8"], ["--no-padding"], ["-P", "60000"], ["-b", "1024", "--lax"], ["-T", "TITLE=x"], ["--no-seektable"]])
    return path + ".flac", [make, ["flac", "-s", *options, "-o", path + ".flac", source]]


def sox(rng, path):
    source, make = wave(rng, path)
    ending = rng.choice(["wav", "wav", "wav", "flac"])
    options = {"wav": rng.choice([["-b", "8", "-e", "unsigned"], ["-b", "24"], ["-b", "32", "-e", "float"], ["-e", "a-law"], ["-b", "32"]])}
    return f"{path}.{ending}", [make, ["sox", "-V0", source, *options.get(ending, []), f"{path}.{ending}"]]


def ffmpeg_sound(rng, path):
    source = ["-f", "lavfi", "-i", f"sine=duration={rng.choice([0.3, 1, 3])}:sample_rate={rng.choice([44100, 48000, 32000])}"]
    ending, options = rng.choice([
        ("mp3", ["-q:a", "4"]), ("mp3", ["-b:a", "128k", "-write_xing", "0"]), ("mp3", ["-id3v2_version", "3", "-metadata", "title=x"]),
        ("mp3", ["-write_id3v1", "1"]), ("wav", ["-c:a", "pcm_s24le"]), ("wav", ["-c:a", "pcm_f32le"]), ("wav", ["-c:a", "pcm_u8"]),
        ("wav", ["-c:a", "pcm_mulaw"]), ("wav", ["-rf64", "always"]), ("wav", ["-write_bext", "1", "-metadata", "description=x"]),
        ("wav", ["-f", "w64"]), ("wav", ["-c:a", "pcm_f64le", "-ac", "6"]), ("flac", []), ("flac", ["-sample_fmt", "s32"]),
        ("m4a", []), ("m4a", ["-c:a", "alac"]), ("m4a", ["-movflags", "+faststart"]), ("m4a", ["-movflags", "+frag_keyframe+empty_moov", "-frag_duration", "200000"]),
        ("aac", []), ("aac", ["-write_id3v2", "1", "-metadata", "title=x"]), ("aac", ["-ac", "2", "-b:a", "64k"]),
    ])  # fmt: skip
    return f"{path}.{ending}", [[*FFMPEG, *source, *options, f"{path}.{ending}"]]


### A browser ##########################################################################################################

PAGE = """<!doctype html><script>
const types = ['video/webm;codecs=vp8', 'video/webm;codecs=vp9', 'video/webm;codecs=vp8,opus', 'video/webm;codecs=vp9,opus',
  'video/webm;codecs=av01.0.01M.08', 'video/webm', 'video/mp4;codecs=avc1.42E01E', 'video/mp4;codecs=avc1.42E01E,mp4a.40.2',
  'video/mp4;codecs=av01.0.01M.08', 'video/x-matroska;codecs=avc1'];
const supported = types.filter(type => MediaRecorder.isTypeSupported(type));
function record(type, [width, height, length, slice, rate]) {
  const canvas = Object.assign(document.createElement('canvas'), {width, height});
  const context = canvas.getContext('2d');
  const timer = setInterval(() => {
    context.fillStyle = `hsl(${performance.now() / 5 % 360} 80% 50%)`;
    context.fillRect(Math.random() * width, Math.random() * height, 40, 40);
  }, 20);
  const stream = canvas.captureStream(rate);
  if (/opus|mp4a/.test(type)) {
    const sound = new AudioContext(), tone = sound.createOscillator(), out = sound.createMediaStreamDestination();
    tone.connect(out); tone.start(); stream.addTrack(out.stream.getAudioTracks()[0]);
  }
  const recorder = new MediaRecorder(stream, {mimeType: type}), parts = [];
  recorder.ondataavailable = event => parts.push(event.data);
  return new Promise(done => {
    recorder.onstop = () => { clearInterval(timer); done(new Blob(parts)); };
    recorder.start(slice || undefined);
    setTimeout(() => recorder.stop(), length);
  });
}
(async () => {
  const settings = await (await fetch('/settings')).json();
  for (let at = 0; at < settings.length; at += 4)
    await Promise.all(settings.slice(at, at + 4).map(async (row, offset) => {
      const type = supported[(at + offset) % supported.length];
      const ending = type.includes('mp4') ? 'mp4' : type.includes('matroska') ? 'mkv' : 'webm';
      await fetch('/' + ending, {method: 'POST', body: await record(type, row)});
    }));
  await fetch('/done', {method: 'POST', body: ''});
})();
</script>"""


def record_in_browser(rng, folder, count):
    """Lets Chromium record a canvas, and returns the files."""
    settings = [[*size(rng), rng.randrange(400, 2500), rng.choice([0, 100, 1000]), rng.choice([0, 15, 30])] for _ in range(count)]
    made, done = [], threading.Event()

    class Handler(http.server.BaseHTTPRequestHandler):
        def answer(self, kind, body):
            self.send_response(200)
            self.send_header("Content-Type", kind)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def do_GET(self):
            is_page = self.path != "/settings"
            self.answer("text/html" if is_page else "application/json", (PAGE if is_page else json.dumps(settings)).encode())

        def do_POST(self):
            body = self.rfile.read(int(self.headers["Content-Length"]))
            if self.path == "/done":
                done.set()
            elif body:
                name = os.path.join(folder, f"recorded-{len(made)}.{self.path[1:]}")
                made.append(name)
                with open(name, "wb") as file:
                    file.write(body)
            self.answer("text/plain", b"")

        def log_message(self, *_):
            pass

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    with tempfile.TemporaryDirectory() as profile:
        flags = ["--headless=new", "--no-sandbox", "--disable-gpu", "--autoplay-policy=no-user-gesture-required"]
        flags += [f"--user-data-dir={profile}", "--no-first-run", f"http://127.0.0.1:{server.server_port}/"]
        browser = subprocess.Popen(["chromium", *flags], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True)
        done.wait(60 + 3 * count)
        os.killpg(browser.pid, 15)
        browser.wait()
    server.shutdown()
    return made


### The run ############################################################################################################

# How often each is used, and the programs that it needs.
RECIPES = [
    (cjpeg, 10, ["cjpeg"]), (jpegtran, 4, ["cjpeg", "jpegtran"]), (cwebp, 7, ["cwebp"]), (img2webp, 1, ["img2webp", "convert"]),
    (magick, 8, ["convert"]), (ffmpeg_image, 4, ["ffmpeg"]), (video, 9, ["ffmpeg"]), (piped, 2, ["ffmpeg"]),
    (mkvmerge, 2, ["ffmpeg", "mkvmerge"]), (gstreamer, 4, ["gst-launch-1.0"]), (lame, 5, ["sox", "lame"]),
    (flac, 4, ["sox", "flac"]), (sox, 5, ["sox"]), (ffmpeg_sound, 4, ["ffmpeg"]),
]  # fmt: skip


def make(recipe, seed, folder, index):
    """Makes one asset; returns it with its command, or `None` and what the encoder said."""
    rng = random.Random(f"{seed}/{index}")
    path = os.path.join(folder, f"{index:05}")
    name, commands, *more = recipe(rng, path)
    for command in commands:
        output = subprocess.DEVNULL
        if command[-1].startswith("pipe:>"):
            command, output = [*command[:-1], "-"], command[-1][6:]
        try:
            reader = None
            if output is not subprocess.DEVNULL:
                with open(output, "wb") as file:
                    reader = subprocess.Popen(["cat"], stdin=subprocess.PIPE, stdout=file)
            run = subprocess.run(command, stdout=reader.stdin if reader else output, stderr=subprocess.PIPE, stdin=subprocess.DEVNULL, timeout=120)
            if reader:
                reader.stdin.close()
                reader.wait()
        except subprocess.TimeoutExpired:
            return None, command, "timed out"
        if run.returncode not in ((0, 1) if command[0] == "mkvmerge" else (0,)):
            return None, command, run.stderr.decode(errors="replace")[-300:]
    for leftover in (path + ".ppm", path + ".first", path + ".1", path + ".2", path + ".source.wav", path + ".first.mkv"):
        if os.path.exists(leftover):
            os.remove(leftover)
    if not os.path.exists(name) or os.path.getsize(name) == 0:
        return None, commands[-1], "wrote nothing"
    return name, commands[-1], bool(more and more[0])


def check(binary, paths, *options):
    command = [binary, "check", "--offline", "--exit-zero", "--format", "jsonl", *options, "--null", "-"]
    run = subprocess.run(command, input="\0".join(paths), capture_output=True, text=True)
    rows = [json.loads(line) for line in run.stdout.splitlines()]
    if run.returncode != 0 or len(rows) != len(paths):
        sys.exit(f"exit code {run.returncode}, {len(rows)} rows for {len(paths)} assets: {run.stderr[-500:]}")
    return [row for row in rows if row["verdict"] != "accepted"]


def report(rows, commands):
    for row in rows:
        findings = [(f["code"], f.get("detail")) for f in row["findings"] if f["severity"] in ("error", "undecided")]
        print(f"{row['verdict']}: {row['asset']}: {findings}\n    {' '.join(commands.get(row['asset'], ['recorded']))}")


def main():
    arguments = sys.argv[1:]

    def option(name):
        if name not in arguments:
            return None
        at = arguments.index(name)
        _, value = arguments.pop(at), arguments.pop(at)
        return value

    kept, only = option("--keep"), (option("--only") or "").split(",")
    binary, count, seed = os.path.realpath(arguments[0]), *map(int, [*arguments[1:], *(200, 1)[len(arguments) - 1 :]])
    folder = kept or tempfile.mkdtemp(prefix="random-assets-")
    os.makedirs(folder, exist_ok=True)
    missing = sorted({tool for _, _, tools in RECIPES for tool in tools if not shutil.which(tool)})
    usable = [row for row in RECIPES if all(shutil.which(tool) for tool in row[2]) and (only == [""] or row[0].__name__ in only)]
    rng = random.Random(seed)
    recorded = record_in_browser(rng, folder, count // RECORDED) if shutil.which("chromium") and only == [""] else []
    chosen = rng.choices([row[0] for row in usable], [row[1] for row in usable], k=count - len(recorded))
    with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
        results = list(pool.map(lambda item: make(item[1], seed, folder, item[0]), enumerate(chosen)))
    commands, typical = {}, []
    for name, command, told in results:
        if name is None:
            print(f"not made: {' '.join(command)[:400]}: {told}")
            continue
        commands[name] = command
        typical += [name] if told else []
    made = [*commands, *recorded]
    refused = check(binary, made)
    # Clips of two to thirty seconds, at most 30 frames per second: within the windows of the model as well.
    outside = check(binary, typical, "--model", "aleph2", "--endpoint", "video_to_video") if typical else []
    report(refused + outside, commands)
    print(f"seed {seed}: {len(made)} of {count} made, {len(recorded)} of them recorded; {len(refused)} not accepted; "
          f"{len(typical)} checked for a model, {len(outside)} not accepted; missing: {', '.join(missing) or 'nothing'}")  # fmt: skip
    if not kept:
        shutil.rmtree(folder)
    sys.exit(1 if refused or outside else 2 if len(made) < count * 0.9 else 0)


if __name__ == "__main__":
    main()
