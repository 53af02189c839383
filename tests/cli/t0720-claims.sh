#!/bin/sh
# What a real name server answers becomes a claim of the request, or stops it: the same case with all in order, with
# DMARC missing, and with DMARC missing but stated.
. "$TOP_SRCDIR/tests/cli/lib.sh"
. "$TOP_SRCDIR/tests/tools/servers.sh"
command -v python3 >/dev/null || skip "python3 is missing: it reads packet.json"
sample=$TOP_SRCDIR/samples/outage
cp -R "$sample" "$tmp/case"
chmod -R u+w "$tmp/case"
cat >"$tmp/zone" <<'EOF'
$ORIGIN .
$TTL 300
. SOA ns.example.com. host.example.com. 1 3600 600 86400 300
. NS ns.example.com.
ns.example.com. A 192.0.2.53
mx.example.com. A 192.0.2.25
example.com. MX 10 mx.example.com.
example.com. TXT "v=spf1 ip4:192.0.2.10 ip4:192.0.2.11 -all"
news.example.com. MX 10 mx.example.com.
news.example.com. TXT "v=spf1 ip4:192.0.2.10 ip4:192.0.2.11 -all"
tx.example.com. MX 10 mx.example.com.
tx.example.com. TXT "v=spf1 ip4:192.0.2.10 ip4:192.0.2.11 -all"
fwd.example.com. MX 10 mx.example.com.
fwd.example.com. TXT "v=spf1 ip4:192.0.2.10 ip4:192.0.2.11 -all"
_dmarc.example.com. TXT "v=DMARC1; p=quarantine; rua=mailto:dmarc@example.com"
nl27._domainkey.news.example.com. TXT "v=DKIM1; k=ed25519; p=11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo="
tx27._domainkey.tx.example.com. TXT "v=DKIM1; k=ed25519; p=11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo="
10.2.0.192.in-addr.arpa. PTR mta1.example.com.
11.2.0.192.in-addr.arpa. PTR mta2.example.com.
mta1.example.com. A 192.0.2.10
mta2.example.com. A 192.0.2.11
2.0.0.127.zen.spamhaus.org. A 127.0.0.2
dbltest.com.dbl.spamhaus.org. A 127.0.1.2
2.0.0.127.bl.spamcop.net. A 127.0.0.2
2.0.0.127.psbl.surriel.com. A 127.0.0.2
surbl-org-permanent-test-point.com.multi.surbl.org. A 127.0.0.254
test.uribl.com.multi.uribl.com. A 127.0.0.14
EOF
build () { "$pp" build --quiet --force "$@"; }
# claim PACKET CLAIM STATE: packet.json gives the claim this state.
claim () {
  python3 - "$@" <<'EOF'
import json, sys
folder, name, state = sys.argv[1:]
manifest = json.load(open(folder + "/packet.json"))
found = [c for c in manifest["claims"] if c["claim"] == name]
assert found and found[0]["state"] == state, found
EOF
}
requirement () {
  python3 - "$@" <<'EOF'
import json, sys
folder, number, state = sys.argv[1:]
manifest = json.load(open(folder + "/packet.json"))
assert len(manifest["requirements"]) == 13
found = manifest["requirements"][int(number) - 1]
assert found["state"] == state, found
EOF
}
# states TEXT: the case says so.
states () {
  python3 - "$tmp/case/case.json" "$1" <<'EOF'
import json, sys
path, text = sys.argv[1:]
case = json.load(open(path))
case["incident"]["remediation"] = [{"date": "2027-01-01", "what": text}]
json.dump(case, open(path, "w"))
EOF
}

# ---- all in order: proven ----
start_nsd "$tmp/zone"
code "all in order: ready, the screenshot is to be looked at" 1 \
  build --online --dns-server "$dns" --output "$tmp/good" "$tmp/case/case.json"
check "the request is there" test -s "$tmp/good/request.eml"
check "it says when it was checked" grep -q '^Checked 2027-01-0[0-9] [0-9:]* UTC:' "$tmp/good/request.eml"
tr -d '\r' <"$tmp/good/request.eml" | tr '\n' ' ' | tr -s ' ' >"$tmp/text"
check "what DNS proved is said" grep -q 'Both IPs are in SPF; PTR leads back to the IP; DMARC is p=quarantine. Spamhaus lists none of the IPs, domains and link hosts\.' "$tmp/text"
for c in "sending IPs are in SPF" "PTR leads back to the sending IPs" "DMARC policy of the From domain" \
  "DKIM keys are published" "Spamhaus lists nothing"; do
  check "$c: proven" claim "$tmp/good" "$c" proven
done
check "requirement 9, DMARC: proven" requirement "$tmp/good" 9 proven
check "requirement 5, reverse DNS: proven" requirement "$tmp/good" 5 proven
check "the readiness is said" grep -q "^Requirements of Apple's page: 12 of 13 shown, missing: " "$tmp/out"
check "questions and answers are kept" grep -q '"name": "_dmarc.example.com"' "$tmp/good/dns.json"
# more_hosts: the case names more hosts than are asked about.
more_hosts () {
  python3 - "$tmp/case/case.json" "$tmp/case/hosts.json" <<'EOF'
import json, sys
case = json.load(open(sys.argv[1]))
case.setdefault("domains", {})["tracking"] = ["t%d.example.com" % n for n in range(520)]
json.dump(case, open(sys.argv[2], "w"))
EOF
}
more_hosts
code "a packet of more hosts than are asked about" 1 \
  build --online --dns-server "$dns" --output "$tmp/hosts" "$tmp/case/hosts.json"
check "that Spamhaus lists none of them is not claimed" claim "$tmp/hosts" "Spamhaus lists nothing" missing
check "nor said" sh -c '! grep -q "Spamhaus lists" "$1"' - "$tmp/hosts/request.eml"
code "the packet holds no private data" 0 "$pp" verify --quiet "$tmp/good"
code "the same packet offline, from its own dns.json" 1 \
  build --dns-replay "$tmp/good/dns.json" --output "$tmp/again" "$tmp/case/case.json"
same "gives the same request" "$tmp/again/request.eml" "$tmp/good/request.eml"
proofs () { grep -c '"where": "DNS: ' "$1/packet.json" || :; }
check "requirements are proven by DNS" test "$(proofs "$tmp/good")" -ge 2
later=$((SOURCE_DATE_EPOCH + 200000))
code "three days later its answers are old" 1 env SOURCE_DATE_EPOCH=$later \
  "$pp" build --quiet --dns-replay "$tmp/good/dns.json" --output "$tmp/old" "$tmp/case/case.json"
check "and prove no requirement of today" test "$(proofs "$tmp/old")" -eq 0
same "and the same answers" "$tmp/again/dns.json" "$tmp/good/dns.json"
states "DMARC is published for example.com."
code "a true statement builds" 1 build --dns-replay "$tmp/good/dns.json" --output "$tmp/true" "$tmp/case/case.json"
check "with a request" test -s "$tmp/true/request.eml"
stop_nsd

# ---- what fails of other mail, and one of two signatures, are no lack of this stream's ----
grep -v '^tx.example.com. TXT' "$tmp/zone" >"$tmp/zone1"
echo 'tx.example.com. TXT "v=spf1 ip4:192.0.2.77 -all"' >>"$tmp/zone1"
start_nsd "$tmp/zone1"
cp -R "$tmp/case" "$tmp/two"
python3 - "$tmp/two/delivered/newsletter.eml" <<'EOF'
import sys
mail = open(sys.argv[1]).read()
start, end = mail.index("DKIM-Signature:"), mail.index("From: Example Weekly")
second = mail[start:end].replace("news.example.com", "esp.example.net").replace("nl27", "gone")
open(sys.argv[1], "w").write(mail[:start] + second + mail[start:])
EOF
maps='--map mta1=192.0.2.10 --map mta2=192.0.2.11'
code "SPF of another stream, a second signature: ready" 1 \
  build --online --dns-server "$dns" $maps --output "$tmp/two-packet" "$tmp/two/case.json"
check "the request is there" test -s "$tmp/two-packet/request.eml"
check "SPF of the stream: proven" claim "$tmp/two-packet" "sending IPs are in SPF" proven
check "the keys: not all of them" claim "$tmp/two-packet" "DKIM keys are published" missing
check "requirement 8, SPF and DKIM: Apple saw them" requirement "$tmp/two-packet" 8 proven
check "both are told" sh -c 'grep -q "^  - tx.example.com from " "$1" && grep -q "^  - gone._domainkey.esp" "$1"' - "$tmp/out"
stop_nsd
grep -v '^nl27' "$tmp/zone" >"$tmp/zone1"
start_nsd "$tmp/zone1"
code "neither key is there: a to-do" 1 \
  build --online --dns-server "$dns" $maps --output "$tmp/none-packet" "$tmp/two/case.json"
check "and no request" test ! -e "$tmp/none-packet/request.eml"
stop_nsd
# Newer mail that Apple saw pass has the key of today: the old one was retired.
echo 'nl28._domainkey.news.example.com. TXT "v=DKIM1; k=ed25519; p=11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo="' >>"$tmp/zone1"
start_nsd "$tmp/zone1"
cp -R "$tmp/two" "$tmp/newer"
sed 's/nl27/nl28/; s/17:24:09/18:24:09/; s/266A7F45AC2/266A7F45AC3/' "$tmp/case/delivered/newsletter.eml" >"$tmp/newer/delivered/newer.eml"
sed -i 's|"delivered/newsletter.eml"|&, "delivered/newer.eml"|' "$tmp/newer/case.json"
code "a key that newer mail replaced: ready" 1 \
  build --online --dns-server "$dns" $maps --output "$tmp/newer-packet" "$tmp/newer/case.json"
check "the request is there" test -s "$tmp/newer-packet/request.eml"
check "the key is told" grep -q "^  - nl27._domainkey.news" "$tmp/out"
check "that the keys are there is not said" claim "$tmp/newer-packet" "DKIM keys are published" missing
sed -i 's/18:24:09/16:24:09/' "$tmp/newer/delivered/newer.eml"
code "a key that older mail had: a to-do" 1 \
  build --online --dns-server "$dns" $maps --output "$tmp/older-packet" "$tmp/newer/case.json"
check "and no request" test ! -e "$tmp/older-packet/request.eml"

# ---- what a record says is said as it says it ----
stop_nsd
sed -e 's/"v=DMARC1; p=quarantine;/"v=DMARC1; p=reject; sp=quarantine; pct = 10; t=y;/' \
  -e 's/^10.2.0.192.in-addr.arpa. PTR .*/&\n10.2.0.192.in-addr.arpa. PTR lost.example.com./' "$tmp/zone" >"$tmp/zone3"
start_nsd "$tmp/zone3"
code "a policy for subdomains, tried out" 1 \
  build --online --dns-server "$dns" $maps --output "$tmp/sp-packet" "$tmp/case/case.json"
check "is not p=" sh -c 'tr -d "\r" <"$1" | tr "\n" " " | tr -s " " | grep -qF "DMARC is sp=quarantine (t=y) (pct=10)."' sh "$tmp/sp-packet/request.eml"
"$pp" check --online --dns-server "$dns" --domain example.com --ip 192.0.2.10 --only rdns >"$tmp/out" || true
check "of two names one leads back" grep -q 'PTR 1 of 2 names, mta1.example.com, leads back to it' "$tmp/out"
stop_nsd
start_nsd "$tmp/zone1"

# ---- a platform's other clients are asked about nowhere ----
python3 - "$tmp/two/case.json" <<'EOF'
import json, sys
case = json.load(open(sys.argv[1]))
case["company"] = {"name": "Example Platform", "role": "platform"}
case["streams"][1].update(name="Harbour Lights daily", brand="Harbour Lights")
case["domains"]["from"] = ["news.example.com"]
for ip in case["sending_ips"]:
    ip["streams"][1] = "Harbour Lights daily"
case["sending_ips"].append({"ip": "192.0.2.12", "helo": "mta.tx.example.com", "streams": ["Harbour Lights daily"]})
json.dump(case, open(sys.argv[1], "w"))
EOF
code "a platform asks DNS for one client" 1 \
  build --online --dns-server "$dns" $maps --output "$tmp/client-packet" "$tmp/two/case.json"
check "of no other" sh -c '! grep -q "tx.example.com\|192.0.2.12" "$1" && grep -q nl27._domainkey "$1"' - "$tmp/client-packet/dns.json"
stop_nsd

# ---- no DMARC record: no request, or no build where the case says otherwise ----
grep -v '^_dmarc' "$tmp/zone" >"$tmp/zone2"
start_nsd "$tmp/zone2"
code "a wrong statement does not build" 65 \
  build --online --dns-server "$dns" --output "$tmp/wrong" "$tmp/case/case.json"
check "it names the statement" grep -q 'case.json: \$.incident.remediation\[0\].what says "DMARC is published for example.com"' "$tmp/err"
check "and what was found" grep -q 'but news.example.com: no DMARC policy is published (asked 2027-' "$tmp/err"
check "and nothing is written" test ! -e "$tmp/wrong"
# stops WORDS PLACE: these words, written there, stop the build.
stops () {
  python3 - "$tmp/case/case.json" "$tmp/case/says.json" "$1" "$2" <<'EOF'
import json, sys
source, target, text, place = sys.argv[1:]
case = json.load(open(source))
case["incident"]["remediation"] = []
where = {"incident.description": lambda: case["incident"].update(description=case["incident"]["description"] + " " + text),
         "streams[0].consent.source": lambda: case["streams"][0]["consent"].update(source=text),
         "streams[0].consent.suppression_policy": lambda: case["streams"][0]["consent"].update(suppression_policy=text),
         "streams[0].impact": lambda: case["streams"][0].update(impact=text),
         "follow_up.found[0]": lambda: case.update(follow_up={"found": [text]}),
         "follow_up.plan": lambda: case.update(follow_up={"plan": text})}
where[place]()
json.dump(case, open(target, "w"))
EOF
  code "'$1' in $2: exit ${3-65}" "${3-65}" build --online --dns-server "$dns" --output "$tmp/wrong" "$tmp/case/says.json"
}
for place in "incident.description" "streams[0].consent.source" "streams[0].consent.suppression_policy" "streams[0].impact" "follow_up.found[0]" "follow_up.plan"; do
  stops "DMARC is published for our domain." "$place"
  check "  it names the place" grep -qF "says.json: \$.$place says" "$tmp/err"
done
for words in "All mail is protected by DMARC." "DMARC is enforced." "DMARC is set to quarantine." "Our mail complies: DMARC was deployed in March." "DMARC: yes."; do
  stops "$words" "incident.description"
done
for words in "Neither DMARC nor BIMI is published." "Of DMARC records none is published." "DMARC will be enforced next week." "We took DMARC out of our list of causes."; do
  stops "$words" "incident.description" 1
  rm -rf "$tmp/wrong"
done
states "No refused message was sent again."
code "without the statement there is a to-do" 1 \
  build --online --dns-server "$dns" --output "$tmp/todo" "$tmp/case/case.json"
check "and no request" test ! -e "$tmp/todo/request.eml"
check "the to-do names the requirement" grep -q 'LACKING: news.example.com: no DMARC policy is published' "$tmp/out"
check "DMARC: contradicted" claim "$tmp/todo" "DMARC policy of the From domain" contradicted
check "requirement 9: contradicted" requirement "$tmp/todo" 9 contradicted
check "it is among the missing" grep -q 'missing: .*a DMARC policy' "$tmp/todo/packet.json"
code "a statement that denies is none" 1 sh -c '
  sed "s/No refused message was sent again/DMARC is not published yet/" "$2" >"$2.new" && mv "$2.new" "$2"
  "$1" build --quiet --force --online --dns-server "$3" --output "$4" "$2"' - "$pp" "$tmp/case/case.json" "$dns" "$tmp/todo"

# ---- nothing is the postmaster's: a ticket, and a request only where that is wanted ----
other=$TOP_SRCDIR/samples/cases/nothing-for-apple/case.json
SOURCE_DATE_EPOCH=1779280000
code "nothing for Apple: no request" 1 "$pp" build --quiet --output "$tmp/other" "$other"
check "none is written" test ! -e "$tmp/other/request.eml"
code "with a reason there is one" 1 "$pp" build --quiet --anyway "Apple's support asked us to" --output "$tmp/anyway" "$other"
check "it is written" test -s "$tmp/anyway/request.eml"
check "about what is no matter of the mailbox" grep -q '^Error:  *554 5.7.1' "$tmp/anyway/request.eml"
check "the other desks are named all the same" grep -q "Nothing here is Apple's postmaster's to answer" "$tmp/out"
check "each answer has its desk" python3 - "$tmp/other/packet.json" <<'EOF'
import json, sys
desks = {d["answer"]: d["desk"] for d in json.load(open(sys.argv[1]))["desks"]}
assert desks["550 5.1.1"] == "recipient" and "spamhaus" in desks.values() and "sender" in desks.values(), desks
EOF
check "and the reason is kept" grep -q "\"anyway\": \"Apple's support asked us to\"" "$tmp/anyway/packet.json"
finish
