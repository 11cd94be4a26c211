#pragma once
#include "lazuli/core/random/generator.h"
#include "lazuli/core/tensor.h"

/// Values to begin with. Each function fills `tensor` in place, records nothing, returns it, and takes its numbers from `generator` or the default one.
namespace lazuli::nn::init {

enum class FanMode : uint8_t { In /*keeps the size of activations*/, Out /*of gradients*/ };

/// The gain of a nonlinearity: "linear", "conv1d" .., "sigmoid": 1; "tanh": 5/3; "relu": sqrt(2); "leaky_relu": sqrt(2 / (1 + param^2)), param 0.01 unless given; "selu": 3/4.
/// Throws Error for another name.
double calculate_gain(std::string_view nonlinearity, std::optional<double> param = {});
/// Inputs and outputs of each unit of a weight [out, in, kernel..]. Throws Error for fewer than two dimensions.
std::pair<int64_t, int64_t> calculate_fan_in_and_fan_out(const Tensor& tensor);

Tensor uniform_(Tensor tensor, double a = 0, double b = 1, const std::optional<Generator>& generator = {});
Tensor normal_(Tensor tensor, double mean = 0, double std = 1, const std::optional<Generator>& generator = {});
/// Normal, drawn again outside [a, b].
Tensor trunc_normal_(Tensor tensor, double mean = 0, double std = 1, double a = -2, double b = 2, const std::optional<Generator>& generator = {});
Tensor constant_(Tensor tensor, const Scalar& value);
Tensor ones_(Tensor tensor);
Tensor zeros_(Tensor tensor);
/// A 2-d tensor as the identity matrix.
Tensor eye_(Tensor tensor);
/// A convolution's weight (3 to 5 dimensions) that passes its inputs through, in each of `groups`.
Tensor dirac_(Tensor tensor, int64_t groups = 1);
/// Uniform or normal with variance gain^2 * 2 / (fan_in + fan_out) (Glorot, Bengio 2010).
Tensor xavier_uniform_(Tensor tensor, double gain = 1, const std::optional<Generator>& generator = {});
Tensor xavier_normal_(Tensor tensor, double gain = 1, const std::optional<Generator>& generator = {});
/// Uniform or normal with variance gain^2 / fan (He and others 2015); `a` is the slope of leaky_relu.
Tensor kaiming_uniform_(Tensor tensor, double a = 0, FanMode mode = FanMode::In, std::string_view nonlinearity = "leaky_relu",
                        const std::optional<Generator>& generator = {});
Tensor kaiming_normal_(Tensor tensor, double a = 0, FanMode mode = FanMode::In, std::string_view nonlinearity = "leaky_relu",
                       const std::optional<Generator>& generator = {});
/// What they take besides, by name: `kaiming_normal_(conv.weight, {.mode = FanMode::Out, .nonlinearity = "relu"})`.
struct KaimingOptions {
  double a = 0;
  FanMode mode = FanMode::In;
  std::string_view nonlinearity = "leaky_relu";
  std::optional<Generator> generator = {};
};
inline Tensor kaiming_uniform_(Tensor tensor, const KaimingOptions& o) {
  return kaiming_uniform_(std::move(tensor), o.a, o.mode, o.nonlinearity, o.generator);
}
inline Tensor kaiming_normal_(Tensor tensor, const KaimingOptions& o) {
  return kaiming_normal_(std::move(tensor), o.a, o.mode, o.nonlinearity, o.generator);
}
/// Orthogonal rows or columns of a tensor of at least two dimensions, the later ones flattened (Saxe and others 2013).
Tensor orthogonal_(Tensor tensor, double gain = 1, const std::optional<Generator>& generator = {});
/// A 2-d tensor with normal values, of which the share `sparsity` of each column is zero (Martens 2010).
Tensor sparse_(Tensor tensor, double sparsity, double std = 0.01, const std::optional<Generator>& generator = {});

}  // namespace lazuli::nn::init
