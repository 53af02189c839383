#!/bin/sh
# Of personal and of forwarded mail those who write are people too, and no party to the request.
. "$TOP_SRCDIR/tests/cli/lib.sh"
export SOURCE_DATE_EPOCH=1779350400
build () { # NAME
  rm -rf "$tmp/$1-packet"
  "$pp" build --quiet --sending-ip 192.0.2.10 --output "$tmp/$1-packet" "$tmp/$1/case.json"
}
names_nobody () { # NAME WORDS
  check "$1: $3" sh -c '! grep -rEi "$2" "$1"/*' sh "$tmp/$1-packet" "$2"
}
for name in forwarded personal; do
  cp -R "$TOP_SRCDIR/samples/cases/$name" "$tmp/$name"
  chmod -R u+w "$tmp/$name"
done

sed -i -e 's/^From: .*/From: Otto Brandner <otto.brandner@author.example.net>/' \
  -e 's/^Subject: .*/Subject: Re: your diagnosis, call Otto/' \
  -e 's/^Message-ID: .*/Message-ID: <17.otto.brandner@mail.author.example.net>/' \
  -e 's/^MIME-Version:/List-Id: Otto Brandner <brandner.lists.author.example.net>\nX-Mailer: Brandner Mail\nFeedback-ID: a:otto:brandner:x\n&/' \
  "$tmp/forwarded/delivered.eml"
code "forwarded, by SRS or an address of ours" 0 build forwarded
names_nobody forwarded 'brandner|diagnosis' "its author, and what he writes of, stays here"
check "his domain, which results are about, stands there" \
  grep -Eq '^From: <\[verp-[a-z2-7]{8}\]@author\.example\.net>$' "$tmp/forwarded-packet/parts/delivered-headers.txt"
# ---- the writer stands behind an SRS tag; a word of a domain there ("example") is no name ----
cp -R "$tmp/forwarded" "$tmp/srs"
sed -i -E -e 's/from=<bounce-0*([0-9]*)@forward.example.com>/from=<SRS0=Ab3x=7K=author.example.net=brandner@forward.example.com>/' \
  -e 's/message-id=<[^@>]*([0-9])@[^>]*>/message-id=<\1.\1@mail.example.org>/' \
  -e 's/message-id=<[12]\./message-id=<brandner./' "$tmp/srs/maillog"
code "forwarded by SRS, with the authors' own Message-IDs" 0 build srs
check "these find a mail" grep -Eq 'Message-ID +<[03-9]\.[03-9]@mail\.example\.org>' "$tmp/srs-packet/parts/apple-smtp-errors.txt"
names_nobody srs 'brandner' "but for those that name who wrote it"
sed -i -E 's/from=<bounce-0*([0-9]*)@forward.example.com>/from=<anna.keller\1@fam\1.example.net>/' "$tmp/forwarded/maillog"
python3 - "$tmp/forwarded/case.json" <<'PY' || skip "python3 is missing: it changes the case"
import json, sys
case = json.load(open(sys.argv[1]))
del case["streams"][0]["match"]
json.dump(case, open(sys.argv[1], "w"))
PY
code "forwarded with the author as envelope sender" 0 build forwarded
names_nobody forwarded 'anna|keller' "nor do authors leave by MAIL FROM"
check "their mark says it" grep -q "a sender's (both are people)" "$tmp/forwarded-packet/parts/apple-smtp-errors.txt"

sed -i -E 's/from=<bounce-[0-9]*@/from=<anna.keller@/' "$tmp/personal/maillog"
code "personal" 1 build personal
names_nobody personal 'anna|keller' "who writes is no concern of Apple's"
check "personal: the domain is" grep -Eq 'MAIL FROM +<\[verp-[a-z2-7]{8}\]@smith\.example\.com>' "$tmp/personal-packet/parts/apple-smtp-errors.txt"
finish
