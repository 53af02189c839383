#!/bin/sh
# review --accept seals a packet: who, when, and the digests of what goes out and of what it was made from.
. "$TOP_SRCDIR/tests/cli/lib.sh"
command -v python3 >/dev/null || skip "python3 is missing: it reads the seal"
export SOURCE_DATE_EPOCH=1798830000
cp -r "$TOP_SRCDIR/samples/outage" "$tmp/case"
chmod -R u+w "$tmp/case"
gzip -d "$tmp/case/log/maillog.gz"
sed -i 's/maillog.gz/maillog/' "$tmp/case/case.json"
log=$tmp/case/log/maillog p=$tmp/packet
looked='screenshot=looked at, no reader in it'
code "build" 1 "$pp" build --quiet --map mta1=192.0.2.10 --map mta2=192.0.2.11 --output "$p" "$tmp/case/case.json"
ids=$(python3 -c 'import json, sys; print("\n".join(sorted({f["id"] for f in json.load(open(sys.argv[1]))["findings"]})))' "$p/packet.json")
waive () { set --; for id in $ids; do set -- "$@" --waive "$id=known to us"; done; "$pp" review --accept --by 'Dana Sample' "$@" "$p"; }
review () { code "$1" 1 "$pp" review "$p"; check "  $2" grep -q -e "$2" "$tmp/out"; }

review "not accepted yet" 'There is no seal'
code "accepted, its findings still open" 1 "$pp" review --accept "$p"
for id in $ids; do check "open: $id" grep -q "The finding '$id' is open" "$tmp/out"; done
code "each finding waived with a reason" 0 waive
check "who and when" grep -q 'accepted by Dana Sample at 2027-01-01T19:00:00Z' "$tmp/out"
code "may be sent" 0 "$pp" review --json "$p"
check "as JSON" grep -q '"may_be_sent": true' "$tmp/out"
digests () {
  python3 - "$p" "$tmp/case" <<'PY'
import hashlib, json, os, stat, sys
packet, case = sys.argv[1:]
s = json.load(open(packet + "/seal.json"))
digest = lambda path: hashlib.sha256(open(path, "rb").read()).hexdigest()
assert stat.S_IMODE(os.stat(packet + "/seal.json").st_mode) == 0o600
assert s["request"]["sha256"] == digest(packet + "/request.eml")
assert s["draft"]["sha256"] == digest(packet + "/draft.eml")
files = {os.path.realpath(i["file"]): i for i in s["inputs"]}
want = {os.path.realpath(os.path.join(case, f)) for f in
        ("case.json", "log/maillog", "delivered/newsletter.eml", "suppression.csv", "page/weekly.html")}
assert want <= set(files), want - set(files)
for path, i in files.items():
    assert i["sha256"] == digest(path) and i["bytes"] == os.path.getsize(path), path
    assert i["grows"] == path.endswith("maillog"), path
PY
}
check "digests of the messages and of every input" digests
code "the privacy check reads the seal, too" 0 "$pp" verify "$p"

cp "$p/request.eml" "$tmp/request"; cp "$p/draft.eml" "$tmp/draft"
printf . >>"$p/request.eml"; review "one byte of request.eml" 'request.eml is not what was sealed'
cp "$tmp/request" "$p/request.eml"
sed -i '$d' "$p/draft.eml"; review "draft.eml" 'draft.eml is not what was sealed'
cp "$tmp/draft" "$p/draft.eml"
code "as they were" 0 "$pp" review "$p"
tail -1 "$log" >>"$log"; code "a log that only grew" 0 "$pp" review "$p"
cp "$log" "$tmp/log"
sed -i '1s/mail1/mail2/' "$log"; review "a log that changed" 'maillog is not what it was'
code "nor can it be sealed" 77 "$pp" review --accept "$p"
mv "$tmp/log" "$log.1"; : >"$log"; code "a log that was rotated" 0 "$pp" review "$p"
echo >>"$tmp/case/suppression.csv"; review "a list that grew is another" 'suppression.csv is not what it was'
sed -i '$d' "$tmp/case/suppression.csv"
later () { SOURCE_DATE_EPOCH=$((1798830000 + $1)) "$pp" review "$p"; }
code "after 48 hours" 1 later 172801; check "the figures are old" grep -q 'figures are old' "$tmp/out"
code "after 7 days" 1 later 604801; check "the seal has expired" grep -q 'The seal has expired' "$tmp/out"
check "each is a sentence of its own" sh -c '[ "$(sed "1,/^It may not be sent/d" "$1" | grep -c "^  - ")" = 2 ]' sh "$tmp/out"

code "an id that no finding has" 64 "$pp" review --accept --waive nothing=why "$p"
code "no reason" 64 "$pp" review --accept --waive screenshot= "$p"
code "a reason without an id" 64 "$pp" review --accept --waive screenshot "$p"
code "--waive without --accept" 64 "$pp" review --waive "$looked" "$p"
code "a reader's address in a reason" 3 "$pp" review --accept --waive 'screenshot=shows jane.doe@icloud.com' "$p"
check "its value is not printed" sh -c '! grep -q jane "$1"' sh "$tmp/err"
code "a packet of another machine" 66 env XDG_STATE_HOME="$tmp/elsewhere" "$pp" review --accept "$p"
code "no packet" 66 "$pp" review "$tmp"
code "the seal stays through all that" 0 "$pp" review "$p"

# A part edited by hand is not sealed as it is.
echo hello >>"$p/parts/campaign.txt"
code "a part was edited" 77 "$pp" review --accept "$p"
check "and what to do" grep -q 'review --edit' "$tmp/err"

# The same case again, while the first request is open.
python3 - "$p/packet.json" <<'PY'
import json, sys
m = json.load(open(sys.argv[1]))
m["receipts"] = [{"time": "2027-01-01T20:00:00Z", "state": "accepted"}]
json.dump(m, open(sys.argv[1], "w"))
PY
review "sent once" 'This packet went to Apple already, at 2027-01-01T20:00:00Z'
p=$tmp/elsewhere/packet; mkdir "$tmp/elsewhere"; mv "$log.1" "$log"
sent=$tmp/packet
build_again () { SOURCE_DATE_EPOCH=1798833600 "$pp" build --quiet --map mta1=192.0.2.10 --map mta2=192.0.2.11 --output "$p" --force "$tmp/case/case.json"; }
p=$sent; code "--force spares what was sent" 73 build_again; p=$tmp/elsewhere/packet
check "and says so" grep -q 'was sent, and' "$tmp/err"
code "another packet of it" 1 build_again
code "accepted" 1 waive
check "is a second request" grep -q 'is an open request for the same domain example.com' "$tmp/out"
code "--force replaces a sealed packet, its seal too" 1 build_again
check "which is gone" test ! -e "$p/seal.json"

# What is not as it was built is not sealed, and it is said what is wrong with it.
sealed () { code "$1" "$2" timeout 20 "$pp" review --accept "$p"; check "  it is said which" grep -q "$3" "$tmp/err"; check "  and nothing is sealed" test ! -e "$p/seal.json"; }
rm -f "$p/seal.json"
part=$p/parts/apple-smtp-errors.txt
cp "$part" "$tmp/part"
rm "$part"
sealed "a part that is gone" 77 'apple-smtp-errors.txt is missing'
mkdir "$part"
sealed "a part that cannot be read" 77 'apple-smtp-errors.txt cannot be read'
rmdir "$part"; mkfifo "$part"
sealed "a part that is a pipe" 77 'apple-smtp-errors.txt cannot be read'
rm "$part"; cp "$tmp/part" "$part"; cp "$p/packet.json" "$tmp/manifest"
sed -i 's|"path": "parts/apple-smtp-errors.txt"|"path": "../../../../../../../../../../dev/zero"|' "$p/packet.json"
check "a file from elsewhere is listed" grep -q dev/zero "$p/packet.json"
sealed "  which is not read" 77 'dev/zero cannot be read'
cp "$tmp/manifest" "$p/packet.json"
sed 's/rejected/refused/' "$tmp/part" >"$part"
sealed "a part that was changed" 77 'apple-smtp-errors.txt is not what the packet was built with'
cp "$tmp/part" "$part"

# A packet of anybody's whose every text has an escape sequence: none comes to the terminal.
waive >/dev/null || :
python3 - "$p/packet.json" "$p/seal.json" <<'PY'
import json, sys
mark = lambda v: (v + "\033[31m" if isinstance(v, str) else [mark(x) for x in v] if isinstance(v, list)
                  else {k: mark(x) for k, x in v.items()} if isinstance(v, dict) else v)
for path in sys.argv[1:]:
    marked = mark(json.load(open(path)))
    json.dump(marked, open(path, "w"))
PY
code "a packet with escape sequences" 1 "$pp" review "$p"
check "is shown" grep -q 'accepted by Dana Sample?' "$tmp/out"
check "without them" sh -c '! grep -q "$(printf "\033")" "$1" "$2"' sh "$tmp/out" "$tmp/err"
finish
