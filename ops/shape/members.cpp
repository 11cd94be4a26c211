#include "lazuli/ops/base/dtype_checks.h"
#include "lazuli/ops/base/view.h"
#include "lazuli/ops/shape/copy.h"
#include "lazuli/ops/shape/creation.h"
#include "lazuli/ops/shape/layout.h"
#include "lazuli/ops/shape/rearrange.h"
#include "lazuli/ops/shape/shape.h"
#include "lazuli/ops/shape/split.h"

// The members of Tensor that are this family's functions.
namespace lazuli {

Tensor Tensor::clone(MemoryFormat format) const { return lazuli::clone(*this, format); }
Tensor Tensor::contiguous(MemoryFormat format) const { return lazuli::contiguous(*this, format); }
Tensor Tensor::to(MemoryFormat format) const { return lazuli::to(*this, format); }
Tensor Tensor::to(Device device, DType dtype, bool copy) const { return lazuli::to(*this, device, dtype, copy); }
Tensor Tensor::to(DType dtype) const { return lazuli::to(*this, dtype); }
Tensor Tensor::to(Device device, ToOptions options) const { return lazuli::to(*this, device, options); }
Tensor Tensor::pin_memory(std::optional<Device> device) const { return lazuli::pin_memory(*this, device); }
Tensor& Tensor::copy_(const Tensor& source) const { return lazuli::copy_(self(), source); }
Tensor& Tensor::fill_(const Scalar& value) const { return lazuli::fill_(self(), value); }
Tensor& Tensor::zero_() const { return lazuli::zero_(self()); }

Tensor Tensor::new_empty_strided(const Shape& sizes, const Shape& strides, const CreationOptions& options) const {
  return lazuli::new_empty_strided(*this, sizes, strides, options);
}
Tensor& Tensor::resize_(const Shape& sizes) const { return lazuli::resize_(self(), sizes); }
Tensor& Tensor::resize_as_(const Tensor& like) const { return lazuli::resize_as_(self(), like); }

Tensor Tensor::view(const Shape& sizes) const { return lazuli::view(*this, sizes); }
Tensor Tensor::reshape(const Shape& sizes) const { return lazuli::reshape(*this, sizes); }
Tensor Tensor::view(DType dtype) const { return lazuli::view(*this, dtype); }
Tensor Tensor::view_as(const Tensor& other) const { return lazuli::view_as(*this, other); }
Tensor Tensor::reshape_as(const Tensor& other) const { return lazuli::reshape_as(*this, other); }
Tensor Tensor::flatten(int64_t start_dim, int64_t end_dim) const { return lazuli::flatten(*this, start_dim, end_dim); }
Tensor Tensor::ravel() const { return lazuli::ravel(*this); }
Tensor Tensor::unflatten(int64_t dim, const Shape& sizes) const { return lazuli::unflatten(*this, dim, sizes); }
Tensor Tensor::transpose(int64_t dim0, int64_t dim1) const { return lazuli::transpose(*this, dim0, dim1); }
Tensor Tensor::permute(const Shape& dims) const { return lazuli::permute(*this, dims); }
Tensor Tensor::t() const { return lazuli::t(*this); }
Tensor Tensor::adjoint() const { return lazuli::adjoint(*this); }
Tensor Tensor::movedim(const Shape& source, const Shape& destination) const { return lazuli::movedim(*this, source, destination); }
Tensor Tensor::moveaxis(const Shape& source, const Shape& destination) const { return lazuli::moveaxis(*this, source, destination); }
Tensor Tensor::swapaxes(int64_t axis0, int64_t axis1) const { return lazuli::swapaxes(*this, axis0, axis1); }
Tensor Tensor::swapdims(int64_t dim0, int64_t dim1) const { return lazuli::swapdims(*this, dim0, dim1); }
Tensor Tensor::squeeze(OptionalShape dims) const { return lazuli::squeeze(*this, dims); }
Tensor Tensor::unsqueeze(int64_t dim) const { return lazuli::unsqueeze(*this, dim); }
Tensor Tensor::expand(const Shape& sizes) const { return lazuli::expand(*this, sizes); }
Tensor Tensor::expand_as(const Tensor& other) const { return lazuli::expand_as(*this, other); }
Tensor Tensor::broadcast_to(const Shape& sizes) const { return lazuli::broadcast_to(*this, sizes); }
Tensor Tensor::select(int64_t dim, int64_t index) const { return lazuli::select(*this, dim, index); }
Tensor Tensor::slice(int64_t dim, std::optional<int64_t> start, std::optional<int64_t> end, int64_t step) const {
  return lazuli::slice(*this, dim, start, end, step);
}
Tensor Tensor::narrow(int64_t dim, int64_t start, int64_t length) const { return lazuli::narrow(*this, dim, start, length); }
Tensor Tensor::narrow(int64_t dim, const Tensor& start, int64_t length) const { return lazuli::narrow(*this, dim, start, length); }
Tensor Tensor::narrow_copy(int64_t dim, int64_t start, int64_t length) const { return lazuli::narrow_copy(*this, dim, start, length); }
Tensor Tensor::diagonal(int64_t offset, int64_t dim1, int64_t dim2) const { return lazuli::diagonal(*this, offset, dim1, dim2); }
Tensor Tensor::unfold(int64_t dimension, int64_t size, int64_t step) const { return lazuli::unfold(*this, dimension, size, step); }
Tensor Tensor::select_scatter(const Tensor& src, int64_t dim, int64_t index) const { return lazuli::select_scatter(*this, src, dim, index); }
Tensor Tensor::slice_scatter(const Tensor& src, int64_t dim, std::optional<int64_t> start, std::optional<int64_t> end, int64_t step) const {
  return lazuli::slice_scatter(*this, src, dim, start, end, step);
}
Tensor Tensor::diagonal_scatter(const Tensor& src, int64_t offset, int64_t dim1, int64_t dim2) const {
  return lazuli::diagonal_scatter(*this, src, offset, dim1, dim2);
}
Tensor& Tensor::squeeze_(OptionalShape dims) const { return lazuli::squeeze_(self(), dims); }
Tensor& Tensor::unsqueeze_(int64_t dim) const { return lazuli::unsqueeze_(self(), dim); }
Tensor& Tensor::transpose_(int64_t dim0, int64_t dim1) const { return lazuli::transpose_(self(), dim0, dim1); }
Tensor& Tensor::swapaxes_(int64_t axis0, int64_t axis1) const { return lazuli::swapaxes_(self(), axis0, axis1); }
Tensor& Tensor::swapdims_(int64_t dim0, int64_t dim1) const { return lazuli::swapdims_(self(), dim0, dim1); }
Tensor& Tensor::t_() const { return lazuli::t_(self()); }

std::vector<Tensor> Tensor::unbind(int64_t dim) const { return lazuli::unbind(*this, dim); }
std::vector<Tensor> Tensor::split(int64_t split_size, int64_t dim) const { return lazuli::split(*this, split_size, dim); }
std::vector<Tensor> Tensor::split(const Shape& split_sizes, int64_t dim) const { return lazuli::split_with_sizes(*this, split_sizes, dim); }
std::vector<Tensor> Tensor::split_with_sizes(const Shape& split_sizes, int64_t dim) const {
  return lazuli::split_with_sizes(*this, split_sizes, dim);
}
std::vector<Tensor> Tensor::chunk(int64_t chunks, int64_t dim) const { return lazuli::chunk(*this, chunks, dim); }
std::vector<Tensor> Tensor::tensor_split(int64_t sections, int64_t dim) const { return lazuli::tensor_split(*this, sections, dim); }
std::vector<Tensor> Tensor::tensor_split(const Shape& indices, int64_t dim) const { return lazuli::tensor_split(*this, indices, dim); }
std::vector<Tensor> Tensor::tensor_split(const Tensor& indices_or_sections, int64_t dim) const {
  return lazuli::tensor_split(*this, indices_or_sections, dim);
}
std::vector<Tensor> Tensor::hsplit(int64_t sections) const { return lazuli::hsplit(*this, sections); }
std::vector<Tensor> Tensor::hsplit(const Shape& indices) const { return lazuli::hsplit(*this, indices); }
std::vector<Tensor> Tensor::vsplit(int64_t sections) const { return lazuli::vsplit(*this, sections); }
std::vector<Tensor> Tensor::vsplit(const Shape& indices) const { return lazuli::vsplit(*this, indices); }
std::vector<Tensor> Tensor::dsplit(int64_t sections) const { return lazuli::dsplit(*this, sections); }
std::vector<Tensor> Tensor::dsplit(const Shape& indices) const { return lazuli::dsplit(*this, indices); }

Tensor Tensor::flip(const Shape& dims) const { return lazuli::flip(*this, dims); }
Tensor Tensor::fliplr() const { return lazuli::fliplr(*this); }
Tensor Tensor::flipud() const { return lazuli::flipud(*this); }
Tensor Tensor::roll(const Shape& shifts, const Shape& dims) const { return lazuli::roll(*this, shifts, dims); }
Tensor Tensor::rot90(int64_t k, const Shape& dims) const { return lazuli::rot90(*this, k, dims); }
Tensor Tensor::repeat(const Shape& repeats) const { return lazuli::repeat(*this, repeats); }
Tensor Tensor::tile(const Shape& dims) const { return lazuli::tile(*this, dims); }
Tensor Tensor::repeat_interleave(int64_t repeats, std::optional<int64_t> dim, std::optional<int64_t> output_size) const {
  return lazuli::repeat_interleave(*this, repeats, dim, output_size);
}
Tensor Tensor::repeat_interleave(const Tensor& repeats, std::optional<int64_t> dim, std::optional<int64_t> output_size) const {
  return lazuli::repeat_interleave(*this, repeats, dim, output_size);
}
Tensor Tensor::diag(int64_t diagonal) const { return lazuli::diag(*this, diagonal); }
Tensor Tensor::diag_embed(int64_t offset, int64_t dim1, int64_t dim2) const { return lazuli::diag_embed(*this, offset, dim1, dim2); }
Tensor Tensor::diagflat(int64_t offset) const { return lazuli::diagflat(*this, offset); }
Tensor Tensor::tril(int64_t diagonal) const { return lazuli::tril(*this, diagonal); }
Tensor Tensor::triu(int64_t diagonal) const { return lazuli::triu(*this, diagonal); }
Tensor& Tensor::tril_(int64_t diagonal) const { return lazuli::tril_(self(), diagonal); }
Tensor& Tensor::triu_(int64_t diagonal) const { return lazuli::triu_(self(), diagonal); }
Tensor& Tensor::fill_diagonal_(const Scalar& fill_value, bool wrap) const { return lazuli::fill_diagonal_(self(), fill_value, wrap); }
Tensor Tensor::trace() const { return lazuli::trace(*this); }
Tensor Tensor::kron(const Tensor& other) const { return lazuli::kron(*this, other); }

Tensor Tensor::new_empty(const Shape& sizes, const CreationOptions& options) const { return lazuli::new_empty(*this, sizes, options); }
Tensor Tensor::new_zeros(const Shape& sizes, const CreationOptions& options) const { return lazuli::new_zeros(*this, sizes, options); }
Tensor Tensor::new_ones(const Shape& sizes, const CreationOptions& options) const { return lazuli::new_ones(*this, sizes, options); }
namespace {
CreationOptions options_beside(const Tensor& self, CreationOptions options) {
  if (!options.dtype) options.dtype = self.dtype();
  if (!options.device) options.device = self.device();
  return options;
}
}  // namespace
Tensor Tensor::new_tensor(const NestedNumbers& numbers, const CreationOptions& options) const {
  need_defined("new_tensor", *this);
  return lazuli::tensor(numbers, options_beside(*this, options));
}
Tensor Tensor::new_tensor(const Tensor& data, const CreationOptions& options) const {
  need_defined("new_tensor", *this, "self", data, "data");
  const CreationOptions all = options_beside(*this, options);
  Tensor copy = lazuli::to(data.detach(), *all.device, *all.dtype, true);
  return all.requires_grad ? copy.requires_grad_() : copy;
}
Tensor Tensor::new_full(const Shape& sizes, const Scalar& value, const CreationOptions& options) const {
  return lazuli::new_full(*this, sizes, value, options);
}

Tensor Tensor::T() const { return lazuli::T(*this); }
Tensor Tensor::mT() const { return lazuli::mT(*this); }
Tensor Tensor::H() const { return lazuli::H(*this); }
Tensor Tensor::mH() const { return lazuli::mH(*this); }
Tensor Tensor::as_strided(const Shape& sizes, const Shape& strides, std::optional<int64_t> storage_offset) const {
  return lazuli::as_strided(*this, sizes, strides, storage_offset);
}
Tensor Tensor::as_strided_scatter(const Tensor& source, const Shape& sizes, const Shape& strides, std::optional<int64_t> storage_offset) const {
  return lazuli::as_strided_scatter(*this, source, sizes, strides, storage_offset);
}
Tensor Tensor::to(const CreationOptions& options) const { return lazuli::as_tensor(*this, options); }
Tensor& Tensor::fill_(const Tensor& value) const { return lazuli::fill_(self(), value); }
bool Tensor::is_pinned() const { return lazuli::is_pinned(*this); }

}  // namespace lazuli
