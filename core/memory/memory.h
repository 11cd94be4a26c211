#pragma once
#include <cstdint>
#include <string>

#include "lazuli/core/device.h"

namespace lazuli {

/// What a device's caching allocator has done, in bytes and counts.
struct MemoryStats {
  int64_t allocated = 0;       // held by tensors now
  int64_t peak_allocated = 0;  // most so far, or since reset_peak_memory_stats
  int64_t reserved = 0;        // taken from the system: allocated and cached
  int64_t peak_reserved = 0;
  int64_t allocations = 0;         // requests by tensors
  int64_t system_allocations = 0;  // requests that the cache could not serve
  int64_t live_blocks = 0;
};

MemoryStats memory_stats(Device device = kCPU);
/// Host memory made by pin_memory for copies to and from the device.
MemoryStats pinned_memory_stats(Device device);
/// memory_stats as a table to read, with the sizes that living tensors hold most bytes in.
std::string memory_summary(Device device = kCPU);
void reset_peak_memory_stats(Device device = kCPU);
/// Waits for the device and gives all cached blocks back to the system, those of its pinned memory too.
void empty_cache(Device device = kCPU);
/// Makes requests fail with Error (Memory) that would take more than `bytes` from the system; negative: no limit.
void set_memory_limit(int64_t bytes, Device device = kCPU);

}  // namespace lazuli
