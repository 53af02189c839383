#!/bin/sh
# A campaign with traps on loopback: what is asked for is exactly what may be.
. "$TOP_SRCDIR/tests/cli/lib.sh"
command -v python3 >/dev/null || skip "python3 is missing: it serves the pages"
mkdir -p "$tmp/www"
! command -v openssl >/dev/null \
  || openssl req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN=www.localhost -addext subjectAltName=DNS:www.localhost \
    -keyout "$tmp/key.pem" -out "$tmp/certificate.pem" 2>/dev/null
[ ! -s "$tmp/certificate.pem" ] || cat "$tmp/key.pem" >>"$tmp/certificate.pem"
python3 "$TOP_SRCDIR/tests/tools/page-server.py" "$tmp" </dev/null 3<&- 9>&- >"$tmp/server.err" 2>&1 &
server=$!
trap 'kill $server 2>/dev/null || :; rm -rf "$tmp"' EXIT
tries=0
while [ ! -s "$tmp/port" ] && [ $((tries += 1)) -le 300 ]; do sleep 0.2; done
[ -s "$tmp/port" ] || { cat "$tmp/server.err"; exit 1; }
port=$(cat "$tmp/port")
www=http://www.localhost:$port
img=http://img.localhost:$port
trap=http://trap.localhost:$port
own="--online --allow-address 127.0.0.0/8"
# The environment's proxy, cookies and netrc are nobody's business here.
export http_proxy="http://127.0.0.1:9" HTTPS_PROXY="http://127.0.0.1:9" ALL_PROXY="http://127.0.0.1:9"
printf 'machine www.localhost login a password b\n' >"$HOME/.netrc"

token=7f3a9c2e5b1d4f60
cat >"$tmp/www/campaign.html" <<END
<!DOCTYPE html><html><head><title>Spring letter</title>
<link rel=stylesheet href="$img/letter.css"><link rel="alternate stylesheet" href="$img/other.css">
<link rel=preload as=image href="$img/preload.png"><link rel=icon href="$img/icon.png">
<link rel=dns-prefetch href="$trap/"><link rel=prefetch href="$trap/prefetch.html">
<script src="$img/script.js"></script><meta http-equiv=refresh content="0;url=$trap/refresh">
<style>@import url("$img/imported.css"); @font-face{font-family:x;src:url($img/font.woff)}
body{background:url($img/background.png)} .gone, div.away{display:none} img.dot{width:1px} @media print{.logo{display:none}}</style></head>
<body background="$img/body.png" onload="fetch('$trap/onload')">
<h1>Spring letter</h1>
<img src="$img/logo.png" width=120 height=40 alt="Logo">
<img src="/relative.png" alt="Relative"><img src="$img/logo.png" alt="Logo again">
<img src="$img/near.png" alt="Moved to a neighbour">
<!-- 1 --><img src="$img/pixel1.png" width=1 height=1>
<!-- 2 --><img src="$img/none.png" width=0 height=0><img src="$img/flat.png" style="height:0px">
<!-- 3 --><img src="$img/hidden.png" style="display:none"><div hidden><img src="$img/deep.png"></div>
<div style="visibility:hidden"><img src="$img/invisible.png"></div>
<div class="x gone"><img src="$img/classed.png"></div><div class=away><img src="$img/away.png"></div>
<img class=dot src="$img/dot.png"><img style="opacity:0" src="$img/faint.png"><img class=logo src="$img/logo.png">
<div style="position:absolute;left:-9999px"><img src="$img/far.png"></div><img style="max-height:0" src="$img/roomless.png">
<!-- 4 --><img src="$img/wf/open?upn=abc"><img src="http://track.localhost:$port/logo.png"><img src="$img/o.gif">
<!-- 5 --><a href="$trap/click/$token">Read</a><area href="$trap/area"><a href="$img/plain.png" ping="$trap/ping">x</a>
<!-- 6 --><a href="$www/unsubscribe?u=$token">Unsubscribe</a>
<!-- 7 --><iframe src="$trap/frame.html"></iframe><object data="$img/object.png"></object><embed src="$img/embed.png">
<!-- 8 --><form action="$trap/form"><input type=image src="$img/input.png"></form>
<!-- 9 --><img src="$trap/host.png" alt="Of a host that is not listed">
<!-- 10 --><img src="$img/moved.png" alt="Leads to a host that is not listed">
<!-- 11 --><img src="$img/a.png?uid=$token"><img src="$img/b.png?x=am8ucmVhZGVyQGljbG91ZC5jb20="><img src="$img/c.png?m=jo%40icloud.com">
<!-- 12 --><video poster="$img/poster.png" src="$img/film.mp4"></video><audio src="$img/sound.mp3"></audio>
<picture><source srcset="$img/source.png"><img src="$img/shown.png" srcset="$img/set.png 2x" alt="Shown"></picture>
<!--[if mso]><img src="$img/mso.png"><v:fill src="$img/fill.png"><![endif]-->
<svg><image href="$img/svg.png"></image><use href="$img/use.svg#a"></use></svg>
<noscript><img src="$img/noscript.png"></noscript><table background="$img/table.png"><tr><td>Cell</td></tr></table>
<img src="file:///etc/passwd"><img src="ftp://img.localhost/x.png"><img src="//user@img.localhost:$port/user.png">
<img src="$img/svg-as.png" alt="SVG"><img src="$img/bomb.png" alt="Bomb">
</body></html>
END
printf 'h1{color:navy} @import "%s/sheet-import.css"; p{background:url(%s/sheet.png)}\n' "$img" "$img" >"$tmp/www/letter.css"
cp "$tmp/www/campaign.html" "$tmp/campaign.html"
printf '<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>' >"$tmp/www/svg-as.png"

asked () { sort "$tmp/log"; }
: >"$tmp/log"
code "a file asks nobody" 0 "$pp" snapshot --output "$tmp/off" "$tmp/campaign.html"
check "no request" test ! -s "$tmp/log"
check "and says so" grep -qx 'No request was made.' "$tmp/off/requests.txt"
code "a URL without --online" 64 "$pp" snapshot "$www/campaign.html"
check "no request" test ! -s "$tmp/log"
code "loopback is not asked" 69 "$pp" snapshot --online "$www/campaign.html"
check "which is said" grep -q 'a loopback address, which is not asked; --allow-address' "$tmp/err"
check "no request" test ! -s "$tmp/log"

# shellcheck disable=SC2086 # several words
code "a campaign with traps" 0 "$pp" snapshot $own --host img.localhost --host www.localhost --output "$tmp/on" "$www/campaign.html"
sort >"$tmp/wanted" <<END
GET www.localhost /campaign.html
GET img.localhost /letter.css
GET img.localhost /logo.png
GET www.localhost /relative.png
GET img.localhost /near.png
GET img.localhost /logo.png
GET img.localhost /moved.png
GET img.localhost /shown.png
GET img.localhost /svg-as.png
GET img.localhost /bomb.png
END
asked >"$tmp/got"
same "the log is the expected list" "$tmp/got" "$tmp/wanted"
sed -n 's|^[a-z]* .*http://\([^:]*\):[0-9]*\(/[^:]*\): .*|GET \1 \2|p' "$tmp/on/requests.txt" | sort >"$tmp/listed"
same "and so is the list that is kept" "$tmp/listed" "$tmp/wanted"
check "pictures are in the page" test "$(grep -o 'src="data:image/png' "$tmp/on/campaign.html" | wc -l)" = 6
check "and the style sheet" grep -q 'h1{color:navy;}' "$tmp/on/campaign.html"
check "an SVG that calls itself PNG is not" grep -q 'it is no PNG, JPEG, GIF or WebP' "$tmp/on/requests.txt"
check "nor a picture of 100,000 x 100,000" grep -q 'more pixels than any mail shows' "$tmp/on/requests.txt"
check "no address is left" sh -c '! grep -q "https\?://" "$1"' - "$tmp/on/campaign.html"
check "the 1 x 1 is told" grep -q '^image  *img.localhost  *[0-9]*  it is of one pixel or none' "$tmp/on/requests.txt"
check "the hidden ones too" grep -q '^image  *img.localhost  *[0-9]*  it is hidden' "$tmp/on/requests.txt"
check "a host that is not listed" grep -q '^image  *trap.localhost  *1  its host is not listed' "$tmp/on/requests.txt"

: >"$tmp/log"
# shellcheck disable=SC2086
code "a file's pictures" 0 "$pp" snapshot $own --host img.localhost --json "$tmp/campaign.html"
sort >"$tmp/wanted" <<END
GET img.localhost /letter.css
GET img.localhost /logo.png
GET img.localhost /near.png
GET img.localhost /logo.png
GET img.localhost /moved.png
GET img.localhost /shown.png
GET img.localhost /svg-as.png
GET img.localhost /bomb.png
END
asked >"$tmp/got"
same "the log is the expected list" "$tmp/got" "$tmp/wanted"

# refused NAME STATUS WORDS URL: fails with the status and the words.
refused () {
  name=$1; want=$2; words=$3; shift 3
  # shellcheck disable=SC2086
  code "$name" "$want" "$pp" snapshot $own "$@"
  check "$name: is told" grep -q -- "$words" "$tmp/err"
}
: >"$tmp/log"
refused "three redirects" 69 'answered 404' "$www/hops3"
refused "four redirects" 69 'more than 3 times' "$www/hops4"
refused "a loop" 69 'more than 3 times' "$www/loop"
check "asked four times" test "$(grep -c /loop "$tmp/log")" = 4
check "without the cookie that was set" sh -c '! grep -qi "cookie\|referer\|authorization\|proxy" "$1"' - "$tmp/log"
refused "on to a mapped private address" 69 '10.0.0.1, a private address' "$www/to?http://[::ffff:10.0.0.1]/" --url-is-neutral test
refused "on to the other loopback" 69 '::1, a loopback address' "$www/to?http://[::1]:$port/" --url-is-neutral test
refused "on to a file" 69 'no URL of http or https' "$www/to?file:///etc/passwd" --url-is-neutral test
refused "on to an unsubscribe link" 69 'acts when it is asked' "$www/leave"
check "which was not asked for" sh -c '! grep -q "^GET [^ ]* /unsubscribe" "$1"' - "$tmp/log"
code "127.0.0.1 behind a name that is allowed nowhere" 69 "$pp" snapshot --online --allow-address 10.0.0.0/8 "http://127.0.0.1:$port/page.html"
for address in 127.1 2130706433 0x7f.1 0177.0.0.1 '[::ffff:127.0.0.1]' 0.0.0.0 '[::]' '[64:ff9b::7f00:1]' '[2002:7f00:1::]' \
  169.254.169.254 100.64.0.1 17.57.156.30 192.0.2.1 224.0.0.1 '[fe80::1]' '[2001:0:1::1]'; do
  code "$address is not asked" 69 "$pp" snapshot --online "http://$address:$port/"
  check "$address: is told" grep -q 'which is not asked' "$tmp/err"
done
refused "a page that never ends" 69 'too large' "$www/endless"
refused "10 GB in gzip" 69 'too large' "$www/gzip"
refused "no end of header fields" 69 'header' "$www/fields"
code "gzip" 0 "$pp" snapshot --online --allow-address 127.0.0.1 "$www/packed"
check "is unpacked" grep -qx 'unpacked' "$tmp/out"
refused "a picture is no page" 65 'no HTML page' "$www/logo.png"
if [ -s "$tmp/tls-port" ]; then
  : >"$tmp/log"
  refused "a certificate that nobody vouches for" 69 'certificate' "https://www.localhost:$(cat "$tmp/tls-port")/page.html"
  check "gets no request" test ! -s "$tmp/log"
fi
refused "a range of all" 64 'allows everything' --allow-address 0.0.0.0/0 "$www/page.html"
refused "no range" 64 'write an address' --allow-address here "$www/page.html"
: >"$tmp/log"
for path in /open/x /click.php /unsubscribe /letter/7f3a9c2e5b1d4f60 '/letter?uid=12' '/letter?e=jo%40icloud.com' \
  '/l/am8ucmVhZGVyQGljbG91ZC5jb20' '/view?s=8841207'; do
  refused "$path" 65 'publish a copy that is the same for everybody' "$www$path"
done
check "none was asked" test ! -s "$tmp/log"
# shellcheck disable=SC2086
code "a URL that is said to be neutral" 69 "$pp" snapshot $own --url-is-neutral "an archive's id" "$www/letter/7f3a9c2e5b1d4f60"
check "is asked for" grep -q '^GET www.localhost /letter/7f3a9c2e5b1d4f60' "$tmp/log"
refused "but no address" 65 'with an address in it' --url-is-neutral x "$www/letter?e=jo%40icloud.com"
cp "$tmp/www/letter.css" "$tmp/www/agent.css"
printf '<link rel=stylesheet href=agent.css><p>Agent' >"$tmp/www/page.html"
# shellcheck disable=SC2086
code "a plain user agent" 0 "$pp" snapshot $own --host www.localhost --url-is-neutral "own server" --output "$tmp/neutral" "$www/page.html"
check "names the program" grep -qx 'agent: postpacket/[0-9.]*' "$tmp/log"
check "the reason is kept" grep -q 'the same for everybody: own server' "$tmp/neutral/requests.txt"
check "four redirects less one" "$pp" snapshot --online --allow-address 127.0.0.1 "$www/hops3"
finish
