// Convolutions as a gather of columns and a product: of the images, in pieces of some samples, the columns [groups, channels / groups * kernel, samples * places].
#include "lazuli/core/slots/window_slots.h"
#include "lazuli/ops/composites/columns.h"

namespace lazuli::composites {
namespace {

// [count, o, places..] as [o, count, places..], and the reverse.
Tensor channels_first(const Tensor& t) {
  Shape sizes = t.sizes(), strides = t.strides();
  std::swap(sizes[0], sizes[1]), std::swap(strides[0], strides[1]);
  return alias(t, sizes, strides, t.storage_offset());
}
Tensor rows_of(const Tensor& grad, const Columns& columns, int64_t count) {
  return reshaped(dense(channels_first(grad)), {columns.groups, grad.sizes()[1] / columns.groups, count * columns.spots});
}
Tensor matrices(const Tensor& weight, const Columns& columns) {
  return reshaped(dense(widened(weight)), {columns.groups, weight.sizes()[0] / columns.groups, columns.rows()});
}
Tensor swapped(const Tensor& t) {
  return alias(t, {t.sizes()[0], t.sizes()[2], t.sizes()[1]}, {t.strides()[0], t.strides()[2], t.strides()[1]}, t.storage_offset());
}
void multiply(Tensor& out, const Tensor& a, const Tensor& b, double beta = 0) { matmul_kernel(out.device(), out, a, b, Tensor(), beta, 1); }

}  // namespace

void convolution(Tensor& out, const Tensor& in, const Tensor& weight, const Tensor& bias, const Shape& stride, const Shape& padding,
                 const Shape& dilation, int64_t groups) {
  const int64_t rank = stride.size(), o = weight.sizes()[0];
  const Columns columns(in, window::spatial(weight.sizes(), rank), window::spatial(out.sizes(), rank), stride, padding, dilation, groups);
  const Tensor w = matrices(weight, columns);
  for (int64_t first = 0; first < columns.n; first += columns.samples) {
    const int64_t count = std::min(columns.samples, columns.n - first);
    Tensor product = new_tensor({groups, o / groups, count * columns.spots}, w.dtype(), out.device());
    if (columns.rows() == 0) fill_kernel(out.device(), product, 0);
    else multiply(product, w, columns.gathered(widened(narrowed(in, 0, first, count))));
    product = reshaped(product, {o, count * columns.spots});
    if (bias.defined()) product = plus(product, along(casted(bias, w.dtype()), 0, 2));
    Tensor piece = channels_first(narrowed(out, 0, first, count));
    write(piece, reshaped(product, piece.sizes()));
  }
}

void convolution_fused(Tensor& out, const Tensor& in, const Tensor& weight, const Tensor& bias, const Tensor& residual, UnaryOp activation, Params p,
                       const Shape& stride, const Shape& padding, const Shape& dilation, int64_t groups) {
  const Device device = out.device();
  Tensor sum = residual.defined() ? new_strided(out.sizes(), out.strides(), out.dtype(), device) : out;  // the residual may be `out`
  convolution_kernel(device, sum, in, weight, bias, stride, padding, dilation, groups);
  if (residual.defined()) binary_kernel(device, BinaryOp::Add, out, sum, residual, Params());
  if (activation != UnaryOp::Positive) unary_kernel(device, activation, out, out, p);
}

void convolution_backward_input(Tensor& grad_in, const Tensor& grad, const Tensor& weight, const Shape& stride, const Shape& padding,
                                const Shape& dilation, int64_t groups) {
  const int64_t rank = stride.size();
  const Columns columns(grad_in, window::spatial(weight.sizes(), rank), window::spatial(grad.sizes(), rank), stride, padding, dilation, groups);
  const Tensor w = swapped(matrices(weight, columns));
  for (int64_t first = 0; first < columns.n; first += columns.samples) {
    const int64_t count = std::min(columns.samples, columns.n - first);
    Tensor piece = narrowed(grad_in, 0, first, count), product = new_tensor(columns.sizes(count), w.dtype(), grad.device());
    if (weight.sizes()[0] == 0) fill_kernel(grad.device(), product, 0);
    else multiply(product, w, rows_of(widened(narrowed(grad, 0, first, count)), columns, count));
    columns.scatter(reshaped(product, columns.window_sizes(count)), piece);
  }
}

void convolution_backward_weight(Tensor& grad_weight, const Tensor& grad, const Tensor& in, const Shape& stride, const Shape& padding,
                                 const Shape& dilation, int64_t groups) {
  const int64_t rank = stride.size();
  const Columns columns(in, window::spatial(grad_weight.sizes(), rank), window::spatial(grad.sizes(), rank), stride, padding, dilation, groups);
  if (columns.n == 0 || columns.spots == 0) return fill_kernel(grad.device(), grad_weight, 0);
  Tensor sums = new_tensor({groups, grad_weight.sizes()[0] / groups, columns.rows()}, wide(grad.dtype()), grad.device());
  for (int64_t first = 0; first < columns.n; first += columns.samples) {
    const int64_t count = std::min(columns.samples, columns.n - first);
    multiply(sums, rows_of(widened(narrowed(grad, 0, first, count)), columns, count),
             swapped(columns.gathered(widened(narrowed(in, 0, first, count)))), first ? 1 : 0);
  }
  write(grad_weight, reshaped(sums, grad_weight.sizes()));
}

void register_convolution() {
  convolution_kernel.set_composite(convolution);
  convolution_fused_kernel.set_composite(convolution_fused);
  convolution_backward_input_kernel.set_composite(convolution_backward_input);
  convolution_backward_weight_kernel.set_composite(convolution_backward_weight);
}

}  // namespace lazuli::composites
