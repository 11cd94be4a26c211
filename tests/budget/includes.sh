#!/usr/bin/env bash
# Which room includes which (CONTRIBUTING.md has the map): includes.sh ROOT
# A folder of the left, the longest that fits, may include from itself and from what stands on the right; its line is all that it may.
set -euo pipefail
cd "$1"
map='
core
autograd            core
backends/cpu        core
backends/gpu        core
backends/cuda       core backends/gpu
backends/opencl     core backends/gpu
backends/builtin.cpp core backends
ops                 core autograd
nn                  core autograd ops
optim               core autograd ops
data                core autograd ops nn
io                  core autograd ops nn
distributions       core autograd ops
distributed         core autograd ops nn
registry            core autograd ops
record              core autograd ops nn
record/frozen       core record
record/frozen/runtime.cpp core backends/cpu ops/composites.h
training            core autograd ops nn optim data io distributed record
torch               core autograd ops nn optim data io lazuli.h
typed               core autograd ops nn
'
awk -v map="$map" '
  function within(path, folder) { return path == folder || index(path, folder "/") == 1 }
  function room(path,   best, name) {
    best = ""
    for (name in known) if (within(path, name) && length(name) > length(best)) best = name
    return best
  }
  BEGIN {
    count = split(map, lines, "\n")
    for (i = 1; i <= count; ++i) {
      words = split(lines[i], word, " ")
      if (!words) continue
      known[word[1]] = 1
      allowed[word[1], ++number[word[1]]] = word[1]
      for (w = 2; w <= words; ++w) allowed[word[1], ++number[word[1]]] = word[w]
    }
  }
  /^[ \t]*#[ \t]*include[ \t]*[<"]lazuli\// {
    own = room(FILENAME)
    match($0, /[<"]lazuli\/[^">]*/)
    included = substr($0, RSTART + 8, RLENGTH - 8)
    ++seen
    for (i = 1; i <= number[own]; ++i) if (within(included, allowed[own, i])) next
    print FILENAME ": includes " included ", which is not for " (own == "" ? "a file outside all rooms" : own)
    broken = 1
  }
  END {
    if (seen < 1000) { print "only " seen + 0 " includes found"; broken = 1 }
    if (!broken) print seen " includes, each from where the map allows"
    exit broken
  }' $(find core autograd backends ops nn optim data io distributions distributed registry record training torch typed -name '*.h' -o -name '*.cpp' -o -name '*.def' | sort)
