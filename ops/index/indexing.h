#pragma once
#include "lazuli/core/factory.h"

/// Python's x[...], as NumPy and PyTorch define it:
///   x.index({1, Slice(0, 5, 2), none, Ellipsis, mask})    and    x.index_put_({Ellipsis, 0}, value)
/// An integer picks an entry, a Slice a range, `none` adds a dimension of size 1, Ellipsis stands for as many full slices as are missing: with these alone the
/// result is a view. Integer tensors (int64, int32; negative from the end) pick entries, broadcast against each other; a bool tensor (or uint8) stands for the
/// indices of its true elements and covers as many dimensions as it has. With tensors the result is a copy; their common shape replaces their dimensions where
/// these are neighbours, and comes first where they are not. Errors (Index): too many indices, an index out of range, a mask of other sizes, tensors that do not
/// broadcast, a tensor of another dtype.
namespace lazuli {

struct EllipsisType {};
inline constexpr EllipsisType Ellipsis{};

/// start:stop:step; the step is positive.
struct Slice {
  std::optional<int64_t> start, stop, step;
  Slice(std::optional<int64_t> from = {}, std::optional<int64_t> to = {}, std::optional<int64_t> by = {}) : start(from), stop(to), step(by) {}
  /// As Python has it: "slice(0, -1, None)".
  friend std::string to_string(const Slice& range);
  friend std::ostream& operator<<(std::ostream& stream, const Slice& range);
};

/// One item between the brackets.
struct IndexItem {
  enum class Kind : uint8_t { None, Ellipsis, Integer, Bool, Slice, Tensor };
  Kind kind;
  int64_t integer = 0;  // Bool: 0 or 1
  lazuli::Slice slice;
  lazuli::Tensor tensor;

  IndexItem(std::nullopt_t) : kind(Kind::None) {}
  IndexItem(EllipsisType) : kind(Kind::Ellipsis) {}
  /// "..." is Ellipsis. Throws Error for any other text.
  IndexItem(const char* text);
  template <class T>
  requires std::is_integral_v<T> IndexItem(T value) : kind(std::is_same_v<T, bool> ? Kind::Bool : Kind::Integer), integer(int64_t(value)) {}
  IndexItem(const lazuli::Slice& range) : kind(Kind::Slice), slice(range) {}
  IndexItem(const lazuli::Tensor& indices) : kind(Kind::Tensor), tensor(indices) {}
};

/// x[items]; Tensor::index is the same.
Tensor get_item(const Tensor& self, const std::vector<IndexItem>& items);
/// x[items] = value, which broadcasts; of repeated indices the last wins. `accumulate` adds instead, repeated indices too. Tensor::index_put_ is the same.
Tensor& set_item(Tensor& self, const std::vector<IndexItem>& items, const Tensor& value, bool accumulate = false);
Tensor& set_item(Tensor& self, const std::vector<IndexItem>& items, const Scalar& value);
Tensor& set_item(...) = delete;  // set_item(x, items, value, [accumulate])

/// The function form for tensors alone: one place for each leading dimension, where an absent tensor is a full slice.
Tensor index(const Tensor& self, const std::vector<OptionalTensor>& indices);
/// A copy of self with self[indices] = values, or increased by them. Throws Error for values of another dtype, or that do not broadcast.
Tensor index_put(const Tensor& self, const std::vector<OptionalTensor>& indices, const Tensor& values, bool accumulate = false);
Tensor& index_put_(const Tensor& self, const std::vector<OptionalTensor>& indices, const Tensor& values, bool accumulate = false);

}  // namespace lazuli
