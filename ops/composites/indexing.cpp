#include "lazuli/ops/composites/support.h"

namespace lazuli::composites {
namespace {

Tensor at_least_1d(const Tensor& t) { return t.dim() ? t : alias(t, 1, 1, t.storage_offset()); }
// Positions along dim as int64 at every place of `sizes`.
Tensor everywhere(const Tensor& index, int64_t dim, const Shape& sizes) { return expanded(along(casted(index, kInt64), dim, sizes.size()), sizes); }

}  // namespace

void index_select(Tensor& out, const Tensor& in, int64_t dim, const Tensor& index) {
  if (!gather_kernel.supports(out.device(), in.dtype())) return index_select_kernel.decline(out.device(), out, in, dim, index);
  Tensor to = at_least_1d(out);
  gather_kernel(out.device(), to, at_least_1d(in), dim, everywhere(index, dim, to.sizes()));
}

void index_add(ScatterOp op, Tensor& self, int64_t dim, const Tensor& index, const Tensor& source, double alpha) {
  if (!scatter_kernel.supports(self.device(), self.dtype())) return index_add_kernel.decline(self.device(), op, self, dim, index, source, alpha);
  Tensor to = at_least_1d(self), from = at_least_1d(source);
  if (op == ScatterOp::Add && alpha != 1) {
    if (from.dtype() == kBool) from = alpha != 0 ? from : filled(from.sizes(), 0, kBool, from.device());
    else from = casted(apply(BinaryOp::Mul, widened(from), is_integral(from.dtype()) ? Scalar(int64_t(alpha)) : Scalar(alpha)), from.dtype());
  }
  scatter_kernel(self.device(), op, to, dim, everywhere(index, dim, from.sizes()), from);
}

void embedding_backward(Tensor& grad_weight, const Tensor& grad, const Tensor& index, int64_t padding_index, bool scale_by_frequency) {
  const DType dtype = wide(grad_weight.dtype());
  const Device device = grad_weight.device();
  if (is_integral(dtype) || !scatter_kernel.supports(device, dtype))
    return embedding_backward_kernel.decline(device, grad_weight, grad, index, padding_index, scale_by_frequency);
  const Tensor rows = casted(index, kInt64);
  Tensor g = casted(grad, dtype), total = filled(grad_weight.sizes(), 0, dtype, device);
  if (scale_by_frequency) {
    Tensor counts = filled(grad_weight.sizes()[0], 0, kInt64, device), count = new_tensor(rows.sizes(), kInt64, device);
    scatter_kernel(device, ScatterOp::Add, counts, 0, rows, expanded(number(1, kInt64, device), rows.sizes()));
    gather_kernel(device, count, counts, 0, rows);
    g = over(g, along(casted(count, dtype), 0, 2));
  }
  if (padding_index >= 0) g = where(along(apply(BinaryOp::Eq, rows, padding_index), 0, 2), number(0, dtype, device), g);
  scatter_kernel(device, ScatterOp::Add, total, 0, everywhere(rows, 0, g.sizes()), g);
  write(grad_weight, total);
}

void topk(Tensor& values, Tensor& indices, const Tensor& in, int64_t dim, bool largest) {
  if (!sort_kernel.supports(in.device(), in.dtype())) return topk_kernel.decline(in.device(), values, indices, in, dim, largest);
  if (values.numel() == 0) return;
  Tensor sorted = new_tensor(in.sizes(), in.dtype(), in.device()), places = new_tensor(in.sizes(), kInt64, in.device());
  sort_kernel(in.device(), sorted, places, in, dim, largest);
  write(values, in.dim() ? narrowed(sorted, dim, 0, values.sizes()[dim]) : sorted);
  write(indices, in.dim() ? narrowed(places, dim, 0, values.sizes()[dim]) : places);
}

void register_indexing() {
  index_select_kernel.set_composite(index_select);
  index_add_kernel.set_composite(index_add);
  embedding_backward_kernel.set_composite(embedding_backward);
  topk_kernel.set_composite(topk);
}

}  // namespace lazuli::composites
