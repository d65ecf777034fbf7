"""A process of the program that reads a growing list of assets, and reports in the same order."""

from __future__ import annotations

import json
import os
import subprocess
import tempfile
import threading
from collections import deque
from collections.abc import Sequence
from concurrent.futures import Future
from typing import IO, Any

from runway_preflight._errors import AssetError, PreflightError
from runway_preflight._run import failure

# How many times in a row the process may end without any result.
_ATTEMPTS = 3


class Worker:
    """Runs one process, and if it ends early, restarts it and resubmits the pending assets.

    Several threads may call `submit`. One thread reads the results of each process.
    """

    def __init__(self, command: Sequence[str]) -> None:
        self._command = list(command)
        self._owner = os.getpid()
        self._closed = False
        self._attempts = 0
        self._process: subprocess.Popen[bytes] | None = None
        # Held while the process is started or written to, but never while results are read, so that writing cannot
        # block reading.
        self._writing = threading.Lock()
        self._pending: deque[tuple[bytes, Future[dict[str, Any]]]] = deque()

    @property
    def is_forked(self) -> bool:
        """Whether this is a copy in a forked process, which must not use the process of the original."""
        return os.getpid() != self._owner

    @property
    def pid(self) -> int | None:
        """The id of the process, if it runs."""
        return self._process.pid if self._process else None

    def submit(self, line: bytes) -> Future[dict[str, Any]]:
        """Sends one line to the process, and returns the future of its result."""
        future: Future[dict[str, Any]] = Future()
        with self._writing:
            if self._closed:
                raise PreflightError("this Preflight is closed")
            if self._process is None:
                self._start()
            self._pending.append((line, future))
            self._write([line])
        return future

    def close(self) -> None:
        """Ends the process. Pending assets fail."""
        if self.is_forked or self._closed:
            return
        self._closed = True
        process = self._process
        if process is None:
            return
        # A thread that is blocked in a write returns, and releases the lock, only once the process has ended.
        if self._pending:
            process.terminate()
        else:
            _close(process.stdin)
        try:
            process.wait(timeout=5)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()

    def abandon(self) -> None:
        """Closes the copies of the pipes in a forked process, so that they do not keep the process alive."""
        if self.is_forked and self._process is not None:
            for pipe in (self._process.stdin, self._process.stdout):
                if pipe is not None:
                    os.close(pipe.fileno())

    def _start(self) -> None:
        stderr = tempfile.TemporaryFile()  # noqa: SIM115 - the reading thread closes it
        try:
            # In its own session, so that Ctrl-C goes only to the interpreter, which then ends the process.
            process = subprocess.Popen(
                self._command,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=stderr,
                start_new_session=True,
            )
        except OSError as error:
            stderr.close()
            raise PreflightError(f"the program cannot be started: {error}") from error
        self._process = process
        threading.Thread(target=self._read, args=(process, stderr), name="runway-preflight", daemon=True).start()

    def _write(self, lines: Sequence[bytes]) -> None:
        stdin = self._process.stdin if self._process else None
        assert stdin is not None
        try:
            for line in lines:
                stdin.write(line + b"\0")
            stdin.flush()
        except (OSError, ValueError):
            # The process has ended; the reading thread starts another one and writes what is pending.
            pass

    def _read(self, process: subprocess.Popen[bytes], stderr: IO[bytes]) -> None:
        assert process.stdout is not None
        number = 0
        with process.stdout as stdout:
            for line in stdout:
                try:
                    answer = json.loads(line)
                    # Each asset is one entry of the list, so the line of a result identifies its asset.
                    place = answer["location"]["line"]
                except (ValueError, KeyError, TypeError):
                    # Truncated: the process is about to end.
                    break
                while self._pending and number < place:
                    number += 1
                    _, future = self._pending.popleft()
                    self._attempts = 0
                    if number == place:
                        future.set_result(answer)
                    else:
                        future.set_exception(AssetError("the program had no result for an asset"))
        code = process.wait()
        with stderr:
            stderr.seek(0)
            message = stderr.read()
        self._ended(process, code, message)

    def _ended(self, process: subprocess.Popen[bytes], code: int, message: bytes) -> None:
        with self._writing:
            _close(process.stdin)
            self._process = None
            if not self._pending:
                return
            self._attempts += 1
            error = PreflightError("this Preflight is closed") if self._closed else failure(code, message)
            if not self._closed and code != 2 and self._attempts < _ATTEMPTS:
                try:
                    self._start()
                except PreflightError as failed:
                    error = failed
                else:
                    self._write([line for line, _ in list(self._pending)])
                    return
            self._attempts = 0
            failed_futures = [future for _, future in self._pending]
            self._pending.clear()
        for future in failed_futures:
            future.set_exception(error)


def _close(pipe: IO[bytes] | None) -> None:
    try:
        if pipe is not None:
            pipe.close()
    except OSError:
        # Buffered bytes have no reader.
        pass
