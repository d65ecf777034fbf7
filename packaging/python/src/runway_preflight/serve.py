"""Runs `runway-preflight serve` for the tests of code that uses Runway's API."""

import json
import subprocess
import urllib.error
import urllib.request
from typing import Any, Dict, List, Optional

from runway_preflight._binary import find_binary

__all__ = ["RunwayServer"]


class RunwayServer:
    """A stand-in for Runway's API on a free port of this machine, as a context manager.

    >>> with RunwayServer("--assets", "offline") as server:
    ...     server.next(status=503)
    """

    def __init__(self, *flags: str, program: Optional[str] = None) -> None:
        self._command = [program or find_binary(), "serve", "--port", "0", *flags]
        self._process: Optional["subprocess.Popen[str]"] = None
        self.url = ""

    def start(self) -> "RunwayServer":
        """Starts the server and waits until it answers."""
        # The server prints its address once it has bound it.
        self._process = subprocess.Popen(self._command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, text=True)
        assert self._process.stdout is not None
        # With --print-env, the name of a variable precedes the URL.
        self.url = self._process.stdout.readline().strip().rpartition("=")[2]
        if not self.url:
            raise RuntimeError(f"runway-preflight serve ended with exit code {self._process.wait()}")
        return self

    def stop(self) -> None:
        """Ends the server; its uploads are removed."""
        if self._process is None:
            return
        self._process.terminate()
        try:
            self._process.wait(timeout=10)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        if self._process.stdout is not None:
            self._process.stdout.close()
        self._process = None

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
