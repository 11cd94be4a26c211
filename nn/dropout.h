#pragma once
#include "lazuli/nn/module/module.h"

/// Random zeros while training (ops/network/dropout.h); in evaluation the input itself.
namespace lazuli::nn {

class DropoutModule : public TensorModule {
 public:
  std::string extra_repr() const override;
  double p;
  bool inplace;

 protected:
  /// Throws Error for a probability outside [0, 1].
  DropoutModule(double probability, bool in_place);
};
/// Of elements.
class Dropout : public DropoutModule {
 public:
  explicit Dropout(double p = 0.5, bool inplace = false) : DropoutModule(p, inplace) {}
  Tensor forward(const Tensor& input) override;
};
/// Of whole channels.
class Dropout1d : public DropoutModule {
 public:
  explicit Dropout1d(double p = 0.5, bool inplace = false) : DropoutModule(p, inplace) {}
  Tensor forward(const Tensor& input) override;
};
class Dropout2d : public DropoutModule {
 public:
  explicit Dropout2d(double p = 0.5, bool inplace = false) : DropoutModule(p, inplace) {}
  Tensor forward(const Tensor& input) override;
};
class Dropout3d : public DropoutModule {
 public:
  explicit Dropout3d(double p = 0.5, bool inplace = false) : DropoutModule(p, inplace) {}
  Tensor forward(const Tensor& input) override;
};
/// For SELU: keeps mean and variance; of elements, and of whole channels.
class AlphaDropout : public DropoutModule {
 public:
  explicit AlphaDropout(double p = 0.5, bool inplace = false) : DropoutModule(p, inplace) {}
  Tensor forward(const Tensor& input) override;
};
class FeatureAlphaDropout : public DropoutModule {
 public:
  explicit FeatureAlphaDropout(double p = 0.5, bool inplace = false) : DropoutModule(p, inplace) {}
  Tensor forward(const Tensor& input) override;
};

}  // namespace lazuli::nn
