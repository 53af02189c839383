#!/usr/bin/env python3
"""bench.py POSTPACKET FOLDER [--size MB] [--rounds N] [--only NAME]...: the program beside yardsticks on the same log, in turn,
on one processor, the page cache warm. Printed: the median seconds, and the median of the ratios of each round with its goal.
What is counted is held against the truth first. FOLDER keeps the logs and results.json."""
import argparse, json, os, platform, re, shutil, statistics, subprocess, sys, time

here = os.path.dirname(os.path.abspath(__file__))
args = argparse.ArgumentParser(description=__doc__)
args.add_argument("program")
args.add_argument("folder")
args.add_argument("--size", type=int, default=1000, help="megabytes of a log")
args.add_argument("--rounds", type=int, default=9)
args.add_argument("--only", action="append")
args = args.parse_args()
os.makedirs(args.folder, exist_ok=True)
GREP = "LC_ALL=C grep -F -c icloud.com {log} | cat"  # into a pipe: to /dev/null grep stops at the first match
MAWK = "mawk -f {here}/trend.awk {log}"

# name, kind of log (@ and its megabytes, where they are not as asked), how it is packed, options, {yardstick: (command, goal as a ratio or None)}
CASES = [
    ("postfix", "postfix", "", "--jobs 1", {"grep": (GREP, 0.70), "wc -l": ("wc -l {log}", 3.2), "mawk": (MAWK, 0.20), "rg": ("rg --no-mmap -F -c icloud.com {log}", None)}),
    ("postfix, Apple only", "postfix", "", "--jobs 1 --apple-only", {"grep": (GREP, 0.50), "wc -l": ("wc -l {log}", 2.3), "mawk": (MAWK, 0.14)}),
    ("postfix, 100 MB", "postfix@100", "", "--jobs 1", {"pflogsumm": ("pflogsumm {log}", 1 / 130)}),
    ("…, Apple only", "postfix@100", "", "--jobs 1 --apple-only", {"pflogsumm": ("pflogsumm {log}", 1 / 180)}),
    ("postfix, RFC 3339", "postfix-rfc3339", "", "--jobs 1", {"grep": (GREP, 0.70), "wc -l": ("wc -l {log}", 3.2)}),
    ("postfix, all processors", "postfix", "", "", {"one thread": ("{program} scan --json --quiet --jobs 1 {log}", 0.60), "grep": (GREP, 1.0)}),
    ("postfix, 4 GB, all", "postfix@4000", "", "", {"one thread": ("{program} scan --json --quiet --jobs 1 {log}", 0.60)}),
    ("postfix, 4 GB", "postfix@4000", "", "--jobs 1", {"wc -l": ("wc -l {log}", 3.2)}),
    ("none removed", "postfix-kept", "", "--jobs 1", {"wc -l": ("wc -l {log}", None)}),
    ("Exim", "exim", "", "--jobs 1", {"wc -l": ("wc -l {log}", 3.0)}),
    ("gzip", "postfix", "gz", "--jobs 1", {"zcat": ("zcat {log}", 0.30), "igzip": ("igzip -dc {log}", 1.25)}),
    ("zstd", "postfix", "zst", "--jobs 1", {"zstdcat": ("zstdcat {log}", 1.15)}),
    ("PowerMTA", "pmta", "", "--jobs 1", {"wc -l": ("wc -l {log}", 1.4)}),
    ("PowerMTA, Apple only", "pmta", "", "--jobs 1 --apple-only", {"wc -l": ("wc -l {log}", 1.4)}),
    ("KumoMTA", "kumo", "", "--jobs 1", {"wc -l": ("wc -l {log}", 1.4)}),
    ("KumoMTA, Apple only", "kumo", "", "--jobs 1 --apple-only", {"wc -l": ("wc -l {log}", 1.4)}),
    ("SendGrid", "sendgrid", "", "--jobs 1", {"wc -l": ("wc -l {log}", 1.4)}),
    ("SendGrid, Apple only", "sendgrid", "", "--jobs 1 --apple-only", {"wc -l": ("wc -l {log}", 1.4)}),
    ("bounces, half Apple's", "bounces", "", "", {"GMime": ("{gmime} {log}", 0.60)}),
    ("bounces, none Apple's", "bounces-other", "", "", {"GMime": ("{gmime} {log}", 0.10)}),
    ("none, Apple only", "bounces-other", "", "--apple-only", {"GMime": ("{gmime} {log}", 0.10)}),
]


def gmime():
    """A loop that parses mails with GMime, compiled here; its path, whether it is there or not."""
    path = os.path.abspath(os.path.join(args.folder, "gmime-parse"))
    source = f"{here}/gmime-parse.c"
    if shutil.which("cc") and shutil.which("pkg-config") and not os.path.exists(path):
        subprocess.run(f"cc -O2 -o {path} {source} $(pkg-config --cflags --libs gmime-3.0)", shell=True)
    return path


def make(kind, packed):
    kind, _, size = kind.partition("@")
    n = 10000 if kind.startswith("bounces") else int(size or args.size)
    log = os.path.join(args.folder, f"{kind}-{n}")
    if not os.path.exists(log + ".truth.json"):
        print(f"making {log}", file=sys.stderr)
        subprocess.run([sys.executable, f"{here}/genlog.py", kind, str(n), log], check=True)
    tool = {"gz": "gzip -6", "zst": "zstd -q -3"}.get(packed)
    if tool and not os.path.exists(f"{log}.{packed}"):
        subprocess.run(f"{tool} -c {log} >{log}.{packed}.part && mv {log}.{packed}.part {log}.{packed}", shell=True, check=True)
    return log + ("." + packed if packed else ""), json.load(open(log + ".truth.json"))


def check(log, options, truth):
    """Its counts are the truth's; its peak memory in MB."""
    env = dict(os.environ, SOURCE_DATE_EPOCH="1796000000")
    run = subprocess.run(f"{args.program} scan --json --quiet --stats {options} {log}", shell=True, env=env, capture_output=True, text=True)
    apple = json.loads(run.stdout)["apple"]
    for key in ("delivered", "deferred", "bounced"):
        if apple[key] != truth[key]:
            sys.exit(f"{log}: {key} {apple[key]}, the truth is {truth[key]}")
    return int(re.search(r"peak memory ([0-9,]+) MB", run.stderr)[1].replace(",", ""))


def timed(command, pinned):
    cpu = max(os.sched_getaffinity(0))
    start = time.monotonic()
    pin = (lambda: os.sched_setaffinity(0, {cpu})) if pinned else None
    run = subprocess.run(command, shell=True, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, preexec_fn=pin)
    wall = time.monotonic() - start
    return wall if run.returncode in (0, 1) else None


def measure(name, kind, packed, options, yardsticks):
    log, truth = make(kind, packed)
    memory = check(log, options, truth)
    words = dict(log=log, here=here, program=args.program, gmime=gmime() if kind.startswith("bounces") else "")
    ours = f"{args.program} scan --json --quiet {options} {log}"
    there = {y: c for y, (c, _) in yardsticks.items() if c.startswith("{program}") or shutil.which([w for w in c.format(**words).split() if "=" not in w][0])}
    pinned = not name.endswith((" all", " all processors"))
    rounds = []
    for i in range(args.rounds + 1):  # the first warms the cache
        one = {"ours": timed(ours, pinned), **{y: timed(c.format(**words), pinned) for y, c in there.items()}}
        if i and all(one.values()):
            rounds.append(one)
    rows = []
    for y, (_, goal) in yardsticks.items():
        if y not in there:
            rows.append((y, None, None, goal))
            continue
        ratio = statistics.median(r["ours"] / r[y] for r in rounds)
        rows.append((y, statistics.median(r[y] for r in rounds), ratio, goal))
    return statistics.median(r["ours"] for r in rounds), memory, rows


def figures(ratio):
    return f"{ratio:.2f}" if ratio >= 0.1 else f"{ratio:.4f}"


def first_line(command):
    run = subprocess.run(command, shell=True, capture_output=True, text=True)
    return (run.stdout or run.stderr).splitlines()[:1]


model = [l.split(":", 1)[1].strip() for l in open("/proc/cpuinfo") if l.startswith("model name")][:1]
print(f"{(model or [platform.machine()])[0]}, {os.cpu_count()} processors, Linux {platform.release()}; {args.size} MB a log, medians of {args.rounds}\n")
print(f"{'log':25}{'seconds':>9}{'MB':>5}  {'yardstick':12}{'seconds':>9}{'ratio':>8}{'goal':>7}")
results = {"machine": model, "kernel": platform.release(), "megabytes": args.size, "rounds": args.rounds, "cases": []}
for case in CASES:
    if args.only and case[0] not in args.only:
        continue
    seconds, memory, rows = measure(*case)
    for i, (y, wall, ratio, goal) in enumerate(rows):
        head = f"{case[0]:25}{seconds:9.3f}{memory:5}" if i == 0 else " " * 39
        shown = f"{wall:9.3f}{figures(ratio):>8}" if wall else f"{'is not installed':>17}"
        late = " missed" if ratio and goal and ratio > goal else ""
        print(f"{head}  {y:12}{shown}{figures(goal) if goal else '':>7}{late}")
    results["cases"].append({"log": case[0], "seconds": seconds, "MB": memory, "yardsticks": [dict(zip(("name", "seconds", "ratio", "goal"), r)) for r in rows]})
results["versions"] = [v[0] for v in map(first_line, ("grep --version", "wc --version", "mawk -W version", "rg --version", "gzip --version", "igzip --version", "zstd --version")) if v]
print("\n" + "; ".join(results["versions"]))
with open(os.path.join(args.folder, "results.json"), "w") as f:
    json.dump(results, f, indent=1)
