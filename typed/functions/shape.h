#pragma once
#include "lazuli/ops/pointwise/complex.h"
#include "lazuli/ops/reduce/reduction.h"
#include "lazuli/ops/shape/shape.h"
#include "lazuli/typed/function.h"
#include "lazuli/typed/rules/shape.h"

/// Views of typed tensors.
namespace lazuli {

namespace typed {
template <Text op, auto rule, AnyTyped A, class... Arguments>
struct Viewed : Unary<op, dtype_of_tensor<A>, rule, A, Arguments...> {};
/// As sizes for the untyped function: a name is the size that the tensor has there, so that it is -1 at most once; of several, those of `a`.
template <class Target, AnyTyped A>
lazuli::Shape sizes_like(const A& a) {
  constexpr Extents to = Target::value, from = ShapeOfTensor<A>::value;
  lazuli::Shape sizes(to.at, to.rank);
  for (int i = 0; i < to.rank; ++i)
    for (int k = 0; k < from.rank && is_named(to.at[i]); ++k)
      if (from.at[k] == to.at[i]) sizes.data()[i] = a.sizes().data()[k];
  return sizes;
}
}  // namespace typed

/// reshape<dim("batch"), 28, -1>(x): one size may be -1.
LAZULI_TYPED_FUNCTION(reshape, (int64_t... sizes, typed::AnyTyped A), (typed::Viewed<"reshape", &typed::rules::reshape, A, typed::Ints<sizes...>>),
                      (const A& a), lazuli::reshape(typed::untyped(a), typed::sizes_like<typed::Ints<sizes...>>(a)));
LAZULI_TYPED_FUNCTION(view, (int64_t... sizes, typed::AnyTyped A), (typed::Viewed<"view", &typed::rules::reshape, A, typed::Ints<sizes...>>),
                      (const A& a), lazuli::view(typed::untyped(a), typed::sizes_like<typed::Ints<sizes...>>(a)));
LAZULI_TYPED_FUNCTION(flatten, (int64_t start = 0, int64_t end = -1, typed::AnyTyped A),
                      (typed::Viewed<"flatten", &typed::rules::flatten, A, typed::Number<start>, typed::Number<end>>), (const A& a),
                      lazuli::flatten(typed::untyped(a), start, end));
LAZULI_TYPED_FUNCTION(unflatten, (int64_t dim, int64_t... sizes, typed::AnyTyped A),
                      (typed::Viewed<"unflatten", &typed::rules::unflatten, A, typed::Number<dim>, typed::Ints<sizes...>>), (const A& a),
                      lazuli::unflatten(typed::untyped(a), dim, typed::sizes_like<typed::Ints<sizes...>>(a)));
LAZULI_TYPED_FUNCTION(ravel, (typed::AnyTyped A), (typed::Viewed<"ravel", &typed::rules::flatten, A, typed::Number<0>, typed::Number<-1>>),
                      (const A& a), lazuli::ravel(typed::untyped(a)));
#define LAZULI_TYPED_TRANSPOSE(name)                                                                                                 \
  LAZULI_TYPED_FUNCTION(name, (int64_t dim0, int64_t dim1, typed::AnyTyped A),                                                       \
                        (typed::Viewed<#name, &typed::rules::transpose, A, typed::Number<dim0>, typed::Number<dim1>>), (const A& a), \
                        lazuli::name(typed::untyped(a), dim0, dim1))
LAZULI_TYPED_TRANSPOSE(transpose);
LAZULI_TYPED_TRANSPOSE(swapaxes);
LAZULI_TYPED_TRANSPOSE(swapdims);
#undef LAZULI_TYPED_TRANSPOSE
LAZULI_TYPED_FUNCTION(permute, (int64_t... dims, typed::AnyTyped A), (typed::Viewed<"permute", &typed::rules::permute, A, typed::Ints<dims...>>),
                      (const A& a), lazuli::permute(typed::untyped(a), typed::dims_list<dims...>()));
LAZULI_TYPED_FUNCTION(movedim, (int64_t source, int64_t destination, typed::AnyTyped A),
                      (typed::Viewed<"movedim", &typed::rules::movedim, A, typed::Ints<source>, typed::Ints<destination>>), (const A& a),
                      lazuli::movedim(typed::untyped(a), source, destination));
LAZULI_TYPED_FUNCTION(t, (typed::AnyTyped A), (typed::Viewed<"t", &typed::rules::t, A>), (const A& a), lazuli::t(typed::untyped(a)));
LAZULI_TYPED_FUNCTION(mT, (typed::AnyTyped A), (typed::Viewed<"mT", &typed::rules::matrix_transpose, A>), (const A& a),
                      lazuli::mT(typed::untyped(a)));
LAZULI_TYPED_FUNCTION(adjoint, (typed::AnyTyped A), (typed::Viewed<"adjoint", &typed::rules::matrix_transpose, A>), (const A& a),
                      lazuli::adjoint(typed::untyped(a)));
/// squeeze<0, 2>(x); squeeze(x): all dimensions of extent 1.
LAZULI_TYPED_FUNCTION(squeeze, (int64_t... dims, typed::AnyTyped A), (typed::Viewed<"squeeze", &typed::rules::squeeze, A, typed::Ints<dims...>>),
                      (const A& a),
                      sizeof...(dims) ? lazuli::squeeze(typed::untyped(a), typed::dims_list<dims...>()) : lazuli::squeeze(typed::untyped(a)));
LAZULI_TYPED_FUNCTION(unsqueeze, (int64_t dim, typed::AnyTyped A), (typed::Viewed<"unsqueeze", &typed::rules::unsqueeze, A, typed::Number<dim>>),
                      (const A& a), lazuli::unsqueeze(typed::untyped(a), dim));
LAZULI_TYPED_FUNCTION(expand, (int64_t... sizes, typed::AnyTyped A), (typed::Viewed<"expand", &typed::rules::expand, A, typed::Ints<sizes...>>),
                      (const A& a), lazuli::expand(typed::untyped(a), typed::sizes_like<typed::Ints<sizes...>>(a)));
LAZULI_TYPED_FUNCTION(broadcast_to, (int64_t... sizes, typed::AnyTyped A),
                      (typed::Viewed<"broadcast_to", &typed::rules::expand, A, typed::Ints<sizes...>>), (const A& a),
                      lazuli::broadcast_to(typed::untyped(a), typed::sizes_like<typed::Ints<sizes...>>(a)));
LAZULI_TYPED_FUNCTION(expand_as, (typed::AnyTyped A, typed::AnyTyped B),
                      (typed::Unary<"expand_as", typed::dtype_of_tensor<A>, &typed::rules::expand_as, A, typed::ShapeOfTensor<B>>),
                      (const A& a, const B& b), lazuli::expand_as(typed::untyped(a), typed::untyped(b)));
#define LAZULI_TYPED_ATLEAST(name, rank)                                                                                                 \
  LAZULI_TYPED_FUNCTION(name, (typed::AnyTyped A), (typed::Viewed<#name, &typed::rules::atleast, A, typed::Number<rank>>), (const A& a), \
                        lazuli::name(typed::untyped(a)))
LAZULI_TYPED_ATLEAST(atleast_1d, 1);
LAZULI_TYPED_ATLEAST(atleast_2d, 2);
LAZULI_TYPED_ATLEAST(atleast_3d, 3);
#undef LAZULI_TYPED_ATLEAST

/// movedim<typed::Ints<0, 1>, typed::Ints<2, 0>>(x): several at once.
LAZULI_TYPED_FUNCTION(movedim, (class Sources, class Destinations, typed::AnyTyped A),
                      (typed::Viewed<"movedim", &typed::rules::movedim, A, Sources, Destinations>), (const A& a),
                      lazuli::movedim(typed::untyped(a), typed::list_of<Sources>(), typed::list_of<Destinations>()));
LAZULI_TYPED_FUNCTION(moveaxis, (int64_t source, int64_t destination, typed::AnyTyped A),
                      (typed::Viewed<"moveaxis", &typed::rules::movedim, A, typed::Ints<source>, typed::Ints<destination>>), (const A& a),
                      lazuli::moveaxis(typed::untyped(a), source, destination));
#define LAZULI_TYPED_TRANSPOSED(name, rule) \
  LAZULI_TYPED_FUNCTION(name, (typed::AnyTyped A), (typed::Viewed<#name, &typed::rules::rule, A>), (const A& a), lazuli::name(typed::untyped(a)))
LAZULI_TYPED_TRANSPOSED(T, reversed);
LAZULI_TYPED_TRANSPOSED(H, t);
LAZULI_TYPED_TRANSPOSED(mH, matrix_transpose);
#undef LAZULI_TYPED_TRANSPOSED
#define LAZULI_TYPED_LIKE_OTHER(name)                                                                                         \
  LAZULI_TYPED_FUNCTION(name, (typed::AnyTyped A, typed::AnyTyped B),                                                         \
                        (typed::Unary<#name, typed::dtype_of_tensor<A>, &typed::rules::reshape, A, typed::ShapeOfTensor<B>>), \
                        (const A& a, const B& b), lazuli::name(typed::untyped(a), typed::untyped(b)))
LAZULI_TYPED_LIKE_OTHER(reshape_as);
LAZULI_TYPED_LIKE_OTHER(view_as);
#undef LAZULI_TYPED_LIKE_OTHER
namespace typed {
/// A sum of integers is int64; what has the size is taken as it is.
template <AnyTyped A, int64_t... sizes>
inline constexpr DType dtype_summed_to = sizeof...(sizes) > 0 && ShapeOfTensor<A>::value == Ints<sizes...>::value ? dtype_of_tensor<A>
                                                                                                                  : summed(dtype_of_tensor<A>);
}  // namespace typed
LAZULI_TYPED_FUNCTION(sum_to_size, (int64_t... sizes, typed::AnyTyped A),
                      (typed::Unary<"sum_to_size", typed::dtype_summed_to<A, sizes...>, &typed::rules::sum_to_size, A, typed::Ints<sizes...>>),
                      (const A& a), lazuli::sum_to_size(typed::untyped(a), typed::sizes_like<typed::Ints<sizes...>>(a)));
LAZULI_TYPED_FUNCTION(view_as_real, (typed::AnyTyped A),
                      (typed::Unary<"view_as_real", real_dtype(typed::dtype_of_tensor<A>), &typed::rules::view_as_real, A>), (const A& a),
                      lazuli::view_as_real(typed::untyped(a)));
LAZULI_TYPED_FUNCTION(view_as_complex, (typed::AnyTyped A),
                      (typed::Unary<"view_as_complex", complex_dtype(typed::dtype_of_tensor<A>), &typed::rules::view_as_complex, A>), (const A& a),
                      lazuli::view_as_complex(typed::untyped(a)));
/// as_strided<sizes..>(x, strides, offset)
LAZULI_TYPED_FUNCTION(as_strided, (int64_t... sizes, typed::AnyTyped A),
                      (typed::Viewed<"as_strided", &typed::rules::given, A, typed::Ints<sizes...>>),
                      (const A& a, const Shape& strides, std::optional<int64_t> offset = {}),
                      typed::untyped(a).as_strided(typed::dims_list<sizes...>(), strides, offset));
/// diagonal<offset, dim1, dim2>(x)
LAZULI_TYPED_FUNCTION(diagonal, (int64_t offset = 0, int64_t dim1 = 0, int64_t dim2 = 1, typed::AnyTyped A),
                      (typed::Viewed<"diagonal", &typed::rules::diagonal, A, typed::Number<offset>, typed::Number<dim1>, typed::Number<dim2>>),
                      (const A& a), lazuli::diagonal(typed::untyped(a), offset, dim1, dim2));

// How they are called.
LAZULI_TYPED_REFUSED_VALUES(reshape, "reshape<sizes..>(x)");
LAZULI_TYPED_REFUSED_VALUES(view, "view<sizes..>(x)");
LAZULI_TYPED_REFUSED_VALUES(flatten, "flatten<start = 0, end = -1>(x)");
LAZULI_TYPED_REFUSED_VALUES(unflatten, "unflatten<dim, sizes..>(x)");
LAZULI_TYPED_REFUSED(ravel, "ravel(x)");
LAZULI_TYPED_REFUSED_VALUES(transpose, "transpose<dim0, dim1>(x)");
LAZULI_TYPED_REFUSED_VALUES(swapaxes, "swapaxes<dim0, dim1>(x)");
LAZULI_TYPED_REFUSED_VALUES(swapdims, "swapdims<dim0, dim1>(x)");
LAZULI_TYPED_REFUSED_VALUES(permute, "permute<dims..>(x)");
LAZULI_TYPED_REFUSED_VALUES(movedim, "movedim<source, destination>(x)");
LAZULI_TYPED_REFUSED(t, "t(x)");
LAZULI_TYPED_REFUSED(mT, "mT(x)");
LAZULI_TYPED_REFUSED(adjoint, "adjoint(x)");
LAZULI_TYPED_REFUSED_VALUES(squeeze, "squeeze<dims..>(x)");
LAZULI_TYPED_REFUSED_VALUES(unsqueeze, "unsqueeze<dim>(x)");
LAZULI_TYPED_REFUSED_VALUES(expand, "expand<sizes..>(x)");
LAZULI_TYPED_REFUSED_VALUES(broadcast_to, "broadcast_to<sizes..>(x)");
LAZULI_TYPED_REFUSED(expand_as, "expand_as(a, b)");
LAZULI_TYPED_REFUSED(atleast_1d, "atleast_1d(x)");
LAZULI_TYPED_REFUSED(atleast_2d, "atleast_2d(x)");
LAZULI_TYPED_REFUSED(atleast_3d, "atleast_3d(x)");
LAZULI_TYPED_REFUSED_VALUES(moveaxis, "moveaxis<source, destination>(x)");
LAZULI_TYPED_REFUSED(T, "T(x)");
LAZULI_TYPED_REFUSED(H, "H(x)");
LAZULI_TYPED_REFUSED(mH, "mH(x)");
LAZULI_TYPED_REFUSED(reshape_as, "reshape_as(a, b)");
LAZULI_TYPED_REFUSED(view_as, "view_as(a, b)");
LAZULI_TYPED_REFUSED_VALUES(sum_to_size, "sum_to_size<sizes..>(x)");
LAZULI_TYPED_REFUSED(view_as_real, "view_as_real(x)");
LAZULI_TYPED_REFUSED(view_as_complex, "view_as_complex(x)");
LAZULI_TYPED_REFUSED_VALUES(as_strided, "as_strided<sizes..>(x, strides, offset = {})");
LAZULI_TYPED_REFUSED_VALUES(diagonal, "diagonal<offset = 0, dim1 = 0, dim2 = 1>(x)");

}  // namespace lazuli
