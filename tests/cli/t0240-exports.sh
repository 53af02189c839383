#!/bin/sh
# Exports of sending services: each sample gives the events beside it. UPDATE_GOLDEN=1 writes them anew.
. "$TOP_SRCDIR/tests/cli/lib.sh"
samples=$TOP_SRCDIR/samples/log
scan_here () { ( cd "$1" && shift && "$pp" scan "$@" ); }
for file in "$samples"/events-csv/*.csv "$samples"/events-json/*.json "$samples"/events-json/*.jsonl; do
  folder=${file%/*}
  item=${file##*/}
  format=${folder##*/}
  case $item in # these have a row that is broken: read only in part
    damaged.csv | label-only.csv | powermta.csv | mailjet.jsonl | sendgrid.jsonl) status=1 ;;
    *) status=0 ;;
  esac
  options=$(cat "${file%.*}.options" 2>/dev/null || true)
  # shellcheck disable=SC2086 # a list of options
  code "$format/$item: read" "$status" scan_here "$folder" --events --quiet $options "$item"
  [ -z "${UPDATE_GOLDEN-}" ] || cp "$tmp/out" "${file%.*}.golden"
  same "$format/$item: events" "$tmp/out" "${file%.*}.golden"
  cp "$tmp/out" "$tmp/named"
  # shellcheck disable=SC2086
  code "$format/$item: read by name" "$status" scan_here "$folder" --events --quiet $options --format "$format" "$item"
  same "$format/$item: found as $format" "$tmp/out" "$tmp/named"
done
# Refused with the reason hidden: it counts as bounced, never as policy; only the row with Apple's answer does.
code "label only: counts" 1 scan_here "$samples/events-csv" --json --quiet label-only.csv
check "label only: bounced, one of them policy" awk '
  /"apple": \{/ && !seen { seen = 1; inside = 1 }
  inside && /"bounced":/ { gsub (/[^0-9]/, ""); bounced = $0; inside = 0 }
  /"policy":/ { gsub (/[^0-9]/, ""); policy += $0 }
  /"unrecognised":/ { gsub (/[^0-9]/, ""); broken = $0 }
  END { exit !(bounced == 5 && policy == 1 && broken == 1) }' "$tmp/out"
code "service label: counts" 0 scan_here "$samples/events-csv" --json --quiet service-label.csv
check "service label: no policy" sh -c '! grep -q "\"policy\": [1-9]" "$1"' sh "$tmp/out"
# Of a table of a text log's lines the header is no loss.
cat >"$tmp/SystemEvents.csv" <<'E'
ID,ReceivedAt,DeviceReportedTime,FromHost,Message,SysLogTag
1,2026-03-03 10:50:36,2026-03-03 10:45:35,mail," 3172D762A50: to=<dana.invented@me.com>, relay=mx01.mail.icloud.com[17.56.9.31]:25, delay=6, dsn=2.0.0, status=sent (250 2.0.0 Ok)",postfix/smtp[1013]:
E
code "a table of syslog: all is read" 0 "$pp" scan --json --log-timezone UTC "$tmp/SystemEvents.csv"
check "a table of syslog: no line is lost" grep -q '"unrecognised": 0,' "$tmp/out"
# Other files are not claimed.
cat >"$tmp/mail.eml" <<'E'
Received: from a.example.com by b.example.com; Mon, 18 May 2026 14:00:41 +0000
From: news@example.com
To: dana.reader@icloud.com
Subject: email,timestamp,event,reason

email, event, reason
E
printf '{"email":"dana.reader@icloud.com","type":"user","status":"active"}\n' >"$tmp/users.json"
printf '<html><body>email,event,reason</body></html>\n' >"$tmp/page.html"
printf 'name,price,status\nbook,3,sold\n' >"$tmp/goods.csv"
for f in mail.eml users.json page.html goods.csv; do
  code "$f is no export" 65 "$pp" scan --quiet "$tmp/$f"
done
finish
