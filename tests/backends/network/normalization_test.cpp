#include "lazuli/core/error.h"

#include <cmath>

#include "lazuli/tests/backends/kernel_test.h"

using namespace lazuli;
using namespace lazuli::test;

namespace {

DType statistics(DType t) { return t == kFloat64 ? kFloat64 : kFloat32; }

struct Line {  // what a normalised group should be
  double mean = 0, m2 = 0;
  Line(const Tensor& x, const std::vector<int64_t>& at) {
    for (int64_t i : at) mean += real(x, i) / double(at.size());
    for (int64_t i : at) m2 += (real(x, i) - mean) * (real(x, i) - mean);
  }
};

std::vector<int64_t> channel(const Shape& sizes, int64_t c) {
  int64_t l = 1;
  for (int64_t d = 2; d < sizes.size(); ++d) l *= sizes[d];
  std::vector<int64_t> at;
  for (int64_t n = 0; n < sizes[0]; ++n)
    for (int64_t i = 0; i < l; ++i) at.push_back((n * sizes[1] + c) * l + i);
  return at;
}

Tensor channels_last(const Shape& sizes, DType t, uint32_t seed) {
  Shape strides = sizes;
  int64_t step = sizes[1];
  strides[1] = 1;
  for (int64_t d = sizes.size() - 1; d >= 0; --d)
    if (d != 1) {
      strides[d] = step;
      step *= sizes[d];
    }
  const Tensor base = random(sizes, t, Spacing::Contiguous, 2, seed);
  return alias(base, sizes, strides, 0);
}

void check_batch_norm(DType t, const Tensor& x, const Tensor& grad, Tensor out, Tensor grad_in, bool affine, bool training, bool running) {
  const Shape& sizes = x.sizes();
  const int64_t c = sizes[1];
  const DType s = statistics(t);
  Tensor weight = affine ? random({c}, s, Spacing::Contiguous, 1, 5) : Tensor(), bias = affine ? random({c}, s, Spacing::Contiguous, 1, 6) : Tensor();
  Tensor mean = make({c}, s), rstd = make({c}, s), rm = running ? random({c}, s, Spacing::Contiguous, 1, 7) : Tensor(),
         rv = running ? filled({c}, s, {0.5, 1, 2}) : Tensor();
  const std::vector<double> rm0 = running ? reals(rm) : std::vector<double>(c, 0), rv0 = running ? reals(rv) : std::vector<double>(c, 1);
  Tensor grad_weight = make({c}, s), grad_bias = make({c}, s);
  batch_norm_kernel(kCPU, out, mean, rstd, x, weight, bias, rm, rv, training, 0.1, 1e-5);
  batch_norm_backward_kernel(kCPU, grad_in, grad_weight, grad_bias, grad, x, mean, rstd, weight, training);
  const double tol = 4 * tolerance(t), stol = 4 * tolerance(s);
  for (int64_t j = 0; j < c; ++j) {
    const auto at = channel(sizes, j);
    const double n = double(at.size());
    const Line line(x, at);
    const double m = training ? line.mean : rm0[j], var = training ? line.m2 / n : rv0[j], r = 1 / std::sqrt(var + 1e-5),
                 w = affine ? real(weight, j) : 1, b = affine ? real(bias, j) : 0;
    bool good = close(real(mean, j), m, stol, stol) && close(real(rstd, j), r, stol, 0);
    if (training && running)
      good &= close(real(rm, j), 0.9 * rm0[j] + 0.1 * m, stol, stol) && close(real(rv, j), 0.9 * rv0[j] + 0.1 * line.m2 / (n - 1), stol, stol);
    double sum = 0, sum_hat = 0, scale = 0;
    for (int64_t i : at) {
      sum += real(grad, i);
      sum_hat += real(grad, i) * (real(x, i) - m) * r;
      scale += std::abs(real(grad, i)) * (1 + std::abs(real(x, i)));
    }
    const double sums_tol = stol * (1 + 0.1 * scale);
    good &= close(real(grad_bias, j), sum, stol, sums_tol) && close(real(grad_weight, j), sum_hat, stol, sums_tol);
    for (int64_t i : at) {
      const double hat = (real(x, i) - m) * r;
      const double g = training ? w * r * (real(grad, i) - sum / n - hat * sum_hat / n) : w * r * real(grad, i);
      good &= close(real(out, i), hat * w + b, tol, tol) && close(real(grad_in, i), g, tol, tol * (1 + r));
    }
    if (!good)
      FAIL(name(t) << " " << to_string(sizes) << " channel " << j << " training " << training << " mean " << real(mean, j) << " expected " << m
                   << " rstd " << real(rstd, j) << " expected " << r << " grad_weight " << real(grad_weight, j) << " expected " << sum_hat
                   << " grad_bias " << real(grad_bias, j) << " expected " << sum);
  }
}

}  // namespace

TEST_CASE("batch_norm: columns, planes, channels-last and other strides", "[backends]") {
  for (DType t : kFloatDTypes)
    for (const Shape& sizes : std::vector<Shape>{{4, 3}, {128, 70}, {300, 20}, {513, 66}, {4, 5, 7}, {3, 2, 5, 40}, {2, 3, 70, 71}, {40, 3, 1, 2}})
      for (bool training : {true, false})
        for (bool affine : {true, false}) {
          if (sizes.numel() > 10000 && (t != kFloat32 || !affine)) continue;
          check_batch_norm(t, random(sizes, t, Spacing::Contiguous, 2), random(sizes, t, Spacing::Contiguous, 1, 2), make(sizes, t), make(sizes, t),
                           affine, training, !training || affine);
          if (!affine) continue;
          check_batch_norm(t, random(sizes, t, Spacing::Spaced, 2), random(sizes, t, Spacing::Permuted, 1, 2), make(sizes, t, Spacing::Permuted),
                           make(sizes, t, Spacing::Spaced), true, training, true);
          if (sizes.size() < 3) continue;
          check_batch_norm(t, channels_last(sizes, t, 1), channels_last(sizes, t, 2), channels_last(sizes, t, 3), channels_last(sizes, t, 3), true,
                           training, true);
        }
}

TEST_CASE("batch_norm: accurate far from zero, the same for any number of threads", "[backends]") {
  for (const Shape& sizes : std::vector<Shape>{{600, 40}, {128, 256}, {16, 4, 30, 30}}) {
    Tensor x = random(sizes, kFloat32, Spacing::Contiguous, 1);
    for (int64_t i = 0; i < x.numel(); ++i) put(x, i, 1000 + real(x, i));
    std::vector<double> before;
    for (int threads : {1, 2, 3}) {
      Threads scope(threads);
      const int64_t c = sizes[1];
      Tensor out = make(sizes, kFloat32), mean = make({c}, kFloat32), rstd = make({c}, kFloat32), none, grad_in = make(sizes, kFloat32),
             gw = make({c}, kFloat32), gb = make({c}, kFloat32);
      batch_norm_kernel(kCPU, out, mean, rstd, x, none, none, none, none, true, 0.1, 0);
      batch_norm_backward_kernel(kCPU, grad_in, gw, gb, x, x, mean, rstd, none, true);
      std::vector<double> now = reals(out), more = reals(grad_in), weights = reals(gw);
      now.insert(now.end(), more.begin(), more.end());
      now.insert(now.end(), weights.begin(), weights.end());
      if (!before.empty()) CHECK((now == before));
      before = now;
      const Line line(x, channel(sizes, 0));
      CHECK(close(real(rstd, 0), 1 / std::sqrt(line.m2 / double(channel(sizes, 0).size())), 2e-6, 0));
    }
  }
}

TEST_CASE("layer_norm and RMS norm: every dtype, with and without weights", "[backends]") {
  for (DType t : kFloatDTypes)
    for (auto [rows, n] : std::vector<std::pair<int64_t, int64_t>>{{3, 5}, {70, 64}, {3, 1000}, {130, 33}, {2, 5000}})
      for (bool affine : {true, false})
        for (bool rms : {false, true}) {
          const DType s = statistics(t);
          const Tensor x = random({rows, n}, t, Spacing::Contiguous, 2), grad = random({rows, n}, t, Spacing::Contiguous, 1, 2);
          Tensor weight = affine ? random({n}, t, Spacing::Contiguous, 1, 5) : Tensor(),
                 bias = affine && !rms ? random({n}, t, Spacing::Contiguous, 1, 6) : Tensor();
          Tensor out = make({rows, n}, t), mean = rms ? Tensor() : make({rows}, s), rstd = make({rows}, s), grad_in = make({rows, n}, t),
                 gw = affine ? make({n}, t) : Tensor(), gb = bias.defined() ? make({n}, t) : Tensor();
          layer_norm_kernel(kCPU, out, mean, rstd, x, weight, bias, 1e-5);
          layer_norm_backward_kernel(kCPU, grad_in, gw, gb, grad, x, mean, rstd, weight);
          std::vector<double> sums(n), sums_hat(n), scale(n);
          const double tol = 4 * tolerance(t);
          for (int64_t i = 0; i < rows; ++i) {
            double m = 0, m2 = 0, a = 0, b = 0;
            for (int64_t j = 0; j < n && !rms; ++j) m += real(x, i * n + j) / double(n);
            for (int64_t j = 0; j < n; ++j) m2 += std::pow(real(x, i * n + j) - m, 2);
            const double r = 1 / std::sqrt(m2 / double(n) + 1e-5);
            auto w = [&](int64_t j) { return affine ? real(weight, j) : 1.0; };
            auto hat = [&](int64_t j) { return (real(x, i * n + j) - m) * r; };
            auto g = [&](int64_t j) { return real(grad, i * n + j); };
            for (int64_t j = 0; j < n; ++j) {
              a += g(j) * w(j) / double(n);
              b += g(j) * w(j) * hat(j) / double(n);
              sums[j] += g(j);
              sums_hat[j] += g(j) * hat(j);
              scale[j] += std::abs(g(j)) * (1 + std::abs(hat(j)));
            }
            for (int64_t j = 0; j < n; ++j) {
              const double y = hat(j) * w(j) + (bias.defined() ? real(bias, j) : 0), e = r * (g(j) * w(j) - (rms ? 0 : a) - hat(j) * b);
              if (!close(real(out, i * n + j), y, tol, tol) || !close(real(grad_in, i * n + j), e, tol, tol))
                FAIL(name(t) << " " << n << " rms " << rms << " out " << real(out, i * n + j) << " expected " << y << " gradient "
                             << real(grad_in, i * n + j) << " expected " << e);
            }
          }
          for (int64_t j = 0; j < n && affine; ++j) {
            if (!close(real(gw, j), sums_hat[j], tol, tolerance(s) * (1 + scale[j])))
              FAIL("grad_weight " << real(gw, j) << " expected " << sums_hat[j]);
            if (gb.defined() && !close(real(gb, j), sums[j], tol, tolerance(s) * (1 + scale[j])))
              FAIL("grad_bias " << real(gb, j) << " expected " << sums[j]);
          }
        }
}
