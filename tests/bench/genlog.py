#!/usr/bin/env python3
"""genlog.py KIND MEGABYTES OUT: a made-up log of a week, always the same for the same words, and OUT.truth.json with what
went to Apple. KIND: postfix (syslog times, short queue ids), postfix-rfc3339 (long queue ids), postfix-kept (no message is
ever removed), exim, pmta, kumo, sendgrid; for bounces MEGABYTES is their number and OUT a folder, every other one Apple's; none is with bounces-other."""
import collections, datetime, heapq, json, os, random, sys

kind, size, out = sys.argv[1], int(sys.argv[2]), sys.argv[3]
rand = random.Random(20261101)
begin = datetime.datetime(2026, 11, 2, tzinfo=datetime.timezone.utc)
WEEK = 7 * 86400
APPLE_MX = [("mx01.mail.icloud.com", "17.57.154.33"), ("mx02.mail.icloud.com", "17.57.152.5"), ("mx01.mail.icloud.com", "17.56.9.31")]
BIG = [("inbox.example.net", "mx%d.inbox.example.net", "198.51.100.%d"), ("post.example.org", "in%d.post.example.org", "203.0.113.%d")]
LOOK_ALIKES = ["acme.example", "notme.example", "myicloud.example", "icloud.com.example.org"]
REFUSED = [("550 5.7.1 [CS01] Message rejected due to local policy. Please visit https://support.apple.com/en-us/HT204137", "end of DATA command", 6),
           ("554 5.7.1 [HM08] Message rejected due to local policy. Please visit https://support.apple.com/en-us/HT204137", "end of DATA command", 3),
           ("550 5.1.1 <%s>: user does not exist", "RCPT TO command", 3), ("552 5.2.2 <%s>: user is over quota", "RCPT TO command", 1)]
DEFERRED = [("451 4.7.1 Service unavailable - try again later", "MAIL FROM command"), ("450 4.2.2 <%s>: user is overquota", "RCPT TO command")]
UNKNOWN = "550-5.1.1 The email account that you tried to reach does not exist. Please check the address for typos. 550 5.1.1 https://www.example.net/support?p=NoSuchUser"
refusals = [r for r in REFUSED for _ in range(r[2])]
senders = [f"{a}.{b}.example" for a in ("news", "mail", "em", "info") for b in ("alder", "birch", "cedar", "elm", "fir")]
truth = {"delivered": 0, "deferred": 0, "bounced": 0, "days": collections.defaultdict(lambda: [0, 0, 0])}


def recipient():
    k, n = rand.random(), rand.randrange(10 ** 7)
    if k < 0.06:
        domain = "me.com" if k < 0.012 else "mac.com" if k < 0.018 else "iCloud.com" if k < 0.0182 else "icloud.com"
        return f"reader{n}@{domain}", APPLE_MX[n % 3], True
    if k < 0.78:
        name, host, ip = BIG[n % 2]
        return f"reader{n}@{name}", (host % (n % 4 + 1), ip % (n % 200 + 20)), False
    if k < 0.80:
        return f"reader{n}@{LOOK_ALIKES[n % 4]}", ("mx.example.com", f"192.0.2.{n % 200 + 20}"), False
    return f"reader{n}@d{n % 3000}.example", (f"mx.d{n % 3000}.example", f"192.0.2.{n % 200 + 20}"), False


def outcome(apple, day, to):
    """word, reply, phase, enhanced status code"""
    k = rand.random()
    bounced = 0.012 + 0.004 * day if apple else 0.012
    if k < bounced:
        reply, phase = (refusals[rand.randrange(len(refusals))][:2] if apple else (UNKNOWN, "RCPT TO command"))
        return "bounced", reply % to if "%s" in reply else reply, phase, reply[4:9]
    if k < bounced + 0.035:
        reply, phase = DEFERRED[rand.randrange(2)]
        return "deferred", reply % to if "%s" in reply else reply, phase, reply[4:9]
    return "sent", f"250 2.0.0 Ok: queued as {rand.getrandbits(40):010X}", "", "2.0.0"


def count(apple, word, t):
    if not apple:
        return
    key = {"sent": "delivered", "deferred": "deferred", "bounced": "bounced"}[word]
    truth[key] += 1
    day = (begin + datetime.timedelta(seconds=int(t))).strftime("%Y-%m-%d")
    truth["days"][day][("delivered", "deferred", "bounced").index(key)] += 1


class Times:
    """The text of a second, made once."""
    def __init__(self, form):
        self.form, self.second, self.text = form, -1, ""

    def of(self, t):
        if int(t) != self.second:
            self.second = int(t)
            self.text = self.form(begin + datetime.timedelta(seconds=self.second))
        return self.text


class Merged:
    """Lines of many messages, written in the order of their time."""
    def __init__(self, f, target, form):
        self.f, self.target, self.times = f, target, Times(form)
        self.heap, self.buffer, self.serial, self.written = [], [], 0, 0

    def next(self):
        """The time of the next message; None when the log is long enough."""
        self.serial += 1
        return WEEK * self.written / self.target if self.written < self.target else None

    def put(self, t, text):
        self.serial += 1
        heapq.heappush(self.heap, (t, self.serial, text))

    def drain(self, t):
        while self.heap and self.heap[0][0] <= t:
            when, _, text = heapq.heappop(self.heap)
            line = self.times.of(min(when, WEEK - 1)) + text
            self.written += len(line)
            self.buffer.append(line)
        if len(self.buffer) > 20000:
            self.f.write("".join(self.buffer))
            self.buffer.clear()

    def end(self):
        self.f.write("".join(self.buffer + [self.times.of(min(when, WEEK - 1)) + text for when, _, text in sorted(self.heap)]))


def postfix(f, target, rfc3339, kept):
    log = Merged(f, target, (lambda d: d.strftime("%Y-%m-%dT%H:%M:%S.000000+00:00")) if rfc3339 else (lambda d: d.strftime("%b %e %H:%M:%S")))
    while (t := log.next()) is not None:
        host = "mx1" if log.serial % 2 else "mx2"
        q = f"4gB{log.serial:09d}z" if rfc3339 else f"{log.serial % 0xfffff:05X}{rand.getrandbits(18) + 0x20000:05X}"
        client = f"app{log.serial % 200}.example.net[192.0.2.{log.serial % 200}]"
        sender = f"bounces+{rand.randrange(10 ** 6)}@{senders[log.serial * log.serial % len(senders)]}"
        to, (mx, ip), apple = recipient()
        qid = f" {host} postfix/smtpd[{2000 + log.serial % 300}]: "
        log.put(t, f"{qid}connect from {client}\n")
        log.put(t, f"{qid}{q}: client={client}\n")
        log.put(t, f" {host} postfix/cleanup[{4000 + log.serial % 50}]: {q}: message-id=<{log.serial}@{sender[-12:]}>\n")
        log.put(t + 0.5, f"{qid}disconnect from {client} ehlo=2 starttls=1 mail=1 rcpt=1 data=1 quit=1 commands=7\n")
        again = 0.6
        while True:
            log.put(t + again, f" {host} postfix/qmgr[700]: {q}: from=<{sender}>, size={2000 + rand.randrange(40000)}, nrcpt=1 (queue active)\n")
            if again < 1 and log.serial % 3 == 0:
                log.put(t + again + 0.1, f" {host} postfix/smtp[{30000 + log.serial % 64}]: Trusted TLS connection established to {mx}[{ip}]:25: TLSv1.3 with cipher TLS_AES_256_GCM_SHA384 (256/256 bits)\n")
            word, reply, phase, dsn = outcome(apple, int(t / 86400), to)
            said = f"host {mx}[{ip}] said: {reply} (in reply to {phase})" if phase else reply
            when = min(t + again + 1.2, WEEK - 1)
            log.put(when, f" {host} postfix/smtp[{30000 + log.serial % 64}]: {q}: to=<{to}>, relay={mx}[{ip}]:25, delay=1.2, delays=0.1/0.02/0.4/0.7, dsn={dsn}, status={word} ({said})\n")
            count(apple, word, when)
            if word != "deferred":
                if not kept:
                    log.put(when + 0.1, f" {host} postfix/qmgr[700]: {q}: removed\n")
                break
            again += 300 + rand.randrange(3000)
        log.drain(t)
    log.end()


def exim(f, target):
    log = Merged(f, target, lambda d: d.strftime("%Y-%m-%d %H:%M:%S "))
    while (t := log.next()) is not None:
        serial = log.serial
        q = f"1w{serial % 10000:04d}-{serial:011d}-{rand.randrange(10000):04d}"
        sender = f"bounces+{rand.randrange(10 ** 6)}@{senders[serial * serial % len(senders)]}"
        to, (mx, ip), apple = recipient()
        tls = "X=TLS1.3:TLS_AES_256_GCM_SHA384:256 CV"
        log.put(t, f"{q} <= {sender} H=app{serial % 200}.example.net (app) [192.0.2.{serial % 200}] P=esmtps {tls}=no S={2000 + rand.randrange(40000)} id={serial}@{sender[-12:]}\n")
        again = 0.6
        while True:
            word, reply, phase, _ = outcome(apple, int(t / 86400), to)
            after = {"end of DATA command": "end of data", "MAIL FROM command": f"MAIL FROM:<{sender}>"}.get(phase, f"RCPT TO:<{to}>")
            when, where = min(t + again + 1.2, WEEK - 1), "R=dnslookup T=remote_smtp"
            failed = f"H={mx} [{ip}]: SMTP error from remote mail server after {after}: {reply}"
            log.put(when, f"{q} " + {"sent": f'=> {to} {where} H={mx} [{ip}] {tls}=yes C="{reply}"', "deferred": f"== {to} {where} defer (-44) {failed}",
                                 "bounced": f"** {to} {where} {failed}"}[word] + "\n")
            count(apple, word, when)
            if word != "deferred":
                log.put(when + 0.1, f"{q} Completed\n")
                break
            again += 300 + rand.randrange(3000)
        log.drain(t)
    log.end()


def flat(f, target):
    written, serial = 0, 0
    if kind == "pmta":
        f.write("type,timeLogged,timeQueued,orig,rcpt,orcpt,dsnAction,dsnStatus,dsnDiag,dsnMta,bounceCat,srcType,srcMta,dlvType,"
                "dlvSourceIp,dlvDestinationIp,dlvEsmtpAvailable,dlvSize,vmta,jobId,envId,queue,vmtaPool,header_Message-Id\n")
    times = Times(lambda d: d.strftime("%Y-%m-%d %H:%M:%S+0000"))
    while written < target:
        t, serial = WEEK * min(written / target, 0.9999999), serial + 1
        to, (mx, ip), apple = recipient()
        domain, sender = to[to.index("@") + 1:], f"bounces+{serial}@{senders[serial % len(senders)]}"
        word, reply, _, dsn = outcome(apple, int(t / 86400), to)
        count(apple, word, t)
        epoch = int(begin.timestamp() + t)
        if kind == "pmta":
            line = (f'{word.replace("sent", "d").replace("deferred", "t").replace("bounced", "b")},{times.of(t)},{times.of(t)},{sender},{to},,'
                    f'{ {"sent": "relayed", "deferred": "delayed", "bounced": "failed"}[word] },{dsn} ({"success" if word == "sent" else "failure"}),'
                    f'"smtp;{reply}",{mx} ({ip}),{"policy-related" if word == "bounced" else ""},smtp,app.example.net (192.0.2.3),smtp,'
                    f'192.0.2.{serial % 16 + 10},{ip},"ENHANCEDSTATUSCODES,PIPELINING,CHUNKING,8BITMIME,STARTTLS,SIZE",{serial % 90000},vmta{serial % 16},job{serial % 40},,'
                    f"{domain}/vmta{serial % 16},pool1,<{serial}@app.example.net>\n")
        elif kind == "kumo":
            line = json.dumps({
                "type": {"sent": "Delivery", "deferred": "TransientFailure", "bounced": "Bounce"}[word], "id": f"{serial:032x}", "sender": sender,
                "recipient": to, "queue": f"news:acme@{domain}", "site": f"ip-{serial % 8}->({mx})@smtp_client", "size": serial % 90000,
                "response": {"code": int(reply[:3]), "enhanced_code": dict(zip(("class", "subject", "detail"), map(int, dsn.split(".")))),
                             "content": reply[10:], "command": None},
                "peer_address": {"name": mx + ".", "addr": ip}, "timestamp": epoch, "created": epoch - 2, "num_attempts": 0, "bounce_classification": "Uncategorized",
                "egress_pool": "pool", "egress_source": f"ip-{serial % 8}", "source_address": {"address": f"192.0.2.{serial % 8 + 10}:40312"},
                "feedback_report": None, "meta": {}, "headers": {}, "delivery_protocol": "ESMTP", "reception_protocol": "ESMTP", "nodeid": "b5f3b9a0-0000-4000-8000-000000000001",
                "tls_cipher": "TLS_AES_256_GCM_SHA384", "tls_protocol_version": "TLSv1.3"}, separators=(",", ":")) + "\n"
        else:
            event = {"sent": "delivered", "deferred": "deferred", "bounced": "bounce"}[word]
            line = json.dumps({"email": to, "timestamp": epoch, "smtp-id": f"<{serial}@geopod.example.net>", "event": event, "category": ["newsletter", "weekly"],
                               "sg_event_id": f"{rand.getrandbits(64):016x}", "sg_message_id": f"{serial:014x}.recvd-0",
                               **({"reason": reply, "status": dsn, "type": "blocked"} if word == "bounced" else {"response": reply}),
                               "ip": f"192.0.2.{serial % 200}", "tls": 1, "from": sender}, separators=(",", ":")) + "\n"
        written += len(line)
        f.write(line)


def bounces(folder, n, others):
    os.makedirs(folder, exist_ok=True)
    for i in range(n):
        to, (mx, _), apple = recipient()
        while apple != (i % 2 == 0 and not others):
            to, (mx, _), apple = recipient()
        reply = refusals[rand.randrange(len(refusals))][0] if apple else UNKNOWN
        reply = reply % to if "%s" in reply else reply
        date = (begin + datetime.timedelta(seconds=WEEK * i // n)).strftime("%a, %d %b %Y %H:%M:%S +0000")
        count(apple, "bounced", WEEK * i // n)
        sender = f"bounces+{i}@{senders[i % len(senders)]}"
        rows = "".join(f'<tr><td style=3D"{rand.getrandbits(64):016x}">a line of the newsletter that came back</td>=\r\n' for _ in range(20 + rand.randrange(80)))
        text = f"""Return-Path: <>
Date: {date}
From: MAILER-DAEMON@mx1.example.net (Mail Delivery System)
Subject: Undelivered Mail Returned to Sender
To: {sender}
Message-ID: <{i}.bounce@mx1.example.net>
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status; boundary="b{i}"

--b{i}
Content-Type: text/plain

I'm sorry to have to inform you that your message could not be delivered.

--b{i}
Content-Type: message/delivery-status

Reporting-MTA: dns; mx1.example.net
X-Postfix-Queue-ID: 4gC{i:08d}z
Arrival-Date: {date}

Final-Recipient: rfc822; {to}
Action: failed
Status: {reply[4:9]}
Remote-MTA: dns; {mx}
Diagnostic-Code: smtp; {reply}

--b{i}
Content-Type: message/rfc822

From: Example Weekly <news@{sender.split('@')[1]}>
To: {to}
Subject: The weekly letter
Message-ID: <{i}@mx1.example.net>
Date: {date}
Content-Type: text/html; charset=utf-8
Content-Transfer-Encoding: quoted-printable

""".replace("\n", "\r\n") + rows + f"\r\n--b{i}--\r\n"
        with open(f"{folder}/{i:06d}.eml", "w", newline="") as f:
            f.write(text)


if kind.startswith("bounces"):
    bounces(out, size, kind == "bounces-other")
else:
    with open(out, "w", buffering=1 << 20) as log:
        if kind.startswith("postfix"):
            postfix(log, size * 10 ** 6, kind == "postfix-rfc3339", kind == "postfix-kept")
        else:
            (exim if kind == "exim" else flat)(log, size * 10 ** 6)
with open(out.rstrip("/") + ".truth.json", "w") as f:
    json.dump(truth, f, indent=1, sort_keys=True)
