"""A TLS server on loopback that serves one image under many host names, and counts the connections to each."""

from __future__ import annotations

import shlex
import socketserver
import ssl
import subprocess
import threading
import time
from collections import Counter
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from types import TracebackType

IMAGE = Path(__file__).resolve().parents[3] / "fixtures" / "images" / "photo.jpg"
DOMAIN = "hosts.example.org"


class Server:
    """Serves until the end of its ``with`` block; each response takes ``delay`` seconds."""

    def __init__(self, folder: Path, hosts: int = 1, delay: float = 0.0) -> None:
        self.folder = folder
        self.hosts = [f"h{number}.{DOMAIN}" for number in range(hosts)]
        self.delay = delay
        self.image = IMAGE.read_bytes()
        self.lock = threading.Lock()
        self.reset()
        self.context = certificate(folder)
        self.server = _Server(("127.0.0.1", 0), _Handler)
        self.server.shared = self
        self.port = self.server.server_address[1]

    def reset(self) -> None:
        """Resets the counters."""
        with self.lock:
            self.opened: Counter[str] = Counter()
            self.open: Counter[str] = Counter()
            self.most: Counter[str] = Counter()
            self.requests: Counter[str] = Counter()

    def __enter__(self) -> Server:
        threading.Thread(target=self.server.serve_forever, daemon=True).start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.server.shutdown()
        self.server.server_close()

    def url(self, number: int) -> str:
        """Returns the URL of an image; neighboring numbers are on different hosts."""
        return f"https://{self.hosts[number % len(self.hosts)]}:{self.port}/{number}.jpg"

    def flags(self) -> list[str]:
        """Returns the flags that send the program to this server."""
        resolve = [f"--resolve={host}:{self.port}:127.0.0.1" for host in self.hosts]
        return [f"--cacert={self.folder / 'root.pem'}", "--allow-private", *resolve]

    def wrap(self, binary: str, folder: Path) -> Path:
        """Writes a script ``runway-preflight`` that adds these flags to the subcommand ``check``."""
        folder.mkdir(parents=True, exist_ok=True)
        script = folder / "runway-preflight"
        binary = shlex.quote(binary)
        script.write_text(
            f'#!/bin/sh\n[ "$1" = check ] || exec {binary} "$@"\nshift\n'
            f'exec {binary} check {shlex.join(self.flags())} "$@"\n'
        )
        script.chmod(0o755)
        return script


def certificate(folder: Path) -> ssl.SSLContext:
    """Makes an authority, and a certificate for every host."""
    run = [
        "openssl",
        "req",
        "-newkey",
        "ec",
        "-pkeyopt",
        "ec_paramgen_curve:prime256v1",
        "-nodes",
        "-x509",
        "-days",
        "2",
    ]
    names = ["-keyout", "root.key", "-out", "root.pem", "-subj", "/CN=Preflight test root"]
    subprocess.run([*run, *names, "-addext", "keyUsage=keyCertSign"], cwd=folder, check=True, capture_output=True)
    names = ["-keyout", "host.key", "-out", "host.pem", "-subj", "/CN=host", "-CA", "root.pem", "-CAkey", "root.key"]
    names += ["-addext", "basicConstraints=CA:FALSE", "-addext", f"subjectAltName=DNS:*.{DOMAIN}"]
    subprocess.run([*run, *names], cwd=folder, check=True, capture_output=True)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(folder / "host.pem", folder / "host.key")
    return context


class _Server(socketserver.ThreadingTCPServer):
    daemon_threads = True
    request_queue_size = 256
    shared: Server

    def handle_error(self, request: object, client_address: object) -> None:
        """Prints nothing, because clients are killed on purpose."""


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: _Server
    host: str | None = None

    def setup(self) -> None:
        # On the thread of this connection, so that one handshake does not block the next.
        self.request = self.server.shared.context.wrap_socket(self.request, server_side=True)
        super().setup()

    def finish(self) -> None:
        if self.host is not None:
            with self.server.shared.lock:
                self.server.shared.open[self.host] -= 1
        super().finish()

    def do_HEAD(self) -> None:
        self.answer(b"")

    def do_GET(self) -> None:
        self.answer(self.server.shared.image)

    def answer(self, body: bytes) -> None:
        shared = self.server.shared
        with shared.lock:
            if self.host is None:
                self.host = self.headers["Host"].partition(":")[0]
                shared.opened[self.host] += 1
                shared.open[self.host] += 1
                shared.most[self.host] = max(shared.most[self.host], shared.open[self.host])
            shared.requests[self.host] += 1
        time.sleep(shared.delay)
        self.send_response(200)
        self.send_header("Content-Type", "image/jpeg")
        self.send_header("Content-Length", str(len(shared.image)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:
        """Prints nothing."""
