"""Records every connection attempt and every datagram on the loopback device."""

import socket
import struct
import threading
import time
from collections import namedtuple

from network import RESOLVER

Packet = namedtuple("Packet", "at protocol source address port")

ETHERTYPE_ALL = 3
OUTGOING = 4
TCP, UDP = 6, 17
SYN, ACK = 0x02, 0x10
SO_RCVBUFFORCE, SO_RCVBUF = 33, 8
SOL_PACKET, PACKET_STATISTICS = 263, 6


class Recorder:
    """Captures packets below the kernel's own filters, so a packet that it did not record was not sent."""

    def __init__(self):
        self.packets = []
        self.lock = threading.Lock()
        # From the name server, so that no case takes it for a packet of the program.
        self.sentinel = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.sentinel.bind((RESOLVER, 0))
        self.socket = socket.socket(socket.AF_PACKET, socket.SOCK_DGRAM, socket.htons(ETHERTYPE_ALL))
        self.socket.bind(("lo", 0))
        for option in (SO_RCVBUFFORCE, SO_RCVBUF):
            try:
                self.socket.setsockopt(socket.SOL_SOCKET, option, 64 << 20)
                break
            except PermissionError:
                pass
        threading.Thread(target=self.record, daemon=True).start()

    def record(self):
        while True:
            data, origin = self.socket.recvfrom(128)
            if origin[2] == OUTGOING:
                packet = read(origin[1], data)
                if packet:
                    self.packets.append(packet)

    def since(self, mark):
        """Returns the packets since a mark, up to this moment."""
        return self.packets[mark : self.mark()]

    def mark(self):
        """Returns the number of packets up to this moment.

        Packets are recorded in the order in which they were sent, but on a busy machine later than that. A
        sentinel is sent, and once it is recorded, everything before it is too.
        """
        address, port = self.sentinel.getsockname()
        with self.lock:
            seen, deadline = len(self.packets), time.monotonic() + 30
            self.sentinel.sendto(b"", (address, port))
            while port not in (packet.port for packet in self.packets[seen:]):
                assert time.monotonic() < deadline, f"the sentinel was not recorded; {self.lost()} packets were lost"
                time.sleep(0.001)
            return len(self.packets)

    def sent(self, mark):
        """Returns the packets since a mark that the name server did not send."""
        return [packet for packet in self.since(mark) if packet.source != RESOLVER]

    def connected(self, mark=0):
        """Returns the addresses and ports of connection attempts."""
        return [(packet.address, packet.port) for packet in self.since(mark) if packet.protocol == TCP]

    def lost(self):
        """Returns the number of packets that were dropped because the buffer was full."""
        return struct.unpack("II", self.socket.getsockopt(SOL_PACKET, PACKET_STATISTICS, 8))[1]


def read(ethertype, data):
    """Reads a packet; None if it is neither a connection attempt nor a datagram."""
    if ethertype == 0x0800 and len(data) >= 20:
        protocol, start = data[9], (data[0] & 15) * 4
        source, address = (socket.inet_ntop(socket.AF_INET, data[at : at + 4]) for at in (12, 16))
    elif ethertype == 0x86DD and len(data) >= 40:
        protocol, start = data[6], 40
        source, address = (socket.inet_ntop(socket.AF_INET6, data[at : at + 16]) for at in (8, 24))
    else:
        return None
    segment = data[start:]
    if len(segment) < 8 or protocol not in (TCP, UDP):
        return None
    if protocol == TCP and (len(segment) < 14 or segment[13] & (SYN | ACK) != SYN):
        return None
    return Packet(time.monotonic(), protocol, source, address, struct.unpack(">H", segment[2:4])[0])
