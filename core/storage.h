#pragma once
#include <memory>

#include "lazuli/core/device.h"
#include "lazuli/core/intrusive.h"

namespace lazuli {

class CachingAllocator;

/// The bytes of one or more tensors, with the version that in-place operators count up.
class Storage : public Counted {
 public:
  /// `bytes` from the device's caching allocator, uninitialised, for work on the device's current stream. Throws Error (Memory) with the statistics when there is no more.
  static Ref<Storage> allocate(int64_t bytes, Device device);
  /// Host memory that `device` copies from and to without the host's help.
  static Ref<Storage> allocate_pinned(int64_t bytes, Device device);
  /// Somebody else's memory, kept alive by `owner`; null borrows it: the caller promises that it outlives the tensor.
  static Ref<Storage> external(void* data, int64_t bytes, Device device, std::shared_ptr<void> owner);
  static void destroy(Storage* s) noexcept;

  char* data() const { return data_; }
  int64_t bytes() const { return bytes_; }
  Device device() const { return device_; }
  /// Whose memory it is; null for external, empty and meta storages.
  CachingAllocator* allocator() const { return allocator_; }
  /// The backend's handle of the stream that it was allocated for; null for the default one and on the CPU.
  void* stream() const { return stream_; }
  uint32_t version() const { return version_.load(std::memory_order_relaxed); }
  void bump_version() { version_.fetch_add(1, std::memory_order_relaxed); }

 private:
  Storage() = default;
  std::atomic<uint32_t> version_{0};
  char* data_ = nullptr;
  int64_t bytes_ = 0;
  CachingAllocator* allocator_ = nullptr;
  void* stream_ = nullptr;
  Device device_;
  std::shared_ptr<void> owner_;
};

}  // namespace lazuli
