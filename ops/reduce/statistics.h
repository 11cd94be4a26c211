#pragma once
#include <tuple>

#include "lazuli/core/by_position.h"
#include "lazuli/core/described.h"
#include "lazuli/core/tensor.h"

/// Spread, middle and quantiles; `dims` as in reduction.h. Floating point (variance: complex too, with a real result) unless told otherwise.
namespace lazuli {

/// Variance and standard deviation: the sum of squared distances from the mean, divided by max(0, count - correction). `true` and `false` as
/// correction are PyTorch's unbiased.
Tensor var(const Tensor& self, const DimList& dims = {}, double correction = 1, bool keepdim = false);
Tensor std(const Tensor& self, const DimList& dims = {}, double correction = 1, bool keepdim = false);
/// (variance, mean) and (standard deviation, mean): `auto [var, mean] = var_mean(x)` and `var_mean(x).var` alike.
VarMeanResult var_mean(const Tensor& self, const DimList& dims = {}, double correction = 1, bool keepdim = false);
StdMeanResult std_mean(const Tensor& self, const DimList& dims = {}, double correction = 1, bool keepdim = false);

/// The middle of the sorted elements, the lower of two; NaN where there is one (nanmedian passes over them). Of all elements, or along dim with its
/// index. Real dtypes.
Tensor median(const Tensor& self);
Tensor nanmedian(const Tensor& self);
ValuesIndices median(const Tensor& self, int64_t dim, bool keepdim = false);
ValuesIndices median(...) = delete;  // median(x) or median(x, dim, [keepdim])
ValuesIndices nanmedian(const Tensor& self, int64_t dim, bool keepdim = false);
ValuesIndices nanmedian(...) = delete;  // nanmedian(x) or nanmedian(x, dim, [keepdim])
/// The most frequent value along dim, the least of equally frequent ones, and the index of its last occurrence. Real dtypes.
ValuesIndices mode(const Tensor& self, int64_t dim = -1, bool keepdim = false);

struct QuantileOptions {
  std::optional<int64_t> dim = {};  // none: of all elements
  bool keepdim = false;
  std::string interpolation = "linear";
  template <class O = QuantileOptions>
  static constexpr auto members() {
    return Members{member("dim", &O::dim), member("keepdim", &O::keepdim), member("interpolation", &O::interpolation)};
  }
};
namespace with_options {
Tensor quantile(const Tensor& self, const Tensor& q, QuantileOptions options);
Tensor quantile(const Tensor& self, double q, QuantileOptions options);
Tensor nanquantile(const Tensor& self, const Tensor& q, QuantileOptions options);
Tensor nanquantile(const Tensor& self, double q, QuantileOptions options);
}
/// The values below which the fractions q of the elements lie, along dim or of all; q is a number or a 1-d tensor of them, which becomes the first
/// dimension of the result.
/// Between two elements: `interpolation` "linear", "lower", "higher", "midpoint" or "nearest". nanquantile passes over NaN. Throws Error for q
/// outside [0, 1].
template <class Q, class Dim = QuantileOptions>
requires(std::is_convertible_v<const Q&, Tensor> || std::is_arithmetic_v<Q>) Tensor
    quantile(const Tensor& self, const Q& q, Dim dim = {}, bool keepdim = false) {
  return with_options::quantile(self, q, by_position<QuantileOptions>(std::move(dim), keepdim));
}
template <class Q, class Dim = QuantileOptions>
requires(std::is_convertible_v<const Q&, Tensor> || std::is_arithmetic_v<Q>) Tensor
    nanquantile(const Tensor& self, const Q& q, Dim dim = {}, bool keepdim = false) {
  return with_options::nanquantile(self, q, by_position<QuantileOptions>(std::move(dim), keepdim));
}

}  // namespace lazuli
