"""The suite: the registry of cases, and their shared state."""

import ipaddress
import itertools
import threading
import traceback
from concurrent.futures import ThreadPoolExecutor

from host import DOMAIN, Host
from names import NameServer
from network import RESOLVER, prepare
from program import Program
from recorder import UDP, Recorder

# Cases that share the network, and cases that change it for all.
TOGETHER, ALONE = [], []


def case(name, what, alone=False):
    """Registers a function as a case."""

    def enter(function):
        (ALONE if alone else TOGETHER).append((name, what, function))
        return function

    return enter


class Suite:
    """The state that all cases share."""

    def __init__(self, binary, work):
        prepare(work)
        self.recorder = Recorder()
        self.names = NameServer()
        self.host = Host(work)
        self.program = Program(binary, self.host.authority)
        self.work = work
        self.allowed = set()
        self.counter = itertools.count(1)
        self.lock = threading.Lock()

    def name(self):
        """Returns a host name that no other case uses."""
        return f"host-{next(self.counter)}.{DOMAIN}"

    def address(self):
        """Returns a public IPv4 address that no other case uses."""
        return self.public(ipaddress.IPv4Address("23.0.0.0"))

    def address_v6(self):
        """Returns a public IPv6 address that no other case uses."""
        return self.public(ipaddress.IPv6Address("2600::"))

    def public(self, network):
        address = str(network + next(self.counter))
        self.allow(address)
        return address

    def connections(self, address):
        """Returns the number of connection attempts to an address."""
        return sum(1 for connected, _ in self.recorder.connected() if connected == address)

    def allow(self, *addresses):
        """Allows connections to these addresses."""
        self.allowed.update(str(ipaddress.ip_address(address)) for address in addresses)

    def note(self, what):
        with self.lock:
            print(f"   {what}", flush=True)

    def cannot(self, what):
        """Reports a check that cannot run on this machine."""
        self.note(f"CANNOT RUN HERE: {what}")

    def guarded(self):
        """Fails if any packet of the run went to anything but the name server and allowed addresses."""
        for packet in self.recorder.since(0):
            asked = (packet.address, packet.port) == (RESOLVER, 53)
            # Replies of the name server.
            answered = packet.protocol == UDP and packet.source == RESOLVER
            holds(asked or answered or packet.address in self.allowed, packet)
        equal(self.recorder.lost(), 0, "packets that were not recorded")

    def run(self):
        """Runs every case and prints the results. Returns whether all passed."""
        failed = 0
        with ThreadPoolExecutor(max_workers=8) as pool:
            failed += sum(pool.map(self.attempt, TOGETHER))
        failed += sum(map(self.attempt, ALONE))
        failed += self.attempt(("N03", "no packet of the whole run went to a forbidden address", Suite.guarded))
        print(f"{len(TOGETHER) + len(ALONE) + 1 - failed} passed, {failed} failed", flush=True)
        return failed == 0

    def attempt(self, row):
        name, what, function = row
        try:
            function(self)
            verdict, trace = "ok", ""
        except Exception:
            verdict, trace = "FAILED", "\n" + traceback.format_exc()
        with self.lock:
            print(f"{verdict} {name} {what}{trace}", flush=True)
        return verdict == "FAILED"


def equal(got, wanted, what=""):
    assert got == wanted, f"{what}: wanted {wanted!r}, got {got!r}"


def holds(truth, what):
    assert truth, what
