#include <limits>
#include <type_traits>

#include "lazuli/backends/cpu/simd_targets.h"
#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "lazuli/backends/cpu/pointwise/unary_integer_hwy.cpp"
#include "hwy/foreach_target.h"
#include "hwy/highway.h"
#include "lazuli/backends/cpu/pointwise/unary.h"
#include "lazuli/backends/cpu/vector_loop-inl.h"

HWY_BEFORE_NAMESPACE();
namespace lazuli::cpu::HWY_NAMESPACE {
namespace {

template <class T, class Out = T, class F>
void Add(UnaryTable& t, UnaryOp op, F) {
  t.at(op, dtype_of<T>()) = {&SimpleLoop<Out, T, 1, F>, {dtype_of<T>()}, dtype_of<Out>(), Cost::Cheap};
}

template <class T>
T Saturate(double x) {
  if (x <= double(std::numeric_limits<T>::min())) return std::numeric_limits<T>::min();
  if (x >= double(std::numeric_limits<T>::max())) return std::numeric_limits<T>::max();
  return T(x);
}

template <class T>
void Fill(UnaryTable& t) {
  using U = std::make_unsigned_t<std::conditional_t<std::is_same_v<T, bool>, uint8_t, T>>;
  const auto identity = [](const Params&, T x) HWY_ATTR { return x; };
  const auto no = [](const Params&, T) HWY_ATTR { return false; };
  Add<T>(t, UnaryOp::Abs, [](const Params&, T x) HWY_ATTR { return x < T(0) ? T(U(0) - U(x)) : x; });
  Add<T>(t, UnaryOp::Sign, [](const Params&, T x) HWY_ATTR { return T((x > T(0)) - (x < T(0))); });
  Add<T>(t, UnaryOp::Conj, identity);
  Add<T>(t, UnaryOp::Real, identity);
  Add<T, bool>(t, UnaryOp::IsNan, no);
  Add<T, bool>(t, UnaryOp::IsInf, no);
  Add<T, bool>(t, UnaryOp::IsNegInf, no);
  Add<T, bool>(t, UnaryOp::IsPosInf, no);
  Add<T, bool>(t, UnaryOp::IsFinite, [](const Params&, T) HWY_ATTR { return true; });
  Add<T, bool>(t, UnaryOp::SignBit, [](const Params&, T x) HWY_ATTR { return x < T(0); });
  if constexpr (std::is_same_v<T, bool>) {
    const auto other = [](const Params&, uint8_t x) HWY_ATTR { return uint8_t(x == 0); };  // of bytes, which the compiler makes vectors of
    for (const UnaryOp op : {UnaryOp::BitwiseNot, UnaryOp::LogicalNot}) {
      t.at(op, kBool) = {&SimpleLoop<uint8_t, uint8_t, 1, decltype(other)>, {kBool}, kBool, Cost::Cheap};
    }
    Add<T>(t, UnaryOp::Square, identity);
  } else {
    Add<T, bool>(t, UnaryOp::LogicalNot, [](const Params&, T x) HWY_ATTR { return x == T(0); });
    Add<T>(t, UnaryOp::BitwiseNot, [](const Params&, T x) HWY_ATTR { return T(~x); });
    Add<T>(t, UnaryOp::Neg, [](const Params&, T x) HWY_ATTR { return T(U(0) - U(x)); });
    Add<T>(t, UnaryOp::Square, [](const Params&, T x) HWY_ATTR { return T(uint64_t(x) * uint64_t(x)); });
    for (const UnaryOp op : {UnaryOp::Positive, UnaryOp::Floor, UnaryOp::Ceil, UnaryOp::Round, UnaryOp::Trunc}) Add<T>(t, op, identity);
    Add<T>(t, UnaryOp::Relu, [](const Params&, T x) HWY_ATTR { return x > T(0) ? x : T(0); });
    Add<T>(t, UnaryOp::Relu6, [](const Params&, T x) HWY_ATTR { return x < T(0) ? T(0) : x > T(6) ? T(6) : x; });
    Add<T>(t, UnaryOp::Hardtanh, [](const Params& p, T x) HWY_ATTR {
      const T low = Saturate<T>(p.p0), high = Saturate<T>(p.p1);
      return x < low ? low : x > high ? high : x;
    });
    Add<T>(t, UnaryOp::Threshold, [](const Params& p, T x) HWY_ATTR { return double(x) <= p.p0 ? T(int64_t(p.p1)) : x; });
  }
}

}  // namespace

void FillUnaryInteger(UnaryTable& table) {
  Fill<bool>(table);
  Fill<uint8_t>(table);
  Fill<int8_t>(table);
  Fill<int16_t>(table);
  Fill<int32_t>(table);
  Fill<int64_t>(table);
}

}  // namespace lazuli::cpu::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace lazuli::cpu {
HWY_EXPORT(FillUnaryInteger);
void fill_unary_integer(UnaryTable& table) { HWY_DYNAMIC_DISPATCH(FillUnaryInteger)(table); }
}  // namespace lazuli::cpu
#endif
