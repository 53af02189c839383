#!/bin/sh
. "$TOP_SRCDIR/tests/cli/lib.sh"
eml () {
  printf 'From: Dana <postmaster@example.com>\r\nTo: icloudadmin@apple.com\r\nSubject: %s\r\n\r\n%s\r\n' "$1" "$2"
}
eml "Issue" "RCPT TO <[rcpt-k7m2q4xd]@icloud.com>, MAIL FROM <b-probe@bounce.example.com>" >"$tmp/clean.eml"
code "a clean mail" 0 "$pp" verify "$tmp/clean.eml"
check "says clean" grep -q '^clean: ' "$tmp/out"

eml "Issue" "see someone@icloud.com" >"$tmp/leak.eml"
code "an address is found" 3 "$pp" verify "$tmp/leak.eml"
check "part and rule are named" grep -Eq '^part 1 body +address' "$tmp/out"
check "the value is not" sh -c "! grep -q someone '$tmp/out' '$tmp/err'"
code "an allowed address" 0 "$pp" verify --allow someone@icloud.com "$tmp/leak.eml"
code "Apple's domain is nobody's own" 3 "$pp" verify --own-domain icloud.com "$tmp/leak.eml"
sed 's/postmaster@example.com/dana@icloud.com/' "$tmp/leak.eml" >"$tmp/dana.eml"
code "nor the domain of who writes from it" 3 "$pp" verify "$tmp/dana.eml"
eml "Issue" "see someone@shop.example" >"$tmp/own.eml"
code "a stranger's" 3 "$pp" verify "$tmp/own.eml"
code "an address of ours" 0 "$pp" verify --own-domain shop.example "$tmp/own.eml"

printf 'address;reason\r\n"Jane@icloud.com";bounce\r\n' >"$tmp/list.csv"
hash=$(printf 'jane@icloud.com' | sha256sum | cut -c1-64)
eml "Issue" "id $hash" >"$tmp/hash.eml"
code "a hash says nothing by itself" 0 "$pp" verify "$tmp/hash.eml"
code "a known recipient's hash is found" 3 "$pp" verify --recipients "$tmp/list.csv" "$tmp/hash.eml"
code "as JSON" 3 "$pp" verify --json --recipients "$tmp/list.csv" "$tmp/hash.eml"
check "the rule is in it" grep -q '"rule": "hash"' "$tmp/out"
check "needles are counted" grep -q '"needles": 1' "$tmp/out"

p="$tmp/packet"
mkdir -p "$p/parts" "$p/ticket"
cp "$tmp/clean.eml" "$p/request.eml"; cp "$tmp/clean.eml" "$p/draft.eml"
echo '{"allowed": ["dana@own-mailbox.example.org"], "own_domains": ["other.example.net"]}' >"$p/packet.json"
echo 'dana@own-mailbox.example.org and news@other.example.net' >"$p/parts/errors.txt"
code "a clean packet" 0 "$pp" verify "$p"
echo '{"who": "jane\u0040icloud.com"}' >"$p/ticket/ticket.json"
code "a ticket that tells" 3 "$pp" verify "$p"
check "its file is named" grep -q '^ticket/ticket.json ' "$tmp/out"
rm "$p/ticket/ticket.json"
echo ok >"$p/parts/jane@icloud.com.txt"
code "a file name that tells" 3 "$pp" verify "$p"
check "the name is not printed" sh -c "! grep -q jane '$tmp/out'"
rm "$p/parts/"jane*
echo PK >"$p/parts/a.zip"
code "a file that nobody can read" 3 "$pp" verify "$p"
mv "$p/parts/a.zip" "$(printf '%s/a\033[31m\360' "$p/parts")"
code "a file named to hide what is told" 3 "$pp" verify "$p"
check "hides nothing" sh -c '! grep -q "$(printf "\033")" "$1" && grep -q "^parts/a?" "$1"' sh "$tmp/out"
rm "$p/parts/a"*; ln -s "$tmp" "$p/parts/elsewhere"
code "a link to somewhere else is not followed" 65 "$pp" verify "$p"
check "and named" grep -q 'parts/elsewhere: is a symlink' "$tmp/err"
rm "$p/parts/elsewhere"

# The synthetic vectors of Apple's two encoded headers: dropped, and caught where they were not.
info=GAtbVUseBVFHSVVESAMGUkFKRFcUWUIPAApbVRYSFhEAREQZF15TQFUcAkpaUlkXGxoDNxVRXw5bHB4WFUBaB1saCRpaEFAGSFsDDxldRg4QVwUYFRIWERwJW1VJCQRMRVdUWUkAFEIdHAoYRRJbFhRISBIAUVsSGRxIFBddFEIFDRRKWl1CA0RXAw8ZXUYOEFcFGBUSFgYRREQSAFFbEhkcSBQXXRRCGBACSloMBFJHT1ZCSQgHVkVJVkdWAXYHDRgLBxRVGAEaFFhVWEJVX1cMFRIKcF8BGRYTE1ZTWQ9X
mantsh=1TFkXGxoaHxEKWU0Xbk9GQ1xPWBEKWV4XbGx5EQpDThdra2tra2tra2tra2tra2tra2tra2tra2tra2tra2traxEKWFwXGQQaBB8aBRsTEgQfGwQbGhoEGxAbHhofGhEKQ1oXGxMYBBoEGAQbGhEKXk4XGxEKQkwXa2tra2tra2tra2sRClhNF0sR
printf 'From: Dana <postmaster@example.com>\r\nTo: <jane.q@icloud.com>\r\nX-ICL-Info: %s\r\n %s\r\nX-MANTSH: %s\r\n %s\r\nSubject: Hi\r\n\r\nHello\r\n' \
  "$(echo $info | cut -c1-60)" "$(echo $info | cut -c61-)" "$(echo $mantsh | cut -c1-70)" "$(echo $mantsh | cut -c71-)" >"$tmp/raw.eml"
code "encoded headers planted raw" 3 "$pp" verify "$tmp/raw.eml"
check "X-ICL-Info is caught" grep -q '^header X-ICL-Info  *icl-info' "$tmp/out"
check "X-MANTSH is caught" grep -q '^header X-MANTSH  *mantsh' "$tmp/out"
code "they are dropped from a sample" 0 "$pp" headers --key "$TOP_SRCDIR/samples/outage/key" "$tmp/raw.eml"
check "nothing of them is left" sh -c "! grep -Eq 'GAtbVUse|V1cMFRIK|1TFkXGx|a2traxEK|GhEKQkwX' '$tmp/out'"

code "nothing there" 66 "$pp" verify "$tmp/none.eml"
: >"$tmp/empty.eml"
code "an empty file" 66 "$pp" verify "$tmp/empty.eml"
mkdir "$tmp/folder"
code "a folder without a packet" 66 "$pp" verify "$tmp/folder"
printf '\001\002no mail at all\n' >"$tmp/no.eml"
code "no mail" 65 "$pp" verify "$tmp/no.eml"
code "a list without addresses" 65 "$pp" verify --recipients "$tmp/no.eml" "$tmp/clean.eml"
code "no operand" 64 "$pp" verify

# What cannot be read in a packet folder is not passed over.
mkdir -p "$tmp/odd/parts"; cp "$tmp/clean.eml" "$tmp/odd/request.eml"
code "a folder with a mail" 0 "$pp" verify "$tmp/odd"
mkfifo "$tmp/odd/parts/pipe.txt"
code "a pipe in a packet" 65 timeout 20 "$pp" verify "$tmp/odd"
check "a pipe in a packet: said" grep -q "pipe.txt: is no regular file" "$tmp/err"
rm "$tmp/odd/parts/pipe.txt"
if [ "$(id -u)" -ne 0 ]; then
  chmod 000 "$tmp/odd/parts"
  code "a folder that may not be read is not clean" 74 "$pp" verify "$tmp/odd"
  chmod 700 "$tmp/odd/parts"
fi

# Each leak once, by the fewest decodings that show it; in JSON by each of them.
rm -rf "$tmp/odd/parts"; mkdir "$tmp/odd/parts"
echo 'mail to <b>zed.quist</b>@me.com' >"$tmp/odd/parts/plain.txt"
echo 'to zed.quist@me.com=20' >>"$tmp/odd/parts/plain.txt"
printf 'Well, emVkLnF1aXN0QG1lLmNvbQ== it is\n' >"$tmp/odd/parts/packed.txt"
sed 's/^Subject: .*/Subject: for zed.quist@me.com/' "$tmp/clean.eml" >"$tmp/odd/request.eml"
code "leaks in a folder" 3 "$pp" verify "$tmp/odd"
check "the file and its part" grep -Eq '^request.eml: header Subject +address +[0-9]+$' "$tmp/out"
check "one row of what stands there" sh -c 'test "$(grep -c "^parts/plain.txt" "$1")" = 1 && grep -Eq "^parts/plain.txt +address +" "$1"' sh "$tmp/out"
check "how it was found where it is hidden" grep -Eq '^parts/packed.txt +address \(base64\) +' "$tmp/out"
check "and that it shows again" grep -Eq '^and again in [0-9]+ further decodings of these parts' "$tmp/out"
check "never what it is" sh -c '! grep -q quist "$1"' sh "$tmp/out"
code "as JSON" 3 "$pp" verify --json "$tmp/odd"
check "all of them" test "$(grep -c '"part": "parts/plain.txt"' "$tmp/out")" -gt 1
finish
