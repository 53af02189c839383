#!/bin/sh
. "$TOP_SRCDIR/tests/cli/lib.sh"
code "help on stdout" 0 "$pp" --help
check "help starts with Usage" grep -q '^Usage: postpacket' "$tmp/out"
code "no command is a usage error" 64 "$pp"
code "an unknown command is a usage error" 64 "$pp" nonsense
code "version" 0 "$pp" --version
for c in $("$pp" --commands); do
  code "$c --help" 0 "$pp" "$c" --help
  check "$c --help starts with Usage" grep -q '^Usage:' "$tmp/out"
  cp "$tmp/out" "$tmp/usage"
  code "help $c" 0 "$pp" help "$c"
  same "help $c says the same" "$tmp/out" "$tmp/usage"
  if command -v python3 >/dev/null; then
    check "it fits a terminal of 80 columns" test "$(python3 "$TOP_SRCDIR/tests/tools/in-terminal.py" 80 "$pp" "$c" --help)" -le 80
    python3 "$TOP_SRCDIR/tests/tools/in-terminal.py" --shown 80 "$pp" "$c" --help | tr -d ' \n' >"$tmp/narrow"
    check "and says there what it says" test "$(cat "$tmp/narrow")" = "$(tr -d ' \n' <"$tmp/usage")"
  fi
  code "$c refuses an unknown option" 64 "$pp" "$c" --no-such-option
done
finish
