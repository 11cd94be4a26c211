#include "lazuli/backends/cpu/simd_targets.h"
#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "lazuli/backends/cpu/random/random_hwy.cpp"
#include "hwy/foreach_target.h"
#include "hwy/highway.h"
#include "lazuli/backends/cpu/random/random.h"
#include "lazuli/backends/cpu/vector_math-inl.h"

HWY_BEFORE_NAMESPACE();
namespace lazuli::cpu::HWY_NAMESPACE {
namespace {

// One counter in each 64-bit lane. The products read the low halves only, so what gathers in the high halves does not matter until the end.
void Words(uint64_t seed, uint64_t counter, uint32_t* words, int64_t count) {
#if HWY_TARGET == HWY_SCALAR
  for (int64_t b = 0; b < count / 4; b++) {
    const PhiloxBlock block = philox(seed, counter + uint64_t(b));
    for (int w = 0; w < 4; w++) words[4 * b + w] = block.word[w];
  }
#else
  const hn::ScalableTag<uint64_t> d;
  const hn::Repartition<uint32_t, decltype(d)> d32;
  const int64_t lanes = int64_t(hn::Lanes(d));
  const auto low = hn::Set(d, 0xffffffffu);
  const auto m0 = hn::Set(d, 0xD2511F53u), m1 = hn::Set(d, 0xCD9E8D57u);
  auto* out = reinterpret_cast<uint64_t*>(words);
  for (int64_t b = 0; b < count / 4; b += lanes) {
    const auto position = hn::Add(hn::Set(d, counter + uint64_t(b)), hn::Iota(d, 0));
    auto c0 = position, c1 = hn::ShiftRight<32>(position), c2 = hn::Zero(d), c3 = hn::Zero(d);
    uint32_t k0 = uint32_t(seed), k1 = uint32_t(seed >> 32);
    for (int round = 0; round < 10; round++) {
      const auto p0 = hn::MulEven(hn::BitCast(d32, m0), hn::BitCast(d32, c0));
      const auto p1 = hn::MulEven(hn::BitCast(d32, m1), hn::BitCast(d32, c2));
      c0 = hn::Xor3(hn::ShiftRight<32>(p1), c1, hn::Set(d, k0));
      c2 = hn::Xor3(hn::ShiftRight<32>(p0), c3, hn::Set(d, k1));
      c1 = p1;
      c3 = p0;
      k0 += 0x9E3779B9u, k1 += 0xBB67AE85u;
    }
    hn::StoreInterleaved2(hn::Or(hn::And(c0, low), hn::ShiftLeft<32>(c1)), hn::Or(hn::And(c2, low), hn::ShiftLeft<32>(c3)), d, out + 2 * b);
  }
#endif
}

template <class D, class VU>
HWY_INLINE hn::Vec<D> UniformOf(D d, VU words) {
  const hn::RebindToSigned<D> di;
  return hn::Mul(hn::ConvertTo(d, hn::BitCast(di, hn::ShiftRight<8>(words))), Const(d, 0x1p-24));
}

void Uniform(const uint32_t* words, float* out, int64_t count, float low, float width) {
  const hn::ScalableTag<float> d;
  const hn::RebindToUnsigned<decltype(d)> du;
  for (int64_t i = 0; i < count; i += int64_t(hn::Lanes(d)))
    hn::StoreU(hn::Add(hn::Mul(UniformOf(d, hn::LoadU(du, words + i)), hn::Set(d, width)), hn::Set(d, low)), d, out + i);
}

// The float32 forms of random_normal.h.
template <class D, class V = hn::Vec<D>>
HWY_INLINE V RandomLog(D d, V t) {
  const hn::RebindToSigned<D> di;
  const auto bits = hn::BitCast(di, t);
  const auto e = hn::ShiftRight<23>(hn::Sub(bits, hn::Set(di, 0x3f3504f3)));
  const V m = hn::BitCast(d, hn::Sub(bits, hn::ShiftLeft<23>(e))), one = Const(d, 1.0);
  const V s = hn::Div(hn::Sub(m, one), hn::Add(m, one)), z = hn::Mul(s, s), s2 = hn::Add(s, s);
  V p = hn::Add(hn::Mul(z, hn::Set(d, 0.11111111f)), hn::Set(d, 0.14285715f));
  p = hn::Add(hn::Mul(p, z), hn::Set(d, 0.2f));
  p = hn::Add(hn::Mul(p, z), hn::Set(d, 0.33333334f));
  return hn::Add(hn::Mul(hn::ConvertTo(d, e), hn::Set(d, 0.6931472f)), hn::Add(hn::Mul(hn::Mul(s2, z), p), s2));
}
template <class D, class V = hn::Vec<D>>
HWY_INLINE void RandomSineCosine(D d, V v, V& sine, V& cosine) {
  const hn::RebindToSigned<D> di;
  const auto step = [&](V p, V y, float c) HWY_ATTR { return hn::Add(hn::Mul(p, y), hn::Set(d, c)); };
  const V q = hn::Floor(hn::Add(hn::Mul(v, Const(d, 4.0)), Const(d, 0.5)));
  const V x = hn::Mul(hn::Sub(v, hn::Mul(q, Const(d, 0.25))), hn::Set(d, 6.2831855f)), y = hn::Mul(x, x);
  V s = step(hn::Set(d, 2.7557319e-6f), y, -1.9841270e-4f);
  s = step(step(s, y, 8.3333338e-3f), y, -0.16666667f);
  s = hn::Add(hn::Mul(hn::Mul(s, y), x), x);
  V c = step(hn::Set(d, -2.7557319e-7f), y, 2.4801588e-5f);
  c = step(step(step(step(c, y, -1.3888889e-3f), y, 4.1666668e-2f), y, -0.5f), y, 1.0f);
  const auto quarter = hn::And(hn::ConvertTo(di, q), hn::Set(di, 3)), one = hn::Set(di, 1), two = hn::Set(di, 2);
  const auto odd = hn::MaskFromVec(hn::BitCast(d, hn::VecFromMask(di, hn::Eq(hn::And(quarter, one), one))));
  const auto flip_cosine = hn::MaskFromVec(hn::BitCast(d, hn::VecFromMask(di, hn::Or(hn::Eq(quarter, one), hn::Eq(quarter, two)))));
  const auto flip_sine = hn::MaskFromVec(hn::BitCast(d, hn::VecFromMask(di, hn::Gt(quarter, one))));
  const V big = hn::IfThenElse(odd, s, c), small = hn::IfThenElse(odd, c, s);
  cosine = hn::IfThenElse(flip_cosine, hn::Neg(big), big);
  sine = hn::IfThenElse(flip_sine, hn::Neg(small), small);
}

// r = sqrt(-2 log(1 - u)), angle = 2 pi v: r cos and r sin are normal and independent (Box and Muller 1958).
void Normal(const uint32_t* words, float* out, int64_t count, float mean, float std) {
  const hn::ScalableTag<float> d;
  const hn::RebindToUnsigned<decltype(d)> du;
  for (int64_t i = 0; i < count; i += 2 * int64_t(hn::Lanes(d))) {
    hn::Vec<decltype(du)> first, second;
    hn::LoadInterleaved2(du, words + i, first, second);
    const auto log = RandomLog(d, hn::Sub(Const(d, 1.0), UniformOf(d, first)));
    const auto r = hn::Mul(hn::Sqrt(hn::Mul(log, Const(d, -2.0))), hn::Set(d, std)), m = hn::Set(d, mean);
    hn::Vec<decltype(d)> sine, cosine;
    RandomSineCosine(d, UniformOf(d, second), sine, cosine);
    hn::StoreInterleaved2(hn::Add(hn::Mul(r, cosine), m), hn::Add(hn::Mul(r, sine), m), d, out + i);
  }
}

void Exponential(const uint32_t* words, float* out, int64_t count, float rate) {
  const hn::ScalableTag<float> d;
  const hn::RebindToUnsigned<decltype(d)> du;
  for (int64_t i = 0; i < count; i += int64_t(hn::Lanes(d))) {
    const auto log = RandomLog(d, hn::Sub(Const(d, 1.0), UniformOf(d, hn::LoadU(du, words + i))));
    hn::StoreU(hn::Div(hn::Neg(log), hn::Set(d, rate)), d, out + i);
  }
}

void Dropout(const uint32_t* words, const float* in, float* out, bool* mask, int64_t count, uint32_t threshold, float scale) {
#pragma omp simd
  for (int64_t i = 0; i < count; i++) {
    const bool keep = (words[i] >> 8) >= threshold;
    mask[i] = keep;
    out[i] = in[i] * (keep ? scale : 0.0f);
  }
}

}  // namespace

void FillRandomLoops(RandomLoops& loops) { loops = {&Words, &Uniform, &Normal, &Exponential, &Dropout}; }

}  // namespace lazuli::cpu::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace lazuli::cpu {
HWY_EXPORT(FillRandomLoops);
const RandomLoops& random_loops() {
  static const RandomLoops loops = [] {
    RandomLoops l;
    HWY_DYNAMIC_DISPATCH(FillRandomLoops)(l);
    return l;
  }();
  return loops;
}
}  // namespace lazuli::cpu
#endif
