#!/usr/bin/env bash
# What keeps the tree easy to find one's way in: no source over 800 lines, no public header over 300, no folder over about 40 files (42): limits.sh ROOT
# Those below may be longer, for the reason that stands beside each, and no longer than that. Recorded cases and the two pages that programs write are no sources.
set -euo pipefail
cd "$1"
declare -A most=(
  [tests/typed/recorded_shapes_test.cpp]=5000  # a list of recorded shapes
)
rooms='autograd backends bench cmake core data distributed distributions docs examples io nn ops optim record registry scripts tests torch training typed'
broken=0
complain() { echo "$*"; broken=1; }

while read -r lines file; do
  limit=800
  case "$file" in
    tests/*|examples/*|bench/*|docs/*) ;;
    *.h) limit=300 ;;
  esac
  limit=${most[$file]:-$limit}
  ((lines <= limit)) || complain "$file: $lines lines, at most $limit"
done < <(find $rooms ./*.h -type f \( -name '*.h' -o -name '*.cpp' -o -name '*.sh' -o -name '*.py' -o -name '*.cmake' -o -name '*.def' \) -exec wc -l {} + | awk '$2 != "total"')

while read -r files folder; do
  ((files <= 42)) || complain "$folder: $files files, at most 42"
done < <(find $rooms -type f ! -path 'tests/conformance/cases/*' ! -path '*/__pycache__/*' -printf '%h\n' | sort | uniq -c)

[ $broken = 0 ] && echo "all files and folders are within their limits"
exit $broken
