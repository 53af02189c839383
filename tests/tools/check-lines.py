#!/usr/bin/env python3
"""check-lines.py POSTPACKET FILE...: each block of lines gives the events written below it; TAP.

    == TITLE                      what the block shows; its row
    -- format postfix             what `formats --probe` names; left out where a fragment tells nothing
    -- options --year 2025        of `scan`, in place of OPTIONS
    -- name bounce.eml            of the file that holds the lines
    -- map {"columns": …}         what stands in lines.map, for --map-file
    -- exit 65                    of `scan`, in place of 0
    -- escapes                    \\x00, \\r, \\\\ in the lines stand for these bytes
    lines of the log
    =>
    {"outcome": "deferred", …}    an event of `scan --events`, some of its keys; none: no event
"""
import codecs, concurrent.futures, json, os, subprocess, sys, tempfile

OPTIONS = ["--log-timezone", "UTC", "--year", "2026"]
LIMIT_S = 60


class Block:
    def __init__(self, title):
        self.title, self.format, self.map = title, None, None
        self.options, self.name = OPTIONS, "lines.log"
        self.exit, self.escapes, self.lines, self.events = 0, False, [], []

    def bytes(self):
        text = "".join(line + "\n" for line in self.lines).encode()
        return codecs.escape_decode(text)[0] if self.escapes else text

    def head(self, line):
        key, _, value = line[3:].partition(" ")
        if key in ("format", "name", "map"):
            setattr(self, key, value)
        elif key == "options":
            self.options = value.split()
        elif key == "exit":
            self.exit = int(value)
        elif key == "escapes":
            self.escapes = True
        else:
            raise ValueError(f"{self.title}: -- {key} is no key")


def read(text):
    blocks, at = [], "events"
    for line in text.split("\n"):
        if at != "lines" and line.startswith("== "):
            blocks.append(Block(line[3:]))
            at = "head"
        elif at == "head" and line.startswith("-- "):
            blocks[-1].head(line)
        elif at in ("head", "lines"):
            at = "events" if line == "=>" else "lines"
            if at == "lines":
                blocks[-1].lines.append(line)
        elif line and not line.startswith("#"):
            blocks[-1].events.append(json.loads(line))
    if at != "events":
        raise ValueError(f"{blocks[-1].title}: no => below its lines")
    return blocks


def run(program, folder, *args):
    return subprocess.run([program, *args], cwd=folder, capture_output=True, timeout=LIMIT_S,
                          stdin=subprocess.DEVNULL, text=True, errors="replace")


def differences(program, block):
    """What is not as the block says, a sentence each."""
    wrong = []
    with tempfile.TemporaryDirectory() as folder:
        with open(os.path.join(folder, block.name), "wb") as f:
            f.write(block.bytes())
        if block.map:
            with open(os.path.join(folder, "lines.map"), "w", encoding="utf-8") as f:
                f.write(block.map)
        if block.format:
            told = run(program, folder, "formats", "--probe", block.name).stdout
            if f": {block.format} (" not in told:
                wrong.append(f"format: want {block.format}, told {told.strip()}")
        scan = ["scan", "--events", "--quiet", *block.options]
        got = run(program, folder, *scan, block.name)
        slow = run(program, folder, *scan, "--reference", block.name)
    if got.returncode != block.exit:
        wrong.append(f"exit {got.returncode}, want {block.exit}: {got.stderr.strip()}")
    if got.stdout != slow.stdout:
        wrong.append("read line by line it gives: " + slow.stdout.strip())
    events = [json.loads(line) for line in got.stdout.splitlines()]
    if len(events) != len(block.events):
        wrong.append(f"{len(events)} events, want {len(block.events)}")
    for n, (want, event) in enumerate(zip(block.events, events), 1):
        for key, value in want.items():
            if key not in event:
                wrong.append(f"event {n}: no key {key}")
            elif event[key] != value or isinstance(event[key], bool) != isinstance(value, bool):
                wrong.append(f"event {n}: {key} is {json.dumps(event[key], ensure_ascii=False)}, "
                             f"want {json.dumps(value, ensure_ascii=False)}")
    if wrong:
        wrong += ["got " + line for line in got.stdout.splitlines()]
    return wrong


RIGHT = """== right
-- format postfix
Mar  3 10:00:00 mail postfix/smtp[7]: 7A05611F001: to=<a@icloud.com>, relay=mx01.mail.icloud.com[17.57.156.30]:25, delay=1, delays=0/0/1/0, dsn=2.0.0, status=sent (250 2.0.0 Ok)
=>
{"outcome": "delivered", "recipient": "a@icloud.com", "code": 250, "sender": null}
"""
FAULTS = [("another value", '"code": 250', '"code": 550'), ("another kind of value", '"code": 250', '"code": "250"'),
          ("null", '"sender": null', '"sender": ""'), ("a key that is not there", '"code"', '"codes"'),
          ("an event less", '{"outcome"', '#'), ("an event more", '{"outcome"', '{}\n{"outcome"'),
          ("another format", "format postfix", "format exim"), ("another status", "-- format", "-- exit 65\n-- format")]


def self_test(program):
    """The comparison finds what is wrong on purpose: rows of its own."""
    yield "self-test: nothing is wrong", differences(program, read(RIGHT)[0])
    for what, old, new in FAULTS:
        found = differences(program, read(RIGHT.replace(old, new))[0])
        yield f"self-test: {what} is found", [] if found else ["it was not"]


def rows(program, paths):
    yield from self_test(program)
    with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
        for path in paths:
            name = os.path.splitext(os.path.basename(path))[0]
            with open(path, encoding="utf-8", newline="") as f:
                blocks = read(f.read())
            yield f"{name}: has blocks", [] if blocks else ["none"]
            for block, wrong in zip(blocks, pool.map(lambda b: differences(program, b), blocks)):
                yield f"{name}: {block.title}", wrong


def main():
    n = 0
    for n, (title, wrong) in enumerate(rows(sys.argv[1], sys.argv[2:]), 1):
        for sentence in wrong:
            print("# " + sentence.replace("\n", "\n# "))
        print(f"{'not ok' if wrong else 'ok'} {n} - {title.replace('#', '')}", flush=True)
    print(f"1..{n}")


main()
