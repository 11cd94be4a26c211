// Elementwise loops over contiguous arrays with a functor on vectors: out[i] = f(d, p, a[i], ...). Included once for each target.
#if defined(LAZULI_BACKENDS_CPU_VECTOR_LOOP_INL_H) == defined(HWY_TARGET_TOGGLE)
#ifdef LAZULI_BACKENDS_CPU_VECTOR_LOOP_INL_H
#undef LAZULI_BACKENDS_CPU_VECTOR_LOOP_INL_H
#else
#define LAZULI_BACKENDS_CPU_VECTOR_LOOP_INL_H
#endif

#include "hwy/cache_control.h"
#include "lazuli/backends/cpu/pointwise/loops.h"
#include "lazuli/backends/cpu/vector_math-inl.h"

HWY_BEFORE_NAMESPACE();
namespace lazuli::cpu::HWY_NAMESPACE {

// A first or last, partial vector runs the same instructions as the others, so that an element's result does not depend on where a piece begins or ends.
template <class T, int kInputs, bool kStream, class F>
HWY_INLINE void VectorLoopFrom(T* o, const T* a, const T* b, const T* c, int64_t n, int64_t head, const Params& params) {
  const hn::ScalableTag<T> d;
  const int64_t lanes = int64_t(hn::Lanes(d));
  const Params p = params;
  const F f;
  for (int64_t i = 0, step = kStream ? head : lanes; i < n; i += step, step = lanes) {
    const int64_t left = kStream && step != lanes ? step : n - i;
    const bool whole = left >= lanes;
    const auto load = [&](const T* from) HWY_ATTR { return HWY_LIKELY(whole) ? hn::LoadU(d, from + i) : LoadTail(d, from + i, left); };
    hn::Vec<decltype(d)> y;
    if constexpr (kInputs == 1) y = f(d, p, load(a));
    else if constexpr (kInputs == 2) y = f(d, p, load(a), load(b));
    else y = f(d, p, load(a), load(b), load(c));
    if (HWY_UNLIKELY(!whole)) StoreTail(y, d, o + i, left);
    else if constexpr (kStream) hn::Stream(y, d, o + i);
    else hn::StoreU(y, d, o + i);
  }
  if constexpr (kStream) hwy::FlushStream();
}

// A thread's output of at least kStreamBytes goes to memory past the cache, which saves reading it first. Streaming needs aligned stores: its first
// step, `head`, takes only what lies before the first boundary.
inline constexpr int64_t kStreamBytes = 12 << 20;
template <class T, int kInputs, class F>
HWY_NOINLINE void StreamLoop(T* o, const T* a, const T* b, const T* c, int64_t n, const Params& p) {
  const int64_t lanes = int64_t(hn::Lanes(hn::ScalableTag<T>()));
  const int64_t head = int64_t(-reinterpret_cast<uintptr_t>(o) / sizeof(T)) & (lanes - 1);
  VectorLoopFrom<T, kInputs, true, F>(o, a, b, c, n, head == 0 ? lanes : head, p);
}

template <class T, int kInputs, class F>
void VectorLoop(void* out, const void* const* in, int64_t n, const Params& p) {
  T* o = static_cast<T*>(out);
  const T* a = static_cast<const T*>(in[0]);
  const T* b = kInputs > 1 ? static_cast<const T*>(in[1]) : nullptr;
  const T* c = kInputs > 2 ? static_cast<const T*>(in[2]) : nullptr;
  if constexpr (sizeof(T) == 4)  // float32 is what large networks are made of
    if (HWY_UNLIKELY(n >= kStreamBytes / int64_t(sizeof(T))) && o != a && o != b && o != c) return StreamLoop<T, kInputs, F>(o, a, b, c, n, p);
  VectorLoopFrom<T, kInputs, false, F>(o, a, b, c, n, 0, p);
}

// The same, written for plain elements and left to the compiler to vectorise for this target.
template <class Out, class In, int kInputs, class F>
void SimpleLoop(void* out, const void* const* in, int64_t n, const Params& params) {
  const Params p = params;
  const F f;
  Out* o = static_cast<Out*>(out);
  const In* a = static_cast<const In*>(in[0]);
  const In* b = kInputs > 1 ? static_cast<const In*>(in[1]) : nullptr;
#pragma omp simd
  for (int64_t i = 0; i < n; i++) {
    if constexpr (kInputs == 1) o[i] = Out(f(p, a[i]));
    else o[i] = Out(f(p, a[i], b[i]));
  }
}

}  // namespace lazuli::cpu::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#endif  // LAZULI_BACKENDS_CPU_VECTOR_LOOP_INL_H
