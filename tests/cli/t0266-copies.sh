#!/bin/sh
# One mail server's lines as journald keeps them and as syslogd wrote them: each attempt counts once, a later try of the same mail as
# itself, whatever the logs say of year and zone.
. "$TOP_SRCDIR/tests/cli/lib.sh"
command -v python3 >/dev/null || skip "python3 is missing: it writes the logs"
cd "$tmp"
cat >write.py <<'PY'
import datetime, json, zoneinfo
utc, berlin = datetime.timezone.utc, zoneinfo.ZoneInfo("Europe/Berlin")
start = datetime.datetime(2026, 10, 24, 22, 0, 0, tzinfo=utc)  # the night in which an hour comes twice
relay = "relay=mx01.mail.icloud.com[17.57.154.33]:25, delay=1, delays=0/0/1/0"
def line(i, status): return f"7A05611F{i:04X}: to=<reader{i}.invented@icloud.com>, {relay}, {status}"
put_off = ("dsn=4.7.1, status=deferred (host mx01.mail.icloud.com[17.57.154.33] said: 451 4.7.1 Service unavailable"
           " - try again later (in reply to end of DATA command))")
sent = "dsn=2.0.0, status=sent (250 2.0.0 Ok: queued as D04B3C0008B)"
log = []
for i in range(120):  # tries every five minutes, a quarter of an hour, an hour: all but the last are put off alike
    t = start + datetime.timedelta(seconds=37 * i, milliseconds=8 * i)
    for n, after in enumerate((0, 300, 600, 900, 4500, 8100)):
        log.append((t + datetime.timedelta(seconds=after), "smtp", line(i, put_off if n < 5 else sent)))
    for n in range(3):  # another receiver's
        log.append((t + datetime.timedelta(seconds=n), "smtp", f"8B05611F{i:04X}: to=<r{n}.{i}@example.net>, relay=mx.example.net[192.0.2.25]:25,"
                    " delay=1, delays=0/0/1/0, " + ("dsn=2.0.0, status=sent (250 Ok)" if n else "dsn=5.1.1, status=bounced (550 5.1.1 no)")))
log.sort(key=lambda x: x[0])
journal, export, plain, iso, short, on_time = [], [], [], [], [], []
for n, (t, daemon, text) in enumerate(log):
    us = int(t.timestamp() * 1000000)
    journal.append(json.dumps({"__REALTIME_TIMESTAMP": str(us), "_HOSTNAME": "mail", "SYSLOG_IDENTIFIER": "postfix/" + daemon,
                               "_PID": "7", "MESSAGE": text}))
    export.append(f"__REALTIME_TIMESTAMP={us}\n_HOSTNAME=mail\nSYSLOG_IDENTIFIER=postfix/{daemon}\n_PID=7\nMESSAGE={text}\n")
    late = (t + datetime.timedelta(seconds=n % 3)).astimezone(berlin)  # syslogd stamped it a little later
    plain.append(f"{late:%b %d %H:%M:%S} mail postfix/{daemon}[7]: {text}")
    iso.append(f"{late:%Y-%m-%dT%H:%M:%S.%f%z} mail postfix/{daemon}[7]: {text}")
    on_time.append(f"{t:%Y-%m-%dT%H:%M:%S.%f}+00:00 mail postfix/{daemon}[7]: {text}")
    short.append(f"{t.astimezone(berlin):%b %d %H:%M:%S} mail postfix/{daemon}[7]: {text}")
for name, lines in (("journal.json", journal), ("journal.export", export), ("mail.log", plain), ("mail-iso.log", iso), ("on-time.log", on_time),
                    ("journal.short", short), ("later.json", journal[540:]), ("earlier.log", plain[:720])):
    open(name, "w").write("\n".join(lines) + "\n")
PY
python3 write.py
counts () { # counts NAME SOURCE...
  title=$1; shift
  code "$title" 0 "$pp" scan --json --quiet --year 2026 --log-timezone Europe/Berlin "$@"
  got=$(python3 -c 'import json, sys; s = json.load(open(sys.argv[1])); print(*(s[w][o] for w in ("apple", "other") for o in ("delivered", "deferred", "bounced")))' "$tmp/out")
  check "$title: 120 delivered after 600 deferrals, not $got" test "${got% * * *}" = "120 600 0"
  # Others' are told apart by the quarter of an hour alone: where one log begins or ends in its midst, both count.
  set -- ${got#* * * }
  check "$title: others' 240 and 120 within an eighth, not $1 and $3" test "$1" -ge 240 -a "$1" -le 270 -a "$3" -ge 120 -a "$3" -le 135
}
for log in journal.json journal.export mail.log mail-iso.log journal.short; do counts "$log alone" "$log"; done
counts "journal and syslog" journal.json mail.log
counts "in another order" mail.log journal.json
counts "journal and RFC 3339" journal.json mail-iso.log
counts "journal and RFC 3339 of the same second" journal.json on-time.log
counts "both syslogs" mail.log mail-iso.log
counts "journalctl's short form and syslog" journal.short mail.log
counts "export, JSON and syslog" journal.export journal.json mail.log
counts "logs that overlap" earlier.log later.json
code "all by themselves" 0 "$pp" scan --events --quiet --year 2026 --log-timezone Europe/Berlin journal.json mail.log journal.export
check "each is shown once" test "$(wc -l <"$tmp/out")" -eq 720
check "and no other" test "$(sed 's/.*"time": "\([^"]*\)", "outcome": "\([^"]*\)".*"queue_id": "\([^"]*\)".*/\1 \2 \3/' "$tmp/out" | sort -u | wc -l)" -eq 720

# Whom a log gives up: a copy that begins behind the last deferral has no reply for him.
cat >first.log <<'END'
2026-03-03 10:00:00 1wbJ8h-00000000xy1-0Ab1 == a@icloud.com R=dnslookup T=remote_smtp defer (-46) H=mx01.mail.icloud.com [17.57.154.33]: SMTP error from remote mail server after end of data: 451 4.7.1 Service unavailable
2026-03-03 12:00:00 1wbJ8h-00000000xy1-0Ab1 ** a@icloud.com: retry timeout exceeded
2026-03-03 12:00:01 1wbJ8h-00000000xy1-0Ab1 Completed
END
tail -n 2 first.log >second.log
for order in "first.log second.log" "second.log first.log"; do
  # shellcheck disable=SC2086 # a list
  code "given up, $order" 0 "$pp" scan --events --quiet --log-timezone UTC $order
  check "given up, $order: once" test "$(grep -c '"outcome": "bounced"' "$tmp/out")" -eq 1
done

# The same mail in a server's log and in an export, whose names and columns differ: by Message-ID, recipient, time and outcome.
cat >other.py <<'PY'
import csv, datetime, io
start = datetime.datetime(2026, 5, 20, 8, tzinfo=datetime.timezone.utc)
log, rows = [], []
head = "type,timeLogged,orig,rcpt,dsnAction,dsnStatus,dsnDiag,dsnMta,dlvSourceIp,dlvDestinationIp,jobId,header_Message-Id,header_From"
for i in range(180):
    t, apple, fate = start + datetime.timedelta(seconds=47 * i), i % 3, ("delivered", "delivered", "bounced", "deferred")[i % 4]
    to, host, ip = (f"r{i}@icloud.com", "mx01.mail.icloud.com", "17.57.154.33") if apple else (f"r{i}@example.net", "mx.example.net", "203.0.113.5")
    said = {"delivered": "250 2.0.0 Ok", "bounced": "554 5.7.1 no", "deferred": "451 4.7.1 later"}[fate]
    word, kind = {"delivered": ("sent", "d"), "bounced": ("bounced", "b"), "deferred": ("deferred", "t")}[fate]
    text = said if kind == "d" else f"host {host}[{ip}] said: {said} (in reply to end of DATA command)"
    for line in (f"cleanup[1]: 4F{i:04X}B12: message-id=<{i}@news.example.com>", f"qmgr[2]: 4F{i:04X}B12: from=<b@b.example.com>, size=700, nrcpt=1 (queue active)",
                 f"smtp[3]: 4F{i:04X}B12: to=<{to}>, relay={host}[{ip}]:25, delay=1, delays=0/0/0/1, dsn={said.split()[1]}, status={word} ({text})"):
        log.append(f"{t:%Y-%m-%dT%H:%M:%S}+00:00 mail1 postfix/{line}")
    rows.append([kind, t.strftime("%Y-%m-%d %H:%M:%S+0000"), "b@b.example.com", to, "x", said.split()[1], "smtp;" + said, f"{host} ({ip})", "192.0.2.10", ip,
                 "7", f"<{i}@news.example.com>", "hello@news.example.com"])
out = io.StringIO()
csv.writer(out).writerows([head.split(",")] + rows)
open("acct.csv", "w").write(out.getvalue())
open("pf.log", "w").write("\n".join(log) + "\n")
PY
python3 other.py
for sources in pf.log acct.csv "pf.log acct.csv" "acct.csv pf.log" "--reference acct.csv pf.log"; do
  # shellcheck disable=SC2086 # a list
  code "$sources" 0 "$pp" scan --json --quiet $sources
  got=$(python3 -c 'import json, sys; s = json.load(open(sys.argv[1])); print(*(s[w][o] for w in ("apple", "other") for o in ("delivered", "deferred", "bounced")))' "$tmp/out")
  check "$sources: each attempt once, not $got" test "$got" = "60 30 30 30 15 15"
done

# The list of whom a service shuts off has no id of a mail: beside its events it tells of the same refusals.
cat >events.jsonl <<'END'
{"email":"a@icloud.com","timestamp":1779112841,"ip":"192.0.2.10","sg_event_id":"e1","sg_message_id":"m1","event":"bounce","type":"blocked","status":"5.7.1","reason":"550 5.7.1 [CS01] Message rejected due to local policy."}
{"email":"b@icloud.com","timestamp":1779112850,"ip":"192.0.2.10","sg_event_id":"e2","sg_message_id":"m2","event":"bounce","type":"blocked","status":"5.7.1","reason":"550 5.7.1 [CS01] Message rejected due to local policy."}
{"email":"b@icloud.com","timestamp":1779116450,"ip":"192.0.2.10","sg_event_id":"e3","sg_message_id":"m3","event":"bounce","type":"blocked","status":"5.7.1","reason":"550 5.7.1 [CS01] Message rejected due to local policy."}
{"email":"c@icloud.com","timestamp":1779116451,"ip":"192.0.2.10","sg_event_id":"e4","sg_message_id":"m4","event":"delivered","response":"250 2.0.0 Ok"}
END
cat >blocks.csv <<'END'
email,reason,status,created
A@icloud.com,550 5.7.1 [CS01] Message rejected due to local policy.,5.7.1,1779112841
b@icloud.com,550 5.7.1 [CS01] Message rejected due to local policy.,5.7.1,1779116452
d@icloud.com,550 5.7.1 [CS01] Message rejected due to local policy.,5.7.1,1779116452
END
python3 -c 'import csv, json; json.dump([{**r, "created": int(r["created"])} for r in csv.DictReader(open("blocks.csv"))], open("blocks.json", "w"))'
for sources in "events.jsonl blocks.csv" "blocks.csv events.jsonl" "blocks.json events.jsonl" "blocks.csv blocks.json events.jsonl"; do
  # shellcheck disable=SC2086 # a list
  code "$sources" 0 "$pp" scan --json --quiet $sources
  check "$sources: each refusal once" python3 -c 'import json, sys; a = json.load(open(sys.argv[1]))["apple"]; assert (a["bounced"], a["delivered"]) == (4, 1), a' "$tmp/out"
done

# What a relay takes is neither Apple's answer nor the others': these stand in the relay's log.
cat >client.log <<'END'
2026-05-18T10:00:00+00:00 app1 postfix/smtp[8]: 4F00007A01: to=<a@icloud.com>, relay=smtp.example.net[198.51.100.77]:587, delay=1, delays=0/0/0/1, dsn=2.0.0, status=sent (250 Ok)
2026-05-18T10:00:01+00:00 app1 postfix/smtp[8]: 4F00007A02: to=<b@example.org>, relay=smtp.example.net[198.51.100.77]:587, delay=1, delays=0/0/0/1, dsn=2.0.0, status=sent (250 Ok)
2026-05-18T10:00:02+00:00 app1 postfix/smtp[8]: 4F00007A03: to=<c@example.org>, relay=smtp.example.net[198.51.100.77]:587, delay=1, delays=0/0/0/1, dsn=2.0.0, status=sent (250 Ok)
END
cat >relay.log <<'END'
2026-05-18T10:00:05+00:00 out1 postfix/smtp[8]: 5F00007A01: to=<a@icloud.com>, relay=mx01.mail.icloud.com[17.57.154.33]:25, delay=1, delays=0/0/0/1, dsn=2.0.0, status=sent (250 2.0.0 Ok)
2026-05-18T10:00:06+00:00 out1 postfix/smtp[8]: 5F00007A02: to=<b@example.org>, relay=mx.example.org[192.0.2.25]:25, delay=1, delays=0/0/0/1, dsn=5.1.1, status=bounced (host mx.example.org[192.0.2.25] said: 550 5.1.1 no)
2026-05-18T10:00:07+00:00 out1 postfix/smtp[8]: 5F00007A03: to=<c@example.org>, relay=mx.example.org[192.0.2.25]:25, delay=1, delays=0/0/0/1, dsn=2.0.0, status=sent (250 Ok)
END
others () { python3 -c 'import json, sys; s = json.load(open(sys.argv[1])); print(*(s[w][o] for w in ("apple", "other") for o in ("delivered", "bounced")))' "$tmp/out"; }
for sources in "client.log relay.log:1 0 1 1" "relay.log client.log:1 0 1 1" "client.log:0 0 0 0" "--reference client.log:0 0 0 0"; do
  # shellcheck disable=SC2086 # a list
  code "${sources%:*}" 0 "$pp" scan --json --quiet ${sources%:*}
  check "${sources%:*}: $(others)" test "$(others)" = "${sources#*:}"
done
cat client.log relay.log >both.log
code "a log of both" 0 "$pp" scan --json --quiet both.log
check "a log that shows Apple's own answers, too: $(others)" test "$(others)" = "1 0 3 1"

# A refusal that is read again is no second one: Exim's frozen bounces and Haraka's later tries are told apart by their time.
cat >exim.log <<'END'
2026-03-03 10:00:00 1wbJ8h-00000000xy1-0Ab1 <= b@b.example.com H=app1.example.com [203.0.113.7] P=esmtp S=700 id=m1@news.example.com
2026-03-03 10:00:01 1wbJ8h-00000000xy1-0Ab1 ** a@icloud.com R=dnslookup T=remote_smtp H=mx01.mail.icloud.com [17.57.154.33]: SMTP error from remote mail server after RCPT TO:<a@icloud.com>: 550 5.1.1 <a@icloud.com>: user does not exist
2026-03-03 10:05:01 1wbJ8h-00000000xy1-0Ab1 ** b@icloud.com R=dnslookup T=remote_smtp H=mx01.mail.icloud.com [17.57.154.33]: SMTP error from remote mail server after RCPT TO:<b@icloud.com>: 550 5.1.1 <b@icloud.com>: user does not exist
2026-03-03 10:05:02 1wbJ8h-00000000xy1-0Ab1 => c@me.com R=dnslookup T=remote_smtp H=mx01.mail.icloud.com [17.57.154.33] C="250 2.0.0 Ok"
2026-03-03 10:05:03 1wbJ8h-00000000xy1-0Ab1 Completed
END
head -n 3 exim.log >exim.part
u=0B43B6C2-2A1E-4A4B-9D0C-0B4E7A3C2D11
f=1772532001000_1772532001000_0_6142_UqTwoe_2_mail1.example.com
cat >haraka.log <<END
2026-03-03T10:00:00.100Z [NOTICE] [$u.1] [core] sender <b@b.example.com> code=OK msg=""
2026-03-03T10:00:00.200Z [NOTICE] [$u.1] [core] recipient <a@icloud.com> code=OK msg="" sender="b@b.example.com"
2026-03-03T10:00:00.300Z [NOTICE] [$u.1] [core] recipient <c@icloud.com> code=OK msg="" sender="b@b.example.com"
2026-03-03T10:00:01.100Z [NOTICE] [$u.1.1] [outbound] recipient <a@icloud.com> rejected: 550 5.1.1 <a@icloud.com>: user does not exist
2026-03-03T10:00:01.200Z [NOTICE] [$u.1.1] [outbound]  delivered file=$f domain=icloud.com host=mx01.mail.icloud.com ip=17.57.154.33 port=25 mode=SMTP tls=Y auth=N response="Ok" delay=0.1 fails=0 rcpts=1/0/1
2026-03-03T10:00:01.300Z [INFO] [$u.1.1] [outbound] bouncing mail: Some recipients failed: <a@icloud.com>
END
cp haraka.log haraka.copy
for sources in "exim.log exim.part" "exim.part exim.log" "haraka.log haraka.copy"; do
  # shellcheck disable=SC2086 # a list
  code "refused, $sources" 0 "$pp" scan --json --quiet --log-timezone UTC $sources
  cp "$tmp/out" again.json
  code "refused, ${sources%% *}" 0 "$pp" scan --json --quiet --log-timezone UTC "$(printf '%s\n' $sources | grep log)"
  check "$sources: no refusal twice" python3 -c '
import json, sys
a, b = (json.load(open(p)) for p in sys.argv[1:])
assert a["apple"] == b["apple"] and a["replies"] == b["replies"] and a["apple"]["host_error"] == 0, (a["apple"], b["apple"])' again.json "$tmp/out"
done

# A small sender, most of whose hours hold no mail to Apple: what of the others was told before is seen by the hours near.
python3 - <<'PY'
import datetime
start = datetime.datetime(2026, 5, 4, 6, tzinfo=datetime.timezone.utc)
iso, plain = [], []
for i in range(400):
    t = start + datetime.timedelta(minutes=36 * i)
    to, host = (f"reader{i}@icloud.com", "mx01.mail.icloud.com[17.57.154.33]") if i % 5 == 2 else (f"r{i}@example.net", "mx.example.net[192.0.2.25]")
    text = f"mail postfix/smtp[7]: 9C05611F{i:04X}: to=<{to}>, relay={host}:25, delay=1, delays=0/0/1/0, dsn=2.0.0, status=sent (250 Ok)"
    iso.append(f"{t:%Y-%m-%dT%H:%M:%S}+00:00 {text}")
    plain.append(f"{t:%b %d %H:%M:%S} {text}")
for name, lines in (("first-days.log", iso[:200]), ("last-days.log", iso[200:]), ("all-days.log", plain), ("midst.log", plain[80:300])):
    open(name, "w").write("\n".join(lines) + "\n")
PY
for order in "first-days all-days" "all-days first-days" "last-days all-days first-days" "midst first-days last-days" "first-days midst last-days"; do
  # shellcheck disable=SC2046,SC2086 # a list
  code "a small sender: $order" 0 "$pp" scan --json --quiet --log-timezone UTC --year 2026 $(printf '%s.log ' $order)
  check "80 of Apple's and 320 others, not $(others)" test "$(others)" = "80 0 320 0"
done

# Of two loggers' copies that begin in the same second, the one that writes the year is kept, in any order.
mkdir -p "$tmp/years"; cd "$tmp/years"
text='mail1 postfix/smtp[3]: 4F0001B12AA7: to=<reader.invented@icloud.com>, relay=mx01.mail.icloud.com[17.57.154.33]:25, delay=1, delays=0/0/0/1, dsn=2.0.0, status=sent (250 2.0.0 Ok: queued as 9A41000EE3B2)'
echo "2026-05-20T14:00:00+00:00 $text" >dated
echo "May 20 14:00:00 $text" >bsd
for order in "dated bsd" "bsd dated"; do
  # shellcheck disable=SC2086 # a list
  code "$order" 0 "$pp" scan --events --quiet --year 2026 --log-timezone UTC $order
  check "$order: with its year" sh -c '[ "$(wc -l <"$1")" -eq 1 ] && grep -q "\"year_inferred\": false" "$1"' sh "$tmp/out"
done
finish
