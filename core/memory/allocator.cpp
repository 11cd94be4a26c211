#include "lazuli/core/memory/allocator.h"

#include <fmt/format.h>

#include <algorithm>
#include <bit>
#include <mutex>
#include <new>
#include <thread>

#include "lazuli/core/error.h"
#include "lazuli/core/random/philox.h"
#include "lazuli/core/threads/stream.h"

namespace lazuli {
namespace {
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
constexpr bool kCacheHostMemory = false;  // so that sanitizers see every use after free
#else
constexpr bool kCacheHostMemory = true;
#endif
constexpr int64_t kSmallest = 64;

// Classes 64, 72, 80, ..., 120, 128, 144, ...: bits 3 below the leading one choose among eight.
int class_of(int64_t bytes) {
  if (bytes <= kSmallest) return 0;
  uint64_t n = uint64_t(bytes - 1);
  int top = std::bit_width(n) - 1;
  return int((top - 6) * 8 + int((n >> (top - 3)) & 7) + 1);
}
int64_t class_bytes(int size_class) { return (int64_t(8 + size_class % 8) << (size_class / 8)) * 8; }

std::string human(int64_t bytes) {
  if (bytes < 1024) return fmt::format("{} B", bytes);
  if (bytes < 1024 * 1024) return fmt::format("{:.1f} KiB", double(bytes) / 1024);
  return fmt::format("{:.1f} MiB", double(bytes) / (1024 * 1024));
}
}  // namespace

// A living block that streams other than its own use.
struct CachingAllocator::SharedUse {
  void* block;
  std::vector<Stream> streams;
};
// A released block that streams other than its own may still use.
struct CachingAllocator::Pending {
  void* block;
  int size_class;
  void* stream;
  std::vector<Event> events;
};
struct CachingAllocator::Lock {
  CachingAllocator& a;
  explicit Lock(CachingAllocator& allocator) : a(allocator) { a.lock(); }
  ~Lock() { a.unlock(); }
};

CachingAllocator::CachingAllocator(Backend& backend, Device device, Memory kind)
    : backend_(backend), device_(device), kind_(kind), caching_(kCacheHostMemory || (kind == Memory::Device && !device.is_cpu())) {}

void CachingAllocator::lock() {
  for (int spins = 0; locked_.exchange(true, std::memory_order_acquire); ++spins)
    if (spins > 64) std::this_thread::yield();
}

// The lock is a spinning one, for a few instructions: whatever may wait for a device or the system is done without it.
void* CachingAllocator::allocate(int64_t bytes, void* stream) {
  int size_class = class_of(bytes);
  if (size_class >= kBins) [[unlikely]]
    fail(ErrorKind::Memory, "allocate", "bytes", "at most 2^53 bytes", std::to_string(bytes));
  lock();
  if (special_ || stream) [[unlikely]] {
    unlock();
    return allocate_special(bytes, size_class, stream);
  }
  Bin& bin = default_cache_.bins[size_class];
  if (!bin.cached.empty()) [[likely]] {
    void* block = take(bin, size_class);
    unlock();
    return block;
  }
  unlock();
  return allocate_slow(bytes, size_class, bin);
}

void* CachingAllocator::allocate_special(int64_t bytes, int size_class, void* stream) {
  {
    Lock held(*this);
    if (probability_ > 0 && philox_uniform(philox(failure_seed_, requests_++).pair(0)) < probability_)
      fail_allocation(bytes, "that much free memory (a failure for a test)");
  }
  collect_pending(IfBusy::Skip);
  Bin* bin;
  {
    Lock held(*this);
    bin = &cache_of(stream).bins[size_class];
    if (!bin->cached.empty()) return take(*bin, size_class);
  }
  return allocate_slow(bytes, size_class, *bin);
}

inline void* CachingAllocator::take(Bin& bin, int size_class) {
  void* block = bin.cached.back();
  bin.cached.pop_back();
  ++stats_.allocations;
  ++stats_.live_blocks;
  stats_.allocated += class_bytes(size_class);
  if (stats_.allocated > stats_.peak_allocated) stats_.peak_allocated = stats_.allocated;
  return block;
}

CachingAllocator::StreamCache& CachingAllocator::find_cache(void* stream) {
  for (auto& cache : caches_)
    if (cache->stream == stream) return *cache;
  caches_.push_back(std::make_unique<StreamCache>());
  caches_.back()->stream = stream;
  return *caches_.back();
}

// A new block, counted as living; null when the limit, the device or the system has no more. `bin`: where it will be cached, if anywhere.
void* CachingAllocator::obtain(int64_t bytes, Bin* bin) {
  {
    Lock held(*this);
    if (limit_ >= 0 && stats_.reserved + bytes > limit_) return nullptr;
    if (bin) {
      if (bin->cached.capacity() <= bin->blocks) bin->cached.reserve(std::max<size_t>(8, 2 * bin->blocks));
      ++bin->blocks;
    }
    stats_.reserved += bytes;
  }
  struct Promised {  // until the block is there
    CachingAllocator& a;
    Bin* bin;
    int64_t bytes;
    bool kept = false;
    ~Promised() {
      if (kept) return;
      Lock held(a);
      if (bin) --bin->blocks;
      a.stats_.reserved -= bytes;
    }
  } promised{*this, bin, bytes};
  void* block = nullptr;
  try {
    block = kind_ == Memory::Device ? backend_.allocate(bytes, device_.index) : backend_.allocate_pinned(bytes, device_.index);
  } catch (const Error& error) {
    if (error.kind() != ErrorKind::Memory) throw;
  } catch (const std::bad_alloc&) {}
  if (!block) return nullptr;
  promised.kept = true;
  Lock held(*this);
  ++stats_.allocations;
  ++stats_.system_allocations;
  stats_.peak_reserved = std::max(stats_.peak_reserved, stats_.reserved);
  ++stats_.live_blocks;
  stats_.allocated += bytes;
  stats_.peak_allocated = std::max(stats_.peak_allocated, stats_.allocated);
  return block;
}

void* CachingAllocator::allocate_slow(int64_t bytes, int size_class, Bin& bin) { return obtain_or_empty(class_bytes(size_class), &bin, bytes); }

void* CachingAllocator::allocate_exact(int64_t bytes) {
  collect_pending(IfBusy::Skip);
  return obtain_or_empty(bytes, nullptr, bytes);
}

void CachingAllocator::release_exact(void* block, int64_t bytes) noexcept {
  {
    Lock held(*this);
    --stats_.live_blocks;
    stats_.allocated -= bytes;
    stats_.reserved -= bytes;
  }
  give_back(block, bytes);
}

void* CachingAllocator::obtain_or_empty(int64_t bytes, Bin* bin, int64_t asked) {
  void* block = obtain(bytes, bin);
  if (!block && caching_) {
    std::lock_guard one(emptying_);
    give_back_cached();
    block = obtain(bytes, bin);
  }
  if (block) return block;
  Lock held(*this);
  fail_allocation(asked, limit_ >= 0 ? "memory within the limit of " + human(limit_) : "that much free memory");
}

void CachingAllocator::fail_allocation(int64_t bytes, const std::string& expected) {
  std::string what = kind_ == Memory::Pinned ? "pinned memory for " : "", sizes = largest(4);
  fail(ErrorKind::Memory, "allocate", "bytes", expected,
       fmt::format("a request of {} while {} are held by {} tensors{} (peak {}; {} reserved) on {}{}", human(bytes), human(stats_.allocated),
                   stats_.live_blocks, sizes.empty() ? "" : ", most by " + sizes, human(stats_.peak_allocated), human(stats_.reserved), what,
                   to_string(device_)));
}

// False where nothing is cached: then the block is the caller's to give back.
inline bool CachingAllocator::keep(Bin& bin, int size_class, void* block) noexcept {
  if (kCacheHostMemory || caching_) [[likely]] {
    bin.cached.push_back(block);
    return true;
  }
  --bin.blocks;
  stats_.reserved -= class_bytes(size_class);
  return false;
}

void CachingAllocator::release(void* block, int64_t bytes, void* stream) noexcept {
  int size_class = class_of(bytes);
  lock();
  --stats_.live_blocks;
  stats_.allocated -= class_bytes(size_class);
  if (special_ || stream) [[unlikely]] {
    unlock();
    return release_special(block, size_class, stream);
  }
  bool kept = keep(default_cache_.bins[size_class], size_class, block);
  unlock();
  if (!kept) give_back(block, class_bytes(size_class));
}

void CachingAllocator::release_special(void* block, int size_class, void* stream) noexcept {
  if (hold_back(block, size_class, stream)) return;
  lock();
  bool kept = keep(cache_of(stream).bins[size_class], size_class, block);
  unlock();
  if (!kept) give_back(block, class_bytes(size_class));
}

void CachingAllocator::give_back(void* block, int64_t bytes) noexcept {
  if (kind_ == Memory::Device) backend_.release(block, bytes, device_.index);
  else backend_.release_pinned(block, bytes, device_.index);
}

// Waits for the device first, so that a backend's release may free the memory at once.
void CachingAllocator::give_back_cached() {
  backend_.synchronize(device_.index);
  collect_pending(IfBusy::Wait);
  auto clear = [&](StreamCache& cache) {
    constexpr size_t kBatch = 64;
    void* blocks[kBatch];
    for (int c = 0; c < kBins; ++c) {
      size_t count;
      do {
        {
          Lock held(*this);
          Bin& bin = cache.bins[c];
          for (count = 0; count < kBatch && !bin.cached.empty(); bin.cached.pop_back()) blocks[count++] = bin.cached.back();
          bin.blocks -= count;
          stats_.reserved -= int64_t(count) * class_bytes(c);
        }
        for (size_t i = 0; i < count; ++i) give_back(blocks[i], class_bytes(c));
      } while (count == kBatch);
    }
  };
  clear(default_cache_);
  for (size_t i = 0;; ++i) {
    StreamCache* cache;
    {
      Lock held(*this);
      if (i >= caches_.size()) break;
      cache = caches_[i].get();
    }
    clear(*cache);
  }
}

void CachingAllocator::record_stream(void* block, const Stream& stream) {
  Lock held(*this);
  auto use = std::find_if(shared_.begin(), shared_.end(), [&](const SharedUse& u) { return u.block == block; });
  if (use == shared_.end()) {
    shared_.push_back({block, {stream}});
  } else if (std::find(use->streams.begin(), use->streams.end(), stream) == use->streams.end()) {
    use->streams.push_back(stream);
  }
  update_special();
}

bool CachingAllocator::hold_back(void* block, int size_class, void* stream) noexcept {
  std::vector<Stream> streams;
  {
    Lock held(*this);
    auto use = std::find_if(shared_.begin(), shared_.end(), [&](const SharedUse& u) { return u.block == block; });
    if (use == shared_.end()) return false;
    streams = std::move(use->streams);
    shared_.erase(use);
    update_special();
  }
  try {
    std::list<Pending> one;
    Pending& pending = one.emplace_back(Pending{block, size_class, stream, {}});
    for (const Stream& s : streams) {
      Event event;
      event.record(s);
      pending.events.push_back(std::move(event));
    }
    Lock held(*this);
    pending_.splice(pending_.end(), one);
    update_special();
    return true;
  } catch (...) {
    try {  // without events, by waiting
      for (const Stream& s : streams) s.synchronize();
    } catch (...) {  // a lost device: nothing runs on it any more
    }
    return false;
  }
}

// Blocks whose other streams have passed go to their own stream's cache. Only this takes from the list; others add to its end.
void CachingAllocator::collect_pending(IfBusy if_busy) {
  std::unique_lock only(collecting_, std::defer_lock);
  if (if_busy == IfBusy::Wait) only.lock();
  else if (!only.try_lock()) return;
  size_t count;
  std::list<Pending>::iterator at;
  {
    Lock held(*this);
    count = pending_.size();
    at = pending_.begin();
  }
  for (; count > 0; --count) {
    bool done = std::all_of(at->events.begin(), at->events.end(), [](const Event&e) { return e.done(); }), kept = true;
    std::list<Pending> passed;
    {
      Lock held(*this);
      auto next = std::next(at);
      if (done) {
        kept = keep(cache_of(at->stream).bins[at->size_class], at->size_class, at->block);
        passed.splice(passed.end(), pending_, at);
        update_special();
      }
      at = next;
    }
    if (!kept) give_back(passed.front().block, class_bytes(passed.front().size_class));
  }
}

std::string CachingAllocator::largest(int rows) {
  struct Held {
    int64_t bytes, count;
  };
  std::vector<Held> sizes;
  for (int c = 0; c < kBins; ++c) {
    int64_t count = int64_t(default_cache_.bins[c].blocks - default_cache_.bins[c].cached.size());
    for (auto& cache : caches_) count += int64_t(cache->bins[c].blocks - cache->bins[c].cached.size());
    for (const Pending& p : pending_) count -= p.size_class == c;
    if (count) sizes.push_back({class_bytes(c), count});
  }
  std::sort(sizes.begin(), sizes.end(), [](Held a, Held b) { return a.bytes * a.count > b.bytes * b.count; });
  std::string text;
  for (size_t i = 0; i < sizes.size() && i < size_t(rows); ++i)
    text += fmt::format("{}{} x {}", i ? ", " : "", sizes[i].count, human(sizes[i].bytes));
  return text;
}

std::string CachingAllocator::largest_live(int rows) {
  Lock held(*this);
  return largest(rows);
}

MemoryStats CachingAllocator::stats() {
  Lock held(*this);
  return stats_;
}

void CachingAllocator::reset_peak() {
  Lock held(*this);
  stats_.peak_allocated = stats_.allocated;
  stats_.peak_reserved = stats_.reserved;
}

void CachingAllocator::empty_cache() {
  std::lock_guard one(emptying_);
  give_back_cached();
}

void CachingAllocator::set_limit(int64_t bytes) {
  Lock held(*this);
  limit_ = bytes;
}

void CachingAllocator::set_failure(double probability, uint64_t seed) {
  Lock held(*this);
  probability_ = probability;
  failure_seed_ = seed;
  requests_ = 0;
  update_special();
}

constinit std::atomic<CachingAllocator*> CachingAllocator::made_[kMaxDeviceTypes][kMaxDeviceIndex] = {};

CachingAllocator& CachingAllocator::make(Device device, Memory kind) {
  static std::mutex mutex;
  static CachingAllocator* pinned[kMaxDeviceTypes][kMaxDeviceIndex] = {};
  Backend& backend = backend_of(device);
  std::lock_guard lock(mutex);
  if (kind == Memory::Pinned) {
    CachingAllocator*& slot = pinned[int(device.type)][device.index];
    if (!slot) slot = new CachingAllocator(backend, device, kind);
    return *slot;
  }
  auto& slot = made_[int(device.type)][device.index];
  if (!slot.load()) slot.store(new CachingAllocator(backend, device, kind), std::memory_order_release);
  return *slot.load();
}

MemoryStats memory_stats(Device device) { return CachingAllocator::of(device).stats(); }
MemoryStats pinned_memory_stats(Device device) { return CachingAllocator::pinned_for(device).stats(); }
void reset_peak_memory_stats(Device device) { CachingAllocator::of(device).reset_peak(); }
void empty_cache(Device device) {
  CachingAllocator::of(device).empty_cache();
  CachingAllocator::pinned_for(device).empty_cache();
}
void set_memory_limit(int64_t bytes, Device device) { CachingAllocator::of(device).set_limit(bytes); }
void set_allocation_failure(double probability, uint64_t seed, Device device) {
  if (!(probability >= 0 && probability <= 1)) fail("set_allocation_failure", "probability", "a number in [0, 1]", fmt::format("{}", probability));
  CachingAllocator::of(device).set_failure(probability, seed);
}

std::string memory_summary(Device device) {
  MemoryStats s = memory_stats(device);
  std::string text = fmt::format("memory of {}\n", to_string(device));
  auto row = [&](const char* what, int64_t now, int64_t peak) {
    text += fmt::format("  {:<10} {:>12}   peak {:>12}\n", what, human(now), human(peak));
  };
  row("allocated", s.allocated, s.peak_allocated);
  row("reserved", s.reserved, s.peak_reserved);
  text += fmt::format("  {} tensors' blocks live, {} requests, {} of them from the system\n", s.live_blocks, s.allocations, s.system_allocations);
  if (s.live_blocks) text += fmt::format("  most by {}\n", CachingAllocator::of(device).largest_live(8));
  return text;
}

}  // namespace lazuli
