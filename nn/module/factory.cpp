#include "lazuli/nn/module/factory.h"

#include "lazuli/core/error.h"
#include "lazuli/core/factory.h"
#include "lazuli/core/settings.h"
#include "lazuli/ops/shape/creation.h"

namespace lazuli::nn::detail {

Factory::Factory(std::string_view module, const std::optional<Device>& device, const std::optional<DType>& dtype)
    : device_(device.value_or(get_default_device())), dtype_(dtype.value_or(get_default_dtype())) {
  if (!is_floating_point(dtype_) && !is_complex(dtype_)) fail(ErrorKind::Type, module, "dtype", "a floating point or complex dtype", name(dtype_));
}
Tensor Factory::empty(const Shape& sizes) const { return new_tensor(sizes, dtype_, device_); }
Tensor Factory::full(const Shape& sizes, double value) const {
  return lazuli::full(sizes, value, CreationOptions{.dtype = dtype_, .device = device_});
}
Tensor Factory::counter(bool wanted) const { return wanted ? zeros({}, CreationOptions{.dtype = kInt64, .device = device_}) : Tensor(); }
Tensor Factory::parameter(bool wanted) const { return wanted ? Tensor(UninitializedParameter({.dtype = dtype_, .device = device_})) : Tensor(); }
Tensor Factory::buffer(bool wanted) const { return wanted ? Tensor(UninitializedBuffer({.dtype = dtype_, .device = device_})) : Tensor(); }

}  // namespace lazuli::nn::detail
