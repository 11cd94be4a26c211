#include "island.h"

#include <cstdlib>
#include <cstring>

#include "lazuli/core/plugin.h"

using namespace lazuli;

namespace island {
namespace {

class Island final : public Backend {
 public:
  std::string_view name() const override { return "island"; }
  int device_count() const override { return 1; }
  DeviceProperties properties(int) const override { return {.name = "Island", .vendor = "Lazuli's examples", .driver = "1"}; }

  void* allocate(int64_t bytes, int) override {
    void* block = std::aligned_alloc(64, (size_t(bytes) + 63) / 64 * 64);
    return block ? device_address(block) : nullptr;
  }
  void release(void* memory, int64_t, int) noexcept override { std::free(host_address(memory)); }

  // Work is done when a call returns, so neither streams nor `blocking` matter.
  void copy_from_host(void* to, const void* from, int64_t bytes, int, void*, bool) override { std::memcpy(host_address(to), from, size_t(bytes)); }
  void copy_to_host(void* to, const void* from, int64_t bytes, int, void*, bool) override { std::memcpy(to, host_address(from), size_t(bytes)); }
  void copy_within(void* to, int, const void* from, int, int64_t bytes, void*, bool) override {
    std::memcpy(host_address(to), host_address(from), size_t(bytes));
  }
  void synchronize(int) override {}
};

}  // namespace
}  // namespace island

/// What load_backend calls.
extern "C" int lazuli_backend_entry(int interface_version) {
  if (interface_version == kBackendInterfaceVersion)
    island::register_kernels(register_backend(*new island::Island));  // never destroyed: tensors may outlive anything
  return kBackendInterfaceVersion;
}
