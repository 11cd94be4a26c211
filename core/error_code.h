#pragma once
#include <cstdint>
#include <string_view>

namespace lazuli {

/// Which mistake an Error reports, where it is one of those that have a name of their own; none for all others. It compares with another code and with a name:
///   catch (const Error& error) { if (error.code() == errors::narrow_error_start_out_of_bounds) ... }
class ErrorCode {
 public:
  constexpr ErrorCode() = default;
  constexpr explicit ErrorCode(int place) : place_(uint16_t(place)) {}
  /// "narrow_error_start_out_of_bounds"; empty for none.
  constexpr std::string_view name() const;
  constexpr explicit operator bool() const { return place_ != 0; }
  constexpr bool operator==(const ErrorCode&) const = default;
  constexpr bool operator==(std::string_view text) const { return name() == text; }
  /// The code of that name; none where there is none.
  static constexpr ErrorCode named(std::string_view name);

 private:
  uint16_t place_ = 0;
};

#define LAZULI_ERROR_CODES(X)                   \
  X(at_error_index_out_of_bounds)               \
  X(batch_dimensions_do_not_match_error)        \
  X(broadcast_error_incompatible_dimensions)    \
  X(chunk_error_dim_out_of_range)               \
  X(dimension_error_out_of_range)               \
  X(einops_error_ambiguous_decomposition)       \
  X(einops_error_anonymous_in_output)           \
  X(einops_error_dimension_mismatch)            \
  X(einops_error_invalid_pattern)               \
  X(einops_error_reduce_undefined_output)       \
  X(einops_error_repeat_missing_size)           \
  X(einops_error_undefined_axis)                \
  X(einsum_error_dimension_mismatch)            \
  X(einsum_error_index_out_of_range)            \
  X(einsum_error_invalid_equation)              \
  X(einsum_error_invalid_sublist_element)       \
  X(einsum_error_operand_count_mismatch)        \
  X(einsum_error_subscript_rank_mismatch)       \
  X(einsum_error_unknown_output_index)          \
  X(embedding_bag_error_requires_2d_input)      \
  X(expand_error_incompatible)                  \
  X(flip_error_dim_out_of_range)                \
  X(gather_error_dim_out_of_range)              \
  X(index_select_error_dim_out_of_range)        \
  X(item_error_not_scalar)                      \
  X(linalg_error_not_square_matrix)             \
  X(linalg_error_requires_2d)                   \
  X(linalg_error_requires_at_least_2d)          \
  X(matmul_error_inner_dimensions_do_not_match) \
  X(narrow_error_length_exceeds_bounds)         \
  X(narrow_error_start_out_of_bounds)           \
  X(permute_error_dimension_count_mismatch)     \
  X(scatter_error_dim_out_of_range)             \
  X(select_error_index_out_of_bounds)           \
  X(slice_error_out_of_bounds)                  \
  X(softmax_error_dim_out_of_range)             \
  X(split_error_dim_out_of_range)               \
  X(transpose_dims_error_out_of_range)          \
  X(transpose_error_requires_2d_tensor)         \
  X(unbind_error_dim_out_of_range)              \
  X(autograd_gradient_mismatch_error)           \
  X(autograd_not_registered_error)              \
  X(dtype_already_registered_error)             \
  X(dtype_components_mismatch_error)            \
  X(dtype_not_found_error)                      \
  X(function_already_registered_error)          \
  X(invalid_config_error)                       \
  X(kernel_not_registered_error)                \
  X(kernel_signature_mismatch_error)            \
  X(method_already_registered_error)            \
  X(method_dtype_not_supported_error)           \
  X(op_kind_mismatch_error)                     \
  X(op_not_found_error)                         \
  X(registration_failed_error)                  \
  X(device_error_requires)

namespace detail {
#define LAZULI_ERROR_NAME(name) #name,
inline constexpr const char* kErrorNames[] = {"", LAZULI_ERROR_CODES(LAZULI_ERROR_NAME)};
#undef LAZULI_ERROR_NAME
inline constexpr int kErrorCodeCount = int(sizeof(kErrorNames) / sizeof(kErrorNames[0]));
#define LAZULI_ERROR_PLACE(name) name,
enum class ErrorPlace { none, LAZULI_ERROR_CODES(LAZULI_ERROR_PLACE) };
#undef LAZULI_ERROR_PLACE
}  // namespace detail

constexpr std::string_view ErrorCode::name() const { return detail::kErrorNames[place_]; }
constexpr ErrorCode ErrorCode::named(std::string_view name) {
  for (int place = 1; place < detail::kErrorCodeCount; ++place)
    if (name == detail::kErrorNames[place]) return ErrorCode(place);
  return ErrorCode();
}

/// All codes by name. Those of shapes begin with the operator's name; those of the registry end in _error.
namespace errors {
#define LAZULI_ERROR_CODE(name) inline constexpr ErrorCode name{int(detail::ErrorPlace::name)};
LAZULI_ERROR_CODES(LAZULI_ERROR_CODE)
#undef LAZULI_ERROR_CODE
}  // namespace errors

}  // namespace lazuli
