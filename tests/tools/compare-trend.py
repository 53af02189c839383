#!/usr/bin/env python3
"""compare-trend.py [--outage] TRUTH TREND.json, or --year TRUTH: days of `trend --json` against a lab set's truth, in the report's zone.

Delivered and bounced are equal for each day, and bounced for each day and tag of Apple's form. The MX never saw a
message being given up, so those add to a day only as many in all as the truth has expired recipients, with the last
tag they were given. Deferred is at least the truth's for each day.
--outage: onset and relief of the refused stream within an hour and the lab's steps of 40 minutes, no other stream and
no other receiver. --year prints the year of the last attempt.
"""
import collections
import datetime
import gzip
import json
import re
import sys
import zoneinfo


def load(path):
    with (gzip.open if path.endswith(".gz") else open)(path, "rt", encoding="utf-8") as f:
        return json.load(f)


def when(text):
    return datetime.datetime.fromisoformat(text.replace("Z", "+00:00")).timestamp()


def outage(truth, trend):
    what, bad = truth["outage"], []
    near = 3600 + 40 * 60
    for g in trend["groups"]["stream"]:
        onset = g["onset"]
        if (onset is not None) != (g["name"] == what["sender_domain"]):
            bad.append(f"{g['name']}: {'accused' if onset else 'not found'}")
        elif onset:
            rose, relief = when(onset["rose_at"]) - what["onset"]["epoch"], when(onset["relief"])
            if not 0 <= rose <= near:
                bad.append(f"rose {rose / 3600:+.2f} h from the truth")
            # between the last refusal and the true relief no log knows which it is
            if not what["last_rejection"]["epoch"] < relief <= what["relief"]["epoch"] + near:
                bad.append(f"relief {(relief - what['relief']['epoch']) / 3600:+.2f} h from the truth")
    if trend["contrast"]["verdict"] != "only-apple":
        bad.append("verdict " + trend["contrast"]["verdict"])
    if trend["contrast"]["streams"]["names"] != [what["sender_domain"]]:
        bad.append("streams " + str(trend["contrast"]["streams"]))
    return bad


def days_and_tags(truth, trend):
    zone = zoneinfo.ZoneInfo(trend["timezone"])
    apple_form = re.compile(r"[A-Z]{2,4}[0-9]{1,2}\Z")
    want, last, bounced = collections.Counter(), {}, set()
    for a in truth["attempts"]:
        if not a["is_apple"]:
            continue
        day = datetime.datetime.fromisoformat(a["utc"]).astimezone(zone).date().isoformat()
        tag = a.get("tag") if apple_form.match(a.get("tag") or "") else None
        last[a["msg"], a["recipient"].lower()] = tag
        if a["outcome"] == "bounced" and (a["msg"], a["recipient"].lower()) in bounced:
            continue  # Exim tries frozen mail again that was refused for good
        if a["outcome"] == "bounced":
            bounced.add((a["msg"], a["recipient"].lower()))
        want[day, a["outcome"], None] += 1
        if a["outcome"] == "bounced" and tag:
            want[day, "bounced", tag] += 1
    expired = collections.Counter()
    for r in truth["recipients"]:
        if r["is_apple"] and r["final"] == "expired":
            expired[None] += 1
            tag = last.get((r["msg"], r["recipient"].lower()))
            expired[tag] += tag is not None
    got = collections.Counter()
    for d in trend["days"]:
        for outcome in ("delivered", "deferred", "bounced"):
            got[d["date"], outcome, None] += d["apple"][outcome]
    for g in trend["groups"]["tag"]:
        for d in g["days"]:
            if apple_form.match(g["name"]):
                got[d["date"], "bounced", g["name"]] += d["bounced"]
    bad, more = [], collections.Counter()
    for key in sorted(set(want) | set(got), key=str):
        day, outcome, tag = key
        extra = got[key] - want[key]
        if outcome == "bounced":
            more[tag] += extra
        if extra < 0 or (outcome == "delivered" and extra):
            bad.append(f"{key}: wanted {want[key]}, got {got[key]}")
    for tag in set(more) | set(expired):
        if more[tag] != expired[tag]:
            bad.append(f"given up with {tag}: wanted {expired[tag]}, got {more[tag]}")
    return bad


def main():
    if sys.argv[1] == "--year":
        print(max(a["utc"] for a in load(sys.argv[2])["attempts"])[:4])
        return 0
    compare = outage if sys.argv[1] == "--outage" else days_and_tags
    bad = compare(load(sys.argv[-2]), load(sys.argv[-1]))
    print("\n".join(bad))
    return 1 if bad else 0


sys.exit(main())
