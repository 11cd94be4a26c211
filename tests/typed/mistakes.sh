#!/usr/bin/env bash
# Usage: mistakes.sh COMPILER INCLUDE_FOLDER SOURCE. Every line of SOURCE with a mark `// <- NAME: TEXT` gives one error, at that line or from it, whose first line has the named error and the text;
# there are no others, and none has more than ten lines.
set -euo pipefail
said=$("$1" -std=c++20 -fsyntax-only -w "-I$2" "$3" $("$1" --version | grep -q clang && echo -ferror-limit=0 || echo -fmax-errors=0) 2>&1 || true)
printf '%s\n' "$said" | awk -v source="$3" '
  BEGIN {
    file = source
    sub(/.*\//, "", file)
    while ((getline line < source) > 0) {
      ++number
      at = index(line, "// <- ")
      if (!at) continue
      mark = substr(line, at + 6)
      colon = index(mark, ": ")
      name[number] = substr(mark, 1, colon - 1)
      text[number] = substr(mark, colon + 2)
      ++marks
    }
  }
  # The error that has been read: at its line, or, where a header refuses, at the line that asked for it.
  function close_error() {
    if (!lines) return
    if (!open || !(open in name)) {
      print "an error without a mark: " plain
      bad = 1
    } else if (!index(plain, name[open]) || !index(plain, text[open])) {
      print "line " open " should say\n  " name[open] ": " text[open] "\nand says\n  " plain
      bad = 1
    } else {
      seen[open] = 1
    }
    if (lines > (open in name && name[open] == "the first optional argument" ? 13 : 10)) {  # that one comes from a function without types
      print "the error at line " open " has " lines " lines"
      bad = 1
    }
  }
  function line_of(said) { return match(said, file ":[0-9]+:") ? substr(said, RSTART + length(file) + 1, RLENGTH - length(file) - 2) + 0 : 0 }
  # What stands before the first line of an error, and belongs to it.
  /In function|In member function|In instantiation|In file included|^  *from |required from/ {
    ++before
    if (/required from here/) here = line_of($0)
    shows = 1
    next
  }
  shows && /^ *[0-9]* \|/ { ++before; next }  # the line that it names
  { shows = 0 }
  /:[0-9]+:[0-9]+: error: / {
    close_error()
    lines = 1 + before
    open = line_of($0)
    if (!open) open = here
    before = here = 0
    plain = $0
    gsub(/'\'', '\''/, "", plain)  # an older clang lists characters
    gsub(/<'\''/, "<", plain)
    if (index(plain, "Lines<")) gsub(/", "/, "", plain)  # a newer one pieces of a text
    next
  }
  /note: in instantiation of/ { if (!open) open = line_of($0) }
  { lines += 1 + before; before = 0 }
  END {
    close_error()
    for (number in name)
      if (!(number in seen)) {
        print "line " number " gives no error: " name[number]
        bad = 1
      }
    if (!marks) {
      print source " has no marks"
      bad = 1
    }
    print marks " mistakes"
    exit bad
  }'
