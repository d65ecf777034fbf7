"""Calls the official Python SDK once for each row of calls.json, against a recorder on loopback, and prints what it sent."""

import json
import re
import sys
import threading
from http.server import BaseHTTPRequestHandler, HTTPServer

import runwayml

recorded = []


class Recorder(BaseHTTPRequestHandler):
    def do_POST(self):
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        endpoint = re.sub(r"/00000000-[0-9a-f-]*", "", self.path.replace("/v1/", "", 1))
        recorded.append({"endpoint": endpoint + (":patch" if self.command == "PATCH" else ""), "body": body})
        answer = b'{"id": "00000000-0000-4000-8000-000000000000"}'
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(answer)))
        self.end_headers()
        self.wfile.write(answer)

    do_PATCH = do_POST

    def log_message(self, *_):
        pass


def snake(name):
    name = re.sub(r"(?<=[a-z0-9])([A-Z])", lambda found: "_" + found[1].lower(), name)
    return "from_" if name == "from" else name


def pythonic(value, free=False):
    """Renames members to the parameter names of the SDK; keys of a free map are unchanged."""
    if isinstance(value, dict):
        return {key if free else snake(key): pythonic(inner, free or key == "nodeOutputs") for key, inner in value.items()}
    return [pythonic(inner, free) for inner in value] if isinstance(value, list) else value


server = HTTPServer(("127.0.0.1", 0), Recorder)
threading.Thread(target=server.serve_forever, daemon=True).start()
client = runwayml.RunwayML(api_key="none", base_url=f"http://127.0.0.1:{server.server_port}", max_retries=0)
with open(sys.argv[1]) as calls:
    for call, *parameters in json.load(calls):
        *names, method = [snake(name) for name in call.split(".")]
        resource = client
        for name in names:
            resource = getattr(resource, name)
        getattr(resource, method)(*parameters[:-1], **pythonic(parameters[-1]))
server.shutdown()
rows = ",\n".join(json.dumps(request, separators=(",", ":"), ensure_ascii=False) for request in recorded)
print(f"[\n{rows}\n]")
