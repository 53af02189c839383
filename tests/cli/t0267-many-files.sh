#!/bin/sh
# A log cut into hundreds of files tells what the whole does, and what is said of each file stays on a screen. A log is known by its
# first lines; a recorded session that looks like one at first is still a session.
. "$TOP_SRCDIR/tests/cli/lib.sh"
command -v python3 >/dev/null || skip "python3 is missing: it makes the logs"
export SOURCE_DATE_EPOCH=1798830000
counts () { "$pp" scan --json --quiet "$@" 2>/dev/null | sed '/"sources"/,/^  \]/d;/"warnings"/,/^  \]/d'; }
python3 "$TOP_SRCDIR/tests/bench/genlog.py" postfix 1 "$tmp/log" >/dev/null
mkdir "$tmp/cut"
split -l 60 -a 4 "$tmp/log" "$tmp/cut/mail.log."
counts "$tmp/log" >"$tmp/whole"
counts "$tmp/cut" >"$tmp/parts"
check "Apple's attempts were read" grep -q '"delivered": [1-9]' "$tmp/whole"
check "there are hundreds" test "$(find "$tmp/cut" -type f | wc -l)" -gt 100
same "cut into files" "$tmp/parts" "$tmp/whole"
counts --reference "$tmp/cut" >"$tmp/reference"
same "the same line by line" "$tmp/parts" "$tmp/reference"
code "scan of the folder" 0 "$pp" scan "$tmp/cut"
check "no more than a few warnings" test "$(grep -c . "$tmp/err")" -lt 12
check "the others are counted" grep -q 'more logs write no time zone' "$tmp/err"
mkdir "$tmp/four"
split -n l/4 "$tmp/log" "$tmp/four/mail.log."
code "scan of four" 0 "$pp" scan "$tmp/four"
check "each of four is named" test "$(grep -c 'the log writes no time zone' "$tmp/err")" -eq 4
# So are Momentum's, whose deliveries name nobody: whom they reached stands where the message came in.
cat >"$tmp/ec.2" <<'END'
1779112800@00/25-25004-31B987F3@00/00-03736-F4101B54@00/00-04532-A3456B54@R@dana.reader@icloud.com@b-1@bounce.example.com@198.51.100.1@201@esmtp@default@binding-a
END
cat >"$tmp/ec.1" <<'END'
1779112841@00/25-25004-31B987F3@00/00-03736-F4101B54@00/00-04532-A3456B54@D@icloud.com@266@group-a@binding-a@0@0.393@17.57.154.33
END
"$pp" scan --events --quiet "$tmp/ec.1" "$tmp/ec.2" >"$tmp/out"
check "a message's reception is read before its delivery" grep -q '"outcome": "delivered", "recipient": "dana.reader@icloud.com", "sender": "b-1@bounce.example.com"' "$tmp/out"
# So are the sessions of Exchange that go on in the next file, each with its header, wherever the first one ends; the names tell
# nothing. Where only the second one is there, a reply to what it does not hold tells nothing.
cat >"$tmp/sessions.py" <<'PY'
import json, os, subprocess, sys
program, whole, folder = sys.argv[1:]
KNOWN = ("time", "outcome", "recipient", "stage", "code", "reply", "remote_ip", "local_ip", "sender")
os.mkdir(folder)

def told(*names, more=()):
    r = subprocess.run([program, "scan", "--events", "--quiet", *more, *(folder + "/" + n for n in names)], capture_output=True, text=True)
    events = [json.loads(line) for line in r.stdout.splitlines()]
    return [{key: e[key] for key in KNOWN + ("helo", "message_id")} for e in events]

lines = open(whole, "rb").read().splitlines(keepends=True)
head, rows = lines[:3], lines[3:]
open(folder + "/z.log", "wb").writelines(lines)
all_of_it = told("z.log")
assert len(all_of_it) == 5
for n in range(1, len(rows)):
    open(folder + "/z.log", "wb").writelines(head + rows[:n])
    open(folder + "/b.log", "wb").writelines(head + rows[n:])
    for found in (told("z.log", "b.log"), told("b.log", "z.log"), told("", more=("--jobs", "2"))):
        assert found == all_of_it, f"{n} rows in the first file: {found}"
    shown = [{key: e[key] for key in KNOWN} for e in all_of_it]
    for event in told("b.log"):
        assert {key: event[key] for key in KNOWN} in shown, f"the rows behind {n} alone: {event}"
PY
check "a session goes on in a second file" python3 "$tmp/sessions.py" "$pp" "$TOP_SRCDIR/samples/log/exchange-send/send.log" "$tmp/sessions"
# Packed, rotated logs are read in the order of their times, a packed bounce as a bounce: bzip2's files begin with letters.
bz () { python3 -c 'import bz2, sys; sys.stdout.buffer.write(bz2.compress(open(sys.argv[1], "rb").read()))' "$1"; }
mkdir "$tmp/packed"
for n in a b c d; do bz "$tmp/four/mail.log.a$n" >"$tmp/packed/log-$(echo $n | tr abcd 4321)"; done
counts "$tmp/packed" >"$tmp/found"
same "packed by bzip2, names in another order" "$tmp/found" "$tmp/whole"
"$pp" scan --json --quiet "$tmp/packed" >"$tmp/out" 2>/dev/null
check "in the order of their times" test "$(sed -n 's,.*"path": ".*/log-\([1-4]\)".*,\1,p' "$tmp/out" | tr -d '\n')" = 4321
bz "$TOP_SRCDIR/samples/bounce/courier.eml" >"$tmp/bounce.bz2"
code "a packed bounce" 0 "$pp" scan --json --quiet "$tmp/bounce.bz2"
check "it is read as one" grep -q '"format": "dsn"' "$tmp/out"
# What comes through a pipe is looked at once, and nothing of it is lost: <(zcat mail.log.1.gz).
mkfifo "$tmp/pipe"
cat "$tmp/log" >"$tmp/pipe" &
counts "$tmp/pipe" >"$tmp/found"
wait
same "a log through a pipe" "$tmp/found" "$tmp/whole"
gzip -c "$tmp/log" >"$tmp/pipe" &
counts "$tmp/pipe" >"$tmp/found"
wait
same "a packed log through a pipe" "$tmp/found" "$tmp/whole"
cat "$TOP_SRCDIR/samples/bounce/courier.eml" >"$tmp/pipe" &
code "a bounce through a pipe" 0 "$pp" scan --json --quiet "$tmp/pipe"
wait
check "it is read as a bounce" grep -q '"format": "dsn"' "$tmp/out"
# Thirty lines of smtp -v, as Postfix's log writes them, and no status: a session.
session () {
  i=0
  while [ $i -lt "$1" ]; do
    echo "Nov  2 10:00:01 mx1 postfix/smtp[501]: name_mask: resource $i"
    i=$((i + 1))
  done
  echo "Nov  2 10:00:02 mx1 postfix/smtp[501]: < mx01.mail.icloud.com[17.57.154.33]:25: 220 ready"
  echo "Nov  2 10:00:02 mx1 postfix/smtp[501]: > mx01.mail.icloud.com[17.57.154.33]:25: EHLO mx1.example.net"
  echo "Nov  2 10:00:02 mx1 postfix/smtp[501]: < mx01.mail.icloud.com[17.57.154.33]:25: 250 ok"
  echo "Nov  2 10:00:02 mx1 postfix/smtp[501]: > mx01.mail.icloud.com[17.57.154.33]:25: MAIL FROM:<bounce@news.example.com>"
  echo "Nov  2 10:00:02 mx1 postfix/smtp[501]: < mx01.mail.icloud.com[17.57.154.33]:25: 554 5.7.1 [CS01] Message rejected due to local policy."
}
session 30 >"$tmp/session"
code "a session" 0 "$pp" scan --json --quiet "$tmp/session"
check "it is read as one" grep -q '"format": "transcript"' "$tmp/out"
# The same in a log that goes on: no session.
{ session 30; cat "$tmp/cut/mail.log.aaab"; } >"$tmp/verbose"
code "a verbose log" 0 "$pp" scan --json --quiet "$tmp/verbose"
check "it is a log" grep -q '"format": "postfix"' "$tmp/out"
# Behind thousands of lines of another kind, some with an address in them, a log is still found, and the lines are counted.
awk 'BEGIN { for (i = 0; i < 6000; i++) printf "192.0.2.%d - - [02/Nov/2026:10:00:00 +0000] \"GET /%d%s HTTP/1.1\" 200 5\n", i % 250, i, i % 9 ? "" : "?mail=reader@example.org" }' >"$tmp/web"
cat "$tmp/web" "$tmp/log" >"$tmp/behind"
counts "$tmp/behind" >"$tmp/found"
same "a log behind another kind's lines" "$tmp/found" "$tmp/whole"
code "a web server's log" 65 "$pp" scan --quiet "$tmp/web"
"$pp" scan --json "$tmp/behind" >"$tmp/out" 2>/dev/null
check "its lines are counted" grep -q '"unrecognised": 600[0-9]' "$tmp/out"
# A log of two programs: the first lines are one's, most are the other's.
log=$TOP_SRCDIR/samples/log
head -n 60 "$log/exim/mainlog.log" >"$tmp/exim"
{ cat "$tmp/cut/mail.log.aaab" "$tmp/cut/mail.log.aaac"; cat "$tmp/exim"; } >"$tmp/two"
counts "$tmp/two" >"$tmp/both"
counts --reference "$tmp/two" >"$tmp/reference"
same "two programs in one file" "$tmp/both" "$tmp/reference"
# A packet of hundreds of bounces names their folder: nobody reads a table of them, nor compares it.
python3 "$TOP_SRCDIR/tests/bench/genlog.py" bounces 5000 "$tmp/mails" >/dev/null
mkdir "$tmp/few"
cp "$tmp/mails/00000"*.eml "$tmp/few"
cat >"$tmp/case.json" <<'E'
{ "case": "many-bounces", "company": { "name": "Example Company" }, "contact": { "name": "Dana Sample", "email": "postmaster@example.com" },
  "streams": [{ "name": "weekly", "mail_type": "marketing" }], "domains": { "from": "news.example.com" }, "sending_ips": ["192.0.2.10"],
  "incident": { "description": "Since November your servers refuse a good part of our weekly newsletter, from our one IP.", "changes": [] },
  "evidence": { "bounces": ["few", "mails"] } }
E
code "a packet of them" 1 "$pp" build --quiet --output "$tmp/packet" "$tmp/case.json"
(cd "$tmp/mails" && LC_ALL=C && export LC_ALL && sha256sum -- * | sha256sum | cut -d' ' -f1) >"$tmp/digest"
check "names each of ten, and hundreds by their folder" python3 -c '
import json, sys
rows = {r["path"]: r for r in json.load(open(sys.argv[1]))["inputs"]}
assert len(rows) == 12 and all(len(r["sha256"]) == 64 for r in rows.values()), sorted(rows)
assert rows["mails"]["files"] == 5000 and rows["mails"]["sha256"] == sys.argv[2], rows["mails"]' "$tmp/packet/packet.json" "$(cat "$tmp/digest")"
"$pp" review "$tmp/packet" >"$tmp/out" || true
check "the review does so" sh -c 'grep -q "mails (5,000 files)" "$1" && grep -q "mails (5,000 files)" "$2"' sh "$tmp/out" "$tmp/packet/review.html"
# The seal holds each of them.
waive () {
  "$pp" review --json "$tmp/packet" >"$tmp/view" || [ $? -eq 1 ] || return 1
  set -- $(python3 -c 'import json, sys; print(*("--waive=" + f["id"] + "=Known." for f in json.load(open(sys.argv[1]))["findings"]))' "$tmp/view")
  "$pp" review --accept --waive=figures-old=Known. "$@" "$tmp/packet"
}
code "it is accepted" 0 waive
code "and may be sent" 0 "$pp" review --json "$tmp/packet"
check "as JSON says" grep -q '"may_be_sent": true' "$tmp/out"
sed -i '1s/.*/Return-Path: <another@example.com>/' "$tmp/mails/000002.eml"
code "not where one of them is another" 77 "$pp" send --dry-run --sendmail /bin/true "$tmp/packet"
finish
