#!/bin/sh
# review --diff: what was replaced, before and after; what is raw never leaves the terminal.
. "$TOP_SRCDIR/tests/cli/lib.sh"
command -v python3 >/dev/null || skip "python3 is missing: it makes a terminal"
export SOURCE_DATE_EPOCH=1798830000
p=$tmp/p sample=$TOP_SRCDIR/samples/outage
code "build" 1 "$pp" build --quiet --map mta1=192.0.2.10 --map mta2=192.0.2.11 --output "$p" "$sample/case.json"
code "into a pipe" 0 "$pp" review --diff "$p"
check "marks" grep -Eq '^\+ .*RCPT TO +<\[rcpt-[a-z2-7]{8}\]@' "$tmp/out"
check "what stands before is only counted" grep -q '^- ([0-9]* lines, shown on a terminal only)' "$tmp/out"
check "no line before" sh -c '! grep "^-" "$1" | grep -v "shown on a terminal only"' sh "$tmp/out"
cut -d, -f1 "$sample/suppression.csv" | grep @ >"$tmp/people"
gzip -dc "$sample/log/maillog.gz" | grep -o 'to=<[^>]*>' | sed 's/to=<//; s/>//' | sort -u >>"$tmp/people"
check "of all recipients none" sh -c '! grep -Fqf "$1" "$2"' sh "$tmp/people" "$tmp/out"
terminal () { timeout 30 python3 -c 'import pty, sys, os; sys.exit(os.waitstatus_to_exitcode(pty.spawn(sys.argv[1:])))' "$@" </dev/null | tr -d '\r'; }
PAGER=cat TERM=xterm terminal "$pp" review --diff "$p" >"$tmp/shown" || :
check "on a terminal they are there" grep -Fqf "$tmp/people" "$tmp/shown"
check "beside their marks" sh -c 'grep -Eq "^.\[31m- .*To: .*test.person0180@icloud.com" "$1" && grep -Eq "^.\[32m\+ To: <\[rcpt-" "$1"' sh "$tmp/shown"
check "and the header fields that went" grep -q '\[31m- X-ICL-Info: ' "$tmp/shown"
PAGER=cat TERM=xterm terminal "$pp" review --diff "$p" apple-smtp-errors.txt >"$tmp/shown" || :
check "of one part" sh -c 'grep -q apple-smtp-errors "$1" && ! grep -q delivered-headers "$1"' sh "$tmp/shown"
code "no such part" 66 "$pp" review --diff "$p" nothing.txt
code "a machine that did not build it" 66 env XDG_STATE_HOME="$tmp/elsewhere" "$pp" review --diff "$p"
# Each header stands beside its own mail, also where the case names another stream's before it; of many the first go out.
cp -R "$sample" "$tmp/case"
chmod -R u+w "$tmp/case"
sed 's/news\.example\.com/tx.example.com/g' "$sample/delivered/newsletter.eml" >"$tmp/case/delivered/receipt.eml"
for n in 2 3 4 5 6 7 8; do sed "s/^Message-ID: </&n$n./" "$sample/delivered/newsletter.eml" >"$tmp/case/delivered/n$n.eml"; done
sed -i 's,"delivered/newsletter.eml","delivered/receipt.eml"\, &,' "$tmp/case/case.json"
code "another stream's sample first" 1 "$pp" build --quiet --output "$tmp/two" "$tmp/case/case.json"
PAGER=cat TERM=xterm terminal "$pp" review --diff "$tmp/two" delivered-headers.txt >"$tmp/shown" || :
check "it is not shown" sh -c 'grep -q "31m- X-ICL-Info: " "$1" && ! grep -q "tx\.example\.com" "$1"' sh "$tmp/shown"
sed -i 's,"delivered/newsletter.eml",&\, "delivered/n2.eml"\, "delivered/n3.eml"\, "delivered/n4.eml"\, "delivered/n5.eml"\, "delivered/n6.eml"\, "delivered/n7.eml"\, "delivered/n8.eml",' "$tmp/case/case.json"
code "nine samples, one of them another stream's" 1 "$pp" build --quiet --output "$tmp/nine" "$tmp/case/case.json"
check "six go out" test "$(grep -c '^==== sample [1-6]$' "$tmp/nine/parts/delivered-headers.txt"),$(grep -c '^====' "$tmp/nine/parts/delivered-headers.txt")" = 6,6
check "which is said" grep -q 'Of 8 delivered samples the headers of the first 6 go out' "$tmp/nine/ticket/ticket.md"
check "all eight are spoken of" grep -q -i '^- \(8\|eight\) accepted samples' "$tmp/nine/request.eml"
code "with --json" 64 "$pp" review --diff --json "$p"
code "with --accept" 64 "$pp" review --diff --accept "$p"
code "more operands without it" 64 "$pp" review "$p" "$p"
finish
