"""Runs `runway-preflight serve` for the tests of code that uses Runway's API."""

import contextlib
import json
import subprocess
import sys
import threading
import urllib.error
import urllib.request
from typing import Any, Dict, List, Optional, TextIO

from runway_preflight._binary import find_binary

__all__ = ["RunwayServer"]


class RunwayServer:
    """A stand-in for Runway's API on a free port of this machine, as a context manager.

    >>> with RunwayServer("--assets", "offline") as server:
    ...     server.next(status=503)
    """

    def __init__(self, *flags: str, program: Optional[str] = None) -> None:
        """Takes the flags of `runway-preflight serve`; without `--port`, the server listens on a free port."""
        has_port = any(flag == "--port" or flag.startswith("--port=") for flag in flags)
        port = [] if has_port else ["--port", "0"]
        self._command = [program or find_binary(), "serve", "--stop-on-stdin-eof", *port, *flags]
        self._process: Optional["subprocess.Popen[str]"] = None
        self.url = ""

    def start(self) -> "RunwayServer":
        """Starts the server and waits until it answers."""
        if self._process is not None and self._process.poll() is None:
            raise RuntimeError("this server has already started")
        # Its standard input ends with this process, even if that is killed; the server stops then.
        pipe = subprocess.PIPE
        process = subprocess.Popen(self._command, stdin=pipe, stdout=pipe, stderr=pipe, text=True, encoding="utf-8")
        assert process.stdout is not None and process.stderr is not None
        complaint: List[str] = []
        reader = threading.Thread(target=_forward, args=(process.stderr, complaint), daemon=True)
        reader.start()
        # The server prints its address once it has bound it. With --print-env, the name of a variable precedes it.
        self.url = process.stdout.readline().strip().rpartition("=")[2]
        self._process = process
        if not self.url:
            code = process.wait()
            reader.join(timeout=10)
            self.stop()
            raise RuntimeError(f"runway-preflight serve ended with exit code {code}: {''.join(complaint).strip()}")
        return self

    def stop(self) -> None:
        """Ends the server; its uploads are removed."""
        process, self._process = self._process, None
        if process is None:
            return
        process.terminate()
        try:
            process.wait(timeout=10)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
        # The thread that reads standard error closes it.
        for stream in (process.stdin, process.stdout):
            if stream is not None:
                stream.close()

    def next(self, **behavior: Any) -> None:
        """Queues a behavior for the next request or task that matches.

        The keys are those of `POST /__preflight/next`: `match`, `times`, `status`, `headers`, `body`, `delay_ms`, `close`,
        `truncate`, `failureCode`, `failure`, `cancelled`.
        """
        self._control("POST", "/next", behavior)

    def requests(self) -> List[Dict[str, Any]]:
        """Returns the requests since the last reset, without their secrets."""
        journal: List[Dict[str, Any]] = self._control("GET", "/requests")["requests"]
        return journal

    def reset(self) -> None:
        """Clears tasks, uploads, requests, behaviors and the offset of the clock."""
        self._control("POST", "/reset")

    def advance(self, seconds: float) -> None:
        """Moves the server's clock forward."""
        self._control("POST", "/clock", {"advance_s": seconds})

    def __enter__(self) -> "RunwayServer":
        return self.start()

    def __exit__(self, *_: object) -> None:
        self.stop()

    def _control(self, method: str, path: str, body: Optional[Dict[str, Any]] = None) -> Any:
        data = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(f"{self.url}/__preflight{path}", data=data, method=method)
        # The server is on this machine, so proxy variables do not apply.
        opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
        try:
            with opener.open(request, timeout=30) as response:
                text = response.read()
        except urllib.error.HTTPError as error:
            raise ValueError(json.loads(error.read())["error"]) from None
        return json.loads(text) if text else None


def _forward(lines: TextIO, first: List[str]) -> None:
    """Writes the notices of the server to standard error, and keeps the first ones."""
    with lines:
        for line in lines:
            if len(first) < 20:
                first.append(line)
            # At the end of pytest, standard error may be closed.
            with contextlib.suppress(ValueError):
                sys.stderr.write(line)
