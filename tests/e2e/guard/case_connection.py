"""Connections: packets that are dropped, and a machine that has run short of files or of ports."""

import subprocess
import time

from lane import case, equal, holds
from network import BlackHole, set_ports
from program import codes, details, trouble, url


@case("C02", "a host that drops packets is a timeout within the ten seconds")
def black_hole(lane):
    one, two, v6 = lane.address(), lane.address(), lane.address_v6()
    holes = [BlackHole(address) for address in (one, two, v6)]
    names = [lane.names.knows(lane.name(), *row) for row in ([one], [v6], [one, two, v6])]
    run = lane.program.check("-", stdin="\n".join(map(url, names)))
    holds(run.seconds < 11.5, f"{run.seconds} s")
    for report in run.reports():
        equal((report["reason"], trouble(report)), ("Timeout while fetching asset.", "timeout"), details(report))
        equal(report["observed"]["head"]["phase"], "connect")
        holds(10_000 <= report["observed"]["head"]["elapsed_ms"] < 11_000, report["observed"])
    del holes


@case("C07", "with few files allowed, and far more assets at once: no false verdict")
def few_files(lane):
    names = [lane.names.knows(lane.name(), lane.address()) for _ in range(200)]
    assets = "\n".join(map(url, names))
    for files in (12, 16, 20, 32):
        limited = ["sh", "-c", f'ulimit -n {files}; exec "$0" "$@"']
        run = lane.program.check("-j", "64", "-", stdin=assets, before=limited)
        verdicts = [report["verdict"] for report in run.reports()]
        wrong = [(trouble(report), details(report)) for report in run.reports() if report["verdict"] == "rejected"]
        equal((len(verdicts), wrong), (200, []), f"{files} files: {run.stderr}")
        # Below sixteen, the event loops of the network and of the signals leave none for a connection.
        holds(files < 16 or verdicts.count("accepted") > 100, f"{files} files: {verdicts.count('accepted')} accepted")


@case("C08", "without a port to leave from: tried again, then undecided, never the server's fault", alone=True)
def few_ports(lane):
    names = [lane.names.knows(lane.name(), lane.address()) for _ in range(60)]
    same = lane.names.knows(lane.name(), lane.address())
    for name in names:
        lane.names.knows(name, lane.names.answers[same][0].addresses[0])
    set_ports(40_000, 40_003)
    try:
        run = lane.program.check("-j", "64", "--per-host", "64", "-", stdin="\n".join(map(url, names)))
    finally:
        set_ports(32_768, 60_999)
    wrong = [(codes(report), details(report)) for report in run.reports() if report["verdict"] == "rejected"]
    equal(wrong, [])
    shortage = {trouble(report) for report in run.reports() if report["verdict"] == "undecided"}
    holds(shortage <= {"local-resources-exhausted"}, shortage)
    lane.note(f"{sum(report['verdict'] == 'accepted' for report in run.reports())} of 60 found a port in time")


@case("C08", "a host with IPv6 alone, on a machine without: undecided at once", alone=True)
def no_ipv6(lane):
    name = lane.names.knows(lane.name(), lane.address_v6())
    mixed = lane.names.knows(lane.name(), lane.address(), lane.address_v6())
    subprocess.run(["ip", "-6", "route", "del", "local", "::/0", "dev", "lo"], check=True)
    try:
        alone, both = lane.program.check("-", stdin=f"{url(name)}\n{url(mixed)}").reports()
    finally:
        subprocess.run(["ip", "-6", "route", "add", "local", "::/0", "dev", "lo"], check=True)
    equal((alone["verdict"], trouble(alone)), ("undecided", "local-network-error"), details(alone))
    holds(alone["observed"]["head"]["elapsed_ms"] < 3000, alone["observed"])
    equal(both["verdict"], "accepted", details(both))


@case("C08", "without a network: undecided, not the server's fault", alone=True)
def no_network(lane):
    name = lane.names.knows(lane.name(), lane.address())
    for asset in (url(name), "https://listed.lane.example.org/good.png"):
        started = time.monotonic()
        flags = ["--allow-private"] if "listed" in asset else []
        report = lane.program.check(*flags, asset, before=["unshare", "-n"]).report()
        equal((report["verdict"], codes(report)), ("undecided", ["local-network-error"]), details(report))
        holds(time.monotonic() - started < 5, "it took long")
