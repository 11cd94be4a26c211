#include <vector>

#include "lazuli/bench/bench.h"
#include "lazuli/lazuli.h"
#include "lazuli/typed/typed.h"

namespace bench {
using namespace lazuli;

void op_overhead(const Options& options) {
  Tensor a = ones({1}).to(options.device), b = ones({1}).to(options.device), g = ones({1}).to(options.device).requires_grad_();
  auto build = [&] {
    Tensor y = g;
    for (int i = 0; i < 1000; ++i) y = y + b;
    return y;
  };
  auto nanoseconds = [&](const char* name, auto&& f) {
    emit(options, name,
         seconds_per_call(options,
                          [&] {
                            for (int i = 0; i < 1000; ++i) f();
                          }) *
             1e6,
         "ns");
  };
  using One = Typed<float, typed::Dims<1>>;
  const One typed_a = typed_cast<One>(a), typed_b = typed_cast<One>(b), typed_g = typed_cast<One>(g);
  nanoseconds("add_nograd", [&] { Tensor c = a + b; });
  nanoseconds("add_nograd_typed", [&] { One c = typed_a + typed_b; });
  nanoseconds("add_grad", [&] { Tensor c = g + b; });
  nanoseconds("add_grad_typed", [&] { One c = typed_g + typed_b; });
  nanoseconds("add_number", [&] { Tensor c = a + 1.0; });
  nanoseconds("add_number_grad", [&] { Tensor c = g + 1.0; });
  nanoseconds("number_minus", [&] { Tensor c = 1.0 - a; });
  nanoseconds("mul_number", [&] { Tensor c = a * 2; });
  nanoseconds("div_number", [&] { Tensor c = a / 3.0; });
  nanoseconds("mul_number_inplace", [&] { mul_(a, 1.0); });
  nanoseconds("gt_number", [&] { Tensor c = a > 0.5; });
  nanoseconds("pow_number", [&] { Tensor c = pow(a, 1.5); });
  double both = seconds_per_call(options, [&] { build().backward(); });
  emit(options, "chain1000_fwd_bwd", both * 1e6, "ns/add");
  emit(options, "chain1000_bwd", (both - seconds_per_call(options, [&] { build(); })) * 1e6, "ns/add");
}

void matmul(const Options& options) {
  std::vector<int64_t> sizes{512, 1024, 2048};
  if (options.device.type == DeviceType::CUDA) sizes.push_back(8192);  // what it takes to fill a large GPU
  for (DType dtype : {kFloat32, kBFloat16})
    for (int64_t n : sizes) {
      Tensor a = randn({n, n}).to(options.device, dtype), b = randn({n, n}).to(options.device, dtype);
      double seconds = seconds_per_call(options, [&] { a.mm(b); });
      emit(options, (dtype == kFloat32 ? "f32_" : "bf16_") + std::to_string(n), 2e-9 * double(n * n * n) / seconds, "GFLOP/s");
    }
}

void elementwise(const Options& options) {
  no_grad guard;
  const int64_t n = (options.device.type == DeviceType::CUDA ? 256 : 16) << 20;  // far more than a cache holds
  Tensor a = randn({n}).to(options.device), b = randn({n}).to(options.device), o = randn({n}).to(options.device);
  Tensor m = randn({1024, 1024}).to(options.device), w = randn({1024}).to(options.device), c = randn({1024}).to(options.device);
  double gb = double(a.nbytes()) * 1e-9, square = double(m.nbytes()) * 1e-9;
  emit(options, "add", 3 * gb / seconds_per_call(options, [&] { a + b; }), "GB/s");
  emit(options, "add_out", 3 * gb / seconds_per_call(options, [&] { add_out(o, a, b); }), "GB/s");
  emit(options, "gelu", 2 * gb / seconds_per_call(options, [&] { gelu(a); }), "GB/s");
  emit(options, "sum", gb / seconds_per_call(options, [&] { a.sum(); }), "GB/s");
  emit(options, "softmax", 2 * square / seconds_per_call(options, [&] { softmax(m, -1); }), "GB/s");
  emit(options, "layer_norm", 2 * square / seconds_per_call(options, [&] { layer_norm(m, {1024}, w, c); }), "GB/s");
}

}  // namespace bench
