// Kernels of the stand-in driver: texts that its NVRTC has passed on, compiled for the host (kernel_host.h) and kept beside the tests' program. Others run not at all.
#include <dlfcn.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <functional>
#include <iterator>

#include "tests/backends/cuda/stand_in/driver.h"

namespace {

std::string contents(const std::string& path) {
  std::ifstream file(path);
  return {std::istreambuf_iterator<char>(file), {}};
}

// KERNEL(probe)(BUFFER(double, out), INPUT(float, absent), int i, double x, int64 l): what it was given.
void probe(void** parameters) {
  auto* out = *static_cast<double**>(parameters[0]);
  out += *static_cast<long long*>(parameters[1]);
  out[0] = *static_cast<float**>(parameters[2]) == nullptr;
  out[1] = double(*static_cast<long long*>(parameters[3]));
  out[2] = *static_cast<int*>(parameters[4]);
  out[3] = *static_cast<double*>(parameters[5]);
  out[4] = double(*static_cast<long long*>(parameters[6]));
}

}  // namespace

namespace stand_in {

bool compile(CUfunction function) {
  if (function->module->text.empty()) return true;
  static const std::string folder = STAND_IN_KERNELS, host = std::string(STAND_IN_SOURCES) + "/kernel_host.h", prelude = contents(host);
  const std::string& given = function->module->text;
  // Once it is defined.
  const bool barriers = given.find("BARRIER()") != given.rfind("BARRIER()");
  const std::string text =
      (barriers ? "static const int stand_in_set = stand_in_has_barriers = true;\n" : "") + given + "\nSTAND_IN_KERNEL(" + function->name + ")\n";
  const std::string stem = folder + "/" + function->name + "_" + std::to_string(std::hash<std::string>()(prelude + text));
  const std::string object = stem + ".so", own = stem + "." + std::to_string(getpid());
  if (!std::filesystem::exists(object)) {
    std::filesystem::create_directories(folder);
    std::ofstream(own + ".cpp") << text;
    // Whether products and sums are rounded together must not depend on what the compiler sees around them.
    const std::string command = std::string(STAND_IN_COMPILER) +
                                " -std=c++20 -O1 -w -ffp-contract=off -fno-strict-aliasing -fvisibility=hidden -fPIC -shared -include " + host + " " +
                                own + ".cpp -o " + own + ".so";
    if (std::system(command.c_str()) != 0) return false;
    std::filesystem::rename(own + ".so", object);
    std::filesystem::remove(own + ".cpp");
  }
  void* library = dlopen(object.c_str(), RTLD_NOW | RTLD_LOCAL);
  if (!library) return false;
  function->run = reinterpret_cast<decltype(function->run)>(dlsym(library, "stand_in_run"));
  if (auto* at = static_cast<const size_t* const*>(dlsym(library, "stand_in_sizes_at"))) function->sizes = *at;
  return function->run && function->sizes;
}

void run(const CUDA_KERNEL_NODE_PARAMS& call) {
  if (call.func->name == "probe") return probe(call.kernelParams);
  const unsigned grid[] = {call.gridDimX, call.gridDimY}, group[] = {call.blockDimX};
  if (call.func->run) call.func->run(call.kernelParams, grid, group);
}

}  // namespace stand_in
