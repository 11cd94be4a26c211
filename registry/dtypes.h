#pragma once
#include <functional>
#include <string>
#include <vector>

#include "lazuli/core/open/user_dtype.h"
#include "lazuli/ops/table/handle.h"

/// Element types of a program's own, made of components of built-in dtypes: a dual number of two float32, an 8-bit float in a uint8. Tensors of them are made, viewed, copied, indexed, joined,
/// printed and saved as others are; what is computed with them is what kernels are registered for (kernels.h).
namespace lazuli::registry {

using DTypeComponents = std::vector<DTypeComponent>;

struct DTypeConfig {
  std::string name;            // as it prints, and by which files know it
  DTypeComponents components;  // in order; laid out as a C++ struct of them, in at most 16 bytes
  /// The text of an element; none: "(1, 2)", or the value itself where there is one component.
  std::function<std::string(const void* element)> format = {};
  /// Elements as numbers and numbers as elements, for item(), full(), to() and arithmetic with numbers; none: a number is the first component, the others being 0.
  std::function<Scalar(const void* element)> to_scalar = {};
  std::function<void(void* element, const Scalar& value)> from_scalar = {};
  /// Elements are no numbers at all: those conversions throw method_dtype_not_supported_error. Zeros exist.
  bool is_number = true;
};

class DTypeHandle : public Handle {
 public:
  DTypeHandle(Handle handle, DType dtype) : Handle(std::move(handle)), dtype_(dtype) {}
  DType dtype() const { return dtype_; }
  operator DType() const { return dtype_; }

 private:
  DType dtype_;
};

/// Throws Error: dtype_already_registered_error for a name in use, invalid_config_error for a name that is no identifier, no components, two of one name, or more than 16 bytes.
DTypeHandle register_dtype(DTypeConfig config);
/// By name, built-in or registered. Throws Error (dtype_not_found_error).
DType get_dtype(std::string_view name);
bool has_dtype(std::string_view name);
/// Throws the same Error unless there is one of that name.
void validate_dtype(std::string_view name);
std::vector<std::string> list_dtypes();
std::vector<std::string> list_custom_dtypes();

/// What there is to know of a dtype. Limits are those of floating point types and integers; for others 0.
struct DTypeInfo {
  std::string name;
  DType dtype = kFloat32;
  int64_t item_size = 0;
  DTypeKind kind = DTypeKind::Float;
  bool is_custom = false;
  DTypeComponents components = {};
  int bits = 0;
  double eps = 0, max = 0, min = 0, tiny = 0;
};
DTypeInfo get_dtype_info(DType dtype);
inline DTypeInfo dtype_info(DType dtype) { return get_dtype_info(dtype); }
/// complex64 to float32, others themselves.
inline DType get_real_dtype(DType dtype) { return real_dtype(dtype); }
inline bool is_complex_dtype(DType dtype) { return is_complex(dtype); }
inline bool is_floating_point_dtype(DType dtype) { return is_floating_point(dtype); }

/// One component of all elements, as a view: writing to it writes to them. Throws Error (dtype_components_mismatch_error) where there is none of that name or number.
Tensor component(const Tensor& t, std::string_view name);
Tensor component(const Tensor& t, int64_t index);
std::vector<Tensor> components(const Tensor& t);
/// Elements from their components, of equal sizes and the components' dtypes; else Error (dtype_components_mismatch_error).
Tensor from_components(DType dtype, const std::vector<Tensor>& components);

namespace detail {
Tensor from_memory(DType dtype, const void* data, int64_t count, size_t size, const Shape& sizes);
void to_memory(const Tensor& t, void* data, size_t size);
}  // namespace detail

/// Elements from C++ structs laid out as the dtype is, and the reverse, in row-major order. Throws Error (dtype_components_mismatch_error) where sizeof(T) is not the element's size.
template <class T>
Tensor from_elements(DType dtype, const std::vector<T>& elements, const Shape& sizes) {
  return detail::from_memory(dtype, elements.data(), int64_t(elements.size()), sizeof(T), sizes);
}
template <class T>
Tensor from_elements(DType dtype, const std::vector<T>& elements) {
  return from_elements(dtype, elements, {int64_t(elements.size())});
}
template <class T>
std::vector<T> to_elements(const Tensor& t) {
  std::vector<T> elements(size_t(t.numel()));
  detail::to_memory(t, elements.data(), sizeof(T));
  return elements;
}

}  // namespace lazuli::registry
