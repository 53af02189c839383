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
# What they say counts for their time, and what fails is no claim that it passes.
claim () { # NAME STATE EXPECTED: the requirement or claim of the last packet
  python3 - "$tmp/packet/packet.json" "$@" <<'EOF'
import json, sys
m = json.load(open(sys.argv[1]))
states = [c["state"] for c in m["claims"] if c["claim"] == sys.argv[2]] + [r["state"] for r in m["requirements"] if r["requirement"] == sys.argv[2]]
assert states == sys.argv[3].split(), states
EOF
}
command -v python3 >/dev/null || skip "python3 is missing: it reads packet.json"
rm -rf "$tmp/case/reports"/* "$tmp/packet"
sed -i 's/dmarc=pass/dmarc=temperror/' "$tmp/case/delivered/newsletter.eml"
dated () { { record 192.0.2.10 "$2" pass; record 192.0.2.10 "$3" fail; } | report 4 | sed "s|</report_id>|&<date_range><begin>$1</begin><end>$(($1 + 86400))</end></date_range>|" >"$tmp/case/reports/4.xml"; }
export SOURCE_DATE_EPOCH=1798830000
dated 1798700000 99 1
code "reports of yesterday" 1 "$pp" build --quiet --output "$tmp/packet" "$case"
check "prove the policy" claim "a DMARC policy" proven
check "and that mail passes" claim "DMARC passes at other receivers" proven
dated 1798700000 1 99
code "mail that fails" 1 "$pp" build --quiet --force --output "$tmp/packet" "$case"
check "is none that passes" claim "DMARC passes at other receivers" missing
dated 1790000000 99 1
code "reports of months ago" 1 "$pp" build --quiet --force --output "$tmp/packet" "$case"
check "prove no policy of today" claim "a DMARC policy" unknown
check "nor that mail passes" claim "DMARC passes at other receivers" ""
finish
