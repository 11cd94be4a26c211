#include "lazuli/backends/cpu/pointwise/binary.h"

#include <algorithm>
#include <cstddef>

#include "lazuli/backends/cpu/cpu.h"
#include "lazuli/backends/cpu/element_types.h"
#include "lazuli/backends/cpu/pointwise/pointwise.h"
#include "lazuli/backends/cpu/pointwise/staging.h"
#include "lazuli/backends/cpu/pointwise/tables.h"
#include "lazuli/core/factory.h"
#include "lazuli/core/slots/pointwise_codes.h"

namespace lazuli::cpu {
namespace {

BinaryTable make_table() {
  BinaryTable t;
  fill_binary_integer(t);
  fill_binary_complex(t);
  fill_binary_complex_vectors(t);
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

void binary(BinaryOp op, Tensor& out, const Tensor& a, const Tensor& b, Params p) {
  const PointwiseLoop& loop = loop_of(op, a.body()->dtype);
  pointwise(loop, out, p, a, b);
}

constexpr int64_t kPiece = 256;  // elements

// The number, as the loop reads it, stands in a short buffer beside which the tensor passes.
void binary_number(BinaryOp op, Tensor& out, const Tensor& a, const Scalar& number, bool number_first) {
  const TensorBody &o = *out.body(), &in = *a.body();
  const PointwiseLoop& loop = loop_of(op, in.dtype);
  const DType read = loop.in[number_first ? 0 : 1];
  const bool direct =
      o.contiguous && in.contiguous && o.dtype == loop.out && in.dtype == loop.in[number_first ? 1 : 0] && o.numel <= int64_t(loop.cost);
  if (!direct) {
    const Tensor everywhere = alias(number_tensor(number, read), o.sizes, Shape::filled(o.sizes.size(), 0), 0);
    return number_first ? pointwise(loop, out, Params(), everywhere, a) : pointwise(loop, out, Params(), a, everywhere);
  }
  alignas(64) std::byte piece[kPiece * 16];
  const int64_t most = std::min(o.numel, kPiece), read_step = item_size(in.dtype), write_step = item_size(o.dtype);
  if (most == 0) return;
  store_scalar(piece, read, number);
  spread(piece, item_size(read), most);
  auto* to = static_cast<std::byte*>(out.address());
  auto* from = static_cast<const std::byte*>(a.address());
  for (int64_t done = 0; done < o.numel; done += most) {
    const void* elements = from + done * read_step;
    const void* inputs[] = {number_first ? piece : elements, number_first ? elements : piece};
    loop.run(to + done * write_step, inputs, std::min(most, o.numel - done), Params());
  }
}

}  // namespace

const PointwiseLoop& loop_of(BinaryOp op, DType dtype) {
  const PointwiseLoop& loop = binary_table().loops[int(op)][int(dtype)];
  if (!loop.run) refuse_dtype(about(op), dtype);
  return loop;
}

void register_binary() {
  binary_table();
  binary_kernel.set(DeviceType::CPU, &binary);
  binary_number_kernel.set(DeviceType::CPU, &binary_number);
}

}  // namespace lazuli::cpu
