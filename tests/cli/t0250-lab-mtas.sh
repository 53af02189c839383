#!/bin/sh
# Counts of what other mail servers wrote equal what the MX saw, as far as the log holds it: whole, and in three rotated pieces.
. "$TOP_SRCDIR/tests/cli/lib.sh"
[ -n "${POSTPACKET_LAB-}" ] || skip "POSTPACKET_LAB is not set and there is no shared/lab beside the checkout"
command -v python3 >/dev/null || skip "python3 is missing: it compares the counts"
same_as_truth () { python3 "$TOP_SRCDIR/tests/tools/compare-truth.py" "$@"; }
# set_is SET FORMAT [FIELD=DIFFERENCE...]: a difference is what the log does not hold, or the truth does not.
set_is () {
  set=$1 format=$2; shift 2
  lab=$POSTPACKET_LAB/$set
  for truth in "$lab"/truth.json*; do :; done
  log=$(find "$lab/log" -maxdepth 1 -type f -size +2k)
  gzip -dcf "$log" >"$tmp/log"
  lines=$(($(wc -l <"$tmp/log") / 3))
  split -l "$((lines + 1))" "$tmp/log" "$tmp/part."
  code "$set: its format" 0 "$pp" formats --probe "$log"
  check "$set: its format is $format" grep -q ": $format " "$tmp/out"
  code "$set: scan" 0 "$pp" scan --json --quiet "$lab/log"
  check "$set: equals truth" same_as_truth "$truth" "$tmp/out" "$@"
  code "$set: pieces in any order" 0 "$pp" scan --json --quiet "$tmp/part.ac" "$tmp/part.aa" "$tmp/part.ab"
  check "$set: pieces equal truth" same_as_truth "$truth" "$tmp/out" "$@"
  rm -f "$tmp"/part.* "$tmp"/log*
}
# The log ends before 12 recipients are given up whom the truth calls expired; one address reached the MX in punycode,
# where the truth did not know it.
set_is open/exim exim delivered=+1 bounced=-12
# 9 such; one session ended at RCPT before the MX saw it, which looks like one that it saw.
set_is open/exim-all exim bounced=-8
set_is outage/exim-all exim
set_is open/sendmail sendmail
# Seven custom domains whose servers were never reached: nothing ties them to Apple's hosts.
set_is open/opensmtpd opensmtpd bounced=-7 deferred=-11
set_is outage/opensmtpd opensmtpd
# A refusal names no server: custom domains that no mail was delivered to are not known as Apple's. Haraka's own
# bounces went over SMTP to the sender's host.
set_is open/haraka haraka bounced=-4 CS01=-1 other_delivered=+138 deferred=-18
set_is open/haraka-logfmt haraka bounced=-7 CS01=-1 CS02=-1 other_delivered=+60 deferred=-24
set_is open/haraka-json haraka bounced=-8 CS01=-4 CS02=-1 other_delivered=+55 deferred=-21
# As Haraka; one was refused by the first server and put off for the second one's silence; one recipient is missing in the truth.
set_is open/courier courier bounced=-10 CS01=-1 deferred=-30 other_delivered=+56
# One bare "550" that dma took for a bad answer; one address that the truth lost.
set_is open/dma dma delivered=+1 bounced=-1 other_delivered=+51
# All mail, bounces too, was handed to one of Apple's hosts.
set_is open/nullmailer nullmailer delivered=+53 other_delivered=-1
# msmtp's share of a set of three clients. It made "@icloud.com" and "@mac.com" of two quoted local parts, which the MX
# took and the truth lost; three recipients whose session ended with another one's refusal are named without an answer;
# fifteen that were put off are called expired by the truth, though nobody tried them again.
mkdir -p "$tmp/lab/clients/log"
cp "$POSTPACKET_LAB/open/clients/log/msmtp.log" "$tmp/lab/clients/log/"
python3 - "$POSTPACKET_LAB/open/clients" "$tmp/lab/clients/truth.json" <<'PY'
import collections, gzip, json, sys
truth = json.load(gzip.open(sys.argv[1] + "/truth.json.gz"))
ours = {m["id"] for m in map(json.loads, open(sys.argv[1] + "/transcript-index.jsonl")) if m["via"] == "msmtp"}
for name in "attempts", "recipients":
    truth[name] = [x for x in truth[name] if x["msg"] in ours]
truth["totals_apple"] = {"outcome": collections.Counter(a["outcome"] for a in truth["attempts"] if a["is_apple"])}
json.dump(truth, open(sys.argv[2], "w"))
PY
POSTPACKET_LAB=$tmp/lab
set_is clients msmtp delivered=+2 bounced=-15 deferred=-3
finish
