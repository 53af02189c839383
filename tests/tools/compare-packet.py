#!/usr/bin/env python3
"""compare-packet.py PACKET TRUTH DOMAIN [UNTIL]: every figure of a packet's request against what the MX saw.

TRUTH is a lab set's truth.json[.gz], DOMAIN that of the sender's return-path, UNTIL (ISO 8601, UTC) where the packet's
log was cut. Read are the body's table, error count, start, other stream and look-up lines, the CSV, and the groups of
the SMTP errors. Delivered and bounced must be equal, deferred is at least the truth's.
"""
import collections
import csv
import email
import email.policy
import gzip
import io
import json
import re
import sys
from datetime import datetime, timedelta

packet, truth_path, domain = sys.argv[1:4]
until = sys.argv[4] if len(sys.argv) > 4 else "9999"
failures = []


def want(what, got, expected):
    if got != expected:
        failures.append(f"{what}: the packet says {got}, the truth is {expected}")


def number(text):
    return int(text.replace(",", ""))


with (gzip.open if truth_path.endswith(".gz") else open)(truth_path, "rt", encoding="utf-8") as f:
    truth = json.load(f)
seen = [dict(a, time=a["utc"][:19]) for a in truth["attempts"] if a["utc"][:19] < until]
final = [a for a in seen if a["outcome"] in ("delivered", "bounced")]


def by_policy(a):
    return a["outcome"] == "bounced" and a["enhanced"] == "5.7.1"


def mine(a):
    return a["sender"].lower().endswith("@" + domain)


def counts(list_):
    refused = sum(by_policy(a) for a in list_)
    accepted = sum(a["outcome"] == "delivered" for a in list_)
    return [len(list_), refused, len(list_) - refused - accepted, accepted]


with open(packet + "/request.eml", "rb") as f:
    message = email.message_from_binary_file(f, policy=email.policy.default)
body = message.get_body(("plain",)).get_content()
flat = re.sub(r"\s+", " ", body)
parts = {p.get_filename(): p for p in message.iter_attachments()}
refusals = sorted(a["time"] for a in final if a["is_apple"] and mine(a) and by_policy(a))
started = re.search(r"Started:\s+(\S+ \S+) UTC", body)[1]
first = [t for t in refusals if t >= started.replace(" ", "T")][0]
want("started", started, first[:16].replace("T", " "))
want("onset", first[:19], truth["outage"]["first_rejection"]["utc"][:19])
want("latest", re.search(r"latest (\S+ \S+) UTC", flat)[1], refusals[-1].replace("T", " "))
since = [a for a in final if a["time"] >= first]
apple = [a for a in since if a["is_apple"] and mine(a)]

# "Error:" and its count
tags = collections.Counter(a["tag"] for a in apple if by_policy(a))
tag, most = tags.most_common(1)[0]
error = re.search(r"Error: (.*?) at end of DATA, ([\d,]+) recipients", flat)
want("the error's tag", re.search(r"\[(\w+)\]", error[1])[1], tag)
want("the error's count", number(error[2]), most)

# The table; a row's days are in its label. The months of a log tell the years.
years = {a["utc"][5:7]: a["utc"][:4] for a in seen}
months = {datetime(2000, m, 1).strftime("%b"): f"{m:02d}" for m in range(1, 13)}


def day(text, month):
    month = months[month]
    return f"{years[month]}-{month}-{int(text):02d}"


rows = 0
for line in body.splitlines():
    m = re.match(r"  (iCloud|all others), (?:[A-Z][a-z]{2} )?(\d+)(?: ([A-Z][a-z]{2}))?(?:-(\d+) ([A-Z][a-z]{2}))?(?: \(tests\))?\s+(.*)$", line)
    if not m:
        continue
    rows += 1
    who, from_, from_month, to, to_month, figures = m.groups()
    begin = day(from_, from_month or to_month)
    end = day(to, to_month) if to else begin
    chosen = [a for a in final if mine(a) and a["is_apple"] == (who == "iCloud") and begin <= a["time"][:10] <= end]
    got = [number(x) for x in figures.split() if not x.endswith("%")]
    want(line, got, counts(chosen))
    for percent in [x for x in figures.split() if x.endswith("%")]:
        want(line + " (percentage)", abs(float(percent[:-1]) - 100 * got[1] / got[0]) <= 0.05, True)
want("rows of the table", rows >= 3, True)

# Another stream to Apple, in the same days; left out where space is short
other = re.search(r"Our other mail to iCloud, .*?: ([\d,]+) final answers?, (none|[\d,]+) refused by policy", flat)
rest = [a for a in final if a["is_apple"] and not mine(a) and a["time"][:10] >= first[:10]]
if other or len(body.splitlines()) < 50:
    want("the other stream", [number(other[1]), 0 if other[2] == "none" else number(other[2])], counts(rest)[:2])

# Look-up lines: each is one transaction of the truth
lookups = re.findall(r"^\d (\S+ \S+) (\S+) > (\S+) \[(\S+)\]\n  (.*)$", body, re.M)
want("look-up lines", len(lookups), 3)
for time, ip, host, address, answer in lookups:
    near = {(datetime.fromisoformat(time) + timedelta(seconds=d)).isoformat() for d in (-1, 0, 1)}
    found = [a for a in seen if a["time"] in near and a["client_ip"] == ip and a["server_ip"] == address and a["server_name"] == host]
    handle = re.search(r"Txn ID (\S+)|your queue id (\S+)", answer)
    if handle and handle[1]:
        found = [a for a in found if a.get("txn_id") == handle[1] and f"[{a['tag']}]" in answer]
    elif handle:
        found = [a for a in found if a.get("remote_queue_id") == handle[2] and a["outcome"] == "delivered"]
    else:
        found = [a for a in found if a["outcome"] == "bounced" and f"[{a['tag']}]" in answer]
    want(f"look-up {time} {answer}", bool(found), True)

# The CSV, day by day
(name,) = [n for n in parts if n.endswith(".csv")]
table = list(csv.DictReader(io.StringIO(parts[name].get_content())))
days = sorted({a["time"][:10] for a in seen if mine(a)})
want("days of the CSV", [r["date"] for r in table], days)
want("name of the CSV", name, f"apple-bounce-trend-{days[0]}_{days[-1]}.csv")
for r in table:
    chosen = [a for a in final if a["is_apple"] and mine(a) and a["time"].startswith(r["date"])]
    got = [int(r[k]) for k in ("final", "refused_policy", "refused_other", "accepted")]
    want("CSV " + r["date"], got, counts(chosen))
    tries = sum(a["outcome"] == "deferred" and a["is_apple"] and mine(a) and a["time"].startswith(r["date"]) for a in seen)
    want("CSV deferred " + r["date"], int(r["deferred_tries"]) >= tries, True)
    others = counts([a for a in final if not a["is_apple"] and mine(a) and a["time"].startswith(r["date"])])
    if others[0]:
        want("CSV all others " + r["date"], r["all_others_refused_policy_percent"], f"{100 * others[1] / others[0]:.2f}")

# The groups of the SMTP errors, and that the lines of each add up
errors = parts["apple-smtp-errors.txt"].get_content()
listed = re.findall(r"^\d+ +(5\d\d [\d.]+ \[(\w+)\]) .* ([\d,]+)$", errors, re.M)
want("groups", {t: number(n) for _, t, n in listed}, dict(tags))
want("accepted", number(re.search(r"accepted in the same period\s+([\d,]+)", errors)[1]), counts(apple)[3])
for n, section in enumerate(re.split(r"^====  \d+  =+$", errors, flags=re.M)[1:], 1):
    count = number(re.search(rf"^{n} .* ([\d,]+)$", errors, re.M)[1])
    for key in ("By IP", "By domain", "By day"):
        block = re.search(rf"^{key}((?:.*\n)(?: {{10}}.*\n)*)", section, re.M)[1]
        entry = r"\b\d{1,2} [A-Z][a-z]{2} +(\d[\d,]*\d|\d)\b" if key == "By day" else r"\S {1,}([\d,]+)(?=\s{2,}|\n)"
        want(f"group {n}, {key}", sum(number(x) for x in re.findall(entry, block)), count)

for line in failures:
    print(line)
sys.exit(bool(failures))
