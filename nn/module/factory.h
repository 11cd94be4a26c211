#pragma once
#include "lazuli/nn/module/lazy.h"
#include "lazuli/nn/module/options.h"

namespace lazuli::nn::detail {

/// Makes the tensors of a module of the dtype and on the device that its options say, else of the thread's defaults (core/settings.h).
class Factory {
 public:
  /// Throws Error (Type) for a dtype that is neither floating point nor complex.
  template <SaysDevice O>
  Factory(std::string_view module, const O& options) : Factory(module, options.device, options.dtype) {}
  Factory(std::string_view module, const std::optional<Device>& device, const std::optional<DType>& dtype);
  /// Without values.
  Tensor empty(const Shape& sizes) const;
  Tensor empty(bool wanted, const Shape& sizes) const { return wanted ? empty(sizes) : Tensor(); }
  Tensor full(const Shape& sizes, double value) const;
  Tensor full(bool wanted, const Shape& sizes, double value) const { return wanted ? full(sizes, value) : Tensor(); }
  /// int64, a 0-d one.
  Tensor counter(bool wanted) const;
  /// Of lazy modules.
  Tensor parameter(bool wanted = true) const;
  Tensor buffer(bool wanted = true) const;

 private:
  Device device_;
  DType dtype_;
};

/// Options of a part, which is made as the whole.
template <SaysDevice O, SaysDevice Part>
Part as_whole(const O& whole, Part part) {
  part.device = whole.device;
  part.dtype = whole.dtype;
  return part;
}

}  // namespace lazuli::nn::detail
