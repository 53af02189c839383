#!/bin/sh
# evidence.page.hosts and evidence.page.url of a case: what is asked for, by snapshot and build.
. "$TOP_SRCDIR/tests/cli/lib.sh"
command -v python3 >/dev/null || skip "python3 is missing: it serves the pages"
mkdir -p "$tmp/www"
python3 "$TOP_SRCDIR/tests/tools/page-server.py" "$tmp" </dev/null 3<&- 9>&- >"$tmp/server.err" 2>&1 &
server=$!
trap 'kill $server 2>/dev/null || :; rm -rf "$tmp"' EXIT
tries=0
while [ ! -s "$tmp/port" ] && [ $((tries += 1)) -le 300 ]; do sleep 0.2; done
[ -s "$tmp/port" ] || { cat "$tmp/server.err"; exit 1; }
port=$(cat "$tmp/port")
cp -r "$TOP_SRCDIR/samples/cases/begins-inside" "$tmp/small"
chmod -R u+w "$tmp/small"
export SOURCE_DATE_EPOCH=1779307200 # six hours after its edition
cat >"$tmp/www/letter.html" <<END
<!DOCTYPE html><title>Weekly</title><p>From the network
<img src="head.png" alt=Head><img src="http://img.localhost:$port/soup.png" alt=Soup>
<img src="http://other.localhost:$port/other.png" alt=Other><a href="http://www.localhost:$port/click/1">x</a>
END
cp "$tmp/www/letter.html" "$tmp/small/letter.html"
# Pictures by whose addresses one reader is known, and one of all.
reader=$(sed -n 's/^Original-recipient: rfc822;//p' "$tmp/small/delivered.eml" | tr -d '\r' | head -1)
python3 - "$reader" "http://img.localhost:$port" >"$tmp/personal.html" <<'END'
import hashlib, sys
who, host = sys.argv[1].encode(), sys.argv[2]
assert b"@" in who
for text in (hashlib.md5(who).hexdigest(), hashlib.sha256(who).hexdigest().upper(), hashlib.sha1(who).hexdigest()[:12],
             who.hex(), who.decode().replace("@", "="), who.decode().replace("@", "%2540")):
    print(f'<img src="{host}/{text}.png"><img src="{host}/{text}/a.png"><img src="{host}/b.png?v={text}">')
local = who.split(b"@")[0].lower()
names = ["Krauthammer.png", "hello-krauthammer/a.png", "KRAUTHAMMER2027.png", "zebulonkrauthammer.jpg", "b.png?v=Krauthammer", "%4Brauthammer.png"]
for text in (hashlib.md5(local).hexdigest(), hashlib.sha512(local).hexdigest(), hashlib.sha384(who).hexdigest()[:12]):
    names += [f"{text}.png", f"{text}/a.png", f"b.png?v={text}"]
for name in names:
    print(f'<img src="{host}/{name}">')
print(f'<p>Dear Zebulon Krauthammer,</p><img src="{host}/logo.png">')
END
cat "$tmp/personal.html" >>"$tmp/small/letter.html"
{ printf 'From: a@example.com\nTo: %s\nSubject: a\nMIME-Version: 1.0\nContent-Type: text/html\n\n' "$reader"; cat "$tmp/personal.html"; } >"$tmp/personal.eml"
# edit NAME CODE: a case file with the page that the code makes.
edit () {
  python3 - "$tmp/small/case.json" "$tmp/small/$1.json" "$port" "$2" <<'END'
import json, sys
case = json.load(open(sys.argv[1], encoding="utf-8"))
evidence, port = case["evidence"], sys.argv[3]
here = "http://www.localhost:%s" % port
evidence["page"] = {"hosts": ["img.localhost", "www.localhost"], "url": here + "/letter.html"}
exec(sys.argv[4])
json.dump(case, open(sys.argv[2], "w", encoding="utf-8"))
END
}
edit file 'evidence["page"]["html"] = "letter.html"'
edit hostless 'evidence["page"]["html"] = "letter.html"; del evidence["page"]["hosts"]'
edit url 'del evidence["delivered"]'
edit personal 'del evidence["delivered"]; evidence["page"]["url"] = here + "/letter/7f3a9c2e5b1d4f60.html"'
edit fragment 'evidence["page"] = {"html": "letter.html", "url": "https://www.example.com/letter.html#7f3a9c2e5b1d4f60"}'
edit anchor 'evidence["page"] = {"html": "letter.html", "url": "https://www.example.com/letter.html#soup-of-the-week"}'
edit gone 'del evidence["delivered"]; evidence["page"]["url"] = here + "/gone.html"'
own="--online --allow-address 127.0.0.0/8"
dns="--dns-server 127.0.0.1:9 --dns-timeout 0.2"
# asked NAME LINES: the log since the last time.
asked () {
  printf '%s' "$2" | sort >"$tmp/wanted"
  sort "$tmp/log" >"$tmp/got"
  same "$1" "$tmp/got" "$tmp/wanted"
  : >"$tmp/log"
}
pictures="GET www.localhost /head.png
GET img.localhost /soup.png
"
logo="GET img.localhost /logo.png
"
: >"$tmp/log"
code "the case's page, offline" 0 "$pp" snapshot --case "$tmp/small/file.json"
asked "nothing is asked for" ""
# shellcheck disable=SC2086 # several words
code "its hosts, online" 0 "$pp" snapshot $own --case "$tmp/small/file.json" --json
asked "relative pictures by its URL, and those of listed hosts; none that names a reader" "$pictures$logo"
check "they are told" grep -q '"its URL holds a recipient"' "$tmp/out"
check "the third is told" grep -q '"its host is not listed"' "$tmp/out"
# shellcheck disable=SC2086
code "the same of a mail without a case" 0 "$pp" snapshot $own --host img.localhost "$tmp/personal.eml"
asked "none that names who got it" "$logo"
# shellcheck disable=SC2086
code "without hosts" 0 "$pp" snapshot $own --case "$tmp/small/hostless.json"
asked "nothing is asked for" ""
# shellcheck disable=SC2086
code "its URL, where there is no file and no mail" 0 "$pp" snapshot $own --case "$tmp/small/url.json"
check "is the page" grep -q 'From the network' "$tmp/out"
asked "and is asked for first" "GET www.localhost /letter.html
$pictures"
# shellcheck disable=SC2086
code "a reader's URL" 65 "$pp" snapshot $own --case "$tmp/small/personal.json"
asked "is not asked for" ""
code "a case without a page needs an operand" 64 "$pp" snapshot

# build NAME OPTION...: a packet of the case; exit 0 or 1.
build () {
  name=$1; shift
  set +e
  "$pp" build --quiet --browser none --output "$tmp/$name" "$@" >"$tmp/out" 2>"$tmp/err"
  got=$?
  set -e
  check "build $name ends well" test $got -le 1
}
build offline "$tmp/small/file.json"
asked "asks for nothing" ""
check "which its manifest says" grep -q '"requests": \[\]' "$tmp/offline/packet.json"
# shellcheck disable=SC2086
build online $own $dns "$tmp/small/file.json"
asked "asks for the page's pictures" "$pictures$logo"
check "and its manifest lists them" test "$(grep -c '"url": "http://[a-z]*.localhost:'"$port"'/[a-z]*.png"' "$tmp/online/packet.json")" = 3
# shellcheck disable=SC2086
build url $own $dns "$tmp/small/url.json"
asked "takes the page from its URL" "GET www.localhost /letter.html
$pictures"
check "its text is that of the network" grep -q 'From the network' "$tmp/url/parts/campaign.txt"
# shellcheck disable=SC2086
build personal $own $dns "$tmp/small/personal.json"
asked "does not ask for a reader's URL" ""
check "and finds fault with it" grep -q 'looks like a link with one reader' "$tmp/out"
check "names a way out" grep -q -- '--url-is-neutral' "$tmp/out"
build fragment "$tmp/small/fragment.json"
check "finds fault with one reader's fragment" grep -q "looks like a link with one reader's token behind its #" "$tmp/out"
build anchor "$tmp/small/anchor.json"
check "and none with a heading's" sh -c '! grep -q "view-in-browser address looks" "$1"' sh "$tmp/out"
# shellcheck disable=SC2086
build neutral $own $dns --url-is-neutral "an archive id" "$tmp/small/personal.json"
asked "asks for it when it is said to be neutral" "GET www.localhost /letter/7f3a9c2e5b1d4f60.html
"
check "the reason stands in the review" grep -q 'the same for everybody: an archive id' "$tmp/neutral/review.html"
check "and that nothing came" grep -q 'was not read.*answered 404' "$tmp/neutral/review.html"
# shellcheck disable=SC2086
build gone $own $dns "$tmp/small/gone.json"
check "a page that is gone is a finding" grep -q 'page was not read' "$tmp/out"
# shellcheck disable=SC2086
code "a range that is none" 64 "$pp" build $own $dns --allow-address here --output "$tmp/bad" "$tmp/small/file.json"
finish
