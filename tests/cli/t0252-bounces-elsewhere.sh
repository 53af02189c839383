#!/bin/sh
# Bounces of other receivers are read only as far as they count: read whole they come to the same. What may turn out to be
# Apple's, or a filter of ours, is among them.
. "$TOP_SRCDIR/tests/cli/lib.sh"
export SOURCE_DATE_EPOCH=1798830000
# bounce NAME TEXT RECIPIENT STATUS-LINES
bounce() {
  {
    printf 'Return-Path: <>\nFrom: MAILER-DAEMON@mx1.example.net\nDate: Mon, 02 Nov 2026 00:0%s:00 +0000\n' "${n:=0}"
    printf 'To: bounces@example.com\nMIME-Version: 1.0\n'
    printf 'Content-Type: multipart/report; report-type=delivery-status; boundary="b%s"\n\n--b%s\n\n%s\n\n--b%s\n' "$1" "$1" "$2" "$1"
    printf 'Content-Type: message/delivery-status\n\nReporting-MTA: dns; mx1.example.net\n%b\n\n' "$5"
    printf 'Final-Recipient: rfc822; %s\nAction: failed\nStatus: 5.1.1\n%b\n' "$3" "$4"
    printf '\n--b%s\nContent-Type: message/rfc822\n\nReceived: from a by mx1.example.net (Exim 4.96) id 1vw7kR-0004v5-0%s\n' "$1" "$n"
    printf 'Message-ID: <%s@example.com>\nTo: %s\n\n' "$1" "$3"
    [ $((n % 2)) -eq 0 ] || yes 'a line of the newsletter that came back' | head -200
    printf -- '--b%s--\n' "$1"
  } >"$tmp/b/$1.eml"
  n=$((n + 1))
}
mkdir "$tmp/b"
host='Remote-MTA: dns; mx.example.org'
no='Diagnostic-Code: smtp; 550 5.1.1 no such user'
id='X-Postfix-Queue-ID: 4gC00000000z'
bounce plain Sorry. a@example.org "$host\n$no" "$id"
bounce received Sorry. b@example.org "$host\n$no" Arrival-Date:
bounce twice Sorry. c@example.org "$host\n$no\n\nFinal-Recipient: rfc822; d@example.org\nAction: delayed\nStatus: 4.2.2\n$host\nDiagnostic-Code: smtp; 452 4.2.2 full" "$id"
bounce filter '<e@example.org>: host mx.example.org[127.0.0.1] said: 550 5.7.1 no' e@example.org "$host\n$no" "$id"
bounce socket '<f@example.org>: host mx.example.org[/run/lmtp] said: 550 5.7.1 no' f@example.org "$host\n$no" "$id"
bounce local Sorry. g@example.org "Remote-MTA: dns; localhost\n$no" "$id"
bounce silent '<h@example.org>: connect to mx.example.org[192.0.2.1]:25: Connection timed out' h@example.org "" "$id"
bounce apple '<i@icloud.com>: host mx01.mail.icloud.com[17.57.154.6] said: 550 5.1.1 no' i@icloud.com \
  "Remote-MTA: dns; mx01.mail.icloud.com\n$no" "$id"
bounce quoted Sorry. j@example.org "$host\nDiagnostic-Code: smtp; 550 Error: 550 5.7.1 see https://support.apple.com/102322" "$id"
bounce pod Sorry. k@example.net "Remote-MTA: dns; p00-iscream-smtp-6f5c\\n$no" "$id"
for options in "" --apple-only "--also-domain example.org" "--jobs 3"; do
  for simd in none ""; do
    # shellcheck disable=SC2086
    code "$options whole" 0 env POSTPACKET_SIMD="$simd" "$pp" scan --json --quiet --reference $options "$tmp/b"
    cp "$tmp/out" "$tmp/whole"
    # shellcheck disable=SC2086
    code "$options brief" 0 env POSTPACKET_SIMD="$simd" "$pp" scan --json --quiet $options "$tmp/b"
    same "$options $simd: the same" "$tmp/out" "$tmp/whole"
  done
done
code "default" 0 "$pp" scan --json --quiet "$tmp/b"
bounced=$(sed -n 's/^    "bounced": \([0-9]*\).*/\1/p' "$tmp/out" | tr '\n' ' ')
check "two are Apple's, five are others', the filter's and the socket's are nobody's: $bounced" [ "$bounced" = "2 5 " ]
finish
