#pragma once
#include "lazuli/core/tensor.h"

/// Two results with names. They are tuples (FrexpResult: a pair) too: `auto [values, indices] = x.sort();`, `std::tie(values, indices) = x.sort();`, `std::get<0>(x.sort())`, `x.sort().values`.
/// The names lead into the tuple, and who writes to them changes it too: `Tensor v = x.sort().values` stays, but `const Tensor& v = x.sort().values` leads to what is gone at the end of the line.
#define LAZULI_NAMED_RESULTS(Result, Tuple, First, first, Second, second)        \
  namespace lazuli {                                                             \
  struct Result : Tuple {                                                        \
    using Base = Tuple;                                                          \
    Result();                                                                    \
    Result(First one, Second other);                                             \
    Result(const Result& other);                                                 \
    Result(Result&& other) noexcept;                                             \
    Result& operator=(const Result& other);                                      \
    Result& operator=(Result&& other) noexcept;                                  \
    First& first = std::get<0>(static_cast<Base&>(*this));                       \
    Second& second = std::get<1>(static_cast<Base&>(*this));                     \
  };                                                                             \
  }                                                                              \
  template <>                                                                    \
  struct std::tuple_size<lazuli::Result> : std::integral_constant<size_t, 2> {}; \
  template <size_t i>                                                            \
  struct std::tuple_element<i, lazuli::Result> : std::tuple_element<i, lazuli::Tuple> {};

namespace lazuli::detail {
using TwoTensors = std::tuple<Tensor, Tensor>;
using PairOfTensors = std::pair<Tensor, Tensor>;
using TensorAndList = std::tuple<Tensor, std::vector<Tensor>>;
}  // namespace lazuli::detail

/// What sorts, topk, kthvalue, median, mode, the running and the one-dimensional extremes give.
LAZULI_NAMED_RESULTS(ValuesIndices, detail::TwoTensors, Tensor, values, Tensor, indices)
LAZULI_NAMED_RESULTS(AminmaxResult, detail::TwoTensors, Tensor, min, Tensor, max)
LAZULI_NAMED_RESULTS(VarMeanResult, detail::TwoTensors, Tensor, var, Tensor, mean)
LAZULI_NAMED_RESULTS(StdMeanResult, detail::TwoTensors, Tensor, std, Tensor, mean)
LAZULI_NAMED_RESULTS(HistogramResult, detail::TwoTensors, Tensor, hist, Tensor, bin_edges)
LAZULI_NAMED_RESULTS(HistogramddResult, detail::TensorAndList, Tensor, hist, std::vector<Tensor>, bin_edges)
LAZULI_NAMED_RESULTS(FrexpResult, detail::PairOfTensors, Tensor, mantissa, Tensor, exponent)
#undef LAZULI_NAMED_RESULTS
