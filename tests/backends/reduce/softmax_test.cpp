#include "lazuli/core/error.h"

#include <cmath>

#include "lazuli/tests/backends/kernel_test.h"

using namespace lazuli;
using namespace lazuli::test;

namespace {

/// Calls f(positions) with the row-major positions of each line along dim.
template <class F>
void for_lines(const Shape& sizes, int64_t dim, F&& f) {
  int64_t inner = 1, n = sizes[dim];
  for (int64_t d = dim + 1; d < sizes.size(); ++d) inner *= sizes[d];
  for (int64_t i = 0; i < sizes.numel(); ++i) {
    if (i / inner % n) continue;
    std::vector<int64_t> line;
    for (int64_t k = 0; k < n; ++k) line.push_back(i + k * inner);
    f(line);
  }
}

double log_sum_exp(const Tensor& x, const std::vector<int64_t>& line) {
  double max = -INFINITY, sum = 0;
  for (int64_t i : line) max = std::max(max, real(x, i));
  for (int64_t i : line) sum += std::exp(real(x, i) - max);
  return max + std::log(sum);
}

}  // namespace

TEST_CASE("softmax: every dtype, dimension and layout, and its gradient", "[backends]") {
  for (DType t : kFloatDTypes)
    for (const Shape& sizes : std::vector<Shape>{{9}, {4, 50}, {50, 4}, {3, 33, 20}, {2, 3, 1000}, {5, 1}, {3, 600}})
      for (Spacing layout : kSpacings) {
        const Tensor in = random(sizes, t, layout, 4), grad = random(sizes, t, layout, 1, 2);
        for (int64_t dim = 0; dim < sizes.size(); ++dim)
          for (bool log : {false, true}) {
            Tensor out = make(sizes, t, Spacing((int(layout) + dim) % 3)), grad_in = make(sizes, t, layout);
            softmax_kernel(kCPU, out, in, dim, log);
            softmax_backward_kernel(kCPU, grad_in, grad, out, dim, log);
            for_lines(sizes, dim, [&](const std::vector<int64_t>& line) {
              const double l = log_sum_exp(in, line);
              double total = 0;
              for (int64_t i : line) total += real(grad, i) * (log ? 1 : real(out, i));
              for (int64_t i : line) {
                const double e = real(in, i) - l, y = real(out, i), g = real(grad, i);
                const double wanted = log ? g - std::exp(y) * total : y * (g - total);
                if (!close(y, log ? e : std::exp(e), 2 * tolerance(t), tolerance(t)) ||
                    !close(real(grad_in, i), wanted, 2 * tolerance(t), tolerance(t) * 4))
                  FAIL(name(t) << " " << to_string(sizes) << " dim " << dim << " log " << log << " got " << y << " expected "
                               << (log ? e : std::exp(e)) << "; gradient " << real(grad_in, i) << " expected " << wanted);
              }
            });
          }
      }
  CHECK_THROWS_AS(softmax_kernel(kCPU, *std::make_unique<Tensor>(make({3}, kInt64)), make({3}, kInt64), 0, false), Error);
}

TEST_CASE("softmax: large, infinite and NaN inputs", "[backends]") {
  for (DType t : {kFloat32, kFloat64})
    for (bool columns : {false, true})
      for (bool log : {false, true}) {
        auto run = [&](std::vector<double> values) {
          Tensor in = columns ? make({int64_t(values.size()), 2}, t) : make({1, int64_t(values.size())}, t), out = make(in.sizes(), t);
          for (int64_t i = 0; i < in.numel(); ++i) put(in, i, values[columns ? i / 2 : i]);
          softmax_kernel(kCPU, out, in, columns ? 0 : 1, log);
          std::vector<double> result;
          for (size_t i = 0; i < values.size(); ++i) result.push_back(real(out, columns ? i * 2 : i));
          return result;
        };
        for (double v : run({-INFINITY, -INFINITY, -INFINITY})) CHECK(std::isnan(v));
        for (double v : run({1, NAN, 2})) CHECK(std::isnan(v));
        for (double v : run({1, INFINITY, 2})) CHECK(std::isnan(v));
        auto two = run({1e30, -INFINITY, 1e30});
        CHECK(two[0] == Approx(log ? -std::log(2.0) : 0.5));
        CHECK(two[1] == (log ? -INFINITY : 0));
        CHECK(run({-200, 0})[0] == Approx(log ? -200.0 : 0.0).margin(1e-30));
      }
}

TEST_CASE("cross_entropy: weights, smoothing, ignored classes, and its gradient", "[backends]") {
  for (DType t : kFloatDTypes)
    for (auto [n, c] : std::vector<std::pair<int64_t, int64_t>>{{5, 10}, {64, 33}, {3, 5000}, {70, 3}, {33, 32}})
      for (bool weighted : {false, true})
        for (double smoothing : {0.0, 0.1})
          for (Spacing layout : {Spacing::Contiguous, Spacing::Permuted}) {
            const Tensor x = random({n, c}, t, layout, 3), grad = random({n}, t);
            Tensor weight = weighted ? random({c}, t) : Tensor(), target = make({n}, kInt64), losses = make({n}, t),
                   log_sum = make({n}, t == kFloat64 ? kFloat64 : kFloat32), grad_x = make({n, c}, t, layout);
            for (int64_t i = 0; i < n; ++i) put(target, i, i == 1 ? -100.0 : double((i * 7 + 3) % c));
            for (int64_t j = 0; weighted && j < c; ++j) put(weight, j, 0.5 + double(j % 3));
            cross_entropy_kernel(kCPU, losses, log_sum, x, target, weight, -100, smoothing);
            cross_entropy_backward_kernel(kCPU, grad_x, grad, log_sum, x, target, weight, -100, smoothing);
            for (int64_t i = 0; i < n; ++i) {
              std::vector<int64_t> line;
              for (int64_t j = 0; j < c; ++j) line.push_back(i * c + j);
              const double l = log_sum_exp(x, line);
              const int64_t k = int64_t(real(target, i));
              auto w = [&](int64_t j) { return weighted ? real(weight, j) : 1.0; };
              double loss = 0, sum_w = 0;
              for (int64_t j = 0; j < c; ++j) {
                loss += smoothing / double(c) * w(j) * (l - real(x, i * c + j));
                sum_w += w(j);
              }
              if (k >= 0) loss += (1 - smoothing) * w(k) * (l - real(x, i * c + k));
              if (k < 0) loss = 0;
              if (!close(real(losses, i), loss, 2 * tolerance(t), tolerance(t) * 4))
                FAIL(name(t) << " loss " << real(losses, i) << " expected " << loss);
              for (int64_t j = 0; j < c; ++j) {
                const double p = std::exp(real(x, i * c + j) - l);
                double g = p * smoothing / double(c) * sum_w - smoothing / double(c) * w(j);
                if (k >= 0) g += (1 - smoothing) * w(k) * (p - (j == k));
                g = k < 0 ? 0 : g * real(grad, i);
                if (!close(real(grad_x, i * c + j), g, 4 * tolerance(t), tolerance(t) * 4))
                  FAIL(name(t) << " gradient " << real(grad_x, i * c + j) << " expected " << g);
              }
            }
          }
  Tensor x = random({2, 3}, kFloat32), target = filled({2}, kInt64, {1, 3}), losses = filled({2}, kFloat32, {7}), sums = make({2}, kFloat32), none;
  CHECK_THROWS_WITH(cross_entropy_kernel(kCPU, losses, sums, x, target, none, -100, 0), Contains("cross_entropy") && Contains("3 at position 1"));
  CHECK(real(losses, 0) == 7);
}

TEST_CASE("cross_entropy of few classes: each row has its own bits, also over the logits, and what is not finite stays in it", "[backends]") {
  for (DType t : kFloatDTypes) {
    const int64_t n = 75, c = 10;
    const DType exact = t == kFloat64 ? kFloat64 : kFloat32;
    const Tensor x = random({n, c}, t, Spacing::Contiguous, 3), grad = random({n}, t), none;
    put(x, 3 * c + 2, NAN), put(x, 20 * c, INFINITY), put(x, 40 * c + 7, -INFINITY);
    for (int64_t j = 0; j < c; ++j) put(x, 41 * c + j, -INFINITY);
    Tensor target = make({n}, kInt64), losses = make({n}, t), sums = make({n}, exact), apart = make({n, c}, t), over = make({n, c}, t);
    for (int64_t i = 0; i < n; ++i) put(target, i, i == 5 ? -100.0 : double(i * 3 % c));
    cross_entropy_kernel(kCPU, losses, sums, x, target, none, -100, 0);
    cross_entropy_backward_kernel(kCPU, apart, grad, sums, x, target, none, -100, 0);
    copy_kernel(kCPU, over, x);
    cross_entropy_backward_kernel(kCPU, over, grad, sums, over, target, none, -100, 0);
    const auto same = [](double a, double b) { return a == b || (std::isnan(a) && std::isnan(b)); };
    for (int64_t i = 0; i < n; ++i) {
      const Tensor row = alias(x, {1, c}, {c, 1}, i * c), of_row = alias(target, {1}, {1}, i);
      Tensor loss = make({1}, t), sum = make({1}, exact);
      cross_entropy_kernel(kCPU, loss, sum, row, of_row, none, -100, 0);
      CHECK(same(real(loss, 0), real(losses, i)));
      CHECK(same(real(sum, 0), real(sums, i)));
      const bool finite = i != 3 && i != 20 && i != 41;
      CHECK(std::isfinite(real(sums, i)) == finite);
      for (int64_t j = 0; j < c; ++j) {
        CHECK(same(real(over, i * c + j), real(apart, i * c + j)));
        CHECK(std::isfinite(real(apart, i * c + j)) == finite);
      }
    }
  }
}
