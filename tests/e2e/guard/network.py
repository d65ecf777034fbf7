"""The network of the tests: a namespace in which every address is local, with resolver files of its own."""

import os
import socket
import subprocess

RESOLVER = "127.0.0.77"

# The search list and `ndots` must have no effect.
RESOLV_CONF = f"nameserver {RESOLVER}\nsearch lan corp.lan\noptions ndots:5\n"
HOSTS = "127.0.0.1 localhost\n10.77.0.1 listed.test.example.org\n"
NSSWITCH = "hosts: files dns\n"


def prepare(work):
    """Makes every address local, and mounts our own resolver files over those of the machine."""
    run("ip", "link", "set", "lo", "up")
    run("ip", "route", "add", "local", "0.0.0.0/0", "dev", "lo")
    run("ip", "-6", "route", "add", "local", "::/0", "dev", "lo")
    for path, text in [("/etc/resolv.conf", RESOLV_CONF), ("/etc/hosts", HOSTS), ("/etc/nsswitch.conf", NSSWITCH)]:
        own = os.path.join(work, os.path.basename(path))
        with open(own, "w") as file:
            file.write(text)
        run("mount", "--bind", own, os.path.realpath(path))


def run(*command):
    subprocess.run(command, check=True)


def set_ports(first, last):
    """Sets the port range of outgoing connections."""
    with open("/proc/sys/net/ipv4/ip_local_port_range", "w") as file:
        file.write(f"{first} {last}")


IPV6_FREEBIND = 78


class BlackHole:
    """A listener whose backlog is full: packets to it are dropped without a reply."""

    def __init__(self, address, port=443):
        family = socket.AF_INET6 if ":" in address else socket.AF_INET
        self.listener = socket.socket(family)
        self.listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
        if family == socket.AF_INET6:
            # All addresses are local by a route, but without this option only assigned IPv6 addresses can be bound.
            self.listener.setsockopt(socket.IPPROTO_IPV6, IPV6_FREEBIND, 1)
        self.listener.bind((address, port))
        self.listener.listen(0)
        self.fillers = []
        for _ in range(8):
            filler = socket.socket(family)
            filler.settimeout(0.2)
            self.fillers.append(filler)
            try:
                filler.connect((address, port))
            except TimeoutError:
                return
        raise RuntimeError(f"the queue of {address} does not fill")
