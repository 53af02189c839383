#!/bin/sh
# What a server does wrong never makes `send` say more than it knows: the right exit status, a true receipt, nothing
# sent twice, and no secret anywhere.
. "$TOP_SRCDIR/tests/cli/lib.sh"
. "$TOP_SRCDIR/tests/tools/mail.sh"
command -v python3 >/dev/null || skip "python3 is missing: it is the servers"
command -v openssl >/dev/null || skip "openssl is missing: it makes the certificates"
certificate cert localhost
certificate wrong elsewhere.example.com
sealed_packet
start_faults good=dsn,size:1000000 plain= tls=tls wrong=tls,wrong wrongstart=wrong nostarttls=nostarttls noauth=noauth \
  auth535=auth:535_5.7.8_No auth454=auth:454_4.7.0_Later echo=echo xoauth2=xoauth2 xoauthno=xoauth2,echo \
  banner421=banner:421_4.3.2_Busy banner554=banner:554_5.3.2_No bannerdrop=banner:drop bannerhang=banner:hang \
  starttls454=starttls:454_4.7.0_Later ehlo554=ehlo:554_5.0.0_No \
  mail450=mail:450_4.1.8_Later mail550=mail:550_5.1.8_No mail530=mail:530_5.7.0_Login maildrop=mail:drop \
  rcpt450=rcpt:450_4.2.0_Later rcpt550=rcpt:550_5.1.1_No rcpthang=rcpt:hang \
  data451=data:451_4.3.0_Later data554=data:554_5.5.1_No datadrop=data:drop \
  middledrop=middle:drop middle552=middle:552_5.3.4_Big \
  end451=end:451_4.3.0_Later end554=end:554_5.7.1_Spam enddrop=end:drop endhang=end:hang endodd=end:hello endslow=end:slow \
  size=size:1000 \
  imap=imap,tls imapstart=imap imapplain=imap,nostarttls imapauth=imap,tls,auth:535 nospecial=imap,tls,nospecial \
  no=imap,tls,append:NO_[OVERQUOTA]_full later=imap,tls,append:NO_[UNAVAILABLE]_later late=imap,tls,stored:NO_full \
  appenddrop=imap,tls,append:drop storeddrop=imap,tls,stored:drop storedbye=imap,tls,stored:hang
secret=c4nary-p4ss.word
token=c4nary-t0ken.value
printf '%s\nsecond line\n' "$secret" >"$tmp/secret"
printf '%s\n' "$token" >"$tmp/token"
login () { "$pp" send --user ops@example.com --password-command "cat '$tmp/secret'" --cacert "$tmp/cert.pem" "$@" "$p"; }
smtp () { server=$1; shift; login --smtp "smtp://localhost:$(port "$server")" "$@"; }
draft () { server=$1; shift; login --draft "imaps://localhost:$(port "$server")" "$@"; }
# says WORDS: on the standard error.
says () { check "  $1" grep -qF -e "$1" "$tmp/err"; }
is () { check "  $1: $2" test "$(receipt "$1")" = "$2"; }
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
code "no answer at the greeting" 75 smtp bannerhang --timeout 1
is state none

# Signals, at each point; two at once; a packet that goes away; a full disk.
cat >"$tmp/at.py" <<'PY'
"""at.py LOG WORD ACTION... -- COMMAND...: runs the command; when LOG shows WORD does each action (a signal's name,
mv:FROM:TO, run, which starts it a second time and prints how that ended, look:TEXT, which looks for TEXT in
all command lines and environments), ends as it ends."""
import glob, os, signal, subprocess, sys, time
cut = sys.argv.index("--")
log, word, actions, command = sys.argv[1], sys.argv[2], sys.argv[3:cut], sys.argv[cut + 1:]
for s in (signal.SIGINT, signal.SIGTERM):
    signal.signal(s, signal.SIG_DFL)
before = open(log).read().count(word)
p = subprocess.Popen(command)
end = time.time() + 10
while open(log).read().count(word) == before and p.poll() is None and time.time() < end:
    time.sleep(0.01)
for action in actions:
    if action.startswith("mv:"):
        os.rename(*action.split(":")[1:])
    elif action == "run":
        print("second", subprocess.run(command).returncode)
    elif action.startswith("look:"):
        me = os.getpid()
        for path in glob.glob("/proc/[0-9]*/cmdline") + [f"/proc/{p.pid}/environ"]:
            try:
                if path != f"/proc/{me}/cmdline" and action[5:].encode() in open(path, "rb").read():
                    print("SEEN in", path)
            except OSError:
                pass
    else:
        p.send_signal(getattr(signal, action))
        time.sleep(0.1)
status = p.wait()
sys.exit(status if status >= 0 else 128 - status)
PY
# during NAME WORD ACTIONS OPTIONS...
during () {
  server=$1 word=$2 actions=$3
  shift 3
  # shellcheck disable=SC2086 # a list of actions
  python3 "$tmp/at.py" "$tmp/$server.log" "$word" $actions -- "$pp" send --smtp "smtp://localhost:$(port "$server")" \
    --user ops@example.com --cacert "$tmp/cert.pem" "$@" "$p"
}
bypass () { during "$1" "$2" "$3" --password-command "cat '$tmp/secret'"; }
unsent
code "SIGINT at the greeting" 130 bypass bannerhang '(hang)' SIGINT
says 'interrupted; nothing was sent'; is state none
code "SIGTERM at RCPT" 143 bypass rcpthang '(hang)' SIGTERM
is state refused; is sure true
code "SIGINT while the answer to the message is waited for" 0 bypass endslow '(slow)' SIGINT
says 'waiting for the answer'; is state accepted
check "  it went once" test "$(taken endslow)" = 1
unsent
code "SIGINT twice" 74 bypass endhang '(hang)' 'SIGINT SIGINT'
is state unsure
unsent
code "SIGKILL" 137 bypass endhang '(hang)' SIGKILL
is state unsure; is sure false
code "  a second one is refused" 77 smtp good; says 'may have gone to Apple'
unsent
code "two at once" 0 bypass endslow '(slow)' run
check "  the second waits for nothing" grep -qx 'second 75' "$tmp/out"
check "  and sends nothing" test "$(taken endslow)" = 2
unsent
code "the folder goes away meanwhile" 74 bypass endslow '(slow)' "mv:$p:$p.away"
says 'it was sent, but the receipt cannot be written'; says 'queued as FA017'
mv "$p.away" "$p"
is state unsure
unsent
# shellcheck disable=SC2016
code "a full disk" 74 sh -c 'trap "" 25; ulimit -f 1; exec "$@"' sh "$pp" send --smtp "smtp://localhost:$(port good)" --cacert "$tmp/cert.pem" "$p"
says 'nothing was sent, since the receipt cannot be written'
check "  nothing was" test "$(taken good)" = 1
check "  packet.json is as it was" cmp "$p.json" "$p/packet.json"
check "  and no other file is left" test "$(find "$p" -name 'packet.json*' | wc -l)" = 1
code "no room for the answer" 74 sh -c '"$@" >/dev/full' sh "$pp" send --smtp "smtp://localhost:$(port plain)" --cacert "$tmp/cert.pem" "$p"
is state accepted

# Drafts.
unsent
code "draft" 0 draft imap
is state draft; is mailbox 'Entw {x}'; is queue_id 42
check "  flagged as one" grep -q 'APPEND "Entw {x}" (\\Draft \\Seen) {' "$tmp/imap.log"
dated () { # it is draft.eml with a Date and without X-Unsent
  python3 -c '
import re, sys
sealed, stored = (open(f, "rb").read() for f in sys.argv[1:])
date, stored = stored.split(b"\r\n", 1)
assert re.fullmatch(rb"Date: (Mon|Tue|Wed|Thu|Fri|Sat|Sun), \d\d [A-Z][a-z]{2} 20\d\d \d\d:\d\d:\d\d \+0000", date), date
assert b"X-Unsent: 1\r\n" in sealed and stored == sealed.replace(b"X-Unsent: 1\r\n", b"", 1)
' "$p/draft.eml" "$1"
}
check "  draft.eml with a Date and without X-Unsent" dated "$tmp/imap.1.eml"
code "  once" 77 draft imap; says 'lies as a draft'
code "  and not by SMTP either" 77 smtp good
unsent
code "draft by STARTTLS" 0 login --draft "imap://localhost:$(port imapstart)"
for row in imapauth:78:login nospecial:69:--mailbox no:69:OVERQUOTA later:75:UNAVAILABLE late:69:full appenddrop:75:stored; do
  rest=${row#*:}
  unsent
  code "${row%%:*}: exit ${rest%%:*}" "${rest%%:*}" draft "${row%%:*}"; says "${rest#*:}"
  check "  the receipt does not say more" sh -c 'case $1 in none | refused) ;; *) exit 1 ;; esac' sh "$(receipt state)"
done
code "without STARTTLS" 69 login --draft "imap://localhost:$(port imapplain)"
unsent
code "a mailbox by name" 0 draft nospecial --mailbox Entw
unsent
code "no answer after the draft" 74 draft storeddrop
is state draft; is sure false
code "  a second one is refused" 77 draft imap
unsent
code "no answer in time after the draft" 74 draft storedbye --timeout 1

# Secrets: by command, netrc and token; also where the server repeats them.
b64 () { printf '%s' "$1" | base64 -w 0; }
clean () {
  check "$1: no secret in output, receipts or process list" sh -c '
    shift; for word; do
      ! grep -rqF -e "$word" "$0/out" "$0/err" "$0/packet" || { echo "$word"; grep -rlF -e "$word" "$0/out" "$0/err" "$0/packet"; exit 1; }
    done; ! grep -q SEEN "$0/out"' "$tmp" - "$secret" "$token" "$(b64 "$secret")" "$(b64 "$token")" \
    "$(printf '\0ops@example.com\0%s' "$secret" | base64 -w 0)" "$(printf '\0net@example.com\0%s' "$secret" | base64 -w 0)"
}
printf 'machine localhost login net@example.com password %s\n' "$secret" >"$tmp/netrc"
net () { server=$1; shift; "$pp" send --smtp "smtp://localhost:$(port "$server")" --netrc-file "$tmp/netrc" --cacert "$tmp/cert.pem" "$@" "$p"; }
tok () { server=$1; shift; "$pp" send --smtp "smtp://localhost:$(port "$server")" --user ops@example.com --token-command "cat '$tmp/token'" --cacert "$tmp/cert.pem" "$@" "$p"; }
unsent
chmod 644 "$tmp/netrc"
code "a netrc file that others can read" 78 net plain; says 'chmod 600'
chmod 600 "$tmp/netrc"
code "netrc" 0 net plain; clean netrc
check "  its user logged in" grep -qF "$(printf '\0net@example.com\0%s' "$secret" | base64 -w 0)" "$tmp/plain.log"
code "netrc, refused and repeated" 78 net echo --again; clean "netrc refused"; says '[removed]'
code "password, refused and repeated" 78 smtp echo --again; clean "password refused"; says '[removed]'
code "token" 0 tok xoauth2 --again; clean token
check "  as XOAUTH2" grep -q 'AUTH XOAUTH2' "$tmp/xoauth2.log"
code "token, refused and repeated" 78 tok xoauthno --again; clean "token refused"
unsent
code "while it runs" 0 bypass endslow '(slow)' "look:$secret"; clean "running"
code "and with a token" 74 during enddrop '(message)' "look:$token" --again --token-command "cat '$tmp/token'"
clean "running with a token"
code "and in a dry run" 0 smtp good --again --dry-run; clean "dry run"
code "a command that fails" 78 "$pp" send --again --smtp "smtp://localhost:$(port good)" --user a --password-command "echo $secret; exit 3" "$p"; says 'ended with 3'
check "  what it printed is not shown" sh -c '! grep -qF "$1" "$2"' sh "$secret" "$tmp/err"
code "a command that prints nothing" 78 "$pp" send --again --smtp "smtp://localhost:$(port good)" --user a --password-command true "$p"

# A dry run says what would be said, and does nothing.
unsent
code "dry run" 0 smtp good --dry-run
for line in 'C: STARTTLS' 'C: AUTH (ops@example.com, by --password-command, which is not run now)' 'C: RCPT TO:<icloudadmin@apple.com> NOTIFY=FAILURE,DELAY' \
  "C: ($(wc -c <"$p/request.eml") bytes of request.eml, SHA-256 $(sha256sum <"$p/request.eml" | cut -d' ' -f1))"; do
  check "  $line" grep -qxF -e "$line" "$tmp/out"
done
code "dry run of a draft" 0 draft imap --dry-run
check "  APPEND" grep -qF 'APPEND (the mailbox marked \Drafts) (\Draft \Seen) {' "$tmp/out"
code "dry run against nobody" 0 login --smtp smtps://nobody.invalid --dry-run
check "nothing was written" cmp "$p.json" "$p/packet.json"

# Usage.
usage () { code "usage: ${1-nothing} ${2-}" 64 "$pp" send "$@" "$p"; }
usage
usage --smtp http://localhost
usage --smtp smtp://localhost/inbox
usage --smtp 'smtp://ops:c4nary-p4ss.word@localhost'; clean "a password in the URL"
usage --smtp smtp://localhost --sendmail
usage --smtp smtp://localhost --user a
usage --smtp smtp://localhost --password-command true
usage --smtp smtp://localhost --mailbox Drafts
usage --draft imaps://localhost
usage --draft smtp://localhost
usage --draft imaps://localhost --to-self --netrc-file "$tmp/netrc"
usage --sendmail --user a --password-command true
code "no packet" 66 "$pp" send --smtp smtp://localhost "$tmp/nothing"

# The seal: each state has its sentence, and nothing is said to any server.
lines=$(cat "$tmp"/*.log | wc -l)
sealed () { code "seal: $1" 77 smtp good; says "$1"; }
unsent
cp -r "$p" "$tmp/good-packet"
restore () { rm -rf "$p"; cp -r "$tmp/good-packet" "$p"; }
printf . >>"$p/request.eml"; sealed 'request.eml is not what was sealed'; restore
printf . >>"$p/draft.eml"; sealed 'draft.eml is not what was sealed'; restore
rm "$p/seal.json"; sealed 'There is no seal'; restore
echo '{' >"$p/seal.json"; sealed 'The seal cannot be read'; restore
echo >>"$tmp/case/suppression.csv"; sealed 'suppression.csv is not what it was'
sed -i '$d' "$tmp/case/suppression.csv"
later () { SOURCE_DATE_EPOCH=$((SOURCE_DATE_EPOCH + $1)); }
(later 604801; code "expired" 77 smtp good; says 'The seal has expired') >"$tmp/sub" 2>&1 || :
check "an expired seal" sh -c 'grep -q "^ok .*expired" "$1" && ! grep -q "^not ok" "$1"' sh "$tmp/sub"
(later 172801; code "old figures" 77 smtp good; says 'The figures are old') >"$tmp/sub" 2>&1 || :
check "old figures" sh -c 'grep -q "^ok .*old" "$1" && ! grep -q "^not ok" "$1"' sh "$tmp/sub"
code "a dry run neither" 0 smtp good --dry-run
printf . >>"$p/request.eml"; code "a dry run of other bytes" 77 smtp good --dry-run; restore
check "no server heard of it" test "$(cat "$tmp"/*.log | wc -l)" = "$lines"
finish
