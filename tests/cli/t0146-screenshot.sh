#!/bin/sh
# The picture of the campaign: by real Chromium, of the closed page, or drawn where there is none; the sender's own file.
. "$TOP_SRCDIR/tests/cli/lib.sh"
command -v python3 >/dev/null || skip "python3 is missing: it reads the pictures"
mail=$TOP_SRCDIR/samples/outage/delivered/newsletter.eml
chromium=
for name in chromium chromium-browser google-chrome-stable google-chrome chrome; do
  [ -n "$chromium" ] || chromium=$(command -v "$name" || :)
done
# png FILE: its size and its chunks, each once: "600 939 IHDR PLTE IDAT IEND"
cat >"$tmp/png.py" <<'PY'
import struct, sys, zlib
data = open(sys.argv[1], "rb").read()
assert data[:8] == b"\x89PNG\r\n\x1a\n"
at, seen = 8, []
while at < len(data):
    n, kind = struct.unpack(">I4s", data[at:at + 8])
    if kind == b"IHDR":
        size = struct.unpack(">II", data[at + 8:at + 16])
    assert zlib.crc32(data[at + 4:at + 8 + n]) == struct.unpack(">I", data[at + 8 + n:at + 12 + n])[0]
    if kind.decode() not in seen:
        seen.append(kind.decode())
    at += 12 + n
assert at == len(data), "something behind IEND"
print(*size, *seen)
PY
png () { check "$1" sh -c 'python3 "$1" "$2" | tee /dev/stderr | grep -Eqx "$3"' sh "$tmp/png.py" "$2" "$3"; }
small () { check "$1" test "$(stat -c %s "$2")" -lt 300000; }
chunks='IHDR PLTE IDAT IEND'
chmod 755 "$tmp"; mkdir "$tmp/work"; chmod 755 "$tmp/work"
export TMPDIR="$tmp/work" # where the browser gets its folder; it may run as nobody

code "no browser: the text is drawn" 0 "$pp" snapshot --browser none --output "$tmp/drawn" "$mail"
png "600 pixels wide" "$tmp/drawn/campaign.png" "600 [0-9]+ $chunks"
check "why is said" grep -q 'campaign.png: drawn from the text: no browser was to be run' "$tmp/err"
check "no phone" test ! -e "$tmp/drawn/campaign-320.png"
code "no such browser" 66 "$pp" snapshot --browser "$tmp/none" --output "$tmp/no" "$mail"
check "which is named" grep -q "$tmp/none: is no program that can be run" "$tmp/err"
check "nothing was written" test ! -e "$tmp/no"
printf '#!/bin/sh\nexit 1\n' >"$tmp/broken"; chmod 755 "$tmp/broken" "$tmp"
code "a browser that fails: drawn all the same" 0 "$pp" snapshot --browser "$tmp/broken" --output "$tmp/b" "$mail"
check "and why" grep -q 'drawn from the text: the browser ended before it was done' "$tmp/err"
same "the same picture" "$tmp/b/campaign.png" "$tmp/drawn/campaign.png"
POSTPACKET_BROWSER=$tmp/broken code "named by the environment" 0 "$pp" snapshot --output "$tmp/e" "$mail"
check "is run too" grep -q 'the browser ended before it was done' "$tmp/err"
printf '#!/bin/sh\nexec sleep 60\n' >"$tmp/hangs"; chmod 755 "$tmp/hangs"
stopped () {
  "$pp" snapshot --browser "$tmp/hangs" --output "$tmp/s" "$mail" & pid=$!
  while kill -0 $pid && ! ls "$TMPDIR"/postpacket-page-*/page.html; do sleep 0.1; done
  kill -TERM $pid; wait $pid
}
code "stopped while the browser runs" 143 stopped
check "no folder is left of it" sh -c '! ls -d "$1"/postpacket-page-* 2>/dev/null' sh "$TMPDIR"
check "and no picture" test ! -e "$tmp/s/campaign.png"
printf '#!/bin/sh\necho mine >"%s/late/campaign.png"\nexit 1\n' "$tmp" >"$tmp/late.sh"; chmod 755 "$tmp/late.sh"
code "a file that somebody wrote while the browser ran" 73 "$pp" snapshot --browser "$tmp/late.sh" --output "$tmp/late" "$mail"
check "is not replaced, and is alone" sh -c 'test "$(cat "$1"/*)" = mine' sh "$tmp/late"

# The sender's own file. cp -r keeps a read-only source tree's modes.
case=$tmp/case
mkdir "$case"; cp -r "$TOP_SRCDIR/samples/outage/." "$case/"; chmod -R u+w "$case"
build () { n=$1; want=$2; shift 2; code "$n" "$want" "$pp" build --quiet --output "$tmp/$n" --key "$case/key" "$@" "$case/case.json"; }
python3 - "$case/page/weekly.png" <<'PY'
import struct, sys, zlib
data = open(sys.argv[1], "rb").read()
def chunk(kind, body):
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))
text = chunk(b"tEXt", b"Author\0test.person0180@icloud.com") + chunk(b"eXIf", b"test.person0180@icloud.com")
open(sys.argv[1], "wb").write(data[:33] + text + data[33:] + b"test.person0180@icloud.com")
PY
build own 1
png "own picture: pixels alone" "$tmp/own/parts/campaign.png" "600 800 $chunks"
check "nothing of its words" sh -c '! grep -q person0180 "$1"' sh "$tmp/own/parts/campaign.png"
printf '<svg xmlns="http://www.w3.org/2000/svg"/>' >"$case/page/weekly.png"
build svg 65
check "says what it wants" grep -q 'weekly.png: is no PNG picture; save the screenshot as PNG' "$tmp/err"
printf '\211PNG\r\n\032\n\0\0\0\rIHDR\0\001\206\240\0\001\206\240\010\006\0\0\0\0\0\0\0' >"$case/page/weekly.png"
build bomb 65
check "a picture of 100,000 x 100,000" grep -q 'weekly.png: has 100000 x 100000 pixels' "$tmp/err"
python3 - "$case/page/weekly.png" <<'PY'
import random, struct, sys, zlib
def chunk(kind, body):
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))
random.seed(7)
rows = zlib.compress(b"".join(b"\0" + random.randbytes(100) for _ in range(20000)))
open(sys.argv[1], "wb").write(b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", struct.pack(">IIBBBBB", 100, 20000, 8, 0, 0, 0, 0))
                              + chunk(b"IDAT", rows) + chunk(b"IEND", b""))
PY
build noise 65
check "a picture that no packing makes small" grep -q 'weekly.png: is more than 300 kB' "$tmp/err"
check "nothing was written of them" sh -c '! ls -d "$1"/svg "$1"/bomb "$1"/noise 2>/dev/null' sh "$tmp"
python3 - "$case/case.json" <<'PY'
import json, sys
case = json.load(open(sys.argv[1]))
del case["evidence"]["page"]["screenshot"]
del case["domains"]["tracking"]
json.dump(case, open(sys.argv[1], "w"))
PY
build text 0
check "the tracking host is known from the sample" grep -q "click.news.example.com" "$tmp/text/request.eml"
check "and told to the sender" sh -c 'tr "\n" " " <"$1" | tr -s " " | grep -q "click.news.example.com: addresses differ by reader, List-Unsubscribe; the domain of From and return-path"' sh "$tmp/text/parts/campaign-own.txt"
check "drawn: the body calls it so" sh -c 'tr "\r\n" "  " <"$1" | tr -s " " | grep -q "picture of the campaign.s text"' sh "$tmp/text/request.eml"

[ -n "$chromium" ] || { echo "# no Chromium: its pictures are not tested"; finish; exit; }
unset POSTPACKET_BROWSER
code "Chromium" 0 "$pp" snapshot --output "$tmp/shot" "$mail"
check "says nothing" test ! -s "$tmp/err"
png "600 pixels wide" "$tmp/shot/campaign.png" "600 [0-9]{3,4} $chunks"
png "320 pixels wide" "$tmp/shot/campaign-320.png" "320 [0-9]{3,4} $chunks"
small "under 300 kB" "$tmp/shot/campaign.png"
code "again" 0 "$pp" snapshot --output "$tmp/again" "$mail"
check "the same bytes" cmp "$tmp/shot/campaign.png" "$tmp/again/campaign.png"
check "not the drawn one" sh -c '! cmp -s "$1" "$2"' sh "$tmp/shot/campaign.png" "$tmp/drawn/campaign.png"
# Noise that cannot be packed, on a page that never ends.
python3 - "$tmp" <<'PY'
import base64, random, struct, sys, zlib
def chunk(kind, body):
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))
random.seed(7)
rows = b"".join(b"\0" + random.randbytes(3 * 600) for _ in range(500))
noise = (b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", struct.pack(">IIBBBBB", 600, 500, 8, 2, 0, 0, 0))
         + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b""))
open(sys.argv[1] + "/long.html", "w").write(
    "<body style='margin:0'><img width=600 height=500 src='data:image/png;base64," + base64.b64encode(noise).decode() + "'>"
    + "<h1>Long</h1>" + "<p>One more line</p>" * 2000)
PY
code "a page that never ends" 0 "$pp" snapshot --output "$tmp/long" "$tmp/long.html"
check "is cut, and it is said where" grep -q "Cut here: 4,000 of the page's [0-9]*,[0-9]* pixels are shown" "$tmp/err"
small "is made smaller until it is small" "$tmp/long/campaign.png"
png "and stays a picture, with a line that says so" "$tmp/long/campaign.png" "[2-5][0-9][0-9] [0-9]+ $chunks"
build packet 0
png "in the packet" "$tmp/packet/parts/campaign.png" "600 [0-9]+ $chunks"
png "and the phone's, for the sender" "$tmp/packet/parts/campaign-320.png" "320 [0-9]+ $chunks"
printf '%s/postpacket-page' "$TMPDIR" >"$tmp/pattern" # or grep would find itself
check "no process is left" sh -c '! { cat /proc/[0-9]*/cmdline 2>/dev/null | grep -aqF -f "$1"; }' sh "$tmp/pattern"
check "no folder is left" sh -c '! ls -d "$1"/postpacket-page-* 2>/dev/null' sh "$TMPDIR"
if unshare -n true 2>/dev/null || unshare -rn true 2>/dev/null; then
  check "it had no network" grep -q 'rendered without a network' "$tmp/packet/parts/campaign-own.txt"
fi
finish
