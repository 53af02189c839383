#!/bin/sh
# The trend of real logs equals what the MX saw, by day and tag, in UTC and in the set's own zone; and in every
# outage the stream that was refused is named, when it began and ended, and nobody else.
. "$TOP_SRCDIR/tests/cli/lib.sh"
[ -n "${POSTPACKET_LAB-}" ] || skip "POSTPACKET_LAB is not set and there is no shared/lab beside the checkout"
command -v python3 >/dev/null || skip "python3 is missing: it compares the counts"
tool=$TOP_SRCDIR/tests/tools/compare-trend.py
replies=$TOP_SRCDIR/templates/replies.json
# set_is SET ZONE [FIELD=DIFFERENCE...]: what a log does not hold, tests/cli/t0250-lab-mtas.sh says; here by the day,
# and by the category that the catalogue gives the MX's own words.
set_is () {
  set=$1 zone=$2; shift 2
  for truth in "$POSTPACKET_LAB/$set"/truth.json*; do :; done
  year=$(python3 "$tool" --year "$truth")
  for zones in $(printf '%s\n' UTC "$zone" | sort -u); do
    code "$set: in $zones" 0 "$pp" trend --json --quiet --year "$year" --log-timezone "$zone" --timezone "$zones" \
      --map mta1=192.0.2.10 --map mta2=192.0.2.11 "$POSTPACKET_LAB/$set/log"
    cp "$tmp/out" "$tmp/trend.json"
    check "$set: days, tags and categories in $zones" python3 "$tool" --categories "$replies" "$truth" "$tmp/trend.json" "$@"
  done
  case $set in outage/*) check "$set: when, who, and nobody else" python3 "$tool" --outage "$truth" "$tmp/trend.json" ;; esac
}
set_is open/postfix UTC
set_is open/postfix-syslog America/New_York
set_is open/postfix-multi Europe/Berlin
set_is open/postfix-notify UTC
set_is outage/postfix UTC
set_is outage/postfix-multi Europe/Berlin
set_is open/exim UTC delivered=+1 bounced=-12 no-answer=-12
set_is open/exim-all America/Los_Angeles bounced=-8 no-answer=-8
set_is outage/exim-all America/Los_Angeles
# OpenSMTPD ends with words of its own where a greeting refused: two policy replies among them.
set_is open/opensmtpd UTC bounced=-7 deferred=-13 policy=-2 no-answer=-5
set_is outage/opensmtpd UTC
set_is open/sendmail UTC
set_is open/haraka UTC bounced=-4 CS01=-1 deferred=-6 content=-1 policy=-2 unknown=-1
set_is open/haraka-logfmt UTC bounced=-7 CS01=-1 CS02=-1 deferred=-13 content=-1 policy=-3 recipient=-1 unknown=-2
set_is open/haraka-json UTC bounced=-8 CS01=-4 CS02=-1 deferred=-14 content=-4 policy=-3 unknown=-1
set_is open/courier UTC bounced=-10 CS01=-1 deferred=-10 content=-1 policy=-2 unknown=-1 no-answer=-6
set_is open/dma UTC delivered=+1 bounced=-1 unknown=-1
set_is open/nullmailer UTC delivered=+53 deferred=-1
finish
