#!/bin/sh
# Our texts beside those that we measure ourselves by: every line of theirs that comes from data stands in ours, in the
# same order; lines that do not are listed with the reason. tests/unit/test-request-ideal.c makes ours.
. "$TOP_SRCDIR/tests/cli/lib.sh"
command -v python3 >/dev/null || skip "python3 is missing: it compares the texts"
[ -n "${POSTPACKET_LAB-}" ] || skip "POSTPACKET_LAB is not set and there is no shared/lab beside the checkout"
ideal=$POSTPACKET_LAB/../ideal
[ -d "$ideal" ] || skip "the texts that we measure ourselves by are not there"
ours=$TOP_SRCDIR/tests/golden/ideal
cat >"$tmp/compare.py" <<'PY'
import re, sys

# Lines of theirs that ours has otherwise, or not; each must be there, so that the list cannot grow stale.
BODY = {
    "Order mail to iCloud, 18-19 May (198.51.100.20, orders.example.com):": "wrapped elsewhere",
    "3,214 final answers, none refused by policy.": "wrapped elsewhere",
    "- One-click List-Unsubscribe is in the mail. Spamhaus lists none of the": "what the network said stands together, before it",
    "  IPs, domains and link hosts of that edition.": "the same",
    "From our records (stated, not shown here):": "'From ' at a line's start is changed by mailbox files: 'By our records'",
    "Changed before the start: one new link host on 18 May, the advertiser": "the date stands first: the case file holds it apart",
    "Done since: no refused message was sent again; on 19 May only readers with": "the same",
    "a click or order in 30 days; from 20 May no newsletter to iCloud Mail.": "the same",
    "Dana Sample, postmaster, Example Company, postmaster@example.com,": "the case file has no role of the contact",
    "+1 202 555 0143 (weekdays 07:00-17:00 UTC; a person reads the replies)": "wrapped elsewhere",
}
ERRORS = {
    "Source    Postfix logs of mta1.example.com (192.0.2.10) and": "wrapped elsewhere; gaps are not looked for yet, so the line tells only since when",
    "          mta2.example.com (192.0.2.11), without a gap since 2026-04-18": "the same",
    "Times     UTC, when your answer reached us. Our log and your own Received": None,
    "          line agree to the second for 1.A (queue id 4F6B93C0008B).": "'to the second' is not said: the clocks are held against each other within five",
    "1.5  2026-05-20 08:41:16   our test: the 18 May edition again": "which edition a test repeats is not in a log",
    "1.6  2026-05-20 08:41:19   our test: the 18 May edition again": "the same",
    "By day    19 May 14:21:03 to 14:38:47 only; [CS02] goes on beside it": "first and last stand in the table of groups",
    "          of the 20 editions before: 588. All got a final answer by 14:26.": "days, since a log has no editions; two days: 'by 14:26 that day'",
}

def lines(path):
    return open(path, encoding="utf-8").read().rstrip("\n").split("\n")

def plain(line):
    """Marks have the value that the key gives; between words of a count line any number of blanks."""
    line = re.sub(r"\[(rcpt|verp)-[a-z2-7]{8}\]", r"[\1-*]", line)
    line = re.sub(r"^(     Size .*?)    TLSv1\.3", r"\1", line)  # the log's TLS lines are not joined yet
    return re.sub(r"(?<=\S) +", " ", line) if re.match(r"By |          mac", line) else line

def compare(ideal, ours, differences):
    theirs, mine = lines(ideal), [plain(l) for l in lines(ours)]
    at, bad = 0, []
    for line in theirs:
        if differences.get(line):
            if plain(line) in mine:
                bad.append(f"no difference any more: {line}")
            continue
        if line and plain(line) not in mine[at:]:
            bad.append(("out of order: " if plain(line) in mine else "not there: ") + line)
        elif line:
            at += mine[at:].index(plain(line)) + 1
    bad += [f"not in the ideal: {l}" for l in differences if l not in theirs]
    for line in bad:
        print(line)
    print(len(theirs), "lines of theirs,", len(mine), "of ours")
    return bad

kind, ideal, ours = sys.argv[1:]
if kind == "marks":  # a return-path that names the reader bears the reader's mark
    text = open(ours).read()
    pairs = re.findall(r"\[verp-(\w{8})\]@.*\n +RCPT TO +<\[rcpt-(\w{8})\]", text)
    assert len(pairs) == 7 and all(a == b for a, b in pairs), pairs
elif kind == "length":
    assert len(lines(ours)) <= 60 and len(lines(ours)) <= len(lines(ideal)) + 1, len(lines(ours))
    assert max(map(len, lines(ours))) <= 76
else:
    sys.exit(bool(compare(ideal, ours, BODY if kind == "body" else ERRORS)))
PY
check "the request's body" python3 "$tmp/compare.py" body "$ideal/request-body.txt" "$ours/request-body.txt"
check "is as short" python3 "$tmp/compare.py" length "$ideal/request-body.txt" "$ours/request-body.txt"
check "the SMTP errors" python3 "$tmp/compare.py" errors "$ideal/smtp-errors.txt" "$ours/smtp-errors.txt"
check "marks of one reader are the same" python3 "$tmp/compare.py" marks "$ideal/smtp-errors.txt" "$ours/smtp-errors.txt"
finish
