#pragma once
#include <concepts>

#include "lazuli/nn/module/options.h"

/// Activation functions as modules; ops/pointwise/activation.h has the formulas. `inplace` overwrites the input.
namespace lazuli::nn {

struct InplaceOptions {
  bool inplace = false;
  template <class O = InplaceOptions>
  static constexpr auto members() {
    return Members{member("inplace", &O::inplace)};
  }
};
/// Base of those that have no other option.
class InplaceActivation : public WithOptions<InplaceOptions> {
 public:
  explicit InplaceActivation(bool inplace = false) : WithOptions(InplaceOptions{inplace}) {}
  explicit InplaceActivation(const InplaceOptions& o) : WithOptions(o) {}
  template <class = void>
  explicit InplaceActivation(...) = delete;  // takes [inplace] or {.inplace}
};
class ReLU : public InplaceActivation {
 public:
  using InplaceActivation::InplaceActivation;
  template <class = void>
  explicit ReLU(...) = delete;  // ReLU([inplace]) or ReLU({.inplace})
  Tensor forward(const Tensor& input) override;
};
class ReLU6 : public InplaceActivation {
 public:
  using InplaceActivation::InplaceActivation;
  Tensor forward(const Tensor& input) override;
};
class SELU : public InplaceActivation {
 public:
  using InplaceActivation::InplaceActivation;
  Tensor forward(const Tensor& input) override;
};
class SiLU : public InplaceActivation {
 public:
  using InplaceActivation::InplaceActivation;
  Tensor forward(const Tensor& input) override;
};
class Mish : public InplaceActivation {
 public:
  using InplaceActivation::InplaceActivation;
  Tensor forward(const Tensor& input) override;
};
class Hardsigmoid : public InplaceActivation {
 public:
  using InplaceActivation::InplaceActivation;
  Tensor forward(const Tensor& input) override;
  std::string extra_repr() const override { return {}; }
};
class Hardswish : public InplaceActivation {
 public:
  using InplaceActivation::InplaceActivation;
  Tensor forward(const Tensor& input) override;
  std::string extra_repr() const override { return {}; }
};

struct ELUOptions {
  double alpha = 1;
  bool inplace = false;
  template <class O = ELUOptions>
  static constexpr auto members() {
    return Members{member("alpha", &O::alpha), member("inplace", &O::inplace)};
  }
};
class ELU : public WithOptions<ELUOptions> {
 public:
  using WithOptions::WithOptions;
  explicit ELU(double alpha = 1, bool inplace = false) : WithOptions(ELUOptions{alpha, inplace}) {}
  template <class = void>
  explicit ELU(...) = delete;  // ELU([alpha], [inplace]) or ELU({.alpha, .inplace})
  Tensor forward(const Tensor& input) override;
};
using CELUOptions = ELUOptions;
class CELU : public WithOptions<CELUOptions> {
 public:
  using WithOptions::WithOptions;
  explicit CELU(double alpha = 1, bool inplace = false) : WithOptions(CELUOptions{alpha, inplace}) {}
  template <class = void>
  explicit CELU(...) = delete;  // CELU([alpha], [inplace]) or CELU({.alpha, .inplace})
  Tensor forward(const Tensor& input) override;
};
struct LeakyReLUOptions {
  double negative_slope = 0.01;
  bool inplace = false;
  template <class O = LeakyReLUOptions>
  static constexpr auto members() {
    return Members{member("negative_slope", &O::negative_slope), member("inplace", &O::inplace)};
  }
};
class LeakyReLU : public WithOptions<LeakyReLUOptions> {
 public:
  using WithOptions::WithOptions;
  explicit LeakyReLU(double negative_slope = 0.01, bool inplace = false) : WithOptions(LeakyReLUOptions{negative_slope, inplace}) {}
  template <class = void>
  explicit LeakyReLU(...) = delete;  // LeakyReLU([negative_slope], [inplace]) or LeakyReLU({.negative_slope, .inplace})
  Tensor forward(const Tensor& input) override;
};
struct RReLUOptions {
  double lower = 1.0 / 8, upper = 1.0 / 3;
  bool inplace = false;
  template <class O = RReLUOptions>
  static constexpr auto members() {
    return Members{member("lower", &O::lower), member("upper", &O::upper), member("inplace", &O::inplace)};
  }
};
class RReLU : public WithOptions<RReLUOptions> {
 public:
  using WithOptions::WithOptions;
  explicit RReLU(double lower = 1.0 / 8, double upper = 1.0 / 3, bool inplace = false) : WithOptions(RReLUOptions{lower, upper, inplace}) {}
  template <class = void>
  explicit RReLU(...) = delete;  // RReLU([lower], [upper], [inplace]) or RReLU({.lower, .upper, .inplace})
  Tensor forward(const Tensor& input) override;
};
struct HardtanhOptions {
  double min_val = -1, max_val = 1;
  bool inplace = false;
  template <class O = HardtanhOptions>
  static constexpr auto members() {
    return Members{member("min_val", &O::min_val), member("max_val", &O::max_val), member("inplace", &O::inplace)};
  }
};
class Hardtanh : public WithOptions<HardtanhOptions> {
 public:
  /// Throws Error unless min_val < max_val.
  explicit Hardtanh(const HardtanhOptions& options);
  explicit Hardtanh(double min_val = -1, double max_val = 1, bool inplace = false) : Hardtanh(HardtanhOptions{min_val, max_val, inplace}) {}
  template <class = void>
  explicit Hardtanh(...) = delete;  // Hardtanh({.min_val, .max_val, .inplace}) or Hardtanh([min_val], [max_val], [inplace])
  Tensor forward(const Tensor& input) override;
};
class Threshold : public WithOptions<InplaceOptions> {
 public:
  Threshold(double threshold, double value, const InplaceOptions& options = {});
  Threshold(double at, double other, std::same_as<bool> auto in_place) : Threshold(at, other, InplaceOptions{in_place}) {}
  explicit Threshold(...) = delete;  // Threshold(threshold, value, {.inplace})
  template <class M = Threshold>
  static constexpr auto arguments() {
    return Members{member("threshold", &M::threshold), member("value", &M::value)};
  }
  Tensor forward(const Tensor& input) override;
  double threshold, value;
};

class Sigmoid : public TensorModule {
 public:
  Tensor forward(const Tensor& input) override;
};
class Tanh : public TensorModule {
 public:
  Tensor forward(const Tensor& input) override;
};
class LogSigmoid : public TensorModule {
 public:
  Tensor forward(const Tensor& input) override;
};
class Softsign : public TensorModule {
 public:
  Tensor forward(const Tensor& input) override;
};
class Tanhshrink : public TensorModule {
 public:
  Tensor forward(const Tensor& input) override;
};

struct GELUOptions {
  std::string approximate = "none";  // or "tanh"
  template <class O = GELUOptions>
  static constexpr auto members() {
    return Members{member("approximate", &O::approximate)};
  }
};
class GELU : public WithOptions<GELUOptions> {
 public:
  using WithOptions::WithOptions;
  explicit GELU(std::convertible_to<std::string> auto approximate) : WithOptions(GELUOptions{std::move(approximate)}) {}
  template <class = void>
  explicit GELU(...) = delete;  // GELU([approximate]) or GELU({.approximate})
  Tensor forward(const Tensor& input) override;
};
struct GLUOptions {
  int64_t dim = -1;
  template <class O = GLUOptions>
  static constexpr auto members() {
    return Members{member("dim", &O::dim)};
  }
};
class GLU : public WithOptions<GLUOptions> {
 public:
  using WithOptions::WithOptions;
  explicit GLU(int64_t dim = -1) : WithOptions(GLUOptions{dim}) {}
  template <class = void>
  explicit GLU(...) = delete;  // GLU([dim]) or GLU({.dim})
  Tensor forward(const Tensor& input) override;
};
struct ShrinkOptions {
  double lambd = 0.5;
  template <class O = ShrinkOptions>
  static constexpr auto members() {
    return Members{member("lambd", &O::lambd)};
  }
};
class Hardshrink : public WithOptions<ShrinkOptions> {
 public:
  using WithOptions::WithOptions;
  explicit Hardshrink(double lambd = 0.5) : WithOptions(ShrinkOptions{lambd}) {}
  template <class = void>
  explicit Hardshrink(...) = delete;  // Hardshrink([lambd]) or Hardshrink({.lambd})
  Tensor forward(const Tensor& input) override;
  std::string extra_repr() const override;
};
class Softshrink : public WithOptions<ShrinkOptions> {
 public:
  using WithOptions::WithOptions;
  explicit Softshrink(double lambd = 0.5) : WithOptions(ShrinkOptions{lambd}) {}
  template <class = void>
  explicit Softshrink(...) = delete;  // Softshrink([lambd]) or Softshrink({.lambd})
  Tensor forward(const Tensor& input) override;
  std::string extra_repr() const override;
};
struct SoftplusOptions {
  double beta = 1, threshold = 20;
  template <class O = SoftplusOptions>
  static constexpr auto members() {
    return Members{member("beta", &O::beta), member("threshold", &O::threshold)};
  }
};
class Softplus : public WithOptions<SoftplusOptions> {
 public:
  using WithOptions::WithOptions;
  explicit Softplus(double beta = 1, double threshold = 20) : WithOptions(SoftplusOptions{beta, threshold}) {}
  template <class = void>
  explicit Softplus(...) = delete;  // Softplus([beta], [threshold]) or Softplus({.beta, .threshold})
  Tensor forward(const Tensor& input) override;
};
struct PReLUOptions {
  int64_t num_parameters = 1;
  double init = 0.25;
  std::optional<Device> device = {};
  std::optional<DType> dtype = {};
  template <class O = PReLUOptions>
  static constexpr auto members() {
    return Members{member("num_parameters", &O::num_parameters, {.least = 1}), member("init", &O::init)};
  }
};
/// One learnt slope for each channel (dimension 1), or one for all.
class PReLU : public WithOptions<PReLUOptions> {
 public:
  explicit PReLU(const PReLUOptions& options);
  explicit PReLU(int64_t num_parameters = 1, double init = 0.25) : PReLU(PReLUOptions{.num_parameters = num_parameters, .init = init}) {}
  template <class = void>
  explicit PReLU(...) = delete;  // PReLU({.num_parameters, .init}) or PReLU([num_parameters], [init])
  Tensor forward(const Tensor& input) override;
  std::string extra_repr() const override;
  Parameter weight;
};
struct SoftmaxOptions {
  std::optional<int64_t> dim = {};  // none: 1 for 2-d and 4-d inputs and more, else 0, as PyTorch has it
  template <class O = SoftmaxOptions>
  static constexpr auto members() {
    return Members{member("dim", &O::dim)};
  }
};
class Softmax : public WithOptions<SoftmaxOptions> {
 public:
  using WithOptions::WithOptions;
  explicit Softmax(std::convertible_to<std::optional<int64_t>> auto dim) : WithOptions(SoftmaxOptions{dim}) {}
  template <class = void>
  explicit Softmax(...) = delete;  // Softmax([dim]) or Softmax({.dim})
  Tensor forward(const Tensor& input) override;
};
class LogSoftmax : public WithOptions<SoftmaxOptions> {
 public:
  using WithOptions::WithOptions;
  explicit LogSoftmax(std::convertible_to<std::optional<int64_t>> auto dim) : WithOptions(SoftmaxOptions{dim}) {}
  template <class = void>
  explicit LogSoftmax(...) = delete;  // LogSoftmax([dim]) or LogSoftmax({.dim})
  Tensor forward(const Tensor& input) override;
};
class Softmin : public WithOptions<SoftmaxOptions> {
 public:
  using WithOptions::WithOptions;
  explicit Softmin(std::convertible_to<std::optional<int64_t>> auto dim) : WithOptions(SoftmaxOptions{dim}) {}
  template <class = void>
  explicit Softmin(...) = delete;  // Softmin([dim]) or Softmin({.dim})
  Tensor forward(const Tensor& input) override;
};
/// Softmax over the channels of [batch, channels, height, width] or [channels, height, width].
class Softmax2d : public TensorModule {
 public:
  Tensor forward(const Tensor& input) override;
};

}  // namespace lazuli::nn
