#pragma once
#include "lazuli/core/tensor.h"

/// Two tensors with names. They are tuples too: `auto [values, indices] = x.sort();`, `std::tie(values, indices) = x.sort();`, `std::get<0>(x.sort())`, `x.sort().values`.
/// The names lead into the tuple: `Tensor v = x.sort().values` stays, but `const Tensor& v = x.sort().values` leads to what is gone at the end of the line.
namespace lazuli {

/// What sorts, topk, kthvalue, median, mode, the running and the one-dimensional extremes give.
struct ValuesIndices : std::tuple<Tensor, Tensor> {
  ValuesIndices();
  ValuesIndices(Tensor v, Tensor i);
  ValuesIndices(const ValuesIndices& other);
  ValuesIndices(ValuesIndices&& other) noexcept;
  ValuesIndices& operator=(const ValuesIndices& other);
  ValuesIndices& operator=(ValuesIndices&& other) noexcept;
  Tensor& values = std::get<0>(*this);  // the tuple's own, which who writes to it changes too
  Tensor& indices = std::get<1>(*this);
};

/// What aminmax gives.
struct AminmaxResult : std::tuple<Tensor, Tensor> {
  AminmaxResult();
  AminmaxResult(Tensor least, Tensor greatest);
  AminmaxResult(const AminmaxResult& other);
  AminmaxResult(AminmaxResult&& other) noexcept;
  AminmaxResult& operator=(const AminmaxResult& other);
  AminmaxResult& operator=(AminmaxResult&& other) noexcept;
  Tensor& min = std::get<0>(*this);
  Tensor& max = std::get<1>(*this);
};

}  // namespace lazuli

template <>
struct std::tuple_size<lazuli::ValuesIndices> : std::integral_constant<size_t, 2> {};
template <size_t i>
struct std::tuple_element<i, lazuli::ValuesIndices> {
  using type = lazuli::Tensor;
};
template <>
struct std::tuple_size<lazuli::AminmaxResult> : std::integral_constant<size_t, 2> {};
template <size_t i>
struct std::tuple_element<i, lazuli::AminmaxResult> {
  using type = lazuli::Tensor;
};
