#!/bin/sh
. "$TOP_SRCDIR/tests/cli/lib.sh"
mail=$TOP_SRCDIR/samples/delivered/newsletter.eml
page=$TOP_SRCDIR/samples/page/newsletter.html
code "a mail's HTML part" 0 "$pp" snapshot "$mail"
check "subject" grep -q '^Subject  *The January letter: café evenings' "$tmp/out"
check "the reader's name is masked" grep -qx 'Hi \[name\],' "$tmp/out"
check "no name and no recipient" sh -c '! grep -q "Jo Reader\|jo.reader" "$1"' - "$tmp/out"
check "host table" grep -q '^  \[1\]  click.example.com  *4  https$' "$tmp/out"
check "links are counted" grep -q '^==== Links: 6 to 2 hosts, by registered domain =' "$tmp/out"
check "the forms of addresses have no token" grep -q '^       hxxps://click\[.\]example\[.\]com/[a-z*/]*$' "$tmp/out"
check "no link in clear" sh -c '! grep -q "https\?://" "$1"' - "$tmp/out"
code "a page" 0 "$pp" snapshot --output "$tmp/shot" "$page"
check "the text file is what was printed" cmp "$tmp/out" "$tmp/shot/campaign.txt"
check "the page is closed" grep -q "default-src 'none'; img-src data:" "$tmp/shot/campaign.html"
check "no address of the page is left in it" sh -c '! grep -q "https\?://" "$1"' - "$tmp/shot/campaign.html"
check "files are 0600" test "$(stat -c %a "$tmp/shot/campaign.txt" "$tmp/shot/campaign.html" | sort -u)" = 600
check "the folder is 0700" test "$(stat -c %a "$tmp/shot")" = 700
code "existing files stay" 73 "$pp" snapshot --output "$tmp/shot" "$page"
check "and are named" grep -q 'campaign.txt: is there already' "$tmp/err"
mkdir "$tmp/half"; : >"$tmp/half/campaign.html"
code "one existing file stops both" 73 "$pp" snapshot --output "$tmp/half" "$page"
check "nothing was written" test ! -e "$tmp/half/campaign.txt"
code "a page that grows too large for its file system" 74 sh -c 'ulimit -f 8; exec "$@"' sh "$pp" snapshot --output "$tmp/tight" "$page"
check "none of the files is there, and no empty folder" test ! -e "$tmp/tight"
code "a file is no folder" 73 "$pp" snapshot --output "$page" "$page"
code "stdout alone" 0 "$pp" snapshot --output - "$page"
check "no folder named -" test ! -e ./-
code "JSON" 0 "$pp" snapshot --json "$mail"
check "JSON has the hosts" grep -q '"host": "img.example.com"' "$tmp/out"
cat >"$tmp/parted.html" <<'END'
<p>Hello Otilia,</p><p>สวัสดีคุณสมชาย</p><p>Call <b>+44 20</b> <i>7946</i> <span>0018</span>, Oti<b>lia</b>, or 020&#8203;79&#8203;46&#8203;00&#8203;18, Otil&#8203;ia</p>
<p><a href="https://www.example.com/hello/otilia/soup">Soup</a></p>
<p>Delivery address: O. V.<br>12 Some Lane<br>Townsville</p><p>Soup of the week</p>
<table><tr><td>Shipping address</td></tr><tr><td>O. V.</td></tr><tr><td>12 Some Lane</td></tr><tr><td>Townsville</td></tr><tr><td>Total: 12.00</td></tr></table>
<table><tr><td>Phone:</td><td><span>555</span>-<span>0188</span></td></tr><tr><td>Order no</td><td><b>88</b>1-22</td></tr></table>
END
code "what tags and letters without width part" 0 "$pp" snapshot --output "$tmp/parted" "$tmp/parted.html"
sed 's/<[^>]*>//g; s/\xe2\x80\x8b//g' "$tmp/parted/campaign.html" >"$tmp/words"
check "neither in the page" sh -c '! grep -qi "otilia\|7946\|0018\|Lane\|Townsville\|0188\|1-22" "$1"' - "$tmp/words"
check "nor in the text" sh -c '! grep -qi "otilia\|7946\|0018\|Lane\|Townsville\|0188\|1-22" "$1"' - "$tmp/out"
check "nor in the forms of addresses" grep -qx ' *hxxps://www\[.\]example\[.\]com/hello/\*/soup' "$tmp/out"
check "a name that no blank parts from its greeting" grep -qx 'สวัสดีคุณ\[name\]' "$tmp/out"
check "and no more than that" sh -c 'grep -q "Soup of the week" "$1" && grep -q "Total: 12.00" "$1"' - "$tmp/words"
echo '<p>One</p><a href="https://[2001:db8::1]/x">a</a> <a href="https://[2001:db8::1]:8443/y">b</a>' >"$tmp/ipv6.html"
code "links to an IPv6 address" 0 "$pp" snapshot "$tmp/ipv6.html"
check "have all of it" sh -c 'grep -Eq "^  \[1\]  \[2001:db8::1\] +2  https$" "$1" && grep -Eqx " +hxxps://\[2001:db8::1\]/x" "$1"' - "$tmp/out"
code "a URL is advice" 64 "$pp" snapshot https://www.example.com/letter
check "which says what to do" grep -q 'save the page to a file first' "$tmp/err"
code "no operand" 64 "$pp" snapshot
code "two operands" 64 "$pp" snapshot "$page" "$page"
code "a missing file" 66 "$pp" snapshot "$tmp/none.html"
code "a folder" 66 "$pp" snapshot "$tmp"
printf 'Dec 31 03:10:22 mta1 postfix/smtp[1]: x\n' >"$tmp/log"
code "a log is neither" 65 "$pp" snapshot "$tmp/log"
printf 'From: Xaver Quill <x.quill@me.com>\nSubject: s\nContent-Type: text/html\n\n<p>hello</p>\n' >"$tmp/person.eml"
code "a mail that a person wrote" 0 "$pp" snapshot "$tmp/person.eml"
check "he is not named" sh -c 'grep -Eq "^From +\[rcpt-[a-z2-7]+\]@me.com$" "$1" && ! grep -iq quill "$1"' sh "$tmp/out"
printf 'From: a@example.com\nSubject: s\n\nonly text\n' >"$tmp/text.eml"
code "a mail without HTML" 65 "$pp" snapshot "$tmp/text.eml"
: >"$tmp/empty.html"
code "an empty file" 66 "$pp" snapshot "$tmp/empty.html"
head -c 5000000 /dev/zero | tr '\0' 'x' | sed 's/^/<p>/' >"$tmp/big.html"
code "a page of 5 MB" 65 "$pp" snapshot "$tmp/big.html"
cat >"$tmp/related.eml" <<'END'
From: Brand <news@example.com>
To: Jo Reader <jo.reader@icloud.com>
Subject: Pictures
MIME-Version: 1.0
Content-Type: multipart/related; boundary=b

--b
Content-Type: text/html

<meta charset=windows-1252><p>Café</p><p title="for Jo Reader">Sent to jo.reader@icloud.com, dear Jo Reader</p>
<img src="cid:logo%40example.com" alt=Logo><img src="http://img.example.com/a.png" alt=Located>
<img src="cid:none" alt=Lost><img src="cid:text@example.com" alt=Text>
--b
Content-Type: image/png
Content-ID: <logo@example.com>
Content-Transfer-Encoding: base64

iVBORw0KGgoAAAANSUhEUgAAAAIAAAACCAIAAAD91JpzAAAAEElEQVR42mNQSFgARAwQCgAdjgSBqe440QAAAABJRU5ErkJggg==
--b
Content-Type: application/octet-stream
Content-Location: http://img.example.com/a.png
Content-Transfer-Encoding: base64

iVBORw0KGgoAAAANSUhEUgAAAAIAAAACCAIAAAD91JpzAAAAEElEQVR42mNQSFgARAwQCgAdjgSBqe440QAAAABJRU5ErkJggg==
--b
Content-Type: image/png
Content-ID: <text@example.com>

<script>alert(1)</script>
--b--
END
iconv -f utf-8 -t windows-1252 "$tmp/related.eml" >"$tmp/pictures.eml"
code "a mail with its own pictures" 0 "$pp" snapshot --output "$tmp/pictures" "$tmp/pictures.eml"
check "the charset of the meta element" grep -qx 'Café' "$tmp/out"
check "two of four are shown" test "$(grep -o '<img src="data:image/png;base64,' "$tmp/pictures/campaign.html" | wc -l)" = 2
check "no recipient is left in the page" sh -c '! grep -qi "jo.reader@\|Jo Reader" "$1" && grep -q "@icloud.com" "$1"' - "$tmp/pictures/campaign.html"
check "a page without a doctype keeps none" sh -c '! grep -q DOCTYPE "$1"' - "$tmp/pictures/campaign.html"
check "what is no picture is told" grep -q 'image  *-  *1  it is no PNG' "$tmp/pictures/requests.txt"
if command -v unshare >/dev/null && unshare -rn true 2>/dev/null; then
  code "works without a network" 0 unshare -rn "$pp" snapshot "$mail"
fi
finish
