#include <limits>

#include "lazuli/ops/composites/support.h"

namespace lazuli::composites {
namespace {

// Halves of dimension d combined until one is left: an order that depends on the size alone.
Tensor folded(BinaryOp op, const Tensor& in, int64_t d) {
  const Device device = in.device();
  int64_t n = in.sizes()[d], half = (n + 1) / 2;
  if (n == 1) return in;
  Shape sizes = in.sizes();
  sizes[d] = half;
  const Tensor all = new_tensor(sizes, in.dtype(), device);
  Tensor to = narrowed(all, d, 0, n - half);
  binary_kernel(device, op, to, narrowed(in, d, 0, n - half), narrowed(in, d, half, n - half), Params());
  if (n % 2) {
    Tensor middle = narrowed(all, d, half - 1, 1);
    copy_kernel(device, middle, narrowed(in, d, half - 1, 1));
  }
  for (n = half; n > 1; n = half) {
    half = (n + 1) / 2;
    to = narrowed(all, d, 0, n - half);
    binary_kernel(device, op, to, to, narrowed(all, d, half, n - half), Params());
  }
  return narrowed(all, d, 0, 1);
}

Tensor fold_to(BinaryOp op, Tensor t, const Shape& sizes) {
  for (int64_t d = 0; d < sizes.size(); ++d)
    if (sizes[d] == 1) t = folded(op, t, d);
  return t;
}

// Sums and products of integers are made in int64.
DType sum_dtype(DType t) { return is_integral(t) ? kInt64 : wide(t); }

// Whether a reduction of nothing has a value, and which.
bool identity(ReduceOp op, Scalar& value) {
  switch (op) {
    case ReduceOp::Amax:
    case ReduceOp::Amin:
    case ReduceOp::AbsMax:
    case ReduceOp::AbsMin: return false;
    case ReduceOp::Prod:
    case ReduceOp::All: return value = 1, true;
    case ReduceOp::Mean: return value = std::numeric_limits<double>::quiet_NaN(), true;
    case ReduceOp::LogSumExp: return value = -std::numeric_limits<double>::infinity(), true;
    default: return value = 0, true;
  }
}

Tensor not_zero(const Tensor& t) { return t.dtype() == kBool ? t : apply(BinaryOp::Ne, t, 0); }

Tensor square_of_size(const Tensor& t) {
  if (!t.is_complex()) return apply(UnaryOp::Square, t);
  return plus(apply(UnaryOp::Square, apply(UnaryOp::Real, t)), apply(UnaryOp::Square, apply(UnaryOp::Imag, t)));
}

Tensor log_sum_exp(const Tensor& x, const Shape& sizes) {
  const Tensor most = reduced(ReduceOp::Amax, x, sizes, x.dtype());
  const Tensor shift = where(apply(UnaryOp::IsFinite, most), most, number(0, x.dtype(), x.device()));
  return plus(apply(UnaryOp::Log, reduced(ReduceOp::Sum, apply(UnaryOp::Exp, minus(x, shift)), sizes, x.dtype())), shift);
}

}  // namespace

void reduce(ReduceOp op, Tensor& out, const Tensor& in) {
  if (out.numel() == 0) return;
  const Shape& sizes = out.sizes();
  if (in.numel() == 0) {
    Scalar value;
    return identity(op, value) ? fill_kernel(out.device(), out, value) : reduce_kernel.decline(out.device(), op, out, in);
  }
  if ((op == ReduceOp::LogSumExp && !in.is_floating_point()) || (in.is_complex() && (op == ReduceOp::Amax || op == ReduceOp::Amin)))
    return reduce_kernel.decline(out.device(), op, out, in);
  const auto total = [&](const Tensor& t) { return reduced(ReduceOp::Sum, t, sizes, sum_dtype(t.dtype())); };
  const DType extreme = in.dtype() == kBool ? kUInt8 : in.dtype();
  switch (op) {
    case ReduceOp::Sum: return write(out, fold_to(BinaryOp::Add, casted(in, sum_dtype(in.dtype())), sizes));
    case ReduceOp::Prod: return write(out, fold_to(BinaryOp::Mul, casted(in, sum_dtype(in.dtype())), sizes));
    case ReduceOp::Amax: return write(out, fold_to(BinaryOp::Maximum, casted(in, extreme), sizes));
    case ReduceOp::Amin: return write(out, fold_to(BinaryOp::Minimum, casted(in, extreme), sizes));
    case ReduceOp::Any: return write(out, fold_to(BinaryOp::LogicalOr, not_zero(in), sizes));
    case ReduceOp::All: return write(out, fold_to(BinaryOp::LogicalAnd, not_zero(in), sizes));
    case ReduceOp::Mean:
      return write(
          out, over(casted(total(widened(in)), is_integral(in.dtype()) ? wide(out.dtype()) : wide(in.dtype())), double(in.numel() / out.numel())));
    case ReduceOp::NanSum: {
      if (is_integral(in.dtype())) return write(out, total(in));
      const Tensor x = widened(in);
      return write(out, total(where(apply(UnaryOp::IsNan, x), number(0, x.dtype(), x.device()), x)));
    }
    case ReduceOp::CountNonzero: return write(out, total(not_zero(in)));
    case ReduceOp::LogSumExp: return write(out, log_sum_exp(widened(in), sizes));
    case ReduceOp::SumSquares: return write(out, total(square_of_size(casted(in, sum_dtype(in.dtype())))));
    case ReduceOp::SumAbs: return write(out, total(apply(UnaryOp::Abs, casted(in, sum_dtype(in.dtype())))));
    case ReduceOp::AbsMax:
    case ReduceOp::AbsMin: {
      const Tensor size = apply(UnaryOp::Abs, casted(in, extreme));
      return write(out, reduced(op == ReduceOp::AbsMax ? ReduceOp::Amax : ReduceOp::Amin, size, sizes, size.dtype()));
    }
    default: return;
  }
}

// The least of the places where the extreme stands; a NaN is the extreme, and no comparison finds it.
void arg_reduce(ArgReduceOp op, Tensor& out, Tensor& values, const Tensor& in, int64_t dim) {
  if (in.is_complex() || (in.dtype() == kBool && !values.defined())) return arg_reduce_kernel.decline(out.device(), op, out, values, in, dim);
  if (out.numel() == 0 || in.numel() == 0) return;
  const Device device = out.device();
  if (in.dim() == 0) {
    fill_kernel(device, out, 0);
    if (values.defined()) write(values, in);
    return;
  }
  const Tensor x = in.dtype() == kBool ? casted(in, kUInt8) : in;
  const Tensor extreme = reduced(op == ArgReduceOp::Argmax ? ReduceOp::Amax : ReduceOp::Amin, x, dim);
  Tensor hit = apply(BinaryOp::Eq, x, extreme);
  if (x.is_floating_point()) hit = apply(BinaryOp::LogicalOr, hit, apply(UnaryOp::IsNan, x));
  const int64_t n = in.sizes()[dim];
  const Tensor place = where(hit, along(counted(n, device), dim, in.dim()), number(n - 1, kInt64, device));
  if (values.defined()) write(values, extreme);
  reduce_kernel(device, ReduceOp::Amin, out, place);
}

void var_mean(Tensor& var, Tensor& mean, const Tensor& in, double correction) {
  if (var.numel() == 0) return;
  const double count = double(in.numel() / var.numel()), divisor = count - correction;
  if (count == 0) {
    const double nan = std::numeric_limits<double>::quiet_NaN();
    fill_kernel(var.device(), var, nan);
    if (mean.defined()) fill_kernel(mean.device(), mean, nan);
    return;
  }
  const Tensor x = widened(in), centre = reduced(ReduceOp::Mean, x, var.sizes(), x.dtype());
  const Tensor m2 = reduced(ReduceOp::SumSquares, minus(x, centre), var.sizes(), real_dtype(x.dtype()));
  write(var, over(m2, divisor > 0 ? divisor : 0.0));
  if (mean.defined()) write(mean, centre);
}

void count_nonzero(Tensor& count, const Tensor& in) {
  write(count, reshaped(reduced(ReduceOp::CountNonzero, in, Shape::filled(in.dim(), 1), kInt64), Shape()));
}

void register_reduction() {
  reduce_kernel.set_composite(reduce);
  arg_reduce_kernel.set_composite(arg_reduce);
  var_mean_kernel.set_composite(var_mean);
  count_nonzero_kernel.set_composite(count_nonzero);
}

}  // namespace lazuli::composites
