#include "lazuli/core/tensor.h"

#include <cstring>

#include "lazuli/core/error.h"
#include "lazuli/core/factory.h"
#include "lazuli/core/geometry.h"
#include "lazuli/core/open/user_dtype.h"
#include "lazuli/core/slots.h"
#include "lazuli/core/slots/dispatch.h"
#include "lazuli/core/tensor/uninitialized.h"
#include "lazuli/core/threads/stream.h"

namespace lazuli {

void TensorBody::destroy(TensorBody* body) noexcept { delete body; }

void Tensor::fail_unusable() const {
  if (!body_) fail_undefined("tensor", "");
  const auto* mark = static_cast<const UninitializedMark*>(body_->lazy.get());
  std::string who = mark && !mark->path.empty() ? "'" + mark->path + "'" : "a lazy module";
  fail(ErrorKind::State, "tensor", "", "an initialized parameter or buffer",
       "the uninitialized one of " + who + "; run a forward pass or materialize(model, shapes) first, or load a state_dict");
}

int64_t Tensor::size(int64_t dim) const {
  const Shape& s = sizes();
  if (s.empty()) fail(ErrorKind::Index, "size", "dim", "a tensor with dimensions", "a 0-d tensor");
  return s[wrap_dim(dim, s.size(), "size")];
}
int64_t Tensor::stride(int64_t dim) const {
  const Shape& s = strides();
  if (s.empty()) fail(ErrorKind::Index, "stride", "dim", "a tensor with dimensions", "a 0-d tensor");
  return s[wrap_dim(dim, s.size(), "stride")];
}

void Tensor::check_dtype(DType wanted) const {
  if (dtype() != wanted)
    fail(ErrorKind::Type, "data_ptr", "T", "the type of a " + std::string(lazuli::name(dtype())) + " tensor", lazuli::name(wanted));
}

void Tensor::check_accessor(size_t rank) const {
  if (size_t(dim()) != rank) fail("accessor", "N", std::to_string(dim()) + ", the number of dimensions", std::to_string(rank));
  if (!is_cpu())
    fail(errors::device_error_requires, ErrorKind::NotSupported, "accessor", "self", "a tensor on the CPU", "one on " + to_string(device()));
}
void fail_accessor_index(int64_t index, int64_t size) {
  fail(ErrorKind::Index, "accessor", "i", "an index below " + std::to_string(size), std::to_string(index));
}

bool Tensor::is_set_to(const Tensor& other) const {
  return storage() == other.storage() && storage_offset() == other.storage_offset() && sizes() == other.sizes() && strides() == other.strides();
}

Scalar Tensor::item() const {
  if (numel() != 1) fail(errors::item_error_not_scalar, "item", "self", "a tensor of one element", "sizes " + to_string(sizes()));
  if (device().is_meta())
    fail(errors::device_error_requires, ErrorKind::NotSupported, "item", "self", "a tensor with data", "one on the meta device");
  if (detail::slots_watched) [[unlikely]]
    detail::tell_value_read(*this);
  if (device().is_cpu()) return load_scalar(address(), dtype());
  alignas(16) char bytes[16];
  const detail::TransferScope told({kCPU, device(), item_size(), bytes, address(), true});
  backend_of(device()).copy_to_host(bytes, address(), item_size(), device().index, current_stream_handle(device()), true);
  return load_scalar(bytes, dtype());
}

void detail::fail_no_type(DType dtype) {
  fail(errors::method_dtype_not_supported_error, ErrorKind::NotSupported, "dispatch", "dtype", "a built-in dtype", name(dtype));
}

Scalar load_scalar(const void* element, DType dtype) {
  if (is_user_dtype(dtype)) {
    if (const auto& to_scalar = user_dtype(dtype).to_scalar) return to_scalar(element);
    fail(errors::method_dtype_not_supported_error, ErrorKind::NotSupported, "item", "dtype", "one whose elements are numbers (to_scalar)",
         name(dtype));
  }
  return dispatch(dtype, [&](auto t) {
    std::memcpy(&t, element, sizeof(t));
    return Scalar(t);
  });
}
void store_scalar(void* element, DType dtype, const Scalar& value) {
  if (is_user_dtype(dtype)) {
    if (const auto& from_scalar = user_dtype(dtype).from_scalar) return from_scalar(element, value);
    fail(errors::method_dtype_not_supported_error, ErrorKind::NotSupported, "fill", "dtype", "one that has elements for numbers (from_scalar)",
         name(dtype));
  }
  dispatch(dtype, [&](auto t) {
    t = value.to<decltype(t)>();
    std::memcpy(element, &t, sizeof(t));
  });
}

template <class T>
std::vector<T> Tensor::to_vector() const {
  if (device().is_meta())
    fail(errors::device_error_requires, ErrorKind::NotSupported, "to_vector", "self", "a tensor with data", "one on the meta device");
  if (detail::slots_watched) [[unlikely]]
    detail::tell_value_read(*this);
  const Tensor host = device().is_cpu() ? *this : detail::fallback_copy(*this);
  Tensor dense = lazuli::new_tensor(sizes(), dtype_of<T>());
  if (numel()) copy_kernel(kCPU, dense, host);
  const T* p = dense.const_data_ptr<T>();
  return std::vector<T>(p, p + numel());
}
template std::vector<bool> Tensor::to_vector<bool>() const;
template std::vector<uint8_t> Tensor::to_vector<uint8_t>() const;
template std::vector<int8_t> Tensor::to_vector<int8_t>() const;
template std::vector<int16_t> Tensor::to_vector<int16_t>() const;
template std::vector<int32_t> Tensor::to_vector<int32_t>() const;
template std::vector<int64_t> Tensor::to_vector<int64_t>() const;
template std::vector<Half> Tensor::to_vector<Half>() const;
template std::vector<BFloat16> Tensor::to_vector<BFloat16>() const;
template std::vector<float> Tensor::to_vector<float>() const;
template std::vector<double> Tensor::to_vector<double>() const;
template std::vector<complex64> Tensor::to_vector<complex64>() const;
template std::vector<complex128> Tensor::to_vector<complex128>() const;

size_t Tensor::use_count() const { return body_ ? body_->use_count() : 0; }

}  // namespace lazuli
