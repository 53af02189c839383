#!/bin/sh
# Scans the sample log and builds its packet: samples/outage/run-demo.sh POSTPACKET [OUTDIR]
# Needs no network and touches nothing but OUTDIR (default: a new folder under TMPDIR).
set -eu
[ $# -ge 1 ] && [ $# -le 2 ] || { echo "usage: $0 POSTPACKET [OUTDIR]" >&2; exit 64; }
case $1 in */*) pp=$(cd "$(dirname "$1")" && pwd)/$(basename "$1") ;; *) pp=$1 ;; esac
here=$(cd "$(dirname "$0")" && pwd)
out=${2-$(mktemp -d "${TMPDIR:-/tmp}/postpacket-demo.XXXXXX")}
mkdir -p "$out"
out=$(cd "$out" && pwd)

# The incident is still going on: 2027-01-01 19:00 UTC, an hour after the log ends.
SOURCE_DATE_EPOCH=1798830000
XDG_STATE_HOME=$out/state
export SOURCE_DATE_EPOCH XDG_STATE_HOME

"$pp" scan --year 2027 --log-timezone UTC --map mta1=192.0.2.10 --map mta2=192.0.2.11 "$here/log"

echo
status=0
"$pp" build --output "$out/outage-packet" --force --key "$here/key" \
  --map mta1=192.0.2.10 --map mta2=192.0.2.11 "$here/case.json" || status=$?

echo
if [ -f "$out/outage-packet/request.eml" ]; then
  echo "The request to Apple: $out/outage-packet/request.eml"
else
  echo "No request was written; what there is lies in $out"
fi
# 1: built, with findings that build has named above.
[ "$status" -eq 1 ] && status=0
exit "$status"
