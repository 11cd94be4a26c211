#pragma once
#include <atomic>
#include <list>
#include <memory>
#include <mutex>
#include <vector>

#include "lazuli/core/backend.h"
#include "lazuli/core/memory/memory.h"

namespace lazuli {

class Stream;

/// Keeps freed blocks of one device for the next request of about their size (eight size classes to a doubling), so that a training step in its steady state asks
/// the system for nothing. A block belongs to the stream it was first asked for on and is given out again on that stream only, where what used it before comes first.
class CachingAllocator {
 public:
  enum class Memory : uint8_t { Device, Pinned };
  CachingAllocator(Backend& backend, Device device, Memory kind);
  /// At least `bytes` bytes, for work on `stream` (a backend's handle). Throws Error (Memory) when neither the cache nor the system has them.
  void* allocate(int64_t bytes, void* stream = nullptr);
  /// `bytes` and `stream` as they were asked for.
  void release(void* block, int64_t bytes, void* stream = nullptr) noexcept;
  /// A block of no more bytes than that, from the system and not from the cache, for what stays for long. Where the device has streams, who releases it has waited for them.
  void* allocate_exact(int64_t bytes);
  void release_exact(void* block, int64_t bytes) noexcept;
  /// The block, not yet released, is used on this stream too.
  void record_stream(void* block, const Stream& stream);
  MemoryStats stats();
  void reset_peak();
  /// Waits for the device and gives the cached blocks back.
  void empty_cache();
  void set_limit(int64_t bytes);
  void set_failure(double probability, uint64_t seed);
  /// "3 x 4.0 MiB, 100 x 512 B": what living tensors hold, the most bytes first, at most `rows` sizes.
  std::string largest_live(int rows);
  bool pinned() const { return kind_ == Memory::Pinned; }
  /// Whose memory it is, or which copies from and to it.
  Device device() const { return device_; }
  /// The allocator of a device, made at first use. Throws Error for a device that does not exist.
  static CachingAllocator& of(Device device) {
    if (device.index >= 0 && device.index < kMaxDeviceIndex)
      if (CachingAllocator* a = made_[int(device.type)][device.index].load(std::memory_order_acquire)) [[likely]]
        return *a;
    return make(device, Memory::Device);
  }
  /// That of the host memory which the device copies from and to (Backend::allocate_pinned).
  static CachingAllocator& pinned_for(Device device) { return make(device, Memory::Pinned); }

 private:
  static CachingAllocator& make(Device device, Memory kind);
  static constinit std::atomic<CachingAllocator*> made_[kMaxDeviceTypes][kMaxDeviceIndex];
  static constexpr int kBins = 8 * 48;
  struct Bin {
    std::vector<void*> cached;  // has room for all `blocks`, so that releasing one cannot fail
    size_t blocks = 0;          // taken from the system
  };
  struct StreamCache {
    void* stream = nullptr;
    Bin bins[kBins];
  };
  struct SharedUse;
  struct Pending;

  StreamCache& cache_of(void* stream) { return stream ? find_cache(stream) : default_cache_; }
  StreamCache& find_cache(void* stream);
  // With the lock held.
  void* take(Bin& bin, int size_class);
  bool keep(Bin& bin, int size_class, void* block) noexcept;
  void update_special() { special_ = probability_ > 0 || !shared_.empty() || !pending_.empty(); }
  std::string largest(int rows);
  [[noreturn]] void fail_allocation(int64_t bytes, const std::string& expected);
  // Without it: these may wait for the device.
  void* allocate_special(int64_t bytes, int size_class, void* stream);
  void* allocate_slow(int64_t bytes, int size_class, Bin& bin);
  void* obtain(int64_t bytes, Bin* bin);
  void* obtain_or_empty(int64_t bytes, Bin* bin, int64_t asked);
  void release_special(void* block, int size_class, void* stream) noexcept;
  void give_back(void* block, int64_t bytes) noexcept;
  void give_back_cached();
  bool hold_back(void* block, int size_class, void* stream) noexcept;
  enum class IfBusy { Wait, Skip };
  void collect_pending(IfBusy if_busy);
  void lock();
  void unlock() { locked_.store(false, std::memory_order_release); }
  struct Lock;

  Backend& backend_;
  Device device_;
  Memory kind_;
  bool caching_;
  std::atomic<bool> locked_{false};
  bool special_ = false;  // something below makes a request or a release more than taking from or adding to a bin
  MemoryStats stats_;
  int64_t limit_ = -1;
  double probability_ = 0;
  uint64_t failure_seed_ = 0, requests_ = 0;
  std::vector<SharedUse> shared_;
  std::list<Pending> pending_;
  std::mutex collecting_;                             // of the one thread that looks through `pending_`
  std::mutex emptying_;                               // of the one that gives cached blocks back; others that are short of memory wait for it
  std::vector<std::unique_ptr<StreamCache>> caches_;  // of the streams other than the default one
  StreamCache default_cache_;
};

/// For tests: each request on the device fails with `probability`, with the Error of a device without memory; which ones, `seed` decides. 0 ends it.
void set_allocation_failure(double probability, uint64_t seed = 0, Device device = kCPU);

}  // namespace lazuli
