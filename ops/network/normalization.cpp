#include "lazuli/ops/network/normalization.h"

#include <limits>

#include "lazuli/autograd/autocast.h"
#include "lazuli/autograd/checkpoint.h"
#include "lazuli/autograd/forward_mode.h"
#include "lazuli/autograd/tape.h"
#include "lazuli/core/error.h"
#include "lazuli/core/slots/normalization_slots.h"
#include "lazuli/core/vmap/levels.h"
#include "lazuli/ops/base/dtype_checks.h"
#include "lazuli/ops/base/pointwise.h"
#include "lazuli/ops/index/gather_checks.h"
#include "lazuli/ops/network/normalization_support.h"
#include "lazuli/ops/pointwise/arithmetic.h"
#include "lazuli/ops/pointwise/binary.h"
#include "lazuli/ops/pointwise/comparison.h"
#include "lazuli/ops/pointwise/operators.h"
#include "lazuli/ops/pointwise/ternary.h"
#include "lazuli/ops/pointwise/unary.h"
#include "lazuli/ops/reduce/reduction.h"
#include "lazuli/ops/reduce/reduction_support.h"
#include "lazuli/ops/reduce/vector_norm.h"
#include "lazuli/ops/shape/copy.h"
#include "lazuli/ops/shape/creation.h"
#include "lazuli/ops/shape/join.h"
#include "lazuli/ops/table/families.h"
#include "lazuli/ops/table/registry.h"

namespace lazuli {
namespace {

constinit const Tensor kUndefined;
const Tensor& given(const OptionalTensor& t) { return t ? *t : kUndefined; }
DType statistics_dtype(DType t) { return t == kFloat64 ? kFloat64 : kFloat32; }

void check_floating(const char* op, const Tensor& input) {
  if (!input.is_floating_point()) fail(ErrorKind::NotSupported, op, "input", "a floating point dtype", name(input.dtype()));
}
void check_place(const char* op, const char* argument, const Tensor& input, const Tensor& t) {
  if (t.defined()) detail::check_device(op, argument, input, t);
}
void check_features(const char* op, const char* argument, const Tensor& t, int64_t features) {
  if (t.defined() && t.numel() != features)
    fail(op, argument, "as many elements as input has features: " + std::to_string(features), "sizes " + to_string(t.sizes()));
}

uint64_t all_but_channels(int64_t rank) { return ((uint64_t(1) << rank) - 1) & ~uint64_t(2); }
// The last `count` of `rank` dimensions.
uint64_t tail_mask(int64_t rank, int64_t count) { return ((uint64_t(1) << count) - 1) << (rank - count); }

// A tensor of [c] seen as [1, c, 1..], differentiable.
Tensor per_channel(const Tensor& t, int64_t rank) {
  Shape sizes = Shape::filled(rank, 1);
  sizes[1] = t.numel();
  return t.reshape(sizes);
}

Tensor mean_of(const Tensor& t, uint64_t mask) { return reduction::sum_masked(t, mask, true) / Scalar(double(reduction::count_of(t.sizes(), mask))); }

// x - mean and 1 / sqrt(var + eps) over the masked dimensions (`centre` false: x itself and its mean square).
struct Normal {
  Tensor centred, rstd;
  Normal(const Tensor& x, uint64_t mask, double eps, bool centre)
      : centred(centre ? x - mean_of(x, mask) : x), rstd(rsqrt(mean_of(centred * centred, mask) + Scalar(eps))) {}
};

// The gradient of the input from that of the normalised values (g, already times weight), through the statistics: differentiable.
Tensor through_statistics(const Tensor& g, const Tensor& normal, const Tensor& rstd, uint64_t mask, bool centre) {
  Tensor inner = centre ? g - mean_of(g, mask) : g;
  return (inner - normal * mean_of(g * normal, mask)) * rstd;
}

Tensor wide(const Tensor& t, const Tensor& statistics) { return t.defined() ? to(t, statistics.dtype()) : t; }

// What a kernel found out about an input, and how: `mean` is undefined where it is not centred.
struct Statistics {
  Tensor mean, rstd;
  uint64_t mask;     // of the dimensions over which they are
  bool of_channels;  // all but these, or the last ones
  double eps;
};

Tensor through_statistics_by_kernel(const Tensor& g, const Tensor& x, const Statistics& s) {
  Tensor none;
  if (s.of_channels) {
    Tensor out = new_like(x, x.dtype());
    batch_norm_backward_kernel(x.device(), out, none, none, g, x, s.mean, s.rstd, none, true);
    return out;
  }
  const int64_t rows = s.rstd.numel(), each = x.numel() / rows;
  const auto as_rows = [&](const Tensor& t) { return alias(t, {rows, each}, {each, 1}, t.storage_offset()); };
  Tensor out = new_tensor(x.sizes(), x.dtype(), x.device()), result = as_rows(out);
  layer_norm_backward_kernel(x.device(), result, none, none, as_rows(dense(g)), as_rows(dense(x)), s.mean, s.rstd, none);
  return out;
}

// The derivative by x of <u, through_statistics(g)>, which is r (<u, g - mean g> - <u, n> mean(g n)) with n = r (x - mean x).
Tensor second_by_input(const Tensor& u, const Tensor& g, const Tensor& x, const Statistics& s) {
  const bool centre = s.mean.defined();
  const Normal both(x, s.mask, s.eps, centre);
  const Tensor &r = both.rstd, n = both.centred * r, gn = mean_of(g * n, s.mask), un = mean_of(u * n, s.mask);
  const Tensor ug = mean_of(u * (centre ? g - mean_of(g, s.mask) : g), s.mask);
  return -(through_statistics(u * gn + g * un, n, r, s.mask, centre) * r + n * (r * r * (ug - un * gn)));
}

// through_statistics as an operator of its own. It is linear in g and its own adjoint, so that a derivative of a normalization along a direction is another call of the backward's kernel.
Tensor to_input(const Tensor& g, const Tensor& x, const Statistics& s) {
  if (x.numel() == 0) return g * x;
  Tensor out;
  {
    const no_grad unrecorded;
    out = through_statistics_by_kernel(g, x, s);
  }
  if (auto tape = Tape::recording(g, x))
    tape.record("normalization_backward", out, [g = tape.save(g, tape.needs(1)), x = tape.save(x), s](const Tensor& u, Needs needs) {
      const Tensor in = x.get();
      return Grads{needs[0] ? to_input(u, in, s) : Tensor(), needs[1] ? second_by_input(u, g.get(), in, s) : Tensor()};
    });
  return out;
}

// The tangent of normal * scale + shift. `with(scale, shift)` is the function itself at the same input: one pass for the tangents of both.
template <class F>
Tensor tangent_of_scaled(const Tensor& of_normal, const Tensor& scale, const Tensor& of_scale, const Tensor& of_shift, const Shape& sizes,
                         DType dtype, F with) {
  Tensor along = of_scale.defined() ? with(of_scale, of_shift) : of_shift.defined() ? of_shift.expand(sizes) : of_shift;
  if (!of_normal.defined()) return along.defined() ? to(along, dtype) : along;
  if (!scale.defined()) return to(sum_of_tangents(of_normal, along), dtype);
  return to(along.defined() ? addcmul(to(along, of_normal.dtype()), of_normal, to(scale, of_normal.dtype())) : of_normal * scale, dtype);
}

Tensor normal_of_channels(const Tensor& in, const Tensor& mean, const Tensor& rstd, bool training, double eps) {
  if (training) return batch_norm(in, {}, {}, {.training = true, .eps = eps});
  return (in - per_channel(mean, in.dim())) * per_channel(rstd, in.dim());
}

// Of a batch norm: what maps the tangents of input, weight and bias to that of the output.
auto batch_norm_tangent(const Tensor& given_in, const Tensor& given_weight, const Tensor& mean, const Tensor& rstd, bool training, double eps,
                        const Tensor& out) {
  return
      [in = keep(given_in), weight = keep(given_weight), mean, rstd, training, eps, sizes = out.sizes(), dtype = out.dtype()](const Grads& tangents) {
        const int64_t rank = sizes.size();
        const auto beside = [&](const Tensor& t) { return t.defined() ? per_channel(t, rank) : t; };
        const Tensor x = wide(in.get(), mean), v = wide(tangents[0], mean);
        Tensor of_normal;
        if (v.defined()) of_normal = training ? to_input(v, x, {mean, rstd, all_but_channels(rank), true, eps}) : v * per_channel(rstd, rank);
        if (training)
          return tangent_of_scaled(of_normal, beside(weight.get()), tangents[1], beside(tangents[2]), sizes, dtype,
                                   [&](const Tensor& scale, const Tensor&) {
                                     const OptionalTensor shift = tangents[2].defined() ? OptionalTensor(wide(tangents[2], mean)) : none;
                                     return batch_norm(x, none, none, {.weight = wide(scale, mean), .bias = shift, .training = true, .eps = eps});
                                   });
        return tangent_of_scaled(of_normal, beside(weight.get()), beside(tangents[1]), beside(tangents[2]), sizes, dtype,
                                 [&](const Tensor& scale, const Tensor& shift) {
                                   const Tensor scaled = normal_of_channels(x, mean, rstd, training, eps) * scale;
                                   return shift.defined() ? scaled + shift : scaled;
                                 });
      };
}

// For a backward that is recorded itself.
Grads batch_norm_backward(const Tensor& grad, const Tensor& given_in, const Tensor& mean, const Tensor& rstd, const Tensor& weight, bool training,
                          double eps, Needs needs) {
  const int64_t rank = grad.dim();
  const uint64_t mask = all_but_channels(rank);
  const Tensor in = wide(given_in, mean), g = wide(weight.defined() ? grad * per_channel(weight, rank) : grad, mean);
  Tensor grad_in;
  if (needs[0]) grad_in = training ? to_input(g, in, {mean, rstd, mask, true, eps}) : g * per_channel(rstd, rank);
  return Grads{grad_in, needs[1] ? reduction::sum_masked(grad * normal_of_channels(in, mean, rstd, training, eps), mask, false) : Tensor(),
               needs[2] ? reduction::sum_masked(grad, mask, false) : Tensor()};
}

// Layer norm (`centre`) and RMS norm.
Tensor over_tail(const char* op, const Tensor& given_input, const Shape& normalized, const Tensor& weight, const Tensor& bias, double eps,
                 bool centre) {
  Tensor input = given_input.is_contiguous() ? given_input : given_input.contiguous();
  int64_t n = normalized.numel(), rows = n ? input.numel() / n : 0, tail = normalized.size();
  DType statistics = statistics_dtype(input.dtype());
  Tensor out = new_tensor(input.sizes(), input.dtype(), input.device()), mean = centre ? new_tensor({rows}, statistics, input.device()) : Tensor(),
         rstd = new_tensor({rows}, statistics, input.device());
  auto as_rows = [rows, n](const Tensor& t) { return alias(t, {rows, n}, {n, 1}, t.storage_offset()); };
  auto flat = [n](const Tensor& t) {
    return t.defined() && t.dim() != 1 ? alias(dense(t), {n}, {1}, t.is_contiguous() ? t.storage_offset() : 0) : t;
  };
  auto tape = Tape::recording(input, weight, bias);
  SavedTensor kept_input = tape.save(input, tape.needs(0) || tape.needs(1)),
              kept_weight = tape.save(weight, tape.needs(0));  // before the kernel: see linear
  if (out.numel()) {
    Tensor result = as_rows(out);
    layer_norm_kernel(out.device(), result, mean, rstd, as_rows(input), flat(weight), flat(bias), eps);
  }
  if (tape)
    tape.record(op, out,
                [op, in = std::move(kept_input), weight = std::move(kept_weight), mean, rstd, tail, n, eps, centre, as_rows, flat](const Tensor& grad,
                                                                                                                                   Needs needs) {
                  Tensor x = in.get(), w = weight.get();
                  int64_t rank = grad.dim();
                  uint64_t mask = tail_mask(rank, tail), others = tail_mask(rank, rank) & ~mask;
                  if (linearizing())
                    return linear_map(grad, needs, [=, x = keep(x), w = keep(w), sizes = grad.sizes(), dtype = grad.dtype()](const Grads& tangents) {
                      const Tensor from = wide(x.get(), rstd), v = wide(tangents[0], rstd);
                      const Tensor of_normal = v.defined() ? to_input(v, from, {mean, rstd, mask, false, eps}) : v;
                      return Grads{tangent_of_scaled(of_normal, w.get(), tangents[1], centre ? tangents[2] : Tensor(), sizes, dtype,
                                                     [&](const Tensor& scale, const Tensor& shift) {
                                                       return over_tail(op, from, Shape(sizes.data() + (sizes.size() - tail), tail),
                                                                        wide(scale, rstd), wide(shift, rstd), eps, centre);
                                                     })};
                    });
                  if (modes.grad || grad.numel() == 0) {
                    const Tensor from = wide(x, rstd), g = wide(w.defined() ? grad * w : grad, rstd);
                    Tensor grad_in = needs[0] ? to_input(g, from, {mean, rstd, mask, false, eps}) : Tensor();
                    const auto normal = [&] { return over_tail(op, from, Shape(grad.sizes().data() + (rank - tail), tail), {}, {}, eps, centre); };
                    return Grads{grad_in, needs[1] ? reduction::sum_masked(grad * normal(), others, false) : Tensor(),
                                 needs[2] ? reduction::sum_masked(grad, others, false) : Tensor()};
                  }
                  Tensor g = dense(grad), grad_in = needs[0] ? new_tensor(x.sizes(), x.dtype(), x.device()) : Tensor(),
                         rows_in = needs[0] ? as_rows(grad_in) : Tensor();
                  Shape sizes(grad.sizes().data() + (rank - tail), tail);
                  Tensor grad_weight = needs[1] ? new_tensor({n}, grad.dtype(), grad.device()) : Tensor(),
                         grad_bias = needs[2] ? new_tensor({n}, grad.dtype(), grad.device()) : Tensor();
                  layer_norm_backward_kernel(grad.device(), rows_in, grad_weight, grad_bias, as_rows(g), x.defined() ? as_rows(x) : as_rows(g), mean,
                                             rstd, flat(w));
                  if (needs[1] && tail != 1) grad_weight = grad_weight.reshape(sizes);
                  if (needs[2] && tail != 1) grad_bias = grad_bias.reshape(sizes);
                  return Grads{grad_in, grad_weight, grad_bias};
                });
  return out;
}

void check_tail(const char* op, const Tensor& input, const Shape& normalized, const Tensor& weight, const Tensor& bias) {
  int64_t tail = normalized.size(), rank = input.dim();
  if (tail == 0) fail(op, "normalized_shape", "at least one dimension", "none");
  bool fits = rank >= tail;
  for (int64_t i = 0; fits && i < tail; ++i) fits = input.sizes()[rank - tail + i] == normalized[i];
  if (!fits) fail(op, "input", "sizes that end in normalized_shape " + to_string(normalized), to_string(input.sizes()));
  if (weight.defined() && !(weight.sizes() == normalized))
    fail(op, "weight", "the sizes of normalized_shape, " + to_string(normalized), to_string(weight.sizes()));
  if (bias.defined() && !(bias.sizes() == normalized))
    fail(op, "bias", "the sizes of normalized_shape, " + to_string(normalized), to_string(bias.sizes()));
  check_place(op, "weight", input, weight);
  check_place(op, "bias", input, bias);
}

}  // namespace

namespace normalization {

Tensor layer_norm_composite(const Tensor& input, const Shape& normalized, const OptionalTensor& weight, const OptionalTensor& bias, double eps) {
  Normal n(input, tail_mask(input.dim(), normalized.size()), eps, true);
  Tensor out = n.centred * n.rstd;
  if (weight) out = out * *weight;
  return bias ? out + *bias : out;
}

Tensor rms_norm_composite(const Tensor& input, const Shape& normalized, const OptionalTensor& weight, double eps) {
  Normal n(input, tail_mask(input.dim(), normalized.size()), eps, false);
  Tensor out = n.centred * n.rstd;
  return weight && weight->defined() ? out * *weight : out;
}

Tensor batch_norm_composite(const Tensor& input, const OptionalTensor& weight, const OptionalTensor& bias, double eps) {
  Normal n(input, all_but_channels(input.dim()), eps, true);
  Tensor out = n.centred * n.rstd;
  if (weight) out = out * per_channel(*weight, input.dim());
  return bias ? out + per_channel(*bias, input.dim()) : out;
}

}  // namespace normalization

namespace {

// The checked arguments of a batch norm, and the tensors that its kernel writes.
struct BatchNormCall {
  Tensor input, scale, shift, mean_then, var_then;
  bool training;
  double momentum, eps;
  Tensor out, mean, rstd;

  BatchNormCall(const char* op, const Tensor& x, const OptionalTensor& running_mean, const OptionalTensor& running_var,
                const BatchNormFunctionOptions& o)
      : input(x), training(o.training), momentum(o.momentum), eps(o.eps) {
    check_members(op, o);
    need_defined(op, input, "input");
    scale = given(o.weight), shift = given(o.bias), mean_then = given(running_mean), var_then = given(running_var);
    if (o.training && autograd::is_recomputing()) mean_then = var_then = Tensor();  // they have counted this batch
    check_floating(op, input);
    if (input.dim() < 2 && !(input.dim() == 1 && input.numel() == 0))
      fail(op, "input", "at least two dimensions, [n, c, ..]", "sizes " + to_string(input.sizes()));
    const int64_t rank = input.dim(), channels = rank > 1 ? input.sizes()[1] : 0, each = reduction::count_of(input.sizes(), all_but_channels(rank));
    const std::pair<const char*, const Tensor*> vectors[] = {
        {"running_mean", &mean_then}, {"running_var", &var_then}, {"weight", &scale}, {"bias", &shift}};
    for (const auto& [argument, t] : vectors) check_features(op, argument, *t, channels);
    for (const auto& [argument, t] : vectors) check_place(op, argument, input, *t);
    if (!training && !(mean_then.defined() && var_then.defined())) fail(op, "running_mean", "running statistics, because training is false", "none");
    if (training && each == 1 && channels > 0) fail(op, "input", "more than 1 value per channel when training", "sizes " + to_string(input.sizes()));
    const DType statistics = statistics_dtype(input.dtype());
    out = new_like(input, input.dtype());
    mean = new_tensor({channels}, statistics, input.device());
    rstd = new_tensor({channels}, statistics, input.device());
  }
  void ran() const {
    if (training && mean_then.defined()) mean_then.storage()->bump_version();
    if (training && var_then.defined()) var_then.storage()->bump_version();
  }
};

Tensor empty_where(bool needed, const Tensor& like) { return needed ? new_tensor(like.sizes(), like.dtype(), like.device()) : Tensor(); }

}  // namespace

Tensor with_options::batch_norm(const Tensor& input, const OptionalTensor& running_mean, const OptionalTensor& running_var,
                                BatchNormFunctionOptions options) {
  BatchNormCall c("batch_norm", input, running_mean, running_var, options);
  if (c.out.numel()) {
    batch_norm_kernel(c.out.device(), c.out, c.mean, c.rstd, input, c.scale, c.shift, c.mean_then, c.var_then, c.training, c.momentum, c.eps);
    c.ran();
  }
  if (auto tape = Tape::recording(input, c.scale, c.shift))
    tape.record(
        "batch_norm", c.out,
        [in = tape.save(input, tape.needs(0) || tape.needs(1)), mean = c.mean, rstd = c.rstd, weight = tape.save(c.scale, tape.needs(0)),
         training = c.training, eps = c.eps](const Tensor& grad, Needs needs) {
          Tensor x = in.get(), w = weight.get();
          if (grad.numel() == 0)
            return Grads{needs[0] ? grad * Scalar(1) : Tensor(), needs[1] ? mean * Scalar(0) : Tensor(), needs[2] ? mean * Scalar(0) : Tensor()};
          if (linearizing())
            return linear_map(grad, needs, [tangent = batch_norm_tangent(x, w, mean, rstd, training, eps, grad)](const Grads& tangents) {
              return Grads{tangent(tangents)};
            });
          if (modes.grad) return batch_norm_backward(grad, x, mean, rstd, w, training, eps, needs);
          Tensor grad_in = needs[0] ? new_like(x, x.dtype()) : Tensor();
          Tensor grad_weight = empty_where(needs[1], mean), grad_bias = empty_where(needs[2], mean);
          batch_norm_backward_kernel(grad.device(), grad_in, grad_weight, grad_bias, grad, x.defined() ? x : grad, mean, rstd, w, training);
          return Grads{grad_in, grad_weight, grad_bias};
        });
  return c.out;
}

Tensor batch_norm_relu(const Tensor& input, const OptionalTensor& residual, const OptionalTensor& running_mean, const OptionalTensor& running_var,
                       BatchNormFunctionOptions options) {
  const Tensor& added = given(residual);
  BatchNormCall c("batch_norm_relu", input, running_mean, running_var, options);
  if (added.defined()) {
    check_place("batch_norm_relu", "residual", input, added);
    if (!(added.sizes() == input.sizes())) fail("batch_norm_relu", "residual", "sizes " + to_string(input.sizes()), to_string(added.sizes()));
    if (added.dtype() != input.dtype())
      fail(ErrorKind::Type, "batch_norm_relu", "residual", "the dtype of input, " + std::string(name(input.dtype())), name(added.dtype()));
  }
  if (c.out.numel()) {
    batch_norm_relu_kernel(c.out.device(), c.out, c.mean, c.rstd, input, added, c.scale, c.shift, c.mean_then, c.var_then, c.training, c.momentum,
                           c.eps);
    c.ran();
  }
  if (auto tape = Tape::recording(input, c.scale, c.shift, added))
    tape.record("batch_norm_relu", c.out,
                [in = tape.save(input), mean = c.mean, rstd = c.rstd, weight = tape.save(c.scale, tape.needs(0)), out = tape.save_output(c.out),
                 training = c.training, eps = c.eps](const Tensor& grad, Needs needs) {
                  Tensor x = in.get(), w = weight.get(), y = out.get();
                  if (linearizing())
                    return linear_map(grad, needs,
                                      [tangent = batch_norm_tangent(x, w, mean, rstd, training, eps, grad), out = y.detach()](const Grads& tangents) {
                                        return Grads{masked_fill(sum_of_tangents(tangent(tangents), tangents[3]), out <= Scalar(0), Scalar(0))};
                                      });
                  if (modes.grad || grad.numel() == 0) {
                    Tensor before = where(y.detach() <= Scalar(0), zeros_like(grad), grad);
                    Grads inner = batch_norm_backward(before, x, mean, rstd, w, training, eps, needs);
                    return Grads{inner[0], inner[1], inner[2], needs[3] ? before : Tensor()};
                  }
                  Tensor grad_in = needs[0] ? new_like(x, x.dtype()) : Tensor(), grad_residual = needs[3] ? new_like(x, x.dtype()) : Tensor();
                  Tensor grad_weight = empty_where(needs[1], mean), grad_bias = empty_where(needs[2], mean);
                  batch_norm_relu_backward_kernel(grad.device(), grad_in, grad_residual, grad_weight, grad_bias, grad, y, x, mean, rstd, w, training);
                  return Grads{grad_in, grad_weight, grad_bias, grad_residual};
                });
  return c.out;
}

Tensor instance_norm(const Tensor& input, InstanceNormFunctionOptions options) {
  need_defined("instance_norm", input, "input");
  check_members("instance_norm", options);
  const auto& [running_mean, running_var, weight, bias, use_input_stats, momentum, eps] = options;
  check_floating("instance_norm", input);
  if (input.dim() < 2) fail("instance_norm", "input", "at least two dimensions, [n, c, ..]", "sizes " + to_string(input.sizes()));
  Tensor mean_then = given(running_mean), var_then = given(running_var);
  int64_t n = input.sizes()[0], c = input.sizes()[1], each = reduction::count_of(input.sizes(), all_but_channels(input.dim()) & ~uint64_t(1));
  if (!use_input_stats && !(mean_then.defined() && var_then.defined()))
    fail("instance_norm", "running_mean", "running statistics, because use_input_stats is false", "none");
  if (use_input_stats && each == 1 && n * c > 0)
    fail("instance_norm", "input", "more than 1 spatial element when training", "sizes " + to_string(input.sizes()));
  check_features("instance_norm", "running_mean", mean_then, c);
  check_features("instance_norm", "running_var", var_then, c);
  check_features("instance_norm", "weight", given(weight), c);
  check_features("instance_norm", "bias", given(bias), c);
  auto repeated = [&](const OptionalTensor& t) { return t && t->defined() ? OptionalTensor(t->unsqueeze(0).expand({n, c}).reshape(n * c)) : none; };
  auto owned = [&](const Tensor& t) { return t.defined() ? OptionalTensor(expanded(t.detach(), {n, c}).clone().reshape(n * c)) : none; };
  Shape sizes = input.sizes();
  sizes[1] = n * c;
  sizes[0] = 1;
  OptionalTensor mean_each = owned(mean_then), var_each = owned(var_then);
  Tensor out =
      batch_norm(input.reshape(sizes), mean_each, var_each, repeated(weight), repeated(bias), use_input_stats, momentum, eps).reshape(input.sizes());
  if (use_input_stats && input.numel()) {
    no_grad unrecorded;
    if (mean_each) mean_then.copy_(mean(mean_each->reshape({n, c}), 0));
    if (var_each) var_then.copy_(mean(var_each->reshape({n, c}), 0));
  }
  return out;
}

Tensor with_options::layer_norm(const Tensor& input, const Shape& normalized_shape, LayerNormFunctionOptions options) {
  if (const Casting cast{Cast::Float32OnGpu, input, options}) return layer_norm(cast(input), normalized_shape, cast(options));
  need_defined("layer_norm", input, "input");
  check_members("layer_norm", options);
  const auto& [weight, bias, eps] = options;
  check_floating("layer_norm", input);
  check_tail("layer_norm", input, normalized_shape, given(weight), given(bias));
  return over_tail("layer_norm", input, normalized_shape, given(weight), given(bias), eps, true);
}

Tensor rms_norm(const Tensor& input, const Shape& normalized_shape, const OptionalTensor& weight, std::optional<double> eps) {
  need_defined("rms_norm", input, "input");
  if (!is_differentiable(input.dtype())) fail(ErrorKind::NotSupported, "rms_norm", "input", "a floating point or complex dtype", name(input.dtype()));
  check_tail("rms_norm", input, normalized_shape, given(weight), {});
  double e = eps                                     ? *eps
             : real_dtype(input.dtype()) == kFloat64 ? std::numeric_limits<double>::epsilon()
                                                     : double(std::numeric_limits<float>::epsilon());
  if (input.is_complex()) return normalization::rms_norm_composite(input, normalized_shape, weight, e);
  return over_tail("rms_norm", input, normalized_shape, given(weight), {}, e, false);
}

namespace {

// For a backward that is recorded itself.
Grads group_norm_backward(const Tensor& grad, const Tensor& input, const Tensor& weight, const Tensor& mean, const Tensor& rstd, int64_t groups,
                          double eps, Needs needs) {
  const int64_t rank = grad.dim(), n = grad.sizes()[0], each = grad.numel() / std::max<int64_t>(1, n * groups);
  const Shape by_group{n, groups, each};
  const uint64_t all = all_but_channels(rank);
  const Tensor x = wide(input, rstd).reshape(by_group), g = wide(weight.defined() ? grad * per_channel(weight, rank) : grad, rstd);
  const auto normal = [&] { return over_tail("group_norm", x, {each}, {}, {}, eps, true).reshape(grad.sizes()); };
  return Grads{needs[0] ? to_input(g.reshape(by_group), x, {mean, rstd, tail_mask(3, 1), false, eps}).reshape(grad.sizes()) : Tensor(),
               needs[1] ? reduction::sum_masked(grad * normal(), all, false) : Tensor(),
               needs[2] ? reduction::sum_masked(grad, all, false) : Tensor()};
}

// For a function that is linearized.
auto group_norm_tangent(const Tensor& input, const Tensor& given_weight, const Tensor& mean, const Tensor& rstd, int64_t groups, double eps,
                        const Tensor& out) {
  return [in = keep(input), weight = keep(given_weight), mean, rstd, groups, eps, sizes = out.sizes(), dtype = out.dtype()](const Grads& tangents) {
    const int64_t rank = sizes.size(), each = sizes.numel() / std::max<int64_t>(1, sizes[0] * groups);
    const Shape by_group{sizes[0], groups, each};
    const auto beside = [&](const Tensor& t) { return t.defined() ? per_channel(t, rank) : t; };
    const Tensor x = wide(in.get(), rstd).reshape(by_group), v = wide(tangents[0], rstd);
    Tensor of_normal;
    if (v.defined()) of_normal = to_input(v.reshape(by_group), x, {mean, rstd, tail_mask(3, 1), false, eps}).reshape(sizes);
    return Grads{tangent_of_scaled(of_normal, beside(weight.get()), beside(tangents[1]), beside(tangents[2]), sizes, dtype,
                                   [&](const Tensor& scale, const Tensor& shift) {
                                     const Tensor scaled = over_tail("group_norm", x, {each}, {}, {}, eps, true).reshape(sizes) * scale;
                                     return shift.defined() ? scaled + shift : scaled;
                                   })};
  };
}

// Whether the slot can do it, and channels are long enough; hidden dimensions go the other way.
bool group_norm_slot_pays(const Tensor& input, const Tensor& weight, const Tensor& bias) {
  constexpr int64_t kPlaces = 16;
  const auto fits = [](const Tensor& t) { return !t.defined() || (t.dim() == 1 && !batching::is_batched(t)); };
  return input.numel() >= kPlaces * input.sizes()[0] * input.sizes()[1] && !batching::is_batched(input) && fits(weight) && fits(bias) &&
         group_norm_kernel.supports(input.device(), input.dtype());
}

Tensor group_norm_by_slot(const Tensor& given_input, int64_t groups, const Tensor& weight, const Tensor& bias, double eps) {
  const Tensor input = given_input.is_contiguous() ? given_input : given_input.contiguous();
  const int64_t n = input.sizes()[0], c = input.sizes()[1];
  const DType statistics = statistics_dtype(input.dtype());
  Tensor out = new_tensor(input.sizes(), input.dtype(), input.device()), mean = new_tensor({n * groups}, statistics, input.device()),
         rstd = new_tensor({n * groups}, statistics, input.device());
  if (out.numel()) group_norm_kernel(out.device(), out, mean, rstd, input, weight, bias, groups, eps);
  if (auto tape = Tape::recording(input, weight, bias))
    tape.record("group_norm", out,
                [in = tape.save(input), weight = tape.save(weight, tape.needs(0)), mean, rstd, n, c, groups, eps](const Tensor& grad, Needs needs) {
                  const Tensor x = in.get(), w = weight.get();
                  if (linearizing()) return linear_map(grad, needs, group_norm_tangent(x, w, mean, rstd, groups, eps, grad));
                  if (modes.grad || grad.numel() == 0 || batching::is_batched(grad))
                    return group_norm_backward(grad, x, w, mean, rstd, groups, eps, needs);
                  Tensor grad_in = needs[0] ? new_tensor(x.sizes(), x.dtype(), x.device()) : Tensor();
                  Tensor grad_weight = needs[1] ? new_tensor({c}, grad.dtype(), grad.device()) : Tensor(),
                         grad_bias = needs[2] ? new_tensor({c}, grad.dtype(), grad.device()) : Tensor();
                  group_norm_backward_kernel(grad.device(), grad_in, grad_weight, grad_bias, dense(grad), x, mean, rstd, w, groups);
                  return Grads{grad_in, grad_weight, grad_bias};
                });
  return out;
}

}  // namespace

Tensor with_options::group_norm(const Tensor& input, int64_t num_groups, GroupNormFunctionOptions options) {
  if (const Casting cast{Cast::Float32OnGpu, input, options}) return group_norm(cast(input), num_groups, cast(options));
  need_defined("group_norm", input, "input");
  check_members("group_norm", options);
  const auto& [weight, bias, eps] = options;
  check_floating("group_norm", input);
  if (input.dim() < 2) fail("group_norm", "input", "at least two dimensions, [n, c, ..]", "sizes " + to_string(input.sizes()));
  int64_t n = input.sizes()[0], c = input.sizes()[1];
  if (num_groups <= 0 || c % num_groups)
    fail("group_norm", "num_groups", "a divisor of the " + std::to_string(c) + " channels", std::to_string(num_groups));
  if (c == 0) fail("group_norm", "input", "at least one channel", "sizes " + to_string(input.sizes()));
  for (int64_t d = 2; d < input.dim(); ++d)
    if (input.sizes()[d] == 0) fail("group_norm", "input", "at least one element in each channel", "sizes " + to_string(input.sizes()));
  if (input.numel() == num_groups && n <= 1) fail("group_norm", "input", "more than 1 value per channel", "sizes " + to_string(input.sizes()));
  check_features("group_norm", "weight", given(weight), c);
  check_features("group_norm", "bias", given(bias), c);
  const bool scaled = weight && weight->defined(), shifted = bias && bias->defined();
  if (group_norm_slot_pays(input, given(weight), given(bias))) return group_norm_by_slot(input, num_groups, given(weight), given(bias), eps);
  int64_t each = n * num_groups > 0 ? input.numel() / (n * num_groups) : 0;
  Tensor out = over_tail("group_norm", input.reshape({n, num_groups, each}), {each}, {}, {}, eps, true).reshape(input.sizes());
  const auto of_channels = [&](const Tensor& t) { return to(per_channel(t, input.dim()), out.dtype()); };
  if (scaled && shifted) return addcmul(of_channels(*bias), out, of_channels(*weight));
  return scaled ? out * of_channels(*weight) : shifted ? out + of_channels(*bias) : out;
}

Tensor local_response_norm(const Tensor& input, int64_t size, LocalResponseNormOptions options) {
  need_defined("local_response_norm", input, "input");
  check_members("local_response_norm", options);
  const auto& [alpha, beta, k] = options;
  if (input.dim() < 3) fail("local_response_norm", "input", "at least three dimensions, [n, c, ..]", "sizes " + to_string(input.sizes()));
  if (size < 1) fail("local_response_norm", "size", "a number of channels above 0", std::to_string(size));
  if (input.numel() == 0) return input;
  if (input.dtype() == kFloat16 || input.dtype() == kBFloat16)  // which do not have the squares
    return to(local_response_norm(to(input, kFloat32), size, options), input.dtype());
  Tensor squares = input * input, around = squares;
  int64_t c = input.sizes()[1];
  int64_t first = std::max(-(size / 2), 1 - c), last = std::min((size - 1) / 2, c - 1);
  for (int64_t step = first; step <= last; ++step) {  // channel j gets that of j + step
    if (step == 0) continue;
    Shape sizes = input.sizes();
    sizes[1] = std::abs(step);
    Tensor zeros = new_tensor(sizes, squares.dtype(), squares.device()), part = squares.narrow(1, std::max<int64_t>(step, 0), c - std::abs(step));
    fill_kernel(zeros.device(), zeros, 0);
    around = around + (step < 0 ? cat({zeros, part}, 1) : cat({part, zeros}, 1));
  }
  Tensor average = is_integral(around.dtype()) ? div(around, Scalar(size), std::string("trunc")) : around / Scalar(double(size));
  return input / pow(average * Scalar(alpha) + Scalar(k), Scalar(beta));
}

Tensor with_options::normalize(const Tensor& input, NormalizeOptions options) {
  need_defined("normalize", input, "input");
  check_members("normalize", options);
  const auto& [p, dim, eps] = options;
  if (input.dtype() != kFloat16 && input.dtype() != kBFloat16) return input / clamp_min(norm(input, p, dim, true), Scalar(eps));
  return to(normalize(to(input, kFloat32), options), input.dtype());  // eps is 0 in half precision
}

void register_normalization(OpTable& table) {
  table.add(
      "batch_norm(Tensor input, Tensor? running_mean, Tensor? running_var, Tensor? weight=None, Tensor? bias=None, bool training=False, float "
      "momentum=0.1, float eps=1e-05) -> Tensor",
      &with_options::batch_norm);
  table.add(
      "batch_norm_relu(Tensor input, Tensor? residual, Tensor? running_mean, Tensor? running_var, Tensor? weight=None, Tensor? bias=None, bool "
      "training=False, float momentum=0.1, float eps=1e-05) -> Tensor",
      &batch_norm_relu);
  table.add(
      "instance_norm(Tensor input, Tensor? running_mean=None, Tensor? running_var=None, Tensor? weight=None, Tensor? bias=None, bool "
      "use_input_stats=True, float momentum=0.1, "
      "float eps=1e-05) -> Tensor",
      &instance_norm);
  table.add("layer_norm(Tensor input, int[] normalized_shape, Tensor? weight=None, Tensor? bias=None, float eps=1e-05) -> Tensor",
            &with_options::layer_norm);
  table.add("rms_norm(Tensor input, int[] normalized_shape, Tensor? weight=None, float? eps=None) -> Tensor", &rms_norm);
  table.add("group_norm(Tensor input, int num_groups, Tensor? weight=None, Tensor? bias=None, float eps=1e-05) -> Tensor", &with_options::group_norm);
  table.add("local_response_norm(Tensor input, int size, float alpha=0.0001, float beta=0.75, float k=1.0) -> Tensor", &local_response_norm);
  table.add("normalize(Tensor input, float p=2.0, int dim=1, float eps=1e-12) -> Tensor", &with_options::normalize);
}

}  // namespace lazuli
