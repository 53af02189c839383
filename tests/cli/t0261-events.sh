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
for how in --json --events; do
  code "$how: read line by line" 0 "$pp" scan --quiet --reference $how mixed.jsonl
  cp "$tmp/out" reference
  for jobs in 1 2; do
    code "$how: read by $jobs" 0 "$pp" scan --quiet --jobs $jobs $how mixed.jsonl
    check "$how: $jobs says the same" cmp "$tmp/out" reference
  done
done
check "both kinds of receivers are in it" sh -c '"$1" scan --json --quiet mixed.jsonl | grep -A1 "\"other\": {" | grep -q "\"delivered\": [1-9]"' sh "$pp"
code "two services" 0 "$pp" scan "$samples"/events-json/ses.jsonl "$samples"/events-json/ses-firehose.json "$samples"/events-csv/sfmc-extract.csv
check "SES: deferrals are a lower bound" grep -q "^postpacket: ses events hold one event for many deferrals, so these are a lower bound" "$tmp/err"
check "SES: said once" test "$(grep -c "ses events hold" "$tmp/err")" -eq 1
check "Salesforce: no deliveries" grep -q "^postpacket: sfmc events hold refused mail alone" "$tmp/err"
code "KumoMTA" 0 "$pp" scan "$samples"/events-json/kumomta.jsonl
check "KumoMTA hides nothing" sh -c '! grep -q " events " "$1"' sh "$tmp/err"
finish
