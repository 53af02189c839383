#!/bin/sh
# What a follow-up says of answers that are new, left or gone, and of the last refusal, against logs whose truth is known.
. "$TOP_SRCDIR/tests/cli/lib.sh"
command -v python3 >/dev/null || skip "python3 is missing: it makes the logs"
export PYTHONDONTWRITEBYTECODE=1
cd "$tmp"
# make.py WORLD: the logs of a stream, a mail each 4 minutes from 10 to 31 May 2026; its request is of 20 May, 09:00.
cat >make.py <<'END'
import datetime, json, sys
world = sys.argv[1]
start = datetime.datetime(2026, 5, 10)
day = lambda d, h=0: datetime.datetime(2026, 5, d, h)
told = day(20, 9)
logs = {"before": [], "since": [], "late": []}
def line(t, n, who, kind, mid, stream="news"):
    code = "554" if world == "code" and t > told else "550"
    host = "mx01.mail.icloud.com[17.57.156.30]"
    stamp = t.strftime("%Y-%m-%dT%H:%M:%S+00:00 mail1 postfix/")
    q = "%010X" % (0x1000000000 + n)
    answer = "250 2.0.0 Ok: queued as %010X" % (0xA000000000 + n) if kind is None else \
        "host %s said: %s 5.7.1 [%s] Message rejected due to local policy. (in reply to end of DATA command)" % (host, code, kind)
    text = "%scleanup[1]: %s: message-id=<%s>\n%sqmgr[2]: %s: from=<bounce@%s.example.com>, size=5000, nrcpt=1 (queue active)\n" % (stamp, q, mid, stamp, q, stream)
    text += "%ssmtp[3]: %s: to=<%s>, relay=%s:25, delay=1, delays=0/0/1/0, dsn=%s, status=%s (%s)\n" % (
        stamp, q, who, host, "2.0.0" if kind is None else "5.7.1", "sent" if kind is None else "bounced", answer)
    logs["before" if t < told else "since"].append(text)
    if t >= day(27, 12):
        logs["late"].append(text)
n = 0
for i in range(21 * 360):
    t, n = start + datetime.timedelta(minutes=4 * i), n + 1
    bad = t >= day(18, 10) and i % 3 == 0
    kind = "CS01" if bad else None
    if world == "hidden" and t >= day(18, 10) and i % 10 == 1:
        kind = "HM08"
    if world == "answered" and t >= day(27, 12):
        kind = "HM08" if i % 12 == 0 else None
    if world == "over" and t >= day(27, 12):
        kind = "CS01" if t in (day(29, 2), day(30, 2)) else None
    if world == "streams": # the other is refused later, and altogether
        line(t, n, "c%d@icloud.com" % i, "CS01" if t > told else None, "%d@tx.example.com" % n, "tx")
        n += 1
    who = "r%d@icloud.com" % (i % 24 if world == "answered" else i)
    if world == "hidden" and kind == "HM08" and t > told: # two in a second, by Message-IDs that name their readers
        for k in range(2):
            n += 1
            line(t, n, "x%d%s" % (k, who), kind, "x%d%s.%d@news.example.com" % (k, who.replace("@", "="), n))
    else:
        line(t, n, who, kind, "%d@news.example.com" % n)
for name, text in logs.items():
    open(name, "w").write("".join(text))
case = json.load(open(sys.argv[2] + "/case-1.json"))
case["evidence"] = {"logs": [], "delivered": [sys.argv[2] + "/delivered.eml"]}
case["incident"]["description"] = "Since 18 May your servers refuse a part of our newsletter. Our logs do not show us the cause of it."
if world == "streams":
    case["streams"].append({"name": "receipts", "mail_type": "transactional", "match": {"return_path_domain": "tx.example.com"}})
for name, files in {"one": ["before"], "two": ["before", "since"], "late": ["late"]}.items():
    case["evidence"]["logs"] = files
    json.dump(case, open(name + ".json", "w"))
END
at () { when=$(python3 -c 'import datetime, sys; print(int(datetime.datetime.fromisoformat(sys.argv[1] + "+00:00").timestamp()))' "$1"); shift
  SOURCE_DATE_EPOCH=$when "$pp" build --quiet --key "$TOP_SRCDIR/samples/outage/key" "$@"; }
record () { python3 -c 'import json, sys
m = json.load(open("q1/packet.json")); m.setdefault(sys.argv[1], []).append(json.loads(sys.argv[2])); json.dump(m, open("q1/packet.json", "w"))' "$@"; }
world () {
  rm -rf q1 q2
  python3 make.py "$1" "$TOP_SRCDIR/samples/cases/follow-up"
  code "$1: the request" 0 at 2026-05-20T10:00 --output q1 one.json
  record receipts '{"time": "2026-05-20T10:20:00Z", "state": "accepted"}'
}
follow () { # NAME CASE OPTION...
  rm -rf q2
  what=$1; with=$2; shift 2
  code "$what" 0 at 2026-05-31T08:00 --output q2 --follow-up q1 "$@" "$with"
  tr '\r\n' '  ' <q2/request.eml | tr -s ' ' >text
}
says () { check "  $1" grep -qF -e "$1" text; }
lacks () { check "  not: $1" sh -c '! grep -qF -e "$1" text' sh "$1"; }

# Refused on for a week until Apple answered: of these days no row tells, and they are no less there.
world answered
record answers '{"time": "2026-05-27T12:00:00Z", "kind": "changed", "automatic": false, "message_id": "a1@mail.apple.com"}'
follow "a gap before the answer" two.json
says 'What is left comes with [HM08]'
says 'No [CS01] since 2026-05-27 11:48:00 UTC.'
says 'New is [HM08]: 2 recipients since 2026-05-27 12:00:00 UTC.' # the same two again and again
follow "no log of the gap" late.json
says 'No [CS01] since 2026-05-27 12:00:00 UTC.'
world code
follow "the same tag by another code" two.json
says 'Refusals go on'
lacks 'New is'
lacks 'No [CS01] since'
world hidden
follow "an answer of which no transaction can be looked up" two.json
lacks 'No [HM08] since'
record answers '{"time": "2026-05-27T12:00:00Z", "kind": "changed", "automatic": false, "message_id": "a1@mail.apple.com"}'
follow "  once answered" two.json
says 'comes with [CS01] and [HM08]'
lacks 'No [HM08] since'
world over
follow "over, but for single ones" two.json --resolved
says 'have ended, but for 2 since 2026-05-27 12:00:00 UTC: last one 2026-05-30 02:00:00 UTC.'
# The mail before was about the newsletter; by now another stream has more refusals.
world streams
follow "another stream is refused more" two.json
says 'Sending domain: news.example.com'
lacks 'tx.example.com'
says 'Mon 18 to Wed 20 May (before) 705 235 33.3%' # 47 hours
says 'Thu 21 May 360 120 33.3%'
check "  nor is the attachment of it" grep -q '^SMTP errors from iCloud Mail: news\.example\.com newsletter$' q2/parts/apple-smtp-errors.txt
finish
