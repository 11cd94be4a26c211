#include "lazuli/core/factory.h"

#include "lazuli/core/error.h"
#include "lazuli/core/geometry.h"
#include "lazuli/core/memory/transfer.h"
#include "lazuli/core/modes.h"

namespace lazuli {

thread_local constinit Modes modes;

namespace {

// A row-major tensor whose storage `allocate(bytes)` gives once the sizes are found right.
template <class F>
Tensor make(const Shape& sizes, DType dtype, Device device, const char* op, F allocate) {
  Ref<TensorBody> body(new TensorBody);
  set_geometry(*body, sizes, op);
  body->storage = allocate(bytes_of(sizes, body->numel, dtype, op));
  body->dtype = dtype;
  body->device = device;
  body->inference = modes.inference;
  return Tensor(std::move(body));
}

Tensor blob(void* data, const Shape& sizes, DType dtype, std::shared_ptr<void> owner) {
  return make(sizes, dtype, kCPU, "from_blob", [&](int64_t bytes) {
    if (!data && bytes) fail("from_blob", "data", "memory", "null");
    int64_t alignment = is_complex(dtype) ? item_size(dtype) / 2 : item_size(dtype);
    if (reinterpret_cast<uintptr_t>(data) % uintptr_t(alignment))
      fail("from_blob", "data", "memory aligned to " + std::to_string(alignment) + " bytes", "less");
    return Storage::external(data, bytes, kCPU, std::move(owner));
  });
}

// What a view has of its base besides the geometry: all that a body carries, but for history, goes along here.
Ref<TensorBody> body_on(const TensorBody& base) {
  Ref<TensorBody> body(new TensorBody);
  body->storage = base.storage;
  body->dtype = base.dtype;
  body->device = base.device;
  body->inference = base.inference;
  return body;
}

}  // namespace

Tensor new_tensor(const Shape& sizes, DType dtype, Device device) {
  return make(sizes, dtype, device, "empty", [&](int64_t bytes) { return Storage::allocate(bytes, device); });
}

Tensor new_pinned(const Shape& sizes, DType dtype, Device device) {
  return make(sizes, dtype, kCPU, "empty", [&](int64_t bytes) { return Storage::allocate_pinned(bytes, device); });
}

Tensor new_strided(const Shape& sizes, const Shape& strides, DType dtype, Device device) {
  const char* op = "empty_strided";
  int64_t reach = reach_of(sizes, strides, dtype, op);
  Ref<TensorBody> body(new TensorBody);
  set_geometry(*body, sizes, strides, 0, op);
  bytes_of(sizes, body->numel, dtype, op);
  body->storage = Storage::allocate(reach * item_size(dtype), device);
  body->dtype = dtype;
  body->device = device;
  body->inference = modes.inference;
  return Tensor(std::move(body));
}

Tensor alias(const Tensor& base, const Shape& sizes, const Shape& strides, int64_t offset, const char* op) {
  Ref<TensorBody> body = body_on(*base.body());
  set_geometry(*body, sizes, strides, offset, op);
  return Tensor(std::move(body));
}

Tensor alias(const Tensor& base, const Shape& sizes, const Shape& strides, int64_t offset) { return alias(base, sizes, strides, offset, "view"); }

Tensor alias(const Tensor& base, DType dtype, const Shape& sizes, const Shape& strides, int64_t offset, const char* op) {
  Ref<TensorBody> body = body_on(*base.body());
  set_geometry(*body, sizes, strides, offset, op);
  body->dtype = dtype;
  return Tensor(std::move(body));
}

Tensor alias(const Tensor& base) {
  const TensorBody& from = *base.body();
  Ref<TensorBody> body = body_on(from);
  body->sizes = from.sizes;
  body->strides = from.strides;
  body->offset = from.offset;
  body->numel = from.numel;
  body->contiguous = from.contiguous;
  body->wrapped_number = from.wrapped_number;
  return Tensor(std::move(body));
}

Tensor number_tensor(const Scalar& value, DType dtype) {
  Tensor t = make(Shape(), dtype, kCPU, "number", Storage::for_number);
  store_scalar(t.address(), dtype, value);
  return t;
}

Tensor wrapped(const Scalar& value, Device device) {
  // A number is held at full width; its kind, not its width, decides results' dtypes.
  DType dtype = value.is_complex() ? kComplex128 : value.is_floating_point() ? kFloat64 : value.dtype();
  Tensor t = number_tensor(value, dtype);
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
