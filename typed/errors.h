#pragma once
#include <utility>

#include "lazuli/typed/extents.h"

/// The named errors of the rules. Each is a class template that is never defined: the type of a call that a rule refuses. Using that call is the compile error, whose first line has the name and the
/// message, at the user's line; asking for its type (`requires`, `IsShapeError`) is none.
namespace lazuli::typed::errors {

template <auto... message>
struct at_error_index_out_of_bounds;  // an index beyond the extent
template <auto... message>
struct batch_dimensions_do_not_match_error;  // batches of matrices that do not broadcast, or differ
template <auto... message>
struct broadcast_error_incompatible_dimensions;  // extents, from the last on, are equal or one of them is 1
template <auto... message>
struct chunk_error_dim_out_of_range;  // a dimension that the tensor does not have
template <auto... message>
struct dimension_error_out_of_range;  // a dimension that the tensor does not have
template <auto... message>
struct einops_error_ambiguous_decomposition;  // a group in parentheses may have one axis of unknown length
template <auto... message>
struct einops_error_anonymous_in_output;  // a number in the result that no operand has
template <auto... message>
struct einops_error_dimension_mismatch;  // an extent that is not the product of its group
template <auto... message>
struct einops_error_invalid_pattern;  // axes, groups in parentheses, "..." and 1 on both sides of one "->"
template <auto... message>
struct einops_error_reduce_undefined_output;  // an axis of the result that the operand does not have
template <auto... message>
struct einops_error_repeat_missing_size;  // a new axis needs a length
template <auto... message>
struct einops_error_undefined_axis;  // an axis that stands on one side only
template <auto... message>
struct einsum_error_dimension_mismatch;  // one letter, two extents
template <auto... message>
struct einsum_error_index_out_of_range;  // subscripts of a sublist are 0 to 51
template <auto... message>
struct einsum_error_invalid_equation;  // letters, commas, "..." and one "->"
template <auto... message>
struct einsum_error_invalid_sublist_element;  // an element of a sublist is a number or Ellipsis
template <auto... message>
struct einsum_error_operand_count_mismatch;  // as many groups of letters as operands
template <auto... message>
struct einsum_error_subscript_rank_mismatch;  // as many letters as the operand has dimensions
template <auto... message>
struct einsum_error_unknown_output_index;  // a letter of the result that no operand has
template <auto... message>
struct embedding_bag_error_requires_2d_input;  // bags of indices are [bags, length]
template <auto... message>
struct expand_error_incompatible;  // only an extent of 1 becomes another
template <auto... message>
struct flip_error_dim_out_of_range;  // a dimension that the tensor does not have
template <auto... message>
struct gather_error_dim_out_of_range;  // a dimension that the tensor does not have
template <auto... message>
struct index_select_error_dim_out_of_range;  // a dimension that the tensor does not have
template <auto... message>
struct item_error_not_scalar;  // item() of a tensor of one element
template <auto... message>
struct linalg_error_not_square_matrix;  // as many rows as columns
template <auto... message>
struct linalg_error_requires_2d;  // a matrix
template <auto... message>
struct linalg_error_requires_at_least_2d;  // a matrix or a batch of them
template <auto... message>
struct matmul_error_inner_dimensions_do_not_match;  // columns of the first operand are rows of the second
template <auto... message>
struct narrow_error_length_exceeds_bounds;  // a part that is longer than the extent
template <auto... message>
struct narrow_error_start_out_of_bounds;  // a part that begins beyond the extent
template <auto... message>
struct permute_error_dimension_count_mismatch;  // every dimension once
template <auto... message>
struct scatter_error_dim_out_of_range;  // a dimension that the tensor does not have
template <auto... message>
struct select_error_index_out_of_bounds;  // an index beyond the extent
template <auto... message>
struct slice_error_out_of_bounds;  // a slice beyond the extent
template <auto... message>
struct softmax_error_dim_out_of_range;  // a dimension that the tensor does not have
template <auto... message>
struct split_error_dim_out_of_range;  // a dimension that the tensor does not have
template <auto... message>
struct transpose_dims_error_out_of_range;  // a dimension that the tensor does not have
template <auto... message>
struct transpose_error_requires_2d_tensor;  // t() of a matrix
template <auto... message>
struct unbind_error_dim_out_of_range;  // a dimension that the tensor does not have
template <auto... message>
struct device_error_requires;  // an operator that needs its operands on one device, or on another one
template <auto... message>
struct dtype_error_requires;  // an operator that needs another element type
template <auto... message>
struct shape_error_mismatch;  // shapes that do not fit the operator
template <auto... message>
struct reshape_error_incompatible;  // a shape of another number of elements
template <auto... message>
struct window_error_no_output;  // a window that is greater than the padded input
template <auto... message>
struct layer_error_wrong_input;  // an input that is not what the layer takes

}  // namespace lazuli::typed::errors

namespace lazuli::typed {

enum class Mistake {
  none,
  at_error_index_out_of_bounds,
  batch_dimensions_do_not_match_error,
  broadcast_error_incompatible_dimensions,
  chunk_error_dim_out_of_range,
  dimension_error_out_of_range,
  einops_error_ambiguous_decomposition,
  einops_error_anonymous_in_output,
  einops_error_dimension_mismatch,
  einops_error_invalid_pattern,
  einops_error_reduce_undefined_output,
  einops_error_repeat_missing_size,
  einops_error_undefined_axis,
  einsum_error_dimension_mismatch,
  einsum_error_index_out_of_range,
  einsum_error_invalid_equation,
  einsum_error_invalid_sublist_element,
  einsum_error_operand_count_mismatch,
  einsum_error_subscript_rank_mismatch,
  einsum_error_unknown_output_index,
  embedding_bag_error_requires_2d_input,
  expand_error_incompatible,
  flip_error_dim_out_of_range,
  gather_error_dim_out_of_range,
  index_select_error_dim_out_of_range,
  item_error_not_scalar,
  linalg_error_not_square_matrix,
  linalg_error_requires_2d,
  linalg_error_requires_at_least_2d,
  matmul_error_inner_dimensions_do_not_match,
  narrow_error_length_exceeds_bounds,
  narrow_error_start_out_of_bounds,
  permute_error_dimension_count_mismatch,
  scatter_error_dim_out_of_range,
  select_error_index_out_of_bounds,
  slice_error_out_of_bounds,
  softmax_error_dim_out_of_range,
  split_error_dim_out_of_range,
  transpose_dims_error_out_of_range,
  transpose_error_requires_2d_tensor,
  unbind_error_dim_out_of_range,
  device_error_requires,
  dtype_error_requires,
  shape_error_mismatch,
  reshape_error_incompatible,
  window_error_no_output,
  layer_error_wrong_input,
};

/// What a rule says: a mistake, or the shapes of the results.
struct Ruling {
  Mistake mistake = Mistake::none;
  Extents shape;
  Extents second, third;  // of functions with several results
  int count = 1;          // how many results; of those that split: all of `shape`, but the last of `second`
  constexpr Ruling() = default;
  constexpr Ruling(Mistake m) : mistake(m) {}
  constexpr Ruling(const Extents& s) : shape(s) {}
};

namespace detail {

// Older clangs print a text as numbers, and characters as characters.
#if defined(__clang__) && __clang_major__ < 15
template <template <auto...> class Error, class Message, size_t... i>
auto named(std::index_sequence<i...>) -> Error<Message::text.chars[i]...>;
#else
template <template <auto...> class Error, class Message, size_t... i>
auto named(std::index_sequence<i...>) -> Error<Message::text>;
#endif
template <Mistake>
struct Named;
template <>
struct Named<Mistake::at_error_index_out_of_bounds> {
  template <class M>
  static auto make() -> decltype(named<errors::at_error_index_out_of_bounds, M>(std::make_index_sequence<M::length>()));
};
template <>
struct Named<Mistake::batch_dimensions_do_not_match_error> {
  template <class M>
  static auto make() -> decltype(named<errors::batch_dimensions_do_not_match_error, M>(std::make_index_sequence<M::length>()));
};
template <>
struct Named<Mistake::broadcast_error_incompatible_dimensions> {
  template <class M>
  static auto make() -> decltype(named<errors::broadcast_error_incompatible_dimensions, M>(std::make_index_sequence<M::length>()));
};
template <>
struct Named<Mistake::chunk_error_dim_out_of_range> {
  template <class M>
  static auto make() -> decltype(named<errors::chunk_error_dim_out_of_range, M>(std::make_index_sequence<M::length>()));
};
template <>
struct Named<Mistake::dimension_error_out_of_range> {
  template <class M>
  static auto make() -> decltype(named<errors::dimension_error_out_of_range, M>(std::make_index_sequence<M::length>()));
};
template <>
struct Named<Mistake::einops_error_ambiguous_decomposition> {
  template <class M>
  static auto make() -> decltype(named<errors::einops_error_ambiguous_decomposition, M>(std::make_index_sequence<M::length>()));
};
template <>
struct Named<Mistake::einops_error_anonymous_in_output> {
  template <class M>
  static auto make() -> decltype(named<errors::einops_error_anonymous_in_output, M>(std::make_index_sequence<M::length>()));
};
template <>
struct Named<Mistake::einops_error_dimension_mismatch> {
  template <class M>
  static auto make() -> decltype(named<errors::einops_error_dimension_mismatch, M>(std::make_index_sequence<M::length>()));
};
template <>
struct Named<Mistake::einops_error_invalid_pattern> {
  template <class M>
  static auto make() -> decltype(named<errors::einops_error_invalid_pattern, M>(std::make_index_sequence<M::length>()));
};
template <>
struct Named<Mistake::einops_error_reduce_undefined_output> {
  template <class M>
  static auto make() -> decltype(named<errors::einops_error_reduce_undefined_output, M>(std::make_index_sequence<M::length>()));
};
template <>
struct Named<Mistake::einops_error_repeat_missing_size> {
  template <class M>
  static auto make() -> decltype(named<errors::einops_error_repeat_missing_size, M>(std::make_index_sequence<M::length>()));
};
template <>
struct Named<Mistake::einops_error_undefined_axis> {
  template <class M>
  static auto make() -> decltype(named<errors::einops_error_undefined_axis, M>(std::make_index_sequence<M::length>()));
};
template <>
struct Named<Mistake::einsum_error_dimension_mismatch> {
  template <class M>
  static auto make() -> decltype(named<errors::einsum_error_dimension_mismatch, M>(std::make_index_sequence<M::length>()));
};
template <>
struct Named<Mistake::einsum_error_index_out_of_range> {
  template <class M>
  static auto make() -> decltype(named<errors::einsum_error_index_out_of_range, M>(std::make_index_sequence<M::length>()));
};
template <>
struct Named<Mistake::einsum_error_invalid_equation> {
  template <class M>
  static auto make() -> decltype(named<errors::einsum_error_invalid_equation, M>(std::make_index_sequence<M::length>()));
};
template <>
struct Named<Mistake::einsum_error_invalid_sublist_element> {
  template <class M>
  static auto make() -> decltype(named<errors::einsum_error_invalid_sublist_element, M>(std::make_index_sequence<M::length>()));
};
template <>
struct Named<Mistake::einsum_error_operand_count_mismatch> {
  template <class M>
  static auto make() -> decltype(named<errors::einsum_error_operand_count_mismatch, M>(std::make_index_sequence<M::length>()));
};
template <>
struct Named<Mistake::einsum_error_subscript_rank_mismatch> {
  template <class M>
  static auto make() -> decltype(named<errors::einsum_error_subscript_rank_mismatch, M>(std::make_index_sequence<M::length>()));
};
template <>
struct Named<Mistake::einsum_error_unknown_output_index> {
  template <class M>
  static auto make() -> decltype(named<errors::einsum_error_unknown_output_index, M>(std::make_index_sequence<M::length>()));
};
template <>
struct Named<Mistake::embedding_bag_error_requires_2d_input> {
  template <class M>
  static auto make() -> decltype(named<errors::embedding_bag_error_requires_2d_input, M>(std::make_index_sequence<M::length>()));
};
template <>
struct Named<Mistake::expand_error_incompatible> {
  template <class M>
  static auto make() -> decltype(named<errors::expand_error_incompatible, M>(std::make_index_sequence<M::length>()));
};
template <>
struct Named<Mistake::flip_error_dim_out_of_range> {
  template <class M>
  static auto make() -> decltype(named<errors::flip_error_dim_out_of_range, M>(std::make_index_sequence<M::length>()));
};
template <>
struct Named<Mistake::gather_error_dim_out_of_range> {
  template <class M>
  static auto make() -> decltype(named<errors::gather_error_dim_out_of_range, M>(std::make_index_sequence<M::length>()));
};
template <>
struct Named<Mistake::index_select_error_dim_out_of_range> {
  template <class M>
  static auto make() -> decltype(named<errors::index_select_error_dim_out_of_range, M>(std::make_index_sequence<M::length>()));
};
template <>
struct Named<Mistake::item_error_not_scalar> {
  template <class M>
  static auto make() -> decltype(named<errors::item_error_not_scalar, M>(std::make_index_sequence<M::length>()));
};
template <>
struct Named<Mistake::linalg_error_not_square_matrix> {
  template <class M>
  static auto make() -> decltype(named<errors::linalg_error_not_square_matrix, M>(std::make_index_sequence<M::length>()));
};
template <>
struct Named<Mistake::linalg_error_requires_2d> {
  template <class M>
  static auto make() -> decltype(named<errors::linalg_error_requires_2d, M>(std::make_index_sequence<M::length>()));
};
template <>
struct Named<Mistake::linalg_error_requires_at_least_2d> {
  template <class M>
  static auto make() -> decltype(named<errors::linalg_error_requires_at_least_2d, M>(std::make_index_sequence<M::length>()));
};
template <>
struct Named<Mistake::matmul_error_inner_dimensions_do_not_match> {
  template <class M>
  static auto make() -> decltype(named<errors::matmul_error_inner_dimensions_do_not_match, M>(std::make_index_sequence<M::length>()));
};
template <>
struct Named<Mistake::narrow_error_length_exceeds_bounds> {
  template <class M>
  static auto make() -> decltype(named<errors::narrow_error_length_exceeds_bounds, M>(std::make_index_sequence<M::length>()));
};
template <>
struct Named<Mistake::narrow_error_start_out_of_bounds> {
  template <class M>
  static auto make() -> decltype(named<errors::narrow_error_start_out_of_bounds, M>(std::make_index_sequence<M::length>()));
};
template <>
struct Named<Mistake::permute_error_dimension_count_mismatch> {
  template <class M>
  static auto make() -> decltype(named<errors::permute_error_dimension_count_mismatch, M>(std::make_index_sequence<M::length>()));
};
template <>
struct Named<Mistake::scatter_error_dim_out_of_range> {
  template <class M>
  static auto make() -> decltype(named<errors::scatter_error_dim_out_of_range, M>(std::make_index_sequence<M::length>()));
};
template <>
struct Named<Mistake::select_error_index_out_of_bounds> {
  template <class M>
  static auto make() -> decltype(named<errors::select_error_index_out_of_bounds, M>(std::make_index_sequence<M::length>()));
};
template <>
struct Named<Mistake::slice_error_out_of_bounds> {
  template <class M>
  static auto make() -> decltype(named<errors::slice_error_out_of_bounds, M>(std::make_index_sequence<M::length>()));
};
template <>
struct Named<Mistake::softmax_error_dim_out_of_range> {
  template <class M>
  static auto make() -> decltype(named<errors::softmax_error_dim_out_of_range, M>(std::make_index_sequence<M::length>()));
};
template <>
struct Named<Mistake::split_error_dim_out_of_range> {
  template <class M>
  static auto make() -> decltype(named<errors::split_error_dim_out_of_range, M>(std::make_index_sequence<M::length>()));
};
template <>
struct Named<Mistake::transpose_dims_error_out_of_range> {
  template <class M>
  static auto make() -> decltype(named<errors::transpose_dims_error_out_of_range, M>(std::make_index_sequence<M::length>()));
};
template <>
struct Named<Mistake::transpose_error_requires_2d_tensor> {
  template <class M>
  static auto make() -> decltype(named<errors::transpose_error_requires_2d_tensor, M>(std::make_index_sequence<M::length>()));
};
template <>
struct Named<Mistake::unbind_error_dim_out_of_range> {
  template <class M>
  static auto make() -> decltype(named<errors::unbind_error_dim_out_of_range, M>(std::make_index_sequence<M::length>()));
};
template <>
struct Named<Mistake::device_error_requires> {
  template <class M>
  static auto make() -> decltype(named<errors::device_error_requires, M>(std::make_index_sequence<M::length>()));
};
template <>
struct Named<Mistake::dtype_error_requires> {
  template <class M>
  static auto make() -> decltype(named<errors::dtype_error_requires, M>(std::make_index_sequence<M::length>()));
};
template <>
struct Named<Mistake::shape_error_mismatch> {
  template <class M>
  static auto make() -> decltype(named<errors::shape_error_mismatch, M>(std::make_index_sequence<M::length>()));
};
template <>
struct Named<Mistake::reshape_error_incompatible> {
  template <class M>
  static auto make() -> decltype(named<errors::reshape_error_incompatible, M>(std::make_index_sequence<M::length>()));
};
template <>
struct Named<Mistake::window_error_no_output> {
  template <class M>
  static auto make() -> decltype(named<errors::window_error_no_output, M>(std::make_index_sequence<M::length>()));
};
template <>
struct Named<Mistake::layer_error_wrong_input> {
  template <class M>
  static auto make() -> decltype(named<errors::layer_error_wrong_input, M>(std::make_index_sequence<M::length>()));
};

}  // namespace detail
}  // namespace lazuli::typed
