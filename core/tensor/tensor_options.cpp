#include "lazuli/core/tensor/tensor_options.h"

namespace lazuli {

TensorOptions::TensorOptions(DType dtype) : options_{.dtype = dtype} {}
TensorOptions::TensorOptions(Device device) : options_{.device = device} {}

TensorOptions TensorOptions::dtype(std::optional<DType> dtype) const {
  TensorOptions changed = *this;
  changed.options_.dtype = dtype;
  return changed;
}
TensorOptions TensorOptions::device(std::optional<Device> device) const {
  TensorOptions changed = *this;
  changed.options_.device = device;
  return changed;
}
TensorOptions TensorOptions::requires_grad(bool requires_grad) const {
  TensorOptions changed = *this;
  changed.options_.requires_grad = requires_grad;
  return changed;
}
TensorOptions TensorOptions::memory_format(std::optional<MemoryFormat> format) const {
  TensorOptions changed = *this;
  changed.options_.memory_format = format;
  return changed;
}
DType TensorOptions::dtype() const { return options_.dtype ? *options_.dtype : get_default_dtype(); }
Device TensorOptions::device() const { return options_.device ? *options_.device : get_default_device(); }

}  // namespace lazuli
