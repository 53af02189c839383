#!/bin/sh
# Counts of real logs equal what the MX saw: as they are, gzipped, on standard input, and in three rotated pieces.
. "$TOP_SRCDIR/tests/cli/lib.sh"
[ -n "${POSTPACKET_LAB-}" ] || skip "POSTPACKET_LAB is not set and there is no shared/lab beside the checkout"
command -v python3 >/dev/null || skip "python3 is missing: it compares the counts"
same_as_truth () { python3 "$TOP_SRCDIR/tests/tools/compare-truth.py" "$1" "$2"; }
for set in open/postfix open/postfix-syslog open/postfix-multi open/postfix-notify outage/postfix outage/postfix-multi; do
  lab=$POSTPACKET_LAB/$set
  for truth in "$lab"/truth.json*; do :; done
  for log in "$lab"/log/*; do :; done
  gzip -dcf "$log" >"$tmp/log"
  lines=$(($(wc -l <"$tmp/log") / 3))
  split -l "$((lines + 1))" "$tmp/log" "$tmp/part."
  gzip -9c "$tmp/log" >"$tmp/log.gz"
  code "$set: scan" 0 "$pp" scan --json --quiet "$lab/log"
  check "$set: equals truth" same_as_truth "$truth" "$tmp/out"
  check "$set: line by line says the same" sh -c '"$1" scan --json --quiet --reference "$2" | cmp - "$3"' sh "$pp" "$lab/log" "$tmp/out"
  code "$set: gzip" 0 "$pp" scan --json --quiet "$tmp/log.gz"
  check "$set: gzip equals truth" same_as_truth "$truth" "$tmp/out"
  check "$set: Apple alone counts the same of Apple" sh -c '"$1" scan --json --quiet --apple-only "$2" | python3 -c "
import json, sys
alone, whole = json.load(sys.stdin), json.load(open(sys.argv[1]))
assert alone[\"other\"] is None and all(d[\"other\"] is None for d in alone[\"days\"])
assert alone[\"apple\"] == whole[\"apple\"] and alone[\"replies\"] == whole[\"replies\"]
days = [d for d in whole[\"days\"] if any(d[\"apple\"].values())]
assert [d[\"apple\"] for d in alone[\"days\"]] == [d[\"apple\"] for d in days]" "$3"' sh "$pp" "$lab/log" "$tmp/out"
  check "$set: standard input" sh -c '"$1" scan --json --quiet - <"$2" >"$3"' sh "$pp" "$tmp/log" "$tmp/stdin.json"
  check "$set: standard input equals truth" same_as_truth "$truth" "$tmp/stdin.json"
  code "$set: log and its copy" 0 "$pp" scan --json --quiet "$tmp/log" "$tmp/log.gz"
  check "$set: a copy counts once" same_as_truth "$truth" "$tmp/out"
  code "$set: three rotated pieces" 0 "$pp" scan --json --quiet "$tmp"/part.*
  check "$set: three pieces equal truth" same_as_truth "$truth" "$tmp/out"
  code "$set: pieces in another order" 0 "$pp" scan --json --quiet "$tmp/part.ac" "$tmp/part.aa" "$tmp/part.ab"
  check "$set: any order equals truth" same_as_truth "$truth" "$tmp/out"
  # As long a log as several threads are started for: each piece of it with queue ids of its own.
  for i in 1 2 3 4 5 6 7 8 9; do sed "s/^\(.\{15\}\) [^ ]*/\1 host$i/" "$tmp/log"; done >"$tmp/long"
  while [ "$(wc -c <"$tmp/long")" -lt 3000000 ]; do cat "$tmp/long" "$tmp/long" >"$tmp/longer"; mv "$tmp/longer" "$tmp/long"; done
  for jobs in 1 3; do
    check "$set: $jobs threads say what line by line says" sh -c '"$1" scan --json --quiet --reference "$2" >"$2.plain"
      "$1" scan --json --quiet --jobs '$jobs' "$2" | cmp - "$2.plain"' sh "$pp" "$tmp/long"
  done
  rm -f "$tmp"/part.* "$tmp"/log* "$tmp"/long*
done
finish
