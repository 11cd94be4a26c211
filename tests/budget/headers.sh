#!/usr/bin/env bash
# The CPU time of compiling the public headers, against three of the standard library: headers.sh COMPILER INCLUDE_FOLDER
# The least of several runs counts; more runs are made while a limit seems to be broken.
set -euo pipefail
compiler=$1
include=$2
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
printf '#include <memory>\n#include <string>\n#include <vector>\n' >"$work/std.cpp"
echo '#include <lazuli/lazuli.h>' >"$work/lazuli.cpp"
echo '#include <lazuli/core/tensor.h>' >"$work/tensor.cpp"

declare -A best=([std]=999999 [lazuli]=999999 [tensor]=999999)
TIMEFORMAT='%U %S'
compile() {  # NAME: one run, in milliseconds
  local user system ms
  { read -r user system; } < <({ time "$compiler" -std=c++20 -O0 -I "$include" -c "$work/$1.cpp" -o "$work/$1.o" 2>"$work/errors"; } 2>&1) || true
  [ -s "$work/$1.o" ] || { cat "$work/errors" >&2; exit 1; }
  user=${user/./} system=${system/./}
  ms=$((10#$user + 10#$system))
  ((ms < best[$1])) && best[$1]=$ms
  return 0
}
within() { ((best[lazuli] * 10 <= best[std] * 36 && best[tensor] * 10 <= best[std] * 18)); }

for round in $(seq 12); do
  for name in std tensor lazuli; do compile $name; done
  if ((round >= 3)) && within; then break; fi
done
ratio() { echo "$((best[$1] * 100 / best[std]))" | sed 's/\(..\)$/.\1/'; }
echo "compiling: <memory> <vector> <string> ${best[std]} ms, lazuli/core/tensor.h ${best[tensor]} ms ($(ratio tensor) times, at most 1.8)," \
  "lazuli/lazuli.h ${best[lazuli]} ms ($(ratio lazuli) times, at most 3.6)"
within || { echo "a header is over its budget"; exit 1; }
