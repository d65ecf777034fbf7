"""The host behind every address of the test: HTTPS with its own authority."""

import base64
import os
import socket
import ssl
import struct
import subprocess
import threading

DOMAIN = "test.example.org"
PNG = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAIAAAACCAIAAAD91JpzAAAAFklEQVQI12P8v5SBgYGBiYGBgYGBAQAU2QGooxpIiAAAAABJRU5ErkJggg=="
)


class Host:
    """Serves `/good.png`, `/redirect/HOST` and `/location/HOST`, and records the head of every request."""

    def __init__(self, work):
        self.authority = os.path.join(work, "root.pem")
        certificate(work, "root", "-addext", "keyUsage=keyCertSign")
        signed = ["-CA", self.authority, "-CAkey", os.path.join(work, "root.key")]
        names = f"subjectAltName=DNS:*.{DOMAIN}"
        certificate(work, "host", *signed, "-addext", "basicConstraints=CA:FALSE", "-addext", names)
        self.context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        self.context.load_cert_chain(os.path.join(work, "host.pem"), os.path.join(work, "host.key"))
        self.requests = []
        # The local address of every connection.
        self.connections = []
        for port in (443, 8443):
            listener = socket.socket(socket.AF_INET6)
            listener.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 0)
            # Cases put other listeners on single addresses, which take precedence over this one.
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
            listener.bind(("::", port))
            listener.listen(512)
            threading.Thread(target=self.listen, args=(listener,), daemon=True).start()

    def listen(self, listener):
        while True:
            stream, _ = listener.accept()
            address = stream.getsockname()[0].removeprefix("::ffff:")
            self.connections.append(address)
            threading.Thread(target=self.serve, args=(stream, address), daemon=True).start()

    def serve(self, stream, address):
        stream.settimeout(30)
        try:
            with self.context.wrap_socket(stream, server_side=True) as tls, tls.makefile("rb") as file:
                while head := read_head(file):
                    self.requests.append((address, head))
                    tls.sendall(reply(*head[0].split(" ")[:2]))
        except OSError:
            # The client may close at any time.
            pass

    def answers_with_resets(self, address, port=443):
        """Resets every connection to one address."""
        family = socket.AF_INET6 if ":" in address else socket.AF_INET
        listener = socket.create_server((address, port), family=family, reuse_port=True)

        def reset():
            while True:
                stream, _ = listener.accept()
                stream.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
                stream.close()

        threading.Thread(target=reset, daemon=True).start()


def certificate(work, name, *more):
    """Makes a key and a certificate."""
    paths = [option for kind in ("key", "pem") for option in (os.path.join(work, f"{name}.{kind}"),)]
    command = ["openssl", "req", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-x509"]
    command += ["-days", "2", "-subj", f"/CN=guard {name}", "-keyout", paths[0], "-out", paths[1], *more]
    subprocess.run(command, check=True, capture_output=True)


def read_head(file):
    """Reads the lines up to the empty one; no lines if the client has closed."""
    lines = []
    while line := file.readline(65536).decode("latin-1").rstrip("\r\n"):
        lines.append(line)
    return lines


def reply(method, target):
    status, fields, body = "200 OK", [], PNG
    if target.startswith("/redirect/"):
        status, fields = "302 Found", [f"Location: https://{target.removeprefix('/redirect/')}/good.png"]
    if target.startswith("/location/"):
        place = f"https://{target.removeprefix('/location/')}/good.png"
        fields = [f"Location: {place}", f"Refresh: 0; url={place}", f"Content-Location: {place}"]
    head = [f"HTTP/1.1 {status}", "Content-Type: image/png", f"Content-Length: {len(body)}", *fields, "", ""]
    return "\r\n".join(head).encode("latin-1") + (b"" if method == "HEAD" else body)
