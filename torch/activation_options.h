#pragma once
#include "lazuli/torch/options.h"

/// libtorch's options of activations and dropout.
namespace torch::nn {

struct DropoutOptions : detail::Chain<lazuli::nn::DropoutOptions> {
  DropoutOptions(double p = 0.5) { options.p = p; }
  LAZULI_TORCH_OPTION(DropoutOptions, p)
  LAZULI_TORCH_OPTION(DropoutOptions, inplace)
};
using Dropout2dOptions = DropoutOptions;
using Dropout3dOptions = DropoutOptions;
using AlphaDropoutOptions = DropoutOptions;
struct InplaceOptions : detail::Chain<lazuli::nn::InplaceOptions> {
  InplaceOptions(bool inplace = false) { options.inplace = inplace; }
  LAZULI_TORCH_OPTION(InplaceOptions, inplace)
};
using ReLUOptions = InplaceOptions;
using ReLU6Options = InplaceOptions;
using SELUOptions = InplaceOptions;
struct ELUOptions : detail::Chain<lazuli::nn::ELUOptions> {
  ELUOptions() = default;
  LAZULI_TORCH_OPTION(ELUOptions, alpha)
  LAZULI_TORCH_OPTION(ELUOptions, inplace)
};
using CELUOptions = ELUOptions;
struct LeakyReLUOptions : detail::Chain<lazuli::nn::LeakyReLUOptions> {
  LeakyReLUOptions() = default;
  LAZULI_TORCH_OPTION(LeakyReLUOptions, negative_slope)
  LAZULI_TORCH_OPTION(LeakyReLUOptions, inplace)
};
struct HardtanhOptions : detail::Chain<lazuli::nn::HardtanhOptions> {
  HardtanhOptions() = default;
  LAZULI_TORCH_OPTION(HardtanhOptions, min_val)
  LAZULI_TORCH_OPTION(HardtanhOptions, max_val)
  LAZULI_TORCH_OPTION(HardtanhOptions, inplace)
};
struct RReLUOptions : detail::Chain<lazuli::nn::RReLUOptions> {
  RReLUOptions() = default;
  LAZULI_TORCH_OPTION(RReLUOptions, lower)
  LAZULI_TORCH_OPTION(RReLUOptions, upper)
  LAZULI_TORCH_OPTION(RReLUOptions, inplace)
};
struct ShrinkOptions : detail::Chain<lazuli::nn::ShrinkOptions> {
  ShrinkOptions(double lambda = 0.5) { options.lambd = lambda; }
  ShrinkOptions& lambda(double value) { return options.lambd = value, *this; }
};
using HardshrinkOptions = ShrinkOptions;
using SoftshrinkOptions = ShrinkOptions;
struct ThresholdOptions {
  ThresholdOptions(double threshold, double value) : threshold_(threshold), value_(value) {}
  template <class Impl>
  std::shared_ptr<Impl> make() const {
    return std::make_shared<Impl>(threshold_, value_, inplace_);
  }
  ThresholdOptions& inplace(bool value) { return inplace_ = value, *this; }
  double threshold_, value_;
  bool inplace_ = false;
};
struct GELUOptions : detail::Chain<lazuli::nn::GELUOptions> {
  GELUOptions() = default;
  LAZULI_TORCH_OPTION(GELUOptions, approximate)
};
struct GLUOptions : detail::Chain<lazuli::nn::GLUOptions> {
  GLUOptions(int64_t dim = -1) { options.dim = dim; }
  LAZULI_TORCH_OPTION(GLUOptions, dim)
};
struct PReLUOptions : detail::Chain<lazuli::nn::PReLUOptions> {
  PReLUOptions() = default;
  LAZULI_TORCH_OPTION(PReLUOptions, num_parameters)
  LAZULI_TORCH_OPTION(PReLUOptions, init)
};
struct SoftplusOptions : detail::Chain<lazuli::nn::SoftplusOptions> {
  SoftplusOptions() = default;
  LAZULI_TORCH_OPTION(SoftplusOptions, beta)
  LAZULI_TORCH_OPTION(SoftplusOptions, threshold)
};
struct SoftmaxOptions : detail::Chain<lazuli::nn::SoftmaxOptions> {
  SoftmaxOptions(int64_t dim) { options.dim = dim; }
  LAZULI_TORCH_OPTION(SoftmaxOptions, dim)
};
using LogSoftmaxOptions = SoftmaxOptions;
using SoftminOptions = SoftmaxOptions;

}  // namespace torch::nn
