#pragma once
#include <atomic>
#include <vector>

#include "lazuli/core/backend.h"
#include "lazuli/core/memory.h"

namespace lazuli {

/// Keeps freed blocks of one device for the next request of about their size (eight size classes to a doubling), so that a training step in its steady state asks
/// the system for nothing.
class CachingAllocator {
 public:
  CachingAllocator(Backend& backend, int index) : backend_(backend), index_(index) {}
  /// At least `bytes` bytes. Throws Error (Memory) when neither the cache nor the system has them.
  void* allocate(int64_t bytes);
  void release(void* block, int64_t bytes) noexcept;
  MemoryStats stats();
  void reset_peak();
  void empty_cache();
  void set_limit(int64_t bytes);
  /// The allocator of a device, made at first use. Throws Error for a device that does not exist.
  static CachingAllocator& of(Device device) {
    if (device.index >= 0 && device.index < kMaxIndex)
      if (CachingAllocator* a = made_[int(device.type)][device.index].load(std::memory_order_acquire)) [[likely]] return *a;
    return make(device);
  }

 private:
  static constexpr int kMaxIndex = 16;
  static CachingAllocator& make(Device device);
  static constinit std::atomic<CachingAllocator*> made_[kMaxDeviceTypes][kMaxIndex];
  static constexpr int kBins = 8 * 48;
  void* find_cached(int bin);
  void* allocate_slow(int64_t bytes, int bin);
  void lock();
  void unlock() { locked_.store(false, std::memory_order_release); }

  Backend& backend_;
  int index_;
  std::atomic<bool> locked_{false};
  MemoryStats stats_;
  int64_t limit_ = -1;
  std::vector<void*> bins_[kBins];
};

}  // namespace lazuli
