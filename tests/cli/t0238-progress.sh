#!/bin/sh
# The bar on a terminal, of logs and of long lists, --progress, --stats and --background.
. "$TOP_SRCDIR/tests/cli/lib.sh"
command -v python3 >/dev/null || skip "python3 is missing: it makes the terminal"

gz=$TOP_SRCDIR/samples/outage/log/maillog.gz
for i in 1 2 3 4 5 6 7 8 9 10; do cat "$gz"; done >"$tmp/ten.gz"
for i in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20; do cat "$tmp/ten.gz"; done >"$tmp/mail-of-the-first-machine-in-may.log.gz"

# A terminal of COLUMNS; once the bar is seen the program is held for 0.6 s, so that there is more to show. Ends with 99
# where a busy machine held it too late.
cat >"$tmp/watch.py" <<'PY'
import fcntl, os, pty, re, signal, struct, sys, termios, time
columns, argv = int(sys.argv[1]), sys.argv[2:]
ours, theirs = pty.openpty()
fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", 24, columns, 0, 0))
child = os.fork()
if child == 0:
    os.dup2(theirs, 2)
    os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
    os.environ["TERM"] = "xterm"
    os.execv(argv[0], argv)
os.close(theirs)
seen, held, after = b"", False, b""
while True:
    try:
        got = os.read(ours, 65536)
    except OSError:
        break
    if not got:
        break
    seen += got
    after += got if held else b""
    if not held and b" MB/s" in seen:
        held = True
        os.kill(child, signal.SIGSTOP)
        time.sleep(0.6)
        os.kill(child, signal.SIGCONT)
status = os.waitpid(child, 0)[1]
if held and b" MB/s" not in after:
    sys.exit(99)
for line in re.split(rb"\r\x1b\[K|\r?\n", seen):
    print(line.decode())
sys.exit(os.waitstatus_to_exitcode(status))
PY
watch() {
  c=$1
  shift
  for again in 1 2 3 4 5 6 7 8; do
    set +e
    python3 "$tmp/watch.py" "$c" "$pp" scan --reference --year 2027 --log-timezone UTC "$@" "$tmp/mail-of-the-first-machine-in-may.log.gz" >"$tmp/bar" 2>"$tmp/watch.err"
    got=$?
    set -e
    [ $got -eq 99 ] || break
  done
}

watch 80
check "share, bytes, rate and what was found" grep -Eq '^\[#* *\] +[0-9]+%  [0-9]+ MB  [0-9,]+ MB/s  found [0-9,]+' "$tmp/bar"
check "and the time left" grep -Eq ' MB/s  [0-9]+ s left  found ' "$tmp/bar"
check "and of a long name what there is room for" grep -Eq 'found [0-9,]+  mail-of-[a-z-]*…$' "$tmp/bar"
check "it goes on" sh -c '
  grep -Eo "[0-9]+%" "$1" | tr -d % >"$1.shares" && test "$(wc -l <"$1.shares")" -gt 1 && sort -n -c "$1.shares" && ! sort -u "$1.shares" | grep -Evq "^([0-9]|[0-9][0-9]|100)$"' sh "$tmp/bar"
check "it never fills the line" sh -c '! grep MB/s "$1" | grep -Eq "^.{80}"' sh "$tmp/bar"
check "in the end it is gone" sh -c 'tail -n 1 "$1" | grep -vq MB/s' sh "$tmp/bar"
watch 40
check "narrow: the figures alone" grep -Eq '^ *[0-9]+%  [0-9]+ MB  [0-9,]+ MB/s  ' "$tmp/bar"
check "on one line" sh -c '! grep MB/s "$1" | grep -Eq "^.{40}"' sh "$tmp/bar"
watch 80 --quiet
check "--quiet: none" sh -c '! grep -q MB/s "$1"' sh "$tmp/bar"
watch 80 --no-progress
check "--no-progress: none" sh -c '! grep -q MB/s "$1"' sh "$tmp/bar"

# A pipe: nobody knows how long it is.
piped() {
  { cat "$tmp/half" && sleep 0.3 && cat "$tmp/half"; } | "$pp" scan --year 2027 --log-timezone UTC "$@" - >"$tmp/out" 2>"$tmp/err"
}
for i in 1 2 3 4 5; do gzip -dc "$gz"; done >"$tmp/half"
piped --progress
check "--progress: without a terminal, too" sh -c 'tr "\r" "\n" <"$1" | grep -Eq "[0-9]+ MB  [0-9,]+ MB/s  found [0-9,]+  -$"' sh "$tmp/err"
check "of a pipe no share and no end" sh -c '! grep -Eq "%|left" "$1"' sh "$tmp/err"
piped
check "by itself only on a terminal" sh -c '! grep -q MB/s "$1"' sh "$tmp/err"

# What takes as long behind the logs has its bar, too.
cp -R "$TOP_SRCDIR/samples/outage" "$tmp/outage" && chmod -R u+w "$tmp/outage"
awk 'BEGIN { print "address,reason,date"; for (i = 0; i < 100000; i++) print "reader" i "@example.org,inactive,2026-11-01" }' >"$tmp/outage/suppression.csv"
code "a long suppression list" 1 env SOURCE_DATE_EPOCH=1798830000 "$pp" build --progress --key "$tmp/outage/key" --output "$tmp/packet" "$tmp/outage/case.json"
tr "\r" "\n" <"$tmp/err" >"$tmp/bar"
check "its recipients are counted down" grep -Eq '^.\[K\[#* *\] +[0-9]+%  (reading the suppression list|learning whom to keep out of it)$' "$tmp/bar"

code "--stats" 0 "$pp" scan --stats --year 2027 --log-timezone UTC "$gz"
check "lines, bytes, time and memory" grep -Eq '^postpacket: 6,447 lines, [0-9]+ MB in [0-9]+\.[0-9]{2} s \([0-9,]+ MB/s\), peak memory [0-9,]+ MB$' "$tmp/err"

# Processor for others first, as the program says of itself while it waits for more.
mkfifo "$tmp/fifo"
"$pp" scan --background --year 2027 --log-timezone UTC "$tmp/fifo" >"$tmp/out" 2>"$tmp/err" &
exec 9>"$tmp/fifo"
gzip -dc "$gz" >&9
nice=$(python3 -c 'import os, sys; print(os.getpriority(os.PRIO_PROCESS, int(sys.argv[1])))' $!)
exec 9>&-
check "--background: it reads all" wait $!
check "with the least of priorities" test "$nice" = 19
code "the same at once" 0 "$pp" scan --year 2027 --log-timezone UTC "$gz"
finish
