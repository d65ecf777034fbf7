from __future__ import annotations

import os
import subprocess
import sys
import sysconfig
from pathlib import Path

import pytest

from runway_preflight import PreflightError, find_binary

SOURCE = Path(__file__).resolve().parents[1] / "src"


def test_the_variable_comes_first(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("RUNWAY_PREFLIGHT_BINARY", "/named/program")
    assert find_binary() == "/named/program"


def test_the_installed_program_comes_before_the_path(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("RUNWAY_PREFLIGHT_BINARY")
    for folder in ("scripts", "path"):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / "runway-preflight").touch(mode=0o755)
    monkeypatch.setenv("PATH", str(tmp_path / "path"))
    monkeypatch.setattr(sysconfig, "get_path", lambda *_, **__: str(tmp_path / "none"))
    assert find_binary() == str(tmp_path / "path/runway-preflight")
    monkeypatch.setattr(sysconfig, "get_path", lambda *_, **__: str(tmp_path / "scripts"))
    assert find_binary() == str(tmp_path / "scripts/runway-preflight")


def test_a_missing_program_says_what_to_do(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("RUNWAY_PREFLIGHT_BINARY")
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setattr(sysconfig, "get_path", lambda *_, **__: str(tmp_path))
    with pytest.raises(PreflightError, match="pip install runway-preflight"):
        find_binary()


def test_the_module_runs_the_program() -> None:
    command = [sys.executable, "-m", "runway_preflight", "check", "--offline", "http://cdn.example.org/a.png"]
    run = subprocess.run(command, env={**os.environ, "PYTHONPATH": str(SOURCE)}, capture_output=True, check=False)
    assert run.returncode == 1
    assert b"Only HTTPS URLs are allowed." in run.stdout
