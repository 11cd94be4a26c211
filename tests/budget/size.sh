#!/usr/bin/env bash
# A stripped program with the static library is at most 15 MB, or so many bytes: size.sh PROGRAM [BYTES]
# oneDNN and OpenBLAS are shared libraries and do not count.
set -euo pipefail
most=${2:-15000000}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
strip -o "$work/program" "$1"
bytes=$(stat -c %s "$work/program")
echo "$(basename "$1"): $bytes bytes stripped, at most $most"
((bytes <= most))
