#!/bin/sh
# Apple's answer is read, recognised and recorded with its packet; nothing private is kept, and nothing that is no
# answer to it is recorded.
. "$TOP_SRCDIR/tests/cli/lib.sh"
command -v python3 >/dev/null || skip "python3 is missing: it reads packet.json"
cases=$TOP_SRCDIR/samples/cases/follow-up
export PYTHONDONTWRITEBYTECODE=1
cd "$tmp"
at () { when=$1; shift
  SOURCE_DATE_EPOCH=$(python3 -c 'import datetime, sys; print(int(datetime.datetime.fromisoformat(sys.argv[1] + "+00:00").timestamp()))' "$when") "$pp" "$@"; }
answer () { at 2026-05-29T18:00 answer "$@"; }
code "a packet" 0 at 2026-05-28T08:00 build --quiet --key "$TOP_SRCDIR/samples/outage/key" --output p "$cases/case-2.json"
id=$(sed -n 's/^Message-ID: <\([^>]*\)>.*/\1/p' p/request.eml | head -1)
cp -r p fresh
sed "s/@REQUEST@/$id/" "$TOP_SRCDIR/samples/answer/changed.eml" >changed.eml

# The standard sentence.
code "the standard answer" 0 answer p changed.eml
cp out said
check "what it is" grep -q '^2026-05-29 17:00 UTC: something was changed there, and you are asked to send again' said
check "its words" grep -q 'We have investigated your report and made appropriate changes' said
check "its number" grep -q 'for the next subject: Follow-up: 123456' said
check "the re-test is open" grep -q 'The re-test is open' said
check "who fell to policy" grep -q '37 recipients were refused by policy since 2026-05-20 14:00:41 UTC' said
cat >is.py <<'PY'
import json, os, stat, sys
m = json.load(open("p/packet.json"))
a = m["answers"][0]
assert len(m["answers"]) == 1 and a["kind"] == "changed" and a["automatic"] is False and a["names_request"] is True, a
assert a["time"] == m["answered"] == "2026-05-29T17:00:00Z" and a["from"] == "apple.com", (a, m["answered"])
assert a["message_id"] == "A1B2C3D4-0000-4000-8000-000000000001@apple.com" and a["subject_token"] == "Follow-up: 123456"
assert "made appropriate changes" in a["text"] and "reader040" not in json.dumps(m)
assert m["retest"] == {"opened": "2026-05-29T18:00:00Z", "after": "2026-05-29T17:00:00Z"}, m["retest"]
assert stat.S_IMODE(os.stat("p/packet.json").st_mode) == 0o600
before = json.load(open("fresh/packet.json"))
assert {k: v for k, v in m.items() if k not in ("answers", "answered", "retest")} == before
PY
check "packet.json has it, and all that was there before" python3 is.py
check "no other file was touched" sh -c 'rm -rf a b; cp -r p a; cp -r fresh b; rm a/packet.json b/packet.json; diff -r a b'
code "the packet is clean" 0 "$pp" verify --quiet p
code "the same again" 0 answer p changed.eml
check "is told, and not recorded twice" sh -c 'grep -q "^Recorded before in" out && python3 is.py'
code "as JSON" 0 answer --json p changed.eml
check "JSON reads" python3 -c 'import json
o = json.load(open("out"))
assert o["answer"]["kind"] == "changed" and o["recorded"] is False and o["retest"] is True and o["refused_recipients"] == 37 and o["suppressed"] is None, o'

# Other kinds: each its own next step; what no person wrote is no answer.
kind () { # NAME KIND AUTOMATIC TEXT [HEADER]
  rm -rf k; cp -r fresh k
  { printf 'From: icloudadmin@apple.com\nTo: postmaster@example.com\nDate: Fri, 29 May 2026 17:00:00 +0000\nIn-Reply-To: <%s>\nSubject: Re: x\n%s\n\n%b\n' "$id" "${5-X-A: b}" "$4"; } >k.eml
  code "$1" 0 answer k k.eml
  check "$1: kind" python3 -c 'import json, sys
m = json.load(open("k/packet.json"))
a = m["answers"][-1]
assert [a["kind"], str(a["automatic"])] == sys.argv[1:3], a
assert ("answered" in m) == (sys.argv[2] == "False") and ("retest" in m) == (a["kind"] == "changed")' "$2" "$3"
}
kind "a question" question False "Could you please provide the headers of a rejected message?"
kind "a need" question False "Thank you for contacting iCloud Mail. In order to investigate we need the full headers and the complete bounce."
kind "a wish to know" question False "Let us know which domains are affected."
kind "no need" changed False "We made appropriate changes. Let us know if you still encounter the issue."
kind "declined" declined False "These messages are rejected due to your DMARC policy, we are unable to assist."
kind "sent elsewhere" elsewhere False "Please contact Spamhaus."
kind "what you may have done" declined False "If you have already made the necessary changes, please try sending again."
# Whoever decided has answered, whatever was received: a follow-up must not say that there is no answer.
kind "received, and decided" other False "We have received your report and investigated it. The rejections are correct and will remain in place."
kind "why" other False "Your mail was rejected because of complaints we have received."
kind "received, to be looked at" received True "We have received your request. It will be reviewed by our team."
kind "not to send" other False "I have received your email. Please do not try resending."
kind "a receipt that asks for patience" received True "This is an automated message. We have received your email, case 12345. Please do not send it again."
kind "another's list first" elsewhere False "This IP is listed; once it has been delisted please try resending."
kind "a block that is gone" changed False "We have removed the block on your addresses."
kind "a block that was" changed False "The block was removed."
kind "a receipt" received True "Your message has been received."
kind "an automatic answer" changed True "Please try resending." "Auto-Submitted: auto-replied"
kind "anything else" other False "Hello."
kind "our own words quoted" other False "Hello.
> made appropriate changes"
kind "our own words below their header" other False "Hello.

From: Dana Sample <postmaster@example.com>
Sent: Thursday, May 28, 2026 8:00 AM
To: icloudadmin@apple.com

You made appropriate changes."
kind "a text of blanks beside the HTML" changed False "--b\nContent-Type: text/plain\n\n \n\n--b\nContent-Type: text/html\n\n<p>We made appropriate changes.</p>\n--b--" \
  "$(printf 'MIME-Version: 1.0\nContent-Type: multipart/alternative; boundary=b')"
# Of HTML alone what a reader sees counts, and not what it quotes.
html=$(printf 'MIME-Version: 1.0\nContent-Type: text/html; charset=utf-8')
kind "HTML: the standard answer" changed False "<html><head><style>p{}</style></head><body><div>Hello,</div><div>We have investigated your report and made appropriate&nbsp;changes.</div></body></html>" "$html"
kind "HTML: our words quoted by Apple's program" question False '<div>Could you please provide the headers of a rejected message?</div><br><blockquote type="cite"><div>On May 28, 2026, Dana Sample wrote:</div><div>You made appropriate changes.</div></blockquote>' "$html"
kind "HTML: our words quoted without a word" question False '<p>Could you please provide the headers of a rejected message?</p><blockquote><p>You made appropriate changes.</p><blockquote>made appropriate changes</blockquote></blockquote>' "$html"
kind "HTML: our words below their header" question False '<p>Could you please provide the headers of a rejected message?</p><p><b>From:</b> Dana Sample<br><b>Sent:</b> Thursday, May 28, 2026 8:00 AM<br><b>To:</b> icloudadmin@apple.com</p><p>You made appropriate changes.</p>' "$html"
kind "HTML: words that nobody sees" other False '<p>Hello.</p><p style="display:none">made appropriate changes</p>' "$html"
{ printf 'From: MAILER-DAEMON@mx.example.com\nDate: Thu, 28 May 2026 09:00:00 +0000\nReferences: <%s>\nSubject: Undelivered Mail\nContent-Type: multipart/report; boundary=b; report-type=delivery-status\n\n--b\n\nThe mail could not be delivered.\n--b--\n' "$id"; } >bounce.eml
rm -rf k; cp -r fresh k
code "returned" 0 answer k bounce.eml
check "returned: said" grep -q 'no answer: a mail server returned the request' out
python3 - <<'PY'
import json
p = "k/packet.json"
m = json.load(open(p))
m["receipts"] = [{"time": "2026-05-28T08:30:00Z", "state": "accepted"}]
json.dump(m, open(p, "w"))
PY
cp -r k returned
# As servers write them: the request is known by its Message-ID within, and Action says what became of it.
report () { # NAME ACTION PART-TYPE
  printf 'From: MAILER-DAEMON@mx.example.com\nDate: Thu, 28 May 2026 09:10:00 +0000\nSubject: Delivery status\nMIME-Version: 1.0\nContent-Type: multipart/report; report-type=delivery-status; boundary=b\n\n--b\nContent-Type: text/plain\n\nAbout your mail.\n--b\nContent-Type: message/delivery-status\n\nReporting-MTA: dns; mx.example.com\n\nFinal-Recipient: rfc822; icloudadmin@apple.com\nAction: %s\nStatus: 4.4.1\n\n--b\nContent-Type: %s\n\nFrom: postmaster@example.com\nMessage-ID:\n <%s>\n\n--b--\n' "$2" "$3" "$id" >"$1"
}
for row in delayed:text/rfc822-headers:notice relayed:message/rfc822:notice failed:text/rfc822-headers:returned FAILED:message/rfc822:returned; do
  action=${row%%:*}
  rest=${row#*:}
  rm -rf k; cp -r returned k
  python3 -c 'import json; m = json.load(open("k/packet.json")); m["answers"] = []; m["answered"] = None; json.dump(m, open("k/packet.json", "w"))'
  report report.eml "$action" "${rest%%:*}"
  code "a report, $action" 0 answer k report.eml
  check "  is: ${rest#*:}" python3 -c 'import json, sys; a = json.load(open("k/packet.json"))["answers"][-1]; assert (a["kind"], a["automatic"]) == (sys.argv[1], True), a' "${rest#*:}"
  wanted=1
  [ "${rest#*:}" = notice ] || wanted=65
  code "  so a follow-up ends with $wanted" "$wanted" at 2026-06-10T08:00 build --quiet --output followed --follow-up k "$cases/case-3.json"
  rm -rf followed
done
printf 'From: a@apple.com\nDate: Thu, 28 May 2026 09:10:00 +0000\nReferences: <%s>\nContent-Type: multipart/report; report-type=disposition-notification; boundary=b\n\n--b\n\nIt was displayed.\n--b--\n' "$id" >report.eml
code "a receipt of reading" 0 answer k report.eml
check "  returns nothing" grep -q 'has not returned it' out
rm -rf k; mv returned k
code "a returned request has no follow-up" 65 at 2026-06-10T08:00 build --quiet --follow-up k "$cases/case-3.json"
check "told why" grep -q 'was refused or came back' err

# Private text is not kept.
private () { # NAME TEXT
  rm -rf k; cp -r fresh k
  printf 'From: icloudadmin@apple.com\nDate: Fri, 29 May 2026 17:00:00 +0000\nIn-Reply-To: <%s>\nSubject: Re: 7 %s\n\nWe looked at %s and made appropriate changes.\n' "$id" "$2" "$2" >k.eml
  code "$1" "$3" answer k k.eml
  check "$1: not in the packet" sh -c '! grep -qi "reader040\|cmVhZGVyMDQw" k/packet.json'
  check "$1: nor printed" sh -c '! grep -qi "reader040\|cmVhZGVyMDQw" out err'
  check "$1: recognised all the same" grep -q '"kind": "changed"' k/packet.json
  code "$1: the packet is clean" 0 "$pp" verify --quiet k
}
private "a recipient" "reader040.invented@icloud.com" 0
private "a recipient with = for @" "b-reader040.invented=icloud.com@news.example.com, reader040.invented=icloud.com" 0
private "a recipient in base64" "cmVhZGVyMDQwLmludmVudGVkQGljbG91ZC5jb20=" 1
rm -rf k; cp -r fresh k
printf 'From: icloudadmin@apple.com\nDate: Fri, 29 May 2026 17:00:00 +0000\nIn-Reply-To: <%s>\nSubject: x\nContent-Type: text/plain; charset=utf-8\n\nab\033[2J\033]0;x\007cd \342\200\256 \302\233 ef\n' "$id" >k.eml
code "escapes for a terminal" 0 answer k k.eml
check "are not printed" sh -c '! LC_ALL=C grep -q "$(printf "[\033\007]")\|$(printf "\302\233")" out'
check "marks stay" sh -c 'm=$(grep -o "\[rcpt-[a-z2-7]*\]@icloud.com" fresh/parts/apple-smtp-errors.txt | head -1)
  rm -rf k; cp -r fresh k; sed "s/^Hello,/Hello, $m/" changed.eml >k.eml
  SOURCE_DATE_EPOCH=1780077600 "$0" answer k k.eml >/dev/null && grep -qF "$m" k/packet.json' "$pp"

# What is no answer.
no () { # NAME STATUS PATTERN FILE
  code "$1" "$2" answer fresh "$4"
  check "$1: said" grep -Eq -e "$3" err
}
printf 'From: somebody@example.net\nDate: Fri, 29 May 2026 17:00:00 +0000\n\nmade appropriate changes\n' >other.eml
no "somebody else's mail" 65 'other.eml: is neither from apple.com' other.eml
printf 'From: a@apple.com.example.net\nDate: Fri, 29 May 2026 17:00:00 +0000\n\nx\n' >like.eml
no "a name like Apple's" 65 'is neither from apple.com' like.eml
printf 'From: a@apple.com\n\nx\n' >undated.eml
no "no date" 65 'has no Date' undated.eml
printf 'From: a@apple.com\nDate: Fri, 1 May 2026 17:00:00 +0000\n\nx\n' >old.eml
no "written before" 65 'before this packet was made' old.eml
printf 'From: a@apple.com\nDate: Fri, 1 May 2099 17:00:00 +0000\n\nx\n' >future.eml
no "a date to come" 65 'a date to come' future.eml
printf 'They said that all is well now.\n' >note.txt
no "a note" 65 'note.txt: is no mail' note.txt
no "a picture" 65 'is no mail' fresh/parts/apple-bounce-trend-2026-05-18_2026-05-27.png
: >empty.eml
no "an empty file" 65 'empty.eml' empty.eml
no "no file" 66 'none.eml' none.eml
no "a folder" 66 'parts' fresh/parts
(printf 'From: a@apple.com\nDate: Fri, 29 May 2026 17:00:00 +0000\n\n'; head -c 5000000 /dev/zero | tr '\0' 'x') >huge.eml
no "a huge one" 65 'huge.eml.*(4 MiB|4194304|large|longer|MiB)' huge.eml
[ ! -e /dev/zero ] || no "one without an end" 65 '/dev/zero: more than the 4194304 bytes' /dev/zero
python3 -c 'print("From: a@apple.com\nDate: Fri, 29 May 2026 17:00:00 +0000")
for i in range(30000): print(f"Content-Type: multipart/mixed; boundary=b{i}\n\n--b{i}")' >bomb.eml
no "parts within parts" 65 'bomb.eml: has parts within parts' bomb.eml
code "it names another request" 1 sh -c 'cp -r fresh q; sed "s/<@REQUEST@>/<x@example.com>/; s/^Subject: .*/Subject: Re: something/" "$2/samples/answer/changed.eml" >k.eml; SOURCE_DATE_EPOCH=1780077600 "$1" answer q k.eml' sh "$pp" "$TOP_SRCDIR"
check "that is told" grep -q 'names neither this request' out
code "no packet" 66 answer . changed.eml
code "too few operands" 64 answer fresh
check "nothing was recorded of all these" sh -c 'python3 -c "import json; m = json.load(open(\"fresh/packet.json\")); assert \"answers\" not in m and \"answered\" not in m"'

# The next mail goes by it: its number in the subject, its id in the references.
code "a follow-up" 0 at 2026-06-02T16:00 build --quiet --key "$TOP_SRCDIR/samples/outage/key" --output f --follow-up p "$cases/case-3.json"
check "its number stands in the subject" grep -q '^Subject: Re: Follow-up: 123456 iCloud Mail delivery issue for' f/request.eml
check "its id among the references" grep -q '<A1B2C3D4-0000-4000-8000-000000000001@apple.com>' f/request.eml
check "thanks for it" grep -q 'Thank you for your answer of 29 May. As you asked, we sent again.' f/request.eml
finish
