#!/usr/bin/env bash
# Installs what is missing, builds, and trains an MLP on Fashion-MNIST: scripts/demo.sh [options of mlp_train, e.g. --epochs 3]
set -euo pipefail
cd "$(dirname "$0")/.."
scripts/setup.sh
log=$(mktemp)
cmake --preset release >"$log" 2>&1 || { cat "$log"; rm -f "$log"; exit 1; }
rm -f "$log"
cmake --build --preset release --target mlp_train
exec build/examples/mlp_train "$@"
