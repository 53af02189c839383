# shellcheck shell=sh
# Sourced by autogen.sh (deps ci) and by the test of review.html: axe-core, which reads a page as assistive technology
# does. It is fetched by npm where npm is, and only there.
axe_version=4.10.3
axe_sha256=880970c081707360e64f34cea25ff91892f5bc95675b0776925b9709dd8a68bb
axe_folder () { echo "${POSTPACKET_SERVERS:-${G_TEST_BUILDDIR:-$(pwd)/build/tests}/servers}/axe-$axe_version"; }

# Prints where it is; fails where it is not, or is another.
axe_file () {
  file=$(axe_folder)/axe.min.js
  [ -f "$file" ] && [ "$(sha256sum <"$file")" = "$axe_sha256  -" ] && echo "$file"
}

# fetch_axe: into that folder, with what npm says of it checked twice.
fetch_axe () {
  axe_file >/dev/null && return
  folder=$(axe_folder)
  mkdir -p "$folder" || return
  part=$(mktemp -d "$folder/part.XXXXXX") || return
  (cd "$part" && npm pack --silent "axe-core@$axe_version" >/dev/null && tar -xzf "axe-core-$axe_version.tgz" package/axe.min.js) \
    && mv "$part/package/axe.min.js" "$folder/"
  rm -rf "$part"
  axe_file >/dev/null
}
