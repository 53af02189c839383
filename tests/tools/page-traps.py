#!/usr/bin/env python3
"""page-traps.py BROWSER LIST: opens pages in a real browser where every host is a trap.

LIST has a line for each page: name, tab, file. The pages stand in frames of one document, many at a
time; they are opened with their own policy (CSP), and again with that taken away, so that the cleaning
alone has to hold. Each is clicked into, and keys are pressed. Prints a line for each page: name, tab,
what it did (script, request, navigation, dialog, window) or "nothing"; and one with the name "?" for
what reached a trap without telling from where.
"""
import json
import os
import re
import select
import shutil
import socket
import subprocess
import sys
import tempfile
import threading
import time

HOST = "http://pages.example"  # its icon is asked for by the browser, not by the page
OWN = ("google.com", "googleapis.com", "gvt1.com", "duckduckgo.com")  # whom the browser itself calls
ROWS, COLUMNS = 4, 7
WIDTH, HEIGHT = 110, 130

browser, listing = sys.argv[1:3]
pages = []
with open(listing, encoding="utf-8") as f:
    for line in f:
        name, path = line.rstrip("\n").split("\t")
        with open(path, "rb") as page:
            pages.append((name, page.read()))

lock = threading.Lock()
trapped = []  # first lines of what came to any other host, or to another path of this


def frames(first):
    box = '<iframe src="/page/%d/" style="position:absolute;border:0;left:%dpx;top:%dpx;width:%dpx;height:%dpx"></iframe>'
    return "".join(box % (first + n, n % COLUMNS * WIDTH, n // COLUMNS * HEIGHT, WIDTH, HEIGHT)
                   for n in range(min(ROWS * COLUMNS, len(pages) - first))).encode()


def answer(words):
    """The body for a path of ours, else None."""
    parts = words[1].decode("latin-1").split("/") if len(words) == 3 and words[0] == b"GET" else []
    if len(parts) != 4 or parts[3] or not parts[2].isdigit() or int(parts[2]) >= len(pages):
        return b"" if parts[1:] == ["favicon.ico"] else None
    number = int(parts[2])
    return {"page": pages[number][1], "frames": frames(number)}.get(parts[1])


def serve(connection, ours):
    with connection:
        connection.settimeout(5)
        try:
            data = connection.recv(65536)
        except OSError:
            data = b""
        first = data.split(b"\r\n")[0]
        if data[:1] == b"\x16":  # TLS: the host's name stands in it (RFC 6066 3)
            first = b"TLS " + b" ".join(re.findall(rb"[a-z0-9-]+(?:\.[a-z0-9-]+)+", data))
        body = answer(first.split(b" ")) if ours else None
        if body is None and not (ours and not first):  # the browser opens spare connections to its page
            with lock:
                trapped.append(first[:100].decode("latin-1") or "a connection")
        body = b"<p>trap" if body is None else body
        try:
            connection.sendall(b"HTTP/1.0 200 OK\r\nContent-Type: text/html; charset=utf-8\r\n"
                               b"Content-Length: %d\r\n\r\n%s" % (len(body), body))
        except OSError:
            pass


def listen(ours):
    server = socket.socket()
    server.bind(("127.0.0.1", 0))
    server.listen(256)

    def loop():
        while True:
            connection, _ = server.accept()
            threading.Thread(target=serve, args=(connection, ours), daemon=True).start()

    threading.Thread(target=loop, daemon=True).start()
    return server.getsockname()[1]


class Browser:
    """Chromium's debugging protocol over a pipe: JSON, a zero byte between messages."""

    def __init__(self, ours, traps):
        self.home = tempfile.mkdtemp()
        to_read, self.to = os.pipe()
        self.back, to_write = os.pipe()
        here = (to_read, to_write)

        def wire():
            high = [os.dup(fd) for fd in here]
            os.dup2(high[0], 3)
            os.dup2(high[1], 4)
            os.set_inheritable(3, True)
            os.set_inheritable(4, True)

        command = [browser, "--headless", "--disable-gpu", "--disable-dev-shm-usage", "--no-first-run",
                   "--disable-background-networking", "--disable-component-update", "--disable-sync",
                   "--remote-debugging-pipe", "--user-data-dir=" + self.home,
                   "--host-resolver-rules=%s, MAP pages.example 127.0.0.1:%d, MAP * 127.0.0.1:%d"
                   % (", ".join("MAP *.%s ~NOTFOUND" % host for host in OWN), ours, traps),
                   "--proxy-server=direct://", "--window-size=%d,%d" % (COLUMNS * WIDTH, ROWS * HEIGHT + 100)]
        if os.getuid() == 0:
            command.append("--no-sandbox")
        self.process = subprocess.Popen(command, preexec_fn=wire, close_fds=False,
                                        stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
                                        stderr=subprocess.DEVNULL, start_new_session=True)
        os.close(to_read)
        os.close(to_write)
        self.count, self.rest, self.events = 0, b"", []
        target = self.call("Target.createTarget", url="about:blank")["targetId"]
        self.session = self.call("Target.attachToTarget", targetId=target, flatten=True)["sessionId"]
        for area in ("Page", "Network", "Debugger"):
            self.call(area + ".enable")

    def send(self, method, **params):
        self.count += 1
        message = {"id": self.count, "method": method, "params": params}
        if getattr(self, "session", None):
            message["sessionId"] = self.session
        os.write(self.to, json.dumps(message).encode() + b"\0")
        return self.count

    def receive(self, until):
        """The next message, or None when the time is over."""
        while b"\0" not in self.rest:
            left = until - time.monotonic()
            if left <= 0 or not select.select([self.back], [], [], left)[0]:
                return None
            data = os.read(self.back, 1 << 20)
            if not data:
                raise SystemExit("the browser ended")
            self.rest += data
        message, self.rest = self.rest.split(b"\0", 1)
        message = json.loads(message)
        if "method" in message:
            self.events.append(message)
            if message["method"] == "Page.javascriptDialogOpening":
                self.send("Page.handleJavaScriptDialog", accept=True)
        return message

    def call(self, method, **params):
        number = self.send(method, **params)
        until = time.monotonic() + 20
        while True:
            message = self.receive(until)
            if message is None:
                raise SystemExit("the browser does not answer " + method)
            if message.get("id") == number:
                return message.get("result", {})

    def wait_for(self, method, seconds):
        until = time.monotonic() + seconds
        while not any(e["method"] == method for e in self.events):
            if self.receive(until) is None:
                return

    def listen(self, seconds):
        until = time.monotonic() + seconds
        while self.receive(until) is not None:
            pass

    def close(self):
        try:
            os.killpg(self.process.pid, 9)
        except ProcessLookupError:
            pass
        self.process.wait()
        shutil.rmtree(self.home, ignore_errors=True)


def touch(chromium, count):
    """Into each frame twice, and through whatever takes the focus."""
    for n in range(count):
        for x, y in ((12, 12), (60, 40)):
            for kind in ("mouseMoved", "mousePressed", "mouseReleased"):
                chromium.send("Input.dispatchMouseEvent", type=kind, x=n % COLUMNS * WIDTH + x,
                              y=n // COLUMNS * HEIGHT + y, button="left", clickCount=1)
        for key, code in (("Tab", 9), ("Enter", 13)):
            for kind in ("rawKeyDown", "keyUp"):
                chromium.send("Input.dispatchKeyEvent", type=kind, key=key, windowsVirtualKeyCode=code)


def ours(url):
    return url.startswith((HOST + "/page/", HOST + "/frames/")) and url.endswith("/")


def did(event, frame_of):
    """What an event tells beyond the pages that were asked for: which page, and what."""
    method, params = event["method"], event["params"]
    frame = params.get("frameId") or params.get("frame", {}).get("id")
    if method == "Debugger.scriptParsed":
        return params.get("executionContextAuxData", {}).get("frameId"), "script"
    if method == "Page.javascriptDialogOpening":
        return params.get("frameId"), "dialog"
    if method == "Page.windowOpen":
        return frame, "window"
    if method == "Page.frameAttached" and params["parentFrameId"] in frame_of:
        return params["parentFrameId"], "navigation"
    if method == "Page.frameRequestedNavigation" and not (params["reason"] == "initialFrameNavigation"
                                                          and ours(params["url"])):
        return frame, "navigation"
    if method == "Page.frameNavigated":
        url = params["frame"]["url"]
        if ours(url) and "/page/" in url and frame not in frame_of:
            frame_of[frame] = int(url.split("/")[4])
        elif not ours(url) and (url != "about:blank" or frame in frame_of):
            return frame, "navigation"
    if method == "Network.requestWillBeSent":
        url = params["request"]["url"]
        if not ours(url) and url != HOST + "/favicon.ico" and not url.startswith("data:"):
            return frame, "request"
    return None, None


def visit(chromium, first, results):
    count = min(ROWS * COLUMNS, len(pages) - first)
    for url in ("about:blank", "%s/frames/%d/" % (HOST, first)):
        chromium.events.clear()
        chromium.call("Page.navigate", url=url)
        chromium.wait_for("Page.loadEventFired", 20)
    touch(chromium, count)
    chromium.call("Page.getNavigationHistory")  # answered when all before it is done
    chromium.listen(0.3)
    frame_of = {}
    for event in chromium.events:
        frame, what = did(event, frame_of)
        if what:
            results.setdefault(frame_of.get(frame, "?"), set()).add(what)
    if len(frame_of) != count:
        results.setdefault("?", set()).add("%d of %d pages were opened" % (len(frame_of), count))


chromium = Browser(listen(True), listen(False))
try:
    results = {}
    for bypass in (False, True):
        chromium.call("Page.setBypassCSP", enabled=bypass)
        for first in range(0, len(pages), ROWS * COLUMNS):
            visit(chromium, first, results)
    with lock:
        if trapped:
            results.setdefault("?", set()).add("trapped: " + ", ".join(sorted(set(trapped))))
    for n, (name, _) in enumerate(pages):
        print("%s\t%s" % (name, " ".join(sorted(results.get(n, ()))) or "nothing"))
    if "?" in results:
        print("?\t" + " ".join(sorted(results["?"])))
finally:
    chromium.close()
