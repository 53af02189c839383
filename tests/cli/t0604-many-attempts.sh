#!/bin/sh
# More attempts than are kept one by one: what Apple refused stays, of what it accepted the newest, and nothing is claimed that the others could deny.
. "$TOP_SRCDIR/tests/cli/lib.sh"
export SOURCE_DATE_EPOCH=1779220800 # 2026-05-19 20:00 UTC
apple='mx01.mail.icloud.com[17.57.156.30]:25'
# Fifteen days of ten mails accepted, of the sixteenth on half refused.
awk -v apple="$apple" -v host="${apple%:25}" 'BEGIN {
  for (day = 3; day <= 18; day++) for (k = 0; k < (day < 18 ? 20 : 60); k++) {
    t = sprintf ("2026-05-%02dT10:%02d:00.000000+00:00 mta1 postfix", day, k); q = sprintf ("4F%04X%02X", day, k)
    bad = day == 18 && k % 2
    print t "/cleanup[9]: " q ": message-id=<m" day "." k "@mail.example.com>"
    print t "/qmgr[8]: " q ": from=<bounce@news.example.com>, size=700, nrcpt=1 (queue active)"
    print t "/smtp[7]: " q ": to=<reader" day "." k "@icloud.com>, relay=" apple ", delay=1, delays=0/0/0/1, " (bad ? \
      "dsn=5.7.1, status=bounced (host " host " said: 550 5.7.1 [CS01] Message rejected due to local policy. (in reply to end of DATA command))" : \
      "dsn=2.0.0, status=sent (250 2.0.0 Ok: queued as 9A41" q ")")
    print t "/qmgr[8]: " q ": removed"
  }
}' >"$tmp/mail.log"
cat >"$tmp/case.json" <<'E'
{ "case": "many", "company": { "name": "Example Company" },
  "contact": { "name": "Dana Sample", "email": "postmaster@example.com" },
  "streams": [{ "name": "weekly", "mail_type": "marketing", "match": { "return_path_domain": "news.example.com" } }],
  "incident": { "description": "Since 18 May your servers refuse half of our weekly newsletter, from our one IP.", "changes": [] },
  "evidence": { "logs": ["mail.log"] }, "domains": { "from": "news.example.com" }, "sending_ips": ["192.0.2.10"] }
E
build () { # NAME KEPT
  POSTPACKET_EVENTS=$2 "$pp" build --force --output "$tmp/$1" "$tmp/case.json"
}
code "all of them kept" 1 build all 1000
check "nothing is left out" sh -c '! grep -q "one by one" "$1"' sh "$tmp/err"
errors=parts/apple-smtp-errors.txt
check "the refused were not sent again" grep -q 'permanent; never sent again by us' "$tmp/all/$errors"
code "less than half of the accepted kept" 1 build half 80
check "which is said" grep -q '[0-9]* older attempts that Apple accepted are counted, but not kept one by one' "$tmp/err"
check "the request is there, with each refusal" grep -q 'at end of DATA, 30 recipients' "$tmp/half/request.eml"
for line in 'iCloud, .*18 May +60 +30 ' 'iCloud, .*17 May .* 0 '; do
  check "figures are those of all: $line" sh -c 'grep -E "$1" "$2" >"$4/a" && grep -E "$1" "$3" >"$4/b" && cmp "$4/a" "$4/b"' sh "$line" "$tmp/all/request.eml" "$tmp/half/request.eml" "$tmp"
done
check "the accepted one beside them is the nearest" grep -q '10:00:00   ACCEPTED, same stream and IP, 60 s before 1\.1' "$tmp/half/$errors"
check "that none was sent again is not claimed" sh -c '! grep -q "never sent again" "$1"' sh "$tmp/half/$errors"
code "refusals left out" 1 build few 20
check "are too few for a request" sh -c 'test ! -e "$1/request.eml" && grep -q "10 attempts that Apple refused or put off are not kept one by one" "$1/ticket/ticket.md"' sh "$tmp/few"
events () { POSTPACKET_EVENTS=$1 "$pp" scan --quiet --events "$tmp/mail.log"; }
code "one by one" 0 events 1000
check "all" test "$(grep -c . "$tmp/out")" -eq 360
sort "$tmp/out" >"$tmp/sorted"; cp "$tmp/out" "$tmp/each"
code "one by one, of fewer" 0 events 80
check "these are the newest of all, and each refusal" sh -c 'grep -c "\"bounced\"" "$2" | grep -qx 30 && ! sort "$2" | comm -23 - "$1" | grep -q . && test "$(grep "\"delivered\"" "$3" | tail -n "$(grep -c "\"delivered\"" "$2")")" = "$(grep "\"delivered\"" "$2")"' sh "$tmp/sorted" "$tmp/out" "$tmp/each"
finish
