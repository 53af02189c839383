#!/bin/sh
# Each fuzz target replays its corpus; a target without one is a mistake.
. "$TOP_SRCDIR/tests/cli/lib.sh"
for t in "$G_TEST_BUILDDIR"/fuzz/fuzz-*; do
  [ -x "$t" ] && [ -f "$t" ] || continue
  case $t in *.o) continue ;; esac
  name=${t##*/fuzz-}
  check "fuzz-$name replays its corpus" "$t" "$G_TEST_SRCDIR/fuzz/corpus/$name"/*
done
[ "$count" -gt 0 ] || skip "no fuzz target is built"
finish
