#!/usr/bin/env python3
"""find-recipients.py LIST PATH...: is any address of LIST (one a line) in a file of PATH, in any of these forms?

plain in any case, VERP with = or - for the @, percent-encoded, quoted-printable, base64 at its three alignments, hex,
MD5, SHA-1 and SHA-256 in hex. Looked at are the bytes as they are, MIME parts and header values decoded, HTML with its
entities and data: URLs decoded, JSON strings decoded, file names. Prints file and form, never the address; exit 1 when
something was found. Made apart from the program, to check what the program says of itself.
"""
import base64
import email
import email.policy
import hashlib
import html
import json
import os
import quopri
import re
import sys
from urllib.parse import quote, unquote_to_bytes


def json_texts(value):
    if isinstance(value, dict):
        for k, v in value.items():
            yield k
            yield from json_texts(v)
    elif isinstance(value, list):
        for v in value:
            yield from json_texts(v)
    elif isinstance(value, str):
        yield value


def message_views(raw):
    message = email.message_from_bytes(raw, policy=email.policy.default)
    for part in message.walk():
        for name, value in part.items():
            yield f"{name}: {value}".encode("utf-8", "replace")
        if not part.is_multipart():
            yield part.get_payload(decode=True) or b""


def views(name, raw):
    yield os.fsencode(name)
    yield raw
    if name.endswith(".eml"):
        yield from message_views(raw)
    elif name.endswith(".html"):
        text = html.unescape(raw.decode("utf-8", "replace"))
        yield text.encode("utf-8", "replace")
        for data in re.findall(r"data:[\w/+-]+;base64,([A-Za-z0-9+/=]+)", text):
            yield base64.b64decode(data)
    elif name.endswith(".json"):
        for text in json_texts(json.loads(raw)):
            yield text.encode("utf-8", "replace")


def aligned(data):
    """What base64 of any text that holds `data` must hold."""
    for skip in range(3):
        text = base64.b64encode(b"\0" * skip + data).rstrip(b"=")
        text = text[-(-skip * 8 // 6):]
        whole = (len(data) + skip) % 3
        yield text[:-1] if whole else text


def forms(address):
    """(name, needle, case matters)"""
    local, _, domain = address.partition("@")
    for a in {address, address.lower()}:
        for text in aligned(a.encode()):
            yield "base64", text, True
            yield "base64url", text.translate(bytes.maketrans(b"+/", b"-_")), True
    low = address.lower()
    yield "plain", low.encode(), False
    yield "VERP =", f"{local}={domain}".lower().encode(), False
    yield "VERP -", f"{local}-{domain}".lower().encode(), False
    yield "percent", quote(low, safe="").lower().encode(), False
    yield "percent", "".join(f"%{b:02x}" for b in low.encode()).encode(), False
    yield "quoted-printable", low.replace("@", "=40").encode(), False
    yield "quoted-printable", "".join(f"={b:02x}" for b in low.encode()).encode(), False
    for a in {address, low}:
        yield "hex", a.encode().hex().encode(), False


def digests(address):
    for a in {address, address.lower(), address.upper()}:
        for algorithm in ("md5", "sha1", "sha256"):
            yield hashlib.new(algorithm, a.encode()).hexdigest().encode(), algorithm


def broken_base64(data):
    """Blocks of base64 over several lines, joined."""
    block = []
    for line in data.splitlines() + [b""]:
        line = line.strip()
        if re.fullmatch(rb"[A-Za-z0-9+/=_-]+", line):
            block.append(line)
        elif block:
            if len(block) > 1:
                yield b"".join(block)
            block = []


def main():
    with open(sys.argv[1], encoding="utf-8") as f:
        addresses = sorted({line.strip() for line in f if "@" in line})
    hashes = {h: algorithm for a in addresses for h, algorithm in digests(a)}
    needles = dict.fromkeys(n for a in addresses for n in forms(a))
    files = []
    for path in sys.argv[2:]:
        if os.path.isdir(path):
            files += [os.path.join(d, f) for d, _, names in os.walk(path) for f in names]
        else:
            files.append(path)
    found, looked_at = set(), set()
    for path in sorted(files):
        with open(path, "rb") as f:
            raw = f.read()
        seen = list(views(os.path.basename(path), raw))
        seen += [quopri.decodestring(v) for v in seen] + [unquote_to_bytes(v) for v in seen]
        seen += [b for v in seen for b in broken_base64(v)]
        # The same part stands in several files; where it was clean it is clean.
        exact = b"\n".join(v for v in dict.fromkeys(seen) if hash(v) not in looked_at)
        looked_at.update(map(hash, seen))
        low = exact.lower()
        for name, needle, case in needles:
            if needle in (exact if case else low):
                found.add((path, name))
        for run in re.findall(rb"[0-9a-f]{32,}", low):
            for size in (32, 40, 64):
                for i in range(len(run) - size + 1):
                    if run[i:i + size] in hashes:
                        found.add((path, hashes[run[i:i + size]]))
    for path, name in sorted(found):
        print(f"{path}: {name}")
    if not addresses or not files:
        print("nothing to look for, or nowhere to look")
        return 2
    return bool(found)


if __name__ == "__main__":
    sys.exit(main())
