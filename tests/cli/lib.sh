# shellcheck shell=sh
# Sourced by each CLI test: TAP lines, a temporary folder, and no trace of the user's own files.
set -eu
tmp=$(mktemp -d)
# Tests hand paths on in lists of words and to other programs' commands: no blanks in them.
case $tmp in *[[:blank:]]*) rmdir "$tmp"; tmp=$(TMPDIR=/tmp mktemp -d) ;; esac
trap 'rm -rf "$tmp"' EXIT
export LC_ALL=C.UTF-8 TZ=UTC # as `make check` sets them: a script may be run by itself
export POSTPACKET_BROWSER=none # a test that runs one says so
export HOME="$tmp/home" XDG_STATE_HOME="$tmp/state" SOURCE_DATE_EPOCH="${SOURCE_DATE_EPOCH-1798900000}"
mkdir -p "$HOME"
pp=$POSTPACKET
count=0
ok () { count=$((count + 1)); echo "ok $count - $1"; }
not_ok () { count=$((count + 1)); echo "not ok $count - $1"; }
# check NAME COMMAND...: passes when the command does; its output is shown only when it fails.
check () {
  name=$1; shift
  if "$@" >"$tmp/.out" 2>&1; then ok "$name"; else sed 's/^/# /' "$tmp/.out"; not_ok "$name"; fi
}
# code NAME STATUS COMMAND...: passes when the command ends with STATUS; leaves $tmp/out and $tmp/err.
code () {
  name=$1; want=$2; shift 2
  set +e; "$@" >"$tmp/out" 2>"$tmp/err" </dev/null; got=$?; set -e
  if [ "$got" -eq "$want" ]; then ok "$name"; else
    echo "# exit $got, wanted $want"; sed 's/^/# /' "$tmp/err" | head -20; not_ok "$name"; fi
}
# same NAME FILE GOLDEN: passes when both are equal; shows the difference.
same () { check "$1" diff -u "$3" "$2"; }
# glanced NAME LOG [OPTION...]: passes when what is told of the log's lines at a glance is what reading each by itself tells, with
# every width of vectors; leaves the latter in $tmp/reference. unread: a sed script for what need not be told with --apple-only.
told () {
  case " $* " in *" --apple-only "*) drop=${unread:-} ;; *) drop= ;; esac
  "$pp" scan --json --quiet "$@" 2>/dev/null | sed "$drop"
}
glanced () {
  what=$1 of=$2; shift 2
  told --reference "$@" "$of" >"$tmp/reference"
  [ -s "$tmp/reference" ] || not_ok "$what: nothing is read"
  for simd in none avx2 usual; do
    POSTPACKET_SIMD=$simd told --jobs 1 "$@" "$of" >"$tmp/glanced"
    same "$what${*:+ $*} with $simd" "$tmp/reference" "$tmp/glanced"
  done
}
skip () { echo "1..0 # SKIP $1"; exit 0; }
finish () { echo "1..$count"; }
