#!/bin/sh
# Each line of README.md between ```sh demo and ``` runs as it stands; only build may end with 1 (findings).
. "$TOP_SRCDIR/tests/cli/lib.sh"
[ -d "$TOP_SRCDIR/samples/outage" ] || skip "samples/outage is not there"
awk '/^```sh demo$/ { on = 1; next } /^```/ { on = 0 } on && NF' "$TOP_SRCDIR/README.md" >"$tmp/lines"
check "README has lines to run" test -s "$tmp/lines"
ln -s "$TOP_SRCDIR/samples" "$tmp/samples"
cd "$tmp"
PATH=$(dirname "$pp"):$PATH
export PATH
while IFS= read -r line; do
  want=0
  case $line in "postpacket build "*) want=1 ;; esac
  set +e; sh -c "$line" >out 2>err </dev/null; got=$?; set -e
  if [ "$got" -eq 0 ] || [ "$got" -eq "$want" ]; then ok "$line"; else
    sed 's/^/# /' err; echo "# exit $got"; not_ok "$line"; fi
done <lines
finish
