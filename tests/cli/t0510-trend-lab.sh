#!/bin/sh
# The trend of real logs equals what the MX saw, by day and tag, in UTC and in the set's own zone; and in every
# outage the stream that was refused is named, when it began and ended, and nobody else.
. "$TOP_SRCDIR/tests/cli/lib.sh"
[ -n "${POSTPACKET_LAB-}" ] || skip "POSTPACKET_LAB is not set and there is no shared/lab beside the checkout"
command -v python3 >/dev/null || skip "python3 is missing: it compares the counts"
tool=$TOP_SRCDIR/tests/tools/compare-trend.py
formats=$("$pp" formats)
for entry in postfix:open/postfix:UTC postfix:open/postfix-syslog:America/New_York \
  postfix:open/postfix-multi:Europe/Berlin postfix:open/postfix-notify:UTC postfix:outage/postfix:UTC \
  postfix:outage/postfix-multi:Europe/Berlin exim:open/exim:UTC exim:open/exim-all:America/Los_Angeles \
  exim:outage/exim-all:America/Los_Angeles opensmtpd:open/opensmtpd:UTC sendmail:open/sendmail:UTC opensmtpd:outage/opensmtpd:UTC; do
  format=${entry%%:*} set=${entry#*:} zone=${entry##*:}
  set=${set%:*}
  # what the other logs do not hold, tests/cli/t0250-lab-mtas.sh says
  case $set in */postfix* | outage/exim-all | open/sendmail) exact=yes ;; *) exact= ;; esac
  printf '%s\n' "$formats" | grep -q "^ *$format " || continue
  for truth in "$POSTPACKET_LAB/$set"/truth.json*; do :; done
  year=$(python3 "$tool" --year "$truth")
  for zones in UTC $zone; do
    code "$set: in $zones" 0 "$pp" trend --json --quiet --year "$year" --log-timezone "$zone" --timezone "$zones" \
      --map mta1=192.0.2.10 --map mta2=192.0.2.11 "$POSTPACKET_LAB/$set/log"
    cp "$tmp/out" "$tmp/trend.json"
    [ -n "$exact" ] || continue
    check "$set: days and tags in $zones" python3 "$tool" "$truth" "$tmp/trend.json"
  done
  case $set in outage/*) check "$set: when, who, and nobody else" python3 "$tool" --outage "$truth" "$tmp/trend.json" ;; esac
done
finish
