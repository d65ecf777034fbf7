"""A deliberately misbehaving name server: each name has its own answer, and every query is recorded."""

import os
import socket
import struct
import threading
import time
from collections import namedtuple

from network import RESOLVER

Question = namedtuple("Question", "at name kind transport")

A, CNAME, SOA, AAAA = 1, 5, 6, 28
SERVFAIL, NXDOMAIN, REFUSED = 2, 3, 5
KINDS = {A: "A", AAAA: "AAAA"}


class Answer:
    """The addresses of a name, and the fault of its reply."""

    def __init__(self, addresses=(), code=0, code_v6=None, chain=(), ttl=60, wait=0.0, fault=None):
        self.addresses = addresses
        self.code = code
        # The response code for AAAA queries, if it differs.
        self.code_v6 = code if code_v6 is None else code_v6
        # The CNAME chain before the addresses.
        self.chain = chain
        self.ttl = ttl
        self.wait = wait
        # `silent`, `garbage`, `empty`, `wrong-id`, `truncated`, `short-record` or `pointer-loop`.
        self.fault = fault


class NameServer:
    """Answers on UDP and TCP; unknown names are NXDOMAIN."""

    def __init__(self):
        self.answers = {}
        self.questions = []
        self.lock = threading.Lock()
        self.udp = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        # Many names are queried at the same time, and a dropped query is repeated only after five seconds.
        self.udp.setsockopt(socket.SOL_SOCKET, getattr(socket, "SO_RCVBUFFORCE", 33), 4 << 20)
        self.udp.bind((RESOLVER, 53))
        self.tcp = socket.create_server((RESOLVER, 53), backlog=64)
        threading.Thread(target=self.serve_datagrams, daemon=True).start()
        threading.Thread(target=self.serve_streams, daemon=True).start()

    def knows(self, name, *addresses, **how):
        """Sets the first answer of a name; `then` adds later ones, and the last one is repeated."""
        self.answers[name] = [Answer(addresses, **how)]
        return name

    def then(self, name, *addresses, **how):
        self.answers[name].append(Answer(addresses, **how))

    def asked(self, name):
        """Returns the queries for a name and for names that begin with it."""
        return [question for question in self.questions if question.name.lower().startswith(name.lower())]

    def serve_datagrams(self):
        while True:
            message, peer = self.udp.recvfrom(4096)
            threading.Thread(target=self.answer_datagram, args=(message, peer), daemon=True).start()

    def answer_datagram(self, message, peer):
        reply = self.answer(message, "udp")
        if reply is not None:
            self.udp.sendto(reply, peer)

    def serve_streams(self):
        while True:
            stream, _ = self.tcp.accept()
            threading.Thread(target=self.serve_stream, args=(stream,), daemon=True).start()

    def serve_stream(self, stream):
        with stream, stream.makefile("rwb") as file:
            while length := file.read(2):
                reply = self.answer(file.read(struct.unpack(">H", length)[0]), "tcp")
                if reply is None:
                    return
                file.write(struct.pack(">H", len(reply)) + reply)
                file.flush()

    def answer(self, message, transport):
        """Returns the reply to a query; None for no reply."""
        name, kind, end = read_question(message)
        with self.lock:
            self.questions.append(Question(time.monotonic(), name, KINDS.get(kind, kind), transport))
            answers = self.answers.get(name.lower().removesuffix("."), [Answer(code=NXDOMAIN)])
            earlier = sum(1 for asked in self.questions if (asked.name, asked.kind) == (name, KINDS.get(kind))) - 1
            answer = answers[min(earlier, len(answers) - 1)]
        time.sleep(answer.wait)
        family = {A: socket.AF_INET, AAAA: socket.AF_INET6}.get(kind)
        values = [socket.inet_pton(family, text) for text in answer.addresses if (":" in text) == (kind == AAAA)]
        owner, records = b"\xc0\x0c", []
        for alias in answer.chain:
            records.append(record(owner, CNAME, answer.ttl, pack_name(alias)))
            owner = pack_name(alias)
        records += [record(owner, kind, answer.ttl, value) for value in values]
        if answer.fault == "short-record":
            records = [record(owner, kind, answer.ttl, value[:3]) for value in values]
        if answer.fault == "pointer-loop":
            # The owner of the first record is the record itself.
            records = [record(struct.pack(">H", 0xC000 | end), kind, answer.ttl, value) for value in values]
        body = b"".join(records)
        question = message[12:end]
        # A reply that does not fit into a datagram needs TCP.
        cut = transport == "udp" and (answer.fault == "truncated" or len(body) > 1200)
        if cut:
            body, records = b"", []
        identity = message[:2]
        match answer.fault:
            case "silent":
                return None
            case "garbage":
                return identity + os.urandom(60)
            case "empty":
                return b""
            case "wrong-id":
                identity = bytes([identity[0] ^ 0xFF, identity[1]])
        flags = 0x8180 | (answer.code_v6 if kind == AAAA else answer.code) | (0x0200 if cut else 0)
        return identity + struct.pack(">HHHHH", flags, 1, len(records), 0, 0) + question + body


def read_question(message):
    labels, at = [], 12
    while message[at]:
        labels.append(message[at + 1 : at + 1 + message[at]].decode("ascii", "backslashreplace"))
        at += 1 + message[at]
    return ".".join(labels), struct.unpack(">H", message[at + 1 : at + 3])[0], at + 5


def pack_name(name):
    return b"".join(bytes([len(label)]) + label.encode() for label in name.split(".")) + b"\0"


def record(owner, kind, ttl, value):
    return owner + struct.pack(">HHIH", kind, 1, ttl, len(value)) + value
