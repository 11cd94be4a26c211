#include "lazuli/bench/bench.h"
#include "lazuli/lazuli.h"

namespace bench {
using namespace lazuli;

// About a million values a call in lines of one length: powers of two, and each large prime beside the next power of two.
void fft(const Options& options) {
  no_grad guard;
  const auto nanoseconds = [&](int64_t n, DType dtype) {
    const int64_t lines = std::max<int64_t>(1, (int64_t(1) << 20) / n);
    Tensor x = randn({lines, n}, {.dtype = dtype}).to(options.device);
    return seconds_per_call(options, [&] { fft::fft(x); }) * 1e9 / double(lines * n);
  };
  for (DType dtype : {kComplex64, kComplex128}) {
    const std::string prefix = dtype == kComplex64 ? "c64_" : "c128_";
    for (int64_t n : {8, 64, 1024, 16384, 1 << 20}) emit(options, prefix + std::to_string(n), nanoseconds(n, dtype), "ns/value");
    for (int64_t n : {67, 211, 997, 9973, 65537}) {
      int64_t next = 1;
      while (next < n) next *= 2;
      const double prime = nanoseconds(n, dtype) * double(n), power = nanoseconds(next, dtype) * double(next);
      emit(options, prefix + std::to_string(n) + "_over_next_power", prime / power, "times");
    }
  }
}

}  // namespace bench
