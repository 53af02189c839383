#!/bin/sh
# Marks in Apple's answer become addresses again, on the machine that built the packet; key and map never lie in one.
. "$TOP_SRCDIR/tests/cli/lib.sh"
export SOURCE_DATE_EPOCH=1798830000
case=$TOP_SRCDIR/samples/outage/case.json
build () { "$pp" build --quiet --map mta1=192.0.2.10 --map mta2=192.0.2.11 "$@" "$case"; }
code "a packet" 1 build --output "$tmp/packet"
code "its marks" 0 "$pp" reveal "$tmp/packet"
cp "$tmp/out" "$tmp/marks"
check "each with an address" awk 'NR > 1 && ($1 !~ /^\[(rcpt|verp)-[a-z2-7]+\]$|^\[custom-[0-9]+\]$/ || NF != 2) { bad = 1 } END { exit bad || NR < 6 }' "$tmp/marks"
mark=$(awk '$1 ~ /^\[rcpt/ && $2 ~ /@icloud.com$/ { print $1; exit }' "$tmp/marks")
who=$(awk -v m="$mark" '$1 == m { print $2 }' "$tmp/marks")
other=$(awk '$1 ~ /^\[rcpt/ && $2 !~ /@(icloud|me|mac).com$/ { print $1; exit }' "$tmp/marks")
family=$(awk -v m="$other" '$1 == m { print $2 }' "$tmp/marks")
custom=$(grep -o -h "$(printf %s "$other" | sed 's/[][]/\\&/g')@\[custom-[0-9]*\]" -r "$tmp/packet/parts" | head -1 | sed 's/.*@//')
check "the log knows them" sh -c 'gzip -dc "$1" | grep -q "to=<$2>"' sh "$TOP_SRCDIR/samples/outage/log/maillog.gz" "$who"
check "no file of the packet does" sh -c '! grep -rqF "$2" "$1"' sh "$tmp/packet" "$who"
told () { # NAME WANT TEXT
  code "$1" 0 "$pp" reveal "$tmp/packet" "$3"
  check "$1: told" test "$(cat "$tmp/out")" = "$2"
}
told "as it stands" "We see $who." "We see $mark@icloud.com."
told "its domain apart" "We see $who (iCloud)" "We see $mark (iCloud)"
bare=$(printf %s "$mark" | tr -d '[]' | tr a-z A-Z)
told "without brackets, in capitals" "<$who>, $who" "<$bare>, ${bare}@icloud.com"
told "one bracket left, and as a link writes it" "[$who, see %5B$who%5D@icloud.com" "[$(printf %s "$mark" | tr -d '[]')@icloud.com, see %5B$(printf %s "$mark" | tr -d '[]')%5D@icloud.com"
told "a domain of its own" "$family" "$other@$custom"
told "a domain alone" "${family#*@}" "$custom"
told "what is no mark" "rcpt-short [rcpt-] [verp-1] custom-x carpet-k7m2q4xd" "rcpt-short [rcpt-] [verp-1] custom-x carpet-k7m2q4xd"
code "a mark of another key" 1 "$pp" reveal "$tmp/packet" "$mark and [rcpt-aaaaaaaa]@icloud.com"
check "it stays, and is told of" grep -q '^postpacket: 1 of the marks is not in the map' "$tmp/err"
check "the known one is replaced" grep -qx "$who and \[rcpt-aaaaaaaa\]@icloud.com" "$tmp/out"
# An answer as mail: quoted, in base64.
{ printf 'From: postmaster@example.net\nSubject: Re\nContent-Type: text/plain; charset=utf-8\nContent-Transfer-Encoding: base64\n\n'
  printf '> %s@icloud.com was refused\n' "$mark" | base64; } >"$tmp/answer.eml"
code "a mail" 0 "$pp" reveal "$tmp/packet" "$tmp/answer.eml"
check "a mail: told" grep -qx "> $who was refused" "$tmp/out"
printf 'From: postmaster@example.net\nSubject: Re\nContent-Type: text/html; charset=utf-8\n\n<html><head><style>p{color:red}</style></head><body><p>We see %s@icloud&#46;com</p></body></html>\n' "$mark" >"$tmp/html.eml"
code "a mail of HTML alone" 0 "$pp" reveal "$tmp/packet" "$tmp/html.eml"
check "is its text" sh -c 'grep -q "We see $2" "$1" && ! grep -q "[<>{]" "$1"' sh "$tmp/out" "$who"
check "standard input" sh -c 'printf "%s\n" "$2" | "$1" reveal "$3" - | grep -qx "$4"' sh "$pp" "$mark" "$tmp/packet" "$who"
code "JSON" 0 "$pp" reveal --json "$tmp/packet" "$mark $mark"
check "JSON: counted" grep -q '"count": 2' "$tmp/out"

# What a stranger wrote moves no cursor; a file that is not there is no answer.
printf 'From: postmaster@example.net\nSubject: Re\n\n\033]0;title\007at %s\033[2J\n' "$mark" >"$tmp/escapes.eml"
code "an answer with escape sequences" 0 "$pp" reveal "$tmp/packet" "$tmp/escapes.eml"
check "shows none" sh -c 'grep -q "at $2" "$1" && ! grep -q "[[:cntrl:]]" "$1"' sh "$tmp/out" "$who"
printf 'one\r\n%s\r\n' "$mark" >"$tmp/dos.txt"
code "an answer with line ends of CR and LF" 0 "$pp" reveal "$tmp/packet" "$tmp/dos.txt"
check "reads as one of LF" test "$(tr '\n' '+' <"$tmp/out")" = "one+$who+"
code "a file that is not there" 66 "$pp" reveal "$tmp/packet" answr.eml
check "is named" grep -q 'answr.eml: there is no such file' "$tmp/err"

# [custom-1] counts in a packet: a later packet does not change what it meant in this one.
mkdir "$tmp/later"
cp -r "$TOP_SRCDIR/samples/outage/." "$tmp/later"
chmod -R u+w "$tmp/later"
gzip -dc "$tmp/later/log/maillog.gz" | sed "s/@${family#*@}>/@renamed.example.org>/g; s/=${family#*@}@/=renamed.example.org@/g" | gzip >"$tmp/l"
mv "$tmp/l" "$tmp/later/log/maillog.gz"
code "another packet of the case" 1 "$pp" build --quiet --map mta1=192.0.2.10 --map mta2=192.0.2.11 --output "$tmp/packet2" "$tmp/later/case.json"
told "the first one's custom domain" "${family#*@}" "$custom"
code "the second one's" 0 "$pp" reveal "$tmp/packet2" "$custom"
check "the second one's: told" grep -qx "renamed.example.org" "$tmp/out"

# Where nothing can be revealed.
code "no packet" 66 "$pp" reveal "$tmp" x
check "says which folder" grep -q "is no packet: there is no packet.json in it; give the folder that 'postpacket build' made" "$tmp/err"
code "too many operands" 64 "$pp" reveal a b c
code "on another machine" 66 env XDG_STATE_HOME="$tmp/elsewhere" "$pp" reveal "$tmp/packet" x
echo '{"case": "../../etc", "id": "0123456789abcdef"}' >"$tmp/later/packet.json"
code "a case name that leads elsewhere" 78 "$pp" reveal "$tmp/later" x
rm "$tmp/later/packet.json"

# Modes, and places that leave with the packet.
check "key and map are 0600" sh -c '[ "$(stat -c %a "$1"/postpacket/outage/key "$1"/postpacket/outage/map.json | sort -u)" = 600 ]' sh "$XDG_STATE_HOME"
refused () { # NAME COMMAND...
  name=$1; shift
  code "$name: refused" 78 "$@"
  check "$name: with advice" grep -q 'would lie in a packet folder.*XDG_STATE_HOME' "$tmp/err"
}
refused "state inside the packet to be made" env XDG_STATE_HOME="$tmp/new/state" "$pp" build --quiet --output "$tmp/new" "$case"
check "nothing was made" sh -c '! [ -e "$1" ]' sh "$tmp/new"
mkdir "$tmp/real"
ln -s "$tmp/real" "$tmp/link"
refused "by a link" env XDG_STATE_HOME="$tmp/link/p/state" "$pp" build --quiet --output "$tmp/real/p" "$case"
cp "$TOP_SRCDIR/samples/outage/key" "$tmp/packet/parts/key"
refused "a key file in a packet" build --key "$tmp/packet/parts/key" --output "$tmp/p3"
refused "a key file in a packet, for headers" "$pp" headers --key "$tmp/packet/parts/key" "$TOP_SRCDIR/samples/outage/delivered/newsletter.eml"
refused "state in a packet" env XDG_STATE_HOME="$tmp/packet/state" "$pp" headers "$TOP_SRCDIR/samples/outage/delivered/newsletter.eml"
finish
