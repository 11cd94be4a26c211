#include "lazuli/ops/reduce/extremes.h"
#include "lazuli/ops/reduce/hash.h"
#include "lazuli/ops/reduce/histogram.h"
#include "lazuli/ops/reduce/reduction.h"
#include "lazuli/ops/reduce/scan.h"
#include "lazuli/ops/reduce/softmax.h"
#include "lazuli/ops/reduce/statistics.h"
#include "lazuli/ops/reduce/vector_norm.h"

// The members of Tensor that are this family's functions.
namespace lazuli {

Tensor Tensor::sum(const DimList& dims, bool keepdim, std::optional<DType> dtype) const { return lazuli::sum(*this, dims, keepdim, dtype); }
Tensor Tensor::sum_to_size(const Shape& sizes) const { return lazuli::sum_to_size(*this, sizes); }
Tensor Tensor::hash_tensor(const DimList& dims, bool keepdim, int64_t mode) const { return lazuli::hash_tensor(*this, dims, keepdim, mode); }
Tensor Tensor::mean(const DimList& dims, bool keepdim, std::optional<DType> dtype) const { return lazuli::mean(*this, dims, keepdim, dtype); }
Tensor Tensor::nansum(const DimList& dims, bool keepdim, std::optional<DType> dtype) const { return lazuli::nansum(*this, dims, keepdim, dtype); }
Tensor Tensor::nanmean(const DimList& dims, bool keepdim, std::optional<DType> dtype) const { return lazuli::nanmean(*this, dims, keepdim, dtype); }
Tensor Tensor::prod(const DimList& dims, bool keepdim, std::optional<DType> dtype) const { return lazuli::prod(*this, dims, keepdim, dtype); }
Tensor Tensor::any(const DimList& dims, bool keepdim) const { return lazuli::any(*this, dims, keepdim); }
Tensor Tensor::all(const DimList& dims, bool keepdim) const { return lazuli::all(*this, dims, keepdim); }
Tensor Tensor::count_nonzero(const DimList& dims) const { return lazuli::count_nonzero(*this, dims); }
Tensor Tensor::logsumexp(const DimList& dims, bool keepdim) const { return lazuli::logsumexp(*this, dims, keepdim); }

Tensor Tensor::amax(const DimList& dims, bool keepdim) const { return lazuli::amax(*this, dims, keepdim); }
Tensor Tensor::amin(const DimList& dims, bool keepdim) const { return lazuli::amin(*this, dims, keepdim); }
AminmaxResult Tensor::aminmax(std::optional<int64_t> dim, bool keepdim) const { return lazuli::aminmax(*this, dim, keepdim); }
Tensor Tensor::max() const { return lazuli::max(*this); }
Tensor Tensor::min() const { return lazuli::min(*this); }
ValuesIndices Tensor::max(int64_t dim, bool keepdim) const { return lazuli::max(*this, dim, keepdim); }
ValuesIndices Tensor::min(int64_t dim, bool keepdim) const { return lazuli::min(*this, dim, keepdim); }
Tensor Tensor::max(const Tensor& other) const { return lazuli::max(*this, other); }
Tensor Tensor::min(const Tensor& other) const { return lazuli::min(*this, other); }
Tensor Tensor::argmax(std::optional<int64_t> dim, bool keepdim) const { return lazuli::argmax(*this, dim, keepdim); }
Tensor Tensor::argmin(std::optional<int64_t> dim, bool keepdim) const { return lazuli::argmin(*this, dim, keepdim); }

Tensor Tensor::var(const DimList& dims, double correction, bool keepdim) const { return lazuli::var(*this, dims, correction, keepdim); }
Tensor Tensor::std(const DimList& dims, double correction, bool keepdim) const { return lazuli::std(*this, dims, correction, keepdim); }
Tensor Tensor::median() const { return lazuli::median(*this); }
Tensor Tensor::nanmedian() const { return lazuli::nanmedian(*this); }
ValuesIndices Tensor::median(int64_t dim, bool keepdim) const { return lazuli::median(*this, dim, keepdim); }
ValuesIndices Tensor::nanmedian(int64_t dim, bool keepdim) const { return lazuli::nanmedian(*this, dim, keepdim); }
ValuesIndices Tensor::mode(int64_t dim, bool keepdim) const { return lazuli::mode(*this, dim, keepdim); }
Tensor Tensor::quantile(const Tensor& q, std::optional<int64_t> dim, bool keepdim, std::string_view interpolation) const {
  return lazuli::quantile(*this, q, {dim, keepdim, std::string(interpolation)});
}
Tensor Tensor::quantile(double q, std::optional<int64_t> dim, bool keepdim, std::string_view interpolation) const {
  return lazuli::quantile(*this, q, {dim, keepdim, std::string(interpolation)});
}
Tensor Tensor::nanquantile(const Tensor& q, std::optional<int64_t> dim, bool keepdim, std::string_view interpolation) const {
  return lazuli::nanquantile(*this, q, {dim, keepdim, std::string(interpolation)});
}
Tensor Tensor::nanquantile(double q, std::optional<int64_t> dim, bool keepdim, std::string_view interpolation) const {
  return lazuli::nanquantile(*this, q, {dim, keepdim, std::string(interpolation)});
}

Tensor Tensor::norm(double p, const DimList& dims, bool keepdim, std::optional<DType> dtype) const {
  return lazuli::norm(*this, p, dims, keepdim, dtype);
}
Tensor Tensor::dist(const Tensor& other, double p) const { return lazuli::dist(*this, other, p); }
Tensor Tensor::renorm(double p, int64_t dim, double maxnorm) const { return lazuli::renorm(*this, p, dim, maxnorm); }
Tensor& Tensor::renorm_(double p, int64_t dim, double maxnorm) const { return lazuli::renorm_(self(), p, dim, maxnorm); }

Tensor Tensor::cumsum(int64_t dim, std::optional<DType> dtype) const { return lazuli::cumsum(*this, dim, dtype); }
Tensor Tensor::cumprod(int64_t dim, std::optional<DType> dtype) const { return lazuli::cumprod(*this, dim, dtype); }
Tensor Tensor::logcumsumexp(int64_t dim) const { return lazuli::logcumsumexp(*this, dim); }
ValuesIndices Tensor::cummax(int64_t dim) const { return lazuli::cummax(*this, dim); }
ValuesIndices Tensor::cummin(int64_t dim) const { return lazuli::cummin(*this, dim); }
Tensor Tensor::diff(int64_t n, int64_t dim, const OptionalTensor& prepend, const OptionalTensor& append) const {
  return lazuli::diff(*this, n, dim, prepend, append);
}
Tensor& Tensor::cumsum_(int64_t dim, std::optional<DType> dtype) const { return lazuli::cumsum_(self(), dim, dtype); }
Tensor& Tensor::cumprod_(int64_t dim, std::optional<DType> dtype) const { return lazuli::cumprod_(self(), dim, dtype); }

Tensor Tensor::softmax(int64_t dim, std::optional<DType> dtype) const { return lazuli::softmax(*this, dim, dtype); }
Tensor Tensor::log_softmax(int64_t dim, std::optional<DType> dtype) const { return lazuli::log_softmax(*this, dim, dtype); }

HistogramResult Tensor::histogram(int64_t bins, const std::optional<std::vector<double>>& range, const OptionalTensor& weight, bool density) const {
  return lazuli::histogram(*this, bins, {range, weight, density});
}
HistogramResult Tensor::histogram(const Tensor& edges, const OptionalTensor& weight, bool density) const {
  return lazuli::histogram(*this, edges, weight, density);
}

}  // namespace lazuli
