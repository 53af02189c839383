#!/bin/sh
# Postfix logs of many hosts and programs, with deferrals that end in each way, behind all that may stand before a line: what is
# told of lines at a glance is what reading each by itself tells, with every width of vectors and with two threads.
. "$TOP_SRCDIR/tests/cli/lib.sh"
command -v python3 >/dev/null || skip "python3 is missing: it makes the logs"
export SOURCE_DATE_EPOCH=1798830000
# With --apple-only lines that name nothing of Apple's are not looked at, nor told of.
unread='/unrecognised/d;/of no form/d;/"attempts"/d;/"first"/d;/"last"/d'
log=$tmp/log
make () { python3 "$TOP_SRCDIR/tests/tools/make-postfix.py" "$@"; }
events () {
  "$pp" scan --events --quiet --reference "$log" >"$tmp/reference" 2>/dev/null
  "$pp" scan --events --quiet --jobs 2 "$log" >"$tmp/glanced" 2>/dev/null
  same "$1: events" "$tmp/reference" "$tmp/glanced"
}
for seed in 1 2 3 4 5 6 7 8; do
  make "$seed" $((seed * 1500)) "$log"
  for only in "" --apple-only; do
    glanced "$seed" "$log" $only
    check "$seed $only: Apple's attempts were read" grep -q '"deferred": [1-9]' "$tmp/reference"
  done
  events "$seed"
done
seed=0
for form in pri compose colour widths many names compose-iso compose-nano nano pod pod-nano cri cri-no-host level no-host rfc5424 rfc5424-blank \
  rfc5424-bom rfc5424-data rfc5424-app docker-json plain mixed; do
  seed=$((seed + 1))
  make "$seed" 3000 "$log" "$form"
  glanced "$form" "$log"
  check "$form: Apple's attempts were read" grep -q '"deferred": [1-9]' "$tmp/reference"
  check "$form: and nearly every line" test "$(sed -n 's/.*"unrecognised": \([0-9]*\),/\1/p' "$tmp/reference")" -lt 120
  glanced "$form" "$log" --apple-only
  glanced "$form" "$log" --format postfix
  events "$form"
done
# A file of more blocks than one thread takes.
for form in "" mixed; do
  make 9 25000 "$log" $form
  "$pp" scan --json --quiet --reference "$log" >"$tmp/reference" 2>/dev/null
  "$pp" scan --json --quiet --jobs 2 "$log" >"$tmp/glanced" 2>/dev/null
  same "two threads $form" "$tmp/reference" "$tmp/glanced"
done
finish
