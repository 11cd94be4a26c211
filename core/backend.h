#pragma once
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "lazuli/core/device.h"

namespace lazuli {

/// What a device must offer besides kernels (kernel.h). One object per device type, registered once and never destroyed.
class Backend {
 public:
  virtual ~Backend() = default;
  /// The word before the colon in "cuda:1".
  virtual std::string_view name() const = 0;
  virtual int device_count() const = 0;
  /// Raw memory, aligned to 64 bytes; null when there is no more. The caching allocator above calls it seldom.
  virtual void* allocate(int64_t bytes, int index) = 0;
  virtual void release(void* memory, int64_t bytes, int index) noexcept = 0;
  virtual void copy_from_host(void* to, const void* from, int64_t bytes, int index) = 0;
  virtual void copy_to_host(void* to, const void* from, int64_t bytes, int index) = 0;
  virtual void copy_within(void* to, int to_index, const void* from, int from_index, int64_t bytes) = 0;
  /// Waits for all work given to the device.
  virtual void synchronize(int index) = 0;
};

/// Adds a backend under the built-in type of its name ("cuda", "opencl") or, for another name, the next free one; returns the type. Throws Error when the name is taken.
DeviceType register_backend(Backend& backend);
/// The backend of a device. Throws Error when none is registered or the index is out of range.
Backend& backend_of(Device device);
bool has_backend(DeviceType type);
/// "cpu", "meta" and all registered ones, with a line for each index.
std::vector<Device> list_devices();
void synchronize(Device device);

/// Fills the slots of the built-in CPU backend; called once before the first use, from anywhere.
void initialize_backends();

}  // namespace lazuli
