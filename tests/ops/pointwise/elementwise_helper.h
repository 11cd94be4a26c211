#pragma once
#include "lazuli/autograd/gradcheck.h"
#include "lazuli/core/error.h"
#include "lazuli/ops/pointwise/operators.h"
#include "lazuli/ops/shape/creation.h"
#include "tests/autograd/leaf.h"
#include "tests/catch.h"
#include "tests/errors.h"

// What the tests of elementwise operators share.

/// The kind of the Error that f throws.
template <class F>
lazuli::ErrorKind kind_of(F f) {
  try {
    f();
  } catch (const lazuli::Error& error) { return error.kind(); }
  throw std::logic_error("no error");
}

using lazuli::test::leaf;
inline std::vector<double> values(const lazuli::Tensor& t) { return t.to_vector<double>(); }

inline bool near(const lazuli::Tensor& t, const std::vector<double>& wanted) {
  std::vector<double> got = values(t);
  for (size_t i = 0; i < wanted.size(); ++i)
    if (got.size() != wanted.size() || !(got[i] == Approx(wanted[i]).margin(1e-12))) return false;
  return true;
}

/// Gradients of both orders against numeric ones.
template <class F>
void check_gradients(const F& f, const std::vector<lazuli::Tensor>& inputs) {
  auto first = lazuli::autograd::gradcheck(f, inputs);
  INFO(first.text);
  CHECK(first.passed);
  auto second = lazuli::autograd::gradgradcheck(f, inputs);
  INFO(second.text);
  CHECK(second.passed);
}
