from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator

import pytest

from runway_preflight import RunwayServer


@pytest.fixture
def running() -> Iterator[RunwayServer]:
    with RunwayServer("--assets", "off") as server:
        yield server


def test_the_url_does_not_depend_on_the_flags() -> None:
    for flags in ([], ["--print-env"]):
        with RunwayServer(*flags) as server:
            assert server.url.startswith("http://127.0.0.1:")
            assert server.requests() == []


def test_a_port_can_be_chosen(running: RunwayServer) -> None:
    port = running.url.rpartition(":")[2]
    running.stop()
    for flags in (["--port", port], [f"--port={port}"]):
        with RunwayServer(*flags) as server:
            assert server.url == f"http://127.0.0.1:{port}"


def test_a_failed_start_says_why(running: RunwayServer) -> None:
    port = running.url.rpartition(":")[2]
    with pytest.raises(RuntimeError, match=r"exit code 2: .*serve cannot start on 127\.0\.0\.1"):
        RunwayServer("--port", port).start()
    with pytest.raises(RuntimeError, match="unexpected argument '--no-such-flag'"):
        RunwayServer("--no-such-flag").start()


def test_a_server_starts_once_at_a_time(running: RunwayServer) -> None:
    url = running.url
    with pytest.raises(RuntimeError, match="already started"):
        running.start()
    assert running.url == url and running.requests() == []
    running.stop()
    running.stop()
    assert running.start().requests() == []


def test_a_large_behavior_is_rejected_with_the_limit(running: RunwayServer) -> None:
    with pytest.raises(ValueError, match="at most 1 MB"):
        running.next(status=200, body={"a": "x" * (1 << 20)})


@pytest.mark.skipif(os.name != "posix", reason="needs SIGKILL")
def test_a_server_ends_with_the_process_that_started_it() -> None:
    script = "\n".join([
        "import time",
        "from runway_preflight import RunwayServer",
        "server = RunwayServer().start()",
        "print(server._process.pid, flush=True)",
        "time.sleep(60)",
    ])
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    parent = subprocess.Popen([sys.executable, "-c", script], stdout=subprocess.PIPE, text=True, env=environment)
    assert parent.stdout is not None
    server = int(parent.stdout.readline())
    parent.send_signal(signal.SIGKILL)
    parent.wait()
    parent.stdout.close()
    for _ in range(100):
        if not is_running(server):
            return
        time.sleep(0.1)
    os.kill(server, signal.SIGKILL)
    pytest.fail("the server is still running")


def is_running(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    # A process without a parent may stay as a zombie in a container without an init.
    state = subprocess.run(["ps", "-o", "state=", "-p", str(process)], capture_output=True, text=True, check=False)
    return state.stdout.strip() not in ("", "Z")
