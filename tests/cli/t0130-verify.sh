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
code "an address of ours" 0 "$pp" verify --own-domain icloud.com "$tmp/leak.eml"

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

code "nothing there" 66 "$pp" verify "$tmp/none.eml"
: >"$tmp/empty.eml"
code "an empty file" 66 "$pp" verify "$tmp/empty.eml"
mkdir "$tmp/folder"
code "a folder without a packet" 66 "$pp" verify "$tmp/folder"
printf '\001\002no mail at all\n' >"$tmp/no.eml"
code "no mail" 65 "$pp" verify "$tmp/no.eml"
code "a list without addresses" 65 "$pp" verify --recipients "$tmp/no.eml" "$tmp/clean.eml"
code "no operand" 64 "$pp" verify
finish
