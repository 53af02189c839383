#!/bin/sh
# Each option of `scan` does what its line in the help says: events one by one, and the counts over the same ones.
. "$TOP_SRCDIR/tests/cli/lib.sh"
command -v python3 >/dev/null || skip "python3 is missing: it compares the counts"
export SOURCE_DATE_EPOCH=1798830000
cat >"$tmp/sum.py" <<'P'
# sum.py EVENTS SCAN.json [OFFSET in minutes]: the counts of scan --json are those of its events, day by day.
import collections, datetime, json, sys
events, scan = [json.loads(l) for l in open(sys.argv[1])], json.load(open(sys.argv[2]))
offset = datetime.timedelta(minutes=int(sys.argv[3]) if len(sys.argv) > 3 else 0)
if not events:
    sys.exit("no events")
total, days = collections.Counter(), collections.defaultdict(collections.Counter)
for e in events:
    total[e["outcome"]] += 1
    day = datetime.datetime.fromisoformat(e["time"].replace("Z", "+00:00")) + offset
    days[day.strftime("%Y-%m-%d")][e["outcome"]] += 1
names = "delivered", "deferred", "bounced"
def want(what, got, expected):
    if got != expected:
        sys.exit(f"{what}: {got}, events say {expected}")
for n in names + ("host_error", "not_attempted"):
    want(n, scan["apple"][n], total[n])
got = {d["date"]: tuple(d["apple"][n] for n in names) for d in scan["days"] if any(d["apple"][n] for n in names)}
want("days", got, {d: tuple(c[n] for n in names) for d, c in days.items() if any(c[n] for n in names)})
P
log=$TOP_SRCDIR/samples/outage/log/maillog.gz
mkdir "$tmp/in"; cd "$tmp/in"
scan () { "$pp" scan --quiet "$@"; }
outage () { scan --year 2027 --log-timezone UTC "$@" "$log"; }
lines () { wc -l <"$1" | tr -d ' '; }
field () { sed -n "s/.*\"$1\": \"\\{0,1\\}\\([^,\"]*\\)\"\\{0,1\\}.*/\\1/p" "$2"; }

outage --events >all
outage --json >all.json
check "counts are those of the events" python3 "$tmp/sum.py" all all.json
# A time stands first in an event, so ranges are compared as text.
range () { # NAME FROM TO OPTIONS...
  range=$1 from=$2 to=$3; shift 3
  awk -F'"' -v a="$from" -v b="$to" '$4 >= a && $4 <= b' all >want
  outage --events "$@" >got
  outage --json "$@" >got.json
  check "$range: some events" test -s want
  check "$range: these events" cmp got want
  check "$range: the counts too" python3 "$tmp/sum.py" got got.json "${offset-0}"
}
range "since a second" 2026-12-31T05:26:11Z 9 --since 2026-12-31T05:26:11Z
range "since the next second" 2026-12-31T05:26:12Z 9 --since 2026-12-31T05:26:12Z
check "the first refusal is at the border" grep -q '^{"time": "2026-12-31T05:26:11Z", "outcome": "bounced".*CS02' all
range "until a second" 0 2026-12-31T05:26:11Z --until 2026-12-31T05:26:11Z
range "until the second before" 0 2026-12-31T05:26:10Z --until 2026-12-31T05:26:10Z
range "since a day" 2026-12-31T00:00:00Z 9 --since 2026-12-31
range "until a day, which is included" 0 2026-12-30T23:59:59Z --until 2026-12-30
range "one day" 2026-12-31T00:00:00Z 2026-12-31T23:59:59Z --since 2026-12-31 --until 2026-12-31
offset=330
range "a day of another zone" 2026-12-30T18:30:00Z 2026-12-31T18:29:59Z --since 2026-12-31 --until 2026-12-31 --timezone +05:30
offset=0
range "an offset" 2026-12-31T05:26:11Z 9 --since 2026-12-31T06:26:11+01:00
range "words and UTC" 2026-12-31T05:26:00Z 9 --since "2026-12-31 05:26 UTC"
outage --events --since 2028-01-01 >got
check "nothing in the range: no events" test ! -s got
code "nothing in the range: no error" 0 outage --json --since 2028-01-01

for zone in +05:30=330 -11:00=-660 UTC=0 Asia/Tokyo=540; do
  outage --json --timezone "${zone%=*}" >got.json
  check "days of ${zone%=*}" python3 "$tmp/sum.py" all got.json "${zone#*=}"
  check "days of ${zone%=*}: zone named" grep -q "\"timezone\": \"${zone%=*}\"" got.json
  outage --events --timezone "${zone%=*}" >got
  check "events stay UTC with ${zone%=*}" cmp got all
done

# One line each: DATE, RECIPIENT, TAG of the line.
sent () { echo "$1 mail ${3-postfix/smtp}[1]: $(echo "$1" | cksum | awk '{printf "%010X", $1}'): to=<$2>, relay=${4-mx01.mail.icloud.com[17.57.156.30]:25}, delay=1, delays=0/0/1/0, dsn=2.0.0, status=sent (250 2.0.0 Ok: queued as D04B3C0008B)"; }
stamps () { scan --events "$@" >got && field time got | tr '\n' ' ' | sed 's/ $//'; }
is () { check "$1" test "$2" = "$3"; }
{ sent "Mar 29 00:30:00" a@icloud.com; sent "Mar 29 03:30:00" b@icloud.com; sent "Oct 25 00:30:00" c@icloud.com; sent "Oct 25 03:30:00" d@icloud.com; } >dst
is "log zone across DST" "$(stamps --year 2026 --log-timezone Europe/Berlin dst)" \
  "2026-03-28T23:30:00Z 2026-03-29T01:30:00Z 2026-10-24T22:30:00Z 2026-10-25T02:30:00Z"
is "log zone as an offset" "$(stamps --year 2026 --log-timezone -05:00 dst)" \
  "2026-03-29T05:30:00Z 2026-03-29T08:30:00Z 2026-10-25T05:30:00Z 2026-10-25T08:30:00Z"
sent "2026-03-29T00:30:00+02:00" a@icloud.com >own-zone
is "a log's own zone wins" "$(stamps --log-timezone America/New_York own-zone)" "2026-03-28T22:30:00Z"
sent "2026-03-29T00:30:00" a@icloud.com >no-zone
is "a time with year and no zone" "$(stamps --log-timezone America/New_York no-zone)" "2026-03-29T04:30:00Z"
"$pp" scan dst >/dev/null 2>"$tmp/err" || true
check "a guessed zone is said" grep -q "dst: the log writes no time zone.*--log-timezone" "$tmp/err"
"$pp" scan --log-timezone UTC dst >/dev/null 2>"$tmp/err" || true
check "a given zone is not" sh -c '! grep -q "time zone" "$1"' sh "$tmp/err"

{ sent "Dec 31 23:59:58" a@icloud.com; sent "Jan  1 00:00:02" b@icloud.com; } >turn
is "year of the last record" "$(stamps --year 2027 turn)" "2026-12-31T23:59:58Z 2027-01-01T00:00:02Z"
touch -d 2024-01-02T12:00:00Z turn
is "year from the file's time" "$(stamps turn)" "2023-12-31T23:59:58Z 2024-01-01T00:00:02Z"
sent "Dec 30 10:00:00" a@icloud.com >december; touch -d 2026-02-03T00:00:00Z december
is "December in a file of February" "$(stamps december)" "2025-12-30T10:00:00Z"
is "standard input: now is SOURCE_DATE_EPOCH" "$(stamps - <december)" "2026-12-30T10:00:00Z"
sent "Jan  1 09:00:00" b@icloud.com >january
is "December beside January of the year given" "$(stamps --year 2027 january december)" "2026-12-30T10:00:00Z 2027-01-01T09:00:00Z"
"$pp" scan --year 2027 january december >/dev/null 2>"$tmp/err" || true
check "that is said" grep -q "december: in the year given it would end in days to come" "$tmp/err"
is "alone it is of the year given" "$(stamps --year 2027 december)" "2027-12-30T10:00:00Z"
is "and beside January of a year that is over" "$(stamps --year 2025 january december)" "2025-01-01T09:00:00Z 2025-12-30T10:00:00Z"
is "both of a year to come" "$(stamps --year 2028 january december)" "2028-01-01T09:00:00Z 2028-12-30T10:00:00Z"
# No log begins in January: one runs into it, whenever now is.
{ sent "Dec 31 09:00:00" c@icloud.com; sent "Jan  2 09:00:00" d@icloud.com; } >into
for now in 1798900000 1767000000; do
  is "December beside a log that runs into the year given, now $now" "$(SOURCE_DATE_EPOCH=$now stamps --year 2027 into december)" \
    "2026-12-30T10:00:00Z 2026-12-31T09:00:00Z 2027-01-02T09:00:00Z"
done
gzip -c into >into.gz
is "the same of one that is packed" "$(stamps --year 2027 december into.gz)" "2026-12-30T10:00:00Z 2026-12-31T09:00:00Z 2027-01-02T09:00:00Z"
{ cat december; sent "Jan  1 00:00:07" b@icloud.com; sent "Dec 31 11:00:00" c@icloud.com; } >unsettled
is "a clock that was not set runs into no year" "$(stamps --year 2027 december unsettled)" \
  "2027-12-30T10:00:00Z 2027-12-31T11:00:00Z 2028-01-01T00:00:07Z"
sent "Feb 29 10:00:00" a@icloud.com >leap
is "29 February" "$(stamps --year 2024 leap)" "2024-02-29T10:00:00Z"
check "an inferred year is marked" grep -q '"year_inferred": true' got
stamps own-zone >/dev/null
check "a written one is not" grep -q '"year_inferred": false' got
# Rotated files, each with its own last record.
mkdir rot; sent "Dec 31 10:00:00" a@icloud.com >rot/mail.log.1; sent "Jan  2 10:00:00" b@icloud.com >rot/mail.log
touch -d 2026-12-31T23:59:00Z rot/mail.log.1; touch -d 2027-01-02T11:00:00Z rot/mail.log
is "rotated files over New Year" "$(stamps rot)" "2026-12-31T10:00:00Z 2027-01-02T10:00:00Z"

ips () { scan --events --year 2026 "$@" >got && sed 's/.*"local_ip": "\{0,1\}\([^",]*\).*/\1/' got | tr '\n' ' ' | sed 's/ $//'; }
{ sent "Mar  1 10:00:00" a@icloud.com postfix/mta1/smtp; sent "Mar  1 10:00:01" b@icloud.com postfix/mta2/smtp
  sent "Mar  1 10:00:02" c@icloud.com postfix-out/smtp; sent "Mar  1 10:00:03" d@icloud.com postfix-192.0.2.99/smtp
  sent "Mar  1 10:00:04" e@icloud.com; } >ips
is "no map" "$(ips ips)" "null null null 192.0.2.99 null"
is "map" "$(ips --map mta1=192.0.2.10 --map mta2=2001:db8::2 --map out=192.0.2.12 ips)" "192.0.2.10 2001:db8::2 192.0.2.12 192.0.2.99 null"
printf '# transports\n\nmta1=192.0.2.10\r\n  mta2=2001:db8::2\nout=192.0.2.12' >map
is "map file" "$(ips --map-file map ips)" "192.0.2.10 2001:db8::2 192.0.2.12 192.0.2.99 null"
is "sending IP fills what is left" "$(ips --sending-ip 192.0.2.1 --map mta1=192.0.2.10 ips)" "192.0.2.10 192.0.2.1 192.0.2.1 192.0.2.99 192.0.2.1"
is "the last map of a name wins" "$(ips --map mta1=192.0.2.3 --map mta1=192.0.2.10 ips)" "192.0.2.10 null null 192.0.2.99 null"
"$pp" scan --year 2026 ips >/dev/null 2>"$tmp/err"
check "missing IPs are said" grep -q -- "--sending-ip ADDRESS, or --map NAME" "$tmp/err"
"$pp" scan --year 2026 --sending-ip 192.0.2.1 ips >/dev/null 2>"$tmp/err"
check "and not when given" sh -c '! grep -q -- "--sending-ip" "$1"' sh "$tmp/err"

who () { scan --events --year 2026 "$@" >got && field recipient got | tr '\n' ' ' | sed 's/ $//'; }
{ sent "Mar  1 10:00:00" a@icloud.com; sent "Mar  1 10:00:01" b@family.example.org postfix/smtp "mx.partner.example.org[203.0.113.9]:25"
  sent "Mar  1 10:00:02" c@Custom.Example.NET postfix/smtp none; sent "Mar  1 10:00:03" d@other.example.net postfix/smtp "filter.apple.example.com[203.0.113.10]:25"; } >also
is "Apple's own" "$(who also)" "a@icloud.com"
is "also this host" "$(who --also-mx mx.partner.example.org also)" "a@icloud.com b@family.example.org"
is "also hosts of this suffix" "$(who --also-mx .apple.example.com --also-mx MX.Partner.Example.Org also)" "a@icloud.com b@family.example.org d@other.example.net"
is "a suffix needs its dot" "$(who --also-mx partner.example.org also)" "a@icloud.com"
is "also this domain" "$(who --also-domain custom.example.net also)" "a@icloud.com c@Custom.Example.NET"
code "also this domain, at another's host" 0 "$pp" scan --json --year 2026 --also-domain family.example.org also
check "is handed on, not delivered" grep -q "1 Apple recipient was handed to a host" "$tmp/err"

who rot >/dev/null; cp got folder
is "a glob that the shell did not expand" "$(who 'rot/mail.log*')" "$(field recipient folder | tr '\n' ' ' | sed 's/ $//')"
is "a glob of one" "$(who 'rot/*.[1]')" "a@icloud.com"
cp rot/mail.log 'odd[1]*'
is "a name that looks like a glob" "$(who 'odd[1]*')" "b@icloud.com"
cp rot/mail.log -- -dash
is "a name with a dash" "$(who -- -dash)" "b@icloud.com"
is "the same file twice" "$(who rot/mail.log rot/mail.log)" "b@icloud.com"
is "standard input" "$(who - <rot/mail.log)" "b@icloud.com"
is "standard input among files" "$(who rot/mail.log.1 - <rot/mail.log)" "b@icloud.com a@icloud.com"
gzip -9nc rot/mail.log >zipped
is "gzip on standard input" "$(who - <zipped)" "b@icloud.com"
gzip -dc "$log" | scan --events --year 2027 --log-timezone UTC - | sed 's|"file": "-"|"file": "x"|' >got
sed "s|\"file\": \"[^\"]*\"|\"file\": \"x\"|" all >want
check "a pipe reads as the file" cmp got want
"$pp" scan --year 2027 --log-timezone UTC --sending-ip 192.0.2.1 "$log" >got 2>"$tmp/err"
check "no message where nothing is amiss" test ! -s "$tmp/err"
"$pp" scan --quiet dst >got 2>"$tmp/err"
check "--quiet is silent" test ! -s "$tmp/err"
"$pp" scan --quiet --progress "$log" >got 2>"$tmp/err"
check "--quiet shows no bar" test ! -s "$tmp/err"
"$pp" scan --year 2027 --log-timezone UTC "$log" >first 2>/dev/null; "$pp" scan --year 2027 --log-timezone UTC "$log" >second 2>/dev/null
check "the same twice" cmp first second
TZ=America/New_York LC_ALL=C "$pp" scan --year 2027 --log-timezone UTC "$log" >second 2>/dev/null
check "whatever the machine's zone and locale" cmp first second
awk '/^What Apple answered/ { on = 1; next } /^$/ { on = 0 } on { $1 = $2 = ""; print }' first | grep -v kinds |
  sed 's/20[0-9-]* [0-9:]*//' | sort | uniq -d >got
check "no two rows of answers look the same" test ! -s got
if command -v python3 >/dev/null; then
  for columns in 80 109 150; do
    python3 "$TOP_SRCDIR/tests/tools/in-terminal.py" $columns "$pp" scan --quiet --year 2027 --log-timezone UTC "$log" >got
    check "the table fits a terminal of $columns columns" test "$(cat got)" -le $columns
  done
  check "and uses those it has" test "$(cat got)" -gt 109
  for n in 1 2 3; do
    said='554 5.7.1 [CS01] Message rejected due to local policy. Please visit https://support.apple.com/en-us/HT204137'
    [ $n = 1 ] || said="$said. Txn ID 4fbc0af0-417e-4180-91d8-66754d53a16$n"
    echo "2026-05-18T14:00:0$n+00:00 mail1 postfix/smtp[9]: 4F0000$n: to=<reader$n@icloud.com>, relay=mx01.mail.icloud.com[17.57.154.33]:25, delay=1, delays=0/0/0/1, dsn=5.7.1, status=bounced (host mx01.mail.icloud.com[17.57.154.33] said: $said (in reply to end of DATA command))"
  done >txn.log
  python3 "$TOP_SRCDIR/tests/tools/in-terminal.py" --shown 200 "$pp" scan --quiet txn.log >got
  check "an answer with a Txn ID and without is one" sh -c 'test "$(grep -c CS01 got)" = 1 && grep -q "^ *3 .*HT204137$" got'
fi
"$pp" scan --json --year 2027 --log-timezone UTC "$log" 2>/dev/null |
  awk '/"replies"/ { on = 1 } /"onset"/ { on = 0 } on && /"tag": "CS02"/ { hit = 1 } on && /"bounced"/ && hit { gsub(/[^0-9]/, ""); n += $0; hit = 0 } END { print n }' >want
awk '/\[CS02\]/ { n += $1 } END { print n }' first >got
check "and they have all of them" cmp got want
# What is shown of a reply names nobody whom its own line names, and the replies of different people are still one kind.
refused () { echo "Mar  1 1$(($3 / 60)):$(printf %02d $(($3 % 60))):00 mail postfix/smtp[1]: 4F00DB12A$(printf %02X "$3"): to=<$1>, relay=mx01.mail.icloud.com[17.57.156.30]:25, delay=1, delays=0/0/1/0, dsn=5.7.1, status=bounced (host mx01.mail.icloud.com[17.57.156.30] said: $2 (in reply to RCPT TO command))"; }
n=0
while IFS='|' read -r who reply; do
  n=$((n + 1)); refused "$who" "$reply" "$n"
done >named <<'EOF'
jane@quill.example|550 5.1.1 <jane@quill.example>: user unknown
jane.quill@icloud.com|554 jane.quill not allowed
marlene@icloud.com|554 marlene not allowed
jane@quill.example|550 user jane does not exist in Quill.Example
otto@xn--mnchhausen-9db.example|550 no otto in münchhausen.example
otto@mail.quagmire.example|550 no mail for mx.quagmire.example, ask quagmire
Zebulon.Quist+x@icloud.com|550 5.7.1 [CS02] for Zebulon Quist, zebulon_quist
j.quistel7@icloud.com|550 5.7.1 no Mr Quistel, at /var/mail/quistel
j.policy7@icloud.com|550 5.7.1 [CS02] Message rejected due to local policy.
late@icloud.com|554 5.7.1 to=zoe3;refused
zoe3@icloud.com|554 5.7.1 to=zoe3;refused
late@icloud.com|554 5.7.1 to=zoe3;refused
policy@icloud.com|550 5.7.1 [CS02] Message rejected due to local policy.
local.policy@icloud.com|550 5.7.1 [CS02] Message rejected due to local policy.
571@icloud.com|550 5.7.1 [CS02] Message rejected due to local policy.
bounced@example.com|550 5.7.1 Mail of example.com is refused
late@icloud.com|550 no xaver.quagmire%40me.com
late@icloud.com|550 no <xaver+40quagmire.example>
late@icloud.com|550 no xaver=40quagmire.example
late@icloud.com|550 no xaver.quagmire&#64;me.com
EOF
"$pp" scan --json --year 2026 named 2>/dev/null | sed -n '/"replies"/,/"onset"/s/^ *"\(text\|bounced\)": "\{0,1\}\([^"]*[^",]\)"\{0,1\},$/\2/p' |
  paste - - | LC_ALL=C sort >got
LC_ALL=C sort >want <<'EOF'
550 5.1.1 <recipient>: user unknown	1
554 <recipient> not allowed	2
550 user <recipient> does not exist in <domain>	1
550 no <recipient> in <domain>	1
550 no mail for mx.<domain>, ask <domain>	1
550 5.7.1 [CS02] for <recipient>, <recipient>	1
550 5.7.1 no Mr <recipient>, at /var/mail/<recipient>	1
554 5.7.1 to=<recipient>;refused	3
550 5.7.1 [CS02] Message rejected due to local policy.	4
550 5.7.1 Mail of <domain> is refused	1
550 no <recipient>	4
EOF
same "replies of scan --json" got want
for how in "scan --year 2026" "trend --year 2026" "trend --json --year 2026" "trend --state $tmp/named.state"; do
  # shellcheck disable=SC2086 # words of a command
  "$pp" $how named >got 2>&1 || :
  check "$how names nobody" sh -c '! grep -Eiq "jane|quill|marlene|otto|quagmire|hausen|zebulon|zoe3|quistel" got'
done
check "nor does the table kept for the next run, in its replies" sh -c 'strings "$1" | grep -E "(not allowed|refused)" >got && ! grep -Eiq "jane|marlene|zoe3" got' sh "$tmp/named.state"
# A sending IP that Apple cannot see is none: RFC 1918, 6598, 3927, 4193, 4291.
for ip in 172.16.0.1 172.31.255.1 100.64.0.1 100.127.1.1 10.1.1.1 192.168.3.4 169.254.1.1 127.0.0.1 fd00::1 fe80::1 ::1 \
  +172.15.0.1 +172.32.0.1 +100.63.0.1 +100.128.0.1 +11.0.0.1 +2001:db8::1; do
  printf 'type,timeLogged,orig,rcpt,dsnStatus,dsnDiag,dsnMta,dlvSourceIp,vmta\nd,2026-05-20 10:00:00+0000,b@news.example.com,a@icloud.com,2.0.0,"smtp;250 2.0.0 Ok",mx01.mail.icloud.com (17.57.154.33),%s,v1\n' "${ip#+}" >inner.csv
  code "from ${ip#+}" 0 "$pp" scan --events --quiet inner.csv
  check "  $(case $ip in +*) echo told ;; *) echo not told ;; esac)" sh -c 'case $2 in +*) grep -q "\"local_ip\": \"${2#+}\"" "$1" ;; *) ! grep -q "\"local_ip\": \"" "$1" ;; esac' sh "$tmp/out" "$ip"
done
code "a year that is none" 64 "$pp" scan --year 0 "$log"
code "until before since" 64 "$pp" scan --since 2026-05-20 --until 2026-05-19 "$log"
check "says so" grep -q -- '--until 2026-05-19: that is before --since' "$tmp/err"
code "one day" 0 "$pp" scan --quiet --since 2026-05-20 --until 2026-05-20 "$log"

# The From header's domain, where a log has it, and the return-path's: of each reply.
cat >from.csv <<'END'
type,timeLogged,orig,rcpt,dsnAction,dsnStatus,dsnDiag,dsnMta,dlvSourceIp,header_From
b,2026-05-18 16:00:01+0000,b-1@bounce.example.com,a@icloud.com,failed,5.7.1,smtp;550 5.7.1 [CS02] Message rejected due to local policy.,mx01.mail.icloud.com (17.57.154.33),192.0.2.10,News <hello@example.com>
b,2026-05-18 16:00:02+0000,b-2@bounce.example.com,b@icloud.com,failed,5.7.1,smtp;550 5.7.1 [CS02] Message rejected due to local policy.,mx01.mail.icloud.com (17.57.154.33),192.0.2.10,hello@example.net
b,2026-05-18 16:00:03+0000,b-3@bounce.example.com,c@icloud.com,failed,5.1.1,smtp;550 5.1.1 <c@icloud.com>: user does not exist,mx01.mail.icloud.com (17.57.154.33),192.0.2.10,hello@example.com
END
scan --json from.csv >from.json
check "domains of the From header" python3 -c '
import json, sys
got = {r["tag"]: (r["from_domains"], r["return_path_domains"]) for r in json.load(open(sys.argv[1]))["replies"]}
assert got == {"CS02": (["example.com", "example.net"], ["bounce.example.com"]), None: (["example.com"], ["bounce.example.com"])}, got' from.json
finish
