#include "lazuli/core/tensor/tensor_options.h"

namespace lazuli {
namespace {

template <class T>
TensorOptions changed(CreationOptions options, T CreationOptions::*member, const T& value) {
  options.*member = value;
  return TensorOptions(options);
}

}  // namespace

TensorOptions::TensorOptions(DType dtype) : options_{.dtype = dtype} {}
TensorOptions::TensorOptions(Device device) : options_{.device = device} {}

TensorOptions TensorOptions::dtype(std::optional<DType> dtype) const { return changed(options_, &CreationOptions::dtype, dtype); }
TensorOptions TensorOptions::device(std::optional<Device> device) const { return changed(options_, &CreationOptions::device, device); }
TensorOptions TensorOptions::requires_grad(bool requires_grad) const { return changed(options_, &CreationOptions::requires_grad, requires_grad); }
TensorOptions TensorOptions::memory_format(std::optional<MemoryFormat> format) const {
  return changed(options_, &CreationOptions::memory_format, format);
}
DType TensorOptions::dtype() const { return options_.dtype ? *options_.dtype : get_default_dtype(); }
Device TensorOptions::device() const { return options_.device ? *options_.device : get_default_device(); }

}  // namespace lazuli
