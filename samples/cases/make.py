#!/usr/bin/env python3
"""Makes the folders beside it: a small case for each situation in which little can be claimed, or nothing asked.
make.py [FOLDER]: writes below FOLDER (default: here). No clock, no chance: the same bytes each time."""
import json
import os
import sys
from datetime import datetime, timedelta

OUT = sys.argv[1] if len(sys.argv) > 1 else os.path.dirname(os.path.abspath(__file__))
DOMAIN = "news.example.com"
POLICY = ("550 5.7.1 [CS02] Message rejected due to local policy. Please visit "
          "https://support.apple.com/en-us/HT204137. Txn ID 4f1d2c3b-0000-4000-8000-{:012d}")
MX = [("mx01.mail.icloud.com", "17.57.156.30"), ("mx02.mail.icloud.com", "17.42.251.62")]
READERS = ["icloud.com", "icloud.com", "me.com", "mac.com"]


class Log:
    """Lines as Postfix writes them: cleanup, qmgr, smtp, qmgr."""

    def __init__(self, yearless=False, transport="smtp", domain=DOMAIN):
        self.lines, self.n, self.yearless, self.transport, self.domain = [], 0, yearless, transport, domain

    def stamp(self, t):
        return t.strftime("%b %d %H:%M:%S") if self.yearless else t.strftime("%Y-%m-%dT%H:%M:%S.000000+00:00")

    def mail(self, t, answer, apple=True, stage="end of DATA", temporary=False):
        self.n += 1
        n, qid = self.n, f"4F{self.n:04X}B12AA7"
        to = f"reader{n:03d}.invented@{READERS[n % 4]}" if apple else f"reader{n:03d}@partner.example.org"
        host, ip = MX[n % 2] if apple else ("mx.partner.example.org", "203.0.113.25")
        if answer is None:
            result = f"dsn=2.0.0, status=sent (250 2.0.0 Ok: queued as 9A41{n:04X}E3B2)"
        else:
            answer = answer.format(n)
            dsn = "4.0.0" if temporary else answer.split()[1]
            result = f"dsn={dsn}, status={'deferred' if temporary else 'bounced'} (host {host}[{ip}] said: {answer} (in reply to {stage} command))"
        head = f" mail1 postfix/"
        for daemon, text in (
            ("cleanup[2001]", f"message-id=<{t:%y%m%d%H%M%S}.{n:05d}@mail1.example.com>"),
            ("qmgr[2002]", f"from=<bounce-{n:04d}@{self.domain}>, size={4000 + n}, nrcpt=1 (queue active)"),
            (f"{self.transport}[2003]", f"to=<{to}>, relay={host}[{ip}]:25, delay=0.9, delays=0.1/0/0.3/0.5, {result}"),
            ("qmgr[2002]", "removed"),
        ):
            self.lines.append(f"{self.stamp(t)}{head}{daemon}: {qid}: {text}")

    def no_connection(self, t):
        """A message for which both hosts were tried, and none answered."""
        self.n += 1
        n, qid = self.n, f"4F{self.n:04X}B12AA7"
        words = [f"connect to {host}[{ip}]:25: Connection timed out" for host, ip in MX]
        for seconds, daemon, text in (
            (0, "cleanup[2001]", f"{qid}: message-id=<{t:%y%m%d%H%M%S}.{n:05d}@mail1.example.com>"),
            (0, "qmgr[2002]", f"{qid}: from=<bounce-{n:04d}@{self.domain}>, size={4000 + n}, nrcpt=1 (queue active)"),
            (30, f"{self.transport}[2003]", words[0]),
            (60, f"{self.transport}[2003]", words[1]),
            (60, f"{self.transport}[2003]", f"{qid}: to=<reader{n:03d}.invented@{READERS[n % 4]}>, relay=none, delay=60, "
                                            f"delays=0.1/0/60/0, dsn=4.4.1, status=deferred ({words[1]})"),
        ):
            self.lines.append(f"{self.stamp(t + timedelta(seconds=seconds))} mail1 postfix/{daemon}: {text}")

    def day(self, day, hour, accepted, refused, others=4, answers=(POLICY,), stage="end of DATA", month=5):
        """An edition that goes out within the hour, refused ones among the others."""
        t, total = datetime(2026, month, day, hour), accepted + refused
        for i in range(total):
            bad = (i + 1) * refused // total > i * refused // total
            self.mail(t, answers[self.n % len(answers)] if bad else None, stage=stage)
            t += timedelta(seconds=41)
        for _ in range(others):
            self.mail(t, None, apple=False)
            t += timedelta(seconds=29)

    def text(self):
        return "\n".join(self.lines) + "\n"


def sample(spf="pass", dkim="pass", dmarc="pass"):
    host = "st43p00im-qukt05021701.me.com"
    return f"""Return-path: <bounce-9001@{DOMAIN}>
Original-recipient: rfc822;our.reader@icloud.com
X-Apple-MoveToFolder: INBOX
Received: from mta1.example.com (mta1.example.com [192.0.2.10])
	by {host} (Postfix) with ESMTPS id 9A41C7D0E3B2
	for <our.reader@icloud.com>; Wed, 20 May 2026 12:00:07 +0000
Authentication-Results: dmarc.icloud.com; dmarc={dmarc} header.from={DOMAIN}
Authentication-Results: dkim-verifier.icloud.com;
	dkim={dkim} (2048-bit key) header.d={DOMAIN} header.i=@{DOMAIN} header.b=XEFkSwVW
Authentication-Results: spf.icloud.com; spf={spf} (spf.icloud.com: domain of bounce-9001@{DOMAIN}) smtp.mailfrom=bounce-9001@{DOMAIN}
DKIM-Signature: v=1; a=rsa-sha256; c=relaxed/relaxed; d={DOMAIN}; s=nl25;
	h=From:To:Subject:Date:Message-ID; bh=g3zLYH4xKxcPrHOD18z9YfpQcnk/GaJedfustWU5uGs=;
	b=XEFkSwVWc3ludGhldGljIHNpZ25hdHVyZQ==
From: Example Weekly <weekly@{DOMAIN}>
To: our.reader@icloud.com
Subject: Example Weekly
Date: Wed, 20 May 2026 12:00:05 +0000
Message-ID: <weekly-20260520@mail1.example.com>
List-Unsubscribe: <https://www.example.com/u/c2FtcGxl>
List-Unsubscribe-Post: List-Unsubscribe=One-Click
MIME-Version: 1.0
Content-Type: text/html; charset=utf-8

<html><body><h1>Example Weekly</h1><p><a href="https://www.example.com/weekly">Read on</a></p></body></html>
"""


def case(name, **changes):
    c = {
        "case": name,
        "company": {"name": "Example Company", "brand": "Example Weekly"},
        "contact": {"name": "Dana Sample", "email": "postmaster@example.com", "phone": "+1 202 555 0143"},
        "streams": [{
            "name": "newsletter",
            "mail_type": "marketing",
            "match": {"from_domain": [DOMAIN], "return_path_domain": [DOMAIN]},
            "consent": {
                "source": "Readers asked for Example Weekly at www.example.com and confirmed it by mail.",
                "double_opt_in": True,
                "unsubscribe": "Unsubscribes work at once.",
            },
        }],
        "incident": {
            "description": "Since the edition of 20 May your servers refuse more than half of our newsletter. Our logs do not show us the cause.",
            "changes": [],
        },
        "evidence": {"logs": ["maillog"], "delivered": ["delivered.eml"]},
        "domains": {"from": [DOMAIN]},
        "sending_ips": [{"ip": "192.0.2.10", "helo": "mta1.example.com"}],
        "options": {"timezone": "UTC", "log_timezone": "UTC", "year": 2026},
    }
    for key, value in changes.items():
        if value is None:
            c.pop(key)
        elif isinstance(value, dict):
            c[key] = {k: v for k, v in {**c.get(key, {}), **value}.items() if v is not None}
        else:
            c[key] = value
    return c


def write(name, files):
    os.makedirs(os.path.join(OUT, name), exist_ok=True)
    for path, content in files.items():
        with open(os.path.join(OUT, name, path), "w", encoding="utf-8", newline="") as f:
            f.write(content if isinstance(content, str) else json.dumps(content, indent=2, ensure_ascii=False) + "\n")


def incident(**kind):
    """Two quiet days, then an edition of which 24 of 40 are refused."""
    log = Log(**kind)
    log.day(18, 14, 14, 0)
    log.day(19, 14, 14, 0)
    log.day(20, 14, 16, 24)
    return log.text()


# A marketing sender whose platform exports labels, not answers.
rows = ["JobID,SubscriberKey,EmailAddress,EventDate,EventType,BounceCategory,BounceSubcategory,SMTPCode,SMTPBounceReason"]
for i in range(40):
    what = "Bounce,Block bounce,Blocked,," if i % 5 < 3 else "Sent,,,,"
    rows.append(f"90417,k-{i:04d},reader{i:03d}.invented@{READERS[i % 4]},2026-05-20 14:{i:02d}:41,{what}")
write("platform-labels", {
    "export.csv": "\r\n".join(rows) + "\r\n",
    "case.json": case("platform-labels", evidence={"logs": ["export.csv"], "delivered": None}, sending_ips=None, domains=None,
                      streams=None, platform={"name": "Example Mailer", "pool": "shared", "ticket": "EM-1201"}),
})

# Neither the log nor the case nor a sample tells the sending IP.
write("no-sending-ip", {
    "maillog": incident(),
    "case.json": case("no-sending-ip", evidence={"delivered": None}, sending_ips=None),
})

# Refusals, but each is somebody else's.
log = Log()
log.day(19, 14, 14, 0)
OTHERS = ("550 5.1.1 <reader{:03d}.invented@icloud.com>: user does not exist", "552 5.2.2 <reader{:03d}.invented@icloud.com>: user is overquota",
          "550 5.1.1 <reader{:03d}.invented@me.com>: user does not exist")
log.day(20, 14, 20, 12, answers=OTHERS, stage="RCPT TO")
log.day(20, 15, 20, 5, answers=("554 5.7.1 Your message was rejected due to example.com's DMARC policy. See https://support.apple.com/en-us/HT204137 for info",))
log.day(20, 16, 20, 3, answers=("550 5.7.1 Mail from IP 192.0.2.10 was rejected due to listing in Spamhaus SBL. For details please see "
                              "http://www.spamhaus.org/query/bl?ip=192.0.2.10",), stage="RCPT TO")
write("nothing-for-apple", {
    "maillog": log.text(), "delivered.eml": sample(),
    "case.json": case("nothing-for-apple", incident={
        "description": "Since 20 May some of our newsletters to iCloud Mail come back with several different answers, see the log."}),
})

# The log begins when mail is already refused.
log = Log()
log.day(20, 6, 16, 24)
log.day(20, 14, 16, 24)
write("begins-inside", {"maillog": log.text(), "delivered.eml": sample(), "case.json": case("begins-inside")})

# Receipts: people wait for them, and nobody consented to anything.
write("transactional", {
    "maillog": incident(domain="tx.example.com"),
    "delivered.eml": sample().replace(DOMAIN, "tx.example.com").replace("Example Weekly <weekly@", "Example Company <orders@")
        .replace("Subject: Example Weekly", "Subject: Your order").replace("weekly-20260520", "order-20260520"),
    "suppression.csv": "address,reason,date\nreader900.invented@icloud.com,hard-bounce,2026-05-01\n",
    "case.json": case("transactional", domains={"from": ["tx.example.com"]},
                      evidence={"suppression": "suppression.csv"},
                      incident={"description": "Since 20 May your servers refuse more than half of our order confirmations. Our logs do not show us the cause."},
                      streams=[{"name": "receipts", "mail_type": "transactional",
                                "match": {"from_domain": ["tx.example.com"], "return_path_domain": ["tx.example.com"]},
                                "impact": "24 buyers got no confirmation of their order on 20 May."}],
                      consent={"source": "Readers of our newsletter confirmed it by mail."}),
})

# No mail that arrived: nothing is known of authentication at Apple.
write("no-sample", {"maillog": incident(), "case.json": case("no-sample", evidence={"delivered": None})})

# A mail that arrived, but neither SPF nor DKIM pass at Apple.
write("sample-fails", {
    "maillog": incident(), "delivered.eml": sample("fail", "fail", "fail"), "case.json": case("sample-fails"),
})

# A log without a zone, and nobody said one.
write("guessed-zone", {
    "maillog": incident(yearless=True), "delivered.eml": sample(),
    "case.json": case("guessed-zone", options={"log_timezone": None}),
})

# One request and what follows it: each case reads one log more, as it lies there a week later.
HM08 = "554 5.7.1 [HM08] Message rejected due to local policy. Please visit https://support.apple.com/en-us/HT204137"
log, logs = Log(), []


def next_log():
    logs.append(f"maillog-{len(logs) + 1}")
    text, log.lines = log.text(), []
    return text


thread = {"delivered.eml": sample()}
log.day(18, 14, 14, 0)
log.day(19, 14, 14, 0)
log.day(20, 14, 16, 24, answers=(POLICY, POLICY, HM08))
thread["maillog-1"] = next_log()
log.day(26, 14, 20, 10)
log.day(27, 8, 3, 3)
thread["maillog-2"] = next_log()
log.day(1, 14, 51, 9, month=6)
log.day(2, 14, 52, 8, month=6)
thread["maillog-3"] = next_log()
for d in (3, 4, 5, 8, 9, 10):
    log.day(d, 14, 60, 0, month=6)
thread["maillog-4"] = next_log()
done = [{"date": "2026-05-20", "what": "No refused message was sent again."}]
TEXTS = {
    1: {},
    2: {"incident": {"remediation": done + [{"date": "2026-05-21", "what": "Only readers with a click or an order in 30 days."}]},
        "follow_up": {"found": ["Only messages with a link to click.example.com are refused: three of three, and none of three equal ones that "
                                "link to www.example.com.",
                                "click.example.com only leads on to www.example.com; we found no foreign content on it."],
                      "question": "Our question is now a narrow one: is click.example.com what your filter objects to, and for what reason?",
                      "plan": "The newsletter to iCloud Mail stays on hold until 1 June."}},
    3: {"incident": {"remediation": done}, "follow_up": {"plan": "We have stopped after the second batch and wait for your word."}},
    4: {"incident": {"remediation": done}},
}
for n, changes in TEXTS.items():
    changes["incident"] = {**changes.get("incident", {"remediation": done}), "changes": [
        {"date": "2026-05-19", "what": "One new link host, click.example.com."}]}
    thread[f"case-{n}.json"] = case("follow-up", **changes, evidence={"logs": logs[:n], "delivered": ["delivered.eml"]})
write("follow-up", thread)

# One person's mail server: nine of nine, no list, no consent.
log = Log(domain="smith.example.com")
log.day(18, 9, 6, 0)
log.day(19, 9, 8, 0)
log.day(20, 9, 0, 9, answers=(HM08,))
write("personal", {
    "maillog": log.text(),
    "case.json": case("personal", company={"brand": None}, domains={"from": ["smith.example.com"]}, evidence={"delivered": None},
                      incident={"description": "Since 20 May all mail from my own server to iCloud Mail comes back, whoever I write to."},
                      streams=[{"name": "mail", "mail_type": "personal",
                                "match": {"from_domain": ["smith.example.com"], "return_path_domain": ["smith.example.com"]}}]),
})

# A forwarder: what others wrote, sealed with ARC on its way.
FORWARD = "forward.example.com"
log = Log(domain=FORWARD)
log.day(18, 9, 20, 0)
log.day(19, 9, 20, 0)
log.day(20, 9, 16, 24)
forwarded = sample().replace(f"domain of bounce-9001@{DOMAIN}", f"domain of bounce-9001@{FORWARD}")
forwarded = forwarded.replace(f"smtp.mailfrom=bounce-9001@{DOMAIN}", f"smtp.mailfrom=bounce-9001@{FORWARD}")
forwarded = forwarded.replace(f"Return-path: <bounce-9001@{DOMAIN}>", f"Return-path: <bounce-9001@{FORWARD}>")
forwarded = forwarded.replace(DOMAIN, "author.example.net").replace("List-Unsubscribe", "X-List-Unsubscribe")
forwarded = forwarded.replace("DKIM-Signature:", f"ARC-Seal: i=1; a=rsa-sha256; cv=none; d={FORWARD}; s=arc; t=1779278400;\n"
                              "\tb=c3ludGhldGlj\nDKIM-Signature:", 1)
write("forwarded", {
    "maillog": log.text(), "delivered.eml": forwarded,
    "case.json": case("forwarded", company={"brand": None}, domains={"from": [FORWARD]},
                      incident={"description": "Since 20 May your servers refuse more than half of what our users have forwarded to iCloud Mail."},
                      streams=[{"name": "forwarding", "mail_type": "forwarded",
                                "match": {"from_domain": [FORWARD], "return_path_domain": [FORWARD]}}]),
})

# Nobody answers, for more than two days.
log = Log()
log.day(18, 14, 14, 0)
t = datetime(2026, 5, 20)
while t < datetime(2026, 5, 22, 5):
    log.no_connection(t)
    t += timedelta(hours=2)
write("connection", {
    "maillog": log.text(),
    "case.json": case("connection", evidence={"delivered": None}, incident={
        "description": "Since 20 May no connection from our server to yours comes about; all other receivers answer as before."}),
})

# Put off since more than a day, and slower on the second.
HCM1 = "421 [HCM1] Your mail from 192.0.2.10 was deferred."
log = Log()
log.day(18, 14, 14, 0)
log.day(19, 14, 14, 0)
for start, n, step in ((datetime(2026, 5, 20, 6), 60, 10), (datetime(2026, 5, 21, 6), 20, 30)):
    for i in range(n):
        log.mail(start + timedelta(minutes=step * i), None if i % 20 == 19 else HCM1, stage="MAIL FROM", temporary=True)
write("deferral", {
    "maillog": log.text(),
    "case.json": case("deferral", evidence={"delivered": None}, incident={
        "description": "Since the morning of 20 May nearly all of our newsletter to iCloud Mail is put off with [HCM1], hour after hour.",
        "remediation": [{"date": "2026-05-21", "what": "One connection instead of ten, and a third of the tries."}]}),
})
