#include "lazuli/backends/cuda/compiler.h"

#include <algorithm>
#include <memory>
#include <vector>

#include "lazuli/core/error.h"

namespace lazuli::cuda {
namespace {

void check(const Nvrtc& nvrtc, nvrtcResult result, const char* what) {
  if (result != NVRTC_SUCCESS) fail(ErrorKind::State, "cuda", "", std::string(what) + " to succeed", nvrtc.GetErrorString(result));
}

}  // namespace

CompileTarget target_of(const Nvrtc& nvrtc, int capability) {
  int count = 0;
  check(nvrtc, nvrtc.GetNumSupportedArchs(&count), "the list of architectures");
  std::vector<int> known(size_t(std::max(count, 1)));
  check(nvrtc, nvrtc.GetSupportedArchs(known.data()), "the list of architectures");
  int best = 0;
  for (int i = 0; i < count; ++i)
    if (known[size_t(i)] <= capability) best = std::max(best, known[size_t(i)]);
  return {best, best == capability};
}

std::string compiler_name(const Nvrtc& nvrtc) {
  int major = 0, minor = 0;
  nvrtc.Version(&major, &minor);
  return "NVRTC " + std::to_string(major) + "." + std::to_string(minor);
}

std::string compile(const Nvrtc& nvrtc, const std::string& source, const CompileTarget& target, bool exact) {
  nvrtcProgram program = nullptr;
  check(nvrtc, nvrtc.CreateProgram(&program, source.c_str(), "kernel.cu", 0, nullptr, nullptr), "a program's text");
  auto destroy = [&](nvrtcProgram p) { nvrtc.DestroyProgram(&p); };
  std::unique_ptr<_nvrtcProgram, decltype(destroy)> keep(program, destroy);
  const std::string architecture = target.option();
  // Helpers that a specialisation does not need are no news: -w.
  const char* options[] = {architecture.c_str(), "--std=c++17", "-w", exact ? "--fmad=false" : "--fmad=true"};
  nvrtcResult result = nvrtc.CompileProgram(program, 4, options);
  if (result != NVRTC_SUCCESS) {
    size_t bytes = 0;
    nvrtc.GetProgramLogSize(program, &bytes);
    std::string log(bytes, '\0');
    if (bytes > 0) nvrtc.GetProgramLog(program, log.data());
    while (!log.empty() && (log.back() == '\0' || log.back() == '\n')) log.pop_back();
    fail(ErrorKind::State, "cuda", "", "a kernel that " + compiler_name(nvrtc) + " compiles with " + architecture,
         std::string(nvrtc.GetErrorString(result)) + "\n" + log);
  }
  size_t bytes = 0;
  std::string binary;
  if (target.machine_code) {
    check(nvrtc, nvrtc.GetCUBINSize(program, &bytes), "a program's machine code");
    binary.resize(bytes);
    check(nvrtc, nvrtc.GetCUBIN(program, binary.data()), "a program's machine code");
  } else {
    check(nvrtc, nvrtc.GetPTXSize(program, &bytes), "a program's PTX");
    binary.resize(bytes);  // its end is a zero, which the driver wants
    check(nvrtc, nvrtc.GetPTX(program, binary.data()), "a program's PTX");
  }
  return binary;
}

}  // namespace lazuli::cuda
