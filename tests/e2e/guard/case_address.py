"""Addresses: which are connected to, and that not one packet goes to the others."""

from ipaddress import ip_address as ip

from suite import case, equal, holds
from network import BlackHole
from program import codes, details, url

# Both sides of each boundary of the non-public ranges: the first and last address inside, and their neighbors outside.
INSIDE = """
0.0.0.0 0.0.0.1 0.255.255.255 10.0.0.0 10.1.2.3 10.255.255.255 100.64.0.0 100.100.100.200 100.127.255.255 127.0.0.0
127.0.0.1 127.255.255.255 168.63.129.16 169.254.0.0 169.254.169.254 169.254.255.255 172.16.0.0 172.31.255.255 192.0.0.0
192.0.0.9 192.0.0.192 192.0.0.255 192.0.2.0 192.0.2.255 192.88.99.0 192.88.99.255 192.168.0.0 192.168.255.255 198.18.0.0
198.19.255.255 198.51.100.0 198.51.100.255 203.0.113.0 203.0.113.255 224.0.0.0 239.255.255.255 240.0.0.0
255.255.255.255 :: ::1 ::2 ::7f00:1 ::8.8.8.8 ::ffff:0.0.0.0 ::ffff:8.8.8.8 ::ffff:10.0.0.1 ::ffff:0:7f00:1
64:ff9b::7f00:1 64:ff9b::8.8.8.8 64:ff9b::ffff:ffff 64:ff9b:1:: 64:ff9b:1:ffff:ffff:ffff:ffff:ffff 100:: 2001::
2001:0:53aa:64c:0:7bd9:3f57:1 2001:1ff:ffff:ffff:ffff:ffff:ffff:ffff 2001:db8:: 2001:db8:ffff:: 2002:: 2002:7f00:1::
2002:808:808:: 3fff:: 3fff:fff:ffff:: 4000:: 5f00:: fc00:: fd00:ec2::254 fdff:ffff:: fe80:: fe80::1 febf:ffff:: fec0::
feff:ffff:: ff00:: ff02::1 1fff:ffff:: 8000::
""".split()
OUTSIDE = """
1.0.0.0 9.255.255.255 11.0.0.0 100.63.255.255 100.128.0.0 126.255.255.255 128.0.0.0 168.63.129.15 168.63.129.17
169.253.255.255 169.255.0.0 172.15.255.255 172.32.0.0 191.255.255.255 192.0.1.0 192.0.1.255 192.0.3.0 192.88.98.255
192.88.100.0 192.167.255.255 192.169.0.0 198.17.255.255 198.20.0.0 198.51.99.255 198.51.101.0 203.0.112.255 203.0.114.0
223.255.255.255 2000:: 2000:ffff:: 2001:200:: 2001:db7:ffff:: 2001:db9:: 2001:ffff:: 2003:: 3ffe:ffff:: 3fff:1000::
2606:4700::1111
""".split()


def seen(suite, rows, *flags):
    """Gives every row of addresses a name, checks them all in one run, and returns the reports."""
    names = [suite.names.knows(suite.name(), *row) for row in rows]
    return suite.program.check(*flags, "-", stdin="\n".join(map(url, names))).reports()


@case("N03", f"{len(INSIDE)} addresses that are not public are not sent one packet, their {len(OUTSIDE)} neighbors are")
def table(suite):
    suite.allow(*OUTSIDE)
    reports = seen(suite, [[address] for address in [*INSIDE, *OUTSIDE]])
    for address, report in zip([*INSIDE, *OUTSIDE], reports, strict=True):
        equal(list(map(ip, report["observed"]["addresses"])), [ip(address)], address)
        if address in INSIDE:
            equal((report["verdict"], "private-address" in codes(report)), ("rejected", True), address)
            equal(report["reason"][:22], "Failed to fetch asset.", address)
        else:
            equal(report["verdict"], "accepted", f"{address}: {details(report)}")
            equal(suite.connections(str(ip(address))), 1, address)


@case("N03", "a name of the hosts file that is not public")
def hosts_file(suite):
    report = suite.program.check("https://listed.test.example.org/good.png").report()
    equal(("private-address" in codes(report), report["observed"]["addresses"]), (True, ["10.77.0.1"]))
    equal(suite.names.asked("listed.test.example.org"), [])


@case("N06", "IPv6 that carries IPv4: mapped, compatible, translated, NAT64, 6to4 and Teredo")
def carried(suite):
    addresses = "::ffff:8.8.8.8 ::ffff:10.0.0.1 ::7f00:1 ::ffff:0:8.8.8.8 64:ff9b::8.8.8.8 64:ff9b:1::8.8.8.8".split()
    addresses += "2002:808:808:: 2001:0:53aa:64c:0:7bd9:f7f7:f7f7".split()
    for address, report in zip(addresses, seen(suite, [[address] for address in addresses]), strict=True):
        equal((report["verdict"], "private-address" in codes(report)), ("rejected", True), address)


@case("N07", "0.0.0.0 and ::, alone and next to a public address")
def unspecified(suite):
    public = suite.address()
    for report in seen(suite, [["0.0.0.0"], ["::"], ["0.0.0.0", public], [public, "::"]]):
        equal((report["verdict"], "private-address" in codes(report)), ("rejected", True))
    equal(suite.connections(public), 0)


@case("N04", "public and loopback in one answer, in both orders and both families")
def mixed(suite):
    public, public_v6 = suite.address(), suite.address_v6()
    rows = [[public, "127.0.0.1"], ["127.0.0.1", public], [public, "::1"], [public_v6, "127.0.0.1"], [public_v6, "::1"]]
    for row, report in zip(rows, seen(suite, rows), strict=True):
        equal((report["verdict"], "private-address" in codes(report)), ("rejected", True), row)
    equal((suite.connections(public), suite.connections(public_v6)), (0, 0))


@case("N08", "a name that spells an address is checked by the address that it resolves to")
def spelled(suite):
    public = suite.address()
    good, bad = "127.0.0.1." + suite.name(), public + "." + suite.name()
    suite.names.knows(good, public)
    suite.names.knows(bad, "127.0.0.1")
    reports = suite.program.check("--depth", "head", "-", stdin=f"{url(good)}\n{url(bad)}").reports()
    # The certificate does not cover these names, so only the connection count shows that the first was connected to.
    equal(["private-address" in codes(report) for report in reports], [False, True])
    equal(suite.connections(public), 1)


@case("N10", "one address is a black hole or refuses, another is good: found within the ten seconds")
def fallback(suite):
    good, good_v6 = suite.address(), suite.address_v6()
    hole, second_hole, hole_v6, refusing = suite.address(), suite.address(), suite.address_v6(), suite.address()
    holes = [BlackHole(address) for address in (hole, second_hole, hole_v6)]
    suite.host.answers_with_resets(refusing)
    rows = [[hole_v6, good], [hole, good_v6], [hole, good], [good, hole], [hole, second_hole, good]]
    for row, report in zip(rows, seen(suite, rows), strict=True):
        equal(report["verdict"], "accepted", f"{row}: {details(report)}")
    del holes


@case("N12", "--allow-net allows one network and no other")
def allowed(suite):
    suite.allow("10.1.2.3")
    rows = [["10.1.2.3"], ["10.1.3.3"], ["127.0.0.1"], ["10.1.2.3", "127.0.0.1"]]
    reports = seen(suite, rows, "--allow-net", "10.1.2.0/24")
    equal([report["verdict"] for report in reports], ["accepted", "rejected", "rejected", "rejected"])
    equal([report["faithful"] for report in reports], [False] * 4)


@case("N12", "--allow-net for NAT64 checks the embedded address as well")
def allowed_nat64(suite):
    suite.allow("64:ff9b::808:808")
    reports = seen(suite, [["64:ff9b::8.8.8.8"], ["64:ff9b::10.1.2.3"]], "--allow-net", "64:ff9b::/96")
    equal([report["verdict"] for report in reports], ["accepted", "rejected"])


@case("N14", "U05, U07: addresses in every spelling instead of a name")
def literals(suite):
    hosts = """
    127.0.0.1 10.1.2.3 8.8.8.8 0x7f.1 2130706433 017700000001 127.1 127.0.0.1. 0 0.0.0.0 0x7f000001 127.0.1 １２７.０.０.１
    ①②⑦.⓪.⓪.① [::1] [::ffff:127.0.0.1] [::127.0.0.1] [::] [fe80::1] [fd00:ec2::254] [64:ff9b::7f00:1] 169.254.169.254
    """.split()
    run = suite.program.check("-", stdin="\n".join(map(url, hosts)))
    for host, report in zip(hosts, run.reports(), strict=True):
        equal(report["reason"], "URLs must be hosted on a domain.", host)


@case("P08", "no redirect is followed, whatever its target")
def redirects(suite):
    name = suite.names.knows(suite.name(), suite.address())
    elsewhere, public = suite.name(), suite.address()
    suite.names.knows(elsewhere, public)
    places = ["10.1.2.3", "127.0.0.1", "169.254.169.254", "[::1]", elsewhere]
    paths = [f"/{kind}/{place}" for place in places for kind in ("redirect", "location")]
    reports = suite.program.check("-", stdin="\n".join(url(name, path) for path in paths)).reports()
    for path, report in zip(paths, reports, strict=True):
        if path.startswith("/redirect"):
            equal(report["reason"], 'Failed to fetch asset. Received HTTP response code "302".', path)
        else:
            equal(report["verdict"], "accepted", path)
    equal((suite.connections(public), suite.names.asked(elsewhere)), (0, []))
