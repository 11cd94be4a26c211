#include "lazuli/backends/cpu/pointwise/unary.h"

#include <limits>
#include <type_traits>

namespace lazuli::cpu {
namespace {

template <class T, class Out = T, class F>
void add(UnaryTable& t, UnaryOp op, F f) {
  t.at(op, dtype_of<T>()) = make_loop<Out, T>(Cost::Cheap, f);
}

template <class T>
T saturate(double x) {
  if (x <= double(std::numeric_limits<T>::min())) return std::numeric_limits<T>::min();
  if (x >= double(std::numeric_limits<T>::max())) return std::numeric_limits<T>::max();
  return T(x);
}

template <class T>
void fill(UnaryTable& t) {
  using U = std::make_unsigned_t<std::conditional_t<std::is_same_v<T, bool>, uint8_t, T>>;
  const auto identity = [](T x, const Params&) { return x; };
  const auto no = [](T, const Params&) { return false; };
  add<T>(t, UnaryOp::Abs, [](T x, const Params&) { return x < T(0) ? T(U(0) - U(x)) : x; });
  add<T>(t, UnaryOp::Sign, [](T x, const Params&) { return T((x > T(0)) - (x < T(0))); });
  add<T>(t, UnaryOp::Conj, identity);
  add<T>(t, UnaryOp::Real, identity);
  add<T, bool>(t, UnaryOp::LogicalNot, [](T x, const Params&) { return x == T(0); });
  add<T, bool>(t, UnaryOp::IsNan, no);
  add<T, bool>(t, UnaryOp::IsInf, no);
  add<T, bool>(t, UnaryOp::IsNegInf, no);
  add<T, bool>(t, UnaryOp::IsPosInf, no);
  add<T, bool>(t, UnaryOp::IsFinite, [](T, const Params&) { return true; });
  add<T, bool>(t, UnaryOp::SignBit, [](T x, const Params&) { return x < T(0); });
  if constexpr (std::is_same_v<T, bool>) {
    add<T>(t, UnaryOp::BitwiseNot, [](T x, const Params&) { return !x; });
    add<T>(t, UnaryOp::Square, identity);
  } else {
    add<T>(t, UnaryOp::BitwiseNot, [](T x, const Params&) { return T(~x); });
    add<T>(t, UnaryOp::Neg, [](T x, const Params&) { return T(U(0) - U(x)); });
    add<T>(t, UnaryOp::Square, [](T x, const Params&) { return T(uint64_t(x) * uint64_t(x)); });
    for (const UnaryOp op : {UnaryOp::Positive, UnaryOp::Floor, UnaryOp::Ceil, UnaryOp::Round, UnaryOp::Trunc}) add<T>(t, op, identity);
    add<T>(t, UnaryOp::Relu, [](T x, const Params&) { return x > T(0) ? x : T(0); });
    add<T>(t, UnaryOp::Relu6, [](T x, const Params&) { return x < T(0) ? T(0) : x > T(6) ? T(6) : x; });
    add<T>(t, UnaryOp::Hardtanh, [](T x, const Params& p) {
      const T low = saturate<T>(p.p0), high = saturate<T>(p.p1);
      return x < low ? low : x > high ? high : x;
    });
    add<T>(t, UnaryOp::Threshold, [](T x, const Params& p) { return double(x) <= p.p0 ? T(int64_t(p.p1)) : x; });
  }
}

}  // namespace

void fill_unary_integer(UnaryTable& table) {
  fill<bool>(table);
  fill<uint8_t>(table);
  fill<int8_t>(table);
  fill<int16_t>(table);
  fill<int32_t>(table);
  fill<int64_t>(table);
}

}  // namespace lazuli::cpu
