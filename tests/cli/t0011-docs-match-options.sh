#!/bin/sh
# Every long option of every command's --help stands in postpacket(1) and in both completions, and
# nothing stands there that the program does not have.
. "$TOP_SRCDIR/tests/cli/lib.sh"
man=$TOP_SRCDIR/cmd/man/postpacket.1
bash=$TOP_SRCDIR/cmd/completion/postpacket
zsh=$TOP_SRCDIR/cmd/completion/_postpacket

from_help () {
  "$pp" "$1" --help | sed -n 's/^ *\(-[a-zA-Z], \)\{0,1\}--\([a-z0-9-]*\).*/--\2/p' | grep -vx -e --help
}
# An option of a command is any .Fl in its section.
from_man () {
  awk -v c="$1" '/^\.S[sh] / { on = $1 == ".Ss" && $2 == c } on' "$man" | fl
}
fl () { sed -n 's/^\.\(It \)\{0,1\}Fl -\([a-z0-9-]*\).*/--\2/p'; }
from_completion () {
  awk -v c="$2)" '$1 == c { on = 1 } on { print } on && /;;/ { exit }' "$1" | grep -o -e '--[a-z0-9-]*'
}
# agree NAME HAVE WANT: both lists hold the same words.
agree () {
  printf '%s\n' "$2" | sort >"$tmp/have"
  printf '%s\n' "$3" | sort >"$tmp/want"
  same "$1" "$tmp/have" "$tmp/want"
}

all=$("$pp" --commands)
[ -n "$all" ] || skip "no command is built yet"
agree "postpacket(1) has the commands" "$(sed -n 's/^\.Ss \([a-z]*\)$/\1/p' "$man")" "$all"
agree "bash completes the commands" \
  "$(awk '/^_postpacket_commands/ { getline; for (i = 2; i <= NF; i++) print $i }' "$bash")" "$all"
agree "zsh completes the commands" \
  "$(awk '/^  commands=/ { on = 1; next } on && /^  \)/ { exit } on' "$zsh" | sed "s/^ *'\([a-z]*\):.*/\1/")" "$all"
for c in $all; do
  want=$(from_help "$c") || :
  agree "postpacket(1) has the options of $c" "$(from_man "$c")" "$want"
  agree "bash completes the options of $c" "$(from_completion "$bash" "$c")" "$want"
  agree "zsh completes the options of $c" "$(from_completion "$zsh" "$c")" "$want"
done

# Each option that a command has is described once, beside it or under COMMON OPTIONS.
described=$(grep -e '^\.It Fl -' "$man" | fl | sort)
agree "each option is described" "$(printf '%s\n' "$described" | sort -u)" \
  "$(for c in $all; do from_help "$c" || :; done | sort -u)"
agree "zsh knows what each option is" "$(sed -n "s/^    \(--[a-z0-9-]*\) '.*/\1/p" "$zsh")" \
  "$(printf '%s\n' "$described" | sort -u)"
if command -v bash >/dev/null; then
  # shellcheck disable=SC2016
  check "bash completion offers an option" bash -c '. "$1"
    COMP_WORDS=(postpacket scan --ev) COMP_CWORD=2; _postpacket; [ "${COMPREPLY[*]}" = --events ]' - "$bash"
fi
if command -v zsh >/dev/null; then check "zsh reads its completion" zsh -n "$zsh"; fi
if command -v mandoc >/dev/null; then
  for page in "$TOP_SRCDIR"/cmd/man/*.[1-9]; do
    check "${page##*/} is clean for mandoc" mandoc -T lint -W warning "$page"
  done
fi
finish
