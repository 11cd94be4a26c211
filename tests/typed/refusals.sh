#!/usr/bin/env bash
# Usage: refusals.sh COMPILER INCLUDE_FOLDER FOLDER. Every typed function, found in the preprocessed header, is called in FOLDER/refusals.cpp with what none takes, with too many operands and with values
# of an untyped tensor; mistakes.sh holds what the compiler says of each call.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
echo '#include <lazuli/typed/typed.h>' | "$1" -std=c++20 "-I$2" -E -P -x c++ - | tr '\n' ' ' | sed 's/[{}]/\n&\n/g' | awk '
  function called(name, arguments, mark) { print "  lazuli::" name "(" arguments ");  // <- call_error_no_such_form: " mark ": no form takes" }
  # What stands behind the last "template <" that has been read.
  function template_before(text,    parts, count) {
    count = split(text, parts, "template <")
    return count > 1 ? parts[count] : opening
  }
  BEGIN {
    print "#include <lazuli/lazuli.h>\n#include <lazuli/typed/typed.h>\nstruct Nothing {};"
    print "void refusals(lazuli::Typed<float, lazuli::Dims<4, 4>> x, lazuli::Tensor untyped, Nothing nothing) {"
  }
  /^{$/ { space[++depth] = opened; opened = ""; next }
  /^}$/ { --depth; next }
  match($0, /namespace (linalg|fft|special) *$/) { opened = substr($0, RSTART + 10); gsub(/ /, "", opened) }
  match($0, /requires *\(Out::fine\) *auto +[a-z_0-9A-Z]+ *\(/) {
    name = substr($0, RSTART, RLENGTH)
    gsub(/.*auto +| *\(/, "", name)
    values = template_before(substr($0, 1, RSTART)) ~ /^(int64_t|bool|typed::Sizes|typed::Window|typed::ScaleFactor|Reduction)/
    if (name == "forward" || name == "operator") next
    within = ""
    for (i = 1; i <= depth; ++i) if (space[i] != "") within = space[i]
    full = within == "" ? name : within "::" name
    if (full in seen) next
    seen[full] = 1
    mark = within == "" ? name : within "." name
    called(full, "x, nothing", mark)
    called(full, "x, x, x, x, x, x, x, x, nothing", mark)
    if (values && name != "repeat") called(full "<1>", "untyped, nothing", mark)
  }
  { opening = template_before($0) }
  END { print "}" }' >"$3/refusals.cpp"
[ "$(grep -c 'no form takes' "$3/refusals.cpp")" -gt 900 ]
"$here/mistakes.sh" "$1" "$2" "$3/refusals.cpp"
