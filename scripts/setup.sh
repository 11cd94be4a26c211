#!/usr/bin/env bash
# Installs what Lazuli needs to build, on Debian and Ubuntu. Running it again is harmless, and quick when nothing is missing.
set -euo pipefail
cd "$(dirname "$0")/.."

packages=(g++ cmake ninja-build ccache pkg-config libfmt-dev libhwy-dev libopenblas-openmp-dev liblapacke-dev zlib1g-dev nlohmann-json3-dev
  libcli11-dev libpng-dev libturbojpeg0-dev libpcre2-dev libutf8proc-dev libopenmpi-dev openmpi-bin catch2 dataset-fashion-mnist gdb
  opencl-c-headers ocl-icd-libopencl1 pocl-opencl-icd libclblast-dev)
onednn=.deps/onednn

if ! command -v apt-get >/dev/null || ! command -v dpkg-query >/dev/null; then
  cat >&2 <<'TEXT'
setup.sh installs packages on Debian and Ubuntu only. Elsewhere, install with your own package manager:
  a C++20 compiler with OpenMP (g++ 12 or newer), CMake 3.25, Ninja, ccache (optional)
  oneDNN 3 (https://github.com/uxlfoundation/oneDNN), fmt 9 or 10, Highway 1.0, OpenBLAS built with OpenMP, LAPACKE, zlib, nlohmann-json
  CLI11 (the examples), Catch2 2.13 or 3 (the tests), gdb (optional)
  optional: libpng and libjpeg-turbo (image files), PCRE2 and utf8proc (tokenizers), an MPI such as OpenMPI (training on many processes)
  optional: OpenCL's C headers, CLBlast and an OpenCL driver such as PoCL (the OpenCL backend); a CUDA toolkit (the CUDA backend)
and then: cmake --preset release && cmake --build --preset release
TEXT
  exit 1
fi

as_root() {
  if [ "$(id -u)" = 0 ]; then "$@"; elif command -v sudo >/dev/null; then sudo "$@"; else
    echo "setup.sh: needs root or sudo for: $*" >&2
    return 1
  fi
}
missing() {  # of the packages named, those not installed
  local p
  for p in "$@"; do
    [ "$(dpkg-query -W -f='${db:Status-Status}' "$p" 2>/dev/null || true)" = installed ] || echo "$p"
  done
}
updated=
install_packages() {
  [ $# -gt 0 ] || return 0
  echo "setup.sh: installing $*"
  [ -n "$updated" ] || as_root apt-get update -q
  updated=1
  as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -q --no-install-recommends "$@"
}

mapfile -t wanted < <(missing "${packages[@]}")
install_packages ${wanted[@]+"${wanted[@]}"}

# The formatter of exactly this version, where the distribution has it (asked now that the package lists are there); elsewhere the sources are not checked.
if apt-cache show clang-format-14 >/dev/null 2>&1; then
  mapfile -t wanted < <(missing clang-format-14)
  install_packages ${wanted[@]+"${wanted[@]}"}
fi

# oneDNN 3: the distribution's where it has one, else our own copy in .deps/.
if [ -e "$onednn/lib/libdnnl.so" ] && [ -e "$onednn/include/oneapi/dnnl/dnnl.hpp" ]; then
  exit 0
fi
system_onednn=$(apt-cache policy libdnnl-dev 2>/dev/null | awk '/Candidate:/ {print $2}')
case "$system_onednn" in
  3.*)
    mapfile -t wanted < <(missing libdnnl-dev)
    install_packages ${wanted[@]+"${wanted[@]}"}
    exit 0 ;;
esac
if [ "$(uname -m)" != x86_64 ]; then
  echo "setup.sh: this distribution has no oneDNN 3 and there is no ready one for $(uname -m); build it from https://github.com/uxlfoundation/oneDNN" >&2
  exit 1
fi
if ! python3 -m pip --version >/dev/null 2>&1; then
  install_packages python3-pip
fi
echo "setup.sh: fetching oneDNN 3.2 into $onednn"
rm -rf .deps/onednn.new
mkdir -p .deps/onednn.new/wheels
trap 'rm -rf .deps/onednn.new' EXIT
python3 -m pip download --quiet --disable-pip-version-check --no-deps --only-binary :all: --require-hashes -r scripts/onednn-requirements.txt -d .deps/onednn.new/wheels
mkdir .deps/onednn.new/tree
for wheel in .deps/onednn.new/wheels/*.whl; do
  python3 -m zipfile -e "$wheel" .deps/onednn.new/unpacked
done
for data in .deps/onednn.new/unpacked/*.data/data; do
  cp -r "$data/." .deps/onednn.new/tree/
done
# The wheel holds the library three times over; the names without a version are links everywhere else.
ln -sf libdnnl.so.3.2 .deps/onednn.new/tree/lib/libdnnl.so.3
ln -sf libdnnl.so.3 .deps/onednn.new/tree/lib/libdnnl.so
rm -rf "$onednn"
mv .deps/onednn.new/tree "$onednn"
