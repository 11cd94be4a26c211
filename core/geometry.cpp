#include "lazuli/core/geometry.h"

#include <algorithm>
#include <limits>

#include "lazuli/core/error.h"

namespace lazuli {
namespace {

[[noreturn]] void fail_sizes(const Shape& sizes, const char* op) {
  for (int64_t s : sizes)
    if (s < 0) fail(op, "sizes", "sizes that are not negative", to_string(sizes));
  if (sizes.size() > kMaxDims) fail(op, "sizes", "at most 64 dimensions", std::to_string(sizes.size()) + " dimensions");
  fail(ErrorKind::Memory, op, "sizes", "sizes whose product fits 63 bits", to_string(sizes));
}

}  // namespace

void set_geometry(TensorBody& body, const Shape& sizes, const Shape& strides, int64_t offset, const char* op) {
  int64_t n = sizes.size(), step = 1;
  bool right = n <= kMaxDims, empty = false, contiguous = true;
  for (int64_t i = n; right && i-- > 0;) {
    int64_t s = sizes[i];
    if (s != 1) {
      contiguous &= strides[i] == step;
      empty |= s == 0;
      right = s >= 0 && !__builtin_mul_overflow(step, s ? s : 1, &step);
    }
  }
  if (!right) [[unlikely]]
    fail_sizes(sizes, op);
  body.sizes = sizes;
  body.strides = strides;
  body.offset = offset;
  body.numel = empty ? 0 : step;
  body.contiguous = contiguous || empty;
}

void set_geometry(TensorBody& body, const Shape& sizes, const char* op) {
  int64_t n = sizes.size(), step = 1;
  bool right = n <= kMaxDims, empty = false;
  Shape strides = sizes;
  for (int64_t i = n; right && i-- > 0;) {
    int64_t s = sizes[i];
    strides[i] = step;
    empty |= s == 0;
    right = s >= 0 && !__builtin_mul_overflow(step, s ? s : 1, &step);
  }
  if (!right) [[unlikely]]
    fail_sizes(sizes, op);
  body.sizes = sizes;
  body.strides = std::move(strides);
  body.offset = 0;
  body.numel = empty ? 0 : step;
  body.contiguous = true;
}

int64_t size_product(int64_t a, int64_t b, const char* op) {
  int64_t out;
  if (__builtin_mul_overflow(a, b, &out)) fail(ErrorKind::Memory, op, "sizes", "sizes whose product fits 63 bits", to_string(Shape{a, b}));
  return out;
}
int64_t size_sum(int64_t a, int64_t b, const char* op) {
  int64_t out;
  if (__builtin_add_overflow(a, b, &out))
    fail(ErrorKind::Memory, op, "sizes", "a size that fits 63 bits", std::to_string(a) + " + " + std::to_string(b));
  return out;
}

int64_t bytes_of(const Shape& sizes, int64_t numel, DType dtype, const char* op) {
  int64_t bytes;
  if (__builtin_mul_overflow(numel, item_size(dtype), &bytes)) [[unlikely]]
    fail_sizes(sizes, op);
  return bytes;
}

int64_t reach_of(const Shape& sizes, const Shape& strides, DType dtype, const char* op) {
  if (sizes.size() != strides.size()) fail(op, "strides", "as many as sizes " + to_string(sizes), to_string(strides));
  int64_t last = 0, bytes;
  bool empty = false, right = true;
  for (int64_t i = 0; i < sizes.size(); ++i) {
    if (sizes[i] < 0) fail_sizes(sizes, op);
    if (strides[i] < 0) fail(op, "strides", "strides that are not negative", to_string(strides));
    empty |= sizes[i] == 0;
    int64_t reach = 0;
    right = right && !__builtin_mul_overflow(std::max<int64_t>(sizes[i] - 1, 0), strides[i], &reach) && !__builtin_add_overflow(last, reach, &last);
  }
  if (empty) return 0;
  if (!right || last == std::numeric_limits<int64_t>::max() || __builtin_mul_overflow(last + 1, item_size(dtype), &bytes))
    fail(ErrorKind::Memory, op, "strides", "strides that reach no further than 63 bits", to_string(strides) + " with sizes " + to_string(sizes));
  return last + 1;
}

void check_bounds(const Shape& sizes, const Shape& strides, int64_t offset, int64_t elements, const char* op) {
  if (offset < 0) fail(op, "storage_offset", "an offset that is not negative", std::to_string(offset));
  int64_t reach = reach_of(sizes, strides, kBool, op), end;
  if (__builtin_add_overflow(offset, reach, &end) || (reach ? end : 0) > elements)
    fail(op, "sizes", "a view inside the storage of " + std::to_string(elements) + " elements",
         "sizes " + to_string(sizes) + ", strides " + to_string(strides) + ", offset " + std::to_string(offset));
}

}  // namespace lazuli
