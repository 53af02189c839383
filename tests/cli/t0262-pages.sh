#!/bin/sh
# A log in the list that a log service answers a search with: each counts as the log itself, however it is laid out, packed, cut or read.
. "$TOP_SRCDIR/tests/cli/lib.sh"
command -v python3 >/dev/null || skip "python3 is missing: it makes the lists"
export SOURCE_DATE_EPOCH=1798830000
cd "$tmp"
gzip -dc "$TOP_SRCDIR/samples/outage/log/maillog.gz" | head -900 >all
# Other programs' lines in front of the mail server's, and words that JSON has to escape.
{ i=0; while [ $((i += 1)) -le 100 ]; do echo "Dec 29 00:00:01 mta1 sshd[$i]: a \"quoted\" word, a \\ and a {brace]"; done; cat all; } >log
mkdir pages
python3 "$TOP_SRCDIR/tests/tools/make-pages.py" log pages
counts () { "$pp" scan --json --quiet --year 2026 --log-timezone UTC "$@" | sed -n 's/\.[0-9]*Z"/Z"/; /"apple"/,$p'; }
counts log >plain.json
check "the log has refusals" grep -q '"bounced": [1-9]' plain.json
n=0
for page in pages/*.json; do
  n=$((n + 1))
  counts "$page" >got.json
  same "$(basename "$page") counts as the log" got.json plain.json
done
check "each service has one" test "$n" -eq 42
# The same as tables: the line lacks its header, which stands in other columns.
sed '/"warnings"/,$d' plain.json >want.json
for page in pages/*.csv pages/*.tsv; do
  n=$((n + 1))
  counts "$page" | sed '/"warnings"/,$d' >got.json
  same "$(basename "$page") counts as the log" got.json want.json
  counts --reference "$page" | sed '/"warnings"/,$d' >got.json
  same "$(basename "$page"): --reference says the same" got.json want.json
done
check "each table was read" test "$n" -eq 49
# What the messages' other lines tell is joined, too: sender and size.
events () { "$pp" scan --events --quiet --year 2026 --log-timezone UTC "$@" | sed 's/, "format".*//; s/\.[0-9]*Z"/Z"/'; }
events log >plain.jsonl
for page in cloudwatch.json loki.tight.json google.json azure.tight.json jq.json google-newest.json; do
  events "pages/$page" >got.jsonl
  same "$page: the same attempts" got.jsonl plain.jsonl
done
# Line by line, by two threads, packed, on standard input, pages one after the other.
for page in cloudwatch insights.tight loki azure; do
  counts --reference "pages/$page.json" >got.json
  same "$page: --reference says the same" got.json plain.json
  counts --jobs 2 "pages/$page.json" >got.json
  same "$page: two threads say the same" got.json plain.json
done
gzip -c pages/graylog.json >graylog.gz
counts graylog.gz >got.json; same "packed" got.json plain.json
cat pages/splunk.tight.json | counts - >got.json; same "on standard input" got.json plain.json
head -500 log >a; tail -n +501 log >b; mkdir one two
python3 "$TOP_SRCDIR/tests/tools/make-pages.py" a one; python3 "$TOP_SRCDIR/tests/tools/make-pages.py" b two
for page in cloudwatch loki.tight loki-labels azure elasticsearch.tight; do
  { cat "one/$page.json"; echo; cat "two/$page.json"; } >both.json
  counts both.json >got.json
  same "$page: two pages in a file" got.json plain.json
done
# Each record is a line of the log.
"$pp" scan --events --quiet --year 2026 --log-timezone UTC log | sed 's/.*"line": \([0-9]*\).*/\1/' >want
"$pp" scan --events --quiet --year 2026 --log-timezone UTC pages/datadog.json | sed 's/.*"line": \([0-9]*\).*/\1/' >got
same "lines are records" got want
# Cut: what is there is read, and that something lacks is said.
head -c 200000 pages/cloudwatch.json >cut.json
code "a page that is cut" 1 "$pp" scan --json --year 2026 --log-timezone UTC cut.json
check "a page that is cut: said" grep -q "cut.json: .*its JSON ends early" "$tmp/err"
check "a page that is cut: the rest is read" grep -q '"delivered": [1-9]' "$tmp/out"
# A record without an end, one of 3 MB, brackets a thousand deep: bounded, and nothing else is lost.
python3 - <<'P'
import json
d = json.load(open("pages/cloudwatch.json"))
d["events"].insert(300, {"timestamp": 1, "message": "x" * 3000000})
d["events"].insert(500, {"timestamp": 1, "message": [[]] and None, "deep": json.loads("[" * 900 + "]" * 900)})
json.dump(d, open("odd.json", "w"))
open("zeros.json", "w").write(open("pages/loki.tight.json").read().replace("],[", '],["1","a\0b"],['))
open("endless.json", "w").write(open("pages/google.json").read()[:100000] + '"' + "y" * 3000000)
P
counts odd.json 2>/dev/null | sed '/"warnings"/,$d' >got.json; sed '/"warnings"/,$d' plain.json >want.json
same "records of any size and depth" got.json want.json
counts zeros.json 2>/dev/null | sed '/"warnings"/,$d' >got.json
same "a record with a NUL in it" got.json want.json
code "a record without an end" 1 "$pp" scan --json --year 2026 --log-timezone UTC endless.json
check "a record without an end: the rest is read" grep -q '"delivered": [1-9]' "$tmp/out"
# The newest line first: read from its end, by syslog's lines, journalctl's and a table's; lines without a time stay behind theirs.
turn () { python3 -c 'import sys; sys.stdout.writelines(reversed(sys.stdin.readlines()))'; }
i=0
while [ $((i += 1)) -le 9 ]; do
  day="Dec 31 23:5$i:00"; [ $i -le 4 ] || day="Jan  1 00:0$i:00"
  echo "$day mail postfix/qmgr[1]: AB05611F0$i: from=<b@news.example.com>, size=70$i, nrcpt=1 (queue active)"
  echo "$day mail postfix/smtp[2]: AB05611F0$i: to=<r$i@icloud.com>, relay=mx01.mail.icloud.com[17.57.154.33]:25, delay=1, delays=0/0/0/1, dsn=2.0.0, status=sent (250 2.0.0 Ok)"
done >new-year.src
cp "$TOP_SRCDIR/samples/log/postfix/expiry.log" expiry.src
for f in expiry new-year; do
  year=2026; [ $f = expiry ] || year=2027
  turn <$f.src >$f.log
  "$pp" scan --json --quiet --year $year --log-timezone UTC $f.src | sed '/"path"/d' >want
  "$pp" scan --json --quiet --year $year --log-timezone UTC $f.log | sed '/"path"/d' >got
  same "$f: the newest line first" got want
done
check "both years are there" grep -q '2026-12-31' got
turn <log >newest.log
counts newest.log >got.json; same "the newest line first: counts" got.json plain.json
counts --reference newest.log >got.json; same "the newest line first: --reference" got.json plain.json
events newest.log >got.jsonl; same "the newest line first: the same attempts" got.jsonl plain.jsonl
python3 - <<'P'
import json, re
lines = open("log").read().splitlines()
d = [r for r in json.load(open("pages/cloudwatch.json"))["events"]]
with open("newest.csv", "w") as f:
    f.write("timestamp,message\n" + "".join('%d,"%s"\n' % (r["timestamp"], r["message"].replace('"', '""')) for r in reversed(d)))
with open("newest.jsonl", "w") as f:
    for r in reversed(open("pages/journal.json").read().split("\n}\n")):
        if r:
            f.write(json.dumps(json.loads(r + "}")) + "\n")
block = "".join("\t-- a line without a time\n" for _ in range(2))
with open("blocks.log", "w") as f:
    f.write("".join(l + "\n" + (block if "qmgr" in l else "") for l in reversed(lines)))
with open("long.log", "w") as f:  # more than is kept in memory
    for i in reversed(range(25)):
        for l in reversed(lines):
            f.write(re.sub(r"]: ([0-9A-F]{9,11}):", lambda m: "]: %02X%s:" % (i + 16, m[1]), l).replace("Dec 29", "Dec %2d" % (i + 1)).replace("Dec 30", "Dec %2d" % (i + 1)) + " " * 600 + "\n")
P
for f in newest.csv newest.jsonl blocks.log; do
  counts $f | sed '/"warnings"/,$d' >got.json; same "$f: the newest line first" got.json want.json
done
mkdir spool
turn <long.log >straight.log
TMPDIR=$tmp/spool counts long.log >got.json; counts straight.log >want.json
check "more than is kept in memory has refusals" grep -q '"bounced": [1-9][0-9]' want.json
same "more than is kept in memory" got.json want.json
check "nothing stays in TMPDIR" test -z "$(ls spool)"
code "no room to turn it" 1 env TMPDIR="$tmp/none" "$pp" scan --log-timezone UTC log long.log
check "no room: said" grep -q "long.log: .*no room in TMPDIR to turn it" "$tmp/err"
# Events of a service that a log holds as text, in lists whose records are none.
cat >events.json <<'E2'
{"results":[
 [{"field":"@timestamp","value":"2026-11-02 06:00:00.000"},{"field":"@message","value":"{\"eventType\":\"Bounce\",\"bounce\":{\"bounceType\":\"Permanent\",\"bounceSubType\":\"General\",\"bouncedRecipients\":[{\"emailAddress\":\"dana.invented@icloud.com\",\"diagnosticCode\":\"smtp; 550 5.7.1 [CS01] Message rejected due to local policy.\"}],\"timestamp\":\"2026-11-02T06:00:00Z\"},\"mail\":{\"timestamp\":\"2026-11-02T05:59:58Z\",\"source\":\"a@example.com\",\"messageId\":\"m1\"}}"}],
 [{"field":"@timestamp","value":"2026-11-02 06:00:01.000"},{"field":"@message","value":"{\"eventType\":\"Delivery\",\"delivery\":{\"recipients\":[\"lee.invented@icloud.com\"],\"smtpResponse\":\"250 2.0.0 Ok\",\"timestamp\":\"2026-11-02T06:00:01Z\"},\"mail\":{\"timestamp\":\"2026-11-02T05:59:58Z\",\"source\":\"a@example.com\",\"messageId\":\"m2\"}}"}]
],"status":"Complete"}
E2
cat >events-loki.json <<'E2'
{"data":{"result":[{"stream":{"app":"hook"},"values":[
 ["1793599200000000000","{\"email\":\"dana.invented@icloud.com\",\"timestamp\":1793599200,\"event\":\"bounce\",\"sg_event_id\":\"e1\",\"sg_message_id\":\"m1\",\"reason\":\"554 5.7.1 [CS01] x\"}"],
 ["1793599201000000000","{\"email\":\"lee.invented@icloud.com\",\"timestamp\":1793599201,\"event\":\"delivered\",\"sg_event_id\":\"e2\",\"sg_message_id\":\"m2\",\"response\":\"250 2.0.0 Ok\"}"]]}]}}
E2
cat >events-gcp.json <<'E2'
[{"insertId":"a","textPayload":"{\"email\":\"dana.invented@icloud.com\",\"timestamp\":1793599200,\"event\":\"bounce\",\"sg_event_id\":\"e1\",\"sg_message_id\":\"m1\",\"reason\":\"554 5.7.1 [CS01] x\"}","timestamp":"2026-11-02T06:00:05Z"},
 {"insertId":"b","textPayload":"{\"email\":\"lee.invented@icloud.com\",\"timestamp\":1793599201,\"event\":\"delivered\",\"sg_event_id\":\"e2\",\"sg_message_id\":\"m2\",\"response\":\"250 2.0.0 Ok\"}","timestamp":"2026-11-02T06:00:05Z"}]
E2
for f in events.json events-loki.json events-gcp.json; do
  code "$f: read" 0 "$pp" scan --events --quiet "$f"
  sed 's/.*"time": "\([^"]*\)", "outcome": "\([^"]*\)", "recipient": "\([^"]*\)".*"tag": \([^,]*\),.*/\1 \2 \3 \4/' "$tmp/out" >got
  printf '%s\n' '2026-11-02T06:00:00Z bounced dana.invented@icloud.com "CS01"' '2026-11-02T06:00:01Z delivered lee.invented@icloud.com null' >want
  same "$f: both events" got want
done
# A list of other things is none.
echo '{"events":[{"message":"Nov  2 06:00:00 mail sshd[1]: Accepted publickey for root","timestamp":1793599200000}]}' >other.json
code "a list of another program's lines" 65 "$pp" scan other.json
finish
