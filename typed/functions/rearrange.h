#pragma once
#include "lazuli/ops/shape/padding.h"
#include "lazuli/ops/shape/rearrange.h"
#include "lazuli/typed/functions/shape.h"
#include "lazuli/typed/rules/linalg.h"
#include "lazuli/typed/rules/parts.h"
#include "lazuli/typed/rules/rearrange.h"

/// Typed tensors turned, repeated, padded, and their diagonals.
namespace lazuli {

#define LAZULI_TYPED_FLIP(name)                                                                                                                \
  LAZULI_TYPED_FUNCTION(name, (int64_t... dims, typed::AnyTyped A), (typed::Viewed<#name, &typed::rules::along_all, A, typed::Ints<dims...>>), \
                        (const A& a), lazuli::name(typed::untyped(a), typed::dims_list<dims...>()))
LAZULI_TYPED_FLIP(flip);
#undef LAZULI_TYPED_FLIP
/// roll<dim>(x, shift)
LAZULI_TYPED_FUNCTION(roll, (int64_t dim, typed::AnyTyped A), (typed::Viewed<"roll", &typed::rules::along<>, A, typed::Number<dim>>),
                      (const A& a, int64_t shift), lazuli::roll(typed::untyped(a), shift, dim));
#define LAZULI_TYPED_TRIANGLE(name)                                                                                                           \
  LAZULI_TYPED_FUNCTION(name, (typed::AnyTyped A), (typed::Viewed<#name, &typed::rules::at_least_2d, A>), (const A& a, int64_t diagonal = 0), \
                        lazuli::name(typed::untyped(a), diagonal))
LAZULI_TYPED_TRIANGLE(tril);
LAZULI_TYPED_TRIANGLE(triu);
#undef LAZULI_TYPED_TRIANGLE
/// diag<offset>(x)
LAZULI_TYPED_FUNCTION(diag, (int64_t offset = 0, typed::AnyTyped A), (typed::Viewed<"diag", &typed::rules::diag, A, typed::Number<offset>>),
                      (const A& a), lazuli::diag(typed::untyped(a), offset));
/// pad<left, right, top, bottom, ..>(x, mode, value)
LAZULI_TYPED_FUNCTION(pad, (int64_t... amounts, typed::AnyTyped A), (typed::Viewed<"pad", &typed::rules::pad, A, typed::Ints<amounts...>>),
                      (const A& a, std::string_view mode = "constant", const std::optional<Scalar>& value = {}),
                      lazuli::pad(typed::untyped(a), typed::dims_list<amounts...>(), mode, value));
LAZULI_TYPED_FUNCTION(repeat, (int64_t... repeats, typed::AnyTyped A), (typed::Viewed<"repeat", &typed::rules::repeated, A, typed::Ints<repeats...>>),
                      (const A& a), lazuli::repeat(typed::untyped(a), typed::dims_list<repeats...>()));
LAZULI_TYPED_FUNCTION(tile, (int64_t... repeats, typed::AnyTyped A), (typed::Viewed<"tile", &typed::rules::tile, A, typed::Ints<repeats...>>),
                      (const A& a), lazuli::tile(typed::untyped(a), typed::dims_list<repeats...>()));

#define LAZULI_TYPED_FLIP(name, least)                                                                                                       \
  LAZULI_TYPED_FUNCTION(name, (typed::AnyTyped A), (typed::Viewed<#name, &typed::rules::needs_rank, A, typed::Number<least>>), (const A& a), \
                        lazuli::name(typed::untyped(a)))
LAZULI_TYPED_FLIP(fliplr, 2);
LAZULI_TYPED_FLIP(flipud, 1);
#undef LAZULI_TYPED_FLIP
/// rot90<turns, dim0, dim1>(x)
LAZULI_TYPED_FUNCTION(rot90, (int64_t turns = 1, int64_t dim0 = 0, int64_t dim1 = 1, typed::AnyTyped A),
                      (typed::Viewed<"rot90", &typed::rules::rot90, A, typed::Number<turns>, typed::Number<dim0>, typed::Number<dim1>>), (const A& a),
                      lazuli::rot90(typed::untyped(a), turns, {dim0, dim1}));
/// repeat_interleave<repeats>(x) of all elements, repeat_interleave<repeats, dim>(x)
LAZULI_TYPED_FUNCTION(repeat_interleave, (int64_t repeats, int64_t... dim, typed::AnyTyped A),
                      (typed::Viewed<"repeat_interleave", &typed::rules::repeat_interleave, A, typed::Number<repeats>, typed::Ints<dim...>>),
                      (const A& a), lazuli::repeat_interleave(typed::untyped(a), repeats, typed::optional_dim<dim...>()));
LAZULI_TYPED_FUNCTION(constant_pad_nd, (int64_t... amounts, typed::AnyTyped A),
                      (typed::Viewed<"constant_pad_nd", &typed::rules::pad, A, typed::Ints<amounts...>>), (const A& a, const Scalar& value = 0),
                      lazuli::constant_pad_nd(typed::untyped(a), typed::dims_list<amounts...>(), value));
/// diag_embed<offset, dim1, dim2>(x)
LAZULI_TYPED_FUNCTION(diag_embed, (int64_t offset = 0, int64_t dim1 = -2, int64_t dim2 = -1, typed::AnyTyped A),
                      (typed::Viewed<"diag_embed", &typed::rules::diag_embed, A, typed::Number<offset>, typed::Number<dim1>, typed::Number<dim2>>),
                      (const A& a), lazuli::diag_embed(typed::untyped(a), offset, dim1, dim2));
LAZULI_TYPED_FUNCTION(diagflat, (int64_t offset = 0, typed::AnyTyped A),
                      (typed::Viewed<"diagflat", &typed::rules::diagflat, A, typed::Number<offset>>), (const A& a),
                      lazuli::diagflat(typed::untyped(a), offset));
namespace typed::rules {
constexpr Ruling diagonal_scatter(Writer& say, const Extents& self, const Extents& source, int64_t offset, int64_t dim1, int64_t dim2) {
  return replaced(say, self, diagonal(say, self, offset, dim1, dim2), source);
}
}  // namespace typed::rules
LAZULI_TYPED_FUNCTION(
    diagonal_scatter, (int64_t offset = 0, int64_t dim1 = 0, int64_t dim2 = 1, typed::AnyTyped A, typed::AnyTyped S),
    (typed::BinaryAlike<"diagonal_scatter", &typed::rules::diagonal_scatter, A, S, typed::Number<offset>, typed::Number<dim1>, typed::Number<dim2>>),
    (const A& a, const S& source), lazuli::diagonal_scatter(typed::untyped(a), typed::untyped(source), offset, dim1, dim2));
/// vander<columns>(x); -1: as many as elements.
LAZULI_TYPED_FUNCTION(vander, (int64_t columns = -1, typed::AnyTyped A),
                      (typed::Unary<"vander", typed::summed(typed::dtype_of_tensor<A>), &typed::rules::vander, A, typed::Number<columns>>),
                      (const A& a, bool increasing = false),
                      lazuli::vander(typed::untyped(a), columns < 0 ? std::optional<int64_t>() : columns, increasing));
namespace linalg {
LAZULI_TYPED_FUNCTION(vander, (int64_t columns = -1, typed::AnyTyped A),
                      (typed::Unary<"linalg.vander", typed::summed(typed::dtype_of_tensor<A>), &typed::rules::vander, A, typed::Number<columns>>),
                      (const A& a), linalg::vander(typed::untyped(a), columns < 0 ? std::optional<int64_t>() : columns));
}  // namespace linalg
LAZULI_TYPED_FUNCTION(combinations, (int64_t r = 2, bool with_replacement = false, typed::AnyTyped A),
                      (typed::Viewed<"combinations", &typed::rules::combinations, A, typed::Number<r>, typed::Flag<with_replacement>>), (const A& a),
                      lazuli::combinations(typed::untyped(a), r, with_replacement));

// How they are called.
LAZULI_TYPED_REFUSED_VALUES(flip, "flip<dims..>(x)");
LAZULI_TYPED_REFUSED_VALUES(roll, "roll<dim>(x, shift)");
LAZULI_TYPED_REFUSED(tril, "tril(x, diagonal = 0)");
LAZULI_TYPED_REFUSED(triu, "triu(x, diagonal = 0)");
LAZULI_TYPED_REFUSED_VALUES(diag, "diag<offset = 0>(x)");
LAZULI_TYPED_REFUSED_VALUES(pad, "pad<amounts..>(x, mode = \"constant\", value = {})");
LAZULI_TYPED_REFUSED_VALUES(tile, "tile<repeats..>(x)");
LAZULI_TYPED_REFUSED(fliplr, "fliplr(x)");
LAZULI_TYPED_REFUSED(flipud, "flipud(x)");
LAZULI_TYPED_REFUSED_VALUES(rot90, "rot90<turns = 1, dim0 = 0, dim1 = 1>(x)");
LAZULI_TYPED_REFUSED_VALUES(repeat_interleave, "repeat_interleave<repeats, dim..>(x)");
LAZULI_TYPED_REFUSED_VALUES(constant_pad_nd, "constant_pad_nd<amounts..>(x, value = 0)");
LAZULI_TYPED_REFUSED_VALUES(diag_embed, "diag_embed<offset = 0, dim1 = -2, dim2 = -1>(x)");
LAZULI_TYPED_REFUSED_VALUES(diagflat, "diagflat<offset = 0>(x)");
LAZULI_TYPED_REFUSED_VALUES(diagonal_scatter, "diagonal_scatter<offset = 0, dim1 = 0, dim2 = 1>(x, source)");
LAZULI_TYPED_REFUSED_VALUES(vander, "vander<columns = -1>(x, increasing = false)");
LAZULI_TYPED_REFUSED_VALUES(combinations, "combinations<r = 2, with_replacement = false>(x)");
namespace linalg {
LAZULI_TYPED_REFUSED_VALUES_IN(linalg, "linalg.vander", vander, "vander<columns = -1>(x, increasing = false)", auto);
}  // namespace linalg

}  // namespace lazuli
