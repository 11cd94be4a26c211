#pragma once
#include "lazuli/autograd/autocast.h"
#include "lazuli/core/profiler/profiler.h"
#include "lazuli/core/settings.h"
#include "lazuli/core/slots/matmul_precision.h"
#include "lazuli/torch/base.h"

/// What programs ask of libtorch as a whole: what it was built with, switches of its libraries, autocast by functions.
#define TORCH_VERSION_MAJOR 2
#define TORCH_VERSION_MINOR 5
#define TORCH_VERSION_PATCH 0
#define TORCH_VERSION "2.5.0"
/// A region of that name, for profilers; inputs are not kept.
#define RECORD_FUNCTION(name, ...) const ::lazuli::profiler::record_function lazuli_recorded_function(name)

namespace torch {

namespace cuda {
/// Whether convolutions of the first device are cuDNN's.
inline bool cudnn_is_available() { return is_available() && lazuli::device_properties(kCUDA).cudnn; }
}  // namespace cuda
inline bool hasCUDA() { return cuda::is_available(); }
inline bool hasMKL() { return false; }
inline bool hasMPS() { return false; }

/// Switches of a library as a whole: those of cuBLAS and cuDNN go by the ones that the library has for all devices. The rest says nothing here.
struct Context {
  bool hasCUDA() const { return torch::hasCUDA(); }
  const Generator& defaultGenerator(Device) const { return lazuli::default_generator(); }
  bool deterministicAlgorithms() const { return lazuli::are_deterministic_algorithms_enabled(); }
  void setDeterministicAlgorithms(bool mode, bool warn_only = false) { lazuli::use_deterministic_algorithms(mode, warn_only); }
  bool deterministicCuDNN() const { return deterministicAlgorithms(); }
  /// False leaves what `setDeterministicAlgorithms` said.
  void setDeterministicCuDNN(bool mode) {
    if (mode) setDeterministicAlgorithms(true);
  }
  std::string float32MatmulPrecision() const { return std::string(lazuli::get_float32_matmul_precision()); }
  void setFloat32MatmulPrecision(const std::string& precision) { lazuli::set_float32_matmul_precision(precision); }
  bool allowTF32CuBLAS() const { return float32MatmulPrecision() != "highest"; }
  void setAllowTF32CuBLAS(bool allow) { setFloat32MatmulPrecision(allow ? "high" : "highest"); }
  bool allowTF32CuDNN() const { return allowTF32CuBLAS(); }
  void setAllowTF32CuDNN(bool allow) { setAllowTF32CuBLAS(allow); }
  bool benchmarkCuDNN() const { return false; }
  void setBenchmarkCuDNN(bool) {}
  void setUserEnabledCuDNN(bool) {}
  void setFlushDenormal(bool) {}
};
inline Context& globalContext() {
  static Context context;
  return context;
}

inline std::string get_parallel_info() { return "Lazuli, OpenMP\n\tat::get_num_threads() : " + std::to_string(lazuli::get_num_threads()); }
inline std::string show_config() { return "Lazuli: oneDNN, OpenBLAS, Highway"; }

struct CPUGeneratorImpl {};
/// A generator of its own.
template <class = CPUGeneratorImpl>
Generator make_generator(uint64_t seed = 67280421310721) {
  return Generator(seed);
}

namespace autograd::profiler {
/// Writes a trace of what this thread does while it lives, for chrome://tracing.
class RecordProfile {
 public:
  explicit RecordProfile(std::string path) : path_(std::move(path)) {}
  ~RecordProfile() {
    profile_.stop();
    profile_.export_chrome_trace(path_);
  }

 private:
  std::string path_;
  lazuli::profiler::profile profile_;
};
}  // namespace autograd::profiler

namespace autocast {
using lazuli::amp::get_autocast_dtype, lazuli::amp::is_autocast_enabled, lazuli::amp::set_autocast_cache_enabled, lazuli::amp::set_autocast_dtype,
    lazuli::amp::set_autocast_enabled;
inline void clear_cache() { lazuli::amp::clear_autocast_cache(); }
inline int increment_nesting() { return lazuli::amp::autocast_increment_nesting(); }
inline int decrement_nesting() { return lazuli::amp::autocast_decrement_nesting(); }
}  // namespace autocast

}  // namespace torch
