#pragma once
#include <functional>
#include <string>
#include <vector>

#include "lazuli/core/backend.h"
#include "lazuli/core/settings.h"
#include "lazuli/core/threads/stream.h"
#include "lazuli/ops/table/handle.h"

/// Devices of a program's own, by name, at run time. A device with kernels is a Backend (core/backend.h, docs/writing_a_backend.md); a few functions are enough for one that has memory and leaves
/// the kernels to the CPU, or to those that are registered for it (kernels.h).
namespace lazuli::registry {

struct DeviceConfig {
  std::string name;
  int device_count = 1;
  DeviceProperties properties = {};
  /// Memory and copies; left out, the host's.
  std::function<void*(int64_t bytes, int index)> allocate = {};
  std::function<void(void* memory, int64_t bytes, int index)> release = {};
  std::function<void(void*to, const void*from, int64_t bytes, int index)> copy_from_host = {}, copy_to_host = {}, copy_within = {};
  std::function<void(int index)> synchronize = {};
  /// Runs once, before the first use or by `initialize_device`.
  std::function<void()> initialize = {};
};
using DeviceCapabilities = DeviceProperties;

class DeviceHandle : public Handle {
 public:
  DeviceHandle(Handle handle, Device device) : Handle(std::move(handle)), device_(device) {}
  Device device() const { return device_; }
  operator Device() const { return device_; }

 private:
  Device device_;
};

/// Throws Error: registration_failed_error for a name in use or too many devices, invalid_config_error for a name that is no identifier or a count below 1.
DeviceHandle register_device(DeviceConfig config);
/// No tensors can be made there any more. Throws Error (registration_failed_error) for a name that was not registered so.
void unregister_device(std::string_view name);
void initialize_device(std::string_view name);
bool has_device(std::string_view name);
/// Throws Error (device_error_requires) unless there is a device of that name ("cuda", "npu:1").
void validate_device(std::string_view name);
using lazuli::list_devices;
/// The names of those registered so.
std::vector<std::string> list_custom_devices();
const DeviceConfig& get_device_config(std::string_view name);
/// No accelerator is there.
bool is_cpu_only_mode();

/// The queue of a device that this thread's calls go to.
struct DeviceContext {
  Device device;
  void* stream = nullptr;
};
DeviceContext get_device_context(Device device);
/// The interface of a device's backend.
Backend& get_device_module(Device device);
DeviceCapabilities get_device_capabilities(Device device);

}  // namespace lazuli::registry
