#include "lazuli/backends/cpu/pointwise/ternary.h"

#include "lazuli/backends/cpu/cpu.h"
#include "lazuli/backends/cpu/element_types.h"
#include "lazuli/backends/cpu/pointwise/complex_math.h"
#include "lazuli/backends/cpu/pointwise/pointwise.h"
#include "lazuli/backends/cpu/pointwise/tables.h"
#include "lazuli/core/factory.h"
#include "lazuli/core/slots/pointwise_codes.h"

namespace lazuli::cpu {
namespace {

template <class T, class F>
void add(TernaryTable& t, TernaryOp op, F f) {
  t.at(op, dtype_of<T>()) = make_loop<T, T, T, T>(Cost::Cheap, f);
}

template <class T>
void fill_integer(TernaryTable& t) {
  add<T>(t, TernaryOp::Addcmul, [](T a, T b, T c, const Params& p) { return T(uint64_t(a) + uint64_t(int64_t(p.p0)) * uint64_t(b) * uint64_t(c)); });
  add<T>(t, TernaryOp::Clamp, [](T a, T low, T high, const Params&) {
    const T x = a < low ? low : a;
    return x > high ? high : x;
  });
}

template <class T>
void fill_complex(TernaryTable& t) {
  using C = std::complex<T>;
  add<C>(t, TernaryOp::Addcmul, [](C a, C b, C c, const Params& p) { return a + T(p.p0) * complex_mul(b, c); });
  add<C>(t, TernaryOp::Addcdiv, [](C a, C b, C c, const Params& p) { return a + T(p.p0) * complex_div(b, c); });
  add<C>(t, TernaryOp::Lerp,
         [](C a, C b, C c, const Params&) { return std::norm(c) < T(0.25) ? a + complex_mul(c, b - a) : b - complex_mul(b - a, C(1) - c); });
}

TernaryTable make_table() {
  TernaryTable t;
  fill_integer<uint8_t>(t);
  fill_integer<int8_t>(t);
  fill_integer<int16_t>(t);
  fill_integer<int32_t>(t);
  fill_integer<int64_t>(t);
  fill_complex<float>(t);
  fill_complex<double>(t);
  fill_ternary_vector(t);
  for (auto& of_op : t.loops)
    for (const DType half : {kFloat16, kBFloat16})
      if (!of_op[int(half)].run) of_op[int(half)] = of_op[int(kFloat32)];
  return t;
}

const TernaryTable& ternary_table() {
  static const TernaryTable table = make_table();
  return table;
}

void ternary(TernaryOp op, Tensor& out, const Tensor& a, const Tensor& b, const Tensor& c, Params p) {
  const PointwiseLoop& loop = loop_of(op, out.body()->dtype);
  pointwise(loop, out, p, a, b, c);
}

// The number, as the loop reads it, at every place.
Tensor everywhere(const Scalar& number, DType read, const Shape& sizes) {
  return alias(number_tensor(number, read), sizes, Shape::filled(sizes.size(), 0), 0);
}

void ternary_number(TernaryOp op, Tensor& out, const Tensor& a, const Tensor& b, const Tensor& c, const Scalar& number_b, const Scalar& number_c) {
  const DType dtype = out.body()->dtype;
  if (op == TernaryOp::Clamp && !b.defined() && !c.defined() && is_floating_point(dtype)) {
    const double low = number_b.to<double>(), high = number_c.to<double>();
    if (low <= high) return pointwise(loop_of(UnaryOp::Hardtanh, dtype), out, Params{low, high}, a);
  }
  const PointwiseLoop& loop = loop_of(op, dtype);
  pointwise(loop, out, Params(), a, b.defined() ? b : everywhere(number_b, loop.in[1], out.sizes()),
            c.defined() ? c : everywhere(number_c, loop.in[2], out.sizes()));
}

}  // namespace

const PointwiseLoop& loop_of(TernaryOp op, DType dtype) {
  const PointwiseLoop& loop = ternary_table().loops[int(op)][int(dtype)];
  if (!loop.run) refuse_dtype(about(op), dtype);
  return loop;
}

void register_ternary() {
  ternary_table();
  ternary_number_kernel.set(DeviceType::CPU, &ternary_number);
  ternary_kernel.set(DeviceType::CPU, &ternary);
}

}  // namespace lazuli::cpu
