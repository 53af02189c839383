#!/bin/sh
# Clean pages in a real browser, where every host and path is a trap: nothing runs, nothing is asked for,
# nothing leads away, with the page's own policy and without it.
. "$TOP_SRCDIR/tests/cli/lib.sh"
command -v python3 >/dev/null || skip "python3 is missing: it sets the traps"
browser=
for name in chromium chromium-browser google-chrome; do
  [ -n "$browser" ] || browser=$(command -v "$name") || :
done
[ -n "$browser" ] || skip "Chromium is missing: it opens the pages"

mkdir "$tmp/pages"
# Pages that do act, uncleaned: a trap that they do not fall into would catch nobody.
act () { printf '%s' "$2" >"$tmp/pages/control-$1.html"; printf '%s\t%s\n' "control-$1" "$tmp/pages/control-$1.html" >>"$tmp/list"; }
act script '<!DOCTYPE html><script>var a = 1</script><p>t'
act handler '<!DOCTYPE html><p>t<svg onload="var a = 1"></svg>'
act image '<!DOCTYPE html><img src="http://other.example/a.png"><p>t'
act style '<!DOCTYPE html><p style="background:url(near.png)">t'
act refresh '<!DOCTYPE html><meta http-equiv=refresh content="0;url=http://other.example/"><p>t'
act link '<!DOCTYPE html><a href="away.html" style="position:absolute;top:0;left:0;width:100px;height:100px">t</a>'
act focus '<!DOCTYPE html><input autofocus onfocus="var a = 1">'

clean () {
  if "$pp" snapshot --output "$tmp/clean/$1" "$2" >/dev/null 2>"$tmp/err"; then
    printf '%s\t%s\n' "$1" "$tmp/clean/$1/campaign.html" >>"$tmp/list"
  else
    refused="$refused $1"
  fi
}
refused=
mkdir "$tmp/clean"
for page in "$tmp"/pages/*.html "$TOP_SRCDIR"/samples/page/*.html "$TOP_SRCDIR"/samples/outage/page/*.html; do
  name=${page##*/}
  clean "cleaned-${name%.html}" "$page"
done
if [ -e "${POSTPACKET_VECTORS-}/sanitize/payloads.json" ]; then
  python3 - "$POSTPACKET_VECTORS/sanitize/payloads.json" "$tmp/pages" <<'END'
import json, sys
with open(sys.argv[1], encoding="utf-8") as f:
    for n, row in enumerate(json.load(f)):
        with open("%s/vector-%03d.html" % (sys.argv[2], n), "w", encoding="utf-8") as page:
            page.write("<!DOCTYPE html>" + row["payload"])
END
  for page in "$tmp"/pages/vector-*.html; do
    name=${page##*/}
    clean "${name%.html}" "$page"
  done
  check "each public payload gives a page" test "$(grep -c '^vector-' "$tmp/list")" = "$(find "$tmp/pages" -name 'vector-*' | wc -l)"
  check "which are more than a hundred" test "$(grep -c '^vector-' "$tmp/list")" -gt 100
fi
check "each page can be cleaned ($refused)" test -z "$refused"
code "the browser opens them" 0 python3 "$TOP_SRCDIR/tests/tools/page-traps.py" "$browser" "$tmp/list"
cp "$tmp/out" "$tmp/did"
for name in script handler image style refresh link focus; do
  check "uncleaned, the trap sees a page with $name" sh -c '! grep -qx "control-$1	nothing" "$2"' - "$name" "$tmp/did"
done
grep -v '^control-\|^?' "$tmp/did" | grep -v '	nothing$' >"$tmp/acts" || :
: >"$tmp/none"
same "no clean page does anything" "$tmp/acts" "$tmp/none"
check "all of them were opened" test "$(grep -c '	nothing$' "$tmp/did")" -ge "$(grep -vc '^control-' "$tmp/list")"
# What reached a trap without a page being known is the controls'.
grep '^?' "$tmp/did" | tr ',' '\n' | grep -o '\(GET\|POST\|TLS\) .*' | sed 's/ HTTP.*//' | sort >"$tmp/trapped" || :
cat >"$tmp/wanted" <<'END'
GET /
GET /a.png
END
grep -v 'page/[0-6]/' "$tmp/trapped" | sort -u >"$tmp/got" || :
same "nothing else came to a trap" "$tmp/got" "$tmp/wanted"
finish
