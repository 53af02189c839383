#!/bin/sh
# Exports: what the reader leaves out or counts by its time alone is what the parser would say; what a service cannot tell is said.
. "$TOP_SRCDIR/tests/cli/lib.sh"
cd "$tmp"
samples=$TOP_SRCDIR/samples/log
# All samples with a record a line, many times; other receivers, events that are none, lines that are cut or joined.
for i in 1 2 3 4 5 6 7 8 9 10 11 12; do
  cat "$samples"/events-json/*.jsonl
  sed 's/@icloud.com/@example.net/g; s/mx0[12].mail.icloud.com/mx.example.net/g' "$samples"/events-json/kumomta.jsonl "$samples"/events-json/azure.jsonl
  sed 's/"event":"bounce"/"event":"open"/; s/Bounce/Reception/' "$samples"/events-json/sendgrid.jsonl "$samples"/events-json/kumomta.jsonl
  cut -c1-"$((i * 37))" "$samples"/events-json/kumomta.jsonl
  sed 's/,/,\n/3' "$samples"/events-json/sendgrid.jsonl
done >mixed.jsonl
# The same as CSV: two headers that name other columns, quoted fields, fields over two lines, rows that are cut.
i=0
while [ $((i += 1)) -le 300 ]; do
  [ $((i % 60)) -ne 1 ] || echo "type,timeLogged,orig,rcpt,dsnDiag,dsnMta,vmta"
  [ $((i % 60)) -ne 31 ] || echo "type,rcpt,timeLogged,dsnDiag,dsnMta,orig"
  if [ $((i % 60)) -gt 0 ] && [ $((i % 60)) -le 30 ]; then
    echo "d,2026-11-02 00:00:$((i % 50 + 10))+0000,b@example.com,reader$i@example.net,\"smtp;250 ok, queued\",mx.example.net (192.0.2.7),v1"
    echo "d,2026-11-02 00:00:$((i % 50 + 10))+0000,b@example.com,reader$i@icloud.com,\"smtp;250 2.0.0 \"\"ok\"\"\",mx01.mail.icloud.com (17.57.154.33),v1"
    echo "b,2026-11-02 00:00:$((i % 50 + 10))+0000,b@example.com,reader$i@me.com,\"smtp;550 5.7.1 [CS01] Message rejected"
    echo "due to local policy\",mx01.mail.icloud.com (17.57.154.33),v1"
    echo "d,2026-11-02 00:00:$((i % 50 + 10))+0000,b@example.com,reader$i@exa"
  else
    echo "d,reader$i@example.org,2026-11-02 00:01:$((i % 50 + 10))+0000,smtp;250 ok,mx.example.org,b@example.com"
    echo "b,reader$i@mac.com,2026-11-02 00:01:$((i % 50 + 10))+0000,smtp;550 5.1.1 no such user,mx01.mail.icloud.com (17.57.154.33),b@example.com"
  fi
done >mixed.csv
for how in "--json mixed.jsonl" "--events mixed.jsonl" "--json mixed.csv" "--events mixed.csv"; do
  # shellcheck disable=SC2086 # two words
  code "$how: read line by line" 1 "$pp" scan --quiet --reference $how
  cp "$tmp/out" reference
  for jobs in 1 2; do
    # shellcheck disable=SC2086
    code "$how: read by $jobs" 1 "$pp" scan --quiet --jobs $jobs $how
    check "$how: $jobs says the same" cmp "$tmp/out" reference
  done
done
for log in mixed.jsonl mixed.csv; do
  "$pp" scan --json --quiet $log >whole.json || :
  "$pp" scan --json --quiet --apple-only $log >alone.json || :
  check "$log: Apple alone counts the same of Apple" sh -c 'for f in whole alone; do sed -n "/\"apple\": {/,/}/p;/\"replies\"/,\$p" $f.json | sed "/\"other\"/,/}/d" >$f.apple; done; grep -q delivered whole.apple && sed -n "/\"replies\"/,\$p" whole.json >a && sed -n "/\"replies\"/,\$p" alone.json | diff a -'
done
check "both kinds of receivers are in it" sh -c '"$1" scan --json --quiet mixed.jsonl | grep -A1 "\"other\": {" | grep -q "\"delivered\": [1-9]"' sh "$pp"
code "two services" 0 "$pp" scan "$samples"/events-json/ses.jsonl "$samples"/events-json/ses-firehose.json "$samples"/events-csv/sfmc-extract.csv
check "SES: deferrals are a lower bound" grep -q "^postpacket: ses events hold one event for many deferrals, so these are a lower bound" "$tmp/err"
check "SES: said once" test "$(grep -c "ses events hold" "$tmp/err")" -eq 1
check "Salesforce: no deliveries" grep -q "^postpacket: sfmc events hold refused mail alone" "$tmp/err"
code "KumoMTA" 0 "$pp" scan "$samples"/events-json/kumomta.jsonl
check "KumoMTA hides nothing" sh -c '! grep -q " events " "$1"' sh "$tmp/err"

# Words of a service that nobody knows: an answer decides; a row without one may be a delivery, so it is told, or rates would be too high.
{
  echo 'email,event,timestamp,reason'
  for i in 1 2 3 4; do
    echo "a$i@icloud.com,mail_bounced_hard,2026-05-01T08:0$i:00Z,550 5.7.1 [CS01] Message rejected due to local policy."
    echo "b$i@icloud.com,went_through,2026-05-01T08:1$i:00Z,250 2.0.0 Ok"
    echo "c$i@icloud.com,went_through,2026-05-01T08:2$i:00Z,"
    echo "d$i@icloud.com,opened,2026-05-01T08:3$i:00Z,"
  done
} >words.csv
for how in "" --reference --apple-only; do
  code "unknown words $how" 1 "$pp" scan --json $how words.csv
  check "$how: what has an answer counts" sh -c 'tr -d " \n" <"$1" | grep -q "\"apple\":{\"delivered\":4,\"deferred\":0,\"bounced\":4,"' sh "$tmp/out"
  check "$how: the others are told" grep -q 'words.csv: 4 of 17 lines are of no form that is known: line [0-9]*: …@icloud.com,went_through,' "$tmp/err"
done
# A quote without its end takes the rows behind it for its own, until one of them is whole: named is the row that has it.
cat >quotes.csv <<'CSV'
type,timeLogged,orig,rcpt,dsnStatus,dsnDiag,dsnMta
d,2026-05-01 08:00:00+0000,n@example.com,a@icloud.com,2.0.0,smtp;250 2.0.0 Ok,mx01.mail.icloud.com (17.57.154.33)
b,2026-05-01 08:00:01+0000,n@example.com,first@icloud.com,5.7.1,"smtp;550 5.7.1,mx01
d,2026-05-01 08:00:02+0000,n@example.com,c@icloud.com,2.0.0,"smtp;250 2.0.0 Ok",mx01.mail.icloud.com (17.57.154.33)
d,2026-05-01 08:00:03+0000,n@example.com,d@icloud.com,2.0.0,smtp;250 2.0.0 Ok,mx01.mail.icloud.com (17.57.154.33)
b,2026-05-01 08:00:04+0000,n@example.com,last@icloud.com,5.7.1,"smtp;550 5.7.1
CSV
for how in "" --reference; do
  code "quotes without their ends $how" 1 "$pp" scan --json $how quotes.csv
  check "$how: the other rows count" sh -c 'tr -d " \n" <"$1" | grep -q "\"apple\":{\"delivered\":3,\"deferred\":0,\"bounced\":0,"' sh "$tmp/out"
  check "$how: they are named" grep -q 'quotes.csv: 2 of 6 lines are of no form that is known: line 3: b,2026-05-01 08:00:01.* | line 6: b,2026-05-01 08:00:04' "$tmp/err"
done
printf 'address,reason,date\na@me.com,inactive,2026-05-18 00:00:00\n' >list.csv
code "a list of addresses is none of events" 1 "$pp" scan --quiet words.csv list.csv
finish
