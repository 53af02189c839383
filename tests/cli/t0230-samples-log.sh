#!/bin/sh
# Each sample gives what its golden file says: samples/log/FORMAT/NAME.log and NAME.jsonl. UPDATE_GOLDEN=1 writes the latter.
# NAME.options: options of that file in place of the usual ones. NAME.todo: why the program does not yet do what the golden
# file (written by hand) asks for; it is left alone by UPDATE_GOLDEN, and goes when the test passes.
. "$TOP_SRCDIR/tests/cli/lib.sh"
export SOURCE_DATE_EPOCH=1798830000
events () { # FORMAT NAME
  set -- "$1" "$2" $(cat "$2.options" 2>/dev/null || echo --year 2026 --log-timezone UTC)
  format=$1 name=$2; shift 2
  "$pp" scan --events --quiet --format "$format" "$@" "$name.log"
}
compare () { # FORMAT NAME: as `same`, a difference that is known is no failure
  if [ ! -f "$2.todo" ]; then same "$1/$2: as expected" "$tmp/out" "$2.jsonl"; return; fi
  count=$((count + 1))
  if diff "$2.jsonl" "$tmp/out" >/dev/null; then echo "ok $count - $1/$2: as expected # TODO remove $2.todo"
  else echo "not ok $count - $1/$2: as expected # TODO $(head -1 "$2.todo")"; fi
}
for folder in "$TOP_SRCDIR"/samples/log/*/; do
  format=$(basename "$folder")
  cd "$folder"
  for log in *.log; do
    [ -e "$log" ] || continue # exports have their own walk
    name=${log%.log}
    if [ -n "${UPDATE_GOLDEN-}" ] && [ ! -f "$name.todo" ]; then events "$format" "$name" >"$name.jsonl" || true; fi
    code "$format/$name: is read" 0 events "$format" "$name"
    compare "$format" "$name"
  done
done
finish
