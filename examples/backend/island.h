#pragma once
#include <cstdint>

#include "lazuli/core/slots.h"

/// A device named "island" on the host's processor. Its memory lies apart: a device address is a host address plus a constant that leads where nothing is mapped, so
/// that whoever reads one without the backend's help is stopped at once, as with a real device.
namespace island {

inline constexpr std::uintptr_t kApart = std::uintptr_t(1) << 52;

inline void* device_address(void* host) { return reinterpret_cast<void*>(reinterpret_cast<std::uintptr_t>(host) + kApart); }
template <class T = void>
T* host_address(const void* device) {
  return reinterpret_cast<T*>(reinterpret_cast<std::uintptr_t>(device) - kApart);
}

/// Fills the slots: fill, copy, unary, binary, reduce and matmul for some dtypes and operators.
void register_kernels(lazuli::DeviceType type);

}  // namespace island
