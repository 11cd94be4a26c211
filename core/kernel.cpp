#include "lazuli/core/kernel.h"

#include <fmt/format.h>

#include <algorithm>
#include <mutex>
#include <string_view>

#include "lazuli/core/error.h"
#include "lazuli/core/factory.h"
#include "lazuli/core/slots.h"
#include "lazuli/core/threads/stream.h"
#include "lazuli/core/warning.h"

namespace lazuli {

namespace {
std::atomic<MissingKernel> policy{MissingKernel::FallBackToCpu};
std::atomic<KernelBase*> first_kernel{nullptr};
}  // namespace

void set_missing_kernel_policy(MissingKernel p) { policy = p; }

void KernelBase::set_function(DeviceType device, void* function, DTypeSet types) {
  dtypes[int(device)].store(types.bits, std::memory_order_release);
  functions[int(device)].store(function, std::memory_order_release);
  if (device == DeviceType::CPU) direct.store(types.covers(kEveryDType) && !detail::slots_opened ? function : nullptr, std::memory_order_release);
  list();
}

void KernelBase::list() {
  if (listed.exchange(true)) return;
  next = first_kernel.load();
  while (!first_kernel.compare_exchange_weak(next, this)) {}
}

void detail::open_slots() {
  initialize_backends();
  slots_opened = true;
  for (KernelBase* k = first_kernel; k; k = k->next) k->direct = nullptr;
}

std::vector<KernelBase*> detail::all_slots() {
  initialize_backends();
  std::vector<KernelBase*> slots;
  for (KernelBase* k = first_kernel; k; k = k->next) slots.push_back(k);
  return slots;
}

void count_host_loop(const char* name, Device device) {
  if (device.is_meta()) return;
  if (detail::slots_watched) detail::tell_host_loop(name, device);
  if (device.is_cpu()) return;
  static std::mutex mutex;
  std::lock_guard lock(mutex);
  KernelBase* loop = first_kernel;
  while (loop && std::string_view(loop->name) != name) loop = loop->next;
  if (!loop) (loop = new KernelBase(name))->list();
  detail::begin_fallback(*loop, device);
}

std::vector<KernelCounts> kernel_counts() {
  std::vector<KernelCounts> counts;
  for (KernelBase* k = first_kernel; k; k = k->next)
    if (KernelCounts c{k->name, k->device_calls, k->composite_calls, k->cpu_calls}; c.device + c.composite + c.cpu) counts.push_back(c);
  std::sort(counts.begin(), counts.end(), [](const KernelCounts& a, const KernelCounts& b) { return std::string_view(a.name) < b.name; });
  return counts;
}

std::string kernel_summary() {
  std::string text = fmt::format("{:<24} {:>12} {:>12} {:>12}\n", "kernel", "device", "composite", "cpu");
  for (const KernelCounts& c : kernel_counts()) text += fmt::format("{:<24} {:>12} {:>12} {:>12}\n", c.name, c.device, c.composite, c.cpu);
  return text;
}

void reset_kernel_counts() {
  for (KernelBase* k = first_kernel; k; k = k->next) k->device_calls = k->composite_calls = k->cpu_calls = 0;
}

namespace detail {

void begin_fallback(KernelBase& kernel, Device device) {
  if (policy == MissingKernel::Throw)
    fail(errors::kernel_not_registered_error, ErrorKind::NotSupported, kernel.name, "device", "a device with this kernel", to_string(device));
  kernel.cpu_calls.fetch_add(1);
  if (!kernel.warned.exchange(true))
    warn(to_string(device) + " has no kernel '" + kernel.name + "'; it runs on the CPU with copies (this warning comes once)");
}

void fail_no_kernel(const KernelBase& kernel, Device device, DTypeSet asked) {
  initialize_backends();
  if (!kernel.functions[0].load())
    fail(errors::kernel_not_registered_error, ErrorKind::NotSupported, kernel.name, "device", "a device with this kernel",
         to_string(asked) + " on " + to_string(device));
  fail(errors::kernel_not_registered_error, ErrorKind::NotSupported, kernel.name, "dtype", "one of " + to_string(kernel.types_on(kCPU)),
       to_string(asked - kernel.types_on(kCPU)) + " on " + to_string(device));
}
void fail_not_on_host(const KernelBase& kernel, std::initializer_list<Device> there) {
  for (Device device : there)
    if (!device.is_cpu())
      fail(errors::device_error_requires, kernel.name, "", "tensors on the CPU, where the result is", "one on " + to_string(device));
  fail(errors::device_error_requires, kernel.name, "", "tensors on the CPU");
}

namespace {
// Blocking copies of a tensor's bytes, told as transfers.
void to_host(void* to, const void* from, int64_t bytes, Device device) {
  const TransferScope told({kCPU, device, bytes, to, from, true});
  backend_of(device).copy_to_host(to, from, bytes, device.index, current_stream_handle(device), true);
}
void from_host(void* to, const void* from, int64_t bytes, Device device) {
  const TransferScope told({device, kCPU, bytes, to, from, true});
  backend_of(device).copy_from_host(to, from, bytes, device.index, current_stream_handle(device), true);
}
}  // namespace

Device device_in(std::span<const Tensor> list) {
  for (const Tensor& t : list)
    if (!device_in(t).is_cpu()) return t.body()->device;
  return kCPU;
}
DTypeSet KernelArgument<std::span<const Tensor>>::dtypes(std::span<const Tensor> list) {
  DTypeSet all;
  for (const Tensor& t : list) all = all | dtype_in(t);
  return all;
}
KernelArgument<std::span<const Tensor>>::KernelArgument(std::span<const Tensor> list) {
  for (const Tensor& t : list) host.push_back(t.defined() ? fallback_copy(t) : t);
}
std::span<const Tensor> KernelArgument<std::span<const Tensor>>::get() { return host; }

Tensor fallback_copy(const Tensor& t) {
  // The whole storage range travels as it is, so that strides stay what they are.
  const Tensor dense = t.is_contiguous() || t.numel() == 0 ? new_tensor(t.sizes(), t.dtype()) : Tensor();
  if (t.numel() == 0) return dense;
  if (dense.defined()) {
    to_host(dense.address(), t.address(), t.nbytes(), t.device());
    return dense;
  }
  int64_t first = 0, last = 0;
  for (int64_t i = 0; i < t.dim(); ++i) (t.strides()[i] < 0 ? first : last) += t.strides()[i] * (t.sizes()[i] - 1);
  Tensor span = new_tensor({last - first + 1}, t.dtype());
  to_host(span.address(), static_cast<char*>(t.address()) + first * t.item_size(), span.nbytes(), t.device());
  return alias(span, t.sizes(), t.strides(), -first);
}

void fallback_copy_back(Tensor& to, const Tensor& from) {
  if (to.numel() == 0) return;
  int64_t last = 0;  // `from` covers the same range (fallback_copy)
  for (int64_t i = 0; i < to.dim(); ++i) last += to.strides()[i] * (to.sizes()[i] - 1);
  from_host(to.address(), from.address(), (last + 1) * to.item_size(), to.device());
}

}  // namespace detail
}  // namespace lazuli
