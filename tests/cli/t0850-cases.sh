#!/bin/sh
# The list of cases: what was sent when, answered and relieved, from the packet folders alone.
. "$TOP_SRCDIR/tests/cli/lib.sh"
command -v python3 >/dev/null || skip "python3 is missing: it writes receipts"
cases=$TOP_SRCDIR/samples/cases/follow-up
export PYTHONDONTWRITEBYTECODE=1
mkdir "$tmp/mine"
cd "$tmp/mine"
at () { when=$1; shift
  SOURCE_DATE_EPOCH=$(python3 -c 'import datetime, sys; print(int(datetime.datetime.fromisoformat(sys.argv[1] + "+00:00").timestamp()))' "$when") "$pp" "$@"; }
build () { when=$1 folder=$2; shift 2; at "$when" build --quiet --key "$TOP_SRCDIR/samples/outage/key" --output "$folder" "$@" >/dev/null; }
sent () { # PACKET TIME [STATE]
  python3 - "$@" <<'PY'
import json, sys
packet, time, state = (sys.argv[1:] + ["accepted"])[:3]
m = json.load(open(packet + "/packet.json"))
m.setdefault("receipts", []).append({"time": time, "state": state, "sure": True, "way": "smtp", "server": "mail.example.com:465"})
json.dump(m, open(packet + "/packet.json", "w"))
PY
}
is () { # NAME PYTHON: on the JSON o
  "$pp" cases --json "$tmp/mine" >"$tmp/json"
  check "$1" python3 -c 'import json, sys
o = json.load(open(sys.argv[1]))
t = {c["case"] + str(i): c for i, c in enumerate(o["cases"])}
c = o["cases"][0]
assert '"$2"', json.dumps(o, indent=1)' "$tmp/json"
}
code "no packet at all" 66 "$pp" cases "$tmp/mine"
check "says where to look" grep -q 'no packet folder is there' "$tmp/err"
code "no such folder" 66 "$pp" cases "$tmp/none"
build 2026-05-20T16:00 q1 "$cases/case-1.json"
is "not sent" 'c["state"] == "not sent" and c["sent"] is None and c["mails"] == 0 and len(o["cases"]) == 1'
cp -r q1 "$tmp/q1"
sent q1 2026-05-20T16:10:00Z refused
is "refused" 'c["state"] == "returned" and c["packets"][0]["state"] == "refused"'
sent q1 2026-05-20T16:12:00Z self
sent q1 2026-05-20T16:15:00Z draft
is "a draft" 'c["state"] == "perhaps sent" and c["packets"][0]["state"] == "draft"'
sent q1 2026-05-20T16:20:00Z
is "sent: open, and when to write again" 'c["state"] == "open" and c["sent"] == "2026-05-20T16:20:00Z" and c["follow_up_from"] == "2026-05-28"'
mkdir -p deep/er
build 2026-05-28T08:00 deep/er/q2 --follow-up q1 "$cases/case-2.json"
is "built, not sent" 'c["state"] == "open" and c["mails"] == 1 and [p["kind"] for p in c["packets"]] == ["request", "follow-up 1"]'
sent deep/er/q2 2026-05-28T08:20:00Z
is "a second mail" 'c["mails"] == 2 and c["follow_up_from"] == "2026-06-04"'
id=$(sed -n 's/^Message-ID: <\([^>]*\)>.*/\1/p' deep/er/q2/request.eml | head -1)
printf 'From: icloudadmin@apple.com\nDate: Fri, 29 May 2026 07:00:00 +0000\nAuto-Submitted: auto-replied\nIn-Reply-To: <%s>\n\nYour message has been received.\n' "$id" >"$tmp/auto.eml"
at 2026-05-29T18:00 answer deep/er/q2 "$tmp/auto.eml" >/dev/null
is "what a machine answers is no answer" 'c["state"] == "open" and c["answered"] is None and c["packets"][1]["answers"][0]["automatic"] is True'
# A copy of the folder in which it was answered; the other one stays as it was.
cp -r deep/er/q2 "$tmp/q2"
sed "s/@REQUEST@/$id/" "$TOP_SRCDIR/samples/answer/changed.eml" >"$tmp/changed.eml"
at 2026-05-29T18:00 answer deep/er/q2 "$tmp/changed.eml" >/dev/null
is "answered" 'c["state"] == "answered" and c["answered"] == "2026-05-29T17:00:00Z" and c["answer"] == "changed" and c["retest"] is True and c["follow_up_from"] is None'
build 2026-06-02T16:00 q3 --follow-up deep/er/q2 "$cases/case-3.json"
sent q3 2026-06-02T16:20:00Z
is "sent again" 'c["state"] == "answered" and c["retest"] is False and c["mails"] == 3'
build 2026-06-10T16:00 q4 --follow-up q3 --resolved "$cases/case-4.json"
sent q4 2026-06-10T16:30:00Z
is "relieved, closed" 'c["state"] == "relieved" and c["relieved"] == "2026-06-03T14:00:00Z" and c["closed"] is True and c["silent_fix"] is False and c["mails"] == 4'
cp -r q3 q3-copy
is "a copy of a packet counts once" 'c["mails"] == 4 and len(c["packets"]) == 4'
rm -r q3-copy

# Two more: one that went silent and was mended, one beside it that only waits.
sed 's/"case": "follow-up"/"case": "silent"/' "$cases/case-1.json" >"$tmp/silent-1.json"
sed 's/"case": "follow-up"/"case": "silent"/' "$cases/case-4.json" >"$tmp/silent-4.json"
sed 's/"case": "follow-up"/"case": "waits"/' "$cases/case-1.json" >"$tmp/waits.json"
cp "$cases"/maillog-? "$cases/delivered.eml" "$tmp"
build 2026-05-20T16:00 s1 "$tmp/silent-1.json"
sent s1 2026-05-20T17:00:00Z
build 2026-06-10T16:00 s2 "$tmp/silent-4.json" || :
build 2026-05-20T16:00 w1 "$tmp/waits.json"
build 2026-05-28T16:00 w2 --follow-up w1 --assume-sent 2026-05-20 "$tmp/waits.json" 2>/dev/null || :
build 2026-06-09T16:00 w2 --follow-up w1 --assume-sent 2026-05-20 "$tmp/waits.json" || :
code "the table" 0 "$pp" cases
cat >"$tmp/want" <<'END'
CASE                SENT (UTC)                 ANSWERED          RELIEVED          STATE
follow-up           2026-05-20 16:20           2026-05-29 17:00  2026-06-03 14:00  relieved, closed
  q1 (request)      2026-05-20 16:20
  q2 (follow-up 1)  2026-05-28 08:20           2026-05-29 17:00                    changed
  q3 (follow-up 2)  2026-06-02 16:20
  q4 (thank-you)    2026-06-10 16:30
silent              2026-05-20 17:00           -                 2026-06-03 14:00  silent fix
  s1 (request)      2026-05-20 17:00
silent              -                          -                 -                 not sent
  s2 (request)      not sent
waits               2026-05-20 00:00           -                 -                 open, follow-up 2026-05-28
  w1 (request)      2026-05-20 00:00 (stated)
  w2 (follow-up 1)  not sent

3 requests sent: 1 open, 1 relieved, 1 silent fix; 1 not sent.
END
same "as it should be" "$tmp/out" "$tmp/want"
check "fits a screen" awk 'length > 110 { bad = 1 } END { exit bad }' "$tmp/out"
code "by name of the folders" 0 "$pp" cases s1 w1
check "only those" sh -c '[ "$(grep -c "^[a-z]" "$1")" = 2 ]' sh "$tmp/out"

# Two incidents of a case, each with a request: what ended in June began in May, and does not show how January's ended.
python3 - <<'PY'
import json, shutil
for name, ident, made, sent, started, relief in (("jan", "a" * 16, "2026-01-10T10:00:00Z", "2026-01-10T11:00:00Z", "2026-01-08 10:00:00", None),
                                                 ("may", "b" * 16, "2026-05-20T10:00:00Z", "2026-05-20T11:00:00Z", "2026-05-18 10:00:00", None),
                                                 ("june", "c" * 16, "2026-06-05T10:00:00Z", None, "2026-05-18 10:00:00", "2026-06-03 10:00:00")):
    shutil.copytree("s1", "two/" + name)
    m = json.load(open("two/" + name + "/packet.json"))
    m.update({"case": "two", "id": ident, "made": made, "receipts": [{"time": sent, "state": "accepted"}] if sent else []})
    m["figures"].update({"started": started, "relief": relief})
    json.dump(m, open("two/" + name + "/packet.json", "w"))
PY
code "two incidents" 0 "$pp" cases --json two
check "the second one's end is not the first one's" python3 -c 'import json, sys
o = json.load(open(sys.argv[1]))
assert [(c["state"], c["relieved"]) for c in o["cases"]] == [("open", None), ("silent fix", "2026-06-03T10:00:00Z"), ("not sent", None)], o' "$tmp/out"
rm -r two

# Hostile folders.
mkdir bad loop; echo '{"case": "x", "case": "y"}' >bad/packet.json
ln -s .. loop/again
mkdir .hidden; cp -r q1 .hidden/q9
code "a damaged packet" 1 "$pp" cases --json
check "is named" grep -q '^postpacket: .*bad/packet.json' "$tmp/err"
check "the others are there, hidden ones and links are not entered" python3 -c 'import json, sys
o = json.load(open(sys.argv[1]))
assert len(o["cases"]) == 4 and len(o["problems"]) == 1, o' "$tmp/out"
rm -r bad
for name in bad-4 bad-1 bad-3 bad-5 bad-2; do
  mkdir $name
  echo '{}' >$name/packet.json
done
code "damaged packets" 1 "$pp" cases --json
check "are told in the order of their names, not of the disk" sh -c 'grep -o "bad-." "$1" >"$1.names" && sort -c "$1.names" && [ "$(grep -c . "$1.names")" = 5 ]' sh "$tmp/err"
rm -r bad-*
python3 - <<'PY'
import json, os
for n, change in enumerate(({"follow_up": {"of": "me"}, "id": "me"}, {"follow_up": {"of": 5, "number": -3}, "id": None}, {"receipts": "none", "answers": {"a": 1}},
                            {"receipts": [5, {}, {"state": "accepted", "time": "x"}], "made": 7}, {"answers": [{"time": "2026-01-01T00:00:00Z"}], "figures": []},
                            {"case": "a\u001b[2Jb\n", "subject": 3, "audience": "esp"})):
    os.mkdir(f"odd{n}")
    m = {"case": f"odd{n}", "version": 1, "id": f"id{n}"}
    m.update(change)
    json.dump(m, open(f"odd{n}/packet.json", "w"))
PY
code "odd values" 1 "$pp" cases
check "no escape sequence is printed" sh -c '! grep -q "$(printf "\033")" "$1"' sh "$tmp/out"
finish
