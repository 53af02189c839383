#!/bin/sh
# The sealed bytes arrive at real servers: Postfix by SMTP (STARTTLS, AUTH, SIZE), by its sendmail and by msmtp, and
# Dovecot as a draft.
. "$TOP_SRCDIR/tests/cli/lib.sh"
. "$TOP_SRCDIR/tests/tools/servers.sh"
. "$TOP_SRCDIR/tests/tools/mail.sh"
. "$TOP_SRCDIR/tests/tools/mail-servers.sh"
command -v python3 >/dev/null || skip "python3 is missing: it reads what arrived"
command -v openssl >/dev/null || skip "openssl is missing: it makes the certificates"
[ "$(id -u)" -eq 0 ] || skip "Postfix takes root to start"
chroot / true 2>/dev/null || skip "no chroot here"
printf '%s\n' "$secret" >"$tmp/secret"
certificate cert localhost
certificate other localhost
start_mail "$secret"
sealed_packet
kept () { find "$chroot/var/mail/kept/new" -type f 2>/dev/null | wc -l; }
# arrived N: N mails are there by now, and the newest is request.eml behind what Postfix puts in front.
arrived () {
  python3 - "$1" "$chroot/var/mail/kept/new" "$p/request.eml" <<'PY'
import os, re, sys, time
count, folder, sealed = int(sys.argv[1]), sys.argv[2], open(sys.argv[3], "rb").read().replace(b"\r\n", b"\n")
end = time.time() + 60
names = []
while len(names) < count and time.time() < end:
    time.sleep(0.05)
    names = os.listdir(folder) if os.path.isdir(folder) else []
assert len(names) == count, names
newest = max((os.path.join(folder, n) for n in names), key=lambda n: os.stat(n).st_mtime_ns)
mail = open(newest, "rb").read()
assert mail.endswith(sealed), "other bytes"
front = re.sub(rb"\n[ \t]", b" ", mail[:-len(sealed)]).decode().splitlines()
assert {line.split(":")[0] for line in front} <= {"Return-Path", "X-Original-To", "Delivered-To", "Received"}, front
PY
}

code "STARTTLS and a login" 0 login --smtp "smtp://localhost:$smtp_port"
check "  request.eml arrived, byte for byte" arrived 1
is state accepted; is notices true
check "  the queue id is Postfix' own" grep -q "cleanup.*: $(receipt queue_id): message-id=<$(receipt message_id)>" "$chroot/var/log/postfix.log"
code "TLS from the first byte, to oneself" 0 login --smtp "smtps://localhost:$smtps_port" --to-self
check "  the same bytes" arrived 2
check "  another envelope" grep -q 'to=<postmaster@example.com>, relay=virtual' "$chroot/var/log/postfix.log"
unsent
before=$(kept)
code "SIZE 20000" 69 login --smtp "smtp://localhost:$small_port"; says 'takes messages of 20000 bytes at most'
code "another CA" 69 login --smtp "smtp://localhost:$smtp_port" --cacert "$tmp/other.pem"; says 'not to be trusted'
echo wrong-word >"$tmp/secret"
code "a wrong password" 78 login --smtp "smtp://localhost:$smtp_port"; says '535 5.7.8'
code "  for the draft, too" 78 login --draft "imaps://localhost:$imaps_port"; says 'AUTHENTICATIONFAILED'
printf '%s\n' "$secret" >"$tmp/secret"
code "no login" 69 "$pp" send --smtp "smtp://localhost:$smtp_port" --cacert "$tmp/cert.pem" "$p"; says '554 5.7.1'
is state refused
check "none of these arrived" test "$(kept)" = "$before"

# A token of OAuth 2, which Dovecot checks for both.
with_token () { "$pp" send --user ops@example.com --token-command "cat '$tmp/token'" --cacert "$tmp/cert.pem" "$@" "$p"; }
token=$(access_token 600)
echo "$token" >"$tmp/token"
code "a token, by SMTP" 0 with_token --smtp "smtp://localhost:$smtp_port" --to-self
check "  the same bytes" arrived 3
code "a token, by IMAP" 0 with_token --draft "imaps://localhost:$imaps_port"
is queue_id 1
access_token -600 >"$tmp/token"
unsent
code "a token that has expired" 78 with_token --smtp "smtp://localhost:$smtp_port"; says '535 5.7.8'
code "  for the draft, too" 78 with_token --draft "imaps://localhost:$imaps_port"; says 'AUTHENTICATIONFAILED'

# The local sendmail: Postfix', as it is called within its root; and msmtp.
printf '#!/bin/sh\nexec env MAIL_CONFIG=/etc/postfix chroot %s /usr/sbin/sendmail "$@"\n' "$chroot" >"$tmp/sendmail"
unpack_servers msmtp msmtp libgsasl18 libidn12 libntlm0 libsecret-1-0 libgssglue1
printf '#!/bin/sh\nLD_LIBRARY_PATH=%s exec %s/usr/bin/msmtp -C %s/msmtprc "$@"\n' "$(root_libs)" "$root" "$tmp" >"$tmp/msmtp"
cat >"$tmp/msmtprc" <<EOF
account default
host localhost
port $smtp_port
tls on
tls_trust_file $tmp/cert.pem
auth on
user ops@example.com
passwordeval cat $tmp/secret
EOF
chmod 700 "$tmp/sendmail" "$tmp/msmtp"
chmod 600 "$tmp/msmtprc"
unsent
code "Postfix' sendmail" 0 "$pp" send --sendmail="$tmp/sendmail" "$p"
check "  the same message" arrived 4
is state accepted; is way sendmail
unsent
code "msmtp" 0 "$pp" send "$p" --sendmail "$tmp/msmtp"
check "  the same message" arrived 5
unsent
echo wrong-word >"$tmp/secret"
code "msmtp, a wrong password" 69 "$pp" send --sendmail="$tmp/msmtp" "$p"; says 'Nothing was sent'
is state refused
printf '%s\n' "$secret" >"$tmp/secret"

# The draft, as another client finds it.
stored () { # COUNT: drafts there, the newest flagged and equal to draft.eml but for Date and X-Unsent
  python3 - "$imaps_port" "$tmp/cert.pem" "$secret" "$p/draft.eml" "$1" <<'PY'
import imaplib, re, ssl, sys
port, ca, secret, draft, count = sys.argv[1:]
m = imaplib.IMAP4_SSL("localhost", int(port), ssl_context=ssl.create_default_context(cafile=ca))
m.login("ops@example.com", secret)
name = next(line.decode().split(' "/" ')[1].strip('"') for line in m.list()[1] if b"\\Drafts" in line)
assert m.select('"' + name + '"', readonly=True)[1] == [count.encode()], name
(head, mail), _ = m.fetch(count, "(FLAGS BODY.PEEK[])")[1]
assert re.search(rb"FLAGS \([^)]*\\Draft", head + _), (head, _)
date, rest = mail.split(b"\r\n", 1)
assert date.startswith(b"Date: ") and b"X-Unsent" not in rest
assert rest == open(draft, "rb").read().replace(b"X-Unsent: 1\r\n", b"", 1)
print(name)
PY
}
unsent
code "a draft, TLS from the first byte" 0 login --draft "imaps://localhost:$imaps_port"
is state draft; is mailbox 'Entw&APw-rfe'; is queue_id 2
check "  flagged, and draft.eml" stored 2
unsent
code "a draft, STARTTLS" 0 login --draft "imap://localhost:$imap_port"
is queue_id 3
check "  flagged, and draft.eml" stored 3
unsent
code "a mailbox that is not there" 69 login --draft "imaps://localhost:$imaps_port" --mailbox Nowhere; says 'TRYCREATE'
code "  one by its name" 0 login --draft "imaps://localhost:$imaps_port" --mailbox INBOX
is mailbox INBOX
check "no secret in the servers' logs" sh -c '! grep -rqF -e "$1" -e "$2" "$3"' sh "$secret" "$token" "$chroot/var/log"
finish
