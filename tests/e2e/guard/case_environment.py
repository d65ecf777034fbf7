"""The environment, which must not affect a run: proxy variables, netrc, key logs, certificate stores, a config file."""

import os
import socket
import tempfile
import threading

from suite import case, equal, holds
from program import codes, details, error_of, url


class Listener:
    """Accepts connections on loopback, answers as a proxy that refuses, and records the first line of each."""

    def __init__(self):
        self.socket = socket.create_server(("127.0.0.1", 0))
        self.port = self.socket.getsockname()[1]
        self.heard = []
        threading.Thread(target=self.listen, daemon=True).start()

    def listen(self):
        while True:
            stream, _ = self.socket.accept()
            with stream:
                self.heard.append(stream.recv(4096).split(b"\r\n")[0].decode("ascii", "backslashreplace"))
                stream.sendall(b"HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\n\r\n")

    def url(self):
        return f"http://127.0.0.1:{self.port}"


@case("N15", "proxy variables are ignored")
def proxy_variables(suite):
    name, address, proxy = suite.name(), suite.address(), Listener()
    suite.names.knows(name, address)
    words = ["http_proxy", "https_proxy", "all_proxy", "ftp_proxy"]
    environment = {word: proxy.url() for word in [*words, *map(str.upper, words)]}
    for more in ({}, {"no_proxy": ""}, {"NO_PROXY": "nothing.example.org"}):
        report = suite.program.check(url(name), environment={**environment, **more}).report()
        equal(report["verdict"], "accepted", details(report))
    # HEAD and GET have a connection each.
    equal((proxy.heard, suite.connections(address)), ([], 3))


@case("N15", "failures of the proxy are undecided and named as the proxy's")
def proxy_failures(suite):
    refusing = Listener().url()
    with socket.create_server(("127.0.0.1", 0)) as closed:
        port = closed.getsockname()[1]
    proxies = [refusing, refusing.replace("http:", "https:"), f"http://127.0.0.1:{port}", f"http://{suite.name()}:1"]
    for proxy in proxies:
        report = suite.program.check("--proxy", proxy, url(suite.name())).report()
        equal((report["verdict"], error_of(report)), ("undecided", "local-network-error"), f"{proxy}: {details(report)}")
        holds("proxy" in str(details(report)), details(report))


@case("N15", "only --proxy enables a proxy: it resolves the names, the run says so, and nothing is contacted directly")
def proxy_flag(suite):
    name, address, proxy = suite.name(), suite.address(), Listener()
    suite.names.knows(name, address)
    suite.allow("127.0.0.1")
    run = suite.program.check("--proxy", proxy.url(), url(name))
    equal(set(proxy.heard), {f"CONNECT {name}:443 HTTP/1.1"})
    holds("the proxy resolves host names" in run.stderr, run.stderr)
    equal((suite.connections(address), suite.names.asked(name)), (0, []))
    run = suite.program.check("--proxy-from-env", url(name), environment={"https_proxy": proxy.url()})
    equal((run.code, suite.names.asked(name)), (2, []))


@case("N16", "netrc, curl's files and HOME cause no credentials to be sent")
def credentials(suite):
    name, address = suite.name(), suite.address()
    suite.names.knows(name, address)
    with tempfile.TemporaryDirectory() as home:
        for file, text in [(".netrc", f"machine {name} login me password canary\n"), (".curlrc", "user = me:canary\n")]:
            with open(os.path.join(home, file), "w") as out:
                out.write(text)
        environment = {"HOME": home, "CURL_HOME": home, "NETRC": os.path.join(home, ".netrc")}
        environment["RUNWAYML_API_SECRET"] = "canary"
        report = suite.program.check(url(name), environment=environment).report()
        equal(report["verdict"], "accepted", details(report))
        report = suite.program.check(f"https://me:canary@{name}/good.png", environment=environment).report()
        holds("credentials-in-url" in codes(report), codes(report))
    heads = [head for at, head in suite.host.requests if at == address]
    holds(len(heads) >= 2, heads)
    for head in heads:
        names = sorted(line.split(":")[0].lower() for line in head[1:])
        equal(names, ["accept", "host", "user-agent"], head)
        holds("canary" not in "".join(head), head)


@case("N16", "SSLKEYLOGFILE writes nothing, SSL_CERT_FILE and SSL_CERT_DIR add no root")
def tls_variables(suite):
    name, address = suite.name(), suite.address()
    suite.names.knows(name, address)
    with tempfile.TemporaryDirectory() as folder:
        keys = os.path.join(folder, "keys")
        report = suite.program.check(url(name), environment={"SSLKEYLOGFILE": keys}).report()
        equal((report["verdict"], os.path.exists(keys)), ("accepted", False))
    environment = {"SSL_CERT_FILE": suite.host.authority, "SSL_CERT_DIR": suite.work, "CURL_CA_BUNDLE": suite.host.authority}
    run = suite.program.run("check", "--format", "jsonl", url(name), environment=environment)
    equal((run.code, error_of(run.report())), (1, "tls-incomplete-chain"), "a leaf with an unknown issuer")


@case("N13", "no configuration file can loosen the guard")
def config_file(suite):
    name = suite.names.knows(suite.name(), "10.1.2.3")
    for line in ("allow-private = true", 'allow-net = ["10.0.0.0/8"]', 'proxy = "http://127.0.0.1:1"', 'cacert = "x"'):
        with tempfile.TemporaryDirectory() as folder:
            with open(os.path.join(folder, "runway-preflight.toml"), "w") as out:
                out.write(line + "\n")
            run = suite.program.check(url(name), directory=folder)
            equal((run.code, run.stdout), (2, ""), line)
    equal(suite.names.asked(name), [])
