#!/bin/sh
# Which format a file is, also wrapped and mixed; what nothing recognises is counted and shown; what came in is no attempt.
. "$TOP_SRCDIR/tests/cli/lib.sh"
export SOURCE_DATE_EPOCH=1798830000
cd "$tmp"
is () { # NAME WANTED: key of $tmp/out, as `--json` prints it
  check "$1" grep -q "$2" "$tmp/out"
}
one_line () { tr -d '\n ' <"$tmp/out" >"$tmp/flat"; mv "$tmp/flat" "$tmp/out"; }

# Each format of the list has samples, and they are told from all others'.
"$pp" formats --json >list
formats=$(grep '"name"' list | sed 's/.*: "\(.*\)".*/\1/')
for format in $formats; do
  [ "$format" = mapped ] && continue # told by its map alone: t0260-map-file.sh
  for log in "$TOP_SRCDIR/samples/log/$format"/*.log; do
    [ -e "$log" ] && [ ! -e "${log%.log}.map" ] || continue # a log of one's own is told by its mapping file
    code "$format: $(basename "$log")" 0 "$pp" formats --probe "$log"
    check "$format: $(basename "$log") is told" grep -q ": $format (" "$tmp/out"
  done
done
code "the reason has a score" 0 "$pp" formats --probe "$TOP_SRCDIR/samples/log/exim/mainlog.log"
check "the reason has a score: shown" grep -q "28 lines are of its form, score [0-9]* of 100" "$tmp/out"

# Two mail servers in one syslog, over New Year, and others' lines among them.
cat >mixed <<'EOF'
Dec 31 23:59:58 mail1 sm-mta[6468]: n38Mw1a2006466: from=<news@example.com>, size=25274, class=0, nrcpts=1, msgid=<m1@swift.example.com>, proto=SMTP, daemon=MTA-v4, relay=localhost [127.0.0.1]
Dec 31 23:59:59 mail1 sm-mta[6468]: n38Mw1a2006466: to=<a@icloud.com>, delay=00:00:00, xdelay=00:00:00, mailer=esmtp, pri=32062, relay=mx01.mail.icloud.com. [17.57.152.5], dsn=2.5.0, stat=Sent (Ok)
Jan  1 00:00:01 mail1 sm-mta[6469]: STARTTLS=client, relay=mx01.mail.icloud.com., version=TLSv1.3, verify=FAIL, cipher=TLS_AES_256_GCM_SHA384, bits=256/256
Jan  1 00:00:02 mail1 postfix/qmgr[470]: 3172D762A5D: from=<bulk@news.example.com>, size=49555, nrcpt=1 (queue active)
Jan  1 00:00:03 mail1 postfix/smtp[471]: 3172D762A5D: to=<b@icloud.com>, relay=mx01.mail.icloud.com[17.56.9.31]:25, delay=6.3, delays=0.1/0/1.1/5.1, dsn=2.0.0, status=sent (250 2.0.0 Ok: queued as D04B3C0008B)
Jan  1 00:00:04 mail1 sm-mta[6470]: n38Mw1a2006467: to=<c@icloud.com>, delay=00:00:00, xdelay=00:00:00, mailer=esmtp, pri=32062, relay=mx01.mail.icloud.com. [17.57.152.5], dsn=2.5.0, stat=Sent (Ok)
Jan  1 00:00:05 mail1 dovecot: imap-login: Login: user=<a@icloud.com>
EOF
code "mixed: read" 0 "$pp" scan --events --quiet --year 2026 --log-timezone UTC mixed
printf '%s\n' '2025-12-31T23:59:59Z a@icloud.com sendmail' '2026-01-01T00:00:03Z b@icloud.com postfix' '2026-01-01T00:00:04Z c@icloud.com sendmail' >want
sed 's/.*"time":"\([^"]*\)".*"recipient":"\([^"]*\)".*"format":"\([^"]*\)".*/\1 \2 \3/; s/.*"time": "\([^"]*\)".*"recipient": "\([^"]*\)".*"format": "\([^"]*\)".*/\1 \2 \3/' "$tmp/out" >got
same "mixed: each line by its own server, years go on" got want

# The same in journalctl's JSON, whichever server most of the lines are of.
journal () { # journal PROGRAM SECOND TEXT
  printf '{"__REALTIME_TIMESTAMP":"17672256%s000000","_HOSTNAME":"mail1","SYSLOG_IDENTIFIER":"%s","_PID":"7","MESSAGE":"%s"}\n' "$2" "$1" "$3"
}
for most in postfix/qmgr exim sm-mta; do
  for second in 10 11 12; do journal "$most" "$second" "1wbJ8h-00000000xy${second}-0Ab1 Completed"; done >mixed
  { journal postfix/smtp 21 "3172D762A5D: to=<b@icloud.com>, relay=mx01.mail.icloud.com[17.56.9.31]:25, delay=6.3, delays=0.1/0/1.1/5.1, dsn=2.0.0, status=sent (250 2.0.0 Ok)"
    journal exim 22 "1wbJ8h-00000000xy9-0Ab1 => c@icloud.com R=dnslookup T=remote_smtp H=mx01.mail.icloud.com [17.56.9.31] C=\\\"250 2.0.0 Ok\\\""
    journal sm-mta 23 "n38Mw1a2006467: to=<a@icloud.com>, delay=00:00:00, xdelay=00:00:00, mailer=esmtp, pri=32062, relay=mx01.mail.icloud.com. [17.57.152.5], dsn=2.5.0, stat=Sent (Ok)"
    journal kernel 24 "to=<d@icloud.com>, relay=mx01.mail.icloud.com[17.56.9.31]:25, status=sent (250 Ok)"; } >>mixed
  code "journal with most lines of $most: read" 0 "$pp" scan --events --quiet mixed
  sed 's/.*"time": "\([^"]*\)".*"recipient": "\([^"]*\)".*"format": "\([^"]*\)".*/\1 \2 \3/' "$tmp/out" >got
  printf '%s\n' '2026-01-01T00:00:21Z b@icloud.com postfix' '2026-01-01T00:00:22Z c@icloud.com exim' '2026-01-01T00:00:23Z a@icloud.com sendmail' >want
  same "journal with most lines of $most: each line by its own server" got want
done

# Wrapped: docker's json-file, one line of it in two parts; kubectl; what is inside is the same log.
cat >inner <<'EOF'
Mar  3 10:45:29 mail postfix/qmgr[470]: 3172D762A5D: from=<"quo\ted"@example.org>, size=49555, nrcpt=1 (queue active)
Mar  3 10:45:35 mail postfix/smtp[471]: 3172D762A5D: to=<a@me.com>, relay=mx01.mail.icloud.com[17.56.9.31]:25, delay=6, delays=0/0/1/5, dsn=2.0.0, status=sent (250 2.0.0 Ok: queued as D04B3C0008B)
EOF
{ printf '{"log":"Mar  3 10:45:29 mail postfix/qmgr[470]: 3172D762A5D: from=\\u003c\\"quo\\\\ted\\"@example.org>, size=49555, nrcpt=1 (queue active)\\n","stream":"stdout","time":"2026-03-03T10:45:29.1Z"}\n'
  printf '{"log":"Mar  3 10:45:35 mail postfix/smtp[471]: 3172D762A5D: to=\\u003ca@me.com\\u003e, relay=mx01.mail.icloud.com[17.56.9.31]:25,","stream":"stdout","time":"2026-03-03T10:45:35.1Z"}\n'
  printf '{"log":" delay=6, delays=0/0/1/5, dsn=2.0.0, status=sent (250 2.0.0 Ok: queued as D04B3C0008B)\\n","stream":"stdout","time":"2026-03-03T10:45:35.2Z"}\n'; } >docker.log
sed 's/^/2026-03-03T10:45:40.123456789Z /' inner >kubectl.log
sed 's/^/[pod\/mail-0\/postfix] 2026-03-03T10:45:40.123456789Z /' inner >kubectl-prefix.log
fields='s/.*"recipient": *"\([^"]*\)".*"size": *\([0-9]*\).*/\1 \2/'
for wrapped in docker.log kubectl.log kubectl-prefix.log; do
  code "$wrapped: read" 0 "$pp" scan --events --quiet --year 2026 --log-timezone UTC "$wrapped"
  sed "$fields" "$tmp/out" >got; echo "a@me.com 49555" >want
  same "$wrapped: the attempt with its message's size" got want
  code "$wrapped: told" 0 "$pp" formats --probe "$wrapped"
  check "$wrapped: told as postfix" grep -q ": postfix (" "$tmp/out"
done

# A line of a delivery that cannot be read, copied from a page or wrapped by a mail client, is not passed over; a probe's is.
status='relay=mx01.mail.icloud.com[17.57.154.33]:25, delay=1, delays=0/0/0/1, dsn=2.0.0'
{
  cat inner
  echo "Mar  3 10:45:40 mail postfix/smtp[1]: 3172D762A60: to=&lt;b@icloud.com&gt;, $status, status=sent (250 2.0.0 Ok)"
  echo "Mar  3 10:45:41 mail postfix/smtp[1]: 3172D762A61: to=<c@icloud.com>,"
  echo "Mar  3 10:45:42 mail postfix/smtp[1]: 3172D762A62: to=<d@icloud.com>, $status, status=deliverable (250 2.1.5 Ok)"
} >copied
code "a delivery that cannot be read: the others are" 0 "$pp" scan --json --year 2026 --log-timezone UTC copied
check "a delivery that cannot be read: told" grep -q 'copied: 2 of [0-9]* lines are of no form that is known: line 3: .* | line 4: ' "$tmp/err"

# What nothing recognises.
{ for n in 1 2 3 4; do echo "note $n to someone@icloud.com"; done; cat inner; } >notes
code "unknown lines do not stop the rest" 0 "$pp" scan --json --year 2026 --log-timezone UTC notes
check "unknown lines are counted and three shown, without whom they name" grep -q 'notes: 4 of 6 lines are of no form that is known: line 1: note 1 .* | line 2: note 2 .* | line 3: note 3 to …@icloud.com$' "$tmp/err"
one_line; is "unknown lines in the JSON" '"unrecognised":4'
seq -f 'line %g nothing' 500 >nothing
code "nothing at all" 65 "$pp" scan nothing
check "nothing at all: its beginning is shown" grep -q "it begins: line 1 nothing" "$tmp/err"
if command -v script >/dev/null; then
  TERM=xterm script -qec "'$pp' scan --year 2026 --log-timezone UTC notes" /dev/null >shown 2>&1 </dev/null || true
  check "on a terminal, addresses of such lines are masked" grep -q 'note 1 to …@icloud.com' shown
  check "on a terminal, none is left" sh -c '! grep -q someone@ shown'
fi

# A log of what came in has no attempts.
cat >inbound <<'EOF'
Mar  3 10:45:29 mail postfix/smtpd[470]: NOQUEUE: reject: RCPT from mx.example.net[198.51.100.9]: 550 5.1.1 <a@icloud.com>: Recipient address rejected; from=<b@example.net> to=<a@icloud.com> proto=ESMTP helo=<mx01.mail.icloud.com>
Mar  3 10:45:30 mail sm-mta[471]: n38Mw1a2006466: from=<b@icloud.com>, size=25274, class=0, nrcpts=1, msgid=<m1@example.net>, proto=ESMTP, daemon=MTA-v4, relay=mx01.mail.icloud.com [17.57.152.5]
Mar  3 10:45:31 mail smtpd[472]: 014c38f32ec22982 smtp envelope evpid=76d82cba55c0a73e from=<b@icloud.com> to=<a@icloud.com>
Mar  3 10:45:32 mail exim[473]: 2026-03-03 10:45:32 H=mx01.mail.icloud.com [17.57.152.5] F=<b@icloud.com> rejected RCPT <a@icloud.com>: relay not permitted
EOF
code "inbound: read" 0 "$pp" scan --json --quiet inbound
one_line; is "inbound: no attempt" '"apple":{"delivered":0,"deferred":0,"bounced":0,"host_error":0,"not_attempted":0}'

# Lines without a time are attempts of no day: said, shown one by one, counted nowhere.
sed 's/.*]: //' inner >undated
code "undated: read" 0 "$pp" scan --json undated
check "undated: said" grep -q "undated: an attempt stands on a line without a time: it is not counted" "$tmp/err"
one_line; is "undated: not counted" '"apple":{"delivered":0,"deferred":0,"bounced":0,"host_error":0,"not_attempted":0}'
code "undated: shown" 0 "$pp" scan --events --quiet undated
is "undated: with what it tells" '"time": null, "outcome": "delivered", "recipient": "a@me.com"'

# What a log cannot tell is said, and only of those that told of Apple.
code "blind spots" 0 "$pp" scan --log-timezone UTC "$TOP_SRCDIR/samples/log/sendmail/syslog.log"
check "blind spots: Sendmail's replies" grep -q "sendmail logs hold the first line of a reply only" "$tmp/err"
check "blind spots: nobody else's" sh -c '! grep -q "haraka logs" "$1"' sh "$tmp/err"

# Haraka tells at level INFO alone that a whole mail was refused; a log at NOTICE may look as if nothing was.
cat >notice <<'EOF'
2026-12-23T12:56:30.100Z [NOTICE] [EB6BA121-0000-4000-8000-0000000000A8.1] [core] sender <bounce@news.example.com> code=OK msg=""
2026-12-23T12:56:30.100Z [NOTICE] [EB6BA121-0000-4000-8000-0000000000A8.1] [core] recipient <r@icloud.com> code=OK msg="" sender="bounce@news.example.com"
EOF
lacks="haraka logs without a line of level INFO do not tell of mail that was refused or put off as a whole"
"$pp" scan notice >"$tmp/out" 2>"$tmp/err" || true
check "a log at level NOTICE: said" grep -q "$lacks" "$tmp/err"
for info in '2026-12-23T12:56:31.100Z [INFO] [EB6BA121-0000-4000-8000-0000000000A8.1.1] [outbound] bouncing mail: 550 5.7.1 [CS01] no' \
  '2026-12-23T12:56:31.100Z level=INFO uuid=EB6BA121-0000-4000-8000-0000000000A8.1.1 origin=outbound message="bouncing mail: 550 5.7.1 [CS01] no"' \
  '2026-12-23T12:56:31.100Z {"level":"INFO","uuid":"EB6BA121-0000-4000-8000-0000000000A8.1.1","origin":"outbound","message":"bouncing mail: 550 5.7.1 [CS01] no"}' \
  '2026-12-23T12:56:31.100Z {"level":"INFO","uuid":"EB6BA121-0000-4000-8000-0000000000A8.1.1","origin":"dns","message":"resolved"}'; do
  { cat notice; echo "$info"; } >info
  "$pp" scan info >"$tmp/out" 2>"$tmp/err" || true
  check "and not of one at INFO" sh -c '! grep -q "$2" "$1"' sh "$tmp/err" "$lacks"
done

# A forwarder's answer that quotes Apple's is none of Apple's; that it was there is said.
cat >quoted.eml <<'EOF'
Return-Path: <>
Date: Mon, 24 Aug 2026 06:20:11 +0000
From: MAILER-DAEMON@mail.example.com
To: b-1@bounce.example.com
Subject: Undelivered Mail Returned to Sender
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status; boundary="b0"

--b0
Content-Type: message/delivery-status

Reporting-MTA: dns; mail.example.com

Final-Recipient: rfc822; kim@custom.example
Action: failed
Status: 5.0.0
Remote-MTA: dns; mx1.forward.example
Diagnostic-Code: smtp; 550 Error for kim@icloud.com of "Invalid greeting. response=550 5.7.0 Blocked"

--b0--
EOF
code "quoted: read" 0 "$pp" scan --json quoted.eml
check "quoted: said" grep -q "1 answer of another server quotes one of Apple's: not counted; whoever runs it was refused" "$tmp/err"
one_line; is "quoted: not counted" '"apple":{"delivered":0,"deferred":0,"bounced":0,"host_error":0,"not_attempted":0}'
sed 's/ of "Invalid.*//' quoted.eml >plain.eml
code "not quoted: read" 0 "$pp" scan --json plain.eml
check "not quoted: nothing is said" sh -c '! grep -q "quote one of" "$1"' sh "$tmp/err"
if command -v python3 >/dev/null; then
  python3 "$TOP_SRCDIR/tests/tools/in-terminal.py" 80 "$pp" formats >"$tmp/widest"
  check "the list fits a terminal of 80 columns" test "$(cat "$tmp/widest")" -le 80
fi
finish
