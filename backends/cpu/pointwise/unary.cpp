#include "lazuli/backends/cpu/pointwise/unary.h"

#include "lazuli/backends/cpu/cpu.h"
#include "lazuli/backends/cpu/element_types.h"
#include "lazuli/backends/cpu/pointwise/pointwise.h"
#include "lazuli/backends/cpu/pointwise/tables.h"
#include "lazuli/core/slots/pointwise_codes.h"

namespace lazuli::cpu {
namespace {

UnaryTable make_table() {
  UnaryTable t;
  fill_unary_integer(t);
  fill_unary_complex(t);
  fill_unary_complex_vectors(t);
  fill_unary_special(t);
  fill_unary_simple(t);
  fill_unary_math(t);
  fill_unary_activation(t);
  for (auto& of_op : t.loops) of_op[int(kFloat16)] = of_op[int(kBFloat16)] = of_op[int(kFloat32)];  // computed in float32
  return t;
}

const UnaryTable& unary_table() {
  static const UnaryTable table = make_table();
  return table;
}

void unary(UnaryOp op, Tensor& out, const Tensor& a, Params p) {
  const PointwiseLoop& loop = loop_of(op, a.body()->dtype);
  pointwise(loop, out, p, a);
}

}  // namespace

const PointwiseLoop& loop_of(UnaryOp op, DType dtype) {
  const PointwiseLoop& loop = unary_table().loops[int(op)][int(dtype)];
  if (!loop.run) refuse_dtype(about(op), dtype);
  return loop;
}

void register_unary() {
  unary_table();
  unary_kernel.set(DeviceType::CPU, &unary);
}

}  // namespace lazuli::cpu
