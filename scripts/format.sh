#!/usr/bin/env bash
# Formats the sources in place; with --check only says which are not formatted. Versions of clang-format differ in what they make of the same file: 14 is ours.
set -euo pipefail
cd "$(dirname "$0")/.."
format=$(command -v clang-format-14 || command -v clang-format || true)
if [ -z "$format" ] || ! "$format" --version | grep -q "version 14\\."; then
  echo "format.sh: clang-format 14 is not here, nothing was checked" >&2
  [ "${1:-}" = --check ] && exit 0
  exit 1
fi
mode=(-i)
[ "${1:-}" != --check ] || mode=(--dry-run --Werror)
git ls-files -z --cached --others --exclude-standard '*.h' '*.cpp' | xargs -0 -r -n 40 -P "$(nproc)" "$format" "${mode[@]}"
