# shellcheck shell=sh
# shellcheck disable=SC2154 # tmp and pp are of lib.sh
# Sourced by tests that send: a sealed packet, certificates, and the servers of mail-faults.py.

# No server outlives its test.
stop_mail () {
  for pid in ${mail_pids-}; do
    kill "$pid" 2>/dev/null || :
    wait "$pid" 2>/dev/null || :
  done
  mail_pids=
}

# keep_pid PID: is stopped at the end, also when the test fails.
keep_pid () {
  mail_pids="${mail_pids-} $1"
  trap 'stop_mail; rm -rf "$tmp"' EXIT
  trap 'exit 1' HUP INT TERM
}

# certificate NAME HOST: $tmp/NAME.pem and NAME-key.pem, signed by itself, so that it is its own CA.
certificate () {
  openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 2 -subj "/CN=$2" \
    -addext "subjectAltName=DNS:$2" -keyout "$tmp/$1-key.pem" -out "$tmp/$1.pem" 2>"$tmp/openssl.log" \
    || { sed 's/^/# /' "$tmp/openssl.log"; not_ok "a certificate"; finish; exit 1; }
}

# sealed_packet: $p, a packet that may be sent, and $p.was, its packet.json as it was then.
sealed_packet () {
  export SOURCE_DATE_EPOCH=1798830000
  p=$tmp/packet
  cp -r "$TOP_SRCDIR/samples/outage" "$tmp/case"
  chmod -R u+w "$tmp/case"
  "$pp" build --quiet --map mta1=192.0.2.10 --map mta2=192.0.2.11 --output "$p" "$tmp/case/case.json" >/dev/null || [ $? -eq 1 ]
  set --
  for id in $(python3 -c 'import json, sys; print(*sorted({f["id"] for f in json.load(open(sys.argv[1]))["findings"]}))' "$p/packet.json"); do
    set -- "$@" --waive "$id=known to us"
  done
  "$pp" review --accept --by 'Dana Sample' "$@" "$p" >"$tmp/accept.log" 2>&1 \
    || { sed 's/^/# /' "$tmp/accept.log"; not_ok "the packet is sealed"; finish; exit 1; }
  cp "$p/packet.json" "$p.was"
}

# unsent: as if nothing had been sent yet.
unsent () { cp "$p.was" "$p/packet.json"; }

# start_faults CASE...: see mail-faults.py; `port NAME` is the port of one.
start_faults () {
  python3 "$TOP_SRCDIR/tests/tools/mail-faults.py" "$tmp" "$@" </dev/null >"$tmp/faults.out" 2>&1 3>&- 4>&- 5>&- 6>&- 7>&- 8>&- 9>&- &
  keep_pid $!
  tries=0 # a minute: the machine may be busy
  while [ $((tries += 1)) -le 600 ]; do
    [ ! -e "$tmp/ports" ] || return 0
    sleep 0.1
  done
  sed 's/^/# /' "$tmp/faults.out"
  not_ok "the servers start"
  finish
  exit 1
}
port () { sed -n "s/^$1 //p" "$tmp/ports"; }
# taken NAME: how many messages the server has whole.
taken () { find "$tmp" -maxdepth 1 -name "$1.[0-9]*.eml" | wc -l; }
# receipt KEY: of the newest receipt.
receipt () {
  value=$(sed -n '/^  "receipts":/,/^  \]/s/^ *"'"$1"'": "\{0,1\}\(.*[^",]\)"\{0,1\},\{0,1\}$/\1/p' "$p/packet.json" | tail -1)
  echo "${value:-none}"
}

# What the tests of `send` have in common; $secret and $token are canaries.
secret=c4nary-p4ss.word
token=c4nary-t0ken.value
login () { "$pp" send --user ops@example.com --password-command "cat '$tmp/secret'" --cacert "$tmp/cert.pem" "$@" "$p"; }
smtp () { server=$1; shift; login --smtp "smtp://localhost:$(port "$server")" "$@"; }
draft () { server=$1; shift; login --draft "imaps://localhost:$(port "$server")" "$@"; }
# says WORDS: on the standard error.
says () { check "  $1" grep -qF -e "$1" "$tmp/err"; }
is () { check "  $1: $2" test "$(receipt "$1")" = "$2"; }
# during NAME WORD ACTIONS OPTIONS...
during () {
  server=$1 word=$2 actions=$3
  shift 3
  # shellcheck disable=SC2086 # a list of actions
  python3 "$TOP_SRCDIR/tests/tools/at.py" "$tmp/$server.log" "$word" $actions -- "$pp" send --smtp "smtp://localhost:$(port "$server")" \
    --user ops@example.com --cacert "$tmp/cert.pem" "$@" "$p"
}
bypass () { during "$1" "$2" "$3" --password-command "cat '$tmp/secret'"; }
