# shellcheck shell=sh
# shellcheck disable=SC2154 # tmp is of lib.sh, root of servers.sh
# Sourced by tests that send to real servers: Debian's Postfix (submission with STARTTLS, AUTH and SIZE; sendmail) and
# Dovecot (IMAP, and Postfix' logins), unpacked and run in a folder of the test's own by chroot, which takes root.
mail_programs='usr/sbin/dovecot usr/bin/doveconf usr/sbin/sendmail usr/sbin/postdrop usr/sbin/postcat usr/lib/postfix/sbin/*
  usr/lib/dovecot/[!l]* usr/lib/dovecot/log'
mail_packages='postfix dovecot-core dovecot-imapd libexttextcat-2.0-0 liblua5.4-0 libsodium23 libstemmer0d libtirpc3
  libunwind8 libwrap0 libicu72 libdb5.3 libnsl2 libsasl2-2 libcap2 libapparmor1 libpam0g'

# fill_root: $chroot, with the programs and the libraries that they load, of the packages or of this system.
fill_root () {
  chroot=$tmp/root
  mkdir -p "$chroot/lib" "$chroot/dev" "$chroot/tmp" "$chroot/etc/postfix" "$chroot/var/log" "$chroot/var/mail" \
    "$chroot/var/lib/postfix" "$chroot/run/dovecot"
  # shellcheck disable=SC2086 # patterns
  (cd "$root" && tar -cf - $mail_programs usr/lib/postfix/*.so usr/lib/dovecot/*.so*) | tar -xf - -C "$chroot"
  if [ ! -s "$root.libs" ]; then # each program is asked once, for all tests
    # shellcheck disable=SC2086
    (cd "$chroot" && LD_LIBRARY_PATH=$(root_libs):$root/usr/lib/dovecot:$root/usr/lib/postfix \
      ldd $mail_programs 2>/dev/null) | sed -n 's/^.*[[:blank:]]\(\/[^ ]*\) (0x.*/\1/p' | sort -u >"$tmp/libs"
    cp "$tmp/libs" "$root.libs"
  fi
  while read -r lib; do
    case $lib in
      */ld-linux*) mkdir -p "$chroot${lib%/*}" && cp -L "$lib" "$chroot$lib" ;;
      *) [ -e "$chroot/usr/lib/postfix/${lib##*/}" ] || [ -e "$chroot/usr/lib/dovecot/${lib##*/}" ] \
        || cp -L "$lib" "$chroot/lib/" ;;
    esac
  done <"$root.libs"
  mknod -m 666 "$chroot/dev/null" c 1 3 2>/dev/null || : >"$chroot/dev/null"
  cat >"$chroot/etc/passwd" <<'EOF'
root:x:0:0::/:/nonexistent
postfix:x:60101:60101::/:/nonexistent
dovecot:x:60103:60103::/:/nonexistent
dovenull:x:60104:60104::/:/nonexistent
keeper:x:60105:60105::/:/nonexistent
nobody:x:65534:65534::/:/nonexistent
EOF
  cat >"$chroot/etc/group" <<'EOF'
root:x:0:
postfix:x:60101:
postdrop:x:60102:
dovecot:x:60103:
dovenull:x:60104:
keeper:x:60105:
nogroup:x:65534:
EOF
  echo '127.0.0.1 localhost' >"$chroot/etc/hosts"
  printf 'smtp 25/tcp\n' >"$chroot/etc/services"
  cp "$tmp/cert.pem" "$tmp/cert-key.pem" "$chroot/etc/"
  chown 60105:60105 "$chroot/var/mail"
}

# ports N: N ports that nobody listens at now.
free_ports () {
  python3 - "$1" <<'PY'
import socket, sys
socks = [socket.create_server(("127.0.0.1", 0)) for _ in range(int(sys.argv[1]))]
print(*(s.getsockname()[1] for s in socks))
PY
}

write_postfix () {
  q=$chroot/var/spool/postfix
  for d in active bounce corrupt defer deferred flush hold incoming private saved trace maildrop public pid; do
    mkdir -p "$q/$d"
    chown 60101 "$q/$d"
    chmod 700 "$q/$d"
  done
  chgrp 60102 "$q/maildrop" "$q/public"
  chmod 1730 "$q/maildrop"
  chmod 710 "$q/public"
  chown 0 "$q/pid"
  chmod 755 "$q/pid"
  chown 60101 "$chroot/var/lib/postfix"
  cat >"$chroot/etc/postfix/main.cf" <<EOF
compatibility_level = 3.6
myhostname = mail.example.com
mydestination =
inet_interfaces = 127.0.0.1
inet_protocols = ipv4
mynetworks =
alias_maps =
tls_random_source =
local_recipient_maps =
maillog_file = /var/log/postfix.log
virtual_mailbox_domains = apple.com, example.com
virtual_mailbox_base = /var/mail
virtual_mailbox_maps = static:kept/
virtual_uid_maps = static:60105
virtual_gid_maps = static:60105
message_size_limit = 200000
smtpd_tls_cert_file = /etc/cert.pem
smtpd_tls_key_file = /etc/cert-key.pem
smtpd_tls_security_level = encrypt
smtpd_error_sleep_time = 0
smtpd_sasl_auth_enable = yes
smtpd_sasl_type = dovecot
smtpd_sasl_path = private/auth
smtpd_relay_restrictions = permit_sasl_authenticated, reject
smtpd_recipient_restrictions = permit_sasl_authenticated, reject
EOF
  cat >"$chroot/etc/postfix/master.cf" <<EOF
127.0.0.1:$smtp_port inet n - n - - smtpd
127.0.0.1:$smtps_port inet n - n - - smtpd -o smtpd_tls_wrappermode=yes
127.0.0.1:$small_port inet n - n - - smtpd -o message_size_limit=20000
pickup unix n - n 1 1 pickup
cleanup unix n - n - 0 cleanup
qmgr unix n - n 300 1 qmgr
tlsmgr unix - - n 1000? 1 tlsmgr
rewrite unix - - n - - trivial-rewrite
bounce unix - - n - 0 bounce
defer unix - - n - 0 bounce
trace unix - - n - 0 bounce
proxymap unix - - n - - proxymap
smtp unix - - n - - smtp
error unix - - n - - error
retry unix - - n - - error
virtual unix - n n - - virtual
anvil unix - - n - 1 anvil
postlog unix-dgram n - n - 1 postlogd
EOF
}

write_dovecot () {
  mkdir -p "$chroot/etc/dovecot"
  echo "ops@example.com:{PLAIN}$1" >"$chroot/etc/dovecot/users"
  mkdir -p "$chroot/etc/dovecot/keys/default/HS256"
  printf 'a key of this test' | base64 >"$chroot/etc/dovecot/keys/default/HS256/default"
  cat >"$chroot/etc/dovecot/oauth2.conf" <<EOF
introspection_mode = local
local_validation_key_dict = fs:posix:prefix=/etc/dovecot/keys/
username_attribute = email
EOF
  cat >"$chroot/etc/dovecot/dovecot.conf" <<EOF
protocols = imap
listen = 127.0.0.1
log_path = /var/log/dovecot.log
base_dir = /run/dovecot
ssl = required
ssl_cert = </etc/cert.pem
ssl_key = </etc/cert-key.pem
auth_mechanisms = plain login xoauth2 oauthbearer
auth_verbose = yes
auth_failure_delay = 0 secs
mail_location = maildir:/var/mail/%n
mail_uid = 60105
mail_gid = 60105
first_valid_uid = 60105
passdb {
  driver = passwd-file
  mechanisms = plain login
  args = /etc/dovecot/users
}
passdb {
  driver = oauth2
  mechanisms = xoauth2 oauthbearer
  args = /etc/dovecot/oauth2.conf
}
userdb {
  driver = static
  args = uid=60105 gid=60105 home=/var/mail/home
}
namespace inbox {
  inbox = yes
  separator = /
  mailbox Entwürfe {
    auto = create
    special_use = \Drafts
  }
}
service imap-login {
  inet_listener imap {
    port = $imap_port
  }
  inet_listener imaps {
    port = $imaps_port
    ssl = yes
  }
}
service anvil {
  unix_listener anvil-auth-penalty {
    mode = 0
  }
}
service auth {
  unix_listener /var/spool/postfix/private/auth {
    mode = 0660
    user = postfix
  }
}
EOF
}

# access_token SECONDS: a token for ops@example.com that holds so long (RFC 7519, HS256).
access_token () {
  python3 - "$1" <<'PY'
import base64, hashlib, hmac, json, sys, time
b64 = lambda raw: base64.urlsafe_b64encode(raw).rstrip(b"=")
now = int(time.time())
claims = {"email": "ops@example.com", "sub": "ops@example.com", "iat": now - 60, "exp": now + int(sys.argv[1])}
signed = b64(b'{"alg":"HS256","typ":"JWT"}') + b"." + b64(json.dumps(claims).encode())
print((signed + b"." + b64(hmac.digest(b"a key of this test", signed, hashlib.sha256))).decode())
PY
}

# in_chroot LOG COMMAND...: starts it; the program itself is the shell's child.
in_chroot () {
  log=$1
  shift
  env -i PATH=/usr/sbin:/usr/bin MAIL_CONFIG=/etc/postfix chroot "$chroot" "$@" \
    </dev/null >"$tmp/$log" 2>&1 3>&- 4>&- 5>&- 6>&- 7>&- 8>&- 9>&- &
  keep_pid $!
}

answers () { # PORT...
  python3 - "$@" <<'PY'
import socket, sys, time
end = time.time() + 60
for port in sys.argv[1:]:
    while True:
        try:
            socket.create_connection(("127.0.0.1", int(port)), 1).close()
            break
        except OSError:
            if time.time() > end:
                sys.exit(1)
            time.sleep(0.05)
PY
}

# start_mail PASSWORD: both servers, for ops@example.com; sets $smtp_port, $smtps_port, $small_port (SIZE 20000),
# $imap_port and $imaps_port. Mail to anybody lands in $chroot/var/mail/kept/new.
start_mail () {
  # shellcheck disable=SC2086 # a list
  unpack_servers mail $mail_packages
  fill_root
  # shellcheck disable=SC2046
  set -- "$1" $(free_ports 5)
  smtp_port=$2 smtps_port=$3 small_port=$4 imap_port=$5 imaps_port=$6
  write_postfix
  write_dovecot "$1"
  in_chroot dovecot.out /usr/sbin/dovecot -F -c /etc/dovecot/dovecot.conf
  in_chroot postfix.out /usr/lib/postfix/sbin/master -c /etc/postfix -d
  answers "$smtp_port" "$smtps_port" "$small_port" "$imap_port" "$imaps_port" && return
  sed 's/^/# /' "$tmp/dovecot.out" "$tmp/postfix.out" "$chroot"/var/log/*.log | tail -40
  not_ok "Postfix and Dovecot start"
  finish
  exit 1
}
