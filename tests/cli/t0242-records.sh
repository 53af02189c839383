#!/bin/sh
# Records of services that are mostly written alike: what is told of them at a glance is what reading each line by itself tells,
# with every width of vectors and with two threads.
. "$TOP_SRCDIR/tests/cli/lib.sh"
command -v python3 >/dev/null || skip "python3 is missing: it makes the records"
export SOURCE_DATE_EPOCH=1798830000
# With --apple-only damaged lines that name nothing of Apple's are not looked at.
unread='/unrecognised/d;/of no form/d'
records () { python3 "$TOP_SRCDIR/tests/tools/make-records.py" "$@"; }
log=$tmp/records
for kind in kumo sendgrid; do
  for seed in 1 2 3; do
    records "$kind" "$seed" $((seed * 1000)) "$log"
    for only in "" --apple-only; do
      glanced "$kind $seed" "$log" $only
      check "$kind $seed $only: something was read" grep -q '"lines": [0-9]' "$tmp/reference"
    done
  done
done
# Several records in a line, as a webhook's bodies are kept, or all of them in one.
for kind in kumo sendgrid; do
  for seed in 5 6; do
    records "$kind" "$seed" $((seed * 400)) "$log" rows
    for only in "" --apple-only; do
      glanced "$kind $seed in rows" "$log" $only
    done
    told --events --reference "$log" >"$tmp/reference"
    told --events "$log" >"$tmp/glanced"
    same "$kind $seed in rows: each event and its line" "$tmp/reference" "$tmp/glanced"
  done
  python3 "$TOP_SRCDIR/tests/bench/genlog.py" $kind 1 "$tmp/$kind"
  { printf '['; paste -s -d, "$tmp/$kind" | tr -d '\n'; printf ']'; } >"$log"
  for only in "" --apple-only; do
    told $only "$tmp/$kind" | sed '/"lines"\|"bytes"\|"file"\|"path"/d' >"$tmp/reference"
    told $only "$log" | sed '/"lines"\|"bytes"\|"file"\|"path"/d' >"$tmp/glanced"
    same "$kind in one line says what it does in many${only:+, $only}" "$tmp/reference" "$tmp/glanced"
  done
done
# One behind the other without a line end, as Firehose stores them: wherever the text ends, and whatever is in its last line.
for kind in kumo sendgrid; do
  for lines in 199 200 201 230 260 290 320 350 380 410; do
    head -n "$lines" "$tmp/$kind" >"$tmp/lines"
    tr -d '\n' <"$tmp/lines" >"$log"
    told "$tmp/lines" | sed '/"lines"\|"bytes"\|"file"\|"path"/d' >"$tmp/reference"
    told "$log" | sed '/"lines"\|"bytes"\|"file"\|"path"/d' >"$tmp/glanced"
    same "$lines of $kind without line ends" "$tmp/reference" "$tmp/glanced"
  done
done
# With a returned mail in each third, whose end may be an escape: the rest is read.
python3 - "$tmp/sendgrid" "$tmp/lines" "$tmp/list" "$log" <<'END'
import json, sys
with open(sys.argv[1]) as f:
    records = [json.loads(line) for line in f][:300]
def text(mails):
    return [json.dumps(dict(dump="\u00fc\\\"{}, {}" * (4000 + i) if mails and i % 3 == 0 else "", **r)) for i, r in enumerate(records)]
for path, begin, between, end, mails in ((2, "", "\n", "\n", False), (3, "[", ", ", "]\n", True), (4, "", "\n", "\n", True)):
    with open(sys.argv[path], "w") as f:
        f.write(begin + between.join(text(mails)) + end)
END
told "$tmp/lines" | sed '/"lines"\|"bytes"\|"file"\|"path"/d' >"$tmp/reference"
for file in "$log" "$tmp/list"; do
  told "$file" | sed '/"lines"\|"bytes"\|"file"\|"path"/d' >"$tmp/glanced"
  same "records with long strings in ${file##*/}" "$tmp/reference" "$tmp/glanced"
done
# A file of more blocks than one thread takes.
records kumo 4 5000 "$log"
told --reference "$log" >"$tmp/reference"
told --jobs 2 "$log" >"$tmp/glanced"
same "kumo with two threads" "$tmp/reference" "$tmp/glanced"
# Two services' records in one file, at its end only some that nobody reads: what is told of the service is no chance.
for kind in kumo sendgrid; do
  python3 "$TOP_SRCDIR/tests/bench/genlog.py" $kind 1 "$tmp/$kind"
done
{ head -n 1000 "$tmp/kumo"; head -n 20 "$tmp/sendgrid"; grep Delivery "$tmp/kumo" | grep -v -e icloud -e me.com -e mac.com | tail -n 50; } >"$tmp/both"
glanced "records of two services" "$tmp/both"
# Escapes that hide no name, and some that do; in values that nobody asks for, in others, and in some that are no escapes.
sed -e 's|"timestamp":|"url":"https:\\/\\/example.com\\/\\"","timestamp":|' -e 's/7@icloud/7\\u0040icloud/' -e 's/8@icloud.com/8@\\u0069cloud\\u002ecom/' \
  -e 's/Ok: queued as \([0-9A-F]*\)/OK \\"\1\\"/' -e '3~4s/"newsletter"/"Gr\\u00fc\\u00dfe"/' -e '5~9s/"email":"r/"email":"\\u0072/' -e '7~50s/OK /\\q/' \
  "$tmp/sendgrid" >"$tmp/escaped"
check "escapes are there" grep -q '8@.u0069cloud.u002ecom.*example.com./."' "$tmp/escaped"
glanced escapes "$tmp/escaped"
glanced escapes "$tmp/escaped" --apple-only
# More lines in a block than it has room for one by one, none of them a record.
{ head -n 500 "$log"; python3 -c 'print("{\"}\n" * 100000 + "{\"a\":1},\n" * 50000, end="")'; tail -n 500 "$log"; } >"$tmp/short"
glanced "short lines" "$tmp/short" --apple-only
check "short lines: all were counted" grep -q '"lines": 151000,' "$tmp/reference"
finish
