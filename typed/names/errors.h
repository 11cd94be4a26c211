#pragma once
#include "lazuli/core/error.h"
#include "lazuli/typed/function.h"
#include "lazuli/typed/rules/einsum.h"
#include "lazuli/typed/rules/linalg.h"
#include "lazuli/typed/rules/reduce.h"

/// Errors as types, and checks.
namespace lazuli::typed {

namespace detail {
template <class X>
inline constexpr bool is_error = false;
template <template <auto...> class Error, auto... message>
inline constexpr bool is_error<Error<message...>> = !is_typed<Error<message...>> && requires {
  sizeof...(message);
}
&&sizeof...(message) > 0;
template <int64_t... extents>
inline constexpr bool is_error<Dims<extents...>> = false;
}  // namespace detail
/// A rule's result that is no shape.
template <class X>
concept IsShapeError = detail::is_error<X>;
template <class X>
concept HasShapeError = IsShapeError<X>;
template <class X>
concept AssertNoShapeError = !IsShapeError<X>;
template <class X>
concept AssertNotError = !IsShapeError<X>;
/// The error, or else `Then`.
template <class X, class Then>
using CheckShapeError = std::conditional_t<IsShapeError<X>, X, Then>;
namespace detail {
template <class X>
struct MessageOf;
#if defined(__clang__) && __clang_major__ < 15
template <template <auto...> class Error, auto... message>
struct MessageOf<Error<message...>> {
  static constexpr char text[] = {message..., 0};
  static constexpr std::string_view value{text, sizeof...(message)};
};
#else
template <template <auto...> class Error, auto message>
struct MessageOf<Error<message>> {
  static constexpr std::string_view value = message.view();
};
#endif
}  // namespace detail
/// "matmul: inner dimensions do not match: [2, 3] x [4, 5]"
template <IsShapeError X>
inline constexpr std::string_view ShapeErrorMessage = detail::MessageOf<X>::value;
/// The registry's errors are thrown when the program runs (lazuli::Error), so that no type is one.
template <class X>
concept IsRegistryError = std::is_convertible_v<X*, Error*>;

template <class A>
concept ValidateSquareMatrix = Ruled<&rules::square_matrix, A>::fine;
template <class A>
concept ValidateBatchedSquareMatrix = Ruled<&rules::batched_square, A>::fine;
template <class A, int64_t dim>
concept ValidateChunkDim = Ruled<&rules::along<Mistake::chunk_error_dim_out_of_range>, A, Number<dim>>::fine;
template <class A, int64_t dim>
concept ValidateSplitDim = Ruled<&rules::along<Mistake::split_error_dim_out_of_range>, A, Number<dim>>::fine;
template <class A, int64_t dim>
concept ValidateUnbindDim = Ruled<&rules::along<Mistake::unbind_error_dim_out_of_range>, A, Number<dim>>::fine;
template <class A>
concept ValidateScalar = Ruled<&rules::scalar, A>::fine;
namespace detail {
constexpr Ruling equation_alone(Writer& say, std::string_view text) {
  rules::Equation equation;
  return rules::read_equation(say, text, equation);
}
}  // namespace detail
template <Text equation>
concept ValidateEinsum = Ruled<&detail::equation_alone, Literal<equation>>::fine;
template <Text equation, int operands>
concept ValidateOperandCount = Ruled<&rules::einsum_equation, Literal<equation>, std::integral_constant<int, operands>>::fine;
template <Text equation, class... A>
concept ValidateRanks = Ruled<&rules::einsum_ranks, Literal<equation>, Several<A...>>::fine;
/// A device that the compiler can tell.
template <class Where>
concept ValidateDevice = detail::device_code<Where>
!= detail::kAnyDevice;

}  // namespace lazuli::typed
