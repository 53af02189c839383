#!/bin/sh
# Who fell to policy replies, and the plan to reach them again: properties over made-up lists.
. "$TOP_SRCDIR/tests/cli/lib.sh"
command -v python3 >/dev/null || skip "python3 is missing: it makes the lists and checks the plan"
export SOURCE_DATE_EPOCH=1782000000 PYTHONDONTWRITEBYTECODE=1 # 2026-06-21 00:00 UTC
cd "$tmp"

# make.py SEED: log, lists, engagement, and what each person is. Incident on 18 and 19 May.
cat >make.py <<'END'
import random, sys, json
r = random.Random(int(sys.argv[1]))
hosts = ["icloud.com", "me.com", "mac.com"]
lines, n = [], 0
def mail(day, who, status, answer, relay="mx01.mail.icloud.com[17.57.156.30]"):
    global n
    n += 1
    t = "2026-%02d-%02dT%02d:%02d:%02d.%06d+00:00" % (day[0], day[1], 14 + n % 3, n % 60, n * 7 % 60, n % 1000000)
    q = "%010X" % (0x1000000000 + n)
    lines.append((t, "%s mx1 postfix/smtp[99]: %s: to=<%s>, relay=%s:25, delay=1, delays=0/0/1/0, dsn=%s, status=%s (%s)"
        % (t, q, who, relay, "5.7.1" if "5.7.1" in answer else "5.1.1" if "5.1.1" in answer else "2.0.0", status, answer)))
policy = "host mx01.mail.icloud.com[17.57.156.30] said: 550 5.7.1 [CS01] Message rejected due to local policy. Please visit https://support.apple.com/en-us/HT204137 (in reply to end of DATA command)"
unknown = "host mx01.mail.icloud.com[17.57.156.30] said: 550 5.1.1 <%s>: user does not exist (in reply to RCPT TO command)"
truth, listed, engaged = {}, [], []
reasons = {"bounce": ["hard-bounce", "Soft Bounce", "blocked", "550 5.7.1 local policy"], "unsub": ["unsubscribe", "Unsubscribed", "opt-out", "List-Unsubscribe"],
           "complaint": ["complaint", "Spam report", "abuse"], "unknown": ["invalid address", "hard bounce: user unknown"],
           "inactive": ["inactive", "unengaged"], "other": ["manual", ""]}
for i in range(700):
    who = "%s%03d@%s" % (r.choice(["ana", "bo.q", "Cem", "dee_x"]), i, r.choice(hosts))
    kind = r.choices(list(reasons) + ["none", "late-unknown", "reached", "alias", "alias-other"], [50, 8, 6, 4, 5, 3, 12, 4, 4, 4, 4])[0]
    mail((5, r.choice([18, 19])), who, "bounced", policy)
    if kind == "late-unknown": mail((5, 24), who, "bounced", unknown % who)
    if kind == "reached": mail((5, 25), who, "sent", "250 2.0.0 Ok: queued as AB12CD34EF")
    if kind in reasons: listed.append((r.choice([who, who.upper(), "<%s>", "mailto:%s", "%s.", "'%s", "'%s'", "\u00a0%s\u200b", " <MAILTO:%s> "]).replace("%s", who), r.choice(reasons[kind]), "2026-05-%02d" % r.randint(10, 28)))
    if kind in ("late-unknown", "alias", "alias-other"): listed.append((who, "bounce", "2026-05-19"))
    if kind == "alias": # left under another of the names of that mailbox
        local, host = who.split("@")
        listed.append(("%s+news@%s" % (local, r.choice(hosts)), "unsubscribe", ""))
    if kind == "alias-other": # in words that nobody here knows
        local, host = who.split("@")
        listed.append(("%s@%s" % (local, r.choice([h for h in hosts if h != host])), r.choice(["cancelado", "ne plus \u00e9crire", "abgemeldet", ""]), ""))
    if kind in ("unsub", "complaint") and r.random() < .3: listed.insert(0, (who, "soft bounce", "2026-05-19"))
    e = r.choices(["click", "order", "", "open", "old", "unknown", "nodate", "future", "odd"], [30, 10, 10, 10, 10, 15, 5, 3, 3])[0]
    day = {"old": "2025-%02d-01" % r.randint(1, 12), "future": "2027-01-01", "nodate": ""}.get(e, "2026-%02d-%02d" % (r.randint(3, 5), r.randint(1, 28)))
    if e != "unknown": engaged.append((who, day, {"old": "click", "future": "click", "nodate": "click", "odd": "telepathy"}.get(e, e)))
    truth[who.lower()] = {"kind": kind, "engaged": e, "day": day}
for d in range(1, 60): mail((5, 1 + d % 14), "before%d@icloud.com" % d, "sent", "250 2.0.0 Ok: queued as AB12CD34EF")
for d in range(21, 31):
    for k in range(400): mail((5, d), "after%d.%d@icloud.com" % (d, k), "sent", "250 2.0.0 Ok: queued as AB12CD34EF")
for k in range(20): mail((5, 18), "gone%d@icloud.com" % k, "bounced", unknown % ("gone%d@icloud.com" % k))
for k in range(20): mail((5, 18), "other%d@example.net" % k, "bounced", policy.replace("mx01.mail.icloud.com[17.57.156.30]", "mx.example.net[192.0.2.99]"), "mx.example.net[192.0.2.99]")
listed += [("elsewhere@example.net", "unsubscribe", "2026-05-01"), ("silent@icloud.com", "bounce", "2026-05-18")]
r.shuffle(listed); r.shuffle(engaged); lines.sort()
open("mail.log", "w").write("".join(l + "\n" for _, l in lines))
open("list.csv", "w").write("address,reason,date\n" + "".join('"%s","%s",%s\n' % x for x in listed))
open("engaged.csv", "w").write("address,last_engaged,kind\n" + "".join("%s,%s,%s\n" % x for x in engaged))
json.dump(truth, open("truth.json", "w"))
END
# check.py CSV OPENS SIZE: what no plan may break.
cat >check.py <<'END'
import collections, csv, datetime, json, sys
truth = json.load(open("truth.json"))
rows = list(csv.DictReader(open(sys.argv[1], newline="")))
opens, size = sys.argv[2] == "opens", int(sys.argv[3])
assert rows, "an empty plan"
seen = [r["address"] for r in rows]
assert len(seen) == len(set(seen)), "somebody is in it twice"
ok_kind, ok_engaged = {"bounce", "none"}, {"click", "order", ""} | ({"open"} if opens else set())
for r in rows:
    t = truth[r["address"]]
    assert t["kind"] in ok_kind, (r, t)
    assert t["engaged"] in ok_engaged, (r, t)
    assert r["last_engaged"] == t["day"] and t["day"] >= "2026-02-17", (r, t)
want = {a for a, t in truth.items() if t["kind"] in ok_kind and t["engaged"] in ok_engaged}
sizes = collections.Counter(int(r["batch"]) for r in rows)
assert sorted(sizes) == list(range(1, len(sizes) + 1)) and max(sizes.values()) <= size and len(sizes) >= 5 and len(sizes) <= 30
assert set(sizes[b] for b in list(sizes)[:-1]) <= {max(sizes.values())}, "the cadence is not steady"
assert max(sizes.values()) <= max(1, len(want) // 5) and max(sizes.values()) <= 40, "a fifth of all, a tenth of a usual day"
assert set(seen) <= want and (len(sizes) == 30 or set(seen) == want)
for a, b in zip(rows, rows[1:]): # recently engaged first; opens behind all else
    assert int(a["batch"]) <= int(b["batch"])
    assert (a["engaged_by"] == "open", [-ord(c) for c in a["last_engaged"]]) <= (b["engaged_by"] == "open", [-ord(c) for c in b["last_engaged"]])
days = {int(r["batch"]): datetime.date.fromisoformat(r["send_on"]) for r in rows}
assert all((days[b + 1] - days[b]).days >= 2 for b in list(days)[:-1]) and days[1] > datetime.date(2026, 6, 20)
assert all(r["cohort"] == "apple-reactivation-%02d" % int(r["batch"]) for r in rows)
END
plan () { "$pp" suppressed --quiet --plan --list list.csv --engagement engaged.csv "$@" mail.log; }
for seed in 1 2 3; do
  python3 make.py $seed
  code "list $seed: a plan; rows that were not understood are told" 1 plan
  check "list $seed: where they stand" grep -q 'engaged.csv:[0-9]*: ' err
  check "list $seed: keeps the rules" python3 check.py out none 1000
  cp out first
  code "list $seed: with opens" 1 plan --count-opens --batch-size 7
  check "list $seed: keeps the rules with opens" python3 check.py out opens 7
  code "list $seed: again" 1 plan
  check "list $seed: the same bytes" cmp out first
done
# Without the rows that nobody understands the plan is clean: 0.
grep -v -e telepathy -e 2027 engaged.csv >e && mv e engaged.csv
code "a plan" 0 plan --output plan
check "it keeps the rules" sh -c 'head -1 plan/batch-01.csv >all.csv && for f in plan/batch-*.csv; do tail -n +2 "$f"; done >>all.csv && python3 check.py all.csv none 1000'
check "a file a batch, a hold list, the rules in words; for their owner alone" sh -c '
  [ "$(stat -c %a plan)" = 700 ] && [ -z "$(find plan -type f ! -perm 0600)" ] && [ -f plan/hold.csv ] && [ -f plan/plan.txt ]'
check "nobody is lost, nobody is on both" python3 -c '
import csv, glob, json
hold = {r["address"]: r["hold"] for r in csv.DictReader(open("plan/hold.csv", newline=""))}
sent = {r["address"] for f in glob.glob("plan/batch-*.csv") for r in csv.DictReader(open(f, newline=""))}
truth = json.load(open("truth.json"))
assert not set(hold) & sent and set(hold) | sent == set(truth)
for a, t in truth.items():
    want = {"unsub": "unsubscribed", "alias": "unsubscribed", "alias-other": ("other", "unsubscribed"), "complaint": "complained", "late-unknown": "unknown-user", "unknown": "unknown-user", "inactive": "inactive", "other": "other", "reached": "reached"}.get(t["kind"])
    assert want is None or hold.get(a) in (want if isinstance(want, tuple) else (want,)), (a, t, hold.get(a))
'
check "the pause rule" grep -q '^PAUSE RULE' plan/plan.txt
code "a plan that is there stays" 73 plan --output plan
code "all at once is refused" 64 plan --batch-size 100000
check "with the reason" grep -q 'reactivating all at once' err
code "so is a third" 64 plan --batch-size 90
code "batches of nobody" 64 plan --batch-size 0
code "batches without a pause" 64 plan --every 1
code "no list" 64 "$pp" suppressed --plan --engagement engaged.csv mail.log
code "no engagement" 64 "$pp" suppressed --plan --list list.csv mail.log
if [ -r /proc/self/mem ]; then
  code "a file that cannot be read to its end" 74 "$pp" suppressed --quiet --plan --list list.csv --engagement /proc/self/mem mail.log
  check "is named" grep -q '/proc/self/mem: ' err
fi
code "no log" 64 "$pp" suppressed --plan --list list.csv --engagement engaged.csv
code "as JSON" 0 plan --json
check "the same people" python3 -c '
import csv, glob, json
p = json.load(open("out"))["plan"]
sent = {(r["address"], int(r["batch"])) for f in glob.glob("plan/batch-*.csv") for r in csv.DictReader(open(f, newline=""))}
assert p["open"] and all(g["ok"] for g in p["gates"]) and {(a, b["batch"]) for b in p["batches"] for a in b["addresses"]} == sent
'
code "a plan that begins today" 0 "$pp" suppressed --quiet --plan --list list.csv --engagement engaged.csv --start 2026-06-21 mail.log
code "one that began before" 64 "$pp" suppressed --quiet --plan --list list.csv --engagement engaged.csv --start 2026-06-20 mail.log
check "is told why" grep -q 'that day is over' err
grep -v -i -e unsub -e opt-out -e complaint -e spam -e abuse -e abgemeldet -e cancel list.csv >few.csv
code "lists without anybody who left" 1 "$pp" suppressed --quiet --plan --list few.csv --engagement engaged.csv mail.log
check "are doubted" grep -q 'no list says who unsubscribed' err
printf 'broken "row, ana\nana000@icloud.com;x,unsubscribe' | cat list.csv - >torn.csv
code "a list that is damaged" 1 "$pp" suppressed --quiet --plan --list torn.csv --engagement engaged.csv mail.log
check "is named" grep -q 'torn.csv:[0-9]*: ' err
code "--log and several lists" 0 "$pp" suppressed --quiet --plan --list few.csv --list list.csv --engagement engaged.csv --log mail.log
check "the same plan" sh -c 'head -1 plan/batch-01.csv >w && for f in plan/batch-*.csv; do tail -n +2 "$f"; done >>w && cmp out w'

# Too early, or back again: no batch at all.
grep -v -e '2026-05-2[2-9]T' -e '2026-05-30T' mail.log >early.log
code "a day after" 1 "$pp" suppressed --plan --list list.csv --engagement engaged.csv early.log
check "nobody is written to" test ! -s out
check "and why" sh -c 'grep -q "^No reactivation yet" err && grep -q "^  NO  " err'
sed 's/\(T15.*after30\.[0-9]*@.*\)dsn=2.0.0, status=sent (.*/\1dsn=5.7.1, status=bounced (host mx01.mail.icloud.com[17.57.156.30] said: 550 5.7.1 [CS02] Message rejected due to local policy. (in reply to end of DATA command))/' mail.log >back.log
code "refusals are back" 1 "$pp" suppressed --plan --since 2026-05-18 --until 2026-05-19 --list list.csv --engagement engaged.csv --output nothing back.log
check "said" grep -q 'policy refusals are back: .* in 2026-05-30' err
check "and nothing is made" test ! -e nothing

# The list itself.
code "who fell" 0 "$pp" suppressed --list list.csv mail.log
check "a table without an address" sh -c 'grep -q "fell to policy replies" out && grep -q "20  refused with 5.1.x alone" out && grep -q " 1  on the list as bounced" out && ! grep -q "@" out'
code "as a file" 0 "$pp" suppressed --list list.csv --output fell.csv mail.log
check "0600" test "$(stat -c %a fell.csv)" = 600
code "which stays" 73 "$pp" suppressed --list list.csv --output fell.csv mail.log
check "and is named, with a way out" grep -q "^postpacket: fell.csv: is there already.*name another" "$tmp/err"
check "policy alone" python3 -c '
import csv, json
truth = json.load(open("truth.json"))
rows = {r["address"]: r for r in csv.DictReader(open("fell.csv", newline=""))}
assert set(rows) == {a for a, t in truth.items() if t["kind"] in ("bounce", "none")}
assert all(r["tag"] == "CS01" and r["code"] == "550" and r["refused"] == "1" and r["first"][:10] in ("2026-05-18", "2026-05-19") for r in rows.values())
'
code "in a window" 0 "$pp" suppressed --list list.csv --csv --since 2026-05-19 mail.log
check "which it keeps to" sh -c 'grep -q "2026-05-19T" out && ! grep -q "2026-05-18T" out'
# Orders recovered in March; the newsletter, a hundredth of them, is refused on. By all mail together the incident is over.
python3 - >two.csv <<'END'
import datetime
print("type,timeLogged,orig,rcpt,dsnStatus,dsnDiag,dsnMta,dlvSourceIp,vmta,header_Message-Id")
start, n = datetime.datetime(2026, 3, 1, tzinfo=datetime.timezone.utc), 0
def mail(day, minute, stream, bad):
    global n
    n += 1
    t = (start + datetime.timedelta(days=day, minutes=minute)).strftime("%Y-%m-%d %H:%M:%S+0000")
    print(f"{'b' if bad else 'd'},{t},b@{stream}.example.com,{stream}{n}@icloud.com,{'5.7.1,smtp;554 5.7.1 [CS01] Message rejected due to local policy.' if bad else '2.0.0,smtp;250 2.0.0 OK'},"
          f"mx01.mail.icloud.com (17.57.154.33),192.0.2.10,v,<{n}@x.example.com>")
for day in range(20):
    for m in range(1440):
        mail(day, m, "tx", 5 <= day < 7 and m % 2)
        if m % 100 == 50: mail(day, m, "news", day >= 5)
END
code "one stream of two goes on" 0 "$pp" suppressed --csv two.csv
check "its readers fell, too" test "$(grep -c '^news' out),$(grep -c '^tx' out)" = 210,1440
code "of that no plan is made" 1 "$pp" suppressed --plan --list list.csv --engagement engaged.csv two.csv
check "since it is not over" grep -q 'the sources show 0 days of mail to Apple after the incident' err
code "as JSON" 0 "$pp" suppressed --json --list list.csv mail.log
check "counts agree with it" python3 -c '
import collections, json
o = json.load(open("out")); c = collections.Counter(r["group"] for r in o["recipients"])
assert all(c[g] == n for g, n in o["counts"].items() if g in c) and o["counts"]["policy"] == c["policy"] and o["from"] < o["to"]
'
# Of each stream one mail a day is refused. Fifty are refused on two days, and the fifty-first, with fewer refusals than each of
# them, goes on being refused, which the sum of all does not show.
awk 'BEGIN {
  print "type,timeLogged,orig,rcpt,dsnStatus,dsnDiag,dsnMta,dlvSourceIp,vmta,header_Message-Id"
  for (day = 1; day <= 14; day++) for (k = 0; k < 40; k++) for (s = 0; s <= 50; s++) {
    bad = s < 50 ? day == 5 || day == 6 || k == 20 : day > 4 ? k % 5 == 0 : k == 20
    printf "%s,2026-03-%02d %02d:%02d:%02d+0000,b@%s.example.com,r%d.%d.%d@icloud.com,%s,mx01.mail.icloud.com (17.57.154.33),192.0.2.10,v,<%d.%d.%d@x.example.com>\n", \
      bad ? "b" : "d", day, 8 + k / 10, k % 10 * 6, s, s < 50 ? "s" s : "club", day, k, s, bad ? "5.7.1,smtp;554 5.7.1 [CS01] Message rejected due to local policy." : "2.0.0,smtp;250 2.0.0 OK", day, k, s
  }
}' >"$tmp/many.csv"
# Two incidents a month apart; who fell in the first one is on the list as bounced, as is somebody whose mail was accepted.
awk 'BEGIN {
  print "type,timeLogged,orig,rcpt,dsnStatus,dsnDiag,dsnMta,dlvSourceIp,vmta,header_Message-Id"
  for (m = 3; m <= 4; m++) for (day = 1; day <= 28; day++) for (k = 0; k < 100; k++) {
    bad = day > 9 && day < 12 && k % 3 == 0
    printf "%s,2026-%02d-%02d %02d:%02d:00+0000,b@news.example.com,r%d.%d@icloud.com,%s,mx01.mail.icloud.com (17.57.154.33),192.0.2.10,v,<%d.%d.%d@x.example.com>\n", \
      bad ? "b" : "d", m, day, 8 + k / 10, k % 10 * 6, m, k, bad ? "5.7.1,smtp;554 5.7.1 [CS01] Message rejected due to local policy." : "2.0.0,smtp;250 2.0.0 OK", m, day, k
  }
  print "b,2026-03-02 07:00:00+0000,b@news.example.com,gone@icloud.com,5.1.1,smtp;550 5.1.1 <gone@icloud.com>: user does not exist,mx01.mail.icloud.com (17.57.154.33),192.0.2.10,v,<g1@x.example.com>"
  print "b,2026-04-10 12:30:00+0000,b@news.example.com,gone@icloud.com,5.1.1,smtp;550 5.1.1 <gone@icloud.com>: user does not exist,mx01.mail.icloud.com (17.57.154.33),192.0.2.10,v,<g2@x.example.com>"
}' >"$tmp/twice.csv"
printf 'address,reason\nr3.0@icloud.com,bounce\nr3.1@icloud.com,bounce\nnever@icloud.com,bounce\n' >"$tmp/bounced.csv"
code "two incidents" 0 "$pp" suppressed --quiet --since 2026-04-10 --list "$tmp/bounced.csv" "$tmp/twice.csv"
check "the window is given" grep -q '^Recipients at Apple refused 2026-04-10T00:00:00Z to [^(]*$' out
code "without one" 0 "$pp" suppressed --quiet --list "$tmp/bounced.csv" "$tmp/twice.csv"
check "it is the newest" grep -q '(the newest of 2 incidents that the sources show)' out
check "the others are counted" grep -q ' 34  refused by policy at other times' out
check "who was answered did not go without an answer" grep -q '  1  on the list as bounced, with no answer in these sources' out
printf 'address,last_engaged,kind\nr4.0@icloud.com,2026-04-01,click\n' >"$tmp/clicks.csv"
code "a plan of it" 1 "$pp" suppressed --quiet --plan --list "$tmp/bounced.csv" --engagement "$tmp/clicks.csv" --output "$tmp/planned" "$tmp/twice.csv"
check "says who is in none" grep -q '^Not looked at: 34 refused by policy at other times' "$tmp/planned/plan.txt"
code "without one" 0 "$pp" suppressed --quiet --list "$tmp/bounced.csv" "$tmp/twice.csv"
check "unknown before and in it" grep -q '  1  refused with 5.1.x alone' out
code "fifty-one streams" 0 "$pp" suppressed --quiet "$tmp/many.csv"
check "the window is that of the last one, too" grep -q '^Recipients at Apple refused .* to 2026-03-14T11:30:50Z' "$tmp/out"
finish
