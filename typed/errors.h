#pragma once

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
template <auto... message>
struct call_error_no_such_form;  // arguments that no form of the function takes

}  // namespace lazuli::typed::errors
