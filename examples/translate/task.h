#pragma once
#include <string>

#include "lazuli/lazuli.h"

/// Digits 0 .. 9 are tokens of these numbers; three more say where a string begins and ends, and fill rows up.
constexpr int64_t kBegin = 10, kEnd = 11, kPadding = 12, kTokens = 13;

struct Task {
  bool sort = false;
  int64_t shortest = 4, longest = 10;
  int64_t width() const { return longest + 1; }
};

/// Strings of digits and what should become of them, [n, width] each: digits, the end, padding.
struct Pairs {
  lazuli::Tensor source, target;
};
/// Random ones, of lengths that are all as likely.
Pairs draw(const Task& task, int64_t n, const lazuli::Generator& random);

/// The digits of a row up to its end.
std::string written(const lazuli::Tensor& row);
