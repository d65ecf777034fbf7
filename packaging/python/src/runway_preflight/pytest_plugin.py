"""Fixtures for pytest: a stand-in for Runway's API, started once and reset for each test."""

import os
from typing import Iterator, List
from urllib.parse import urlsplit

import pytest

from .serve import RunwayServer

__all__ = ["runway", "runway_flags", "runway_server"]


@pytest.fixture(scope="session")
def runway_flags() -> List[str]:
    """Flags of `runway-preflight serve`; override it in conftest.py to change them."""
    return ["--assets", "offline"]


@pytest.fixture(scope="session")
def runway_server(runway_flags: List[str]) -> Iterator[RunwayServer]:
    """The server of the session; tests use `runway`."""
    with RunwayServer(*runway_flags) as server:
        yield server


@pytest.fixture
def runway(runway_server: RunwayServer, monkeypatch: pytest.MonkeyPatch) -> RunwayServer:
    """The server, reset before each test. The official SDK uses it, and polls without its pause of six seconds."""
    runway_server.reset()
    monkeypatch.setenv("RUNWAYML_BASE_URL", runway_server.url)
    monkeypatch.setenv("RUNWAYML_API_SECRET", "key_for_tests")
    for name in ("NO_PROXY", "no_proxy"):
        # A proxy cannot reach a server on this machine.
        hosts = [os.environ.get(name, ""), urlsplit(runway_server.url).hostname or ""]
        monkeypatch.setenv(name, ",".join(filter(None, hosts)))
    polling = "runwayml.lib.polling"
    try:
        __import__(polling)
    except ImportError:
        return runway_server
    monkeypatch.setattr(f"{polling}.POLL_TIME", 0.01, raising=False)
    monkeypatch.setattr(f"{polling}.POLL_JITTER", 0.0, raising=False)
    return runway_server
