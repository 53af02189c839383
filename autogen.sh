#!/bin/sh
# ./autogen.sh                write ./configure (autoreconf); then ./configure && make, as ever
# ./autogen.sh demo           install what is missing, build under build/, run the sample case
# ./autogen.sh check [ARG...] the same, then all tests; ARGs go to configure
# ./autogen.sh deps SET...    only install what is missing of build, test, ci (tests/tools/packages.sh)
set -eu
cd "$(dirname "$0")"
top=$(pwd)
. tests/tools/packages.sh
. tests/tools/axe.sh

usage () {
  sed -n 's/^# \(\.\/autogen.*\)/\1/p' autogen.sh
}

write_configure () {
  autoreconf --force --install --warnings=all
}

# The files of the project without what a build leaves: those git knows or would add, else all but
# build folders and products.
source_files () {
  git -c safe.directory="$top" ls-files -z --cached --others --exclude-standard 2>/dev/null \
    | tr '\0' '\n' | grep . \
    || find . \( -name .deps -o -name autom4te.cache -o -name build -o -name 'build-*' \
      -o -name .git -o -path './postpacket-[0-9]*' \) -prune -o -type f \
      ! -name '*.o' ! -name '*.a' ! -name '*.trs' ! -name .dirstamp ! -path ./postpacket \
      ! \( -name '*.log' ! -path './samples/*' \) \
      ! -path './config.*' ! -path ./configure ! -path ./Makefile ! -path ./Makefile.in \
      ! -path ./stamp-h1 ! -path ./aclocal.m4 ! \( -path './tests/unit/test-*' ! -name '*.*' \) \
      ! \( -path './tests/fuzz/fuzz-*' ! -name '*.*' \) -print
}

# A source tree that is configured itself cannot be built elsewhere, and its objects would be taken
# for ours: then build/src is a clean copy of it. Times are kept, so that only changes are rebuilt.
choose_source () {
  src=$top from_build=..
  rm -rf build/src
  [ -e config.status ] || [ -e Makefile ] || [ -e libpacket.a ] || return 0
  src=$top/build/src from_build=src
  say "autogen.sh: this tree is configured itself; building a clean copy of it in build/src"
  mkdir -p build/src
  source_files | while IFS= read -r f; do
    [ ! -e "$f" ] || printf '%s\n' "$f"
  done | tar -cf - -T - | tar -xpf - -C build/src
}

# step NAME COMMAND...: keeps the output in build/NAME.log and shows it only where it fails.
step () {
  say "autogen.sh: $1"
  log=$top/build/$1.log
  shift
  "$@" >"$log" 2>&1 && return
  tail -n 40 "$log" >&2
  say "autogen.sh: '$*' failed; all of it is in $log"
  return 1
}

configured () {
  [ -e build/config.status ] && [ -e build/Makefile ] \
    && grep -qxF "top_srcdir = $from_build" build/Makefile \
    && grep -qxF "abs_top_builddir = $top/build" build/Makefile
}

# Configures (again, where arguments are given or the source moved) and builds. make itself sees to
# changed configure.ac and Makefile fragments.
build () {
  install_missing build "$@"
  mkdir -p build
  choose_source
  [ -e "$src/configure" ] && [ -e "$src/Makefile.in" ] && [ -e "$src/config.h.in" ] \
    || (cd "$src" && step autoreconf write_configure) || return
  if [ -n "$configure_args" ] || ! configured; then
    [ ! -e build/Makefile ] || (cd build && make -s distclean) >/dev/null 2>&1 || :
    (cd build && eval "step configure $from_build/configure $configure_args") || return
  fi
  (cd build && step make make -j"$(jobs)")
}

jobs () {
  nproc 2>/dev/null || getconf _NPROCESSORS_ONLN 2>/dev/null || echo 1
}

quote_args () {
  for a in "$@"; do
    printf " '%s'" "$(printf '%s' "$a" | sed "s/'/'\\\\''/g")"
  done
}

# Root in somebody else's tree (sudo ./autogen.sh): what was made is handed to the tree's owner.
hand_over () {
  [ "$(id -u)" -eq 0 ] || return 0
  for f in build build-aux m4 autom4te.cache aclocal.m4 configure config.h.in Makefile.in; do
    [ ! -e "$f" ] || chown -R -h --reference=. "$f" 2>/dev/null || :
  done
}

demo () {
  build
  export POSTPACKET="$top/build/postpacket" TOP_SRCDIR="$src"
  if [ ! -e samples/outage/run-demo.sh ]; then
    "$POSTPACKET" --help
    return
  fi
  status=0
  (cd build && sh "$src/samples/outage/run-demo.sh" "$POSTPACKET") || status=$?
  [ "$status" -ne 1 ] || status=0 # done, with findings: that is what the sample shows
  return "$status"
}

# Every TAP line of every test counts; a test without a result is a failure.
check () {
  build test || { echo "0 passed, 1 failed"; return 1; }
  (cd build && find tests \( -name '*.trs' -o -name '*.log' \) -exec rm -f {} + 2>/dev/null) || :
  status=0
  say "autogen.sh: make check"
  (cd build && make -j"$(jobs)" check AM_COLOR_TESTS=no) >build/check.log 2>&1 || status=$?
  sh tests/tools/count.sh build/check.log "$status"
}

# What tests use and no distribution has; they skip what is missing.
test_tools () {
  if ! command -v npm >/dev/null 2>&1; then
    say "autogen.sh: npm is missing, so the test of review.html goes without axe-core"
  elif ! fetch_axe; then
    say "autogen.sh: npm could not fetch axe-core; the test of review.html goes without it"
  fi
}

verb=${1-configure}
[ $# -eq 0 ] || shift
case $verb in
  demo | check) configure_args=$(quote_args "$@"); trap hand_over EXIT; "$verb" ;;
  deps)
    install_missing "$@"
    case " $* " in *" ci "*) test_tools ;; esac ;;
  configure)
    command -v autoreconf >/dev/null 2>&1 \
      || stop "autoreconf is missing; this installs what the build needs:" "./autogen.sh deps build"
    write_configure ;;
  -h | --help) usage ;;
  *) usage >&2; exit 64 ;;
esac
