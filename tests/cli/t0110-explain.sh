#!/bin/sh
# postpacket explain: the table, one entry, codes, whole replies, JSON.
. "$TOP_SRCDIR/tests/cli/lib.sh"
has () { check "$1" grep -qF -- "$2" "$tmp/out"; }
lacks () { if grep -qF -- "$2" "$tmp/out"; then not_ok "$1"; else ok "$1"; fi; }

code "the table" 0 "$pp" explain
has "it has CS01" CS01
check "it has all 42 entries" sh -c 'test "$(grep -c -E "^[a-z0-9-]+ +([0-9x|]+|-) " "$1")" -eq 42' sh "$tmp/out"
check "no line is over 100 columns" sh -c '! grep -qE "^.{101}" "$1"' sh "$tmp/out"

for name in CS02 '[CS02]' cs02 apple-cs02 '[cs02]'; do
  code "$name is an entry" 0 "$pp" explain "$name"
  has "$name names it" 'apple-cs02 (550 or 554 5.7.1 [CS02])'
done
has "it names the desk" "Apple's postmaster, icloudadmin@apple.com."
has "it says when to ask" "Yes, once this is settled: authentication clean."
has "it shows a reply" "554 5.7.1 [CS02] Message rejected due to local policy."
has "it says who says so" "reported by senders and third parties, not by Apple"
check "one entry fits a screen" sh -c 'test "$(wc -l < "$1")" -le 24' sh "$tmp/out"
for name in $("$pp" explain | awk '$2 ~ /^([0-9x|]+|-)$/ { print $1 }'); do
  code "$name by its name" 0 "$pp" explain "$name"
  check "$name fits a screen" sh -c 'test "$(wc -l < "$1")" -le 24 && ! grep -qE "^.{81}" "$1"' sh "$tmp/out"
done

code "a basic code" 0 "$pp" explain 451
has "451 is BS02 too" BS02
lacks "451 is not CS01" CS01
code "an enhanced code" 0 "$pp" explain 5.2.2
has "5.2.2 is overquota" apple-552-overquota
code "a code that no entry names" 0 "$pp" explain 452
has "452 is overquota" apple-450-overquota
code "a class" 0 "$pp" explain 599
has "599 falls to the catch-all" apple-5xx-unknown

reply='host mx01.mail.icloud.com[17.57.154.6] said: 550 5.7.0 Blocked - see https://ipcheck.proofpoint.com/?ip=192.0.2.1 (in reply to RCPT TO command)'
code "a wrapped reply" 0 "$pp" explain "$reply"
has "its desk is Proofpoint" "Proofpoint, https://ipcheck.proofpoint.com/?ip=192.0.2.1."
has "Apple is not to be asked" "No. Apple's postmaster"
code "a reply without quotes" 0 "$pp" explain 554 5.7.1 '[HM08]' Message rejected due to local policy. Txn ID 00000000-0000-0000-0000-000000000000
has "its tag" "HM08"
has "its Txn ID" "00000000-0000-0000-0000-000000000000"
code "a DMARC reply" 0 "$pp" explain "550 5.7.1 Your message was rejected due to example.com's DMARC policy."
has "the domain" "DMARC of   example.com"
code "words that nobody knows, with a code" 0 "$pp" explain "550 5.1.1 nobody here"
has "read by its code" "By its codes alone: mailbox-unknown, permanent."
code "an acceptance" 0 "$pp" explain "250 2.0.0 Ok: queued as D04B3C0008B"
has "its queue id" D04B3C0008B
code "the MTA's own words" 0 "$pp" explain "lost connection with mx01.mail.icloud.com[17.57.152.5] while sending RCPT TO"
has "are no SMTP reply" "apple-connection-lost (no SMTP reply)"
code "a hostile reply" 0 "$pp" explain "$(printf '550 5.7.1 \033[31m[CS01]')"
check "no escape gets through" sh -c '! grep -q "$(printf "\033")" "$1"' sh "$tmp/out"

code "not found" 65 "$pp" explain XY99
check "says what to do" grep -q "run 'postpacket explain'" "$tmp/err"
check "prints nothing" test ! -s "$tmp/out"
code "not found: a word" 65 "$pp" explain "hello world"

code "JSON of all" 0 "$pp" explain --json
has "has a version" '"version": 1'
check "has 42 entries" sh -c 'test "$(grep -c "\"first_action\"" "$1")" -eq 42' sh "$tmp/out"
# Of a reply that no entry knows nobody can tell where its cause lies.
code "an unknown reply" 0 "$pp" explain "552 5.3.4 Message size exceeds fixed limit"
has "is to be read" "What this answer means is not known here:"
check "its cause is not told" sh -c '! grep -q "own DNS" "$1"' sh "$tmp/out"
code "a policy reply by its codes" 0 "$pp" explain "550 5.7.1 [CS] Message blocked"
check "is no word of Apple's filter" sh -c '! grep -q "own filter" "$1" && grep -q "refusal by policy; its words are not known here" "$1"' sh "$tmp/out"
code "an address of ours that is refused" 0 "$pp" explain "550 5.1.7 Sender address rejected"
has "is ours" "own DNS"
code "JSON of a reply" 0 "$pp" explain --json "421 [HCM1] Your mail from 192.0.2.11 was deferred."
has "has the IP" '"named_ip": "192.0.2.11"'
has "has the rule" '"rule": "apple-hcm1"'
has "has the desk" '"desk": "wait"'
finish
