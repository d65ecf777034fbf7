"""Runs the recipes of docs/scale.md, each in its own folder, against hosts on loopback.

scale.py BINARY WORK SECONDS [MISSING ...]; no engine starts after `SECONDS`. `MISSING` is `package=reason` for what could not be installed.
"""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import yaml

ROOT = Path(__file__).resolve().parents[3]
sys.path[:0] = [str(ROOT / "packaging/python/tests"), str(ROOT / "packaging/python/src")]

from runway_preflight.arrow import schema  # noqa: E402

from server import Server  # noqa: E402

HOSTS, EACH = 12, 20
# Seconds that an engine gets at least, and seconds that a recipe may take after its first request.
START, RUN = 20, 120
PER_HOST = 4
# Code before a recipe, so that it runs with several workers on this machine.
PRELUDE = {"Ray Data": "import ray\nray.init(num_cpus=5, object_store_memory=100_000_000, include_dashboard=False, log_to_driver=False)\n"}
NEEDS = {
    "PySpark": {"java", "pyspark"},
    "Ray Data": {"ray[data]"},
    "Dask": {"dask[dataframe]"},
    "GNU parallel": {"parallel"},
    "Kubernetes": set[str](),
}
Row = dict[str, Any]


def recipes() -> dict[str, tuple[str, str]]:
    """Returns the last block of each section of the page: its language and its text."""
    sections = re.split(r"^## (.+)$", (ROOT / "docs/scale.md").read_text(), flags=re.MULTILINE)
    found = {}
    for name, text in zip(sections[1::2], sections[2::2]):
        found[name] = re.findall(r"^```(\w+)\n(.*?)^```$", text, flags=re.MULTILINE | re.DOTALL)[-1]
    return found


class TooSlow(Exception):
    """The engine did not start in time, so that nothing is known about the recipe."""


class Stage:
    """The hosts, and the programs that run against them."""

    def __init__(self, server: Server, binary: str, work: Path, seconds: float) -> None:
        self.server = server
        self.end = time.monotonic() + seconds
        self.work = work
        self.program = server.wrap(binary, work / "bin")
        self.urls = [server.url(number) for number in range(HOSTS * EACH)]

    def folder(self, name: str) -> Path:
        """Makes a folder with the assets."""
        folder = self.work / re.sub(r"\W+", "-", name).lower()
        folder.mkdir()
        pq.write_table(pa.table({"url": self.urls}), folder / "assets.parquet", row_group_size=50)
        (folder / "assets.txt").write_text("".join(f"{url}\n" for url in self.urls))
        self.server.reset()
        return folder

    def run(self, command: list[str], folder: Path, **more: str) -> None:
        """Runs a command in a folder."""
        environment = {
            **os.environ,
            "PATH": f"{self.program.parent}:{os.environ['PATH']}",
            "RUNWAY_PREFLIGHT_BINARY": str(self.program),
            "PYTHONPATH": str(ROOT / "packaging/python/src"),
            "PYSPARK_PYTHON": sys.executable,
            "PYSPARK_SUBMIT_ARGS": "--master local[4] --driver-memory 512m --conf spark.ui.enabled=false pyspark-shell",
            "SPARK_LOCAL_IP": "127.0.0.1",
            "RAY_USAGE_STATS_ENABLED": "0",
            "DASK_NUM_WORKERS": "4",
            **more,
        }
        log = folder / "log"
        self.left()
        with log.open("ab") as output:
            process = subprocess.Popen(
                command, cwd=folder, env=environment, stdout=output, stderr=output, start_new_session=True
            )
            try:
                code = self.wait(process)
            finally:
                if process.poll() is None:
                    # The engine has processes of its own.
                    os.killpg(process.pid, signal.SIGKILL)
        if code != 0:
            raise AssertionError(f"exit code {code}\n{log.read_text(errors='replace')[-4000:]}")

    def wait(self, process: subprocess.Popen[bytes]) -> int:
        """Waits for the end of a command; fails if it hangs after its first request."""
        left = self.left()
        try:
            return process.wait(left)
        except subprocess.TimeoutExpired:
            if not self.server.requests:
                raise TooSlow(f"no request within {left:.0f} seconds") from None
        return process.wait(RUN)

    def left(self) -> float:
        """Returns how many seconds are left; an engine that would get too few is not started."""
        left = self.end - time.monotonic()
        if left < START:
            raise TooSlow("no time is left")
        return left

    def python(self, name: str, code: str, folder: Path) -> None:
        """Runs a recipe in Python."""
        script = folder / "recipe.py"
        script.write_text(PRELUDE.get(name, "") + code)
        self.run([sys.executable, str(script)], folder)

    def counted(self) -> str:
        """Describes the connections that the hosts counted."""
        opened = sum(self.server.opened.values())
        return f": {opened} connections to {HOSTS} hosts, at most {max(self.server.most.values())} to one at a time"


# Runs a recipe, and returns a description of the result.
Test = Callable[[Stage, str], str]


def table_rows(folder: Path) -> list[Row]:
    """Returns the rows that an engine wrote, and checks their columns."""
    table = pq.read_table(folder / "results")
    assert table.column_names == ["url", *schema().names], table.column_names
    rows: list[Row] = table.to_pylist()
    assert {(row["kind"], row["width"], row["height"]) for row in rows} == {("image", 640, 480)}
    return rows


def line_rows(files: list[Path]) -> list[Row]:
    """Returns the lines of JSON that the program wrote."""
    reports = [json.loads(line) for file in files for line in file.read_text().splitlines()]
    return [{"url": report["asset"], "verdict": report["verdict"]} for report in reports]


def expect_all(stage: Stage, rows: list[Row]) -> None:
    """Expects every asset to be checked once, by few connections to each host."""
    assert sorted(row["url"] for row in rows) == sorted(stage.urls), f"{len(rows)} rows"
    assert {row["verdict"] for row in rows} == {"accepted"}, rows
    assert stage.server.requests == dict.fromkeys(stage.server.hosts, 2 * EACH), stage.server.requests
    most = max(stage.server.most.values())
    assert most <= PER_HOST, f"a host saw {most} connections at a time"
    assert sum(stage.server.opened.values()) <= PER_HOST * HOSTS, stage.server.opened


def engine(name: str) -> Test:
    """Returns the test of an engine."""

    def test(stage: Stage, code: str) -> str:
        folder = stage.folder(name)
        stage.python(name, code, folder)
        expect_all(stage, table_rows(folder))
        return stage.counted()

    return test


def module(stage: Stage, code: str) -> str:
    folder = stage.folder("python")
    with (folder / "assets.txt").open("a") as assets:
        assets.write("http://cdn.example.org/a.png\n")
    stage.python("Python", code, folder)
    printed = (folder / "log").read_text()
    assert printed.startswith(f"{HOSTS * EACH} Only HTTPS URLs are allowed. "), printed
    assert printed.count("\n") == 1, printed
    return stage.counted()


def gnu_parallel(stage: Stage, code: str) -> str:
    folder = stage.folder("parallel")
    stage.run(["sh", "-euc", code], folder, PARALLEL="--will-cite --jobs 8")
    expect_all(stage, line_rows([folder / "results.jsonl"]))
    return stage.counted()


def parallel_without_hosts(stage: Stage, code: str) -> str:
    """Shows that the count detects a difference: the same recipe, not partitioned by host."""
    folder = stage.folder("parallel without hosts")
    awk, rest = code.split("\n", 1)
    assert "part[$3]" in awk
    stage.run(["sh", "-euc", "split --number=r/8 --additional-suffix=.txt assets.txt part-\n" + rest], folder,
              PARALLEL="--will-cite --jobs 8")  # fmt: skip
    most = max(stage.server.most.values())
    assert most > PER_HOST, f"a host saw only {most} connections at a time"
    return f", not partitioned by host{stage.counted()}"


def kubernetes(stage: Stage, code: str) -> str:
    """Runs the container's command as the pods of an indexed job do, and one of them again."""
    job = yaml.safe_load(code)["spec"]
    assert (job["completionMode"], job["completions"], job["parallelism"]) == ("Indexed", 8, 8)
    container = job["template"]["spec"]["containers"][0]
    folder = stage.folder("kubernetes")
    awk = recipes()["GNU parallel"][1].split("\n", 1)[0]
    stage.run(["sh", "-euc", awk], folder)
    command = [*container["command"], *(part.replace("/data", str(folder)) for part in container["args"])]
    with ThreadPoolExecutor(job["parallelism"]) as pods:
        runs = [pods.submit(stage.run, command, folder, JOB_COMPLETION_INDEX=str(index)) for index in range(8)]
    for run in runs:
        run.result()
    expect_all(stage, line_rows(sorted(folder.glob("result-*.jsonl"))))
    counted = stage.counted()
    # A pod that was killed in the middle of a line.
    result = folder / "result-3.jsonl"
    result.write_text(result.read_text()[:-100])
    stage.server.reset()
    stage.run(command, folder, JOB_COMPLETION_INDEX="3")
    assert sum(stage.server.requests.values()) == 2, stage.server.requests
    rows = line_rows(sorted(folder.glob("result-*.jsonl")))
    assert sorted(row["url"] for row in rows) == sorted(stage.urls)
    return counted


def again(stage: Stage, code: str) -> str:
    """Retries a table in which two hosts gave no response, now that they do."""
    folder = stage.folder("again")
    failed = [url for url in stage.urls if any(f"//{host}:" in url for host in stage.server.hosts[:2])]
    rows = [{"url": url, "verdict": "accepted"} for url in stage.urls if url not in failed]
    rows += [
        {"url": url, "verdict": "rejected", "code": "fetch-failed", "error": "connection-refused"} for url in failed
    ]
    (folder / "results").mkdir()
    table = pa.Table.from_pylist(rows, schema=schema([("url", pa.string())]))
    pq.write_table(table, folder / "results/part.parquet")
    stage.python("again", code, folder)
    checked = pq.read_table(folder / "again.parquet").to_pylist()
    assert [row["url"] for row in checked] == failed
    assert {row["verdict"] for row in checked} == {"accepted"}
    return f": {len(checked)} of {len(stage.urls)} assets"


TESTS: list[tuple[str, Test]] = [
    ("Python", module),
    ("GNU parallel", gnu_parallel),
    ("GNU parallel", parallel_without_hosts),
    ("Kubernetes", kubernetes),
    ("Retry failures", again),
    ("Dask", engine("Dask")),
    ("PySpark", engine("PySpark")),
    ("Ray Data", engine("Ray Data")),
]


def main() -> int:
    binary, work = sys.argv[1], Path(sys.argv[2])
    seconds, missing = float(sys.argv[3]), dict(argument.split("=", 1) for argument in sys.argv[4:])
    page = recipes()
    assert set(page) == {name for name, _ in TESTS}, f"a recipe is not tested: {sorted(page)}"
    passed, failed = 0, 0
    not_run = set()
    with Server(work, hosts=HOSTS, delay=0.02) as server:
        stage = Stage(server, binary, work, seconds)
        for name, test in TESTS:
            if lacking := sorted(NEEDS.get(name, set()) & missing.keys()):
                not_run.add(f"{name} ({', '.join(f'{what} {missing[what]}' for what in lacking)})")
                continue
            start = time.monotonic()
            try:
                counted = test(stage, page[name][1])
            except TooSlow as reason:
                not_run.add(f"{name} ({reason})")
            except (AssertionError, subprocess.TimeoutExpired) as error:
                failed += 1
                print(f"FAILED {name}: {error}", flush=True)
            else:
                passed += 1
                print(f"{name}{counted} ({time.monotonic() - start:.0f} s)", flush=True)
    print(f"{passed} passed, {failed} failed")
    # No cluster is asked to schedule the job: the container's command is run once for each index.
    for what in sorted(not_run):
        print(f"NOT RUN: {what}")
    return 1 if failed else 77 if not_run else 0


sys.exit(main())
