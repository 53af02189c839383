#!/bin/sh
# Instructions a line, counted by valgrind: what the machine is busy with does not matter. golden/instructions.txt holds the figures of
# gcc 12 -O2 on x86-64, in the C library's plain code; over a tenth more fails.
. "$TOP_SRCDIR/tests/cli/lib.sh"
command -v valgrind >/dev/null || skip "valgrind is missing: it counts instructions"
command -v python3 >/dev/null || skip "python3 is missing: it makes the logs"
[ "$(uname -m)" = x86_64 ] || skip "the figures are of x86-64"
made () { sed -n "s/^$1 = *//p" "$G_TEST_BUILDDIR/../Makefile" | head -1; }
# shellcheck disable=SC2046 # "ccache gcc" is two words
case $($(made CC) -dumpfullversion 2>/dev/null)/$(made CC) in
  12.*gcc*) ;;
  *) skip "the figures are of gcc 12, this is $(made CC)" ;;
esac
case " $(made CFLAGS) $(made AM_CFLAGS) " in
  *fsanitize*) skip "sanitizers count along" ;;
  *" -O2 "*) ;;
  *) skip "the figures are of -O2, this is $(made CFLAGS)" ;;
esac
export GLIBC_TUNABLES=glibc.cpu.hwcaps=-AVX2,-AVX512F,-AVX512VL,-AVX512BW
# instructions LOG: of a whole run.
instructions () {
  valgrind --tool=callgrind --callgrind-out-file=/dev/null "$pp" scan --json --quiet --jobs 1 "$1" 2>&1 >/dev/null \
    | sed -n 's/.*Collected : \([0-9]*\).*/\1/p'
}
while read -r kind stored; do
  for megabytes in 1 3; do
    python3 "$TOP_SRCDIR/tests/bench/genlog.py" "$kind" $megabytes "$tmp/$megabytes.log"
  done
  few=$(instructions "$tmp/1.log") many=$(instructions "$tmp/3.log")
  lines=$(($(wc -l <"$tmp/3.log") - $(wc -l <"$tmp/1.log")))
  now=$(((many - few) / lines))
  echo "# $kind: $now instructions a line, $stored stored"
  [ $((now * 10)) -ge $((stored * 9)) ] || echo "# $kind: that is better; write it into tests/golden/instructions.txt"
  check "$kind: no more than a tenth over $stored instructions a line" test $((now * 10)) -le $((stored * 11))
done <"$TOP_SRCDIR/tests/golden/instructions.txt"
finish
