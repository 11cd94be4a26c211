#pragma once
#include <optional>
#include <type_traits>

#include "lazuli/core/device.h"
#include "lazuli/core/dtype.h"
#include "lazuli/core/memory/memory_format.h"
#include "lazuli/core/settings.h"

/// Of what kind a new tensor shall be: one rule for every function that makes one. These say the same:
///   zeros({2, 3}, {.dtype = kFloat64, .requires_grad = true})
///   zeros({2, 3}, TensorOptions().dtype(kFloat64).requires_grad(true))
///   zeros({2, 3}, kFloat64, "cuda")                          dtype and device alone, in any order
/// What is left out is the default dtype, the default device and no gradient, or, where a tensor is given (zeros_like, x.new_zeros), that tensor's dtype and device.
namespace lazuli {

struct CreationOptions {
  std::optional<DType> dtype = {};
  std::optional<Device> device = {};
  bool requires_grad = false;
  /// Where the elements lie: row-major if left out, or, where a tensor is given, as there.
  std::optional<MemoryFormat> memory_format = {};
};

/// A tensor's elements have places by strides; sparse ones are of a class of their own (ops/sparse/sparse.h).
enum class Layout : uint8_t { Strided };

/// The same in libtorch's way: each setter returns options changed in one point.
class TensorOptions {
 public:
  TensorOptions() = default;
  TensorOptions(DType dtype);
  TensorOptions(Device device);
  explicit TensorOptions(const CreationOptions& options) : options_(options) {}
  TensorOptions dtype(std::optional<DType> dtype) const;
  TensorOptions device(std::optional<Device> device) const;
  /// An index of -1 is the first.
  TensorOptions device(DeviceType type, int64_t index) const { return device(Device(type, index == -1 ? 0 : index)); }
  TensorOptions requires_grad(bool requires_grad) const;
  TensorOptions layout(Layout) const { return *this; }
  TensorOptions memory_format(std::optional<MemoryFormat> format) const;
  /// What new tensors get: the default where nothing was set.
  DType dtype() const;
  Device device() const;
  bool requires_grad() const { return options_.requires_grad; }
  Layout layout() const { return Layout::Strided; }
  /// What was set, and whether it was.
  std::optional<DType> dtype_opt() const { return options_.dtype; }
  std::optional<Device> device_opt() const { return options_.device; }
  std::optional<MemoryFormat> memory_format_opt() const { return options_.memory_format; }
  bool has_dtype() const { return options_.dtype.has_value(); }
  bool has_device() const { return options_.device.has_value(); }
  bool has_memory_format() const { return options_.memory_format.has_value(); }
  operator const CreationOptions&() const { return options_; }

 private:
  CreationOptions options_;
};

/// A dtype or a device (or a device's name), as the last arguments of a function that makes a tensor.
template <class T>
concept CreationOption = std::is_same_v<T, DType> ||(!std::is_arithmetic_v<T> && std::is_convertible_v<T, Device>);
template <CreationOption First, CreationOption... Rest>
CreationOptions creation_options(const First& first, const Rest&... rest) {
  CreationOptions options;
  auto set = [&](const auto& option) {
    if constexpr (std::is_same_v<std::remove_cvref_t<decltype(option)>, DType>) options.dtype = option;
    else options.device = Device(option);
  };
  set(first), (set(rest), ...);
  return options;
}

}  // namespace lazuli
