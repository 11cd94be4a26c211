#!/usr/bin/env bash
# The CPU time of compiling the public headers, against three of the standard library: headers.sh COMPILER INCLUDE_FOLDER
# Each round compiles the three one after the other; the median of the rounds' ratios counts, since a machine's pace changes. More rounds are made while a limit seems to be broken.
set -euo pipefail
compiler=$1
include=$2
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
printf '#include <memory>\n#include <string>\n#include <vector>\n' >"$work/std.cpp"
echo '#include <lazuli/lazuli.h>' >"$work/lazuli.cpp"
echo '#include <lazuli/core/tensor.h>' >"$work/tensor.cpp"

TIMEFORMAT='%U %S'
compile() {  # NAME: one run, in milliseconds
  local user system
  { read -r user system; } < <({ time "$compiler" -std=c++20 -O0 -I "$include" -c "$work/$1.cpp" -o "$work/$1.o" 2>"$work/errors"; } 2>&1) || true
  [ -s "$work/$1.o" ] || { cat "$work/errors" >&2; exit 1; }
  user=${user/./} system=${system/./}
  spent=$((10#$user + 10#$system))
}
median() { printf '%s\n' "$@" | sort -n | sed -n "$((($# + 1) / 2))p"; }
within() { (($(median "${lazuli[@]}") <= 360 && $(median "${tensor[@]}") <= 180)); }

tensor=() lazuli=()  # hundredths of what the standard headers take
for round in $(seq 15); do
  compile std; std=$spent
  compile tensor; tensor+=($((spent * 100 / std)))
  compile lazuli; lazuli+=($((spent * 100 / std)))
  if ((round >= 3)) && within; then break; fi
done
ratio() { median "$@" | sed 's/\(..\)$/.\1/'; }
echo "compiling, as multiples of <memory> <vector> <string>: lazuli/core/tensor.h $(ratio "${tensor[@]}") (at most 1.8), lazuli/lazuli.h $(ratio "${lazuli[@]}") (at most 3.6); $round rounds"
within || { echo "a header is over its budget"; exit 1; }
