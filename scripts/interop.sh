#!/usr/bin/env bash
# Holds the files that Lazuli reads and writes, and its optimizers, against PyTorch, NumPy, safetensors, tokenizers, gguf, onnxruntime and tensorboard. Not part of the tests: the packages are large.
#   scripts/interop.sh [BUILD_FOLDER]      (build; it must have been configured)
# They are installed into a virtual environment in .deps/interop, unless LAZULI_INTEROP_PYTHON names a Python that has them.
set -euo pipefail
cd "$(dirname "$0")/.."
build=${1:-build}
python=${LAZULI_INTEROP_PYTHON:-}

if [ -z "$python" ]; then
  python=.deps/interop/bin/python
  if [ ! -x "$python" ]; then
    python3 -m venv .deps/interop
    "$python" -m pip install --quiet --disable-pip-version-check torch --index-url https://download.pytorch.org/whl/cpu
    "$python" -m pip install --quiet --disable-pip-version-check numpy pillow safetensors tokenizers gguf onnx onnxruntime tensorboard
  fi
fi
cmake --build "$build" --target interop
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
status=0
"$build/tests/interop" write "$folder"
echo "What Lazuli wrote, read by Python:"
"$python" tests/interop/check.py "$folder" || status=1
mkdir "$folder/models"
"$python" scripts/model_cases.py "$folder/models" --full
echo "What Python wrote, read by Lazuli:"
"$build/tests/interop" read "$folder" || status=1
[ $status = 0 ] && echo "interop: all agree" || echo "interop: something differs"
exit $status
