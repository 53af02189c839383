#!/bin/sh
# What cannot be read: the right exit status, one message that names the source and says what to do, nothing on stdout.
. "$TOP_SRCDIR/tests/cli/lib.sh"
export SOURCE_DATE_EPOCH=1798830000
sample=$TOP_SRCDIR/samples/log/postfix
# refused NAME STATUS WORDS COMMAND...: fails with STATUS, silent on stdout, one line on stderr that holds WORDS.
refused () {
  what=$1 status=$2 words=$3; shift 3
  code "$what: exit $status" "$status" "$@"
  check "$what: nothing on stdout" test ! -s "$tmp/out"
  check "$what: one message" test "$(wc -l <"$tmp/err")" -eq 1
  check "$what: it says '$words'" grep -qF -- "$words" "$tmp/err"
}
same_events () { check "$1" cmp "$2" "$3"; }
mkdir "$tmp/in"; cd "$tmp/in"
log=$sample/expiry.log
mkdir empty-folder folder; mkdir folder/sub; : >empty
cp "$log" good
printf '\0\0\0' >nuls
printf 'hello\nworld\n' >text
printf '\n\n' >blank
head -c 10000000 /dev/zero | tr '\0' x >long; echo >>long
head -c 20000 "$POSTPACKET" >binary
gzip -dc "$TOP_SRCDIR/samples/outage/log/maillog.gz" | head -2000 >maillog
gzip -9nc maillog >whole.gz
head -c 5000 whole.gz >cut.gz
(head -1200 maillog | gzip -9nc; tail -n +1201 maillog | gzip -9nc) >twice.gz
ln -s loop loop

refused "path not there" 66 "nothere: " "$pp" scan nothere
refused "one of two not there" 66 "nothere: " "$pp" scan good nothere
refused "glob without a match" 66 'no*such: ' "$pp" scan 'no*such'
refused "link to itself" 66 "loop: " "$pp" scan loop
refused "empty file" 66 "empty: " "$pp" scan empty
refused "folder without files" 66 "empty-folder: " "$pp" scan empty-folder
mkdir unlogged
echo "call the landlord" >unlogged/notes.txt
refused "folder without logs" 66 "unlogged/notes.txt: nothing was recognised" "$pp" scan unlogged
refused "a file that is no log" 65 "unlogged/notes.txt: nothing was recognised" "$pp" scan unlogged/notes.txt
refused "folder of folders" 66 "folder: " "$pp" scan folder
for f in text blank nuls long binary; do refused "$f" 65 "$f: nothing was recognised" "$pp" scan "$f"; done
check "an unknown file is quoted" sh -c '"$1" scan text 2>&1 | grep -q "it begins: hello"' sh "$pp"
printf '{"a": "%83s", "to": "zoe.planted@icloud.com", "u": "zoe.planted%%40icloud.com"}\n' x >whom
printf 'to: zoe.planted@icloud.com, zoe.planted%%40icloud.com, "zoe.planted\\u0040icloud.com"\n' >>whom
check "but nobody in it" sh -c '"$1" scan whom 2>&1 | grep "it begins: " >said && ! grep zoe said' sh "$pp"
cat good whom >among
check "nor in lines among others" sh -c '"$1" scan --json among >said 2>&1; grep "of no form" said && ! grep zoe said' sh "$pp"
check "no control bytes in a message" sh -c '! "$1" scan binary 2>&1 | LC_ALL=C grep -q "[[:cntrl:]]"' sh "$pp"

refused "no operand" 64 "scan: name a log" "$pp" scan
refused "unknown option" 64 "--nope" "$pp" scan --nope good
refused "option without argument" 64 "--since" "$pp" scan --since
refused "two-digit year" 64 "--year" "$pp" scan --year 99 good
refused "year that is none" 64 "--year" "$pp" scan --year x good
refused "since that is none" 64 "--since never: write 2026-05-18" "$pp" scan --since never good
refused "no such month" 64 "--until 2026-13-01" "$pp" scan --until 2026-13-01 good
refused "no such zone" 64 "--timezone Mars/Base" "$pp" scan --timezone Mars/Base good
refused "no such log zone" 64 "--log-timezone Mars/Base" "$pp" scan --log-timezone Mars/Base good
refused "no such format" 64 "postpacket formats" "$pp" scan --format nope good
refused "sending IP that is none" 64 "--sending-ip 192.0.2" "$pp" scan --sending-ip 192.0.2 good
refused "map without =" 64 "NAME=ADDRESS" "$pp" scan --map mta1 good
refused "map without name" 64 "NAME=ADDRESS" "$pp" scan --map =192.0.2.10 good
refused "map to a name" 64 "NAME=ADDRESS" "$pp" scan --map mta1=mta1.example.com good
refused "map file is a folder" 66 "empty-folder: " "$pp" scan --map-file empty-folder good
refused "map file not there" 66 "nothere: " "$pp" scan --map-file nothere good
refused "map file of something else" 64 "NAME=ADDRESS" "$pp" scan --map-file text good
printf 'From: a@example.com\nTo: b@example.net\nSubject: The week\nMIME-Version: 1.0\n\nHello.\n' >week.eml
refused "a mail that is no bounce" 65 "evidence.delivered" "$pp" scan week.eml
refused "a word for a command" 64 "there is no command 'scann'; did you mean 'scan'?" "$pp" scann good
refused "a word that is like none" 64 "there is no command 'frob'; 'postpacket --help'" "$pp" frob good
refused "an option mistyped" 64 "did you mean --apple-only?" "$pp" scan --aple-only good
refused "an option like none" 64 "--frobnicate; see" "$pp" scan --frobnicate good
refused "an option of a plan" 64 "--every is for --plan" "$pp" suppressed --every 5 good

printf 'mta1=192.0.2.10\nmta2\n' >map
check "a bad line of a map file has file and line" sh -c '"$1" scan --map-file map good 2>&1 | grep -q "map:2:"' sh "$pp"
check "the year is named" sh -c '"$1" scan --year 99 good 2>&1 | grep -q "year 99"' sh "$pp"
check "--jobs 0 is refused" sh -c '"$1" scan --quiet --jobs 0 good; test $? -eq 64' sh "$pp"
(head -c 10 whole.gz; cat text) >noise.gz
check "gzip damaged from the start" sh -c '"$1" scan noise.gz 2>&1 | grep -q "gzip data"' sh "$pp"
check "nothing on standard input" sh -c '"$1" scan --quiet - </dev/null; test $? -eq 66' sh "$pp"

# Damaged, but not all of it.
code "gzip cut short" 1 "$pp" scan --json cut.gz
check "gzip cut short: its name and why" grep -q "cut.gz: read only in part: gzip data ends early" "$tmp/err"
check "gzip cut short: a result" grep -q '"version": 1' "$tmp/out"
(cat whole.gz; echo "something else") >damaged.gz
code "gzip damaged" 1 "$pp" scan --json damaged.gz
check "gzip damaged: its name and why" grep -q "damaged.gz: read only in part: gzip data is damaged" "$tmp/err"
"$pp" scan --events --quiet --format postfix maillog >plain.jsonl
code "two gzip members" 0 "$pp" scan --events --quiet twice.gz
sed 's/twice.gz/maillog/' "$tmp/out" >"$tmp/events"
same_events "two gzip members are one log" "$tmp/events" plain.jsonl
{ head -1000 maillog; cat long; tail -n +1001 maillog; } >longline
code "a line of 10 MB" 0 "$pp" scan --events longline
check "a line of 10 MB: said" grep -q "longline: .*64 KiB" "$tmp/err"
sed 's/longline/maillog/; s/"line": [0-9]*/"line": 0/' "$tmp/out" >"$tmp/events"
sed 's/"line": [0-9]*/"line": 0/' plain.jsonl >"$tmp/want"
same_events "a line of 10 MB: all others are read" "$tmp/events" "$tmp/want"
sed 's/$/\r/' maillog >crlf
"$pp" scan --events --quiet crlf | sed 's/"crlf"/"maillog"/' >"$tmp/events"
same_events "CRLF reads as LF" "$tmp/events" plain.jsonl
sed '100,200s/^/\x00\x00\x00\x00/' maillog >nulled
"$pp" scan --events --quiet nulled | sed 's/"nulled"/"maillog"/' >"$tmp/events"
same_events "leading NULs are skipped" "$tmp/events" plain.jsonl
head -c -1 maillog >nolf
"$pp" scan --events --quiet nolf | sed 's/"nolf"/"maillog"/' >"$tmp/events"
same_events "the last line needs no line feed" "$tmp/events" plain.jsonl

# Folders that are not tidy: what can be read is read, and the rest is named.
mkdir -p untidy/sub; cp maillog untidy/sub/maillog
ln -s . untidy/here; ln -s ../untidy untidy/again; ln -s .. untidy/sub/up; ln -s nowhere untidy/gone
code "links to folders above" 0 timeout 60 "$pp" scan --json --quiet untidy
check "links to folders above: each file once" test "$(grep -c '"path"' "$tmp/out")" -eq 1
if [ "$(id -u)" -ne 0 ]; then
  mkdir untidy/private; cp good untidy/private; cp good untidy/secret; chmod 000 untidy/private untidy/secret
  code "what may not be read" 1 "$pp" scan --json untidy
  check "what may not be read: the folder" grep -q "untidy/private: cannot be read: Permission denied" "$tmp/err"
  check "what may not be read: the file" grep -q "untidy/secret: cannot be read: Permission denied" "$tmp/err"
  check "what may not be read: the other is" grep -q '"lines": 2000' "$tmp/out"
  chmod 700 untidy/private
  refused "alone it is an error" 74 "secret: Permission denied" "$pp" scan untidy/secret
fi

# What Windows and a cut copy make of a log.
{ printf '\357\273\277'; sed -n '/status=sent/p' maillog; } >marked
sed -n '/status=sent/p' maillog >unmarked
"$pp" scan --events --quiet marked | sed 's/"marked"/"unmarked"/' >"$tmp/events"
"$pp" scan --events --quiet unmarked >"$tmp/want"
same_events "a byte order mark is no part of the first line" "$tmp/events" "$tmp/want"
if command -v xz >/dev/null; then
  for i in 1 2 3 4 5 6 7 8 9; do sed "s/ mail1 / mail$i /" maillog; done | xz >whole.xz
  head -c $(($(wc -c <whole.xz) / 2)) whole.xz >cut.xz
  code "xz cut short" 1 "$pp" scan --json --quiet cut.xz
  check "xz cut short: what is before the cut" test "$(sed -n 's/.*"lines": \([0-9]*\).*/\1/p' "$tmp/out")" -gt 300
fi

# Nothing of Apple's in it: no word of bounces where there are none.
sed -n '/icloud\|me\.com\|mac\.com/!p' maillog | head -500 >elsewhere
code "no mail to Apple" 0 "$pp" scan elsewhere
check "no mail to Apple: said" grep -q "no mail to Apple is in what was read" "$tmp/err"
echo 'Nov 20 10:00:01 mx1 smtpd[123]: [1b2d] BOUNCE to=<reader.one@icloud.com> relay=mx01.mail.icloud.com text="5.7.1 [CS01]"' >unlike
code "a delivery in a form that is not known" 0 "$pp" scan unlike
check "its line is told, and no address" sh -c 'grep -q "unlike, line 1, names a mailbox of Apple" "$1" && ! grep -q "reader.one" "$1"' sh "$tmp/err"
sed 's/to=</from=</' unlike >from
code "mail of Apple's reader" 0 "$pp" scan from
check "mail of Apple's reader is none to Apple" grep -q "no mail to Apple is in what was read" "$tmp/err"
code "no mail to Apple, once more" 0 "$pp" scan elsewhere
check "no mail to Apple: there are no bounces" sh -c '! grep -q bounces "$1"' sh "$tmp/err"

# Empty files elsewhere.
refused "headers of an empty file" 66 "empty: is empty" "$pp" headers --key "$TOP_SRCDIR/samples/outage/key" empty
refused "snapshot of an empty file" 66 "empty: is empty" "$pp" snapshot --key "$TOP_SRCDIR/samples/outage/key" empty
code "an empty file is of no format" 66 "$pp" formats --probe empty
check "an empty file is of no format: why" grep -q "there are no lines in it" "$tmp/out"

# A reader who has seen enough is no error, also where a library ignores the signal.
{ set +e; yes 2>"$tmp/err"; echo $? >"$tmp/status"; set -e; } | (exec true)
if grep -qx 141 "$tmp/status"; then # it is not ignored here
  outage=$TOP_SRCDIR/samples/outage
  for how in "scan --quiet good" "selftest --json" "headers --key $outage/key $outage/delivered/newsletter.eml"; do
    # yes ends when the reader is gone: a scan could else be done before.
    # shellcheck disable=SC2086 # an option each
    { set +e; yes 2>/dev/null; "$pp" $how 2>"$tmp/err"; echo $? >"$tmp/status"; set -e; } | (exec true)
    check "${how%% *}, the reader is gone: by SIGPIPE" grep -qx 141 "$tmp/status"
    check "${how%% *}, the reader is gone: no word" test ! -s "$tmp/err"
  done
fi

# Times that no calendar of GLib's has: of a log, of a file in an archive.
smtp='mta1 postfix/smtp[2]: 4gBx2T5r3Zz1k: to=<a@icloud.com>, relay=mx01.mail.icloud.com[17.57.154.33]:25, delay=1, dsn=2.0.0, status=sent (250 ok)'
i=0; : >year0.log; : >yearless.log
while [ $((i += 1)) -le 30 ]; do
  echo "0000-11-01T10:00:$((i + 10))+00:00 $smtp" >>year0.log
  echo "Nov  2 10:00:$((i + 10)) $smtp" >>yearless.log
done
cat year0.log yearless.log >both-years.log
for logs in both-years.log "year0.log yearless.log"; do
  # shellcheck disable=SC2086 # names of files
  code "year 0: $logs" 0 env G_DEBUG=fatal-criticals "$pp" scan --quiet $logs
  check "year 0: $logs: nothing else is said" sh -c '! grep -q CRITICAL "$1"' sh "$tmp/err"
done
if command -v python3 >/dev/null; then
  python3 -c 'import tarfile
t = tarfile.open("late.tar", "w", format=tarfile.PAX_FORMAT)
m = t.gettarinfo("yearless.log")
m.mtime = 10 ** 17
t.addfile(m, open("yearless.log", "rb"))
t.close()'
  code "a file of no year in an archive" 0 env G_DEBUG=fatal-criticals "$pp" scan --quiet late.tar
fi

# init
code "init from standard input" 0 sh -c '"$1" init --quiet --output c1.json - <maillog' sh "$pp"
check "init from standard input: its path is to be told" grep -q '"TODO: path of the log' c1.json
code "init tells the next command" 0 "$pp" init --quiet --map mta1=192.0.2.10 --also-domain example.net --output "c 2.json" good
check "init tells the next command: with what a case cannot hold" \
  grep -q "build --map mta1=192.0.2.10 --also-domain example.net 'c 2.json'" "$tmp/out"
long=$(printf 'x%.0s' $(seq 1 5000))
printf 'Example Ltd\n\nDana Sample\n%s\nWe see refusals since Monday, in two streams, and changed nothing before that.\n\ntransactional\n' "$long" >answers
code "init asks" 0 sh -c '"$1" init --quiet --ask --output asked.json good <answers' sh "$pp"
check "init asks: an answer is taken" grep -q '"name": "Example Ltd"' asked.json
check "init asks: without one there is a TODO" grep -q '"brand": "TODO' asked.json
check "init asks: a long answer is one" grep -q "\"email\": \"$long\"" asked.json
check "init asks: and the next its own" grep -q '"description": "We see refusals since Monday' asked.json
check "init asks: each question once" test "$(grep -o 'Legal or trading name' "$tmp/err" | wc -l)" -eq 1
printf '\n\n\n\n\nbulk\nTrans\n' >answers
code "init asks for kinds of mail" 0 sh -c '"$1" init --quiet --ask --output kinds.json "$2" <answers' sh "$pp" "$sample/instances.log"
check "init asks: it takes one that there is" grep -q '"mail_type": "transactional"' kinds.json
check "init asks: of another it asks again" test "$(grep -o 'Mail of [^ ]* (marketing' "$tmp/err" | wc -l)" -eq 2
code "init asks, and nobody answers" 0 sh -c '"$1" init --quiet --ask --output silent.json good </dev/null' sh "$pp"
check "init asks: all is to be done" grep -q '"name": "TODO' silent.json
mkdir taken; ln -s nothing link
refused "init onto a folder" 73 "taken: is no file that --force replaces" "$pp" init --force --output taken good
refused "init onto a link" 73 "link: is a link" "$pp" init --force --output link good
refused "init onto a file" 73 "good: is there already" "$pp" init --output good good

if [ -c /dev/full ]; then
  for how in "" --json --events; do
    set +e; "$pp" scan --quiet $how good >/dev/full 2>"$tmp/err"; got=$?; set -e
    check "full disk $how: exit 74" test "$got" -eq 74
    check "full disk $how: said" grep -q "No space left" "$tmp/err"
    check "full disk $how: said once" test "$(wc -l <"$tmp/err")" -eq 1
  done
fi
set +e; "$pp" scan --quiet good >&- 2>"$tmp/err"; got=$?; set -e
check "closed stdout: exit 74" test "$got" -eq 74
finish
