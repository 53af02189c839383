#!/usr/bin/env python3
"""make-pictures.py POSTPACKET [BROWSER]: NAME-both.png here, each sample's page beside its clean copy.

To be looked at: text and layout have to be the same, but for pictures (boxes), merge fields and names.
Nothing is fetched, so that a picture takes no room in the original and that of a box in its copy; the
original's scripts are off.
"""
import email
import email.policy
import html
import os
import shutil
import subprocess
import sys
import tempfile

here = os.path.dirname(os.path.abspath(__file__))
samples = os.path.dirname(here)
program = os.path.abspath(sys.argv[1])
browser = sys.argv[2] if len(sys.argv) > 2 else shutil.which("chromium") or shutil.which("google-chrome")
HEIGHTS = {"page/hidden.html": 300, "page/newsletter.html": 720, "outage/page/weekly.html": 940, "delivered/newsletter.eml": 860}
WIDTH = 600


def page_of(path):
    with open(path, "rb") as f:
        data = f.read()
    if not path.endswith(".eml"):
        return data
    part = email.message_from_bytes(data, policy=email.policy.default).get_body(("html",))
    return part.get_content().encode()


with tempfile.TemporaryDirectory() as tmp:
    os.environ["XDG_STATE_HOME"] = tmp
    for name, height in HEIGHTS.items():
        path = os.path.join(samples, name)
        out = os.path.join(tmp, name.replace("/", "-"))
        subprocess.run([program, "snapshot", "--browser", "none", "--output", out, path], check=True,
                       stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        with open(out + ".html", "wb") as f:
            f.write(page_of(path))
        frame = '<iframe %s src="%s" style="border:1px solid #999;width:%dpx;height:%dpx"></iframe>'
        both = [frame % ("sandbox", html.escape(source), WIDTH, height) for source in (out + ".html", out + "/campaign.html")]
        with open(os.path.join(tmp, "both.html"), "w", encoding="utf-8") as f:
            f.write("<!DOCTYPE html><body style='margin:8px;font:14px sans-serif'><table><tr><th>%s, as it is<th>its clean copy"
                    "<tr><td>%s<td>%s</table>" % (name, *both))
        base = os.path.basename(name).rsplit(".", 1)
        picture = os.path.join(here, "%s%s-both.png" % (base[0], "-mail" if base[1] == "eml" else ""))
        command = [browser, "--headless", "--disable-gpu", "--hide-scrollbars", "--allow-file-access-from-files",
                   "--host-resolver-rules=MAP * ~NOTFOUND", "--window-size=%d,%d" % (2 * WIDTH + 40, height + 60),
                   "--user-data-dir=" + os.path.join(tmp, "home"), "--screenshot=" + picture]
        if os.getuid() == 0:
            command.append("--no-sandbox")
        subprocess.run(command + ["file://" + os.path.join(tmp, "both.html")], check=True,
                       stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        print(picture, os.path.getsize(picture))
