#pragma once
#include <cstdlib>
#include <string>
#include <vector>

#include "lazuli/core/backend.h"
#include "lazuli/core/slots.h"
#include "lazuli/lazuli.h"
#include "tests/catch.h"
#include "tests/errors.h"

/// Kernels of devices are held against the CPU's: the same slot calls with the same inputs.
namespace lazuli::test {

/// One device of each backend other than the CPU's; with PoCL installed that is "opencl" everywhere.
inline std::vector<Device> gpu_devices() {
  std::vector<Device> found;
  for (Device d : list_devices())
    if (!d.is_cpu() && !d.is_meta() && d.index == 0 && (d.type == DeviceType::CUDA || d.type == DeviceType::OpenCL)) found.push_back(d);
  if (found.empty()) WARN("there is no GPU backend with a device");
  return found;
}

/// Of these dtypes the ones that this run takes: each is another kernel to compile, so that only one of each kind is taken unless LAZULI_ALL_DTYPES is set, as
/// scripts/test.sh --full does.
inline std::vector<DType> gpu_types(const std::vector<DType>& types) {
  static const bool all = std::getenv("LAZULI_ALL_DTYPES") != nullptr;
  if (all) return types;
  std::vector<DType> some;
  for (DType t : types)
    if (t == kBool || t == kInt64 || t == kFloat32 || t == kBFloat16 || t == kComplex64) some.push_back(t);
  return some.empty() ? types : some;
}

/// Equal where exact, else within rtol * |expected| + atol; NaN where NaN is expected.
inline void require_same(const Tensor& got, const Tensor& expected, double rtol = 0, double atol = 0) {
  REQUIRE(got.sizes() == expected.sizes());
  REQUIRE(got.dtype() == expected.dtype());
  Tensor g = got.cpu(), e = expected.cpu();
  bool close = rtol == 0 && atol == 0 ? equal(g, e) || allclose(g, e, 0, 0, true) : allclose(g, e, rtol, atol, true);
  if (!close) {
    INFO("got " << to_string(g));
    INFO("expected " << to_string(e));
    REQUIRE(close);
  }
}

/// Fails when one of the calls of `body` was served by a composite or by the CPU.
template <class Body>
void require_on_device(Body body) {
  reset_kernel_counts();
  body();
  for (const KernelCounts& c : kernel_counts()) {
    INFO(c.name << ": device " << c.device << ", composite " << c.composite << ", cpu " << c.cpu);
    CHECK(c.composite + c.cpu == 0);
  }
}

}  // namespace lazuli::test
