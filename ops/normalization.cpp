#include "lazuli/ops/normalization.h"

#include "lazuli/autograd/tape.h"
#include "lazuli/core/error.h"
#include "lazuli/ops/arithmetic.h"
#include "lazuli/ops/families.h"
#include "lazuli/ops/pointwise.h"
#include "lazuli/ops/reduction_support.h"
#include "lazuli/ops/registry.h"

namespace lazuli {
namespace {

constinit const Tensor kUndefined;
const Tensor& given(const OptionalTensor& t) { return t ? *t : kUndefined; }
DType statistics_dtype(DType t) { return t == kFloat64 ? kFloat64 : kFloat32; }

void check_floating(const char* op, const Tensor& input) {
  if (!input.is_floating_point()) fail(ErrorKind::NotSupported, op, "input", "a floating point dtype", name(input.dtype()));
}

void check_features(const char* op, const char* argument, const Tensor& t, int64_t features) {
  if (t.defined() && t.numel() != features)
    fail(op, argument, "as many elements as input has features: " + std::to_string(features), "sizes " + to_string(t.sizes()));
}

uint64_t all_but_channels(int64_t rank) { return ((uint64_t(1) << rank) - 1) & ~uint64_t(2); }

// A tensor of [c] seen as [1, c, 1..], differentiable.
Tensor per_channel(const Tensor& t, int64_t rank) {
  Shape sizes = Shape::filled(rank, 1);
  sizes[1] = t.numel();
  return t.reshape(sizes);
}

// Differentiable gradients of batch norm, for a backward that is recorded itself: the textbook formulas with the statistics computed again from the input.
Grads batch_norm_backward(const Tensor& grad, const Tensor& in, const Tensor& mean, const Tensor& rstd, const Tensor& weight, bool training, double eps, Needs needs) {
  int64_t rank = in.dim();
  uint64_t mask = all_but_channels(rank);
  Tensor m, r;
  if (training) {
    Scalar count(double(reduce::count_of(in.sizes(), mask)));
    m = div(reduce::sum_masked(in, mask, true), count);
    Tensor centred = sub(in, m);
    r = add(div(reduce::sum_masked(mul(centred, centred), mask, true), count), Scalar(eps)).pow(-0.5);
  } else {
    m = per_channel(mean, rank), r = per_channel(rstd, rank);
  }
  Tensor normal = mul(sub(in, m), r), grad_in;
  if (needs[0]) {
    Tensor g = weight.defined() ? mul(grad, per_channel(weight, rank)) : grad;
    if (training) {
      Scalar count(double(reduce::count_of(in.sizes(), mask)));
      Tensor first = div(reduce::sum_masked(g, mask, true), count), second = div(reduce::sum_masked(mul(g, normal), mask, true), count);
      g = sub(sub(g, first), mul(normal, second));
    }
    grad_in = mul(g, r);
  }
  return Grads{grad_in, needs[1] ? reduce::sum_masked(mul(grad, normal), mask, false) : Tensor(), needs[2] ? reduce::sum_masked(grad, mask, false) : Tensor()};
}

}  // namespace

Tensor batch_norm(const Tensor& input, const OptionalTensor& running_mean, const OptionalTensor& running_var, const OptionalTensor& weight, const OptionalTensor& bias, bool training,
                  double momentum, double eps) {
  const Tensor &scale = given(weight), &shift = given(bias);
  check_floating("batch_norm", input);
  if (input.dim() < 2) fail("batch_norm", "input", "at least two dimensions, [n, c, ..]", "sizes " + to_string(input.sizes()));
  int64_t channels = input.sizes()[1], rank = input.dim(), each = reduce::count_of(input.sizes(), all_but_channels(rank));
  Tensor mean_then = given(running_mean), var_then = given(running_var);
  check_features("batch_norm", "running_mean", mean_then, channels);
  check_features("batch_norm", "running_var", var_then, channels);
  check_features("batch_norm", "weight", scale, channels);
  check_features("batch_norm", "bias", shift, channels);
  if (!training && !(mean_then.defined() && var_then.defined())) fail("batch_norm", "running_mean", "running statistics, because training is false", "none");
  if (training && each == 1 && channels > 0) fail("batch_norm", "input", "more than 1 value per channel when training", "sizes " + to_string(input.sizes()));
  DType statistics = statistics_dtype(input.dtype());
  Tensor out = new_output_like(input, input.dtype());
  Tensor mean = new_tensor({channels}, statistics, input.device()), rstd = new_tensor({channels}, statistics, input.device());
  if (out.numel()) {
    bool direct = (!mean_then.defined() || mean_then.dtype() == statistics) && (!var_then.defined() || var_then.dtype() == statistics);
    Tensor m = direct || !mean_then.defined() ? mean_then : casted(mean_then, statistics), v = direct || !var_then.defined() ? var_then : casted(var_then, statistics);
    batch_norm_kernel(out.device(), out, mean, rstd, input, scale, shift, m, v, training, momentum, eps);
    if (training) {
      if (!direct && m.defined()) copy_kernel(out.device(), mean_then, m);
      if (!direct && v.defined()) copy_kernel(out.device(), var_then, v);
      if (m.defined()) mean_then.storage()->bump_version();
      if (v.defined()) var_then.storage()->bump_version();
    }
  }
  if (auto tape = Tape::recording(input, scale, shift))
    tape.record("batch_norm", out, [in = tape.save(input, tape.needs(0) || tape.needs(1)), mean, rstd, weight = tape.save(scale, tape.needs(0)), training, eps](const Tensor& grad, Needs needs) {
      Tensor x = in.get(), w = weight.get();
      if (modes.grad) return batch_norm_backward(grad, x, mean, rstd, w, training, eps, needs);
      Tensor grad_in = needs[0] ? new_output_like(x, x.dtype()) : Tensor();
      Tensor grad_weight = needs[1] ? new_tensor(mean.sizes(), grad.dtype(), grad.device()) : Tensor(), grad_bias = needs[2] ? new_tensor(mean.sizes(), grad.dtype(), grad.device()) : Tensor();
      batch_norm_backward_kernel(grad.device(), grad_in, grad_weight, grad_bias, grad, x, mean, rstd, w, training);
      return Grads{grad_in, grad_weight, grad_bias};
    });
  return out;
}

void register_normalization(OpTable& table) {
  table.add("batch_norm(Tensor input, Tensor? running_mean, Tensor? running_var, Tensor? weight=None, Tensor? bias=None, bool training=False, float momentum=0.1, float eps=1e-05) -> Tensor",
            &batch_norm);
}

}  // namespace lazuli
