#include "lazuli/ops/fft/fft.h"

#include <cmath>
#include <numbers>

#include "lazuli/ops/linalg/products.h"
#include "lazuli/ops/pointwise/comparison.h"
#include "lazuli/ops/pointwise/complex.h"
#include "lazuli/ops/pointwise/unary.h"
#include "lazuli/ops/random/random.h"
#include "lazuli/ops/reduce/extremes.h"
#include "lazuli/ops/shape/join.h"
#include "tests/ops/pointwise/elementwise_helper.h"

using namespace lazuli;

namespace {

constexpr double kPi = std::numbers::pi;

// Values `some` of the transform by its definition, in double.
std::vector<complex128> direct(const std::vector<complex128>& x, const std::vector<int64_t>& some) {
  const int64_t n = int64_t(x.size());
  std::vector<complex128> roots, out;
  for (int64_t k = 0; k < n; ++k) roots.emplace_back(std::cos(2 * kPi * double(k) / double(n)), -std::sin(2 * kPi * double(k) / double(n)));
  for (int64_t k : some) {
    complex128 sum;
    int64_t angle = 0;
    for (int64_t j = 0; j < n; ++j) {
      const complex128 w = roots[size_t(angle)], v = x[size_t(j)];
      sum = {sum.re + v.re * w.re - v.im * w.im, sum.im + v.re * w.im + v.im * w.re};
      angle = (angle + k) % n;
    }
    out.push_back(sum);
  }
  return out;
}

// The largest error in units of the largest value that there can be.
double worst_error(const Tensor& got, const std::vector<complex128>& expected, const std::vector<int64_t>& some, int64_t n) {
  const std::vector<complex128> values = got.to(kComplex128).to_vector<complex128>();
  double worst = 0;
  for (size_t i = 0; i < some.size(); ++i) {
    const complex128 a = values[size_t(some[i])], b = expected[i];
    worst = std::max(worst, std::hypot(a.re - b.re, a.im - b.im));
  }
  return worst / std::sqrt(double(n));
}

// All transforms of one length beside the definition: all values up to 300, some of more.
void check_length(int64_t n) {
  std::vector<int64_t> all, half;
  for (int64_t k = 0; k < n; k += n <= 300 ? 1 : n / 6 + 1) all.push_back(k);
  for (int64_t k : all)
    if (k <= n / 2) half.push_back(k);
  Generator generator{uint64_t(n)};
  const Tensor x = randn({n}, {.dtype = kComplex128}, generator), r = randn({n}, {.dtype = kFloat64}, generator);
  const auto expected = direct(x.to_vector<complex128>(), all), of_real = direct(r.to(kComplex128).to_vector<complex128>(), half);
  INFO("length " << n);
  CHECK(worst_error(fft::fft(x), expected, all, n) < 1e-13);
  CHECK(worst_error(fft::fft(x.to(kComplex64)), expected, all, n) < 3e-6);
  CHECK(worst_error(fft::rfft(r), of_real, half, n) < 1e-13);
  CHECK(worst_error(fft::rfft(r.to(kFloat32)), of_real, half, n) < 3e-6);
  CHECK(allclose(fft::ifft(fft::fft(x)), x, 1e-12, 1e-12));
  CHECK(allclose(fft::irfft(fft::rfft(r), n), r, 1e-12, 1e-12));
  CHECK(allclose(fft::irfft(fft::rfft(r.to(kFloat32)), n), r.to(kFloat32), 1e-4, 1e-4));
}

Tensor complex_leaf(const Shape& sizes, uint64_t seed) { return randn(sizes, {.dtype = kComplex128}, Generator(seed)).requires_grad_(); }
Tensor real_leaf(const Shape& sizes, uint64_t seed) { return randn(sizes, {.dtype = kFloat64}, Generator(seed)).requires_grad_(); }

}  // namespace

TEST_CASE("fft: every length from 1 to 300 beside a direct sum", "[ops][fft]") {
  for (int64_t n = 1; n <= 300; ++n) check_length(n);
}
TEST_CASE("fft: a hundred longer ones, large primes among them", "[ops][fft]") {
  std::vector<int64_t> lengths{9973, 65537, 8192, 10007, 7919, 2 * 9973, 3 * 1009, 61 * 64, 67 * 64, 16384, 59049, 15625, 16807};
  for (int64_t i = 0; lengths.size() < 100; ++i) lengths.push_back(301 + 53 * i + i * i);
  for (int64_t n : lengths) check_length(n);
}

TEST_CASE("fft: along any dimension of any layout", "[ops][fft]") {
  const Tensor x = randn({6, 5, 40}, {.dtype = kComplex128}, Generator(3));
  for (int64_t dim = 0; dim < 3; ++dim) {
    const Tensor expected = fft::fft(x.movedim(dim, -1).contiguous()).movedim(-1, dim);
    CHECK(allclose(fft::fft(x, {.dim = dim}), expected, 1e-12, 1e-12));
    CHECK(allclose(fft::fft(x.transpose(0, 2).contiguous().transpose(0, 2), {.dim = dim}), expected, 1e-12, 1e-12));
    const Tensor r = real(x), half = fft::rfft(r.movedim(dim, -1).contiguous()).movedim(-1, dim);
    CHECK(allclose(fft::rfft(r, {.dim = dim}), half, 1e-12, 1e-12));
    CHECK(allclose(fft::irfft(half, r.sizes()[dim], dim), r, 1e-12, 1e-12));
  }
  CHECK(allclose(fft::fft(tensor({1.0, 2.0}, kFloat64).expand({3, 2}), {.dim = 0}).select(0, 0), tensor({3.0, 6.0}, kComplex128)));
  CHECK(fft::fft(empty({0, 4})).sizes() == Shape{0, 4});
}

TEST_CASE("fft: any number of lines together are what each is alone", "[ops][fft]") {
  for (int64_t n : {1, 2, 3, 8, 15, 16, 34, 67, 100})
    for (int64_t lines : {2, 3, 4, 5, 8, 11, 16, 19, 33}) {
      INFO(lines << " lines of " << n);
      for (DType dtype : {kFloat32, kFloat64}) {
        const double tolerance = dtype == kFloat32 ? 1e-4 : 1e-12;
        const Tensor r = randn({lines, n}, {.dtype = dtype}, Generator(5)), x = complex(r, randn({lines, n}, {.dtype = dtype}, Generator(6)));
        const auto alone = [](const Tensor& t, auto f) {
          std::vector<Tensor> each;
          for (const Tensor& line : t.unbind()) each.push_back(f(line));
          return stack(each);
        };
        const auto both = [](const Tensor& t) { return t.t().contiguous().t(); };
        const Tensor spectrum = alone(x, [](const Tensor&t) { return fft::fft(t); }), half = alone(r, [](const Tensor&t) { return fft::rfft(t); });
        for (const Tensor& t : {x, both(x)}) CHECK(allclose(fft::fft(t), spectrum, tolerance, tolerance));
        for (const Tensor& t : {spectrum, both(spectrum)}) CHECK(allclose(fft::ifft(t), x, tolerance, tolerance));
        for (const Tensor& t : {r, both(r)}) CHECK(allclose(fft::rfft(t), half, tolerance, tolerance));
        for (const Tensor& t : {half, both(half)}) CHECK(allclose(fft::irfft(t, n), r, tolerance, tolerance));
        CHECK(allclose(fft::fft(x.t(), {.dim = 0}).t(), spectrum, tolerance, tolerance));
      }
    }
}

TEST_CASE("fft: length, norm and dtype", "[ops][fft]") {
  const Tensor x = tensor({1.0, 2.0, 3.0, 4.0}, kFloat64);
  CHECK(allclose(fft::fft(x, 2), tensor({3.0, -1.0}, kComplex128)));
  CHECK(allclose(fft::fft(x, 6), fft::fft(cat({x, zeros({2}, kFloat64)}))));
  CHECK(allclose(fft::fft(x, {.norm = "ortho"}), fft::fft(x) / 2));
  CHECK(allclose(fft::fft(x, {.norm = "forward"}), fft::fft(x) / 4));
  CHECK(allclose(fft::ifft(fft::fft(x, {.norm = "forward"}), {.norm = "forward"}), x.to(kComplex128)));
  CHECK(allclose(fft::ifft(x), conj(fft::fft(x)) / 4));
  CHECK(fft::fft(tensor({1, 2})).dtype() == kComplex64);
  CHECK(fft::irfft(tensor({true, false, true})).dtype() == kFloat32);
  CHECK(fft::rfft(tensor({1.0f})).dtype() == kComplex64);
  CHECK(rfft(x).sizes() == Shape{3});
  CHECK(fft::fft(empty({5}, kFloat32, kMeta)).device().is_meta());

  CHECK(kind_of([&] { fft::fft(tensor(1.0)); }) == ErrorKind::Index);
  CHECK(kind_of([&] { fft::fft(x, {.dim = 1}); }) == ErrorKind::Index);
  CHECK(kind_of([&] { fft::fft(x, 0); }) == ErrorKind::Argument);
  CHECK(kind_of([&] { fft::irfft(tensor({1.0})); }) == ErrorKind::Argument);  // 2 (1 - 1) values
  CHECK(kind_of([&] { fft::fft(x, {.norm = "other"}); }) == ErrorKind::Argument);
  CHECK(kind_of([&] { fft::fft(x.to(kFloat16)); }) == ErrorKind::Type);
  CHECK(kind_of([&] { fft::rfft(x.to(kComplex64)); }) == ErrorKind::Type);
}

TEST_CASE("fft: Hermitian signals", "[ops][fft]") {
  const Tensor r = randn({7}, {.dtype = kFloat64}, Generator(1));
  CHECK(allclose(fft::hfft(fft::ihfft(r), 7), r, 1e-12, 1e-12));
  CHECK(allclose(fft::ihfft(r), conj(fft::rfft(r)) / 7, 1e-12, 1e-12));
  const Tensor half = randn({4}, {.dtype = kComplex128}, Generator(2));  // of a signal of 6 or 7 values
  CHECK(allclose(fft::hfft(half), fft::irfft(conj(half)) * 6, 1e-12, 1e-12));
}

TEST_CASE("fft: several dimensions", "[ops][fft]") {
  const Tensor x = randn({4, 6, 5}, {.dtype = kComplex128}, Generator(4)), r = real(x);
  const Tensor all = fft::fft(fft::fft(fft::fft(x, {.dim = 0}), {.dim = 1}), {.dim = 2});
  CHECK(allclose(fft::fftn(x), all, 1e-11, 1e-11));
  CHECK(allclose(fft::ifftn(all), x, 1e-11, 1e-11));
  CHECK(allclose(fft::fft2(x), fft::fftn(x, {.dim = Shape{1, 2}}), 1e-11, 1e-11));
  CHECK(fft::fftn(x, {.s = Shape{8, -1}}).sizes() == Shape{4, 8, 5});
  CHECK(allclose(fft::rfftn(r), fft::fftn(r.to(kComplex128)).narrow(2, 0, 3), 1e-11, 1e-11));
  CHECK(allclose(fft::irfftn(fft::rfftn(r), {.s = Shape{4, 6, 5}}), r, 1e-11, 1e-11));
  CHECK(allclose(fft::irfft2(fft::rfft2(r), {.s = Shape{6, 5}}), r, 1e-11, 1e-11));
  CHECK(allclose(fft::hfftn(fft::ihfftn(r), {.s = Shape{4, 6, 5}}), r, 1e-11, 1e-11));
  CHECK(allclose(fft::hfft2(fft::ihfft2(r), {.s = Shape{6, 5}}), r, 1e-11, 1e-11));
  CHECK(allclose(fft::fftn(x, {.dim = Shape()}), x));
  CHECK_THROWS_AS(fft::fftn(x, {.dim = Shape{0, 0}}), Error);
  CHECK_THROWS_AS(fft::fftn(x, {.s = Shape{2}, .dim = Shape{0, 1}}), Error);
  CHECK_THROWS_AS(fft::fftn(x, {.s = Shape{2, 2, 2, 2}}), Error);
  CHECK_THROWS_AS(fft::rfftn(r, {.dim = Shape()}), Error);
}

TEST_CASE("fft: gradients of both orders", "[ops][fft]") {
  check_gradients([](const Tensor& x) { return fft::fft(x, {.n = 5, .norm = "ortho"}); }, {complex_leaf({2, 4}, 1)});
  check_gradients([](const Tensor& x) { return fft::ifft(x, 3, 0); }, {real_leaf({4, 2}, 2)});
  for (int64_t n : {5, 6}) {
    check_gradients([=](const Tensor& x) { return fft::rfft(x, n); }, {real_leaf({2, 5}, 3)});
    check_gradients([=](const Tensor& x) { return fft::irfft(x, n); }, {complex_leaf({2, 4}, 4)});
    check_gradients([=](const Tensor& x) { return fft::hfft(x, n); }, {complex_leaf({2, 4}, 5)});
    check_gradients([=](const Tensor& x) { return fft::ihfft(x, n); }, {real_leaf({2, 5}, 6)});
  }
  check_gradients([](const Tensor& x) { return fft::rfft2(x); }, {real_leaf({3, 4}, 7)});
  check_gradients([](const Tensor& x) { return fft::irfftn(x, {.s = Shape{2, 3}}); }, {complex_leaf({3, 2}, 8)});
}

TEST_CASE("fft: frequencies and shifts", "[ops][fft]") {
  CHECK(near(fft::fftfreq(5, 0.5, {.dtype = kFloat64}), {0, 0.4, 0.8, -0.8, -0.4}));
  CHECK(near(fft::fftfreq(4, 1.0, {.dtype = kFloat64}), {0, 0.25, -0.5, -0.25}));
  CHECK(near(fft::rfftfreq(5, 1.0, {.dtype = kFloat64}), {0, 0.2, 0.4}));
  CHECK(fft::fftshift(tensor({0, 1, 2, -2, -1})).to_vector<int64_t>() == std::vector<int64_t>{-2, -1, 0, 1, 2});
  CHECK(fft::ifftshift(tensor({-2, -1, 0, 1, 2})).to_vector<int64_t>() == std::vector<int64_t>{0, 1, 2, -2, -1});
  CHECK(fft::fftshift(tensor({{1, 2}, {3, 4}}), 1).to_vector<int64_t>() == std::vector<int64_t>{2, 1, 4, 3});
  CHECK_THROWS_AS(fft::fftfreq(0), Error);
}
