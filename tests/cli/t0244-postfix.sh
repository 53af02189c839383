#!/bin/sh
# Postfix logs of many hosts and programs, with deferrals that end in each way: what is told of lines at a glance is what reading
# each by itself tells, with every width of vectors and with two threads.
. "$TOP_SRCDIR/tests/cli/lib.sh"
command -v python3 >/dev/null || skip "python3 is missing: it makes the logs"
export SOURCE_DATE_EPOCH=1798830000
# With --apple-only lines that name nothing of Apple's are not looked at, nor told of.
scan () { "$pp" scan --json --quiet "$@" 2>/dev/null | if [ "${only:-}" ]; then sed '/unrecognised/d;/of no form/d;/"attempts"/d;/"first"/d;/"last"/d'; else cat; fi; }
for seed in 1 2 3 4 5 6 7 8; do
  log=$tmp/log
  python3 "$TOP_SRCDIR/tests/tools/make-postfix.py" "$seed" $((seed * 1500)) "$log"
  for only in "" --apple-only; do
    scan --reference $only "$log" >"$tmp/reference"
    check "$seed $only: Apple's attempts were read" grep -q '"deferred": [1-9]' "$tmp/reference"
    for simd in none avx2 usual; do
      POSTPACKET_SIMD=$simd scan --jobs 1 $only "$log" >"$tmp/glanced"
      same "$seed $only with $simd" "$tmp/reference" "$tmp/glanced"
    done
  done
  "$pp" scan --events --quiet --reference "$log" >"$tmp/reference" 2>/dev/null
  "$pp" scan --events --quiet --jobs 2 "$log" >"$tmp/glanced" 2>/dev/null
  same "$seed: events" "$tmp/reference" "$tmp/glanced"
done
# A file of more blocks than one thread takes.
only=
python3 "$TOP_SRCDIR/tests/tools/make-postfix.py" 9 25000 "$log"
scan --reference "$log" >"$tmp/reference"
scan --jobs 2 "$log" >"$tmp/glanced"
same "two threads" "$tmp/reference" "$tmp/glanced"
finish
