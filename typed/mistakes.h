#pragma once
#include <utility>

#include "lazuli/typed/errors.h"
#include "lazuli/typed/extents.h"

/// What rules say, and how a mistake becomes its named error.
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
  call_error_no_such_form,
};

/// What a rule says: a mistake, or the shapes of the results.
struct Ruling {
  Mistake mistake = Mistake::none;
  Extents shape;
  Extents second, third;      // of functions with several results
  int count = 1, firsts = 1;  // how many results; of those that split: the first ones of `shape`, the others of `second`
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
/// The error of a mistake with that message.
template <Mistake>
struct Named;
#define LAZULI_TYPED_NAMED(name)                                                                   \
  template <>                                                                                      \
  struct Named<Mistake::name> {                                                                    \
    template <class M>                                                                             \
    static auto make() -> decltype(named<errors::name, M>(std::make_index_sequence<M::length>())); \
  }
LAZULI_TYPED_NAMED(at_error_index_out_of_bounds);
LAZULI_TYPED_NAMED(batch_dimensions_do_not_match_error);
LAZULI_TYPED_NAMED(broadcast_error_incompatible_dimensions);
LAZULI_TYPED_NAMED(chunk_error_dim_out_of_range);
LAZULI_TYPED_NAMED(dimension_error_out_of_range);
LAZULI_TYPED_NAMED(einops_error_ambiguous_decomposition);
LAZULI_TYPED_NAMED(einops_error_anonymous_in_output);
LAZULI_TYPED_NAMED(einops_error_dimension_mismatch);
LAZULI_TYPED_NAMED(einops_error_invalid_pattern);
LAZULI_TYPED_NAMED(einops_error_reduce_undefined_output);
LAZULI_TYPED_NAMED(einops_error_repeat_missing_size);
LAZULI_TYPED_NAMED(einops_error_undefined_axis);
LAZULI_TYPED_NAMED(einsum_error_dimension_mismatch);
LAZULI_TYPED_NAMED(einsum_error_index_out_of_range);
LAZULI_TYPED_NAMED(einsum_error_invalid_equation);
LAZULI_TYPED_NAMED(einsum_error_invalid_sublist_element);
LAZULI_TYPED_NAMED(einsum_error_operand_count_mismatch);
LAZULI_TYPED_NAMED(einsum_error_subscript_rank_mismatch);
LAZULI_TYPED_NAMED(einsum_error_unknown_output_index);
LAZULI_TYPED_NAMED(embedding_bag_error_requires_2d_input);
LAZULI_TYPED_NAMED(expand_error_incompatible);
LAZULI_TYPED_NAMED(flip_error_dim_out_of_range);
LAZULI_TYPED_NAMED(gather_error_dim_out_of_range);
LAZULI_TYPED_NAMED(index_select_error_dim_out_of_range);
LAZULI_TYPED_NAMED(item_error_not_scalar);
LAZULI_TYPED_NAMED(linalg_error_not_square_matrix);
LAZULI_TYPED_NAMED(linalg_error_requires_2d);
LAZULI_TYPED_NAMED(linalg_error_requires_at_least_2d);
LAZULI_TYPED_NAMED(matmul_error_inner_dimensions_do_not_match);
LAZULI_TYPED_NAMED(narrow_error_length_exceeds_bounds);
LAZULI_TYPED_NAMED(narrow_error_start_out_of_bounds);
LAZULI_TYPED_NAMED(permute_error_dimension_count_mismatch);
LAZULI_TYPED_NAMED(scatter_error_dim_out_of_range);
LAZULI_TYPED_NAMED(select_error_index_out_of_bounds);
LAZULI_TYPED_NAMED(slice_error_out_of_bounds);
LAZULI_TYPED_NAMED(softmax_error_dim_out_of_range);
LAZULI_TYPED_NAMED(split_error_dim_out_of_range);
LAZULI_TYPED_NAMED(transpose_dims_error_out_of_range);
LAZULI_TYPED_NAMED(transpose_error_requires_2d_tensor);
LAZULI_TYPED_NAMED(unbind_error_dim_out_of_range);
LAZULI_TYPED_NAMED(device_error_requires);
LAZULI_TYPED_NAMED(dtype_error_requires);
LAZULI_TYPED_NAMED(shape_error_mismatch);
LAZULI_TYPED_NAMED(reshape_error_incompatible);
LAZULI_TYPED_NAMED(window_error_no_output);
LAZULI_TYPED_NAMED(layer_error_wrong_input);
LAZULI_TYPED_NAMED(call_error_no_such_form);
#undef LAZULI_TYPED_NAMED

}  // namespace detail
}  // namespace lazuli::typed
