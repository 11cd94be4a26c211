#include "lazuli/backends/cpu/pointwise/binary.h"

#include <iterator>

#include "lazuli/backends/cpu/cpu.h"
#include "lazuli/backends/cpu/element_types.h"
#include "lazuli/backends/cpu/pointwise/pointwise.h"

namespace lazuli::cpu {
namespace {

BinaryTable make_table() {
  BinaryTable t;
  fill_binary_integer(t);
  fill_binary_complex(t);
  fill_binary_special(t);
  fill_binary_arithmetic(t);
  fill_binary_math(t);
  fill_binary_gradient(t);
  for (auto& of_op : t.loops)  // half types are computed in float32, but for what is about their own bits
    for (const DType half : {kFloat16, kBFloat16})
      if (!of_op[int(half)].run) of_op[int(half)] = of_op[int(kFloat32)];
  for (const BinaryOp op : {BinaryOp::Complex, BinaryOp::Polar})
    for (const DType half : {kFloat16, kBFloat16}) t.at(op, half) = {};
  return t;
}

const BinaryTable& binary_table() {
  static const BinaryTable table = make_table();
  return table;
}

constexpr const char* kNames[] = {"add",
                                  "sub",
                                  "mul",
                                  "div",
                                  "div",
                                  "floor_divide",
                                  "remainder",
                                  "fmod",
                                  "pow",
                                  "maximum",
                                  "minimum",
                                  "fmax",
                                  "fmin",
                                  "atan2",
                                  "hypot",
                                  "copysign",
                                  "nextafter",
                                  "heaviside",
                                  "logaddexp",
                                  "logaddexp2",
                                  "xlogy",
                                  "xlog1py",
                                  "gcd",
                                  "lcm",
                                  "igamma",
                                  "igammac",
                                  "zeta",
                                  "polygamma",
                                  "bitwise_and",
                                  "bitwise_or",
                                  "bitwise_xor",
                                  "bitwise_left_shift",
                                  "bitwise_right_shift",
                                  "eq",
                                  "ne",
                                  "lt",
                                  "le",
                                  "gt",
                                  "ge",
                                  "logical_and",
                                  "logical_or",
                                  "logical_xor",
                                  "relu_backward",
                                  "sigmoid_backward",
                                  "tanh_backward",
                                  "gelu_backward",
                                  "gelu_backward",
                                  "silu_backward",
                                  "mish_backward",
                                  "softplus_backward",
                                  "logsigmoid_backward",
                                  "elu_backward",
                                  "leaky_relu_backward",
                                  "hardtanh_backward",
                                  "hardsigmoid_backward",
                                  "hardswish_backward",
                                  "shrink_backward",
                                  "threshold_backward",
                                  "complex",
                                  "polar"};
static_assert(std::size(kNames) == size_t(BinaryOp::Count_));

void binary(BinaryOp op, Tensor& out, const Tensor& a, const Tensor& b, Params p) {
  const PointwiseLoop& loop = binary_table().loops[int(op)][int(a.body()->dtype)];
  if (!loop.run) refuse_dtype(kNames[int(op)], a.dtype());
  pointwise(loop, out, p, a, b);
}

}  // namespace

void register_binary() {
  binary_table();
  binary_kernel.set(DeviceType::CPU, &binary);
}

}  // namespace lazuli::cpu
