#!/bin/sh
# What is done many bytes at a time by AVX2 or AVX-512 where the processor has them is done without them as well, and says the same.
. "$TOP_SRCDIR/tests/cli/lib.sh"
scan () { # LOG, with the mapping file that lies beside some
  map=${1%.*}.map; [ -e "$map" ] || map=/dev/null
  "$pp" scan --json --quiet --year 2026 --log-timezone UTC --map-file "$map" "$1" 2>/dev/null
}
export SOURCE_DATE_EPOCH=1798830000
cd "$TOP_SRCDIR/samples"
for log in outage/*.log log/postfix/*.log log/exim/*.log log/events-csv/*.csv log/events-json/*.json*; do
  [ -f "$log" ] || continue
  scan "$log" >"$tmp/usual" || true
  [ -s "$tmp/usual" ] || not_ok "$log: nothing is read"
  for simd in none avx2; do
    POSTPACKET_SIMD=$simd scan "$log" >"$tmp/portable" || true
    same "$log with $simd" "$tmp/usual" "$tmp/portable"
  done
done
# Random rows, records and lines, against the plain way: their tests once more.
for test in test-log-csv test-log-glance test-log-reader test-apple-classify; do
  for simd in none avx2; do
    if [ -x "$G_TEST_BUILDDIR/unit/$test" ]; then POSTPACKET_SIMD=$simd check "$test with $simd" "$G_TEST_BUILDDIR/unit/$test" --quiet; fi
  done
done
# Bytes that are in memory are looked at where they lie or copied, whichever this processor is quicker at: it is found out
# behind the first 16 MB.
if command -v python3 >/dev/null && python3 "$TOP_SRCDIR/tests/bench/genlog.py" postfix 40 "$tmp/log" >/dev/null; then
  POSTPACKET_READ=map scan "$tmp/log" >"$tmp/mapped"
  check "Apple's attempts were read" grep -q '"delivered": [1-9]' "$tmp/mapped"
  POSTPACKET_READ=copy scan "$tmp/log" >"$tmp/copied"
  same "copied" "$tmp/copied" "$tmp/mapped"
  scan "$tmp/log" >"$tmp/usual"
  same "as found out" "$tmp/usual" "$tmp/mapped"
fi
if [ -x "$G_TEST_BUILDDIR/unit/test-log-window" ]; then POSTPACKET_READ=copy check "test-log-window with copies" "$G_TEST_BUILDDIR/unit/test-log-window" --quiet; fi
finish
