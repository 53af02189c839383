#!/bin/sh
# Redaction is total and minimal. On every bounce of the lab, on the mail that it returns and on the samples: nobody
# who stands in them is in what leaves, and a field of a row "keep" leaves byte for byte as it came. The fields are cut
# out here by other means than the program's; who is searched for comes from the lab's own truth.
. "$TOP_SRCDIR/tests/cli/lib.sh"
[ -n "${POSTPACKET_LAB-}" ] || skip "POSTPACKET_LAB is not set and there is no shared/lab beside the checkout"
command -v python3 >/dev/null || skip "python3 is missing: it compares the fields"
export TMP_TEST="$tmp" PYTHONDONTWRITEBYTECODE=1
mkdir "$tmp/in" "$tmp/left"
# The mails, and each mail that a bounce returns, as files of their own.
check "mails are there" python3 - <<'PY'
import glob, gzip, json, os, re
tmp, lab, top = os.environ["TMP_TEST"], os.environ["POSTPACKET_LAB"], os.environ["TOP_SRCDIR"]
paths = sorted(glob.glob(lab + "/open/*/bounces/*.eml")) + sorted(glob.glob(top + "/samples/delivered/*.eml"))
paths += sorted(glob.glob(top + "/samples/bounce/*.eml")) + glob.glob(top + "/samples/outage/delivered/*.eml")
n = 0
for path in paths:
    raw = open(path, "rb").read()
    parts = re.split(rb"(?im)^Content-Type: (?:message/rfc822|text/rfc822-headers)\b", raw)
    mails = [raw] + [re.split(rb"\r?\n\r?\n", p, maxsplit=1)[1] for p in parts[1:]]
    for mail in mails:
        if re.match(rb"[A-Za-z-]+:", mail):
            open(f"{tmp}/in/{n:04d}.eml", "wb").write(mail)
            n += 1
known = set()
for path in glob.glob(lab + "/open/*/truth.json*"):
    truth = json.load((gzip.open if path.endswith(".gz") else open)(path, "rt", encoding="utf-8"))
    known |= {r["recipient"] for r in truth["recipients"]}
for path in glob.glob(top + "/samples/delivered/*.eml"):
    known |= set(re.findall(r"[\w.+-]+@(?:icloud|me|mac)\.com", open(path, encoding="utf-8").read()))
# Of the lab's senders some are recipients too; as senders they stay. Only who stands in the mails can come out.
everything = b"".join(open(p, "rb").read() for p in sorted(glob.glob(tmp + "/in/*"))).decode("utf-8", "replace").lower()
known = {a for a in known if not a.endswith("example.com") and a.lower() in everything}
open(tmp + "/list", "w", encoding="utf-8").write("\n".join(sorted(known)) + "\n")
assert n > 350 and len(known) > 120, (n, len(known))
PY
set +e
"$pp" headers --json "$tmp"/in/*.eml >"$tmp/out.json" 2>"$tmp/err"
got=$?
set -e
check "headers reads them all" test "$got" -eq 0
check "every kept field is byte for byte as it came" python3 - <<'PY'
import json, os, re
tmp = os.environ["TMP_TEST"]
rows = json.load(open(os.environ["TOP_SRCDIR"] + "/templates/headers.json"))["rows"]
# Of these known values are kept, and no other stands in any of these mails.
keep = {r["name"].lower() for r in rows if r["action"] in ("keep", "value", "date", "list-id", "folder")}
# What a postmaster looks for first; the table may keep more, never less.
must = """Date Message-ID MIME-Version X-Apple-UUID X-Apple-MoveToFolder X-Apple-Action X-ICL-RepId X-ICL-Score X-DMARC-Info
X-DMARC-Policy X-ARC-Info X-CLX-Shades X-CLX-Score X-CLX-Spam X-Proofpoint-GUID X-Proofpoint-Spam-Details X-Spam-Flag
X-Suspected-Spam List-Unsubscribe-Post List-ID Precedence Auto-Submitted Content-Transfer-Encoding""".lower().split()
assert set(must) <= keep, set(must) - keep

def fields(text):
    head = re.split(r"\n\n", text.replace("\r\n", "\n").lstrip("\n"), maxsplit=1)[0]
    for field in re.split(r"\n(?![ \t])", head):
        name, colon, value = field.partition(":")
        if colon and re.fullmatch(r"[!-9;-~]+", name):
            yield name.lower(), value.rstrip("\n")

decoder, text, at, seen, mails = json.JSONDecoder(), open(tmp + "/out.json", encoding="utf-8").read(), 0, {}, 0
while at < len(text):
    o, at = decoder.raw_decode(text, at)
    at += len(text[at:]) - len(text[at:].lstrip())
    raw = open(o["path"], "rb").read().decode("utf-8", "replace")
    mails += 1
    came = [f for f in fields(raw) if f[0] in keep]
    left = [f for f in fields(o["headers"]) if f[0] in keep]
    assert came == left, (o["path"], [f for f in came if f not in left])
    for name, _ in came:
        seen[name] = seen.get(name, 0) + 1
    # Nothing leaves that was not there: no field is made up, and every other one is told of.
    names = {n for n, _ in fields(raw)}
    out = {n for n, _ in fields(o["headers"])}
    gone = {r["name"].lower() for r in o["removed"]}
    assert out <= names, out - names
    assert names - out <= gone, (o["path"], names - out - gone)
    open(f"{tmp}/left/{os.path.basename(o['path'])}.txt", "w", encoding="utf-8").write(o["headers"] + json.dumps(o["removed"]))
assert mails > 350 and seen["message-id"] > 300 and seen["x-apple-uuid"] > 2, seen
PY
cat "$tmp"/left/*.txt >"$tmp/left.txt"
check "no recipient remains in any of them" python3 "$TOP_SRCDIR/tests/tools/find-recipients.py" "$tmp/list" "$tmp/left.txt"
check "the looker would have found them" sh -c 'cp "$1/in/0000.eml" "$1/seen.txt"; ! python3 "$2" "$1/list" "$1/seen.txt"' \
  sh "$tmp" "$TOP_SRCDIR/tests/tools/find-recipients.py"
finish
