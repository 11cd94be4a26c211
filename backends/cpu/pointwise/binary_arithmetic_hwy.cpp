#include "lazuli/backends/cpu/simd_targets.h"
#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "lazuli/backends/cpu/pointwise/binary_arithmetic_hwy.cpp"
#include "hwy/foreach_target.h"
#include "hwy/highway.h"
#include "lazuli/backends/cpu/pointwise/binary.h"
#include "lazuli/backends/cpu/vector_loop-inl.h"

HWY_BEFORE_NAMESPACE();
namespace lazuli::cpu::HWY_NAMESPACE {
namespace {

template <class T, class F>
void Add(BinaryTable& table, BinaryOp op, Cost cost, F) {
  table.at(op, dtype_of<T>()) = {&VectorLoop<T, 2, F>, {dtype_of<T>(), dtype_of<T>()}, dtype_of<T>(), cost};
}
template <class T, class F>
void AddTest(BinaryTable& table, BinaryOp op, F) {
  table.at(op, dtype_of<T>()) = {&SimpleLoop<bool, T, 2, F>, {dtype_of<T>(), dtype_of<T>()}, kBool, Cost::Cheap};
}

// The bits of floats on one side of zero are ordered as integers: the next one is one more where it lies further from zero, else one less.
template <class D, class V>
HWY_INLINE V NextAfter(D d, V from, V to) {
  const hn::RebindToSigned<D> di;
  const V zero = hn::Zero(d);
  const V further = hn::Xor(hn::VecFromMask(d, hn::Lt(from, to)), hn::VecFromMask(d, hn::Lt(from, zero)));
  const auto step = hn::IfThenElse(hn::RebindMask(di, hn::MaskFromVec(further)), hn::Set(di, 1), hn::Set(di, -1));
  const V beside = hn::BitCast(d, hn::Add(hn::BitCast(di, from), step));
  const V beside_zero = hn::CopySign(hn::BitCast(d, hn::Set(di, 1)), to);
  const V next = hn::IfThenElse(hn::Eq(from, zero), beside_zero, beside);
  return KeepNaN(d, from, hn::IfThenElse(hn::Or(hn::Eq(from, to), hn::IsNaN(to)), to, next));
}

template <class T>
void Fill(BinaryTable& t) {
  constexpr Cost kCheap = Cost::Cheap, kMath = Cost::Math;
  Add<T>(t, BinaryOp::Add, kCheap, [](auto, const Params&, auto a, auto b) HWY_ATTR { return hn::Add(a, b); });
  Add<T>(t, BinaryOp::Sub, kCheap, [](auto, const Params&, auto a, auto b) HWY_ATTR { return hn::Sub(a, b); });
  Add<T>(t, BinaryOp::Mul, kCheap, [](auto, const Params&, auto a, auto b) HWY_ATTR { return hn::Mul(a, b); });
  Add<T>(t, BinaryOp::Div, kCheap, [](auto, const Params&, auto a, auto b) HWY_ATTR { return hn::Div(a, b); });
  Add<T>(t, BinaryOp::DivTrunc, kCheap, [](auto, const Params&, auto a, auto b) HWY_ATTR { return hn::Trunc(hn::Div(a, b)); });
  Add<T>(t, BinaryOp::Maximum, kCheap, [](auto, const Params&, auto a, auto b) HWY_ATTR {
    return hn::IfThenElse(hn::IsNaN(a), a, hn::IfThenElse(hn::IsNaN(b), b, hn::Max(a, b)));
  });
  Add<T>(t, BinaryOp::Minimum, kCheap, [](auto, const Params&, auto a, auto b) HWY_ATTR {
    return hn::IfThenElse(hn::IsNaN(a), a, hn::IfThenElse(hn::IsNaN(b), b, hn::Min(a, b)));
  });
  Add<T>(t, BinaryOp::Fmax, kCheap, [](auto, const Params&, auto a, auto b) HWY_ATTR {
    return hn::IfThenElse(hn::IsNaN(a), b, hn::IfThenElse(hn::IsNaN(b), a, hn::Max(a, b)));
  });
  Add<T>(t, BinaryOp::Fmin, kCheap, [](auto, const Params&, auto a, auto b) HWY_ATTR {
    return hn::IfThenElse(hn::IsNaN(a), b, hn::IfThenElse(hn::IsNaN(b), a, hn::Min(a, b)));
  });
  Add<T>(t, BinaryOp::Copysign, kCheap, [](auto, const Params&, auto a, auto b) HWY_ATTR { return hn::CopySign(a, b); });
  Add<T>(t, BinaryOp::Nextafter, kCheap, [](auto d, const Params&, auto a, auto b) HWY_ATTR { return NextAfter(d, a, b); });
  Add<T>(t, BinaryOp::Heaviside, kCheap, [](auto d, const Params&, auto a, auto b) HWY_ATTR {
    const auto zero = hn::Zero(d);
    return hn::IfThenElse(hn::Eq(a, zero), b, hn::IfThenElseZero(hn::Gt(a, zero), Const(d, 1.0)));
  });
  // max + log1p(e^-|a - b|); equal infinities stay
  Add<T>(t, BinaryOp::LogAddExp, kMath, [](auto d, const Params&, auto a, auto b) HWY_ATTR {
    const auto same = hn::And(hn::Eq(a, b), hn::IsInf(a));
    const auto y = hn::Add(hn::Max(a, b), vm::Log1pOfFraction(d, vm::Exp(d, hn::Neg(hn::Abs(hn::Sub(a, b))))));
    return hn::IfThenElse(same, a, y);
  });
  Add<T>(t, BinaryOp::LogAddExp2, kMath, [](auto d, const Params&, auto a, auto b) HWY_ATTR {
    const auto same = hn::And(hn::Eq(a, b), hn::IsInf(a));
    const auto tail = hn::Mul(vm::Log1pOfFraction(d, vm::Exp2(d, hn::Neg(hn::Abs(hn::Sub(a, b))))), Const(d, 1.44269504088896340736));
    return hn::IfThenElse(same, a, hn::Add(hn::Max(a, b), tail));
  });
  // a log b, 0 where a is 0, NaN where b is
  Add<T>(t, BinaryOp::Xlogy, kMath, [](auto d, const Params&, auto a, auto b) HWY_ATTR {
    return KeepNaN(d, b, hn::IfThenZeroElse(hn::Eq(a, hn::Zero(d)), hn::Mul(a, vm::Log(d, b))));
  });
  Add<T>(t, BinaryOp::Xlog1py, kMath, [](auto d, const Params&, auto a, auto b) HWY_ATTR {
    return KeepNaN(d, b, hn::IfThenZeroElse(hn::Eq(a, hn::Zero(d)), hn::Mul(a, vm::Log1p(d, b))));
  });

  AddTest<T>(t, BinaryOp::Eq, [](const Params&, T a, T b) HWY_ATTR { return a == b; });
  AddTest<T>(t, BinaryOp::Ne, [](const Params&, T a, T b) HWY_ATTR { return a != b; });
  AddTest<T>(t, BinaryOp::Lt, [](const Params&, T a, T b) HWY_ATTR { return a < b; });
  AddTest<T>(t, BinaryOp::Le, [](const Params&, T a, T b) HWY_ATTR { return a <= b; });
  AddTest<T>(t, BinaryOp::Gt, [](const Params&, T a, T b) HWY_ATTR { return a > b; });
  AddTest<T>(t, BinaryOp::Ge, [](const Params&, T a, T b) HWY_ATTR { return a >= b; });
  AddTest<T>(t, BinaryOp::LogicalAnd, [](const Params&, T a, T b) HWY_ATTR { return (a != 0) & (b != 0); });
  AddTest<T>(t, BinaryOp::LogicalOr, [](const Params&, T a, T b) HWY_ATTR { return (a != 0) | (b != 0); });
  AddTest<T>(t, BinaryOp::LogicalXor, [](const Params&, T a, T b) HWY_ATTR { return (a != 0) != (b != 0); });
}

}  // namespace

void FillBinaryArithmetic(BinaryTable& table) {
  Fill<float>(table);
  Fill<double>(table);
}

}  // namespace lazuli::cpu::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace lazuli::cpu {
HWY_EXPORT(FillBinaryArithmetic);
void fill_binary_arithmetic(BinaryTable& table) { HWY_DYNAMIC_DISPATCH(FillBinaryArithmetic)(table); }
}  // namespace lazuli::cpu
#endif
