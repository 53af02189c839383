#!/bin/sh
# postpacket trend: table, CSV, JSON and Apple's copy of ten days, refused on the last two.
. "$TOP_SRCDIR/tests/cli/lib.sh"
has () { check "$1" grep -qF -- "$2" "$tmp/out"; }

awk 'BEGIN {
  for (day = 1; day <= 10; day++)
    for (i = 0; i < 40; i++) {
      refused = day > 8 && i % 5 < 2
      at = sprintf ("2026-05-%02dT14:%02d:%02d+00:00 mta1 postfix/smtp[77]:", day, i, day)
      id = sprintf ("4gBx%02d%02dZz1k", day, i)
      printf "%s %s: to=<reader%d@icloud.com>, relay=mx01.mail.icloud.com[17.57.156.30]:25, delay=1, delays=0/0/1/0, ", at, id, i
      if (refused)
        print "dsn=5.7.1, status=bounced (host mx01.mail.icloud.com[17.57.156.30] said: 550 5.7.1 [CS02] Message rejected due to local policy. (in reply to end of DATA command))"
      else
        print "dsn=2.0.0, status=sent (250 2.0.0 Ok: queued as 4F6B93C0008B)"
    }
}' > "$tmp/mail.log"

code "the table" 0 "$pp" trend "$tmp/mail.log"
has "a day before" "2026-05-08     40       0"
has "the first day refused" "2026-05-09     40      16  40.0%*"
has "the onset" "Rose 2026-05-09 14:00:09 UTC"
has "the rates" "Refused 0 of 320 before, 32 of 80 (40.0%) since"
has "the rules" "An attempt is one recipient in one delivery try."

code "Apple's CSV" 0 "$pp" trend --csv "$tmp/mail.log"
check "eleven lines, each ends with CRLF" sh -c 'test "$(grep -c "$(printf "\r")$" "$1")" -eq 11' sh "$tmp/out"
has "a row" "2026-05-09,40,24,16,40.00,0,0,"
check "no band, no interval" sh -c '! grep -qiE "escalate|interval" "$1"' sh "$tmp/out"

code "JSON" 0 "$pp" trend --json "$tmp/mail.log"
has "the onset in it" '"rose_at": "2026-05-09T14:00:09Z"'

code "Apple's copy as files" 0 "$pp" trend --output "$tmp/made/here" "$tmp/mail.log"
copy=$tmp/made/here/apple-bounce-trend-2026-05-01_2026-05-10
has "it says where" "$copy.csv"
check "the CSV is there" test -s "$copy.csv"
check "the picture is small" sh -c 'test -s "$1" && test "$(wc -c < "$1")" -lt 61440' sh "$copy.png"
check "what it shows, in words" grep -q "refused by policy of final answers" "$copy-alt.txt"
check "no band in Apple's copy" sh -c '! grep -qiE "escalate|interval" "$1" "$2"' sh "$copy.csv" "$copy-alt.txt"
check "the sender's own CSV" grep -q "2026-05-09,40,24,16,16,0,0.400000,.*,escalate," "$copy-own.csv"
check "the sender's own text" grep -q "From onset on Apple refused 32 of 80" "$copy-own.txt"
check "the sender's own JSON" grep -q '"verdict": "no-others"' "$copy-own.json"
check "nobody else reads it" sh -c 'test "$(stat -c %a "$1")" = 600' sh "$copy.png"
for suffix in .csv .png -own.csv -own.png -own.svg -own.pdf -own.json -own.txt; do
  cp "$copy$suffix" "$tmp/first$suffix"
done
check "the SVG says in words what it shows" grep -q "<desc>2026-05-0" "$copy-own.svg"
code "nothing is overwritten" 73 "$pp" trend --output "$tmp/made/here" "$tmp/mail.log"
code "with --force it is" 0 "$pp" trend --force --output "$tmp/made/here" "$tmp/mail.log"
for suffix in .csv .png -own.csv -own.png -own.svg -own.pdf -own.json -own.txt; do
  check "the same bytes: $suffix" cmp "$tmp/first$suffix" "$copy$suffix"
done
# All of them or none.
mkdir -p "$tmp/part/${copy##*/}-own.svg"
code "one that cannot be written" 74 "$pp" trend --force --output "$tmp/part" "$tmp/mail.log"
check "none of the others is there" test "$(ls -A "$tmp/part")" = "${copy##*/}-own.svg"
code "files that may not grow" 74 sh -c 'ulimit -f 4; exec "$@"' sh "$pp" trend --output "$tmp/tight" "$tmp/mail.log"
check "leave no empty folder" test ! -e "$tmp/tight"
if [ -c /dev/full ]; then
  code "nobody reads where they are" 74 sh -c '"$@" >/dev/full' sh "$pp" trend --output "$tmp/unread" "$tmp/mail.log"
  check "all are there all the same" test "$(ls "$tmp/unread")" = "$(ls "$tmp/made/here")"
fi
code "a mark" 0 "$pp" trend --output "$tmp/marked" --mark "2026-05-08=new template" "$tmp/mail.log"
check "is drawn in the sender's picture" sh -c '! cmp -s "$1" "$2"' sh "$tmp/first-own.png" \
  "$tmp/marked/apple-bounce-trend-2026-05-01_2026-05-10-own.png"
check "not in Apple's copy" cmp "$tmp/first.png" "$tmp/marked/apple-bounce-trend-2026-05-01_2026-05-10.png"
code "a mark without a time" 64 "$pp" trend --mark "new template" "$tmp/mail.log"

code "by tag" 0 "$pp" trend --by tag "$tmp/mail.log"
has "the tag's row" "CS02       32          0  8.0%"
code "by stream" 0 "$pp" trend --by stream "$tmp/mail.log"
has "a name that the log does not tell" "(not in the log)"
awk 'BEGIN { for (k = 1; k < 5; k++) {
  t = "2026-05-01T14:0" k ":00+00:00 mta1 postfix/"
  printf t "qmgr[7]: 4gE%dZz1k: from=<news@caf\351-weekly-offers-of-all-our-shops-in-all-cities.example.com>, size=900, nrcpt=1 (queue active)\n", k
  printf t "smtp[7]: 4gE%dZz1k: to=<r%d@icloud.com>, relay=mx01.mail.icloud.com[17.57.156.30]:25, delay=1, delays=0/0/1/0, dsn=2.0.0, status=sent (250 2.0.0 Ok: queued as 4F6B93C0008B)\n", k, k
} }' >"$tmp/latin.log"
code "a sender that is no UTF-8" 0 "$pp" trend --by stream "$tmp/latin.log"
check "is one stream" test "$(grep -c weekly-offers "$tmp/out")" -eq 1
code "by hour" 0 "$pp" trend --hours --timezone Europe/Berlin "$tmp/mail.log"
has "an hour of the zone" "2026-05-09T16:00+02:00     40      16"
code "the sender's own CSV by hour" 0 "$pp" trend --hours --csv "$tmp/mail.log"
has "a row of it" "2026-05-09T14:00+00:00,40,24,16,16"
code "rules above the CSV" 0 "$pp" trend --csv --comments "$tmp/mail.log"
has "as comments" "# An attempt is one recipient in one delivery try."
check "still without bands" sh -c '! grep -qi escalate "$1"' sh "$tmp/out"
code "other bands" 0 "$pp" trend --bands 50,60 "$tmp/mail.log"
has "40 % is healthy then" "healthy"
has "the rules say so" "healthy under 50 %, watch"
code "bands the wrong way round" 64 "$pp" trend --bands 1,0.2 "$tmp/mail.log"
code "no such group" 64 "$pp" trend --by planet "$tmp/mail.log"

awk 'BEGIN { for (i = 0; i < 30; i++)
  printf "2026-05-01T14:%02d:00+00:00 mta1 postfix/smtp[77]: 4gCx%02dZz1k: to=<reader%d@icloud.com>, relay=mx01.mail.icloud.com[17.57.156.30]:25, delay=1, delays=0/0/1/0, dsn=4.7.1, status=deferred (host mx01.mail.icloud.com[17.57.156.30] said: 421 4.7.1 Messages to reader%d@icloud.com deferred due to excessive volume. Try again later - https://support.apple.com/en-us/HT204137 (in reply to RCPT TO command))\n", i, i, i % 3, i % 3
}' > "$tmp/busy.log"
code "recipients who get too much" 0 "$pp" trend "$tmp/busy.log"
check "are told by marks" grep -qE 'excessive volume most often: \[rcpt-[a-z2-7]{8}\]@icloud.com 10, ' "$tmp/out"
check "never by address" sh -c '! grep -q "reader[0-9]" "$1"' sh "$tmp/out"

code "no source" 64 "$pp" trend
code "no such stream" 65 "$pp" trend --stream nobody.example.com "$tmp/mail.log"
check "no result then" test ! -s "$tmp/out"
code "a folder that cannot be made" 73 "$pp" trend --output "$tmp/mail.log/x" "$tmp/mail.log"
code "days of another zone" 0 "$pp" trend --csv --timezone +12:00 "$tmp/mail.log"
has "14:00 UTC is the next day there" "2026-05-11,40,24,16"
# An outage of four days in twenty, and what came after it. again: one refusal more, on the 18th.
over () {
  awk -v again="$1" 'BEGIN { for (d = 1; d <= 20; d++) for (i = 0; i < 60; i++) {
    bad = d > 5 && d < 10 && i % 3 || again && d == 18 && i == 5
    printf "2026-03-%02dT%02d:%02d:00+00:00 mta1 postfix/smtp[77]: 4gD%02d%03dZk: to=<r%d.%d@icloud.com>, relay=mx01.mail.icloud.com[17.57.156.30]:25, delay=1, delays=0/0/1/0, ", d, i / 3, i % 3 * 20, d, i, d, i
    if (bad) print "dsn=5.7.1, status=bounced (host mx01.mail.icloud.com[17.57.156.30] said: 554 5.7.1 [CS01] Message rejected due to local policy. (in reply to end of DATA command))"
    else print "dsn=2.0.0, status=sent (250 2.0.0 Ok: queued as 4F6B93C0008B)" } }'
}
over "" >"$tmp/over.log"
code "an outage that is over" 0 "$pp" trend "$tmp/over.log"
has "since when" "Rose 2026-03-06 00:20:00 UTC (first policy reply of all 2026-03-06 00:20:00 UTC)."
has "what changed" "Refused 0 of 301 before, 160 of 239 (66.9%) then;"
has "till when" "Last refusal of it 2026-03-09 19:40:00 UTC, relief 2026-03-10 00:00:00 UTC."
has "how sure: three by the number of mails, rounded up" "Quiet for 11 days, 0 of 660 refused: the true rate is below 0.5% (95 %)."
has "and that is all" "1 incident in 20 days."
over 1 >"$tmp/again.log"
code "a refusal after it" 0 "$pp" trend "$tmp/again.log"
has "is told" "Recurrence: policy replies after relief too, the first 2026-03-18 01:40:00 UTC;"
has "and how much it is" "1 of 660 (0.2%) refused since: the true rate is below 0.8% (95 %)."
# On a terminal each table has room.
if command -v python3 >/dev/null; then
  for table in "" "--hours" "--by stream" "--by tag" "--by ip"; do
    for columns in 80 100 200; do
      python3 "$TOP_SRCDIR/tests/tools/in-terminal.py" $columns "$pp" trend --quiet $table "$tmp/mail.log" >"$tmp/widest"
      check "trend $table fits a terminal of $columns columns" test "$(cat "$tmp/widest")" -le $columns
    done
  done
fi
finish
