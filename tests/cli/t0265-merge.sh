#!/bin/sh
# One sender, three sources: Exim's log, its bounces, and the events of a sending service that also sends for it and reports
# some things twice. Each attempt counts once, in the scan and in the packet; a recorded session stands in it, redacted.
. "$TOP_SRCDIR/tests/cli/lib.sh"
command -v python3 >/dev/null || skip "python3 is missing: it writes the sources"
mkdir "$tmp/case"
python3 - "$tmp/case" <<'PY'
import datetime, json, os, sys
out = sys.argv[1]
os.mkdir(out + "/bounces")
start = datetime.datetime(2026, 5, 20, 14, 0, 0)
reply = "550 5.7.1 [CS01] Message rejected due to local policy. Please visit https://support.apple.com/en-us/HT204137"
log, events, n = [], [], 0
def exim_id(i):
    return f"1vw7k{'ABCDEFGHIJKLMNOPQRSTUVWXYZ'[i // 26]}-0004{'abcdefghijklmnopqrstuvwxyz'[i % 26]}5-0M"
for i in range(300):  # every third is refused; every fifth refused one was put off first
    t = start + datetime.timedelta(seconds=20 * i)
    to, id_, mid = f"reader{i:03d}.invented@icloud.com", exim_id(i), f"2605201400.{i:05d}@mail1.example.com"
    stamp = t.strftime("%Y-%m-%d %H:%M:%S")
    log.append(f"{stamp} {id_} <= bounce-{i:04d}@tx.example.com H=app1.example.com [192.0.2.40] P=esmtp S=4000 id={mid}")
    hop = f"{to} R=dnslookup T=remote_smtp H=mx01.mail.icloud.com [17.57.154.33] I=[192.0.2.10]:40000"
    if i % 3 == 0:
        if i % 5 == 0:
            log.append(f"{stamp} {id_} == {hop} defer (-46): SMTP error from remote mail server after end of data: 451 4.7.1 Service unavailable - try again later")
        log.append(f"{stamp} {id_} ** {hop} : SMTP error from remote mail server after end of data: {reply}")
        date = t.strftime("%a, %d %b %Y %H:%M:%S +0000")
        open(f"{out}/bounces/{i:03d}.eml", "w").write(f"""Return-Path: <>
From: Mail Delivery System <Mailer-Daemon@mail1.example.com>
To: bounce-{i:04d}@tx.example.com
Auto-Submitted: auto-replied
Content-Type: multipart/report; report-type=delivery-status; boundary=b1
MIME-Version: 1.0
Date: {date}

--b1
Content-type: text/plain

This message was created automatically by mail delivery software.

  {to}
    host mx01.mail.icloud.com [17.57.154.33]
    SMTP error from remote mail server after end of data:
    {reply}

--b1
Content-type: message/delivery-status

Reporting-MTA: dns; mail1.example.com

Action: failed
Final-Recipient: rfc822;{to}
Status: 5.0.0
Remote-MTA: dns; mx01.mail.icloud.com
Diagnostic-Code: smtp; {reply}

--b1
Content-type: text/rfc822-headers

Return-path: <bounce-{i:04d}@tx.example.com>
Received: from app1.example.com by mail1.example.com with esmtp (Exim 4.96)
\tid {id_}; {date}
From: Orders <orders@tx.example.com>
Message-ID: <{mid}>

--b1--
""")
    else:
        log.append(f"{stamp} {id_} => {hop} C=\"250 2.0.0 Ok: queued as 4F{i:04X}B93C\"")
    log.append(f"{stamp} {id_} Completed")
for i in range(100):  # the service: every fourth is refused, each twentieth event comes twice
    t = (start + datetime.timedelta(seconds=60 * i)).strftime("%Y-%m-%dT%H:%M:%S.250Z")
    to, mail = f"buyer{i:03d}.invented@icloud.com", {
        "timestamp": t, "messageId": f"0100-{i}", "source": "Orders <orders@tx.example.com>",
        "tags": {"ses:outgoing-ip": ["192.0.2.77"]},
        "commonHeaders": {"from": ["Orders <orders@tx.example.com>"], "messageId": f"ses.{i}@tx.example.com"}}
    if i % 4 == 0:
        e = {"eventType": "Bounce", "bounce": {"bounceType": "Permanent", "bounceSubType": "General", "timestamp": t,
             "feedbackId": f"f-{i}", "bouncedRecipients": [{"emailAddress": to, "action": "failed", "status": "5.7.1",
             "diagnosticCode": "smtp; " + reply}]}, "mail": mail}
    else:
        e = {"eventType": "Delivery", "delivery": {"timestamp": t, "recipients": [to], "remoteMtaIp": "17.57.154.33",
             "smtpResponse": f"250 2.0.0 Ok: queued as 9A{i:04X}"}, "mail": mail}
    events += [json.dumps(e)] * (2 if i % 20 == 0 else 1)
open(out + "/mainlog", "w").write("\n".join(log) + "\n")
open(out + "/mainlog.1", "w").write("\n".join(log[:200]) + "\n")  # an overlapping copy
open(out + "/ses.jsonl", "w").write("\n".join(events) + "\n")
open(out + "/swaks.txt", "w").write(f"""=== Trying mx01.mail.icloud.com:25...
=== Connected to mx01.mail.icloud.com.
<-  220 iCloud.com ESMTP - mx01.mail.icloud.com ready
 -> EHLO mta1.example.com
<-  250-mx01.mail.icloud.com
<-  250 STARTTLS
 -> STARTTLS
<-  220 2.0.0 Ready to start TLS
=== TLS started with cipher TLSv1.3:TLS_AES_256_GCM_SHA384:256
 ~> EHLO mta1.example.com
<~  250 mx01.mail.icloud.com
 ~> MAIL FROM:<b-tester501.invented=icloud.com@tx.example.com>
<~  250 2.1.0 <b-tester501.invented=icloud.com@tx.example.com> Ok
 ~> RCPT TO:<tester501.invented@icloud.com>
<~  250 2.1.5 <tester501.invented@icloud.com> Ok
 ~> DATA
<~  354 Start mail input; end with <CRLF>.<CRLF>
 ~> Date: Wed, 20 May 2026 15:41:19 +0000
 ~> To: tester501.invented@icloud.com
 ~> From: Orders <orders@tx.example.com>
 ~> Message-ID: <2605201541.00001@mta1.example.com>
 ~>
 ~> Hello tester501
 ~> .
<~* {reply}
 ~> QUIT
<~  221 2.0.0 Bye
=== Connection closed with remote host.
""")
PY
cd "$tmp/case"
sum_of () { python3 -c 'import json, sys; a = json.load(open(sys.argv[1]))["apple"]; print(a["delivered"], a["deferred"], a["bounced"])' "$1"; }
counts () { # counts NAME DELIVERED-DEFERRED-BOUNCED SOURCE...
  title=$1 expect=$2; shift 2
  code "$title" 0 "$pp" scan --json --quiet --log-timezone UTC "$@"
  check "$title: $expect" test "$(sum_of "$tmp/out")" = "$expect"
}
counts "the log" "200 20 100" mainlog
counts "the log twice" "200 20 100" mainlog mainlog.1
counts "its bounces" "0 0 100" bounces
counts "the log and its bounces" "200 20 100" mainlog bounces
counts "in another order" "200 20 100" bounces mainlog.1 mainlog
counts "the service" "75 0 25" ses.jsonl
counts "all" "275 20 125" bounces ses.jsonl mainlog mainlog.1
counts "and a session" "275 20 126" bounces swaks.txt ses.jsonl mainlog mainlog.1
code "what a log cannot tell is said" 0 "$pp" scan mainlog --log-timezone UTC
check "once for each format" test "$(grep -c 'exim logs tell the sending IP only' "$tmp/err")" -eq 1
code "init takes any mix" 0 "$pp" init --output init.json --log-timezone UTC mainlog bounces ses.jsonl swaks.txt
cp "$TOP_SRCDIR/samples/cases/transactional/delivered.eml" "$TOP_SRCDIR/samples/cases/transactional/suppression.csv" .
python3 - "$TOP_SRCDIR/samples/cases/transactional/case.json" <<'PY'
import json, sys
case = json.load(open(sys.argv[1]))
case["evidence"].update(logs=["mainlog", "mainlog.1", "ses.jsonl"], bounces=["bounces"], transcripts=["swaks.txt"])
case["sending_ips"].append({"ip": "192.0.2.77", "helo": "a1.smtp-out.example.com"})
case["streams"][0]["impact"] = "126 buyers got no confirmation of their order on 20 May."
json.dump(case, open("case.json", "w"))
PY
SOURCE_DATE_EPOCH=1779300000 "$pp" build --output packet case.json >"$tmp/out" 2>"$tmp/err" || true
check "a packet is there" test -s packet/parts/apple-smtp-errors.txt
errors=packet/parts/apple-smtp-errors.txt
check "its group counts each refusal once" grep -Eq '^1 +550 5\.7\.1 \[CS01\].* 126$' "$errors"
check "the deferred ones are tries" grep -Eq '^2 +451 4\.7\.1 \(temporary\).* 20$' "$errors"
check "accepted ones are those of both" grep -Eq 'accepted in the same period +275$' "$errors"
check "each IP has its own" grep -Eq 'By IP +192\.0\.2\.10 +100 +192\.0\.2\.77 +25' "$errors"
check "the session stands there" grep -q 'Session of 1\.[0-9] as recorded (after STARTTLS; EHLO list and text left out):' "$errors"
check "with what was said" grep -q '^  -> RCPT TO:<\[rcpt-[a-z2-7]*\]@icloud\.com>$' "$errors"
check "to the end" grep -q '^  <- 550 5\.7\.1 \[CS01\] Message rejected' "$errors"
check "nobody is named in any file" sh -c '! grep -rq "tester501\|reader[0-9][0-9][0-9]\.invented\|buyer[0-9]" packet'

# With --apple-only a bounce that names nobody of Apple's is not read, but for a domain that a log tells to be Apple's.
mkdir -p "$tmp/custom"
cat >"$tmp/custom/mail.log" <<'END'
Nov  2 10:00:00 mx1 postfix/smtp[10]: 4ABC12345: to=<a@custom.example>, relay=mx01.mail.icloud.com[17.57.154.33]:25, delay=1, delays=0/0/0/1, dsn=2.0.0, status=sent (250 2.0.0 Ok: queued as 3FDC2AA61B)
END
for who in custom elsewhere; do
  cat >"$tmp/custom/$who.eml" <<END
Return-Path: <>
Date: Mon, 02 Nov 2026 11:00:00 +0000
From: MAILER-DAEMON@mx1.example.net
To: bounce@news.example.com
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status; boundary="b1"

--b1

Your mail could not be delivered.

--b1
Content-Type: message/delivery-status

Reporting-MTA: dns; mx1.example.net

Final-Recipient: rfc822; b@$who.example
Action: failed
Status: 5.1.1
Diagnostic-Code: smtp; 550 5.1.1 user does not exist

--b1--
END
done
code "--apple-only beside a log that tells of a domain" 0 "$pp" scan --json --apple-only "$tmp/custom"
check "its bounce counts, the other one does not" sh -c 'grep -A3 "^  \"apple\"" "$1" | grep -q "\"bounced\": 1,"' sh "$tmp/out"
# What other receivers refused counts once as well, told by a log and by its bounces: one by one, in a mailbox, and given up.
mkdir -p "$tmp/others/bounces"
python3 - "$tmp/others" <<'PY'
import sys
out, mails, log = sys.argv[1], [], []
for i in range(12):
    to, q, mid, fate = f"reader{i}@example.org", f"4F{i:04X}B12AA7", f"o{i}@mail1.example.com", ("refused", "expired", "late")[i % 3]
    said = "554 5.7.1 no" if fate == "refused" else "451 4.3.2 later"
    def line(t, text):
        log.append(f"2026-05-20T{t}.000000+00:00 mail1 postfix/{text}")
    line(f"10:{i:02d}:00", f"cleanup[1]: {q}: message-id=<{mid}>")
    line(f"10:{i:02d}:00", f"qmgr[2]: {q}: from=<bounce@news.example.com>, size=700, nrcpt=1 (queue active)")
    word = "bounced" if fate == "refused" else "deferred"
    line(f"10:{i:02d}:01", f"smtp[3]: {q}: to=<{to}>, relay=mx.example.org[203.0.113.5]:25, delay=1, delays=0/0/0/1, dsn={said.split()[1]}, "
         f"status={word} (host mx.example.org[203.0.113.5] said: {said} (in reply to end of DATA command))")
    if fate == "expired":
        line(f"20:{i:02d}:01", f"qmgr[2]: {q}: from=<bounce@news.example.com>, status=expired, returned to sender")
    if fate != "late":
        line(f"20:{i:02d}:02", f"qmgr[2]: {q}: removed")
    hour, action = ("10", "failed") if fate == "refused" else ("20", "failed") if fate == "expired" else ("14", "delayed")
    mails.append(f"""Return-Path: <>
Date: Wed, 20 May 2026 {hour}:{i:02d}:02 +0000
From: MAILER-DAEMON@mail1.example.com
To: bounce@news.example.com
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status; boundary="b"

--b

It could not be delivered.

--b
Content-Type: message/delivery-status

Reporting-MTA: dns; mail1.example.com
X-Postfix-Queue-ID: {q}

Final-Recipient: rfc822; {to}
Action: {action}
Status: {said.split()[1]}
Remote-MTA: dns; mx.example.org
Diagnostic-Code: smtp; {said}

--b
Content-Type: text/rfc822-headers

Message-ID: <{mid}>

--b--
""")
    open(f"{out}/bounces/{i}.eml", "w").write(mails[-1])
open(out + "/mail.log", "w").write("\n".join(sorted(log)) + "\n")
open(out + "/mbox", "w").write("".join(f"From MAILER-DAEMON Wed May 20 10:00:00 2026\n{m}\n" for m in mails))
PY
cd "$tmp/others"
others () { python3 -c 'import json, sys; o = json.load(open(sys.argv[1]))["other"]; print(o["deferred"], o["bounced"])' "$tmp/out"; }
for sources in mail.log "mail.log bounces" "mbox mail.log" "bounces mbox mail.log"; do
  # shellcheck disable=SC2086 # a list
  code "$sources" 0 "$pp" scan --json --quiet $sources
  check "$sources: each refusal once" test "$(others)" = "8 8"
done
code "line by line" 0 "$pp" scan --reference --json --quiet mail.log bounces mbox
check "each refusal once there, too" test "$(others)" = "8 8"
# Bounces without any id, written 200 s after the answer, of a reader who is refused every 180 s: the answer before is nearer to
# none of them, and still each has its own.
mkdir -p "$tmp/late/up" "$tmp/late/down"
python3 - "$tmp/late" <<'PY'
import datetime, sys
out, log, n = sys.argv[1], [], 6
for i in range(n):
    t = datetime.datetime(2026, 5, 20, 14) + datetime.timedelta(seconds=180 * i)
    log.append(f"{t.isoformat()}.000000+00:00 mail1 postfix/smtp[3]: 4F{i:04X}B12AA7: to=<reader.invented@icloud.com>, "
               "relay=mx01.mail.icloud.com[17.57.154.33]:25, delay=1, delays=0/0/0/1, dsn=5.7.1, status=bounced (host "
               "mx01.mail.icloud.com[17.57.154.33] said: 550 5.7.1 [CS01] Message rejected due to local policy. (in reply to end "
               "of DATA command))")
    date = (t + datetime.timedelta(seconds=200)).strftime("%a, %d %b %Y %H:%M:%S +0000")
    for way, k in ("up", i), ("down", n - i):
        open(f"{out}/{way}/{k}.eml", "w").write(f"""Return-Path: <>
Date: {date}
From: MAILER-DAEMON@mail1.example.com
To: bounce@news.example.com
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status; boundary="b"

--b

It could not be delivered.

--b
Content-Type: message/delivery-status

Reporting-MTA: dns; mail1.example.com

Final-Recipient: rfc822; reader.invented@icloud.com
Action: failed
Status: 5.7.1
Remote-MTA: dns; mx01.mail.icloud.com
Diagnostic-Code: smtp; 550 5.7.1 [CS01] Message rejected due to local policy.

--b--
""")
open(out + "/mail.log", "w").write("\n".join(log) + "\n")
PY
cd "$tmp/late"
counts "bounces long after, in their order" "0 0 6" mail.log up
counts "and in the other" "0 0 6" mail.log down
finish
