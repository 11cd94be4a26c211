#pragma once
#include "lazuli/core/modes.h"
#include "lazuli/nn/module/lazy.h"

namespace lazuli::nn::detail {

/// While it lives, all tensors of a module tree are on the meta device and the tree is in evaluation mode; calls are listed, no
/// gradients are recorded. Afterwards everything is as it was.
class DryRun {
 public:
  explicit DryRun(Module& root);
  ~DryRun();
  DryRun(const DryRun&) = delete;
  static thread_local constinit DryRun* current;

  /// Calls in the order of their beginning.
  const std::vector<SeenCall>& seen() const { return seen_; }
  /// Lazy modules in the order in which they found their sizes, with an input each.
  const std::vector<std::pair<LazyModule*, Tensor>>& inferred() const { return inferred_; }

  void entered(Module& module, const std::vector<Tensor>& inputs);
  void left(Module& module, const std::vector<Tensor>& outputs);
  void infer(LazyModule& module, const Tensor& input) { inferred_.emplace_back(&module, input); }
  /// Puts everything back; the destructor does it otherwise.
  void end();

 private:
  struct Saved;
  DryRun* outer_;
  Modes grad_modes_;
  bool ended_ = false;
  std::vector<Saved> saved_;
  std::vector<std::pair<Module*, bool>> modes_;
  std::vector<SeenCall> seen_;
  std::vector<size_t> open_;
  std::vector<std::pair<LazyModule*, Tensor>> inferred_;
};

/// From now on every call looks for hooks.
void watch_all_calls();

}  // namespace lazuli::nn::detail
