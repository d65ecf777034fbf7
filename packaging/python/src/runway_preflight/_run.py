"""Runs the program once, to its end."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Sequence
from typing import Any

from runway_preflight._binary import find_binary
from runway_preflight._errors import PreflightError, UsageError


def run_json(arguments: Sequence[str], text: str | None = None) -> Any:
    """Runs the program with a text as its standard input, and returns the JSON that it prints."""
    try:
        process = subprocess.run(
            [find_binary(), *arguments],
            input=b"" if text is None else text.encode("utf-8", "surrogatepass"),
            capture_output=True,
            check=False,
        )
    except OSError as error:
        raise PreflightError(f"the program cannot be started: {error}") from error
    # 0, 1 and 3 are verdicts.
    if process.returncode not in (0, 1, 3):
        raise failure(process.returncode, process.stderr)
    return json.loads(process.stdout)


def failure(code: int, stderr: bytes) -> PreflightError:
    """Returns the error for an exit code that is not a verdict.

    >>> failure(2, b"error: invalid value '0' for '--per-host <N>': write a number from 1 to 4096")
    UsageError("invalid value '0' for '--per-host <N>': write a number from 1 to 4096")
    """
    text = stderr.decode("utf-8", "replace")
    start = text.find("error: ")
    message = (text[start + len("error: ") :] if start >= 0 else text).split("\n\nFor more information")[0].strip()
    if code == 2:
        return UsageError(message or "the program refused its arguments")
    ending = f"signal {-code}" if code < 0 else f"exit code {code}"
    return PreflightError(f"the program ended with {ending}" + (f": {message}" if message else ""))
