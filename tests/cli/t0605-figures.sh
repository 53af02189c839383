#!/bin/sh
# The figures of a request are the log's: here each log is so short that everything in it can be counted by hand.
. "$TOP_SRCDIR/tests/cli/lib.sh"
export SOURCE_DATE_EPOCH=1779220800
apple='mx01.mail.icloud.com[17.57.156.30]:25'
cs01='host mx01.mail.icloud.com[17.57.156.30] said: 550 5.7.1 [CS01] Message rejected due to local policy. (in reply to end of DATA command)'
n=0
# mail TIME RELAY STATUS TEXT: a message of its own to a reader of its own.
mail () {
  n=$((n + 1)); q=$(printf '4F%08X' "$n")
  for says in "cleanup[9]: $q: message-id=<m$n@mail.example.com>" \
    "qmgr[8]: $q: from=<bounce@news.example.com>, size=700, nrcpt=1 (queue active)" \
    "smtp[7]: $q: to=<reader$n@icloud.com>, relay=$2, delay=1, delays=0/0/0/1, dsn=5.0.0, status=$3 ($4)" "qmgr[8]: $q: removed"; do
    echo "$1+00:00 mta1 postfix/$says"
  done
}
# minutes DAY FROM TO: minutes of the eleventh hour.
minutes () { for m in $(seq "$2" "$3"); do printf '2026-05-%02dT10:%02d:00.000000\n' "$1" "$m"; done; }
case_file () { # NAME
  cat <<EOF2
{ "case": "$1", "company": { "name": "Example Company" },
  "contact": { "name": "Dana Sample", "email": "postmaster@example.com" },
  "streams": [{ "name": "weekly", "mail_type": "marketing", "match": { "return_path_domain": "news.example.com" } }],
  "incident": { "description": "Since 18 May your servers refuse a good part of our weekly newsletter, from our one IP.", "changes": [] },
  "evidence": { "logs": ["$1.log"] }, "domains": { "from": "news.example.com" }, "sending_ips": ["192.0.2.10"] }
EOF2
}
build () { # NAME OPTION...; the log is there
  name=$1; shift
  case_file "$name" >"$tmp/$name.json"
  "$pp" build --quiet --sending-ip 192.0.2.10 "$@" --output "$tmp/$name" "$tmp/$name.json"
}

# Of one edition that is sent within a quarter of an hour the first third is accepted before the first refusal.
{
  for d in 16 17; do for t in $(minutes $d 0 14) $(minutes $d 0 14); do mail "$t" "$apple" sent '250 2.0.0 Ok: queued as 81A58388521'; done; done
  for t in $(minutes 18 0 4) $(minutes 18 5 14) $(minutes 18 5 14); do mail "$t" "$apple" sent '250 2.0.0 Ok: queued as 81A58388521'; done
  for t in $(minutes 18 5 14); do mail "$t" "$apple" bounced "$cs01"; done
} >"$tmp/short.log"
code "a short edition" 1 build short
check "what was accepted since the first refusal is counted" grep -Eq '^ +accepted in the same period +20$' "$tmp/short/parts/apple-smtp-errors.txt"
code "scan" 0 "$pp" scan "$tmp/short.log"
check "the rate since is not of refused mail alone" grep -q 'rose at 2026-05-18 10:05 UTC: from none to 28.6%' "$tmp/out"
code "trend" 0 "$pp" trend "$tmp/short.log"
check "nor in the trend" grep -q 'Refused 0 of 60 before, 10 of 35 (28.6%) since' "$tmp/out"
check "nor beside others" grep -q 'From onset on Apple refused 10 of 35 ' "$tmp/out"
sed -e '/status=sent/s/T10:05:00.000000/T10:05:48.100000/' -e '/status=bounced/s/T10:05:00.000000/T10:05:00.980000/' "$tmp/short.log" >"$tmp/parted.log"
code "parts of a second" 1 build parted
check "two times are as far apart as they stand there" grep -q '10:05:48   ACCEPTED, same stream and IP, 48 s after 1\.1$' "$tmp/parted/parts/apple-smtp-errors.txt"
# Some of the answers come with a Txn ID, others of the same words without: one answer, counted once.
awk '/status=bounced/ && ++k % 2 { sub(/policy\. /, "policy. Txn ID 5d2c7e10-8b34-4f6a-9a51-0c3f7e9d1b" 20 + k " ") } 1' "$tmp/short.log" >"$tmp/txn.log"
code "answers with and without a Txn ID" 1 build txn
check "are one answer" grep -q 'at end of DATA, 10 recipients' "$tmp/txn/request.eml"
check "and five of them have one" grep -Eq '^Txn ID +in 5 of 10 answers' "$tmp/txn/parts/apple-smtp-errors.txt"
# One is of one answer, and what two mails share is not different in each.
txn () { awk -v n="$2" '/status=bounced/ { sub(/policy\. /, "policy. Txn ID 5d2c7e10-8b34-4f6a-9a51-0c3f7e9d1b" (++k < n ? 20 + k : 19 + n) " ") } 1' "$1"; }
flat () { tr -s ' \n' '  ' <"$tmp/$1/parts/apple-smtp-errors.txt"; }
txn "$tmp/short.log" 11 >"$tmp/txn10.log"
code "ten answers, ten Txn IDs" 1 build txn10
check "differ in each" sh -c 'echo "$1" | grep -q "Txn ID <different in each answer>.* in all 10 answers"' sh "$(flat txn10)"
txn "$tmp/short.log" 10 >"$tmp/txn9.log"
code "two of them share one" 1 build txn9
check "do not" sh -c 'echo "$1" | grep -q " in all 10 answers" && ! echo "$1" | grep -q "different in each"' sh "$(flat txn9)"
{ grep -v status=bounced "$tmp/txn10.log"; grep -m 1 status=bounced "$tmp/txn10.log"; } | sort -s -k 1,1 >"$tmp/txn1.log"
code "a single one" 1 build txn1
check "nor does that" sh -c 'echo "$1" | grep -q "Txn ID in the one answer" && ! echo "$1" | grep -q "different in each"' sh "$(flat txn1)"
# What was put off came to an end: accepted, refused, or given up by us, which no answer of Apple's is.
later () { # GIVEN UP: the third of three deferrals of a day, of which the first two were accepted
  cat "$tmp/short.log"
  for i in 1 2 3; do
    q=4FDD0000B0$i to="to=<waits$i@icloud.com>, relay=$apple, delay=1, delays=0/0/0/1"
    for says in "10:20:0$i cleanup[9]: $q: message-id=<w$i@mail.example.com>" "10:20:0$i qmgr[8]: $q: from=<bounce@news.example.com>, size=700, nrcpt=1 (queue active)" \
      "10:20:0$i smtp[7]: $q: $to, dsn=4.7.1, status=deferred (host mx01.mail.icloud.com[17.57.156.30] said: 451 4.7.1 Service unavailable - try again later (in reply to MAIL FROM command))" \
      "$(if [ "$i$1" = 3yes ]; then echo "11:30:0$i qmgr[8]: $q: from=<bounce@news.example.com>, status=expired, returned to sender"; else
        echo "11:20:0$i smtp[7]: $q: $to, dsn=2.0.0, status=sent (250 2.0.0 Ok: queued as 81A5838852$i)"; fi)" "11:40:0$i qmgr[8]: $q: removed"; do
      echo "2026-05-18T${says%% *}.000000+00:00 mta1 postfix/${says#* }"
    done
  done
}
later no | LC_ALL=C sort -s -k1,1 >"$tmp/later.log"
later yes | LC_ALL=C sort -s -k1,1 >"$tmp/gaveup.log"
code "put off, then accepted" 1 build later
check "each has an answer" grep -q 'All got a final answer by 11:21' "$tmp/later/parts/apple-smtp-errors.txt"
check "which is told" grep -q '^     later       accepted 11:20:03, queued as 81A58388523$' "$tmp/later/parts/apple-smtp-errors.txt"
code "one was given up" 1 build gaveup
check "not each has an answer" sh -c '! grep -q "final answer by" "$1"' sh "$tmp/gaveup/parts/apple-smtp-errors.txt"
check "it is told whose doing that was" grep -q '^     later       given up by us 11:30:03$' "$tmp/gaveup/parts/apple-smtp-errors.txt"
# Servers that queue each recipient by himself: the mails are told apart by Message-ID.
cat >"$tmp/kumo.py" <<'PY' # RECIPIENTS: a mail a minute to Apple, each to so many
import json, sys
for i in range(60):
    for k in range(int(sys.argv[1])):
        refused = i >= 30
        print(json.dumps({"type": "Bounce" if refused else "Delivery", "id": "%08xd4f211ee%08x%08x" % (i * 7919 + 77, k, i), "sender": "bounce@news.example.com",
            "recipient": "reader%d.%d@icloud.com" % (i, k), "size": 700, "timestamp": 1779100000 + 60 * i, "num_attempts": 0,
            "response": {"code": 550, "enhanced_code": {"class": 5, "subject": 7, "detail": 1}, "content": "[CS01] Message rejected due to local policy.", "command": "."} if refused else
                {"code": 250, "enhanced_code": {"class": 2, "subject": 0, "detail": 0}, "content": "Ok: queued as 81A58388%03d" % i, "command": "."},
            "peer_address": {"name": "mx01.mail.icloud.com.", "addr": "17.57.156.30"}, "source_address": {"address": "192.0.2.10:40000"},
            "headers": {"Message-ID": "<k%d@mail.example.com>" % i, "From": "Weekly <hello@news.example.com>"}}))
PY
for to in 1 2; do
  python3 "$tmp/kumo.py" $to >"$tmp/each$to.log"
  code "KumoMTA, mails to $to" 1 build each$to
  check "each is one message: only where it is" test "$(tr -s ' \n' ' ' <"$tmp/each$to/parts/apple-smtp-errors.txt" | grep -c 'here each recipient is one message')" -eq $((2 - to))
done
# From where our other mail is sent is told only where all of it is known: here a second log tells no sending IP.
python3 - >"$tmp/where.csv" <<'PY'
print("type,timeLogged,orig,rcpt,dsnStatus,dsnDiag,dsnMta,dlvSourceIp,header_Message-Id")
for i in range(90):
    kind, said = ("b", "550 5.7.1 [CS01] Message rejected due to local policy.") if 60 <= i < 85 else ("d", "250 2.0.0 Ok: queued as 81A58388%03d" % i)
    print("%s,2026-05-%02d 10:%02d:00+0000,bounce@%s,reader%d@icloud.com,%s,smtp;%s,mx01.mail.icloud.com (17.57.156.30),192.0.2.10,<w%d@mail.example.com>"
          % (kind, 16 + i // 30, i % 30, "tx.example.com" if i >= 85 else "news.example.com", i, said.split()[1], said, i))
PY
mail 2026-05-18T10:40:00.000000 "$apple" sent '250 2.0.0 Ok: queued as 81A58388529' | sed 's/bounce@news/bounce@tx/' >"$tmp/where.log"
for logs in '"where.csv"' '"where.csv", "where.log"'; do
  case_file where | sed "s/\"logs\": \[.*log\"\]/\"logs\": [$logs]/; s/\"192.0.2.10\"/\"192.0.2.10\", \"192.0.2.11\"/" >"$tmp/where.json"
  rm -rf "$tmp/where"
  code "of $logs" 1 "$pp" build --quiet --output "$tmp/where" "$tmp/where.json"
  tr -d '\r' <"$tmp/where/request.eml" | tr '\n' ' ' >"$tmp/where.txt"
  case $logs in
    *log\"*) check "nothing is said of where" grep -q 'Our other mail to iCloud, 18 May: 6 final' "$tmp/where.txt" ;;
    *) check "the same IP" grep -q 'Our other mail to iCloud, 18 May (the same IP): 5 final' "$tmp/where.txt" ;;
  esac
done
# A start that the case states is before the logs: what is counted begins with these.
{ for t in $(minutes 17 0 14) $(minutes 18 0 14); do mail "$t" "$apple" sent '250 2.0.0 Ok: queued as 81A58388521'; mail "$t" "$apple" bounced "$cs01"; done
  mail 2026-05-18T10:20:00.000000 'mx.example.org[198.51.100.9]:25' sent '250 ok' | sed 's/@icloud.com/@example.org/'; } >"$tmp/before.log"
case_file before | sed 's/"changes": \[\]/"started": "2026-05-12 09:00", &/' >"$tmp/before.json"
code "a start before the logs" 1 "$pp" build --quiet --sending-ip 192.0.2.10 --output "$tmp/before" "$tmp/before.json"
check "it is told" grep -q '^Started: *2026-05-12 09:00 UTC' "$tmp/before/request.eml"
check "the period is the logs'" grep -q '^Period *2026-05-17 10:00:00 to 2026-05-18 10:20:00 UTC' "$tmp/before/parts/apple-smtp-errors.txt"
check "and the row's" grep -Eq '^  all others, 17-18 May +1 ' "$tmp/before/request.eml"
# Two IPs are refused, and our other mail leaves by one of them: not by the same IPs.
awk -F, -v OFS=, '/news/ && NR % 2 { sub(/192\.0\.2\.10/, "192.0.2.11") } 1' "$tmp/where.csv" >"$tmp/where1.csv"
sed 's/"logs": \[.*log"\]/"logs": ["where1.csv"]/' "$tmp/where.json" >"$tmp/where1.json"
code "one of two IPs" 1 "$pp" build --quiet --output "$tmp/where1" "$tmp/where1.json"
check "both are refused" grep -q '^ *192.0.2.11' "$tmp/where1/request.eml"
check "it is named" sh -c 'tr -d "\r" <"$1" | tr "\n" " " | grep -q "Our other mail to iCloud, 18 May (192.0.2.10): 5 final"' sh "$tmp/where1/request.eml"
# A newsletter is refused each day at ten; what another stream sends until the evening says nothing of it.
{ for d in 10 11 12 13 14 15 16 17 18; do
  for t in $(minutes $d 0 14); do
    case $d:$t in
      1[678]:*T10:0*) mail "$t" "$apple" bounced "$cs01" ;;
      *) mail "$t" "$apple" sent '250 2.0.0 Ok: queued as 81A58388523' ;;
    esac
  done
  for t in $(minutes $d 0 59); do mail "$t" "$apple" sent '250 2.0.0 Ok: queued as 81A58388523'; done | sed 's/T10/T15/; s/bounce@news/bounce@tx/; s/: 4F/: 5F/; s/<m/<t/; s/<reader/<customer/'
done; } >"$tmp/daily.log"
code "two streams" 0 "$pp" scan "$tmp/daily.log"
check "refusals of one go on" sh -c 'grep -qx "and go on in news.example.com" "$1" && ! grep -q "fell again" "$1"' sh "$tmp/out"
code "one stream" 0 "$pp" scan --until 2026-05-18T12:00:00Z "$tmp/daily.log"
check "is told as that" sh -c '! grep -q "go on in\|fell again" "$1"' sh "$tmp/out"
# Single refusals before the rise: it is not the first of all. And a start that only the case tells is no rise.
{ for d in 10 11 12 13; do for t in $(minutes $d 0 14) $(minutes $d 0 14); do mail "$t" "$apple" sent '250 2.0.0 Ok: queued as 81A58388521'; done; done
  mail 2026-05-12T10:30:00.000000 "$apple" bounced "$cs01"
  cat "$tmp/short.log"; } >"$tmp/single.log"
code "one refusal days before" 1 build single
check "is not called the start" grep -q '2026-05-18 10:05 UTC\*\* First refusal of the rise; others came before\.$' "$tmp/single/ticket/ticket.md"
check "where it is the first it is" grep -q '2026-05-18 10:05 UTC\*\* First refusal\.$' "$tmp/short/ticket/ticket.md"
case_file single | sed 's/"description"/"started": "2026-05-18T09:30:00Z", &/' >"$tmp/start.json"
code "a start that is stated" 1 "$pp" build --quiet --sending-ip 192.0.2.10 --output "$tmp/start" "$tmp/start.json"
check "is told as that" grep -q '2026-05-18 09:30 UTC\*\* Start, as stated\.$' "$tmp/start/ticket/ticket.md"

# Days that the logs hold nothing of before the rise: it may have begun there.
{ for d in 5 6 7 8 9; do for t in $(minutes $d 0 14) $(minutes $d 0 14); do mail "$t" "$apple" sent '250 2.0.0 Ok: queued as 81A58388521'; done; done
  grep '^2026-05-18T10:\(0[5-9]\|1\)' "$tmp/short.log"; } >"$tmp/lost.log"
code "nine days without a line" 1 build lost
check "or earlier" sh -c 'tr -d "\r\n" <"$1" | grep -q "Started: *2026-05-18 10:05 UTC or earlier (our logs show no mail  *from 9 May to then)"' sh "$tmp/lost/request.eml"
check "the days before are those that have mail" grep -q '^  iCloud, 5-9 May  *150  ' "$tmp/lost/request.eml"
check "the sender is told" grep -q 'The logs show no mail of any kind from 2026-05-09 10:14 to 2026-05-18 10:05 UTC' "$tmp/lost/ticket/ticket.md"
case_file lost | sed 's/"description"/"started": "2026-05-14T09:30:00Z", &/' >"$tmp/lost-said.json"
code "a start in these days" 1 "$pp" build --quiet --sending-ip 192.0.2.10 --output "$tmp/lost-said" "$tmp/lost-said.json"
check "is not contradicted, and is the start" grep -q '^Started: *2026-05-14 09:30 UTC; latest' "$tmp/lost-said/request.eml"

# One desk has answers that are known and answers that are not: each reason stands with its own.
{ cat "$tmp/short.log"
  mail 2026-05-18T10:15:00.000000 "$apple" bounced 'host mx01.mail.icloud.com[17.57.156.30] said: 550 5.9.9 Sparrow in the works (in reply to end of DATA command)'
  mail 2026-05-18T10:15:00.000000 "$apple" bounced "host mx01.mail.icloud.com[17.57.156.30] said: 554 5.7.1 Your message was rejected due to news.example.com's DMARC policy. See https://support.apple.com/en-us/HT204137 for info (in reply to end of DATA command)"
} >"$tmp/reasons.log"
code "a DMARC refusal and one of unknown words" 1 build reasons
code "the review" 1 "$pp" review "$tmp/reasons"
check "does not call both unknown" sh -c 'tr "\n" " " <"$1" | tr -s " " | grep -q "own desk: 1 of 12 answers. What this answer means is not known" && tr "\n" " " <"$1" | tr -s " " | grep -q "own desk: 1 of 12 answers. The cause is in the sender"' sh "$tmp/out"

# Lines that name no IP are the one that the case lists, unless other lines name another.
for i in 0 1 2 3 4 5 6 7 8 9; do
  for q in "2026-05-17 10:0$i:01 1sAb0$i-000001-Ab" "2026-05-18 10:0$i:01 1sAb0$i-000002-Ab"; do
    echo "$q <= bounce@news.example.com H=app.example.com [203.0.113.5] P=esmtp S=700 id=$i.${q##* }@mail.example.com"
    case $q in
      *17\ *|*[02468]:01*) echo "$q => e$i@icloud.com R=r T=remote_smtp H=mx01.mail.icloud.com [17.57.156.30] I=[192.0.2.11]:4 C=\"250 2.0.0 Ok: queued as 81A5838852$i\"" ;;
      *) echo "$q ** e$i@icloud.com R=r T=remote_smtp H=mx01.mail.icloud.com [17.57.156.30]: SMTP error from remote mail server after end of data: 550 5.7.1 [CS01] Message rejected due to local policy." ;;
    esac
    echo "$q Completed"
  done
done >"$tmp/twoips.log"
sed 's/ I=\[192.0.2.11\]:4//' "$tmp/twoips.log" >"$tmp/oneip.log"
for name in twoips oneip; do
  case_file $name | sed 's/"evidence"/"options": { "log_timezone": "UTC" }, &/' >"$tmp/$name.json"
  "$pp" build --quiet --output "$tmp/$name" "$tmp/$name.json" >"$tmp/out" || true
done
check "the case's one IP" grep -q '^By IP     192.0.2.10      4' "$tmp/oneip/parts/apple-smtp-errors.txt"
check "is not taken for refusals of two" grep -q '^By IP     not known       4' "$tmp/twoips/parts/apple-smtp-errors.txt"

# An address behind a translator is none that Apple sees; where lines tell none all that the case lists for the stream are named.
sed 's/192\.0\.2\.11/10.0.0.5/' "$tmp/twoips.log" >"$tmp/inner.log"
case_file inner | sed 's/"evidence"/"options": { "log_timezone": "UTC" }, &/' >"$tmp/inner.json"
code "an inner address" 1 "$pp" build --quiet --output "$tmp/inner" "$tmp/inner.json"
check "is told nowhere" sh -c '! grep -rqF 10.0.0.5 "$1" && grep -q "^By IP     192.0.2.10      4" "$1/parts/apple-smtp-errors.txt"' sh "$tmp/inner"
code "but may be mapped" 0 "$pp" scan --quiet --events --log-timezone UTC --map 10.0.0.5=192.0.2.33 "$tmp/inner.log"
check "to what Apple sees" grep -q '"local_ip": "192.0.2.33"' "$tmp/out"
case_file short | sed -e 's/"streams": \[/&{ "name": "receipts", "mail_type": "transactional", "match": { "return_path_domain": "tx.example.com" } }, /' \
  -e 's/"sending_ips": \[.*\]/"sending_ips": [{ "ip": "192.0.2.9", "streams": ["receipts"] }, "192.0.2.10", { "ip": "192.0.2.11", "streams": ["weekly"] }]/' >"$tmp/ips.json"
code "two IPs of the stream, and one of another" 1 "$pp" build --quiet --output "$tmp/ips" "$tmp/ips.json"
check "both are named, and not the other" sh -c 'sed -n "/^Sending IPs/,/^Error/p" "$1" | tr -d "\r" | tr "\n" " " | tr -s " " | grep -q "^Sending IPs: 192.0.2.10 192.0.2.11 Error:"' sh "$tmp/ips/request.eml"

# A year by the file's own time is a guess where that is not the time of the last record.
sed -E 's/^2026-05-([0-9]+)T([0-9:]+)\.000000\+00:00/May \1 \2/' "$tmp/short.log" >"$tmp/copied.log"
case_file copied | sed 's/"evidence"/"options": { "log_timezone": "UTC" }, &/' >"$tmp/copied.json"
touch -d 2026-05-18T10:20:00Z "$tmp/copied.log"
code "a log as old as its last record" 1 "$pp" build --quiet --output "$tmp/copied" "$tmp/copied.json"
check "is of that year" sh -c '! grep -q "year-guessed" "$1"' sh "$tmp/copied/packet.json"
touch -d 2026-08-01T10:20:00Z "$tmp/copied.log"
code "a copy of weeks later" 1 "$pp" build --quiet --force --output "$tmp/copied" "$tmp/copied.json"
check "may be of another" grep -q 'The logs write no year and none was given' "$tmp/copied/ticket/ticket.md"

# One server's mail in two logs, of which one writes no zone.
mkdir "$tmp/zones.log"
cp "$tmp/short.log" "$tmp/zones.log/mail.log"
sed -E 's/^2026-05-([0-9]+)T10:([0-9:]+)\.000000\+00:00/May \1 12:\2/' "$tmp/short.log" >"$tmp/zones.log/syslog"
touch -d 2026-05-18T10:20:00Z "$tmp/zones.log/syslog"
code "read as of UTC" 1 build zones
check "it counts twice, which is told" grep -q 'deliveries stand in mail.log and again in syslog, 120 minutes apart' "$tmp/zones/ticket/ticket.md"
check "and no request" test ! -e "$tmp/zones/request.eml"
case_file zones | sed 's/"evidence"/"options": { "log_timezone": "Europe\/Berlin" }, &/' >"$tmp/zones.json"
code "read as of its zone" 1 "$pp" build --quiet --force --sending-ip 192.0.2.10 --output "$tmp/zones" "$tmp/zones.json"
check "it counts once" grep -q 'at end of DATA, 10 recipients' "$tmp/zones/request.eml"

# The case's one IP is of one of two streams: the other's lines, which tell none, do not leave by it.
{ cat "$tmp/short.log"; for t in $(minutes 17 20 29) $(minutes 18 20 29); do
  mail "$t" "$apple" sent '250 2.0.0 Ok: queued as 81A58388524' | sed 's/bounce@news/bounce@tx/'; done; } >"$tmp/apart.log"
case_file apart | sed -e 's/"streams": \[/&{ "name": "receipts", "mail_type": "transactional", "match": { "return_path_domain": "tx.example.com" } }, /' \
  -e 's/"sending_ips": \[.*\]/"sending_ips": [{ "ip": "192.0.2.10", "streams": ["weekly"] }]/' >"$tmp/apart.json"
code "an IP of one stream" 1 "$pp" build --quiet --output "$tmp/apart" "$tmp/apart.json"
check "is not the other's" sh -c 'tr -d "\r" <"$1" | tr "\n" " " | grep -q "Our receipts to iCloud, 18 May (tx.example.com): 10 final answers"' sh "$tmp/apart/request.eml"
check "nor shared" sh -c '! grep -q "carry other streams" "$1"' sh "$tmp/apart/packet.json"

# One refusal is one, and what is to come was not done.
{ for t in $(minutes 17 0 14) $(minutes 18 0 9); do mail "$t" "$apple" sent '250 2.0.0 Ok: queued as 81A58388521'; done
  mail 2026-05-18T10:11:00.000000 "$apple" bounced "$cs01"; mail 2026-05-18T10:12:00.000000 "$apple" sent '250 2.0.0 Ok: queued as 81A58388523'; } >"$tmp/single1.log"
case_file single1 | sed 's/"changes": \[\]/"changes": [], "remediation": [{ "date": "2026-06-30", "what": "The list will be gone." }]/' >"$tmp/single1.json"
code "one refusal" 1 "$pp" build --quiet --sending-ip 192.0.2.10 --output "$tmp/single1" "$tmp/single1.json"
check "is told in the singular" grep -q 'Only 1 refusal by policy of 2 final answers since the start' "$tmp/single1/ticket/ticket.md"
check "what is to come is told" grep -q 'remediation\[0\] is of 2026-06-30, which is to come' "$tmp/single1/ticket/ticket.md"

# Whom the suppression list has is not written to again, or the request would say what the logs deny.
listed () { # STATUS DAY ADDRESS...
  status=$1 day=$2; shift 2
  { echo address,reason,date; for a in "$@"; do echo "$a,hard bounce,$day"; done; } >"$tmp/list.csv"
  case_file short | sed -e 's/"evidence": {/& "suppression": "list.csv",/' \
    -e 's/"incident"/"consent": { "source": "They asked for it.", "suppression_policy": "A hard bounce is removed the first time." }, &/' >"$tmp/shut.json"
  code "a list of $day" "$status" "$pp" build --quiet --force --sending-ip 192.0.2.10 --output "$tmp/shut" "$tmp/shut.json"
}
listed 1 2026-05-12 reader1@icloud.com gone@icloud.com
check "mail to one of them: lacking" grep -q 'LACKING: 1 address at Apple got mail of this stream more than a day after' "$tmp/out"
check "no request" test ! -e "$tmp/shut/request.eml"
check "the requirement is not shown" grep -q 'missing: .*nobody suppressed is reactivated' "$tmp/shut/packet.json"
check "no address of it is told" sh -c '! grep -q reader1 "$1"' sh "$tmp/out"
listed 1 2026-05-16 reader1@icloud.com gone@icloud.com
check "its last mail is of that day: a request" test -s "$tmp/shut/request.eml"
check "and no word" sh -c '! grep -q "suppression list has" "$1"' sh "$tmp/out"

# Unknown users that get mail again are not "handled".
unknown='host mx01.mail.icloud.com[17.57.156.30] said: 550 5.1.1 <reader1@icloud.com>: user does not exist (in reply to RCPT TO command)'
{ cat "$tmp/short.log"; n=0; mail 2026-05-18T10:20:00.000000 "$apple" bounced "$unknown"; } >"$tmp/nobody.log"
code "an unknown user" 1 build nobody
check "is handled" grep -q '550 5.1.1 unknown user 1: handled by us,$' "$tmp/nobody/parts/apple-smtp-errors.txt"
{ cat "$tmp/nobody.log"; mail 2026-05-19T10:21:00.000000 "$apple" sent '250 2.0.0 Ok: queued as 81A58388522' | sed 's/reader[0-9]*@/reader1@/'; } >"$tmp/unheeded.log"
code "written to again a day later" 1 build unheeded
check "is not" sh -c 'grep -q "550 5.1.1 unknown user 1,$" "$1" && ! grep -q "handled by us" "$1"' sh "$tmp/unheeded/parts/apple-smtp-errors.txt"
check "and that is told" grep -q '1 address that Apple refused as unknown got mail again' "$tmp/out"

# How addresses came is the sender's word, and no opt-in of itself.
for twice in true false; do
  sed -e "s/\"short\"/\"consent-$twice\"/" -e 's/"domains"/"consent": { "source": "They bought in our shop.", "double_opt_in": '$twice' }, &/' \
    "$tmp/short.json" >"$tmp/consent.json"
  code "consent, $twice" 1 "$pp" build --quiet --sending-ip 192.0.2.10 --output "$tmp/consent-$twice" "$tmp/consent.json"
done
check "confirmed: opted-in" grep -q '^Mail type: *opted-in weekly' "$tmp/consent-true/request.eml"
check "not confirmed: nothing is said of it" grep -q '^Mail type: *weekly' "$tmp/consent-false/request.eml"
check "but where consent is told" grep -q '^Confirmed opt-in: *no' "$tmp/consent-false/parts/consent-and-suppression.txt"

sed -e 's/"short"/"named"/' -e 's/"name": "weekly"/"name": "Rosy Weekly"/' "$tmp/short.json" >"$tmp/named.json"
code "a stream that is called by a name" 1 "$pp" build --quiet --sending-ip 192.0.2.10 --output "$tmp/named" "$tmp/named.json"
check "is not what the mail is" grep -q '^Mail type: *marketing email (Rosy Weekly)' "$tmp/named/request.eml"

sed -e 's/"short"/"domain"/' -e 's/"name": "weekly", "mail_type": "marketing"/"name": "news.example.com", "mail_type": "transactional", "impact": "10 codes refused"/' "$tmp/short.json" >"$tmp/domain.json"
code "a stream that is called by its domain, as init does" 1 "$pp" build --quiet --sending-ip 192.0.2.10 --output "$tmp/domain" "$tmp/domain.json"
check "is not told twice" sh -c 'grep -q "^Subject: iCloud Mail delivery issue for news.example.com.\{0,1\}$" "$1/request.eml" && grep -qx "SMTP errors from iCloud Mail: news.example.com mail" "$1/parts/apple-smtp-errors.txt"' sh "$tmp/domain"

# What another receiver took is no mail that Apple accepted.
cat >"$tmp/elsewhere.eml" <<'EOF3'
Received: from mta1.example.com (mta1.example.com [192.0.2.10])
	by mx.google.com with ESMTPS id abc123; Mon, 18 May 2026 10:00:00 +0000
Authentication-Results: mx.google.com; spf=pass smtp.mailfrom=bounce@news.example.com
From: Example Weekly <weekly@news.example.com>
To: reader@example.org
List-Unsubscribe: <https://www.example.com/leave>
Message-ID: <1@mail.example.com>
Date: Mon, 18 May 2026 10:00:00 +0000

Hello
EOF3
sed -e 's/"short"/"elsewhere"/' -e 's/"short.log"\]/&, "delivered": "elsewhere.eml"/' "$tmp/short.json" >"$tmp/elsewhere.json"
code "a sample of another receiver" 1 "$pp" build --quiet --sending-ip 192.0.2.10 --output "$tmp/elsewhere" "$tmp/elsewhere.json"
check "its headers are no attachment" sh -c 'test -s "$1/request.eml" && ! test -e "$1/parts/delivered-headers.txt"' sh "$tmp/elsewhere"
check "nor is one named" sh -c '! tr -d "\r\n" <"$1" | grep -q "headers of *accepted samples"' sh "$tmp/elsewhere/request.eml"

# A platform's Message-IDs are at its own domain; they stand in the review and the ticket as well.
sed 's/@mail.example.com>/@eu-west-1.mailer.example.net>/' "$tmp/short.log" >"$tmp/platform.log"
code "Message-IDs at a platform's domain" 1 build platform
check "they are told" grep -q '"m[0-9]*@eu-west-1.mailer.example.net"' "$tmp/platform/ticket/ticket.json"

# Summer time ends: what stands in the log after 02:50 at 02:10 is an hour later, not earlier.
autumn () { # TIME STATUS TEXT
  mail "x" "$apple" "$2" "$3" | sed "s/^x+00:00/Oct 25 $1/"
}
{ autumn 02:10:00 bounced "$cs01"; autumn 02:50:00 bounced "$cs01"; autumn 02:49:58 bounced "$cs01"
  autumn 02:10:07 bounced "$cs01"; autumn 02:50:07 bounced "$cs01"; autumn 03:10:00 bounced "$cs01"; } >"$tmp/autumn.log"
code "the hour that comes twice" 0 "$pp" scan --events --year 2026 --log-timezone Europe/Berlin "$tmp/autumn.log"
sed -E 's/.*"time": "([^"]*)".*/\1/' "$tmp/out" | tr '\n' ' ' >"$tmp/times"
echo "2026-10-25T00:10:00Z 2026-10-25T00:49:58Z 2026-10-25T00:50:00Z 2026-10-25T01:10:07Z 2026-10-25T01:50:07Z 2026-10-25T02:10:00Z " | tr -d '\n' >"$tmp/wanted"
same "its second time is told by the log's order" "$tmp/times" "$tmp/wanted"
case_file autumn | sed 's/"evidence"/"options": { "log_timezone": "Europe\/Berlin", "year": 2026 }, "evidence"/' >"$tmp/autumn.json"
code "a request about it" 1 env SOURCE_DATE_EPOCH=1792900000 "$pp" build --quiet --sending-ip 192.0.2.10 --output "$tmp/autumn" "$tmp/autumn.json"
check "says that the clock may mislead" grep -q "5 attempts stand in the hour that the log's clock ran twice" "$tmp/autumn/ticket/ticket.md"

# A filter of our own that writes a reply's code into its bounce.
cat >"$tmp/own.eml" <<'EOF4'
From: MAILER-DAEMON@mta1.example.com
To: bounce@news.example.com
Subject: Undelivered
Date: Mon, 18 May 2026 10:00:00 +0000
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status; boundary="b"

--b
Content-Type: message/delivery-status

Reporting-MTA: dns; mta1.example.com

Final-Recipient: rfc822; reader@icloud.com
Action: failed
Status: 5.7.1
Diagnostic-Code: x-filter; 550 5.7.1 Blocked by our filter
--b--
EOF4
code "a bounce of our own filter" 0 "$pp" scan --events "$tmp/own.eml"
check "is no policy of Apple's" grep -q '"category": "unknown"' "$tmp/out"

# What looks like Apple's is others'.
{
  for host in mx01.mail.icloud.com.example.net p00-iscream-smtp-1.example.net st11p00im-smtpin013.notme.com icloud.com.example.net; do
    mail 2026-05-18T10:00:00.000000 "${host}[192.0.2.66]:25" bounced "$(echo "$cs01" | sed "s/mx01.mail.icloud.com\[.*\] said/${host}[192.0.2.66] said/")"
  done | sed 's/reader\([0-9]*\)@icloud.com/reader\1@icloud.com.example.org/'
  mail 2026-05-18T10:00:01.000000 "p00-iscream-smtp-d759469dd-ss5bd[17.57.156.30]:25" bounced "$cs01"
} >"$tmp/alike.log"
code "hosts and domains alike" 0 "$pp" scan --json "$tmp/alike.log"
tr -d ' \n' <"$tmp/out" >"$tmp/line"
check "one is Apple's" grep -q '"apple":{"delivered":0,"deferred":0,"bounced":1,' "$tmp/line"
check "and four are others'" grep -q '"other":{"delivered":0,"deferred":0,"bounced":4,' "$tmp/line"

# Not all that ends is refused, and not all that is refused is refused by policy or for the code that it usually has.
said='host mx01.mail.icloud.com[17.57.156.30] said:'
{
  for d in 15 16 17 18; do for t in $(minutes $d 0 29); do mail "$t" "$apple" sent '250 2.0.0 Ok: queued as 81A58388521'; done; done
  for t in $(minutes 18 30 54); do mail "$t" "$apple" bounced "$cs01"; done
  for t in $(minutes 18 30 32); do mail "$t" none bounced 'Host or domain name not found. Name service error for name=icloud.com type=AAAA: Host not found'; done
  mail 2026-05-18T10:33:00.000000 "$apple" bounced 'message size 40000000 exceeds size limit 28311552 of server mx01.mail.icloud.com[17.57.156.30]'
  mail 2026-05-18T10:34:00.000000 "$apple" deferred "$said 451 4.7.1 Service unavailable (in reply to RCPT TO command)" | grep -v removed
  n=$((n + 1)); q=$(printf '4F%08X' "$n") # that was another shell
  echo "2026-05-18T10:35:00.000000+00:00 mta1 postfix/qmgr[8]: $q: from=<bounce@news.example.com>, status=expired, returned to sender"
  for t in $(minutes 18 36 37); do mail "$t" "$apple" bounced "$said 550 5.1.8 <bounce@news.example.com>: Sender address rejected: Domain not found (in reply to RCPT TO command)"; done
  for t in $(minutes 18 38 40); do mail "$t" "$apple" bounced "$said 550 5.2.1 The mailbox is off (in reply to RCPT TO command)"; done
  mail 2026-05-18T10:41:00.000000 "$apple" bounced "$said 550 5.1.1 <x@icloud.com>: user does not exist (in reply to RCPT TO command)"
} >"$tmp/ends.log"
code "messages that end in other ways" 1 build ends
text=$tmp/ends/request.eml
check "the column does not call all of them 5xx" grep -q 'final  refused 5.7.1      other  accepted' "$text"
check "the row" grep -Eq '^  iCloud, Mon 18 May +66 +25 +11 +30' "$text"
check "what they were is told" grep -q '^Other: 6 by a 5xx, 1 given up after a 4xx, 4 without an answer in our logs\.' "$text"
# What other receivers' was given up is no 5xx of theirs; what the line tells is of iCloud alone.
elsewhere () { # ADDRESS REPLY: put off and given up
  mail 2026-05-18T10:44:00.000000 'mx.example.org[198.51.100.9]:25' deferred "host mx.example.org[198.51.100.9] said: $2" | sed "s/to=<[^>]*/to=<$1/" | grep -v removed
  n=$((n + 1)); q=$(printf '4F%08X' "$n")
  echo "2026-05-18T10:45:00.000000+00:00 mta1 postfix/qmgr[8]: $q: from=<bounce@news.example.com>, status=expired, returned to sender"
}
{ cat "$tmp/short.log"; n=9000; elsewhere a@example.org '451 4.7.1 Later (in reply to RCPT TO command)'; } >"$tmp/given.log"
code "given up elsewhere" 1 build given
check "the column is no 5xx's" grep -q 'final  refused 5.7.1      other  accepted' "$tmp/given/request.eml"
check "its row" grep -Eq '^  all others, 18 May +1 +0 +1 +0' "$tmp/given/request.eml"
check "and iCloud has none" sh -c '! grep -q "^Other" "$1"' sh "$tmp/given/request.eml"
{ cat "$tmp/ends.log"; n=9000; elsewhere a@example.org '451 4.7.1 Later (in reply to RCPT TO command)'; } >"$tmp/ends-both.log"
code "and at iCloud" 1 build ends-both
check "they are told apart" grep -q '^Other at iCloud: 6 by a 5xx, 1 given up after a 4xx, 4 without an answer' "$tmp/ends-both/request.eml"
check "answers about the mailbox have their own codes, a sender's address is none" \
  grep -q '^ *550 5.2.1 mailbox 3, 550 5.1.1 unknown user 1: handled by us,' "$tmp/ends/parts/apple-smtp-errors.txt"
check "the zone stands in the log: nobody stated it" sh -c '! grep -q "stated by us" "$1"' sh "$tmp/ends/parts/apple-smtp-errors.txt"
sed -E 's/^2026-05-([0-9]+)T([0-9:]+)\.0+\+00:00/May \1 \2/' "$tmp/ends.log" >"$tmp/zoneless.log"
sed -i 's/"evidence"/"options": { "log_timezone": "UTC", "year": 2026 }, "evidence"/' "$tmp/ends.json"
sed -e 's/ends/zoneless/g' "$tmp/ends.json" >"$tmp/zoneless.json"
code "the same without zones" 1 "$pp" build --quiet --sending-ip 192.0.2.10 --output "$tmp/zoneless" "$tmp/zoneless.json"
check "there it is stated" grep -q "stated by us" "$tmp/zoneless/parts/apple-smtp-errors.txt"
# A log that names no server, or its address alone, is quoted as far as it tells.
python3 - "$tmp" <<'PY'
import json, sys
from datetime import datetime, timedelta, timezone
rows = []
for i in range(60):
    t = datetime(2026, 5, 16, tzinfo=timezone.utc) + timedelta(hours=i)
    bad = i > 40 and i % 2
    said = "550 5.7.1 [CS01] Message rejected due to local policy." if bad else "250 2.0.0 Ok: queued as 81A58388521"
    rows.append({"email": f"reader{i}@icloud.com", "timestamp": int(t.timestamp()), "event": "bounce" if bad else "delivered", "ip": "192.0.2.10",
                 "smtp-id": f"<m{i}@mail.example.com>", "sg_event_id": f"e{i}", "sg_message_id": f"s{i}", "reason" if bad else "response": said})
open(sys.argv[1] + "/unnamed.log", "w").write("\n".join(map(json.dumps, rows)) + "\n")
PY
code "a log without hosts" 1 build unnamed
check "no host is made up" sh -c '! grep -rqF "(null)" "$1"' sh "$tmp/unnamed"
check "Apple is named as a whole" grep -Eq '^1 2026-05-17 17:00:00 192.0.2.10 > iCloud Mail' "$tmp/unnamed/request.eml"

# Why an earlier start cannot be ruled out is said as it is: where the logs begin, or that there are bounces alone.
started () { tr -d '\r' <"$tmp/$1/request.eml" | grep -A1 '^Started:' | tr -s '\n ' ' ' >"$tmp/started"; }
{
  for t in $(minutes 18 0 14); do mail "$t" "$apple" sent '250 2.0.0 Ok: queued as 81A58388521'; done
  for t in $(minutes 18 0 29 | sed 's/T10/T16/'); do mail "$t" "$apple" bounced "$cs01"; done
} >"$tmp/sameday.log"
code "a log of six hours before" 1 build sameday
started sameday
check "begins where it does" grep -q '2026-05-18 16:00 UTC or earlier (our logs begin 2026-05-18 10:00); latest' "$tmp/started"
for i in $(seq 1 24); do
  cat <<EOF5
From MAILER-DAEMON Mon May 18 16:00:00 2026
From: MAILER-DAEMON@mta1.example.com
To: bounce@news.example.com
Date: Mon, 18 May 2026 16:$(printf %02d "$i"):00 +0000
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status; boundary="b"

--b
Content-Type: message/delivery-status

Reporting-MTA: dns; mta1.example.com

Final-Recipient: rfc822; reader$i@icloud.com
Action: failed
Status: 5.7.1
Remote-MTA: dns; mx01.mail.icloud.com
Diagnostic-Code: smtp; 550 5.7.1 [CS01] Message rejected due to local policy.
--b
Content-Type: text/rfc822-headers

Message-ID: <alone$i@mail.example.com>
--b--

EOF5
done >"$tmp/alone.log"
code "bounces alone" 1 build alone
started alone
check "have no beginning" grep -q '2026-05-18 16:01 UTC or earlier (no accepted mail is on record); latest' "$tmp/started"
check "and are no logs" grep -q '^Source    bounces of ' "$tmp/alone/parts/apple-smtp-errors.txt"

# A 5.7.1 that is another desk's is not in a column that calls itself 5.7.1.
dmarc="host ${apple%:25} said: 554 5.7.1 Your message was rejected due to example.com's DMARC policy. See https://support.apple.com/en-us/HT204137 for info (in reply to end of DATA command)"
{
  for d in 16 17; do for t in $(minutes $d 0 14); do mail "$t" "$apple" sent '250 2.0.0 Ok: queued as 81A58388521'; done; done
  for t in $(minutes 18 0 29); do mail "$t" "$apple" bounced "$cs01"; done
  for t in $(minutes 18 30 39); do mail "$t" "$apple" bounced "$dmarc"; done
} >"$tmp/desks.log"
code "two kinds of 5.7.1" 1 build desks
check "the column is of those by policy" grep -q 'final      by policy  other 5xx  accepted' "$tmp/desks/request.eml"
check "and has these" grep -Eq '^  iCloud, Mon 18 May +40 +30 +10 +0' "$tmp/desks/request.eml"

# Of two incidents the newest is told of, and that there was another.
{
  for d in 3 4 5 6; do for t in $(minutes $d 0 29); do mail "$t" "$apple" sent '250 2.0.0 Ok: queued as 81A58388521'; done; done
  for t in $(minutes 7 0 29); do mail "$t" "$apple" bounced "$cs01"; done
  for d in 10 11 12 13 14 15 16 17; do for t in $(minutes $d 0 29); do mail "$t" "$apple" sent '250 2.0.0 Ok: queued as 81A58388521'; done; done
  for t in $(minutes 18 0 29); do mail "$t" "$apple" bounced "$cs01"; done
} >"$tmp/second.log"
code "a second incident" 1 build second
started second
check "starts with its own" grep -q 'Started: 2026-05-18 10:00 UTC; latest' "$tmp/started"
check "the sender is told of the first" grep -q '"earlier-incident"' "$tmp/second/packet.json"
check "where there is one" sh -c '! grep -q "earlier-incident" "$1"' sh "$tmp/desks/packet.json"

# A server is called what its makers call it.
i=0
for d in 16 17 18; do for m in $(seq 10 40); do
  i=$((i + 1)) stat='result="Ok" stat="250 2.0.0 Ok: queued as 81A58388521"'
  [ $d -lt 18 ] || stat='result="PermFail" stat="550 5.7.1 [CS01] Message rejected due to local policy."'
  printf 'May %s 10:%s:0%s mta1 smtpd[7]: 5df87c9b9%07x mta delivery evpid=3d4c4a424%07x from=<bounce@news.example.com> to=<reader%s@icloud.com> rcpt=<-> source="192.0.2.10" relay="17.57.154.33 (mx02.mail.icloud.com)" delay=0s %s\n' \
    $d "$m" $((i % 10)) $i $i $i "$stat"
done; done >"$tmp/open.log"
code "a log of OpenSMTPD" 1 build open --year 2026 --log-timezone UTC
check "is called so" grep -q '^Source    OpenSMTPD logs of ' "$tmp/open/parts/apple-smtp-errors.txt"

# What Apple refused in unknown words is not "no refusal"; a request that is wanted anyway counts from its first.
sed 's/5\.7\.1 \[CS01\] Message rejected due to local policy/5.3.2 [ZZ99] Something quite new/' "$tmp/desks.log" | grep -v DMARC >"$tmp/unknown.log"
code "an unknown answer" 1 build unknown
check "is told" grep -q '30 refusals have an answer whose meaning is not known here (550 \[ZZ99\])' "$tmp/unknown/ticket/ticket.md"
check "and no request written" test ! -e "$tmp/unknown/request.eml"
code "anyway" 1 "$pp" build --quiet --sending-ip 192.0.2.10 --anyway "It is theirs." --output "$tmp/anyway" "$tmp/unknown.json"
check "accepted are those since the first refusal" grep -Eq '^ +accepted in the same period +0$' "$tmp/anyway/parts/apple-smtp-errors.txt"

# What the case says of time and place is held against the log.
stated () { # NAME KEYS-OF-INCIDENT [SED]
  sed -e "s/\"desks\"/\"$1\"/; s/, \"changes\": \[\]/, $2/; ${3-}" "$tmp/desks.json" >"$tmp/$1.json"
  "$pp" build --quiet --sending-ip 192.0.2.10 --output "$tmp/$1" "$tmp/$1.json" >"$tmp/out" 2>"$tmp/err"
}
code "a start behind the newest refusal" 65 stated future '"started": "2026-05-20", "changes": []'
check "both are named" grep -q 'started says 2026-05-20 00:00 UTC, but the newest refusal in the logs is of 2026-05-18 10:29 UTC' "$tmp/err"
code "a start behind the first ones" 1 stated late '"started": "2026-05-18T10:20:00Z", "changes": []'
started late
check "is the logs'" grep -q 'Started: 2026-05-18 10:00 UTC; latest' "$tmp/started"
code "the day alone" 1 stated day '"started": "2026-05-18", "changes": []'
started day
check "has the logs' hour" grep -q 'Started: 2026-05-18 10:00 UTC; latest' "$tmp/started"
dates='"changes": [{ "date": "2026-05-17", "what": "New list." }, { "date": "2026-05-19", "what": "New link host." }, { "date": "2025-05-19", "what": "New IP." }],'
dates="$dates"' "remediation": [{ "date": "2026-05-11", "what": "List cleaned." }, { "date": "2026-05-18", "what": "Stopped." }]'
code "changes and remedies of any day" 1 stated dated "$dates"
for line in 'Changed before the start, on 17 May: New list. On 19 May 2025: New IP.' 'Changed since, on 19 May: New link host.' \
  'Done before the start, on 11 May: List cleaned.' 'Done since, on 18 May: Stopped.'; do
  check "stand where they belong: $line" sh -c 'tr -d "\r" <"$1" | grep -Fqx "$2"' sh "$tmp/dated/request.eml" "$line"
done
grep -v '^2026-05-1[67]' "$tmp/desks.log" >"$tmp/inside.log"
code "the same where the logs begin inside" 1 stated inside "$dates" 's/desks\.log/inside.log/'
for line in 'Changed, on 17 May: New list. On 19 May 2025: New IP.' 'Changed since, on 19 May: New link host.' \
  'Done, on 11 May: List cleaned.' 'Done since, on 18 May: Stopped.'; do
  check "no day is said to lie before the start: $line" sh -c 'tr -d "\r" <"$1" | grep -Fqx "$2"' sh "$tmp/inside/request.eml" "$line"
done
code "another IP than the case lists" 1 stated listed '"changes": []' 's/"192.0.2.10"/"192.0.2.77"/'
check "is told" grep -q '192.0.2.10 sends in the logs, and $.sending_ips does not list it' "$tmp/listed/ticket/ticket.md"
sed -n '/said: 554 5.7.1 .*DMARC/d; s/ (in reply to/ 192.0.2.101, 192.0.2.10.5&/; /status=sent/!p' "$tmp/desks.log" >"$tmp/near.log"
code "answers that name addresses which begin like it" 1 stated near '"changes": []' 's/"192.0.2.10"/"192.0.2.77"/; s/desks\.log/near.log/'
check "are no answers that name it" grep -q '192.0.2.10 sends in the logs, and $.sending_ips does not list it' "$tmp/near/ticket/ticket.md"

# "Never sent again" is what a log shows, not what bounces leave open; and no IP is the same that nobody knows.
check "a refused message that is not seen again" grep -q 'permanent; never sent again by us' "$tmp/desks/parts/apple-smtp-errors.txt"
check "bounces alone do not show that" sh -c '! grep -q "never sent again" "$1"' sh "$tmp/alone/parts/apple-smtp-errors.txt"
{ cat "$tmp/desks.log"; grep 'T10:05:00' "$tmp/desks.log" | grep '2026-05-18' | sed 's/T10:05:00/T12:05:00/'; } >"$tmp/again.log"
code "one that was sent, and refused, again" 1 build again
check "is not called so" sh -c 'grep -q "31 recipients\|[^0-9]31$" "$1" && ! grep -q "never sent again by us" "$1"' sh "$tmp/again/parts/apple-smtp-errors.txt"
sed 's/, "sending_ips": \["192.0.2.10"\]/, "sending_ips": ["192.0.2.10", "192.0.2.11"]/; s/"desks"/"ipless"/' "$tmp/desks.json" >"$tmp/ipless.json"
"$pp" build --quiet --output "$tmp/ipless" "$tmp/ipless.json" >"$tmp/out" 2>&1 || true
check "an unknown IP is not the same" sh -c 'grep -q "ACCEPTED, same stream, [0-9]" "$1" && ! grep -q "same stream and IP\|same stream, IP" "$1"' sh "$tmp/ipless/parts/apple-smtp-errors.txt"

# Of many IPs with long names so many are named as fit into the lines that a postmaster looks at, and the others counted.
awk 'match($0, /reader[0-9]+/) { k = substr($0, RSTART + 6, RLENGTH - 6) % 9; sub(/postfix\/smtp/, "postfix/m" k "/smtp") } 1' "$tmp/short.log" >"$tmp/long.log"
for set in 192.0.2.1 2001:db8:85a3:1234:5678:8a2e:1370:733; do
  maps=$(for k in 0 1 2 3 4 5 6 7 8; do echo "--map m$k=$set$k"; done)
  ips=$(for k in 0 1 2 3 4 5 6 7 8; do printf '{"ip": "%s%s", "helo": "mail-out-%s.eu-west.sending-service.example.com"}, ' "$set" $k $k; done)
  case_file long | sed "s/\"sending_ips\": .*/\"sending_ips\": [${ips%, }] }/" >"$tmp/long.json"
  code "nine IPs from ${set}0 on" 1 "$pp" build --quiet --force $maps --output "$tmp/long" "$tmp/long.json"
  tr -d '\r' <"$tmp/long/request.eml" | sed '1,/^Company:/d' >"$tmp/long.body"
  check "eight of them are within the first lines" sh -c 'test "$(head -14 "$1" | grep -c "[ ]$2[0-9]\$")" -eq 8' sh "$tmp/long.body" "$set"
  check "and one more is counted" grep -q '^ *and 1 more, see attachment$' "$tmp/long.body"
  check "there it is" grep -q "${set}8  *[0-9]" "$tmp/long/parts/apple-smtp-errors.txt"
  check "by IP, in columns that are read" sh -c '! sed -n "/^By IP/,/^By domain/p" "$1" | grep -q ".\{77\}"' sh "$tmp/long/parts/apple-smtp-errors.txt"
  check "the ticket counts them, too" sh -c 'test "$(grep -c "^- Sending IP: .* (HELO mail-out" "$1")" -eq 8 && grep -qx -- "- and 1 more of these" "$1"' sh "$tmp/long/ticket/ticket.md"
done

# Of an answer that no entry knows nobody is told that its cause is his own DNS.
sed 's/550 5.7.1 \[CS01\] Message rejected due to local policy\./554 5.7.9 Message not taken here./' "$tmp/short.log" >"$tmp/strange.log"
code "an answer of no known words" 1 build strange
check "is nobody's yet" grep -q 'whose desk it is cannot be told' "$tmp/strange/packet.json"
check "and its row says no more" sh -c 'grep -q "What this answer means is not known here" "$1" && ! grep -q "own DNS" "$1"' sh "$tmp/strange/packet.json"

# An IP that no log shows is what the sender says, wherever he says it.
sed 's/, "sending_ips": \["192.0.2.10"\]//; s/"short"/"said"/' "$tmp/short.json" >"$tmp/said.json"
code "an IP by the command line" 1 "$pp" build --quiet --sending-ip 192.0.2.10 --output "$tmp/said" "$tmp/said.json"
check "is stated, and not proven by logs" sh -c 'tr -d "\n" <"$1" | grep -q "\"claim\": \"sending IPs\", *\"state\": \"stated\", *\"where\": \"command line: --sending-ip, --map\""' sh "$tmp/said/packet.json"
check "nor is that it carries one stream alone" grep -q 'for which IP the command line' "$tmp/said/packet.json"

# A tag that an export gives to each mail is no edition: what is, went out within days, beside others.
# tags NAME TAG: a CSV of eleven days; TAG, with the day in it or without.
tags () {
  echo 'type,timeLogged,orig,rcpt,dsnAction,dsnStatus,dsnDiag,dsnMta,dlvSourceIp,dlvDestinationIp,jobId,header_Message-Id'
  for d in $(seq 8 18); do
    for m in $(seq 10 29); do
      what='d,%s,relayed,2.0.0,smtp;250 2.0.0 Ok'
      [ "$d" -lt 17 ] || [ $((m % 2)) -eq 0 ] || what='b,%s,failed,5.7.1,smtp;550 5.7.1 [CS01] Message rejected due to local policy.'
      # shellcheck disable=SC2059
      printf "$what"',mx01.mail.icloud.com (17.57.156.30),192.0.2.10,17.57.156.30,%s,<m%s.%s@mail.example.com>\n' \
        "$(printf '2026-05-%02d 10:%s:00+0000' "$d" "$m"),bounce@news.example.com,reader$d.$m@icloud.com" "$(printf "$2" "$d")" "$d" "$m"
    done
  done
}
for tag in 'daily edition%02d edition' 'kind newsletter stream'; do
  set -- $tag
  tags "$1" "$2" >"$tmp/$1.log"
  code "$1: built" 1 build "$1"
  check "$1: the same $3" grep -q "^  accepted, same $3   <m1[78]" "$tmp/$1/request.eml"
  check "$1: in the attachment, too" grep -q "^1.A .*ACCEPTED, same $3 and IP" "$tmp/$1/parts/apple-smtp-errors.txt"
done
# Refusals that are too few for a rise, some minutes behind the log's first line: of what was before nobody knows.
for d in 18 '17 18'; do
  for i in $d; do
    for t in $(minutes "$i" 0 14); do mail "$t" "$apple" sent '250 2.0.0 Ok: queued as 81A58388521'; done
  done >"$tmp/few.log"
  for t in $(minutes 18 4 6); do mail "$t" "$apple" bounced "$cs01"; done >>"$tmp/few.log"
  rm -rf "$tmp/few"
  code "few refusals, mail of $d" 1 build few
  case $d in
    18) why=' or earlier (our logs begin there)' ;;
    *) why='' ;;
  esac
  check "begin then${why:+, or earlier}" grep -qF "Started: 2026-05-18 10:04 UTC$why; latest 2026-05-18 10:06:00 UTC" "$tmp/few/ticket/ticket.md"
done
# All is refused from the last minutes of a quarter of an hour on: it began with the first of these, not with the next quarter.
{
  for d in 14 15 16 17; do for t in $(minutes $d 0 59); do mail "$t" "$apple" sent '250 2.0.0 Ok: queued as 81A58388521'; done; done
  for t in $(minutes 18 0 13) $(minutes 18 0 13); do mail "$t" "$apple" sent '250 2.0.0 Ok: queued as 81A58388521'; done
  for t in $(minutes 18 14 59); do mail "$t" "$apple" bounced "$cs01"; done
} >"$tmp/brink.log"
code "the last minute of a quarter" 1 build brink
check "is when it began" grep -q '^Started: *2026-05-18 10:14 UTC; latest 2026-05-18 10:59:00 UTC' "$tmp/brink/request.eml"
check "and all are told" grep -q 'at end of DATA, 46 recipients' "$tmp/brink/request.eml"
check "none came before" grep -q 'First refusal\.$' "$tmp/brink/ticket/ticket.md"
# A refusal behind those that stand out, and too little accepted between for relief: it is the latest.
{
  for d in 14 15 16 17; do for t in $(minutes $d 0 59); do mail "$t" "$apple" sent '250 2.0.0 Ok: queued as 81A58388521'; done; done
  for t in $(minutes 18 0 59); do
    case $t in
      *[02468]:00.000000) mail "$t" "$apple" bounced "$cs01" ;;
      *) mail "$t" "$apple" sent '250 2.0.0 Ok: queued as 81A58388521' ;;
    esac
  done
  for t in $(minutes 18 0 10 | sed s/T10/T11/); do mail "$t" "$apple" sent '250 2.0.0 Ok: queued as 81A58388521'; done
  mail 2026-05-18T11:11:00.000000 "$apple" bounced "$cs01"
} >"$tmp/stray.log"
code "a straggler" 0 "$pp" trend "$tmp/stray.log"
check "is of the incident" grep -q 'Refused 0 of 240 before, 31 of 72 (43.1%) since' "$tmp/out"
check "and its latest" grep -q 'Latest refusal 2026-05-18 11:11:00 UTC; no relief seen\.' "$tmp/out"
code "a straggler's recipient" 0 "$pp" suppressed "$tmp/stray.log"
check "fell then, too" grep -Eq '^ +31  fell to policy replies' "$tmp/out"
# What one host said before the next took the mail is none of the tries that were put off.
{
  for d in 10 11 12 13 14 15 16 17 18; do
    for t in $(minutes $d 0 14); do
      mail "$t" "$apple" sent '250 2.0.0 Ok: queued as 81A58388521'
      echo "$t+00:00 mta1 postfix/smtp[7]: $q: host mx02.mail.icloud.com[17.57.155.34] said: 451 4.7.1 Service unavailable - try again later (in reply to MAIL FROM command)"
    done
  done
  for t in $(minutes 18 15 44); do mail "$t" "$apple" bounced "$cs01"; done
  for t in $(minutes 18 45 49); do
    mail "$t" "$apple" deferred 'host mx01.mail.icloud.com[17.57.156.30] said: 451 4.7.1 Service unavailable - try again later (in reply to MAIL FROM command)'
  done
} >"$tmp/usual.log"
code "hosts that were busy" 1 build usual
check "are no tries of the days before" grep -q 'edian of the 8 days before: 0\.' "$tmp/usual/parts/apple-smtp-errors.txt"
# Where the text has no room, the newest day does not go: its sender is told to write less.
long=$(for i in $(seq 28); do printf 'This is sentence %02d of those that tell what we see of it in our logs. ' "$i"; done)
cp "$tmp/short.log" "$tmp/full.log"
case_file full | sed "s/Since 18 May/$long&/" >"$tmp/full.json"
code "a description that fills the text" 1 "$pp" build --quiet --sending-ip 192.0.2.10 --output "$tmp/full" "$tmp/full.json"
check "says so" grep -q "The body has 61 lines" "$tmp/full/ticket/ticket.md"
finish
