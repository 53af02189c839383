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
finish
