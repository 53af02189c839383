#!/bin/sh
# --map-file as JSON: what is wrong in it is said with its place; what it maps is in samples/log (t0230, t0240).
. "$TOP_SRCDIR/tests/cli/lib.sh"
cd "$tmp"
printf '{"recipient":"a@icloud.com"}\n' >log
refused () { # NAME WORDS MAP
  printf '%s\n' "$3" >map
  code "$1: refused" 65 "$pp" scan --map-file map log
  check "$1: where and what" grep -qF -- "$2" "$tmp/err"
  check "$1: nothing on stdout" test ! -s "$tmp/out"
}
refused "no JSON" "map:2:" '{'
refused "no time" 'map:1:1: $: does not say where recipient and time stand' '{"fields":{"recipient":"a"}}'
refused "a number for a name" 'map:1:35: $.fields.time: is no text' '{"fields":{"recipient":"a","time":3}}'
refused "no such field" '$.fields.foo: is no field' '{"fields":{"recipient":"a","time":"b","foo":"c"}}'
refused "no such key" '$.x: is not known' '{"fields":{"recipient":"a","time":"b"},"x":1}'
refused "doubled key" 'map:1:' '{"line":"{a} {b}","line":"{a} {b}"}'
refused "a name of signs" '$.fields.time: is no name' '{"fields":{"recipient":"a","time":"--"}}'
refused "two names without anything between" '$.line: is no line' '{"line":"{a}{b}"}'
refused "a brace that stays open" '$.line: is no line' '{"line":"{a} {b"}'
refused "no such service" '$.extends: is no service' '{"extends":"nope"}'
refused "separator of two" '$.separator: is no separator' '{"columns":["recipient","time"],"separator":"ab"}'
refused "no outcome" '$.events.nope: is no outcome' '{"fields":{"recipient":"a","time":"b"},"events":{"nope":["x"]}}'
refused "a list without marks" 'no marks' '{"fields":{"recipient":"a","time":"b"},"each":"list"}'
refused "a default of no outcome" '$.default: is no outcome' '{"fields":{"recipient":"a","time":"b"},"default":"maybe"}'
refused "a word for a flag" '$.us_dates: is no truth value' '{"fields":{"recipient":"a","time":"b"},"us_dates":"yes"}'
refused "month and day first" 'has month and day first' '{"columns":["recipient","time"],"us_dates":true,"day_first":true}'
refused "prose of a third kind" '$.prose: is neither' '{"fields":{"recipient":"a","time":"b"},"prose":"poem"}'
refused "a word of no outcome" '$.own_words.filter: is no outcome' '{"fields":{"recipient":"a","time":"b"},"own_words":{"filter":"maybe"}}'
refused "words that are no object" '$.own_words: is no object' '{"fields":{"recipient":"a","time":"b"},"own_words":["filter"]}'
names=$(seq 1 400 | sed 's/.*/"n&"/' | tr '\n' ',')
refused "too many names" 'too many names' "{\"fields\":{\"recipient\":[${names%,}],\"time\":\"t\"}}"
printf '\357\273\277{ "columns": ["recipient", "time", "event"],\r\n "separator": "|" }\r\n' >map
printf 'a@icloud.com|2026-05-18T14:00:41Z|delivered\nb@icloud.com|2026-05-18T14:00:42Z|bounce\nc@example.net|2026-05-18T14:00:42Z|x\n\nbroken\n' >log
code "a map with BOM and CRLF" 0 "$pp" scan --json --quiet --map-file map log
check "words are those of the map alone" grep -q '"attempts": 1,' "$tmp/out"
printf '{ "columns": ["recipient", "time", "event"], "separator": "|", "events": { "delivered": "delivered", "bounced": "bounce" } }' >map
code "a map with words" 0 "$pp" scan --json --quiet --map-file map log
check "words: counted" grep -q '"attempts": 2,' "$tmp/out"
check "a broken line is counted" grep -q '"unrecognised": 1,' "$tmp/out"
# Month or day first, and what a row without a word of its own came to.
printf 'a@icloud.com|05/06/2026 14:00:41|\n' >dates
for first in us_dates/2026-05-06 day_first/2026-06-05; do
  printf '{ "columns": ["recipient", "time", "event"], "separator": "|", "default": "delivered", "%s": true }' "${first%/*}" >map.dates
  code "${first%/*}" 0 "$pp" scan --json --quiet --map-file map.dates dates
  check "${first%/*}: the day" grep -q "\"date\": \"${first#*/}\"" "$tmp/out"
  check "${first%/*}: the default" sh -c 'grep -A 1 "\"apple\"" "$1" | grep -q "\"delivered\": 1,"' sh "$tmp/out"
done
printf '{ "columns": ["recipient", "time", "event"], "separator": "|", "default": "delivered" }' >map.dates
code "without either it may be two days" 65 "$pp" scan --quiet --map-file map.dates dates
# Which format a file is, with the map and without.
code "probe with a map" 0 "$pp" formats --probe log --map-file map
check "it is the user's" grep -q '^log: mapped ' "$tmp/out"
code "probe as JSON" 0 "$pp" formats --json --probe log --map-file map
check "the same" sh -c 'grep -q "\"format\": \"mapped\"" "$1" && grep -q "\"path\": \"log\"" "$1" && grep -q "\"why\": \"." "$1"' sh "$tmp/out"
code "a log without --probe" 64 "$pp" formats log
check "is told how" grep -q 'write --probe log' "$tmp/err"
code "probe without" 65 "$pp" formats --probe log
echo 'mta1=192.0.2.10' >ips
code "a map of IPs tells no form" 64 "$pp" formats --probe log --map-file ips
check "said" grep -q 'does not say what the columns or keys' "$tmp/err"
code "it may come from a pipe" 0 sh -c 'cat map | "$1" scan --quiet --json --map-file /dev/stdin log' sh "$pp"
finish
