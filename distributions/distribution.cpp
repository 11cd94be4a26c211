#include "lazuli/distributions/distribution.h"

#include <atomic>
#include <cmath>
#include <limits>
#include <ostream>

#include "lazuli/autograd/modes.h"
#include "lazuli/core/error.h"
#include "lazuli/core/slots/step_observer.h"
#include "lazuli/core/threads/parallel.h"
#include "lazuli/distributions/support.h"
#include "lazuli/ops/base/pointwise.h"
#include "lazuli/ops/base/promotion.h"
#include "lazuli/ops/base/value_checks.h"
#include "lazuli/ops/linalg/cholesky.h"
#include "lazuli/ops/linalg/solve.h"
#include "lazuli/ops/reduce/extremes.h"
#include "lazuli/ops/shape/copy.h"

namespace lazuli::distributions {
namespace {
std::atomic<bool> validate{true};
}

void set_default_validate_args(bool check) { validate = check; }

Tensor Distribution::sample(const Shape& sample_shape) const {
  no_grad guard;
  return rsample(sample_shape);
}
Tensor Distribution::rsample(const Shape&) const { missing("rsample"); }
Tensor Distribution::entropy() const { missing("entropy"); }
Tensor Distribution::mean() const { missing("mean"); }
Tensor Distribution::mode() const { missing("mode"); }
Tensor Distribution::variance() const { missing("variance"); }
Tensor Distribution::stddev() const { return sqrt(variance()); }
Tensor Distribution::cdf(const Tensor&) const { missing("cdf"); }
Tensor Distribution::icdf(const Tensor&) const { missing("icdf"); }
Tensor Distribution::perplexity() const { return exp(entropy()); }
Tensor Distribution::enumerate_support(bool) const { missing("enumerate_support"); }

std::string Distribution::to_string() const {
  std::string text;
  for (const auto& [name, t] : parameters()) {
    if (!t.defined()) continue;
    text += (text.empty() ? "" : ", ") + name + ": " +
            (t.numel() == 1 && !t.device().is_meta() ? lazuli::to_string(t.item()) : "of sizes " + lazuli::to_string(t.sizes()));
  }
  return name() + "(" + text + ")";
}
std::ostream& operator<<(std::ostream& stream, const Distribution& distribution) { return stream << distribution.to_string(); }
Shape Distribution::extended(const Shape& sample_shape) const { return detail::joined(detail::joined(sample_shape, batch_shape_), event_shape_); }
void Distribution::missing(const char* what) const { fail(ErrorKind::NotSupported, name(), "", std::string("a distribution with ") + what, name()); }
void Distribution::check_support(const Tensor& value, const Tensor& fits, const char* support) const {
  if (validate) need_values(ErrorKind::Argument, name().c_str(), "value", support, value.detach().expand(fits.sizes()), fits);
}

namespace detail {

std::vector<Tensor> broadcast_all(const std::string& owner, std::initializer_list<const Parameter*> parameters) {
  DType dtype = get_default_dtype();
  Device device = kCPU;
  bool found = false;
  for (const Parameter* p : parameters)
    if (p->tensor.defined()) {
      if (!p->tensor.is_floating_point()) fail(ErrorKind::Type, owner, "parameters", "floating point tensors", name(p->tensor.dtype()));
      dtype = found ? promote_types(dtype, p->tensor.dtype()) : p->tensor.dtype();
      device = p->tensor.device();
      found = true;
    }
  std::vector<Tensor> out;
  Shape sizes;
  for (const Parameter* p : parameters) {
    out.push_back(p->tensor.defined() ? p->tensor : full({}, p->number, {.dtype = dtype, .device = device}));
    sizes = broadcast_shapes(sizes, out.back().sizes(), owner.c_str());
  }
  for (Tensor& t : out) {
    if (t.dtype() != dtype) t = to(t, dtype);
    t = t.expand(sizes);
  }
  return out;
}
void check_parameter(const std::string& owner, const char* parameter, const char* expected, const Tensor& value, const Tensor& fits) {
  if (validate) need_values(ErrorKind::Argument, owner.c_str(), parameter, expected, value.detach().expand(fits.sizes()), fits);
}
void check_probabilities(const std::string& owner, const Tensor& t) {
  check_parameter(owner, "probs", "probabilities in [0, 1]", t, (t.detach() >= 0) & (t.detach() <= 1));
}

Shape joined(const Shape& a, const Shape& b) {
  Shape out = a;
  for (int64_t n : b) out.push_back(n);
  return out;
}
Tensor sum_last(const Tensor& t, int64_t dims) {
  Shape all;
  for (int64_t d = 1; d <= dims; ++d) all.push_back(-d);
  return dims ? sum(t, DimList(all)) : t;
}
double epsilon_of(const Tensor& t) {
  return t.dtype() == kFloat64 ? 0x1p-52 : t.dtype() == kFloat32 ? 0x1p-23 : t.dtype() == kFloat16 ? 0x1p-10 : 0x1p-7;
}
Tensor uniforms(const Shape& sizes, const Tensor& like) {
  const double e = epsilon_of(like) / 2;
  return clamp(rand(sizes, {.dtype = like.dtype(), .device = like.device()}), Scalar(e), Scalar(1 - e));
}
Tensor normals(const Shape& sizes, const Tensor& like) { return randn(sizes, {.dtype = like.dtype(), .device = like.device()}); }

namespace {

// Variates of concentration a >= 1; less is led back to a + 1.
double one_gamma(double a, const double* normal, const double* uniform, int64_t tries) {
  const double d = a - 1.0 / 3, c = 1 / std::sqrt(9 * d);
  for (int64_t i = 0; i < tries; ++i) {
    const double v = 1 + c * normal[i];
    if (v <= 0) continue;
    const double cube = v * v * v, x = normal[i];
    if (std::log(uniform[i]) < 0.5 * x * x + d - d * cube + d * std::log(cube)) return d * cube;
  }
  return d;  // a chance below 1e-20: more than 95 % of tries are taken
}

double digamma_of(double x) {
  double result = 0;
  for (; x < 10; ++x) result -= 1 / x;
  const double s = 1 / (x * x);
  return result + std::log(x) - 0.5 / x - s * (1.0 / 12 - s * (1.0 / 120 - s * (1.0 / 252 - s * (1.0 / 240 - s / 132))));
}
// dx/da of a gamma variate x of concentration a at a fixed value of the distribution function P(a, x): -(dP/da) / p(x). With P = sum of t_n = x^(a + n) e^-x / gamma(a + n + 1),
// dP/da = sum of t_n (log x - digamma(a + n + 1)), and p(x) = t_0 a / x.
double gamma_derivative(double a, double x) {
  if (!(x > 0) || !std::isfinite(x) || !(a > 0)) return x == 0 ? 0 : std::numeric_limits<double>::quiet_NaN();
  if (a > 5000) {  // x = a (1 - 1 / 9a + z / 3 sqrt(a))^3 for a normal z (Wilson and Hilferty, 1931)
    const double root = std::cbrt(x / a), z = (root - 1 + 1 / (9 * a)) * 3 * std::sqrt(a);
    return root * root * root + 3 * root * root * a * (1 / (9 * a * a) - z / (6 * a * std::sqrt(a)));
  }
  double term = 1, psi = digamma_of(a + 1), sum = 0;
  const double log_x = std::log(x);
  for (int n = 0; n < 200000; ++n) {
    const double part = term * (log_x - psi);
    sum += part;
    if (a + n > x && std::abs(part) < 1e-17 * std::abs(sum)) break;
    psi += 1 / (a + n + 1);
    term *= x / (a + n + 1);
  }
  return -sum * x / a;
}

}  // namespace

Tensor standard_gamma(const Tensor& concentration) {
  constexpr int64_t kTries = 16;
  if (concentration.device().is_meta()) return new_tensor(concentration.sizes(), concentration.dtype(), kMeta);
  const Tensor a = dense(casted(moved(concentration.detach(), kCPU), kFloat64));
  const int64_t n = std::max<int64_t>(a.numel(), 1);
  const Tensor draws = new_tensor(a.sizes(), kFloat64), normal = randn({n, kTries}, {.dtype = kFloat64}),
               uniform = rand({n, kTries + 1}, {.dtype = kFloat64});
  host_function("standard_gamma", {draws}, {a, normal, uniform}, [](std::span<Tensor> out, std::span<const Tensor> in) {
    const double *alpha = in[0].const_data_ptr<double>(), *z = in[1].const_data_ptr<double>(), *u = in[2].const_data_ptr<double>();
    auto* x = static_cast<double*>(out[0].address());
    parallel_for(0, out[0].numel(), 512, [&](int64_t from, int64_t to) {
      for (int64_t i = from; i < to; ++i) {
        const double* own = u + i * (kTries + 1);
        x[i] = alpha[i] >= 1 ? one_gamma(alpha[i], z + i * kTries, own, kTries)
                             : one_gamma(alpha[i] + 1, z + i * kTries, own, kTries) * std::pow(own[kTries], 1 / alpha[i]);
      }
    });
  });
  Tensor out = clamp_min(to(draws, concentration.device(), concentration.dtype()), concentration.dtype() == kFloat64 ? 0x1p-1022 : 0x1p-126);
  if (auto tape = Tape::recording(concentration))
    tape.record("standard_gamma", out, [a, draws, like = concentration.detach()](const Tensor& grad, Needs) {
      const Tensor slopes = new_tensor(a.sizes(), kFloat64);
      host_function("standard_gamma backward", {slopes}, {a, draws}, [](std::span<Tensor> out, std::span<const Tensor> in) {
        const double *alpha = in[0].const_data_ptr<double>(), *x = in[1].const_data_ptr<double>();
        auto* slope = static_cast<double*>(out[0].address());
        parallel_for(0, out[0].numel(), 64, [&](int64_t from, int64_t to) {
          for (int64_t i = from; i < to; ++i) slope[i] = gamma_derivative(alpha[i], x[i]);
        });
      });
      return Grads{grad * to(slopes, like.device(), like.dtype())};
    });
  return out;
}

Tensor cholesky(const std::string& owner, const Tensor& a) {
  const linalg::CholeskyExResult factor = linalg::cholesky_ex(a);
  if (!a.device().is_meta())
    host_function(owner, {}, {all(factor.info == 0)}, [owner](std::span<Tensor>, std::span<const Tensor> good) {
      if (!good[0].item<bool>()) fail(owner, "covariance_matrix", "positive definite matrices", "one that is not");
    });
  return factor.L;
}

Tensor solve_lower(const Tensor& lower, const Tensor& b) { return linalg::solve_triangular(lower, b, false); }

}  // namespace detail
}  // namespace lazuli::distributions
