#!/bin/sh
# Drafts and the local sendmail, secrets, dry runs, usage, and a seal that does not hold.
. "$TOP_SRCDIR/tests/cli/lib.sh"
. "$TOP_SRCDIR/tests/tools/mail.sh"
command -v python3 >/dev/null || skip "python3 is missing: it is the servers"
command -v openssl >/dev/null || skip "openssl is missing: it makes the certificates"
certificate cert localhost
certificate wrong elsewhere.example.com
sealed_packet
start_faults good=dsn,size:1000000 plain= echo=echo xoauth2=xoauth2 xoauthno=xoauth2,echo enddrop=end:drop \
  endslow=end:slow imap=imap,tls imapstart=imap imapplain=imap,nostarttls imapauth=imap,tls,auth:535 \
  nospecial=imap,tls,nospecial no=imap,tls,append:NO_[OVERQUOTA]_full later=imap,tls,append:NO_[UNAVAILABLE]_later \
  late=imap,tls,stored:NO_full appenddrop=imap,tls,append:drop storeddrop=imap,tls,stored:drop \
  storedbye=imap,tls,stored:hang authlater=imap,tls,auth:NO_[UNAVAILABLE]_later "escapes=end:250_2.0.0_Ok:_$(printf '\033')[31m"
printf '%s\nsecond line\n' "$secret" >"$tmp/secret"
printf '%s\n' "$token" >"$tmp/token"
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
unsent
code "a login that is put off" 75 draft authlater
unsent
code "a reply with an escape in it" 0 smtp escapes
check "  which no terminal is shown" sh -c '! grep -q "$(printf "\\033")" "$1" && grep -q "Ok: ?\\[31m" "$1"' - "$tmp/out"
unsent
code "without STARTTLS" 69 login --draft "imap://localhost:$(port imapplain)"
unsent
code "a mailbox by name" 0 draft nospecial --mailbox Entw
unsent
code "no answer after the draft" 74 draft storeddrop
is state draft; is sure false
check "  it is not said to try again later" sh -c '! grep -q "try again" "$1"' - "$tmp/err"
code "  a second one is refused" 77 draft imap
unsent
code "no answer in time after the draft" 74 draft storedbye --timeout 1

# draft.eml as a file: a new message in a mail client.
if command -v mutt >/dev/null; then
  printf '#!/bin/sh\ncat >%s/mutt.eml\n' "$tmp" >"$tmp/mutt-sendmail"
  chmod 700 "$tmp/mutt-sendmail"
  printf 'set sendmail="%s" copy=no crypt_use_gpgme=no\n' "$tmp/mutt-sendmail" >"$tmp/muttrc"
  check "mutt -H draft.eml" env TERM=dumb mutt -n -F "$tmp/muttrc" -H "$p/draft.eml"
  check "  recipient, subject, text and attachments as they are, date and Message-ID new" python3 -c '
import email, email.policy, sys
sent, draft = (email.message_from_binary_file(open(f, "rb"), policy=email.policy.default) for f in sys.argv[1:])
assert sent["Date"] and sent["Message-ID"] and not draft["Date"]
for field in "To", "Subject":
    assert sent[field] == draft[field], field
parts = [[(p.get_filename(), p.get_content()) for p in m.iter_parts()] for m in (sent, draft)]
assert len(parts[0]) > 3 and parts[0] == parts[1], [[name for name, _ in p] for p in parts]' "$tmp/mutt.eml" "$p/draft.eml"
fi

# The local sendmail: what its exit status says. It is given the message as a file, with LF.
cat >"$tmp/sendmail" <<'EOF'
#!/bin/sh
d=${0%/*}
printf '%s\n' "$*" >"$d/sendmail.args"
cat >"$d/sendmail.got"
echo sendmail >>"$d/sendmail.log"
echo 'what it says'
read -r how <"$d/sendmail.how"
case $how in KILL) kill -KILL $$ ;; slow) sleep 0.5 ;; leaves) sleep 30 & echo $! >"$d/sendmail.pid" ;; hang) echo $$ >"$d/sendmail.pid"; echo '(hang)' >>"$d/sendmail.log"; exec sleep 30 ;; *) exit "$how" ;; esac
EOF
chmod 700 "$tmp/sendmail"
: >"$tmp/sendmail.log"
by_sendmail () { echo "$1" >"$tmp/sendmail.how"; shift; "$pp" send --sendmail="$tmp/sendmail" "$@" "$p"; }
unsent
code "sendmail" 0 by_sendmail 0
is state accepted; is way sendmail; is reply 'what it says'
check "  the envelope" grep -qx -e '-i -f postmaster@example.com -- icloudadmin@apple.com' "$tmp/sendmail.args"
tr -d '\r' <"$p/request.eml" >"$tmp/lf.eml"
check "  the message" cmp "$tmp/lf.eml" "$tmp/sendmail.got"
code "  once" 77 by_sendmail 0
code "  to oneself" 0 by_sendmail 0 --to-self
check "  the envelope" grep -qx -e '-i -f postmaster@example.com -- postmaster@example.com' "$tmp/sendmail.args"
for row in 75:75:refused 67:69:refused 69:69:refused 74:74:unsure 76:74:unsure KILL:74:unsure; do
  rest=${row#*:}
  unsent
  code "sendmail ends with ${row%%:*}" "${rest%%:*}" by_sendmail "${row%%:*}"; is state "${rest#*:}"; says 'what it says'
done
unsent
code "a program that is not there" 69 "$pp" send --sendmail="$tmp/nothing" "$p"; says 'cannot be run'
is state none
in_sendmail () {
  echo "$1" >"$tmp/sendmail.how"
  # shellcheck disable=SC2086 # a list of actions
  python3 "$TOP_SRCDIR/tests/tools/at.py" "$tmp/sendmail.log" "$2" $3 -- "$pp" send --sendmail="$tmp/sendmail" "$p"
}
code "SIGINT while it works" 0 in_sendmail slow sendmail SIGINT
is state accepted
unsent
begun=$(date +%s)
code "a program that leaves another one at work" 0 by_sendmail leaves
is state accepted; is reply 'what it says'
check "  that one is not waited for" test $(($(date +%s) - begun)) -lt 20
kill "$(cat "$tmp/sendmail.pid")"
unsent
code "SIGINT twice" 74 in_sendmail hang '(hang)' 'SIGINT SIGINT'
kill "$(cat "$tmp/sendmail.pid")"
is state unsure
code "  a second one is refused" 77 by_sendmail 0

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
printf 'machine elsewhere.example.com login net@example.com password %s\n' "$secret" >"$tmp/netrc2"
chmod 600 "$tmp/netrc2"
code "a netrc without the host" 78 "$pp" send --again --smtp "smtp://localhost:$(port plain)" --netrc-file "$tmp/netrc2" --cacert "$tmp/cert.pem" "$p"
says 'netrc2 has no entry for localhost'
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
check "nothing was written" cmp "$p.was" "$p/packet.json"

# Usage.
usage () { code "usage: ${1-nothing} ${2-}" 64 "$pp" send "$@" "$p"; }
usage; says 'may be sent; say how'
usage --smtp http://localhost
usage --smtp smtp://localhost/inbox
usage --smtp 'smtp://ops:c4nary-p4ss.word@localhost'; clean "a password in the URL"
usage --smtp smtp://localhost --sendmail
usage --smtp smtp://localhost --user a
usage --smtp smtp://localhost --password-command true
usage --smtp smtp://localhost --mailbox Drafts
usage --draft imaps://localhost --user a --password-command true --mailbox ""
usage --draft imaps://localhost --user a --password-command true --mailbox Entwürfe
usage --draft imaps://localhost --user a --password-command true --mailbox "$(printf 'a\r\nb LOGOUT')"
usage --draft imaps://localhost
usage --draft smtp://localhost
usage --draft imaps://localhost --to-self --netrc-file "$tmp/netrc"
usage --sendmail --user a --password-command true
code "no packet" 66 "$pp" send --smtp smtp://localhost "$tmp/nothing"

# libcurl and what it brings cost each start as much as all else; only what connects loads it.
unsent
if LD_DEBUG=files "$pp" --version 2>&1 | grep -q libjansson; then
  code "what connects loads libcurl" 75 env LD_DEBUG=files "$pp" send --smtp smtp://localhost:1 "$p"; says libcurl
  code "a dry run does not" 0 env LD_DEBUG=files "$pp" send --smtp smtp://localhost:1 --dry-run "$p"
  check "  nor anything before it" sh -c '! grep -q libcurl "$1"' sh "$tmp/err"
fi

# For scripts.
unsent
code "JSON" 0 smtp good --json
check "  the receipt as in packet.json" python3 -c '
import json, sys
printed, packet = (json.load(open(f)) for f in sys.argv[1:])
assert printed["version"] == 1 and printed["dialogue"] is None
assert printed["receipt"] == packet["receipts"][-1] and printed["receipt"]["state"] == "accepted"' "$tmp/out" "$p/packet.json"
code "what was sent is not replaced" 73 "$pp" build --quiet --force --output "$p" "$tmp/case/case.json"; says 'was sent, and its receipt is in it'
is state accepted
unsent
code "JSON of a refusal" 78 smtp echo --json
check "  no receipt, as nothing was handed over" sh -c '[ ! -s "$1" ]' sh "$tmp/out"
code "JSON of a dry run" 0 smtp good --json --dry-run
check "  the dialogue by lines" python3 -c '
import json, sys
o = json.load(open(sys.argv[1]))
assert o["receipt"] is None and "C: STARTTLS" in o["dialogue"]' "$tmp/out"
unsent

# The seal: each state has its sentence, and nothing is said to any server.
lines=$(cat "$tmp"/*.log | wc -l)
sealed () { code "seal: $1" 77 smtp good; says "$1"; }
unsent
cp -r "$p" "$tmp/good-packet"
restore () { rm -rf "$p"; cp -r "$tmp/good-packet" "$p"; }
printf . >>"$p/request.eml"; sealed 'request.eml is not what was sealed'
code "  also where no way is given" 77 "$pp" send "$p"; restore
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
