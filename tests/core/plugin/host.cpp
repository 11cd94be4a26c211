#include <cstdio>

#include "lazuli/core/error.h"
#include "lazuli/core/factory.h"
#include "lazuli/core/plugin.h"
#include "lazuli/core/slots.h"
#include "lazuli/ops/ops.h"

// A program that links the shared library and loads the backend whose path is its argument.
int main(int, char** argv) {
  using namespace lazuli;
  int wrong = 0;
  auto check = [&](bool ok, const char* what) {
    if (!ok) ++wrong, std::printf("wrong: %s\n", what);
  };
  try {
    DeviceType type = load_backend(argv[1]);
    Device device("plugged");
    check(device.type == type, "the type of the name");
    check(supports(fill_kernel, kFloat32, device), "the plugin's kernel is in the program's slot");
    check(!supports(fill_kernel, kInt32, device), "for its dtypes only");
    reset_kernel_counts();
    Tensor x = full({2, 3}, 4.0, {.device = device});
    uint64_t served = 0;
    for (const KernelCounts& c : kernel_counts())
      if (std::string_view(c.name) == "fill") served = c.device;
    check(served == 1, "the plugin's kernel ran");
    check((x + 1).sum().item<float>() == 30, "what it lacks runs on the CPU");
    try {
      load_backend(argv[1]);
      check(false, "a second time is an error");
    } catch (const Error& error) { check(std::string_view(error.what()).find("a name that is not taken") != std::string_view::npos, error.what()); }
    check(x.sum().item<float>() == 24, "the device goes on");
  } catch (const std::exception& error) { check(false, error.what()); }
  return wrong;
}
