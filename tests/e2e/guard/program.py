"""Runs the program in an environment that contains only what a case sets."""

import json
import os
import subprocess
import tempfile
import time


class Run:
    """The outcome of a run."""

    def __init__(self, code, stdout, stderr, seconds):
        self.code = code
        self.stdout = stdout
        self.stderr = stderr
        self.seconds = seconds

    def report(self):
        """Returns the only report; for runs with `--format jsonl`."""
        [report] = self.reports()
        return report

    def reports(self):
        return [json.loads(line) for line in self.stdout.splitlines()]


class Program:
    """The binary, with the authority of the test host as an additional root."""

    def __init__(self, binary, authority):
        self.binary = binary
        self.authority = authority

    def check(self, *words, **how):
        """Checks assets; the reports are JSON Lines."""
        return self.run("check", "--format", "jsonl", "--cacert", self.authority, *words, **how)

    def run(self, *words, stdin="", environment=None, before=(), directory=None):
        environment = {"PATH": os.environ["PATH"], "LANG": "C.UTF-8", **(environment or {})}
        with tempfile.TemporaryDirectory() as empty:
            started = time.monotonic()
            ended = subprocess.run(
                [*before, self.binary, *words],
                input=stdin,
                capture_output=True,
                text=True,
                env=environment,
                cwd=directory or empty,
                timeout=90,
            )
            return Run(ended.returncode, ended.stdout, ended.stderr, time.monotonic() - started)


def url(name, path="/good.png"):
    return f"https://{name}{path}"


def codes(report):
    return [finding["code"] for finding in report["findings"]]


def details(report):
    return " ".join(finding["detail"] for finding in report["findings"])


def error_of(report):
    """Returns the error code of HEAD; None if there was a response."""
    return report["observed"].get("head", {}).get("error")
