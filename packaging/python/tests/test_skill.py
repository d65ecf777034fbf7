"""The examples of the skill are runs of the program."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[3]
SKILL = (ROOT / "skills/runway-preflight/SKILL.md").read_text()
SESSIONS = re.findall(r"^```console\n(.*?)^```$", SKILL, flags=re.MULTILINE | re.DOTALL)
SCRIPTS = re.findall(r"^```python\n(.*?)^```$", SKILL, flags=re.MULTILINE | re.DOTALL)


@pytest.fixture
def environment(tmp_path: Path) -> dict[str, str]:
    binary = os.environ["RUNWAY_PREFLIGHT_BINARY"]
    (tmp_path / "runway-preflight").symlink_to(binary)
    source = ROOT / "packaging/python/src"
    return {**os.environ, "PATH": f"{tmp_path}:{os.environ['PATH']}", "PYTHONPATH": str(source)}


def run(command: str, environment: dict[str, str]) -> str:
    done = subprocess.run(
        ["bash", "-c", command], cwd=ROOT, env=environment, capture_output=True, text=True, check=False
    )
    return done.stdout


@pytest.mark.skipif(shutil.which("jq") is None, reason="jq is needed")
@pytest.mark.parametrize("session", SESSIONS)
def test_sessions_are_runs_of_the_program(session: str, environment: dict[str, str]) -> None:
    steps = re.findall(r"^\$ (.*\n(?:^> .*\n)*)((?:^(?!\$ ).*\n)*)", session, flags=re.MULTILINE)
    assert steps
    for command, output in steps:
        assert run(command.replace("\n> ", "\n"), environment) == output, command


@pytest.mark.parametrize("script", SCRIPTS)
def test_scripts_run(script: str, environment: dict[str, str]) -> None:
    subprocess.run([sys.executable, "-c", script], env=environment, check=True)


def test_there_are_examples() -> None:
    assert len(SESSIONS) >= 5
    assert len(SCRIPTS) == 1


def test_every_subcommand_exists(environment: dict[str, str]) -> None:
    subcommands = set(re.findall(r"`runway-preflight ([a-z]+) ", SKILL))
    assert subcommands >= {"check", "body", "explain", "diagnose", "encode", "rules"}
    help = run("runway-preflight --help", environment)
    for subcommand in subcommands:
        assert re.search(rf"^  {subcommand} ", help, flags=re.MULTILINE), subcommand


def test_exit_codes_are_those_of_the_help(environment: dict[str, str]) -> None:
    help = run("runway-preflight --help", environment).partition("Exit codes:")[2]
    known = set(re.findall(r"^ +(\d+) ", help, flags=re.MULTILINE))
    codes = set(re.findall(r"^\| (\d+) \|", SKILL, flags=re.MULTILINE))
    assert codes == {code for code in known if int(code) < 128}


def test_the_front_matter_names_the_folder() -> None:
    front = SKILL.split("---\n")[1]
    fields = dict(line.split(": ", 1) for line in front.splitlines())
    assert fields["name"] == "runway-preflight"
    # Agents truncate longer ones.
    assert 100 < len(fields["description"]) <= 1024
