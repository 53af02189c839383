#!/bin/sh
# What the texts say of a stream's habits is there when the logs show it, and only then: the rhythm of sending, domains
# that are alike, the usual number of temporary answers and what became of them, recipients per message.
. "$TOP_SRCDIR/tests/cli/lib.sh"
command -v python3 >/dev/null || skip "python3 is missing: it writes the logs"
export SOURCE_DATE_EPOCH=1779307200 # 2026-05-20 20:00 UTC
cat >"$tmp/write.py" <<'PY'
"""write.py OUT KIND: three weeks of Monday to Friday, an edition of 120 at 14:00; refusals on the last two days."""
import datetime, sys
out, kind = open(sys.argv[1], "w"), sys.argv[2]
serial = 0
def line(t, daemon, text):
    out.write(f"{t:%Y-%m-%dT%H:%M:%S}.000000+00:00 mta1 postfix/{daemon}[77]: {text}\n")
def mail(t, sender, to, refused, deferred):
    global serial
    serial += 1
    q, said = f"4gBx{serial:07d}z", "host mx01.mail.icloud.com[17.57.156.30] said: "
    tries = [(0, "4.7.1", "deferred", said + "451 4.7.1 Service unavailable - try again later (in reply to MAIL FROM command)")] * deferred
    end = 600 * deferred
    tries.append((end, "5.7.1", "bounced", said + "550 5.7.1 [CS02] Message rejected due to local policy. (in reply to end of DATA command)")
                 if refused else (end, "2.0.0", "sent", f"250 2.0.0 Ok: queued as ABC{serial:06d}"))
    line(t, "cleanup", f"{q}: message-id=<{serial}@mta1.example.com>")
    line(t, "qmgr", f"{q}: from=<{sender}>, size=4000, nrcpt={len(to)} (queue active)")
    for wait, dsn, status, reply in tries:
        for who in to:
            line(t + datetime.timedelta(seconds=wait), "smtp", f"{q}: to=<{who}>, relay=mx01.mail.icloud.com[17.57.156.30]:25,"
                 f" delay=1, delays=0/0/0/1, dsn={dsn}, status={status} ({reply})")
    line(t + datetime.timedelta(seconds=end), "qmgr", f"{q}: removed")
year = 1942 if kind == "long-ago" else 2026 # whose days are of the same week
day = datetime.datetime(year, 4, 27)
while day <= datetime.datetime(year, 5, 19):
    weekday = day.weekday() < 5
    if kind == "any-day": weekday = (day.day * 7) % 3 > 0
    if weekday:
        bad = day >= datetime.datetime(year, 5, 18)
        for i in range(120):
            at = day + datetime.timedelta(hours=14 if kind != "any-hour" else day.day * 5 % 24, seconds=i * 2)
            domain = ("icloud.com", "me.com", "mac.com")[i % 3]
            refused = bad and ((i // 3) % 2 == 0 if kind != "one-domain" else domain == "me.com")
            to = [f"r{i}.invented@{domain}"] + ([f"s{i}.invented@{domain}"] if kind == "two-a-mail" else [])
            mail(at, "news@bounce.example.com", to, refused, 40 <= i < 50)
        for i in range(5):
            mail(day + datetime.timedelta(hours=9, minutes=i * 40), "orders@orders.example.com", [f"o{i}.invented@icloud.com"], False, False)
        for i in range(3 * 288 if kind == "far" else 0):
            mail(day + datetime.timedelta(minutes=i % 288 * 5), f"orders@o{i % 3}.example.com", [f"q{i}.invented@icloud.com"], False, False)
    day += datetime.timedelta(days=1)
if kind == "far": mail(datetime.datetime(9999, 11, 1, 10), "news@bounce.example.com", ["f1.invented@icloud.com"], True, False)
PY
cat >"$tmp/case.json" <<'JSON'
{ "case": "habits",
  "company": { "name": "Example Company", "role": "sender" },
  "contact": { "name": "Dana Sample", "email": "postmaster@example.com" },
  "streams": [
    { "name": "newsletter", "mail_type": "marketing", "match": { "return_path_domain": ["bounce.example.com"] },
      "consent": { "source": "Readers asked for it at www.example.com." } },
    { "name": "order", "mail_type": "transactional", "match": { "return_path_domain": ["orders.example.com"] } } ],
  "incident": { "description": "Since 18 May your servers refuse a part of our newsletter. Our logs do not show us the cause." },
  "evidence": { "logs": ["log"] },
  "domains": { "from": ["example.com"] },
  "sending_ips": ["192.0.2.10"] }
JSON
# kind NAME: writes the log, builds, leaves the texts in $tmp/NAME.txt.
kind () {
  now=$1
  python3 "$tmp/write.py" "$tmp/log" "$1"
  rm -rf "$tmp/p"
  timeout 60 "$pp" build --quiet --output "$tmp/p" "$tmp/case.json" >/dev/null 2>"$tmp/err" || :
  python3 - "$tmp/p" >"$tmp/$1.txt" <<'PY'
import email, email.policy, os, sys
p = sys.argv[1]
if os.path.exists(p + "/request.eml"):
    m = email.message_from_binary_file(open(p + "/request.eml", "rb"), policy=email.policy.default)
    print(m.get_body(("plain",)).get_content())
print(open(p + "/parts/apple-smtp-errors.txt").read())
PY
  tr -s ' \n' '  ' <"$tmp/$1.txt" >"$tmp/flat"
}
says () { check "$now says: $1" grep -qF -e "$1" "$tmp/flat"; }
silent () { check "$now does not say: $1" sh -c '! grep -qF -e "$1" "$2"' sh "$1" "$tmp/flat"; }

kind weekly
says "newsletter, Monday to Friday at 14:00 UTC"
says "icloud.com, me.com, mac.com (alike)"
says "Order mail to iCloud"
says "here each recipient is one message, one transaction. Group 1 counts final answers, group 2 counts tries."
says "18 May 10, 19 May 10, all within 2 minutes of 14:00:00; median of the 15 days before: 10. All got a final answer by 14:12 that day."
says "later accepted 14:1"

# A clock that was never set is of before 1970.
kind long-ago
says "newsletter, Monday to Friday at 14:00 UTC"
says "all within 2 minutes of 14:00:00"

# One that goes thousands of years ahead once: days without mail are passed.
kind far
says "iCloud, Mon 1 Nov"

kind any-day
silent "Monday"
silent "daily"
kind any-hour
says "newsletter, Monday to Friday"
silent "at 14:00 UTC"
silent "of 14:00:00"
kind one-domain
silent "(alike)"
kind two-a-mail
silent "one transaction"
says "Counts recipients. Group 1 counts final answers"
finish
