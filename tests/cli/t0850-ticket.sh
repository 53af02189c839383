#!/bin/sh
# A packet as a ticket for another desk: text, HTML, JSON, archives; a folder that somebody edited.
. "$TOP_SRCDIR/tests/cli/lib.sh"
command -v python3 >/dev/null || skip "python3 is missing: it reads JSON, HTML and archives"
export SOURCE_DATE_EPOCH=1798830000 PYTHONDONTWRITEBYTECODE=1
sample=$TOP_SRCDIR/samples/outage
build () { # FOLDER OPTION...
  folder=$1; shift
  code "build $folder" 1 "$pp" build --quiet --key "$sample/key" --map mta1=192.0.2.10 \
    --map mta2=192.0.2.11 --output "$tmp/$folder" "$@" "$sample/case.json"
}
fresh () { rm -rf "$tmp/q"; cp -r "$tmp/esp" "$tmp/q"; }
build apple
build esp --audience esp

code "the text" 0 "$pp" ticket "$tmp/esp"
same "is the folder's" "$tmp/out" "$tmp/esp/ticket/ticket.md"
check "with a timeline and what was checked" sh -c 'grep -qx "## Timeline" "$1" && grep -q "^- \*\*2026-12-31 05:26 UTC\*\* First refusal" "$1" && grep -q "dmarc=pass" "$1"' sh "$tmp/out"
for f in md json html-fragment zip tar; do
  code "$f" 0 "$pp" ticket --quiet --format $f --output "$tmp/t.$f" "$tmp/esp"
  code "$f by the other name of the option" 0 "$pp" ticket --as $f "$tmp/esp"
  check "$f: the same bytes" cmp "$tmp/out" "$tmp/t.$f"
  TZ=Asia/Kolkata "$pp" ticket --as $f --output "$tmp/again.$f" "$tmp/esp" 2>/dev/null
  check "$f: whatever the zone" cmp "$tmp/again.$f" "$tmp/t.$f"
done
check "0600, whatever the umask" sh -c '[ -z "$(find "$1" -name "t.*" ! -perm 0600)" ]' sh "$tmp"
code "a file that is there stays" 73 "$pp" ticket --output "$tmp/t.md" "$tmp/esp"
ln -s nowhere "$tmp/link"
code "so does a symlink" 73 "$pp" ticket --output "$tmp/link" "$tmp/esp"
check "and nothing is left beside" sh -c '[ ! -e "$1/nowhere" ] && [ "$(find "$1" -maxdepth 1 -name "*.??????" | wc -l)" = 0 ]' sh "$tmp"
code "an unknown format" 64 "$pp" ticket --format pdf "$tmp/esp"
code "two formats" 64 "$pp" ticket --format md --as json "$tmp/esp"
code "no packet" 66 "$pp" ticket "$tmp/none"
code "a folder that is none" 66 "$pp" ticket "$sample"
check "says which folder" grep -q "is no packet: there is no packet.json in it; give the folder that 'postpacket build' made" "$tmp/err"

cat >"$tmp/look.py" <<'END'
import html.parser, json, sys, tarfile, zipfile
zip_path, tar_path, html_path = sys.argv[1:]
z, t = zipfile.ZipFile(zip_path), tarfile.open(tar_path)
files = {i.filename: z.read(i) for i in z.infolist()}
assert files == {m.name: t.extractfile(m).read() for m in t.getmembers()}, "zip and tar differ"
assert all(m.uid == m.gid == 0 and m.uname == m.gname == "" and m.mode == 0o600 and m.mtime == 1798830000 and m.isreg() for m in t.getmembers())
names = [n.removeprefix("outage-ticket/") for n in files]
assert names == sorted(names) and len(names) == len(files)
want = {"ticket.md", "ticket.json", "ticket.html", "fields/README.txt", "fields/github.json", "fields/jira.json",
        "fields/zendesk.json", "attachments/delivered-headers.txt", "attachments/apple-smtp-errors.txt"}
assert want <= set(names), want - set(names)
assert not any(n.endswith(("campaign.png", "campaign-own.txt", "campaign-320.png")) for n in names)
get = lambda n: files["outage-ticket/" + n]
ticket, md, page = json.loads(get("ticket.json")), get("ticket.md").decode(), get("ticket.html").decode()
assert ticket["text"] == md and md.startswith("# " + ticket["title"] + "\n")
assert {a["name"] for a in ticket["attachments"]} == {n.split("/")[1] for n in names if n.startswith("attachments/")}
g, j, d = (json.loads(get("fields/%s.json" % n)) for n in ("github", "jira", "zendesk"))
assert g["body"] == md and g["title"] == j["fields"]["summary"] == d["ticket"]["subject"] == ticket["title"]
assert d["ticket"]["comment"]["html_body"] == page and d["ticket"]["external_id"] == ticket["reference"]
assert j["fields"]["description"].startswith("h1. ") and "{noformat}" in j["fields"]["description"]
class P(html.parser.HTMLParser):
    seen, stack, text = set(), [], ""
    def handle_starttag(self, tag, attrs): assert not attrs; self.seen.add(tag); self.stack.append(tag)
    def handle_endtag(self, tag): assert self.stack.pop() == tag
    def handle_data(self, data): self.text += data
p = P(); p.feed(open(html_path).read()); p.close()
assert not p.stack and p.seen == {"h1", "h2", "p", "ul", "li", "pre", "code", "strong"}, p.seen
assert "550 5.7.1 [CS02] Message rejected" in p.text
END
check "what the archives, the desks' fields and the fragment hold" python3 "$tmp/look.py" "$tmp/t.zip" "$tmp/t.tar" "$tmp/t.html-fragment"
gzip -dc "$sample/log/maillog.gz" | grep -oE ' to=<[^<> ]+@(icloud|me|mac)\.com>' | sed 's/.*<//; s/>//' | sort -u >"$tmp/list"
mkdir "$tmp/unpacked" && tar -xmf "$tmp/t.tar" -C "$tmp/unpacked"
check "no recipient" python3 "$TOP_SRCDIR/tests/tools/find-recipients.py" "$tmp/list" "$tmp/unpacked"
code "a packet for Apple" 0 "$pp" ticket --format tar --output "$tmp/a.tar" "$tmp/apple"
check "its headers are left out" sh -c '! tar -tf "$1" | grep headers' sh "$tmp/a.tar"
check "that is said" grep -q -e '--audience esp' "$tmp/err"

# A picture that was made of the clean page is known, the sender's own is not.
cp -r "$sample" "$tmp/drawn-case"; chmod -R u+w "$tmp/drawn-case"
sed -i '/"screenshot"/d' "$tmp/drawn-case/case.json"
code "a case without a screenshot" 0 "$pp" build --quiet --audience esp --key "$sample/key" --map mta1=192.0.2.10 \
  --map mta2=192.0.2.11 --output "$tmp/drawn" "$tmp/drawn-case/case.json"
code "its archive" 0 "$pp" ticket --format tar --output "$tmp/drawn.tar" "$tmp/drawn"
check "has the picture" sh -c 'tar -tf "$1" | grep -q attachments/campaign.png && ! grep -q "own picture" "$2"' sh "$tmp/drawn.tar" "$tmp/err"
check "and not what is for the sender alone" sh -c '! tar -tf "$1" | grep -e own -e 320' sh "$tmp/drawn.tar"
cp "$sample/page/weekly.png" "$tmp/drawn/parts/campaign.png"
code "another picture in its place" 1 "$pp" ticket --format tar --output "$tmp/other.tar" "$tmp/drawn"
check "is left out" sh -c '! tar -tf "$1" | grep campaign.png && grep -q "own picture" "$2"' sh "$tmp/other.tar" "$tmp/err"

# Somebody edited it.
fresh
printf '\n<script>alert(1)</script> <img src=//example.net/p.png>\n' >>"$tmp/q/ticket/ticket.md"
code "an edited text is a finding" 1 "$pp" ticket --format html-fragment "$tmp/q"
check "named" grep -q 'ticket/ticket.md was changed' "$tmp/err"
check "and only text" sh -c 'grep -q "&lt;script&gt;" "$1" && ! grep -qi -e "<script" -e "<img" "$1"' sh "$tmp/out"
someone=$(sed -n 5p "$tmp/list")
refused () { # NAME: exit 3, and nothing of it anywhere
  for f in md json html-fragment zip tar; do
    rm -f "$tmp/bad"
    code "$1: $f" 3 "$pp" ticket --format $f --output "$tmp/bad" "$tmp/q"
    check "$1: $f: nothing is written" test ! -e "$tmp/bad"
  done
  check "$1: the value is not shown" sh -c '! grep -qF "$1" "$2"' sh "$someone" "$tmp/err"
}
fresh
echo "- $someone" >>"$tmp/q/ticket/ticket.md"
refused "a recipient in the text"
fresh
printf '%s' "$someone" | base64 >>"$tmp/q/parts/apple-smtp-errors.txt"
refused "a recipient in an attachment, encoded"
fresh
echo "- $someone" >>"$tmp/q/ticket/ticket.md"
sed -i 's/"own_domains": \[/&"icloud.com","me.com","mac.com","com",/' "$tmp/q/packet.json"
refused "a manifest that calls Apple's domains ours"
fresh
someone=$(sed -n 's/^  "\[rcpt-[^"]*": "\(.*@icloud.com\)".*/\1/p' "$tmp/state/postpacket/outage/map.json" | head -1)
echo "- $someone" >>"$tmp/q/ticket/ticket.md"
sed -i "s/\"allowed\": \[/&\"$someone\",/" "$tmp/q/packet.json"
refused "a recipient that the manifest was made to allow"
fresh
sed -i 's|"parts/apple-smtp-errors.txt"|"../../../../etc/passwd"|' "$tmp/q/packet.json"
code "a path that leads out" 65 "$pp" ticket "$tmp/q"
fresh
rm "$tmp/q/parts/apple-smtp-errors.txt" && ln -s /etc/passwd "$tmp/q/parts/apple-smtp-errors.txt"
code "a symlink" 65 "$pp" ticket "$tmp/q"
fresh
mv "$tmp/q/parts" "$tmp/moved" && ln -s "$tmp/moved" "$tmp/q/parts"
code "a folder that is one" 1 "$pp" ticket --format tar "$tmp/q"
check "is not followed" sh -c 'tar -tf "$1" | grep -q fields && ! tar -tf "$1" | grep attachments' sh "$tmp/out"
check "its files are told as missing" grep -q 'parts/apple-smtp-errors.txt belongs to the packet and is not there' "$tmp/err"
rm -rf "$tmp/moved"
fresh
rm "$tmp/q/parts/apple-smtp-errors.txt" && mkfifo "$tmp/q/parts/apple-smtp-errors.txt"
code "a pipe does not hold it up" 65 "$pp" ticket "$tmp/q"
fresh
sed -i 's/"case": "outage"/"case": "..\/x"/' "$tmp/q/packet.json"
code "a name that is a path" 65 "$pp" ticket --format zip "$tmp/q"
fresh
echo '[]' >"$tmp/q/ticket/ticket.json"
code "facts that are none" 65 "$pp" ticket "$tmp/q"
fresh
rm "$tmp/q/ticket/ticket.md"
code "no ticket" 66 "$pp" ticket "$tmp/q"
fresh
echo '{"files": [' >"$tmp/q/packet.json"
code "a manifest that is none" 65 "$pp" ticket "$tmp/q"
code "a full disk" 74 sh -c '"$1" ticket --quiet --format zip "$2" >/dev/full' sh "$pp" "$tmp/esp"

# An export that hides the answers: the service's own ids go with the ticket, addresses do not.
mkdir "$tmp/hidden"
sed 's/export.csv/export.json/' "$TOP_SRCDIR/samples/cases/platform-labels/case.json" >"$tmp/hidden/case.json"
python3 - >"$tmp/hidden/export.json" <<'END'
import json
for i in range(9):
    who = "reader%03d.invented@icloud.com" % i
    print(json.dumps({"email": who, "event": "bounce", "type": "blocked", "timestamp": 1779285641 + i,
                      "sg_message_id": who if i == 4 else "aq7-%04d.filter0001" % i, "reason": ""}))
END
code "a packet without answers" 1 "$pp" build --quiet --audience esp --output "$tmp/h" "$tmp/hidden/case.json"
ids=$tmp/h/ticket/affected-message-ids.csv
check "the ids are there, but not the one that names a reader" sh -c '[ "$(wc -l <"$1")" = 9 ] && grep -q "^aq7-0003.filter0001,2026-05-20 14:00:44," "$1" && ! grep -q reader "$1"' sh "$ids"
check "six of them in the text" sh -c '[ "$(grep -c "^aq7-" "$1")" = 6 ]' sh "$tmp/h/ticket/ticket.md"
for words in 'word for word as SMTP gave it' 'remote MX' 'IP pool'; do
  check "asked for: $words" grep -q "$words" "$tmp/h/ticket/ticket.md"
done
code "it is attached" 0 "$pp" ticket --format tar --output "$tmp/h.tar" "$tmp/h"
check "by its name" sh -c 'tar -tf "$1" | grep -qx platform-labels-ticket/attachments/affected-message-ids.csv' sh "$tmp/h.tar"

# Apple's answers without anything that Apple finds a mail by; another stream's export hides its answers.
mkdir "$tmp/lost"
python3 - "$tmp" <<'END'
import json, sys
case = json.load(open(sys.argv[1] + "/hidden/case.json"))
case["streams"] = [{"name": "orders", "mail_type": "transactional", "match": {"from_domain": ["example.com"]}},
                   {"name": "weekly", "mail_type": "marketing", "match": {"campaign": ["weekly"]}}]
case["evidence"] = {"logs": ["orders.csv", "weekly.json"]}
json.dump(case, open(sys.argv[1] + "/lost/case.json", "w"))
with open(sys.argv[1] + "/lost/orders.csv", "w") as out:
    print("processed,message_id,event,from,email,reason,outbound_ip,mx,type", file=out)
    for i in range(9):
        print(f"2026-05-20 14:00:4{i},order-{i}.filter1,bounce,news@example.com,reader00{i}.invented@icloud.com,"
              "554 5.7.1 [CS01] Message rejected due to local policy.,192.0.2.10,mx01.mail.icloud.com,blocked", file=out)
with open(sys.argv[1] + "/lost/weekly.json", "w") as out:
    for i in range(5):
        print(json.dumps({"email": f"other00{i}.invented@icloud.com", "event": "bounce", "type": "blocked", "timestamp": 1779285641 + i,
                          "sg_message_id": f"weekly-{i}.filter1", "category": ["weekly"], "reason": ""}), file=out)
END
code "answers that Apple cannot look up" 1 "$pp" build --quiet --output "$tmp/l" "$tmp/lost/case.json"
t=$tmp/l/ticket/ticket.md
check "the ticket has the answer" grep -q '^- 554 5\.7\.1 \[CS01\] Message rejected due to local policy\.: 9 recipients$' "$t"
check "and asks for what finds the mail, not for the answer" sh -c 'grep -q "^1\. What Apple can look up" "$1" && ! grep -q "word for word" "$1"' sh "$t"
check "the ids are those of that stream" sh -c '[ "$(grep -c "^order-[0-9]" "$1/affected-message-ids.csv")" = 9 ] && ! grep -rq "weekly-" "$1"' sh "$tmp/l/ticket"

# A name that ends with a full stop needs none.
cp -R "$TOP_SRCDIR/samples/cases/begins-inside" "$tmp/inc"
chmod -R u+w "$tmp/inc"
for end in Company Inc.; do
  sed -i "s/\"name\": \"Example [A-Za-z.]*\"/\"name\": \"Example $end\"/; /\"brand\"/d; s/\"Example $end\",$/\"Example $end\"/" "$tmp/inc/case.json"
  code "Example $end" 1 "$pp" build --quiet --force --output "$tmp/inc-packet" "$tmp/inc/case.json"
  check "Example $end: one full stop" grep -qx "Example ${end%.}\. Prepared by Dana Sample\." "$tmp/inc-packet/ticket/ticket.md"
done
finish
