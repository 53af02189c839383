#!/usr/bin/env python3
"""grow-log.py POSTPACKET LOG FOLDER ROTATIONS: lets FOLDER/mail.log grow from LOG in pieces that end anywhere, rotates
it in three ways (renamed, copied and cut, packed at once), and runs `trend --state` after most pieces.

FOLDER/step.json is what the last run printed.
"""
import os
import random
import subprocess
import sys

pp, source, folder, rotations = sys.argv[1:4] + [int(sys.argv[4])]
data = open(source, "rb").read()
random.seed(7)
cuts = sorted(random.sample(range(1, len(data)), 2 * rotations)) + [len(data)]
log = os.path.join(folder, "mail.log")
at = turn = 0
open(log, "wb").close()


def rotate():
    for i in range(turn, 0, -1):
        for ext in ("", ".gz"):
            if os.path.exists(f"{log}.{i}{ext}"):
                os.rename(f"{log}.{i}{ext}", f"{log}.{i + 1}{ext}")
    if turn % 5 == 1:
        subprocess.check_call(["cp", "-p", log, log + ".1"])
        os.truncate(log, 0)
        return
    os.rename(log, log + ".1")
    if turn % 5 == 2:
        subprocess.check_call(["gzip", "-9n", log + ".1"])
    if turn % 2:
        open(log, "wb").close()


for k, cut in enumerate(cuts):
    last = k == len(cuts) - 1
    with open(log, "ab") as f:
        f.write(data[at:cut])
    at = max(at, cut)
    if k % 2 == 1 and not last:
        end = data.index(b"\n", at) + 1
        with open(log, "ab") as f:
            f.write(data[at:end])
        at = end
        rotate()
        turn += 1
    if k % 3 != 1 or last:
        run = subprocess.run([pp, "trend", "--quiet", "--log-timezone", "UTC", "--state", os.path.join(folder, "state"),
                              "--json", log], capture_output=True, text=True)
        if run.returncode:
            sys.exit(f"piece {k}: exit {run.returncode}: {run.stderr}")
open(os.path.join(folder, "step.json"), "w").write(run.stdout)
print(f"{turn} rotations, {len(cuts)} pieces")
