#!/bin/sh
# embed.sh SRCDIR FILE... : print a C table of the files' bytes, each under its name below templates/.
set -eu
src=$1
shift
echo '#include "packet/base/data.h"'
n=0
for f in "$@"; do
  echo "static const guint8 data_${n}[] = {"
  od -v -An -tu1 "$src/$f" | sed -e 's/^ *//' -e 's/ *$//' -e 's/  */,/g' -e 's/$/,/'
  echo '0 };'
  n=$((n + 1))
done
echo 'const PktData pkt_data_table[] = {'
n=0
for f in "$@"; do
  echo "  { \"${f#templates/}\", (const char *) data_$n, sizeof data_$n - 1 },"
  n=$((n + 1))
done
echo '  { 0 } };'
