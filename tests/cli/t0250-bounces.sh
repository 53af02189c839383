#!/bin/sh
# Bounces alone: the recipients that truth.json calls bounced, for each real server that writes bounces. Missing are those
# of whom no bounce was written (the null sender) or whose custom domain no bounce gives a host for; the numbers were counted.
. "$TOP_SRCDIR/tests/cli/lib.sh"
[ -n "${POSTPACKET_LAB-}" ] || skip "POSTPACKET_LAB is not set and there is no shared/lab beside the checkout"
command -v python3 >/dev/null || skip "python3 is missing: it compares the recipients"
command -v xz >/dev/null || skip "xz is missing: the bounces are packed with it"
cat >"$tmp/compare.py" <<'PY'
import collections, gzip, json, sys
truth_path, events_path, want_n = sys.argv[1], sys.argv[2], int(sys.argv[3])
truth = json.load((gzip.open if truth_path.endswith(".gz") else open)(truth_path, "rt"))
want = collections.Counter((r["msg"], r["recipient"].lower()) for r in truth["recipients"]
                           if r["is_apple"] and r["final"] in ("bounced", "expired"))
got = collections.Counter()
for line in open(events_path):
    e = json.loads(line)
    if e["outcome"] == "bounced":
        got[e["message_id"].split(".")[0], e["recipient"].lower()] += 1
extra = got - want
assert not extra, extra
missing = want - got
assert sum(got.values()) == want_n, (sum(got.values()), want_n)
by_null = {r["msg"] for r in truth["recipients"] if not r.get("sender")}
known = ("icloud.com", "me.com", "mac.com")
print(sum(missing.values()), "missing, not of the null sender and not on custom domains:",
      [k for k in missing if k[0] not in by_null and k[1].rsplit("@", 1)[1] in known])
PY
while read -r set n; do
  lab=$POSTPACKET_LAB/$set
  rm -rf "$tmp/b"; mkdir "$tmp/b"
  xz -dc "$lab/bounces-all.tar.xz" | tar xf - -C "$tmp/b"
  for truth in "$lab"/truth.json*; do :; done
  code "$set: scan" 0 "$pp" scan --events --quiet "$tmp/b"
  check "$set: $n bounced" python3 "$tmp/compare.py" "$truth" "$tmp/out" "$n"
done <<'SETS'
open/postfix 160
open/postfix-syslog 147
open/postfix-multi 107
open/postfix-notify 32
open/exim 175
open/exim-all 134
open/sendmail 170
open/opensmtpd 111
open/courier 40
open/dma 53
open/haraka 132
open/haraka-json 48
open/haraka-logfmt 56
outage/postfix 94
outage/postfix-multi 103
outage/exim-all 65
outage/opensmtpd 68
SETS
# The last set as one mailbox of each kind, and as a Maildir.
cp "$tmp/out" "$tmp/files"
python3 - "$tmp" <<'PY'
import glob, os, re, sys
tmp = sys.argv[1]
mails = [open(f, "rb").read() for f in sorted(glob.glob(tmp + "/b/bounces/*.eml"))]
line = b"From MAILER-DAEMON Thu Dec 31 15:22:55 2026\n"
def boxed(mail, quote, length):
    mail = mail.rstrip(b"\n") + b"\n"
    head, _, body = mail.partition(b"\n\n")
    body = re.sub(quote, rb">\g<0>", body, flags=re.M) if quote else body
    if length:
        head += b"\nContent-Length: %d" % len(body)
    return line + head + b"\n\n" + body + b"\n"
for name, quote, length in ("mboxo", rb"^From ", 0), ("mboxrd", rb"^>*From ", 0), ("mboxcl", rb"^From ", 1), ("mboxcl2", None, 1):
    open(f"{tmp}/{name}", "wb").write(b"".join(boxed(m, quote, length) for m in mails))
for box in "", "/.Bounces":
    for sub in "cur", "new", "tmp":
        os.makedirs(f"{tmp}/Maildir{box}/{sub}")
for i, m in enumerate(mails):
    where = ("/cur", "/new", "/.Bounces/cur")[i % 3]
    open(f"{tmp}/Maildir{where}/{1790000000 + i}.M{i}.mail1:2,S", "wb").write(m)
open(f"{tmp}/Maildir/tmp/1790009999.M0.mail1", "wb").write(mails[0])
PY
bare () { sed 's/"file":.*//' "$1" | sort; }
for kind in mboxo mboxrd mboxcl mboxcl2 Maildir; do
  code "$kind" 0 "$pp" scan --events --quiet "$tmp/$kind"
  bare "$tmp/out" >"$tmp/got"; bare "$tmp/files" >"$tmp/want"
  same "$kind gives the same events" "$tmp/got" "$tmp/want"
done
# As colleagues send them on: all attached to one mail, each a message or a file; what is attached to these is theirs.
python3 - "$tmp" <<'PY'
import base64, glob, sys
tmp = sys.argv[1]
mails = [open(f, "rb").read() for f in sorted(glob.glob(tmp + "/b/bounces/*.eml"))]
def part(i, mail):
    if i % 2:
        return b"Content-Type: message/rfc822\nContent-Disposition: attachment\n\n" + mail
    return b'Content-Type: application/octet-stream; name="%d.EML"\nContent-Transfer-Encoding: base64\n\n' % i + base64.encodebytes(mail)
def forward(parts):
    return (b"From: Kim Invented <kim@example.com>\nTo: postmaster@example.com\nSubject: Fwd: bounces\nDate: Fri, 1 Jan 2027 10:00:00 +0000\n"
            b'MIME-Version: 1.0\nContent-Type: multipart/mixed; boundary="fwd"\n\n--fwd\nContent-Type: text/plain\n\nSee below.\n'
            + b"".join(b"--fwd\n" + p.rstrip(b"\n") + b"\n" for p in parts) + b"--fwd--\n")
open(tmp + "/forwarded.eml", "wb").write(forward([part(i, m) for i, m in enumerate(mails)]))
letter = b"From: a@example.com\nTo: b@example.com\nSubject: hello\n\nNo bounce.\n"
open(tmp + "/letter.eml", "wb").write(forward([part(1, letter), part(1, forward([part(1, mails[0])]))]))
PY
code "bounces that somebody sent on" 0 "$pp" scan --events --quiet "$tmp/forwarded.eml"
bare "$tmp/out" >"$tmp/got"
same "give the same events" "$tmp/got" "$tmp/want"
code "beside themselves" 0 "$pp" scan --events --quiet "$tmp/mboxo" "$tmp/forwarded.eml"
bare "$tmp/out" >"$tmp/got"
same "count once, too" "$tmp/got" "$tmp/want"
code "attached letters, with a bounce in one" 65 "$pp" scan --events --quiet "$tmp/letter.eml"
gzip -c "$tmp/mboxrd" >"$tmp/mboxrd.gz"
code "a packed mailbox" 0 "$pp" scan --events --quiet "$tmp/mboxrd.gz"
bare "$tmp/out" >"$tmp/got"
same "gives the same events" "$tmp/got" "$tmp/want"
code "a mailbox and its copy" 0 "$pp" scan --events --quiet "$tmp/mboxo" "$tmp/mboxrd.gz"
bare "$tmp/out" >"$tmp/got"
same "count once" "$tmp/got" "$tmp/want"
# A folder of many is read ahead by several threads: the same comes of it, whoever reads.
mkdir "$tmp/many"
for round in 1 2 3 4 5 6; do
  for mail in "$tmp"/b/bounces/*.eml; do cp "$mail" "$tmp/many/$round-${mail##*/}"; done
done
first=$(find "$tmp/b/bounces" -name '*.eml' | sort | head -1)
: >"$tmp/many/3-0-empty.eml"
{ cat "$first"; head -c 70000 /dev/zero | tr '\0' x; echo; } >"$tmp/many/3-1-large.eml"
ln -s "$first" "$tmp/many/3-2-link.eml"
code "many mails, line by line" 0 "$pp" scan --json --quiet --reference "$tmp/many"
cp "$tmp/out" "$tmp/want"
for jobs in 1 2 3 9; do
  code "many mails, $jobs threads" 0 "$pp" scan --json --quiet --jobs $jobs "$tmp/many"
  same "$jobs threads tell the same" "$tmp/out" "$tmp/want"
done
finish
