#pragma once
#include <atomic>
#include <mutex>
#include <vector>

#include "lazuli/backends/opencl/library.h"

namespace lazuli::opencl {

/// A place in one of OpenCL's memory objects.
struct Place {
  cl_mem memory = nullptr;
  size_t offset = 0;
};

/// Addresses for OpenCL 1.2's memory objects, which have none: the number of the object in the upper bits and the byte within it in the lower 40. No processor maps such
/// addresses, so that reading through one by mistake is caught at once.
class Buffers {
 public:
  /// Null when there are more than two million objects.
  void* add(cl_mem memory) {
    std::lock_guard lock(mutex_);
    uint64_t number = next_;
    if (!free_.empty()) {
      number = free_.back();
      free_.pop_back();
    } else if (next_ >= kMost) {
      return nullptr;
    } else {
      ++next_;
    }
    std::atomic<std::atomic<cl_mem>*>& page = pages_[number / kPage];
    if (!page.load()) page.store(new std::atomic<cl_mem>[kPage](), std::memory_order_release);
    page.load()[number % kPage].store(memory, std::memory_order_release);
    return reinterpret_cast<void*>((number + kFirst) << kShift);
  }
  cl_mem remove(void* address) {
    uint64_t number = number_of(address);
    cl_mem memory = pages_[number / kPage].load()[number % kPage].exchange(nullptr);
    std::lock_guard lock(mutex_);
    free_.push_back(number);
    return memory;
  }
  Place find(const void* address) const {
    uint64_t number = number_of(address);
    return {pages_[number / kPage].load(std::memory_order_acquire)[number % kPage].load(std::memory_order_acquire),
            size_t(reinterpret_cast<uint64_t>(address) & ((uint64_t(1) << kShift) - 1))};
  }

 private:
  static constexpr int kShift = 40;
  static constexpr uint64_t kFirst = uint64_t(1) << 8, kPage = 4096, kMost = uint64_t(1) << 21;  // bit 48 and above set: not canonical
  static uint64_t number_of(const void* address) { return (reinterpret_cast<uint64_t>(address) >> kShift) - kFirst; }
  std::mutex mutex_;
  std::atomic<std::atomic<cl_mem>*> pages_[kMost / kPage] = {};
  std::vector<uint64_t> free_;
  uint64_t next_ = 0;
};

}  // namespace lazuli::opencl
