#include "lazuli/core/factory.h"

#include <limits>

#include "lazuli/core/error.h"
#include "lazuli/core/modes.h"
#include "lazuli/core/transfer.h"

namespace lazuli {

thread_local constinit Modes modes;

namespace {

int64_t checked_bytes(const Shape& sizes, DType dtype, const char* op) {
  int64_t bytes = item_size(dtype);
  bool empty = false;
  for (int64_t s : sizes) {
    if (s < 0) fail(op, "sizes", "sizes that are not negative", to_string(sizes));
    empty |= s == 0;
  }
  if (empty) return 0;
  for (int64_t s : sizes)
    if (__builtin_mul_overflow(bytes, s, &bytes)) fail(ErrorKind::Memory, op, "sizes", "sizes whose product fits 63 bits", to_string(sizes));
  return bytes;
}

Tensor make(Ref<Storage> storage, const Shape& sizes, DType dtype, Device device) {
  auto* body = new TensorBody;
  body->storage = std::move(storage);
  body->sizes = sizes;
  int64_t n = sizes.size(), step = 1;
  body->strides = sizes;
  for (int64_t i = n; i-- > 0;) {
    body->strides[i] = step;
    step *= sizes[i] > 0 ? sizes[i] : 1;
  }
  body->numel = sizes.numel();
  body->dtype = dtype;
  body->device = device;
  body->inference = modes.inference;
  return Tensor(Ref<TensorBody>(body));
}

Tensor blob(void* data, const Shape& sizes, DType dtype, std::shared_ptr<void> owner) {
  int64_t bytes = checked_bytes(sizes, dtype, "from_blob");
  if (!data && bytes) fail("from_blob", "data", "memory", "null");
  int64_t alignment = is_complex(dtype) ? item_size(dtype) / 2 : item_size(dtype);
  if (reinterpret_cast<uintptr_t>(data) % uintptr_t(alignment))
    fail("from_blob", "data", "memory aligned to " + std::to_string(alignment) + " bytes", "less");
  return make(Storage::external(data, bytes, kCPU, std::move(owner)), sizes, dtype, kCPU);
}

}  // namespace

Tensor new_tensor(const Shape& sizes, DType dtype, Device device) {
  int64_t bytes = checked_bytes(sizes, dtype, "empty");
  return make(Storage::allocate(bytes, device), sizes, dtype, device);
}

Tensor new_pinned(const Shape& sizes, DType dtype, Device device) {
  return make(Storage::allocate_pinned(checked_bytes(sizes, dtype, "empty"), device), sizes, dtype, kCPU);
}

Tensor new_strided(const Shape& sizes, const Shape& strides, DType dtype, Device device) {
  if (sizes.size() != strides.size()) fail("empty_strided", "strides", "as many as sizes " + to_string(sizes), to_string(strides));
  checked_bytes(sizes, dtype, "empty_strided");
  int64_t last = 0;
  bool empty = false;
  for (int64_t i = 0; i < sizes.size(); ++i) {
    if (strides[i] < 0) fail("empty_strided", "strides", "strides that are not negative", to_string(strides));
    empty |= sizes[i] == 0;
    int64_t reach;
    if (__builtin_mul_overflow(std::max<int64_t>(sizes[i] - 1, 0), strides[i], &reach) || __builtin_add_overflow(last, reach, &last) ||
        last > std::numeric_limits<int64_t>::max() / 32)
      fail(ErrorKind::Memory, "empty_strided", "strides", "a reach that fits memory", to_string(strides));
  }
  Tensor t = make(Storage::allocate(empty ? 0 : (last + 1) * item_size(dtype), device), sizes, dtype, device);
  t.body()->strides = strides;
  t.body()->update_layout();
  return t;
}

Tensor alias(const Tensor& base, const Shape& sizes, const Shape& strides, int64_t offset) {
  const TensorBody& from = *base.body();
  auto* body = new TensorBody;
  body->storage = from.storage;
  body->sizes = sizes;
  body->strides = strides;
  body->offset = offset;
  body->dtype = from.dtype;
  body->device = from.device;
  body->inference = from.inference;
  body->update_layout();
  return Tensor(Ref<TensorBody>(body));
}

Tensor alias(const Tensor& base) {
  const TensorBody& from = *base.body();
  auto* body = new TensorBody;
  body->storage = from.storage;
  body->sizes = from.sizes;
  body->strides = from.strides;
  body->offset = from.offset;
  body->numel = from.numel;
  body->contiguous = from.contiguous;
  body->dtype = from.dtype;
  body->device = from.device;
  body->wrapped_number = from.wrapped_number;
  body->inference = from.inference;
  return Tensor(Ref<TensorBody>(body));
}

Tensor wrapped(const Scalar& value, Device device) {
  // A number is held at full width; its kind, not its width, decides results' dtypes.
  DType dtype = value.is_complex() ? kComplex128 : value.is_floating_point() ? kFloat64 : value.dtype();
  Tensor t = new_tensor({}, dtype, kCPU);
  store_scalar(t.data(), dtype, value);
  t.body()->wrapped_number = true;
  if (device.is_meta()) t.body()->device = kMeta;  // elsewhere it stays with the host, and the operator fills it in where it computes
  return t;
}

Tensor from_blob(void* data, const Shape& sizes, DType dtype, std::shared_ptr<void> owner) {
  if (!owner) fail("from_blob", "owner", "something that keeps the memory alive, or lazuli::borrow", "null");
  return blob(data, sizes, dtype, std::move(owner));
}
Tensor from_blob(void* data, const Shape& sizes, DType dtype, Borrow) { return blob(data, sizes, dtype, nullptr); }

}  // namespace lazuli
