#pragma once
#include <cstdint>
#include <iosfwd>
#include <string>
#include <string_view>
#include <type_traits>

namespace lazuli {

/// A kind of device. CPU and Meta are built in; a backend registers its own name and gets the next number (see backend.h).
enum class DeviceType : uint8_t { CPU, Meta, CUDA, OpenCL, FirstUser };
inline constexpr int kMaxDeviceTypes = 16;

namespace detail {
/// A member that reads as the value it is, `device.type`, and as libtorch's function of that name, `device.type()`.
template <class T>
class Callable {
 public:
  constexpr Callable(T value) : value_(value) {}
  constexpr operator T() const { return value_; }
  constexpr T operator()() const { return value_; }
  template <class I>
  requires(std::is_enum_v<T>&& std::is_integral_v<I>) constexpr explicit operator I() const { return I(value_); }

 private:
  T value_;
};

[[noreturn]] void fail_device_index(int64_t index);
constexpr int8_t device_index(int64_t index) {
  if (index < 0 || index > INT8_MAX) fail_device_index(index);
  return int8_t(index);
}
}  // namespace detail

/// Where a tensor lives: "cpu", "meta" (shapes and no data), "cuda:1", or a registered backend's name and index.
struct Device {
  detail::Callable<DeviceType> type = DeviceType::CPU;
  detail::Callable<int8_t> index = 0;
  /// Throws Error for an index that is negative or above 127.
  constexpr Device(DeviceType device_type = DeviceType::CPU, int64_t device_index = 0)
      : type(device_type), index(detail::device_index(device_index)) {}
  /// Parses "cuda", "cuda:1". Throws Error for a name that no backend has.
  Device(std::string_view text);
  Device(const char* text) : Device(std::string_view(text)) {}
  Device(const std::string& text) : Device(std::string_view(text)) {}
  constexpr bool operator==(const Device&) const = default;
  constexpr bool is_cpu() const { return type == DeviceType::CPU; }
  constexpr bool is_meta() const { return type == DeviceType::Meta; }
  constexpr bool is_cuda() const { return type == DeviceType::CUDA; }
  /// As libtorch's: every device here has an index.
  constexpr bool has_index() const { return true; }
  std::string str() const;
  /// As `to_string` has it: "cuda:1".
  friend std::ostream& operator<<(std::ostream& stream, Device device);
};
inline constexpr Device kCPU{DeviceType::CPU}, kMeta{DeviceType::Meta};

/// "cpu", "meta", "cuda:1".
std::string to_string(Device device);
inline std::string Device::str() const { return to_string(*this); }

namespace cuda {
/// How many CUDA devices there are, and whether there is one.
int64_t device_count();
bool is_available();
}  // namespace cuda

}  // namespace lazuli
