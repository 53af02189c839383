#!/bin/sh
# postpacket-case(5) is clean mdoc, and its example is a case that loads.
. "$TOP_SRCDIR/tests/cli/lib.sh"
page=$TOP_SRCDIR/cmd/man/postpacket-case.5
sed -n '/^\.\\" example begins/,/^\.\\" example ends/{/^\./!p;}' "$page" > "$tmp/case.json"
check "the page has an example" test -s "$tmp/case.json"
# Its files are not there, which is said only after the case itself was found right (a bad case is 65).
code "the example loads" 66 "$pp" build "$tmp/case.json"
if command -v mandoc >/dev/null; then
  # Pages that are not installed yet cannot be found.
  mandoc -T lint "$page" | grep -v 'referenced manual not found' > "$tmp/lint" || true
  check "mandoc finds nothing" diff /dev/null "$tmp/lint"
fi
finish
