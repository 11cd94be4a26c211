#pragma once
#include "lazuli/core/by_position.h"
#include "lazuli/core/described.h"
#include "lazuli/core/random/generator.h"
#include "lazuli/core/tensor.h"

/// Random zeros while training, with numbers from `generator` or the default one; floating point and complex. Without `training`, or with p 0, they
/// return the input itself.
/// Throw Error for p outside [0, 1].
namespace lazuli {

struct DropoutFunctionOptions {
  double p = 0.5;
  bool training = true;
  std::optional<Generator> generator = {};
  template <class O = DropoutFunctionOptions>
  static constexpr auto members() {
    return Members{member("p", &O::p, {.least = 0, .most = 1}), member("training", &O::training), member("generator", &O::generator)};
  }
};
struct AlphaDropoutFunctionOptions {
  double p = 0.5;
  bool training = false;
  std::optional<Generator> generator = {};
  template <class O = AlphaDropoutFunctionOptions>
  static constexpr auto members() {
    return DropoutFunctionOptions::members<O>();
  }
};

namespace with_options {
Tensor dropout(const Tensor& input, DropoutFunctionOptions options);
Tensor& dropout_(const Tensor& input, DropoutFunctionOptions options);
}
/// Each element 0 with probability p, else times 1 / (1 - p).
template <class P = DropoutFunctionOptions>
Tensor dropout(const Tensor& input, P p = {}, bool training = true, const std::optional<Generator>& generator = {}) {
  return with_options::dropout(input, by_position<DropoutFunctionOptions>(std::move(p), training, generator));
}
template <class P = DropoutFunctionOptions>
Tensor& dropout_(const Tensor& input, P p = {}, bool training = true, const std::optional<Generator>& generator = {}) {
  return with_options::dropout_(input, by_position<DropoutFunctionOptions>(std::move(p), training, generator));
}
namespace with_options {
Tensor dropout1d(const Tensor& input, DropoutFunctionOptions options);
Tensor dropout2d(const Tensor& input, DropoutFunctionOptions options);
Tensor dropout3d(const Tensor& input, DropoutFunctionOptions options);
}
/// Whole channels: of [n, c, l] or [c, l]; of [n, c, h, w] (3-d: [n, c, l]); of [n, c, d, h, w] or [c, d, h, w]. The last two warn of inputs of other dimensions: dropout2d takes them as
/// [n, c, ..], dropout3d as [c, ..].
template <class P = DropoutFunctionOptions>
Tensor dropout1d(const Tensor& input, P p = {}, bool training = true, const std::optional<Generator>& generator = {}) {
  return with_options::dropout1d(input, by_position<DropoutFunctionOptions>(std::move(p), training, generator));
}
template <class P = DropoutFunctionOptions>
Tensor dropout2d(const Tensor& input, P p = {}, bool training = true, const std::optional<Generator>& generator = {}) {
  return with_options::dropout2d(input, by_position<DropoutFunctionOptions>(std::move(p), training, generator));
}
template <class P = DropoutFunctionOptions>
Tensor dropout3d(const Tensor& input, P p = {}, bool training = true, const std::optional<Generator>& generator = {}) {
  return with_options::dropout3d(input, by_position<DropoutFunctionOptions>(std::move(p), training, generator));
}
namespace with_options {
Tensor alpha_dropout(const Tensor& input, AlphaDropoutFunctionOptions options);
Tensor feature_alpha_dropout(const Tensor& input, AlphaDropoutFunctionOptions options);
}
/// For SELU: dropped elements take its negative limit, and mean and variance stay as they were (https://arxiv.org/abs/1706.02515). The second: whole
/// channels.
template <class P = AlphaDropoutFunctionOptions>
Tensor alpha_dropout(const Tensor& input, P p = {}, bool training = false, const std::optional<Generator>& generator = {}) {
  return with_options::alpha_dropout(input, by_position<AlphaDropoutFunctionOptions>(std::move(p), training, generator));
}
template <class P = AlphaDropoutFunctionOptions>
Tensor feature_alpha_dropout(const Tensor& input, P p = {}, bool training = false, const std::optional<Generator>& generator = {}) {
  return with_options::feature_alpha_dropout(input, by_position<AlphaDropoutFunctionOptions>(std::move(p), training, generator));
}

}  // namespace lazuli
