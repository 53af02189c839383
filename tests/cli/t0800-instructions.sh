#!/bin/sh
# Instructions a line, a bounce and a build, counted by valgrind: what the machine is busy with does not matter.
# golden/instructions.txt holds the figures of gcc 12 -O2 on x86-64, in the C library's plain code; over a tenth more fails.
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
! grep -q '^#define PKT_NO_SIMD' "$G_TEST_BUILDDIR/../config.h" || skip "the figures are of 16 bytes at once, this is one"
export GLIBC_TUNABLES=glibc.cpu.hwcaps=-AVX2,-AVX512F,-AVX512VL,-AVX512BW POSTPACKET_SIMD=none
# instructions WORD...: of a whole run of postpacket.
instructions () {
  valgrind --tool=callgrind --callgrind-out-file=/dev/null "$pp" "$@" </dev/null 2>&1 >/dev/null | sed -n 's/.*Collected : \([0-9]*\).*/\1/p'
}
# weigh KIND NOW STORED UNIT
weigh () {
  echo "# $1: $2 $4, $3 stored"
  [ $(($2 * 10)) -ge $(($3 * 9)) ] || echo "# $1: that is better; write it into tests/golden/instructions.txt"
  check "$1: no more than a tenth over $3 $4" test $(($2 * 10)) -le $(($3 * 11))
}
# make_log KIND SIZE FILE: Postfix's lines, too, as docker compose and RFC 5424 have them, and in a folder of two pieces, as a log
# is rotated; the first begins with lines that tell of no delivery.
make_log () {
  python3 "$TOP_SRCDIR/tests/bench/genlog.py" "${1%-in-*}" "$2" "$3"
  case $1 in
    *-in-compose) sed 's/^/mail-1  | /' "$3" >"$3.in" ;;
    *-in-5424) sed 's/^Nov  *\([0-9]*\) \([^ ]*\) \([^ ]*\) \([^[ ]*\)\[\([0-9]*\)\]: /<22>1 2026-11-0\1T\2+01:00 \3 \4 \5 - - /' "$3" >"$3.in" ;;
    *-in-pieces)
      mkdir "$3.in"
      { grep -F 'smtpd[' "$3" | head -n 30; cat "$3"; } | split -l $(($(wc -l <"$3") / 2 + 30)) - "$3.in/mail.log."
      rm "$3" ;;
    *) return ;;
  esac
  mv "$3.in" "$3"
}
lines_of () { find "$1" -type f -exec cat {} + | wc -l; }
while read -r kind stored; do
  case $kind in
    build)
      export SOURCE_DATE_EPOCH=1798830000
      sample=$TOP_SRCDIR/samples/outage
      all=$(instructions build --quiet --key "$sample/key" --map mta1=192.0.2.10 --map mta2=192.0.2.11 --output "$tmp/packet" "$sample/case.json")
      weigh "build of samples/outage" $((all / 1000000)) "$stored" "million instructions"
      continue ;;
    bounces) size=200 ;;
    *) size=3 ;; # with a reply of each kind: what is made when one is met first counts nowhere
  esac
  for n in $size $((size * 3)); do
    make_log "$kind" "$n" "$tmp/$kind.$n"
  done
  few=$(instructions scan --json --quiet --jobs 1 "$tmp/$kind.$size") many=$(instructions scan --json --quiet --jobs 1 "$tmp/$kind.$((size * 3))")
  case $kind in
    bounces) weigh "$kind" $(((many - few) / (size * 2))) "$stored" "instructions a mail" ;;
    *)
      lines=$(($(lines_of "$tmp/$kind.$((size * 3))") - $(lines_of "$tmp/$kind.$size")))
      weigh "$kind" $(((many - few) / lines)) "$stored" "instructions a line" ;;
  esac
done <"$TOP_SRCDIR/tests/golden/instructions.txt"
finish
