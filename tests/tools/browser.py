#!/usr/bin/env python3
"""browser.py PAGE... [--axe axe.min.js] [--pictures FOLDER] [--mode NAME]...

Opens local pages in Chromium and says what is wrong with each: a request other than for itself, a message on the
console, text that does not fit the screen, a control that the keyboard does not reach, and what axe-core finds; light,
dark, on paper, and at 320 px. Ends with 1 where anything is. Speaks DevTools over a pipe, so that no port is opened.
"""
import argparse, base64, fcntl, json, os, pathlib, shutil, signal, subprocess, sys, tempfile

MODES = [("light", 1280, "screen", "light"), ("dark", 1280, "screen", "dark"), ("print", 794, "print", "light"),
         ("narrow", 320, "screen", "light"), ("narrow-dark", 320, "screen", "dark")]
TIMEOUT = 180  # seconds for all of it


class Chromium:
    def __init__(self, profile):
        to_child, self.out = os.pipe()
        self.inp, from_child = os.pipe()
        high = [fcntl.fcntl(fd, fcntl.F_DUPFD, 20) for fd in (to_child, from_child)]

        def wire():
            os.dup2(high[0], 3)
            os.dup2(high[1], 4)

        self.process = subprocess.Popen(
            [shutil.which("chromium"), "--headless", "--no-sandbox", "--disable-gpu", "--remote-debugging-pipe",
             "--user-data-dir=" + profile, "--no-first-run", "--disable-extensions", "--disable-background-networking",
             "--disable-component-update", "--disable-dev-shm-usage", "--host-resolver-rules=MAP * ~NOTFOUND",
             "about:blank"],
            stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, preexec_fn=wire,
            pass_fds=(3, 4), env={**os.environ, "HOME": profile, "TMPDIR": profile})
        for fd in (to_child, from_child, *high):
            os.close(fd)
        self.buffer, self.number, self.events, self.session = b"", 0, [], None

    def receive(self):
        while b"\0" not in self.buffer:
            got = os.read(self.inp, 1 << 16)
            if not got:
                raise SystemExit("chromium ended")
            self.buffer += got
        message, self.buffer = self.buffer.split(b"\0", 1)
        return json.loads(message)

    def call(self, method, **params):
        self.number += 1
        message = {"id": self.number, "method": method, "params": params}
        if self.session:
            message["sessionId"] = self.session
        os.write(self.out, json.dumps(message).encode() + b"\0")
        while True:
            got = self.receive()
            if got.get("id") == self.number:
                if "error" in got:
                    raise SystemExit(f"{method}: {got['error']}")
                return got["result"]
            self.events.append(got)

    def wait(self, method):
        while not any(e.get("method") == method for e in self.events):
            self.events.append(self.receive())

    def value(self, expression):
        got = self.call("Runtime.evaluate", expression=expression, awaitPromise=True, returnByValue=True)
        if "exceptionDetails" in got:
            raise SystemExit(f"{expression[:80]}: {got['exceptionDetails']}")
        return got["result"].get("value")

    def close(self):
        self.process.kill()
        self.process.wait()


def open_page(c, url):
    target = c.call("Target.createTarget", url="about:blank")["targetId"]
    c.session = c.call("Target.attachToTarget", targetId=target, flatten=True)["sessionId"]
    for domain in ("Page", "Network", "Log", "Runtime"):
        c.call(domain + ".enable")
    c.events.clear()
    c.call("Page.navigate", url=url)
    c.wait("Page.loadEventFired")
    c.value("document.fonts.ready.then(() => 1)")


def of_events(c, url):
    for e in c.events:
        p = e.get("params", {})
        if e.get("method") == "Network.requestWillBeSent":
            asked = p["request"]["url"]
            if asked != url and not asked.startswith("data:"):
                yield f"request: {asked[:200]}"
        elif e.get("method") == "Log.entryAdded":
            yield f"console: {p['entry']['text'][:300]}"
        elif e.get("method") == "Runtime.consoleAPICalled":
            yield f"console: {str(p['args'])[:300]}"
        elif e.get("method") == "Runtime.exceptionThrown":
            yield f"exception: {str(p)[:300]}"


# What sticks out of the screen, though nothing lets it scroll.
WIDE = """(() => { const w = document.documentElement.clientWidth;
  return document.documentElement.scrollWidth > w ? [...document.querySelectorAll('body *')]
    .filter (e => e.getBoundingClientRect ().right > w + 1 && !e.closest ('[tabindex], .wide')).slice (0, 5)
    .map (e => e.outerHTML.slice (0, 120)).concat ('the page is ' + document.documentElement.scrollWidth + ' wide') : [] })()"""

# WCAG 2 1.4.3, also of what scrolls out of sight, which axe cannot judge.
CONTRAST = """(() => { const parts = c => c.match (/[\\d.]+/g).map (Number),
  light = c => parts (c).slice (0, 3).map (v => (v /= 255) <= .03928 ? v / 12.92 : ((v + .055) / 1.055) ** 2.4)
    .reduce ((sum, v, i) => sum + v * [.2126, .7152, .0722][i], 0),
  behind = e => { for (; e; e = e.parentElement) { const c = getComputedStyle (e).backgroundColor;
    if (parts (c)[3] !== 0) return c; } return 'rgb(255, 255, 255)'; }, bad = [];
  for (const e of document.querySelectorAll ('body *')) {
    if (![...e.childNodes].some (n => n.nodeType === 3 && n.data.trim ())) continue;
    const [a, b] = [light (getComputedStyle (e).color), light (behind (e))].sort ((x, y) => y - x),
      ratio = (a + .05) / (b + .05);
    if (ratio < 4.5) bad.push (ratio.toFixed (2) + ' ' + e.outerHTML.slice (0, 100)); }
  return bad.slice (0, 5) })()"""

# Links and places that scroll, which Tab has to come by.
STOPS = "[...document.querySelectorAll('a[href], [tabindex=\"0\"]')].filter (e => e.checkVisibility ()).length"


def tab_stops(c, most):
    seen = 0
    c.value("document.activeElement && document.activeElement.blur ()")
    for _ in range(most + 1):
        for kind in ("keyDown", "keyUp"):
            c.call("Input.dispatchKeyEvent", type=kind, key="Tab", code="Tab", windowsVirtualKeyCode=9)
        if c.value("document.activeElement === document.body || document.activeElement === null"):
            break
        seen += 1
    return seen


def look(c, mode, axe, pictures):
    name, width, media, scheme = mode
    c.call("Emulation.setDeviceMetricsOverride", width=width, height=900, deviceScaleFactor=1, mobile=False)
    c.call("Emulation.setEmulatedMedia", media=media, features=[{"name": "prefers-color-scheme", "value": scheme}])
    for line in c.value(WIDE):
        yield f"{name}: too wide: {line}"
    for line in c.value(CONTRAST):
        yield f"{name}: contrast: {line}"
    if axe and media == "screen":
        found = c.value("axe.run (document, {resultTypes: ['violations']}).then (r => r.violations.map (v => "
                        "v.id + ': ' + v.help + ' ' + v.nodes.slice (0, 3).map (n => n.html.slice (0, 160)).join (' | ')))")
        for line in found:
            yield f"{name}: axe: {line}"
    if pictures:
        shot = c.call("Page.captureScreenshot", format="png", captureBeyondViewport=True)
        pathlib.Path(pictures, name + ".png").write_bytes(base64.b64decode(shot["data"]))
    if pictures and media == "print":
        pdf = c.call("Page.printToPDF", paperWidth=8.27, paperHeight=11.69)
        pathlib.Path(pictures, name + ".pdf").write_bytes(base64.b64decode(pdf["data"]))


def look_at(c, page, a):
    url = pathlib.Path(page).resolve().as_uri()
    open_page(c, url)
    if a.axe:
        c.value(pathlib.Path(a.axe).read_text() + "; typeof axe")
    for mode in (m for m in MODES if not a.mode or m[0] in a.mode):
        yield from look(c, mode, a.axe, a.pictures)
    c.call("Emulation.setEmulatedMedia", media="screen", features=[])
    c.call("Emulation.setDeviceMetricsOverride", width=1280, height=900, deviceScaleFactor=1, mobile=False)
    stops = c.value(STOPS)
    reached = tab_stops(c, stops)
    if reached < stops:
        yield f"keyboard: Tab comes by {reached} of {stops} places"
    yield from of_events(c, url)
    c.session = None


def main():
    a = argparse.ArgumentParser()
    a.add_argument("page", nargs="+")
    a.add_argument("--axe")
    a.add_argument("--pictures")
    a.add_argument("--mode", action="append", choices=[m[0] for m in MODES])
    a = a.parse_args()
    signal.alarm(TIMEOUT)
    profile, wrong = tempfile.mkdtemp(), 0
    c = Chromium(profile)
    try:
        for page in a.page:
            for line in look_at(c, page, a):
                wrong += 1
                print(f"{page}: {line}")
    finally:
        c.close()
        shutil.rmtree(profile, ignore_errors=True)
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
