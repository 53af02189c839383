#!/bin/sh
# Whose an answer is: one reply of Apple's, in cases that say what it means.
. "$TOP_SRCDIR/tests/cli/lib.sh"
command -v python3 >/dev/null || skip "python3 is missing: it reads the packets"
export SOURCE_DATE_EPOCH=1779307200 # 2026-05-20 20:00 UTC
cat >"$tmp/make.py" <<'PY'
import json, sys
from datetime import datetime, timedelta, timezone
folder, source, wanted = sys.argv[1:4]
# begin: of the log, a mail each so many minutes; accepted of 4; ip as the reply names it; what goes into the case
o = {"begin": "2026-05-15 06:00", "accepted": 2, "minutes": 1, "named": "192.0.2.10", "case": {}} | json.loads(wanted)
out = []
begin = datetime.fromisoformat(o["begin"]).replace(tzinfo=timezone.utc)
for i in range(240):
    t = (begin + timedelta(minutes=i * o["minutes"])).isoformat()
    q = f"4F{i:08X}"
    mail = f"{t} mail1 postfix/smtp[3]: {q}: to=<reader{i}.invented@icloud.com>, relay=mx02.mail.icloud.com[17.42.251.62]:25, delay=1, delays=0/0/0/1, "
    out.append(f"{t} mail1 postfix/qmgr[2]: {q}: from=<bounce@news.example.com>, size=4001, nrcpt=1 (queue active)")
    out.append(mail + ("dsn=2.0.0, status=sent (250 2.0.0 Ok: queued as 9A410001E3B2)" if i < 40 or i % 4 < o["accepted"] else
               f"dsn=5.7.1, status=bounced (host mx02.mail.icloud.com[17.42.251.62] said: 550 5.7.1 [HCM2] Your mail from {o['named']} was rejected. https://support.apple.com/en-us/HT204137 (in reply to end of DATA command))"))
open(folder + "/maillog", "w").write("\n".join(out) + "\n")
case = json.load(open(source)) | o["case"]
json.dump(case, open(folder + "/case.json", "w"))
PY
# desk NAME WORD REASON [JSON]: who is asked, and why.
desk () {
  rm -rf "$tmp/case"
  cp -R "$TOP_SRCDIR/samples/cases/begins-inside" "$tmp/case"
  chmod -R u+w "$tmp/case"
  python3 "$tmp/make.py" "$tmp/case" "$TOP_SRCDIR/samples/cases/begins-inside/case.json" "${4-{\}}"
  build () { "$pp" build --quiet --output "$@" "$tmp/case/case.json"; }
  rm -rf "$tmp/packet" "$tmp/anyway"
  code "$1" "${5-1}" build "$tmp/packet"
  request=absent # what looks like an incident of Apple's may be a block: that is said, and no bar
  case $2:$3 in apple:* | *"Apple takes nothing"*) request=there ;; esac
  check "$1: the request is $request" sh -c 'if [ "$2" = there ]; then test -s "$1"; else test ! -e "$1"; fi' - "$tmp/packet/request.eml" "$request"
  if [ $request = absent ]; then
    check "$1: it is said why" grep -q "LACKING: Nothing here is for Apple's postmaster now" "$tmp/out"
    code "$1: and all the same" 1 build "$tmp/anyway" --anyway 'they know'
    check "$1: it is written" test -s "$tmp/anyway/request.eml"
  fi
  check "$1: $2" python3 -c '
import json, sys
desks = json.load(open(sys.argv[1]))["desks"]
assert len(desks) == 1 and desks[0]["desk"] == sys.argv[2] and sys.argv[3] in desks[0]["reason"], desks' "$tmp/packet/packet.json" "$2" "$3"
}
desk "an IP of one's own" apple ""
desk "one of a pool" esp "its pool is the platform's" '{"case": {"platform": {"name": "Example Platform", "pool": "shared"}}}'
desk "of a pool that the case tells with the IP" esp "its pool is the platform's" '{"case": {"sending_ips": [{"ip": "192.0.2.10", "pool": "shared"}]}}'
desk "the sentence ends with it" esp "its pool is the platform's" '{"named": "192.0.2.10.", "case": {"platform": {"name": "Example Platform", "pool": "shared"}}}'
desk "nothing is taken since some hours" wait "Apple takes nothing from any of your streams" '{"begin": "2026-05-20 15:30", "accepted": 0}'
check "the status page comes first" grep -q 'status page (https://www.apple.com/support/systemstatus/) before you send' "$tmp/packet/ticket/ticket.md"
desk "a platform's own pool" apple "" '{"case": {"company": {"name": "Example Platform", "role": "platform"}, "platform": {"name": "Example Platform", "pool": "shared"}}}'
desk "nothing is taken since days" apple "" '{"accepted": 0, "minutes": 20}'
desk "a list took us off this morning" wait "24 hours" '{"case": {"incident": {"description": "Since the edition of 20 May your servers refuse more than half of our newsletter, see the log.", "remediation": [{"date": "2026-05-20", "what": "The list delisted 192.0.2.10."}]}}}'
desk "a list took us off last week" apple "" '{"case": {"incident": {"description": "Since the edition of 20 May your servers refuse more than half of our newsletter, see the log.", "remediation": [{"date": "2026-05-12", "what": "The list delisted 192.0.2.10."}]}}}'
# An export that has Apple's words, but leaves out their code: whose they are is known, and what lacks is said.
rm -rf "$tmp/case" "$tmp/packet"
cp -R "$TOP_SRCDIR/samples/cases/begins-inside" "$tmp/case"
chmod -R u+w "$tmp/case"
python3 - "$tmp/case" <<'PY'
import json, sys
folder = sys.argv[1]
c = json.load(open(folder + "/case.json"))
c["evidence"]["logs"] = ["export.jsonl"]
c["streams"][0]["match"].pop("return_path_domain", None)
json.dump(c, open(folder + "/case.json", "w"))
with open(folder + "/export.jsonl", "w") as f:
    for i in range(240):
        bad = i >= 120 and i % 3
        words = "" if not bad else "" if i % 12 == 1 else "[HM08] Message rejected due to local policy..."
        f.write(json.dumps({"deliveryAttemptTimestamp": f"2026-05-{18 + i // 120}T{6 + i % 120 // 10:02}:{i % 10 * 6:02}:05.36+00:00",
            "deliveryStatusDetails": {"recipientMailServerHostName": "mx01.mail.icloud.com", "statusMessage": words},
            "internetMessageId": f"<m{i:04}@mail.example.com>", "messageId": f"f1ed-{i}", "recipient": f"reader{i}.invented@icloud.com",
            "sender": "weekly@news.example.com", "status": "Failed" if bad else "Delivered"}) + "\n")
PY
code "words without codes" 1 "$pp" build --quiet --output "$tmp/packet" "$tmp/case/case.json"
check "no request" test ! -e "$tmp/packet/request.eml"
check "what lacks" sh -c 'tr -s " \n" "  " <"$1" | grep -q "LACKING: 70 refusals have Apple.s words, but the sources leave out the code"' - "$tmp/out"
check "and nothing else is said of whose they are" sh -c '! grep -q "Nothing here is" "$1"' - "$tmp/out"
check "the ticket has the words" grep -q '^- \[HM08\] Message rejected due to local policy...: 70 recipients' "$tmp/packet/ticket/ticket.md"
check "and asks for the whole" grep -q "Apple's answer, word for word as SMTP gave it" "$tmp/packet/ticket/ticket.md"
check "an answer it is" grep -q '"answer": "no code \[HM08\]"' "$tmp/packet/packet.json"
# A greeting that refuses for good is Apple's, and no refusal by policy: it is not said that nothing is Apple's.
rm -rf "$tmp/case" "$tmp/packet" "$tmp/anyway"
cp -R "$TOP_SRCDIR/samples/cases/begins-inside" "$tmp/case"
chmod -R u+w "$tmp/case"
sed -i 's/ said: 550 5\.7\.1 .*(in reply to end of DATA command))/ refused to talk to me: 554 mx01.mail.icloud.com ESMTP not accepting connections)/' "$tmp/case/maillog"
sed -i '1,/status=bounced/s/ refused to talk to me: .*/ said: 550 5.1.1 <reader.invented@icloud.com>: user does not exist (in reply to RCPT TO command))/' "$tmp/case/maillog"
code "greetings that refuse" 1 "$pp" build --quiet --output "$tmp/packet" "$tmp/case/case.json"
check "it is said whose they are" sh -c 'tr -s " \n" "  " <"$1" | grep -q "LACKING: 47 refusals are Apple.s to answer (554)" && ! grep -q "Nothing here\|no refusal that Apple" "$1"' - "$tmp/out"
code "and asked all the same" 0 "$pp" build --quiet --anyway 'our IP is blocked' --output "$tmp/anyway" "$tmp/case/case.json"
check "it is written" grep -q '554 mx01.mail.icloud.com ESMTP not accepting connections' "$tmp/anyway/request.eml"
check "no rate of what is no refusal by policy" sh -c '! grep -q "refusals by policy of" "$1"' - "$tmp/out"
finish
