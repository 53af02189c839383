#!/bin/sh
# review --edit: what a person changes is checked as what was made is, and becomes the message.
. "$TOP_SRCDIR/tests/cli/lib.sh"
command -v python3 >/dev/null || skip "python3 is missing: it reads the message"
export SOURCE_DATE_EPOCH=1798830000 TMPDIR="$tmp/editors"
mkdir "$TMPDIR"
unset VISUAL EDITOR || :
cp -r "$TOP_SRCDIR/samples/outage" "$tmp/case"
chmod -R u+w "$tmp/case"
gzip -d "$tmp/case/log/maillog.gz"
sed -i 's/maillog.gz/maillog/' "$tmp/case/case.json"
p=$tmp/p first=$tmp/first
# From another folder than the edits: options and paths are those of the build.
code "build" 1 sh -c 'cd "$1/case" && exec "$2" build --quiet --map mta1=192.0.2.10 --map mta2=192.0.2.11 --output ../p case.json' sh "$tmp" "$pp"
cp -r "$p" "$first"
fresh () { rm -rf "$p"; cp -r "$first" "$p"; }
edit () { EDITOR="sed -i '$1'" "$pp" review --edit "$p"; }
out () { check "$1" grep -Eq -e "$2" "$tmp/out"; }
untouched () { check "  the packet is as it was" diff -r "$first" "$p"; check "  and nothing is left" sh -c '! ls "$1" | grep -q .' sh "$TMPDIR"; }

code "nothing changed" 0 edit 's/x/x/'; untouched
tail -3 "$tmp/case/log/maillog" | sed 's/: [0-9A-F]*: /: FFFFFF: /' >>"$tmp/case/log/maillog"
code "words, while the log grows" 1 edit 's/Our logs do not show us the/We do not see the/'
out "the screenshot is the only finding" 'written anew, with these findings'
check "no figure is a finding" sh -c '! grep -q edited- "$1"' sh "$tmp/out"
same_message () {
  python3 - "$p" "$first" <<'PY'
import email, email.policy, hashlib, json, sys
read = lambda path: email.message_from_binary_file(open(path, "rb"), policy=email.policy.default)
new, old = read(sys.argv[1] + "/request.eml"), read(sys.argv[2] + "/request.eml")
draft = read(sys.argv[1] + "/draft.eml")
text = lambda m: m.get_body(("plain",)).get_content()
assert text(new) == text(old).replace("Our logs do not show us the", "We do not see the") != text(old)
assert text(draft) == text(new) and draft["x-unsent"] == "1"
parts = lambda m: [(p.get_filename(), p.get_payload(decode=True)) for p in m.iter_attachments()]
assert parts(new) == parts(old) == parts(draft), "what was read is what was read before"
m = json.load(open(sys.argv[1] + "/packet.json"))
assert m["inputs"] == json.load(open(sys.argv[2] + "/packet.json"))["inputs"]
assert [e["text"] for e in m["edited"]] == ["the same two IPs and are accepted as before. We do not see the"], m["edited"]
for f in m["files"]:
    assert hashlib.sha256(open(sys.argv[1] + "/" + f["path"], "rb").read()).hexdigest() == f["sha256"]
PY
}
check "text and draft have it, the rest is as it was" same_message
check "the page shows what was written by hand" grep -q 'We do not see the</q>' "$p/review.html"
code "accepted" 0 "$pp" review --accept --waive 'screenshot=looked at' "$p"
code "and edited again" 1 edit 's/We do not see the/We cannot see the/'
check "falls" test ! -e "$p/seal.json"
code "the privacy check of the edited packet" 0 "$pp" verify --recipients "$tmp/case/suppression.csv" "$p"

# Figures.
fresh
code "figures, checks" 1 edit 's/36 recipients/37 recipients/; s/114      0                  5/5      0                  114/
  s/2026-12-31 05:26 UTC; latest/2026-12-30 05:26 UTC; latest/
  s/cause\. *$/cause. We saw 4711 of it. Some 36 others wrote. DMARC was verified./'
out "what the evidence has" 'figures of "at end of DATA, 37 recipients" were changed by hand; the evidence'
out "figures that changed places" 'iCloud, 29-30 Dec *5 +0 +114'
out "the day of the start" 'Started: 2026-12-30 05:26 UTC'
out "what no evidence has" '"4711" was written by hand'
out "a known figure in other words" '"36" stands in words that the evidence'
out "a check that nobody made" 'edited-claim'
code "may not be sent without a reason" 1 "$pp" review --accept --waive 'screenshot=looked at' --waive 'edited-claim=no' "$p"
out "says which" "The finding 'edited-number' is open"
code "may with one" 0 "$pp" review --accept --waive 'screenshot=looked at' --waive 'edited-number=by phone' --waive 'edited-claim=by phone' "$p"

# Form and tone: what the request would lack is not written.
fresh
code "a message that lacks" 1 edit 's/We ask you to check whether/Please whitelist us and say whether/
  s,^View in browser.*,See http://www.example.com/other,; /^Company:/d; s/, screenshot, consent/, consent/; s/^To look up/one\ntwo\nthree\n&/'
out "a demand" 'LACKING: The body says "whitelist"'
out "a link in clear" 'LACKING: The link http://www.example.com/other'
out "an item of the five is gone" 'LACKING: The body does not say "Company:"'
out "an attachment that is not mentioned" 'campaign.png is attached, but'
out "more than 60 lines" 'The body has 6[1-9] lines'
out "the text is kept" 'Your text is kept in'
rm -rf "$tmp/editors"/*; untouched

# Private data.
fresh; code "a reader, in base64" 3 edit 's/We ask you/dGVzdC5wZXJzb24wMTgwQGljbG91ZC5jb20= We ask you/'
fresh; code "a reader by title and name" 3 edit 's/We ask you/Mrs Reader wrote. We ask you/'; untouched
check "place and rule" grep -q 'the text that was edited.*rule' "$tmp/err"
untouched

# parts/ by hand.
fresh; sed -i 's/^ *accepted in the same period .*/&0/' "$p/parts/apple-smtp-errors.txt"
code "a part" 1 "$pp" review --edit "$p" </dev/null
out "its figure" 'In parts/apple-smtp-errors.txt the figures of "accepted in the same period'
check "is in the message" sh -c 'python3 -c "
import email, email.policy, sys
m = email.message_from_binary_file(open(sys.argv[1] + \"/request.eml\", \"rb\"), policy=email.policy.default)
a = {p.get_filename(): p.get_content() for p in m.iter_attachments()}
assert a[\"apple-smtp-errors.txt\"].replace(\"\\r\\n\", \"\\n\") == open(sys.argv[1] + \"/parts/apple-smtp-errors.txt\").read()
" "$1"' sh "$p"
code "and stays when the text is edited" 1 edit 's/Our logs do not show us the/We do not see the/'
out "as a finding" 'In parts/apple-smtp-errors.txt the figures'
fresh; echo 'Of test.person0180@icloud.com' >>"$p/parts/consent-and-suppression.txt"
code "a reader in a part" 3 "$pp" review --edit "$p"
fresh; rm "$p/parts/campaign.png"
code "an attachment taken out" 1 "$pp" review --edit "$p"
out "the text still mentions it" 'The body mentions "screenshot"'
code "and the text as well" 1 edit 's/, screenshot, consent/, consent/'
check "is gone for good" sh -c '! grep -q campaign.png "$1/request.eml" && test ! -e "$1/parts/campaign.png"' sh "$p"
fresh; echo mine >"$p/parts/mine.txt"
code "a file that is no part" 65 "$pp" review --edit "$p"

# The message itself by hand: its text is taken, and both messages are made anew.
fresh; sed -i 's/36 recipients/38 recipients/' "$p/request.eml"
code "request.eml edited by hand" 77 "$pp" review --accept "$p"
code "taken over" 1 "$pp" review --edit "$p"
out "its figure is a finding" 'figures of "at end of DATA, 38 recipients"'
check "the draft has it, too" grep -q '38 recipients' "$p/draft.eml"

# Where it cannot be.
fresh; code "^C is for the editor" 0 env EDITOR='kill -INT $PPID; true' "$pp" review --edit "$p"; untouched
fresh; code "an editor that fails" 69 env EDITOR=false "$pp" review --edit "$p"; untouched
code "an empty text" 65 edit '/./d'; untouched
code "--edit goes alone" 64 "$pp" review --edit --accept "$p"
cp "$tmp/case/log/maillog" "$tmp/log"; sed -i '1s/mail1/mail2/' "$tmp/case/log/maillog"
code "an input that changed" 77 edit 's/cause/reason/'; untouched
mv "$tmp/log" "$tmp/case/log/maillog.1"; : >"$tmp/case/log/maillog"
code "a log that was rotated away" 77 edit 's/cause/reason/'; untouched
finish
