#!/usr/bin/env python3
"""make-postfix.py SEED LINES FILE [FORM]: a Postfix log as central servers hold it, for tests that read it in two ways: of
many hosts and other programs; deferrals that are given up, or tried again elsewhere; lines that are damaged, out of order, or
of another month. FORM: what stands before a line, or how its beginning is written, one of the names below, or `mixed`; such
a log begins on the last day of a year, and holds hosts whose clock is not set."""
import datetime
import json
import random
import re
import sys

seed, lines, path, form = int(sys.argv[1]), int(sys.argv[2]), sys.argv[3], (sys.argv[4:] or [""])[0]
rand = random.Random(seed)
start = datetime.datetime(2026, 12, 31, 23, 20) if form else datetime.datetime(2026, 11, 2)
hosts = ["mx%d" % i for i in range(rand.choice([1, 3, 40, 120]))] + ["relay-01.transactional.example.com"]
senders = ["news@example.com", "bounce+7@lists.example.org", "", "a@b.example"]
others = [
    ("post.example.org", "in1.post.example.org", "203.0.113.7"),
    ("inbox.example.net", "mx.inbox.example.net", "198.51.100.9"),
    ("custom.example", "mx.custom.example", "192.0.2.80"),
]
apples = [("icloud.com", "mx01.mail.icloud.com", "17.57.155.25"), ("custom.example", "mx02.mail.icloud.com", "17.57.152.5")]
programs = [
    "dovecot: imap-login: Login: user=<a@example.org>, rip=192.0.2.4",
    "sshd[%d]: Accepted publickey for root",
    "kernel: [12.5] oom",
    "rspamd[%d]: <a1b2>; task; id: <m1@example.org>; queue-id: <A1>",
    "sm-mta[%d]: 5A2B01xx%d: to=<r@icloud.com>, delay=00:00:02, mailer=esmtp, relay=mx01.mail.icloud.com. [17.57.155.25], dsn=5.7.1, stat=Service unavailable",
    "sshd[%dx]: odd",
    "dovecot:nothing",
    "postfix[%d]: nothing",
    "postfix-out/qmgr[%d]: odd",
]
rspamd = [  # in its own log's form
    "%s #22(normal) <a1b2c3>; task; rspamd_message_parse: loaded message; id: <m1@example.org>; size: 2313",
    "rspamd-1  | %s #22(normal) <a1b2c3>; task; rspamd_task_write_log: id: <m1@example.org>, qid: <4gBx0000001z1k>, ip: 192.0.2.9",
    "%s #22(rspamd_proxy) <a[1]: x>",
    "rspamd 1 | %s #23(main) rspamd_config: | nothing",
    "%s #x(main) nothing",
]
replies = [
    "450 4.2.2 over quota",
    "451-4.7.1 come back",
    "421 (in reply to nothing)",
    "4x0 odd",
    "550 5.1.1 no such user",
    "450 4.7.1 [x] said: 250 ok, status=sent (250 ok)",
]
second = 0
log = []


def bsd(time):
    return time.strftime("%b ") + "%2d" % time.day + time.strftime(" %H:%M:%S")


def iso(time, digits=0, zone=""):
    return time.strftime("%Y-%m-%dT%H:%M:%S") + (".%0*d" % (digits, rand.randrange(10 ** digits)) if digits else "") + zone


def nano(time):
    """Go leaves out the zeros that a fraction ends with."""
    return iso(time, 9).rstrip("0").rstrip(".") + "Z"


def rfc5424(time, host, text, data):
    tag, pid, rest = re.match(r"([^\[:]*)(?:\[(\w*)\])?:? ?(.*)", text).groups()
    return "<%d>1 %s %s %s %s - %s %s" % (rand.choice([22, 22, 22, 20]), iso(time, 6, "+01:00"), host, tag, pid or "-", data, rest)


def docker(time, text):
    """A line that is too long goes on in the next record."""
    at = rand.randrange(len(text)) if rand.random() < 0.02 else 0
    parts = [text[:at], text[at:] + "\n"] if at else [text + "\n"]
    text = ['{"log":%s,"stream":"stdout","time":"%s"}' % (json.dumps(part), nano(time)) for part in parts]
    return "\n".join(text).replace("<", "\\u003c").replace(">", "\\u003e")


forms = {
    "pri": lambda t, h, x: "<%d>%s %s %s" % (rand.choice([22, 22, 22, 20]), bsd(t), h, x),
    "compose": lambda t, h, x: "mail-1  | %s %s %s" % (bsd(t), h, x),
    "colour": lambda t, h, x: "\x1b[36mmail-1  | \x1b[0m%s %s %s" % (bsd(t), h, x),
    "widths": lambda t, h, x: "%s | %s %s %s" % (rand.choice(["mail-1", "mail-12", "mail-7 "]), bsd(t), h, x),
    "many": lambda t, h, x: "mail-%d | %s %s %s" % (rand.randrange(8, 60), bsd(t), h, x),
    "names": lambda t, h, x: "%s | %s %s %s" % (rand.choice(["icloud.com", "17.57.155.25", "mx01.mail.icloud.com[17.57.155.25]", "Dec", "to=<a@icloud.com>, "]), bsd(t), h, x),
    "compose-iso": lambda t, h, x: "mail-1  | %s %s %s" % (iso(t, 6, "+01:00"), h, x),
    "compose-nano": lambda t, h, x: "mail-1  | %s %s %s %s" % (iso(t, 9, "Z"), bsd(t), h, x),
    "nano": lambda t, h, x: "%s %s %s %s" % (nano(t), bsd(t), h, x),
    "pod": lambda t, h, x: "[pod/mail-0/postfix] %s %s %s" % (bsd(t), h, x),
    "pod-nano": lambda t, h, x: "[pod/mail-%d/postfix] %s %s %s %s" % (rand.randrange(2), nano(t), bsd(t), h, x),
    "cri": lambda t, h, x: "%s %s F %s %s %s" % (nano(t), rand.choice(["stdout", "stdout", "stderr"]), bsd(t), h, x),
    "cri-no-host": lambda t, h, x: "%s stdout F %s" % (nano(t), x),
    "level": lambda t, h, x: "%s %s %s" % (iso(t, 6, "+00:00"), rand.choice(["INFO   ", "INFO   ", "WARNING"]), x),
    "no-host": lambda t, h, x: "%s %s" % (bsd(t), x),
    "rfc5424": lambda t, h, x: rfc5424(t, h, x, "-"),
    "rfc5424-blank": lambda t, h, x: rfc5424(t, h, x, "- "),
    "rfc5424-bom": lambda t, h, x: rfc5424(t, h, x, "- \xef\xbb\xbf").replace("\xbf ", "\xbf"),
    "rfc5424-data": lambda t, h, x: rfc5424(t, h, x, '[meta sequenceId="%d"]%s' % (rand.randrange(999), rand.choice(["", "", '[a@1 b="\\"]"]']))),
    "rfc5424-app": lambda t, h, x: re.sub(r"(postfix[^/ ]*)/\S+", r"\1", rfc5424(t, h, x, rand.choice(["-", "- "])), count=1),
    "docker-json": lambda t, h, x: docker(t, "%s %s %s" % (bsd(t), h, x)),
    "plain": lambda t, h, x: "%s %s %s" % (bsd(t), h, x),
}


def put(host, text):
    global second
    second += rand.choice([0, 0, 0, 1, 7])
    time = start + datetime.timedelta(seconds=second)
    if form and rand.random() < 0.002:  # a host's clock that is not set
        time = datetime.datetime(2027, 1, 1, 0, 0, rand.randrange(60))
    if form and rand.random() < 0.05:
        log.append(rand.choice(rspamd) % iso(time).replace("T", " "))
    log.append(forms[rand.choice(list(forms)) if form == "mixed" else form or "plain"](time, host, text))


def attempt(host, qid, rcpt, where, status, reply):
    said = "250 2.0.0 ok" if status == "sent" else rand.choice(
        ["host %s[%s] said: %s (in reply to RCPT TO command)", "host %s[%s] refused to talk to me: %s", "host %s[%s]:25 said: %s"]
    ) % (where[1], where[2], reply)
    if status == "deferred" and rand.random() < 0.2:
        said = rand.choice(["connect to %s[%s]:25: Connection timed out" % where[1:], "lost connection with %s[%s] while sending RCPT TO" % where[1:]])
    orig = ", orig_to=<list@example.org>" if rand.random() < 0.1 else ""
    put(host, "postfix/smtp[%d]: %s: to=<%s>%s, relay=%s[%s]:25, delay=1.2, delays=0.1/0/0.4/0.7, dsn=4.2.2, status=%s (%s)" % (rand.randrange(100, 99999), qid, rcpt, orig, where[1], where[2], status, said))


def message(n):
    host, qid = rand.choice(hosts), "%010X" % (seed * 1000003 + n * 7919) if rand.random() < 0.7 else "4gBx%07dz1k" % n
    rcpts = []
    for _ in range(rand.choice([1, 1, 1, 2, 3])):
        where = rand.choice(apples) if rand.random() < 0.1 else rand.choice(others)
        rcpts.append(("reader%d@%s" % (rand.randrange(10 ** 6), where[0]), where))
    put(host, "postfix/smtpd[77]: %s: client=app.example.net[192.0.2.4]" % qid)
    for tries in range(rand.choice([1, 1, 2, 3])):
        put(host, "postfix/qmgr[9]: %s: from=<%s>, size=%d, nrcpt=%d (queue active)" % (qid, rand.choice(senders), rand.randrange(10 ** 6), len(rcpts)))
        yield
        waiting = []
        for rcpt, where in rcpts:
            status = rand.choices(["sent", "deferred", "bounced"], [8, 2, 1])[0]
            attempt(host, qid, rcpt, where, status, rand.choice(replies))
            yield
            if status == "deferred":
                waiting.append((rcpt, rand.choice(others) if rand.random() < 0.3 else where))
        rcpts = waiting
        if not rcpts:
            break
    if rcpts and rand.random() < 0.6:
        put(host, "postfix/qmgr[9]: %s: from=<a@example.com>, status=expired, returned to sender" % qid)
    if not rcpts or rand.random() < 0.8:
        put(host, "postfix/qmgr[9]: %s: removed" % qid)


alive, n = [], 0
while len(log) < lines:
    if len(alive) < 30:
        n += 1
        alive.append(message(n))
    one = rand.choice(alive)
    if next(one, "end") == "end":
        alive.remove(one)
    if rand.random() < 0.2:
        text = rand.choice(programs)
        put(rand.choice(hosts), text % tuple(rand.randrange(9999) for _ in range(text.count("%d"))))
for _ in range(lines // 100):
    i = rand.randrange(len(log) - 1)
    how = rand.randrange(7 if form else 6)
    if how == 0:
        log[i] = log[i][: rand.randrange(len(log[i]))]
    elif how == 1:
        k = rand.randrange(len(log[i]) or 1)
        log[i] = log[i][:k] + rand.choice("\x00\r[]:<>=, aZ0") + log[i][k + 1 :]
    elif how == 2:
        log[i] = re.sub("Nov|Dec|Jan", rand.choice(["Dec", "Jan", "Oct"]), log[i], count=1)
    elif how == 3:
        log[i] += "\r"
    elif how == 6:
        log[i] = re.sub(r"(\d)T(\d)", r"\1 \2", log[i], count=1)
    else:
        log[i], log[i + 1] = log[i + 1], log[i]
with open(path, "w", encoding="latin-1", newline="") as out:
    out.write("\n".join(log) + "\n")
