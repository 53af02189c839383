#!/bin/sh
# Messages that real signers signed (OpenDKIM, dkimpy) verify with the key that a real name server publishes, in both
# canonical forms; with one byte changed they do not.
. "$TOP_SRCDIR/tests/cli/lib.sh"
. "$TOP_SRCDIR/tests/tools/servers.sh"
command -v python3 >/dev/null || skip "there is no python3"
unpack_servers dkimpy python3-dkim python3-dnspython python3-nacl libsodium23 python3-cffi-backend
signers=$root
unpack_servers opendkim libopendkim11 libdb5.3 libbsd0 libmd0
opendkim=$root
"$G_TEST_BUILDDIR/tools/dkim-keys" "$tmp"

# A key may be longer than one string of TXT.
record () { printf '%s._domainkey.example.com. TXT ' "$1"; fold -w 200 "$2" | sed 's/.*/"&"/' | tr '\n' ' '; echo; }
{
  echo '. 300 SOA ns.example.com. host.example.com. 1 3600 600 86400 300'
  echo '. 300 NS ns.example.com.'
  echo 'ns.example.com. A 192.0.2.53'
  echo '_dmarc.example.com. TXT "v=DMARC1; p=none"'
  record rsa "$tmp/rsa.txt"
  record ed25519 "$tmp/ed25519.txt"
} >"$tmp/zone"
start_nsd "$tmp/zone"

# The mail as it was sent: long, folded and doubled fields, blanks at line ends, empty lines at the end.
printf '%s\r\n' 'From: Example Weekly <news@example.com>' 'To: reader@example.net' \
  'Subject: The weekly' '  letter,	folded' 'Date: Mon, 18 May 2026 14:00:00 +0000' \
  'Message-ID: <1@example.com>' 'X-Twice: one' 'X-Twice: two' '' \
  'Two  blanks	and a tab,  ' '.a dot, and blanks at the end   ' '' 'The end.' '' '' >"$tmp/mail"
hop='Received: from mta1.example.com (mta1.example.com [192.0.2.10])
	by st43p00im-qukt05021701.me.com (Postfix) with ESMTPS id EC1AC39C0207; Mon, 18 May 2026 14:00:02 +0000
Authentication-Results: dkim-verifier.icloud.com; dkim=none
Authentication-Results: spf.icloud.com; spf=pass smtp.mailfrom=a@example.com'

dkimpy_sign () {
  (root=$signers; PYTHONPATH=$signers/usr/lib/python3/dist-packages LD_LIBRARY_PATH=$(root_libs) python3 - "$@" <<'EOF'
import sys, dkim
form, algorithm, selector, keyfile, mail = sys.argv[1:]
key = open(keyfile, 'rb').read()
header, body = form.encode().split(b'/')
message = open(mail, 'rb').read()
signature = dkim.sign(message, selector.encode(), b'example.com', key, canonicalize=(header, body),
                      signature_algorithm=algorithm.encode())
sys.stdout.buffer.write(signature + message)
EOF
  )
}
# verified NAME FILE RESULT: what headers says of the one signature in FILE.
verified () {
  { printf '%s\n' "$hop"; cat "$2"; } >"$tmp/sample.eml"
  "$pp" headers --online --dns-server "$dns" "$tmp/sample.eml" >"$tmp/out" 2>"$tmp/err" || :
  if grep -q "^Checked .*DKIM d=example.com s=[a-z0-9]*: $3" "$tmp/out"; then ok "$1"; else
    sed 's/^/# /' "$tmp/out" "$tmp/err" | head -30
    not_ok "$1"
  fi
}
# both NAME FILE: passes as it is, also with bare line feeds; each change of one byte is seen.
both () {
  verified "$1 verifies" "$2" 'pass here$'
  tr -d '\r' <"$2" >"$tmp/lf"
  verified "$1 verifies with bare line feeds" "$tmp/lf" 'pass here$'
  sed 's/The end\./The End./' "$2" >"$tmp/changed"
  verified "$1: a changed byte of the body is seen" "$tmp/changed" 'fail here: the body was changed'
  sed 's/^Subject: The/Subject: Tha/' "$2" >"$tmp/changed"
  verified "$1: a changed byte of the header is seen" "$tmp/changed" 'fail here: a signed header'
}

for form in simple/simple relaxed/relaxed; do
  library=$(find "$opendkim/usr/lib" -name 'libopendkim.so.*' -type f | head -1)
  if (root=$opendkim; LD_LIBRARY_PATH=$(root_libs) python3 "$TOP_SRCDIR/tests/tools/opendkim-sign.py" \
    "$library" "$form" "$tmp/rsa.pem" "$tmp/mail" >"$tmp/signed" 2>"$tmp/err"); then
    both "OpenDKIM, rsa-sha256, $form" "$tmp/signed"
  else
    sed 's/^/# /' "$tmp/err" | tail -3
    not_ok "OpenDKIM signs $form"
  fi
done
for form in relaxed/simple simple/relaxed; do
  if dkimpy_sign "$form" rsa-sha256 rsa "$tmp/rsa.pem" "$tmp/mail" >"$tmp/signed" 2>"$tmp/err" && [ -s "$tmp/signed" ]; then
    both "dkimpy, rsa-sha256, $form" "$tmp/signed"
  else
    sed 's/^/# /' "$tmp/err" | tail -3
    not_ok "dkimpy signs $form"
  fi
done
sed 's/s=[a-z0-9]*;/s=gone;/' "$tmp/signed" >"$tmp/gone"
hop=$(echo "$hop" | sed 's/dkim=none/dkim=pass header.d=example.com/')
verified "a key that is published no more" "$tmp/gone" 'permerror here: the name does not exist'
code "the same for scripts" 0 "$pp" headers --json --online --dns-server "$dns" "$tmp/sample.eml"
check "is no file that was changed" sh -c 'grep -q "\"rule\": \"dkim-unverifiable\"" "$1" && ! grep -q dkim-changed "$1"' - "$tmp/out"
verified "a byte that Apple did not see" "$tmp/changed" 'fail here: a signed header'
code "the same for scripts" 0 "$pp" headers --json --online --dns-server "$dns" "$tmp/sample.eml"
check "is one" grep -q '"rule": "dkim-changed-since"' "$tmp/out"
if dkimpy_sign relaxed/simple ed25519-sha256 ed25519 "$tmp/ed25519.seed" "$tmp/mail" >"$tmp/signed" 2>"$tmp/err"; then
  both "dkimpy, ed25519-sha256" "$tmp/signed"
else
  echo "ok $((count += 1)) - dkimpy, ed25519-sha256 # SKIP $(tail -1 "$tmp/err")"
fi
finish
