#include "lazuli/ops/index/gather.h"
#include "lazuli/ops/index/index_functions.h"
#include "lazuli/ops/index/indexing.h"
#include "lazuli/ops/index/sort.h"
#include "lazuli/ops/shape/shape.h"

// The members of Tensor that are this family's functions.
namespace lazuli {

Tensor Tensor::gather(int64_t dim, const Tensor& index) const { return lazuli::gather(*this, dim, index); }
Tensor Tensor::scatter(int64_t dim, const Tensor& index, const Tensor& src) const { return lazuli::scatter(*this, dim, index, src); }
Tensor Tensor::scatter(int64_t dim, const Tensor& index, const Scalar& value) const { return lazuli::scatter(*this, dim, index, value); }
Tensor Tensor::scatter(int64_t dim, const Tensor& index, const Tensor& src, std::string_view reduce) const {
  return lazuli::scatter(*this, dim, index, src, reduce);
}
Tensor Tensor::scatter(int64_t dim, const Tensor& index, const Scalar& value, std::string_view reduce) const {
  return lazuli::scatter(*this, dim, index, value, reduce);
}
Tensor Tensor::scatter_add(int64_t dim, const Tensor& index, const Tensor& src) const { return lazuli::scatter_add(*this, dim, index, src); }
Tensor Tensor::scatter_reduce(int64_t dim, const Tensor& index, const Tensor& src, std::string_view reduce, bool include_self) const {
  return lazuli::scatter_reduce(*this, dim, index, src, reduce, include_self);
}
Tensor& Tensor::scatter_(int64_t dim, const Tensor& index, const Tensor& src) const { return lazuli::scatter_(self(), dim, index, src); }
Tensor& Tensor::scatter_(int64_t dim, const Tensor& index, const Scalar& value) const { return lazuli::scatter_(self(), dim, index, value); }
Tensor& Tensor::scatter_(int64_t dim, const Tensor& index, const Tensor& src, std::string_view reduce) const {
  return lazuli::scatter_(self(), dim, index, src, reduce);
}
Tensor& Tensor::scatter_(int64_t dim, const Tensor& index, const Scalar& value, std::string_view reduce) const {
  return lazuli::scatter_(self(), dim, index, value, reduce);
}
Tensor& Tensor::scatter_add_(int64_t dim, const Tensor& index, const Tensor& src) const { return lazuli::scatter_add_(self(), dim, index, src); }
Tensor& Tensor::scatter_reduce_(int64_t dim, const Tensor& index, const Tensor& src, std::string_view reduce, bool include_self) const {
  return lazuli::scatter_reduce_(self(), dim, index, src, reduce, include_self);
}

Tensor Tensor::index_select(int64_t dim, const Tensor& index) const { return lazuli::index_select(*this, dim, index); }
Tensor Tensor::index_add(int64_t dim, const Tensor& index, const Tensor& source, const Scalar& alpha) const {
  return lazuli::index_add(*this, dim, index, source, alpha);
}
Tensor Tensor::index_copy(int64_t dim, const Tensor& index, const Tensor& source) const { return lazuli::index_copy(*this, dim, index, source); }
Tensor Tensor::index_fill(int64_t dim, const Tensor& index, const Scalar& value) const { return lazuli::index_fill(*this, dim, index, value); }
Tensor Tensor::index_fill(int64_t dim, const Tensor& index, const Tensor& value) const { return lazuli::index_fill(*this, dim, index, value); }
Tensor Tensor::index_reduce(int64_t dim, const Tensor& index, const Tensor& source, std::string_view reduce, bool include_self) const {
  return lazuli::index_reduce(*this, dim, index, source, reduce, include_self);
}
Tensor& Tensor::index_add_(int64_t dim, const Tensor& index, const Tensor& source, const Scalar& alpha) const {
  return lazuli::index_add_(self(), dim, index, source, alpha);
}
Tensor& Tensor::index_copy_(int64_t dim, const Tensor& index, const Tensor& source) const { return lazuli::index_copy_(self(), dim, index, source); }
Tensor& Tensor::index_fill_(int64_t dim, const Tensor& index, const Scalar& value) const { return lazuli::index_fill_(self(), dim, index, value); }
Tensor& Tensor::index_fill_(int64_t dim, const Tensor& index, const Tensor& value) const { return lazuli::index_fill_(self(), dim, index, value); }
Tensor& Tensor::index_reduce_(int64_t dim, const Tensor& index, const Tensor& source, std::string_view reduce, bool include_self) const {
  return lazuli::index_reduce_(self(), dim, index, source, reduce, include_self);
}
Tensor Tensor::take(const Tensor& index) const { return lazuli::take(*this, index); }
Tensor Tensor::take_along_dim(const Tensor& indices, std::optional<int64_t> dim) const { return lazuli::take_along_dim(*this, indices, dim); }
Tensor Tensor::put(const Tensor& index, const Tensor& source, bool accumulate) const { return lazuli::put(*this, index, source, accumulate); }
Tensor& Tensor::put_(const Tensor& index, const Tensor& source, bool accumulate) const { return lazuli::put_(self(), index, source, accumulate); }
Tensor Tensor::masked_select(const Tensor& mask) const { return lazuli::masked_select(*this, mask); }
Tensor Tensor::masked_scatter(const Tensor& mask, const Tensor& source) const { return lazuli::masked_scatter(*this, mask, source); }
Tensor& Tensor::masked_scatter_(const Tensor& mask, const Tensor& source) const { return lazuli::masked_scatter_(self(), mask, source); }
Tensor Tensor::nonzero() const { return lazuli::nonzero(*this); }
Tensor Tensor::nonzero_static(int64_t size, int64_t fill_value) const { return lazuli::nonzero_static(*this, size, fill_value); }
Tensor Tensor::argwhere() const { return lazuli::argwhere(*this); }

ValuesIndices Tensor::sort(int64_t dim, bool descending, bool stable) const { return lazuli::sort(*this, dim, descending, stable); }
Tensor Tensor::argsort(int64_t dim, bool descending, bool stable) const { return lazuli::argsort(*this, dim, descending, stable); }
Tensor Tensor::msort() const { return lazuli::msort(*this); }
ValuesIndices Tensor::topk(int64_t k, int64_t dim, bool largest, bool sorted) const { return lazuli::topk(*this, k, dim, largest, sorted); }
ValuesIndices Tensor::kthvalue(int64_t k, int64_t dim, bool keepdim) const { return lazuli::kthvalue(*this, k, dim, keepdim); }
std::tuple<Tensor, Tensor, Tensor> Tensor::unique(bool sorted, bool return_inverse, bool return_counts, std::optional<int64_t> dim) const {
  return lazuli::unique(*this, sorted, return_inverse, return_counts, dim);
}
std::tuple<Tensor, Tensor, Tensor> Tensor::unique_consecutive(bool return_inverse, bool return_counts, std::optional<int64_t> dim) const {
  return lazuli::unique_consecutive(*this, return_inverse, return_counts, dim);
}
Tensor Tensor::bincount(const OptionalTensor& weights, int64_t minlength) const { return lazuli::bincount(*this, weights, minlength); }
Tensor Tensor::histc(int64_t bins, const Scalar& min, const Scalar& max) const { return lazuli::histc(*this, bins, min, max); }

Tensor Tensor::operator[](int64_t index) const { return lazuli::select(*this, 0, index); }
Tensor Tensor::operator[](std::nullopt_t) const { return unsqueeze(0); }
IndexedTensor Tensor::operator[](const Tensor& indices) const { return index({indices}); }
IndexedTensor Tensor::index(const std::vector<IndexItem>& items) const {
  Tensor found = get_item(*this, items);
  for (const IndexItem& item : items)
    if (item.kind == IndexItem::Kind::Tensor || item.kind == IndexItem::Kind::Bool) return IndexedTensor(std::move(found), *this, items);
  return IndexedTensor(std::move(found));
}

struct IndexedTensor::Place {
  Tensor source;
  std::vector<IndexItem> items;
};
IndexedTensor::IndexedTensor(Tensor copy, const Tensor& source, const std::vector<IndexItem>& items)
    : Tensor(std::move(copy)), place_(std::make_shared<Place>(Place{source, items})) {}
void IndexedTensor::write(const Tensor& value) const {
  if (place_) place_->source.index_put_(place_->items, value);
  else index_put_({Ellipsis}, value);
}
void IndexedTensor::write(const Scalar& value) const {
  if (place_) place_->source.index_put_(place_->items, value);
  else fill_(value);
}
void IndexedTensor::put_back() const {
  if (place_) write(*this);
}

Tensor Tensor::index_put(const std::vector<IndexItem>& items, const Tensor& value, bool accumulate) const {
  return clone().index_put_(items, value, accumulate);
}
Tensor& Tensor::index_put_(const std::vector<IndexItem>& items, const Tensor& value, bool accumulate) const {
  return set_item(self(), items, value, accumulate);
}
Tensor& Tensor::index_put_(const std::vector<IndexItem>& items, const Scalar& value) const { return set_item(self(), items, value); }

}  // namespace lazuli
