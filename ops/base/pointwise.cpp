#include "lazuli/ops/base/pointwise.h"

#include <algorithm>

#include "lazuli/autograd/inplace.h"
#include "lazuli/core/error.h"
#include "lazuli/core/geometry.h"
#include "lazuli/core/memory/transfer.h"
#include "lazuli/core/slots/pointwise_codes.h"
#include "lazuli/core/vmap/levels.h"
#include "lazuli/ops/base/dtype_checks.h"
#include "lazuli/ops/base/promotion.h"

namespace lazuli {

bool is_dense(const Tensor& t) {
  if (t.is_contiguous()) return true;
  Shape order = t.sizes();
  for (int64_t i = 0; i < order.size(); ++i) order[i] = i;
  const Shape& strides = t.strides();
  std::sort(order.begin(), order.end(), [&](int64_t a, int64_t b) { return strides[a] < strides[b]; });
  int64_t expected = 1;
  for (int64_t d : order) {
    if (t.sizes()[d] == 1) continue;
    if (strides[d] != expected) return false;
    expected *= t.sizes()[d];
  }
  return true;
}

Tensor expanded(const Tensor& t, const Shape& sizes) {
  if (t.sizes() == sizes) return t;
  Shape strides = Shape::filled(sizes.size(), 0);
  for (int64_t i = 0, lead = sizes.size() - t.dim(); i < t.dim(); ++i)
    if (t.sizes()[i] != 1) strides[lead + i] = t.strides()[i];
  return alias(t, sizes, strides, t.storage_offset(), "expand");
}

Tensor casted(const Tensor& t, DType dtype) {
  if (t.dtype() == dtype) return t;
  Tensor out = !t.is_contiguous() && is_dense(t) ? new_strided(t.sizes(), t.strides(), dtype, t.device()) : new_tensor(t.sizes(), dtype, t.device());
  copy_kernel(t.device(), out, t);
  return out;
}

Tensor moved(const Tensor& t, Device device, bool non_blocking) {
  if (t.device() == device) return t;
  if (t.device().is_meta()) fail(ErrorKind::NotSupported, "to", "device", "the meta device for a tensor without data", to_string(device));
  if (device.is_meta()) return new_tensor(t.sizes(), t.dtype(), device);
  Tensor from = dense(t);
  Tensor to = non_blocking && device.is_cpu() ? new_pinned(t.sizes(), t.dtype(), t.device()) : new_tensor(t.sizes(), t.dtype(), device);
  transfer(to, from, non_blocking);
  return to;
}

Tensor dense(const Tensor& t) {
  if (t.is_contiguous()) return t;
  Tensor out = new_tensor(t.sizes(), t.dtype(), t.device());
  copy_kernel(t.device(), out, t);
  return out;
}

namespace {

struct Types {
  DType compute, result;
};
Types types_of(DType promoted, DTypeRule rule) {
  if (rule == DTypeRule::Bool) return {promoted, kBool};
  DType t = rule == DTypeRule::Float ? float_type(promoted) : promoted;
  return {t, t};
}

// One number at every place of `sizes`: the usual second operand, without a kernel for the cast.
Tensor number_everywhere(const Tensor& t, const Shape& sizes, DType dtype) {
  Tensor number = t.dtype() == dtype ? alias(t) : number_tensor(load_scalar(t.address(), t.dtype()), dtype);
  set_geometry(*number.body(), sizes, Shape::filled(sizes.size(), 0), number.storage_offset(), "expand");
  return number;
}

// Sizes that the operand with most dimensions usually has already.
const Shape& broadcast(const Tensor& a, const Tensor& b, const char* name, Shape& memory) {
  if (b.dim() == 0 || a.sizes() == b.sizes()) return a.sizes();
  if (a.dim() == 0) return b.sizes();
  return memory = broadcast_shapes(a.sizes(), b.sizes(), name);
}

Tensor prepared(const Tensor& t, const Shape& sizes, DType dtype, Device device) {
  if (t.dim() == 0 && t.device().is_cpu() && !batching::is_batched(t)) {
    Tensor number = number_everywhere(t, sizes, dtype);
    if (device.is_cpu()) return number;
    Tensor there = new_tensor(Shape(), dtype, device);  // by a kernel that carries the number: a copy would wait for the device
    fill_kernel(device, there, load_scalar(number.address(), dtype));
    return expanded(there, sizes);
  }
  Tensor at = t.device() == device ? t : moved(t, device);
  return expanded(casted(at, dtype), sizes);
}

bool is_number(const Tensor& t) { return t.body()->wrapped_number && t.address(); }  // a result on the meta device is none

// Beside halves PyTorch uses the number at float32 in these, and rounds it in the others (comparisons above all).
bool takes_number_at_float32(BinaryOp op) {
  switch (op) {
    case BinaryOp::Add:
    case BinaryOp::Sub:
    case BinaryOp::Mul:
    case BinaryOp::Div:
    case BinaryOp::Pow:
    case BinaryOp::Xlogy:
    case BinaryOp::Xlog1py: return true;
    default: return false;
  }
}

Tensor with_number(Target target, BinaryOp op, const Tensor& a, const Scalar& number, bool number_first, DTypeRule rule) {
  const Types types = types_of(result_type(a, number), rule);
  Tensor converted;
  if (types.compute != a.dtype()) converted = casted(a, types.compute);
  const Tensor& in = converted.defined() ? converted : a;
  Tensor out = target.output_like(in, types.result, {.in_step = {&in}});
  const bool half = types.compute == kFloat16 || types.compute == kBFloat16;
  if (half && !takes_number_at_float32(op)) {
    char element[2];
    store_scalar(element, types.compute, number);
    binary_number_kernel(out.device(), op, out, in, load_scalar(element, types.compute), number_first);
  } else {
    binary_number_kernel(out.device(), op, out, in, number, number_first);
  }
  return out;
}

bool is_half(DType t) { return t == kFloat16 || t == kBFloat16; }

// A factor or divisor without dimensions, such as the scale of a loss, is used at float32 beside halves, as a number is.
bool is_scale_of_halves(BinaryOp op, DType compute, const Tensor& a, const Tensor& b) {
  const auto scales = [](const Tensor& t) { return t.dim() == 0 && (t.dtype() == kFloat32 || t.dtype() == kFloat64); };
  return is_half(compute) && ((op == BinaryOp::Mul && (scales(a) || scales(b))) || (op == BinaryOp::Div && scales(b)));
}

}  // namespace

Tensor pointwise(Target target, const char* name, UnaryOp op, const Tensor& a, DTypeRule rule, Params p) {
  need_defined(name, a);
  Types types = types_of(a.dtype(), rule);
  if (about(op).result == PointwiseCode::Real) types.result = real_dtype(types.result);
  if (types.compute != a.dtype()) {
    Tensor in = casted(a, types.compute);
    Tensor out = target.output_like(in, types.result);
    unary_kernel(out.device(), op, out, in, p);
    return out;
  }
  Tensor out = target.output_like(a, types.result, {.in_step = {&a}});
  unary_kernel(out.device(), op, out, a, p);
  return out;
}

Tensor pointwise(Target target, const char* name, BinaryOp op, const Tensor& a, const Tensor& b, DTypeRule rule, Params p) {
  need_defined(name, a);
  need_defined(name, b, "other");
  if (a.dtype() == b.dtype() && a.sizes() == b.sizes() && a.device() == b.device() && a.body()->wrapped_number == b.body()->wrapped_number)
      [[likely]] {
    Types types = types_of(a.body()->wrapped_number ? result_type(a, b) : a.dtype(), rule);
    if (types.compute == a.dtype() && about(op).result != PointwiseCode::Complex) {
      Tensor out = target.output_like(a, types.result, {.in_step = {&a, &b}});
      binary_kernel(out.device(), op, out, a, b, p);
      return out;
    }
  }
  if (is_number(b) && !is_number(a) && about(op).result != PointwiseCode::Complex)
    return with_number(target, op, a, load_scalar(b.address(), b.dtype()), false, rule);
  if (is_number(a) && !is_number(b) && about(op).result != PointwiseCode::Complex)
    return with_number(target, op, b, load_scalar(a.address(), a.dtype()), true, rule);
  Device device = common_device(name, {&a, &b});
  Types types = types_of(result_type(a, b), rule);
  Shape memory;
  const Shape& sizes = broadcast(a, b, name, memory);
  if (about(op).result == PointwiseCode::Complex) types.result = complex_dtype(types.compute);
  const bool wide = is_scale_of_halves(op, types.compute, a, b);
  if (wide) types.compute = kFloat32;
  Tensor x = prepared(a, sizes, types.compute, device), y = prepared(b, sizes, types.compute, device);
  const Tensor* like = a.sizes() == sizes && a.device() == device ? &a : b.sizes() == sizes && b.device() == device ? &b : nullptr;
  Reads reads{.in_step = {&a, &b}};
  Tensor out = like ? target.output_like(*like, types.result, reads) : target.output(sizes, types.result, device, reads);
  if (wide) {
    Tensor product = new_tensor(sizes, kFloat32, device);
    binary_kernel(device, op, product, x, y, p);
    copy_kernel(device, out, product);
  } else {
    binary_kernel(device, op, out, x, y, p);
  }
  return out;
}

Tensor pointwise(Target target, const char* name, BinaryOp op, const Tensor& a, const Scalar& b, DTypeRule rule) {
  need_defined(name, a);
  return with_number(target, op, a, b, false, rule);
}
Tensor pointwise(Target target, const char* name, BinaryOp op, const Scalar& a, const Tensor& b, DTypeRule rule) {
  need_defined(name, b, "other");
  return with_number(target, op, b, a, true, rule);
}

namespace {

// A number as the slot uses it: beside halves rounded to one first where that is about choosing among halves (clamp).
Scalar beside(const Tensor& t, TernaryOp op, DType dtype) {
  const Scalar number = load_scalar(t.address(), t.dtype());
  if (op != TernaryOp::Clamp || !is_half(dtype)) return number;
  char element[2];
  store_scalar(element, dtype, number);
  return load_scalar(element, dtype);
}

// Of numbers in the place of b, c or both; a is a tensor.
Tensor with_numbers(Target target, const char* name, TernaryOp op, const Tensor& a, const Tensor& b, const Tensor& c) {
  const bool condition = op == TernaryOp::Where;
  const DType dtype = condition ? result_type(b, c) : result_type({&a, &b, &c});
  const Tensor none;
  const Tensor &second = is_number(b) ? none : b, &third = is_number(c) ? none : c, &other = is_number(b) ? third : second;
  const Device device = other.defined() ? common_device(name, {&a, &other}) : a.device();
  Shape memory;
  const Shape& sizes = other.defined() ? broadcast(a, other, name, memory) : a.sizes();
  const Tensor x = prepared(a, sizes, condition ? kBool : dtype, device), y = other.defined() ? prepared(other, sizes, dtype, device) : none;
  const Reads reads{.in_step = {&a, &b, &c}};
  Tensor out = a.sizes() == sizes && a.device() == device ? target.output_like(a, dtype, reads) : target.output(sizes, dtype, device, reads);
  ternary_number_kernel(device, op, out, x, second.defined() ? y : none, third.defined() ? y : none, is_number(b) ? beside(b, op, dtype) : Scalar(),
                        is_number(c) ? beside(c, op, dtype) : Scalar());
  return out;
}

}  // namespace

Tensor pointwise(Target target, const char* name, TernaryOp op, const Tensor& a, const Tensor& b, const Tensor& c, Params p) {
  for (const Tensor* t : {&a, &b, &c}) need_defined(name, *t, "");
  const bool takes_numbers = op == TernaryOp::Where || op == TernaryOp::Lerp || op == TernaryOp::Clamp;
  if (takes_numbers && !is_number(a) && (is_number(b) || is_number(c))) return with_numbers(target, name, op, a, b, c);
  Device device = common_device(name, {&a, &b, &c});
  bool condition = op == TernaryOp::Where;
  DType dtype = condition ? result_type(b, c) : result_type({&a, &b, &c});
  Shape memory;
  const Shape* all = &broadcast(a, b, name, memory);
  if (c.dim() > 0 && !(c.sizes() == *all)) all = &(memory = broadcast_shapes(*all, c.sizes(), name));
  const Shape& sizes = *all;
  Tensor x = prepared(a, sizes, condition ? kBool : dtype, device), y = prepared(b, sizes, dtype, device), z = prepared(c, sizes, dtype, device);
  Reads reads{.in_step = {&a, &b, &c}};
  Tensor out = a.sizes() == sizes && a.device() == device ? target.output_like(a, dtype, reads) : target.output(sizes, dtype, device, reads);
  ternary_kernel(device, op, out, x, y, z, p);
  return out;
}

}  // namespace lazuli
