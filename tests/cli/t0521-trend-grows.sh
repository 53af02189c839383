#!/bin/sh
# trend --state: logs of servers that tell of a message in several lines, or of columns in a header, cut at each of
# their lines: read in two steps they count as read whole.
. "$TOP_SRCDIR/tests/cli/lib.sh"
command -v python3 >/dev/null || skip "python3 is missing: it lets the logs grow"
export SOURCE_DATE_EPOCH=1798830000
cat >"$tmp/steps.py" <<'PY'
import json, os, subprocess, sys
program, whole, folder = sys.argv[1:]
log, state = folder + "/log", folder + "/state"
SAID = ("total", "days", "groups", "onset")

def trend(raw, *more):
    with open(log, "ab" if more and os.path.exists(state) else "wb") as f:
        f.write(raw)
    os.utime(log, (1798826400, 1798826400))
    r = subprocess.run([program, "trend", "--quiet", "--json", "--log-timezone", "UTC", "--sending-ip", "192.0.2.1",
                        *more, log], capture_output=True, text=True)
    assert r.returncode in (0, 1), (r.returncode, r.stderr)
    said = json.loads(r.stdout)
    return {key: said[key] for key in SAID}

raw = open(whole, "rb").read()
at_once = trend(raw)
assert at_once["total"]["apple"]["final"] > 0
lines = raw.splitlines(keepends=True)
for n in range(1, len(lines)):
    if os.path.exists(state):
        os.remove(state)
    trend(b"".join(lines[:n]), "--state", state)
    in_steps = trend(b"".join(lines[n:]), "--state", state)
    assert in_steps == at_once, f"{n} lines before: {in_steps['total']} for {at_once['total']}"
PY
for log in exim/hosts-in-parallel haraka/default haraka/json exchange-tracking/msgtrk exchange-send/send dma/syslog stalwart/text \
  qmail/multilog courier/syslog nullmailer/syslog; do
  mkdir -p "$tmp/$log"
  check "$log" python3 "$tmp/steps.py" "$pp" "$TOP_SRCDIR/samples/log/$log.log" "$tmp/$log"
done
mkdir "$tmp/powermta"
check "powermta.csv" python3 "$tmp/steps.py" "$pp" "$TOP_SRCDIR/samples/log/events-csv/powermta.csv" "$tmp/powermta"

# Custom domains are known by what Apple's servers took before.
{
  echo 'Mar  3 10:00:00 m postfix/smtp[1]: 3172D762A50: to=<a@family.example>, relay=mx01.mail.icloud.com[17.57.156.30]:25, delay=1, delays=0/0/1/0, dsn=2.0.0, status=sent (250 ok)'
} >"$tmp/grow.log"
code "first step" 0 "$pp" trend --quiet --state "$tmp/custom" "$tmp/grow.log"
echo 'Mar  3 10:05:00 m postfix/smtp[1]: 3172D762A51: to=<b@family.example>, relay=none, delay=1, delays=0/0/1/0, dsn=4.4.1, status=deferred (connect to mx01.mail.icloud.com[17.57.156.30]:25: Connection timed out)
Mar  3 10:06:00 m postfix/smtp[1]: 3172D762A52: to=<b@family.example>, relay=none, delay=1, delays=0/0/1/0, dsn=4.4.3, status=deferred (Host or domain name not found. Name service error for name=family.example type=MX: Host not found, try again)' >>"$tmp/grow.log"
code "second step" 0 "$pp" trend --quiet --json --state "$tmp/custom" "$tmp/grow.log"
cp "$tmp/out" "$tmp/steps"
code "at once" 0 "$pp" trend --quiet --json "$tmp/grow.log"
same_total () { python3 -c 'import json, sys; a, b = (json.load(open(f))["total"] for f in sys.argv[1:]); assert a == b and a["apple"]["deferred"] == 2, (a, b)' "$1" "$2"; }
check "a custom domain stays known" same_total "$tmp/steps" "$tmp/out"

# What an older program kept has less in it.
python3 - "$tmp/custom" <<'PY'
import sys
raw = open(sys.argv[1], "rb").read()
assert raw.startswith(b"postpacket trend state 2\0")
open(sys.argv[1], "wb").write(raw.replace(b"trend state 2", b"trend state 1", 1))
PY
code "an older state" 65 "$pp" trend --quiet --state "$tmp/custom" "$tmp/grow.log"
check "says what to do" grep -q "an older postpacket wrote it; remove it, and the next run reads the logs from their beginning" "$tmp/err"
finish
