#!/bin/sh
# One case for three audiences: the same marks under the same key, three tables, nobody's recipient.
. "$TOP_SRCDIR/tests/cli/lib.sh"
command -v python3 >/dev/null || skip "python3 is missing: it looks for the addresses"
export SOURCE_DATE_EPOCH=1798830000 PYTHONDONTWRITEBYTECODE=1
cp -r "$TOP_SRCDIR/samples/outage" "$tmp/case"
chmod -R u+w "$tmp/case"
# The service wrote an id of its own, and one with the reader in it.
sed -i 's/^X-Campaign-Id:/X-SG-ID: u001.Vq8Kd0QpL\nX-SG-Reader: test.person0180@icloud.com\nX-Mailgun-Sid: WyJhIl0\n&/' "$tmp/case/delivered/newsletter.eml"
sed -i 's/"contact": {/"platform": { "name": "Twilio SendGrid", "ticket": "T-4711" },\n  &/' "$tmp/case/case.json"
build () { "$pp" build --quiet --map mta1=192.0.2.10 --map mta2=192.0.2.11 "$@" "$tmp/case/case.json"; }
for who in apple esp public; do
  code "$who" 1 build --audience "$who" --output "$tmp/$who"
  check "$who: is in the manifest" grep -q "\"audience\": \"$who\"" "$tmp/$who/packet.json"
  code "$who: verified" 0 "$pp" verify "$tmp/$who"
done
check "the request is for Apple alone" sh -c '[ -f "$1/apple/request.eml" ] && ! ls "$1"/esp/*.eml "$1"/public/*.eml' sh "$tmp"
code "without the option it is Apple" 1 build --output "$tmp/plain"
check "the same bytes" diff -r "$tmp/plain" "$tmp/apple"
code "an unknown audience" 64 build --audience everybody --output "$tmp/x"
check "it names those that there are" grep -q 'apple, esp .*public' "$tmp/err"
h=parts/delivered-headers.txt
has () { check "$1 has $2" grep -q -e "$2" "$tmp/$1/$3"; }
hasnt () { check "$1 has no $2" sh -c '! grep -rqF -e "$2" "$1"' sh "$tmp/$1" "$2"; }
has esp '^X-SG-ID: u001.Vq8Kd0QpL$' $h
hasnt apple u001.Vq8Kd0QpL
hasnt public u001.Vq8Kd0QpL
has esp '^X-Mailgun-Sid: \[token:7,base64url\]$' $h
has esp '^X-SG-Reader: \[rcpt-' $h
has esp '^Message-ID: <m0170.4be599f5@mail1.example.com>$' $h
has apple '^Message-ID: <m0170.4be599f5@mail1.example.com>$' $h
hasnt public m0170.4be599f5
hasnt public T-4711
hasnt public "Dana Sample"
has esp 'T-4711' ticket/ticket.md
has apple '^X-Apple-UUID: 5b1c7f0e-' $h
has esp '^X-Apple-UUID: \[token:36,uuid\]' $h
has esp 'For the sending service: the ticket' review.html
has public 'For everybody: the ticket' review.html
marks () { grep -rhoE '\[(rcpt|verp)-[a-z2-7]+\]' "$tmp/$1/parts" "$tmp/$1/ticket" | sort -u; }
marks apple >"$tmp/m.apple"
for who in esp public; do
  marks "$who" >"$tmp/m.$who"
  check "$who: no mark that Apple has not" sh -c '[ -s "$2" ] && [ -z "$(comm -13 "$1" "$2")" ]' sh "$tmp/m.apple" "$tmp/m.$who"
done
gzip -dc "$tmp/case/log/maillog.gz" | grep -oE ' to=<[^<> ]+@(icloud|me|mac)\.com>' | sed 's/.*<//; s/>//' | sort -u >"$tmp/list"
echo test.person0180@icloud.com >>"$tmp/list"
for who in esp public; do
  check "$who: no recipient" python3 "$TOP_SRCDIR/tests/tools/find-recipients.py" "$tmp/list" "$tmp/$who/ticket" "$tmp/$who/$h" "$tmp/$who/review.html" "$tmp/$who/parts/apple-smtp-errors.txt"
done
code "headers: for the service" 0 "$pp" headers --audience esp --platform SendGrid "$tmp/case/delivered/newsletter.eml"
check "headers: its own field" grep -q '^X-SG-ID: u001.Vq8Kd0QpL$' "$tmp/out"
# A service that is not named, or not known, finds none of its ids: that is said.
sed -i 's/Twilio SendGrid/Post Office/' "$tmp/case/case.json"
code "an unknown service" 1 "$pp" build --audience esp --map mta1=192.0.2.10 --map mta2=192.0.2.11 --output "$tmp/unknown" "$tmp/case/case.json"
check "an unknown service: told" grep -q 'Post Office: the header fields of this service are not known' "$tmp/err"
finish
