#!/usr/bin/env bash
# What the public headers cost who includes them, against three of the standard library: headers.sh COMPILER INCLUDE_FOLDER [--time]
# Without --time: the lines that the compiler reads, the same on every run. With it: the CPU time of compiling. Each round then compiles the three one after the other; the median of the
# rounds' ratios counts, since a machine's pace changes. More rounds are made while a limit seems to be broken.
set -euo pipefail
compiler=$1
include=$2
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
printf '#include <memory>\n#include <string>\n#include <vector>\n' >"$work/std.cpp"
echo '#include <lazuli/lazuli.h>' >"$work/lazuli.cpp"
echo '#include <lazuli/core/tensor.h>' >"$work/tensor.cpp"

if [ "${3:-}" != --time ]; then
  lines() { "$compiler" -std=c++20 -I "$include" -E -P "$work/$1.cpp" -o "$work/$1.i" && wc -l <"$work/$1.i"; }
  std=$(lines std) tensor=$(lines tensor) lazuli=$(lines lazuli)
  echo "lines read: <memory> <vector> <string> $std, with lazuli/core/tensor.h $tensor (at most 1.25 times as many), with lazuli/lazuli.h $lazuli (at most 2 times)"
  # What programs write without an include of their own.
  cat >"$work/taken.cpp" <<'PROGRAM'
#include <lazuli/lazuli.h>
double taken_for_granted(std::vector<double> v, std::map<std::string, std::array<int, 2>> m, std::optional<int> o, std::span<const double> s, std::any a) {
  std::function<double(double)> f = [](double x) { return std::sqrt(x) + std::exp(x) + std::pow(x, 2) + std::fabs(x); };
  std::unordered_map<int, std::unique_ptr<int>> pointers;
  std::atomic<int> count{std::numeric_limits<int>::max()};
  auto [x, y] = std::tuple{std::abs(-0.5), std::strlen("four")};
  return f(x) + double(y) + double(v.size() + m.size() + s.size() + pointers.size()) + o.value_or(0) + double(a.has_value()) + count;
}
PROGRAM
  "$compiler" -std=c++20 -I "$include" -fsyntax-only "$work/taken.cpp" || { echo "lazuli.h lacks a standard header that it promises"; exit 1; }
  ((tensor * 100 <= std * 125 && lazuli <= std * 2)) || { echo "a header is over its budget"; exit 1; }
  exit 0
fi

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
