#!/bin/sh
# Cases in which little can be claimed, or nothing asked (samples/cases): what is written, what is not, and what is said.
. "$TOP_SRCDIR/tests/cli/lib.sh"
command -v python3 >/dev/null || skip "python3 is missing: it reads the packets"
export SOURCE_DATE_EPOCH=1779307200 # 2026-05-20 20:00 UTC, six hours after the edition
export LSAN_OPTIONS="${LSAN_OPTIONS-print_suppressions=0}" # nothing of the sanitizer on stderr but a finding
cases=$TOP_SRCDIR/samples/cases
check "samples/cases is what make.py makes" sh -c 'python3 "$1/make.py" "$2/made" && diff -r --exclude make.py "$1" "$2/made"' sh "$cases" "$tmp"
cat >"$tmp/show.py" <<'PY'
import email, email.policy, json, os, sys
packet = sys.argv[1]
out = []
if os.path.exists(packet + "/request.eml"):
    m = email.message_from_binary_file(open(packet + "/request.eml", "rb"), policy=email.policy.default)
    out += [m.get_body(("plain",)).get_content()] + [p.get_filename() for p in m.iter_attachments()]
open(packet + ".body", "w").write("\n".join(out))
open(packet + ".flat", "w").write(" ".join(" ".join(out).split()))
claims = json.load(open(packet + "/packet.json"))["claims"]
open(packet + ".claims", "w").write("".join(f"{c['state']}: {c['claim']}: {c['where']}\n" for c in claims))
PY
# situation NAME STATUS READY FINDINGS: builds; findings in order, those that lack something with a ! in front.
situation () {
  now=$1 p=$tmp/$1
  code "$1" "$2" "$pp" build --quiet --json --output "$p" "$cases/$1/case.json"
  check "$1: nothing on stderr" diff /dev/null "$tmp/err"
  cp "$tmp/out" "$p.out"
  check "$1: findings" python3 -c '
import json, sys
r = json.load(open(sys.argv[1]))
found = " ".join(("!" if f["lacking"] else "") + f["id"] for f in r["findings"])
assert found == sys.argv[2], found
assert str(r["ready"]) == sys.argv[3], r["ready"]
assert all(f["text"] and "(null)" not in f["text"] + (f["advice"] or "") for f in r["findings"])' "$tmp/out" "$4" "$3"
  for f in request.eml draft.eml; do
    if [ "$3" = True ]; then check "$1: $f" test -f "$p/$f"; else check "$1: no $f" test ! -e "$p/$f"; fi
  done
  for f in review.html packet.json privacy-report.txt ticket/ticket.md ticket/ticket.json; do
    check "$1: $f" test -s "$p/$f"
  done
  python3 "$tmp/show.py" "$p"
  code "$1: the packet is clean" 0 "$pp" verify "$p"
}
says () { check "$now says: $1" grep -qF -e "$1" "${2-$p.flat}"; }
silent () { check "$now does not say: $1" sh -c '! grep -qiE -e "$1" "$2"' sh "$1" "${2-$p.body}"; }
part () { check "$now has $1" sh -c 'ls "$1"/parts/$2 >/dev/null 2>&1' sh "$p" "$1"; }
no_part () { check "$now has no $1" sh -c '! ls "$1"/parts/$2 >/dev/null 2>&1' sh "$p" "$1"; }

situation platform-labels 1 False "!other-desk !no-sending-ip !no-domain no-sample shared-pool"
says "24 refusals belong to the sending platform" "$p.out"
says "Refused with the reason hidden by the platform's export: 24 recipients" "$p/ticket/ticket.md"
says "What we need from the platform" "$p/ticket/ticket.md"
says "ticket EM-1201" "$p/ticket/ticket.md"
silent "accepted in|5\\.7\\.1|CS0|Started:|%" "$p/ticket/ticket.md"
silent "^proven" "$p.claims"
no_part "*"

situation no-sending-ip 1 False "!no-sending-ip no-sample"
says "list \$.sending_ips" "$p.out"
says "missing: sending IPs" "$p.claims"
says "[CS02]" "$p/ticket/ticket.md"
silent "Sending IP:" "$p/ticket/ticket.md"
part apple-smtp-errors.txt
says "our server > mx01.mail.icloud.com" "$p/parts/apple-smtp-errors.txt"
no_part delivered-headers.txt

situation nothing-for-apple 1 False "!other-desk"
says "12 refusals belong to the recipient, 5 to the sender's own desk, 3 to Spamhaus" "$p.out"
says "https://check.spamhaus.org/" "$p/ticket/ticket.md"
silent "We ask you|Started|latest" "$p/ticket/ticket.md"
says "missing: error, stage and count" "$p.claims"
no_part apple-smtp-errors.txt

situation begins-inside 1 True "begins-inside"
says "Started: 2026-05-20 06:00 UTC or earlier (our logs begin there); latest 2026-05-20 14:26:39 UTC"
silent "19 May|18 May|before the edition"
says 'begin inside: "or earlier"' "$p.claims"
part delivered-headers.txt

situation transactional 0 True ""
says "Mail type: transactional mail (receipts)"
says "24 buyers got no confirmation of their order on 20 May."
silent "opt|consent|newsletter|readers asked|records|screenshot|suppress"
no_part consent-and-suppression.txt
says "missing: consent and unsubscribing" "$p.claims"

situation no-sample 1 True "no-sample"
silent "spf|dkim|dmarc|samples|accepted sample|verified|checked|shown by|ptr|headers"
says "Sending IPs: 192.0.2.10 HELO mta1.example.com"
says "stated: sending IPs: case, sending_ips" "$p.claims"
says "missing: SPF, DKIM and DMARC results" "$p.claims"
no_part delivered-headers.txt
silent "Zone of the logs as" "$p/parts/apple-smtp-errors.txt" # they write it

situation sample-fails 1 False "!auth-fails !dmarc-fails"
says "Mend SPF or DKIM of this stream first" "$p/ticket/ticket.md"
silent "(spf|dkim|dmarc)=pass" "$p/ticket/ticket.md"
says "spf=fail" "$p/parts/delivered-headers.txt"

situation guessed-zone 1 True "zone-guessed"
says "Write \$.options.log_timezone" "$p.out"
silent "as stated by us|own Received" "$p/parts/apple-smtp-errors.txt"
silent "time zone"

# Nothing half written where the input is bad: one message that says where, the exit status, no folder.
spoil () { # NAME STATUS PATTERN: python on standard input changes the case c, or files in the folder
  rm -rf "$tmp/bad"; cp -r "$cases/begins-inside" "$tmp/bad"; chmod -R u+w "$tmp/bad"
  { echo 'import gzip, json, os, sys'; echo 'os.chdir(sys.argv[1]); c = json.load(open("case.json"))'; cat
    echo 'open("case.json", "w").write(c if isinstance(c, str) else json.dumps(c, indent=1))'; } >"$tmp/spoil.py"
  python3 "$tmp/spoil.py" "$tmp/bad"
  rm -rf "$tmp/packet"
  code "$1" "$2" "$pp" build --quiet --output "$tmp/packet" "$tmp/bad/case.json"
  cat "$tmp/out" >>"$tmp/err"
  check "$1: said where" grep -Eq -e "$3" "$tmp/err"
  if [ "$2" -gt 1 ]; then
    check "$1: one message" sh -c '[ "$(wc -l <"$1")" -eq 1 ]' sh "$tmp/err"
    check "$1: nothing written" test ! -e "$tmp/packet"
  else
    check "$1: written" test -f "$tmp/packet/packet.json"
  fi
}
spoil "a start that the logs contradict" 65 'case\.json: \$\.incident\.started says 2026-05-10 .*rose at 2026-05-20' <<'PY'
os.system("cp " + os.environ["TOP_SRCDIR"] + "/samples/cases/no-sample/maillog .")
c["incident"]["started"] = "2026-05-10T00:00:00Z"
PY
spoil "a sample that is no mail" 65 'delivered\.eml.*mail' <<'PY'
open("delivered.eml", "wb").write(b"\x89PNG\r\n\x1a\n\0\0 no mail at all")
PY
spoil "a sample that is not there" 66 'none\.eml' <<'PY'
c["evidence"]["delivered"] = ["none.eml"]
PY
spoil "a log that is not there" 66 'nolog' <<'PY'
c["evidence"]["logs"] = ["nolog"]
PY
spoil "an empty log" 66 'maillog.*empty' <<'PY'
open("maillog", "w")
PY
spoil "a folder without logs" 66 'logs.*no files' <<'PY'
os.mkdir("logs"); c["evidence"]["logs"] = ["logs"]
PY
spoil "a binary log" 65 'maillog' <<'PY'
open("maillog", "wb").write(bytes(range(256)) * 400)
PY
spoil "no logs named" 65 '\$\.evidence' <<'PY'
c["evidence"] = {}
PY
spoil "a page that is not there" 66 'page\.html' <<'PY'
c["evidence"]["page"] = {"html": "page.html"}
PY
spoil "a suppression list without addresses" 65 'list\.csv' <<'PY'
open("list.csv", "w").write("one,two\n1,2\n"); c["evidence"]["suppression"] = "list.csv"
PY
spoil "a TODO" 65 'case\.json:[0-9]+:[0-9]+: \$\.contact\.name.*TODO' <<'PY'
c["contact"]["name"] = "TODO: who answers Apple"
PY
spoil "an unknown key" 65 'case\.json:[0-9]+:[0-9]+: \$\.incident\.begun' <<'PY'
c["incident"]["begun"] = "today"
PY
spoil "a key mistyped" 65 'case\.json:[0-9]+:[0-9]+: \$\.incident\.descripton.*is description meant\?' <<'PY'
c["incident"]["descripton"] = "today"
PY
spoil "a wrong type" 65 'case\.json:[0-9]+:[0-9]+: \$\.options\.year' <<'PY'
c["options"]["year"] = "2026"
PY
spoil "a syntax error" 65 'case\.json:2:' <<'PY'
c = '{ "case": "x",\n  "company" { } }'
PY
spoil "a case name that is a path" 65 '\$\.case' <<'PY'
c["case"] = "../x"
PY
code "a case that is not there" 66 "$pp" build "$tmp/none.json"
code "no case" 64 "$pp" build

# Apple's page asks for a link that unsubscribes; it may stand in the header or on the page.
cp -R "$TOP_SRCDIR/samples/outage" "$tmp/leave"
chmod -R u+w "$tmp/leave"
leave () { # NAME FINDING REQUIREMENT: the second requirement's state
  "$pp" build --quiet --force --map mta1=192.0.2.10 --map mta2=192.0.2.11 --output "$tmp/left" "$tmp/leave/case.json" >"$tmp/out" 2>&1 || true
  check "$1" python3 -c 'import json, sys
m = json.load(open(sys.argv[1] + "/packet.json"))
assert ([f["id"] for f in m["findings"] if "unsubscribe" in f["id"]] or ["none"]) == [sys.argv[2]], m["findings"]
assert m["requirements"][1]["state"] == sys.argv[3], m["requirements"][1]' "$tmp/left" "$2" "$3"
}
sed -i -e '/^List-Unsubscribe: /,/^\t/d' -e '/^List-Unsubscribe-Post/d' "$tmp/leave/delivered/newsletter.eml"
leave "a link on the page" no-unsubscribe-header proven
check "and a request, which does not claim a header" sh -c 'test -f "$1/request.eml" && ! grep -q "List-Unsubscribe is in" "$1/request.eml" "$1/packet.json"' sh "$tmp/left"
cp "$TOP_SRCDIR/samples/outage/delivered/newsletter.eml" "$tmp/leave/delivered/with.eml"
sed 's/"delivered\/newsletter.eml"/&, "delivered\/with.eml"/' "$TOP_SRCDIR/samples/outage/case.json" >"$tmp/leave/case.json"
leave "one sample of two has it" none proven
check "that is not said of both" sh -c 'grep -q "^- Two accepted samples" "$1" && ! grep -q "List-Unsubscribe is in" "$1"' sh "$tmp/left/request.eml"
cp "$TOP_SRCDIR/samples/outage/case.json" "$tmp/leave/case.json"
sed -i '/unsubscribe/d' "$tmp/leave/page/weekly.html"
leave "not on the page, but in the mail" no-unsubscribe-header proven
check "and a request" test -f "$tmp/left/request.eml"
sed -i 's/Unsubscribe: https/See https/; s/>Unsubscribe</>See</' "$tmp/leave/delivered/newsletter.eml"
leave "neither" no-unsubscribe contradicted
check "and none" test ! -f "$tmp/left/request.eml"

# Hostile logs: what can be read is read.
spoil "NULs, CRLF and a line of 10 MB among the others" 1 '^' <<'PY'
lines = open("maillog", "rb").read().split(b"\n")
lines[40:40] = [b"\0" * 500, b"x" * 10000000, b"\xff\xfe\xfd mail1 postfix/smtp[1]: \0"]
open("maillog", "wb").write(b"\r\n".join(lines))
PY
spoil "a gzip cut short" 1 'maillog\.gz' <<'PY'
data = gzip.compress(open("maillog", "rb").read())
open("maillog.gz", "wb").write(data[:len(data) * 3 // 4]); c["evidence"]["logs"] = ["maillog.gz"]
PY
spoil "broken rows in the suppression list" 1 '[0-9] of [0-9] rows .*list\.csv:3' <<'PY'
open("list.csv", "wb").write(b"address,reason,date\na@icloud.com,hard-bounce,2026-05-01\n\"broken\nnot an address,x,y\n")
c["evidence"]["suppression"] = "list.csv"
PY
finish
