#!/usr/bin/env python3
"""beside.py POSTPACKET: pictures of each sample page as it came (left) and of its clean copy (right), both by the same
Chromium without a network, for a person to look at. Each is written to pictures/ beside this file."""
import base64, email, email.policy, os, shutil, subprocess, sys, tempfile

HERE = os.path.dirname(os.path.abspath(__file__))
SAMPLES = {
    "newsletter-page": "page/newsletter.html", "hidden-page": "page/hidden.html", "outage-page": "outage/page/weekly.html",
    "outage-mail": "outage/delivered/newsletter.eml", "newsletter-mail": "delivered/newsletter.eml",
    "transactional-mail": "delivered/transactional.eml",
}
WIDE, HIGH = 600, 1000


def chromium():
    for name in ("chromium", "chromium-browser", "google-chrome"):
        if shutil.which(name):
            return name
    sys.exit("beside.py: no Chromium is installed")


def shoot(page, picture, width, height, scale="1"):
    subprocess.run(
        [chromium(), "--headless", "--disable-gpu", "--hide-scrollbars", "--no-sandbox", "--host-resolver-rules=MAP * ~NOTFOUND",
         "--force-device-scale-factor=" + scale, f"--window-size={width},{height}", "--user-data-dir=" + os.path.dirname(page) + "/profile",
         "--screenshot=" + picture, "file://" + page], check=True, stderr=subprocess.DEVNULL, stdout=subprocess.DEVNULL)


def original(path):
    data = open(path, "rb").read()
    if not path.endswith(".eml"):
        return data
    part = email.message_from_bytes(data, policy=email.policy.default).get_body(("html",))
    return part and part.get_content().encode()


def main():
    postpacket = os.path.abspath(sys.argv[1])
    os.makedirs(HERE + "/pictures", exist_ok=True)
    for name, sample in SAMPLES.items():
        source = os.path.join(HERE, "..", sample)
        html = original(source)
        if html is None:
            continue
        with tempfile.TemporaryDirectory() as tmp:
            env = dict(os.environ, XDG_STATE_HOME=tmp + "/state", POSTPACKET_BROWSER="none")
            subprocess.run([postpacket, "snapshot", "--output", tmp + "/out", source], check=True, env=env,
                           stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
            open(tmp + "/original.html", "wb").write(html)
            shutil.copy(tmp + "/out/campaign.html", tmp + "/clean.html")
            both = ""
            for which, words in (("original", "as it came"), ("clean", "the clean copy")):
                shoot(f"{tmp}/{which}.html", f"{tmp}/{which}.png", WIDE, HIGH)
                data = base64.b64encode(open(f"{tmp}/{which}.png", "rb").read()).decode()
                both += (f"<div style='float:left;margin:8px'><p style='font:14px sans-serif;margin:0 0 4px'>{words}</p>"
                         f"<img style='border:1px solid #888' src='data:image/png;base64,{data}'></div>")
            open(tmp + "/both.html", "w").write("<body style='margin:0'>" + both)
            shoot(tmp + "/both.html", f"{HERE}/pictures/{name}.png", 2 * WIDE + 40, HIGH + 50, "0.6")


main()
