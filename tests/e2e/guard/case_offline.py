"""Verdicts that need no network: not one packet is sent, and, checked with strace, no socket is opened."""

import os
import shutil
import tempfile

from suite import case, equal, holds
from program import url

# Groups U and D: the asset, and how its report begins.
INVALID, HTTPS = "Invalid URL", "Only HTTPS URLs are allowed."
DOMAIN, DATA = "URLs must be hosted on a domain.", "Invalid data URI."
TYPE = "Unsupported asset type. Data URIs must include the content type of the value they encode."
PNG = "iVBORw0KGgoAAAANSUhEUgAAAAIAAAACCAIAAAD91JpzAAAAFklEQVQI12P8v5SBgYGBiYGBgYGBAQAU2QGooxpIiAAAAABJRU5ErkJggg=="
VERDICTS = [
    *[("U01", text, INVALID) for text in ("https:", "https://", "https://?", "https://#")],
    *[("U02", text, HTTPS) for text in ("http://h.com/a.png", "ftp://h.com/a.png", "HTTP://H.com/a.png")],
    *[("U02", text, HTTPS) for text in ("file:///etc/passwd", "javascript:alert(1)", "blob:https://h.com/x")],
    ("U03", "http://11.22.33.44/a.png", HTTPS),
    ("U04", "https://11.22.33.44/foo", DOMAIN),
    ("U04", "https://0.0.0.0/a.png", DOMAIN),
    *[("U05", url(host), DOMAIN) for host in ("0x7f.1", "2130706433", "017700000001", "127.1", "127.0.0.1.", "0")],
    *[("U06", url(host), INVALID) for host in ("256.1.1.1", "1.2.3.4.5", "0x100000000", "a.1", "a.0x1")],
    *[("U07", url(host), DOMAIN) for host in ("[::1]", "[::ffff:127.0.0.1]", "[::127.0.0.1]", "[::]:443")],
    *[("U08", url(host), INVALID) for host in ("[fe80::1%eth0]", "[::1%25eth0]", "[::1", "[v1.x]")],
    *[("D01", text, DATA) for text in ("data:", "data:image/png", "data:image/png;base64")],
    *[("D02", text, TYPE) for text in (f"data:;base64,{PNG}", f"data:image;base64,{PNG}", f"data:image/;base64,{PNG}")],
    *[("D03", text, TYPE) for text in ("data:text/html;base64,AAAA", "data:application/octet-stream;base64,AAAA")],
    *[("D04", f"data:image/png;base64,{text}", DATA) for text in ("AAA=A", "A", "A!AA", "AAAA=")],
    ("D05", f"data:image/png;base64,{PNG}", None),
    ("U23", "runway://0123456789abcdef", None),
]


@case("U01-U08, D01-D05", "offline verdicts send nothing", alone=True)
def nothing_is_sent(suite):
    mark = suite.recorder.mark()
    run = suite.program.check("-", stdin="\n".join(text for _, text, _ in VERDICTS))
    for (group, text, reason), report in zip(VERDICTS, run.reports(), strict=True):
        equal(report["reason"], reason, f"{group} {text}")
    # Queries are packets too.
    equal(suite.recorder.sent(mark), [])


@case("N14, U09", "IP addresses, special names and --offline send nothing", alone=True)
def nothing_is_asked(suite):
    mark = suite.recorder.mark()
    hosts = ["127.0.0.1", "10.1.2.3", "8.8.8.8", "0x7f.1", "[::1]", "[64:ff9b::7f00:1]", "localhost", "p.local", "com"]
    equal(suite.program.check("-", stdin="\n".join(map(url, hosts))).code, 1)
    known = suite.names.knows(suite.name(), suite.address())
    equal(suite.program.check("--offline", url(known)).report()["verdict"], "accepted")
    body = '{"model":"gen4_turbo","promptImage":"%s","ratio":"1280:720","duration":5}' % url(known)
    suite.program.run("body", "--offline", "-", stdin=body)
    suite.program.run("explain", "Timeout while fetching asset.")
    suite.program.run("rules")
    # Queries are packets too.
    equal(suite.recorder.sent(mark), [])


@case("U02, U09", "offline verdicts open no socket", alone=True)
def no_socket(suite):
    if not shutil.which("strace"):
        suite.cannot("strace is missing, so only packets are checked, not sockets")
        return
    with tempfile.TemporaryDirectory() as folder:
        log = os.path.join(folder, "log")
        assets = [text for _, text, _ in VERDICTS] + [url(host) for host in ("localhost", "p.local", "com", "10.1.2.3")]
        before = ["strace", "-f", "-qq", "-e", "trace=network,openat", "-o", log]
        run = suite.program.check("-", stdin="\n".join(assets), before=before)
        equal(len(run.reports()), len(assets))
        calls = open(log).read().splitlines()
    # The socket pair for signals never leaves the process.
    sockets = [call for call in calls if "socketpair(AF_UNIX" not in call and "openat(" not in call]
    sockets = [call for call in sockets if any(word in call for word in ("socket(", "connect(", "sendto(", "bind("))]
    equal(sockets, [])
    holds(not any("/etc/passwd" in call or "resolv.conf" in call for call in calls), "a file of an asset was opened")
