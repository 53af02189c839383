#!/bin/sh
# DMARC aggregate reports of a case: pass rates per sending IP, in check and as a claim of the packet.
. "$TOP_SRCDIR/tests/cli/lib.sh"
cp -R "$TOP_SRCDIR/samples/outage" "$tmp/case"
chmod -R u+w "$tmp/case"
case=$tmp/case/case.json
mkdir "$tmp/case/reports"
# record IP COUNT RESULT
record () {
  echo "<record><row><source_ip>$1</source_ip><count>$2</count><policy_evaluated><dkim>$3</dkim><spf>fail</spf></policy_evaluated></row>"
  echo "<identifiers><header_from>news.example.com</header_from></identifiers></record>"
}
report () {
  echo "<feedback><report_metadata><org_name>Receiver</org_name><report_id>$1</report_id></report_metadata>"
  cat
  echo "</feedback>"
}
{ record 192.0.2.10 980 pass; record 192.0.2.10 20 fail; record 198.51.100.7 300 fail; } | report 1 | gzip >"$tmp/case/reports/1.xml.gz"
{ record 192.0.2.11 10 fail; } | report 2 >"$tmp/case/reports/2.xml"
echo "no report" >"$tmp/case/reports/3.xml"
sed 's/"logs": \[/"dmarc_reports": ["reports"], "logs": [/' "$case" >"$case.new" && mv "$case.new" "$case"

code "check finds the IP that fails" 1 "$pp" check --quiet --only dmarc "$case"
check "the rate of each IP" grep -q '^ok .*news.example.com from 192.0.2.10 .*980 of 1,000 messages pass (98.0%)' "$tmp/out"
check "what fails" grep -q '^bad .*news.example.com from 192.0.2.11 .*0 of 10 messages pass' "$tmp/out"
check "others that use the name" grep -q '^note .*0 of 300 messages from 1 other IP pass' "$tmp/out"
code "build" 1 "$pp" build --quiet --output "$tmp/packet" "$case"
check "a claim of the packet" grep -q 'DMARC reports of 1 receiver: 980 of 1010 messages' "$tmp/packet/packet.json"
check "a file that is no report is named" grep -q '1 DMARC report could not be read: 3.xml: it is no XML' "$tmp/out"
finish
