#!/bin/sh
# No recipient leaves: not of the log, the sample or the suppression list, and not where one is planted. What a file
# holds is looked up by tests/tools/find-recipients.py, which shares nothing with the program.
. "$TOP_SRCDIR/tests/cli/lib.sh"
command -v python3 >/dev/null || skip "python3 is missing: it looks for the addresses"
export SOURCE_DATE_EPOCH=1798830000
find=$TOP_SRCDIR/tests/tools/find-recipients.py
cp -r "$TOP_SRCDIR/samples/outage" "$tmp/outage"
chmod -R u+w "$tmp/outage"
cat >"$tmp/lib.py" <<'PY'
import base64, csv, gzip, hashlib, json, os, re, shutil, sys, urllib.parse
TMP = os.environ["TMP_TEST"]
KNOWN = "zoe.planted@icloud.com"      # a recipient of the log
OTHER = "xaver.unknown@me.com"        # stands nowhere but where it is planted

def fresh():
    """A copy of the sample case to spoil."""
    shutil.rmtree(TMP + "/case", ignore_errors=True)
    shutil.copytree(TMP + "/outage", TMP + "/case")
    raw = gzip.open(TMP + "/case/log/maillog.gz").read()
    os.remove(TMP + "/case/log/maillog.gz")
    return raw

def case(change):
    path = TMP + "/case/case.json"
    c = json.load(open(path))
    c["evidence"]["logs"] = ["log/maillog"]
    change(c)
    json.dump(c, open(path, "w"))

def log_lines(recipient, reply):
    """A newsletter that Apple refused, as this Postfix writes it."""
    verp = recipient.lower().replace("@", "=")
    p = "Jan 01 17:40:%02d mail1 postfix/"
    lines = [
        p % 1 + "smtpd[11001]: 4F00DB12AA7: client=localhost[127.0.0.1]",
        p % 1 + "cleanup[11002]: 4F00DB12AA7: message-id=<m9999.00c0ffee@mail1.example.com>",
        p % 1 + f"qmgr[9922]: 4F00DB12AA7: from=<bounce-{verp}@news.example.com>, size=700, nrcpt=1 (queue active)",
        p % 2 + f"mta1/smtp[11003]: 4F00DB12AA7: to=<{recipient}>, relay=mx01.mail.icloud.com[17.57.156.30]:25, delay=0.9, "
        f"delays=0/0.1/0.3/0.5, dsn=5.7.1, status=bounced (host mx01.mail.icloud.com[17.57.156.30] said: {reply} "
        "(in reply to end of DATA command))",
        p % 2 + "qmgr[9922]: 4F00DB12AA7: removed",
    ]
    return ("\n".join(lines) + "\n").encode()

def write_log(raw):
    open(TMP + "/case/log/maillog", "wb").write(raw)
PY
export TMP_TEST="$tmp" PYTHONPATH="$tmp" PYTHONDONTWRITEBYTECODE=1
python3 - <<'PY'
# Who must not be found: everybody that the inputs know, save the sender.
from lib import *
import email, email.policy
addresses = set(re.findall(r" to=<([^<> ]+@[^<> ]+)>,", gzip.open(TMP + "/outage/log/maillog.gz", "rt").read()))
apple = {a for a in addresses if re.search(r"@(icloud|me|mac)\.com$", a)}
assert len(apple) > 300, len(apple)
mail = email.message_from_file(open(TMP + "/outage/delivered/newsletter.eml"), policy=email.policy.default)
addresses |= {a.addr_spec for a in mail["to"].addresses}
addresses |= {r["address"] for r in csv.DictReader(open(TMP + "/outage/suppression.csv"))}
addresses -= {a for a in addresses if a.endswith("@example.com")}
open(TMP + "/list", "w").write("\n".join(sorted(addresses | {KNOWN, OTHER})) + "\n")
PY

# The looker finds each form where it is.
python3 - <<'PY'
from lib import *
import quopri
a = "Zoe.Planted@iCloud.com"
os.mkdir(TMP + "/seen")
low = a.lower()
texts = {"plain": a, "upper": a.upper(), "verp-equals": f"b-{low.replace('@', '=')}@news.example.com",
         "verp-minus": f"b-{low.replace('@', '-')}@news.example.com", "percent": urllib.parse.quote(low),
         "percent-all": "".join("%%%02X" % b for b in low.encode()), "qp": "".join("=%02X" % b for b in low.encode()),
         "hex": low.encode().hex().upper(), "md5": hashlib.md5(low.encode()).hexdigest(),
         "sha1": "x" + hashlib.sha1(low.encode()).hexdigest(), "sha256": hashlib.sha256(low.encode()).hexdigest().upper(),
         "base64-0": base64.b64encode(low.encode()).decode(), "base64-1": base64.b64encode(b"x" + low.encode() + b"yz").decode(),
         "base64-2": base64.b64encode(b"xy" + low.encode() + b"z").decode()}
for name, text in texts.items():
    open(f"{TMP}/seen/{name}.txt", "w").write(f"before {text} after\n")
part = base64.encodebytes(("a long line to begin with, " * 3 + low).encode()).decode()
open(TMP + "/seen/mime.eml", "w").write("From: a@example.com\nMIME-Version: 1.0\nContent-Type: text/plain\n"
                                         f"Content-Transfer-Encoding: base64\n\n{part}")
open(TMP + "/seen/header.eml", "w").write("Subject: =?utf-8?B?" + base64.b64encode(("for " + low).encode()).decode() + "?=\n\nx\n")
open(TMP + "/seen/e.html", "w").write(low.replace("@", "&#64;"))
open(TMP + "/seen/j.json", "w").write(json.dumps({"a": [low]}).replace("@", "\\u0040"))
PY
for f in "$tmp"/seen/*; do
  check "the looker finds ${f##*/}" sh -c '! python3 "$1" "$2" "$3" >"$4"' sh "$find" "$tmp/list" "$f" "$tmp/found"
done

build () { # FOLDER CASE
  "$pp" build --quiet --key "$TOP_SRCDIR/samples/outage/key" --map mta1=192.0.2.10 --map mta2=192.0.2.11 --output "$@"
}
clean () { python3 "$find" "$tmp/list" "$1"; }

code "the sample case" 1 build "$tmp/plain" "$tmp/outage/case.json"
check "no recipient of log, sample or list in any file" clean "$tmp/plain"

# Planted where the program must replace: the build goes on as before.
planted () { # NAME; the case was made by python on standard input
  rm -rf "$tmp/packet"
  python3 -
  code "$1: built as before" 1 build "$tmp/packet" "$tmp/case/case.json"
  check "$1: the request is there" test -f "$tmp/packet/request.eml"
  check "$1: no address in any file" clean "$tmp/packet"
}
planted "recipient of a refused mail" <<'PY'
from lib import *
write_log(fresh() + log_lines("Zoe.Planted@iCloud.com", "550 5.7.1 [CS02] Message rejected due to local policy."))
case(lambda c: None)
PY
check "its mark stands there instead" grep -q 'm9999.00c0ffee' "$tmp/packet/parts/apple-smtp-errors.txt"
planted "recipients in a reply" <<'PY'
from lib import *
b64 = base64.b64encode(KNOWN.encode()).decode()
write_log(fresh() + log_lines(KNOWN, f"550 5.7.1 [CS02] <{KNOWN}>: rejected for {OTHER}, see zoe.planted=icloud.com and {b64}")
    + log_lines("otilie@icloud.com", "550 5.7.1 [CS02] Otilie... User otilie of mailbox 'OTILIE' (account=otilie) is refused by <otilie>: user unknown"))
case(lambda c: None)
PY
check "and without those who are only asked for" sh -c '! grep -rEi "otilie" "$1"' sh "$tmp/packet"
check "the reply stands there without them" grep -q 'rejected for \[' "$tmp/packet/parts/apple-smtp-errors.txt"
for place in to-name x-header unsubscribe subject received return-path; do
  export PLACE=$place
  planted "sample, $place" <<'PY'
from lib import *
raw = fresh() + log_lines(KNOWN, "550 5.7.1 [CS02] Message rejected due to local policy.")
write_log(raw)
path = TMP + "/case/delivered/newsletter.eml"
mail = open(path).read()
b64 = base64.b64encode(f"u={KNOWN}&n=1".encode()).decode()
def swap(pattern, text):
    global mail
    mail, n = re.subn(pattern, lambda m: text, mail, count=1, flags=re.M)
    assert n == 1, pattern
place = os.environ["PLACE"]
if place == "to-name":
    swap(r"^To: .*$", f'To: "Zoe Planted ({OTHER})" <{KNOWN}>')
elif place == "x-header":
    swap(r"^MIME-Version:", f"X-Reader: {KNOWN}\nX-Reader-Hash: {hashlib.md5(KNOWN.encode()).hexdigest()}\n"
         f"X-Mailer: for {OTHER}\nMIME-Version:")
elif place == "unsubscribe":
    swap(r"^List-Unsubscribe: <[^>]*>", f"List-Unsubscribe: <https://click.news.example.com/u?e={b64}&m={urllib.parse.quote(OTHER)}>")
elif place == "subject":
    swap(r"^Subject: .*$", f"Subject: =?utf-8?B?{base64.b64encode(f'For {KNOWN} and {OTHER}'.encode()).decode()}?=")
elif place == "received":
    swap(r"^DKIM-Signature:", f"Received: from x by y for <{OTHER}>; Fri, 01 Jan 2027 17:24:08 +0000\nDKIM-Signature:")
else:
    swap(r"^Return-path: .*$", f"Return-path: <b-{KNOWN.replace('@', '=')}@news.example.com>")
open(path, "w").write(mail)
case(lambda c: None)
PY
done
# Most senders write no name into To: who is greeted is known by the greeting, in the mail and on the page.
planted "sample, a greeting" <<'PY'
from lib import *
write_log(fresh() + log_lines(KNOWN, "550 5.7.1 [CS02] Message rejected due to local policy."))
path = TMP + "/case/delivered/newsletter.eml"
mail = open(path).read()
mail = re.sub(r"^To: .*$", f"To: {KNOWN}", mail, count=1, flags=re.M)
mail = re.sub(r"^Subject: .*$", "Subject: Your soup is ready, Zebulon!", mail, count=1, flags=re.M)
mail = mail.replace("Good morning Jo Reader,", "Good morning Zebulon,")
open(path, "w").write(mail)
path = TMP + "/case/page/weekly.html"
page = open(path).read()
open(path, "w").write(page.replace("<p>Good morning,</p>", "<p>Liebe Frau <b>Quagmire</b>,</p><p>Kundennummer: 471188</p>"))
case(lambda c: None)
PY
check "nobody is named who is greeted" sh -c '! grep -rEi "zebulon|quagmire|471188" "$1"' sh "$tmp/packet"
check "the subject stands there without the name" grep -q '^Subject: Your soup is ready, \[name\]!$' "$tmp/packet/parts/delivered-headers.txt"
planted "the page: what is one order's, beside its label" <<'PY'
from lib import *
write_log(fresh() + log_lines(KNOWN, "550 5.7.1 [CS02] Message rejected due to local policy."))
path = TMP + "/case/page/weekly.html"
page = open(path).read()
open(path, "w").write(page.replace("<h1>", "<table><tr><td>Order number</td><td>Q4711</td></tr><tr><td>Invoice</td><td>#99471188</td></tr></table>"
    "<p>Deliver to:<br>Otto Quagmire<br>12 Quagmire Lane</p><div>Billing address</div><div>Otilie Quagmire<br>13 Quagmire Lane</div>"
    "<p>Passenger name: Zebulon Q</p><p>We ring you at +44 20 4711 0018, (471) 555-0143 or 471&nbsp;0143 22.</p>"
    "<a href='tel:+442047110018'>Call</a> <a href='tel:+12024711'>020 4711 0018</a> <img src=a.png alt='SMS 0171 4711&#8209;0188'><h1>"))
case(lambda c: None)
PY
check "no order, nobody's street, no telephone" sh -c '! grep -rEi "zebulon|quagmire|4711|\(471|471.0143" "$1"' sh "$tmp/packet"
code "the clean page" 0 "$pp" snapshot --output "$tmp/snap" "$tmp/case/page/weekly.html"
check "nor in the clean page" sh -c '! grep -Ei "zebulon|quagmire|4711" "$1"' sh "$tmp/snap/campaign.html"
# Where To has no name the local part tells it; a word that the mail has in small letters is none.
for who in "zebulon77|Zebulon's weekly offer|[name]'s weekly offer" "z.quagmire|The Quagmire offer|The [name] offer" "garden|Garden and garden|Garden and garden"; do
  export LOCAL="${who%%|*}" SUBJECT="${who#*|}"
  SUBJECT=${SUBJECT%|*}
  planted "sample, $LOCAL in a subject" <<'PY'
from lib import *
write_log(fresh() + log_lines(KNOWN, "550 5.7.1 [CS02] Message rejected due to local policy."))
path = TMP + "/case/delivered/newsletter.eml"
mail = open(path).read().replace("Jo Reader <", "<").replace("test.person0180", os.environ["LOCAL"])
mail = re.sub(r"^Subject: .*$", "Subject: " + os.environ["SUBJECT"], mail, count=1, flags=re.M)
open(path, "w").write(mail)
case(lambda c: None)
PY
  check "the subject of $LOCAL" grep -qFx "Subject: ${who##*|}" "$tmp/packet/parts/delivered-headers.txt"
done
# A local part may be written with any sign for its own, and in an escape of the log.
planted "a local part, alone and with other signs" <<'PY'
from lib import *
reply = "550 5.7.1 [CS02] Message rejected for zebulon-quagmire, ZEBULON_QUAGMIRE and <zebul\\xF3n.quagmire@icloud.com>."
write_log(fresh() + log_lines("zebulon.quagmire@icloud.com", reply).replace(b"<m9999.", b"<zebulon_quagmire.m9999."))
case(lambda c: None)
PY
check "it is nowhere" sh -c '! grep -rEiq "zebul|quagmire" "$1"' sh "$tmp/packet"
# Nor where a reply leaves out its signs, or its end.
for who in "zebulonquagmire" "zebulon.quag..." "zebul***@icloud.com"; do
  export WHO="$who"
  planted "a local part as $who" <<'PY'
from lib import *
reply = f"550 5.7.1 [CS02] Message rejected for {os.environ['WHO']} due to policy."
write_log(fresh() + log_lines("zebulon.quagmire7@icloud.com", reply))
case(lambda c: None)
PY
  check "not as $who" sh -c '! grep -rEiq "zebul|quag" "$1"' sh "$tmp/packet"
done
# A forum calls its readers as their mailboxes are called; "garden" in small letters is a word.
for who in "quillz77|quillz77 wrote" "quillzebu|quillzebu, soup" "zebu.quillz77|zebu.quillz77 wrote"; do
  export LOCAL="${who%|*}" SUBJECT="${who#*|}"
  planted "a reader who is called $LOCAL" <<'PY'
from lib import *
write_log(fresh() + log_lines(KNOWN, "550 5.7.1 [CS02] Message rejected due to local policy."))
path = TMP + "/case/delivered/newsletter.eml"
mail = open(path).read().replace("Jo Reader <", "<").replace("test.person0180", os.environ["LOCAL"])
mail = re.sub(r"^Subject: .*$", "Subject: " + os.environ["SUBJECT"], mail, count=1, flags=re.M)
open(path, "w").write(mail.replace("Good morning Jo Reader,", "Hi " + os.environ["LOCAL"] + ","))
case(lambda c: None)
PY
  check "$LOCAL is nowhere" sh -c '! grep -rEiq "quillz|zebu" "$1"' sh "$tmp/packet"
done
planted "the page: links without a scheme, addresses below a name, codes" <<'PY'
from lib import *
write_log(fresh() + log_lines(KNOWN, "550 5.7.1 [CS02] Message rejected due to local policy."))
path = TMP + "/case/delivered/newsletter.eml"
mail = open(path).read()
mail = re.sub(r"^To: .*$", f"To: Zebulon Quagmire <{KNOWN}>", mail, count=1, flags=re.M)
mail = re.sub(r"^Subject: .*$", "Subject: Your booking reference is QXZRTW, QZEBULON20", mail, count=1, flags=re.M)
open(path, "w").write(mail)
path = TMP + "/case/page/weekly.html"
page = open(path).read()
open(path, "w").write(page.replace("<h1>", "<p>www.example.com/u/zebulon?city=Moorgate and zebulon.example.com</p>"
    "<h3>Shipping Info</h3><p>Zebulon Quagmire<br>12 Larkspur Lane<br>Moorgate</p><div>Zebulon Quagmire</div><div>13 Larkspur Lane</div>"
    "<p>Sent to Zebulon Quagmire, 14 Larkspur Lane, Moorgate.</p><p>ZEBULON20</p><p>Bold 𝐙𝐞𝐛𝐮𝐥𝐨𝐧 𝐐𝐮𝐚𝐠𝐦𝐢𝐫𝐞</p><div>PNR</div><div>QXZRTW</div><h1>"))
case(lambda c: None)
PY
check "nor in bold letters" grep -qx "Bold \[name\]" "$tmp/packet/parts/campaign.txt"
check "nobody's host, street or code" sh -c '! grep -rEi "zebulon|quagmire|larkspur|moorgate|QXZRTW" "$1"' sh "$tmp/packet"
check "the subject says so" grep -qFx "Subject: Your booking reference is [number], [name]" "$tmp/packet/parts/delivered-headers.txt"
check "the sender's address is the postal one" grep -q '^Postal address *Example Company, 1 Sample Street' "$tmp/packet/parts/campaign.txt"
# A name may be written with any sign between its words; where it is the sender's own it is no reader's.
planted "sample, a name in parts" <<'PY'
from lib import *
write_log(fresh() + log_lines(KNOWN, "550 5.7.1 [CS02] Message rejected due to local policy."))
path = TMP + "/case/delivered/newsletter.eml"
mail = open(path).read()
mail = re.sub(r"^To: .*$", f"To: Zebulon Quagmire <{KNOWN}>", mail, count=1, flags=re.M)
mail = re.sub(r"^X-Apple-Action: .*$", "X-Apple-Action: MOVE/Zebulon/Quagmire", mail, count=1, flags=re.M)
mail = re.sub(r"^X-Apple-MoveToFolder: .*$", "X-Apple-MoveToFolder: ZebulonQuagmire", mail, count=1, flags=re.M)
mail = re.sub(r"^Message-ID: <", "Message-ID: <zebulon.", mail, count=1, flags=re.M)
open(path, "w").write(mail)
case(lambda c: None)
PY
check "in no part" sh -c '! grep -rEiq "zebulon|quagmire" "$1"' sh "$tmp/packet"
for to in "Weber Anna|anna.weber@news" "iCloud Mail|weekly@news" "News Example|weekly@news" "Anna Weber|weekly@news"; do
  export NAME="${to%|*}" FROM="${to#*|}"
  planted "a mailbox of the sender's own, $NAME, $FROM" <<'PY'
from lib import *
write_log(fresh() + log_lines(KNOWN, "550 5.7.1 [CS02] Message rejected due to local policy."))
path = TMP + "/case/delivered/newsletter.eml"
mail = open(path).read()
mail = re.sub(r"^To: .*$", f"To: {os.environ['NAME']} <{KNOWN}>", mail, count=1, flags=re.M)
mail = mail.replace("weekly@news", os.environ["FROM"])
open(path, "w").write(mail)
case(lambda c: c["company"].update(name="Anna Weber Consulting"))
PY
done
# Nor does a reply that names its own recipient without an address, by a word or by his domain's label; the word of a reply stays.
planted "a local part that is a plain word, in a reply" <<'PY'
from lib import *
write_log(fresh() + log_lines("marlene@icloud.com", "550 5.7.1 [CS02] marlene: mailbox /var/mail/marlene?u=marlene is refused")
    + log_lines("j.quist@icloud.com", "550 5.7.1 [CS02] Rejected for J Quist, due to local policy")
    + log_lines("ann.quist@icloud.com", "550 5.7.1 [CS02] Rejected for Ann Quist")
    + log_lines("local.policy@icloud.com", "550 5.7.1 [CS02] Message rejected due to local policy, indeed.")
    + log_lines("h.quistelz7@icloud.com", "550 5.7.1 [CS02] Mrs Quistelz does not want this")
    + log_lines("zo@quagmire.example.net", "550 5.7.1 [CS02] Nobody at QUAGMIRE reads this"))
case(lambda c: None)
PY
check "it is nowhere" sh -c '! grep -rEi "marlene|ann.quist|quistelz|quagmire" "$1"' sh "$tmp/packet"
check "a word of replies stays" grep -q 'due to local policy, indeed' "$tmp/packet/parts/apple-smtp-errors.txt"
# Whoever takes a name for each shop has addresses that say what every packet does: apple.com@…, and no build ends for it.
planted "local parts that stand in each packet" <<'PY'
from lib import *
fresh()
inputs = " ".join(open(TMP + "/case/" + f).read() for f in ("case.json", "suppression.csv", "delivered/newsletter.eml")).lower()
words = {"apple.com", "icloud.com", "mail.icloud.com", "2026-12-31", "192.0.2.10", "custom-1", "moc.duolci", "vpybhq.pbz", "year_end"}
for folder, _, names in os.walk(TMP + "/plain"):
    for name in names:
        text = name.lower() + " " + open(os.path.join(folder, name), errors="replace").read().lower()
        for word in re.findall(r"[a-z]{2,14}(?:[._-][a-z]{2,14})+", text) if not name.endswith("png") else [name]:
            parts = re.split("[._-]", word)
            if all(re.search("[aeiouy]", p) or p in ("txt", "png", "csv", "html", "md", "eml") for p in parts) and word not in inputs:
                words.add(word)
assert len(words) > 100, len(words)
write_log(fresh() + b"".join(log_lines(w + "@quagmire.example.net", "550 5.7.1 [CS02] Message rejected due to local policy.")
                             .replace(b"4F00DB12AA7", b"4F%05X" % n).replace(b"m9999", b"m9999%d" % n) for n, w in enumerate(sorted(words))))
case(lambda c: None)
PY
# Where no name stands before the sign nobody is meant, and none is made by where a line ends.
planted "domains and nobody at them" <<'PY'
from lib import *
write_log(fresh())
path = TMP + "/case/page/weekly.html"
page = re.sub("<title>.*?</title>", "", open(path).read(), flags=re.S)
open(path, "w").write(re.sub("<body[^>]*>", lambda m: m.group(0) + "<p>@icloud.com, *@me.com and \u201c@mac.com\u201d are Apple's</p>", page, count=1))
text = "Since the early morning of 31 December your servers refuse much of our mail"
case(lambda c: c["incident"].update(description=text + " to @icloud.com, and most to *@icloud.com, \u2026@me.com, \u201c@mac.com\u201d, all of <user>@icloud.com."))
PY
check "the description stands there" sh -c 'tr -d "\r\n" <"$1" | grep -qF "to @icloud.com"' sh "$tmp/packet/request.eml"
# A bounce has the name in what it returns; "Valued Customer" is everybody's.
export TO=''
for TO in '"Quagmire, Marlene" <jq77@icloud.com>' '=?utf-8?Q?Marl=C3=A9ne_?= =?utf-8?B?UXVhZ21pcmU=?=\n <jq77@icloud.com>' \
  'jq77@icloud.com (Marlene Quagmire)' 'Weekly Readers: Otto <o@me.com>, Marlene Quagmire <jq77@icloud.com>;'; do
  planted "a bounce to $TO" <<'PY'
from lib import *
write_log(fresh())
os.mkdir(TMP + "/case/bounces")
def bounce(n, to, who):
    reply = "550 5.7.1 [CS02] Message for Mrs Quagmire (Marlene Quagmire) is refused, valued customer"
    open(f"{TMP}/case/bounces/{n}.eml", "w").write(f"""Return-Path: <>
From: MAILER-DAEMON@mail1.example.com
To: bounce-y{n}@news.example.com
Date: Fri, 01 Jan 2027 17:5{n}:10 +0000
Auto-Submitted: auto-replied
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status; boundary=bb

--bb

This is the mail system.
--bb
Content-Type: message/delivery-status

Reporting-MTA: dns; mail1.example.com

Final-Recipient: rfc822; {who}
Action: failed
Status: 5.7.1
Remote-MTA: dns; mx01.mail.icloud.com
Diagnostic-Code: smtp; {reply}
Last-Attempt-Date: Fri, 01 Jan 2027 17:5{n}:05 +0000

--bb
Content-Type: text/rfc822-headers

From: Example Weekly <weekly@news.example.com>
To: {to}
Message-ID: <n{n}.00c0ffee@mail1.example.com>
--bb--
""")
bounce(0, os.environ["TO"].replace("\\n", "\n"), "jq77@icloud.com")
for n in range(1, 4):
    bounce(n, f"Valued Customer <valued{n}@icloud.com>", f"valued{n}@icloud.com")
path = TMP + "/case/delivered/newsletter.eml"
mail = open(path).read()
mail = re.sub(r"^Subject: .*$", "Subject: What Marlene Quagmire reads, our valued customer", mail, count=1, flags=re.M)
open(path, "w").write(mail)
case(lambda c: c["evidence"].update(bounces=["bounces"]))
PY
  check "she is nowhere" sh -c '! grep -rEi "marl.{1,2}ne|quagmire" "$1"' sh "$tmp/packet"
  check "everybody is" grep -q '^Subject: What \[name\] reads, our valued customer$' "$tmp/packet/parts/delivered-headers.txt"
  "$pp" scan --json "$tmp/case/bounces" >"$tmp/scanned" 2>&1 || :
  check "nor in what scan shows" sh -c '! grep -Eiq "marl.{1,2}ne|quagmire" "$1"' sh "$tmp/scanned"
done
# Nor is who is named in a message that a session shows.
planted "a recorded session to her" <<'PY'
from lib import *
write_log(fresh())
open(TMP + "/case/session.txt", "w").write("""=== Trying mx01.mail.icloud.com:25...
=== Connected to mx01.mail.icloud.com.
<-  220 iCloud.com ESMTP - mx01.mail.icloud.com ready
 -> EHLO mta1.example.com
<-  250 mx01.mail.icloud.com
 -> AUTH PLAIN AG1hcmxlbmUAaHVudGVyMg==
<-  235 2.7.0 marlene is known
 -> MAIL FROM:<bounce-t1@news.example.com>
<-  250 2.1.0 Ok
 -> RCPT TO:<jq77@icloud.com>
<-  250 2.1.5 Ok jq77
 -> DATA
<-  354 End data with <CR><LF>.<CR><LF>
 -> Date: Fri, 01 Jan 2027 17:30:00 +0000
 -> To: Marlene Quagmire <jq77@icloud.com>
 -> From: weekly@news.example.com
 -> Subject: Marlene
 -> Message-Id: <20270101173000.012345@mta1.example.com>
 ->
 -> Hi Marlene
 -> .
<** 550 5.7.1 [CS02] Message rejected due to local policy, for Mrs Quagmire (jq77).
 -> QUIT
<-  221 2.0.0 Bye
=== Connection closed with remote host.
""")
case(lambda c: c["evidence"].update(transcripts=["session.txt"]))
PY
check "she is nowhere" sh -c '! grep -rEi "marlene|quagmire|jq77|hunter2|AG1hcm" "$1"' sh "$tmp/packet"
check "the answer is there" grep -q 'local policy, for Mrs \[removed\] (\[removed\])' "$tmp/packet/parts/apple-smtp-errors.txt"
# A test mailbox is often the sender's own address with a tag; what the case states stands all the same.
planted "the contact's own address with a tag" <<'PY'
from lib import *
write_log(fresh() + log_lines("postmaster+probe@example.com", "550 5.7.1 [CS02] Message rejected due to local policy."))
path = TMP + "/case/delivered/newsletter.eml"
mail = open(path).read()
mail = mail.replace("\nMIME-Version:", "\nCc: weekly+probe@news.example.com\nMIME-Version:", 1)
open(path, "w").write(mail)
case(lambda c: None)
PY
check "the tag is nowhere" sh -c '! grep -rqi "probe@" "$1"' sh "$tmp/packet"
check "the addresses are" sh -c 'grep -q "postmaster@example.com" "$1" && grep -q "^From: .*<weekly@news.example.com>" "$2"' sh "$tmp/packet/request.eml" "$tmp/packet/parts/delivered-headers.txt"
# A family's domain names it without a local part, too.
planted "a recipient's own domain" <<'PY'
from lib import *
who = "zoe@quagmire-family.example.net"
write_log(fresh() + log_lines(who, "550 5.7.1 [CS02] Mail for quagmire-family.example.net is refused, see mx.Quagmire-Family.example.net"))
path = TMP + "/case/delivered/newsletter.eml"
mail = open(path).read()
mail = mail.replace("\nMIME-Version:", "\nDelivered-To: jo@quagmire-family.example.org\nAuthentication-Results: mx.quagmire-family.example.org; spf=pass\n"
                    "ARC-Seal: i=1; a=rsa-sha256; d=quagmire-family.example.org; s=x; cv=none; b=abc\nMIME-Version:", 1)
open(path, "w").write(mail)
case(lambda c: None)
PY
check "it is nowhere" sh -c '! grep -rqi "quagmire" "$1"' sh "$tmp/packet"
check "the reply stands there with its number" grep -q 'Mail for \[custom-[0-9]*\] is refused, see mx\.\[custom-' "$tmp/packet/parts/apple-smtp-errors.txt"

printf 'Return-Path: <b@news.example.com>\nFrom: Weekly <weekly@news.example.com>\nTo: zoe@quagmire-family.example.org\nSubject: %s\nMessage-ID: <1@mta1.example.com>\n\na\n' \
  "Your domain quagmire-family.example.org" >"$tmp/domain.eml"
code "headers of mail to it" 0 "$pp" headers --key "$TOP_SRCDIR/samples/outage/key" "$tmp/domain.eml"
check "do not tell it" sh -c '! grep -qi "quagmire" "$1" && grep -q "Subject: Your domain \[custom-" "$1"' sh "$tmp/out"

# A Message-ID that holds its reader is not shown: another mail is, and where there is none Apple's own ids have to do.
cat >"$tmp/hashed.py" <<'PY'
from lib import *
def hash_ids(raw, which):
    """The id of each mail of `which` status is made of its recipient's hash."""
    of = {m[1]: m[2].lower() for m in re.finditer(rb" ([0-9A-Za-z]+): to=<([^<>]+)>,[^\n]*status=" + which, raw)}
    assert len(of) > 60
    return re.sub(rb": ([0-9A-Za-z]+): message-id=<m", lambda m: m[0] if m[1] not in of else
                  b": %s: message-id=<%s.m" % (m[1], hashlib.sha1(of[m[1]]).hexdigest().encode()), raw)
PY
planted "Message-IDs of accepted mail that hold its reader" <<'PY'
from hashed import *
write_log(hash_ids(fresh(), b"sent"))
case(lambda c: None)
PY
check "accepted mail stands there by Apple's queue id" sh -c 'grep -A4 "ACCEPTED, same stream" "$1" | grep -q "queued as" && ! grep -A4 "ACCEPTED, same stream" "$1" | grep -q Message-ID' sh "$tmp/packet/parts/apple-smtp-errors.txt"
check "refused mail by its Message-ID" grep -q 'Message-ID  <m' "$tmp/packet/parts/apple-smtp-errors.txt"
planted "sender and Message-ID with a word of their reader, another's digest" <<'PY'
from lib import *
raw = fresh()
def own(i, sender, message_id):
    who = b"zebulon%s.quagm%sre@icloud.com" % ((b"abcdefgh"[i:i + 1],) * 2)
    lines = log_lines(who.decode(), "550 5.7.1 [CS02] Message rejected due to local policy.").replace(b"4F00DB12AA7", b"4F00DB12A%02d" % i)
    lines = re.sub(rb"message-id=<[^>]*>", b"message-id=<%s@mail1.example.com>" % message_id(who), lines)
    return re.sub(rb"from=<[^>]*>", b"from=<bounce-n12%s@news.example.com>" % sender(who), lines)
last = lambda who: who.split(b"@")[0].split(b".")[1]
raw += b"".join(own(i, lambda who: b"-" + last(who), lambda who: b"m%d.1" % i) for i in range(4))
raw += b"".join(own(i, lambda who: b"", lambda who: b"z%s.%d" % (last(who), i)) for i in range(4, 6))
raw += b"".join(own(i, lambda who: b"", lambda who: hashlib.sha224(who.split(b"@")[0]).hexdigest().encode()) for i in range(6, 8))
open(TMP + "/sums", "w").write("\n".join(hashlib.sha224(b"zebulon%c.quagm%cre" % (c, c)).hexdigest() for c in b"gh"))
write_log(raw)
case(lambda c: None)
PY
check "they are nowhere" sh -c '! grep -rEiq "zebul|quagm" "$1" && ! grep -rqf "$2" "$1"' sh "$tmp/packet" "$tmp/sums"
check "the sender stands there without the word" grep -q 'bounce-n12-\[verp-' "$tmp/packet/parts/apple-smtp-errors.txt"
# The same in another alphabet; and forms of an address that the redactor and the verifier judge alike.
planted "sender and Message-ID with a word of their reader, in other letters" <<'PY'
from lib import *
raw = fresh()
def shown(i, sender="bounce-n12", message_id="m9999.00c0ffee"):
    lines = log_lines("zebulon%c.quagmire@icloud.com" % "abcdefghijkl"[i], "550 5.7.1 [CS02] Message rejected due to local policy.")
    lines = lines.replace(b"4F00DB12AA7", b"4F00DB12B%02d" % i).replace(b"Jan 01 17:40:0", b"Jan 01 17:4%d:0" % (i % 10))
    lines = re.sub(rb"message-id=<[^>]*>", b"message-id=<%s@mail1.example.com>" % message_id.encode(), lines)
    return re.sub(rb"from=<[^>]*>", b"from=<%s@news.example.com>" % sender.encode(), lines)
moved = lambda text, by: "".join(chr((ord(c) - 97 + by) % 26 + 97) if c.isalpha() else c for c in text)
words = [moved("quagmire", by) for by in (13, 1, 3, 25)] + ["".join(chr(219 - ord(c)) for c in "quagmire"), "quagmire"[::-1]]
for i, word in enumerate(words):
    raw += shown(2 * i, sender="b-n12-" + word) + shown(2 * i + 1, message_id="471188" + word + ".7")
write_log(raw + shown(0, message_id="4711188%s=vpybhq.pbz" % moved("zebulona.quagmire", 13)).replace(b"B00", b"C00")
    + shown(1, sender="news-icloud.com", message_id="news-icloud.com.7").replace(b"B01", b"C01")
    + shown(2, message_id="4711=ab.example").replace(b"B02", b"C02"))
open(TMP + "/words", "w").write("\n".join(words + ["4711=ab", "news-icloud"]) + "\n")
case(lambda c: None)
PY
check "in none of them" sh -c '! grep -rqiFf "$2" "$1"' sh "$tmp/packet" "$tmp/words"
planted "Message-IDs with a plain local part of their reader" <<'PY'
from lib import *
raw = fresh()
for i, who in enumerate(("nino@icloud.com", "theodora@me.com", "471188930@mac.com", "quyn+shop@icloud.com", "quagmirebeer@me.com", "o'quad.riga@me.com")):
    lines = log_lines(who, "550 5.7.1 [CS02] Message rejected due to local policy.")
    lines = lines.replace(b"4F00DB12AA7", b"4F00DB12D%02d" % i).replace(b"Jan 01 17:40:0", b"Jan 01 17:4%d:0" % i)
    lines = re.sub(rb"from=<[^>]*>", b"from=<bounce-n12@news.example.com>", lines)
    raw += re.sub(rb"message-id=<[^>]*>", b"message-id=<7.%s@mail1.example.com>" % re.sub(r"[.']|[@+].*|beer.*", "", who).encode(), lines)
write_log(raw)
case(lambda c: None)
PY
check "they are nowhere" sh -c '! grep -rEiqw "nino|theodora|471188930|quyn|quagmire|oquadriga" "$1"' sh "$tmp/packet"
planted "Message-IDs that all hold their reader" <<'PY'
from hashed import *
n = 0
def txn(m):
    global n
    n += 1
    return m[0] + b" Txn ID %08x-0000-4000-8000-000000000000" % n
raw = re.sub(rb"due to local policy\.", txn, hash_ids(fresh(), b"[bs]"))
assert n > 30
write_log(raw)
case(lambda c: None)
PY
check "refused mail stands there by its Txn ID alone" sh -c 'sed -n "/==  1  =/,/ACCEPTED/p" "$1" >"$2" && grep -q "Txn ID      0000" "$2" && ! grep "Message-ID" "$2"' sh "$tmp/packet/parts/apple-smtp-errors.txt" "$tmp/group"
# What names the reader in List-Unsubscribe does so in a Message-ID; a campaign's number there does not.
planted "sample, its token elsewhere" <<'PY'
from lib import *
raw = fresh() + log_lines(KNOWN, "550 5.7.1 [CS02] Message rejected due to local policy.")
raw = re.sub(rb"message-id=<m", b"message-id=<c8821734.m", raw)
write_log(raw)
path = TMP + "/case/delivered/newsletter.eml"
mail = open(path).read()
mail = mail.replace("/u/w53-", "/u/c8821734/w53-").replace("_weekly_53", "_9Qk2Lr7VtXe4")
mail = re.sub(r"^Message-ID: .*$", "Message-ID: <c8821734.9Qk2Lr7VtXe4@mail1.example.com>", mail, count=1, flags=re.M)
open(path, "w").write(mail)
case(lambda c: None)
PY
check "the token is nowhere" sh -c '! grep -rqi "9Qk2Lr7VtXe4" "$1"' sh "$tmp/packet"
check "refused mail is traced by ids with the campaign's number" grep -q 'Message-ID  <c8821734\.m' "$tmp/packet/parts/apple-smtp-errors.txt"
planted "the page: text, link, encoded" <<'PY'
from lib import *
write_log(fresh() + log_lines(KNOWN, "550 5.7.1 [CS02] Message rejected due to local policy."))
path = TMP + "/case/page/weekly.html"
page = open(path).read()
b64 = base64.urlsafe_b64encode(KNOWN.encode()).decode()
page = page.replace("<h1>", f"<p>Dear Zoe, this went to {KNOWN} and {OTHER.replace('@', '&#64;')}.</p>"
    f'<a href="https://www.example.com/?e={urllib.parse.quote(KNOWN)}">one</a> <a href="https://www.example.com/u/{b64}">{OTHER}</a>'
    f'<a href="mailto:{OTHER}">mail</a> <img src="https://img.news.example.com/{hashlib.sha256(KNOWN.encode()).hexdigest()}.gif" alt="{KNOWN}"><h1>')
open(path, "w").write(page)
case(lambda c: None)
PY

# Planted in what the sender states: nothing is written, place and rule are named, the value is not.
stated () { # NAME PATH: python statements that change c, on standard input
  rm -rf "$tmp/packet"
  { echo 'from lib import *'; echo 'write_log(fresh())'; echo 'def change(c):'; sed 's/^/    /'; echo 'case(change)'; } | python3 -
  code "$1: refused" 3 build "$tmp/packet" "$tmp/case/case.json"
  check "$1: place and rule are named" grep -Eq "$2.*: rule [a-z-]+" "$tmp/err"
  check "$1: the value is not" sh -c '! grep -Eiq "xaver|unknown@|zoe|planted" "$1" "$2"' sh "$tmp/err" "$tmp/out"
  check "$1: nothing was written" sh -c '[ ! -e "$1" ] && [ -z "$(ls -A "$2" | grep -v "^\.out$" | grep "^\.")" ]' sh "$tmp/packet" "$tmp"
}
stated "consent" '\$\.streams\[0\]\.consent\.source' <<'PY'
c["streams"][0]["consent"]["source"] = f"Readers such as {OTHER} asked for it."
PY
stated "consent policy" '\$\.streams\[0\]\.consent\.policy' <<'PY'
c["streams"][0]["consent"]["policy"] = "We keep " + base64.b64encode(OTHER.encode()).decode() + " as proof."
PY
stated "description" '\$\.incident\.description' <<'PY'
c["incident"]["description"] += f" The reader {OTHER} told us so."
PY
stated "description, in words" '\$\.incident\.description' <<'PY'
c["incident"]["description"] += " The reader " + OTHER.replace("@", " at ") + " told us so."
PY
rm -rf "$tmp/packet"
python3 - <<'PY'
from lib import *
write_log(fresh())
def change(c):
    c["incident"]["description"] += (" Mail to readers @icloud.com and @me.com is refused, 18 users at icloud.com wait, e.g. at mac.com. "
        "Mail of news.example.com at icloud.com has 5.7.1 at icloud.com, [CS02] at me.com; B2B at icloud.com, v2.1 at me.com.")
case(change)
PY
code "words before Apple's domains name nobody" 1 build "$tmp/packet" "$tmp/case/case.json"
stated "description, VERP of a suppressed reader" '\$\.incident\.description' <<'PY'
with open(TMP + "/case/suppression.csv") as f:
    address = next(csv.DictReader(f))["address"]
c["incident"]["description"] += " See bounce-" + address.replace("@", "=") + "@news.example.com."
PY
stated "company" '\$\.company\.name' <<'PY'
c["company"]["name"] = f"Example {OTHER} Company"
PY
stated "brand" '\$\.(streams\[0\]|company)\.brand' <<'PY'
c["company"]["brand"] = c["streams"][0]["brand"] = f"Example Weekly {OTHER}"  # another name than the sample's is left out
PY
stated "change" '\$\.incident\.changes\[0\]\.what' <<'PY'
c["incident"]["changes"][0]["what"] = f"We added {OTHER} to the list."
PY
stated "remediation" '\$\.incident\.remediation\[1\]\.what' <<'PY'
c["incident"]["remediation"][1]["what"] = "Suppressed " + hashlib.sha256(b"x").hexdigest()[:0] + OTHER
PY
stated "contact's hours" '\$\.contact\.hours' <<'PY'
c["contact"]["hours"] = f"or ask {OTHER}"
PY
stated "stream name" '\$\.streams\[0\]\.name' <<'PY'
c["streams"][0]["name"] = OTHER
for ip in c["sending_ips"]:
    ip.pop("streams")
PY
stated "subject token" '\$\.request\.subject_token' <<'PY'
c["request"]["subject_token"] = f"[{OTHER}]"
PY
stated "name of the case" 'case\.json: \$\.case' <<'PY'
c["case"] = "for-test.person0180"
PY
stated "view-in-browser address" '\$\.evidence\.page\.url' <<'PY'
c["evidence"]["page"]["url"] = f"https://www.example.com/weekly?e={urllib.parse.quote(OTHER)}"
PY
stated "the name of an input, which the manifest lists" 'the name of an input file' <<'PY'
os.rename(TMP + "/case/delivered/newsletter.eml", f"{TMP}/case/delivered/{OTHER}.eml")
c["evidence"]["delivered"] = [f"delivered/{OTHER}.eml"]
PY

# Senders that differ by a small number: where each has a recipient of its own it is that reader's.
numbered () { # NAME kept|gone FORMAT PATTERN: eight refusals, each with a sender made of FORMAT
  rm -rf "$tmp/packet"
  FORM=$3 python3 - <<'PY'
from lib import *
def lines(i):
    who = f"reader{chr(97 + i)}@icloud.com"
    text = log_lines(who, "550 5.7.1 [CS02] Message rejected due to local policy.")
    sender = os.environ["FORM"] % (i % 2 if "server" in os.environ["FORM"] else 1200 + 7 * i)
    text = text.replace(f"bounce-{who.replace('@', '=')}@".encode(), (sender + "@").encode())
    assert (sender + "@").encode() in text
    return text.replace(b"4F00DB12AA7", f"4F00DB12AA{i}".encode()).replace(b"m9999.", f"m999{i}.".encode())
write_log(fresh() + b"".join(lines(i) for i in range(8)))
case(lambda c: None)
PY
  code "$1" 1 build "$tmp/packet" "$tmp/case/case.json"
  check "$1: $2" sh -c 'found=$(cat "$1"/parts/*.txt "$1"/ticket/* | grep -Ec "$2"); case $3 in kept) [ "$found" -gt 0 ] ;; *) [ "$found" -eq 0 ] ;; esac' sh "$tmp/packet" "$4" "$2"
}
numbered "a number of each reader" gone "kd%d" "kd1[0-9]{3}@"
numbered "and alone behind a word" gone "bounce-%d" "bounce-1[0-9]{3}@"
numbered "a number of each server" kept "server%d-news" "server[01]-news@"

# A name in the sender's own words that an address may be made of: a person has to say who is meant.
described () { # NAME EXPECTED TEXT
  rm -rf "$tmp/packet"
  TEXT=$3 python3 - <<'PY'
from lib import *
write_log(fresh() + log_lines(KNOWN, "550 5.7.1 [CS02] Message rejected due to local policy.")
          + log_lines("quillfeather_ann77@me.com", "550 5.7.1 [CS02] Message rejected due to local policy."))
case(lambda c: c["incident"].update(description=c["incident"]["description"] + " " + os.environ["TEXT"]))
PY
  code "$1" 1 build "$tmp/packet" "$tmp/case/case.json"
  check "$1: $2" python3 -c 'import json, sys
found = [f["text"] for f in json.load(open(sys.argv[1] + "/packet.json"))["findings"] if f["id"] == "stated-name"]
assert len(found) == int(sys.argv[2]) and not any("lanted" in f or "feather" in f for f in found), found' "$tmp/packet" "$2"
}
described "a recipient's name in the description" 1 "Zoe Planted called us on Monday."
described "the last name first, of an address with a number" 1 "We spoke with Quillfeather, Ann."
described "with a middle name" 1 "We spoke with Ann B. Quillfeather of Townsville."
described "half a name, and words of no name" 0 "Mrs. Quillfeather was planted. Zoe is asleep, as planted zoe, on Black Friday in New York."
described "the contact's own" 0 "Dana Sample reads the answers."

# CR or LF in a value adds no header.
for key in company.name company.brand contact.name contact.hours request.subject_token incident.description; do
  for end in CRLF LF CR; do
    rm -rf "$tmp/packet"
    KEY=$key END=$end python3 - <<'PY'
from lib import *
write_log(fresh())
end = os.environ["END"].replace("CR", "\r").replace("LF", "\n")
def change(c):
    group, key = os.environ["KEY"].split(".")
    c[group][key] = (c[group].get(key) or "T1") + end + "Bcc: evil@example.net" + end
case(change)
PY
    set +e; build "$tmp/packet" "$tmp/case/case.json" >"$tmp/out" 2>"$tmp/err"; got=$?; set -e
    check "$key with $end: refused, or no header of it" python3 - "$got" "$tmp/packet/request.eml" "$tmp/err" <<'PY'
import email, os, sys
got, path, err = int(sys.argv[1]), sys.argv[2], open(sys.argv[3]).read()
if os.path.exists(path):
    m = email.message_from_binary_file(open(path, "rb"))
    assert got in (0, 1) and "bcc" not in [k.lower() for p in m.walk() for k in p.keys()]
else:
    assert got in (3, 65) and "case.json:" in err or "rule" in err, (got, err)
PY
  done
done

# The digits of an id and a time, 14:14:45, open to "rc=" and nothing behind it under the key of Apple's own header.
written () { # ROW: verified
  printf 'From: a@example.com\r\nTo: icloudadmin@apple.com\r\nSubject: x\r\nMIME-Version: 1.0\r\nContent-Type: text/csv\r\n\r\nid,time,label\r\n%s\r\n' \
    "$1" >"$tmp/row.eml"
  "$pp" verify "$tmp/row.eml"
}
code "a row with a time" 0 written 'sg-4F00004C59,2026-03-28 14:14:45,blocked'
code "what the header says of its reader" 3 written 'sg-071a5b46435d445f1f57141219545310,2026-03-28 14:14:45,blocked'
finish
