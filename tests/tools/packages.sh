# shellcheck shell=sh
# Sourced by autogen.sh: what the build needs, what it is called elsewhere, and how it is installed.
#
# One row a need: set, probe, then the packages of apt, dnf, pacman, apk and brew (comma between
# two). Probes: cmd:COMMAND, pc:MODULE (pkg-config), file:NAME (a font), try:NAME (a function
# below); - where a manager has no such package. Sets: build (to build and run), test (make check),
# ci (.ci/run; tests that use these skip where they are missing).
packages () {
  cat <<'TABLE'
build cmd:make            build-essential      make                make           build-base      make
build try:cc              build-essential      gcc,glibc-devel     gcc            build-base      gcc
build cmd:autoreconf      autoconf             autoconf            autoconf       autoconf        autoconf
build cmd:automake        automake             automake            automake       automake        automake
build cmd:awk             mawk                 gawk                gawk           gawk            gawk
build cmd:pkg-config      pkg-config           pkgconf-pkg-config  pkgconf        pkgconf         pkgconf
build pc:glib-2.0         libglib2.0-dev       glib2-devel         glib2          glib-dev        glib
build pc:gmime-3.0        libgmime-3.0-dev     gmime30-devel       gmime3         gmime-dev       gmime
build pc:jansson          libjansson-dev       jansson-devel       jansson        jansson-dev     jansson
build pc:libxml-2.0       libxml2-dev          libxml2-devel       libxml2        libxml2-dev     libxml2
build pc:zlib             zlib1g-dev           zlib-devel          zlib           zlib-dev        zlib
build pc:libzstd          libzstd-dev          libzstd-devel       zstd           zstd-dev        zstd
build try:isal            libisal-dev          isa-l-devel         -              isa-l-dev       isa-l
build try:simde           libsimde-dev         simde-devel         -              -             -
build pc:libarchive       libarchive-dev       libarchive-devel    libarchive     libarchive-dev  libarchive
build pc:libcrypto        libssl-dev           openssl-devel       openssl        openssl-dev     openssl@3
build pc:libcares         libc-ares-dev        c-ares-devel        c-ares         c-ares-dev      c-ares
build pc:libpsl           libpsl-dev           libpsl-devel        libpsl         libpsl-dev      libpsl
build pc:libcurl          libcurl4-openssl-dev libcurl-devel       curl           curl-dev        curl
build pc:cairo-png        libcairo2-dev        cairo-devel         cairo          cairo-dev       cairo
build pc:libpng           libpng-dev           libpng-devel        libpng         libpng-dev      libpng
build pc:pangocairo       libpango1.0-dev      pango-devel         pango          pango-dev       pango
build file:DejaVuSans.ttf fonts-dejavu-core    dejavu-sans-fonts   ttf-dejavu     font-dejavu     font-dejavu
test  cmd:xz              xz-utils             xz                  xz             xz              xz
ci    file:LiberationSans-Regular.ttf fonts-liberation liberation-sans-fonts ttf-liberation font-liberation font-liberation
ci    cmd:git             git                  git                 git            git             git
ci    try:python          python3              python3             python         python3         python3
ci    cmd:openssl         openssl              openssl             openssl        openssl         openssl@3
ci    cmd:mutt            mutt                 mutt                mutt           mutt            mutt
ci    cmd:chromium        chromium             chromium            chromium       chromium        -
ci    cmd:notmuch         notmuch              notmuch             notmuch        notmuch         notmuch
ci    cmd:mandoc          mandoc               mandoc              mandoc         mandoc          mandoc
ci    cmd:valgrind        valgrind             valgrind            valgrind       valgrind        -
ci    cmd:clang           clang                clang               clang          clang           llvm
ci    try:clang_asan      libclang-rt-14-dev   compiler-rt         compiler-rt    compiler-rt     llvm
ci    cmd:clang-format    clang-format         clang-tools-extra   clang          clang-extra-tools clang-format
ci    cmd:shellcheck      shellcheck           ShellCheck          shellcheck     shellcheck      shellcheck
TABLE
}

try_cc () {
  # shellcheck disable=SC2086 # "ccache gcc" is two words
  echo '#include <stdio.h>' | ${CC:-cc} -x c -fsyntax-only - >/dev/null 2>&1
}

try_python () {
  python3 -c 'import email, json' >/dev/null 2>&1
}

# Gzip at several times zlib's speed; for these processors only, and not in Arch's own packages.
try_isal () {
  case $(uname -m)/$(manager) in
    */pacman) return 0 ;;
    x86_64/* | aarch64/*) pkg-config --exists libisal 2>/dev/null ;;
  esac
}

# SSE2 of NEON, for ARM alone; where it is missing, the build goes without.
try_simde () {
  case $(uname -m)/$(manager) in
    aarch64/apt | aarch64/dnf) echo '#include <simde/x86/sse2.h>' | ${CC:-cc} -x c -fsyntax-only - >/dev/null 2>&1 ;;
  esac
}

try_clang_asan () {
  echo 'int main (void) { return 0; }' \
    | clang -x c -fsanitize=address,undefined -o /dev/null - >/dev/null 2>&1
}

# probe PROBE APT-NAMES: is it there? Where pkg-config itself is missing, dpkg knows.
probe () {
  case $1 in
    cmd:*) command -v "${1#cmd:}" >/dev/null 2>&1 ;;
    pc:*)
      if command -v pkg-config >/dev/null 2>&1; then
        pkg-config --exists "${1#pc:}"
      else
        dpkg-query -W -f='${Status}\n' "$2" 2>/dev/null | grep -qx 'install ok installed'
      fi ;;
    file:*)
      for dir in /usr/share/fonts /usr/local/share/fonts /Library/Fonts "${HOME-}/.fonts" "${HOME-}/Library/Fonts"; do
        [ -z "$(find -L "$dir" -name "${1#file:}" 2>/dev/null)" ] || return 0
      done
      return 1 ;;
    try:*) "try_${1#try:}" ;;
  esac
}

# The package manager of this machine: its column in the table, or nothing.
manager () {
  for m in apt-get:apt dnf:dnf pacman:pacman apk:apk brew:brew; do
    ! command -v "${m%%:*}" >/dev/null 2>&1 || { echo "${m##*:}"; return; }
  done
}

# missing SET...: the rows whose probe fails.
missing () {
  packages | while read -r set probe apt rest; do
    case " $* " in *" $set "*) probe "$probe" "$apt" || echo "$set $probe $apt $rest" ;; esac
  done
}

# names MANAGER <ROWS: the package names, each once, on one line.
names () {
  while read -r _ _ apt dnf pacman apk brew; do
    case $1 in apt) n=$apt ;; dnf) n=$dnf ;; pacman) n=$pacman ;; apk) n=$apk ;; *) n=$brew ;; esac
    [ "$n" != - ] || continue
    echo "$n" | tr ',' '\n'
  done | sort -u | tr '\n' ' ' | sed 's/ $//'
}

say () { printf '%s\n' "$*" >&2; }

# stop COMMAND: nothing was installed; the user can.
stop () {
  say "autogen.sh: $1"
  say "    $2"
  exit 69
}

# Sets $root to what runs a command as root: nothing, or sudo. Stops where neither is possible.
need_root () {
  root=
  [ "$(id -u)" -ne 0 ] || return 0
  root=sudo
  command -v sudo >/dev/null 2>&1 && { sudo -n true 2>/dev/null || [ -t 0 ]; } \
    || stop "not root, and sudo is not possible here; run this as root, then start again:" "$*"
}

# No question is asked, and no service is started or restarted by what gets installed.
quietly () {
  # shellcheck disable=SC2086 # $root is one word or none
  $root env DEBIAN_FRONTEND=noninteractive SYSTEMD_OFFLINE=1 RUNLEVEL=1 NEEDRESTART_SUSPEND=1 \
    "$@" </dev/null >&2
}

apt_update () {
  say "autogen.sh: apt-get update"
  quietly apt-get -q -o DPkg::Lock::Timeout=300 update \
    || say "autogen.sh: apt-get update failed; going on with the lists that are there"
}

# simulate PACKAGE...: what apt would do, in $plan; stops where it would remove anything.
simulate () {
  plan=$(LC_ALL=C apt-get -s install --no-install-recommends "$@" 2>&1) || return 1
  removes=$(printf '%s\n' "$plan" | sed -n 's/^Remv \([^ ]*\).*/\1/p' | tr '\n' ' ')
  [ -z "$removes" ] || stop "installing '$*' would remove: $removes- nothing was installed. To do it yourself:" \
    "apt-get install --no-install-recommends $*"
  renews=$(printf '%s\n' "$plan" | sed -n 's/^Inst \([^ ]*\) \[.*/\1/p' | tr '\n' ' ')
  [ -z "$renews" ] || say "autogen.sh: this brings up to date, as these need it: $renews"
}

install_apt () {
  simulate "$@" || {
    need_root "apt-get update && apt-get install --no-install-recommends $*"
    apt_update
    simulate "$@" || { say "$plan"; stop "apt knows no way to install these; mend that, then start again:" \
      "apt-get install --no-install-recommends $*"; }
  }
  need_root "apt-get install --no-install-recommends $*"
  for again in no yes; do
    quietly apt-get -q -y --no-install-recommends --no-remove -o DPkg::Lock::Timeout=300 \
      install "$@" && return
    [ $again = no ] || break
    apt_update # lists that are older than the archive name files that are gone
    simulate "$@" || break
  done
  stop "apt-get failed; see above. The command was:" "apt-get install --no-install-recommends $*"
}

install_other () {
  m=$1
  shift
  root=
  case $m in
    dnf) set -- dnf -y --setopt=install_weak_deps=False install "$@" ;;
    pacman) set -- pacman -S --needed --noconfirm "$@" ;;
    apk) set -- apk add "$@" ;;
    brew) set -- brew install "$@" ;;
  esac
  [ "$m" = brew ] || need_root "$*"
  quietly "$@" || stop "$m failed; see above. The command was:" "$*"
}

# install_missing SET...: names what is missing and installs it; calls no package manager where
# nothing is. Ends the script with 69 where something stays missing.
install_missing () {
  rows=$(missing "$@")
  [ -n "$rows" ] || return 0
  m=$(manager)
  list=$(printf '%s\n' "$rows" | names "${m:-apt}")
  say "autogen.sh: missing: $(printf '%s\n' "$rows" | sed 's/^[^ ]* [a-z]*:\([^ ]*\).*/\1/' | tr '\n' ' ')"
  [ -n "$m" ] || stop "there is no apt, dnf, pacman, apk or brew here; install these (Debian's names):" "$list"
  say "autogen.sh: installing by $m: $list"
  # shellcheck disable=SC2086 # a list of package names
  if [ "$m" = apt ]; then install_apt $list; else install_other "$m" $list; fi
  rows=$(missing "$@")
  [ -z "$rows" ] || stop "still missing after that:" \
    "$(printf '%s\n' "$rows" | sed 's/^[^ ]* \([^ ]*\).*/\1/' | tr '\n' ' ')"
}
