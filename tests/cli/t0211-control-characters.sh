#!/bin/sh
# Escape sequences in what others write (a log, a delivered sample, a page) move no cursor: neither on the terminal of
# who reads a report, nor of who opens the packet.
. "$TOP_SRCDIR/tests/cli/lib.sh"
command -v python3 >/dev/null || skip "python3 is missing: it writes the control characters"
export SOURCE_DATE_EPOCH=1798830000
cp -r "$TOP_SRCDIR/samples/outage" "$tmp/in"
chmod -R u+w "$tmp/in"
cd "$tmp/in"
python3 - <<'PY'
import gzip, itertools, os, re
log = gzip.open("log/maillog.gz").read()
os.unlink("log/maillog.gz")
marks = itertools.cycle([b"\x1b[31m", b"\x07", b"\x08", b"\xc2\x9b31m", b"\x9b3", b"\x7f"])
behind = lambda text, pattern: re.sub(pattern, lambda m: m.group(0) + next(marks), text)
open("log/maillog", "wb").write(behind(log, rb"said: \d{3} \S+ "))
mail = open("delivered/newsletter.eml", "rb").read()
head, end, body = mail.partition(b"\n\n") if b"\r\n\r\n" not in mail else mail.partition(b"\r\n\r\n")
open("delivered/newsletter.eml", "wb").write(behind(head, rb"(?m)^[A-Za-z-]+: \S+ ") + end + behind(body, rb"\bThe\b"))
page = open("page/weekly.html", "rb").read()
open("page/weekly.html", "wb").write(behind(page, rb"<title>|\bThe\b|<p>").replace(b"</title>", b"&#27;[31m</title>"))
case = open("case.json").read().replace("maillog.gz", "maillog")
open("case.json", "w").write(case)
PY
cat >"$tmp/look.py" <<'PY'
import os, re, sys
mark = re.compile(rb"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]|\r(?!$)|\xc2[\x80-\x9f]")
wrong = seen = 0
for top in sys.argv[1:]:
    for path in [top] if os.path.isfile(top) else [os.path.join(d, f) for d, _, names in os.walk(top) for f in names]:
        if path.endswith(".png"):
            continue
        for number, line in enumerate(open(path, "rb").read().split(b"\n"), 1):
            seen += b"?" in line
            if mark.search(line):
                wrong += 1
                print(f"{path}:{number}: {line[:200]!r}")
print(seen, "lines hold what a mark became")
sys.exit(wrong > 0 or not seen)
PY
still () { check "no control character leaves: $1" python3 "$tmp/look.py" "$2"; }
for c in "scan log" "scan --json log" "headers delivered/newsletter.eml"; do
  code "$c" 0 "$pp" $c
  still "$c" "$tmp/out"
  check "$c: none in messages" sh -c '! LC_ALL=C grep -q "$(printf "[\001-\010\013-\037\177]")" "$1"' sh "$tmp/err"
done
code "build" 1 "$pp" build --quiet --output "$tmp/packet" case.json
still "what build says" "$tmp/out"
still "packet" "$tmp/packet"
code "review" 1 "$pp" review "$tmp/packet"
still "review" "$tmp/out"
code "ticket" 0 "$pp" ticket "$tmp/packet"
still "ticket" "$tmp/out"
finish
