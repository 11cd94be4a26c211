#pragma once
#include <string>

#include "lazuli/core/error.h"
#include "tests/catch.h"

/// The text of the Error that `f` throws, or "no error".
template <class F>
std::string error_of(F&& f) {
  try {
    f();
    return "no error";
  } catch (const lazuli::Error& error) { return error.what(); }
}

/// Whether `text` has `part`; shows the text where it has not.
inline bool says(const std::string& text, const std::string& part) {
  if (text.find(part) != std::string::npos) return true;
  UNSCOPED_INFO("the text is: " << text);
  return false;
}
