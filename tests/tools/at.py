#!/usr/bin/env python3
"""at.py LOG WORD ACTION... -- COMMAND...: runs the command; when LOG shows WORD does each action (a signal's name,
mv:FROM:TO, run, which starts it a second time and prints how that ended, look:TEXT, which looks for TEXT in
all command lines and environments), ends as it ends."""
import glob, os, signal, subprocess, sys, time
cut = sys.argv.index("--")
log, word, actions, command = sys.argv[1], sys.argv[2], sys.argv[3:cut], sys.argv[cut + 1:]
for s in (signal.SIGINT, signal.SIGTERM):
    signal.signal(s, signal.SIG_DFL)
before = open(log).read().count(word)
p = subprocess.Popen(command)
end = time.time() + 10
while open(log).read().count(word) == before and p.poll() is None and time.time() < end:
    time.sleep(0.01)
for action in actions:
    if action.startswith("mv:"):
        os.rename(*action.split(":")[1:])
    elif action == "run":
        print("second", subprocess.run(command).returncode)
    elif action.startswith("look:"):
        me = os.getpid()
        for path in glob.glob("/proc/[0-9]*/cmdline") + [f"/proc/{p.pid}/environ"]:
            try:
                if path != f"/proc/{me}/cmdline" and action[5:].encode() in open(path, "rb").read():
                    print("SEEN in", path)
            except OSError:
                pass
    else:
        p.send_signal(getattr(signal, action))
        time.sleep(0.1)
status = p.wait()
sys.exit(status if status >= 0 else 128 - status)
