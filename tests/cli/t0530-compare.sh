#!/bin/sh
# postpacket compare: two periods, two streams, two logs; Fisher's exact test, the sentence, and what else differs.
. "$TOP_SRCDIR/tests/cli/lib.sh"
has () { check "$1" grep -qF -- "$2" "$tmp/out"; }

# day 1: 40 of 100 refused at Apple; day 2: 4 of 100; one of others' 100 refused on each
awk 'BEGIN {
  for (day = 1; day <= 2; day++)
    for (i = 0; i < 200; i++) {
      apple = i < 100; n = i % 100
      refused = apple ? (day == 1 ? n < 40 : n < 4) : n == 0
      host = apple ? "mx01.mail.icloud.com[17.57.156.30]" : "mx.example.net[192.0.2.99]"
      printf "2026-05-0%dT14:%02d:%02d+00:00 mta1 postfix/smtp[7]: 4gE%d%03dZz1k: to=<r%d@%s>, relay=%s:25, delay=1, delays=0/0/1/0, ", day, n % 60, n % 60, day, i, i, apple ? "icloud.com" : "example.net", host
      if (refused) printf "dsn=5.7.1, status=bounced (host %s said: 550 5.7.1 %sRejected due to policy. (in reply to end of DATA command))\n", host, apple ? "[CS01] " : ""
      else print "dsn=2.0.0, status=sent (250 2.0.0 Ok: queued as 4F6B93C0008B)"
    }
}' >"$tmp/mail.log"
grep '^2026-05-01' "$tmp/mail.log" >"$tmp/before.log"
grep '^2026-05-02' "$tmp/mail.log" >"$tmp/after.log"

code "two periods" 0 "$pp" compare --quiet 2026-05-01..2026-05-01 2026-05-02.. "$tmp/mail.log"
has "A" "A  2026-05-01..2026-05-01    100      40  40.0%   30.94-49.80%    1.0%"
has "B" "B  2026-05-02..              100       4   4.0%     1.57-9.84%    1.0%"
has "the sentence" "Apple's rate is lower in B than in A: 4.0% against 40.0% (Fisher's exact test, two-sided, p <"
has "the others" "All other receivers did not move (p = 1.00): it is Apple's rate alone."
check "no answer is in both" sh -c '! grep -q "in both" "$1"' sh "$tmp/out"
check "nothing else differs" sh -c '! grep -q "They differ" "$1"' sh "$tmp/out"
cp "$tmp/out" "$tmp/periods"
code "two logs" 0 "$pp" compare --quiet "$tmp/before.log" "$tmp/after.log"
has "the same sentence" "Apple's rate is lower in B than in A: 4.0% against 40.0%"
code "a log against itself" 0 "$pp" compare --quiet "$tmp/after.log" "$tmp/after.log"
has "did not move" "Apple's rate did not move, as far as these counts tell: 4.0% in A, 4.0% in"
code "JSON" 0 "$pp" compare --quiet --json "$tmp/before.log" "$tmp/after.log"
has "moved" '"moved": true'
has "others did not" '"others_moved": false'
code "two recipient domains" 65 "$pp" compare --quiet recipient-domain=icloud.com recipient-domain=me.com "$tmp/mail.log"
check "tells where the names are" grep -q "postpacket trend --by recipient-domain" "$tmp/err"
code "no such side" 64 "$pp" compare yesterday today "$tmp/mail.log"
check "tells how to write one" grep -q "write FROM..TO" "$tmp/err"
# An experiment: the same mail in two campaigns, told by the service's events.
for day in 1 2; do
  i=0
  while [ $i -lt 60 ]; do
    i=$((i + 1))
    to=r$day$i@icloud.com
    [ $i -gt 40 ] && to=r$day$i@example.net
    if [ $i -le $((day * day * 6)) ]; then
      echo "{\"email\":\"$to\",\"event\":\"bounce\",\"type\":\"blocked\",\"timestamp\":$((1777730400 + i)),\"sg_message_id\":\"m$day$i\",\"sg_event_id\":\"e$day$i\",\"reason\":\"550 5.7.1 [CS01] Message rejected due to local policy.\",\"status\":\"5.7.1\",\"category\":\"May, part $day\"}"
    else
      echo "{\"email\":\"$to\",\"event\":\"delivered\",\"timestamp\":$((1777730400 + i)),\"sg_message_id\":\"m$day$i\",\"sg_event_id\":\"e$day$i\",\"response\":\"250 2.0.0 Ok\",\"category\":\"May, part $day\"}"
    fi
  done
done >"$tmp/events.json"
code "two campaigns" 0 "$pp" compare --quiet 'campaign=may\, part 1' 'campaign=May\, part 2' "$tmp/events.json"
check "their refusals" grep -qE '^A  campaign=may\\, part 1 +40 +6 +15\.0%' "$tmp/out"
check "and the other's" grep -qE '^B  campaign=May\\, part 2 +40 +24 +60\.0%' "$tmp/out"
has "Apple's rate moved" "Apple's rate is higher in B than in A: 60.0% against 15.0%"
# Others that are too few, go the other way, or move where Apple does not.
others () { # NAME DAY1-REFUSED DAY1-ACCEPTED DAY2-REFUSED DAY2-ACCEPTED
  grep icloud.com "$tmp/mail.log" >"$tmp/others.log"
  awk -v counts="$2 $3 $4 $5" 'BEGIN { split(counts, c); for (d = 1; d <= 2; d++) for (i = 0; i < c[2*d-1] + c[2*d]; i++) {
    printf "2026-05-0%dT15:%02d:%02d+00:00 mta1 postfix/smtp[7]: 4gF%d%03dZz1k: to=<r%d@example.net>, relay=mx.example.net[192.0.2.99]:25, delay=1, delays=0/0/1/0, ", d, i / 60, i % 60, d, i, i
    if (i < c[2*d-1]) print "dsn=5.7.1, status=bounced (host mx.example.net[192.0.2.99] said: 550 5.7.1 Rejected due to policy. (in reply to end of DATA command))"
    else print "dsn=2.0.0, status=sent (250 2.0.0 Ok: queued as 4F6B93C0008B)" } }' >>"$tmp/others.log"
  code "others: $1" 0 "$pp" compare --quiet 2026-05-01..2026-05-01 2026-05-02.. "$tmp/others.log"
  tr '\n' ' ' <"$tmp/out" >"$tmp/line"
}
told () { check "$1" grep -qF -- "$2" "$tmp/line"; }
others "three answers" 0 2 0 1
told "are too few" "All other receivers have too few answers to tell whether they moved (p = 1.00)."
others "as Apple" 40 60 4 96
told "moved too" "All other receivers moved too (p < 0.0001): it is not Apple's rate alone."
others "against Apple" 4 96 40 60
told "the other way" "All other receivers moved the other way (p < 0.0001)."
others "alone" 4 96 40 60
{
  grep example.net "$tmp/others.log"
  grep 'icloud.com' "$tmp/after.log"
  grep 'icloud.com' "$tmp/after.log" | sed 's/^2026-05-02/2026-05-01/; s/4gE2/4gE3/'
} >"$tmp/steady.log"
code "Apple does not move" 0 "$pp" compare --quiet 2026-05-01..2026-05-01 2026-05-02.. "$tmp/steady.log"
tr '\n' ' ' <"$tmp/out" >"$tmp/line"
told "and that is no proof" "4.0% in A, 4.0% in B; chance alone may explain it"
told "others do" "All other receivers moved (p < 0.0001)."
code "sides that overlap" 0 "$pp" compare --quiet 2026-05-01.. 2026-05-02.. "$tmp/mail.log"
tr '\n' ' ' <"$tmp/out" >"$tmp/line"
told "are no two samples" "100 of Apple's answers are in both A and B: the test is for sides that share none, name two such."
code "two sides and no log" 64 "$pp" compare 2026-05-01..2026-05-01 2026-05-02..
check "tells that logs are to be named" grep -q "two sides and the logs" "$tmp/err"
code "a period that ends before it begins" 64 "$pp" compare 2026-05-02..2026-05-01 2026-05-02.. "$tmp/mail.log"
code "a side is looked at before a log" 64 "$pp" compare 2026-05-01..2026-05-01 campaign=May,2026-05-02... "$tmp/gone.log"
code "and then the log" 66 "$pp" compare 2026-05-01..2026-05-01 campaign=May,2026-05-02.. "$tmp/gone.log"
code "no such campaign" 65 "$pp" compare --quiet campaign=june 'campaign=may\, part 1' "$tmp/events.json"
check "told where they are" grep -q "postpacket scan --events" "$tmp/err"
code "two of a kind in a side" 64 "$pp" compare 2026-05-01..2026-05-01,2026-05-02..2026-05-02 2026-05-02.. "$tmp/mail.log"
check "of which one alone would count" grep -q "a side has one of a kind" "$tmp/err"
code "a receiver's domain is no stream" 65 "$pp" compare --quiet stream=icloud.com 2026-05-02.. "$tmp/mail.log"
code "one operand" 64 "$pp" compare "$tmp/mail.log"
code "an empty period" 0 "$pp" compare --quiet 2026-04-01..2026-04-02 2026-05-02.. "$tmp/mail.log"
has "says so" "A has no final answer of Apple: nothing to compare."
finish
