#!/usr/bin/env bash
# Counts which rows of a table of names (name, priority, family, ...; tab-separated, with a header) are there: count_rows.sh BUILD TABLE
# A row is there when the table of operators has it under its name (without torch., nn.functional. or Tensor.), or, for classes and functions that are no operators, when a public header declares such a class or function.
# Prints the counts by priority and what is missing; the exit status tells whether all rows marked reference or must are there, and 95 % of those marked should.
set -euo pipefail
[ $# -eq 2 ] || { sed -n '2,4s/^# \{0,1\}//p' "$0" >&2; exit 2; }
here=$(cd "$(dirname "$0")/.." && pwd)
names=$(mktemp) words=$(mktemp)
trap 'rm -f "$names" "$words"' EXIT
"$1/docs/list_functions" --names | sort -u >"$names"
(cd "$here" && cat ./*.h core/*.h core/*/*.h autograd/*.h autograd/*/*.h ops/*.h ops/*/*.h nn/*.h nn/*/*.h optim/*.h optim/*/*.h data/*.h data/*/*.h io/*.h distributions/*.h registry/*.h 2>/dev/null) |
  grep -v '^ *//' | grep -oE '(class|struct|using|namespace) +[A-Za-z_][A-Za-z0-9_:]*|[A-Za-z_][A-Za-z0-9_]* *\(' | sed -E 's/^(class|struct|using|namespace) +//; s/.*://; s/ *\($//' | sort -u >"$words"
awk -F'\t' -v names="$names" -v words="$words" '
  BEGIN {
    while ((getline line < names) > 0) op[line] = 1
    while ((getline line < words) > 0) word[line] = 1
  }
  NR > 1 {
    bare = $1
    sub(/^(torch|nn\.functional|Tensor)\./, "", bare)
    last = bare
    sub(/^.*\./, "", last)
    total[$2]++
    if ((bare in op) || ($1 in op) || ($3 !~ /^(pointwise|linear|shape|fft|reduction|special|tensor method|nn\.functional)/ && (last in word))) there[$2]++
    else missing[$2] = missing[$2] " " $1
  }
  END {
    for (p in total) {
      printf "%s: %d of %d%s\n", p, there[p], total[p], missing[p] ? "; missing:" missing[p] : ""
      if ((p == "reference" || p == "must") && there[p] < total[p]) bad = 1
      if (p == "should" && there[p] < 0.95 * total[p]) bad = 1
    }
    exit bad
  }' "$2"
