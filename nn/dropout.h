#pragma once
#include "lazuli/nn/module/options.h"

/// Random zeros while training (ops/network/dropout.h); in evaluation the input itself.
namespace lazuli::nn {

struct DropoutOptions {
  double p = 0.5;
  bool inplace = false;
  template <class O = DropoutOptions>
  static constexpr auto members() {
    return Members{member("p", &O::p, {.least = 0, .most = 1}), member("inplace", &O::inplace)};
  }
};
class DropoutModule : public WithOptions<DropoutOptions> {
 public:
  std::string extra_repr() const override;
  /// Throws Error for a probability outside [0, 1].
  explicit DropoutModule(const DropoutOptions& options);
  explicit DropoutModule(double p = 0.5, bool inplace = false) : DropoutModule(DropoutOptions{p, inplace}) {}
};
/// Of elements.
class Dropout : public DropoutModule {
 public:
  using DropoutModule::DropoutModule;
  Tensor forward(const Tensor& input) override;
};
/// Of whole channels.
class Dropout1d : public DropoutModule {
 public:
  using DropoutModule::DropoutModule;
  Tensor forward(const Tensor& input) override;
};
class Dropout2d : public DropoutModule {
 public:
  using DropoutModule::DropoutModule;
  Tensor forward(const Tensor& input) override;
};
class Dropout3d : public DropoutModule {
 public:
  using DropoutModule::DropoutModule;
  Tensor forward(const Tensor& input) override;
};
/// For SELU: keeps mean and variance; of elements, and of whole channels.
class AlphaDropout : public DropoutModule {
 public:
  using DropoutModule::DropoutModule;
  Tensor forward(const Tensor& input) override;
};
class FeatureAlphaDropout : public DropoutModule {
 public:
  using DropoutModule::DropoutModule;
  Tensor forward(const Tensor& input) override;
};

}  // namespace lazuli::nn
