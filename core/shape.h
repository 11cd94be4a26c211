#pragma once
#include <array>
#include <concepts>
#include <cstdint>
#include <cstring>
#include <initializer_list>
#include <iosfwd>
#include <optional>
#include <span>
#include <string>
#include <type_traits>
#include <vector>

namespace lazuli {

/// An integer as a size or an index, which a bool is not.
template <class T>
concept SizeNumber = std::is_integral_v<T> && !std::is_same_v<T, bool>;

template <class T>
inline constexpr bool is_span_of_sizes = false;
template <class I, size_t count>
inline constexpr bool is_span_of_sizes<std::span<I, count>> = std::is_same_v<std::remove_const_t<I>, int64_t>;
/// A list of them; not what braces could be, too.
template <class T>
concept SizeNumbers = std::is_base_of_v<std::vector<int64_t>, T> || is_span_of_sizes<T> || std::is_same_v<T, std::initializer_list<int64_t>> ||
    (std::is_bounded_array_v<T>&& std::is_same_v<std::remove_extent_t<T>, int64_t>);

/// A short list of integers: sizes, strides, dimensions. Up to six stay inside the object.
/// Converts from braces, vectors, spans and a single integer, so that `zeros({2, 3})`, `zeros(5)` and `sum(x, 1)` all read well.
class Shape {
 public:
  Shape() : size_(0) {}
  template <SizeNumber T>
  Shape(T single) : size_(1) {
    inline_[0] = int64_t(single);
  }
  /// Not an initializer_list: for that g++ 12 takes names in braces, `{.dim = 1}`, for numbers.
  template <SizeNumber First, SizeNumber Second, SizeNumber... Rest>
  Shape(First first, Second second, Rest... rest)
      : Shape(std::array<int64_t, 2 + sizeof...(Rest)>{int64_t(first), int64_t(second), int64_t(rest)...}) {}
  template <size_t count>
  Shape(const std::array<int64_t, count>& values) : Shape(values.data(), int64_t(count)) {}
  template <SizeNumbers Numbers>
  Shape(const Numbers& values) : Shape(std::data(values), int64_t(std::size(values))) {}
  Shape(const int64_t* values, int64_t count) : size_(uint32_t(count)) {
    if (size_ > kInline) heap_ = new int64_t[size_];
    if (size_) std::memcpy(data(), values, size_ * sizeof(int64_t));
  }
  /// `count` times `value`.
  static Shape filled(int64_t count, int64_t value);
#if defined(__GNUC__) && !defined(__clang__)
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wmaybe-uninitialized"  // elements past the last, which are copied and never read
#endif
  Shape(const Shape& other) : size_(other.size_) {
    if (size_ > kInline) [[unlikely]]
      copy_heap(other);
    else std::memcpy(inline_, other.inline_, sizeof(inline_));  // of a fixed length: no call
  }
  Shape(Shape&& other) noexcept : size_(other.size_) {
    std::memcpy(inline_, other.inline_, sizeof(inline_));
    other.size_ = 0;
  }
  Shape& operator=(const Shape& other) {
    if (size_ > kInline || other.size_ > kInline) [[unlikely]]
      return *this = Shape(other);
    size_ = other.size_;
    std::memmove(inline_, other.inline_, sizeof(inline_));
    return *this;
  }
  Shape& operator=(Shape&& other) noexcept {
    if (this == &other) return *this;
    if (size_ > kInline) delete[] heap_;
    size_ = other.size_;
    std::memcpy(inline_, other.inline_, sizeof(inline_));
    other.size_ = 0;
    return *this;
  }
#if defined(__GNUC__) && !defined(__clang__)
#pragma GCC diagnostic pop
#endif
  ~Shape() {
    if (size_ > kInline) delete[] heap_;
  }

  int64_t size() const { return size_; }
  bool empty() const { return size_ == 0; }
  int64_t* data() { return size_ > kInline ? heap_ : inline_; }
  const int64_t* data() const { return size_ > kInline ? heap_ : inline_; }
  int64_t* begin() { return data(); }
  int64_t* end() { return data() + size_; }
  const int64_t* begin() const { return data(); }
  const int64_t* end() const { return data() + size_; }
  /// Negative positions count from the end. Throws Error (Index) for one out of range.
  int64_t& operator[](int64_t i) { return data()[uint64_t(i) < size_ ? i : wrapped(i)]; }
  int64_t operator[](int64_t i) const { return data()[uint64_t(i) < size_ ? i : wrapped(i)]; }
  int64_t back() const { return (*this)[-1]; }
  void push_back(int64_t value) { insert(size_, value); }
  void insert(int64_t at, int64_t value);
  void erase(int64_t at);
  bool contains(int64_t value) const;
  /// The product of all: elements of a tensor of these sizes (1 for no dimension).
  int64_t numel() const {
    int64_t n = 1;
    for (int64_t v : *this) n *= v;
    return n;
  }
  bool operator==(const Shape& other) const {
    if (size_ != other.size_) return false;
    const int64_t *a = data(), *b = other.data();
    for (uint32_t i = 0; i < size_; ++i)
      if (a[i] != b[i]) return false;
    return true;
  }
  operator std::span<const int64_t>() const;
  bool equals(const Shape& other) const { return *this == other; }
  std::vector<int64_t> vec() const;
  /// `count` sizes from `start`, or all from there. Throws Error (Index) where there are fewer.
  Shape slice(int64_t start, int64_t count) const;
  Shape slice(int64_t start) const { return slice(start, size() - start); }
  /// As `to_string` has it: "[2, 3]".
  friend std::ostream& operator<<(std::ostream& stream, const Shape& shape);

 private:
  int64_t wrapped(int64_t i) const;
  void copy_heap(const Shape& other);
  static constexpr uint32_t kInline = 6;
  uint32_t size_;
  union {
    int64_t inline_[kInline];
    int64_t* heap_;
  };
};

/// Sizes that may be left out, as a member of options: braces give them, `{.size = {32, 48}}`, which a std::optional does not take.
struct OptionalShape : std::optional<Shape> {
  using std::optional<Shape>::optional;
  OptionalShape() = default;
  template <SizeNumber First, SizeNumber Second, SizeNumber... Rest>
  OptionalShape(First first, Second second, Rest... rest) : OptionalShape(std::optional<Shape>(Shape(first, second, rest...))) {}
  OptionalShape(std::optional<Shape> sizes);
  template <std::same_as<OptionalShape> O>
  friend bool operator==(const O& a, const O& b) {
    return a.has_value() == b.has_value() && (!a || *a == *b);
  }
};

/// The dimensions that an operator works over: none of them named (`none` or `{}`) means all. Converts from one integer, braces, a Shape, or an optional one.
struct DimList : Shape {
  using Shape::Shape;
  DimList() = default;
  template <class Dims>
  requires std::derived_from<Dims, Shape> || SizeNumbers<Dims> DimList(const Dims& dims) : Shape(dims) {}
  DimList(std::nullopt_t) {}
  DimList(const std::optional<Shape>& dims);
};

/// "[2, 3]".
std::string to_string(const Shape& shape);
/// Row-major strides, in elements.
Shape contiguous_strides(const Shape& sizes);
/// `dim` counted from the end when negative; throws Error (Index) naming `op` when out of [-rank, rank-1]. Rank 0 counts as rank 1.
int64_t wrap_dim(int64_t dim, int64_t rank, const char* op);
/// All wrapped and checked for repeats.
Shape wrap_dims(const Shape& dims, int64_t rank, const char* op);
/// The shape to which both broadcast (https://pytorch.org/docs/stable/notes/broadcasting.html). Throws Error naming `op` and both shapes.
Shape broadcast_shapes(const Shape& a, const Shape& b, const char* op = "broadcast_shapes");
/// Whether a tensor of sizes `from` expands to sizes `to`.
bool can_broadcast_to(const Shape& from, const Shape& to);

}  // namespace lazuli
