#pragma once
#include <array>

#include "lazuli/typed/function.h"
#include "lazuli/typed/ruled.h"

/// Arithmetic with extents, and questions about shapes.
namespace lazuli::typed {

template <class A>
inline constexpr int Rank = A::rank;
namespace detail {
constexpr Ruling edited(Writer&, const Extents& a, int64_t place, int64_t extent, int what) {
  Extents out = a;
  const int64_t d = place < 0 ? place + a.rank + (what == 0) : place;
  if (what == 0) out.insert(d, extent);
  else if (what == 1) out.remove(d);
  else if (what == 2) out.at[d] = extent;
  else if (what == 3) out.at[d] = times(a.at[d], extent);
  else out.at[d] = is_fixed(a.at[d]) ? a.at[d] / extent : dynamic;
  return out;
}
template <class A, int64_t place, int64_t extent, int what>
using Edited = ShapeOf<"dims", Ruled<&edited, A, Number<place>, Number<extent>, std::integral_constant<int, what>>>;
}  // namespace detail
template <class A, int64_t place, int64_t extent>
using InsertDim = detail::Edited<A, place, extent, 0>;
template <class A, int64_t place>
using RemoveDim = detail::Edited<A, place, 0, 1>;
template <class A, int64_t place, int64_t extent>
using ReplaceDim = detail::Edited<A, place, extent, 2>;
template <class A, int64_t place, int64_t factor>
using ScaleDim = detail::Edited<A, place, factor, 3>;
template <class A, int64_t place>
using DoubleDim = ScaleDim<A, place, 2>;
template <class A, int64_t place>
using HalfDim = detail::Edited<A, place, 2, 4>;
/// The dimension from the front that a negative one stands for.
template <class A, int64_t dim>
inline constexpr int64_t NegativeDim = dim < 0 ? dim + A::rank : dim;
template <int64_t n>
inline constexpr int64_t Double = times(n, 2);
template <int64_t n>
inline constexpr int64_t Triple = times(n, 3);
template <int64_t n>
inline constexpr int64_t Half = is_fixed(n) ? n / 2 : dynamic;
template <int64_t n, int64_t factor>
inline constexpr int64_t MultiplyBy = times(n, factor);
template <class A>
concept Is2D = A::rank == 2;
template <class A>
concept IsAtLeast1D = A::rank >= 1;
/// As many values of one type, compared and indexed: std::array.
template <class T, size_t length>
using TupleOfLength = std::array<T, length>;

}  // namespace lazuli::typed
