#include "lazuli/backends/cpu/simd_targets.h"
#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "lazuli/backends/cpu/pointwise/binary_integer_hwy.cpp"
#include "hwy/foreach_target.h"
#include "hwy/highway.h"
#include "lazuli/backends/cpu/pointwise/binary.h"
#include "lazuli/backends/cpu/vector_loop-inl.h"

HWY_BEFORE_NAMESPACE();
namespace lazuli::cpu::HWY_NAMESPACE {
namespace {

template <class T, class Out = T, class F>
void Put(BinaryTable& t, BinaryOp op, F) {
  t.at(op, dtype_of<T>()) = {&SimpleLoop<Out, T, 2, F>, {dtype_of<T>(), dtype_of<T>()}, dtype_of<Out>(), Cost::Cheap};
}

template <class T>
void FillCommon(BinaryTable& t) {
  using enum BinaryOp;
  Put<T, bool>(t, Eq, [](const Params&, T a, T b) HWY_ATTR { return a == b; });
  Put<T, bool>(t, Ne, [](const Params&, T a, T b) HWY_ATTR { return a != b; });
  Put<T, bool>(t, Lt, [](const Params&, T a, T b) HWY_ATTR { return a < b; });
  Put<T, bool>(t, Le, [](const Params&, T a, T b) HWY_ATTR { return a <= b; });
  Put<T, bool>(t, Gt, [](const Params&, T a, T b) HWY_ATTR { return a > b; });
  Put<T, bool>(t, Ge, [](const Params&, T a, T b) HWY_ATTR { return a >= b; });
  Put<T, bool>(t, LogicalAnd, [](const Params&, T a, T b) HWY_ATTR { return (a != 0) & (b != 0); });
  Put<T, bool>(t, LogicalOr, [](const Params&, T a, T b) HWY_ATTR { return (a != 0) | (b != 0); });
  Put<T, bool>(t, LogicalXor, [](const Params&, T a, T b) HWY_ATTR { return (a != 0) != (b != 0); });
  Put<T>(t, BitwiseAnd, [](const Params&, T a, T b) HWY_ATTR { return T(a & b); });
  Put<T>(t, BitwiseOr, [](const Params&, T a, T b) HWY_ATTR { return T(a | b); });
  Put<T>(t, BitwiseXor, [](const Params&, T a, T b) HWY_ATTR { return T(a ^ b); });
  for (const BinaryOp op : {Maximum, Fmax}) Put<T>(t, op, [](const Params&, T a, T b) HWY_ATTR { return a < b ? b : a; });
  for (const BinaryOp op : {Minimum, Fmin}) Put<T>(t, op, [](const Params&, T a, T b) HWY_ATTR { return b < a ? b : a; });
  Put<T>(t, Heaviside, [](const Params&, T a, T b) HWY_ATTR { return a == 0 ? b : T(a > 0); });
}

// Arithmetic wraps, as two's complement does.
template <class T>
void Fill(BinaryTable& t) {
  using enum BinaryOp;
  using U = std::make_unsigned_t<T>;
  FillCommon<T>(t);
  Put<T>(t, BinaryOp::Add, [](const Params&, T a, T b) HWY_ATTR { return T(U(a) + U(b)); });
  Put<T>(t, Sub, [](const Params&, T a, T b) HWY_ATTR { return T(U(a) - U(b)); });
  Put<T>(t, Mul, [](const Params&, T a, T b) HWY_ATTR { return T(uint64_t(a) * uint64_t(b)); });
  // A shift by less than 0 or by all bits gives 0; to the right, the sign.
  constexpr int kBits = 8 * int(sizeof(T));
  Put<T>(t, LeftShift, [](const Params&, T a, T b) HWY_ATTR { return int64_t(b) < 0 || int64_t(b) >= kBits ? T(0) : T(uint64_t(a) << uint64_t(b)); });
  Put<T>(t, RightShift, [](const Params&, T a, T b) HWY_ATTR {
    constexpr int kMost = std::is_signed_v<T> ? kBits - 1 : kBits;
    return T(int64_t(a) >> (int64_t(b) < 0 || int64_t(b) >= kMost ? kMost : int(b)));
  });
  Put<T>(t, ReluGrad, [](const Params&, T g, T y) HWY_ATTR { return y <= 0 ? T(0) : g; });
  Put<T>(t, ThresholdGrad, [](const Params& p, T g, T x) HWY_ATTR { return double(x) <= p.p0 ? T(0) : g; });
}

}  // namespace

void FillBinaryInteger(BinaryTable& table) {
  FillCommon<bool>(table);
  Put<bool>(table, BinaryOp::Add, [](const Params&, bool a, bool b) HWY_ATTR { return a | b; });
  Put<bool>(table, BinaryOp::Mul, [](const Params&, bool a, bool b) HWY_ATTR { return a & b; });
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
HWY_EXPORT(FillBinaryInteger);
void fill_binary_integer(BinaryTable& table) {
  HWY_DYNAMIC_DISPATCH(FillBinaryInteger)(table);
  fill_binary_division(table);
}
}  // namespace lazuli::cpu
#endif
