#include "lazuli/io/dlpack.h"

#include <algorithm>
#include <utility>

#include "lazuli/core/error.h"
#include "lazuli/core/factory.h"
#include "lazuli/core/memory/storage.h"
#include "lazuli/io/dlpack_abi.h"

namespace lazuli {
namespace {

constexpr std::pair<DType, DLDataType> kTypes[] = {
    {kBool, {kDLBool, 8, 1}},      {kUInt8, {kDLUInt, 8, 1}},     {kInt8, {kDLInt, 8, 1}},           {kInt16, {kDLInt, 16, 1}},
    {kInt32, {kDLInt, 32, 1}},     {kInt64, {kDLInt, 64, 1}},     {kFloat16, {kDLFloat, 16, 1}},     {kBFloat16, {kDLBfloat, 16, 1}},
    {kFloat32, {kDLFloat, 32, 1}}, {kFloat64, {kDLFloat, 64, 1}}, {kComplex64, {kDLComplex, 64, 1}}, {kComplex128, {kDLComplex, 128, 1}}};

template <class Managed>
struct Given {
  Managed managed = {};
  Tensor tensor;
  Shape sizes, strides;
};

template <class Managed>
Managed* given(const char* op, const Tensor& tensor) {
  if (!tensor.defined()) fail_undefined(op, "tensor");
  if (tensor.requires_grad()) fail(ErrorKind::State, op, "tensor", "a tensor that requires no gradient (detach it)", "one that does");
  const Device device = tensor.device();
  if (!device.is_cpu() && device.type != DeviceType::CUDA)
    fail(ErrorKind::NotSupported, op, "tensor", "a tensor on the CPU or a CUDA device", to_string(device));
  auto* out = new Given<Managed>{{}, tensor, tensor.sizes(), tensor.strides()};
  DLTensor& dl = out->managed.dl_tensor;
  dl.data = tensor.data_ptr();
  dl.device = {device.is_cpu() ? kDLCPU : kDLCUDA, device.is_cpu() ? 0 : int32_t(device.index)};
  dl.ndim = int32_t(tensor.dim());
  for (const auto& [dtype, type] : kTypes)
    if (dtype == tensor.dtype()) dl.dtype = type;
  dl.shape = out->sizes.data();
  dl.strides = out->strides.data();
  out->managed.manager_ctx = out;
  out->managed.deleter = [](Managed* self) {
    if (self) delete static_cast<Given<Managed>*>(self->manager_ctx);
  };
  return &out->managed;
}

template <class Managed>
Tensor taken(Managed* managed) {
  constexpr const char* op = "from_dlpack";
  if (!managed) fail(op, "managed", "a tensor", "null");
  const DLTensor& dl = managed->dl_tensor;
  const bool host = dl.device.device_type == kDLCPU || dl.device.device_type == kDLCUDAHost;
  if (!host && dl.device.device_type != kDLCUDA)
    fail(ErrorKind::NotSupported, op, "managed", "memory of the CPU or a CUDA device", "device type " + std::to_string(int(dl.device.device_type)));
  const DType* dtype = nullptr;
  for (const auto& [known, type] : kTypes)
    if (type.code == dl.dtype.code && type.bits == dl.dtype.bits && type.lanes == dl.dtype.lanes) dtype = &known;
  if (!dtype)
    fail(ErrorKind::NotSupported, op, "managed", "a dtype that Lazuli has",
         "code " + std::to_string(dl.dtype.code) + ", " + std::to_string(dl.dtype.bits) + " bits, " + std::to_string(dl.dtype.lanes) + " lanes");
  if (dl.ndim < 0 || dl.ndim > 64 || (dl.ndim > 0 && !dl.shape)) fail(op, "managed", "0 to 64 dimensions", std::to_string(dl.ndim));
  const Shape sizes(dl.shape, dl.ndim);
  Shape strides = Shape::filled(dl.ndim, 1);
  int64_t reach = 1, elements = 1;
  for (int64_t d = dl.ndim - 1; d >= 0; --d) {
    if (sizes[d] < 0) fail(op, "managed", "sizes of at least 0", to_string(sizes));
    strides[d] = dl.strides ? dl.strides[d] : elements;
    if (sizes[d] > 1 && strides[d] < 0) fail(ErrorKind::NotSupported, op, "managed", "strides of at least 0", std::to_string(strides[d]));
    int64_t step = 0;
    if (__builtin_mul_overflow(elements, std::max<int64_t>(sizes[d], 1), &elements) ||
        __builtin_mul_overflow(std::max<int64_t>(sizes[d] - 1, 0), std::max<int64_t>(strides[d], 0), &step) ||
        __builtin_add_overflow(reach, step, &reach) || reach > (int64_t(1) << 58) || elements > (int64_t(1) << 58))
      fail(op, "managed", "sizes and strides whose bytes fit memory", to_string(sizes));
    if (sizes[d] <= 1) strides[d] = std::max<int64_t>(strides[d], 0);
  }
  const bool empty = sizes.numel() == 0;
  if (!empty && !dl.data) fail(op, "managed", "memory", "null");
  char* data = empty ? nullptr : static_cast<char*>(dl.data) + dl.byte_offset;
  const int64_t alignment = is_complex(*dtype) ? item_size(*dtype) / 2 : item_size(*dtype);
  if (reinterpret_cast<uintptr_t>(data) % uintptr_t(alignment))
    fail(op, "managed", "memory aligned to " + std::to_string(alignment) + " bytes", "less");
  const Device device = host ? kCPU : Device(DeviceType::CUDA, int(dl.device.device_id));
  if (empty) {
    Tensor out = new_tensor(sizes, *dtype, device);
    if (managed->deleter) managed->deleter(managed);
    return out;
  }
  // A plain body over the whole of the memory, then the view of it.
  Ref<TensorBody> body(new TensorBody);
  const std::shared_ptr<void> owner(managed, [](void* m) {
    auto* self = static_cast<Managed*>(m);
    if (self->deleter) self->deleter(self);
  });
  body->storage = Storage::external(data, reach * item_size(*dtype), device, owner);
  body->dtype = *dtype;
  body->device = device;
  body->sizes = {reach};
  body->strides = {1};
  body->numel = reach;
  return alias(Tensor(std::move(body)), sizes, strides, 0);
}

}  // namespace

DLManagedTensor* to_dlpack(const Tensor& tensor) { return given<DLManagedTensor>("to_dlpack", tensor); }
DLManagedTensorVersioned* to_dlpack_versioned(const Tensor& tensor) {
  auto* managed = given<DLManagedTensorVersioned>("to_dlpack_versioned", tensor);
  managed->version = {DLPACK_MAJOR_VERSION, DLPACK_MINOR_VERSION};
  return managed;
}

Tensor from_dlpack(DLManagedTensor* managed) { return taken(managed); }
Tensor from_dlpack(DLManagedTensorVersioned* managed) {
  if (managed && managed->version.major != DLPACK_MAJOR_VERSION)
    fail(ErrorKind::NotSupported, "from_dlpack", "managed", "version " + std::to_string(DLPACK_MAJOR_VERSION),
         std::to_string(managed->version.major));
  const bool read_only = managed && (managed->flags & DLPACK_FLAG_BITMASK_READ_ONLY);
  const Tensor tensor = taken(managed);
  return read_only ? tensor.clone() : tensor;
}

}  // namespace lazuli
