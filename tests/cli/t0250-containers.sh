#!/bin/sh
# Packed logs, and archives of them: each gives what the plain log gives; bombs and damage end soon and are said.
. "$TOP_SRCDIR/tests/cli/lib.sh"
export SOURCE_DATE_EPOCH=1798830000
cd "$tmp"
gzip -dc "$TOP_SRCDIR/samples/outage/log/maillog.gz" | head -3000 >all
mkdir logs; head -1500 all >logs/maillog.1; tail -n +1501 all >logs/maillog
bounce=$(ls "$TOP_SRCDIR"/samples/bounce/*.eml | head -1); cp "$bounce" logs/bounce.eml
events () { "$pp" scan --events --quiet --log-timezone UTC "$@" | sed 's/"file": *"[^"]*"/"file": ""/'; }
counts () { "$pp" scan --json --quiet --log-timezone UTC "$@" | sed -n '/"apple"/,/"onset"/p'; }
events all >plain.jsonl
counts logs >folder.json
gzip -c all >log.gz; xz -c all >log.xz; gzip -c log.xz >log.xz.gz
# Members behind each other, with a tape's zeros between and behind them.
{ head -1000 all | gzip -c; head -c 70000 /dev/zero; tail -n +1001 all | gzip -c; head -c 300 /dev/zero; } >padded.gz
code "padded.gz is whole" 0 "$pp" scan --quiet padded.gz
for f in log.gz log.xz log.xz.gz padded.gz; do
  events "$f" >got.jsonl
  check "$f reads as the plain log" cmp got.jsonl plain.jsonl
done
gzip -9 <logs/maillog.1 >maillog.1.gz; mv maillog.1.gz logs/; mv logs/maillog.1 .
tar -cf logs.tar logs; gzip -c logs.tar >logs.tar.gz; xz -c logs.tar >logs.tar.xz
for f in logs.tar logs.tar.gz logs.tar.xz; do
  counts "$f" >got.json
  check "$f counts as the folder" cmp got.json folder.json
done
"$pp" scan --quiet --json logs.tar.gz >got.json
check "files of an archive are named as in a folder" grep -q '"path": "logs.tar.gz/logs/maillog.1.gz"' got.json
"$pp" scan --quiet --json logs.tar.gz/logs/maillog >got.json
check "one of them can be asked for" test "$(grep -c '"path"' got.json)" -eq 1
check "an archive is probed file by file" sh -c 'test "$("$1" formats --probe logs.tar.gz | grep -c "logs.tar.gz/logs/.*: ")" -eq 3' sh "$pp"
code "one that is not in it" 66 "$pp" scan logs.tar.gz/logs/nothing
check "one that is not in it: said" grep -q "logs.tar.gz/logs/nothing: there is no such file" "$tmp/err"
# On standard input, from a file and from a pipe; nothing of it stays behind.
mkdir spool
for f in logs.tar logs.tar.gz logs.tar.xz; do
  TMPDIR=$tmp/spool counts - <"$f" >got.json
  check "$f on standard input counts as the folder" cmp got.json folder.json
  cat "$f" | TMPDIR=$tmp/spool counts - >got.json
  check "$f through a pipe counts as the folder" cmp got.json folder.json
done
check "nothing stays in TMPDIR" test -z "$(ls spool)"
cat logs.tar | "$pp" scan --quiet --json - >got.json
check "its files are named" grep -q '"path": "-/logs/maillog.1.gz"' got.json
code "it is probed file by file" 0 sh -c 'cat logs.tar.gz | "$1" formats --probe - >"$2"' sh "$pp" got
check "and named there" grep -q '^-/logs/maillog: postfix' got
code "no room to keep it" 74 sh -c 'cat logs.tar | TMPDIR=$2 "$1" scan -' sh "$pp" "$tmp/none"
check "no room: said" grep -q "cannot be kept in $tmp/none" "$tmp/err"
gzip -dc log.gz | events --year 2027 - >got.jsonl
gzip -c log.gz | events --year 2027 - >again.jsonl
check "what is no archive is read as it comes" cmp got.jsonl again.jsonl
# Archives within archives, three deep; what lies deeper is a file.
if python3 - 2>/dev/null <<'P'
import zipfile
def put(name, *files):
    with zipfile.ZipFile(name, "w", zipfile.ZIP_DEFLATED) as z:
        for f in files:
            z.write(f)
put("two.zip", "logs.tar.gz"); put("three.zip", "two.zip"); put("four.zip", "three.zip")
put("other.zip", "logs.tar.xz"); put("both.zip", "two.zip", "other.zip", "log.gz")
P
then
  for f in two.zip three.zip; do
    counts "$f" >got.json
    check "$f counts as the folder" cmp got.json folder.json
    cat "$f" | counts - >got.json
    check "$f through a pipe counts as the folder" cmp got.json folder.json
  done
  tar -cf two.tar logs.tar.gz
  counts two.tar >got.json
  check "a tar within a tar counts as the folder" cmp got.json folder.json
  "$pp" scan --quiet --json both.zip >got.json
  check "copies in one archive count once" sh -c 'grep -q "both.zip/two.zip/logs.tar.gz/logs/maillog\"" got.json && grep -q "both.zip/other.zip/logs.tar.xz/logs/maillog\"" got.json'
  "$pp" scan --quiet --json three.zip/two.zip/logs.tar.gz/logs/maillog >got.json
  check "one file of it can be asked for" test "$(grep -c '"path"' got.json)" -eq 1
  code "four deep is a file" 0 "$pp" formats --probe four.zip
  check "named as such" grep -q '^four.zip/three.zip/two.zip/logs.tar.gz: ' "$tmp/out"
fi
head -c 40000 logs.tar.gz >cut.tar.gz
code "an archive that is cut" 1 "$pp" scan cut.tar.gz
check "an archive that is cut: said" grep -q "read only in part: gzip data ends early" "$tmp/err"
head -c 30 logs.tar.gz >stub.tar.gz
code "a stub of an archive" 65 "$pp" scan stub.tar.gz
mkdir none; tar -cf none.tar none
code "an archive without files" 66 "$pp" scan none.tar
check "an archive without files: said" grep -q "none.tar: the archive holds no files" "$tmp/err"
mkdir mixed; cp all mixed/maillog; cp stub.tar.gz none.tar mixed
code "a folder with a broken archive" 1 "$pp" scan mixed
# A zip whose 40 files are one and the same 32 MiB of zeros, as bombs are made.
python3 - bomb.zip 2>/dev/null <<'P' || true
import sys, zlib, struct
raw = zlib.compressobj(9, zlib.DEFLATED, -15)
data = raw.compress(bytes(1 << 25)) + raw.flush()
crc, n, size = zlib.crc32(bytes(1 << 25)), len(data), 1 << 25
out, table, count = b'', b'', 40
for i in range(count):
    name = b'maillog.%02d' % i
    head = struct.pack('<HHHHHIIIHH', 20, 0, 8, 0, 33, crc, n, size, len(name), 0)
    table += b'PK\1\2' + struct.pack('<H', 20) + head + struct.pack('<HHHII', 0, 0, 0, 0, len(out)) + name
    out += b'PK\3\4' + head + name + data
end = b'PK\5\6' + struct.pack('<HHHHIIH', 0, 0, count, count, len(table), len(out), 0)
open(sys.argv[1], 'wb').write(out + table + end)
P
if [ -s bomb.zip ]; then
  python3 -c '
import zipfile
with zipfile.ZipFile("bombs.zip", "w", zipfile.ZIP_DEFLATED) as z:
    for i in range(20): z.write("bomb.zip", "bomb%d.zip" % i)'
  code "a bomb of bombs beside a log" 1 timeout 60 "$pp" scan all bombs.zip
  code "a zip bomb beside a log" 1 timeout 60 "$pp" scan all bomb.zip
  check "a zip bomb: said" grep -q "unpacks to over 500 times its size" "$tmp/err"
fi
finish
