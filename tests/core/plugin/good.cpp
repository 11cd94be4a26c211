#include <cstdlib>
#include <cstring>

#include "lazuli/core/plugin.h"
#include "lazuli/core/slots.h"

// A backend with one kernel, compiled apart from the library and with hidden symbols.
namespace {
class PluginBackend final : public lazuli::Backend {
 public:
  std::string_view name() const override { return "plugged"; }
  int device_count() const override { return 1; }
  void* allocate(int64_t bytes, int) override { return std::aligned_alloc(64, size_t(bytes + 63) / 64 * 64); }
  void release(void* memory, int64_t, int) noexcept override { std::free(memory); }
  void copy_from_host(void* to, const void* from, int64_t bytes, int, void*, bool) override { std::memcpy(to, from, size_t(bytes)); }
  void copy_to_host(void* to, const void* from, int64_t bytes, int, void*, bool) override { std::memcpy(to, from, size_t(bytes)); }
  void copy_within(void* to, int, const void* from, int, int64_t bytes, void*, bool) override { std::memcpy(to, from, size_t(bytes)); }
  void synchronize(int) override {}
};

void fill(lazuli::Tensor& out, const lazuli::Scalar& value) {
  auto* p = static_cast<float*>(out.address());
  for (int64_t i = 0; i < out.numel(); ++i) p[i] = value.to<float>();
}
}  // namespace

extern "C" int lazuli_backend_entry(int interface_version) {
  if (interface_version == lazuli::kBackendInterfaceVersion) {
    lazuli::DeviceType type = lazuli::register_backend(*new PluginBackend);
    lazuli::fill_kernel.set(type, fill, {lazuli::kFloat32});
  }
  return lazuli::kBackendInterfaceVersion;
}
