#include "tests/conformance/gradients.h"

#include <fmt/format.h>

#include <cmath>
#include <set>

#include "lazuli/autograd/autograd.h"
#include "lazuli/autograd/modes.h"
#include "lazuli/core/error.h"
#include "lazuli/core/random/generator_guard.h"
#include "lazuli/ops/ops.h"

namespace conformance {

using namespace lazuli;

namespace {

constexpr double kStep = 1e-6;

Tensor random_like(const Tensor& t, Step step) {
  const Tensor u = randn_like(t);
  const bool square = t.dim() >= 2 && t.size(-1) == t.size(-2);
  if (step == Step::Hermitian && square) return u + u.mH();
  return step == Step::KeepsZeros ? where(t == Scalar(0), zeros_like(u), u) : u;
}

// Re<weights, outputs>; undefined where no output is differentiable.
Tensor projected(const std::vector<Tensor>& outputs, const std::vector<Tensor>& weights) {
  Tensor total;
  for (size_t i = 0; i < outputs.size(); ++i) {
    if (!outputs[i].defined() || !is_differentiable(outputs[i].dtype())) continue;
    const Tensor part =
        outputs[i].is_complex() ? sum(view_as_real(outputs[i].resolve_conj()) * view_as_real(weights[i])) : sum(outputs[i] * weights[i]);
    const Tensor wide = part.to(kFloat64);
    total = total.defined() ? total + wide : wide;
  }
  return total;
}

double along(const Tensor& g, const Tensor& u) {
  if (!g.defined()) return 0;
  return (g.is_complex() ? sum(view_as_real(g.contiguous()) * view_as_real(u)) : sum(g * u)).item<double>();
}

struct Slopes {
  double central, left, right, rounding;  // the last: what rounding the value makes of the first
  // At a corner or a step the two sides disagree.
  bool smooth() const { return std::fabs(left - right) <= 1e-3 * std::max({1.0, std::fabs(left), std::fabs(right)}); }
};

// The derivative of `value` along u.
template <class F>
Slopes slopes(const F& value, const std::vector<Tensor>& x, const std::vector<Tensor>& u) {
  const auto at = [&](double step) {
    std::vector<Tensor> moved;
    for (size_t i = 0; i < x.size(); ++i) moved.push_back(x[i] + u[i] * step);
    return value(moved);
  };
  const double up = at(kStep), here = at(0), down = at(-kStep);
  return {(up - down) / (2 * kStep), (here - down) / kStep, (up - here) / kStep, 1e-14 * std::fabs(here) / kStep};
}

std::string difference(const char* what, double analytic, const Slopes& s) {
  if (!std::isfinite(s.central) || !s.smooth()) return "";
  if (std::fabs(analytic - s.central) <= s.rounding + 2e-4 * std::max({1.0, std::fabs(s.central), std::fabs(analytic)})) return "";
  return fmt::format("{}: the tape says {:.9g}, differences {:.9g}", what, analytic, s.central);
}

std::vector<Tensor> leaves_of(const std::vector<Tensor>& x) {
  std::vector<Tensor> leaves;
  for (const Tensor& t : x) leaves.push_back(t.detach().clone().requires_grad_());
  return leaves;
}

}  // namespace

Step step_of(const std::string& op) {
  static const std::set<std::string> hermitian = {"cholesky",        "linalg.cholesky",   "linalg.cholesky_ex",   "linalg.eigh",
                                                  "linalg.eigvalsh", "linalg.ldl_factor", "linalg.ldl_factor_ex", "linalg.matrix_sqrth",
                                                  "lobpcg"};
  if (op == "cholesky_inverse" || op == "cholesky_solve") return Step::KeepsZeros;
  return hermitian.count(op) ? Step::Hermitian : Step::Any;
}

bool has_no_derivative(const std::string& op) {
  static const std::set<std::string> none = {"empty_like", "new_empty", "new_empty_strided", "resize_", "resize_as_", "hash_tensor"};
  return none.count(op) != 0;
}

GradientCheck check_gradients(const TensorFunction& f, const std::vector<Tensor>& given, Step step) {
  GradientCheck result;
  const GeneratorGuard directions{Generator(7)};
  std::vector<Tensor> inputs = given;
  for (Tensor& t : inputs)
    if (step == Step::Hermitian && t.dim() >= 2 && t.size(-1) == t.size(-2)) t = (t + t.mH()) / 2.0;
  std::vector<Tensor> u, v, weights;
  {
    no_grad guard;
    for (const Tensor& t : inputs) u.push_back(random_like(t, step)), v.push_back(random_like(t, step));
    for (const Tensor& t : f(inputs)) weights.push_back(t.defined() && is_differentiable(t.dtype()) ? randn_like(t) : Tensor());
  }
  const auto value = [&](const std::vector<Tensor>& x) {
    no_grad guard;
    const Tensor total = projected(f(x), weights);
    return total.defined() ? total.item<double>() : 0.0;
  };
  enable_grad guard;
  const std::vector<Tensor> x = leaves_of(inputs);
  Tensor total;
  try {
    total = projected(f(x), weights);
  } catch (const Error& error) {
    result.refused = true;
    return result;
  }
  double analytic = 0;
  if (total.defined() && total.requires_grad()) {
    try {
      const std::vector<Tensor> g = autograd::grad({total}, x, {.retain_graph = true, .allow_unused = true});
      for (size_t i = 0; i < x.size(); ++i) analytic += along(g[i], u[i]);
    } catch (const Error& error) {
      result.refused = true;
      return result;
    }
  }
  result.complaint = difference("gradient", analytic, slopes(value, inputs, u));
  if (!result.complaint.empty() || !total.defined() || !total.requires_grad()) return result;

  // The same of the first gradient's inner product with v.
  const auto first = [&](const std::vector<Tensor>& at, bool create_graph) {
    std::vector<Tensor> g = autograd::grad({projected(f(at), weights)}, at, {.create_graph = create_graph, .allow_unused = true});
    for (size_t i = 0; i < g.size(); ++i)
      if (!g[i].defined()) g[i] = zeros_like(at[i]);
    return projected(g, v);
  };
  try {
    const std::vector<Tensor> again = leaves_of(inputs);
    const Tensor inner_product = first(again, true);
    double second = 0;
    if (inner_product.requires_grad()) {
      const std::vector<Tensor> h = autograd::grad({inner_product}, again, {.allow_unused = true});
      for (size_t i = 0; i < again.size(); ++i) second += along(h[i], u[i]);
    }
    result.complaint = difference("second gradient", second,
                                  slopes([&](const std::vector<Tensor>& at) { return first(leaves_of(at), false).item<double>(); }, inputs, u));
  } catch (const Error&) { result.second_order = false; }
  return result;
}

}  // namespace conformance
