#pragma once
#include <functional>
#include <memory>
#include <optional>
#include <tuple>
#include <type_traits>
#include <utility>
#include <vector>

#include "lazuli/autograd/tensors_in.h"
#include "lazuli/core/modes.h"

/// Less memory for more time: parts of a forward that are computed again in the backward instead of being kept.
namespace lazuli::autograd {

struct CheckpointOptions {
  bool preserve_rng_state = true;  // draws the same random numbers again
  bool early_stop = true;          // ends computing again with the last tensor that the backward wants
  // Of what is saved last, so many times the bytes of the inputs are kept (an activation and its mask) where that is at most a quarter of all: computing again ends before it.
  double keep_last = 1.25;
};

namespace detail {

/// A part of a forward: what it takes to compute it again, and what was saved in it.
class Checkpoint : public std::enable_shared_from_this<Checkpoint> {
 public:
  explicit Checkpoint(const CheckpointOptions& options);
  ~Checkpoint();
  Checkpoint(const Checkpoint&) = delete;
  Checkpoint& operator=(const Checkpoint&) = delete;
  /// A tensor that it gets, kept as operators keep what they save.
  void add_input(const Tensor& t);
  /// In their order, as they were.
  std::vector<Tensor> inputs() const;
  /// Does `forward` for the first time, and what saved tensors are asked for later, `again`.
  void run(const std::function<void()>& forward, std::function<void()> again);
  /// The node that saved tensor `index` has no more use for it.
  void release(size_t index);

  struct State;

 private:
  std::unique_ptr<State> state_;
};

/// How a callable is kept: modules and other things that cannot be copied by reference, others by value.
template <class F>
using KeptCallable = std::conditional_t<std::is_lvalue_reference_v<F> && !std::is_copy_constructible_v<std::decay_t<F>>,
                                        std::reference_wrapper<std::remove_reference_t<F>>, std::decay_t<F>>;

class BudgetScope {
 public:
  explicit BudgetScope(int64_t bytes);
  ~BudgetScope();
  BudgetScope(const BudgetScope&) = delete;
  BudgetScope& operator=(const BudgetScope&) = delete;

 private:
  std::shared_ptr<void> before_;
};
}  // namespace detail

/// fn(inputs...), of which nothing is kept for the backward but the inputs and little of its end (`keep_last`): the backward computes it again. Values and gradients are the same bit for bit: the random numbers, autocast
/// and what fn captures (which must live until the backward and be what it was) are those of the first time. Inputs and result are anything; gradients reach the inputs and whatever
/// fn refers to. Checkpoints nest, and gradients of gradients exist. Modules whose forward counts (batch statistics) do not count twice.
///   Tensor y = autograd::checkpoint([&](const Tensor& x) { return block(x); }, x);
/// The backward throws Error (State) when fn saves other tensors the second time, or an input was changed in place.
template <class F, class... A>
auto checkpoint(const CheckpointOptions& options, F&& fn, A&&... inputs) {
  using Result = std::invoke_result_t<std::remove_reference_t<F>&, std::decay_t<A>&...>;
  if (!modes.grad) return Result(fn(inputs...));
  struct Kept {
    detail::KeptCallable<F> fn;
    std::tuple<std::decay_t<A>...> inputs;
  };
  auto part = std::make_shared<detail::Checkpoint>(options);
  auto kept = std::make_shared<Kept>(Kept{std::forward<F>(fn), {inputs...}});
  detail::for_each_tensor(kept->inputs, [&](Tensor& t) {
    part->add_input(t);
    t = Tensor();
  });
  auto again = [kept, owner = part.get()] {
    auto arguments = kept->inputs;
    std::vector<Tensor> tensors = owner->inputs();
    size_t next = 0;
    detail::for_each_tensor(arguments, [&](Tensor& t) { t = tensors[next++]; });
    std::apply(kept->fn, arguments);
  };
  if constexpr (std::is_void_v<Result>) {
    part->run([&] { kept->fn(inputs...); }, again);
  } else {
    std::optional<Result> result;
    part->run([&] { result.emplace(kept->fn(inputs...)); }, again);
    return Result(std::move(*result));
  }
}
template <class F, class... A>
requires(!std::is_same_v<std::remove_cvref_t<F>, CheckpointOptions>) auto checkpoint(F&& fn, A&&... inputs) {
  return checkpoint(CheckpointOptions(), std::forward<F>(fn), std::forward<A>(inputs)...);
}

/// The functions one after another (a Sequential's modules, a vector of callables of a tensor), in `segments` parts of about equal length, of which all but the last are checkpoints.
template <class Functions>
Tensor checkpoint_sequential(Functions& functions, int64_t segments, Tensor input, const CheckpointOptions& options = {}) {
  const auto count = int64_t(functions.size());
  if (segments < 1) segments = 1;
  if (segments > count) segments = count;
  const int64_t each = segments ? count / segments : 0;
  auto run = [&functions](const Tensor& x, int64_t begin, int64_t end) {
    Tensor y = x;
    for (int64_t i = begin; i < end; ++i) y = functions[i](y);
    return y;
  };
  int64_t begin = 0;
  for (int64_t s = 0; s + 1 < segments; ++s, begin += each)
    input = checkpoint(
        options, [run, begin, end = begin + each](const Tensor& x) { return run(x, begin, end); }, input);
  return run(input, begin, count);
}

/// fn(), in which checkpoints are kept whole for as long as what they save has room in `bytes`, and dropped, to be computed again, beyond that: first those that gain most bytes
/// for the time that they took. Their inputs count and stay. Within a budget the transformer's encoder and decoder make each of their layers a checkpoint, and Sequential each module that
/// has others below it and each few that have none. What is saved outside of checkpoints does not count.
///   Tensor loss = autograd::with_memory_budget(512 << 20, [&] { return cross_entropy(net(x), y); });
template <class F>
auto with_memory_budget(int64_t bytes, F&& fn) {
  const detail::BudgetScope scope(bytes);
  return fn();
}
/// Whether there is a budget in this thread: then it is worth making parts.
bool has_memory_budget();
/// What the innermost budget's parts keep now, and how many of how many were dropped.
struct MemoryBudgetReport {
  int64_t budget = 0, kept_bytes = 0, parts = 0, dropped = 0;
};
/// Of the last budget of this thread, during it and after it.
MemoryBudgetReport memory_budget_report();

/// Whether this thread computes a checkpoint again: a forward that counts leaves that out.
bool is_recomputing();

}  // namespace lazuli::autograd

namespace lazuli {
using autograd::checkpoint, autograd::checkpoint_sequential, autograd::with_memory_budget;
}
