#!/bin/sh
# The reasons of a suppression list go to Apple as labels. Where one is a remark about somebody, its words stay here.
. "$TOP_SRCDIR/tests/cli/lib.sh"
export SOURCE_DATE_EPOCH=1798830000
cp -r "$TOP_SRCDIR/samples/outage" "$tmp/outage"
chmod -R u+w "$tmp/outage"
{
  echo 'address,reason,date'
  echo 'a1@icloud.com,"Complaint by phone, Mrs Quill of 12 Rosegate, +1 202 555 0177",2026-12-01'
  echo 'a2@icloud.com,customer 471188 asked for it,2026-12-03'
  echo 'a3@example.org,Quill,2026-12-02'
  echo 'a4@icloud.com,hard-bounce 5.1.1,2026-12-05'
  echo 'a5@icloud.com,inactive 180 days,2026-12-05'
  echo 'a6@icloud.com,one-click unsubscribe,2026-12-05'
  echo 'a7@icloud.com,,2026-12-06'
  for i in 1 2 3 4 5; do echo "b$i@icloud.com,abgemeldet,2026-12-0$i"; done
} >"$tmp/outage/suppression.csv"
code "a list with remarks: built" 1 "$pp" build --quiet --key "$TOP_SRCDIR/samples/outage/key" --map mta1=192.0.2.10 \
  --map mta2=192.0.2.11 --output "$tmp/packet" "$tmp/outage/case.json"
check "no remark in any file" sh -c '! grep -rEiq "quill|rosegate|555 0177|471188" "$1"/parts "$1"/request.eml "$1"/review.html "$1"/ticket "$1"/packet.json' sh "$tmp/packet"
sed -n '/^reason/,$p' "$tmp/packet/parts/consent-and-suppression.txt" | tr -s ' ' >"$tmp/table"
cat >"$tmp/wanted" <<'EOF2'
reason date all at Apple
no reason 2026-12-06 1 1
abgemeldet 2026-12-01 1 1
abgemeldet 2026-12-02 1 1
abgemeldet 2026-12-03 1 1
abgemeldet 2026-12-04 1 1
abgemeldet 2026-12-05 1 1
hard-bounce 5.1.1 2026-12-05 1 1
inactive 180 days 2026-12-05 1 1
one-click unsubscribe 2026-12-05 1 1
(other) 2026-12-01 1 1
(other) 2026-12-02 1 0
(other) 2026-12-03 1 1
all 12 11
EOF2
same "labels stay, remarks are (other), all are counted" "$tmp/table" "$tmp/wanted"

# That nobody knows why an address stands there is no row for a bounce.
sed -i 's/"suppression_policy": "[^"]*",//' "$tmp/outage/case.json"
bounces () { tr -d '\n' <"$tmp/why/packet.json" | grep -o '"requirement": "a policy for bouncing addresses", *"state": "[a-z]*"'; }
for why in unknown:unknown 'user unknown:proven' 'soft-bounce:proven'; do
  printf 'address,reason,date\n%s\n' "a4@icloud.com,${why%:*},2026-12-05" >"$tmp/outage/suppression.csv"
  code "a list of ${why%:*}" 1 "$pp" build --quiet --force --key "$TOP_SRCDIR/samples/outage/key" --map mta1=192.0.2.10 \
    --map mta2=192.0.2.11 --output "$tmp/why" "$tmp/outage/case.json"
  check "is ${why#*:}" sh -c 'case $1 in *"$2\"") ;; *) false ;; esac' sh "$(bounces)" "${why#*:}"
done
finish
