#!/usr/bin/env bash
# Usage: refusals.sh COMPILER INCLUDE_FOLDER FOLDER. Every typed function, found in the preprocessed header, is called in FOLDER/refusals.cpp with what none takes, with too many operands and with values
# of an untyped tensor; mistakes.sh holds what the compiler says of each call.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
echo '#include <lazuli/typed/typed.h>' | "$1" -std=c++20 "-I$2" -E -P -x c++ - | tr '\n' ' ' | sed 's/[{}]/\n&\n/g' | awk '
  # An argument that nothing takes, of a type of its own: a compiler tells of a refused type once.
  function nothing() { return "Nothing<" ++nothings ">()" }
  function called(name, arguments, mark) { print "  lazuli::" name "(" arguments nothing() ");  // <- call_error_no_such_form: " mark ": no form takes" }
  # What stands behind the last "template <" that has been read.
  function template_before(text,    parts, count) {
    count = split(text, parts, "template <")
    return count > 1 ? parts[count] : opening
  }
  BEGIN {
    print "#include <lazuli/lazuli.h>\n#include <lazuli/typed/typed.h>\ntemplate <int> struct Nothing {};"
    print "void refusals(lazuli::Typed<float, lazuli::Dims<4, 4>> x, lazuli::Tensor untyped) {"
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
    if (name in positions) print "  lazuli::" full "(x, " nothing() ");  // <- the first optional argument: has another type by position"
    else called(full, "x, ", mark)
    called(full, "x, x, x, x, x, x, x, x, ", mark)
    if (values && name != "repeat") called(full "<1>", "untyped, ", mark)
  }
  # What takes its options by position too takes anything there, and says what is wrong with it itself.
  match($0, /with_options::[a-z_0-9]+ *\([a-zA-Z]+, [a-z_]*by_position</) {
    name = substr($0, RSTART + 14, RLENGTH - 14)
    sub(/ *\(.*/, "", name)
    positions[name] = 1
  }
  { opening = template_before($0) }
  END { print "}" }' >"$3/refusals.cpp"
[ "$(grep -c 'no form takes' "$3/refusals.cpp")" -gt 900 ]
"$here/mistakes.sh" "$1" "$2" "$3/refusals.cpp"
