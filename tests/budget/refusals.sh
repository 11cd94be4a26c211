#!/usr/bin/env bash
# A function of several forms, free or a member of Tensor, ends with `name(...) = delete;  // how it is called`: a call that fits none of them is then one short message and not a list of
# candidates: refusals.sh ROOT
set -euo pipefail
cd "$1"
awk '
  FNR == 1 { depth = spaces = 0 }
  {
    text = $0
    gsub(/"([^"\\]|\\.)*"/, "", text)
    sub(/\/\/.*/, "", text)
  }
  text ~ /^namespace .*\{/ && text !~ /\}/ { split(text, word, " "); space[++spaces] = word[2]; opened[spaces] = depth }
  # A declaration begins at the margin: TYPE NAME(
  /^(template <[^>]*> )?(inline |constexpr )*(const )?[A-Za-z_][A-Za-z_0-9:<>, ]*[&*]? [A-Za-z_0-9]+\(/ && !/^(return|else|using|namespace|static_assert|struct|class|enum|requires)[ (]/ {
    match($0, /[A-Za-z_0-9]+\(/)
    key = FILENAME
    for (i = 1; i <= spaces; ++i) key = key " " space[i]
    key = key " " substr($0, RSTART, RLENGTH - 1)
    if ($0 ~ /\(\.\.\.\)/) refused[key] = 1
    else ++forms[key]
  }
  {
    depth += gsub(/\{/, "", text) - gsub(/\}/, "", text)
    while (spaces && depth <= opened[spaces]) --spaces
  }
  END {
    for (key in forms) {
      if (key ~ / (detail|with_options) /) continue
      ++seen
      if (forms[key] > 1 && !refused[key]) { print key ": " forms[key] " forms and no last one that is deleted"; broken = 1 }
    }
    if (seen < 900) { print "only " seen + 0 " functions found"; broken = 1 }
    if (!broken) print seen " functions, each of one form or with a last one that says how it is called"
    exit broken
  }' core/tensor/members/*.def $(ls ops/{pointwise,reduce,shape,index,linalg,fft,network,random}/*.h | grep -v _formula)
