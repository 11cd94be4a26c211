#pragma once
#include <functional>

#include "lazuli/nn/module/module.h"

namespace lazuli::nn {

/// What `check_grads_flow` found: the parameters that get no gradient, and why. It prints as its text and tests as `ok`.
struct GradsFlowReport {
  struct Entry {
    std::string parameter, reason;
  };
  std::vector<Entry> without_gradient;
  std::vector<std::string> frozen;  // that do not require grad, which is no failure
  bool ok() const { return without_gradient.empty(); }
  explicit operator bool() const { return ok(); }
};
std::string to_string(const GradsFlowReport& report);
std::ostream& operator<<(std::ostream& out, const GradsFlowReport& report);

/// Which parameters of `model` the graph of `loss` does not reach.
GradsFlowReport check_grads_flow(const Module& model, const Tensor& loss);
/// The same with the reason: `loss()` is computed once more while its kernels are watched, and the first call that used a parameter and was not recorded is named.
///   std::cout << nn::check_grads_flow(net, [&] { return cross_entropy(net(x), y); });
///   fc2.weight: the last operator recorded is linear in module fc2 (Linear); then arg_reduce.Max gives int64, which has no gradient
GradsFlowReport check_grads_flow(const Module& model, const std::function<Tensor()>& loss);

}  // namespace lazuli::nn
