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
  template <class = void>
  explicit Dropout(...) = delete;  // Dropout([p], [inplace]) or Dropout({.p, .inplace})
  Tensor forward(const Tensor& input) override;
};
/// Of whole channels.
class Dropout1d : public DropoutModule {
 public:
  using DropoutModule::DropoutModule;
  template <class = void>
  explicit Dropout1d(...) = delete;  // Dropout1d([p], [inplace]) or Dropout1d({.p, .inplace})
  Tensor forward(const Tensor& input) override;
};
class Dropout2d : public DropoutModule {
 public:
  using DropoutModule::DropoutModule;
  template <class = void>
  explicit Dropout2d(...) = delete;  // Dropout2d([p], [inplace]) or Dropout2d({.p, .inplace})
  Tensor forward(const Tensor& input) override;
};
class Dropout3d : public DropoutModule {
 public:
  using DropoutModule::DropoutModule;
  template <class = void>
  explicit Dropout3d(...) = delete;  // Dropout3d([p], [inplace]) or Dropout3d({.p, .inplace})
  Tensor forward(const Tensor& input) override;
};
/// For SELU: keeps mean and variance; of elements, and of whole channels.
class AlphaDropout : public DropoutModule {
 public:
  using DropoutModule::DropoutModule;
  template <class = void>
  explicit AlphaDropout(...) = delete;  // AlphaDropout([p], [inplace]) or AlphaDropout({.p, .inplace})
  Tensor forward(const Tensor& input) override;
};
class FeatureAlphaDropout : public DropoutModule {
 public:
  using DropoutModule::DropoutModule;
  template <class = void>
  explicit FeatureAlphaDropout(...) = delete;  // FeatureAlphaDropout([p], [inplace]) or FeatureAlphaDropout({.p, .inplace})
  Tensor forward(const Tensor& input) override;
};

}  // namespace lazuli::nn
