#!/bin/sh
# The request's text by the kind of mail and of trouble: chosen from stream and evidence, each with its golden text.
. "$TOP_SRCDIR/tests/cli/lib.sh"
command -v python3 >/dev/null || skip "python3 is missing: it reads the messages"
cases=$TOP_SRCDIR/samples/cases
golden=$TOP_SRCDIR/tests/golden/variants
export PYTHONDONTWRITEBYTECODE=1
SOURCE_DATE_EPOCH=1779436800 # 2026-05-22 08:00
export SOURCE_DATE_EPOCH
cd "$tmp"
build () { "$pp" build --quiet --key "$TOP_SRCDIR/samples/outage/key" "$@"; }
cat >body.py <<'PY'
import email, email.policy, sys
m = email.message_from_binary_file(open(sys.argv[1] + "/request.eml", "rb"), policy=email.policy.default)
body = m.get_body(("plain",)).get_content()
print("Subject:", m["subject"])
print(" ".join(["Attachments:", *[a.get_filename() for a in m.iter_attachments()]]) + "\n")
print(body, end="")
lines = body.splitlines()
assert len(lines) <= 60 and max(map(len, lines)) <= 76
keys = [i for k in ("Company:", "Sending domain:", "Sending IPs:", "Error:", "Started:") for i, l in enumerate(lines) if l.startswith(k)]
assert len(keys) == 5 and keys == sorted(keys) and keys[0] == 0, keys
assert any("192.0.2.10" in l for l in lines[:15])
PY
variant () { # NAME TEMPLATE STATUS [OPTION...]
  v=$1 template=$2 status=$3
  shift 3
  code "$v" "$status" build --output "$v" "$@" "$cases/$v/case.json"
  check "$v: its form" sh -c 'python3 body.py "$1" >"$1.txt"' sh "$v"
  [ -z "${UPDATE_GOLDEN-}" ] || { mkdir -p "$golden"; cp "$v.txt" "$golden/$v.txt"; }
  same "$v: the golden text (UPDATE_GOLDEN=1 writes it anew)" "$v.txt" "$golden/$v.txt"
  check "$v: packet.json names it" grep -q "\"template\": \"$template\"" "$v/packet.json"
  grep -oh ' to=<[^>]*>' "$cases/$v/maillog" | sed 's/ to=<//; s/>//' | sort -u >list
  check "$v: no recipient in any file" python3 "$TOP_SRCDIR/tests/tools/find-recipients.py" list "$v"
}
silent () { check "$1: not a word of $2" sh -c '! sed 1,2d "$1.txt" | grep -Eqi "$2"' sh "$1" "$2"; }
finds () { check "$1: finding $2" grep -q "\"id\": \"$2\"" "$1/packet.json"; }
variant transactional transactional 0
silent transactional 'consent|opt|unsubscri|readers? asked|screenshot'
variant personal personal 1 --sending-ip 192.0.2.10
silent personal 'consent|opt|unsubscri|%|brand'
finds personal checklist
variant forwarded forwarded 0
silent forwarded 'consent|opt-in|unsubscri|author.example.net'
check "forwarded: From is its authors'" sh -c 'grep -q "^Stream    forwarding, forwarded by forward.example.com" "$1/parts/apple-smtp-errors.txt" && ! grep -q "From forward\|forward.example.com From" "$1/parts/apple-smtp-errors.txt" "$1/request.eml"' sh forwarded
variant connection connection 1 --sending-ip 192.0.2.10
finds connection no-trace
variant deferral deferral 1 --sending-ip 192.0.2.10
check "deferral: has what slowed down, so it is not asked for" sh -c '! grep -q no-slowdown deferral/packet.json'

for v in deferral connection; do
  check "$v: nothing was refused, says the ticket" sh -c '! sed 1,3d "$1" | grep -qi "refus\|by policy" && grep -q "^# \(Put off by\|No connection to\) iCloud Mail" "$1"' sh "$v/ticket/ticket.md"
  check "$v: and what the picture says" sh -c '! grep -q "Latest refusal" "$1" && grep -q "Latest \(deferral\|failed connection\) 2026-" "$1"' sh "$v/review.html"
  check "$v: and where the start is from" sh -c '! grep -q "first refusal" "$1"' sh "$v/packet.json"
done

# What the case may say, and what the evidence must show.
change () { # CASE OUT PYTHON
  rm -rf "$2"; cp -r "$cases/$1" "$2"; chmod -R u+w "$2"
  python3 -c 'import json, os, sys
os.chdir(sys.argv[1]); c = json.load(open("case.json")); log = open("maillog").read().splitlines(True)
'"$3"'
json.dump(c, open("case.json", "w")); open("maillog", "w").write("".join(log))' "$2"
}
away='log = [l.replace("@mail1.example.com>", "@app7.other.example.net>") for l in log]'
change deferral c "$away"
code "Message-IDs of another host" 1 build --sending-ip 192.0.2.10 --output o c/case.json
check "are known by their place" grep -q '^  deferred \[HCM1\]   <.*@app7.other.example.net>' o/request.eml; rm -r o
change transactional c "$away"'; log = [l.replace("[CS02] ", "").replace("Ok: queued as", "Ok, as").replace(". Txn ID", ". Id") for l in log]'
code "an answer without a tag, nor Apple's ids" 0 build --output o c/case.json
check "Message-IDs of another host, refused and accepted" sh -c 'grep -q "^  refused 550 5.7.1   <.*@app7.other.example.net>" o/request.eml && grep -q "^  accepted, same stream   <.*@app7.other.example.net>" o/request.eml'; rm -r o
# Connections that fail as other servers tell of them: their own words are no answer of Apple's, and each try is one.
cat >others.py <<'PY'
import json, sys
from datetime import datetime, timedelta, timezone
service, failed, out = sys.argv[1], 0, []
for i in range(300):
    t = datetime(2026, 5, 18, tzinfo=timezone.utc) + timedelta(minutes=20 * i)
    bad, to, at = t >= datetime(2026, 5, 20, tzinfo=timezone.utc), f"reader{i}.invented@icloud.com", t.strftime("%Y-%m-%dT%H:%M:%S.000Z")
    failed += bad
    if service == "amazon":
        mail = {"timestamp": at, "source": "weekly@news.example.com", "messageId": f"0107-{i}", "tags": {"ses:outgoing-ip": ["192.0.2.10"]}}
        out.append({"eventType": "DeliveryDelay", "mail": mail, "deliveryDelay": {"timestamp": at, "delayType": "TransientCommunicationFailure", "delayedRecipients":
                    [{"emailAddress": to, "status": "4.4.1", "diagnosticCode": "smtp; 421 4.4.1 Unable to connect to remote host"}]}} if bad else
                   {"eventType": "Delivery", "mail": mail, "delivery": {"timestamp": at, "recipients": [to], "smtpResponse": f"250 2.0.0 Ok: queued as 9A41{i:04X}E3B2", "remoteMtaIp": "17.57.156.30"}})
        out[-1] = json.dumps(out[-1])
        continue
    id = f"EB3106BB-8C7C-4565-ADA3-{i:012X}"
    out += [f"{at} [NOTICE] [{id}.1] [core] sender <bounce-{i}@news.example.com> code=OK msg=\"\"",
            f"{at} [NOTICE] [{id}.1] [core] recipient <{to}> code=OK msg=\"\" sender=bounce-{i}@news.example.com"]
    out += [f"{at} [NOTICE] [{id}.1.1] [outbound] Failed to get socket: connect ETIMEDOUT 17.57.156.30:25",
            f"{at} [INFO] [{id}.1.1] [outbound] Temp failing f{i} for 64 seconds: Tried all MXs"] if bad else [
            f"{at} [NOTICE] [{id}.1.1] [outbound]  delivered file=f{i} domain=icloud.com host=mx01.mail.icloud.com ip=17.57.156.30 port=25 mode=SMTP tls=Y auth=N response=\"Ok: queued as 9A41{i:04X}E3B2\" delay=0.2 fails=0 rcpts=1/0/0"]
open(sys.argv[2], "w").write("\n".join(out) + "\n")
print(failed)
PY
for service in amazon haraka; do
  change connection c ''
  failed=$(python3 others.py "$service" c/maillog)
  code "connections that fail, $service" 1 build --sending-ip 192.0.2.10 --output o c/case.json
  check "$service: the request is about them" grep -q '"template": "connection"' o/packet.json
  check "$service: whose words they are" sh -c 'tr -d "\r" <o/request.eml | grep -q "(our own server.s words, $1 tries)" && ! grep -q "time of your answer\|4\.4\.1" o/request.eml' sh "$failed"
  least=1; [ "$service" = amazon ] || least=0
  check "$service: what the source may lack is said" test "$(tr -d '\r' <o/request.eml | grep -c '^Our source may not hold every try: these counts are minimums.$')" -eq "$least"
  check "$service: each try once" sh -c 'tr -d "\r" <o/request.eml | grep -q "^  (host not known).* $1\$"' sh "$failed"; rm -r o
done
change transactional c ''
sed -i '/^Authentication-Results:/d; /^\tdkim=pass/d' c/delivered.eml
code "an accepted sample without Apple's results" 1 build --output o c/case.json
check "no heading stands alone" sh -c '! tr -d "\r" <"$1/request.eml" | grep -q "^Shown by mail that you accepted:" && ! grep -q "^## What was checked" "$1/ticket/ticket.md"' sh o; rm -r o
change transactional c 'c["request"] = {"template": "marketing"}'
code "another kind than the stream is" 65 build --output o c/case.json
check "both are named" grep -q '\$\.request\.template says marketing, but the stream receipts is transactional mail' err
check "nothing written" test ! -e o
change transactional c 'c["request"] = {"template": "auto"}'
code "auto is as nothing said" 0 build --output o c/case.json
check "the same text" sh -c 'python3 body.py o >o.txt && cmp o.txt transactional.txt'; rm -r o
change transactional c 'c["request"] = {"template": "deferral"}'
code "deferrals that are not there" 1 build --output o c/case.json
check "are lacking" sh -c 'grep -q "\"id\": \"no-episode\"" o/packet.json && [ ! -e o/request.eml ]'; rm -r o
change deferral c 'log = [l for l in log if l < "2026-05-20T18"]'
code "deferrals of half a day" 1 build --sending-ip 192.0.2.10 --output o c/case.json
check "are too early" sh -c 'grep -q "\"id\": \"deferral-early\"" o/packet.json && [ ! -e o/request.eml ]'; rm -r o
change deferral c 'first = next(l for l in log if "status=deferred" in l)[:19]; log = [l for l in log if l[:19] >= first]'
code "deferrals from the log's beginning on" 1 build --sending-ip 192.0.2.10 --output o c/case.json
check "may have begun earlier" grep -q '^Started: *2026-05-20 06:00 UTC or earlier (our logs begin there)' o/request.eml; rm -r o
change connection c 'log = [l for l in log if l < "2026-05-21T18"]'
code "no connection for less than two days" 1 build --sending-ip 192.0.2.10 --output o c/case.json
check "is too early" sh -c 'grep -q "\"id\": \"connection-early\"" o/packet.json && [ ! -e o/request.eml ]'; rm -r o
change deferral c 'c["incident"].pop("remediation")'
code "nothing slowed down" 1 build --sending-ip 192.0.2.10 --output o c/case.json
finds o no-slowdown; rm -r o
change deferral c 'log = [l for l in log if l < "2026-05-21T08"]'
code "a second day of eight hours" 1 build --sending-ip 192.0.2.10 --output o c/case.json
check "is not called slower than a whole one" sh -c '[ -e o/request.eml ] && ! grep -q "We slowed down" o/request.eml'; rm -r o
change deferral c 'log = []
for h in range(47):
    for m in (0, 30):
        at, q = "2026-05-%02dT%02d:%02d:00.000000+00:00 mail1 postfix/" % (20 + h // 24, h % 24, m), "4FC%03d%02dB12" % (h, m)
        said = "dsn=2.0.0, status=sent (250 2.0.0 Ok: queued as 9A410001E3B2)" if h < 22 else "dsn=4.7.0, status=deferred (host mx01.mail.icloud.com[17.57.156.30] said: 421 [HCM1] Your mail from 192.0.2.10 was deferred. (in reply to MAIL FROM command))"
        log += ["%scleanup[2001]: %s: message-id=<%s@mail1.example.com>\n" % (at, q, q), "%sqmgr[2002]: %s: from=<bounce@news.example.com>, size=4001, nrcpt=1 (queue active)\n" % (at, q),
                "%ssmtp[2003]: %s: to=<reader%d@icloud.com>, relay=mx01.mail.icloud.com[17.57.156.30]:25, delay=1, delays=0/0/0/1, %s\n" % (at, q, h * 60 + m, said)]'
code "as many an hour as ever, since an evening" 1 build --sending-ip 192.0.2.10 --output o c/case.json
check "is not called slower either" sh -c '[ -e o/request.eml ] && ! grep -q "We slowed down" o/request.eml'; rm -r o
change deferral c 'log = []
for h in range(48):
    for n in range(5 if h < 24 else 2): # as many messages each day, and fewer tries of each
        at, q = "2026-05-%02dT%02d:%02d:00.000000+00:00 mail1 postfix/" % (20 + h // 24, h % 24, 10 * n), "4FC%03dB12" % h
        said = "dsn=2.0.0, status=sent (250 2.0.0 Ok: queued as 9A410001E3B2)" if h > 24 and n else "dsn=4.7.0, status=deferred (host mx01.mail.icloud.com[17.57.156.30] said: 421 [HCM1] Your mail from 192.0.2.10 was deferred. (in reply to MAIL FROM command))"
        log += ["%scleanup[2001]: %s: message-id=<%s@mail1.example.com>\n" % (at, q, q), "%sqmgr[2002]: %s: from=<bounce@news.example.com>, size=4001, nrcpt=1 (queue active)\n" % (at, q),
                "%ssmtp[2003]: %s: to=<reader%d@icloud.com>, relay=mx01.mail.icloud.com[17.57.156.30]:25, delay=1, delays=0/0/0/1, %s\n" % (at, q, h, said)]'
code "fewer tries of as many messages" 1 build --sending-ip 192.0.2.10 --output o c/case.json
check "there are fewer tries" grep -Eq '^  iCloud, Thu 21 May +48 +25' o/request.eml
check "that is no slowing down of ours" sh -c '! grep -q "We slowed down" o/request.eml'; rm -r o
change deferral c 'log = [l for l in log if "status=sent" not in l and not (l > "2026-05-20T1" and l.endswith("removed\n"))] + ["2026-05-21T15:40:00.000000+00:00 mail1 postfix/qmgr[2002]: " + [l for l in log if "deferred" in l][-1].split(": ")[1] + ": from=<bounce-0001@news.example.com>, status=expired, returned to sender\n"]'
code "one that was given up" 1 build --sending-ip 192.0.2.10 --output o c/case.json
check "is one end" sh -c '"$1" scan --json c/maillog | grep -A3 "^  \"apple\"" | grep -q "\"bounced\": 1,"' sh "$pp"
check "and no try more" grep -Eq '^  iCloud, Thu 21 May +19 +19 +0' o/request.eml; rm -r o
change transactional c 'c["streams"][0].pop("impact")'
code "no impact" 1 build --output o c/case.json
finds o no-impact; rm -r o
change deferral c 'for hour in ("18T22", "19T12", "19T20"):
    for said in ("dsn=4.7.1, status=deferred (host mx01.mail.icloud.com[17.57.156.30] said: 451 4.7.1 Service unavailable - try again later (in reply to MAIL FROM command))", "dsn=2.0.0, status=sent (250 2.0.0 Ok: queued as 9A41000FE3B2)"):
        log.insert(0, "2026-05-%s:00:00.000000+00:00 mail1 postfix/smtp[2003]: 4FBB%sB12AA7: to=<early.invented@icloud.com>, relay=mx01.mail.icloud.com[17.57.156.30]:25, delay=1, delays=0/0/0/1, %s\n" % (hour, hour[-2:], said))
log.sort(key=lambda l: l[:13])'
code "the deferrals of any day before" 1 build --sending-ip 192.0.2.10 --output o c/case.json
check "are not the start" grep -q '^Started: *2026-05-20 06:00 UTC' o/request.eml; rm -r o
# A few deferrals among mail that goes through are any day's; refusals for good lead before deferrals do.
change deferral c 'import re
log = [re.sub(r"dsn=4.0.0, status=deferred .*", "dsn=2.0.0, status=sent (250 2.0.0 Ok: queued as 9A41000FE3B2)", l) if i % 40 else l for i, l in enumerate(log)]'
code "few deferrals" 1 build --sending-ip 192.0.2.10 --output o c/case.json
check "make no request" sh -c 'grep -q "\"template\": \"marketing\"" o/packet.json && [ ! -e o/request.eml ]'; rm -r o
change deferral c 'qid = [l for l in log if "status=deferred" in l][-1].split(": ")[1]
log += [l.replace(qid, "4FAAAAB12AA7").replace("dsn=4.0.0, status=deferred", "dsn=5.7.1, status=bounced").replace("421 [HCM1] Your mail from 192.0.2.10 was deferred.", "550 5.7.1 [HCM2] Your mail from 192.0.2.10 was rejected.") for l in log if qid in l]'
code "a refusal beside the deferrals" 1 build --sending-ip 192.0.2.10 --output o c/case.json
check "leads" grep -q '"template": "marketing"' o/packet.json; rm -r o
# Postfix in RFC 3339: the connection's own line, then the message's, of each recipient, a moment later.
change connection c 'def later(l, n):
    return l.replace(".000000+", ".%06d+" % n)
log = [x for l in log for x in ([later(l, 1), later(l, 400), later(l, 700).replace("to=<", "to=<second.")] if "status=deferred (connect" in l else [l])]'
code "a moment between connection and message" 1 build --sending-ip 192.0.2.10 --output o c/case.json
check "is no failure more" sh -c 'for d in o connection; do tr -d "\r" <"$d/request.eml" | sed -n "/^Connections that failed at/,/^$/p" >"$d.failed"; done; grep -q "^By hour" o.failed && cmp o.failed connection.failed'; rm -r o
change connection c 'log = [l.replace(".000000+", ".000400+") if "status=deferred (connect" in l else l for l in log]'
code "the same of one recipient each" 1 build --sending-ip 192.0.2.10 --output o c/case.json
check "is no try more" sh -c 'for d in o connection; do tr -d "\r" <"$d/request.eml" | sed -n "/^Error:/,/^Started/p" >"$d.tries"; done; grep -q " tries)" o.tries && cmp o.tries connection.tries'; rm -r o
# Both ways of not answering.
change connection c 'log = [l.replace("(connect to mx02.mail.icloud.com[17.42.251.62]:25: Connection timed out)", "(host mx02.mail.icloud.com[17.42.251.62] refused to talk to me: 554 st11p00im-smtpin013.me.com ESMTP not accepting connections)").replace("relay=none", "relay=mx02.mail.icloud.com[17.42.251.62]:25") for l in log if "connect to mx02" not in l or "status=" in l]'
code "a greeting that says no" 1 build --sending-ip 192.0.2.10 --output o c/case.json
check "is told as yours, the timeouts as ours" sh -c 'python3 body.py o >o.txt && grep -q "ESMTP not accepting" o.txt && grep -q "(temporary, 27 tries)" o.txt && grep -q "our own server.s words, 27 tries" o.txt && ! grep -q "The words above are our own" o.txt'; rm -r o

change forwarded c 'import re
m = open("delivered.eml").read()
m, n = re.subn(r"(?m)^ARC-Seal:.*\n(?:[ \t].*\n)*", "", m)
assert n; open("delivered.eml", "w").write(m)'
code "forwarded without ARC" 1 build --output o c/case.json
check "is no request" sh -c '[ ! -e o/request.eml ] && grep -q "LACKING: delivered.eml was forwarded without ARC" out'; rm -r o

# What only looks as if: a forwarder's own signature, a queue that gave all up, a message to two.
change forwarded c 'm = open("delivered.eml").read()
own = "dkim=fail header.d=author.example.net header.b=XEFkSwVW;\n\tdkim=pass (2048-bit key) header.d=forward.example.com header.b=XEFkSwVX"
m = m.replace("dkim=pass (2048-bit key) header.d=author.example.net header.i=@author.example.net header.b=XEFkSwVW", own).replace("dmarc=pass", "dmarc=fail")
assert own in m; open("delivered.eml", "w").write(m)'
code "a signature of the forwarder" 1 build --output o c/case.json
check "is not the author's" sh -c '[ -e o/request.eml ] && ! grep -q "signature survives" o/request.eml o/ticket/ticket.md'
finds o dmarc-fails
check "and DMARC is not the forwarder's to align" sh -c 'grep -q "ARC" out && ! grep -q "LACKING\|Align SPF" out'; rm -r o
change deferral c 'put_off = sorted({l.split(": ")[1] for l in log if "status=deferred" in l})
log = [l for l in log if not any(q + ": removed" in l for q in put_off)]
log += [f"2026-05-21T16:00:00.000000+00:00 mail1 postfix/qmgr[2002]: {q}: {text}\n" for q in put_off for text in ("from=<bounce@news.example.com>, status=expired, returned to sender", "removed")]'
code "all of them given up" 1 build --sending-ip 192.0.2.10 --output o c/case.json
check "no queue goes on" sh -c '[ -e o/request.eml ] && ! grep -q "goes on trying" o/request.eml'; rm -r o
cp -r "$cases/deferral" c; chmod -R u+w c
code "three days after the log's end" 1 env SOURCE_DATE_EPOCH=1779696000 "$pp" build --quiet --key "$TOP_SRCDIR/samples/outage/key" --sending-ip 192.0.2.10 --output o c/case.json
check "nobody knows what the queue does" sh -c '[ -e o/request.eml ] && ! grep -q "goes on trying" o/request.eml'; rm -r o
change deferral c 'log = [l for l in log if l < "2026-05-21T07"]
log.append("2026-05-22T07:59:00.000000+00:00 mail1 postfix/smtp[3]: 4FZZZZ1A2B3C: to=<a@example.org>, relay=mx.example.org[203.0.113.5]:25, delay=1, delays=0/0/0/1, dsn=2.0.0, status=sent (250 ok)\n")'
code "no try for a day before the log's end" 1 build --sending-ip 192.0.2.10 --output o c/case.json
check "is no queue that goes on" sh -c '[ -e o/request.eml ] && ! grep -q "goes on trying" o/request.eml'; rm -r o
# Where nobody else can be reached either it is our own network, and where all put off it may be ours.
everywhere='import re
log += [re.sub(r"relay=mx0\d.mail.icloud.com\[[0-9.]*\]", "relay=mx.example.org[203.0.113.5]", re.sub(r"to=<([^@]*)@[^>]*>", r"to=<\1@example.org>", l)).replace("mx01.mail.icloud.com[17.57.156.30]", "mx.example.org[203.0.113.5]").replace("mx02.mail.icloud.com[17.42.251.62]", "mx.example.org[203.0.113.5]").replace("B12AA7", "C12AA7") for l in log if "status=deferred" in l]
log.sort()'
change connection c "$everywhere"
code "nobody can be reached" 1 build --sending-ip 192.0.2.10 --output o c/case.json
check "is no matter of Apple's" sh -c 'grep -q "others-too" o/packet.json && [ ! -e o/request.eml ]'; rm -r o
check "of others that take it nothing is said" sh -c '! grep -q others-too connection/packet.json deferral/packet.json'
change deferral c "$everywhere"
code "all put off" 1 build --sending-ip 192.0.2.10 --output o c/case.json
check "is told, and asked all the same" sh -c 'grep -q "others-too" o/packet.json && [ -e o/request.eml ]'; rm -r o
change personal c 'two = [l for l in log if "status=sent" in l][0]
log.insert(log.index(two) + 1, two.replace("to=<", "to=<second."))'
code "a message to two" 1 build --sending-ip 192.0.2.10 --output o c/case.json
check "is no two messages" sh -c 'tr -d "\r" <o/request.eml | tr "\n" " " | grep -q "Since then [0-9]* of [0-9]* deliveries to iCloud"'; rm -r o

# Follow-ups count refusals.
python3 - <<'PY'
import json
for p in ("deferral", "transactional"):
    m = json.load(open(p + "/packet.json"))
    m["receipts"] = [{"time": "2026-05-22T09:00:00Z", "state": "accepted"}]
    json.dump(m, open(p + "/packet.json", "w"))
PY
code "no follow-up about deferrals" 65 env SOURCE_DATE_EPOCH=1780704000 "$pp" build --quiet --follow-up deferral "$cases/deferral/case.json"
check "said why" grep -q 'follow-ups count refusals' err
code "a reminder about receipts" 1 env SOURCE_DATE_EPOCH=1781136000 "$pp" build --quiet --key "$TOP_SRCDIR/samples/outage/key" --output f --follow-up transactional "$cases/transactional/case.json"
check "keeps the subject" grep -q '^Subject: Re: iCloud Mail delivery issue for tx.example.com (receipts)' f/request.eml
finish
