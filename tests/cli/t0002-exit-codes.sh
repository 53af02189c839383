#!/bin/sh
# What every command owes its caller: the exit status for wrong usage, a path that is not there, and a result
# that could not be written. The message goes to the standard error, the result nowhere.
. "$TOP_SRCDIR/tests/cli/lib.sh"

# quiet_out NAME: the command before said something on stderr, with our prefix, and nothing on stdout.
quiet_out () {
  check "$1: the message is on stderr" grep -q '^postpacket' "$tmp/err"
  check "$1: nothing on stdout" test ! -s "$tmp/out"
}
to_full () { "$@" >/dev/full; }
to_closed () { "$@" >&-; }

code "an unknown command" 64 "$pp" nonsense
quiet_out "an unknown command"
code "an empty command" 64 "$pp" ""
code "no command" 64 "$pp"
all=$("$pp" --commands)
for c in $all; do
  case $c in explain | formats | selftest | cases) continue ;; esac
  code "$c without an operand" 64 "$pp" "$c"
  quiet_out "$c without an operand"
  set -- "$tmp/not-there"
  case $c in
    compare | answer) set -- "$tmp/not-there" "$tmp/nor-there" ;; # two operands
    send) set -- --sendmail=/bin/false "$tmp/not-there" ;;        # which says how first
  esac
  code "$c with a path that is not there" 66 "$pp" "$c" "$@"
  quiet_out "$c with a path that is not there"
  check "$c names the path" grep -q "not-there" "$tmp/err"
  code "$c with a bare --" 64 "$pp" "$c" --
done
for c in $all; do
  code "$c with an unknown option" 64 "$pp" "$c" --no-such-option
  quiet_out "$c with an unknown option"
  [ ! -e /dev/full ] || code "$c --help on a full disk" 74 to_full "$pp" "$c" --help
  code "$c --help with stdout closed" 74 to_closed "$pp" "$c" --help
done
echo '{}' >"$tmp/a.json"
for c in "send --smtp smtps://mail.example.com" "answer $tmp/a.json" ticket; do
  code "${c%% *}: a file in the place of a packet" 66 "$pp" $c "$tmp/a.json"
  check "${c%% *}: says which folder" grep -q "give the folder that 'postpacket build' made" "$tmp/err"
done
code "a case that is not there" 66 "$pp" build "$tmp/not-there.json"
check "says how one is made" grep -q "not-there.json: there is no such file; 'postpacket init' writes" "$tmp/err"
for arg in --help --version; do
  [ ! -e /dev/full ] || code "$arg on a full disk" 74 to_full "$pp" "$arg"
  code "$arg with stdout closed" 74 to_closed "$pp" "$arg"
done
for c in explain formats; do
  case " $(echo $all) " in *" $c "*) ;; *) continue ;; esac
  code "$c on a full disk" 74 to_full "$pp" "$c"
  code "$c with stdout closed" 74 to_closed "$pp" "$c"
done
finish
