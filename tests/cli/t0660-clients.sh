#!/bin/sh
# In the packet of one client of a platform every other client is private: brand, stream, domains, campaigns, and who
# else sends in the logs.
. "$TOP_SRCDIR/tests/cli/lib.sh"
command -v python3 >/dev/null || skip "python3 is missing: it makes the cases"
export SOURCE_DATE_EPOCH=1798830000 TMP_TEST="$tmp" PYTHONDONTWRITEBYTECODE=1
cat >"$tmp/make.py" <<'PY'
import gzip, json, os, re, shutil, sys
top, tmp = os.environ["TOP_SRCDIR"], os.environ["TMP_TEST"]
name, change = sys.argv[1], sys.argv[2]
folder = f"{tmp}/{name}"
shutil.copytree(top + "/samples/outage", folder)
os.system(f"chmod -R u+w {folder}")
c = json.load(open(folder + "/case.json"))
c["company"] = {"name": "Example Platform", "role": "platform"}
c["streams"][1].update(name="Harbour Lights daily", brand="Harbour Lights", match={
    "from_domain": ["tx.example.com"], "return_path_domain": ["tx.example.com"], "campaign": ["hl-winter-77"]})
c["domains"]["from"] = ["news.example.com"]
for ip in c["sending_ips"]:
    ip["streams"][1] = "Harbour Lights daily"
raw = gzip.open(folder + "/log/maillog.gz", "rt").read()
# A third client stands in the logs alone.
assert "@tx.example.com>" in raw
lines = []
for n, who in enumerate(("quayside.example.net", "em.gullnews.example.org")):
    q = f"4F00DB12A{n}7"
    lines += [f"Jan 01 17:5{n}:01 mail1 postfix/cleanup[11002]: {q}: message-id=<third.{n}@mail1.example.com>",
              f"Jan 01 17:5{n}:01 mail1 postfix/qmgr[9922]: {q}: from=<bounce@{who}>, size=700, nrcpt=1 (queue active)",
              f"Jan 01 17:5{n}:02 mail1 postfix/mta1/smtp[11003]: {q}: to=<reader.third{n}@icloud.com>, "
              "relay=mx01.mail.icloud.com[17.57.156.30]:25, delay=0.9, delays=0/0.1/0.3/0.5, dsn=2.0.0, status=sent "
              "(250 2.0.0 Ok: queued as 266A7F45AC9)", f"Jan 01 17:5{n}:02 mail1 postfix/qmgr[9922]: {q}: removed"]
reply = "550 5.7.1 [CS02] Message rejected due to local policy."
if "reply" in change:
    raw = raw.replace(reply, reply + " See Harbour  Lights at www.tx.example.com, quayside.example.net and gullnews.example.org", 3)
    assert "gullnews" in raw
# In whatever is written of it: words without blanks, in another case, a label in names of hosts and pools.
forms = "harbour-lights HarbourLights Harbour_Lights_2027 hl_winter_77 tx-example-com mta-3.quayside.pool /gullnews/a.png x:quayside:y"
if "forms" in change:
    raw = raw.replace(reply, reply + " " + forms, 3)
    assert raw.count("hl_winter_77") == 3
if "named" in change:
    c["streams"][1]["brand"] = "Target"
    c["incident"]["description"] += " The target-group is the same, and our target, too."
if "signs" in change: # a brand of two words and a sign, with a letter that ids lack, and its link on the page
    c["streams"][1]["brand"] = "S\u00f8rby & Lund"
    c["streams"][1]["match"]["from_domain"].append("xn--lvby-gra.example.net")
    raw = raw.replace(reply, reply + " for S\u00f8rby & Lund, S\u00d8RBY AND LUND, Soerby &Lund at /sorby_lund/a.png and l\u00f8vby.example.net", 3)
    page = open(folder + "/page/weekly.html").read()
    assert "</body>" in page
    open(folder + "/page/weekly.html", "w").write(page.replace("</body>", '<p><a href="https://www.xn--lvby-gra.example.net/">From S&oslash;rby &amp; Lund</a></p></body>'))
if "ids" in change: # some ids of ours bear another client's
    n = 0
    for old in re.findall("message-id=<m[0-9.a-f]+@", raw):
        n += 1
        if n % 2:
            raw = raw.replace(old, old.replace("<m", "<harbour-lights.m"))
    assert n > 50
if "hosts" in change:
    c["sending_ips"][0]["helo"] = "harbour-lights.mta.example.com"
if "stated" in change:
    c["incident"]["description"] += " HARBOUR LIGHTS is not affected."
if "domain" in change:
    c["incident"]["description"] += " Mail of em.gullnews.example.org is not affected."
if "listed" in change: # a platform knows the domains of all
    c["streams"][1]["brand"] = "Harbour Lights"
    c["streams"][1]["match"]["from_domain"].append("news.harbourlights.example.net")
    c["domains"]["from"] += ["tx.example.com", "news.harbourlights.example.net"]
if "sender" in change:
    c["company"]["role"] = "sender"
gzip.open(folder + "/log/maillog.gz", "wt").write(raw + "\n".join(lines) + "\n")
mail = open(folder + "/delivered/newsletter.eml").read()
if "hosts" in change:
    mail = mail.replace("Received: from mta1.example.com (", "Received: from harbour-lights.mta.example.com (")
    mail = mail.replace("List-Id: Example Weekly <weekly.", "List-Id: Example Weekly <quayside.")
    mail = mail.replace("s=nl27", "s=harbourlights27")
    mail = mail.replace("https://click.news.example.com/u/", "https://harbour-lights.news.example.com/u/")
mail = mail.replace("X-Campaign-Id:", "X-Mailer: Harbour Lights Mailer\nX-Complaints-To: abuse@tx.example.com\nX-Campaign-Id:")
open(folder + "/delivered/newsletter.eml", "w").write(mail)
json.dump(c, open(folder + "/case.json", "w"), indent=1)
PY
build () { # NAME CHANGES STATUS
  python3 "$tmp/make.py" "$1" "$2"
  code "$1: built" "$3" "$pp" build --quiet --map mta1=192.0.2.10 --map mta2=192.0.2.11 --output "$tmp/$1-packet" "$tmp/$1/case.json"
}
none () { # NAME: no other client in what goes out or is shown
  for word in 'harbour.{0,3}lights' 'hl.winter.77' 'tx.example.com' 'tx\.example\.com' hl-winter-77 quayside gullnews; do
    check "$1: no $word" sh -c '! grep -rEiq "$2" "$1"' sh "$tmp/$1-packet" "$word"
  done
}
build plain "" 1
none plain
build reply "reply" 1
none reply
check "reply: marks instead" grep -rqE 'See \[client-1\] at www\.\[client-1\],?' "$tmp/reply-packet/parts/apple-smtp-errors.txt"
check "a header field without them" grep -q '^X-Mailer: \[client-1\] Mailer$' "$tmp/reply-packet/parts/delivered-headers.txt"
code "reveal knows them" 0 "$pp" reveal "$tmp/reply-packet" "about [client-1]"
check "by name" grep -qx "about Harbour Lights" "$tmp/out"
build stated "stated" 3
check "stated: place and rule" grep -q '\$.incident.description: rule client' "$tmp/err"
check "stated: nothing was written" sh -c '! [ -e "$1" ]' sh "$tmp/stated-packet"
build domain "domain" 3
code "told on the command line" 3 "$pp" build --quiet --anyway "as for Harbour Lights" --map mta1=192.0.2.10 --map mta2=192.0.2.11 --output "$tmp/told-packet" "$tmp/plain/case.json"
build listed "listed" 1
none listed
build forms "forms" 1
none forms
build hosts "hosts" 1
none hosts
build ids "ids" 1
none ids
check "ids: mail is traced by those that name nobody else" grep -q 'Message-ID  <m[0-9]' "$tmp/ids-packet/parts/apple-smtp-errors.txt"
build signs "signs" 1
for word in 's.{1,2}e?rby' lund 'l(ø|o|oe)vby' lvby; do
  check "signs: no $word" sh -c '! grep -rEiq "$2" "$1"' sh "$tmp/signs-packet" "$word"
done
check "signs: its link is not the request's own" grep -qx '\[client-1\], not that of From or return-path' "$tmp/signs-packet/parts/campaign.txt"
check "signs: a mark instead" grep -q 'From \[client-1\] \[' "$tmp/signs-packet/parts/campaign.txt"
build named "named" 1
check "named: a word is no name" grep -q 'target-group is the same, and our target' "$tmp/named-packet/request.eml"
python3 - "$tmp/stated/case.json" <<'PY2'
import sys
text = open(sys.argv[1]).read()
open(sys.argv[1], "w").write(text.replace("HARBOUR LIGHTS is", "See https://www.example.com/harbour-lights/a, which is"))
PY2
code "stated in another form" 3 "$pp" build --quiet --map mta1=192.0.2.10 --map mta2=192.0.2.11 --output "$tmp/stated-packet" "$tmp/stated/case.json"
# A sender's own streams are no secrets of each other.
build own "sender stated" 1
check "own: the other stream may be named" grep -rqi "harbour lights" "$tmp/own-packet/request.eml"
finish
