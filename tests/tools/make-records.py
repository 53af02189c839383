#!/usr/bin/env python3
"""make-records.py KIND SEED N FILE [rows]: N records of KumoMTA ("kumo") or SendGrid ("sendgrid"), most of them written alike.

A few messages are tried again and again, so that what was put off is delivered, refused or given up later; some records
are damaged, end in a comma or a carriage return, or look like a container's. rows: most lines hold several, as a webhook's
body does, up to more than a line is long before it is broken, with a blank here and there."""
import json
import random
import sys

DOMAINS = ["example.org", "post.example.net", "icloud.com", "example.com", "me.com", "own.example", "d12.example"]
HOSTS = {"icloud.com": "mx01.mail.icloud.com.", "me.com": "mx02.mail.icloud.com.", "own.example": "mx01.mail.icloud.com."}
KUMO = {"ok": "Delivery", "later": "TransientFailure", "no": "Bounce", "expired": "Expiration", "other": "Reception"}
SENDGRID = {"ok": "delivered", "later": "deferred", "no": "bounce", "expired": "dropped", "other": "open"}


def answer(r, what, who):
    """Code, enhanced code and text of a reply."""
    if what in ("ok", "other"):
        return 250, (2, 0, 0), "Ok: queued as %06X" % r.randrange(1 << 24)
    if what == "later":
        return r.choice([(451, (4, 7, 1), "Service unavailable"), (550, (5, 7, 1), "not now")])
    if what == "expired":
        return 551, (5, 4, 7), "given up"
    return 550, r.choice([(5, 1, 1), (5, 2, 2), (5, 7, 1), (5, 7, 26)]), r.choice(["no such user", "<%s>: full" % who, 'say "hi"'])


def kumo(r, i, t, m, who, domain, what):
    code, enhanced, text = answer(r, what, who)
    host = HOSTS.get(domain, "mx%d.%s." % (m % 3, domain))
    peer = {"name": host, "addr": "17.57.154.33" if "icloud" in host else "192.0.2.%d" % (m % 250)}
    if what == "other":
        peer = {"name": "app.example.", "addr": "192.0.2.9"}
    return {
        "type": KUMO[what], "id": "%032x" % m, "sender": "bounces+%d@news.example" % i, "recipient": who,
        "queue": "news:acme@" + domain, "site": "ip-%d->(%s)@smtp_client" % (m % 4, host), "size": i,
        "response": {"code": code, "content": text, "command": None,
                     "enhanced_code": dict(zip(("class", "subject", "detail"), enhanced))},
        "peer_address": None if what == "expired" else peer, "timestamp": t, "created": t - 2,
        "num_attempts": r.choice([0, 0, 0, 1]), "bounce_classification": "Uncategorized", "egress_source": "ip-%d" % (m % 4),
        "source_address": {"address": "192.0.2.11:40312"}, "feedback_report": None, "meta": {}, "headers": {},
        "nodeid": "b5f3b9a0-0000-4000-8000-000000000001",
    }


def sendgrid(r, i, t, m, who, domain, what):
    code, enhanced, text = answer(r, what, who)
    category = ["newsletter"] if r.random() < .95 else r.choice([["x", "y"], "z", []])
    record = {"email": who, "timestamp": t, "smtp-id": "<%d@geopod.example.net>" % m, "event": SENDGRID[what],
              "category": category, "sg_event_id": "%016x" % r.getrandbits(64), "sg_message_id": "%014d.recvd-0" % m}
    status = "%d.%d.%d" % enhanced
    reply = "%d %s %s" % (code, status, text)
    if what in ("no", "expired"):
        record.update({"reason": reply, "status": status, "type": r.choice(["blocked", "bounce"])})
    else:
        record["response"] = reply
    record.update({"ip": "192.0.2.%d" % (m % 9), "tls": r.choice([1, 1, 1, 0]), "from": "bounces+%d@news.example" % i})
    return record


def damage(r, line):
    chance = r.random()
    at = r.randrange(len(line))
    if chance < .002:
        return line[:at]
    if chance < .004:
        return line[:at] + r.choice('"\\,{}[]x0 ') + line[at + 1:]
    if chance < .006:
        return line + ","
    if chance < .008:
        return line + "\r"
    if chance < .009:
        return '{"log":"hello","stream":"stdout",' + line[1:]
    return line


def row(r, lines):
    """A line of several records."""
    comma = r.choice([",", ",", ", ", " , ", ",  "])
    begin, end = r.choice([("[", "]"), ("[", "]"), ("[ ", " ]"), ("", ""), ("", ","), ('{"items":[', "]}"), ("[", ",")])
    text = begin + comma.join(lines) + end
    return text[:r.randrange(len(text))] if r.random() < .01 else text


def in_rows(r, lines):
    at = 0
    while at < len(lines):
        n = r.choice([1, 1, 2, 3, 5, 40, 200]) if r.random() < .99 else 1000
        yield row(r, [line.rstrip("\r,") for line in lines[at:at + n]]) if n > 1 else lines[at]
        at += n


def main(kind, seed, n, path, rows=False):
    r = random.Random(seed)
    t = 1793577600
    messages = max(4, n // 12)
    lines = []
    for i in range(n):
        t += r.choice([0, 0, 0, 1, 1, 7]) if r.random() < .999 else r.choice([900, 3600, -30])
        m = r.randrange(messages)
        domain = DOMAINS[m % len(DOMAINS)] if r.random() < .97 else r.choice(DOMAINS)
        who = "reader%d@%s" % (m if r.random() < .9 else r.randrange(99999), domain)
        what = r.choices(["ok", "later", "no", "expired", "other"], [70, 15, 8, 2, 5])[0]
        record = (kumo if kind == "kumo" else sendgrid)(r, i, t, m, who, domain, what)
        lines.append(damage(r, json.dumps(record, separators=(",", ":"))))
    with open(path, "w", newline="", encoding="ascii") as out:
        out.writelines(line + "\n" for line in (in_rows(r, lines) if rows else lines))


main(sys.argv[1], int(sys.argv[2]), int(sys.argv[3]), sys.argv[4], sys.argv[5:] == ["rows"])
