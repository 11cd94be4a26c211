#pragma once
#include <span>

#include "lazuli/core/factory.h"

namespace lazuli {

/// Uninitialised memory. Throws Error for negative sizes, too many elements, or no memory, as all of these do.
Tensor empty(const Shape& sizes, const CreationOptions& options = {});
template <CreationOption... O>
Tensor empty(const Shape& sizes, const O&... options) {
  return empty(sizes, creation_options(options...));
}
Tensor empty(...) = delete;  // empty(sizes, {.dtype, .device, .requires_grad}) or empty(sizes, dtype, device)
/// With given strides, in elements and not negative.
Tensor empty_strided(const Shape& sizes, const Shape& strides, const CreationOptions& options = {});
template <CreationOption... O>
Tensor empty_strided(const Shape& sizes, const Shape& strides, const O&... options) {
  return empty_strided(sizes, strides, creation_options(options...));
}
Tensor empty_strided(...) = delete;  // (sizes, strides, {.dtype, .device, .requires_grad}) or (sizes, strides, dtype, device)
Tensor zeros(const Shape& sizes, const CreationOptions& options = {});
template <CreationOption... O>
Tensor zeros(const Shape& sizes, const O&... options) {
  return zeros(sizes, creation_options(options...));
}
Tensor zeros(...) = delete;  // zeros(sizes, {.dtype, .device, .requires_grad}) or zeros(sizes, dtype, device)
Tensor ones(const Shape& sizes, const CreationOptions& options = {});
template <CreationOption... O>
Tensor ones(const Shape& sizes, const O&... options) {
  return ones(sizes, creation_options(options...));
}
Tensor ones(...) = delete;  // ones(sizes, {.dtype, .device, .requires_grad}) or ones(sizes, dtype, device)
/// Every element `value`. The dtype, unless given, follows the value's kind: bool, int64, the default dtype or its complex counterpart.
Tensor full(const Shape& sizes, const Scalar& value, const CreationOptions& options = {});
template <CreationOption... O>
Tensor full(const Shape& sizes, const Scalar& value, const O&... options) {
  return full(sizes, value, creation_options(options...));
}
Tensor full(...) = delete;  // full(sizes, value, {.dtype, .device, .requires_grad}) or full(sizes, value, dtype, device)
/// 0-d; the default dtype unless given, whatever the value's kind.
Tensor scalar_tensor(const Scalar& value, const CreationOptions& options = {});
template <CreationOption... O>
Tensor scalar_tensor(const Scalar& value, const O&... options) {
  return scalar_tensor(value, creation_options(options...));
}
Tensor scalar_tensor(...) = delete;  // scalar_tensor(number, {.dtype, .device, .requires_grad}) or scalar_tensor(number, dtype, device)

/// n x m (m: n) with ones on the diagonal.
Tensor eye(int64_t n, std::optional<int64_t> m = {}, const CreationOptions& options = {});
inline Tensor eye(int64_t n, const CreationOptions& options) { return eye(n, {}, options); }
template <CreationOption... O>
requires(sizeof...(O) > 0) Tensor eye(int64_t n, const O&... options) { return eye(n, {}, creation_options(options...)); }
template <CreationOption... O>
Tensor eye(int64_t n, std::optional<int64_t> m, const O&... options) {
  return eye(n, m, creation_options(options...));
}
Tensor eye(...) = delete;  // eye(n, [m], {.dtype, .device, .requires_grad}) or eye(n, [m], dtype, device)
/// start, start + step, ... below end (above, for a negative step). int64 when all three are integers, else the default dtype.
/// Throws Error for a zero or infinite step, or one that leads away from end.
Tensor arange(const Scalar& end, const CreationOptions& options = {});
Tensor arange(const Scalar& start, const Scalar& end, const Scalar& step, const CreationOptions& options = {});
Tensor arange(const Scalar& start, const Scalar& end);
Tensor arange(const Scalar& start, const Scalar& end, const CreationOptions& options);
template <CreationOption... O>
Tensor arange(const Scalar& end, const O&... options) {
  return arange(end, creation_options(options...));
}
template <CreationOption... O>
Tensor arange(const Scalar& start, const Scalar& end, const O&... options) {
  return arange(start, end, creation_options(options...));
}
template <CreationOption... O>
Tensor arange(const Scalar& start, const Scalar& end, const Scalar& step, const O&... options) {
  return arange(start, end, step, creation_options(options...));
}
Tensor arange(...) = delete;  // arange([start], end, [step], {.dtype, .device, .requires_grad}) or arange([start], end, [step], dtype, device)
/// `steps` values from start to end, both included; logspace: base to the power of these.
Tensor linspace(const Scalar& start, const Scalar& end, int64_t steps, const CreationOptions& options = {});
template <CreationOption... O>
Tensor linspace(const Scalar& start, const Scalar& end, int64_t steps, const O&... options) {
  return linspace(start, end, steps, creation_options(options...));
}
Tensor linspace(...) = delete;  // linspace(start, end, steps, {.dtype, .device, .requires_grad}) or linspace(start, end, steps, dtype, device)
Tensor logspace(const Scalar& start, const Scalar& end, int64_t steps, double base = 10, const CreationOptions& options = {});
template <CreationOption... O>
Tensor logspace(const Scalar& start, const Scalar& end, int64_t steps, double base, const O&... options) {
  return logspace(start, end, steps, base, creation_options(options...));
}
Tensor logspace(...) = delete;  // (start, end, steps, base, {.dtype, .device, .requires_grad}) or (start, end, steps, base, dtype, device)
/// Row and column numbers, [2, count] int64, of the lower (upper) triangle of a row x col matrix.
Tensor tril_indices(int64_t row, int64_t col, int64_t offset = 0, const CreationOptions& options = {});
template <CreationOption... O>
Tensor tril_indices(int64_t row, int64_t col, int64_t offset, const O&... options) {
  return tril_indices(row, col, offset, creation_options(options...));
}
Tensor tril_indices(...) = delete;  // (row, col, offset, {.dtype, .device, .requires_grad}) or (row, col, offset, dtype, device)
Tensor triu_indices(int64_t row, int64_t col, int64_t offset = 0, const CreationOptions& options = {});
template <CreationOption... O>
Tensor triu_indices(int64_t row, int64_t col, int64_t offset, const O&... options) {
  return triu_indices(row, col, offset, creation_options(options...));
}
Tensor triu_indices(...) = delete;  // (row, col, offset, {.dtype, .device, .requires_grad}) or (row, col, offset, dtype, device)

/// Of the sizes of `self` and, where dense, its layout (channels-last stays channels-last).
Tensor empty_like(const Tensor& self, const CreationOptions& options = {});
template <CreationOption... O>
Tensor empty_like(const Tensor& self, const O&... options) {
  return empty_like(self, creation_options(options...));
}
Tensor empty_like(...) = delete;  // empty_like(x, {.dtype, .device, .requires_grad}) or empty_like(x, dtype, device)
Tensor zeros_like(const Tensor& self, const CreationOptions& options = {});
template <CreationOption... O>
Tensor zeros_like(const Tensor& self, const O&... options) {
  return zeros_like(self, creation_options(options...));
}
Tensor zeros_like(...) = delete;  // zeros_like(x, {.dtype, .device, .requires_grad}) or zeros_like(x, dtype, device)
Tensor ones_like(const Tensor& self, const CreationOptions& options = {});
template <CreationOption... O>
Tensor ones_like(const Tensor& self, const O&... options) {
  return ones_like(self, creation_options(options...));
}
Tensor ones_like(...) = delete;  // ones_like(x, {.dtype, .device, .requires_grad}) or ones_like(x, dtype, device)
Tensor full_like(const Tensor& self, const Scalar& value, const CreationOptions& options = {});
template <CreationOption... O>
Tensor full_like(const Tensor& self, const Scalar& value, const O&... options) {
  return full_like(self, value, creation_options(options...));
}
Tensor full_like(...) = delete;  // full_like(x, value, {.dtype, .device, .requires_grad}) or full_like(x, value, dtype, device)
/// Of other sizes, on the device and in the dtype of `self`.
Tensor new_empty(const Tensor& self, const Shape& sizes, const CreationOptions& options = {});
template <CreationOption... O>
Tensor new_empty(const Tensor& self, const Shape& sizes, const O&... options) {
  return new_empty(self, sizes, creation_options(options...));
}
Tensor new_empty(...) = delete;  // new_empty(x, sizes, {.dtype, .device, .requires_grad}) or new_empty(x, sizes, dtype, device)
Tensor new_zeros(const Tensor& self, const Shape& sizes, const CreationOptions& options = {});
template <CreationOption... O>
Tensor new_zeros(const Tensor& self, const Shape& sizes, const O&... options) {
  return new_zeros(self, sizes, creation_options(options...));
}
Tensor new_zeros(...) = delete;  // new_zeros(x, sizes, {.dtype, .device, .requires_grad}) or new_zeros(x, sizes, dtype, device)
Tensor new_ones(const Tensor& self, const Shape& sizes, const CreationOptions& options = {});
template <CreationOption... O>
Tensor new_ones(const Tensor& self, const Shape& sizes, const O&... options) {
  return new_ones(self, sizes, creation_options(options...));
}
Tensor new_ones(...) = delete;  // new_ones(x, sizes, {.dtype, .device, .requires_grad}) or new_ones(x, sizes, dtype, device)
Tensor new_full(const Tensor& self, const Shape& sizes, const Scalar& value, const CreationOptions& options = {});
template <CreationOption... O>
Tensor new_full(const Tensor& self, const Shape& sizes, const Scalar& value, const O&... options) {
  return new_full(self, sizes, value, creation_options(options...));
}
Tensor new_full(...) = delete;  // new_full(x, sizes, value, {.dtype, .device, .requires_grad}) or new_full(x, sizes, value, dtype, device)

/// Numbers in nested braces, for `tensor`.
class NestedNumbers {
 public:
  template <class T>
  requires(std::is_constructible_v<Scalar, T> && !std::is_same_v<std::remove_cvref_t<T>, Tensor>) NestedNumbers(T value)
      : numbers_{Scalar(value)}, kind_(numbers_[0].kind()) {}
  /// A row: `tensor({sources, targets})` of vectors.
  template <class T>
  requires std::is_constructible_v<Scalar, T> NestedNumbers(const std::vector<T>& row)
      : sizes_{int64_t(row.size())}, numbers_(row.begin(), row.end()), kind_(Scalar(T()).kind()) {}
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

/// The tensor that the braces show, `tensor({{1, 2}, {3, 4}})`, or of a vector's elements; `tensor(3.5)` is 0-d. Unless a dtype is given, the kind of the numbers decides,
/// in braces and in vectors alike: bool, int64, the default dtype, or its complex counterpart. (`from_span` and `from_vector` keep the dtype of T.)
Tensor tensor(const NestedNumbers& numbers, const CreationOptions& options = {});
template <CreationOption... O>
Tensor tensor(const NestedNumbers& numbers, const O&... options) {
  return tensor(numbers, creation_options(options...));
}

namespace detail {
/// A tensor just made, in the format and with the gradient that are asked for.
Tensor asked(Tensor made, const CreationOptions& options);
Tensor copied_from(const void* data, int64_t count, DType from, const Shape* sizes, const CreationOptions& options);
Tensor owned_from(void* data, int64_t count, DType dtype, const Shape& sizes, std::shared_ptr<void> owner, const CreationOptions& options);
DType dtype_of_kind(Scalar::Kind kind);
template <class T>
Tensor copied_from(const std::vector<T>& values, const Shape* sizes, const CreationOptions& options) {
  if constexpr (std::is_same_v<T, bool>) {
    std::vector<uint8_t> bytes(values.begin(), values.end());
    return copied_from(bytes.data(), int64_t(bytes.size()), kBool, sizes, options);
  } else {
    return copied_from(values.data(), int64_t(values.size()), dtype_of<T>(), sizes, options);
  }
}

template <class T>
struct NumberIn {
  using type = T;
};
template <class T>
struct NumberIn<std::vector<T>> : NumberIn<T> {};
void check_row(int64_t count, int64_t expected);
/// Appends the numbers of vectors of vectors, and tells their sizes.
template <class Number, class T>
void flatten_into(std::vector<Number>& numbers, std::vector<int64_t>& sizes, const std::vector<T>& values, size_t depth = 0) {
  const auto count = int64_t(values.size());
  if (depth == sizes.size()) sizes.push_back(count);
  check_row(count, sizes[depth]);
  if constexpr (std::is_same_v<Number, T>) {
    numbers.insert(numbers.end(), values.begin(), values.end());
  } else {
    for (const T& row : values) flatten_into(numbers, sizes, row, depth + 1);
  }
}
}  // namespace detail

/// Vectors of vectors give as many dimensions. Throws Error when they differ in sizes.
template <class T>
Tensor tensor(const std::vector<T>& values, CreationOptions options = {}) {
  using Number = typename detail::NumberIn<T>::type;
  if (!options.dtype) options.dtype = detail::dtype_of_kind(Scalar(Number()).kind());
  if constexpr (std::is_same_v<T, Number>) {
    return detail::copied_from(values, nullptr, options);
  } else {
    std::vector<Number> numbers;
    std::vector<int64_t> sizes;
    detail::flatten_into(numbers, sizes, values);
    const Shape shape(sizes);
    return detail::copied_from(numbers, &shape, options);
  }
}
template <class T, CreationOption... O>
Tensor tensor(const std::vector<T>& values, const O&... options) {
  return tensor(values, creation_options(options...));
}
/// Of numbers that lie in one piece of memory: std::array, std::span, a Shape. Texts are none.
template <class Numbers>
requires requires(const Numbers& numbers) {
  requires std::is_arithmetic_v<std::remove_cvref_t<decltype(*numbers.data())>> &&
      !std::is_same_v<std::remove_cvref_t<decltype(*numbers.data())>, char>;
  numbers.size();
}
Tensor tensor(const Numbers& numbers, const CreationOptions& options = {}) {
  using Number = std::remove_cvref_t<decltype(*numbers.data())>;
  return tensor(std::vector<Number>(numbers.data(), numbers.data() + numbers.size()), options);
}
Tensor tensor(...) = delete;  // tensor({{1, 2}, {3, 4}}, {.dtype, .device, .requires_grad}), tensor(vector, {..}) or tensor(.., dtype, device)

/// A copy of the values, 1-d or of the given sizes, in T's dtype unless another is given. Throws Error when the number of values is not that of the sizes.
template <class T>
Tensor from_span(std::span<const T> values, const CreationOptions& options = {}) {
  return detail::copied_from(values.data(), int64_t(values.size()), dtype_of<T>(), nullptr, options);
}
template <class T>
Tensor from_span(std::span<const T> values, const Shape& sizes, const CreationOptions& options = {}) {
  return detail::copied_from(values.data(), int64_t(values.size()), dtype_of<T>(), &sizes, options);
}
Tensor from_span(...) = delete;  // from_span(values, [sizes], [options])
template <class T>
Tensor from_vector(const std::vector<T>& values, const Shape& sizes, const CreationOptions& options = {}) {
  return detail::copied_from(values, &sizes, options);
}
/// The vector's own memory, where no other dtype or device is asked for: nothing is copied.
template <class T>
requires(!std::is_const_v<T> && !std::is_same_v<T, bool>) Tensor
    from_vector(std::vector<T>&& values, const Shape& sizes, const CreationOptions& options = {}) {
  auto owner = std::make_shared<std::vector<T>>(std::move(values));
  T* data = owner->data();
  int64_t count = int64_t(owner->size());
  return detail::owned_from(data, count, dtype_of<T>(), sizes, std::move(owner), options);
}
Tensor from_vector(...) = delete;  // from_vector(values, sizes, [options])
/// A copy of `count` elements (-1: all that are there) of raw memory, from byte `offset` on. Throws Error when there are fewer.
Tensor frombuffer(std::span<const std::byte> buffer, DType dtype, int64_t count = -1, int64_t offset = 0);
/// `data` itself, or a copy of the given dtype and device; with requires_grad a leaf that shares its memory where `data` asks for no gradient.
Tensor as_tensor(const Tensor& data, const CreationOptions& options = {});
template <CreationOption... O>
Tensor as_tensor(const Tensor& data, const O&... options) {
  return as_tensor(data, creation_options(options...));
}
/// Of a vector's elements, as `tensor` makes one.
template <class T, CreationOption... O>
Tensor as_tensor(const std::vector<T>& values, const O&... options) {
  return tensor(values, options...);
}
Tensor as_tensor(...) = delete;  // as_tensor(tensor or vector, {.dtype, .device, .requires_grad}) or as_tensor(tensor or vector, dtype, device)

}  // namespace lazuli
