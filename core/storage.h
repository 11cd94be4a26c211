#pragma once
#include <memory>

#include "lazuli/core/device.h"
#include "lazuli/core/intrusive.h"

namespace lazuli {

/// The bytes of one or more tensors, with the version that in-place operators count up.
class Storage : public Counted {
 public:
  /// `bytes` from the device's caching allocator, uninitialised. Throws Error (Memory) with the statistics when there is no more.
  static Ref<Storage> allocate(int64_t bytes, Device device);
  /// Somebody else's memory, kept alive by `owner`; null borrows it: the caller promises that it outlives the tensor.
  static Ref<Storage> external(void* data, int64_t bytes, Device device, std::shared_ptr<void> owner);
  static void destroy(Storage* s) noexcept;

  char* data() const { return data_; }
  int64_t bytes() const { return bytes_; }
  Device device() const { return device_; }
  uint32_t version() const { return version_.load(std::memory_order_relaxed); }
  void bump_version() { version_.fetch_add(1, std::memory_order_relaxed); }

 private:
  Storage() = default;
  char* data_ = nullptr;
  int64_t bytes_ = 0;
  Device device_;
  bool owned_ = false;
  std::atomic<uint32_t> version_{0};
  std::shared_ptr<void> owner_;
};

}  // namespace lazuli
