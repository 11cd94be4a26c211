#pragma once
#include "lazuli/core/by_position.h"
#include "lazuli/core/described.h"
#include "lazuli/core/random/generator.h"
#include "lazuli/core/tensor.h"

/// Activation functions, element by element; floating point unless said otherwise (sigmoid and tanh: ops/pointwise/unary.h; softmax: ops/reduce/softmax.h).
namespace lazuli {

/// max(x, 0), min(max(x, 0), 6), min(max(x, min_val), max_val); integers too.
Tensor relu(const Tensor& self);
Tensor relu6(const Tensor& self);
Tensor hardtanh(const Tensor& self, const Scalar& min_val = -1, const Scalar& max_val = 1);
/// x where x > 0, else negative_slope * x.
Tensor leaky_relu(const Tensor& self, const Scalar& negative_slope = 0.01);
/// x where x > 0, else weight * x: one weight, or one for each channel (dimension 1).
Tensor prelu(const Tensor& self, const Tensor& weight);
struct RReLUFunctionOptions {
  Scalar lower = 1.0 / 8, upper = 1.0 / 3;
  bool training = false;
  std::optional<Generator> generator = {};
  template <class O = RReLUFunctionOptions>
  static constexpr auto members() {
    return Members{member("lower", &O::lower), member("upper", &O::upper), member("training", &O::training), member("generator", &O::generator)};
  }
};
namespace with_options {
Tensor rrelu(const Tensor& self, RReLUFunctionOptions options);
}
/// leaky_relu with a random slope for each element, uniform in [lower, upper); their mean when not training.
template <class Lower = RReLUFunctionOptions>
Tensor rrelu(const Tensor& self, Lower lower = {}, const Scalar& upper = 1.0 / 3, bool training = false,
             const std::optional<Generator>& generator = {}) {
  return with_options::rrelu(self, by_position<RReLUFunctionOptions>(std::move(lower), upper, training, generator));
}
struct ELUFunctionOptions {
  Scalar alpha = 1, scale = 1, input_scale = 1;
  template <class O = ELUFunctionOptions>
  static constexpr auto members() {
    return Members{member("alpha", &O::alpha), member("scale", &O::scale), member("input_scale", &O::input_scale)};
  }
};
namespace with_options {
Tensor elu(const Tensor& self, ELUFunctionOptions options);
}
/// scale * x where x > 0, else scale * alpha * (exp(input_scale * x) - 1).
template <class Alpha = ELUFunctionOptions>
Tensor elu(const Tensor& self, Alpha alpha = {}, const Scalar& scale = 1, const Scalar& input_scale = 1) {
  return with_options::elu(self, by_position<ELUFunctionOptions>(std::move(alpha), scale, input_scale));
}
/// x where x > 0, else alpha * (exp(x / alpha) - 1).
Tensor celu(const Tensor& self, const Scalar& alpha = 1.0);
/// scale * elu(x, alpha) with the constants of self-normalising networks (https://arxiv.org/abs/1706.02515).
Tensor selu(const Tensor& self);
/// x * Phi(x); `approximate` "tanh": 0.5 x (1 + tanh(sqrt(2/pi) (x + 0.044715 x^3))).
Tensor gelu(const Tensor& self, const std::string& approximate = "none");
/// x * sigmoid(x).
Tensor silu(const Tensor& self);
/// x * tanh(log(1 + exp(x))).
Tensor mish(const Tensor& self);
/// min(max(x + 3, 0), 6) / 6, and x times that.
Tensor hardsigmoid(const Tensor& self);
Tensor hardswish(const Tensor& self);
/// log(1 + exp(beta x)) / beta; x where beta x > threshold.
Tensor softplus(const Tensor& self, const Scalar& beta = 1, const Scalar& threshold = 20);
/// x / (1 + |x|).
Tensor softsign(const Tensor& self);
/// log(sigmoid(x)).
Tensor logsigmoid(const Tensor& self);
/// 0 within [-lambda, lambda]; outside x (hard), or x moved by lambda towards 0 (soft; lambda not negative).
Tensor hardshrink(const Tensor& self, const Scalar& lambda = 0.5);
Tensor softshrink(const Tensor& self, const Scalar& lambda = 0.5);
/// x - tanh(x).
Tensor tanhshrink(const Tensor& self);
/// x where x > threshold, else value; integers too.
Tensor threshold(const Tensor& self, const Scalar& threshold, const Scalar& value);
/// The first half along `dim` times the sigmoid of the second. Throws Error for an odd size.
Tensor glu(const Tensor& self, int64_t dim = -1);

Tensor& relu_(const Tensor& self);
Tensor& relu6_(const Tensor& self);
Tensor& hardtanh_(const Tensor& self, const Scalar& min_val = -1, const Scalar& max_val = 1);
Tensor& leaky_relu_(const Tensor& self, const Scalar& negative_slope = 0.01);
namespace with_options {
Tensor& rrelu_(const Tensor& self, RReLUFunctionOptions options);
Tensor& elu_(const Tensor& self, ELUFunctionOptions options);
}
template <class Lower = RReLUFunctionOptions>
Tensor& rrelu_(const Tensor& self, Lower lower = {}, const Scalar& upper = 1.0 / 3, bool training = false,
               const std::optional<Generator>& generator = {}) {
  return with_options::rrelu_(self, by_position<RReLUFunctionOptions>(std::move(lower), upper, training, generator));
}
template <class Alpha = ELUFunctionOptions>
Tensor& elu_(const Tensor& self, Alpha alpha = {}, const Scalar& scale = 1, const Scalar& input_scale = 1) {
  return with_options::elu_(self, by_position<ELUFunctionOptions>(std::move(alpha), scale, input_scale));
}
Tensor& celu_(const Tensor& self, const Scalar& alpha = 1.0);
Tensor& selu_(const Tensor& self);
Tensor& gelu_(const Tensor& self, const std::string& approximate = "none");
Tensor& silu_(const Tensor& self);
Tensor& mish_(const Tensor& self);
Tensor& hardsigmoid_(const Tensor& self);
Tensor& hardswish_(const Tensor& self);
Tensor& threshold_(const Tensor& self, const Scalar& threshold, const Scalar& value);

}  // namespace lazuli
