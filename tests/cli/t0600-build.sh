#!/bin/sh
# From the sample case to its packet: the folder, the message, its figures, and the golden copy.
. "$TOP_SRCDIR/tests/cli/lib.sh"
command -v python3 >/dev/null || skip "python3 is missing: it reads the message"
export SOURCE_DATE_EPOCH=1798830000
sample=$TOP_SRCDIR/samples/outage
golden=$TOP_SRCDIR/tests/golden/outage
p=$tmp/packet
build () { # FOLDER OPTION...
  folder=$1; shift
  "$pp" build --quiet --key "$sample/key" --map mta1=192.0.2.10 --map mta2=192.0.2.11 --output "$folder" "$@"
}

# Folder and modes, whatever the umask. The screenshot is a finding: somebody has to look at it.
umask 0000
code "build" 1 build "$p" "$sample/case.json"
check "says where the request is" grep -q 'request.eml is ready' "$tmp/out"
check "folders 0700, files 0600" sh -c '
  [ -z "$(find "$1" -type d ! -perm 0700)$(find "$1" -type f ! -perm 0600)$(find "$1" ! -type d ! -type f)" ]' sh "$p"
umask 0777
code "build under umask 0777" 1 build "$tmp/other" "$sample/case.json"
umask 0022
check "the same modes" sh -c '
  [ -z "$(find "$1" -type d ! -perm 0700)$(find "$1" -type f ! -perm 0600)" ]' sh "$tmp/other"
(cd "$p" && find . -type f | LC_ALL=C sort) >"$tmp/files"
cat >"$tmp/files.want" <<'END'
./draft.eml
./packet.json
./parts/apple-bounce-trend-2026-12-29_2027-01-01.csv
./parts/apple-bounce-trend-2026-12-29_2027-01-01.png
./parts/apple-smtp-errors.txt
./parts/campaign-own.txt
./parts/campaign.png
./parts/campaign.txt
./parts/consent-and-suppression.txt
./parts/delivered-headers.txt
./privacy-report.txt
./request.eml
./review.html
./ticket/ticket.json
./ticket/ticket.md
END
same "the files of a packet" "$tmp/files" "$tmp/files.want"
check "nothing else is left beside it" sh -c '[ "$(cd "$1" && ls -A | grep -c packet)" = 1 ]' sh "$tmp"

# The same bytes again; output that is there.
check "the same inputs, time and key give the same bytes" diff -r "$p" "$tmp/other"
code "a packet that is there stays" 73 build "$p" "$sample/case.json"
echo mine >"$p/mine.txt"
code "--force spares a folder with other files in it" 73 build "$p" --force "$sample/case.json"
check "and they are still there" test -f "$p/mine.txt"
rm "$p/mine.txt"
code "--force replaces a packet" 1 build "$p" --force "$sample/case.json"
check "by the same one" diff -r "$p" "$tmp/other"
for jobs in 1 3; do
  code "with --jobs $jobs" 1 build "$p" --force --jobs $jobs "$sample/case.json"
  check "the same" diff -r "$p" "$tmp/other"
done
mkdir "$tmp/theirs"
echo keep >"$tmp/theirs/letter"
code "--force replaces no folder of others" 73 build "$tmp/theirs" --force "$sample/case.json"
check "whose files stay" grep -qx keep "$tmp/theirs/letter"
head -c 32 /dev/zero | od -An -v -tx1 | tr -d ' \n' >"$tmp/key"
code "another key" 1 build "$tmp/another" --key "$tmp/key" "$sample/case.json"
check "gives other marks" sh -c '! cmp -s "$1" "$2"' sh "$p/parts/apple-smtp-errors.txt" "$tmp/another/parts/apple-smtp-errors.txt"

# Readers that are not ours.
code "postpacket verify: GMime reads the message, and it is clean" 0 "$pp" verify "$p/request.eml"
code "postpacket verify: the packet" 0 "$pp" verify --recipients "$sample/suppression.csv" "$p"
cat >"$tmp/read.py" <<'PY'
import email, email.policy, json, re, sys
packet = sys.argv[1]
raw = open(packet + "/request.eml", "rb").read()
assert b"\n" not in raw.replace(b"\r\n", b"") and b"\r" not in raw.replace(b"\r\n", b""), "line ends"
m = email.message_from_bytes(raw, policy=email.policy.default)
for p in m.walk():
    assert not p.defects, p.defects
    for name, value in p.items():
        assert not value.defects, (name, value.defects)
assert m["to"] == "icloudadmin@apple.com" and m["subject"] == "iCloud Mail delivery issue for news.example.com"
assert str(m["from"]) == "Dana Sample <postmaster@example.com>", m["from"]
names = sorted(k.lower() for k in m.keys())
assert names == ["content-type", "date", "from", "message-id", "mime-version", "subject", "to"], names
assert m.get_content_type() == "multipart/mixed"
for line in raw.split(b"\r\n\r\n")[0].split(b"\r\n"):
    assert len(line) <= 78, line
assert b"postpacket" not in raw.lower(), "a tool's name"
body = m.get_body(("plain",))
assert body["content-transfer-encoding"] in ("7bit", "quoted-printable")
lines = body.get_content().replace("\r\n", "\n").rstrip("\n").split("\n")
assert len(lines) <= 60, len(lines)
assert max(map(len, lines)) <= 76, max(lines, key=len)
keys = [i for k in ("Company:", "Sending domain:", "Sending IPs:", "Error:", "Started:")
        for i, l in enumerate(lines) if l.startswith(k)]
assert len(keys) == 5 and keys == sorted(keys) and keys[0] == 0, keys
for ip in ("192.0.2.10", "192.0.2.11"):
    assert any(re.search(rf"(?<![\d.]){ip}(?![\d.])", l) for l in lines[:15]), ip
parts = list(m.iter_attachments())
assert {p.get_content_type() for p in parts} <= {"text/plain", "text/csv", "image/png"}
for p in parts:
    assert p.get_content_disposition() == "attachment" and p.get_filename().isascii()
    data = p.get_payload(decode=True)
    want = open(f"{packet}/parts/{p.get_filename()}", "rb").read()
    assert data in (want, want.replace(b"\n", b"\r\n")), p.get_filename()
assert len(raw) < 500000
# A mail cut off after the look-up lines must still do; the question is always there.
text = " ".join(lines)
assert text.count("?") == 0 and "We ask you to check whether these refusals are intended." in text
draft = email.message_from_binary_file(open(packet + "/draft.eml", "rb"), policy=email.policy.default)
assert draft["x-unsent"] == "1" and draft["date"] is None and draft["message-id"] is None
assert draft.get_body(("plain",)).get_content().splitlines() == lines
manifest = json.load(open(packet + "/packet.json"))
import hashlib, os
listed = {f["path"]: f["sha256"] for f in manifest["files"]}
there = {os.path.relpath(os.path.join(d, f), packet) for d, _, fs in os.walk(packet) for f in fs}
assert there - set(listed) == {"packet.json"} and not set(listed) - there, there ^ set(listed)
for path, digest in listed.items():
    assert hashlib.sha256(open(f"{packet}/{path}", "rb").read()).hexdigest() == digest, path
PY
check "Python's email package finds no defect; items, limits and parts hold" python3 "$tmp/read.py" "$p"

# mutt decodes each part as we wrote it.
mutt_reads () {
  mkdir -p "$tmp/mutt"
  { echo "From dana@example.com Fri Jan  1 19:00:00 2027"; tr -d '\r' <"$p/request.eml"; echo; } >"$tmp/mutt/mbox"
  { printf 'set wait_key=no read_only=yes folder="%s"\npush "<view-attachments>' "$tmp/mutt"
    for i in 1 2 3 4 5 6 7; do printf '<pipe-entry>cat >%s<enter><next-entry>' "$tmp/mutt/$i"; done
    echo '<exit><exit>"'; } >"$tmp/mutt/rc"
  TERM=xterm timeout 60 python3 -c 'import pty, sys; sys.exit(pty.spawn(sys.argv[1:]) >> 8)' \
    mutt -n -F "$tmp/mutt/rc" -R -f "$tmp/mutt/mbox" >/dev/null
  python3 - "$p" "$tmp/mutt" <<'PY'
import email, email.policy, sys
packet, got = sys.argv[1:]
m = email.message_from_binary_file(open(packet + "/request.eml", "rb"), policy=email.policy.default)
assert open(got + "/1").read() == m.get_body(("plain",)).get_content().replace("\r\n", "\n")
for i, p in enumerate(m.iter_attachments(), 2):
    want = open(f"{packet}/parts/{p.get_filename()}", "rb").read()
    assert open(f"{got}/{i}", "rb").read() in (want, want.replace(b"\r\n", b"\n")), p.get_filename()
assert i == 7
PY
}
if command -v mutt >/dev/null && command -v timeout >/dev/null; then
  check "mutt reads body and attachments" mutt_reads
else
  ok "mutt reads body and attachments # SKIP mutt is not installed"
fi

# Every figure.
truth=${POSTPACKET_LAB-}/outage/postfix/truth.json.gz
if [ -f "$truth" ]; then
  compare=$TOP_SRCDIR/tests/tools/compare-packet.py
  check "every figure of the request is the truth's" python3 "$compare" "$p" "$truth" news.example.com 2027-01-01T18:00:00
  cp -r "$sample" "$tmp/full"
  chmod -R u+w "$tmp/full"
  cp "$POSTPACKET_LAB/outage/postfix/log/maillog.gz" "$tmp/full/log/maillog.gz"
  code "the same case on the whole log" 1 build "$tmp/whole" --json "$tmp/full/case.json"
  check "its figures, too" python3 "$compare" "$tmp/whole" "$truth" news.example.com
  check "says that it is over" grep -q '"id": "over"' "$tmp/out"
else
  ok "every figure of the request is the truth's # SKIP there is no lab"
fi

# A machine that is short of something: all of it or nothing, and nothing beside it.
mkdir "$tmp/tight"; cd "$tmp/tight"
code "no place for the map" 78 env HOME=none XDG_STATE_HOME= "$pp" build --quiet --key "$sample/key" "$sample/case.json"
check "no place for the map: said" grep -q "map of the pseudonyms; set XDG_STATE_HOME" "$tmp/err"
code "files that may not grow" 74 sh -c 'ulimit -f 8; exec "$1" build --quiet --key "$2/key" "$2/case.json"' sh "$pp" "$sample"
check "files that may not grow: said, by the name that was asked for" grep -q "^postpacket: outage-packet/draft.eml: .*ulimit -f" "$tmp/err"
check "nothing is left" test -z "$(ls -A)"
printf '<fontconfig></fontconfig>\n' >"$tmp/no-fonts.conf"
code "a machine without fonts" 69 env FONTCONFIG_FILE="$tmp/no-fonts.conf" "$pp" build --quiet --key "$sample/key" "$sample/case.json"
check "a machine without fonts: said" grep -q "no font is found.*; install one" "$tmp/err"
check "nothing is left without fonts" test -z "$(ls -A)"
: >taken
code "a name that is taken" 73 "$pp" build --quiet --key "$sample/key" --output taken "$sample/case.json"
cd "$OLDPWD"

# A part of the mail is not told as all of it.
python3 - "$sample/case.json" "$tmp/part.json" <<'PY'
import json, os, sys
case = json.load(open(sys.argv[1]))
case["incident"].pop("started", None)
here = os.path.dirname(os.path.abspath(sys.argv[1]))
case["evidence"] = {"logs": here + "/log"}
json.dump(case, open(sys.argv[2], "w"))
PY
code "a part of the time" 1 build "$tmp/later" --since 2026-12-31T06:00:00Z "$tmp/part.json"
check "the logs begin before it" grep -q "our figures begin" "$tmp/later/request.eml"
check "and nobody says otherwise" sh -c '! grep -q "our logs begin" "$1"' sh "$tmp/later/request.eml"
check "it is a finding" grep -q '"id": "window"' "$tmp/later/packet.json"
code "all of it, asked for" 1 build "$tmp/entire" --since 2026-12-01 --until 2027-02-01 "$tmp/part.json"
check "is none" sh -c '! grep -q "\"window\"" "$1"' sh "$tmp/entire/packet.json"

code "before the log was written" 1 env SOURCE_DATE_EPOCH=1798810000 "$pp" build --quiet --key "$sample/key" --output "$tmp/early" "$tmp/part.json"
check "a record that is to come is a finding" grep -q '"id": "future"' "$tmp/early/packet.json"
check "and none that is not" sh -c '! grep -q "\"future\"" "$1"' sh "$tmp/entire/packet.json"

# Builds at once of a case that has no key yet: all use one.
for i in 1 2 3 4; do
  XDG_STATE_HOME=$tmp/together "$pp" build --quiet --map mta1=192.0.2.10 --map mta2=192.0.2.11 \
    --output "$tmp/together-$i" "$sample/case.json" >"$tmp/.out" 2>&1 &
done
wait
for i in 2 3 4; do
  check "one key for builds at once, $i" cmp "$tmp/together-1/request.eml" "$tmp/together-$i/request.eml"
done

# The golden copy. Pictures depend on the fonts that are installed, so their bytes are left out.
copy=$tmp/copy
mkdir -p "$copy/parts" "$copy/ticket"
awk '/^Content-Type: image\/png/ { picture = 1 } /^--=_/ { picture = body = 0 }
  picture && body { next } /^\r?$/ { body = 1 } { print }' "$p/request.eml" >"$copy/request.eml"
cp "$p"/parts/*.txt "$p"/parts/*.csv "$copy/parts"
cp "$p"/ticket/* "$copy/ticket"
if [ -n "${UPDATE_GOLDEN-}" ]; then
  rm -rf "$golden"
  cp -r "$copy" "$golden"
  chmod -R u=rwX,go=rX "$golden"
fi
check "the golden copy (UPDATE_GOLDEN=1 writes it anew)" diff -ru "$golden" "$copy"
finish
