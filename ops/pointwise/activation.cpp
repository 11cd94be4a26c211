#include "lazuli/ops/pointwise/activation.h"

#include "lazuli/autograd/autocast.h"
#include "lazuli/core/error.h"
#include "lazuli/ops/base/dtype_checks.h"
#include "lazuli/ops/pointwise/arithmetic.h"
#include "lazuli/ops/pointwise/comparison.h"
#include "lazuli/ops/pointwise/operators.h"
#include "lazuli/ops/pointwise/special.h"
#include "lazuli/ops/pointwise/ternary.h"
#include "lazuli/ops/pointwise/unary.h"
#include "lazuli/ops/pointwise/unary_formula.h"
#include "lazuli/ops/shape/copy.h"
#include "lazuli/ops/table/families.h"
#include "lazuli/ops/table/registry.h"

namespace lazuli {
namespace {

constexpr DTypeRule kSame = DTypeRule::Same;
constexpr double kRootHalf = 0.70710678118654752440, kRootTwoOverPi = 0.79788456080286535588, kInverseRootTwoPi = 0.39894228040143267794;

// As it is in the dtype, so that what was clamped to a limit equals it.
double rounded(double limit, DType dtype) {
  return dtype == kFloat16 ? double(float(Half(float(limit)))) : dtype == kBFloat16 ? double(float(BFloat16(float(limit)))) : limit;
}

// min(x, 0), whose gradient at 0 is 0.
Tensor negative_part(const Tensor& x) { return where(x >= 0, 0, x); }

double check_number(const char* op, const char* argument, const Scalar& value) {
  if (value.is_complex()) fail(ErrorKind::Type, op, argument, "a real number", to_string(value));
  return value.to<double>();
}

}  // namespace

Tensor relu(Target target, const Tensor& self) {
  refuse_bool("relu", self);
  refuse_complex("relu", self);
  if (is_integral(self.dtype())) return clamp_min(self, 0);
  return unary_of_output(target, "relu", UnaryOp::Relu, self, kSame, [](const Tensor& grad, const Tensor& y) {
    return fused_gradient(BinaryOp::ReluGrad, grad, y, [](const Tensor& g, const Tensor& result) { return where(result <= 0, 0, g); });
  });
}
Tensor relu(const Tensor& self) { return relu(Target(), self); }
Tensor& relu_(const Tensor& self) { return in_place("relu_", self, SelfIs::NotSaved, relu); }

Tensor hardtanh(Target target, const Tensor& self, const Scalar& min_val, const Scalar& max_val, Keeps keeps) {
  refuse_bool("hardtanh", self);
  refuse_complex("hardtanh", self);
  double low = check_number("hardtanh", "min_val", min_val), high = check_number("hardtanh", "max_val", max_val);
  if (!(low <= high)) fail("hardtanh", "min_val", "a number not above max_val, " + to_string(max_val), to_string(min_val));
  if (is_integral(self.dtype())) {
    check_fits("hardtanh", "min_val", min_val, kInt64);
    check_fits("hardtanh", "max_val", max_val, kInt64);
    if (self.dtype() == kUInt8 && high < 0) fail("hardtanh", "max_val", "a limit that is not negative, for uint8", to_string(max_val));
    return clamp(self, Scalar(min_val.to<int64_t>()), Scalar(max_val.to<int64_t>()));
  }
  low = rounded(low, self.dtype());
  high = rounded(high, self.dtype());
  return unary_of(keeps, target, "hardtanh", UnaryOp::Hardtanh, self, kSame,
                  [low, high](const Tensor& grad, const Tensor& y) {
                    return fused_gradient(BinaryOp::HardtanhGrad, grad, y,
                                          [&](const Tensor& g, const Tensor& result) { return where((result > low) & (result < high), g, 0); },
                                          {low, high});
                  },
                  {low, high});
}
Tensor hardtanh(const Tensor& self, const Scalar& min_val, const Scalar& max_val) { return hardtanh(Target(), self, min_val, max_val, Keeps::Input); }
Tensor& hardtanh_(const Tensor& self, const Scalar& min_val, const Scalar& max_val) {
  return in_place("hardtanh_", self, {}, SelfIs::NotSaved,
                  [&](Target target, const Tensor& x) { return hardtanh(target, x, min_val, max_val, Keeps::Result); });
}
Tensor relu6(const Tensor& self) {
  need_defined("relu6", self);
  return hardtanh(self, 0, 6);
}
Tensor& relu6_(const Tensor& self) {
  return in_place("relu6_", self, {}, SelfIs::NotSaved, [](Target target, const Tensor& x) { return hardtanh(target, x, 0, 6, Keeps::Result); });
}

Tensor leaky_relu(Target target, const Tensor& self, const Scalar& negative_slope, Keeps keeps) {
  need_floating_point("leaky_relu", self);
  double slope = check_number("leaky_relu", "negative_slope", negative_slope);
  auto formula = [slope](const Tensor& grad, const Tensor& b) {
    return fused_gradient(BinaryOp::LeakyReluGrad, grad, b, [&](const Tensor& g, const Tensor& x) { return where(x > 0, g, g * slope); }, {slope});
  };
  return unary_of(slope >= 0 ? keeps : Keeps::Input, target, "leaky_relu", UnaryOp::LeakyRelu, self, kSame, formula, {slope});
}
Tensor leaky_relu(const Tensor& self, const Scalar& negative_slope) { return leaky_relu(Target(), self, negative_slope, Keeps::Input); }
Tensor& leaky_relu_(const Tensor& self, const Scalar& negative_slope) {
  SelfIs use = check_number("leaky_relu_", "negative_slope", negative_slope) >= 0 ? SelfIs::NotSaved : SelfIs::Saved;
  return in_place("leaky_relu_", self, {}, use, [&](Target target, const Tensor& x) { return leaky_relu(target, x, negative_slope, Keeps::Result); });
}

Tensor prelu(const Tensor& self, const Tensor& weight) {
  if (const Casting cast{Cast::Lower, self, weight}) return prelu(cast(self), cast(weight));
  need_defined("prelu", self, "self", weight, "weight");
  need_floating_point("prelu", self);
  if (weight.dtype() != self.dtype())
    fail(ErrorKind::Type, "prelu", "weight", "the dtype of self, " + std::string(name(self.dtype())), name(weight.dtype()));
  if (weight.dim() > 1) fail("prelu", "weight", "a 0-d or 1-d tensor", to_string(weight.sizes()));
  Tensor w = weight;
  if (weight.numel() != 1) {
    int64_t channels = self.dim() > 1 ? self.size(1) : 1;
    if (self.dim() == 0 || channels != weight.numel())
      fail("prelu", "weight", "one element, or one for each of the " + std::to_string(channels) + " channels",
           std::to_string(weight.numel()) + " elements");
    Shape sizes = Shape::filled(self.dim(), 1);
    sizes[1] = channels;
    w = weight.reshape(sizes);
  } else if (weight.dim() == 1 && self.dim() != 1) {
    w = weight.reshape({});
  }
  Tensor out = where(self > 0, self, w * self);
  return out;
}

Tensor with_options::rrelu(const Tensor& self, RReLUFunctionOptions options) {
  const auto& [lower, upper, training, generator] = options;
  need_floating_point("rrelu", self);
  double low = check_number("rrelu", "lower", lower), high = check_number("rrelu", "upper", upper);
  if (!(low <= high)) fail("rrelu", "lower", "a number not above upper, " + to_string(upper), to_string(lower));
  if (!training) return leaky_relu(self, (low + high) / 2);
  Tensor noise = new_tensor(self.sizes(), self.dtype(), self.device());
  uint64_t words = uint64_t(noise.numel()) * (self.dtype() == kFloat64 ? 2 : 1);
  if (words) random_kernel(self.device(), RandomOp::Uniform, noise, low, high, (generator ? *generator : default_generator()).take((words + 3) / 4));
  return self * where(self.detach() <= 0, noise, 1);
}
Tensor& with_options::rrelu_(const Tensor& self, RReLUFunctionOptions options) {
  return in_place_aside("rrelu_", self, {}, [&](const Tensor& x) { return rrelu(x, options); });
}

Tensor elu(Target target, const Tensor& self, ELUFunctionOptions options) {
  need_floating_point("elu", self);
  const auto& [alpha, scale, input_scale] = options;
  double a = check_number("elu", "alpha", alpha), s = check_number("elu", "scale", scale), in = check_number("elu", "input_scale", input_scale);
  if (in != 1) {
    Tensor x = self.detach();
    Tensor out = where(x > 0, x * s, expm1(clamp_max(x, 0) * in) * (a * s));
    if (auto tape = Tape::recording(self))
      tape.record("elu", out, [x = tape.save(self), s, in, a](const Tensor& grad, Needs) {
        return Grads{grad * where(x.get() > 0, s, exp(negative_part(x.get()) * in) * (a * s * in))};
      });
    return out;
  }
  return unary_of_input(
      target, "elu", UnaryOp::Elu, self, kSame,
      [a, s](const Tensor& grad, const Tensor& x) {
        return fused_gradient(
            BinaryOp::EluGrad, grad, x,
            [&](const Tensor& g, const Tensor& input) { return where(input > 0, g * s, g * (exp(negative_part(input)) * (a * s))); }, {a, s});
      },
      {a, s});
}
Tensor with_options::elu(const Tensor& self, ELUFunctionOptions options) { return elu(Target(), self, options); }
Tensor& with_options::elu_(const Tensor& self, ELUFunctionOptions options) {
  return in_place("elu_", self, {}, SelfIs::Saved, [&](Target target, const Tensor& x) { return elu(target, x, options); });
}
Tensor celu(const Tensor& self, const Scalar& alpha) {
  need_defined("celu", self);
  double a = check_number("celu", "alpha", alpha);
  if (a == 0) fail("celu", "alpha", "a number other than 0", "0");
  return elu(self, alpha, 1, 1 / a);
}
Tensor& celu_(const Tensor& self, const Scalar& alpha) {
  return in_place_aside("celu_", self, {}, [&](const Tensor& x) { return celu(x, alpha); });
}
Tensor selu(Target target, const Tensor& self) {
  need_defined("selu", self);
  return elu(target, self, {1.6732632423543772848170429916717, 1.0507009873554804934193349852946, 1});
}
Tensor selu(const Tensor& self) { return selu(Target(), self); }
Tensor& selu_(const Tensor& self) { return in_place("selu_", self, SelfIs::Saved, selu); }

Tensor gelu(Target target, const Tensor& self, const std::string& approximate) {
  need_floating_point("gelu", self);
  if (approximate == "none")
    return unary_of_input(target, "gelu", UnaryOp::Gelu, self, kSame, [](const Tensor& grad, const Tensor& b) {
      return fused_gradient(BinaryOp::GeluGrad, grad, b, [](const Tensor& g, const Tensor& x) {
        return g * ((erf(x * kRootHalf) + 1) * 0.5 + x * exp(x * x * -0.5) * kInverseRootTwoPi);
      });
    });
  if (approximate != "tanh") fail("gelu", "approximate", "\"none\" or \"tanh\"", "\"" + approximate + "\"");
  return unary_of_input(target, "gelu", UnaryOp::GeluTanh, self, kSame, [](const Tensor& grad, const Tensor& b) {
    return fused_gradient(BinaryOp::GeluTanhGrad, grad, b, [](const Tensor& g, const Tensor& x) {
      Tensor squared = x * x, t = tanh(x * (squared * 0.044715 + 1) * kRootTwoOverPi);
      return g * ((t + 1) * 0.5 + x * (1 - t * t) * (squared * (3 * 0.044715) + 1) * (0.5 * kRootTwoOverPi));
    });
  });
}
Tensor gelu(const Tensor& self, const std::string& approximate) { return gelu(Target(), self, approximate); }
Tensor& gelu_(const Tensor& self, const std::string& approximate) {
  return in_place("gelu_", self, {}, SelfIs::Saved, [&](Target target, const Tensor& x) { return gelu(target, x, approximate); });
}

Tensor silu(Target target, const Tensor& self) {
  need_defined("silu", self);
  if (self.is_complex()) return self * sigmoid(self);
  need_floating_point("silu", self);
  return unary_of_input(target, "silu", UnaryOp::Silu, self, kSame, [](const Tensor& grad, const Tensor& b) {
    return fused_gradient(BinaryOp::SiluGrad, grad, b, [](const Tensor& g, const Tensor& x) {
      Tensor s = sigmoid(x);
      return g * s * (x * (1 - s) + 1);
    });
  });
}
Tensor silu(const Tensor& self) { return silu(Target(), self); }
Tensor& silu_(const Tensor& self) { return in_place("silu_", self, SelfIs::Saved, silu); }

Tensor mish(Target target, const Tensor& self) {
  need_floating_point("mish", self);
  return unary_of_input(target, "mish", UnaryOp::Mish, self, kSame, [](const Tensor& grad, const Tensor& b) {
    return fused_gradient(BinaryOp::MishGrad, grad, b, [](const Tensor& g, const Tensor& x) {
      Tensor t = tanh(softplus(x));
      return g * (t + x * sigmoid(x) * (1 - t * t));
    });
  });
}
Tensor mish(const Tensor& self) { return mish(Target(), self); }
Tensor& mish_(const Tensor& self) { return in_place("mish_", self, SelfIs::Saved, mish); }

Tensor hardsigmoid(Target target, const Tensor& self) {
  need_floating_point("hardsigmoid", self);
  return unary_of_input(target, "hardsigmoid", UnaryOp::Hardsigmoid, self, kSame, [](const Tensor& grad, const Tensor& b) {
    return fused_gradient(BinaryOp::HardsigmoidGrad, grad, b, [](const Tensor& g, const Tensor& x) { return where((x > -3) & (x < 3), g / 6, 0); });
  });
}
Tensor hardsigmoid(const Tensor& self) { return hardsigmoid(Target(), self); }
Tensor& hardsigmoid_(const Tensor& self) { return in_place("hardsigmoid_", self, SelfIs::Saved, hardsigmoid); }
Tensor hardswish(Target target, const Tensor& self) {
  need_floating_point("hardswish", self);
  return unary_of_input(target, "hardswish", UnaryOp::Hardswish, self, kSame, [](const Tensor& grad, const Tensor& b) {
    return fused_gradient(BinaryOp::HardswishGrad, grad, b,
                          [](const Tensor& g, const Tensor& x) { return where(x <= -3, 0, where(x >= 3, g, g * (x / 3 + 0.5))); });
  });
}
Tensor hardswish(const Tensor& self) { return hardswish(Target(), self); }
Tensor& hardswish_(const Tensor& self) { return in_place("hardswish_", self, SelfIs::Saved, hardswish); }

Tensor softplus(const Tensor& self, const Scalar& beta, const Scalar& threshold) {
  if (const Casting cast{Cast::Float32OnGpu, self}) return softplus(cast(self), beta, threshold);
  need_floating_point("softplus", self);
  double b = check_number("softplus", "beta", beta), limit = check_number("softplus", "threshold", threshold);
  return unary_of_input("softplus", UnaryOp::Softplus, self, kSame,
                        [b, limit](const Tensor& grad, const Tensor& in) {
                          return fused_gradient(BinaryOp::SoftplusGrad, grad, in,
                                                [&](const Tensor& g, const Tensor& x) { return where(x * b > limit, g, g * sigmoid(x * b)); },
                                                {b, limit});
                        },
                        {b, limit});
}

Tensor softsign(const Tensor& self) {
  need_defined("softsign", self);
  if (!self.is_floating_point()) return self / (abs(self) + 1);
  return unary_of_input("softsign", UnaryOp::Softsign, self, kSame, [](const Tensor& grad, const Tensor& x) {
    Tensor divisor = abs(x) + 1;
    return grad / (divisor * divisor);
  });
}

Tensor logsigmoid(const Tensor& self) {
  need_floating_point("logsigmoid", self);
  return unary_of_input("logsigmoid", UnaryOp::LogSigmoid, self, kSame, [](const Tensor& grad, const Tensor& b) {
    return fused_gradient(BinaryOp::LogSigmoidGrad, grad, b, [](const Tensor& g, const Tensor& x) { return g * sigmoid(-x); });
  });
}

namespace {
Tensor shrink(const char* op, UnaryOp kind, const Tensor& self, double lambda) {
  return unary_of_input(op, kind, self, kSame,
                        [lambda](const Tensor& grad, const Tensor& b) {
                          return fused_gradient(BinaryOp::ShrinkGrad, grad, b,
                                                [&](const Tensor& g, const Tensor& x) { return where((x < -lambda) | (x > lambda), g, 0); },
                                                {lambda});
                        },
                        {lambda});
}
}  // namespace
Tensor hardshrink(const Tensor& self, const Scalar& lambda) {
  need_floating_point("hardshrink", self);
  return shrink("hardshrink", UnaryOp::Hardshrink, self, check_number("hardshrink", "lambda", lambda));
}
Tensor softshrink(const Tensor& self, const Scalar& lambda) {
  need_floating_point("softshrink", self);
  double l = check_number("softshrink", "lambda", lambda);
  if (!(l >= 0)) fail("softshrink", "lambda", "a number that is not negative", to_string(lambda));
  return shrink("softshrink", UnaryOp::Softshrink, self, l);
}
Tensor tanhshrink(const Tensor& self) {
  need_defined("tanhshrink", self);
  return self - tanh(self);
}

Tensor threshold(Target target, const Tensor& self, const Scalar& threshold, const Scalar& value) {
  refuse_bool("threshold", self);
  refuse_complex("threshold", self);
  double limit = check_number("threshold", "threshold", threshold), fill_value = check_number("threshold", "value", value);
  if (is_integral(self.dtype())) return where(self > limit, self, Scalar(value.to<int64_t>()));
  return unary_of_input(target, "threshold", UnaryOp::Threshold, self, kSame,
                        [limit, fill_value](const Tensor& grad, const Tensor& b) {
                          return fused_gradient(BinaryOp::ThresholdGrad, grad, b,
                                                [&](const Tensor& g, const Tensor& x) { return where(x <= limit, 0, g); }, {limit, fill_value});
                        },
                        {limit, fill_value});
}
Tensor threshold(const Tensor& self, const Scalar& threshold, const Scalar& value) { return lazuli::threshold(Target(), self, threshold, value); }
Tensor& threshold_(const Tensor& self, const Scalar& threshold, const Scalar& value) {
  return in_place("threshold_", self, {}, SelfIs::Saved,
                  [&](Target target, const Tensor& x) { return lazuli::threshold(target, x, threshold, value); });
}

Tensor glu(const Tensor& self, int64_t dim) {
  need_defined("glu", self);
  if (self.dim() == 0) fail("glu", "self", "at least one dimension", "a 0-d tensor");
  int64_t d = wrap_dim(dim, self.dim(), "glu");
  if (self.sizes()[d] % 2 != 0) fail("glu", "self", "an even size at dimension " + std::to_string(d), to_string(self.sizes()));
  int64_t half = self.sizes()[d] / 2;
  return self.narrow(d, 0, half) * sigmoid(self.narrow(d, half, half));
}

void register_activation(OpTable& table) {
  table.add("relu(Tensor self) -> Tensor", &relu);
  table.add("relu_(Tensor(a!) self) -> Tensor(a!)", &relu_);
  table.add("relu6(Tensor self) -> Tensor", &relu6);
  table.add("relu6_(Tensor(a!) self) -> Tensor(a!)", &relu6_);
  table.add("hardtanh(Tensor self, Scalar min_val=-1, Scalar max_val=1) -> Tensor", &hardtanh);
  table.add("hardtanh_(Tensor(a!) self, Scalar min_val=-1, Scalar max_val=1) -> Tensor(a!)", &hardtanh_);
  table.add("leaky_relu(Tensor self, Scalar negative_slope=0.01) -> Tensor", &leaky_relu);
  table.add("leaky_relu_(Tensor(a!) self, Scalar negative_slope=0.01) -> Tensor(a!)", &leaky_relu_);
  table.add("prelu(Tensor self, Tensor weight) -> Tensor", &prelu);
  table.add("rrelu(Tensor self, Scalar lower=0.125, Scalar upper=0.3333333333333333, bool training=False, Generator? generator=None) -> Tensor",
            &with_options::rrelu);
  table.add(
      "rrelu_(Tensor(a!) self, Scalar lower=0.125, Scalar upper=0.3333333333333333, bool training=False, Generator? generator=None) -> Tensor(a!)",
      &with_options::rrelu_);
  table.add("elu(Tensor self, Scalar alpha=1, Scalar scale=1, Scalar input_scale=1) -> Tensor", &with_options::elu);
  table.add("elu_(Tensor(a!) self, Scalar alpha=1, Scalar scale=1, Scalar input_scale=1) -> Tensor(a!)", &with_options::elu_);
  table.add("celu(Tensor self, Scalar alpha=1.0) -> Tensor", &celu);
  table.add("celu_(Tensor(a!) self, Scalar alpha=1.0) -> Tensor(a!)", &celu_);
  table.add("selu(Tensor self) -> Tensor", &selu);
  table.add("selu_(Tensor(a!) self) -> Tensor(a!)", &selu_);
  table.add("gelu(Tensor self, *, str approximate='none') -> Tensor", &gelu);
  table.add("gelu_(Tensor(a!) self, *, str approximate='none') -> Tensor(a!)", &gelu_);
  table.add("silu(Tensor self) -> Tensor", &silu);
  table.add("silu_(Tensor(a!) self) -> Tensor(a!)", &silu_);
  table.add("mish(Tensor self) -> Tensor", &mish);
  table.add("mish_(Tensor(a!) self) -> Tensor(a!)", &mish_);
  table.add("hardsigmoid(Tensor self) -> Tensor", &hardsigmoid);
  table.add("hardsigmoid_(Tensor(a!) self) -> Tensor(a!)", &hardsigmoid_);
  table.add("hardswish(Tensor self) -> Tensor", &hardswish);
  table.add("hardswish_(Tensor(a!) self) -> Tensor(a!)", &hardswish_);
  table.add("softplus(Tensor self, Scalar beta=1, Scalar threshold=20) -> Tensor", &softplus);
  table.add("softsign(Tensor self) -> Tensor", &softsign);
  table.add("logsigmoid(Tensor self) -> Tensor", &logsigmoid);
  table.add("hardshrink(Tensor self, Scalar lambd=0.5) -> Tensor", &hardshrink);
  table.add("softshrink(Tensor self, Scalar lambd=0.5) -> Tensor", &softshrink);
  table.add("tanhshrink(Tensor self) -> Tensor", &tanhshrink);
  table.add("threshold(Tensor self, Scalar threshold, Scalar value) -> Tensor", &threshold);
  table.add("threshold_(Tensor(a!) self, Scalar threshold, Scalar value) -> Tensor(a!)", &threshold_);
  table.add("glu(Tensor self, int dim=-1) -> Tensor", &glu);
}

}  // namespace lazuli
