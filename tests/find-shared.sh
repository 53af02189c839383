# shellcheck shell=sh
# Sourced by the test environment: where the lab and the public vectors are. A variable that is set wins; else
# shared/ beside the git top level, also when the tests run from an unpacked distribution inside the build folder.
pp_dir=$(cd "${TOP_SRCDIR:-.}" && pwd)
while [ "$pp_dir" != / ]; do
  if [ -e "$pp_dir/.git" ] && [ -d "$pp_dir/../shared" ]; then
    pp_shared=$(cd "$pp_dir/../shared" && pwd)
    : "${POSTPACKET_LAB:=$pp_shared/lab}" "${POSTPACKET_VECTORS:=$pp_shared/vectors}"
    break
  fi
  pp_dir=$(dirname "$pp_dir")
done
export POSTPACKET_LAB POSTPACKET_VECTORS
