from __future__ import annotations

import gc
import multiprocessing
import os
import pickle
import signal
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from runway_preflight import Preflight, PreflightError
from server import Server

ASSETS = [f"http://cdn.example.org/{number}.png" for number in range(200)]


def pid(preflight: Preflight) -> int:
    assert preflight._worker is not None
    assert preflight._worker.pid is not None
    return preflight._worker.pid


def is_alive(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    # A process that was not waited for is a zombie, which has ended.
    state = Path(f"/proc/{process}/stat")
    return not state.exists() or state.read_text().rpartition(")")[2].split()[0] != "Z"


def ends(process: int) -> bool:
    for _ in range(100):
        if not is_alive(process):
            return True
        time.sleep(0.05)
    return False


def test_the_process_is_kept() -> None:
    with Preflight(offline=True) as preflight:
        list(preflight.check(ASSETS[0]))
        first = pid(preflight)
        list(preflight.check(ASSETS[1]))
        assert pid(preflight) == first
    assert ends(first)


def test_connections_are_kept_between_calls(server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    wrapped = server.wrap(os.environ["RUNWAY_PREFLIGHT_BINARY"], server.folder / "bin")
    monkeypatch.setenv("RUNWAY_PREFLIGHT_BINARY", str(wrapped))
    with Preflight() as preflight:
        for _ in range(5):
            assert [report.verdict for report in preflight.check(server.url(0))] == ["accepted"]
    assert server.opened == {server.hosts[0]: 1}
    assert server.requests == {server.hosts[0]: 10}


def test_a_killed_process_is_started_again_and_nothing_is_lost(server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    wrapped = server.wrap(os.environ["RUNWAY_PREFLIGHT_BINARY"], server.folder / "bin")
    monkeypatch.setenv("RUNWAY_PREFLIGHT_BINARY", str(wrapped))
    server.delay = 0.01
    assets = [server.url(number) for number in range(300)]
    killed = set()
    with Preflight() as preflight:
        reports = []
        for report in preflight.check(assets):
            reports.append(report)
            if report.index in (10, 100, 200):
                killed.add(pid(preflight))
                os.kill(pid(preflight), signal.SIGKILL)
    assert [report.asset for report in reports] == assets
    assert {report.verdict for report in reports} == {"accepted"}
    assert len(killed) == 3


def test_a_process_that_is_killed_between_calls_is_started_again() -> None:
    with Preflight(offline=True) as preflight:
        list(preflight.check(ASSETS))
        os.kill(pid(preflight), signal.SIGKILL)
        assert [report.asset for report in preflight.check(ASSETS)] == ASSETS


def test_a_program_that_always_fails_is_an_error(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    program = tmp_path / "program"
    program.write_text(f"#!/bin/sh\necho started >>{tmp_path}/starts\necho 'error: out of order' >&2\nexit 5\n")
    program.chmod(0o755)
    monkeypatch.setenv("RUNWAY_PREFLIGHT_BINARY", str(program))
    with Preflight() as preflight, pytest.raises(PreflightError, match="exit code 5: out of order"):
        list(preflight.check(ASSETS))
    assert len((tmp_path / "starts").read_text().split()) == 3


def test_a_missing_program_is_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("RUNWAY_PREFLIGHT_BINARY", "/no/such/program")
    with pytest.raises(PreflightError, match="cannot be started"):
        list(Preflight().check(ASSETS))


def test_an_abandoned_iteration_does_not_affect_later_calls() -> None:
    with Preflight(offline=True) as preflight:
        for report in preflight.check(ASSETS):
            assert report.asset == ASSETS[0]
            break
        assert [report.asset for report in preflight.check(ASSETS[:5])] == ASSETS[:5]


def test_threads_share_one_object() -> None:
    def run(start: int) -> bool:
        mine = ASSETS[start::8]
        return all([report.asset for report in preflight.check(mine)] == mine for _ in range(5))

    with Preflight(offline=True) as preflight, ThreadPoolExecutor(8) as threads:
        assert all(threads.map(run, range(8)))


def test_a_closed_preflight_starts_again() -> None:
    preflight = Preflight(offline=True)
    list(preflight.check(ASSETS[0]))
    preflight.close()
    preflight.close()
    assert len(list(preflight.check(ASSETS))) == len(ASSETS)
    preflight.close()


def test_it_can_be_pickled() -> None:
    with Preflight(offline=True, field="promptImage") as preflight:
        list(preflight.check(ASSETS[0]))
        copy = pickle.loads(pickle.dumps(preflight))
    [report] = copy.check(ASSETS[0])
    assert report.field == "promptImage"


def forked(preflight: Preflight, original: int) -> None:
    assert len(list(preflight.check(ASSETS))) == len(ASSETS)
    assert pid(preflight) != original


@pytest.mark.skipif(not hasattr(os, "fork"), reason="forks are needed")
def test_a_fork_has_a_process_of_its_own() -> None:
    with Preflight(offline=True) as preflight:
        list(preflight.check(ASSETS[0]))
        child = multiprocessing.get_context("fork").Process(target=forked, args=(preflight, pid(preflight)))
        child.start()
        child.join(30)
        assert child.exitcode == 0
        assert is_alive(pid(preflight))
        assert len(list(preflight.check(ASSETS))) == len(ASSETS)


def test_the_process_ends_with_its_object() -> None:
    preflight = Preflight(offline=True)
    list(preflight.check(ASSETS[0]))
    process = pid(preflight)
    del preflight
    gc.collect()
    assert ends(process)


@pytest.mark.parametrize("ending", ["", "os._exit(0)", "os.kill(os.getpid(), 9)", "raise KeyboardInterrupt"])
def test_the_process_ends_with_the_interpreter(ending: str) -> None:
    script = f"""
import os, runway_preflight
preflight = runway_preflight.Preflight(offline=True)
list(preflight.check("a.png"))
print(preflight._worker.pid, flush=True)
{ending}
"""
    source = Path(__file__).resolve().parents[1] / "src"
    environment = {**os.environ, "PYTHONPATH": str(source)}
    run = subprocess.run([sys.executable, "-c", script], env=environment, capture_output=True, timeout=60, check=False)
    assert ends(int(run.stdout)), run.stderr


def test_close_does_not_wait_for_assets_in_flight(server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    wrapped = server.wrap(os.environ["RUNWAY_PREFLIGHT_BINARY"], server.folder / "bin")
    monkeypatch.setenv("RUNWAY_PREFLIGHT_BINARY", str(wrapped))
    server.delay = 3
    preflight = Preflight()
    started = time.monotonic()
    reports = preflight.check([server.url(0)])
    future = preflight._submit(server.url(0))
    preflight.close()
    assert time.monotonic() - started < 2.5
    with pytest.raises(PreflightError):
        future.result(timeout=5)
    reports.close()  # type: ignore[attr-defined]
