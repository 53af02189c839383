#!/bin/sh
# A stream of the case is the mail that its `match` names, by whatever key: its figures hold nothing of another stream, and
# what the sources do not tell apart is not told as apart.
. "$TOP_SRCDIR/tests/cli/lib.sh"
command -v python3 >/dev/null || skip "python3 is missing: it writes the sources"
export SOURCE_DATE_EPOCH=1779400000
cat >"$tmp/make.py" <<'PY'
# Two days of two streams; on the second 24 of 40 newsletters are refused, and nothing else.
import csv, io, json, sys
from datetime import datetime, timedelta, timezone
start, rows, events, log = datetime(2026, 5, 20, 8, tzinfo=timezone.utc), [], [], []
head = "type,timeLogged,orig,rcpt,dsnAction,dsnStatus,dsnDiag,dsnMta,dlvSourceIp,dlvDestinationIp,dlvSize,jobId,header_Message-Id,header_From"
for day in range(2):
    for i in range(60):
        news = i % 3 != 2
        t = start + timedelta(days=day, minutes=i)
        bad = day == 1 and news and i % 5 < 3
        name, ip, job = ("news", "192.0.2.10", "edition") if news else ("orders", "192.0.2.20", "receipt")
        rp, frm = f"bounce@b-{name}.example.com", f"hello@{name}.example.com"
        to, mid, q = f"reader{day}{i}@icloud.com", f"<{day}.{i}@{name}.example.com>", f"4F{day}{i:03X}B12"
        said = "550 5.7.1 [CS01] Message rejected due to local policy." if bad else f"250 2.0.0 Ok: queued as 9A{day}{i:04X}"
        rows.append(["b" if bad else "d", t.strftime("%Y-%m-%d %H:%M:%S+0000"), rp, to, "failed" if bad else "relayed", said.split()[1], "smtp;" + said,
                     "mx01.mail.icloud.com (17.57.154.33)", ip, "17.57.154.33", 700, job, mid, frm])
        events.append({"email": to, "timestamp": int(t.timestamp()), "event": "bounce" if bad else "delivered", "ip": ip if len(sys.argv) > 2 else "192.0.2.10",
                       "smtp-id": mid, "sg_event_id": f"e{day}{i}", "sg_message_id": f"s{day}{i}", "reason" if bad else "response": said})
        reply = f"bounced (host mx01.mail.icloud.com[17.57.154.33] said: {said} (in reply to end of DATA command))" if bad else f"sent ({said})"
        for text in (f"cleanup[1]: {q}: message-id={mid}", f"qmgr[2]: {q}: from=<{rp}>, size=700, nrcpt=1 (queue active)",
                     f"smtp[3]: {q}: to=<{to}>, relay=mx01.mail.icloud.com[17.57.154.33]:25, delay=1, delays=0/0/0/1, dsn={said.split()[1]}, status={reply}",
                     f"qmgr[2]: {q}: removed"):
            log.append(f"{t:%Y-%m-%dT%H:%M:%S}+00:00 mail1 postfix-{ip}/{text}")
out = io.StringIO()
csv.writer(out).writerows([head.split(",")] + rows)
open(sys.argv[1] + "/acct.csv", "w").write(out.getvalue())
# Two exports: that of the receipts has neither return path nor From.
for name, keep in ("news", lambda k: True), ("orders", lambda k: k not in ("orig", "header_From")), ("", lambda k: k != "orig"):
    cols = [k for k, column in enumerate(head.split(",")) if keep(column)]
    out = io.StringIO()
    csv.writer(out).writerows([[r[k] for k in cols] for r in [head.split(",")] + [r for r in rows if name in r[2]]])
    open(sys.argv[1] + (f"/parts/{name}.csv" if name else "/from.csv"), "w").write(out.getvalue())
open(sys.argv[1] + "/events.json", "w").write("\n".join(map(json.dumps, events)) + "\n")
open(sys.argv[1] + "/mail.log", "w").write("\n".join(log) + "\n")
PY
mkdir "$tmp/parts"
python3 "$tmp/make.py" "$tmp"
sed 's/bounce-9001@tx/bounce@b-news/g; s/tx\.example/news.example/g' "$TOP_SRCDIR/samples/cases/transactional/delivered.eml" >"$tmp/sample.eml"
build () { # NAME LOG MATCH OTHER-MATCH [MORE]: other streams, after a comma
  cat >"$tmp/$1.json" <<EOF2
{ "case": "$1", "company": { "name": "Example Company" }, "contact": { "name": "Dana Sample", "email": "postmaster@example.com" },
  "streams": [{ "name": "receipts", "mail_type": "transactional", "match": $4 }, { "name": "newsletter", "mail_type": "marketing", "match": $3 }],
  "incident": { "description": "Since 21 May your servers refuse a good part of our newsletter, and we do not see why it is so.", "changes": [] },
  "evidence": { "logs": ["$2"]${5-} }, "domains": { "from": "news.example.com" } }
EOF2
  "$pp" build --quiet --force --output "$tmp/$1" "$tmp/$1.json" >"$tmp/out" 2>"$tmp/err"
}
figures () { # TITLE NAME
  check "$1: the newsletter's figures" grep -Eq '^  iCloud, Thu 21 May +40 +24 +60\.0% +0 +16|^  iCloud, Thu 21 May +40 +24 +0 +16' "$tmp/$2/request.eml"
  check "$1: those of the receipts" sh -c 'tr -s "\r\n " " " <"$1" | grep -q "Our receipts to iCloud, 21 May ([^)]*): 20 final answers, none refused by policy"' sh "$tmp/$2/request.eml"
}
i=0
while read -r title log match other more; do
  i=$((i + 1))
  build "case$i" "$log" "$match" "$other" "$more" || true
  figures "$title" "case$i"
done <<'EOF3'
return-path acct.csv {"return_path_domain":["b-news.example.com"]} {"return_path_domain":["b-orders.example.com"]}
From acct.csv {"from_domain":["news.example.com"]} {"from_domain":["orders.example.com"]}
sending-IP acct.csv {"sending_ip":["192.0.2.10"]} {"sending_ip":["192.0.2.20"]}
campaign acct.csv {"campaign":["edition"]} {"campaign":["receipt"]}
two-keys acct.csv {"from_domain":["news.example.com","orders.example.com"],"sending_ip":["192.0.2.10"]} {"sending_ip":["192.0.2.20"]}
sending-IP-of-a-log mail.log {"sending_ip":["192.0.2.10"]} {"sending_ip":["192.0.2.20"]}
what-only-the-other-tells parts {"from_domain":["news.example.com"]} {"campaign":["receipt"]}
From-by-a-sample mail.log {"from_domain":["news.example.com"]} {"return_path_domain":["b-orders.example.com"]} ,"delivered":["sample.eml"]
EOF3

# init calls a stream by what the source tells of it.
key () { # LOG: the key of `match`, and what domains.from says
  "$pp" init --quiet --force --output "$tmp/init.json" "$tmp/$1" >/dev/null
  python3 -c 'import json, sys; c = json.load(open(sys.argv[1])); print(*c["streams"][0]["match"], *c["domains"]["from"])' "$tmp/init.json"
}
check "init: From, without a return path" test "$(key from.csv)" = "from_domain news.example.com"
check "init: both" test "$(key acct.csv)" = "return_path_domain news.example.com"
check "init: From to be told" sh -c 'echo "$1" | grep -q "^return_path_domain TODO"' sh "$(key mail.log)"

# Of several From domains the request names that of the stream: as the log tells it, else by the return path.
from () { # NAME LOG FROM...: the domain that Apple is told
  name=$1; build "$1" "$2" '{"return_path_domain":["b-news.example.com"]}' '{"return_path_domain":["b-orders.example.com"]}' || true
  sed -i "s/\"from\": \"news.example.com\"/\"from\": [$3]/" "$tmp/$name.json"
  "$pp" build --quiet --force --output "$tmp/$name" "$tmp/$name.json" >"$tmp/out" 2>&1 || true
  sed -n 's/^Sending domain: *//p' "$tmp/$name/request.eml" | cut -d' ' -f1
}
check "From by the log" test "$(from bylog acct.csv '"orders.example.com","news.example.com"')" = news.example.com
check "From by the return path" test "$(from bypath mail.log '"b-orders.example.com","b-news.example.com"')" = b-news.example.com

# An older incident of another stream had more refusals: the stated start tells which one is meant.
sed -e '/^2026-05-20T.*postfix-192.0.2.20.smtp/s/dsn=2.0.0, status=sent (.*)$/dsn=5.7.1, status=bounced (host mx01.mail.icloud.com[17.57.156.30] said: 550 5.7.1 [CS02] Message rejected due to local policy. (in reply to end of DATA command))/' \
  -e '/^2026-05-21T08:[0-4][13579].*status=bounced/s/dsn=5.7.1, status=.*/dsn=2.0.0, status=sent (250 2.0.0 Ok: queued as 9A10FFF)/' "$tmp/mail.log" >"$tmp/older.log"
older () { # NAME STARTED: the stream that the errors are of
  build "$1" older.log '{"return_path_domain":["b-news.example.com"]}' '{"return_path_domain":["b-orders.example.com"]}' || true
  sed -i "s/\"incident\": {/&$2/" "$tmp/$1.json"
  "$pp" build --quiet --force --output "$tmp/$1" "$tmp/$1.json" >"$tmp/out" 2>&1 || true
  sed -n 's/^SMTP errors from iCloud Mail: .* //p' "$tmp/$1/parts/apple-smtp-errors.txt"
}
check "of two incidents the one with more refusals" test "$(older two '')" = receipts
check "but that which the case says began then" test "$(older since '"started": "2026-05-21",')" = newsletter

# No key tells them apart: nothing is asked of Apple in the name of one of them.
if build apart events.json '{"return_path_domain":["b-news.example.com"]}' '{"return_path_domain":["b-orders.example.com"]}'; then status=0; else status=$?; fi
check "streams that no source tells apart: 1" test "$status" -eq 1
check "the packet says so" grep -q 'they cannot be told apart' "$tmp/apart/ticket/ticket.md"
check "and there is no request" test ! -e "$tmp/apart/request.eml"
one () { # NAME LOG
  sed -e 's/{ "name": "receipts"[^}]*} }, //' -e "s/\"apart\"/\"$1\"/; s/events.json/$2/; s/b-news/b-weekly/" "$tmp/apart.json" >"$tmp/$1.json"
  "$pp" build --quiet --output "$tmp/$1" "$tmp/$1.json" || true
}
one named acct.csv
check "one stream, but other senders: all mail is taken for it, and that is said" \
  grep -q 'senders: b-news.example.com, b-orders.example.com).*all mail in them is taken for it' "$tmp/named/ticket/ticket.md"
one unnamed events.json
check "where no sender is named nothing speaks against it" sh -c 'test -s "$1/request.eml" && ! grep -q "taken for it" "$1/ticket/ticket.md"' sh "$tmp/unnamed"
check "no return path is made up" sh -c '! grep -qF "(return-path)" "$1"' sh "$tmp/unnamed/request.eml"

# A delivered sample of the other stream, by another IP, or by another clock shows nothing of this one.
receipt () { sed 's/bounce-9001@tx/bounce@b-orders/g; s/tx\.example/orders.example/g' "$TOP_SRCDIR/samples/cases/transactional/delivered.eml"; }
receipt >"$tmp/receipt.eml"
both () { build "$1" "$2" '{"from_domain":["news.example.com"]}' '{"from_domain":["orders.example.com"]}' "$3"; }
both wrong acct.csv ',"delivered":["receipt.eml"]' || true
check "a receipt is no sample of the newsletter" grep -q 'receipt.eml is not of the stream that the request is about (newsletter): it is left out' "$tmp/wrong/ticket/ticket.md"
check "the newsletter's domain stays" grep -q '^Sending domain:    news.example.com From' "$tmp/wrong/request.eml"
check "and the receipts' is not told" sh -c '! grep -q "orders.example.com" "$1"' sh "$tmp/wrong/request.eml"
sed 's/\[192\.0\.2\.10\]/[198.51.100.99]/' "$tmp/sample.eml" >"$tmp/elsewhere.eml"
both by-another acct.csv ',"delivered":["elsewhere.eml"]' || true
check "a sample by another IP says so" sh -c 'tr -d "\r" <"$1" | grep -q "One accepted sample, sent from 198.51.100.99, from a mailbox"' sh "$tmp/by-another/request.eml"
check "and the sender is told" grep -q 'elsewhere.eml was sent from 198.51.100.99, of which the logs show nothing' "$tmp/by-another/ticket/ticket.md"
sed 's/9A41C7D0E3B2/9A00004/; s/12:00:07 +0000/09:04:00 +0000/' "$tmp/sample.eml" >"$tmp/clock.eml"
if both clock acct.csv ',"delivered":["clock.eml"]'; then status=0; else status=$?; fi
check "a log an hour behind Apple's own time is not sent: 1" test "$status" -eq 1 -a ! -e "$tmp/clock/request.eml"
check "and the hour is told" grep -q "clock is 3600 seconds behind Apple's" "$tmp/clock/ticket/ticket.md"
sed 's/9A41C7D0E3B2/9A00006/; s/12:00:07 +0000/08:06:00 +0000/' "$tmp/sample.eml" >"$tmp/right.eml"
if both right acct.csv ',"delivered":["right.eml"]'; then status=0; else status=$?; fi
check "a clock that a sample proves" grep -q 'Our log and your own Received' "$tmp/right/parts/apple-smtp-errors.txt"
both hosts acct.csv ',"delivered":["clock.eml","right.eml"]' || true
check "is not proven for two hosts where another sample is an hour off" \
  sh -c 'grep -q "clock is 3600 seconds behind" "$1/ticket/ticket.md" && [ ! -e "$1/request.eml" ] && ! grep -q "your own Received" "$1/parts/apple-smtp-errors.txt"' sh "$tmp/hosts"

# What a sample showed and newer mail shows mended is no lack; what newer mail shows is.
failed () { sed -e 's/\(spf\|dkim\|dmarc\)=pass/\1=fail/g' -e "s/12:00:07 +0000/$1:00:07 +0000/; s/9A41C7D0E3B2/9B41C7D0E3B2/" "$tmp/sample.eml"; }
failed 11 >"$tmp/before.eml"; failed 13 >"$tmp/after.eml"
both mended acct.csv ',"delivered":["before.eml","sample.eml"]' || true
check "mended since: a request" sh -c 'test -s "$1/request.eml" && grep -q "before.eml Apple saw neither SPF nor DKIM pass, in newer mail it did" "$1/ticket/ticket.md"' sh "$tmp/mended"
both broke acct.csv ',"delivered":["after.eml","sample.eml"]' || true
check "broken since: none" sh -c '! test -e "$1/request.eml" && grep -q "after.eml Apple saw neither SPF nor DKIM pass: a requirement" "$1/ticket/ticket.md"' sh "$tmp/broke"
check "nor are SPF and DKIM proven by the older one" sh -c 'python3 -c "import json, sys; r = json.load(open(sys.argv[1]))[\"requirements\"][7]; assert r[\"state\"] == \"contradicted\", r" "$1/packet.json"' sh "$tmp/broke"

# What was accepted long before, or by another IP, is told as that.
sed -e 's/2026 12:00:07/2025 12:00:07/; s/9A41C7D0E3B2/9C41C7D0E3B2/' "$tmp/sample.eml" >"$tmp/year.eml"
both year acct.csv ',"delivered":["year.eml"]' || true
check "a sample of last year" sh -c 'tr -d "\r" <"$1" | tr "\n" " " | tr -s " " | grep -q "One accepted sample, of [0-9]* May 2025, from a mailbox of ours"' sh "$tmp/year/request.eml"
both mixed-ips acct.csv ',"delivered":["elsewhere.eml","right.eml"]' || true
check "one of two by another IP" sh -c 'tr -d "\r" <"$1" | tr "\n" " " | tr -s " " | grep -q "Two accepted samples, sent from 198.51.100.99 as well, from mailboxes"' sh "$tmp/mixed-ips/request.eml"

sed 's/(mta1.example.com \[192/(unknown [192/' "$tmp/sample.eml" >"$tmp/nameless.eml"
both nameless acct.csv ',"delivered":["nameless.eml"]' || true
check "an IP that Apple saw no name of" sh -c 'grep -q "Apple found no name for 192.0.2.10" "$1/ticket/ticket.md" && test ! -e "$1/request.eml" && ! grep -rq "PTR unknown" "$1/parts" "$1/ticket" && grep -q "shows no name for the sending IP" "$1/packet.json"' sh "$tmp/nameless"

# A return path that is made for one message is no domain of all mail.
sed 's/@b-news\.example/@x-4711332.b-news.example/g' "$tmp/sample.eml" >"$tmp/reader.eml"
both reader acct.csv ',"delivered":["reader.eml"]' || true
check "SPF of one message's own domain" sh -c 'tr -d "\r" <"$1" | tr "\n" " " | grep -q "spf=pass  *(\*\.b-news.example.com)"' sh "$tmp/reader/request.eml"
check "where the domain is all mail's it stays" sh -c 'tr -d "\r" <"$1" | tr "\n" " " | grep -q "spf=pass  *(b-news.example.com)"' sh "$tmp/right/request.eml"
python3 - "$tmp" >"$tmp/verp.csv" <<'PY'
import sys
for i, l in enumerate(open(sys.argv[1] + "/acct.csv")):
    sys.stdout.write(l.replace("@b-news.", f"@x.{4711000 + i}.b-news."))
PY
both verp verp.csv '' || true
check "many of them are told as one" grep -q '^ *\*\.b-news.example.com (return-path)' "$tmp/verp/request.eml"

# Postmark names the From of bounces alone: what was accepted is the stream's where no other one is known, else nobody's.
python3 - "$tmp" <<'PY'
import json, sys
from datetime import datetime, timedelta, timezone
for name in ("single", "mixed"):
    rows = []
    for i in range(120):
        t = (datetime(2026, 5, 20, 8, tzinfo=timezone.utc) + timedelta(minutes=20 * i)).isoformat()
        mail = {"MessageID": f"00000000-0000-4000-8000-{i:012d}"}
        if i >= 60 and i % 3:
            rows.append({**mail, "RecordType": "Bounce", "Type": "Blocked", "TypeCode": 1, "Email": f"r{i}@icloud.com", "BouncedAt": t, "From": "a@news.example.com",
                         "Details": f"smtp;550 5.7.1 [CS01] Message rejected due to local policy. Txn ID 00000000-0000-4000-8000-{i:012d}"})
        elif name == "mixed" and i % 3 == 0 and i < 60:
            rows.append({**mail, "RecordType": "Bounce", "Type": "HardBounce", "TypeCode": 1, "Email": f"r{i}@icloud.com", "BouncedAt": t, "From": "a@orders.example.com",
                         "Details": "smtp;550 5.1.1 user does not exist"})
        else:
            rows.append({**mail, "RecordType": "Delivery", "Recipient": f"r{i}@icloud.com", "DeliveredAt": t, "Details": "smtp;250 2.0.0 Ok: queued as 81A58388521"})
    open(f"{sys.argv[1]}/{name}.jsonl", "w").write("\n".join(map(json.dumps, rows)) + "\n")
PY
both single single.jsonl ',"delivered":["sample.eml"]' || true
check "accepted mail without a sender is the only stream's" grep -Eq '^  iCloud, Thu 21 May +72 +40 +0 +32' "$tmp/single/request.eml"
both mixed mixed.jsonl ',"delivered":["sample.eml"]' || true
check "of two streams' it is nobody's" sh -c 'test -s "$1/request.eml" && ! grep -q "^  iCloud, \|accepted in the same period" "$1/request.eml"' sh "$tmp/mixed"
check "and that is said" grep -q 'do not tell which stream accepted mail is of' "$tmp/mixed/ticket/ticket.md"

# Brand and HELO are as Apple saw them.
sed 's/^From: [^<]*</From: Quite Another </' "$tmp/sample.eml" >"$tmp/name.eml"
both name acct.csv ',"delivered":["name.eml"]' || true
sed -e 's/"Example Company" }/"Example Company", "brand": "Example Weekly" }/; s/"case": "name"/"case": "brand"/' \
  -e 's/"evidence"/"sending_ips": [{ "ip": "192.0.2.10", "helo": "mta9.example.com" }], &/' "$tmp/name.json" >"$tmp/brand.json"
"$pp" build --quiet --output "$tmp/brand" "$tmp/brand.json" >"$tmp/out" 2>&1 || true
check "a brand that no sample bears is left out" sh -c 'grep -q "^Company:  *Example Company" "$1" && ! grep -q "brand in the inbox" "$1"' sh "$tmp/brand/request.eml"
check "and told" grep -q "From has another name than the brand" "$tmp/brand/ticket/ticket.md"
check "HELO is what Apple saw" sh -c 'grep -q "192.0.2.10 .*HELO and PTR mta1.example.com" "$1/request.eml" && grep -q "says HELO mta1.example.com where Apple took mail, and the case mta9.example.com" "$1/ticket/ticket.md"' sh "$tmp/brand"
claimed () { # STATE WHERE PACKET: what is said of the sending IPs
  check "they are $1: $2" python3 -c 'import json, sys
c = [(c["state"], c["where"]) for c in json.load(open(sys.argv[3] + "/packet.json"))["claims"] if c["claim"] == "sending IPs"]
assert c == [(sys.argv[1], sys.argv[2])], c' "$1" "$2" "$3"
}
claimed proven "Apple's Received line in the delivered sample" "$tmp/brand"
sed -e '/^Received:/,/^[A-Z]/{/^Received:/d;/^[ \t]/d}' "$tmp/name.eml" >"$tmp/case-only.eml"
sed 's/"brand": "Example Weekly"/"brand": "x"/; s/"case": "brand"/"case": "case-only"/; s/name.eml/case-only.eml/' "$tmp/brand.json" >"$tmp/case-only.json"
"$pp" build --quiet --output "$tmp/case-only" "$tmp/case-only.json" >"$tmp/out" 2>&1 || true
claimed stated "case, sending_ips" "$tmp/case-only"
finish
