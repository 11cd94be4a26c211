#include "lazuli/backends/cpu/pointwise/stream.h"

#include <cstring>

#include "lazuli/backends/cpu/simd_targets.h"
#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "lazuli/backends/cpu/pointwise/stream_hwy.cpp"
#include "hwy/foreach_target.h"
#include "hwy/highway.h"

#include "hwy/cache_control.h"

HWY_BEFORE_NAMESPACE();
namespace lazuli::cpu::HWY_NAMESPACE {
namespace hn = hwy::HWY_NAMESPACE;

// Whole vectors at aligned places; what comes before the first and after the last goes the usual way.
void StreamCopy(uint8_t* to, const uint8_t* from, int64_t bytes) {
  const hn::ScalableTag<uint8_t> d;
  const int64_t lanes = int64_t(hn::Lanes(d));
  const int64_t head = int64_t(-reinterpret_cast<uintptr_t>(to)) & (lanes - 1);
  int64_t i = head < bytes ? head : bytes;
  std::memcpy(to, from, size_t(i));
  for (; i + lanes <= bytes; i += lanes) hn::Stream(hn::LoadU(d, from + i), d, to + i);
  std::memcpy(to + i, from + i, size_t(bytes - i));
}

}  // namespace lazuli::cpu::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace lazuli::cpu {
HWY_EXPORT(StreamCopy);
void stream_copy(void* to, const void* from, int64_t bytes) {
  HWY_DYNAMIC_DISPATCH(StreamCopy)(static_cast<uint8_t*>(to), static_cast<const uint8_t*>(from), bytes);
}
void end_stream() { hwy::FlushStream(); }
}  // namespace lazuli::cpu
#endif
