#!/usr/bin/env bash
# Formats the sources in place; with --check only says which are not formatted (clang-format 14).
set -euo pipefail
cd "$(dirname "$0")/.."
format=$(command -v clang-format-14 || command -v clang-format) || { echo "format.sh: clang-format is not installed" >&2; exit 1; }
mode=(-i)
[ "${1:-}" != --check ] || mode=(--dry-run --Werror)
git ls-files -z --cached --others --exclude-standard '*.h' '*.cpp' | xargs -0 -r "$format" "${mode[@]}"
