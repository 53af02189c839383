#!/bin/sh
# What a server does wrong never makes `send` say more than it knows: the right exit status, a true receipt, nothing
# sent twice.
. "$TOP_SRCDIR/tests/cli/lib.sh"
. "$TOP_SRCDIR/tests/tools/mail.sh"
command -v python3 >/dev/null || skip "python3 is missing: it is the servers"
command -v openssl >/dev/null || skip "openssl is missing: it makes the certificates"
certificate cert localhost
certificate wrong elsewhere.example.com
sealed_packet
start_faults good=dsn,size:1000000 plain= tls=tls wrong=tls,wrong wrongstart=wrong nostarttls=nostarttls \
  noauth=noauth auth535=auth:535_5.7.8_No auth454=auth:454_4.7.0_Later echo=echo banner421=banner:421_4.3.2_Busy \
  banner554=banner:554_5.3.2_No bannerdrop=banner:drop bannerhang=banner:hang starttls454=starttls:454_4.7.0_Later \
  ehlo554=ehlo:554_5.0.0_No mail450=mail:450_4.1.8_Later mail550=mail:550_5.1.8_No mail530=mail:530_5.7.0_Login \
  maildrop=mail:drop rcpt450=rcpt:450_4.2.0_Later rcpt550=rcpt:550_5.1.1_No rcpthang=rcpt:hang \
  data451=data:451_4.3.0_Later data554=data:554_5.5.1_No datadrop=data:drop middledrop=middle:drop \
  middle552=middle:552_5.3.4_Big end451=end:451_4.3.0_Later end554=end:554_5.7.1_Spam enddrop=end:drop \
  endhang=end:hang maildrip=mail:drip endodd=end:hello endslow2=end:slow1.5 size=size:1000 no=imap,tls,append:NO_[OVERQUOTA]_full
printf '%s\nsecond line\n' "$secret" >"$tmp/secret"
printf '%s\n' "$token" >"$tmp/token"
# refuses NAME STATUS WORDS: nothing was sent, the receipt (if any) says so, and another try is possible.
refuses () {
  unsent
  code "$1: exit $2" "$2" smtp "$1"
  says "$3"
  check "  it says that nothing was sent" grep -qi 'nothing was sent' "$tmp/err"
  check "  the receipt does not say more" sh -c 'case $1 in none | refused) ;; *) exit 1 ;; esac' sh "$(receipt state)"
}

# What does not come about before the message.
refuses nostarttls 69 'offers no STARTTLS'
check "  and no login was tried" sh -c '! grep -q -e AUTH -e MAIL "$1"' sh "$tmp/nostarttls.log"
refuses wrongstart 69 'certificate is not to be trusted'
unsent
code "wrong certificate on the TLS port" 69 login --smtp "smtps://localhost:$(port wrong)"
code "a certificate that nobody signed" 69 "$pp" send --smtp "smtps://localhost:$(port tls)" "$p"
says '--cacert'
code "a CA file that is none" 78 "$pp" send --smtp "smtps://localhost:$(port tls)" --cacert "$tmp/secret" "$p"
code "TLS where there is none yet" 69 login --smtp "smtps://localhost:$(port good)"
code "nobody there" 75 login --smtp smtp://localhost:1
refuses noauth 78 'offers no login'
refuses auth535 78 'the login is refused'
refuses auth454 75 'for now'
refuses banner421 75 '421 4.3.2 Busy'
refuses banner554 69 '554 5.3.2 No'
refuses bannerdrop 75 'nothing was sent'
refuses ehlo554 69 '554 5.0.0 No'
refuses starttls454 75 '454 4.7.0 Later'
# And in it.
for stage in mail450:75:4.1.8 mail550:69:5.1.8 mail530:78:--password-command maildrop:75:closed rcpt450:75:4.2.0 rcpt550:69:5.1.1 \
  data451:75:4.3.0 data554:69:5.5.1 datadrop:75:closed middle552:69:5.3.4 end451:75:4.3.0 end554:69:5.7.1; do
  rest=${stage#*:}
  refuses "${stage%%:*}" "${rest%%:*}" "${rest#*:}"
done
# Whether the drop is seen before all was written is chance; the receipt says which it was.
unsent
set +e; smtp middledrop >"$tmp/out" 2>"$tmp/err"; got=$?; set -e
check "a drop within the message: the status is what the receipt says" test "$got $(receipt state)" = "$([ $got = 74 ] && echo 74 unsure || echo 75 refused)"
check "  the server has nothing" test "$(taken middledrop)" = 0
refuses size 69 'takes messages of 1000 bytes at most'
check "  MAIL was not said" sh -c '! grep -q MAIL "$1"' sh "$tmp/size.log"
unsent
code "after a refusal it may be tried" 0 smtp good
is state accepted; is sure true; is queue_id FA017; is notices true; is stage end-of-data
check "  what it received is request.eml" cmp "$tmp/good.1.eml" "$p/request.eml"
check "  SIZE and DSN were told" sh -c 'grep -q "^MAIL FROM:<postmaster@example.com> SIZE=[0-9]* RET=HDRS$" "$1" && grep -q "NOTIFY=FAILURE,DELAY" "$1"' sh "$tmp/good.log"
code "sent once" 77 smtp good; says 'went to Apple already'
check "  and not twice" test "$(taken good)" = 1
code "to oneself all the same" 0 smtp plain --to-self
is state self; is to postmaster@example.com
check "  the same bytes" cmp "$tmp/plain.1.eml" "$p/request.eml"
check "  neither SIZE nor DSN, which are not offered" grep -qx 'MAIL FROM:<postmaster@example.com>' "$tmp/plain.log"
check "  another envelope" grep -qx 'RCPT TO:<postmaster@example.com>' "$tmp/plain.log"
code "and to Apple only if asked for" 77 smtp plain
code "--again" 0 smtp plain --again
check "the privacy check reads the receipts, too" "$pp" verify "$p"

# Given whole, and no answer.
for at in enddrop endodd; do
  unsent
  code "$at" 74 smtp "$at"
  says 'Whether it was sent is not known'; is state unsure; is sure false
  code "  a second one is refused" 77 smtp "$at"; says 'may have gone to Apple'
  check "  nothing went twice" test "$(taken "$at")" = 1
done
unsent
code "no answer in time" 74 smtp endhang --timeout 1
is state unsure
unsent
code "closed without a word" 75 smtp maildrop
says 'closed the connection; try again later'
unsent
code "no answer at the greeting" 75 smtp bannerhang --timeout 1
is state none
unsent
code "an answer that trickles in" 75 timeout 15 "$pp" send --smtp "smtp://localhost:$(port maildrip)" --cacert "$tmp/cert.pem" --timeout 1 "$p"
says 'no answer in time'
is state refused
is stage mail
is reply null

# Signals, at each point; two at once; a packet that goes away; a full disk.
unsent
code "SIGINT at the greeting" 130 bypass bannerhang '(hang)' SIGINT
says 'interrupted; nothing was sent'; is state none
code "SIGTERM at RCPT" 143 bypass rcpthang '(hang)' SIGTERM
is state refused; is sure true
code "SIGINT while the answer to the message is waited for" 0 bypass endslow2 '(slow)' SIGINT
says 'waiting for the answer'; is state accepted
check "  it went once" test "$(taken endslow2)" = 1
unsent
code "SIGINT twice" 74 bypass endhang '(hang)' 'SIGINT SIGINT'
is state unsure
unsent
code "SIGKILL" 137 bypass endhang '(hang)' SIGKILL
is state unsure; is sure false
code "  a second one is refused" 77 smtp good; says 'may have gone to Apple'
unsent
code "two at once" 0 bypass endslow2 '(slow)' run
check "  the second waits for nothing" grep -qx 'second 75' "$tmp/out"
check "  and sends nothing" test "$(taken endslow2)" = 2
unsent
code "the folder goes away meanwhile" 74 bypass endslow2 '(slow)' "mv:$p:$p.away"
says 'it was sent, but the receipt cannot be written'; says 'queued as FA017'
mv "$p.away" "$p"
is state unsure
unsent
# shellcheck disable=SC2016
code "a full disk" 74 sh -c 'trap "" 25; ulimit -f 1; exec "$@"' sh "$pp" send --smtp "smtp://localhost:$(port good)" --cacert "$tmp/cert.pem" "$p"
says 'nothing was sent, since the receipt cannot be written'
check "  nothing was" test "$(taken good)" = 1
check "  packet.json is as it was" cmp "$p.was" "$p/packet.json"
check "  and no other file is left" test "$(find "$p" -name 'packet.json*' | wc -l)" = 1
code "no room for the answer" 74 sh -c '"$@" >/dev/full' sh "$pp" send --smtp "smtp://localhost:$(port plain)" --cacert "$tmp/cert.pem" "$p"
is state accepted

finish
