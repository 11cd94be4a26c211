#pragma once
#include "lazuli/torch/positional.h"

/// Forms that ATen has beside the library's: numbers where that takes tensors and tensors where it takes numbers, and dtypes, roundings and generators that may be none.
namespace torch {

namespace detail {
template <class T>
concept MaybeGenerator = std::same_as<T, Generator> || std::same_as<T, std::optional<Generator>>;
template <class T>
concept MaybeCorrection = std::same_as<T, std::optional<Scalar>> || std::same_as<T, std::optional<int64_t>>;
template <class T>
concept MaybeText = std::same_as<T, std::string_view> || std::same_as<T, std::optional<std::string_view>>;
template <class T>
concept TensorOrNumber = std::same_as<T, Tensor> || std::convertible_to<T, Scalar>;
/// The number that a tensor without dimensions holds.
inline Scalar number_of(const char* op, const char* argument, const Tensor& tensor) {
  if (tensor.dim() != 0) lazuli::fail(op, argument, "a tensor without dimensions", lazuli::to_string(tensor.sizes()));
  return tensor.item();
}
inline Scalar number_of(const char*, const char*, const Scalar& number) { return number; }
inline std::optional<std::string> text_of(std::optional<std::string_view> text) { return text ? std::optional<std::string>(*text) : std::nullopt; }
}  // namespace detail

// Polynomials of a degree that is a number, or at a number.
#define LAZULI_TORCH_POLYNOMIAL(name)                                                                    \
  inline Tensor special_##name(const Tensor& x, const Scalar& n) { return lazuli::special::name(x, n); } \
  inline Tensor special_##name(const Scalar& x, const Tensor& n) { return lazuli::special::name(x, n); }
LAZULI_TORCH_POLYNOMIAL(chebyshev_polynomial_t)
LAZULI_TORCH_POLYNOMIAL(chebyshev_polynomial_u)
LAZULI_TORCH_POLYNOMIAL(chebyshev_polynomial_v)
LAZULI_TORCH_POLYNOMIAL(chebyshev_polynomial_w)
LAZULI_TORCH_POLYNOMIAL(shifted_chebyshev_polynomial_t)
LAZULI_TORCH_POLYNOMIAL(shifted_chebyshev_polynomial_u)
LAZULI_TORCH_POLYNOMIAL(shifted_chebyshev_polynomial_v)
LAZULI_TORCH_POLYNOMIAL(shifted_chebyshev_polynomial_w)
LAZULI_TORCH_POLYNOMIAL(hermite_polynomial_h)
LAZULI_TORCH_POLYNOMIAL(hermite_polynomial_he)
LAZULI_TORCH_POLYNOMIAL(laguerre_polynomial_l)
LAZULI_TORCH_POLYNOMIAL(legendre_polynomial_p)
#undef LAZULI_TORCH_POLYNOMIAL

// Bits of a number and of each element.
#define LAZULI_TORCH_NUMBER_FIRST(name) \
  inline Tensor name(const Scalar& self, const Tensor& other) { return lazuli::name(lazuli::wrapped(self, other), other); }
LAZULI_TORCH_NUMBER_FIRST(bitwise_and)
LAZULI_TORCH_NUMBER_FIRST(bitwise_or)
LAZULI_TORCH_NUMBER_FIRST(bitwise_xor)
LAZULI_TORCH_NUMBER_FIRST(bitwise_left_shift)
LAZULI_TORCH_NUMBER_FIRST(bitwise_right_shift)
#undef LAZULI_TORCH_NUMBER_FIRST

/// The quotient, rounded to "trunc" or "floor" where a word is given.
template <detail::TensorOrNumber Other, detail::MaybeText Rounding>
Tensor div(const Tensor& self, const Other& other, const Rounding& rounding_mode) {
  return lazuli::div(self, other, detail::text_of(rounding_mode));
}
template <detail::TensorOrNumber Other, class Rounding>
Tensor divide(const Tensor& self, const Other& other, const Rounding& rounding_mode) {
  return div(self, other, rounding_mode);
}

inline Tensor sum(const Tensor& self, std::same_as<std::optional<DType>> auto dtype) { return lazuli::sum(self, {}, false, dtype); }
inline Tensor mean(const Tensor& self, std::same_as<std::optional<DType>> auto dtype) { return lazuli::mean(self, {}, false, dtype); }
inline Tensor prod(const Tensor& self, std::same_as<std::optional<DType>> auto dtype) { return lazuli::prod(self, {}, false, dtype); }

// The correction may be none, which is 1.
#define LAZULI_TORCH_CORRECTED(name)                                                                                                \
  auto name(const Tensor& self, const lazuli::DimList& dim, const detail::MaybeCorrection auto& correction, bool keepdim = false) { \
    return lazuli::name(self, dim, correction ? Scalar(*correction).to<double>() : 1.0, keepdim);                                   \
  }
LAZULI_TORCH_CORRECTED(std)
LAZULI_TORCH_CORRECTED(var)
LAZULI_TORCH_CORRECTED(std_mean)
LAZULI_TORCH_CORRECTED(var_mean)
#undef LAZULI_TORCH_CORRECTED

// Between ends of which one or both are tensors.
template <detail::TensorOrNumber Start, detail::TensorOrNumber End>
requires(std::same_as<Start, Tensor> || std::same_as<End, Tensor>)  //
    Tensor linspace(const Start& start, const End& end, int64_t steps, const TensorOptions& options = {}) {
  return lazuli::linspace(detail::number_of("linspace", "start", start), detail::number_of("linspace", "end", end), steps, options);
}
template <detail::TensorOrNumber Start, detail::TensorOrNumber End>
requires(std::same_as<Start, Tensor> || std::same_as<End, Tensor>)  //
    Tensor logspace(const Start& start, const End& end, int64_t steps, double base = 10, const TensorOptions& options = {}) {
  return lazuli::logspace(detail::number_of("logspace", "start", start), detail::number_of("logspace", "end", end), steps, base, options);
}

/// libtorch's order: the generator before the options.
template <detail::MaybeGenerator G>
Tensor rand(const Shape& sizes, const G& generator, const TensorOptions& options = {}) {
  return lazuli::rand(sizes, options, generator);
}
template <detail::MaybeGenerator G>
Tensor randn(const Shape& sizes, const G& generator, const TensorOptions& options = {}) {
  return lazuli::randn(sizes, options, generator);
}
template <detail::MaybeGenerator G>
Tensor randperm(int64_t n, const G& generator, const TensorOptions& options = lazuli::kInt64) {
  return lazuli::randperm(n, options, generator);
}
template <detail::MaybeGenerator G>
Tensor randint(int64_t high, const Shape& sizes, const G& generator, const TensorOptions& options = lazuli::kInt64) {
  return lazuli::randint(high, sizes, options, generator);
}
template <detail::MaybeGenerator G>
Tensor randint(int64_t low, int64_t high, const Shape& sizes, const G& generator, const TensorOptions& options = lazuli::kInt64) {
  return lazuli::randint(low, high, sizes, options, generator);
}
template <detail::MaybeGenerator G>
Tensor normal(double mean, double std, const Shape& sizes, const G& generator, const TensorOptions& options = {}) {
  return lazuli::normal(mean, std, sizes, options, generator);
}
inline Tensor normal(double mean, double std, const Shape& sizes, std::nullopt_t, const TensorOptions& options = {}) {
  return lazuli::normal(mean, std, sizes, options);
}

/// `sparse_grad` says nothing here.
inline Tensor gather(const Tensor& self, int64_t dim, const Tensor& index, bool) { return lazuli::gather(self, dim, index); }
/// What `compute_mode` chooses is as exact either way here.
inline Tensor cdist(const Tensor& x1, const Tensor& x2, double p, std::optional<int64_t>) { return lazuli::cdist(x1, x2, p); }
/// Of one spacing for all dimensions.
template <std::convertible_to<Scalar> Spacing>
std::vector<Tensor> gradient(const Tensor& self, const Spacing& spacing, const lazuli::DimList& dim = {}, int64_t edge_order = 1) {
  return lazuli::gradient(self, std::vector<double>{Scalar(spacing).to<double>()}, dim, edge_order);
}
inline std::tuple<Tensor, Tensor> histogram(const Tensor& self, int64_t bins, const std::optional<std::vector<double>>& range,
                                            const lazuli::OptionalTensor& weight = {}, bool density = false) {
  return lazuli::histogram(self, bins, {.range = range, .weight = weight, .density = density});
}

/// Sums, means or maxima (mode 0, 1, 2) of the rows of `weight` at the indices of each bag, the bag of each index, how many indices each bag has, and, of maxima, the rows that they are from.
inline std::tuple<Tensor, Tensor, Tensor, Tensor> embedding_bag(const Tensor& weight, const Tensor& indices, const Tensor& offsets,
                                                                bool scale_grad_by_freq = false, int64_t mode = 0, bool = false,
                                                                const lazuli::OptionalTensor& per_sample_weights = {},
                                                                bool include_last_offset = false, std::optional<int64_t> padding_idx = {}) {
  constexpr std::array modes{"sum", "mean", "max"};
  if (mode < 0 || mode > 2) lazuli::fail("embedding_bag", "mode", "0 (sum), 1 (mean) or 2 (max)", std::to_string(mode));
  const Tensor output = lazuli::embedding_bag(indices, weight,
                                              lazuli::EmbeddingBagFunctionOptions{.offsets = offsets,
                                                                                  .scale_grad_by_freq = scale_grad_by_freq,
                                                                                  .mode = modes[size_t(mode)],
                                                                                  .per_sample_weights = per_sample_weights,
                                                                                  .include_last_offset = include_last_offset,
                                                                                  .padding_idx = padding_idx});
  const lazuli::no_grad guard;
  const int64_t bags = output.size(0), count = indices.numel();
  const lazuli::CreationOptions options{.dtype = lazuli::kInt64, .device = indices.device()};
  const Tensor place = lazuli::arange(count, options), begin = offsets.narrow(0, 0, bags).to(lazuli::kInt64);
  const Tensor bag = bags ? lazuli::searchsorted(begin, place, {.right = true}) - 1 : place;
  const Tensor counts = padding_idx ? indices != *padding_idx + (*padding_idx < 0 ? weight.size(0) : 0) : lazuli::ones_like(indices, lazuli::kBool);
  const Tensor sizes = lazuli::zeros({bags}, options).index_add(0, bag, counts.to(lazuli::kInt64));
  if (mode != 2 || count == 0) return {output, bag, sizes, lazuli::zeros_like(mode == 2 ? output : sizes, options)};
  const Tensor greatest = (weight.index_select(0, indices) == output.index_select(0, bag)).logical_and(counts.unsqueeze(1));
  const Tensor first = lazuli::full_like(output, count, options)
                           .scatter_reduce(0, bag.unsqueeze(1).expand_as(greatest), lazuli::where(greatest, place.unsqueeze(1), count), "amin");
  const Tensor rows = lazuli::cat({indices.to(lazuli::kInt64), lazuli::zeros({1}, options)});  // 0 for bags without indices
  return {output, bag, sizes, rows.index_select(0, first.flatten()).view(output.sizes())};
}

}  // namespace torch
