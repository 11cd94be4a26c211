#include "lazuli/backends/cpu/simd_targets.h"
#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "lazuli/backends/cpu/pointwise/ternary_hwy.cpp"
#include "hwy/foreach_target.h"
#include "hwy/highway.h"
#include "lazuli/backends/cpu/pointwise/ternary.h"
#include "lazuli/backends/cpu/vector_loop-inl.h"

HWY_BEFORE_NAMESPACE();
namespace lazuli::cpu::HWY_NAMESPACE {
namespace {

template <class T, class F>
void Add(TernaryTable& table, TernaryOp op, F) {
  constexpr DType t = dtype_of<T>();
  table.at(op, t) = {&VectorLoop<T, 3, F>, {t, t, t}, t, Cost::Cheap};
}

template <class T>
void Fill(TernaryTable& t) {
  Add<T>(t, TernaryOp::Addcmul,
         [](auto d, const Params& p, auto a, auto b, auto c) HWY_ATTR { return hn::MulAdd(hn::Mul(Const(d, p.p0), b), c, a); });
  Add<T>(t, TernaryOp::Addcdiv,
         [](auto d, const Params& p, auto a, auto b, auto c) HWY_ATTR { return hn::MulAdd(Const(d, p.p0), hn::Div(b, c), a); });
  // From the nearer end, so that weight 1 gives b exactly.
  Add<T>(t, TernaryOp::Lerp, [](auto d, const Params&, auto a, auto b, auto c) HWY_ATTR {
    const auto difference = hn::Sub(b, a);
    const auto from_b = hn::NegMulAdd(difference, hn::Sub(Const(d, 1.0), c), b);
    return hn::IfThenElse(hn::Lt(hn::Abs(c), Const(d, 0.5)), hn::MulAdd(c, difference, a), from_b);
  });
  Add<T>(t, TernaryOp::Clamp, [](auto d, const Params&, auto a, auto b, auto c) HWY_ATTR {
    const auto lower = KeepNaN(d, a, KeepNaN(d, b, hn::IfThenElse(hn::Lt(a, b), b, a)));
    return KeepNaN(d, lower, KeepNaN(d, c, hn::IfThenElse(hn::Gt(lower, c), c, lower)));
  });
}

// Elements by their size; 16 bytes as two words.
template <class U, int kWords>
void WhereLoop(void* out, const void* const* in, int64_t n, const Params&) {
  U* o = static_cast<U*>(out);
  const uint8_t* condition = static_cast<const uint8_t*>(in[0]);
  const U* a = static_cast<const U*>(in[1]);
  const U* b = static_cast<const U*>(in[2]);
#pragma omp simd
  for (int64_t i = 0; i < n; i++)
    for (int k = 0; k < kWords; k++) {
      const U x = a[i * kWords + k], y = b[i * kWords + k];
      o[i * kWords + k] = condition[i] ? x : y;
    }
}

}  // namespace

void FillTernaryVector(TernaryTable& table) {
  Fill<float>(table);
  Fill<double>(table);
  for (int k = 0; k < kDTypeCount; k++) {
    const DType t = DType(k);
    const int64_t size = item_size(t);
    const Loop loop = size == 1   ? &WhereLoop<uint8_t, 1>
                      : size == 2 ? &WhereLoop<uint16_t, 1>
                      : size == 4 ? &WhereLoop<uint32_t, 1>
                      : size == 8 ? &WhereLoop<uint64_t, 1>
                                  : &WhereLoop<uint64_t, 2>;
    table.at(TernaryOp::Where, t) = {loop, {kBool, t, t}, t, Cost::Cheap};
  }
}

}  // namespace lazuli::cpu::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace lazuli::cpu {
HWY_EXPORT(FillTernaryVector);
void fill_ternary_vector(TernaryTable& table) { HWY_DYNAMIC_DISPATCH(FillTernaryVector)(table); }
}  // namespace lazuli::cpu
#endif
