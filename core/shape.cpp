#include "lazuli/core/shape.h"

#include <algorithm>
#include <limits>
#include <ostream>

#include "lazuli/core/error.h"

namespace lazuli {

Shape Shape::filled(int64_t count, int64_t value) {
  Shape s;
  s.size_ = uint32_t(count);
  if (s.size_ > kInline) s.heap_ = new int64_t[s.size_];
  std::fill(s.begin(), s.end(), value);
  return s;
}

OptionalShape::OptionalShape(std::optional<Shape> sizes) : std::optional<Shape>(std::move(sizes)) {}
DimList::DimList(const std::optional<Shape>& dims) : Shape(dims ? *dims : Shape()) {}

Shape::operator std::span<const int64_t>() const { return {data(), size_}; }

void Shape::insert(int64_t at, int64_t value) {
  if (size_ < kInline) {
    std::copy_backward(inline_ + at, inline_ + size_, inline_ + size_ + 1);
    inline_[at] = value;
    ++size_;
    return;
  }
  Shape longer = filled(size_ + 1, value);
  std::copy(begin(), begin() + at, longer.begin());
  std::copy(begin() + at, end(), longer.begin() + at + 1);
  *this = std::move(longer);
}

void Shape::erase(int64_t at) {
  if (size_ != kInline + 1) {
    std::copy(begin() + at + 1, end(), begin() + at);
    --size_;
    return;
  }
  Shape shorter = filled(size_ - 1, 0);  // moves back inside the object
  std::copy(begin(), begin() + at, shorter.begin());
  std::copy(begin() + at + 1, end(), shorter.begin() + at);
  *this = std::move(shorter);
}

Shape Shape::slice(int64_t start, int64_t count) const {
  if (start < 0 || count < 0 || count > size() - start)
    fail(ErrorKind::Index, "Shape::slice", "count", std::to_string(size()) + " sizes at most",
         std::to_string(count) + " from " + std::to_string(start));
  return Shape(data() + start, count);
}
std::vector<int64_t> Shape::vec() const { return {begin(), end()}; }

void Shape::copy_heap(const Shape& other) {
  heap_ = new int64_t[size_];
  std::memcpy(heap_, other.heap_, size_ * sizeof(int64_t));
}

int64_t Shape::wrapped(int64_t i) const {
  if (i >= size_ || i < -int64_t(size_)) {
    std::string range =
        size_ ? "a position in [" + std::to_string(-int64_t(size_)) + ", " + std::to_string(size_ - 1) + "]" : "a list that is not empty";
    fail(ErrorKind::Index, "Shape", "i", range, std::to_string(i));
  }
  return i + size_;
}

bool Shape::contains(int64_t value) const { return std::find(begin(), end(), value) != end(); }

std::string to_string(const Shape& shape) {
  std::string text = "[";
  for (int64_t i = 0; i < shape.size(); ++i) text += (i ? ", " : "") + std::to_string(shape[i]);
  return text + "]";
}
std::ostream& operator<<(std::ostream& stream, const Shape& shape) { return stream << to_string(shape); }

Shape contiguous_strides(const Shape& sizes) {
  Shape strides = sizes;
  int64_t step = 1;
  for (int64_t i = sizes.size(); i-- > 0;) {
    strides[i] = step;
    if (__builtin_mul_overflow(step, std::max<int64_t>(sizes[i], 1), &step)) step = std::numeric_limits<int64_t>::max();  // no tensor has such sizes
  }
  return strides;
}

namespace {
// The name of the mistake where the operator has one of its own.
ErrorCode out_of_range(std::string_view op) {
  struct Family {
    std::string_view begin;
    ErrorCode code;
  };
  constexpr Family families[] = {
      {"chunk", errors::chunk_error_dim_out_of_range},         {"flip", errors::flip_error_dim_out_of_range},
      {"gather", errors::gather_error_dim_out_of_range},       {"index_select", errors::index_select_error_dim_out_of_range},
      {"scatter", errors::scatter_error_dim_out_of_range},     {"softmax", errors::softmax_error_dim_out_of_range},
      {"log_softmax", errors::softmax_error_dim_out_of_range}, {"softmin", errors::softmax_error_dim_out_of_range},
      {"split", errors::split_error_dim_out_of_range},         {"transpose", errors::transpose_dims_error_out_of_range},
      {"unbind", errors::unbind_error_dim_out_of_range}};
  for (const Family& family : families)
    if (op.starts_with(family.begin)) return family.code;
  return errors::dimension_error_out_of_range;
}
}  // namespace

int64_t wrap_dim(int64_t dim, int64_t rank, const char* op) {
  int64_t r = std::max<int64_t>(rank, 1);
  if (dim < -r || dim >= r)
    fail(out_of_range(op), ErrorKind::Index, op, "dim", "a dimension in [" + std::to_string(-r) + ", " + std::to_string(r - 1) + "]",
         std::to_string(dim));
  return dim < 0 ? dim + r : dim;
}

Shape wrap_dims(const Shape& dims, int64_t rank, const char* op) {
  Shape wrapped = dims;
  for (int64_t i = 0; i < dims.size(); ++i) {
    wrapped[i] = wrap_dim(dims[i], rank, op);
    for (int64_t j = 0; j < i; ++j)
      if (wrapped[j] == wrapped[i]) fail(op, "dim", "each dimension once", to_string(dims));
  }
  return wrapped;
}

Shape broadcast_shapes(const Shape& a, const Shape& b, const char* op) {
  if (a == b) return a;
  const Shape &longer = a.size() >= b.size() ? a : b, &shorter = a.size() >= b.size() ? b : a;
  Shape out = longer;
  int64_t lead = longer.size() - shorter.size();
  for (int64_t i = 0; i < shorter.size(); ++i) {
    int64_t &o = out[lead + i], s = shorter[i];
    if (o == s || s == 1) continue;
    if (o != 1)
      fail(errors::broadcast_error_incompatible_dimensions, op, "", "shapes that broadcast together", to_string(a) + " and " + to_string(b));
    o = s;
  }
  return out;
}

bool can_broadcast_to(const Shape& from, const Shape& to) {
  if (from.size() > to.size()) return false;
  for (int64_t i = 0, lead = to.size() - from.size(); i < from.size(); ++i)
    if (from[i] != 1 && from[i] != to[lead + i]) return false;
  return true;
}

}  // namespace lazuli
