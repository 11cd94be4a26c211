#include <cmath>

#include "lazuli/core/slots/pointwise_codes.h"
#include "lazuli/ops/composites/support.h"

namespace lazuli::composites {
namespace {

DType bits_dtype(DType t) {
  switch (item_size(t)) {
    case 1: return kInt8;
    case 2: return kInt16;
    case 4: return kInt32;
    default: return kInt64;
  }
}

// The same memory as integers; 16-byte elements as two of them in a further dimension.
Tensor bits_of(const Tensor& t) {
  const bool pairs = t.item_size() == 16;
  Shape sizes = t.sizes(), strides = t.strides();
  if (pairs) {
    for (int64_t d = 0; d < strides.size(); ++d) strides[d] *= 2;
    sizes.push_back(2);
    strides.push_back(1);
  }
  Tensor bits = alias(t, sizes, strides, t.storage_offset() * (pairs ? 2 : 1));
  bits.body()->dtype = bits_dtype(t.dtype());
  return bits;
}

// b ^ ((a ^ b) & mask), for what is not chosen may be NaN or infinite.
void choose(Tensor& out, const Tensor& condition, const Tensor& a, const Tensor& b) {
  Tensor to = bits_of(out);
  const Tensor x = bits_of(a), y = bits_of(b);
  Tensor mask = apply(UnaryOp::Neg, casted(condition, to.dtype()));
  if (to.dim() > out.dim()) {
    Shape sizes = mask.sizes(), strides = mask.strides();
    sizes.push_back(2);
    strides.push_back(0);
    mask = alias(mask, sizes, strides, mask.storage_offset());
  }
  const Tensor differ = apply(BinaryOp::BitwiseAnd, apply(BinaryOp::BitwiseXor, x, y), mask);
  binary_kernel(out.device(), BinaryOp::BitwiseXor, to, differ, y, Params());
}

Tensor combined(TernaryOp op, const Tensor& a, const Tensor& b, const Tensor& c, double p0) {
  switch (op) {
    case TernaryOp::Addcmul: return plus(a, times(p0 == 1 ? b : times(b, p0), c));
    case TernaryOp::Addcdiv: return plus(a, times(over(b, c), p0));
    case TernaryOp::Lerp: {
      const Tensor difference = minus(b, a), rest = minus(number(1, c.dtype(), c.device()), c);
      const Tensor size = apply(UnaryOp::Abs, c), near_a = apply(BinaryOp::Lt, size, 0.5);
      return where(near_a, plus(a, times(c, difference)), minus(b, times(difference, rest)));
    }
    default: return apply(BinaryOp::Minimum, apply(BinaryOp::Maximum, a, b), c);
  }
}

}  // namespace

// Beside halves the number counts as float32, but for what is about the bits of the halves.
void binary_number(BinaryOp op, Tensor& out, const Tensor& a, const Scalar& number, bool number_first) {
  if (out.numel() == 0) return check_dtype(about(op), a.dtype());
  const bool bits = op == BinaryOp::Nextafter || op == BinaryOp::DivTrunc;
  const Tensor x = bits ? a : widened(a), everywhere = expanded(composites::number(number, x.dtype(), x.device()), x.sizes());
  const Tensor &first = number_first ? everywhere : x, &second = number_first ? x : everywhere;
  if (x.dtype() == a.dtype()) return binary_kernel(out.device(), op, out, first, second, Params());
  write(out, apply(op, first, second));
}

void ternary(TernaryOp op, Tensor& out, const Tensor& a, const Tensor& b, const Tensor& c, Params p) {
  if (out.numel() == 0) return;
  if (op != TernaryOp::Where) return write(out, combined(op, widened(a), widened(b), widened(c), p.p0));
  const DType bits = bits_dtype(out.dtype());
  if (!unary_kernel.supports(out.device(), bits) || !binary_kernel.supports(out.device(), bits))
    return ternary_kernel.decline(out.device(), op, out, a, b, c, p);
  choose(out, a, b, c);
}

void ternary_number(TernaryOp op, Tensor& out, const Tensor& a, const Tensor& b, const Tensor& c, const Scalar& number_b, const Scalar& number_c) {
  if (out.numel() == 0) return check_dtype(about(op), out.dtype());
  const DType dtype = op == TernaryOp::Where ? out.dtype() : wide(out.dtype());
  auto operand = [&](const Tensor& t, const Scalar& value) {
    return t.defined() ? casted(t, dtype) : expanded(composites::number(value, dtype, out.device()), out.sizes());
  };
  const Tensor first = op == TernaryOp::Where ? a : casted(a, dtype), second = operand(b, number_b), third = operand(c, number_c);
  if (dtype == out.dtype()) return ternary_kernel(out.device(), op, out, first, second, third, Params());
  write(out, combined(op, first, second, third, 0));
}

void triangle(Tensor& out, const Tensor& in, int64_t diagonal, bool upper) {
  if (out.numel() == 0) return;
  const int64_t rank = out.dim();
  const Tensor edge = along(counted(out.sizes()[rank - 2], out.device(), diagonal), 0, 2),
               column = along(counted(out.sizes()[rank - 1], out.device()), 1, 2);
  const Tensor keep = apply(upper ? BinaryOp::Ge : BinaryOp::Le, column, edge);
  ternary_kernel(out.device(), TernaryOp::Where, out, expanded(keep, out.sizes()), in, expanded(number(0, out.dtype(), out.device()), out.sizes()),
                 Params());
}

void dropout(Tensor& out, Tensor& mask, const Tensor& in, double p, const PhiloxState& state) {
  if (out.numel() == 0) return;
  const Device device = out.device();
  Tensor draws = new_tensor(mask.sizes(), kFloat32, device);
  random_kernel(device, RandomOp::Uniform, draws, 0, 1, state);
  // draws are multiples of 2^-24: p rounded up to one of them compares in float32 as p itself would in float64
  const double threshold = std::ceil(p * 0x1p24) * 0x1p-24, scale = p < 1 ? 1 / (1 - p) : 0;
  binary_kernel(device, BinaryOp::Ge, mask, draws, expanded(number(threshold, kFloat32, device), mask.sizes()), Params());
  const Tensor x = widened(in);
  write(out, times(x, times(casted(mask, x.dtype()), scale)));
}

void register_pointwise() {
  binary_number_kernel.set_composite(binary_number);
  ternary_kernel.set_composite(ternary);
  ternary_number_kernel.set_composite(ternary_number);
  triangle_kernel.set_composite(triangle);
  dropout_kernel.set_composite(dropout);
}

}  // namespace lazuli::composites
