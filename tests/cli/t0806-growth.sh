#!/bin/sh
# What grows with the mail takes no time with its square: each limit is ten times what it takes, and was passed by a wide margin once.
. "$TOP_SRCDIR/tests/cli/lib.sh"
export SOURCE_DATE_EPOCH=1779220800 # 2026-05-19 20:00 UTC
grep -q '^SAN_CFLAGS = .*-fsanitize' "$G_TEST_BUILDDIR/../Makefile" && slower=10 || slower=1
# shellcheck disable=SC3045 # dash, bash and busybox have it
within () ( ulimit -t "$(($1 * slower))" && shift && exec "$@" )
# mails N ACCEPTED REPLY SENDER: N mails of which each ACCEPTEDth arrives and the rest is refused with the reply; in it and in the
# sender a word of the mail's own stands at "@".
mails () {
  awk -v n="$1" -v accepted="$2" -v reply="$3" -v sender="$4" 'BEGIN {
    host = "mx01.mail.icloud.com[17.57.156.30]"
    for (i = 0; i < 1000; i++)
      words[i] = substr ("abcdefghij", i / 100 + 1, 1) substr ("abcdefghij", i / 10 % 10 + 1, 1) substr ("abcdefghij", i % 10 + 1, 1)
    said = split (reply, r, "@"); from = split (sender, s, "@")
    for (i = 0; i < n; i++) {
      word = words[int (i / 1000)] words[i % 1000]
      t = sprintf ("2026-05-%02dT%02d:%02d:%02d+00:00 mta1 postfix", 4 + i * 14 / n, i / 3600 % 24, i / 60 % 60, i % 60)
      q = sprintf ("4F%08X", i)
      print t "/qmgr[8]: " q ": from=<bounce@" (from > 1 ? s[1] word s[2] : sender) ">, size=700, nrcpt=1 (queue active)"
      print t "/smtp[7]: " q ": to=<reader" i "@icloud.com>, relay=" host ":25, delay=1, delays=0/0/0/1, " (i % accepted ? \
        "dsn=5.7.1, status=bounced (host " host " said: " (said > 1 ? r[1] word r[2] : reply) " (in reply to end of DATA command))" : \
        "dsn=2.0.0, status=sent (250 2.0.0 Ok: queued as 9A41" q ")")
    }
  }' </dev/null
}
mails 60000 60000 '550 5.7.1 [CS01] Message rejected due to local policy.' 's@.example.com' >"$tmp/senders.log"
code "sixty thousand senders" 0 within 3 "$pp" scan --quiet --jobs 1 "$tmp/senders.log"
mails 60000 2 '550 5.7.1 [HM08] Message rejected due to local policy, word @.' news.example.com >"$tmp/mail.log"
cat >"$tmp/case.json" <<'E'
{ "case": "growth", "company": { "name": "Example Company" },
  "contact": { "name": "Dana Sample", "email": "postmaster@example.com" },
  "streams": [{ "name": "weekly", "mail_type": "marketing", "match": { "return_path_domain": "news.example.com" } }],
  "incident": { "description": "Since 4 May your servers refuse half of our weekly newsletter, from our one IP.", "changes": [] },
  "evidence": { "logs": ["mail.log"] }, "domains": { "from": "news.example.com" }, "sending_ips": ["192.0.2.10"] }
E
code "thirty thousand answers" 1 within 6 "$pp" build --quiet --output "$tmp/packet" "$tmp/case.json"
check "each is counted" grep -q 'iCloud, Mon 4 May  *4,286  2,143   50.0%' "$tmp/packet/request.eml"
# Twenty thousand files of bounces, which are looked up when the text is edited.
mkdir "$tmp/bounces"
awk -v folder="$tmp/bounces" -v host="mx01.mail.icloud.com" 'BEGIN {
  for (i = 0; i < 20000; i++) {
    file = folder "/" i ".eml"
    printf "From: MAILER-DAEMON@mta1.example.com\nTo: bounce@news.example.com\nDate: Sat, 16 May 2026 10:00:00 +0000\nMIME-Version: 1.0\n" \
      "Content-Type: multipart/report; report-type=delivery-status; boundary=b\n\n--b\nContent-Type: message/delivery-status\n\n" \
      "Reporting-MTA: dns; mta1.example.com\nArrival-Date: Sat, 16 May 2026 09:59:59 +0000\n\nFinal-Recipient: rfc822; other%d@icloud.com\n" \
      "Action: failed\nStatus: 5.7.1\nRemote-MTA: dns; %s\nDiagnostic-Code: smtp; 550 5.7.1 [HM08] Message rejected due to local policy.\n\n--b--\n", i, host >file
    close (file)
  }
}' </dev/null
sed 's/"logs": \["mail.log"\]/&, "bounces": ["bounces"]/' "$tmp/case.json" >"$tmp/bounces.json"
printf '#!/bin/sh\nsed s/newsletter/letter/ "$1" >"$1.new" && mv "$1.new" "$1"\n' >"$tmp/editor"
chmod +x "$tmp/editor"
code "twenty thousand bounces" 1 within 10 "$pp" build --quiet --output "$tmp/many" "$tmp/bounces.json"
export EDITOR="$tmp/editor" VISUAL="$tmp/editor"
code "the text is edited" 1 within 6 "$pp" review --edit "$tmp/many"
check "and is what was written" grep -q 'half of our weekly letter' "$tmp/many/request.eml"
finish
