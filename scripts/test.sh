#!/usr/bin/env bash
# Installs what is missing, checks the format, builds everything (warnings are errors here) and runs every test: scripts/test.sh [--asan|--tsan] [--full] [options of ctest, e.g. -R unit.core]
# Where ../shared/conformance is, the whole pack is replayed too, with --full on OpenCL as well. Its compiler takes minutes for all of it, so that the plain run takes one dtype of each
# kind in the kernels' tests and a part of the recorded cases there, and leaves out that compiler's optimizer; --full takes all. With --full the fuzzers make ten times as many calls and files,
# and the same again in a build with the sanitizers; only there a test can fail for the time that something took. At the end stand the slowest tests and how long each part took; the last
# line says how it went; the exit status is 0 only if all passed.
set -uo pipefail
cd "$(dirname "$0")/.."

preset=release
full=0
while true; do
  case "${1:-}" in
    --asan) preset=asan ;;
    --tsan) preset=tsan ;;
    --full) full=1 ;;
    *) break ;;
  esac
  shift
done
folder=build
[ $preset = release ] || folder=build-$preset

fail() {
  echo "FAILED: $*"
  exit 1
}
spent=
part=$SECONDS
took() {  # NAME: notes what the part that ends now took
  spent+="${spent:+, }$1 $((SECONDS - part)) s"
  part=$SECONDS
}
slowest() {  # the ten tests of ctest's report that took longest
  [ ! -e "$1" ] || sed -n 's/.*<testcase name="\([^"]*\)".* time="\([0-9]*\)[^"]*".*/\2 s  \1/p' "$1" | sort -rn | head -10
}

scripts/setup.sh || fail "scripts/setup.sh could not install what is missing"
scripts/format.sh --check || fail "sources that are not formatted: scripts/format.sh mends them"
took setup
# An empty compiler cache gives nothing back, and asking and filling it takes a tenth of the build.
[ "$(ccache --print-stats 2>/dev/null | sed -n 's/^files_in_cache[[:space:]]*//p')" != 0 ] || export CCACHE_DISABLE=1
# The long run shows missing includes, which precompiled headers hide.
[ $full = 1 ] && headers=OFF || headers=ON
cmake --preset $preset -DLAZULI_WERROR=ON -DLAZULI_LIBRARY_PCH=$headers || fail "configuring"
took configuring
cmake --build --preset $preset || fail "building"
took building

problems=()
configuration=()
if [ $full = 1 ]; then
  configuration=(-C full)
  export LAZULI_ALL_DTYPES=1
else
  export POCL_EXTRA_BUILD_FLAGS=-cl-opt-disable
fi
report=$PWD/$folder/Testing/report.xml
rm -f "$report"
ctest --test-dir $folder "${configuration[@]}" --output-on-failure --no-tests=error --output-junit "$report" -j "$(nproc)" "$@" || problems+=("ctest")
took tests

if [ $full = 1 ] && [ $preset = release ] && [ $# = 0 ]; then
  if cmake --preset asan -DLAZULI_WERROR=ON && cmake --build --preset asan --target fuzz_calls fuzz_files fuzz_watch_test; then
    ctest --test-dir build-asan -C full -R '^fuzz\.' --output-on-failure --no-tests=error -j "$(nproc)" || problems+=("the fuzzers under sanitizers")
  else
    problems+=("building the fuzzers with sanitizers")
  fi
  took "fuzzers with sanitizers"
fi

pack=../shared/conformance
pack_note=
if [ -d "$pack" ] && [ $# = 0 ] && [ $preset != tsan ]; then
  if [ -x $folder/tests/conformance ]; then
    export OMP_WAIT_POLICY=passive LAZULI_CACHE_DIR="$PWD/$folder/kernels" POCL_CACHE_DIR="$PWD/$folder/kernels/pocl"
    $folder/tests/conformance "$pack" --jobs "$(nproc)" || problems+=("the conformance pack $pack")
    pack_note=" and the conformance pack"
    if [ $full = 1 ]; then
      for transform in vmap jvp record; do
        $folder/tests/conformance "$pack" --transform $transform --jobs "$(nproc)" || problems+=("the operators of the pack $pack under $transform")
      done
      for section in ops modules programs indexing; do
        $folder/tests/conformance "$pack" --device opencl --section $section --jobs "$(nproc)" 2>/dev/null || problems+=("the conformance pack $pack on OpenCL, section $section")
      done
      pack_note+=" on the CPU and OpenCL"
    fi
  else
    problems+=("the conformance pack $pack: there is no program to run it")
  fi
  took pack
fi
echo "The slowest tests:"
slowest "$report"
echo "$SECONDS s in all: $spent"
[ ${#problems[@]} = 0 ] || fail "$(printf '%s; ' "${problems[@]}")in $SECONDS s"
if [ $# -gt 0 ]; then
  echo "PASSED: the tests chosen by '$*' ($preset; $SECONDS s)"
else
  echo "PASSED: all tests$pack_note ($preset; $SECONDS s)"
fi
