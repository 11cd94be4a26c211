#pragma once
#include "lazuli/core/described.h"
#include "lazuli/core/random/generator.h"
#include "lazuli/core/tensor.h"

/// Values to begin with. Each function fills `tensor` in place, records nothing, returns it, and takes its numbers from `generator` or the default one.
namespace lazuli::nn::init {

enum class FanMode : uint8_t { In /*keeps the size of activations*/, Out /*of gradients*/ };
constexpr auto names_of(FanMode) { return enum_names<FanMode>({{FanMode::In, "fan_in"}, {FanMode::Out, "fan_out"}}); }

/// The gain of a nonlinearity: "linear", "conv1d" .., "sigmoid": 1; "tanh": 5/3; "relu": sqrt(2); "leaky_relu": sqrt(2 / (1 + param^2)), param 0.01 unless given; "selu": 3/4.
/// Throws Error for another name.
double calculate_gain(std::string_view nonlinearity, std::optional<double> param = {});
/// Inputs and outputs of each unit of a weight [out, in, kernel..]. Throws Error for fewer than two dimensions.
std::pair<int64_t, int64_t> calculate_fan_in_and_fan_out(const Tensor& tensor);

Tensor uniform_(Tensor tensor, double a = 0, double b = 1, const std::optional<Generator>& generator = {});
Tensor normal_(Tensor tensor, double mean = 0, double std = 1, const std::optional<Generator>& generator = {});
/// Normal, drawn again outside [a, b].
Tensor trunc_normal_(Tensor tensor, double mean = 0, double std = 1, double a = -2, double b = 2, const std::optional<Generator>& generator = {});
/// What these take besides, by name: `trunc_normal_(weight, {.std = 0.02})`.
struct UniformOptions {
  double a = 0, b = 1;
  std::optional<Generator> generator = {};
};
struct NormalOptions {
  double mean = 0, std = 1;
  std::optional<Generator> generator = {};
};
struct TruncNormalOptions {
  double mean = 0, std = 1, a = -2, b = 2;
  std::optional<Generator> generator = {};
};
inline Tensor uniform_(Tensor tensor, const UniformOptions& o) { return uniform_(std::move(tensor), o.a, o.b, o.generator); }
inline Tensor normal_(Tensor tensor, const NormalOptions& o) { return normal_(std::move(tensor), o.mean, o.std, o.generator); }
inline Tensor trunc_normal_(Tensor tensor, const TruncNormalOptions& o) {
  return trunc_normal_(std::move(tensor), o.mean, o.std, o.a, o.b, o.generator);
}
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
struct GainOptions {
  double gain = 1;
  std::optional<Generator> generator = {};
};
inline Tensor xavier_uniform_(Tensor tensor, const GainOptions& o) { return xavier_uniform_(std::move(tensor), o.gain, o.generator); }
inline Tensor xavier_normal_(Tensor tensor, const GainOptions& o) { return xavier_normal_(std::move(tensor), o.gain, o.generator); }
/// Uniform or normal with variance gain^2 / fan (He and others 2015); `a` is the slope of leaky_relu.
Tensor kaiming_uniform_(Tensor tensor, double a = 0, Choice<FanMode> mode = FanMode::In, std::string_view nonlinearity = "leaky_relu",
                        const std::optional<Generator>& generator = {});
Tensor kaiming_normal_(Tensor tensor, double a = 0, Choice<FanMode> mode = FanMode::In, std::string_view nonlinearity = "leaky_relu",
                       const std::optional<Generator>& generator = {});
/// What they take besides, by name: `kaiming_normal_(conv.weight, {.mode = "fan_out", .nonlinearity = "relu"})`.
struct KaimingOptions {
  double a = 0;
  Choice<FanMode> mode = FanMode::In;
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
inline Tensor orthogonal_(Tensor tensor, const GainOptions& o) { return orthogonal_(std::move(tensor), o.gain, o.generator); }
/// A 2-d tensor with normal values, of which the share `sparsity` of each column is zero (Martens 2010).
Tensor sparse_(Tensor tensor, double sparsity, double std = 0.01, const std::optional<Generator>& generator = {});

}  // namespace lazuli::nn::init
