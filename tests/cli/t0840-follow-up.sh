#!/bin/sh
# A follow-up: only what changed since the request, only when it is time for it, and in one thread with it.
. "$TOP_SRCDIR/tests/cli/lib.sh"
command -v python3 >/dev/null || skip "python3 is missing: it reads the messages"
cases=$TOP_SRCDIR/samples/cases/follow-up
golden=$TOP_SRCDIR/tests/golden/follow-up
key=$TOP_SRCDIR/samples/outage/key
export PYTHONDONTWRITEBYTECODE=1
cd "$tmp"
cat >tool.py <<'PY'
import email, email.policy, json, os, sys
def message(packet):
    return email.message_from_binary_file(open(packet + "/request.eml", "rb"), policy=email.policy.default)
def manifest(packet):
    return json.load(open(packet + "/packet.json"))
verb, packet, *rest = sys.argv[1:]
if verb == "body":  # what the golden copies hold; ids follow from all of the evidence
    m = message(packet)
    print("Subject:", m["subject"])
    print(" ".join(["Attachments:", *[a.get_filename() for a in m.iter_attachments()]]) + "\n")
    print(m.get_body(("plain",)).get_content(), end="")
elif verb == "record":  # receipt or answer, as send and answer write them
    m = manifest(packet)
    for item in rest[1:]:
        m.setdefault(rest[0], []).append(json.loads(item))
    json.dump(m, open(packet + "/packet.json", "w"))
elif verb == "id":
    print(message(packet)["message-id"])
elif verb == "threads":  # packet goes back to the one before, and to all before that
    before = [message(p)["message-id"] for p in rest]
    m = message(packet)
    assert m["in-reply-to"] == before[-1], (m["in-reply-to"], before)
    assert [i for i in m["references"].split() if i in before] == before, m["references"]
    assert m["message-id"] not in before and m["to"] == "icloudadmin@apple.com"
PY
at () { when=$(python3 -c 'import datetime, sys; print(int(datetime.datetime.fromisoformat(sys.argv[1] + "+00:00").timestamp()))' "$1"); shift
  SOURCE_DATE_EPOCH=$when "$pp" build --quiet --key "$key" "$@"; }
sent () { python3 tool.py record "$1" receipts "{\"time\": \"$2\", \"via\": \"smtp\", \"server\": \"mail.example.com:465\", \"reply\": \"250 2.0.0 Ok\", \"queue_id\": \"4F\", \"state\": \"${3-accepted}\"}"; }
is_golden () { # NAME PACKET
  python3 tool.py body "$2" >"$1.txt"
  [ -z "${UPDATE_GOLDEN-}" ] || { mkdir -p "$golden"; cp "$1.txt" "$golden/$1.txt"; }
  same "$1: the golden text (UPDATE_GOLDEN=1 writes it anew)" "$1.txt" "$golden/$1.txt"
}
said () { check "$1: said" grep -Eq -e "$2" err; check "$1: nothing written" test ! -e "$3"; }

code "the request" 0 at 2026-05-20T16:00 --output q1 "$cases/case-1.json"

# Never sent, or not known to be.
code "never sent" 65 at 2026-05-28T08:00 --output q2 --follow-up q1 "$cases/case-2.json"
said "never sent" 'q1: this request was never sent; .*--assume-sent' q2
for state in draft unsure refused self; do
  cp -r q1 "q-$state"
  sent "q-$state" 2026-05-20T16:20:00Z "$state"
  code "only $state" 65 at 2026-05-28T08:00 --output q2 --follow-up "q-$state" "$cases/case-2.json"
  said "only $state" 'q-'$state': .*(was never sent|is not known|refused or came back).*--assume-sent' q2
  rm -r "q-$state"
done
code "sent by hand" 1 at 2026-05-28T08:00 --output byhand --follow-up q1 --assume-sent 2026-05-20 "$cases/case-2.json"
check "that is a finding" grep -q 'is only stated' out
check "the day stands in the text" grep -q 'This adds to our mail of 20 May 2026\. ' byhand/request.eml
check "the claim is only stated" python3 -c 'import json
c = {c["claim"]: c["state"] for c in json.load(open("byhand/packet.json"))["claims"]}
assert c["our earlier mail, and its time"] == "stated" and c["no answer so far"] == "proven", c'
code "sent before it was made" 64 at 2026-05-28T08:00 --output q2 --follow-up q1 --assume-sent 2026-05-19 "$cases/case-2.json"
code "sent in time to come" 64 at 2026-05-28T08:00 --output q2 --follow-up q1 --assume-sent 2026-06-19 "$cases/case-2.json"
code "no such day" 64 at 2026-05-28T08:00 --output q2 --follow-up q1 --assume-sent yesterday "$cases/case-2.json"
rm -r byhand
sent q1 2026-05-20T16:20:00Z
code "a receipt needs no help" 64 at 2026-05-28T08:00 --output q2 --follow-up q1 --assume-sent 2026-05-20 "$cases/case-2.json"

# Five working days (25 May is a holiday there), with new evidence.
code "too early" 75 at 2026-05-27T23:59 --output q2 --follow-up q1 "$cases/case-2.json"
said "too early" 'sent on 2026-05-20, 4 working days ago.* from 2026-05-28 on' q2
code "in time" 0 at 2026-05-28T00:00 --output q2 --follow-up q1 --subject-token "Follow-up: 123456" "$cases/case-2.json"
is_golden no-answer q2
check "goes back to the request" python3 tool.py threads q2 q1
check "says nothing of what the request said" sh -c '! grep -Eq "Since the edition|confirmed it by mail|No refused message|new link host" "$1"' sh no-answer.txt
check "no transaction of the request in it" sh -c '! grep -Eq "^[0-9]\.[0-9A] +2026-05-(18|19|20)" q2/parts/apple-smtp-errors.txt'
check "clean" "$pp" verify --quiet q2

# A rate is no number: 13 of 36 refusals since, whatever they were before.
than () { # NAME REFUSED FINAL IP: of the mail before
  rm -rf side; mkdir side; cp -r q1 side
  python3 -c 'import json, sys
m = json.load(open("side/q1/packet.json")); f = m["figures"]
f["refused"], f["final"], f["ips"] = int(sys.argv[1]), int(sys.argv[2]), [sys.argv[3]]
json.dump(m, open("side/q1/packet.json", "w"))' "$2" "$3" "$4"
  code "$1" 0 at 2026-05-28T00:00 --output side/q2 --follow-up side/q1 "$cases/case-2.json"
  python3 tool.py body side/q2 | tr '\n' ' ' >side/text
}
goes_on () { check "$1" grep -Fq "$2" side/text; }
than "more of them at a lower rate" 10 12 192.0.2.10
goes_on "are no fewer" "Refusals go on, at a lower rate than before."
than "fewer of them at a higher rate" 40 800 192.0.2.99
goes_on "are no more" "Refusals go on, at a higher rate than before."
check "IPs in the place of those of before are not there as well" sh -c 'grep -q "Now from 192.0.2.1" side/text && ! grep -q "as well" side/text'

# Nothing new: ten working days.
mkdir beside; cp -r q1 beside
code "nothing new, too early" 75 at 2026-06-03T23:59 --output beside/q --follow-up beside/q1 "$cases/case-1.json"
said "nothing new, too early" 'without anything new.* from 2026-06-04 on' beside/q
code "a reminder" 1 at 2026-06-04T00:00 --output beside/q --follow-up beside/q1 "$cases/case-1.json"
is_golden reminder beside/q
# What the case says of since is news, too; and so is an IP that took up our mail, also where all of it is accepted.
cp -r "$cases" since
chmod -R u+w since
cat >since.py <<'PY'
import json, re, sys
what = sys.argv[1]
case = json.load(open("since/case-1.json"))
if what == "change":
    case["incident"]["changes"].append({"date": "2026-05-25", "what": "Our mail has a new footer."})
else:
    case["evidence"]["logs"] = ["all"]
    logs = [open("since/maillog-%d" % n).read().replace("554 5.7.1 [HM08]", "550 5.7.1 [CS02]") for n in (1, 2)]
    sent = set(re.findall(r"smtp\[\d+\]: (\w+): to=.*status=sent", logs[1]))
    lines = ["".join(l.replace(" postfix/", " postfix-%s/" % ("192.0.2.44" if what == "moved" and n == 1 and any(q in l for q in sent) else "192.0.2.10"))
                     for l in log.splitlines(True)) for n, log in enumerate(logs)]
    open("since/all", "w").write("".join(lines))
    if what == "before":
        open("since/all", "w").write(lines[0])
json.dump(case, open("since/case.json", "w"))
PY
python3 since.py change
cp -r q1 since/q1
code "a change, and no new mail" 1 at 2026-06-04T00:00 --output since/q --follow-up since/q1 since/case.json
check "is not told as none" sh -c 'grep -q "Our mail has a new footer" since/q/request.eml && ! tr "\r\n" "  " <since/q/request.eml | tr -s " " | grep -q "nothing has changed"'
rm -r since/q since/q1
python3 since.py before
code "a request that names its IP" 0 at 2026-05-20T16:00 --output since/q1 since/case.json
sent since/q1 2026-05-20T16:20:00Z
for what in stayed moved; do
  python3 since.py $what
  rm -rf since/q
  code "$what" 0 at 2026-05-28T08:00 --output since/q --follow-up since/q1 since/case.json
  tr '\r\n' '  ' <since/q/request.eml | tr -s ' ' >since/text
  check "$what: nothing else has changed, where that is so" test "$(grep -c 'Nothing else has changed\.' since/text)" -eq "$(if [ $what = moved ]; then echo 0; else echo 1; fi)"
done

# What the evidence says otherwise.
sed 's/"maillog-1"/"maillog-1", "maillog-4"/' "$cases/case-1.json" >later.json
cp "$cases"/maillog-? "$cases/delivered.eml" .
code "no refusal since" 65 at 2026-06-11T08:00 --output q3 --follow-up beside/q1 later.json
said "no refusal since" 'none of the 360 final answers since 2026-05-20 .*--resolved' q3
code "not over yet" 65 at 2026-05-28T08:00 --output q3 --follow-up beside/q1 --resolved "$cases/case-2.json"
said "not over yet" 'do not show that it is over: of 36 final answers since 2026-05-20 13 were refusals' q3

# Sent, answered, sent again.
sent q2 2026-05-28T08:20:00Z
code "followed already" 65 at 2026-06-12T08:00 --output q3 --follow-up q1 "$cases/case-3.json"
said "followed already" 'q1: .*/q2 followed it already.*--follow-up .*/q2' q3
python3 tool.py record q2 answers '{"time": "2026-05-29T17:00:00Z", "kind": "changed", "automatic": false, "message_id": "a1@mail.apple.com"}'
code "answered, and no mail since" 75 at 2026-05-30T08:00 --output q3 --follow-up q2 "$cases/case-2.json"
said "answered, and no mail since" 'Apple answered, .*since 2026-05-29: send again' q3
code "answered, not over" 0 at 2026-06-02T16:00 --output q3 --follow-up q2 "$cases/case-3.json"
is_golden answered q3
check "goes back to both" python3 tool.py threads q3 q1 q2
check "and to the answer" grep -q '<a1@mail.apple.com>' q3/request.eml
sent q3 2026-06-02T16:10:00Z
code "a third one" 65 at 2026-06-20T08:00 --output q4 --follow-up q3 "$cases/case-4.json"
said "a third one" 'follow-up 2 of 2.*Ask your platform, or let it be and watch' q4

# Over.
sed 's/"maillog-4"/"maillog-5"/' "$cases/case-4.json" >oneday.json
grep 2026-06-03 maillog-4 >maillog-5
code "one clean day" 75 at 2026-06-04T08:00 --output q4 --follow-up q3 --resolved oneday.json
said "one clean day" 'there is 1 day with mail since the refusals ended' q4
code "thank you" 0 at 2026-06-10T16:00 --output q4 --follow-up q3 --resolved "$cases/case-4.json"
is_golden resolved q4
check "goes back to all" python3 tool.py threads q4 q1 q2 q3
sed '/"maillog-[123]",/d' "$cases/case-4.json" >newlog.json
code "thank you, by a log that begins afterwards" 0 at 2026-06-10T16:00 --output q5 --follow-up q3 --resolved newlog.json
check "the last refusal is that of the mail before" grep -q 'last one 2026-06-02 14:40:19 UTC' q5/request.eml
sent q4 2026-06-10T17:00:00Z
code "closed" 65 at 2026-06-20T08:00 --output q6 --follow-up q4 "$cases/case-4.json"
said "closed" 'said thank you, and the matter is closed' q6

# Private text, and folders that are none.
sed 's/click.example.com only leads on/reader040.invented@icloud.com only leads on/' "$cases/case-2.json" >private.json
code "a recipient in what was found" 3 at 2026-05-28T08:00 --output q6 --follow-up beside/q1 private.json
said "a recipient in what was found" 'private.json: \$\.follow_up\.found\[1\]: rule' q6
check "and not told" sh -c '! grep -q invented err'
code "a recipient in the token" 3 at 2026-05-28T08:00 --output q6 --follow-up beside/q1 --subject-token "for reader040.invented@icloud.com" "$cases/case-2.json"
code "a line break in the token" 65 at 2026-05-28T08:00 --output q6 --follow-up beside/q1 --subject-token "a
Bcc: x" "$cases/case-2.json"
check "nothing written" test ! -e q6
mkdir empty; mkdir damaged; echo '{"case": ' >damaged/packet.json
code "no packet" 66 at 2026-05-28T08:00 --output q6 --follow-up empty "$cases/case-2.json"
code "a damaged packet" 65 at 2026-05-28T08:00 --output q6 --follow-up damaged "$cases/case-2.json"
cp -r beside/q1 beside/other; python3 - <<'PY'
import json
p = "beside/other/packet.json"
m = json.load(open(p))
del m["figures"]
json.dump(m, open(p, "w"))
PY
code "no figures" 65 at 2026-05-28T08:00 --output q6 --follow-up beside/other "$cases/case-2.json"
code "another case" 65 at 2026-05-28T08:00 --output q6 --follow-up beside/q1 "$TOP_SRCDIR/samples/cases/no-sample/case.json"
check "named" grep -q 'is a packet of the case follow-up, not of no-sample' err
code "--resolved alone" 64 at 2026-05-28T08:00 --resolved "$cases/case-2.json"
code "for another audience" 64 at 2026-05-28T08:00 --audience esp --follow-up beside/q1 "$cases/case-2.json"

# No recipient of any log in any file.
grep -oh ' to=<[^>]*>' "$cases"/maillog-? | sed 's/ to=<//; s/>//' | sort -u >list
check "recipients are there to be looked for" test "$(wc -l <list)" -gt 500
for p in q2 q3 q4 beside/q; do
  check "$p: no recipient in any file" python3 "$TOP_SRCDIR/tests/tools/find-recipients.py" list "$p"
done

# Mail programs.
mkdir -p mail/cur mail/new mail/tmp
n=0
for p in q1 q2 q3 q4; do n=$((n + 1)); tr -d '\r' <"$p/request.eml" >"mail/cur/$n:2,S"; done
printf 'From: a@example.com\nTo: b@example.com\nSubject: Re: iCloud Mail delivery issue for news.example.com\nDate: Thu, 11 Jun 2026 08:00:00 +0000\nMessage-ID: <other@example.com>\n\nanother matter\n' >"mail/cur/5:2,S"
if command -v notmuch >/dev/null; then
  printf '[database]\npath=%s/mail\n[user]\nprimary_email=a@example.com\n[new]\ntags=inbox\n' "$tmp" >notmuch.rc
  export NOTMUCH_CONFIG="$tmp/notmuch.rc"
  notmuch new --quiet >/dev/null 2>&1 || :
  check "notmuch: one thread of four, and another mail" sh -c '
    [ "$(notmuch search --output=threads "*" | wc -l)" = 2 ] && [ "$(notmuch count "thread:{id:$1}")" = 4 ]' sh "$(python3 tool.py id q1 | tr -d '<>')"
else
  ok "notmuch: one thread # SKIP notmuch is not installed"
fi
mutt_thread () {
  printf 'set wait_key=no read_only=yes strict_threads=yes sort=threads pipe_split=no folder="%s" header_cache=""\nignore *\nunignore message-id\nset pipe_decode=yes\npush "<tag-pattern>~(~i %s)<enter><tag-prefix><pipe-message>cat >%s/thread<enter><exit>"\n' \
    "$tmp" "$(python3 tool.py id q1 | tr -d '<>')" "$tmp" >mutt.rc
  TERM=xterm timeout 60 python3 -c 'import pty, sys; sys.exit(pty.spawn(sys.argv[1:]) >> 8)' mutt -n -F mutt.rc -R -f "$tmp/mail" >/dev/null
  for p in q1 q2 q3 q4; do grep -qF "$(python3 tool.py id $p)" thread || return 1; done
  ! grep -q 'other@example.com' thread
}
if command -v mutt >/dev/null && command -v timeout >/dev/null; then
  check "mutt: the four are one thread, another mail is not in it" mutt_thread
else
  ok "mutt: one thread # SKIP mutt is not installed"
fi
finish
