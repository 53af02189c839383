#!/bin/sh
# Every C file is as .clang-format has it, and no text file has stray blanks or carriage returns.
. "$TOP_SRCDIR/tests/cli/lib.sh"
cd "$TOP_SRCDIR"
# Files of the project only: a build in the tree leaves others.
sources () {
  find cmd packet tests -name '*.[ch]' ! -name data-table.c | sort
}
texts () {
  { sources; find cmd packet tests/cli tests/tools tests/*.* autogen.sh configure.ac Makefile.am README.md -type f \
    \( -name '*.sh' -o -name '*.inc' -o -name '*.am' -o -name '*.ac' -o -name '*.md' -o -name '*.[1-9]' \); } | sort -u
}
texts >"$tmp/texts"
check "there are sources" test -n "$(sources)"
check "no blank at a line's end, no carriage return" awk '
  /[ \t\r]$/ { print FILENAME ":" FNR; bad = 1 } END { exit bad }' $(cat "$tmp/texts")
check "no tab in C" awk '/\t/ { print FILENAME ":" FNR; bad = 1 } END { exit bad }' $(sources)
for f in autogen.sh $(find tests templates samples -name '*.sh' 2>/dev/null | sort); do
  check "sh reads $f" sh -n "$f"
done
name="clang-format has nothing to change"
if ! command -v clang-format >/dev/null; then
  ok "$name # SKIP clang-format is not installed"
elif ! clang-format --version | grep -q 'version 14\.'; then
  ok "$name # SKIP only version 14 decides; this is $(clang-format --version | grep -o 'version [0-9.]*')"
else
  check "$name" clang-format --dry-run -Werror $(sources)
fi
finish
