#!/bin/sh
# Lines as mail servers, services and their bounces write them, each with the events that it tells: tests/lines/SUBJECT.txt
# (its form: tests/tools/check-lines.py). The format is found by the program, and read line by line it gives the same.
. "$TOP_SRCDIR/tests/cli/lib.sh"
command -v python3 >/dev/null || skip "python3 is missing: it compares events"
export SOURCE_DATE_EPOCH=1798830000
python3 "$TOP_SRCDIR/tests/tools/check-lines.py" "$pp" "$TOP_SRCDIR"/tests/lines/*.txt
