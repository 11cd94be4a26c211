#pragma once
#include <initializer_list>
#include <vector>

#include "lazuli/core/kernel.h"
#include "lazuli/core/vmap/levels.h"

/// How a slot is called for all samples of a vmap at once.
namespace lazuli::batching {

/// A call with batched arguments. `arguments` are numbered as in core/slots.h.
class BatchedCall {
 public:
  BatchedCall(KernelBase& called, Device on, std::span<const SlotArgument> given, detail::CallAt how);

  const Device device;
  const std::span<const SlotArgument> arguments;
  /// The levels of which some argument has a sample for each, outermost first; strides mean nothing but not 0.
  std::vector<BatchLevel> levels;
  int64_t lead() const { return int64_t(levels.size()); }

  const Tensor& tensor(size_t argument) const { return arguments[argument].tensors()[0]; }
  /// Whether it differs from sample to sample.
  bool batched(size_t argument) const;
  static bool batched(const Tensor& t);
  /// All samples of what is read: the levels first, then its own dimensions. Undefined as it is.
  Tensor in(size_t argument) const { return in(tensor(argument)); }
  Tensor in(const Tensor& t) const { return whole(t, levels); }
  /// The same of what is written, which gets the levels where it lacks them. `overwritten`: the slot writes all of it and reads nothing of it.
  Tensor out(size_t argument, bool overwritten = true);

  /// Calls the slot with these in the places of the arguments of the same numbers; null: as given.
  void run(const std::vector<const void*>& replaced) const;
  /// Once per sample, counted.
  void run_each();
  bool anything() const { return !levels.empty() || !shared_.empty(); }
  KernelBase& slot() const { return slot_; }
  /// Whether a tensor that is read lies in the memory of what is written.
  bool reads(const Tensor& written) const;

 private:
  std::vector<BatchLevel> wanted() const;
  KernelBase& slot_;
  detail::CallAt call_;
  std::vector<BatchLevel> shared_;  // levels of which each argument has one sample for all
};

/// False: once per sample.
using BatchRule = bool (*)(BatchedCall& call);

/// Calls the slot's composite in its place, with these arguments replaced as in BatchedCall::run: the slots that it is made of have rules. False where there is none.
template <class... Args>
bool compose(const Kernel<void(Args...)>& slot, const BatchedCall& call, const std::vector<const void*>& replaced = {}) {
  const auto composite = reinterpret_cast<void (*)(Args...)>(slot.composite.load(std::memory_order_acquire));
  if (!composite) return false;
  const auto at = [&](size_t i) { return const_cast<void*>(i < replaced.size() && replaced[i] ? replaced[i] : call.arguments[i].address()); };
  [&]<size_t... I>(std::index_sequence<I...>) { composite(*static_cast<std::remove_reference_t<Args>*>(at(I))...); }
  (std::index_sequence_for<Args...>());
  return true;
}
/// The rule of such a slot, or what comes after a rule of its own that is false.
template <auto& slot, BatchRule rule = nullptr>
bool composed(BatchedCall& call) {
  if constexpr (rule != nullptr) {
    if (rule(call)) return true;
  }
  return compose(slot, call);
}

/// Registers the rules of the slots that have one, once.
void register_batch_rules();
/// Those of random slots, which take part in a vmap whatever their arguments are.
bool is_random(const KernelBase& slot);
bool random_rule(BatchedCall& call);

}  // namespace lazuli::batching
