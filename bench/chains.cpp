#include "lazuli/bench/bench.h"
#include "lazuli/lazuli.h"
#include "lazuli/record/passes.h"
#include "lazuli/record/record.h"

namespace bench {
using namespace lazuli;

// Elementwise chains on tensors of 64 MiB, recorded and fused, beside a copy: what each reads and writes once, in a second.
void chains(const Options& options) {
  no_grad guard;
  constexpr int64_t n = 16 << 20;
  const Tensor a = randn({n}).to(options.device), b = randn({n}).to(options.device), c = randn({n}).to(options.device);
  Tensor o = randn({n}).to(options.device);
  const double gb = double(a.nbytes()) * 1e-9;
  emit(options, "copy", 2 * gb / seconds_per_call(options, [&] { o.copy_(a); }), "GB/s");
  const auto chain = [&](const char* name, int tensors, auto f) {
    const auto step = record(f, RecordOptions{.reuse_outputs = true, .passes = recording::fusion_passes()});
    emit(options, name, tensors * gb / seconds_per_call(options, [&] { step(a, b, c); }), "GB/s");
  };
  using T = const Tensor&;
  chain("gelu(a*b+c)", 4, [](T x, T y, T z) { return gelu(x * y + z); });
  chain("relu(a+b)*2", 3, [](T x, T y, T) { return relu(x + y) * 2.0; });
  chain("a*sigmoid(a)+b", 3, [](T x, T y, T) { return x * sigmoid(x) + y; });
  chain("sigmoid(a)*tanh(b)", 3, [](T x, T y, T) { return sigmoid(x) * tanh(y); });
  chain("exp(-(a-b)^2)", 3, [](T x, T y, T) { return exp(-square(x - y)); });
  chain("clamp(2a+1,0,1)", 2, [](T x, T, T) { return clamp(x * 2.0 + 1.0, 0.0, 1.0); });
  chain("sqrt(a^2+b^2+c^2)", 4, [](T x, T y, T z) { return sqrt(square(x) + square(y) + square(z)); });
  chain("where(a>0,b,c)*a", 4, [](T x, T y, T z) { return where(x > 0.0, y, z) * x; });
  chain("a/(1+abs(b))+c", 4, [](T x, T y, T z) { return x / (abs(y) + 1.0) + z; });
  chain("log1p(exp(a))-b", 3, [](T x, T y, T) { return log1p(exp(x)) - y; });
  chain("mean((a-b)^2)", 2, [](T x, T y, T) { return square(x - y).mean(); });
}

}  // namespace bench
