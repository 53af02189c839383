#!/bin/sh
# Records of services that are mostly written alike: what is told of them at a glance is what reading each line by itself tells,
# with every width of vectors and with two threads.
. "$TOP_SRCDIR/tests/cli/lib.sh"
command -v python3 >/dev/null || skip "python3 is missing: it makes the records"
export SOURCE_DATE_EPOCH=1798830000
# With --apple-only damaged lines that name nothing of Apple's are not looked at.
scan () { "$pp" scan --json --quiet "$@" 2>/dev/null | if [ "${only:-}" ]; then sed '/unrecognised/d;/of no form/d'; else cat; fi; }
for kind in kumo sendgrid; do
  for seed in 1 2 3; do
    log=$tmp/records
    python3 "$TOP_SRCDIR/tests/tools/make-records.py" "$kind" "$seed" $((seed * 1000)) "$log"
    for only in "" --apple-only; do
      scan --reference $only "$log" >"$tmp/reference"
      check "$kind $seed $only: something was read" grep -q '"lines": [0-9]' "$tmp/reference"
      for simd in none avx2 usual; do
        POSTPACKET_SIMD=$simd scan --jobs 1 $only "$log" >"$tmp/glanced"
        same "$kind $seed $only with $simd" "$tmp/reference" "$tmp/glanced"
      done
    done
  done
done
# A file of more blocks than one thread takes.
only=
python3 "$TOP_SRCDIR/tests/tools/make-records.py" kumo 4 5000 "$log"
scan --reference "$log" >"$tmp/reference"
scan --jobs 2 "$log" >"$tmp/glanced"
same "kumo with two threads" "$tmp/reference" "$tmp/glanced"
# Two services' records in one file, at its end only some that nobody reads: what is told of the service is no chance.
only=
for kind in kumo sendgrid; do
  python3 "$TOP_SRCDIR/tests/bench/genlog.py" $kind 1 "$tmp/$kind"
done
{ head -n 1000 "$tmp/kumo"; head -n 20 "$tmp/sendgrid"; grep Delivery "$tmp/kumo" | grep -v -e icloud -e me.com -e mac.com | tail -n 50; } >"$tmp/both"
scan --reference "$tmp/both" >"$tmp/reference"
scan --jobs 1 "$tmp/both" >"$tmp/glanced"
same "records of two services" "$tmp/reference" "$tmp/glanced"
# Escapes that hide no name, and some that do; in values that nobody asks for, in others, and in some that are no escapes.
sed -e 's|"timestamp":|"url":"https:\\/\\/example.com\\/\\"","timestamp":|' -e 's/7@icloud/7\\u0040icloud/' -e 's/8@icloud.com/8@\\u0069cloud\\u002ecom/' \
  -e 's/Ok: queued as \([0-9A-F]*\)/OK \\"\1\\"/' -e '3~4s/"newsletter"/"Gr\\u00fc\\u00dfe"/' -e '5~9s/"email":"r/"email":"\\u0072/' -e '7~50s/OK /\\q/' \
  "$tmp/sendgrid" >"$tmp/escaped"
check "escapes are there" grep -q '8@.u0069cloud.u002ecom.*example.com./."' "$tmp/escaped"
for only in "" --apple-only; do
  scan --reference $only "$tmp/escaped" >"$tmp/reference"
  for simd in none avx2 usual; do
    POSTPACKET_SIMD=$simd scan --jobs 1 $only "$tmp/escaped" >"$tmp/glanced"
    same "escapes with $simd $only" "$tmp/reference" "$tmp/glanced"
  done
done
# More lines in a block than it has room for one by one, none of them a record.
only=--apple-only
{ head -n 500 "$log"; python3 -c 'print("{\"}\n" * 100000 + "{\"a\":1},\n" * 50000, end="")'; tail -n 500 "$log"; } >"$tmp/short"
scan --reference $only "$tmp/short" >"$tmp/reference"
check "short lines: all were counted" grep -q '"lines": 151000,' "$tmp/reference"
for simd in none avx2 usual; do
  POSTPACKET_SIMD=$simd scan --jobs 1 $only "$tmp/short" >"$tmp/glanced"
  same "short lines with $simd" "$tmp/reference" "$tmp/glanced"
done
finish
