#pragma once
#include <functional>

#include "lazuli/nn/module/child.h"
#include "lazuli/record/frozen/frozen.h"

/// Networks for inference as lists of kernel calls that no program is needed for (docs/deploying.md).
namespace lazuli {

struct FreezeOptions {
  /// Constants are folded and batch norms go into the layers before them, sums and activations into the convolutions. Off: the very calls that the network makes, with results that are equal bit for bit.
  bool fuse = true;
};

namespace detail {
Frozen freeze(const std::function<std::vector<Tensor>(const std::vector<Tensor>&)>& f, const std::vector<Tensor>& inputs,
              const FreezeOptions& options);

/// Modules below `module` in evaluation mode while it lives.
class EvaluationScope {
 public:
  explicit EvaluationScope(nn::Module& module);
  ~EvaluationScope();
  EvaluationScope(const EvaluationScope&) = delete;

 private:
  std::vector<nn::Module*> trained_;
};
}  // namespace detail

/// Runs `model` once on `inputs`, in evaluation mode and without gradients, and keeps the calls that it makes on the way from these to its output, with copies of all weights: what is done to the module
/// later does not reach it. `inputs` are examples: sizes, dtypes and order in memory (channels last is fast for images) are those of all inputs later. On the CPU.
///
/// Results equal the module's to rounding (about 1e-5 relative for float32). Throws Error for what is no list of calls: a value that is read in between, random numbers, a loop on the host, other devices.
template <class M>
requires std::is_base_of_v<nn::Module, M> Frozen freeze(M& model, const std::vector<Tensor>& inputs, const FreezeOptions& options = {}) {
  const detail::EvaluationScope evaluation(model);
  return detail::freeze(
      [&](const std::vector<Tensor>& in) -> std::vector<Tensor> {
        if (in.size() != 1) fail("freeze", "inputs", "one tensor for a module; a function of several calls it with them", std::to_string(in.size()));
        return {Tensor(nn::call(model, in[0]))};
      },
      inputs, options);
}
namespace detail {
template <class F>
concept FunctionOfTensors = !std::is_base_of_v<nn::Module, std::remove_cvref_t<F>> && std::is_invocable_v<F&, const std::vector<Tensor>&>;
}
/// The same of a function of a list of tensors, which gives one or several: `freeze([&](const std::vector<Tensor>& in) { return net(in[0], in[1]); }, {a, b})`. The modules that it
/// calls are in evaluation mode already.
template <detail::FunctionOfTensors F>
Frozen freeze(F&& f, const std::vector<Tensor>& inputs, const FreezeOptions& options = {}) {
  return detail::freeze(
      [&](const std::vector<Tensor>& in) -> std::vector<Tensor> {
        if constexpr (std::is_convertible_v<std::invoke_result_t<F&, const std::vector<Tensor>&>, Tensor>) return {Tensor(f(in))};
        else return f(in);
      },
      inputs, options);
}

}  // namespace lazuli
