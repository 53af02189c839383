#!/bin/sh
# check against a real name server with one broken name per rule: that rule is named, and no other. Also: without
# --online nobody is asked, a silent server is given up, and what was answered can be replayed offline.
. "$TOP_SRCDIR/tests/cli/lib.sh"
. "$TOP_SRCDIR/tests/tools/servers.sh"

# ---- zone: example.com is in order; each other domain is broken in one way ----
{
  cat <<'EOF'
$ORIGIN .
$TTL 300
. SOA ns.example.com. host.example.com. 1 3600 600 86400 300
. NS ns.example.com.
ns.example.com. A 192.0.2.53
zen.spamhaus.org. TXT "blocklist"
2.0.0.127.zen.spamhaus.org. A 127.0.0.2
66.2.0.192.zen.spamhaus.org. A 127.0.0.2
2.0.0.127.abcdefghijklmnopqrstuvwxyz.zen.dq.spamhaus.net. A 127.0.0.2
65.2.0.192.abcdefghijklmnopqrstuvwxyz.zen.dq.spamhaus.net. A 127.0.0.3
dbltest.com.abcdefghijklmnopqrstuvwxyz.dbl.dq.spamhaus.net. A 127.0.1.2
67.2.0.192.zen.spamhaus.org. A 127.255.255.254
dbltest.com.dbl.spamhaus.org. A 127.0.1.2
listed.example.dbl.spamhaus.org. A 127.0.1.2
2.0.0.127.bl.spamcop.net. A 127.0.0.2
2.0.0.127.psbl.surriel.com. A 127.0.0.2
surbl-org-permanent-test-point.com.multi.surbl.org. A 127.0.0.254
test.uribl.com.multi.uribl.com. A 127.0.0.14
$ORIGIN com.
esp.example TXT "v=spf1 ip4:192.0.2.10 ip6:2001:db8::25 ip4:192.0.2.64/28 ?all"
key._domainkey.example CNAME key.esp.example
key.esp.example CNAME key2.esp.example
key2.esp.example TXT "v=DKIM1; k=ed25519; p=" "11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo="
revoked._domainkey.example TXT "v=DKIM1; p="
mta1.example A 192.0.2.10
mta1.example AAAA 2001:db8::25
other.example A 192.0.2.99
host-192-0-2-63.example A 192.0.2.63
lame.example NS ns.nowhere.example
ns.nowhere.example A 192.0.2.54
$ORIGIN arpa.
10.2.0.192.in-addr PTR mta1.example.com.
5.2.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.8.b.d.0.1.0.0.2.ip6 PTR mta1.example.com.
62.2.0.192.in-addr PTR other.example.com.
63.2.0.192.in-addr PTR host-192-0-2-63.example.com.
66.2.0.192.in-addr PTR ok66.example.com.
67.2.0.192.in-addr PTR ok67.example.com.
64.2.0.192.in-addr PTR ok64.example.com.
$ORIGIN com.
ok64.example A 192.0.2.64
ok66.example A 192.0.2.66
ok67.example A 192.0.2.67
EOF
  n=0
  while [ $n -lt 499 ]; do echo "64.2.0.192.in-addr.arpa. PTR name$n.example.org."; n=$((n + 1)); done
  # domain NAME SPF DMARC [MX]
  domain () {
    echo "$1. MX ${4:-10 mx.example.com.}"
    [ -z "$2" ] || echo "$1. TXT \"$2\""
    [ -z "$3" ] || echo "_dmarc.$1. TXT \"$3\""
  }
  spf='v=spf1 include:esp.example.com -all'
  dmarc='v=DMARC1; p=quarantine; rua=mailto:dmarc@example.com'
  domain example.com "$spf" "$dmarc"
  domain spfnone.example '' "v=DMARC1; p=none"
  domain spffail.example 'v=spf1 -all' "v=DMARC1; p=none"
  domain spfopen.example 'v=spf1 +all' "v=DMARC1; p=none"
  domain spfsyntax.example 'v=spf1 ipv4:192.0.2.10 -all' "v=DMARC1; p=none"
  domain spfseveral.example "$spf" "v=DMARC1; p=none"
  echo 'spfseveral.example. TXT "v=spf1 -all"'
  domain spflookups.example 'v=spf1 include:spflookups.example -all' "v=DMARC1; p=none"
  domain spfvoids.example 'v=spf1 a:x.example a:y.example a:z.example -all' "v=DMARC1; p=none"
  domain spfinclude.example 'v=spf1 include:gone.example -all' "v=DMARC1; p=none"
  domain dmarcnone.example "$spf" ''
  domain dmarcseveral.example "$spf" "v=DMARC1; p=none"
  echo '_dmarc.dmarcseveral.example. TXT "v=DMARC1; p=reject"'
  domain dmarcsyntax.example "$spf" 'v=DMARC1; p=monitor'
  domain dmarcreports.example "$spf" 'v=DMARC1; p=none; rua=mailto:x@elsewhere.example.net'
  domain nullmx.example "$spf" "v=DMARC1; p=none" '0 .'
  domain listed.example "$spf" "v=DMARC1; p=none"
  domain big.example "$spf" "v=DMARC1; p=none"
  n=0
  while [ $n -lt 30 ]; do echo "big.example. TXT \"proof-of-something=$n-$(printf '%0180d' $n)\""; n=$((n + 1)); done
  echo 'nomail.example. TXT "v=spf1 include:esp.example.com -all"'
  echo '_dmarc.nomail.example. TXT "v=DMARC1; p=none"'
} >"$tmp/zone"
start_nsd "$tmp/zone"

look () { "$pp" check --online --dns-server "$dns" "$@"; }
# rules STATES: of the last run's JSON, "rule rule".
rules () {
  tr -d '\n' <"$tmp/out" | sed 's/}, *{/}\n{/g' | grep -E "\"state\": \"($1)\"" \
    | sed 's/.*"rule": "\([a-z-]*\)".*/\1/' | sort -u | tr '\n' ' ' | sed 's/ $//'
}
# names NAME STATUS RULES ARG...: check finds just these rules.
names () {
  what=$1 status=$2 expected=$3
  shift 3
  code "$what: exit $status" "$status" look --json "$@"
  found=$(rules 'bad|note|unknown')
  if [ "$found" = "$expected" ]; then ok "$what: ${expected:-nothing} is named"; else
    echo "# got '$found', wanted '$expected'"
    not_ok "$what: ${expected:-nothing} is named"
  fi
}

names "all in order" 0 "" --domain example.com --ip 192.0.2.10 --ip 2001:db8::25 --selector key
for rule in none fail open syntax several lookups voids include; do
  names "spf $rule" 1 "spf-$rule" --domain "spf$rule.example" --ip 192.0.2.10
done
for rule in none several syntax reports; do
  names "dmarc $rule" 1 "dmarc-$rule" --domain "dmarc$rule.example" --ip 192.0.2.10
done
names "key missing" 1 dkim-missing --domain example.com --selector gone
names "key revoked" 1 dkim-revoked --domain example.com --selector revoked
names "no PTR" 1 rdns-none --domain example.com --ip 192.0.2.65
names "PTR of another" 1 rdns-unconfirmed --ip 192.0.2.62
names "PTR of the provider" 0 rdns-generic --ip 192.0.2.63
names "null MX" 1 domain-null-mx --domain nullmx.example
names "no mail" 1 domain-no-mail --domain nomail.example
names "no such domain" 1 "dmarc-none domain-missing" --domain gone.example
names "IP listed" 1 list-listed --ip 192.0.2.66
names "IP list that will not say" 0 list-unknown --ip 192.0.2.67
names "domain listed" 1 list-listed --domain listed.example
printf 'abcdefghijklmnopqrstuvwxyz\n' >"$tmp/dqs"
names "a key: its list is asked" 1 "list-listed rdns-none" --dqs-key "$tmp/dqs" --ip 192.0.2.65 --dns-save "$tmp/keyed.json"
check "the key is not kept" sh -c 'grep -q "65.2.0.192.*zen.dq.spamhaus.net" "$2" && ! grep -q abcdefghij "$1" "$2"' sh "$tmp/out" "$tmp/keyed.json"
code "nor needed for a replay" 1 "$pp" check --ip 192.0.2.65 --domain example.com --only lists --dns-replay "$tmp/keyed.json"
check "that finds the same" grep -q 'ZEN' "$tmp/out"
for key in '' 'two words' 'key!'; do
  echo "$key" >"$tmp/dqs"
  code "no key: '$key'" 65 look --domain example.com --dqs-key "$tmp/dqs"
  check "it is said what one is" grep -q "dqs: holds no DQS key: one line of letters and digits" "$tmp/err"
done
code "no file" 66 look --domain example.com --dqs-key "$tmp/nowhere"
names "a referral is no answer" 0 "dmarc-unknown domain-unknown spf-unknown" --domain lame.example.com --ip 192.0.2.10
names "an answer of 6 KB, by TCP" 0 "" --domain big.example --ip 192.0.2.10
names "500 names of one IP" 0 "" --domain example.com --ip 192.0.2.64

for given in http://example.com/ news@example.com example.com/24; do
  code "$given is no domain" 64 look --domain "$given"
  check "said so, and nothing of its DMARC" sh -c 'grep -q -- "--domain $2: is " "$1/err" && [ ! -s "$1/out" ]' - "$tmp" "$given"
done

# ---- for a person ----
code "findings for a person" 1 look --domain dmarcnone.example --ip 192.0.2.10 --only dmarc,spf
check "say what, why, how to mend and how to see it" grep -q '^    why    Since 2025' "$tmp/out"
check "with the table of all" grep -q '^ok       spf      dmarcnone.example from 192.0.2.10  *pass by ip4:192.0.2.10 of esp' "$tmp/out"
check "--only leaves the rest out" sh -c '! grep -q rdns "$1"' - "$tmp/out"

# ---- replay: the same words, and nobody is asked ----
code "answers are kept" 1 look --domain dmarcnone.example --ip 192.0.2.10 --dns-save "$tmp/dns.json"
cp "$tmp/out" "$tmp/first"
check "each with server and time" grep -q "\"server\": \"$dns\"" "$tmp/dns.json"
stop_nsd
code "a replay" 1 "$pp" check --domain dmarcnone.example --ip 192.0.2.10 --dns-replay "$tmp/dns.json"
same "says the same" "$tmp/out" "$tmp/first"
code "what was not asked then is unknown" 75 "$pp" check --domain example.net --dns-replay "$tmp/dns.json"
check "and says so" grep -q 'not in the replayed answers' "$tmp/out"

# ---- nobody is asked without --online ----
code "answers to keep, and nobody is asked" 64 "$pp" check --dns-save "$tmp/none.json" "$TOP_SRCDIR/samples/outage/case.json"
check "it is said" grep -q 'nobody is asked without --online' "$tmp/err"
mkfifo "$tmp/stop"
"$G_TEST_BUILDDIR/tools/dns-silent" "$tmp/asked" <"$tmp/stop" >"$tmp/silent" 9>&- &
exec 9>"$tmp/stop"
tries=0
while [ ! -s "$tmp/silent" ] && [ $((tries += 1)) -le 600 ]; do sleep 0.1; done
silent=$(cat "$tmp/silent")
case=$TOP_SRCDIR/samples/outage/case.json
code "a case offline" 0 "$pp" check --dns-server "$silent" --quiet "$case"
check "says that nobody was asked" grep -q 'nobody was asked: --online asks DNS' "$tmp/out"
code "build offline" 1 "$pp" build --quiet --output "$tmp/packet" "$case"
code "without a case there is nothing to do offline" 64 "$pp" check --dns-server "$silent" --domain example.com
check "no question was sent" test ! -s "$tmp/asked"
if command -v unshare >/dev/null && unshare -rn true 2>/dev/null; then
  code "a case without a network" 0 unshare -rn "$pp" check --quiet "$case"
fi
code "a silent server is given up" 75 "$pp" check --online --dns-server "$silent" --dns-timeout 0.1 --domain example.com --only dmarc
check "after it was asked" grep -q '^16 _dmarc.example.com' "$tmp/asked"
exec 9>&-

# ---- samples of all streams, not of the request's alone ----
cp -R "$TOP_SRCDIR/samples/outage" "$tmp/two"
chmod -R u+w "$tmp/two"
sed 's/news\.example\.com/tx.example.com/g; s/\(spf\|dkim\|dmarc\)=pass/\1=fail/g' "$tmp/two/delivered/newsletter.eml" >"$tmp/two/delivered/receipt.eml"
sed -i 's|"delivered/newsletter.eml"|&, "delivered/receipt.eml"|' "$tmp/two/case.json"
code "a receipt that fails" 1 "$pp" check --quiet "$tmp/two/case.json"
check "is told" grep -q '^ *receipt.eml: Apple.s results: spf=fail, dkim=fail, dmarc=fail' "$tmp/out"

# ---- usage ----
code "--only takes known kinds" 64 "$pp" check --only spf,dkmi --online --domain example.com
code "nothing is no kind" 64 "$pp" check --only "" --online --domain example.com
sed 's|log/maillog.gz|log/gone|' "$case" >"$tmp/gone.json"
code "the logs of a case are read" 66 "$pp" check "$tmp/gone.json"
code "but not before --only is" 64 "$pp" check --only dkmi "$tmp/gone.json"
code "and what is asked" 64 "$pp" check --online --dns-timeout 61 "$tmp/gone.json"
code "--dns-server takes addresses" 64 "$pp" check --online --dns-server dns.example.com --domain example.com
code "--dns-timeout has bounds" 64 "$pp" check --online --dns-timeout 61 --domain example.com
code "--ip takes addresses" 64 "$pp" check --online --ip 192.0.2.300
code "a replay that is none" 65 "$pp" check --dns-replay "$case" --domain example.com
finish
