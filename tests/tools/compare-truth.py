#!/usr/bin/env python3
"""compare-truth.py TRUTH SCAN.json [FIELD=DIFFERENCE...]: counts of `scan --json` against a lab set's truth.

Delivered and bounced Apple recipients (expired ones are bounced) and bounced counts per tag must be equal; deferred is at
least the truth's. A tag is one of Apple's form; an expired recipient adds the last tag it was given.
A difference (delivered=+1, CS01=-2, other_bounced=-1) is what the log is known to hold more or less than the truth.
"""
import collections
import gzip
import json
import re
import sys


def load(path):
    with (gzip.open if path.endswith(".gz") else open)(path, "rt", encoding="utf-8") as f:
        return json.load(f)


def main():
    truth, scan = load(sys.argv[1]), load(sys.argv[2])
    apple_form = re.compile(r"[A-Z]{2,4}[0-9]{1,2}\Z")
    finals = collections.Counter(r["final"] for r in truth["recipients"] if r["is_apple"])
    tags, last, refused = collections.Counter(), {}, {}
    for a in truth["attempts"]:
        if a["is_apple"]:
            key = a["msg"], a["recipient"].lower()
            last[key] = a.get("tag")
            if a["outcome"] == "bounced":
                refused.setdefault(key, a.get("tag"))  # a frozen bounce that is tried again is refused again
    tags.update(refused.values())
    for r in truth["recipients"]:
        if r["is_apple"] and r["final"] == "expired":
            tags[last.get((r["msg"], r["recipient"].lower()))] += 1
    want_tags = {t: n for t, n in tags.items() if t and apple_form.match(t)}
    got_tags = collections.Counter()
    for reply in scan["replies"]:
        if reply["tag"]:
            got_tags[reply["tag"]] += reply["bounced"]
    got_tags = {t: n for t, n in got_tags.items() if n}
    others = collections.Counter(r["final"] for r in truth["recipients"] if not r["is_apple"])
    want = {"delivered": finals["delivered"], "bounced": finals["bounced"] + finals["expired"],
            "other_delivered": others["delivered"], "tags": want_tags}
    got = {"delivered": scan["apple"]["delivered"], "bounced": scan["apple"]["bounced"],
           "other_delivered": scan["other"]["delivered"], "tags": got_tags}
    least = truth["totals_apple"]["outcome"].get("deferred", 0)
    for arg in sys.argv[3:]:
        field, difference = arg.split("=")
        if field == "deferred":
            least += int(difference)
        elif field in want:
            want[field] += int(difference)
        else:
            want_tags[field] = want_tags.get(field, 0) + int(difference)
            if want_tags[field] == 0:
                del want_tags[field]
    if want != got:
        print("wanted", want, "got", got)
        return 1
    if scan["apple"]["deferred"] < least:
        print("deferred: wanted at least", least, "got", scan["apple"]["deferred"])
        return 1
    return 0


sys.exit(main())
