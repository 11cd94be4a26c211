#pragma once
#include <concepts>

#include "lazuli/nn/module/lazy.h"
#include "lazuli/nn/module/options.h"

namespace lazuli::nn {

struct LinearOptions {
  bool bias = true;
  std::optional<Device> device = {};
  std::optional<DType> dtype = {};
  template <class O = LinearOptions>
  static constexpr auto members() {
    return Members{member("bias", &O::bias)};
  }
};

/// y = x W^T + b. input [.., in_features] -> [.., out_features]; weight [out_features, in_features], bias [out_features].
/// Both begin uniform in +-1/sqrt(in_features).
class Linear : public WithOptions<LinearOptions> {
 public:
  /// Throws Error for negative sizes.
  Linear(int64_t in_features, int64_t out_features, const LinearOptions& options = {});
  Linear(int64_t in, int64_t out, std::same_as<bool> auto with_bias) : Linear(in, out, LinearOptions{.bias = with_bias}) {}
  explicit Linear(...) = delete;  // Linear(in_features, out_features, {.bias})
  template <class M = Linear>
  static constexpr auto arguments() {
    return Members{member("in_features", &M::in_features, {.least = 0}), member("out_features", &M::out_features, {.least = 0})};
  }
  Tensor forward(const Tensor& input) override;
  /// New values from the default generator.
  void reset_parameters();
  std::string extra_repr() const override;

  int64_t in_features, out_features;
  Parameter weight, bias;

 protected:
  struct Lazy {};
  Linear(Lazy, int64_t out_features, const LinearOptions& options);
  void fill(const Generator& for_weight, const Generator& for_bias);
  InitStream weight_stream_, bias_stream_;
};

/// A Linear whose in_features is the last dimension of its first input.
class LazyLinear : public Linear, public LazyModule {
 public:
  explicit LazyLinear(int64_t out_features, const LinearOptions& options = {}) : Linear(Lazy(), out_features, options) {}
  LazyLinear(int64_t out, std::same_as<bool> auto with_bias) : LazyLinear(out, LinearOptions{.bias = with_bias}) {}
  explicit LazyLinear(...) = delete;  // LazyLinear(out_features, {.bias})
  template <class M = LazyLinear>
  static constexpr auto arguments() {
    return Members{member("out_features", &M::out_features, {.least = 0})};
  }
  template <class M = LazyLinear>
  static constexpr auto members() {
    return Members{member("in_features", &M::in_features)};
  }
  Tensor forward(const Tensor& input) override;
  void initialize_parameters(const Tensor& input) override;
  std::string class_name() const override;

 protected:
  void forget_sizes() override { in_features = 0; }
  void copy_streams(const LazyModule& original) override;
  void state_loaded() override;
  std::string expected_sizes(std::string_view name, const Shape& sizes) const override;
};

/// Returns its input.
class Identity : public TensorModule {
 public:
  Tensor forward(const Tensor& input) override { return input; }
};

/// Base of modules of two tensors, such as losses.
class BinaryModule : public Module {
 public:
  virtual Tensor forward(const Tensor& input, const Tensor& other) = 0;
  Tensor operator()(const Tensor& input, const Tensor& other);
};

/// The same for three.
class TernaryModule : public Module {
 public:
  virtual Tensor forward(const Tensor& a, const Tensor& b, const Tensor& c) = 0;
  Tensor operator()(const Tensor& a, const Tensor& b, const Tensor& c);
};

/// y[.., k] = x1^T A[k] x2 + b[k]. inputs [.., in1_features] and [.., in2_features]; weight [out_features, in1_features, in2_features], bias [out_features].
class Bilinear : public BinaryModule {
 public:
  using Options = LinearOptions;
  Bilinear(int64_t in1_features, int64_t in2_features, int64_t out_features, const LinearOptions& options = {});
  explicit Bilinear(...) = delete;  // Bilinear(in1_features, in2_features, out_features, {.bias})
  template <class M = Bilinear>
  static constexpr auto arguments() {
    return Members{member("in1_features", &M::in1_features, {.least = 0}), member("in2_features", &M::in2_features, {.least = 0}),
                   member("out_features", &M::out_features, {.least = 0})};
  }
  Tensor forward(const Tensor& input1, const Tensor& input2) override;
  void reset_parameters();
  std::string extra_repr() const override;

  int64_t in1_features, in2_features, out_features;
  LinearOptions options;
  Parameter weight, bias;
};

}  // namespace lazuli::nn
