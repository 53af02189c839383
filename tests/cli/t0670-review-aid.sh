#!/bin/sh
# The review tells what was replaced, by rule, with a count and one place as it leaves; what the case tightens or
# discloses is done and printed with its reason.
. "$TOP_SRCDIR/tests/cli/lib.sh"
command -v python3 >/dev/null || skip "python3 is missing: it makes the cases"
export SOURCE_DATE_EPOCH=1798830000 TMP_TEST="$tmp" PYTHONDONTWRITEBYTECODE=1
cp -r "$TOP_SRCDIR/samples/outage" "$tmp/case"
chmod -R u+w "$tmp/case"
gzip -dc "$tmp/case/log/maillog.gz" | sed 's/Message rejected due to local policy\./& Northwind, see NORTHWIND 7./' | gzip >"$tmp/l"
mv "$tmp/l" "$tmp/case/log/maillog.gz"
sed -i 's/^X-Campaign-Id:/X-Mailer: Northwind Mailer 5\nX-CSA-Complaints: abuse@example.com\n&/' "$tmp/case/delivered/newsletter.eml"
who=test.person0180@icloud.com
case_with () { # python statements that change c
  CHANGE=$1 python3 - <<'PY'
import json, os
path = os.environ["TMP_TEST"] + "/case/case.json"
c = json.load(open(os.environ["TOP_SRCDIR"] + "/samples/outage/case.json"))
exec(os.environ["CHANGE"])
json.dump(c, open(path, "w"), indent=1)
PY
}
build () { rm -rf "$tmp/packet"; "$pp" build --quiet --map mta1=192.0.2.10 --map mta2=192.0.2.11 --output "$tmp/packet" "$tmp/case/case.json"; }
review () { check "$1" grep -Eq -e "$2" "$tmp/packet/review.html"; }
code "as it is" 1 build
review "recipients: count, and a place" '<td>recipient</td><td class="n">[0-9]+</td><td>the address of a recipient became a mark</td><td>.*: <code>.*\[rcpt-[a-z2-7]{8}\]@'
review "tokens: as they leave" '<td>token</td><td class="n">[0-9]+</td>.*List-Unsubscribe: <code>.*\[token:16,base64url\]'
review "return paths: the constant part is seen" '<td>return-path</td>.*bounce[+-].*\[verp-'
review "what did not leave: reason and class" '<li>X-ICL-Info: holds the recipient, encoded <code>\[token:[0-9]+,text\]</code>'
review "nothing is tightened" 'Nothing: the rules as they are'
check "the manifest has the same" grep -q '"what": "the address of a recipient became a mark"' "$tmp/packet/packet.json"
check "the word leaves as long as nobody minds" grep -q '^X-Mailer: Northwind Mailer 5$' "$tmp/packet/parts/delivered-headers.txt"

# The excerpt around a mark ends where a word does: "<weekly@news.exa" would be a stranger's address, and stop the build.
cp "$tmp/case/delivered/newsletter.eml" "$tmp/kept.eml"
sed -i 's/^From: .*/From: Example Weekly 9Qk2Lr7VtXe4 <weekly@news.example.com>/' "$tmp/case/delivered/newsletter.eml"
code "a mark shortly before an address" 1 build
cp "$tmp/kept.eml" "$tmp/case/delivered/newsletter.eml"

case_with 'c["tighten"] = [{"header": "x-mailer", "reason": "names our software"},
  {"header": "X-C*", "to": "class", "reason": "campaigns are not announced"},
  {"word": "northwind 7", "reason": "a project"}, {"word": "Northwind", "reason": "a project, too"}]
c["disclosed"] = [{"address": "'$who'", "reason": "our test mailbox, please look it up"}]'
code "tightened, disclosed" 1 build
h=$tmp/packet/parts/delivered-headers.txt
check "a field went" sh -c '! grep -qi "^X-Mailer" "$1"' sh "$h"
check "fields by their beginning are short" sh -c 'grep -q "^X-Campaign-Id: \[token:14,base64url\]$" "$1" && grep -q "^X-CSA-Complaints: \[token:17,text\]$" "$1"' sh "$h"
check "X-CLX-Score too, which would be kept" grep -q '^X-CLX-Score: \[token:4,digits\]$' "$h"
check "words" grep -rq 'local policy. \[private\], see \[private\]\.' "$tmp/packet/parts/apple-smtp-errors.txt"
check "no such word anywhere" sh -c '! grep -riq northwind "$1"' sh "$tmp/packet"
check "the disclosed address stands" grep -q "^To: .*$who" "$h"
review "reasons: field" '<li>header field x-mailer: left out: names our software</li>'
review "reasons: class" '<li>header field X-C\*: length and class only: campaigns are not announced</li>'
review "reasons: word, not the word" '<li>a word: \[private\]: a project</li>'
review "reasons: address" "<li>$who may stand in clear: our test mailbox, please look it up</li>"
review "the removed field: by the case" '<li>X-Mailer: by the case: names our software <code>\[token:18,text\]</code>'

# What the case states of itself is held to the same.
case_with 'c["tighten"] = [{"word": "soup", "reason": "x"}]; c["incident"]["description"] += " Soup is not soup."'
code "a private word in the description" 3 build
check "place and rule" grep -q '\$.incident.description: rule private-word' "$tmp/err"
case_with 'c["tighten"] = [{"header": "X-Mailer", "reason": "as '$who' asked"}]'
code "a recipient in a reason" 3 build
check "its place" grep -q '\$.tighten\[0\].reason: rule' "$tmp/err"
check "not its value" sh -c '! grep -q person0180 "$1"' sh "$tmp/err"
finish
