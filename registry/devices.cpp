#include "lazuli/registry/devices.h"

#include <algorithm>
#include <atomic>
#include <cctype>
#include <cstdlib>
#include <cstring>
#include <map>
#include <mutex>

#include "lazuli/core/error.h"

namespace lazuli::registry {
namespace {

// A backend of a few functions. Devices never go: a tensor may outlive the registration.
class ConfiguredBackend final : public Backend {
 public:
  explicit ConfiguredBackend(DeviceConfig config) : config_(std::move(config)) {}
  std::string_view name() const override { return retired_ ? std::string_view("(unregistered)") : std::string_view(config_.name); }
  int device_count() const override { return retired_ ? 0 : config_.device_count; }
  DeviceProperties properties(int) const override {
    DeviceProperties p = config_.properties;
    if (p.name.empty()) p.name = config_.name;
    return p;
  }
  void* allocate(int64_t bytes, int index) override {
    initialize();
    if (config_.allocate) return config_.allocate(bytes, index);
    return std::aligned_alloc(64, (size_t(bytes) + 63) / 64 * 64);
  }
  void release(void* memory, int64_t bytes, int index) noexcept override {
    if (config_.release) config_.release(memory, bytes, index);
    else std::free(memory);
  }
  void copy_from_host(void* to, const void* from, int64_t bytes, int index, void*, bool) override {
    copy(config_.copy_from_host, to, from, bytes, index);
  }
  void copy_to_host(void* to, const void* from, int64_t bytes, int index, void*, bool) override {
    copy(config_.copy_to_host, to, from, bytes, index);
  }
  void copy_within(void* to, int to_index, const void* from, int, int64_t bytes, void*, bool) override {
    copy(config_.copy_within, to, from, bytes, to_index);
  }
  void synchronize(int index) override {
    if (config_.synchronize) config_.synchronize(index);
  }
  void initialize() {
    std::call_once(initialized_, [&] {
      if (config_.initialize) config_.initialize();
    });
  }
  const DeviceConfig& config() const { return config_; }
  void retire() { retired_ = true; }

 private:
  template <class F>
  static void copy(const F& f, void* to, const void* from, int64_t bytes, int index) {
    if (f) f(to, from, bytes, index);
    else std::memcpy(to, from, size_t(bytes));
  }
  DeviceConfig config_;
  std::once_flag initialized_;
  std::atomic<bool> retired_{false};
};

struct Devices {
  std::mutex mutex;
  std::map<std::string, ConfiguredBackend*, std::less<>> all;
};
Devices& devices() {
  static Devices* d = new Devices;
  return *d;
}

ConfiguredBackend& find(const char* op, std::string_view name) {
  std::lock_guard lock(devices().mutex);
  auto at = devices().all.find(name);
  if (at == devices().all.end())
    fail(errors::registration_failed_error, ErrorKind::State, op, "name", "a device registered with register_device", "'" + std::string(name) + "'");
  return *at->second;
}

}  // namespace

DeviceHandle register_device(DeviceConfig config) {
  const char* op = "register_device";
  const bool identifier =
      !config.name.empty() && std::all_of(config.name.begin(), config.name.end(), [](unsigned char c) { return std::isalnum(c) || c == '_'; });
  if (!identifier) fail(errors::invalid_config_error, op, "name", "an identifier", "'" + config.name + "'");
  if (config.device_count < 1 || config.device_count > kMaxDeviceIndex)
    fail(errors::invalid_config_error, op, "device_count", "1 to " + std::to_string(kMaxDeviceIndex), std::to_string(config.device_count));
  if (bool(config.allocate) != bool(config.release))
    fail(errors::invalid_config_error, op, "allocate", "allocate and release, or neither", "one of them");
  const std::string name = config.name;
  if (has_device(name)) fail(errors::registration_failed_error, ErrorKind::State, op, "name", "a name that is not taken", "'" + name + "'");
  auto* backend = new ConfiguredBackend(std::move(config));
  DeviceType type;
  try {
    type = register_backend(*backend);
  } catch (Error& error) {
    delete backend;
    error.set_code(errors::registration_failed_error);
    throw;
  }
  std::lock_guard lock(devices().mutex);
  devices().all[name] = backend;
  return DeviceHandle(Handle(name, [name] { unregister_device(name); }), Device(type));
}

void unregister_device(std::string_view name) {
  ConfiguredBackend& backend = find("unregister_device", name);
  backend.retire();
  std::lock_guard lock(devices().mutex);
  devices().all.erase(devices().all.find(name));
}
void initialize_device(std::string_view name) { find("initialize_device", name).initialize(); }
const DeviceConfig& get_device_config(std::string_view name) { return find("get_device_config", name).config(); }

bool has_device(std::string_view name) {
  try {
    validate_device(name);
    return true;
  } catch (const Error&) { return false; }
}
void validate_device(std::string_view name) {
  try {
    const Device device{name};
    if (!device.is_meta()) backend_of(device);
  } catch (Error& error) {
    error.set_code(errors::device_error_requires);
    throw;
  }
}
std::vector<std::string> list_custom_devices() {
  std::lock_guard lock(devices().mutex);
  std::vector<std::string> names;
  for (const auto& [name, backend] : devices().all) names.push_back(name);
  return names;
}

bool is_cpu_only_mode() {
  const std::vector<Device> all = list_devices();
  return std::all_of(all.begin(), all.end(), [](Device d) { return d.is_cpu() || d.is_meta(); });
}

DeviceContext get_device_context(Device device) { return {device, device.is_meta() ? nullptr : current_stream_handle(device)}; }
Backend& get_device_module(Device device) { return backend_of(device); }
DeviceCapabilities get_device_capabilities(Device device) { return device_properties(device); }

}  // namespace lazuli::registry
