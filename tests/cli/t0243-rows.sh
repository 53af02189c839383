#!/bin/sh
# An accounting file of PowerMTA, some of whose rows are damaged and some of whose quotes run over line ends, says the same
# however it is read: line by line, by one thread or several; with --apple-only, it is no chance what is left unread.
. "$TOP_SRCDIR/tests/cli/lib.sh"
command -v python3 >/dev/null || skip "python3 is missing: it makes the log"
export SOURCE_DATE_EPOCH=1798830000
python3 "$TOP_SRCDIR/tests/bench/genlog.py" pmta 4 "$tmp/whole"
awk 'NR % 97 == 0 { print $0 ",x"; next }
     NR % 89 == 0 { sub(/"/, ""); print; next }
     NR % 83 == 0 { sub(/Ok: queued/, "Ok\nqueued"); print; next }
     NR % 79 == 0 { sub(/Ok: queued/, "\"\"Ok\"\""); print; next }
     NR % 73 == 0 { print $0 "\r"; next }
     NR % 71 == 0 { print ""; next }
     { print }' "$tmp/whole" >"$tmp/log.csv"
glanced rows "$tmp/log.csv"
check "the rows that are damaged are counted" grep -q '"unrecognised": *[1-9]' "$tmp/reference"
for jobs in 2 4; do
  told --jobs $jobs "$tmp/log.csv" >"$tmp/got"
  same "$jobs threads" "$tmp/reference" "$tmp/got"
done
told --jobs 1 --apple-only "$tmp/log.csv" >"$tmp/wanted"
for jobs in 2 4 2 4 2 4 2 4; do
  told --jobs $jobs --apple-only "$tmp/log.csv" >"$tmp/got"
  same "Apple's alone, $jobs threads" "$tmp/wanted" "$tmp/got"
done
finish
