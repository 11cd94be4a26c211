#pragma once
#include <atomic>
#include <span>
#include <vector>

#include "lazuli/core/slots/events.h"

/// How what a program registers, kernels and dtypes (open_calls.h, user_dtype.h), gets into the calls of slots: kernel.h asks here.
namespace lazuli {

namespace detail {
extern std::atomic<bool> slots_opened;
/// From now on, on every thread, the calls of all slots ask.
void open_slots();
/// All slots that have a function.
std::vector<KernelBase*> all_slots();
/// Runs a program's kernel, or what a dtype of a program needs; false where there is none for the call.
bool serve_opened(KernelBase& slot, Device device, std::span<const SlotArgument> arguments);
/// Whether the call only moves elements, some of them of a program's dtype.
bool only_moves(const KernelBase& slot, std::span<const SlotArgument> arguments);

/// A slot's argument with tensors of the carriers of programs' dtypes.
template <class T>
struct Carried {
  T value;
  explicit Carried(T v) : value(v) {}
  T get() { return value; }
};
Tensor carried_argument(const Tensor& t);
template <>
struct Carried<const Tensor&> {
  Tensor tensor;
  explicit Carried(const Tensor& t) : tensor(carried_argument(t)) {}
  const Tensor& get() { return tensor; }
};
template <>
struct Carried<Tensor&> {
  Tensor tensor;
  explicit Carried(Tensor& t) : tensor(carried_argument(t)) {}
  Tensor& get() { return tensor; }
};
template <>
struct Carried<std::span<const Tensor>> {
  std::vector<Tensor> tensors;
  explicit Carried(std::span<const Tensor> list);
  std::span<const Tensor> get();
};
}  // namespace detail

}  // namespace lazuli
