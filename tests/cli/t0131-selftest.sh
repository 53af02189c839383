#!/bin/sh
# The self-test shows its surfaces and encodings, and that nothing gets through.
. "$TOP_SRCDIR/tests/cli/lib.sh"
code "everything is caught" 0 "$pp" selftest
check "surfaces are listed" grep -q '^ *[0-9]*  body, quoted-printable$' "$tmp/out"
check "encodings are listed" grep -q '^base64url in a query  *+' "$tmp/out"
check "nothing was missed" sh -c "! grep -Eq '  [-!](  |$)' '$tmp/out'"
check "and the sum says so" grep -Eq '^good: [0-9,]+ canaries planted .*, 0 not caught$' "$tmp/out"
code "as JSON" 0 "$pp" selftest --json
check "each pair is in it" sh -c "[ \$(grep -c '\"caught\": true' '$tmp/out') -gt 1500 ]"
code "quietly" 0 "$pp" selftest --quiet
check "nothing is printed" test ! -s "$tmp/out"
code "an operand" 64 "$pp" selftest more
finish
