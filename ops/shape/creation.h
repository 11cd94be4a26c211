#pragma once
#include <span>

#include "lazuli/core/factory.h"

namespace lazuli {

/// Of what kind a new tensor shall be. What is left out is the default dtype, the CPU, no gradient; in *_like and new_* it is that of the given tensor.
///   zeros({2, 3}, {.dtype = kFloat64, .requires_grad = true}), or short: zeros({2, 3}, kFloat64)
struct TensorOptions {
  std::optional<DType> dtype = {};
  std::optional<Device> device = {};
  bool requires_grad = false;
};

/// Uninitialised memory. Throws Error for negative sizes, too many elements, or no memory, as all of these do.
Tensor empty(const Shape& sizes, const TensorOptions& options = {});
Tensor empty(const Shape& sizes, DType dtype, Device device = kCPU);
/// With given strides, in elements and not negative.
Tensor empty_strided(const Shape& sizes, const Shape& strides, const TensorOptions& options = {});
Tensor zeros(const Shape& sizes, const TensorOptions& options = {});
Tensor zeros(const Shape& sizes, DType dtype, Device device = kCPU);
Tensor ones(const Shape& sizes, const TensorOptions& options = {});
Tensor ones(const Shape& sizes, DType dtype, Device device = kCPU);
/// Every element `value`. The dtype, unless given, follows the value's kind: bool, int64, the default dtype or its complex counterpart.
Tensor full(const Shape& sizes, const Scalar& value, const TensorOptions& options = {});
Tensor full(const Shape& sizes, const Scalar& value, DType dtype, Device device = kCPU);
/// 0-d; the default dtype unless given, whatever the value's kind.
Tensor scalar_tensor(const Scalar& value, const TensorOptions& options = {});

/// n x m (m: n) with ones on the diagonal.
Tensor eye(int64_t n, std::optional<int64_t> m = {}, const TensorOptions& options = {});
/// start, start + step, ... below end (above, for a negative step). int64 when all three are integers, else the default dtype.
/// Throws Error for a zero or infinite step, or one that leads away from end.
Tensor arange(const Scalar& end, const TensorOptions& options = {});
Tensor arange(const Scalar& start, const Scalar& end, const Scalar& step, const TensorOptions& options = {});
Tensor arange(const Scalar& start, const Scalar& end);
/// `steps` values from start to end, both included; logspace: base to the power of these.
Tensor linspace(const Scalar& start, const Scalar& end, int64_t steps, const TensorOptions& options = {});
Tensor logspace(const Scalar& start, const Scalar& end, int64_t steps, double base = 10, const TensorOptions& options = {});
/// Row and column numbers, [2, count] int64, of the lower (upper) triangle of a row x col matrix.
Tensor tril_indices(int64_t row, int64_t col, int64_t offset = 0, const TensorOptions& options = {});
Tensor triu_indices(int64_t row, int64_t col, int64_t offset = 0, const TensorOptions& options = {});

/// Of the sizes of `self` and, where dense, its layout (channels-last stays channels-last).
Tensor empty_like(const Tensor& self, const TensorOptions& options = {});
Tensor zeros_like(const Tensor& self, const TensorOptions& options = {});
Tensor ones_like(const Tensor& self, const TensorOptions& options = {});
Tensor full_like(const Tensor& self, const Scalar& value, const TensorOptions& options = {});
/// Of other sizes, on the device and in the dtype of `self`.
Tensor new_empty(const Tensor& self, const Shape& sizes, const TensorOptions& options = {});
Tensor new_zeros(const Tensor& self, const Shape& sizes, const TensorOptions& options = {});
Tensor new_ones(const Tensor& self, const Shape& sizes, const TensorOptions& options = {});
Tensor new_full(const Tensor& self, const Shape& sizes, const Scalar& value, const TensorOptions& options = {});

/// Numbers in nested braces, for `tensor`.
class NestedNumbers {
 public:
  template <class T>
  requires(std::is_constructible_v<Scalar, T> && !std::is_same_v<std::remove_cvref_t<T>, Tensor>) NestedNumbers(T value)
      : numbers_{Scalar(value)}, kind_(numbers_[0].kind()) {}
  /// Throws Error when the items differ in sizes.
  NestedNumbers(std::initializer_list<NestedNumbers> items);
  const Shape& sizes() const { return sizes_; }
  const std::vector<Scalar>& numbers() const { return numbers_; }
  Scalar::Kind kind() const { return kind_; }

 private:
  Shape sizes_;
  std::vector<Scalar> numbers_;
  Scalar::Kind kind_ = Scalar::Kind::Float;
};

/// The tensor that the braces show: `tensor({{1, 2}, {3, 4}})`; `tensor(3.5)` is 0-d. Unless given, the dtype is that of the widest kind in it:
/// bool, int64, the default dtype, or its complex counterpart.
Tensor tensor(const NestedNumbers& numbers, const TensorOptions& options = {});
inline Tensor tensor(const NestedNumbers& numbers, DType dtype) { return tensor(numbers, TensorOptions{.dtype = dtype}); }

namespace detail {
Tensor copied_from(const void* data, int64_t count, DType from, const Shape* sizes, const TensorOptions& options);
Tensor owned_from(void* data, int64_t count, DType dtype, const Shape& sizes, std::shared_ptr<void> owner);
}  // namespace detail

/// A copy of the values, 1-d or of the given sizes, in T's dtype unless another is given. Throws Error when the number of values is not that of the sizes.
template <class T>
Tensor from_span(std::span<const T> values, const TensorOptions& options = {}) {
  return detail::copied_from(values.data(), int64_t(values.size()), dtype_of<T>(), nullptr, options);
}
template <class T>
Tensor from_span(std::span<const T> values, const Shape& sizes, const TensorOptions& options = {}) {
  return detail::copied_from(values.data(), int64_t(values.size()), dtype_of<T>(), &sizes, options);
}
template <class T>
Tensor tensor(const std::vector<T>& values, const TensorOptions& options = {}) {
  if constexpr (std::is_same_v<T, bool>) {
    std::vector<uint8_t> bytes(values.begin(), values.end());
    return detail::copied_from(bytes.data(), int64_t(bytes.size()), kBool, nullptr, options);
  } else {
    return from_span(std::span<const T>(values), options);
  }
}
template <class T>
Tensor tensor(const std::vector<T>& values, DType dtype) {
  return tensor(values, TensorOptions{.dtype = dtype});
}
template <class T>
Tensor from_vector(const std::vector<T>& values, const Shape& sizes) {
  if constexpr (std::is_same_v<T, bool>) {
    std::vector<uint8_t> bytes(values.begin(), values.end());
    return detail::copied_from(bytes.data(), int64_t(bytes.size()), kBool, &sizes, {});
  } else {
    return from_span(std::span<const T>(values), sizes);
  }
}
/// The vector's own memory: nothing is copied.
template <class T>
requires(!std::is_const_v<T> && !std::is_same_v<T, bool>) Tensor from_vector(std::vector<T>&& values, const Shape& sizes) {
  auto owner = std::make_shared<std::vector<T>>(std::move(values));
  T* data = owner->data();
  int64_t count = int64_t(owner->size());
  return detail::owned_from(data, count, dtype_of<T>(), sizes, std::move(owner));
}
/// A copy of `count` elements (-1: all that are there) of raw memory, from byte `offset` on. Throws Error when there are fewer.
Tensor frombuffer(std::span<const std::byte> buffer, DType dtype, int64_t count = -1, int64_t offset = 0);
/// `data` itself, or a copy of the given dtype and device.
Tensor as_tensor(const Tensor& data, const TensorOptions& options = {});

}  // namespace lazuli
