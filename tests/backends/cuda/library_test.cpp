#include <dlfcn.h>

#include <string>

#include "lazuli/core/backend.h"
#include "lazuli/lazuli.h"
#include "tests/catch.h"
#include "tests/errors.h"

using namespace lazuli;

namespace {
bool driver_is_there() { return dlopen("libcuda.so.1", RTLD_LAZY | RTLD_LOCAL) != nullptr; }
}  // namespace

TEST_CASE("cuda: the backend is there where the driver is, and names itself", "[backends][cuda]") {
  CHECK(Device("cuda:1") == Device(DeviceType::CUDA, 1));
  CHECK(to_string(Device("cuda")) == "cuda:0");
  if (!driver_is_there()) CHECK_FALSE(has_backend(DeviceType::CUDA));
}

TEST_CASE("cuda: without a device, using one is an Error that names it", "[backends][cuda]") {
  for (Device d : list_devices())
    if (d.type == DeviceType::CUDA) return;
  const Tensor host = ones({2});
  for (const std::string& text : {error_of([&] { host.to("cuda"); }), error_of([&] { zeros({2}, kFloat32, "cuda"); }),
                                  error_of([] { synchronize("cuda"); }), error_of([] { device_properties("cuda"); })}) {
    CHECK(says(text, "cuda:0"));
  }
  CHECK(host.sum().item<float>() == 2);  // and the process goes on
}

TEST_CASE("cuda, opencl: a device that is missing is missing for a reason", "[backends][cuda]") {
  const bool driver = driver_is_there();
  bool device = false;
  for (Device d : list_devices()) device |= d.type == DeviceType::CUDA;
  const std::string text = error_of([] { backend_of("cuda"); });
  if (device) CHECK(text == "no error");
  else if (driver) CHECK(says(text, "got cuda:0, and this machine has no device of that backend"));
  else
    CHECK(text ==
          "backend_of: argument 'device': expected a device whose backend is built and registered, got cuda:0 (this system has no CUDA driver, "
          "libcuda.so.1, or too old a one)");
  if (!has_backend(DeviceType::OpenCL)) CHECK(says(error_of([] { backend_of("opencl"); }), "got opencl:0 ("));
}
