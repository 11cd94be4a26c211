#include "lazuli/core/kernel.h"

#include <cstdio>

#include "lazuli/core/backend.h"
#include "lazuli/core/error.h"
#include "lazuli/core/factory.h"
#include "lazuli/core/slots.h"

namespace lazuli {

thread_local constinit KernelListener* kernel_listener = nullptr;

namespace {
std::atomic<MissingKernel> policy{MissingKernel::FallBackToCpu};
}
void set_missing_kernel_policy(MissingKernel p) { policy = p; }

namespace detail {

void begin_fallback(KernelBase& kernel, Device device) {
  initialize_backends();
  if (device.is_cpu() || policy == MissingKernel::Throw)
    fail(ErrorKind::NotSupported, kernel.name, "device", "a device with this kernel", to_string(device));
  if (kernel.fallbacks.fetch_add(1) == 0)
    std::fprintf(stderr, "lazuli: %s has no kernel '%s'; it runs on the CPU with copies (this warning comes once)\n", to_string(device).c_str(), kernel.name);
}

Tensor fallback_copy(const Tensor& t, Device device) {
  // The whole storage range travels as it is, so that strides stay what they are.
  const Tensor dense = new_tensor(t.sizes(), t.dtype(), device);
  if (t.numel() == 0) return dense;
  if (t.is_contiguous()) {
    backend_of(t.device()).copy_to_host(dense.data(), t.data(), t.nbytes(), t.device().index);
    return dense;
  }
  int64_t first = 0, last = 0;
  for (int64_t i = 0; i < t.dim(); ++i) (t.strides()[i] < 0 ? first : last) += t.strides()[i] * (t.sizes()[i] - 1);
  Tensor span = new_tensor({last - first + 1}, t.dtype(), device);
  backend_of(t.device()).copy_to_host(span.data(), static_cast<char*>(t.data()) + first * t.item_size(), span.nbytes(), t.device().index);
  return alias(span, t.sizes(), t.strides(), -first);
}

void fallback_copy_back(Tensor& to, const Tensor& from) {
  if (to.numel() == 0) return;
  Backend& backend = backend_of(to.device());
  if (to.is_contiguous() && from.is_contiguous()) return backend.copy_from_host(to.data(), from.data(), to.nbytes(), to.device().index);
  int64_t last = 0;
  for (int64_t i = 0; i < to.dim(); ++i) last += to.strides()[i] * (to.sizes()[i] - 1);
  backend.copy_from_host(to.data(), from.data(), (last + 1) * to.item_size(), to.device().index);  // `from` covers the same range (fallback_copy)
}

}  // namespace detail
}  // namespace lazuli
