#include "lazuli/core/backend.h"

#include <algorithm>
#include <array>
#include <atomic>
#include <chrono>
#include <cstdlib>
#include <cstring>
#include <fstream>
#include <mutex>
#include <thread>

#include "lazuli/core/error.h"
#include "lazuli/core/kernel.h"
#include "lazuli/core/threads/work_graph.h"

#if defined(__linux__)
#include <sys/mman.h>
#include <unistd.h>
#endif

namespace lazuli {

void register_builtin_backends();  // backends/builtin.cpp lists them
void register_composites();        // ops/composites/register.cpp

namespace {
class CpuBackend final : public Backend {
 public:
  std::string_view name() const override { return "cpu"; }
  int device_count() const override { return 1; }
  void* allocate(int64_t bytes, int) override {
    constexpr int64_t kHuge = 2 << 20;
    size_t alignment = bytes >= kHuge ? kHuge : 64;
    void* p = std::aligned_alloc(alignment, (size_t(bytes) + alignment - 1) / alignment * alignment);
#if defined(__linux__)
    if (p && bytes >= kHuge) madvise(p, size_t(bytes), MADV_HUGEPAGE);
#endif
    return p;
  }
  DeviceProperties properties(int) const override {
    DeviceProperties p{.name = "CPU", .compute_units = int(std::thread::hardware_concurrency()), .unified_memory = true};
#if defined(__linux__)
    p.total_memory = int64_t(sysconf(_SC_PHYS_PAGES)) * sysconf(_SC_PAGESIZE);
    std::ifstream cpus("/proc/cpuinfo");
    for (std::string line; std::getline(cpus, line);) {
      size_t colon = line.find(": ");
      if (colon == std::string::npos) continue;
      if (line.starts_with("vendor_id")) p.vendor = line.substr(colon + 2);
      if (line.starts_with("model name")) p.name = line.substr(colon + 2);
      if (!p.vendor.empty() && p.name != "CPU") break;
    }
#endif
    return p;
  }
  void release(void* memory, int64_t, int) noexcept override { std::free(memory); }
  void copy_from_host(void* to, const void* from, int64_t bytes, int, void*, bool) override { std::memcpy(to, from, size_t(bytes)); }
  void copy_to_host(void* to, const void* from, int64_t bytes, int, void*, bool) override { std::memcpy(to, from, size_t(bytes)); }
  void copy_within(void* to, int, const void* from, int, int64_t bytes, void*, bool) override { std::memcpy(to, from, size_t(bytes)); }
  void synchronize(int) override {}
};

struct Backends {
  std::mutex mutex;
  std::atomic<Backend*> of_type[kMaxDeviceTypes] = {};
  std::string missing[kMaxDeviceTypes];
};
Backends& backends() {
  static Backends* b = new Backends;
  return *b;
}
constexpr std::array<std::string_view, int(DeviceType::FirstUser)> kBuiltin = {"cpu", "meta", "cuda", "opencl"};
}  // namespace

using Clock = std::chrono::steady_clock;

DeviceProperties Backend::properties(int) const { return {.name = std::string(name())}; }
bool Backend::supports(const KernelBase& slot, DType dtype, int index) const {
  for (int t = 0; t < kMaxDeviceTypes; ++t)
    if (backends().of_type[t] == this) return slot.supports(Device(DeviceType(t), index), dtype);
  return false;
}
void* Backend::allocate_pinned(int64_t bytes, int) { return std::aligned_alloc(64, (size_t(bytes) + 63) / 64 * 64); }
void Backend::release_pinned(void* memory, int64_t, int) noexcept { std::free(memory); }
void* Backend::create_stream(int) { return nullptr; }
void Backend::destroy_stream(void*, int) noexcept {}
void Backend::synchronize_stream(void*, int index) { synchronize(index); }
void Backend::stream_wait_event(void*, void* event, int index) { synchronize_event(event, index); }
void* Backend::create_event(int) { return new Clock::time_point(Clock::now()); }
void Backend::record_event(void* event, void* stream, int index) {
  synchronize_stream(stream, index);
  *static_cast<Clock::time_point*>(event) = Clock::now();
}
bool Backend::event_done(void*, int) { return true; }
void Backend::synchronize_event(void*, int) {}
double Backend::elapsed_milliseconds(void* start, void* end, int) {
  return std::chrono::duration<double, std::milli>(*static_cast<Clock::time_point*>(end) - *static_cast<Clock::time_point*>(start)).count();
}
void Backend::destroy_event(void* event, int) noexcept { delete static_cast<Clock::time_point*>(event); }
std::unique_ptr<WorkGraph> Backend::new_work_graph(int) { return nullptr; }

DeviceType register_backend(Backend& backend) {
  Backends& b = backends();
  std::lock_guard lock(b.mutex);
  int type = -1;
  for (int t = 0; t < kMaxDeviceTypes; ++t) {
    Backend* there = b.of_type[t];
    if (there ? there->name() == backend.name() : t < int(kBuiltin.size()) && kBuiltin[size_t(t)] == backend.name()) {
      if (there) fail(ErrorKind::State, "register_backend", "backend", "a name that is not taken", std::string(backend.name()));
      type = t;
      break;
    }
  }
  for (int t = int(DeviceType::FirstUser); type < 0 && t < kMaxDeviceTypes; ++t)
    if (!b.of_type[t]) type = t;
  if (type < 0) fail(ErrorKind::State, "register_backend", "backend", "at most 12 further backends", std::string(backend.name()));
  b.of_type[type] = &backend;
  return DeviceType(type);
}

void initialize_backends() {
  static std::once_flag once;
  std::call_once(once, [] {
    register_backend(*new CpuBackend);
    register_builtin_backends();
    register_composites();
  });
}

void set_missing_reason(DeviceType type, std::string reason) {
  std::lock_guard lock(backends().mutex);
  backends().missing[int(type)] = std::move(reason);
}

bool has_backend(DeviceType type) {
  initialize_backends();
  return backends().of_type[int(type)] != nullptr;
}

Backend& backend_of(Device device) {
  initialize_backends();
  Backend* b = backends().of_type[int(device.type)];
  if (!b) {
    std::lock_guard lock(backends().mutex);
    const std::string& reason = backends().missing[int(device.type)];
    fail(errors::device_error_requires, ErrorKind::NotSupported, "backend_of", "device", "a device whose backend is built and registered",
         to_string(device) + (reason.empty() ? "" : " (" + reason + ")"));
  }
  int count = std::min(b->device_count(), kMaxDeviceIndex);
  if (count == 0)
    fail(ErrorKind::NotSupported, "backend_of", "device", "a device that is there",
         to_string(device) + ", and this machine has no device of that backend");
  if (device.index < 0 || device.index >= count)
    fail(ErrorKind::Index, "backend_of", "device", "an index below " + std::to_string(count), to_string(device));
  return *b;
}

std::vector<Device> list_devices() {
  initialize_backends();
  std::vector<Device> devices;
  for (int t = 0; t < kMaxDeviceTypes; ++t)
    if (t == int(DeviceType::Meta)) devices.push_back(kMeta);
    else if (Backend* b = backends().of_type[t])
      for (int i = 0; i < std::min(b->device_count(), kMaxDeviceIndex); ++i) devices.push_back(Device(DeviceType(t), i));
  return devices;
}

int64_t cuda::device_count() {
  int64_t count = 0;
  for (const Device device : list_devices()) count += device.type == DeviceType::CUDA;
  return count;
}
bool cuda::is_available() { return device_count() > 0; }

void synchronize(Device device) {
  if (!device.is_meta()) backend_of(device).synchronize(device.index);
}

DeviceProperties device_properties(Device device) { return backend_of(device).properties(device.index); }

bool supports(const KernelBase& slot, DType dtype, Device device) {
  return device.is_meta() || backend_of(device).supports(slot, dtype, device.index);
}

void detail::fail_device_index(int64_t index) { fail("Device", "index", "an index from 0 to 127", std::to_string(index)); }

Device::Device(std::string_view text) {
  size_t colon = text.find(':');
  std::string_view word = text.substr(0, colon);
  if (word == "meta") {
    type = DeviceType::Meta;
  } else {
    initialize_backends();
    int found = -1;
    for (int t = 0; t < kMaxDeviceTypes && found < 0; ++t) {
      Backend* b = backends().of_type[t];
      if (b ? b->name() == word : t < int(kBuiltin.size()) && kBuiltin[size_t(t)] == word) found = t;
    }
    if (found < 0) fail("Device", "text", "\"cpu\", \"meta\" or a registered backend's name", "\"" + std::string(text) + "\"");
    type = DeviceType(found);
  }
  if (colon == std::string_view::npos) return;
  std::string_view digits = text.substr(colon + 1);
  int value = 0;
  for (char c : digits) {
    if (c < '0' || c > '9' || digits.size() > 2)
      fail("Device", "text", "a name, or a name, a colon and an index below 100", "\"" + std::string(text) + "\"");
    value = value * 10 + (c - '0');
  }
  if (digits.empty()) fail("Device", "text", "an index after the colon", "\"" + std::string(text) + "\"");
  index = int8_t(value);
}

std::string to_string(Device device) {
  if (device.is_cpu()) return "cpu";
  if (device.is_meta()) return "meta";
  Backend* b = backends().of_type[int(device.type)];
  std::string word = b                                       ? std::string(b->name())
                     : size_t(device.type) < kBuiltin.size() ? std::string(kBuiltin[size_t(device.type)])
                                                             : "device" + std::to_string(int(device.type));
  return word + ":" + std::to_string(int(device.index));
}
std::ostream& operator<<(std::ostream& stream, Device device) { return stream << to_string(device); }

}  // namespace lazuli
