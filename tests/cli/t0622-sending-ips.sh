#!/bin/sh
# Which mail left by which IP, where neither the log nor the user says so: by what the case tells of its IPs, or not at all.
. "$TOP_SRCDIR/tests/cli/lib.sh"
command -v python3 >/dev/null || skip "python3 is missing: it changes the case"
export SOURCE_DATE_EPOCH=1798830000
cp -R "$TOP_SRCDIR/samples/outage" "$tmp/case"
chmod -R u+w "$tmp/case"
cd "$tmp/case" || exit 1
# build NAME [OPTION...]
build () {
  case=$1
  shift
  "$pp" build --force --key key --output "$tmp/$case" "$@" "$case.json"
}
# case_of NAME PYTHON: the sample's case, with its list of IPs changed.
case_of () {
  python3 -c 'import json, sys
c = json.load(open("case.json"))
ips = c["sending_ips"]
exec(sys.argv[2])
json.dump(c, open(sys.argv[1] + ".json", "w"))' "$1" "$2"
}
doubted () { # NAME: no mail is said to have left by one IP
  check "$1: the log tells no IP" grep -q 'the logs do not tell each sending IP' "$tmp/err"
  check "$1: nor does the request" sh -c 'grep -A1 "^1\.1 " "$1" | grep -q "^ *our server > mx0"' sh "$tmp/$1/parts/apple-smtp-errors.txt"
}
case_of told ''
code "told by the user" 1 build told --map mta1=192.0.2.10 --map mta2=192.0.2.11
mv "$tmp/told" "$tmp/mapped"
check "nothing is taken for granted" sh -c '! grep -q "HELO" "$1"' sh "$tmp/err"
code "told by the case: each host has its HELO" 1 build told
check "which is said" grep -q 'mta1.example.com by 192.0.2.10, mta2.example.com by 192.0.2.11' "$tmp/err"
for f in request.eml ticket/ticket.md parts/apple-smtp-errors.txt packet.json; do same "the same $f" "$tmp/told/$f" "$tmp/mapped/$f"; done
code "with half of it told by the user" 1 build told --map mta1=192.0.2.10
check "the other half is not guessed" grep -q 'the logs do not tell each sending IP' "$tmp/err"
case_of third 'ips.append({"ip": "192.0.2.12", "helo": "mta1b.example.com"})'
code "an IP whose HELO is no host's: of whose mail it is nobody knows" 1 build third
doubted third
case_of alike 'ips[1]["helo"] = "mta1.example.net"'
code "two that a host could be" 1 build alike
doubted alike
case_of silent 'del ips[1]["helo"]'
code "one without a HELO" 1 build silent
doubted silent
case_of named 'c["evidence"]["logs"] = ["named.log"]'
gzip -dc log/maillog.gz | sed 's/\(Your mail from\) 192\.0\.2\.[0-9]*/\1 192.0.2.99/' >named.log
check "Apple names an IP" grep -q 'Your mail from 192.0.2.99' named.log
code "an answer that names another IP than these" 1 build named
doubted named
# What Apple refuses of one IP only: the table holds the other's mail as well, and the request says so.
case_of one 'c["evidence"]["logs"] = ["one.log"]'
gzip -dc log/maillog.gz | sed '/postfix\/mta2\//s/dsn=5\.7\.1, status=bounced (.*/dsn=2.0.0, status=sent (250 2.0.0 Ok: queued as 4F6B93C0008B)/' >one.log
maps='--map mta1=192.0.2.10 --map mta2=192.0.2.11'
# shellcheck disable=SC2086
code "refused from one of two IPs" 1 build one $maps
"$pp" scan --events --quiet --year 2027 --log-timezone UTC $maps one.log >events
clean=$(python3 -c 'import json
days = [json.loads(l) for l in open("events")]
print(sum(e["local_ip"] == "192.0.2.11" and e["return_path_domain"] == "news.example.com" and e["time"] >= "2026-12-31"
          and e["outcome"] in ("delivered", "bounced") for e in days))')
check "there is mail of the other" test "$clean" -gt 10
tr -d '\r' <"$tmp/one/request.eml" | tr '\n' ' ' | tr -s ' ' >text
check "one is listed" grep -q "Sending IPs: 192.0.2.10 HELO and PTR mta1.example.com Error:" text
check "and what left from the other" grep -q "Of these, from 192.0.2.11 (not listed above), 31 Dec[^:]*: $clean final answers, none refused by policy\." text
check "whose log is read, too" sh -c 'grep -A1 "^Source" "$1" | tr -d "\n" | grep -q "192.0.2.10).* and .*192.0.2.11"' sh "$tmp/one/parts/apple-smtp-errors.txt"
check "nothing of it where both are refused" sh -c '! grep -q "not listed above" "$1"' sh "$tmp/mapped/request.eml"

# ---- a sample that a forwarder sent on to Apple shows the forwarder's IP ----
cp -R "$TOP_SRCDIR/samples/cases/no-sending-ip" "$tmp/sent-on"
chmod -R u+w "$tmp/sent-on"
cd "$tmp/sent-on" || exit 1
sed -i 's/"evidence": {/&"delivered": ["delivered.eml"],/' case.json
for path in 'reader+caf_=our.reader=icloud.com@mail.example.net' 'SRS0=x1y2=AB=news.example.com=bounce@mail.example.net' 'bounce-9001@news.example.com'; do
  sed "s/^Return-path: .*/Return-path: <$path>/I; s/mta1\.example\.com/out.example.net/g; s/192\.0\.2\.10/198.51.100.7/g" "$TOP_SRCDIR/samples/cases/begins-inside/delivered.eml" >delivered.eml
  status=1
  case $path in bounce-*) status=0 ;; esac
  code "a sample by $path" $status env SOURCE_DATE_EPOCH=1779436800 "$pp" build --force --key "$TOP_SRCDIR/samples/outage/key" --output o case.json
  case $path in
    bounce-*) check "shows whence the mail is sent" grep -q '^Sending IPs: *198.51.100.7 ' o/request.eml ;;
    *) code "check: a sample by $path" 0 "$pp" check case.json
      check "its IP is not asked about" grep -q '^0 IPs, ' "$tmp/out"
      check "does not show whence the mail is sent" sh -c 'grep -q "No sending IP is known" o/ticket/ticket.md && [ ! -e o/request.eml ]' ;;
  esac
done
finish
