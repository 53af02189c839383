#!/bin/sh
# trend --state, --monitor and --prometheus: a log that grows and rotates 50 times counts as it does when read whole;
# the plugin's line and exit status follow the bands; metrics are well formed.
. "$TOP_SRCDIR/tests/cli/lib.sh"
command -v python3 >/dev/null || skip "python3 is missing: it lets the log grow"

# Six days of a queue: accepted, refused in the last two, put off and given up, put off and accepted; each message has
# its sender on another line.
awk 'BEGIN {
  for (i = 0; i < 1200; i++) {
    day = 1 + int (i / 200); minute = (i % 200) * 7; h = int (minute / 60); m = minute % 60
    at = sprintf ("2026-05-%02dT%02d:%02d", day, h, m); pid = "mta1 postfix/"
    id = sprintf ("4gD%04dZz1k", i); to = sprintf ("to=<reader%d@icloud.com>", i)
    relay = "relay=mx01.mail.icloud.com[17.57.156.30]:25, delay=1, delays=0/0/1/0"
    said = "host mx01.mail.icloud.com[17.57.156.30] said:"
    end = "(in reply to end of DATA command)"
    printf "%s:01+00:00 %sqmgr[5]: %s: from=<b@news.example.com>, size=900, nrcpt=1 (queue active)\n", at, pid, id
    if (i % 10 == 3) {
      printf "%s:02+00:00 %ssmtp[7]: %s: %s, %s, dsn=4.7.1, status=deferred (%s 451 4.7.1 Service unavailable - try again later (in reply to RCPT TO command))\n", at, pid, id, to, relay, said
      if (i % 20 == 3) printf "%s:50+00:00 %sqmgr[5]: %s: from=<b@news.example.com>, status=expired, returned to sender\n", at, pid, id
      else printf "%s:40+00:00 %ssmtp[7]: %s: %s, %s, dsn=2.0.0, status=sent (250 2.0.0 Ok: queued as A%d)\n", at, pid, id, to, relay, i
    } else if (day > 4 && i % 5 < 2)
      printf "%s:03+00:00 %ssmtp[7]: %s: %s, %s, dsn=5.7.1, status=bounced (%s 550 5.7.1 [CS02] Message rejected due to local policy. %s)\n", at, pid, id, to, relay, said, end
    else
      printf "%s:03+00:00 %ssmtp[7]: %s: %s, %s, dsn=2.0.0, status=sent (250 2.0.0 Ok: queued as A%d)\n", at, pid, id, to, relay, i
    printf "%s:55+00:00 %sqmgr[5]: %s: removed\n", at, pid, id
  }
}' > "$tmp/whole.log"
mkdir "$tmp/grow"
check "50 rotations" python3 "$TOP_SRCDIR/tests/tools/grow-log.py" "$pp" "$tmp/whole.log" "$tmp/grow" 50
code "the whole log" 0 "$pp" trend --quiet --log-timezone UTC --json "$tmp/whole.log"
cp "$tmp/out" "$tmp/whole.json"
# recipients of excessive volume are not kept; there are none
same "the same totals, days, groups and onset" "$tmp/grow/step.json" "$tmp/whole.json"
check "it is not empty" grep -q '"bounced": 220' "$tmp/whole.json"
check "nobody else reads the state" sh -c 'test "$(stat -c %a "$1")" = 600' sh "$tmp/grow/state"
code "nothing new" 0 "$pp" trend --quiet --log-timezone UTC --state "$tmp/grow/state" --json "$tmp/grow/mail.log"
same "counts nothing again" "$tmp/out" "$tmp/whole.json"
code "a state of other options" 65 "$pp" trend --state "$tmp/grow/state" --log-timezone Europe/Berlin "$tmp/grow/mail.log"
check "says what to do" grep -q "remove it, and the next run reads the logs from their beginning" "$tmp/err"
code "a state that is none" 65 "$pp" trend --state "$tmp/whole.log" "$tmp/grow/mail.log"
code "a state and a period" 64 "$pp" trend --state "$tmp/s" --since 2026-05-01 "$tmp/whole.log"
code "a log that was never there" 66 "$pp" trend --state "$tmp/s" "$tmp/none.log"

# Four runs at once on a log that grows meanwhile, as cron starts them while one is still at it.
mkdir "$tmp/many"
: >"$tmp/many/codes"
split -n l/4 "$tmp/whole.log" "$tmp/many/part."
: >"$tmp/many/mail.log"
for part in "$tmp"/many/part.*; do
  cat "$part" >>"$tmp/many/mail.log"
  { "$pp" trend --quiet --log-timezone UTC --state "$tmp/many/state" --json "$tmp/many/mail.log" >"$part.json" 2>/dev/null; echo $? >>"$tmp/many/codes"; } &
done
wait
check "all of them did their work" test "$(grep -c -x 0 "$tmp/many/codes")" = 4
code "and one more" 0 "$pp" trend --quiet --log-timezone UTC --state "$tmp/many/state" --json "$tmp/many/mail.log"
same "nothing is lost or counted twice" "$tmp/out" "$tmp/whole.json"

line () { grep -q -- "$1" "$tmp/out" && [ "$(wc -l <"$tmp/out")" -eq 1 ]; }
code "critical" 2 "$pp" trend --quiet --monitor "$tmp/whole.log"
check "says why" line "^APPLE MAIL CRITICAL - 80 of 200 final answers refused by policy (40.0%) in the 24 h to .*; rose 2026-05-05 00:00 UTC | rate=40.000%;0.2;1;0;100 refused=80;;;0 "
code "ok" 0 "$pp" trend --quiet --monitor --until 2026-05-04 "$tmp/whole.log"
check "says so" line "^APPLE MAIL OK - 0 of 200 final answers"
code "warning by other bands" 1 "$pp" trend --quiet --monitor --bands 10,50 "$tmp/whole.log"
# Of the quarter of an hour in which the day begins nothing counts: not a refusal without what was accepted beside it.
awk 'BEGIN {
  for (i = 0; i <= 1440 + 1430; i += 2) {
    refused = i == 1434
    printf "2026-05-%02dT%02d:%02d:30+00:00 mta1 postfix/smtp[7]: 4gD%04dZz1k: to=<r%d@icloud.com>, relay=mx01.mail.icloud.com[17.57.156.30]:25, delay=1, delays=0/0/1/0, dsn=%s, status=%s\n", 1 + int (i / 1440), int (i / 60) % 24, i % 60, i, i,
      refused ? "5.7.1" : "2.0.0", refused ? "bounced (host mx01.mail.icloud.com[17.57.156.30] said: 550 5.7.1 [CS02] Message rejected due to local policy. (in reply to end of DATA command))" : "sent (250 2.0.0 Ok: queued as A" i ")"
  }
}' >"$tmp/quarter.log" # to 23:50:30; the refusal came at 23:54:30 of the day before
code "a quarter that the day begins in" 0 "$pp" trend --quiet --monitor --until 2026-05-02 "$tmp/quarter.log"
check "is left out" grep -q '^APPLE MAIL OK - 0 of 716 final answers .* in the 24 h to 2026-05-02 23:50 UTC' "$tmp/out"
code "unknown: no such log" 3 "$pp" trend --monitor "$tmp/none.log"
check "on standard output" line "^APPLE MAIL UNKNOWN - .*none.log"
code "unknown: no mail" 3 "$pp" trend --quiet --monitor --until 2026-04-01 "$tmp/whole.log"
echo "2026-05-01T10:00:00+00:00 mta1 postfix/smtp[7]: 4FA71C3B12A: to=<reader@icloud.com>, relay=mx01.mail.icloud.com[17.57.156.30]:25, delay=1, delays=0/0/0/1, dsn=4.7.0, status=deferred (host mx01.mail.icloud.com[17.57.156.30] said: 421 4.7.0 try again later (in reply to end of DATA command))" \
  >"$tmp/put-off.log"
code "unknown: no final answer" 3 "$pp" trend --quiet --monitor "$tmp/put-off.log"
check "no rate is drawn of none" line "no final answer of Apple .* | rate=U;0.2;1;0;100 .* others=U;;;0;100$"

# A log that stopped, or whose times are to come, is not plainly OK.
sed '/CS02/d' "$tmp/whole.log" >"$tmp/fine.log"
at () { code "$1" "$2" env SOURCE_DATE_EPOCH="$3" "$pp" trend --quiet --monitor "$tmp/fine.log"; }
at "ok half an hour later" 0 1778111400
check "without a word of age" sh -c '! grep -q "newest attempt" "$1"' sh "$tmp/out"
at "ok ten hours later" 0 1778148000
check "says how old it is" line "(newest attempt 10 hours old) |"
at "unknown three days later" 3 1778371200
check "says that nothing was read" line "^APPLE MAIL UNKNOWN - 0 of .* (newest attempt 3 days old: nothing of the last 24 h was read) |"
at "unknown where its times are to come" 3 1777852800
check "asks for the clock" line "newest attempt dated 2 days ahead: is the clock, the year or --log-timezone right?"
code "ok at the time that is asked for" 0 "$pp" trend --quiet --monitor --until 2026-05-06 "$tmp/fine.log"

# relief, then one refusal: a recurrence is worth a warning
sed -e 's/2026-05-05/2026-05-02/; s/2026-05-06/2026-05-03/' "$tmp/whole.log" | grep -E '^2026-05-0[23].*CS02' >"$tmp/bad"
sed -e '/CS02/d' "$tmp/whole.log" | grep -E '^2026-05-0[1-6]' >"$tmp/good"
sed -n '/T22:/s/2026-05-03T22:..:../2026-05-06T23:01:09/; /2026-05-06/{p;q;}' "$tmp/bad" >"$tmp/again"
cat "$tmp/good" "$tmp/bad" "$tmp/again" >"$tmp/again.log"
code "a recurrence" 1 "$pp" trend --quiet --monitor --bands 5,50 "$tmp/again.log"
check "is told" line "recurrence: first policy reply after relief 2026-05-06 23:01 UTC"

code "metrics" 0 "$pp" trend --quiet --prometheus "$tmp/apple.prom" "$tmp/whole.log"
check "nothing else is printed" test ! -s "$tmp/out"
check "the exporter may read them" sh -c 'test "$(stat -c %a "$1")" = 644' sh "$tmp/apple.prom"
check "a count" grep -qx 'postpacket_attempts_total{receiver="apple",outcome="bounced"} 220' "$tmp/apple.prom"
check "by tag" grep -qx 'postpacket_apple_tag_bounced_total{tag="CS02"} 160' "$tmp/apple.prom"
check "each line is a comment or a sample" sh -c '! grep -vE "^(# (HELP|TYPE) [a-z_]+ .*|[a-z_]+(\{([a-z]+=\"[^\"]*\",?)+\})? [-+.e0-9]+)$" "$1"' sh "$tmp/apple.prom"
check "no recipient in them" sh -c '! grep -q reader "$1"' sh "$tmp/apple.prom"
# Closed descriptors get no file of ours, and a log is no state.
set +e; "$pp" trend --state "$tmp/closed" "$tmp/whole.log" >&- 2>&-; got=$?; set -e
check "closed output: exit 74" test "$got" -eq 74
check "closed output: nothing gets into a file" test ! -s "$tmp/closed.lock"
code "a part of a log is not named by its bytes" 0 "$pp" trend --state "$tmp/parts" "$tmp/whole.log"
check "no byte numbers behind the name" sh -c '! grep -q "whole.log#" "$1"' sh "$tmp/err"
cp "$tmp/whole.log" "$tmp/copied.log"
# What cannot be followed is told, and is not silence.
code "standard input has no place to go on from" 64 "$pp" trend --quiet --state "$tmp/none" -
if [ "$(id -u)" -ne 0 ]; then
  cp "$tmp/whole.log" "$tmp/secret.log"; chmod 000 "$tmp/secret.log"
  code "a log that may not be read" 74 "$pp" trend --quiet --state "$tmp/none" "$tmp/secret.log"
  code "without a state, too" 3 "$pp" trend --quiet --monitor "$tmp/whole.log" "$tmp/secret.log"
  code "is unknown to the monitor" 3 "$pp" trend --quiet --monitor --state "$tmp/none" "$tmp/whole.log" "$tmp/secret.log"
fi
lines=$(wc -l <"$tmp/whole.log")
{ printf '\357\273\277'; head -n $((lines / 2)) "$tmp/whole.log"; } >"$tmp/marked.log"
"$pp" trend --quiet --state "$tmp/marks" "$tmp/marked.log" >/dev/null
tail -n +$((lines / 2 + 1)) "$tmp/whole.log" >>"$tmp/marked.log"
code "a log with a byte order mark grows" 0 "$pp" trend --quiet --json --state "$tmp/marks" "$tmp/marked.log"
cp "$tmp/out" "$tmp/grown"
code "and is as one read at once" 0 "$pp" trend --quiet --json --state "$tmp/fresh" "$tmp/marked.log"
same "the same counts" "$tmp/out" "$tmp/grown"
code "a log for the state" 65 "$pp" trend --quiet --state "$tmp/copied.log" "$tmp/whole.log"
check "another file is asked for, the log is not to be removed" grep -q "copied.log: is no state.*name another FILE" "$tmp/err"
check "the log is as it was" cmp "$tmp/whole.log" "$tmp/copied.log"
code "a folder that is not there" 73 "$pp" trend --quiet --prometheus "$tmp/no/apple.prom" "$tmp/whole.log"
finish
