#!/bin/sh
# People who see the program for the first time, each with what such a person has at hand.
. "$TOP_SRCDIR/tests/cli/lib.sh"
export SOURCE_DATE_EPOCH=1779220800

# ---- a small shop at Microsoft 365: bounces alone, in whatever form they were saved ----
shop=$tmp/shop; mkdir "$shop"
host=AS8PR04MB1234.eurprd04.prod.outlook.com
ndr () { # NUMBER
  cat <<EOF2
From: Microsoft Outlook <MicrosoftExchange329e71ec88ae4615bbc36ab6ce41109e@example.com>
To: info@example.com
Date: Mon, 18 May 2026 1$1:00:05 +0000
Message-ID: <5d2c7e10@$host>
Subject: Undeliverable: Your order
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status; boundary="b"

--b
Content-Type: text/plain

Your message to reader$1@icloud.com couldn't be delivered.
--b
Content-Type: message/delivery-status

Reporting-MTA: dns;$host
Arrival-Date: Mon, 18 May 2026 1$1:00:00 +0000

Final-Recipient: rfc822;reader$1@icloud.com
Action: failed
Status: 5.7.1
Diagnostic-Code: smtp;554 5.7.1 [HM08] Message rejected due to local policy.
Remote-MTA: dns;mx01.mail.icloud.com
--b
Content-Type: message/rfc822

Received: from DB9PR04MB9876.eurprd04.prod.outlook.com (2001:db8:10:a6:1c2::10)
 by $host (2001:db8:20:b6:2f1::5) with Microsoft SMTP Server id 15.20.8158.21; Mon, 18 May 2026 1$1:00:00 +0000
From: Shop <info@example.com>
To: <reader$1@icloud.com>
Subject: Your order
Message-ID: <AS8PR04MB1234C8A5B1E4F2A9E7D0B3C4D5E6$1@$host>

Your order is ready.
--b--
EOF2
}
ndr 1 >"$shop/one.eml"; ndr 2 >"$shop/two.eml"
cat >"$shop/arrived.sample" <<EOF2
Return-path: <info@example.com>
Received: from mail-am6eur05on2077.outbound.protection.outlook.com (mail-am6eur05on2077.outbound.protection.outlook.com [192.0.2.77])
	by p00-icloudmta-smtpin-us-west-2a.p00-icloudmta-smtpin-vip.icloud-mail-production.svc.kube.us-west-2a.k8s.cloud.apple.com (Postfix) with ESMTPS id 266A7F45AC2
	for <shoptest@icloud.com>; Sun, 17 May 2026 08:01:00 +0000
Authentication-Results: dmarc.icloud.com; dmarc=pass header.from=example.com
Authentication-Results: dkim-verifier.icloud.com; dkim=pass (2048-bit key) header.d=example.com header.i=@example.com header.b=HVRnXcgt
Authentication-Results: spf.icloud.com; spf=pass (spf.icloud.com: domain of info@example.com designates 192.0.2.77 as permitted sender) smtp.mailfrom=info@example.com
From: Shop <info@example.com>
To: shoptest@icloud.com
Subject: Your order
Date: Sun, 17 May 2026 08:01:00 +0000
Message-ID: <AS8PR04MB12340000000000000000000000000@$host>

Your order is ready.
EOF2
cat >"$shop/case.json" <<EOF2
{ "case": "shop", "company": { "name": "Example Shop" }, "contact": { "name": "Dana Sample", "email": "owner@example.com" },
  "streams": [{ "name": "orders", "mail_type": "transactional", "match": { "from_domain": ["example.com"] } }],
  "incident": { "description": "Since Monday iCloud Mail refuses the mails that tell of an order; other receivers accept them.", "changes": [] },
  "evidence": { "logs": ["."], "delivered": ["arrived.sample"] } }
EOF2
code "bounces of Microsoft 365" 1 "$pp" build --quiet --output "$shop/case-packet" "$shop/case.json"
check "make a request, whose ids are longer than a line" grep -q '^  refused \[HM08\]' "$shop/case-packet/request.eml"
check "and stand on one of their own" sh -c 'tr -d "\r" <"$1" | sed -e ":a" -e "/=\$/{N;s/=\n//;ba" -e "}" | grep -q "^  <AS8PR04MB1234C8A5B1E4F2A9E7D0B3C4D5E61@AS8PR04MB1234.eurprd04.prod.outlook.com>\$"' sh "$shop/case-packet/request.eml"
errors=$shop/case-packet/parts/apple-smtp-errors.txt
check "no finding is made of them" sh -c '! grep -q body-columns "$1"' sh "$shop/case-packet/packet.json"
check "Exchange's version is no queue id" sh -c '! grep -q "queue id" "$1"' sh "$errors"
check "the host of a sample is not said to have written the bounces" grep -q '^Source    bounces, from 2026-05-18 on$' "$errors"
check "nor that no accepted mail is on record, beside one" sh -c '! grep -q "no accepted mail is on record" "$1"' sh "$shop/case-packet/request.eml"
check "it ends with the last answer" grep -q '^Period .* to 2026-05-18 12:00:0[05] UTC' "$errors"

# What was made of logs lies among them and is none: its review shows a session.
code "the folder again, with the packet in it" 0 "$pp" scan --json "$shop"
check "counts the packet nowhere" sh -c '! grep -q "case-packet" "$1"' sh "$tmp/out"
check "the same for others" python3 -c 'import json, sys; s = json.load(open(sys.argv[1])); assert s["other"]["bounced"] == 0 and s["apple"]["bounced"] == 2' "$tmp/out"
code "the packet alone is no log" 66 "$pp" scan "$shop/case-packet"
check "which it says" grep -q 'it is a packet, which is made of logs' "$tmp/err"

# Files that are neither: what to do with them.
printf '\320\317\021\340\241\261\032\341\000\000\000\000bounce' >"$tmp/bounce.msg"
printf '%%PDF-1.7\n1 0 obj\n' >"$tmp/bounce.pdf"
printf "Your message to reader@mac.com couldn't be delivered.\nRemote server returned 554 5.7.1\n" >"$tmp/pasted.txt"
for f in bounce.msg bounce.pdf pasted.txt; do
  code "$f" 65 "$pp" scan "$tmp/$f"
  check "$f: what to save" grep -q 'as \.eml' "$tmp/err"
  check "$f: none of its bytes" sh -c '! grep -q "it begins" "$1"' sh "$tmp/err"
  code "$f probed" 65 "$pp" formats --probe "$tmp/$f"
  check "$f: what to save, too" grep -q 'as \.eml' "$tmp/out"
done

printf '[   12.345678] mail postfix/smtp[7]: 3172D762A50: to=<reader@me.com>, status=sent (250 ok)\n' >"$tmp/monotonic.log"
printf 'Mon 2026-05-18 14:00:41.123456 UTC [s=1f;i=1a;b=2c;m=3;t=4;x=5]\n    MESSAGE=3172D762A50: removed\n' >"$tmp/verbose.log"
for f in monotonic.log verbose.log; do
  code "$f" 65 "$pp" scan "$tmp/$f"
  check "$f: what journalctl has to write" grep -q "take 'journalctl -o short-iso'" "$tmp/err"
done

# ---- Google Workspace: an export, whose Message-IDs hold what looks like quoted-printable ----
google=$tmp/google; mkdir "$google"
{
  echo 'Message ID,Start date,End date,Sender,Message size,Subject,Direction,Attachments,Recipient address,Event target,Event date,Event status,Event target IP address,Has encryption,Event SMTP reply code,Event description'
  for i in 0 1 2 3 4 5 6 7 8 9; do
    for k in "DELIVERED,17.57.154.33,Encrypted,250," "BOUNCED,17.57.154.33,Encrypted,554,5.7.1 [HM08] Message rejected due to local policy."; do
      t="2026/05/18 1$i:00:$((${#k} % 50 + 10)) UTC"
      case $k in D*) id=A ;; *) id=B ;; esac
      echo "<CAF${id}7A741F9AA585E2373AB$i=5620C15EEBE9@mail.gmail.com>,$t,$t,sales@example.com,2048,s,Sent,0,reader$i@icloud.com,SMTP_OUT,$t,$k"
    done
  done
} >"$google/log.csv"
cat >"$google/case.json" <<EOF2
{ "case": "google", "company": { "name": "Example Shop" }, "contact": { "name": "Dana Sample", "email": "owner@example.com" },
  "streams": [{ "name": "offers", "mail_type": "transactional", "impact": "10 offers did not arrive.", "match": { "from_domain": ["example.com"] } }],
  "incident": { "description": "Since Monday iCloud Mail refuses every second mail with an offer; other receivers accept them.", "changes": [] },
  "evidence": { "logs": ["."], "delivered": ["arrived.sample"] } }
EOF2
sed 's/AS8PR04MB12340000000000000000000000000@[a-zA-Z0-9.]*/CAF123=4A12@mail.gmail.com/' "$shop/arrived.sample" >"$google/arrived.sample"
code "ids with =56" 1 "$pp" build --quiet --output "$google/packet" "$google/case.json"
check "stand in the request" grep -q 'refused \[HM08\]   <CAFB7A741F9AA585E2373AB0=\(3D\)*5620C15EEBE9@mail.gmail.com>' "$google/packet/request.eml"
check "the host of a sample is not said to have written the export" grep -q '^Source    event export, from 2026-05-18 on$' "$google/packet/parts/apple-smtp-errors.txt"
check "an answer that the export does not hold is not announced" sh -c '! grep -q "answer *\$" "$1"' sh "$google/packet/parts/apple-smtp-errors.txt"
printf 'From: owner@example.com\nTo: icloudadmin@apple.com\nSubject: s\n\nRCPT TO  <CAF1=9C4Ajane@example.net>\n' >"$tmp/leak.eml"
code "the same elsewhere is an address" 3 "$pp" verify --own-domain example.com "$tmp/leak.eml"
code "the case beside its log" 0 "$pp" scan "$google"
check "is no log" sh -c '! grep -q case.json "$1"' sh "$tmp/err"

# ---- a newsletter service that gives a list of who bounced, and nothing more ----
printf 'Email Address,First Name,Last Name,Bounce Type\r\nreader@icloud.com,Anna,Muster,soft\r\n' >"$tmp/cleaned.csv"
code "a list of addresses" 65 "$pp" scan "$tmp/cleaned.csv"
check "what to ask the service for" grep -q "without Apple's answers: ask your sending service" "$tmp/err"

printf '<?xml version="1.0"?>\n<sst><si><t>reader@icloud.com</t></si></sst>\n' >"$tmp/sheet.xml"
code "a table of Excel" 65 "$pp" scan "$tmp/sheet.xml"
check "what to save it as" grep -q 'as CSV' "$tmp/err"

# ---- SendGrid's activity as CSV: the service's own ids alone ----
desk=$tmp/desk; mkdir "$desk"
{
  echo 'processed,message_id,event,from,email,originating_ip,reason,outbound_ip,outbound_ip_type,mx,type'
  for i in 0 1 2 3 4 5 6 7 8 9; do
    echo "2026-05-18 1$i:00:10,m$i.recvd-1,delivered,news@example.com,reader$i@icloud.com,192.0.2.50,250 2.0.0 Ok: queued as 8A7B$i,192.0.2.81,dedicated,mx01.mail.icloud.com,"
    echo "2026-05-18 1$i:00:11,n$i.recvd-1,bounce,news@example.com,other$i@icloud.com,192.0.2.50,554 5.7.1 [HM08] Message rejected due to local policy.,192.0.2.81,dedicated,mx01.mail.icloud.com,blocked"
  done
} >"$desk/activity.csv"
sed -e 's/"delivered": \["arrived.sample"\]/"delivered": []/' -e 's/"google"/"desk"/' "$google/case.json" >"$desk/case.json"
code "ids of a service alone" 1 "$pp" build --quiet --output "$desk/packet" "$desk/case.json"
check "no desk is announced that is not named" sh -c '! grep -q "named below" "$1"' sh "$tmp/out"
check "the advice is the service's, not Postfix's" sh -c 'tr -s " \n" "  " <"$1" | grep -q "Ask your sending service for the Message-IDs"' sh "$tmp/out"
check "whom the ticket asks, though the case does not name it" grep -q '^n0.recvd-1 ' "$desk/packet/ticket/ticket.md"

# ---- Apple Mail's own files ----
{ wc -c <"$shop/one.eml" | tr -d ' '; cat "$shop/one.eml"; printf '<?xml version="1.0" encoding="UTF-8"?>\n<plist version="1.0"><dict/></plist>\n'; } >"$tmp/123.emlx"
code "an emlx" 0 "$pp" scan --events "$tmp/123.emlx"
check "is the bounce in it" grep -q '"recipient": "reader1@icloud.com"' "$tmp/out"

# ---- a university that forwards: From is the authors', so the return-path says who it is ----
uni=$tmp/uni; mkdir "$uni"
for i in 0 1 2 3 4 5 6 7 8 9; do
  for k in "sent (250 2.0.0 Ok: queued as 81A58388521)" "bounced (host mx01.mail.icloud.com[17.57.156.30] said: 554 5.7.1 [HM08] Message rejected due to local policy. (in reply to end of DATA command))"; do
    q=4F0000${#k}$i t="2026-05-18T1$i:00:$((${#k} % 50 + 10)).000000+00:00 fwd1 postfix"
    echo "$t/cleanup[9]: $q: message-id=<m$q@example.net>"
    echo "$t/qmgr[8]: $q: from=<SRS0=AB1$i=CD=example.net=author$i@fwd.example.edu>, size=700, nrcpt=1 (queue active)"
    echo "$t/smtp[7]: $q: to=<reader$i@icloud.com>, orig_to=<prof$i@example.edu>, relay=mx01.mail.icloud.com[17.57.156.30]:25, delay=1, delays=0/0/0/1, dsn=5.0.0, status=$k"
    echo "$t/qmgr[8]: $q: removed"
  done
done >"$uni/maillog"
cat >"$uni/case.json" <<EOF2
{ "case": "uni", "company": { "name": "Example University" }, "contact": { "name": "Dana Sample", "email": "postmaster@example.edu" },
  "streams": [{ "name": "fwd.example.edu", "mail_type": "forwarded", "match": { "return_path_domain": ["fwd.example.edu"] } }],
  "incident": { "description": "Since Monday iCloud Mail refuses every second mail that we forward to readers who asked for it.", "changes": [] },
  "evidence": { "logs": ["maillog"] }, "sending_ips": ["192.0.2.71"] }
EOF2
code "forwarded mail without a domain of From" 1 "$pp" build --quiet --output "$uni/packet" "$uni/case.json"
check "has a title" grep -q '^SMTP errors from iCloud Mail: fwd.example.edu$' "$uni/packet/parts/apple-smtp-errors.txt"
check "and the forwarder in the subject" grep -q '"subject": "iCloud Mail delivery issue for fwd.example.edu"' "$uni/packet/packet.json"

# ---- init --ask: what build would refuse is asked again, and the questions leave nothing open ----
told='Since Monday iCloud Mail refuses every second mail with an offer; other receivers accept them.'
printf '%s\n' 'Example Shop' 'Shop' 'Dana Sample' 'owner@example.com' 'Refused.' "$told" 'newsletter' 'marketing' 'nothing new' \
  '2026-05-17 new template' 'nowhere.eml' "$google/arrived.sample" '192.0.2.69, 192.0.2.70' >"$tmp/answers"
code "init asks" 0 sh -c '"$1" init --quiet --ask --output "$2/asked.json" "$2/log.csv" <"$3"' sh "$pp" "$google" "$tmp/answers"
check "for more than a word" grep -q 'shorter than 60 characters' "$tmp/err"
check "for a kind of mail that there is" grep -q 'one of marketing, transactional' "$tmp/err"
check "for a day" grep -q 'Write the day in front' "$tmp/err"
check "for a file that is there" grep -q 'There is no such file' "$tmp/err"
check "and has asked for all" sh -c '! grep -q TODO "$1"' sh "$google/asked.json"
code "so that it is a case" 1 "$pp" build --quiet --output "$google/asked" "$google/asked.json"
check "with both IPs" grep -q '192.0.2.70' "$google/asked.json"
grep -v '^192' "$tmp/answers" >"$tmp/fewer"
code "init asks, and the sample shows the IP" 0 sh -c '"$1" init --quiet --ask --output "$2/fewer.json" "$2/log.csv" <"$3"' sh "$pp" "$google" "$tmp/fewer"
check "nothing is left to be done either" sh -c '! grep -q TODO "$1"' sh "$google/fewer.json"
check "with its change" grep -q '17 May' "$google/asked/request.eml"

# ---- mailcow's web page: its table as it comes, newest row first ----
cow=$tmp/cow; mkdir "$cow"
{
  echo '"Zeit","Priorität","Nachricht"'
  for i in 9 8 7 6 5 4 3 2 1 0; do
    if [ $((i % 2)) = 1 ]; then s='bounced (host mx01.mail.icloud.com[17.57.156.30] said: 554 5.7.1 [HM08] Message rejected due to local policy. (in reply to end of DATA command))'; else s='sent (250 2.0.0 Ok: queued as 8A7B1)'; fi
    q=4gBx2T5r3Zz$i t="\"18.05.2026, 1$i:00"
    echo "$t:42\",\"info\",\"$q: removed\""
    echo "$t:41\",\"info\",\"$q: to=<reader$i@icloud.com>, relay=mx01.mail.icloud.com[17.57.156.30]:25, delay=1, delays=0/0/0/1, dsn=5.7.1, status=$s\""
    echo "$t:40\",\"info\",\"$q: from=<dana@example.com>, size=700, nrcpt=1 (queue active)\""
    echo "$t:40\",\"info\",\"$q: message-id=<m$i@example.com>\""
  done
} >"$cow/log.csv"
code "mailcow's rows, the newest first" 0 "$pp" scan --events "$cow/log.csv"
check "are read from their end" grep -q '"sender": "dana@example.com".*"message_id": "m9@example.com"' "$tmp/out"
cat >"$cow/case.json" <<EOF2
{ "case": "cow", "company": { "name": "Dana Sample" }, "contact": { "name": "Dana Sample", "email": "dana@example.com" },
  "streams": [{ "name": "mail", "mail_type": "personal", "match": { "return_path_domain": ["example.com"] } }],
  "incident": { "description": "Since Monday iCloud Mail refuses every second mail to my friends; other receivers accept them.", "changes": [] },
  "evidence": { "logs": ["log.csv"] }, "domains": { "from": ["example.com"] }, "sending_ips": ["192.0.2.44"], "options": { "log_timezone": "UTC" } }
EOF2
code "so that there is a request" 1 "$pp" build --quiet --output "$cow/packet" "$cow/case.json"
check "with ids" grep -q 'refused \[HM08\]   <m1@example.com>' "$cow/packet/request.eml"
check "of one who is not named twice" grep -q '^Dana Sample, dana@example.com' "$cow/packet/request.eml"
grep -v 'message-id' "$cow/log.csv" >"$cow/fewer.csv"
sed -e 's/log.csv/fewer.csv/' -e 's/"sending_ips": ."192.0.2.44".,//' "$cow/case.json" >"$cow/fewer.json"
code "without ids" 1 "$pp" build --quiet --output "$cow/fewer" "$cow/fewer.json"
check "it is said that the sending IP would do" sh -c 'tr -s " \n" "  " <"$1" | grep -q "Where one IP sends all, list it in ..sending_ips"' sh "$tmp/out"
sed 's/log.csv/fewer.csv/' "$cow/case.json" >"$cow/told.json"
code "which it does" 1 "$pp" build --quiet --output "$cow/told" "$cow/told.json"
check "then there is a request, too" test -f "$cow/told/request.eml"
finish
