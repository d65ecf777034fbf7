"""Connections: dropped packets, and a machine without free file descriptors or ports."""

import subprocess
import time

from suite import case, equal, holds
from network import BlackHole, set_ports
from program import codes, details, error_of, url


@case("C02", "a host that drops packets is a timeout within the ten seconds")
def black_hole(suite):
    one, two, v6 = suite.address(), suite.address(), suite.address_v6()
    holes = [BlackHole(address) for address in (one, two, v6)]
    names = [suite.names.knows(suite.name(), *row) for row in ([one], [v6], [one, two, v6])]
    run = suite.program.check("-", stdin="\n".join(map(url, names)))
    holds(run.seconds < 11.5, f"{run.seconds} s")
    for report in run.reports():
        equal((report["reason"], error_of(report)), ("Timeout while fetching asset.", "timeout"), details(report))
        equal(report["observed"]["head"]["phase"], "connect")
        holds(10_000 <= report["observed"]["head"]["elapsed_ms"] < 11_000, report["observed"])
    del holes


@case("C07", "with few file descriptors and far more assets in flight: no false verdict")
def few_files(suite):
    names = [suite.names.knows(suite.name(), suite.address()) for _ in range(200)]
    assets = "\n".join(map(url, names))
    for files in (12, 16, 20, 32):
        limited = ["sh", "-c", f'ulimit -n {files}; exec "$0" "$@"']
        run = suite.program.check("-j", "64", "-", stdin=assets, before=limited)
        verdicts = [report["verdict"] for report in run.reports()]
        wrong = [(error_of(report), details(report)) for report in run.reports() if report["verdict"] == "rejected"]
        equal((len(verdicts), wrong), (200, []), f"{files} files: {run.stderr}")
        # Below sixteen, the event loops for the network and for signals leave no descriptor for a connection.
        holds(files < 16 or verdicts.count("accepted") > 100, f"{files} files: {verdicts.count('accepted')} accepted")


@case("C08", "without free local ports: retried, then undecided, never blamed on the server", alone=True)
def few_ports(suite):
    names = [suite.names.knows(suite.name(), suite.address()) for _ in range(60)]
    same = suite.names.knows(suite.name(), suite.address())
    for name in names:
        suite.names.knows(name, suite.names.answers[same][0].addresses[0])
    set_ports(40_000, 40_003)
    try:
        run = suite.program.check("-j", "64", "--per-host", "64", "-", stdin="\n".join(map(url, names)))
    finally:
        set_ports(32_768, 60_999)
    wrong = [(codes(report), details(report)) for report in run.reports() if report["verdict"] == "rejected"]
    equal(wrong, [])
    shortage = {error_of(report) for report in run.reports() if report["verdict"] == "undecided"}
    holds(shortage <= {"local-resources-exhausted"}, shortage)
    suite.note(f"{sum(report['verdict'] == 'accepted' for report in run.reports())} of 60 found a port in time")


@case("C08", "an IPv6-only host on a machine without IPv6: undecided immediately", alone=True)
def no_ipv6(suite):
    name = suite.names.knows(suite.name(), suite.address_v6())
    mixed = suite.names.knows(suite.name(), suite.address(), suite.address_v6())
    subprocess.run(["ip", "-6", "route", "del", "local", "::/0", "dev", "lo"], check=True)
    try:
        alone, both = suite.program.check("-", stdin=f"{url(name)}\n{url(mixed)}").reports()
    finally:
        subprocess.run(["ip", "-6", "route", "add", "local", "::/0", "dev", "lo"], check=True)
    equal((alone["verdict"], error_of(alone)), ("undecided", "local-network-error"), details(alone))
    holds(alone["observed"]["head"]["elapsed_ms"] < 3000, alone["observed"])
    equal(both["verdict"], "accepted", details(both))


@case("C08", "without a network: undecided, not blamed on the server", alone=True)
def no_network(suite):
    name = suite.names.knows(suite.name(), suite.address())
    for asset in (url(name), "https://listed.test.example.org/good.png"):
        started = time.monotonic()
        flags = ["--allow-private"] if "listed" in asset else []
        report = suite.program.check(*flags, asset, before=["unshare", "-n"]).report()
        equal((report["verdict"], codes(report)), ("undecided", ["local-network-error"]), details(report))
        holds(time.monotonic() - started < 5, "it took 5 s or more")
