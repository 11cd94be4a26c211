#include <cmath>

#include "lazuli/autograd/graph.h"
#include "lazuli/lazuli.h"
#include "tests/catch.h"
#include "tests/errors.h"

using namespace lazuli;

// Gradients at the places where a formula's quotient is 0 / 0.

namespace {
std::pair<Tensor, Tensor> gradients(Tensor (*f)(const Tensor&, const Tensor&), double a, double b) {
  Tensor x = tensor({a}, kFloat64).requires_grad_(), y = tensor({b}, kFloat64).requires_grad_();
  f(x, y).backward(ones({1}, kFloat64));
  return {x.grad(), y.grad()};
}
void check(Tensor (*f)(const Tensor&, const Tensor&), double a, double b, double of_a, double of_b) {
  auto [x, y] = gradients(f, a, b);
  INFO(a << " and " << b);
  CHECK(x.item<double>() == Approx(of_a));
  CHECK(y.item<double>() == Approx(of_b));
}
}  // namespace

TEST_CASE("the gradient of digamma is 0 at infinity", "[ops][corners]") {
  for (DType dtype : {kFloat64, kFloat32}) {
    Tensor x = full({3}, std::numeric_limits<double>::infinity(), dtype).requires_grad_();
    digamma(x).sum().backward();
    CHECK(equal(x.grad(), zeros({3}, dtype)));
  }
}

TEST_CASE("gradients of functions of two numbers at their corners", "[ops][corners]") {
  check(atan2, 0, 0, 0, 0);
  check(atan2, 1, 2, 0.4, -0.2);
  check(hypot, 0, 0, 0, 0);
  check(hypot, 3, 4, 0.6, 0.8);
  check(logaddexp, INFINITY, INFINITY, 0.5, 0.5);
  check(logaddexp, -INFINITY, -INFINITY, 0.5, 0.5);
  check(logaddexp2, -INFINITY, -INFINITY, 0.5, 0.5);
  check(logaddexp, 1, 1, 0.5, 0.5);
  check(logaddexp, 0, -INFINITY, 1, 0);
  check(xlogy, 0, 0, 0, 0);
  check(xlogy, 2, 4, std::log(4.0), 0.5);
  check(pow, 0, 0, 0, 0);
}

TEST_CASE("second derivatives of functions of two numbers", "[ops][corners]") {
  const auto mixed = [](Tensor (*f)(const Tensor&, const Tensor&), double a, double b, bool other_first) {
    Tensor x = tensor(a, kFloat64).requires_grad_(), y = tensor(b, kFloat64).requires_grad_();
    const Tensor &once = other_first ? y : x, &then = other_first ? x : y;
    return autograd::grad({autograd::grad({f(x, y)}, {once}, {.create_graph = true})[0]}, {then})[0].item<double>();
  };
  for (bool other_first : {false, true}) {
    CHECK(mixed(pow, 23, 0, other_first) == Approx(1 / 23.0));
    CHECK(mixed(logaddexp, -800, 1600, other_first) == 0);
    CHECK(mixed(logaddexp2, 1600, -800, other_first) == 0);
    CHECK(mixed(logaddexp, 1, 1, other_first) == Approx(-0.25));
    CHECK(mixed(atan2, 0, 0, other_first) == 0);
    CHECK(mixed(atan2, 3, 4, other_first) == Approx(-7 / 625.0));
  }
}

TEST_CASE("gradients of functions whose squares pass the range", "[ops][corners]") {
  for (double r : {1e-30, 1e30}) {
    Tensor y = full({}, 3 * r).requires_grad_(), x = full({}, 4 * r).requires_grad_(), far = full({}, r).requires_grad_();
    atan2(y, x).backward();
    CHECK(y.grad().item<double>() == Approx(0.16 / r).epsilon(1e-6));
    CHECK(x.grad().item<double>() == Approx(-0.12 / r).epsilon(1e-6));
    asinh(far).backward();
    CHECK(far.grad().item<double>() == Approx(r < 1 ? 1 : 1 / r).epsilon(1e-6));
  }
  const double near = 0.99998;  // 1 - x^2 by its factors has the digits that x has
  for (auto* f : {+[](const Tensor& t) { return asin(t); }, +[](const Tensor& t) { return -acos(t); }}) {
    Tensor x = tensor(near).requires_grad_();
    const double exact = x.item<double>();
    f(x).backward();
    CHECK(x.grad().item<double>() == Approx(1 / std::sqrt((1 - exact) * (1 + exact))).epsilon(1e-6));
  }
}

TEST_CASE("where the greatest is NaN amax and amin have no gradient; max and min give theirs to it", "[ops][corners]") {
  const Tensor x = tensor({1., NAN, 2.}, kFloat64).requires_grad_();
  const auto gradient = [&](const Tensor& y) { return autograd::grad({y}, {x})[0]; };
  for (const Tensor& y : {amax(x), amin(x), std::get<0>(aminmax(x)), std::get<1>(aminmax(x))}) CHECK(isnan(gradient(y)).all().item<bool>());
  for (const Tensor& y : {max(x), min(x)}) CHECK(equal(gradient(y), tensor({0., 1., 0.}, kFloat64)));
}

TEST_CASE("the gradient of a complex sign at 0 is finite", "[ops][corners]") {
  Tensor z = complex(tensor({0., 3.}, kFloat64), tensor({0., 4.}, kFloat64)).requires_grad_();
  view_as_real(sgn(z)).sum().backward();
  CHECK(isfinite(view_as_real(z.grad())).to(kInt64).sum().item<int64_t>() == 4);
}

TEST_CASE("as_strided of an input that shows elements several times shares the gradient out", "[ops][corners]") {
  Tensor x = tensor({1., 2.}, kFloat64).requires_grad_();
  as_strided(x.expand({3, 2}), {2}, {1}).sum().backward();
  CHECK(equal(x.grad(), ones({2}, kFloat64)));
}

TEST_CASE("what equals a limit that is a tensor shares the gradient with it; at a number there is none", "[ops][corners]") {
  for (auto f : {fmax, fmin, maximum, minimum, static_cast<Tensor (*)(const Tensor&, const Tensor&)>(clamp_min),
                 static_cast<Tensor (*)(const Tensor&, const Tensor&)>(clamp_max)})
    check(f, 2, 2, 0.5, 0.5);
  check(fmax, NAN, 1, 0, 1);
  check(fmax, 1, NAN, 1, 0);
  check(fmin, NAN, NAN, 1, 0);
  check(clamp_min, NAN, 1, 1, 1);
  check(clamp_max, 1, 2, 1, 0);
  Tensor x = tensor({0., 1., 2., 3., NAN}, kFloat64).requires_grad_();
  auto gradient = [&](const Tensor& y) { return autograd::grad({y.sum()}, {x})[0]; };
  CHECK(equal(gradient(clamp(x, 1, 2)), zeros({5}, kFloat64)));
  CHECK(equal(gradient(clamp_min(x, 1)), tensor({0., 0., 1., 1., 0.}, kFloat64)));
  CHECK(equal(gradient(clamp_max(x, 2)), tensor({1., 1., 0., 0., 0.}, kFloat64)));
  Tensor low = ones({5}, kFloat64), high = full({5}, 2, kFloat64);
  CHECK(equal(gradient(clamp(x, low, high)), tensor({0., 0.5, 0.5, 0., 1.}, kFloat64)));
}

TEST_CASE("every gradient of a clamp between tensors goes somewhere, also where the limits are equal or crossed", "[ops][corners]") {
  Tensor x = tensor({1., 1., 1., 1., 1., 0., 3., NAN}, kFloat64).requires_grad_(),
         low = tensor({1., 1., 0., 2., 2., 1., 1., 1.}, kFloat64).requires_grad_(),
         high = tensor({2., 1., 1., 1., 2., 1., 1., 2.}, kFloat64).requires_grad_();
  std::vector<Tensor> g = autograd::grad({clamp(x, low, high).sum()}, {x, low, high});
  CHECK(equal(g[0], tensor({0.5, 1., 0.5, 0., 0., 0., 0., 1.}, kFloat64)));
  CHECK(equal(g[1], tensor({0.5, 0., 0., 0., 1., 1., 0., 0.}, kFloat64)));
  CHECK(equal(g[2], tensor({0., 0., 0.5, 1., 0., 0., 1., 0.}, kFloat64)));
}

TEST_CASE("limits beyond what an integer type holds limit nothing, or are refused", "[ops][corners]") {
  const Tensor bytes = tensor({0, 5, 200}, kUInt8), small = tensor({-128, 5, 127}, kInt8);
  CHECK(equal(clamp_min(bytes, -1), bytes));
  CHECK(equal(clamp_max(bytes, 300), bytes));
  CHECK(equal(clamp(bytes, -5, int64_t(1) << 40), bytes));
  CHECK(equal(clamp(small, -200, 200), small));
  CHECK(equal(clamp_(small.clone(), -200, 6), tensor({-128, 5, 6}, kInt8)));
  CHECK(equal(hardtanh(bytes, -1, 300), bytes));
  CHECK(error_of([&] { clamp_min(bytes, 300); }).starts_with("clamp_min: argument 'min'"));
  CHECK(error_of([&] { bytes.clone().clamp_max_(-1); }).starts_with("clamp_max: argument 'max'"));
  CHECK_THROWS_AS(clamp_max(bytes, -1), Error);
  CHECK_THROWS_AS(clamp(small, 200), Error);
  CHECK_THROWS_AS(hardtanh(bytes, 0, 1e39), Error);
}

// The kernel and the formula that can be differentiated again agree, and so do the second gradients at the corners.
TEST_CASE("gradients of activations at their corners and at NaN", "[ops][corners]") {
  struct Case {
    const char* name;
    Tensor (*f)(const Tensor&);
    double at, first, second;
  };
  const double nan = NAN;
  for (const Case& c : {Case{"relu", [](const Tensor& x) { return relu(x); }, nan, 1, 0},
                        {"relu", [](const Tensor& x) { return relu(x); }, 0, 0, 0},
                        {"hardtanh", [](const Tensor& x) { return hardtanh(x); }, nan, 0, 0},
                        {"hardtanh", [](const Tensor& x) { return hardtanh(x); }, 1, 0, 0},
                        {"hardshrink", [](const Tensor& x) { return hardshrink(x); }, nan, 0, 0},
                        {"softshrink", [](const Tensor& x) { return softshrink(x); }, nan, 0, 0},
                        {"leaky_relu", [](const Tensor& x) { return leaky_relu(x, 0.25); }, nan, 0.25, 0},
                        {"threshold", [](const Tensor& x) { return threshold(x, 0, 2); }, nan, 1, 0},
                        {"elu", [](const Tensor& x) { return elu(x); }, 0, 1, 0},
                        {"elu", [](const Tensor& x) { return elu(x); }, nan, nan, nan},
                        {"celu", [](const Tensor& x) { return celu(x, 0.5); }, 0, 1, 0},
                        {"celu", [](const Tensor& x) { return celu(x, 0.5); }, nan, nan, nan},
                        {"celu", [](const Tensor& x) { return celu(x, 0.5); }, -1, std::exp(-2.0), 2 * std::exp(-2.0)},
                        {"selu", [](const Tensor& x) { return selu(x); }, nan, nan, nan},
                        {"hardswish", [](const Tensor& x) { return hardswish(x); }, nan, nan, nan}}) {
    INFO(c.name << " at " << c.at);
    // Seventeen, so that vectors and what is left over are both there.
    Tensor x = full({17}, c.at, kFloat64).requires_grad_();
    Tensor once = autograd::grad({c.f(x).sum()}, {x})[0];
    CHECK(allclose(once, full({17}, c.first, kFloat64), 1e-12, 1e-12, true));
    Tensor first = autograd::grad({c.f(x).sum()}, {x}, {.create_graph = true})[0];
    CHECK(allclose(first, full({17}, c.first, kFloat64), 1e-12, 1e-12, true));
    if (!first.requires_grad() || std::isnan(c.second)) continue;
    Tensor second = autograd::grad({first.sum()}, {x}, {.allow_unused = true})[0];
    if (second.defined()) CHECK(allclose(second, full({17}, c.second, kFloat64), 1e-12, 1e-12));
  }
}

TEST_CASE("float_power by name takes a number at full precision", "[ops][corners]") {
  Tensor x = full({2}, 4.1977, kFloat64).requires_grad_();
  const double exponent = 2.548480378785612;
  call("float_power", {x, exponent})[0].to_tensor().sum().backward();
  CHECK(x.grad()[0].item<double>() == Approx(exponent * std::pow(4.1977, exponent - 1)).epsilon(1e-14));
}

TEST_CASE("ldexp by integers stays in self's type", "[ops][corners]") {
  const Tensor powers = tensor({20, -1}, kInt32);
  Tensor y = ldexp(tensor({0x1p-14, 3.}, kFloat16), powers);
  CHECK(y.dtype() == kFloat16);
  CHECK(equal(y, tensor({64., 1.5}, kFloat16)));
  CHECK(ldexp(ones({2}, kFloat64), powers).dtype() == kFloat64);
  CHECK(ldexp(full({1}, 0x1p-1000, kFloat64), tensor({1100}, kInt32)).item<double>() == 0x1p100);
  CHECK(ldexp(ones({2}, kInt64), powers).dtype() == kFloat32);
}

TEST_CASE("nextafter has no gradient where there is nowhere to go", "[ops][corners]") {
  check(nextafter, 1, 2, 1, 0);
  check(nextafter, 1, 1, 0, 0);
}

TEST_CASE("hardtanh of uint8 has no lower limit below 0", "[ops][corners]") {
  CHECK(equal(hardtanh(tensor({5, 1, 0}, kUInt8)), tensor({1, 1, 0}, kUInt8)));
  CHECK(says(error_of([] { hardtanh(ones({1}, kUInt8), -3, -2); }), "hardtanh: argument 'max_val'"));
}

namespace {
template <class F>
Tensor gradient_at(F f, double x) {
  Tensor t = tensor({x}, kFloat64).requires_grad_();
  f(t).sum().backward();
  return t.grad();
}
}  // namespace

TEST_CASE("gradients that are finite where a formula's parts are not", "[ops][corners]") {
  Tensor zero = zeros({1}, kFloat64);
  CHECK(gradient_at([&](const Tensor& x) { return huber_loss(x, zero, Reduction::Sum, 2); }, -INFINITY).item<double>() == -2);
  CHECK(gradient_at([&](const Tensor& x) { return smooth_l1_loss(x, zero, Reduction::Sum, 2); }, INFINITY).item<double>() == 1);
  CHECK(gradient_at([](const Tensor& x) { return sinc(x); }, 1e-45).item<double>() == Approx(0).margin(1e-40));
  CHECK(gradient_at([](const Tensor& x) { return special::i1e(x); }, 1e-310).item<double>() == Approx(0.5));
  for (auto* f : {+[](const Tensor& x) { return special::i1(x); }, +[](const Tensor& x) { return special::i1e(x); }}) {
    Tensor least = tensor(6e-8, kFloat16).requires_grad_();
    f(least).backward();
    CHECK(least.grad().item<double>() == 0.5);
  }
  CHECK(gradient_at([&](const Tensor& x) { return cdist(x.unsqueeze(0), zero.unsqueeze(0), 0); }, 3).item<double>() == 0);
  Tensor equal_ones = tensor({2., 1., 2., 2., 3.}, kFloat64).requires_grad_();
  median(equal_ones).backward();
  CHECK(allclose(equal_ones.grad(), tensor({1., 0., 1., 1., 0.}, kFloat64) / 3));
}

TEST_CASE("a mean over nothing has a second derivative of 0; integers sum to any dtype", "[ops][corners]") {
  Tensor x = zeros({0}, kFloat64).requires_grad_(), grad = ones({}, kFloat64).requires_grad_();
  Tensor first = autograd::grad({mean(x)}, {x}, {.grad_outputs = {grad}, .create_graph = true})[0];
  CHECK(autograd::grad({first.sum()}, {grad})[0].item<double>() == 0);
  CHECK(nansum(tensor({1, 2}), {}, false, kComplex64).dtype() == kComplex64);
  CHECK(call("masked.logsumexp", {ones({2})})[0].to_tensor().dim() == 0);
}

TEST_CASE("whole numbers at the ends of their range, and answers for nothing", "[ops][corners]") {
  const int64_t most = INT64_MAX, least = INT64_MIN;
  const Tensor x = rand({2, 3});
  CHECK(equal(tril(x, most), x));
  CHECK(equal(triu(x, least), x));
  CHECK(equal(triu(x, most), zeros({2, 3})));
  CHECK(equal(tril(x, least), zeros({2, 3})));
  CHECK((-Scalar(least)).to<int64_t>() == least);
  CHECK_THROWS_AS(fft::fftfreq(most), Error);
  CHECK(std::isnan(real(nanmedian(zeros({2, 0}, kComplex128))).item<double>()));
  CHECK(median(zeros({0}, kBool)).item<bool>());
  const Tensor wide = empty({0, int64_t(1) << 40});
  CHECK_THROWS_AS(kron(wide, wide), Error);
  CHECK(tril_indices(most, 0).sizes() == Shape{2, 0});
  CHECK_THROWS_AS(histogram(x, most), Error);
  polygamma(most, rand({2}).requires_grad_()).sum().backward();
  CHECK(cosine_similarity(tensor(1.0), empty({int64_t(1) << 40, 3}, {.device = kMeta}), 0).sizes() == Shape{3});
  // Refused before anything is computed: the sizes of both would take minutes.
  CHECK_THROWS_AS(cosine_similarity(empty({int64_t(1) << 31, 1}, {.device = kMeta}), rand({3, 1, 1, 4}), 2), Error);
}

TEST_CASE("an index that is a view of what is written does not keep the graph alive", "[ops][corners]") {
  const int64_t live = autograd::live_nodes();
  {
    Tensor x = rand({2, 0, 1}).requires_grad_() * 1.0;
    x.scatter_reduce_(1, x.select(0, 0), rand({2, 2, 1}), "mean", true);
  }
  CHECK(autograd::live_nodes() == live);
}
