#!/bin/sh
# The sample case tells one story: its mail, list and case file agree with its log.
. "$TOP_SRCDIR/tests/cli/lib.sh"
command -v python3 >/dev/null || skip "python3 is missing: it compares the files"
export SOURCE_DATE_EPOCH=1798830000
sample=$TOP_SRCDIR/samples/outage
code "scan" 0 "$pp" scan --events --quiet --year 2027 --log-timezone UTC --map mta1=192.0.2.10 --map mta2=192.0.2.11 "$sample/log"
cat >"$tmp/agree.py" <<'P'
import csv, email, email.policy, email.utils, json, re, struct, sys
sample, events = sys.argv[1], [json.loads(l) for l in open(sys.argv[2])]
def want(what, got, expected):
    if got != expected:
        sys.exit(f"{what}: {got}, not {expected}")
mail = email.message_from_binary_file(open(sample + "/delivered/newsletter.eml", "rb"), policy=email.policy.compat32)
mid = mail["Message-ID"].strip("<>")
(e,) = [e for e in events if e["message_id"] == mid and e["outcome"] == "delivered"]
hop = [r for r in mail.get_all("Received") if "mta1.example.com" in r.split("by")[0]][0]
want("Apple's queue id", re.search(r"with ESMTPS id (\w+)", hop)[1], e["remote_queue_id"])
want("second", email.utils.parsedate_to_datetime(hop.rsplit(";", 1)[1].strip()).strftime("%Y-%m-%dT%H:%M:%SZ"), e["time"])
want("address", re.search(r"\[([\d.]+)\]", hop)[1], e["local_ip"])
want("recipient", mail["Original-recipient"], "rfc822;" + e["recipient"])
want("sender", mail["Return-path"], f"<{e['sender']}>")
case = json.load(open(sample + "/case.json"))
news = [s for s in case["streams"] if s["name"] == "newsletter"][0]["match"]["return_path_domain"]
final = [e for e in events if e["return_path_domain"] in news and e["time"] >= "2026-12-31T05:26" and e["outcome"] in ("delivered", "bounced")]
tags = {}
for x in final:
    tags[x["tag"]] = tags.get(x["tag"], 0) + 1
want("final answers since the start", len(final), 103)
want("tags", {k: v for k, v in tags.items() if k}, {"CS02": 36, "CS01": 1, "HM08": 1})
want("receipts refused by policy", [e for e in events if e["return_path_domain"] == "tx.example.com" and e["category"] == "policy" and e["outcome"] == "bounced"], [])
want("IPs", sorted({e["local_ip"] for e in events if e["outcome"] == "delivered"}), sorted(i["ip"] for i in case["sending_ips"]))
rows = list(csv.DictReader(open(sample + "/suppression.csv")))
quiet = [r for r in rows if r["reason"] == "inactive" and r["date"] == "2026-12-31"]
want("suppressed that day", f"{len(quiet)} readers" in json.dumps(case["incident"]["remediation"]), True)
want("at Apple", {r["address"].split("@")[1] for r in quiet} <= {"icloud.com", "me.com", "mac.com"}, True)
got = {e["recipient"].lower() for e in events if e["outcome"] == "delivered"}
want("readers who are suppressed", got & {r["address"].lower() for r in rows}, set())
png = open(sample + "/page/weekly.png", "rb").read()
want("picture", struct.unpack(">II", png[16:24]), (600, 800))
P
check "mail, list and case agree with the log" python3 "$tmp/agree.py" "$sample" "$tmp/out"
check "the picture has no text" sh -c '! grep -aqE "tEXt|iTXt|zTXt|eXIf" "$1"' sh "$sample/page/weekly.png"
code "no operand" 64 "$sample/run-demo.sh"
code "the demo" 0 "$sample/run-demo.sh" "$pp" "$tmp/one"
check "the demo: a request" test -s "$tmp/one/outage-packet/request.eml"
check "the demo: says where it is" grep -qF "$tmp/one/outage-packet/request.eml" "$tmp/out"
check "the demo: nobody's name or token" sh -c '! grep -rqE "person0180|Jo Reader|w53-9Qk2" "$1"' sh "$tmp/one/outage-packet"
code "the demo again, over the old one" 0 "$sample/run-demo.sh" "$pp" "$tmp/one"
code "the demo elsewhere" 0 "$sample/run-demo.sh" "$pp" "$tmp/two"
check "the demo: the same bytes" diff -r "$tmp/one/outage-packet" "$tmp/two/outage-packet"
finish
