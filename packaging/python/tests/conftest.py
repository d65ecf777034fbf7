from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from server import Server

ROOT = Path(__file__).resolve().parents[3]
os.environ.setdefault("RUNWAY_PREFLIGHT_BINARY", str(ROOT / "target" / "debug" / "runway-preflight"))
# The environment of this machine must not affect the reports.
os.environ.pop("CI", None)


@pytest.fixture
def fixtures() -> Path:
    return ROOT / "fixtures"


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Server]:
    with Server(tmp_path, hosts=4) as server:
        yield server
