#!/bin/sh
# review.html in a real browser: no request, nothing on the console, readable and reachable for everybody, in light,
# dark, on paper and at 320 px; and the same on a terminal and as JSON.
. "$TOP_SRCDIR/tests/cli/lib.sh"
. "$TOP_SRCDIR/tests/tools/axe.sh"
command -v python3 >/dev/null || skip "python3 is missing: it drives the browser"
export SOURCE_DATE_EPOCH=1798830000 PYTHONDONTWRITEBYTECODE=1
cp -r "$TOP_SRCDIR/samples/outage" "$tmp/case"
chmod -R u+w "$tmp/case"
build () { "$pp" build --quiet --map mta1=192.0.2.10 --map mta2=192.0.2.11 --output "$tmp/$1" "$tmp/case/case.json"; }
code "a packet" 1 build ready
# Words of others that would be markup, and an address bar of control characters.
python3 - "$tmp/case/case.json" <<'PY'
import json, sys
c = json.load(open(sys.argv[1]))
c["company"]["name"] = "<script>alert(1)</script> & \"Söhne\" 'x'"
c["incident"]["description"] = "</pre><img src=https://www.example.com/x onerror=alert(1)> " * 3
c["evidence"]["delivered"] = []
json.dump(c, open(sys.argv[1], "w"))
PY
code "words that look like markup" 1 build hostile
policy () { sed -n 's/.*Content-Security-Policy" content="\([^"]*\)".*/\1/p' "$1/review.html"; }
check "the policy lets in pictures of the page itself and one style sheet, nothing else" sh -c '
  printf "%s\n" "$1" | grep -Eqx "default-src .none.; img-src data:; style-src .sha256-[A-Za-z0-9+/]{43}=.; base-uri .none.; form-action .none."' sh "$(policy "$tmp/ready")"
check "no script, no link that leads out" sh -c '! grep -Eiq "<script|href=\"[^#]|javascript:|<iframe|<form" "$1/ready/review.html" "$1/hostile/review.html"' sh "$tmp"

if command -v chromium >/dev/null; then
  axe=$(axe_file) || :
  # The last one is wrong, so that the test is seen to find it.
  sed '/Content-Security-Policy/d; s/--quiet: #555/--quiet: #999/; s,</main>,<img src="https://www.example.com/x.png"><p style="width:90rem">wide</p></main>,' \
    "$tmp/ready/review.html" >"$tmp/bad.html"
  code "Chromium: light, dark, on paper, 320 px" 1 python3 "$TOP_SRCDIR/tests/tools/browser.py" ${axe:+--axe "$axe"} \
    "$tmp/ready/review.html" "$tmp/hostile/review.html" "$tmp/bad.html"
  mv "$tmp/out" "$tmp/seen"
  for p in ready hostile; do check "no fault: $p" sh -c '! grep -F "$1" "$2"' sh "$tmp/$p/" "$tmp/seen"; done
  for w in request console contrast wide ${axe:+axe}; do check "seen: $w" grep -Eq "bad.html:.* $w" "$tmp/seen"; done
  [ -n "${axe-}" ] || ok "axe-core # SKIP axe-core is missing: ./autogen.sh deps ci fetches it where npm is"
else
  ok "Chromium # SKIP chromium is missing: it opens the page"
fi

# The same content everywhere.
code "as text" 1 "$pp" review "$tmp/ready"
cp "$tmp/out" "$tmp/text"
code "as JSON" 1 "$pp" review --json "$tmp/ready"
same_content () {
  python3 - "$tmp/ready" "$tmp/text" "$tmp/out" <<'PY'
import email, email.policy, html, json, re, sys
packet, text, got = sys.argv[1:]
text, page = open(text).read(), open(packet + "/review.html").read()
words = lambda s: " ".join(re.sub(r"^ *\|?", "", l) for l in s.split("\n")).split()
flat_page = " ".join(html.unescape(re.sub(r"<[^>]+>", " ", page)).split())
flat_text = " ".join(words(text))
o = json.load(open(got))
m = email.message_from_binary_file(open(packet + "/request.eml", "rb"), policy=email.policy.default)
body = m.get_body(("plain",)).get_content().replace("\r\n", "\n")
assert o["message"]["body"] == body
for line in body.split("\n"):
    assert " ".join(line.split()) in flat_page and " ".join(line.split()) in flat_text, line
names = [p.get_filename() for p in m.iter_attachments()]
assert [a["name"] for a in o["attachments"]] == names, names
for p, a in zip(m.iter_attachments(), o["attachments"]):
    assert a["name"] in page and a["name"] in text
    if p.get_content_type() == "image/png":
        assert a["picture"] and p.get_payload(decode=True).hex()
        import base64
        assert base64.b64encode(p.get_payload(decode=True)).decode() in page, a["name"]
    elif p.get_content_type() == "text/csv":
        for cell in p.get_content().replace("\n", ",").split(","):
            assert cell.strip() in text and f">{cell.strip()}<" in page or not cell.strip(), cell
    else:
        assert a["text"].strip() == p.get_content().replace("\r\n", "\n").strip()
for c in o["claims"]:
    assert c["claim"] in flat_page and c["claim"] in flat_text
for i in o["inputs"]:
    assert i["sha256"] in page and i["sha256"] in text
for f in o["findings"]:
    assert f["text"] in flat_page and f["text"] in flat_text
for r in o["redacted"]:
    assert r["what"] in flat_page and r["what"] in flat_text
assert "--waive 'screenshot=WHY'" in html.unescape(page) and "--waive 'screenshot=WHY'" in text
assert not o["may_be_sent"] and o["seal"]["faults"][0]["kind"] == "none"
PY
}
check "page, text and JSON tell the same" same_content

# Nobody moves the cursor.
python3 - "$tmp/hostile" <<'PY'
import sys
path = sys.argv[1] + "/parts/consent-and-suppression.txt"
open(path, "a").write("\x1b[2Jgone\x07\n")
PY
code "control characters" 1 "$pp" review "$tmp/hostile"
check "are not let through" sh -c '! LC_ALL=C grep -q "[[:cntrl:]]" "$1"' sh "$tmp/out"
echo more >>"$tmp/ready/parts/consent-and-suppression.txt"
code "a part that was edited" 1 "$pp" review --json "$tmp/ready"
check "is said to be" grep -q 'review --edit takes it' "$tmp/out"
code "no colour without a terminal" 1 "$pp" review "$tmp/ready"
terminal () { timeout 20 python3 -c 'import pty, sys, os; sys.exit(os.waitstatus_to_exitcode(pty.spawn(sys.argv[1:])))' "$@"; }
paged () { PAGER='sed s/^/paged:/ | head -400' TERM=xterm terminal "$pp" review "$tmp/ready" >"$tmp/paged" </dev/null || [ $? -eq 1 ]; }
check "paged on a terminal" paged
check "by what PAGER says, with colour" sh -c 'grep -q "^paged:.*\[1mREADINESS" "$1"' sh "$tmp/paged"
interrupted () { PAGER='kill -INT $PPID; sed s/^/paged:/' TERM=xterm terminal "$pp" review "$tmp/ready" >"$tmp/paged" </dev/null; }
code "^C is for the pager" 1 interrupted
check "which goes on" grep -q '^paged:.*READINESS' "$tmp/paged"
finish
