#include <cmath>

#include "lazuli/autograd/autocast.h"
#include "lazuli/autograd/tape.h"
#include "lazuli/core/error.h"
#include "lazuli/core/warning.h"
#include "lazuli/ops/base/dtype_checks.h"
#include "lazuli/ops/base/pointwise.h"
#include "lazuli/ops/base/value_checks.h"
#include "lazuli/ops/network/elementwise_loss.h"
#include "lazuli/ops/pointwise/activation.h"
#include "lazuli/ops/pointwise/arithmetic.h"
#include "lazuli/ops/pointwise/binary.h"
#include "lazuli/ops/pointwise/comparison.h"
#include "lazuli/ops/pointwise/operators.h"
#include "lazuli/ops/pointwise/ternary.h"
#include "lazuli/ops/pointwise/unary.h"
#include "lazuli/ops/reduce/extremes.h"
#include "lazuli/ops/reduce/reduction.h"
#include "lazuli/ops/shape/copy.h"
#include "lazuli/ops/shape/creation.h"
#include "lazuli/ops/table/families.h"
#include "lazuli/ops/table/registry.h"

// The losses of loss.h that compare element by element.
namespace lazuli {
namespace {

void check_same_sizes(const char* op, const Tensor& input, const Tensor& target) {
  if (!(input.sizes() == target.sizes())) fail(op, "target", "the sizes of input, " + to_string(input.sizes()), to_string(target.sizes()));
}

// Sizes that differ and broadcast are taken, and mostly a mistake: the loss would be over all pairs.
void check_broadcast(const char* op, const Tensor& input, const Tensor& target) {
  need_defined(op, input, "input", target, "target");
  if (input.sizes() == target.sizes()) return;
  const Shape sizes = broadcast_shapes(input.sizes(), target.sizes(), op);
  warn_once(std::string(op) + ": input has sizes " + to_string(input.sizes()) + " and target " + to_string(target.sizes()) + ", which broadcast to " +
            to_string(sizes) + "; give both the same sizes (this warning comes once)");
}

// Both at the dtype of the wider one, where an operand without dimensions counts like any other: PyTorch expands both first.
struct Promoted {
  Promoted(const Tensor& first, const Tensor& second)
      : dtype(promote_types(first.dtype(), second.dtype())), input(to(first, dtype)), target(to(second, dtype)) {}
  DType dtype;
  Tensor input, target;
};

void refuse_integers(const char* op, const Tensor& input, const Tensor& target) {
  if (is_integral(input.dtype()) && is_integral(target.dtype())) fail_dtype(op, "input", "a floating point tensor", input.dtype());
}

// Derivatives of a loss of input - target: the target's is the input's with the other sign.
template <class Loss, class Slope>
Tensor of_difference(const char* name, const Tensor& input, const Tensor& target, Reduction reduction, Loss loss, Slope slope) {
  return losses::elementwise(
      name, input, target, reduction, [=](auto x, auto t) { return loss(x - t); }, [=](auto x, auto t) { return slope(x - t); },
      [=](auto x, auto t) { return -slope(x - t); });
}

// x^2 / 2 where |x| <= bound, and (|x| - bound / 2) bound beyond.
template <class Value>
Value parabola_and_tangent(const Value& x, double bound) {
  const Value size = abs(x), part = clamp_max(size, Scalar(bound));
  return part * (size - part * Scalar(0.5));
}

}  // namespace

Tensor mse_loss(const Tensor& input, const Tensor& target, Reduction reduction) {
  if (const Casting cast{Cast::Float32, input, target}) return mse_loss(cast(input), cast(target), reduction);
  check_broadcast("mse_loss", input, target);
  refuse_integers("mse_loss", input, target);
  if (input.dtype() != target.dtype()) {
    const Promoted both(input, target);
    return mse_loss(both.input, both.target, reduction);
  }
  return of_difference(
      "mse_loss", input, target, reduction, [](auto d) { return square(d); }, [](auto d) { return d * Scalar(2); });
}
Tensor l1_loss(const Tensor& input, const Tensor& target, Reduction reduction) {
  if (const Casting cast{Cast::Float32, input, target}) return l1_loss(cast(input), cast(target), reduction);
  check_broadcast("l1_loss", input, target);
  refuse_bool("l1_loss", input, "input");
  refuse_bool("l1_loss", target, "target");
  if (input.dtype() != target.dtype()) {
    const Promoted both(input, target);
    return l1_loss(both.input, both.target, reduction);
  }
  return of_difference(
      "l1_loss", input, target, reduction, [](auto d) { return abs(d); }, [](auto d) { return sign(d); });
}

Tensor smooth_l1_loss(const Tensor& input, const Tensor& target, Reduction reduction, double beta) {
  if (const Casting cast{Cast::Float32, input, target}) return smooth_l1_loss(cast(input), cast(target), reduction, beta);
  check_broadcast("smooth_l1_loss", input, target);
  refuse_complex("smooth_l1_loss", input, target);
  if (beta < 0) fail("smooth_l1_loss", "beta", "a number that is not negative", std::to_string(beta));
  refuse_integers("smooth_l1_loss", input, target);
  if (input.dtype() != target.dtype()) {
    const Promoted both(input, target);
    return smooth_l1_loss(both.input, both.target, reduction, beta);
  }
  if (beta == 0) return l1_loss(input, target, reduction);
  return of_difference(
      "smooth_l1_loss", input, target, reduction,
      [beta](auto x) {
        if (beta == 1) return parabola_and_tangent(x, 1);
        auto d = abs(x);
        return where(d < Scalar(beta), square(d) * Scalar(0.5 / beta), d - Scalar(0.5 * beta));
      },
      [beta](auto d) { return clamp(d * Scalar(1 / beta), Scalar(-1), Scalar(1)); });
}

Tensor huber_loss(const Tensor& input, const Tensor& target, Reduction reduction, double delta) {
  if (const Casting cast{Cast::Float32, input, target}) return huber_loss(cast(input), cast(target), reduction, delta);
  check_broadcast("huber_loss", input, target);
  refuse_complex("huber_loss", input, target);
  if (!(delta > 0)) fail("huber_loss", "delta", "a number above 0", std::to_string(delta));
  need_floating_point("huber_loss", input, "input");
  if (input.dtype() != target.dtype()) {  // the loss has input's dtype
    const Promoted both(input, target);
    return losses::reduced(to(huber_loss(both.input, both.target, Reduction::None, delta), input.dtype()), reduction);
  }
  return of_difference(
      "huber_loss", input, target, reduction, [delta](auto x) { return parabola_and_tangent(x, delta); },
      [delta](auto d) { return clamp(d, Scalar(-delta), Scalar(delta)); });
}

Tensor with_options::binary_cross_entropy(const Tensor& input, const Tensor& target, BCELossOptions options) {
  if (const Casting cast{Cast::Float32, input, target, options}) return binary_cross_entropy(cast(input), cast(target), cast(options));
  const auto& [weight, reduction] = options;
  need_defined("binary_cross_entropy", input, "input", target, "target");
  check_same_sizes("binary_cross_entropy", input, target);
  Tensor x = input.detach();
  // elsewhere the check would wait for the device: what is no probability gives NaN
  const bool right = losses::OnePass::pays(x, x) && x.device().is_cpu() && amin(x).item<double>() >= 0 && amax(x).item<double>() <= 1;
  if (x.device().is_cpu() && !right)
    need_values(ErrorKind::Argument, "binary_cross_entropy", "input", "probabilities in [0, 1]", x, (x >= Scalar(0)) & (x <= Scalar(1)));
  // -(target * log(input) + (1 - target) * log(1 - input)), element by element
  const auto loss = [&](Reduction each) {
    return losses::elementwise(
        "binary_cross_entropy", input, target, each,
        [](auto x, auto t) { return (t - Scalar(1)) * clamp_min(log1p(-x), Scalar(-100)) - t * clamp_min(log(x), Scalar(-100)); },
        [](auto x, auto t) { return (x - t) / clamp_min((Scalar(1) - x) * x, Scalar(1e-12)); }, [](auto x, auto) { return log1p(-x) - log(x); });
  };
  return weight && weight->defined() ? losses::reduced(loss(Reduction::None) * *weight, reduction) : loss(reduction);
}

Tensor binary_cross_entropy_with_logits(const Tensor& input, const Tensor& target, BCEWithLogitsLossOptions options) {
  if (const Casting cast{Cast::Float32, input, target, options}) return binary_cross_entropy_with_logits(cast(input), cast(target), cast(options));
  need_defined("binary_cross_entropy_with_logits", input, "input", target, "target");
  check_members("binary_cross_entropy_with_logits", options);
  const auto& [weight, pos_weight, reduction] = options;
  check_same_sizes("binary_cross_entropy_with_logits", input, target);
  if (!(weight && weight->defined()) && !(pos_weight && pos_weight->defined()))
    return losses::elementwise(
        "binary_cross_entropy_with_logits", input, target, reduction, [](auto x, auto t) { return (Scalar(1) - t) * x - logsigmoid(x); },
        [](auto x, auto t) { return sigmoid(x) - t; }, [](auto x, auto) { return -x; });
  Tensor loss = (Scalar(1) - target) * input;
  if (pos_weight && pos_weight->defined()) loss = loss - ((*pos_weight - Scalar(1)) * target + Scalar(1)) * logsigmoid(input);
  else loss = loss - logsigmoid(input);
  return losses::reduced(weight && weight->defined() ? loss * *weight : loss, reduction);
}

Tensor kl_div(const Tensor& input, const Tensor& target, Reduction reduction, bool log_target) {
  if (const Casting cast{Cast::Float32, input, target}) return kl_div(cast(input), cast(target), reduction, log_target);
  need_differentiable("kl_div", input, "input");
  need_differentiable("kl_div", target, "target");
  Tensor loss = log_target ? exp(target) * (target - input) : xlogy(target, target) - target * input;
  if (reduction != Reduction::BatchMean) return losses::reduced(loss, reduction);
  return input.dim() ? sum(loss) / Scalar(input.sizes()[0]) : sum(loss);
}

Tensor poisson_nll_loss(const Tensor& input, const Tensor& target, PoissonNLLLossOptions options) {
  if (const Casting cast{Cast::Float32, input, target}) return poisson_nll_loss(cast(input), cast(target), options);
  need_defined("poisson_nll_loss", input, "input", target, "target");
  check_members("poisson_nll_loss", options);
  const auto& [log_input, full, eps, reduction] = options;
  Tensor loss = log_input ? exp(input) - target * input : input - target * log(input + Scalar(eps));
  if (full) {
    Tensor stirling = target * log(target) - target + Scalar(0.5) * log(Scalar(2 * M_PI) * target);
    loss = loss + masked_fill(stirling, target <= Scalar(1), Scalar(0));
  }
  return losses::reduced(loss, reduction);
}

Tensor gaussian_nll_loss(const Tensor& input, const Tensor& target, const Tensor& given_var, GaussianNLLLossOptions options) {
  need_defined("gaussian_nll_loss", input, "input", target, "target", given_var, "var");
  check_members("gaussian_nll_loss", options);
  const auto& [full, eps, reduction] = options;
  const DType dtype = input.dtype();
  if ((dtype == kFloat16 || dtype == kBFloat16) && target.dtype() == dtype && given_var.dtype() == dtype)  // the square, and eps, are none of theirs
    return to(gaussian_nll_loss(to(input, kFloat32), to(target, kFloat32), to(given_var, kFloat32), options), dtype);
  Tensor var = given_var;
  if (!(var.sizes() == input.sizes())) {
    Shape head = input.sizes();
    if (input.dim()) head.erase(head.size() - 1);
    int64_t ones = 0, others = input.dim() != var.dim();
    for (int64_t i = 0; !others && i < var.dim(); ++i)
      if (var.sizes()[i] != input.sizes()[i]) (var.sizes()[i] == 1 ? ones : others) += 1;
    if (input.dim() && var.sizes() == head) var = var.unsqueeze(-1);
    else if (others || ones != 1)
      fail("gaussian_nll_loss", "var", "the sizes of input, " + to_string(input.sizes()) + ", or without the last or 1 in one of them",
           to_string(var.sizes()));
  }
  need_values(ErrorKind::Argument, "gaussian_nll_loss", "var", "variances that are not negative", var, var.detach() >= Scalar(0));
  Tensor kept = var.clone();  // the limit does not stop the gradient
  {
    no_grad unrecorded;
    clamp_min_(kept, Scalar(eps));
  }
  Tensor loss = (log(kept) + square(input - target) / kept) * Scalar(0.5);
  if (full) loss = loss + Scalar(0.5 * std::log(2 * M_PI));
  return losses::reduced(loss, reduction);
}

Tensor gaussian_nll_loss(const Tensor& input, const Tensor& target, double var, GaussianNLLLossOptions options) {
  need_defined("gaussian_nll_loss", input, "input");
  return gaussian_nll_loss(input, target, full_like(input, var), options);
}

void register_pointwise_loss(OpTable& table) {
  using PlainLoss = Tensor (*)(const Tensor&, const Tensor&, Reduction);
  using NumberLoss = Tensor (*)(const Tensor&, const Tensor&, Reduction, double);
  table.add("mse_loss(Tensor input, Tensor target, *, str reduction='mean') -> Tensor", static_cast<PlainLoss>(&mse_loss));
  table.add("l1_loss(Tensor input, Tensor target, *, str reduction='mean') -> Tensor", static_cast<PlainLoss>(&l1_loss));
  table.add("smooth_l1_loss(Tensor input, Tensor target, *, str reduction='mean', float beta=1.0) -> Tensor",
            static_cast<NumberLoss>(&smooth_l1_loss));
  table.add("huber_loss(Tensor input, Tensor target, str reduction='mean', float delta=1.0) -> Tensor", static_cast<NumberLoss>(&huber_loss));
  table.add("binary_cross_entropy(Tensor input, Tensor target, Tensor? weight=None, *, str reduction='mean') -> Tensor",
            &with_options::binary_cross_entropy);
  table.add(
      "binary_cross_entropy_with_logits(Tensor input, Tensor target, Tensor? weight=None, *, Tensor? pos_weight=None, str reduction='mean') -> "
      "Tensor",
      &binary_cross_entropy_with_logits);
  table.add("kl_div(Tensor input, Tensor target, *, str reduction='mean', bool log_target=False) -> Tensor",
            static_cast<Tensor (*)(const Tensor&, const Tensor&, Reduction, bool)>(&kl_div));
  table.add("poisson_nll_loss(Tensor input, Tensor target, bool log_input=True, bool full=False, float eps=1e-08, *, str reduction='mean') -> Tensor",
            &poisson_nll_loss);
  table.add("gaussian_nll_loss(Tensor input, Tensor target, Tensor var, bool full=False, float eps=1e-06, str reduction='mean') -> Tensor",
            static_cast<Tensor (*)(const Tensor&, const Tensor&, const Tensor&, GaussianNLLLossOptions)>(&gaussian_nll_loss));
}

}  // namespace lazuli
