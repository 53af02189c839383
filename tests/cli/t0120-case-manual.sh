#!/bin/sh
# postpacket-case(5) is clean mdoc, and its example is a case that loads.
. "$TOP_SRCDIR/tests/cli/lib.sh"
page=$TOP_SRCDIR/cmd/man/postpacket-case.5
sed -n '/^\.\\" example begins/,/^\.\\" example ends/{/^\./!p;}' "$page" > "$tmp/case.json"
check "the page has an example" test -s "$tmp/case.json"
check "the example loads" env CASE_FILE="$tmp/case.json" "$G_TEST_BUILDDIR/unit/test-model-case" -p /model/case/file
if command -v mandoc >/dev/null; then
  # Pages that are not installed yet cannot be found.
  mandoc -T lint "$page" | grep -v 'referenced manual not found' > "$tmp/lint" || true
  check "mandoc finds nothing" diff /dev/null "$tmp/lint"
fi
finish
