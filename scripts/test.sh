#!/usr/bin/env bash
# Installs what is missing, builds everything and runs every test: scripts/test.sh [--asan] [options of ctest, e.g. -R unit.core]
# Where ../shared/conformance is, the whole pack is replayed too. The last line says how it went; the exit status is 0 only if all passed.
set -uo pipefail
cd "$(dirname "$0")/.."

preset=release
if [ "${1:-}" = --asan ]; then
  preset=asan
  shift
fi
folder=build
[ $preset = release ] || folder=build-$preset

fail() {
  echo "FAILED: $*"
  exit 1
}
began=$SECONDS
scripts/setup.sh || fail "scripts/setup.sh could not install what is missing"
cmake --preset $preset || fail "configuring"
cmake --build --preset $preset || fail "building"
built=$((SECONDS - began))

problems=()
ctest --test-dir $folder --output-on-failure --no-tests=error -j "$(nproc)" "$@" || problems+=("ctest")

pack=../shared/conformance
pack_note=
if [ -d "$pack" ] && [ $# = 0 ]; then
  if [ -x $folder/tests/conformance ]; then
    OMP_WAIT_POLICY=passive $folder/tests/conformance "$pack" || problems+=("the conformance pack $pack")
    pack_note=" and the conformance pack"
  else
    problems+=("the conformance pack $pack: there is no program to run it")
  fi
fi
spent="built in $built s, tested in $((SECONDS - began - built)) s"
[ ${#problems[@]} = 0 ] || fail "$(printf '%s; ' "${problems[@]}")$spent"
if [ $# -gt 0 ]; then
  echo "PASSED: the tests chosen by '$*' ($preset; $spent)"
else
  echo "PASSED: all tests$pack_note ($preset; $spent)"
fi
