#include "lazuli/ops/network/dropout.h"

#include <cmath>

#include "lazuli/autograd/tape.h"
#include "lazuli/core/error.h"
#include "lazuli/core/warning.h"
#include "lazuli/ops/base/dtype_checks.h"
#include "lazuli/ops/base/pointwise.h"
#include "lazuli/ops/base/target.h"
#include "lazuli/ops/pointwise/operators.h"
#include "lazuli/ops/pointwise/ternary.h"
#include "lazuli/ops/table/families.h"
#include "lazuli/ops/table/registry.h"

namespace lazuli {
namespace {

using OGenerator = std::optional<Generator>;

template <class Options>
void check(const char* op, const Tensor& input, const Options& options) {
  check_members(op, options);
  if (!is_differentiable(input.dtype())) fail(ErrorKind::NotSupported, op, "input", "a floating point or complex dtype", name(input.dtype()));
}

struct Dropped {
  Tensor out, mask;
};
Dropped run(const Tensor& input, double p, const OGenerator& generator) {
  Tensor in = dense(input);
  Dropped d{new_tensor(in.sizes(), in.dtype(), in.device()), new_tensor(in.sizes(), kBool, in.device())};
  if (in.numel())
    dropout_kernel(in.device(), d.out, d.mask, in, p, (generator ? *generator : default_generator()).take(uint64_t(in.numel() + 3) / 4));
  return d;
}

// 1 / (1 - p) or 0 for each channel of [n, c, ..], as [n, c, 1..].
Tensor channel_noise(const char* op, const Tensor& input, double p, const OGenerator& generator) {
  if (input.dim() < 2) fail(op, "input", "at least two dimensions, [n, c, ..]", "sizes " + to_string(input.sizes()));
  Shape sizes = Shape::filled(input.dim(), 1);
  for (int64_t i = 0; i < 2; ++i) sizes[i] = input.sizes()[i];
  Tensor ones = new_tensor(sizes, input.dtype(), input.device());
  if (ones.numel()) fill_kernel(ones.device(), ones, 1);
  return run(ones, p, generator).out;
}

// `batch`: with the first dimension.
Tensor channels(const char* op, const Tensor& input, const DropoutFunctionOptions& options, bool batch) {
  const auto& [p, training, generator] = options;
  if (!training || p == 0 || input.numel() == 0) return input;
  if (batch) return input * channel_noise(op, input, p, generator);
  return (input.unsqueeze(0) * channel_noise(op, input.unsqueeze(0).detach(), p, generator)).squeeze(Shape{0});
}

// PyTorch computes other inputs too, and says that it will not for ever.
void discourage(const char* op, const Tensor& input, int64_t single, int64_t batched) {
  if (input.dim() != single && input.dim() != batched)
    warn_once(std::string(op) + ": an input of " + std::to_string(input.dim()) + " dimensions is no image: " + std::to_string(single) + " or " +
              std::to_string(batched) + " are meant; `dropout` takes any");
}

// Kept elements become a * x + b, dropped ones a * (the limit) + b; mask 1 where kept.
Tensor alpha_mix(const Tensor& input, const Tensor& mask, double p) {
  constexpr double limit = 1.7580993408473766;  // scale * alpha of SELU
  double a = p < 1 ? 1 / std::sqrt((limit * limit * p + 1) * (1 - p)) : 0, b = limit * a;
  return input * (mask * Scalar(a)) + ((mask - Scalar(1)) * Scalar(b) + Scalar(b * p));
}

}  // namespace

Tensor with_options::dropout(const Tensor& input, DropoutFunctionOptions options) {
  need_defined("dropout", input, "input");
  check("dropout", input, options);
  if (!options.training || options.p == 0 || input.numel() == 0) return input;
  Dropped d = run(input, options.p, options.generator);
  if (auto tape = Tape::recording(input))
    tape.record("dropout", d.out, [mask = tape.save(d.mask), p = options.p](const Tensor& grad, Needs) {
      return Grads{where(mask.get(), grad * Scalar(p < 1 ? 1 / (1 - p) : 0.0), Scalar(0))};
    });
  return d.out;
}

Tensor& with_options::dropout_(const Tensor& input, DropoutFunctionOptions options) {
  need_defined("dropout_", input, "input");
  return in_place_aside("dropout_", input, {}, [&](const Tensor& old) { return dropout(old, options); });
}

Tensor with_options::dropout1d(const Tensor& input, DropoutFunctionOptions options) {
  const char* op = "dropout1d";
  need_defined(op, input, "input");
  check(op, input, options);
  if (input.dim() != 2 && input.dim() != 3) fail(op, "input", "3 or 2 dimensions", "sizes " + to_string(input.sizes()));
  return channels(op, input, options, input.dim() == 3);
}
Tensor with_options::dropout2d(const Tensor& input, DropoutFunctionOptions options) {
  const char* op = "dropout2d";
  need_defined(op, input, "input");
  check(op, input, options);
  discourage(op, input, 3, 4);
  return channels(op, input, options, true);
}
Tensor with_options::dropout3d(const Tensor& input, DropoutFunctionOptions options) {
  const char* op = "dropout3d";
  need_defined(op, input, "input");
  check(op, input, options);
  discourage(op, input, 4, 5);
  return channels(op, input, options, input.dim() == 5);
}

Tensor with_options::alpha_dropout(const Tensor& input, AlphaDropoutFunctionOptions options) {
  need_defined("alpha_dropout", input, "input");
  check("alpha_dropout", input, options);
  const auto& [p, training, generator] = options;
  if (!training || p == 0 || input.numel() == 0) return input;
  return alpha_mix(input, casted(run(input.detach(), p, generator).mask, input.dtype()), p);
}

Tensor with_options::feature_alpha_dropout(const Tensor& input, AlphaDropoutFunctionOptions options) {
  need_defined("feature_alpha_dropout", input, "input");
  check("feature_alpha_dropout", input, options);
  const auto& [p, training, generator] = options;
  if (!training || p == 0 || input.numel() == 0) return input;
  return alpha_mix(input, channel_noise("feature_alpha_dropout", input.detach(), p, generator) * Scalar(1 - p), p);
}

void register_dropout(OpTable& table) {
  table.add("dropout(Tensor input, float p=0.5, bool training=True, *, Generator? generator=None) -> Tensor", &with_options::dropout);
  table.add("dropout_(Tensor(a!) input, float p=0.5, bool training=True, *, Generator? generator=None) -> Tensor(a!)", &with_options::dropout_);
  table.add("dropout1d(Tensor input, float p=0.5, bool training=True, *, Generator? generator=None) -> Tensor", &with_options::dropout1d);
  table.add("dropout2d(Tensor input, float p=0.5, bool training=True, *, Generator? generator=None) -> Tensor", &with_options::dropout2d);
  table.add("dropout3d(Tensor input, float p=0.5, bool training=True, *, Generator? generator=None) -> Tensor", &with_options::dropout3d);
  table.add("alpha_dropout(Tensor input, float p=0.5, bool training=False, *, Generator? generator=None) -> Tensor", &with_options::alpha_dropout);
  table.add("feature_alpha_dropout(Tensor input, float p=0.5, bool training=False, *, Generator? generator=None) -> Tensor",
            &with_options::feature_alpha_dropout);
}

}  // namespace lazuli
