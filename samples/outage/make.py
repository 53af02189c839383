#!/usr/bin/env python3
"""Makes what samples/outage/ holds beside the log: the delivered mail, the page, its picture, the
suppression list. What it must share with log/maillog.gz is read from there. Run it in this folder;
the same log gives the same bytes (the picture: with the same cairo and DejaVu fonts)."""
import base64, ctypes, ctypes.util, gzip, hashlib, quopri, random, re, struct, zlib
from datetime import datetime, timezone

QUEUE_ID = "253DDB12AAF"  # ours, of the accepted newsletter in the log
IP, HELO = "192.0.2.10", "mta1.example.com"
NAME, TOKEN = "Jo Reader", "w53-9Qk2Lr7VtXe4"
CLICK, IMG, WWW = "https://click.news.example.com", "https://img.news.example.com", "https://www.example.com"
STORIES = [
    ("A slow start", "The shop opens again on 4 January. Until then we read, walk, and cook soup."),
    ("Soup of the week", "Parsnip, apple and a little ginger. Twenty minutes, one pot, four bowls."),
    ("Snow on the path", "Ash makes a frozen path safe and feeds the roses. Salt does neither."),
]


def from_log():
    """The one delivery that the sample is the other end of."""
    facts = {}
    for line in gzip.open("log/maillog.gz", "rt"):
        if QUEUE_ID not in line:
            continue
        for key, pattern in {
            "mid": r"message-id=<(.*)>$",
            "sender": r" from=<(.*?)>, size=",
            "rcpt": r" to=<(.*?)>, relay=",
            "apple_id": r"queued as (\w+)\)",
        }.items():
            m = re.search(pattern, line)
            if m:
                facts[key] = m[1]
        if "status=sent" in line:
            stamp = datetime.strptime("2027 " + line[:15], "%Y %b %d %H:%M:%S")
            facts["time"] = stamp.replace(tzinfo=timezone.utc)
    return facts


def b64(data):
    return base64.b64encode(data).decode()


def fold(name, value, width=76):
    """A long value without blanks, cut where the line is full."""
    out, line = [], name + ": "
    for c in value:
        if len(line) >= width:
            out.append(line)
            line = "\t"
        line += c
    return "\n".join(out + [line])


def icl_info(f):
    """Apple's own header, recipient inside: base64 over an eight-byte XOR (seen in public samples)."""
    key = b"uyfwx06b"
    text = (
        f"mr=3.333033030041 su=none ed={f['sender']} fd=news.example.com sip={IP} helo={HELO} "
        f"ptr={HELO} dd=news.example.com mid=<{f['mid']}> rc={f['rcpt']}"
    ).encode()
    return b64(bytes(c ^ key[i % 8] for i, c in enumerate(text)))


def mantsh(guid):
    text = (
        f"fs=1005; sg=Deliver; st=FFS; id={guid}; rv=3.0.50/198.51.100.1:14050; ip={IP}; td=1; "
        "hf=c3ludGhldGk; hF=c2FtcGxlMDE; rg=a;"
    ).encode()
    return "1" + b64(bytes(c ^ 0x2A for c in text))


def page(personal, f=None):
    """The letter as HTML: with a reader's tokens, or neutral as the web has it."""
    def link(path):
        return f"{CLICK}/c/{TOKEN}/{path}" if personal else f"{WWW}/{path}"
    view = f"{WWW}/weekly/2026-12-31"
    reader = b64(f["rcpt"].encode()) if personal else ""
    h = ["<!DOCTYPE html>", '<html lang="en"><head>', '<meta charset="utf-8">',
         "<title>Example Weekly: a slow start</title>", "<style>",
         "body { margin: 0; background: #eef1ec; color: #222; font-family: Helvetica, Arial, sans-serif; }",
         ".wide { width: 600px; background: #fff; } .small { font-size: 12px; color: #666; }",
         ".button { background: #2e6b4f; color: #fff; padding: 10px 18px; text-decoration: none; }",
         "</style>", "</head><body>"]
    if personal:
        h.append('<div style="display:none;max-height:0;overflow:hidden">Soup, snow, and no hurry.&#8204;&nbsp;</div>')
    h += ['<table role="presentation" width="100%" cellpadding="0" cellspacing="0"><tr><td align="center">',
          '<table class="wide" role="presentation" cellpadding="24" cellspacing="0">',
          f'<tr><td><img src="{IMG}/2026-53/head.png" alt="Example Weekly" width="552" height="110">',
          "<h1>Example Weekly</h1>"]
    h.append(f"<p>Good morning {NAME},</p>" if personal else "<p>Good morning,</p>")
    h.append("<p>the year is short of a day, and nobody is in a hurry. Three small things for it:</p>")
    for i, (head, text) in enumerate(STORIES, 1):
        slug = head.lower().replace(" ", "-")
        h += [f"<h2>{head}</h2>", f'<p>{text} <a href="{link(slug)}">Read on</a></p>']
        if i == 2:
            h.append(f'<p><img src="{IMG}/2026-53/soup.jpg" alt="A bowl of soup" width="260" height="170"></p>')
    h += [f'<p><a class="button" href="{link("shop")}">Visit the shop</a></p>', "</td></tr>",
          '<tr><td class="small">You get Example Weekly because you asked for it at '
          f'<a href="{WWW}/weekly">www.example.com/weekly</a> and confirmed it.<br>']
    if personal:
        h.append(f'<a href="{CLICK}/u/{TOKEN}?e={reader}">Unsubscribe</a> &middot; <a href="{view}">View in browser</a><br>')
    else:
        h.append(f'<a href="{WWW}/weekly/unsubscribe">Unsubscribe</a><br>')
    h += ["Example Company, 1 Sample Street, 12345 Exampletown", "</td></tr></table>", "</td></tr></table>"]
    if personal:
        h.append(f'<img src="{CLICK}/o/{TOKEN}.gif" width="1" height="1" alt="">')
    return "\n".join(h + ["</body></html>"]) + "\n"


def plain():
    lines = ["Example Weekly", "", f"Good morning {NAME},", "",
             "the year is short of a day, and nobody is in a hurry. Three small", "things for it:", ""]
    for head, text in STORIES:
        lines += [head, text, f"{CLICK}/c/{TOKEN}/{head.lower().replace(' ', '-')}", ""]
    return "\n".join(lines + [f"View in browser: {WWW}/weekly/2026-12-31", f"Unsubscribe: {CLICK}/u/{TOKEN}", "",
                              "Example Company, 1 Sample Street, 12345 Exampletown", ""])


def body(f):
    def part(kind, text):
        coded = quopri.encodestring(text.encode(), quotetabs=False).decode()
        return f"--=_weekly_53\nContent-Type: {kind}; charset=utf-8\nContent-Transfer-Encoding: quoted-printable\n\n{coded}\n"
    return ("This is a message in MIME format.\n\n" + part("text/plain", plain())
            + part("text/html", page(True, f)) + "--=_weekly_53--\n")


def body_hash(text):
    """RFC 6376 3.4.4: relaxed."""
    lines = [re.sub(r"[ \t]+", " ", l).rstrip(" ") for l in text.rstrip("\n").split("\n")]
    return b64(hashlib.sha256(("\r\n".join(lines).rstrip("\r\n") + "\r\n").encode()).digest())


def mail(f):
    epoch = int(f["time"].timestamp())
    day = f["time"].strftime("%a, %d %b %Y %H:%M:%S")
    mx = ("p00-icloudmta-smtpin-us-west-2a-100-percent-35.p00-icloudmta-smtpin-vip."
          "icloud-mail-production.svc.kube.us-west-2a.k8s.cloud.apple.com")
    uuid = "5b1c7f0e-2f1d-4c57-9a43-6d0b8e21c4fa"
    ms = f"{epoch * 1000:012x}"
    guid = "bm90LWEtcmVhbC1ndWlkLXN5bnRoZXRp"
    text = body(f)
    who = f"domain of {f['sender']} designates {IP} as permitted sender"
    signature = b64(hashlib.sha512(b"synthetic").digest() * 4)[:344]
    eid = "u001." + b64(f"{f['rcpt']}|2026-53|{TOKEN}".encode())
    head = [
        f"Return-path: <{f['sender']}>",
        f"Original-recipient: rfc822;{f['rcpt']}",
        f"Received: from {mx}\n\tby p44-mailgateway-smtp-778464bd6-glqrh (mailgateway 2630B41)\n"
        f"\twith SMTP id {uuid}\n\tfor <{f['rcpt']}>; {day} GMT",
        "X-Apple-MoveToFolder: INBOX ",
        "X-Apple-Action: MOVE_TO_FOLDER/INBOX",
        f"X-Apple-UUID: {uuid}",
        f"Received: from {HELO} ({HELO} [{IP}])\n\tby {mx} (Postfix) with ESMTPS id {f['apple_id']}\n"
        f"\tfor <{f['rcpt']}>; {day} +0000",
        f"X-ICL-RepId: {ms[:8]}-{ms[8:]}-7b21-9d0e-5a3b8c2f1e60",
        "X-ICL-Score: 3.333033030041",
        fold("X-ICL-Info", icl_info(f)),
        "Authentication-Results: bimi.icloud.com; bimi=none",
        "X-ARC-Info: policy=fail; arc=none",
        "Authentication-Results: arc.icloud.com; arc=none",
        "Authentication-Results: dmarc.icloud.com; dmarc=pass header.from=news.example.com",
        "X-DMARC-Info: pass=pass; dmarc-policy=quarantine; s=r1; d=r1; pdomain=example.com",
        "X-DMARC-Policy: v=DMARC1; p=quarantine; rua=mailto:dmarc-reports@example.com",
        "Authentication-Results: dkim-verifier.icloud.com;\n"
        f"\tdkim=pass (2048-bit key) header.d=news.example.com header.i=@news.example.com header.b={signature[:8]}",
        f"Authentication-Results: spf.icloud.com; spf=pass (spf.icloud.com: {who}) smtp.mailfrom={f['sender']}",
        f"Received-SPF: pass (spf.icloud.com: {who}) receiver=spf.icloud.com; client-ip={IP}; helo={HELO}; "
        f"envelope-from={f['sender']}",
        f"Received: from localhost (localhost [127.0.0.1])\n\tby mail1.example.com (Postfix) with ESMTP id {QUEUE_ID}\n"
        f"\tfor <{f['rcpt']}>; {day} +0000 (UTC)",
        f"DKIM-Signature: v=1; a=rsa-sha256; c=relaxed/relaxed; d=news.example.com; s=nl27;\n"
        f"\tt={epoch}; h=From:To:Subject:Date:Message-ID:List-Id:List-Unsubscribe:\n"
        f"\tList-Unsubscribe-Post:MIME-Version:Content-Type;\n\tbh={body_hash(text)};\n"
        + fold("\tb", signature, 74).replace(": ", "=", 1),
        "From: Example Weekly <weekly@news.example.com>",
        f"To: {NAME} <{f['rcpt']}>",
        "Subject: =?utf-8?Q?Example_Weekly=3A_soup=2C_snow=2C_and_a_slow_start_=E2=9D=84?=",
        f"Date: {day} +0000",
        f"Message-ID: <{f['mid']}>",
        "List-Id: Example Weekly <weekly.news.example.com>",
        f"List-Unsubscribe: <{CLICK}/u/{TOKEN}>,\n\t<mailto:unsubscribe+{TOKEN}@news.example.com>",
        "List-Unsubscribe-Post: List-Unsubscribe=One-Click",
        "Feedback-ID: 2026-53:weekly:news:example",
        "X-Campaign-Id: weekly-2026-53",
        fold("X-SG-EID", eid),
        "MIME-Version: 1.0",
        'Content-Type: multipart/alternative; boundary="=_weekly_53"',
        "X-CLX-Shades: Deliver",
        "X-CLX-UShades: None",
        "X-CLX-Score: 1005",
        "X-CLX-UnSpecialScore: None",
        "X-CLX-Spam: false",
        fold("X-MANTSH", mantsh(guid)),
        "X-Authority-Info: v=2.4 cv=ZdMQ98VA c=1 sm=1 tr=0 ts=" + f"{epoch:x} cx=c_apl:c_pps a=c3ludGhldGlj:117",
        f"X-Proofpoint-GUID: {guid}",
        f"X-Proofpoint-ORIG-GUID: {guid}",
        fold("X-Proofpoint-Spam-Details-Enc", "AW1haW4t" + b64(hashlib.sha256(b"enc").digest() * 3)),
        "X-Proofpoint-Virus-Version: vendor=baseguard engine=ICAP:2.0.293,Aquarius:18.0.1121,Hydra:6.1.9,\n"
        " FMLib:17.12.100.49 definitions=2027-01-01_05,2026-12-31_03,2025-10-01_01",
        "X-Proofpoint-Spam-Details: rule=notspam policy=default score=0 mlxscore=0 clxscore=1005\n"
        " malwarescore=0 adultscore=0 spamscore=0 phishscore=0 mlxlogscore=999 suspectscore=0\n"
        " bulkscore=0 classifier=spam authscore=0 adjust=0 reason=mlx scancount=1\n"
        " engine=8.22.0-2612240001 definitions=main-2701010142",
    ]
    return "\n".join(head) + "\n\n" + text


def suppression(f):
    """60 rows; some of the log's undeliverable addresses, none of its readers."""
    rng = random.Random(2027)
    gone = set()
    for line in gzip.open("log/maillog.gz", "rt"):
        m = re.search(r"to=<([^<>\"]+)>, relay=\S*icloud\.com.* said: 550 5\.1\.[16] ", line)
        if m and line.startswith("Dec"):
            gone.add(m[1])
    rows = [(a, "hard-bounce", "2026-12-31") for a in sorted(gone)[:8]]
    domains = ["icloud.com"] * 4 + ["me.com", "mac.com", "example.net", "example.org", "mail.example.org"]
    apple = ["icloud.com", "icloud.com", "me.com", "mac.com"]
    names = ["ada", "bo", "cem", "dee", "eli", "fay", "gil", "hana", "ines", "jan", "kai", "lou", "mia", "ned"]
    def address(pool):
        return f"{rng.choice(names)}.{rng.choice(['away', 'former', 'old', 'quiet'])}{rng.randint(10, 99)}@{rng.choice(pool)}"
    rows += [(address(apple), "inactive", "2026-12-31") for _ in range(18)]
    rows += [(address(domains), "inactive", "2026-11-30") for _ in range(12)]
    rows += [(address(domains), "unsubscribe", f"2026-12-{rng.randint(1, 30):02}") for _ in range(13)]
    rows += [(address(domains), "complaint", f"2026-12-{rng.randint(1, 30):02}") for _ in range(4)]
    rows += [(address(domains), "hard-bounce", f"2026-11-{rng.randint(1, 30):02}") for _ in range(5)]
    return "address,reason,date\n" + "".join(",".join(r) + "\n" for r in sorted(set(rows), key=lambda r: (r[2], r[1], r[0])))


def png(bgrx, width, height):
    """Colours in steps of 16 as a palette: small, and no text chunks."""
    palette, rows = {}, []
    for y in range(height):
        row = bytearray(1)
        for x in range(width):
            at = (y * width + x) * 4
            rgb = bytes(min(255, (v + 8) // 16 * 16) for v in (bgrx[at + 2], bgrx[at + 1], bgrx[at]))
            row.append(palette.setdefault(rgb, len(palette)))
        rows.append(bytes(row))
    def chunk(kind, data):
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
    return (b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 3, 0, 0, 0))
            + chunk(b"PLTE", b"".join(palette)) + chunk(b"IDAT", zlib.compress(b"".join(rows), 9)) + chunk(b"IEND", b""))


def picture(path):
    """The page as a browser would show it, 600 by 800."""
    c = ctypes.CDLL(ctypes.util.find_library("cairo"))
    for name in ("cairo_image_surface_create", "cairo_create"):
        getattr(c, name).restype = ctypes.c_void_p
    surface = ctypes.c_void_p(c.cairo_image_surface_create(1, 600, 800))
    cr = ctypes.c_void_p(c.cairo_create(surface))
    d = ctypes.c_double
    def box(x, y, w, h, rgb):
        c.cairo_set_source_rgb(cr, *(d(v) for v in rgb))
        c.cairo_rectangle(cr, d(x), d(y), d(w), d(h))
        c.cairo_fill(cr)
    def text(x, y, size, words, rgb=(0.13, 0.13, 0.13), bold=0):
        c.cairo_set_source_rgb(cr, *(d(v) for v in rgb))
        c.cairo_select_font_face(cr, b"DejaVu Sans", 0, bold)
        c.cairo_set_font_size(cr, d(size))
        c.cairo_move_to(cr, d(x), d(y))
        c.cairo_show_text(cr, words.encode())
    green, pale, blue = (0.18, 0.42, 0.31), (0.93, 0.95, 0.92), (0.1, 0.3, 0.6)
    box(0, 0, 600, 800, pale)
    box(24, 0, 552, 800, (1, 1, 1))
    box(48, 24, 504, 110, green)
    text(64, 92, 34, "Example Weekly", (1, 1, 1), 1)
    text(48, 172, 14, "Good morning,")
    text(48, 198, 14, "the year is short of a day, and nobody is in a hurry.")
    y = 244
    for head, words in STORIES:
        text(48, y, 19, head, bold=1)
        first, _, rest = words.partition(". ")
        text(48, y + 26, 14, first + ".")
        text(48, y + 46, 14, rest)
        text(48, y + 66, 14, "Read on", blue)
        y += 104
        if head.startswith("Soup"):
            box(48, y - 18, 200, 90, (0.85, 0.72, 0.45))
            text(84, y + 32, 14, "A bowl of soup")
            y += 100
    box(48, y - 10, 150, 38, green)
    text(64, y + 14, 14, "Visit the shop", (1, 1, 1))
    text(48, y + 62, 11, "You get Example Weekly because you asked for it at www.example.com/weekly.", (0.4, 0.4, 0.4))
    text(48, y + 80, 11, "Unsubscribe. Example Company, 1 Sample Street, 12345 Exampletown", (0.4, 0.4, 0.4))
    c.cairo_surface_flush(surface)
    c.cairo_image_surface_get_data.restype = ctypes.c_void_p
    pixels = ctypes.string_at(c.cairo_image_surface_get_data(surface), 600 * 800 * 4)
    with open(path, "wb") as out:
        out.write(png(pixels, 600, 800))


def main():
    f = from_log()
    for path, text in {"delivered/newsletter.eml": mail(f), "page/weekly.html": page(False),
                       "suppression.csv": suppression(f)}.items():
        with open(path, "w", newline="\n") as out:
            out.write(text)
    picture("page/weekly.png")


if __name__ == "__main__":
    main()
