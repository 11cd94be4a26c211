#pragma once
#include "lazuli/nn/module/options.h"

/// Activation functions as modules; ops/pointwise/activation.h has the formulas. `inplace` overwrites the input.
namespace lazuli::nn {

struct InplaceOptions {
  bool inplace = false;
  static constexpr auto members() { return std::tuple{member("inplace", &InplaceOptions::inplace)}; }
};
/// Base of those that have no other option.
class InplaceActivation : public WithOptions<InplaceOptions> {
 public:
  explicit InplaceActivation(bool inplace = false) : WithOptions(InplaceOptions{inplace}) {}
  explicit InplaceActivation(const InplaceOptions& o) : WithOptions(o) {}
};
class ReLU : public InplaceActivation {
 public:
  using InplaceActivation::InplaceActivation;
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
  static constexpr auto members() { return std::tuple{member("alpha", &ELUOptions::alpha), member("inplace", &ELUOptions::inplace)}; }
};
class ELU : public WithOptions<ELUOptions> {
 public:
  using WithOptions::WithOptions;
  explicit ELU(double alpha = 1, bool inplace = false) : WithOptions(ELUOptions{alpha, inplace}) {}
  Tensor forward(const Tensor& input) override;
};
using CELUOptions = ELUOptions;
class CELU : public WithOptions<CELUOptions> {
 public:
  using WithOptions::WithOptions;
  explicit CELU(double alpha = 1, bool inplace = false) : WithOptions(CELUOptions{alpha, inplace}) {}
  Tensor forward(const Tensor& input) override;
};
struct LeakyReLUOptions {
  double negative_slope = 0.01;
  bool inplace = false;
  static constexpr auto members() {
    return std::tuple{member("negative_slope", &LeakyReLUOptions::negative_slope), member("inplace", &LeakyReLUOptions::inplace)};
  }
};
class LeakyReLU : public WithOptions<LeakyReLUOptions> {
 public:
  using WithOptions::WithOptions;
  explicit LeakyReLU(double negative_slope = 0.01, bool inplace = false) : WithOptions(LeakyReLUOptions{negative_slope, inplace}) {}
  Tensor forward(const Tensor& input) override;
};
struct RReLUOptions {
  double lower = 1.0 / 8, upper = 1.0 / 3;
  bool inplace = false;
  static constexpr auto members() {
    return std::tuple{member("lower", &RReLUOptions::lower), member("upper", &RReLUOptions::upper), member("inplace", &RReLUOptions::inplace)};
  }
};
class RReLU : public WithOptions<RReLUOptions> {
 public:
  using WithOptions::WithOptions;
  explicit RReLU(double lower = 1.0 / 8, double upper = 1.0 / 3, bool inplace = false) : WithOptions(RReLUOptions{lower, upper, inplace}) {}
  Tensor forward(const Tensor& input) override;
};
struct HardtanhOptions {
  double min_val = -1, max_val = 1;
  bool inplace = false;
  static constexpr auto members() {
    return std::tuple{member("min_val", &HardtanhOptions::min_val), member("max_val", &HardtanhOptions::max_val),
                      member("inplace", &HardtanhOptions::inplace)};
  }
};
class Hardtanh : public WithOptions<HardtanhOptions> {
 public:
  /// Throws Error unless min_val < max_val.
  explicit Hardtanh(const HardtanhOptions& options);
  explicit Hardtanh(double min_val = -1, double max_val = 1, bool inplace = false) : Hardtanh(HardtanhOptions{min_val, max_val, inplace}) {}
  Tensor forward(const Tensor& input) override;
};
class Threshold : public WithOptions<InplaceOptions> {
 public:
  Threshold(double threshold, double value, const InplaceOptions& options = {});
  Threshold(double at, double other, std::same_as<bool> auto in_place) : Threshold(at, other, InplaceOptions{in_place}) {}
  static constexpr auto arguments() { return std::tuple{member("threshold", &Threshold::threshold), member("value", &Threshold::value)}; }
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
  static constexpr auto members() { return std::tuple{member("approximate", &GELUOptions::approximate)}; }
};
class GELU : public WithOptions<GELUOptions> {
 public:
  using WithOptions::WithOptions;
  explicit GELU(std::string approximate = "none") : WithOptions(GELUOptions{std::move(approximate)}) {}
  Tensor forward(const Tensor& input) override;
};
struct GLUOptions {
  int64_t dim = -1;
  static constexpr auto members() { return std::tuple{member("dim", &GLUOptions::dim)}; }
};
class GLU : public WithOptions<GLUOptions> {
 public:
  using WithOptions::WithOptions;
  explicit GLU(int64_t dim = -1) : WithOptions(GLUOptions{dim}) {}
  Tensor forward(const Tensor& input) override;
};
struct ShrinkOptions {
  double lambd = 0.5;
  static constexpr auto members() { return std::tuple{member("lambd", &ShrinkOptions::lambd)}; }
};
class Hardshrink : public WithOptions<ShrinkOptions> {
 public:
  using WithOptions::WithOptions;
  explicit Hardshrink(double lambd = 0.5) : WithOptions(ShrinkOptions{lambd}) {}
  Tensor forward(const Tensor& input) override;
  std::string extra_repr() const override;
};
class Softshrink : public WithOptions<ShrinkOptions> {
 public:
  using WithOptions::WithOptions;
  explicit Softshrink(double lambd = 0.5) : WithOptions(ShrinkOptions{lambd}) {}
  Tensor forward(const Tensor& input) override;
  std::string extra_repr() const override;
};
struct SoftplusOptions {
  double beta = 1, threshold = 20;
  static constexpr auto members() { return std::tuple{member("beta", &SoftplusOptions::beta), member("threshold", &SoftplusOptions::threshold)}; }
};
class Softplus : public WithOptions<SoftplusOptions> {
 public:
  using WithOptions::WithOptions;
  explicit Softplus(double beta = 1, double threshold = 20) : WithOptions(SoftplusOptions{beta, threshold}) {}
  Tensor forward(const Tensor& input) override;
};
struct PReLUOptions {
  int64_t num_parameters = 1;
  double init = 0.25;
  static constexpr auto members() {
    return std::tuple{member("num_parameters", &PReLUOptions::num_parameters, {.least = 1}), member("init", &PReLUOptions::init)};
  }
};
/// One learnt slope for each channel (dimension 1), or one for all.
class PReLU : public WithOptions<PReLUOptions> {
 public:
  explicit PReLU(const PReLUOptions& options);
  explicit PReLU(int64_t num_parameters = 1, double init = 0.25) : PReLU(PReLUOptions{num_parameters, init}) {}
  Tensor forward(const Tensor& input) override;
  std::string extra_repr() const override;
  Parameter weight;
};

struct SoftmaxOptions {
  std::optional<int64_t> dim = {};  // none: 1 for 2-d and 4-d inputs and more, else 0, as PyTorch has it
  static constexpr auto members() { return std::tuple{member("dim", &SoftmaxOptions::dim)}; }
};
class Softmax : public WithOptions<SoftmaxOptions> {
 public:
  using WithOptions::WithOptions;
  explicit Softmax(std::optional<int64_t> dim = {}) : WithOptions(SoftmaxOptions{dim}) {}
  Tensor forward(const Tensor& input) override;
};
class LogSoftmax : public WithOptions<SoftmaxOptions> {
 public:
  using WithOptions::WithOptions;
  explicit LogSoftmax(std::optional<int64_t> dim = {}) : WithOptions(SoftmaxOptions{dim}) {}
  Tensor forward(const Tensor& input) override;
};
class Softmin : public WithOptions<SoftmaxOptions> {
 public:
  using WithOptions::WithOptions;
  explicit Softmin(std::optional<int64_t> dim = {}) : WithOptions(SoftmaxOptions{dim}) {}
  Tensor forward(const Tensor& input) override;
};
/// Softmax over the channels of [batch, channels, height, width] or [channels, height, width].
class Softmax2d : public TensorModule {
 public:
  Tensor forward(const Tensor& input) override;
};

}  // namespace lazuli::nn
