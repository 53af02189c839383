#!/bin/sh
# count.sh LOG STATUS: what `make check` found, from the .trs files of the TAP driver beside LOG (its output;
# STATUS its exit status). Shows the failures, says why tests were skipped, and ends with one line
# "N passed, N failed". Exits 1 on a failure, and where nothing passed.
set -eu
log=$1
dir=$(dirname "$log")/tests
results () {
  find "$dir" -name '*.trs' -exec cat {} + 2>/dev/null | sed -n 's/^:test-result: \([A-Z]*\).*/\1/p'
}
passed=$(results | grep -cE '^(PASS|XFAIL)$' || :)
failed=$(results | grep -cE '^(FAIL|XPASS|ERROR)$' || :)
skipped=$(results | grep -c '^SKIP$' || :)

grep -E '^(FAIL|XPASS|ERROR): ' "$log" || :
find "$dir" -name '*.trs' -exec grep -lE '^:test-result: (FAIL|XPASS|ERROR)' {} + 2>/dev/null | sort | while read -r trs; do
  echo "--- ${trs%.trs}.log"
  grep -vE '^(ok|(PASS|FAIL|XPASS|ERROR|SKIP):) ' "${trs%.trs}.log" | tail -n 60
done
if [ "$2" -ne 0 ] && [ "$failed" -eq 0 ]; then # no test says so: something did not build, or make broke off
  failed=1
  tail -n 40 "$log"
fi
if [ "$skipped" -gt 0 ]; then
  most=10
  [ "${CI-}" != true ] || most=100000
  grep '^SKIP: ' "$log" | head -n "$most"
  [ "$skipped" -le "$most" ] || echo "and $((skipped - most)) more skipped; all of them in $log"
fi
line="$passed passed, $failed failed"
[ "$skipped" -eq 0 ] || line="$line, $skipped skipped"
echo "$line"
[ "$failed" -eq 0 ] && [ "$passed" -gt 0 ]
