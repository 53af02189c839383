# shellcheck shell=sh
# shellcheck disable=SC2154 # tmp is of lib.sh
# Sourced by tests that talk to real servers. Debian's packages of them are downloaded and unpacked below
# $POSTPACKET_SERVERS (servers/ beside the built tests), never installed, and stay there for the next test.
servers=${POSTPACKET_SERVERS:-$G_TEST_BUILDDIR/servers}

# unpack_servers NAME PACKAGE...: sets $root to the folder with usr/. Where packages cannot be had the test is
# skipped; in CI it fails.
unpack_servers () {
  root=$servers/$1
  shift
  [ ! -d "$root" ] || return 0
  lost=
  command -v apt-get >/dev/null && command -v dpkg-deb >/dev/null || lost="there is no apt here"
  [ -n "$lost" ] || download "$@" || lost="$* cannot be downloaded"
  [ -n "$lost" ] || return 0
  [ "${CI-}" = true ] || skip "$lost"
  not_ok "packages of the servers: $lost"
  sed 's/^/# /' "$tmp/apt.log" 2>/dev/null || :
  finish
  exit 1
}

download () {
  mkdir -p "$tmp/debs" "$servers"
  (cd "$tmp/debs" && apt-get -q download "$@") >"$tmp/apt.log" 2>&1 \
    || { [ "$(id -u)" -eq 0 ] && apt-get -q update >>"$tmp/apt.log" 2>&1 \
      && (cd "$tmp/debs" && apt-get -q download "$@") >>"$tmp/apt.log" 2>&1; } || return
  part=$(mktemp -d "$servers/part.XXXXXX")
  for deb in "$tmp"/debs/*.deb; do
    dpkg-deb -x "$deb" "$part" || return
  done
  rm -f "$tmp"/debs/*.deb
  # Another test may have been first.
  mv -T "$part" "$root" 2>/dev/null || rm -rf "$part"
  [ -d "$root" ]
}

# Where the libraries are that were unpacked.
root_libs () {
  echo "$(find "$root/usr/lib" -maxdepth 1 -type d -name '*-linux-*' | head -1):$root/usr/lib"
}

# No server outlives its test.
stop_nsd () {
  [ -n "${nsd_pid-}" ] || return 0
  kill "$nsd_pid" 2>/dev/null || :
  wait "$nsd_pid" 2>/dev/null || :
  nsd_pid=
}

# start_nsd ZONEFILE: serves it as the root zone on loopback; sets $dns to its ADDRESS:PORT and $nsd_pid.
start_nsd () {
  unpack_servers nsd nsd libevent-2.1-7 libfstrm0 libprotobuf-c1
  for try in 1 2 3 4 5 6 7 8 9; do
    port=$((20000 + ($$ * 7 + try * 997) % 40000))
    dns=127.0.0.1:$port
    cat >"$tmp/nsd.conf" <<EOF
server:
  ip-address: 127.0.0.1@$port
  do-ip6: no
  server-count: 1
  username: ""
  chroot: ""
  database: ""
  zonesdir: "$tmp"
  pidfile: "$tmp/nsd.pid"
  zonelistfile: "$tmp/nsd.zones"
  xfrdfile: "$tmp/nsd.xfrd"
  xfrdir: "$tmp"
  verbosity: 1
remote-control:
  control-enable: no
zone:
  name: "."
  zonefile: "$1"
EOF
    # The server itself is the shell's child, so that its id is known, and it holds no file of ours open.
    LD_LIBRARY_PATH=$(root_libs) "$root/usr/sbin/nsd" -d -c "$tmp/nsd.conf" \
      </dev/null >"$tmp/nsd.log" 2>&1 3>&- 4>&- 5>&- 6>&- 7>&- 8>&- 9>&- &
    nsd_pid=$!
    trap 'stop_nsd; rm -rf "$tmp"' EXIT
    trap 'exit 1' HUP INT TERM
    tries=0
    while [ $((tries += 1)) -le 600 ]; do
      ! grep -q 'nsd started' "$tmp/nsd.log" || return 0
      kill -0 "$nsd_pid" 2>/dev/null || break
      sleep 0.1
    done
    stop_nsd
    grep -q 'in use' "$tmp/nsd.log" || break
  done
  sed 's/^/# /' "$tmp/nsd.log"
  not_ok "NSD starts"
  finish
  exit 1
}
