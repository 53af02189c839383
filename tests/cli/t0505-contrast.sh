#!/bin/sh
# Whose rise it was: each sentence below the onset by a log in which just that is so.
. "$TOP_SRCDIR/tests/cli/lib.sh"
command -v python3 >/dev/null || skip "python3 is missing: it makes the logs"
cat >"$tmp/make.py" <<'PY'
import datetime, sys
# Ten days of a CSV of four streams by five IPs, two mails of three to Apple; from the sixth on every second is refused where `who` says so.
who = sys.argv[1]
streams = ["news.example.com", "tx.example.com", "promo.example.com", "club.example.com"][:1 if who == "one" else 4]
ips = ["192.0.2.%d" % i for i in range(10, 15)]
refuses = {"morning": None, "all": lambda s, ip, apple: apple, "one": lambda s, ip, apple: apple, "stream": lambda s, ip, apple: apple and s == 1, "streams": lambda s, ip, apple: apple and s < 2,
           "ip": lambda s, ip, apple: apple and ip == 2, "each": lambda s, ip, apple: apple and s, "everybody": lambda s, ip, apple: True}[who]
print("type,timeLogged,orig,rcpt,dsnStatus,dsnDiag,dsnMta,dlvSourceIp,vmta,header_Message-Id")
start = datetime.datetime(2026, 3, 1, tzinfo=datetime.timezone.utc)
if who == "morning":  # two streams: orders all day, a newsletter from six to half past, which is refused from the sixth day on
    rows = [(d * 1440 + m, "tx", False) for d in range(14) for m in range(0, 1440, 7)] + [(d * 1440 + 360 + k / 2, "news", d > 4 and k % 2) for d in range(14) for k in range(60)]
    for n, (m, stream, bad) in enumerate(sorted(rows)):
        t = (start + datetime.timedelta(minutes=m)).strftime("%Y-%m-%d %H:%M:%S+0000")
        print(f"{'b' if bad else 'd'},{t},b@{stream}.example.com,r{n}@icloud.com,{'5.7.1,smtp;554 5.7.1 [CS01] Message rejected due to local policy.' if bad else '2.0.0,smtp;250 2.0.0 OK'},"
              f"mx01.mail.icloud.com (17.57.154.33),192.0.2.10,v,<{n}@x.example.com>")
    sys.exit()
for n in range(6000):
    t = (start + datetime.timedelta(days=n // 600, seconds=n % 600 * 140)).strftime("%Y-%m-%d %H:%M:%S+0000")
    stream, ip, apple = n % len(streams), n // 4 % 5, n // 20 % 3 != 0
    mx = "mx01.mail.icloud.com (17.57.154.33)" if apple else "mx.example.net (203.0.113.9)"
    bad = n >= 3000 and n // 60 % 2 and refuses(stream, ip, apple) or who == "each" and apple and n % 120 == 40
    print(f"{'b' if bad else 'd'},{t},b@{f'b{n}.' if who == 'each' and stream else ''}{streams[stream]},r{n}@{'icloud.com' if apple else 'example.net'},",
          "5.7.1,smtp;554 5.7.1 [CS01] Message rejected due to local policy.," if bad else "2.0.0,smtp;250 2.0.0 OK,", f"{mx},{ips[ip]},v,<{n}@x.example.com>", sep="")
PY
# says WHO SENTENCE...: the text, its line ends taken for blanks, has each.
says () {
  who=$1
  shift
  python3 "$tmp/make.py" "$who" >"$tmp/log.csv"
  code "$who" 0 "$pp" trend --quiet "$tmp/log.csv"
  tr '\n' ' ' <"$tmp/out" | tr -s ' ' >"$tmp/line"
  for sentence; do check "  $sentence" grep -qF -- "$sentence" "$tmp/line"; done
}
says all "all others 0 of 962 (0%; 95 %: 0-0.4%): only Apple; all 4 streams rose; all 5 sending IPs rose." \
  "All of it within the same hour: an incident at Apple is likely"
says stream "1 of 4 streams rose: tx.example.com; all 5 sending IPs rose." "Look at what these streams have of their own: content, links, list, consent."
says streams "2 of 4 streams rose: news.example.com, tx.example.com; all 5 sending IPs rose."
says ip "all 4 streams rose; 1 of 5 sending IPs rose: 192.0.2.12." "Look at what these IPs have of their own: name, neighbours, volume."
says one "one stream is in these logs, and it rose; all 5 sending IPs rose."
says each "the one stream in these logs did not rise by itself" # the others are senders of one mail each
says everybody "everywhere, not only Apple; all 4 streams rose; all 5 sending IPs rose." "Look at your own mail, DNS and lists first: Apple cannot mend what others refuse too."
says morning "What fell is all streams together: refusals go on in news.example.com."
code "of this stream alone" 0 "$pp" trend --quiet --stream news.example.com "$tmp/log.csv"
check "no relief is seen" grep -q 'no relief seen' "$tmp/out"
check "and no more is said" sh -c '! grep -q "all streams together" "$1"' sh "$tmp/out"
finish
