#!/usr/bin/env python3
"""compare-trend.py [--outage|--categories REPLIES.json] TRUTH TREND.json [FIELD=DIFFERENCE...], or --year TRUTH:
days of `trend --json` against a lab set's truth, in the report's zone.

Delivered and bounced are equal for each day, and bounced for each day and tag of Apple's form. The MX never saw a
message being given up, so those add to a day only as many in all as the truth has expired recipients, with the last
tag they were given. Deferred is at least the truth's for each day.
A difference (bounced=-4, CS01=-1, deferred=-18, recipient=-2) is what the log is known to hold more or less than the truth.
--categories: besides, bounces by group equal the catalogue applied to the truth's replies, read here by Python's own regular expressions.
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


APPLE_FORM = re.compile(r"[A-Z]{2,4}[0-9]{1,2}\Z")
GROUPS = {"mailbox-unknown": "recipient", "mailbox-full": "recipient", "relay": "recipient", "dmarc": "auth",
          "rate": "connection", "protocol": "connection"}


def own_tag(a):
    return a["tag"] if APPLE_FORM.match(a.get("tag") or "") else None


def first_outcomes(truth, zone):
    """day and attempt; Exim tries frozen mail again that was refused for good, which counts once"""
    bounced = set()
    for a in truth["attempts"]:
        key = a["msg"], a["recipient"].lower()
        if a["is_apple"] and not (a["outcome"] == "bounced" and key in bounced):
            if a["outcome"] == "bounced":
                bounced.add(key)
            yield datetime.datetime.fromisoformat(a["utc"]).astimezone(zone).date().isoformat(), a


def last_answers(truth):
    """of those that the truth calls expired, what their last attempt was answered"""
    last = {(a["msg"], a["recipient"].lower()): a for a in truth["attempts"] if a["is_apple"]}
    return [last.get((r["msg"], r["recipient"].lower())) for r in truth["recipients"]
            if r["is_apple"] and r["final"] == "expired"]


# What is given up without an answer may be told in words (connection) or in none (unknown); the MX never saw it.
TOGETHER = {"connection": "no-answer", "unknown": "no-answer"}


def held_against(want, got, expired, differences, fields):
    """by (day, field): no day has less, or more, than expiry and what is known of the log explain"""
    bad, more, less = [], collections.Counter(), collections.Counter()
    for key in sorted(set(want) | set(got), key=str):
        extra, field = got[key] - want[key], key[1]
        if field == "deferred" and extra > 0:
            continue
        more[TOGETHER.get(field, field)] += extra
        if (extra < 0 and differences[field] >= 0) or (extra > 0 and expired[TOGETHER.get(field, field)] == 0 and differences[field] <= 0):
            bad.append(f"{key}: wanted {want[key]}, got {got[key]}")
    for field, n in differences.items():
        if fields(field):
            less[TOGETHER.get(field, field)] += n
    for field in sorted(set(more) | set(expired) | set(less)):
        if field == "deferred":
            if more[field] < less[field]:
                bad.append(f"deferred: {more[field]}, of which {less[field]} is known")
        elif more[field] != expired[field] + less[field]:
            bad.append(f"{field}: given up {expired[field]}, known {less[field]}, got {more[field]}")
    return bad


def days_and_tags(truth, trend, differences):
    want, got, expired = collections.Counter(), collections.Counter(), collections.Counter()
    for day, a in first_outcomes(truth, zoneinfo.ZoneInfo(trend["timezone"])):
        want[day, a["outcome"]] += 1
        if a["outcome"] == "bounced" and own_tag(a):
            want[day, own_tag(a)] += 1
    for a in last_answers(truth):
        expired["bounced"] += 1
        if a and own_tag(a):
            expired[own_tag(a)] += 1
    for d in trend["days"]:
        for outcome in ("delivered", "deferred", "bounced"):
            got[d["date"], outcome] += d["apple"][outcome]
    for g in trend["groups"]["tag"]:
        for d in g["days"]:
            if APPLE_FORM.match(g["name"]):
                got[d["date"], g["name"]] += d["bounced"]
    return held_against(want, got, expired, differences, lambda f: f in ("delivered", "deferred", "bounced") or APPLE_FORM.match(f))


class Catalogue:
    """templates/replies.json as templates/README.md says that it is read"""

    def __init__(self, path):
        self.rules = sorted(load(path), key=lambda r: -r["priority"])
        for r in self.rules:
            r["patterns"] = [re.compile(p, re.I) for p in r["reply_patterns"]]

    def group(self, a):
        category = self.category(a)
        return GROUPS.get(category, category)

    def category(self, a):
        text, code = a.get("text") or "", str(a.get("code") or "")
        lines = " ".join(re.sub(r"^[245][0-9]{2}[- ]([245]\.[0-9]{1,3}\.[0-9]{1,3} )?", "" if i else r"\g<0>", line)
                         for i, line in enumerate(a.get("lines") or [text]))
        line = re.sub(r"<[^<>]*@", "<x@", re.sub(r"[^\s<>@:;,]+@", "x@", re.sub(r"\s+", " ", lines.replace("\u2019", "'"))))
        inner = line.split("MAIL FROM error: ", 1)
        for r in self.rules:
            if r["tag"] and r["tag"] == own_tag(a):
                return r["category"]
        for text in (line, inner[-1]):
            for r in self.rules:
                codes = r["code"].replace("xx", "[0-9]{2}")
                if (not codes or re.fullmatch(codes, text[:3] if text[:3].isdigit() else code)) and any(p.search(text) for p in r["patterns"]):
                    if not r["id"].endswith("xx-unknown"):
                        return r["category"]
        enhanced = a.get("enhanced") or ""
        if not code:
            return "unknown"
        return ("rate" if code[0] == "4" else "mailbox-unknown" if enhanced.startswith("5.1.") else "mailbox-full" if enhanced.startswith("5.2.")
                else "policy" if enhanced == "5.7.1" else "unknown")


def categories(truth, trend, differences, catalogue):
    want, got, expired = collections.Counter(), collections.Counter(), collections.Counter()
    for day, a in first_outcomes(truth, zoneinfo.ZoneInfo(trend["timezone"])):
        if a["outcome"] == "bounced":
            want[day, catalogue.group(a)] += 1
    for a in last_answers(truth):
        group = catalogue.group(a) if a else "unknown"
        expired[TOGETHER.get(group, group)] += 1
    for d in trend["days"]:
        for group, n in d["apple"]["by_group"].items():
            got[d["date"], group] += n
    return held_against(want, got, expired, differences,
                        lambda f: f not in ("delivered", "deferred", "bounced") and not APPLE_FORM.match(f))


def main():
    args = sys.argv[1:]
    differences = collections.Counter({a.split("=")[0]: int(a.split("=")[1]) for a in args if re.fullmatch(r"[A-Za-z0-9-]+=[-+][0-9]+", a)})
    paths = [a for a in args if a.endswith(".json") or a.endswith(".gz")]
    if args[0] == "--year":
        print(max(a["utc"] for a in load(paths[0])["attempts"])[:4])
        return 0
    truth, trend = load(paths[-2]), load(paths[-1])
    bad = outage(truth, trend) if args[0] == "--outage" else days_and_tags(truth, trend, differences)
    if args[0] == "--categories":
        bad += categories(truth, trend, differences, Catalogue(args[1]))
    print("\n".join(bad))
    return 1 if bad else 0


sys.exit(main())
