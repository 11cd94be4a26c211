#pragma once
#include <tuple>

#include "lazuli/core/factory.h"

/// Orders and what follows from them. NaN counts as the greatest number; complex numbers have no order (Error).
namespace lazuli {

/// Values along `dim` in ascending (descending) order and where each came from (int64). Equal ones keep their order.
std::tuple<Tensor, Tensor> sort(const Tensor& self, int64_t dim = -1, bool descending = false, bool stable = false);
Tensor argsort(const Tensor& self, int64_t dim = -1, bool descending = false, bool stable = false);
/// sort along the first dimension, values only.
Tensor msort(const Tensor& self);
/// The k greatest (least) along `dim`, in order, and their indices. Throws Error unless 0 <= k <= the size of dim.
std::tuple<Tensor, Tensor> topk(const Tensor& self, int64_t k, int64_t dim = -1, bool largest = true, bool sorted = true);
/// The k-th least along `dim`, counted from 1, and its index.
std::tuple<Tensor, Tensor> kthvalue(const Tensor& self, int64_t k, int64_t dim = -1, bool keepdim = false);

/// For each of `values`, the first (right: the last) position in the last dimension of the ascending `sorted_sequence` before which it can stand: int64, or int32.
/// The sequence is 1-d, or has the leading sizes of `values`. `sorter` holds the indices that put an unsorted sequence in order. `side` "left" or "right" is the long form
/// of `right`. Throws Error for differing dtypes or sizes.
Tensor searchsorted(const Tensor& sorted_sequence, const Tensor& values, bool out_int32 = false, bool right = false,
                    std::optional<std::string_view> side = {}, const OptionalTensor& sorter = {});
Tensor searchsorted(const Tensor& sorted_sequence, const Scalar& value, bool out_int32 = false, bool right = false,
                    std::optional<std::string_view> side = {}, const OptionalTensor& sorter = {});
/// The same with the 1-d boundaries as second argument.
Tensor bucketize(const Tensor& self, const Tensor& boundaries, bool out_int32 = false, bool right = false);
Tensor bucketize(const Scalar& self, const Tensor& boundaries, bool out_int32 = false, bool right = false);

/// The distinct elements (with `dim`: entries of that dimension), sorted; for each element of self the index of its like; how often each occurs.
/// Second and third are undefined unless asked for.
std::tuple<Tensor, Tensor, Tensor> unique(const Tensor& self, bool sorted = true, bool return_inverse = false, bool return_counts = false,
                                          std::optional<int64_t> dim = {});
/// The same for runs of equal elements, in their order.
std::tuple<Tensor, Tensor, Tensor> unique_consecutive(const Tensor& self, bool return_inverse = false, bool return_counts = false,
                                                      std::optional<int64_t> dim = {});

/// How often (or with what sum of weights) each of 0, 1, ... occurs in the 1-d tensor of integers, which must not be negative; at least `minlength` entries.
Tensor bincount(const Tensor& self, const OptionalTensor& weights = {}, int64_t minlength = 0);
/// How many elements fall into each of `bins` equal parts of [min, max]; min = max = 0 takes the least and greatest element. Others are not counted.
Tensor histc(const Tensor& self, int64_t bins = 100, const Scalar& min = 0, const Scalar& max = 0);

}  // namespace lazuli
