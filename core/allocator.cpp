#include "lazuli/core/allocator.h"

#include <fmt/format.h>

#include <algorithm>
#include <bit>
#include <mutex>
#include <thread>

#include "lazuli/core/error.h"

namespace lazuli {
namespace {
#if defined(__SANITIZE_ADDRESS__)
constexpr bool kCaching = false;  // so that AddressSanitizer sees every use after free
#else
constexpr bool kCaching = true;
#endif
constexpr int64_t kSmallest = 64;

// Classes 64, 72, 80, ..., 120, 128, 144, ...: bits 3 below the leading one choose among eight.
int bin_of(int64_t bytes) {
  if (bytes <= kSmallest) return 0;
  uint64_t n = uint64_t(bytes - 1);
  int top = std::bit_width(n) - 1;
  return int((top - 6) * 8 + int((n >> (top - 3)) & 7) + 1);
}
int64_t bin_bytes(int bin) { return (int64_t(8 + bin % 8) << (bin / 8)) * 8; }

std::string human(int64_t bytes) {
  if (bytes < 1024) return fmt::format("{} B", bytes);
  if (bytes < 1024 * 1024) return fmt::format("{:.1f} KiB", double(bytes) / 1024);
  return fmt::format("{:.1f} MiB", double(bytes) / (1024 * 1024));
}
}  // namespace

void CachingAllocator::lock() {
  for (int spins = 0; locked_.exchange(true, std::memory_order_acquire); ++spins)
    if (spins > 64) std::this_thread::yield();
}

void* CachingAllocator::allocate(int64_t bytes) {
  int bin = bin_of(bytes);
  lock();
  ++stats_.allocations;
  void* block = nullptr;
  if (!bins_[bin].empty()) [[likely]] {
    block = bins_[bin].back();
    bins_[bin].pop_back();
    ++stats_.live_blocks;
    stats_.allocated += bin_bytes(bin);
    if (stats_.allocated > stats_.peak_allocated) stats_.peak_allocated = stats_.allocated;
    unlock();
    return block;
  }
  struct Unlock {
    CachingAllocator* a;
    ~Unlock() { a->unlock(); }
  } guard{this};
  return allocate_slow(bytes, bin);
}

void* CachingAllocator::allocate_slow(int64_t bytes, int bin) {
  int64_t want = bin_bytes(bin);
  auto obtain = [&]() -> void* {
    if (limit_ >= 0 && stats_.reserved + want > limit_) return nullptr;
    return backend_.allocate(want, index_);
  };
  void* block = obtain();
  if (!block && kCaching) {  // give the cached blocks back and try once more
    for (int b = 0; b < kBins; ++b) {
      for (void* cached : bins_[b]) backend_.release(cached, bin_bytes(b), index_), stats_.reserved -= bin_bytes(b);
      bins_[b].clear();
    }
    block = obtain();
  }
  if (!block) {
    fail(ErrorKind::Memory, "allocate", "bytes", limit_ >= 0 ? "memory within the limit of " + human(limit_) : std::string("that much free memory"),
         fmt::format("a request of {} while {} are held by {} tensors (peak {}) on {}:{}", human(bytes), human(stats_.allocated), stats_.live_blocks, human(stats_.peak_allocated),
                     backend_.name(), index_));
  }
  ++stats_.system_allocations;
  stats_.reserved += want;
  stats_.peak_reserved = std::max(stats_.peak_reserved, stats_.reserved);
  ++stats_.live_blocks;
  stats_.allocated += want;
  stats_.peak_allocated = std::max(stats_.peak_allocated, stats_.allocated);
  return block;
}

void CachingAllocator::release(void* block, int64_t bytes) noexcept {
  int bin = bin_of(bytes);
  lock();
  --stats_.live_blocks;
  stats_.allocated -= bin_bytes(bin);
  if (kCaching) {
    bins_[bin].push_back(block);
  } else {
    stats_.reserved -= bin_bytes(bin);
    backend_.release(block, bin_bytes(bin), index_);
  }
  unlock();
}

MemoryStats CachingAllocator::stats() {
  lock();
  MemoryStats copy = stats_;
  unlock();
  return copy;
}

void CachingAllocator::reset_peak() {
  lock();
  stats_.peak_allocated = stats_.allocated;
  stats_.peak_reserved = stats_.reserved;
  unlock();
}

void CachingAllocator::empty_cache() {
  lock();
  for (int b = 0; b < kBins; ++b) {
    for (void* cached : bins_[b]) backend_.release(cached, bin_bytes(b), index_), stats_.reserved -= bin_bytes(b);
    std::vector<void*>().swap(bins_[b]);
  }
  unlock();
}

void CachingAllocator::set_limit(int64_t bytes) {
  lock();
  limit_ = bytes;
  unlock();
}

constinit std::atomic<CachingAllocator*> CachingAllocator::made_[kMaxDeviceTypes][kMaxIndex] = {};

CachingAllocator& CachingAllocator::make(Device device) {
  static std::mutex mutex;
  if (device.index < 0 || device.index >= kMaxIndex) fail("allocate", "device", "a device index in [0, 15]", to_string(device));
  Backend& backend = backend_of(device);
  std::lock_guard lock(mutex);
  auto& slot = made_[int(device.type)][device.index];
  if (!slot.load()) slot.store(new CachingAllocator(backend, device.index), std::memory_order_release);
  return *slot.load();
}

MemoryStats memory_stats(Device device) { return CachingAllocator::of(device).stats(); }
void reset_peak_memory_stats(Device device) { CachingAllocator::of(device).reset_peak(); }
void empty_cache(Device device) { CachingAllocator::of(device).empty_cache(); }
void set_memory_limit(int64_t bytes, Device device) { CachingAllocator::of(device).set_limit(bytes); }

std::string memory_summary(Device device) {
  MemoryStats s = memory_stats(device);
  std::string text = fmt::format("memory of {}\n", to_string(device));
  auto row = [&](const char* what, int64_t now, int64_t peak) { text += fmt::format("  {:<10} {:>12}   peak {:>12}\n", what, human(now), human(peak)); };
  row("allocated", s.allocated, s.peak_allocated);
  row("reserved", s.reserved, s.peak_reserved);
  text += fmt::format("  {} tensors' blocks live, {} requests, {} of them from the system\n", s.live_blocks, s.allocations, s.system_allocations);
  return text;
}

}  // namespace lazuli
