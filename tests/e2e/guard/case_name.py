"""Names: what the name servers say, when they say it, and that they are asked once."""

from lane import case, equal, holds
from program import codes, details, trouble, url


@case("N01", "NXDOMAIN, NODATA, SERVFAIL and REFUSED are told apart")
def kinds(lane):
    names = [lane.name() for _ in range(4)]
    lane.names.knows(names[1])
    lane.names.knows(names[2], code=2)
    lane.names.knows(names[3], code=5)
    reports = lane.program.check("-", stdin="\n".join(map(url, names))).reports()
    kinds = ["dns-not-found", "dns-no-address", "dns-server-failed", "dns-server-refused"]
    equal([trouble(report) for report in reports], kinds)
    for report in reports:
        equal((report["verdict"], "fetch-failed" in codes(report)), ("rejected", True))
        equal(report["observed"]["head"]["phase"], "dns")


@case("N01", "a name server that fails for one family alone")
def one_family(lane):
    good, bad, address = lane.name(), lane.name(), lane.address()
    lane.names.knows(good, address, code_v6=2)
    lane.names.knows(bad, code=2, code_v6=0)
    good, bad = lane.program.check("-", stdin=f"{url(good)}\n{url(bad)}").reports()
    equal((good["verdict"], bad["verdict"]), ("accepted", "rejected"), details(bad))


@case("N02", "a name server that never answers, or after 4.9, 5.1, 9.9 and 10.1 seconds")
def late(lane):
    waits = [4.0, 4.9, 5.1, 9.9, 10.1]
    names = [lane.name() for _ in range(1 + len(waits))]
    lane.names.knows(names[0], fault="silent")
    addresses = [lane.address() for _ in waits]
    for name, address, wait in zip(names[1:], addresses, waits):
        lane.names.knows(name, address, wait=wait)
    run = lane.program.check("-", stdin="\n".join(map(url, names)))
    holds(run.seconds < 11.5, f"{run.seconds} s")
    silent, early, brink, *late = run.reports()
    equal(early["verdict"], "accepted", details(early))
    # A tenth of a second is little for a busy machine.
    spent = brink["observed"]["head"]["elapsed_ms"]
    holds(brink["verdict"] == "accepted" or spent >= 5000, details(brink))
    for report in [silent, *late]:
        equal((report["verdict"], trouble(report)), ("rejected", "dns-timeout"), details(report))
        holds("fetch-failed" in codes(report), codes(report))
        holds(report["observed"]["head"]["elapsed_ms"] < 6000, report["observed"])
    equal([lane.dials(address) for address in (addresses[0], *addresses[2:])], [1, 0, 0, 0])


@case("N02", "a run does not outlast its verdict, nor an interrupt, though a lookup is still under way")
def unfinished(lane):
    name = lane.names.knows(lane.name(), fault="silent")
    run = lane.program.check(url(name))
    equal(trouble(run.report()), "dns-timeout")
    holds(5 <= run.seconds < 7, f"{run.seconds} s")
    run = lane.program.check(url(name), before=["timeout", "--signal=INT", "1"])
    equal((run.code, run.stdout), (124, ""))
    holds(run.seconds < 3, f"{run.seconds} s")


@case("N02", "a lookup that failed is repeated by --retries")
def repeated(lane):
    for code, expected in [(2, "accepted"), (3, "accepted"), (5, "accepted")]:
        name, address = lane.name(), lane.address()
        # The C library asks for both families, and the program once more for the reason.
        lane.names.knows(name, code=code)
        lane.names.answers[name] *= 4
        lane.names.then(name, address)
        report = lane.program.check("--retries", "4", url(name)).report()
        equal(report["verdict"], expected, details(report))
        holds("retried" in codes(report), codes(report))


@case("N02", "a lookup that failed is repeated for the next asset of the host")
def repeated_later(lane):
    name, address = lane.name(), lane.address()
    lane.names.knows(name, code=2)
    lane.names.answers[name] *= 4
    lane.names.then(name, address)
    reports = lane.program.check("-j", "1", "-", stdin="\n".join(url(name, f"/good.png?{at}") for at in range(8))).reports()
    equal(reports[0]["verdict"], "rejected")
    equal(reports[-1]["verdict"], "accepted", details(reports[-1]))


@case("N02", "silent name servers of some hosts do not use up the time of the others", alone=True)
def many_silent(lane):
    address, names = lane.address(), []
    for at in range(400):
        name = lane.names.knows(lane.name(), fault="silent") if at % 20 else lane.names.knows(lane.name(), address)
        names.append(name)
    reports = lane.program.check("-j", "256", "-", stdin="\n".join(map(url, names))).reports()
    for report in reports[::20]:
        equal(report["verdict"], "accepted", details(report))


@case("N05", "rebinding: one question, and the connection of HEAD and GET to the first answer")
def rebinding(lane):
    name, address = lane.name(), lane.address()
    lane.names.knows(name, address, ttl=0)
    lane.names.then(name, "127.0.0.1", ttl=0)
    report = lane.program.check(url(name)).report()
    equal((report["verdict"], report["observed"]["addresses"]), ("accepted", [address]))
    equal(sorted(question.kind for question in lane.names.asked(name)), ["A", "AAAA"])
    equal((lane.dials(address), lane.host.connections.count(address)), (1, 1))


@case("N05", "rebinding between the assets of a run: the host is asked once, and dialled where it was vetted")
def rebinding_later(lane):
    name, address = lane.name(), lane.address()
    lane.names.knows(name, address, ttl=0)
    lane.names.then(name, "10.1.2.3", ttl=0)
    reports = lane.program.check("-j", "1", "-", stdin="\n".join(url(name, f"/good.png?{at}") for at in range(9))).reports()
    equal([report["verdict"] for report in reports], ["accepted"] * 9)
    equal(len(lane.names.asked(name)), 2)


@case("N09", "five hundred addresses, four thousand addresses, and an answer that only TCP brings")
def many(lane):
    names = [lane.name() for _ in range(3)]
    addresses = [lane.address() for _ in range(4000)]
    lane.names.knows(names[0], *addresses[:500])
    lane.names.knows(names[1], *addresses)
    lane.names.knows(names[2], addresses[0], fault="truncated")
    run = lane.program.check("-", stdin="\n".join(map(url, names)))
    reports = run.reports()
    equal([report["verdict"] for report in reports], ["accepted"] * 3)
    equal(len(reports[0]["observed"]["addresses"]), 500)
    holds(run.seconds < 5, f"{run.seconds} s")
    holds(any(question.transport == "tcp" for question in lane.names.asked(names[2])), "TCP was not asked")


@case("N09", "garbage, an empty datagram, another's identity: no answer, and no crash")
def garbage(lane):
    names = [lane.name() for _ in range(3)]
    for name, fault in zip(names, ["garbage", "empty", "wrong-id"]):
        lane.names.knows(name, lane.address(), fault=fault)
    run = lane.program.check("-", stdin="\n".join(map(url, names)))
    equal([report["verdict"] for report in run.reports()], ["rejected"] * 3)
    equal((run.code, run.stderr.count("panicked")), (1, 0))
    holds(run.seconds < 11.5, f"{run.seconds} s")


@case("N09", "replies that cannot be read are reported as such")
def malformed(lane):
    names = [lane.name() for _ in range(2)]
    for name, fault in zip(names, ["short-record", "pointer-loop"]):
        lane.names.knows(name, lane.address(), fault=fault)
    for report in lane.program.check("-", stdin="\n".join(map(url, names))).reports():
        equal((report["verdict"], trouble(report)), ("rejected", "dns-malformed-reply"), details(report))


@case("N09", "without a name server in the configuration, names are undecided")
def not_configured(lane):
    with open("/etc/resolv.conf", "r+") as file:
        before = file.read()
        try:
            for text in ["# nothing\n", "nameserver\nnameserver nowhere\n", "nameserver 127.0.0.1\n"]:
                file.seek(0)
                file.truncate()
                file.write(text)
                file.flush()
                report = lane.program.check(url(lane.name())).report()
                equal((report["verdict"], trouble(report)), ("undecided", "local-network-error"), details(report))
        finally:
            file.seek(0)
            file.truncate()
            file.write(before)


@case("N09", "a loop of aliases leads nowhere, a chain of twenty leads on")
def aliases(lane):
    loop, chained, address = lane.name(), lane.name(), lane.address()
    lane.names.knows(loop, chain=[lane.name(), loop])
    lane.names.knows(chained, address, chain=[lane.name() for _ in range(20)])
    loop, chained = lane.program.check("-", stdin=f"{url(loop)}\n{url(chained)}").reports()
    equal((loop["verdict"], chained["verdict"]), ("rejected", "accepted"), details(chained))


@case("N11", "no name of the search list is asked for")
def search_list(lane):
    known, unknown = lane.name(), lane.name()
    lane.names.knows(known, lane.address())
    lane.program.check("-", stdin=f"{url(known)}\n{url(unknown)}\nhttps://intranet/a.png\nhttps://two.labels/a.png")
    asked = {question.name for name in (known, unknown, "intranet", "two.labels") for question in lane.names.asked(name)}
    equal(asked, {known, unknown, "two.labels"})


@case("U09", "special names are never asked for")
def special(lane):
    names = ["localhost", "localhost.", "x.localhost", "p.local", "metadata.google.internal", "intranet", "com"]
    names += ["nas.home.arpa", "abc.onion", "h.test", "h.invalid", "h.example", "h.localdomain"]
    run = lane.program.check("-", stdin="\n".join(map(url, names)))
    for name, report in zip(names, run.reports(), strict=True):
        holds("special-name" in codes(report), f"{name}: {codes(report)}")
        equal(report["verdict"], "rejected", name)
        equal(lane.names.asked(name.rstrip(".")), [], name)
