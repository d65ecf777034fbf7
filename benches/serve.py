#!/usr/bin/env python3
"""Measures `serve` against Prism and json-server: requests per second and memory. Each request posts a valid body.

    benches/serve.py [--seconds N] [--total N] [BINARY]     5 seconds each, 1,000,000 requests for the memory

wrk sends the requests, 32 connections at a time, to one server after the other. Prism validates against a
schema of only the variant that is sent, which is less than `serve` checks; json-server validates nothing and writes
each body to its file.
`--prepare` installs what is missing and measures nothing.
"""
import argparse, json, os, re, shutil, subprocess, sys, tempfile, time, urllib.request
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
CACHE = ROOT / "target" / "bench"
BODY = {"model": "gen4.5", "promptText": "a cat on a roof in the rain", "ratio": "1280:720", "duration": 5}
PORT = 4019
HEADERS = {"Authorization": "Bearer k", "X-Runway-Version": "2024-11-06", "Content-Type": "application/json"}
GOALS = {"times Prism": 10, "MB": 64}


def main():
    options = arguments()
    prepare()
    if options.prepare:
        return
    with tempfile.TemporaryDirectory() as work:
        work = Path(work)
        ours = [options.binary, "serve", "--port", str(PORT), "--assets", "offline"]
        rows = [measure("runway-preflight serve", ours, work, options.seconds)]
        rows.append(measure("Prism", prism(work), work, options.seconds))
        rows.append(measure("json-server", json_server(work), work, options.seconds))
        print("| server | requests per second | MB afterwards |\n|---|---:|---:|")
        for name, rate, memory in rows:
            print(f"| {name} | {rate:,.0f} | {memory:.1f} |")
        times = rows[0][1] / rows[1][1]
        print(f"{verdict(times >= GOALS['times Prism'])}: {times:.1f} times Prism, at least {GOALS['times Prism']}")
        with Server(ours, work) as server:
            sent = 0
            while sent < options.total:
                sent += server.load(30)[1]
            memory = server.memory()
        print(f"{verdict(memory <= GOALS['MB'])}: {memory:.1f} MB after {sent:,} requests with journal, at most {GOALS['MB']}")


def arguments():
    parser = argparse.ArgumentParser()
    parser.add_argument("--seconds", type=int, default=5)
    parser.add_argument("--total", type=int, default=1_000_000)
    parser.add_argument("--prepare", action="store_true")
    parser.add_argument("binary", nargs="?", default=str(ROOT / "target/dist/runway-preflight"), type=os.path.abspath)
    return parser.parse_args()


def prepare():
    CACHE.mkdir(parents=True, exist_ok=True)
    if not shutil.which("wrk"):
        subprocess.run(["apt-get", "install", "-qq", "-y", "wrk"], check=True, stdout=subprocess.DEVNULL)
    if not (CACHE / "node_modules/.bin/prism").exists():
        packages = ["@stoplight/prism-cli@5", "json-server@0.17.4"]
        subprocess.run(["npm", "install", "--silent", "--prefix", str(CACHE), *packages], check=True, stdout=subprocess.DEVNULL)


def prism(work):
    properties = {"model": {"const": "gen4.5"}, "promptText": {"type": "string", "minLength": 1, "maxLength": 1000},
                  "ratio": {"enum": ["1280:720", "720:1280"]}, "duration": {"type": "integer", "minimum": 2, "maximum": 10}}
    body = {"type": "object", "properties": properties, "required": list(properties)}
    answer = {"200": {"description": "a task", "content": {"application/json": {"example": {"id": "x"}}}}}
    post = {"requestBody": {"required": True, "content": {"application/json": {"schema": body}}}, "responses": answer}
    document = {"openapi": "3.1.0", "info": {"title": "x", "version": "1"}, "paths": {"/v1/text_to_video": {"post": post}}}
    (work / "openapi.json").write_text(json.dumps(document))
    return [str(CACHE / "node_modules/.bin/prism"), "mock", "--errors", "--verboseLevel", "silent", "--port", str(PORT), str(work / "openapi.json")]


def json_server(work):
    (work / "db.json").write_text('{"text_to_video": []}')
    (work / "routes.json").write_text('{"/v1/*": "/$1"}')
    flags = ["--quiet", "--port", str(PORT), "--routes", str(work / "routes.json")]
    return [str(CACHE / "node_modules/.bin/json-server"), *flags, str(work / "db.json")]


def measure(name, command, work, seconds):
    with Server(command, work) as server:
        server.load(1)
        rate, _ = server.load(seconds)
        return name, rate, server.memory()


class Server:
    """A server that listens, and the load on it."""

    def __init__(self, command, work):
        self.command, self.script = command, work / "post.lua"
        headers = "\n".join(f'wrk.headers["{name}"] = "{value}"' for name, value in HEADERS.items())
        self.script.write_text(f"wrk.method = 'POST'\nwrk.body = '{json.dumps(BODY)}'\n{headers}\n")

    def __enter__(self):
        self.process = subprocess.Popen(self.command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        for _ in range(300):
            time.sleep(0.1)
            try:
                request = urllib.request.Request(self.url(), json.dumps(BODY).encode(), HEADERS)
                assert urllib.request.urlopen(request).status in (200, 201)
                return self
            except OSError:
                assert self.process.poll() is None, self.command
        sys.exit(f"{self.command[0]} does not answer")

    def __exit__(self, *_):
        self.process.terminate()
        self.process.wait()

    def url(self):
        return f"http://127.0.0.1:{PORT}/v1/text_to_video"

    def load(self, seconds):
        """Returns the requests per second and their number; every one of them is answered with success."""
        flags = ["-t", "1", "-c", "32", "-d", f"{seconds}s", "--timeout", "30s", "-s", str(self.script), self.url()]
        text = subprocess.run(["wrk", *flags], check=True, capture_output=True, text=True).stdout
        assert "Non-2xx" not in text and "Socket errors" not in text, text
        return float(re.search(r"Requests/sec:\s+([\d.]+)", text)[1]), int(re.search(r"(\d+) requests in", text)[1])

    def memory(self):
        status = Path(f"/proc/{self.process.pid}/status").read_text()
        return int(re.search(r"VmRSS:\s+(\d+) kB", status)[1]) / 1024


def verdict(is_met):
    return "met" if is_met else "MISSED"


main()
