#!/usr/bin/env bash
# Each public header compiles as the only one of a program: alone.sh COMPILER INCLUDE_FOLDER LIST_OF_HEADERS
set -euo pipefail
compile() { printf '#include <lazuli/%s>\n' "$3" | "$1" -std=c++20 -fsyntax-only -Wall -Wextra -Werror -I "$2" -x c++ - || echo "$3 does not compile alone"; }
export -f compile
mapfile -t headers <"$3"
((${#headers[@]} > 100)) || { echo "only ${#headers[@]} headers"; exit 1; }
said=$(printf '%s\n' "${headers[@]}" | xargs -P "$(nproc)" -I '{}' bash -c 'compile "$@"' _ "$1" "$2" '{}' 2>&1)
[ -z "$said" ] || { echo "$said"; exit 1; }
echo "${#headers[@]} headers compile alone"
