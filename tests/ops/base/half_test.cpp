#include "lazuli/lazuli.h"

#include <cmath>

#include "tests/errors.h"

using namespace lazuli;

// Sums, norms and numbers beside halves count at float32 until the result is stored.

namespace {
double one(const Tensor& t) { return t.to(kFloat64).item<double>(); }
}  // namespace

TEST_CASE("norms of halves do not pass their range on the way", "[ops][half]") {
  Tensor x = full({9}, 100, kFloat16);
  CHECK(one(norm(x)) == 300);
  CHECK(one(linalg::vector_norm(x, 2, 0)) == 300);
  CHECK(one(norm(full({4}, 300, kFloat16), 3)) == Approx(300 * std::cbrt(4.0)).epsilon(1e-3));
  CHECK(one(dist(x, -x)) == 600);
  CHECK(one(dist(full({1}, 60000, kFloat16), full({1}, -4000, kFloat16))) == 64000);
  x.requires_grad_();
  norm(x).backward();
  CHECK(one(x.grad()[0]) == Approx(1.0 / 3).epsilon(1e-3));
  Tensor y = full({9}, 100, kFloat16);
  CHECK(one(nn::functional::normalize(y, 2, 0)[0]) == Approx(1.0 / 3).epsilon(1e-3));
}

TEST_CASE("clipping a gradient of halves keeps its direction", "[ops][half]") {
  Tensor p = zeros({1}, kFloat16).requires_grad_();
  (p * 300).sum().backward();
  CHECK(one(nn::utils::clip_grad_norm_({p}, 1)) == 300);
  CHECK(one(p.grad()) == Approx(1).epsilon(1e-3));
}

TEST_CASE("distances and similarities of halves", "[ops][half]") {
  Tensor a = full({1, 9}, 100, kFloat16), b = full({1, 9}, -100, kFloat16);
  CHECK(one(cosine_similarity(a, a)) == 1);
  CHECK(one(cosine_similarity(a, b)) == -1);
  CHECK(one(pairwise_distance(a, b)) == 600);
  CHECK(one(cdist(a, b)) == 600);
  CHECK(one(pdist(cat({a, b}))) == 600);
  CHECK(cdist(a, b).dtype() == kFloat16);
}

TEST_CASE("gradients of a matrix for all batches are one sum", "[ops][half]") {
  const Tensor parts = tensor({1000., 0.25, -1000., 0.}, kFloat16);  // 1000.25 is no float16
  for (const Shape& sizes : {Shape{1}, Shape{1, 1}, Shape{1, 1, 1}}) {
    Tensor x = ones(sizes, kFloat16).requires_grad_();
    matmul(x, parts.view({2, 1, 2})).sum().backward();
    CHECK(one(x.grad().flatten()[0]) == 0.25);
  }
  for (const Shape& sizes : {Shape{1, 1}, Shape{1, 1, 1}}) {
    Tensor y = ones(sizes, kFloat16).requires_grad_();
    matmul(parts.view({2, 2, 1}), y).sum().backward();
    CHECK(one(y.grad().flatten()[0]) == 0.25);
  }
}

TEST_CASE("an embedding bag of many halves is the sum of them all", "[ops][half]") {
  for (DType dtype : {kFloat16, kBFloat16}) {
    Tensor table = ones({1, 2}, dtype).requires_grad_(), index = zeros({1, 4096}, kInt64);
    Tensor bag = embedding_bag(index, table, {.mode = "sum"});
    CHECK(one(bag[0][0]) == 4096);
    bag.sum().backward();
    CHECK(one(table.grad()[0][0]) == 4096);
    Tensor weights = full({1, 4096}, 0.5, dtype).requires_grad_();
    Tensor weighted = embedding_bag(index, table, {.mode = "sum", .per_sample_weights = weights});
    CHECK(weighted.dtype() == dtype);
    weighted.sum().backward();
    CHECK(one(table.grad()[0][0]) == 4096 + 2048);
    CHECK(one(weights.grad()[0][7]) == 2);
  }
}

TEST_CASE("a number beside halves is not rounded to one", "[ops][half]") {
  Tensor big = full({1}, 6e4, kFloat16), hundred = full({1}, 100, kBFloat16);
  CHECK(one(big / 1e5) == Approx(0.6).epsilon(1e-3));
  CHECK(one(1e5 / big) == Approx(1e5 / 6e4).epsilon(1e-3));
  CHECK(one(hundred * 0.3) == 30);
  CHECK(one(0.3 * hundred) == 30);
  CHECK(one(full({1}, 6e4, kFloat16) - 1e5) == Approx(-4e4).epsilon(1e-3));
  CHECK(one(lerp(zeros({1}, kBFloat16), hundred, 0.3)) == 30);
  CHECK(one(xlogy(hundred, 1.002)) == Approx(100 * std::log(1.002)).epsilon(4e-3));
  CHECK(one(addcmul(zeros({1}, kBFloat16), hundred, ones({1}, kBFloat16), 0.3)) == 30);
  CHECK(one(add(zeros({1}, kBFloat16), hundred, 0.3)) == 30);
  Tensor matrix = full({1, 1}, 100, kBFloat16), unit = ones({1, 1}, kBFloat16), none = zeros({1, 1}, kBFloat16);
  CHECK(one(addmm(none, matrix, unit, 1, 0.3)) == 30);
  CHECK(one(addmm(matrix, unit, none, 0.3, 1)) == 30);
  hundred *= 0.3;
  CHECK(one(hundred) == 30);
  CHECK(hundred.dtype() == kBFloat16);
  Tensor leaf = full({1}, 100, kBFloat16).requires_grad_();
  (leaf * 0.3).backward(full({1}, 100, kBFloat16));
  CHECK(one(leaf.grad()) == 30);
}

TEST_CASE("halves that are added up at one place are added in float32", "[ops][half]") {
  constexpr int64_t n = 4096;
  for (DType dtype : {kFloat16, kBFloat16}) {
    const Tensor some = ones({n}, dtype), rows = ones({n, 3}, dtype), at = zeros({n}, kInt64), each = at.unsqueeze(1).expand({n, 3}).contiguous();
    const Tensor one_place = zeros({2}, dtype), places = zeros({2, 3}, dtype);
    CHECK(one(index_add(one_place, 0, at, some)[0]) == n);
    CHECK(one(index_add(places, 0, at, rows, 0.5)[0][2]) == n / 2);
    CHECK(one(index_put(one_place, {at}, some, true)[0]) == n);
    CHECK(one(index_put(places.t(), {none, at}, rows.t(), true)[2][0]) == n);
    CHECK(one(scatter_add(one_place, 0, at, some)[0]) == n);
    CHECK(one(scatter_add(places, 0, each, rows)[0][2]) == n);
    CHECK(one(scatter_reduce(places, 0, each, rows, "sum")[0][2]) == n);
    CHECK(one(put(one_place, at, some, true)[0]) == n);
    CHECK(one(addbmm(zeros({1, 1}, dtype), some.view({n, 1, 1}), some.view({n, 1, 1}))) == n);
    const auto gradient = [&](auto f) {
      Tensor x = ones({2}, dtype).requires_grad_();
      f(x).sum().backward();
      return one(x.grad()[0]);
    };
    CHECK(gradient([&](const Tensor& x) { return x.index({at}); }) == n);
    CHECK(gradient([&](const Tensor& x) { return gather(x, 0, at); }) == n);
    CHECK(gradient([&](const Tensor& x) { return as_strided(x, {n}, {0}); }) == n);
  }
  // The product passes the range on the way; a place of its own keeps its value, and several come in the order of their places.
  CHECK(one(scatter_reduce(ones({1}, kFloat16), 0, zeros({3}, kInt64), tensor({300., 300., 0.5}, kFloat16), "prod")) == Approx(45000).epsilon(1e-3));
  const Tensor mixed = index_add(tensor({1., 2., 3.}, kFloat16), 0, tensor({2, 0, 2}), tensor({10., 20., 30.}, kFloat16));
  CHECK(equal(mixed, tensor({21., 2., 43.}, kFloat16)));
}

TEST_CASE("a factor without dimensions beside halves is not rounded to one", "[ops][half]") {
  const Tensor loss = tensor({0.01}, kFloat16), scale = tensor(65536.0);
  CHECK(one(loss * scale) == Approx(655.5).epsilon(1e-3));
  CHECK(one(scale * loss) == Approx(655.5).epsilon(1e-3));
  CHECK(one(full({1}, 6e4, kFloat16) / tensor(1e5, kFloat64)) == Approx(0.6).epsilon(1e-3));
  CHECK((loss * scale).dtype() == kFloat16);
  Tensor written = loss.clone();
  written *= scale;
  CHECK(one(written) == Approx(655.5).epsilon(1e-3));
}

TEST_CASE("deviations of halves whose variance they do not have", "[ops][half]") {
  const Tensor x = tensor({300., -300., 500.}, kFloat16);
  CHECK(one(lazuli::std(x)) == Approx(416.3).epsilon(1e-3));
  CHECK(one(std::get<0>(std_mean(x))) == Approx(416.3).epsilon(1e-3));
  Tensor many = full({1000}, 100, kFloat16).requires_grad_();  // their sum is none, either
  var(many).backward();
  CHECK(equal(many.grad(), zeros({1000}, kFloat16)));
}

TEST_CASE("gradients of halves are numbers where a formula's parts are none", "[ops][half]") {
  Tensor y = full({}, 2e-3, kFloat16).requires_grad_(), x = full({}, 2e-3, kFloat16).requires_grad_();
  atan2(y, x).backward();
  CHECK(one(y.grad()) == Approx(250).epsilon(2e-3));
  CHECK(one(x.grad()) == Approx(-250).epsilon(2e-3));
  Tensor far = full({}, 300, kFloat16).requires_grad_();
  asinh(far).backward();
  CHECK(one(far.grad()) == Approx(1 / 300.0).epsilon(1e-3));
  Tensor near = full({}, 1e-3, kFloat16).requires_grad_();
  rsqrt(near).backward(full({}, 4, kFloat16));
  CHECK(one(near.grad()) == Approx(-2 * std::pow(1e-3, -1.5)).epsilon(3e-3));
  Tensor equal_ones = ones({70000}, kFloat16).requires_grad_();
  max(equal_ones).backward();
  CHECK(one(equal_ones.grad()[0]) == Approx(1 / 70000.0).epsilon(1e-2));
  Tensor factors = tensor({0.03, 1., 1., 1.}, kFloat16).requires_grad_();
  const Tensor first = autograd::grad({4000.0 * prod(factors)}, {factors}, {.create_graph = true})[0];
  CHECK(one(autograd::grad({first[0]}, {factors})[0][1]) == Approx(4000).epsilon(1e-3));
}

TEST_CASE("functions of halves have the values of float32, rounded once", "[ops][half]") {
  // f of halves, and its gradient, against those of the same numbers in float32.
  const auto check = [](const char* name, auto f, const Tensor& given) {
    for (DType dtype : {kFloat16, kBFloat16}) {
      INFO(name << " " << dtype);
      Tensor half = given.to(dtype).requires_grad_(), wide = half.detach().to(kFloat32).requires_grad_();
      const Tensor out = f(half), exact = f(wide);
      const double step = dtype == kFloat16 ? 2e-3 : 1.6e-2;
      CHECK(out.dtype() == dtype);
      CHECK(allclose(out.detach().to(kFloat32), exact.detach(), step, 0));
      out.sum().backward();
      exact.sum().backward();
      CHECK(allclose(half.grad().to(kFloat32), wide.grad(), step, 1e-6));
    }
  };
  check(
      "logcumsumexp", [](const Tensor& x) { return logcumsumexp(x, 0); }, tensor({5., -3., 4.5, 2., 7., 6.9}));
  check(
      "cumprod", [](const Tensor& x) { return cumprod(x, 0) / 1000.0; }, tensor({200., 300., 0.004, 0.02}));
  check(
      "local_response_norm", [](const Tensor& x) { return nn::functional::local_response_norm(x, 3); }, full({1, 4, 2}, 300));
  check(
      "acosh", [](const Tensor& x) { return acosh(x); }, tensor({1.5, 20., 400.}));
  check(
      "soft_margin_loss", [](const Tensor& x) { return soft_margin_loss(x, ones({3}, x.dtype()), Reduction::None); }, tensor({-14., 0.5, 3.}));
  check(
      "gaussian_nll_loss",
      [](const Tensor& x) { return gaussian_nll_loss(x, zeros({3}, x.dtype()), full({3}, 1000, x.dtype()), {.reduction = Reduction::None}); },
      tensor({300., 20., -400.}));
  CHECK(one(round(full({}, 482.75, kFloat16), 3)) == 482.75);
  const Tensor scores = full({70000, 2}, -2, kFloat16), classes = zeros({70000}, kInt64);
  CHECK(one(nll_loss(scores, classes)) == 2);
  CHECK(one(nll_loss(scores, classes, {.weight = ones({2}, kFloat16)})) == 2);
  CHECK(soft_margin_loss(tensor({-200.}), ones({1})).item<double>() == 200);  // of float32 as well
}
