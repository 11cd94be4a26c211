#pragma once
#include "lazuli/core/device.h"
#include "lazuli/typed/ruled.h"

/// Where a typed tensor lives, as far as the compiler knows.
namespace lazuli::typed {

/// Known when the program runs.
struct Anywhere {};
template <DeviceType type>
struct On {};
using OnCPU = On<DeviceType::CPU>;
using OnCUDA = On<DeviceType::CUDA>;
using OnOpenCL = On<DeviceType::OpenCL>;
using OnMeta = On<DeviceType::Meta>;

namespace detail {
inline constexpr int kAnyDevice = -1;
template <class Where>
inline constexpr int device_code = kAnyDevice;
template <DeviceType type>
inline constexpr int device_code<On<type>> = int(type);
constexpr Writer& write_device(Writer& to, int code) {
  constexpr std::string_view names[] = {"cpu", "meta", "cuda", "opencl"};
  if (code == kAnyDevice) return to << "any device";
  if (code < 4) return to << names[code];
  return to << "device " << code;
}
}  // namespace detail

namespace rules {

constexpr Ruling one_device(Writer& say, int a, int b) {
  if (a == b || a == detail::kAnyDevice || b == detail::kAnyDevice) return {};
  say << "needs its operands on one device, got ";
  detail::write_device(say, a) << " and ";
  detail::write_device(say, b);
  return Mistake::device_error_requires;
}
constexpr Ruling device_is(Writer& say, int where, int wanted) {
  if (where == wanted) return {};
  say << "needs a tensor on ";
  detail::write_device(say, wanted) << ", got one on ";
  detail::write_device(say, where);
  return Mistake::device_error_requires;
}
constexpr Ruling device_is_gpu(Writer& say, int where) {
  if (where == int(DeviceType::CUDA) || where == int(DeviceType::OpenCL)) return {};
  say << "needs a tensor on a GPU, got one on ";
  detail::write_device(say, where);
  return Mistake::device_error_requires;
}

}  // namespace rules

template <int code>
using DeviceArgument = std::integral_constant<int, code>;
template <class A, class B>
using OneDevice = Ruled<rules::one_device, DeviceArgument<detail::device_code<A>>, DeviceArgument<detail::device_code<B>>>;
/// Where the result of both lies.
template <class A, class B>
using Together = std::conditional_t<std::is_same_v<A, Anywhere>, B, A>;

}  // namespace lazuli::typed
