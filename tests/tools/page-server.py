#!/usr/bin/env python3
"""page-server.py DIR: a campaign's hosts on loopback, for tests.

Every name below .localhost leads here. DIR/port gets the port, DIR/log a line for each request:
method, host, path. With DIR/certificate.pem another port, in DIR/tls-port, takes TLS.
"""
import gzip
import http.server
import os
import socketserver
import ssl
import struct
import sys
import threading
import time
import zlib

folder = sys.argv[1]
lock = threading.Lock()


def png(width, height, colour):
    def chunk(kind, data):
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    rows = b"".join(b"\0" + colour * width for _ in range(min(height, 400)))
    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b"")


def gzip_bomb():
    """10 GB of blanks, a GiB at a time: what is sent is small."""
    packer = zlib.compressobj(9, zlib.DEFLATED, 31)
    block = b" " * (1 << 20)
    yield packer.compress(b"<html><body><p>bomb")
    for _ in range(10240):
        piece = packer.compress(block)
        if piece:
            yield piece
    yield packer.flush()


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.0"

    def log_message(self, *args):
        pass

    def send(self, status, kind, body, **fields):
        self.send_response(status)
        if kind:
            self.send_header("Content-Type", kind)
        for name, value in fields.items():
            self.send_header(name.replace("_", "-"), value)
        self.end_headers()
        if isinstance(body, bytes):
            body = [body]
        for piece in body:
            self.wfile.write(piece)

    def do_GET(self):
        host = self.headers.get("Host", "")
        port = self.server.server_address[1]
        with lock, open(os.path.join(folder, "log"), "a", encoding="utf-8") as log:
            log.write("%s %s %s\n" % (self.command, host.rsplit(":", 1)[0], self.path))
            for name in ("Cookie", "Referer", "Authorization", "Proxy-Connection"):
                if self.headers.get(name):
                    log.write("%s: %s\n" % (name, self.headers[name]))
            if "agent" in self.path:
                log.write("agent: %s\n" % self.headers.get("User-Agent"))
        try:
            self.answer(self.path.split("?")[0], port)
        except (BrokenPipeError, ConnectionResetError):
            pass

    do_POST = do_HEAD = do_GET

    def answer(self, path, port):
        here = "http://www.localhost:%d" % port
        file = os.path.join(folder, "www", path.lstrip("/"))
        if path == "/loop":
            self.send(302, None, b"", Location=here + "/loop", Set_Cookie="a=b; Domain=localhost")
        elif path.startswith("/hops"):
            n = int(path[5:])
            self.send(302, None, b"", Location=here + ("/hops%d" % (n - 1) if n > 1 else "/page.html"))
        elif path == "/to":
            self.send(302, None, b"", Location=self.path.split("?", 1)[1])
        elif path == "/leave":
            self.send(302, None, b"", Location=here + "/unsubscribe")
        elif path == "/endless":
            self.send(200, "text/html", (b"<p>more" * 1000 for _ in range(10**9)))
        elif path == "/slow":
            self.send(200, "text/html", (time.sleep(0.5) or b"<p>slow" for _ in range(10**9)))
        elif path == "/fields":
            self.send_response(200)
            for n in range(10**5):
                self.send_header("X-%d" % n, "x" * 1000)
            self.end_headers()
        elif path == "/gzip":
            self.send(200, "text/html", gzip_bomb(), Content_Encoding="gzip")
        elif path == "/packed":
            self.send(200, "text/html", gzip.compress(b"<p>unpacked"), Content_Encoding="gzip")
        elif path == "/bomb.png":
            self.send(200, "image/png", png(100000, 100000, b"\0\0\0"))
        elif path == "/svg.png":
            self.send(200, "image/png", b'<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>')
        elif path == "/moved.png":
            self.send(301, None, b"", Location="http://elsewhere.localhost:%d/moved.png" % port)
        elif path == "/near.png":
            self.send(301, None, b"", Location="/logo.png")
        elif os.path.isfile(file):
            kind = {"html": "text/html", "css": "text/css"}.get(file.rsplit(".", 1)[-1])
            with open(file, "rb") as source:
                self.send(200, kind or "application/octet-stream", source.read())
        elif path.endswith(".png"):
            self.send(200, "image/png", png(120, 40, b"\x20\x60\xa0"))
        elif path.endswith(".gif"):
            self.send(200, "image/gif", b"GIF89a\x01\0\x01\0\0\0\0;")
        else:
            self.send(404, "text/plain", b"none")


class Server(socketserver.ThreadingMixIn, http.server.HTTPServer):
    daemon_threads = True

    def server_bind(self):
        socketserver.TCPServer.server_bind(self)  # no reverse lookup
        self.server_name, self.server_port = "localhost", self.server_address[1]


if os.path.exists(os.path.join(folder, "certificate.pem")):
    tls = Server(("127.0.0.1", 0), Handler)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(os.path.join(folder, "certificate.pem"))
    tls.socket = context.wrap_socket(tls.socket, server_side=True, do_handshake_on_connect=False)
    threading.Thread(target=tls.serve_forever, daemon=True).start()
    with open(os.path.join(folder, "tls-port"), "w", encoding="ascii") as out:
        out.write(str(tls.server_address[1]))
server = Server(("127.0.0.1", 0), Handler)
threading.Thread(target=server.serve_forever, daemon=True).start()
with open(os.path.join(folder, "port.new"), "w", encoding="ascii") as out:
    out.write(str(server.server_address[1]))
os.rename(os.path.join(folder, "port.new"), os.path.join(folder, "port"))
threading.Event().wait()
