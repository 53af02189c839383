#!/bin/sh
# Each finding by the smallest change of a case that is in order: this one is found, and no other; what stops the request says so.
. "$TOP_SRCDIR/tests/cli/lib.sh"
command -v python3 >/dev/null || skip "python3 is missing: it changes the case"
export SOURCE_DATE_EPOCH=1779307200 # 2026-05-20 20:00 UTC, six hours after the edition
cat >"$tmp/make.py" <<'PY'
import gzip, json, os, re, shutil, sys
base, out = sys.argv[1:]
rows = []

# Found in words of packet.json's findings, those that stop the request with a ! in front.
def finding(name, found, case=None, log=None, sample=None, files=None):
    folder = f"{out}/{len(rows):02}"
    shutil.copytree(base, folder)
    os.chmod(folder, 0o755)
    for f in os.listdir(folder):
        os.chmod(f"{folder}/{f}", 0o644)
    for f, change in (("maillog", log), ("delivered.eml", sample)):
        if change:
            text = open(f"{folder}/{f}").read()
            changed = change(text)
            assert changed != text, name
            open(f"{folder}/{f}", "w").write(changed)
    for f, text in (files or {}).items():
        open(f"{folder}/{f}", "wb").write(text.encode() if isinstance(text, str) else text)
    c = json.load(open(f"{folder}/case.json"))
    if case:
        case(c)
    json.dump(c, open(f"{folder}/case.json", "w"))
    rows.append(f"{len(rows):02}|{name}|{found}\n")

def put(path, value):
    def change(c):
        *keys, last = path.split(".")
        for k in keys:
            c = c[int(k) if k.isdigit() else k]
        c[int(last) if last.isdigit() else last] = value
    return change

def drop(path):
    def change(c):
        *keys, last = path.split(".")
        for k in keys:
            c = c[int(k) if k.isdigit() else k]
        del c[last]
    return change

def swap(a, b):
    return lambda text: text.replace(a, b)

def lines(keep):
    return lambda text: "".join(l for l in text.splitlines(True) if keep(l))

finding("the case as it is", "")
finding("another brand than the sample's From", "brand-differs", case=lambda c: (put("company.brand", "Quite Another")(c), put("company.name", "Quite Another Ltd")(c)))
finding("a change that is to come", "date-to-come", case=put("incident.changes", [{"date": "2026-06-30", "what": "We moved to another address."}]))
finding("another HELO than Apple saw", "helo-differs", case=put("sending_ips.0.helo", "mta9.example.com"))
finding("nothing of changes", "no-changes", case=drop("incident.changes"))
finding("nothing of consent", "no-consent", case=drop("streams.0.consent"))
def unsigned(t):
    return re.sub(r"List-Unsubscribe.*\n", "", t)

finding("marketing without List-Unsubscribe", "!no-unsubscribe", sample=unsigned)
finding("only a link on its page", "no-unsubscribe-header", sample=unsigned, case=put("evidence.page", {"html": "page.html"}), files={"page.html": "<p>The week. <a href='https://www.example.com/leave'>Unsubscribe</a></p>"})
def leaving(content, text):
    return lambda t: unsigned(t).partition("Content-Type")[0] + f"Content-Type: {content}; charset=utf-8\n\n{text}\n"
another = {"case": put("evidence.page", {"html": "page.html"}), "files": {"page.html": "<h1>The week</h1><p>Read on.</p>"}}
finding("another page than the mail's, which has a link", "no-unsubscribe-header", **another, sample=leaving("text/html",
        "<p>The week.</p><p><a href='https://www.example.com/l/7'>Abmelden</a></p>"))
finding("a plain mail with a link", "no-unsubscribe-header", **another, sample=leaving("text/plain", "The week.\n\nTo unsubscribe:\n\nhttps://www.example.com/l/7"))
finding("a plain mail with a link that says so", "no-unsubscribe-header", **another, sample=leaving("text/plain", "The week. Leave: https://www.example.com/optout/7"))
finding("a plain mail whose link leads elsewhere", "!no-unsubscribe", **another, sample=leaving("text/plain", "The week: how to unsubscribe from it all.\nIt ends.\nhttps://www.example.com/l/7"))
def by(said, some):
    return lambda t: re.sub(r"said: 5\d\d .*(?= \(in reply)", lambda m: "said: " + said if some(m.start()) else m[0], t)

dmarc = "554 5.7.1 Your message was rejected due to example.com's DMARC policy. See https://support.apple.com/en-us/HT204137 for info"
finding("half of it fails DMARC", "!auth-refused", log=by(dmarc, lambda at: at % 2))
finding("a little of it fails both", "auth-refused", log=by("554 5.7.1 [HME1] This message was blocked for failing both SPF and DKIM authentication checks.", lambda at: at % 7 == 0))
finding("an IP that only Apple names", "ip-not-listed sample-other-ip", case=put("sending_ips", ["192.0.2.10"]), log=by("550 5.7.1 [HCM2] Your mail from 192.0.2.77 was rejected. https://support.apple.com/en-us/HT204137", lambda at: at % 2))
finding("no refusal", "!no-refusals", log=lines(lambda l: "status=bounced" not in l))
finding("no accepted mail", "no-deliveries", log=lines(lambda l: "status=sent" not in l))
finding("let in by the reader's own list", "sample-allow-listed", sample=swap("X-Apple-MoveToFolder: INBOX\n", "X-Apple-MoveToFolder: INBOX\nX-ICLOUD-MAIL-BWL: 1\n"))
finding("a mail that another receiver took", "sample-elsewhere", sample=lambda t: t.replace("st43p00im-qukt05021701.me.com", "mx.example.net").replace("icloud.com", "example.net"))
finding("an IP of a service", "service-ip", sample=swap("(mta1.example.com [192.0.2.10])", "(A8-27.smtp-out.AmazonSES.com [192.0.2.10])"))
finding("an IP of a service that the case names", "", case=put("platform", {"name": "Amazon SES", "pool": "dedicated"}), sample=swap("(mta1.example.com [192.0.2.10])", "(a8-27.smtp-out.amazonses.com [192.0.2.10])"))
finding("an IP without a name", "!sample-no-ptr", sample=swap("(mta1.example.com [192.0.2.10])", "(unknown [192.0.2.10])"))
finding("an IP without a name, in another's mail", "sample-no-ptr sample-other-ip", sample=swap("(mta1.example.com [192.0.2.10])", "(unknown [192.0.2.77])"))
finding("no DMARC policy, as Apple saw it", "!sample-no-dmarc", sample=swap("dmarc=pass", "dmarc=none"))
finding("two From fields", "!sample-form", sample=swap("Subject:", "From: other@news.example.com\nSubject:"))
finding("a header that was not saved whole", "", sample=lambda t: re.sub(r"\nDate: [^\n]*", "", t, count=1))
finding("a header without Apple's results", "sample-no-results", sample=lambda t: re.sub(r"\nAuthentication-Results:[^\n]*(\n[ \t][^\n]*)*", "", t))
finding("a header that a line breaks off", "sample-broken", sample=swap("Content-Type:", "of a folded line\nMIME-Version: 1.0\nContent-Type:"))
finding("a sample of another IP", "sample-other-ip", sample=swap("[192.0.2.10]", "[192.0.2.77]"))
finding("a sample of another stream", "sample-other-stream no-sample", sample=lambda t: t.replace("news.example.com", "tx.example.com"))
finding("a stream that none of the logs' senders is of", "stream-not-found sample-other-stream no-sample",
        case=put("streams.0.match", {"return_path_domain": "nowhere.example.com"}), log=lambda t: re.sub(r"(<bounce-00[0-9][02468])@news", r"\1@tx", t))
def events(*ips):  # a service's, which name no sender
    return "".join(json.dumps({"email": f"reader{i:03}.invented@icloud.com", "timestamp": 1779256800 + 41 * i, "smtp-id": f"<{i:03}@mail1.example.com>", "ip": ips[i % len(ips)],
        "sg_event_id": f"e{i}", "sg_message_id": f"m{i}", **({"event": "bounce", "type": "blocked", "status": "5.7.1", "reason": "550 5.7.1 [CS02] Message rejected due to local policy."}
        if i % 2 and ips[i % len(ips)] == "192.0.2.10" else {"event": "delivered", "response": "250 2.0.0 Ok"})}) + "\n" for i in range(120))
finding("an export that names no sender", "", case=put("evidence.logs", ["events.json"]), files={"events.json": events("192.0.2.10")})
finding("the same, and mail of one more IP", "stream-not-found", case=put("evidence.logs", ["events.json"]), files={"events.json": events("192.0.2.10", "192.0.2.10", "192.0.2.20")})
def agencys(c):
    put("evidence.logs", ["events.json"])(c)
    c["company"]["role"] = "agency"
finding("the same of one IP, which may send for many", "stream-not-found", case=agencys, files={"events.json": events("192.0.2.10")})
finding("a start that the logs contradict", "start-differs", case=put("incident.started", "2026-05-20 12:00"))
finding("a reply that nobody knows", "!unknown-answer", log=lambda t: re.sub(r"said: 5\d\d .*\(in reply", "said: 550 5.9.9 [ZZ99] Something new. (in reply", t))
finding("Apple's own results say no", "!auth-fails !dmarc-fails", sample=lambda t: t.replace("dkim=pass", "dkim=fail").replace("spf=pass", "spf=fail").replace("dmarc=pass", "dmarc=fail"))
finding("no sample", "no-sample", case=put("evidence.delivered", []))
finding("a mailbox that is suppressed", "!suppressed-mailed", case=put("evidence.suppression", "list.csv"),
        files={"list.csv": "email,reason,date\n" + "".join(f"reader{i:03}.invented@icloud.com,unsubscribe,2026-05-01\n" for i in range(1, 2))})
finding("a log that breaks off", "read-in-part", case=put("evidence.logs", ["maillog.gz"]),
        files={"maillog.gz": gzip.compress(open(base + "/maillog", "rb").read(), mtime=0)[:-9]})
finding("an address that Apple does not know, and mail to it later", "unknown-mailed", log=lambda t: "".join(
    f"2026-05-1{d}T06:00:00+00:00 mail1 postfix/{what}\n" for d in (6, 9) for what in (
        f"qmgr[2]: 4E000{d}B12AA7: from=<bounce-0002@news.example.com>, size=4002, nrcpt=1 (queue active)",
        f"smtp[3]: 4E000{d}B12AA7: to=<gone.invented@icloud.com>, relay=mx01.mail.icloud.com[17.57.156.30]:25, delay=1, delays=0/0/0/1, dsn=5.1.1, status=bounced (host mx01.mail.icloud.com[17.57.156.30] said: 550 5.1.1 <gone.invented@icloud.com>: user does not exist (in reply to RCPT TO command))")) + t)
def resent(hours, again="4FAAAAB12AA7"):  # the first refused message, once more
    def change(t):
        qid = re.search(r"([0-9A-Z]+): to=.*status=bounced", t)[1]
        mail = [l for l in t.splitlines(True) if qid in l]
        at = int(mail[0][11:13]) + hours
        return t + "".join(f"{l[:11]}{at:02}{l[13:]}".replace(qid, again or qid) for l in mail)
    return change

none_again = put("incident.remediation", [{"date": "2026-05-19", "what": "No refused message was sent again."}])
finding("that nothing was sent again", "", case=none_again)
finding("the same, and it was", "!sent-again", case=none_again, log=resent(4))
finding("the same, told twice", "", case=none_again, log=resent(4, None))
finding("it was, on the day that is told", "", case=put("incident.remediation", [{"date": "2026-05-20", "what": "No refused message was sent again."}]), log=resent(4))
finding("it was, and something else is told", "", case=put("incident.remediation", [{"date": "2026-05-19", "what": "We sent again with another subject."}]), log=resent(4))
open(out + "/rows", "w").writelines(rows)
PY
mkdir "$tmp/made"
check "the cases are made" python3 "$tmp/make.py" "$TOP_SRCDIR/samples/cases/begins-inside" "$tmp/made"
found () {
  python3 -c '
import json, sys
base = set(sys.argv[2].split())
ids = [("!" if f["lacking"] else "") + f["id"] for f in json.load(open(sys.argv[1]))["findings"]]
print(" ".join(i for i in ids if i not in base))' "$tmp/packet/packet.json" "$1"
}
usual=
while IFS='|' read -r n name expected; do
  code "$name" 1 "$pp" build --quiet --force --output "$tmp/packet" "$tmp/made/$n/case.json"
  got=$(found "$usual")
  [ "$n" = 00 ] && usual=$got && got=
  sorted () { echo "$*" | tr ' ' '\n' | sort | tr '\n' ' '; }
  if [ "$(sorted $got)" = "$(sorted $expected)" ]; then ok "$name: ${expected:-none}"; else
    echo "# got '$got', wanted '$expected'"
    not_ok "$name: ${expected:-none}"
  fi
  case $expected in *!*) check "$name: no request" test ! -e "$tmp/packet/request.eml" ;; *) check "$name: a request" test -s "$tmp/packet/request.eml" ;; esac
done <"$tmp/made/rows"
finish
