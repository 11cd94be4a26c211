#pragma once
#include <tuple>

#include "lazuli/core/by_position.h"
#include "lazuli/core/described.h"
#include "lazuli/core/factory.h"

/// Orders and what follows from them. NaN counts as the greatest number; complex numbers have no order (Error).
namespace lazuli {

struct SortOptions {
  int64_t dim = -1;
  bool descending = false, stable = false;
  template <class O = SortOptions>
  static constexpr auto members() {
    return Members{member("dim", &O::dim), member("descending", &O::descending), member("stable", &O::stable)};
  }
};
namespace with_options {
ValuesIndices sort(const Tensor& self, SortOptions options);
Tensor argsort(const Tensor& self, SortOptions options);
}
/// Values along `dim` in ascending (descending) order and where each came from (int64). Equal ones keep their order.
template <class Dim = SortOptions>
requires(!std::is_same_v<Dim, bool>) ValuesIndices sort(const Tensor& self, Dim dim = {}, bool descending = false, bool stable = false) {
  return with_options::sort(self, by_position<SortOptions>(std::move(dim), descending, stable));
}
template <class Dim = SortOptions>
requires(!std::is_same_v<Dim, bool>) Tensor argsort(const Tensor& self, Dim dim = {}, bool descending = false, bool stable = false) {
  return with_options::argsort(self, by_position<SortOptions>(std::move(dim), descending, stable));
}
/// sort along the first dimension, values only.
Tensor msort(const Tensor& self);

struct TopkOptions {
  int64_t dim = -1;
  bool largest = true, sorted = true;
  template <class O = TopkOptions>
  static constexpr auto members() {
    return Members{member("dim", &O::dim), member("largest", &O::largest), member("sorted", &O::sorted)};
  }
};
namespace with_options {
ValuesIndices topk(const Tensor& self, int64_t k, TopkOptions options);
}
/// The k greatest (least) along `dim`, in order, and their indices. Throws Error unless 0 <= k <= the size of dim.
template <class Dim = TopkOptions>
ValuesIndices topk(const Tensor& self, int64_t k, Dim dim = {}, bool largest = true, bool sorted = true) {
  return with_options::topk(self, k, by_position<TopkOptions>(std::move(dim), largest, sorted));
}
/// The k-th least along `dim`, counted from 1, and its index.
ValuesIndices kthvalue(const Tensor& self, int64_t k, int64_t dim = -1, bool keepdim = false);

struct SearchsortedOptions {
  bool out_int32 = false, right = false;
  std::optional<std::string> side = {};
  OptionalTensor sorter = {};
  template <class O = SearchsortedOptions>
  static constexpr auto members() {
    return Members{member("out_int32", &O::out_int32), member("right", &O::right), member("side", &O::side), member("sorter", &O::sorter)};
  }
};
namespace with_options {
Tensor searchsorted(const Tensor& sorted_sequence, const Tensor& values, SearchsortedOptions options);
Tensor searchsorted(const Tensor& sorted_sequence, const Scalar& value, SearchsortedOptions options);
}
/// For each of `values`, the first (right: the last) position in the last dimension of the ascending `sorted_sequence` before which it can stand: int64, or int32.
/// The sequence is 1-d, or has the leading sizes of `values`. `sorter` holds the indices that put an unsorted sequence in order. `side` "left" or "right" is the long form
/// of `right`. Compares as the dtype to which both promote. Throws Error for complex numbers or differing sizes.
template <class Values, class Options = SearchsortedOptions>
requires(std::is_convertible_v<const Values&, Tensor> || std::is_convertible_v<const Values&, Scalar>) Tensor
    searchsorted(const Tensor& sorted_sequence, const Values& values, Options options = {}) {
  return with_options::searchsorted(sorted_sequence, values, std::move(options));
}
/// The same with the 1-d boundaries as second argument.
Tensor bucketize(const Tensor& self, const Tensor& boundaries, bool out_int32 = false, bool right = false);
Tensor bucketize(const Scalar& self, const Tensor& boundaries, bool out_int32 = false, bool right = false);
Tensor bucketize(...) = delete;  // bucketize(tensor or number x, boundaries, [out_int32], [right])

struct UniqueOptions {
  bool sorted = true, return_inverse = false, return_counts = false;
  std::optional<int64_t> dim = {};
  template <class O = UniqueOptions>
  static constexpr auto members() {
    return Members{member("sorted", &O::sorted), member("return_inverse", &O::return_inverse), member("return_counts", &O::return_counts),
                   member("dim", &O::dim)};
  }
};
struct UniqueConsecutiveOptions {
  bool return_inverse = false, return_counts = false;
  std::optional<int64_t> dim = {};
  template <class O = UniqueConsecutiveOptions>
  static constexpr auto members() {
    return Members{member("return_inverse", &O::return_inverse), member("return_counts", &O::return_counts), member("dim", &O::dim)};
  }
};
namespace with_options {
std::tuple<Tensor, Tensor, Tensor> unique(const Tensor& self, UniqueOptions options);
}
/// The distinct elements (with `dim`: entries of that dimension), sorted; for each element of self the index of its like; how often each occurs.
/// Second and third are undefined unless asked for.
template <class Sorted = UniqueOptions>
std::tuple<Tensor, Tensor, Tensor> unique(const Tensor& self, Sorted sorted = {}, bool return_inverse = false, bool return_counts = false,
                                          std::optional<int64_t> dim = {}) {
  return with_options::unique(self, by_position<UniqueOptions>(std::move(sorted), return_inverse, return_counts, dim));
}
namespace with_options {
std::tuple<Tensor, Tensor, Tensor> unique_consecutive(const Tensor& self, UniqueConsecutiveOptions options);
}
/// The same for runs of equal elements, in their order.
template <class ReturnInverse = UniqueConsecutiveOptions>
std::tuple<Tensor, Tensor, Tensor> unique_consecutive(const Tensor& self, ReturnInverse return_inverse = {}, bool return_counts = false,
                                                      std::optional<int64_t> dim = {}) {
  return with_options::unique_consecutive(self, by_position<UniqueConsecutiveOptions>(std::move(return_inverse), return_counts, dim));
}

/// How often (or with what sum of weights) each of 0, 1, ... occurs in the 1-d tensor of integers, which must not be negative; at least `minlength` entries.
Tensor bincount(const Tensor& self, const OptionalTensor& weights = {}, int64_t minlength = 0);
struct HistcOptions {
  int64_t bins = 100;
  Scalar min = 0, max = 0;
  template <class O = HistcOptions>
  static constexpr auto members() {
    return Members{member("bins", &O::bins), member("min", &O::min), member("max", &O::max)};
  }
};
namespace with_options {
Tensor histc(const Tensor& self, HistcOptions options);
}
/// How many elements fall into each of `bins` equal parts of [min, max]; min = max = 0 takes the least and greatest element. Others are not counted.
template <class Bins = HistcOptions>
Tensor histc(const Tensor& self, Bins bins = {}, const Scalar& min = 0, const Scalar& max = 0) {
  return with_options::histc(self, by_position<HistcOptions>(std::move(bins), min, max));
}

}  // namespace lazuli
