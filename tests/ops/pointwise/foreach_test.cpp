#include "lazuli/ops/pointwise/foreach.h"

#include "lazuli/autograd/autograd.h"
#include "lazuli/ops/ops.h"
#include "lazuli/ops/table/registry.h"
#include "tests/catch.h"
#include "tests/ops/pointwise/elementwise_helper.h"

using namespace lazuli;

namespace {
TensorList some() { return {tensor({0.25, 0.5}), tensor({{0.75}, {0.1}}), tensor(0.3)}; }
bool same(const TensorList& a, const TensorList& b) {
  bool all = a.size() == b.size();
  for (size_t i = 0; all && i < a.size(); ++i) all = allclose(a[i], b[i]);
  return all;
}
TensorList by(const TensorList& list, Tensor (*f)(const Tensor&)) {
  TensorList out;
  for (const Tensor& t : list) out.push_back(f(t));
  return out;
}
}  // namespace

TEST_CASE("functions of lists are the functions of each tensor", "[ops][foreach]") {
  CHECK(same(_foreach_exp(some()), by(some(), [](const Tensor& x) { return exp(x); })));
  CHECK(same(_foreach_add(some(), some(), 2.0), by(some(), [](const Tensor& x) { return x * 3.0; })));
  CHECK(same(_foreach_mul(some(), 2.0), by(some(), [](const Tensor& x) { return x * 2.0; })));
  CHECK(same(_foreach_sub(some(), {Scalar(1.0), Scalar(1.0), Scalar(1.0)}), by(some(), [](const Tensor& x) { return x - 1.0; })));
  CHECK(same(_foreach_pow(2.0, some()), by(some(), [](const Tensor& x) { return exp2(x); })));
  CHECK(same(_foreach_maximum(some(), 0.4), by(some(), [](const Tensor& x) { return clamp_min(x, 0.4); })));
  CHECK(same(_foreach_addcdiv(some(), some(), some(), 2.0), by(some(), [](const Tensor& x) { return x + 2.0; })));
  CHECK(same(_foreach_lerp(some(), _foreach_mul(some(), 3.0), 0.5), by(some(), [](const Tensor& x) { return x * 2.0; })));
  CHECK(same(_foreach_norm(some(), 1), by(some(), [](const Tensor& x) { return sum(abs(x)); })));
  CHECK(_foreach_max(some())[0].item<float>() == 0.5f);
  CHECK(_foreach_neg({}).empty());
}

TEST_CASE("functions of lists in place write to each tensor, and gradients pass through new ones", "[ops][foreach]") {
  const TensorList x = some();
  _foreach_mul_(x, 2.0);
  _foreach_add_(x, some(), -1.0);
  CHECK(same(x, some()));
  _foreach_copy_(x, {tensor(1.0), tensor(2.0), tensor(3.0)});
  CHECK(equal(x[1], full({2, 1}, 2.0)));
  _foreach_zero_(x);
  CHECK(same(x, by(some(), [](const Tensor& t) { return zeros_like(t); })));

  TensorList leaves = some();
  for (Tensor& t : leaves) t.requires_grad_();
  Tensor total = tensor(0.0);
  for (const Tensor& t : _foreach_mul(_foreach_sin(leaves), leaves)) total = total + t.sum();
  total.backward();
  for (const Tensor& t : leaves) CHECK(allclose(t.grad(), cos(t.detach()) * t.detach() + sin(t.detach())));
}

TEST_CASE("functions of lists by name", "[ops][foreach]") {
  CHECK(allclose(call("_foreach_sqrt", {some()})[0].to_list()[1].to_tensor(), sqrt(some()[1])));
  const TensorList x = some();
  call("_foreach_add_", {x, 1.0});
  CHECK(allclose(x[2], some()[2] + 1.0));
  CHECK(allclose(call("_foreach_add", {some(), some()}, {{"alpha", 3}})[0].to_list()[0].to_tensor(), some()[0] * 4.0));
}

TEST_CASE("functions of lists refuse what does not fit before anything is written", "[ops][foreach]") {
  const TensorList x = some();
  CHECK(kind_of([&] { _foreach_add(x, TensorList{x[0]}); }) == ErrorKind::Argument);
  CHECK(kind_of([&] { _foreach_mul_(x, std::vector<Scalar>{1.0}); }) == ErrorKind::Argument);
  CHECK(kind_of([&] { _foreach_exp({x[0], Tensor()}); }) == ErrorKind::Argument);
  // The last one does not broadcast, has no data, is a leaf that requires a gradient, or would turn integers into fractions.
  CHECK_THROWS_AS(_foreach_add_(x, TensorList{x[0], x[1], ones({7})}), Error);
  CHECK_THROWS_AS(_foreach_add_(x, TensorList{x[0], x[1], x[2].to(kMeta)}), Error);
  CHECK_THROWS_AS(_foreach_copy_(x, TensorList{x[0], x[1], x[2].to(kMeta)}), Error);
  CHECK_THROWS_AS(_foreach_exp_(TensorList{x[0], arange(3)}), Error);
  CHECK_THROWS_AS(_foreach_neg_(TensorList{x[0], ones({2}, {.requires_grad = true})}), Error);
  CHECK(same(x, some()));
}

TEST_CASE("functions of lists refuse in advance what their own first writes would make wrong", "[ops][foreach]") {
  const Tensor weight = ones({4}, {.requires_grad = true});
  // Writing to the base gives it a history, with which a view made in no_grad, or one of several, may no longer be written.
  const Tensor base = arange(4).to(kFloat32);
  Tensor view;
  {
    no_grad guard;
    view = base.view({4});
  }
  CHECK(kind_of([&] { _foreach_mul_({base, view}, {weight, ones({4})}); }) == ErrorKind::State);
  CHECK(kind_of([&] { _foreach_add_({base, base.chunk(2)[0]}, {weight, ones({2})}); }) == ErrorKind::State);
  // What is read has a history only by the first write.
  const Tensor other = ones({4});
  Tensor of_other;
  {
    no_grad guard;
    of_other = other.view({4});
  }
  CHECK(kind_of([&] { _foreach_mul_({base, of_other}, {weight, base}); }) == ErrorKind::State);
  // The last one is read where it is written, in part.
  const Tensor line = arange(6).to(kFloat32);
  CHECK(kind_of([&] { _foreach_mul_({base, line.narrow(0, 1, 5)}, {ones({4}) * 2, line.narrow(0, 0, 5)}); }) == ErrorKind::State);
  CHECK(equal(base, arange(4).to(kFloat32)));
  CHECK(!base.requires_grad());
  CHECK(equal(line, arange(6).to(kFloat32)));
  // The same tensor twice, and one that is read as well, are right.
  _foreach_mul_({base, base}, {weight, weight * 2});
  CHECK(equal(base.detach(), arange(4).to(kFloat32) * 2));
  _foreach_add_({other}, {other});
  CHECK(equal(other, full({4}, 2.0)));
}
