// The CUDA driver's code against a stand-in for libcuda and libcublasLt (stand_in/), which ctest puts where the loader finds it first; elsewhere these cases do nothing.
#include <dlfcn.h>

#include <thread>

#include "lazuli/backends/gpu/program.h"
#include "lazuli/core/memory/allocator.h"
#include "lazuli/core/slots.h"
#include "lazuli/core/threads/stream.h"
#include "lazuli/lazuli.h"
#include "tests/backends/cuda/stand_in/control.h"
#include "tests/catch.h"
#include "tests/errors.h"

using namespace lazuli;

namespace {

StandInControl* stand_in() {
  static auto* control = [] {
    initialize_backends();
    void* driver = dlopen("libcuda.so.1", RTLD_NOW | RTLD_LOCAL);
    return driver ? static_cast<StandInControl*>(dlsym(driver, "stand_in_control")) : nullptr;
  }();
  return control;
}
const Device kFirst(DeviceType::CUDA, 0), kSecond(DeviceType::CUDA, 1);

bool nvrtc_is_there() {
  return error_of([] { gpu::driver_of(kFirst).identity(0); }) == "no error";
}

const gpu::Source kProbe{"probe", R"gpu(
KERNEL(probe)(BUFFER(double, out), INPUT(float, absent), int i, double x, int64 l) {
  OPEN(double, out);
  out[0] = !HAS(absent);
}
)gpu"};

}  // namespace

TEST_CASE("cuda stand-in: devices and what they are", "[backends][cuda][standin]") {
  if (!stand_in()) return;
  REQUIRE(has_backend(DeviceType::CUDA));
  DeviceProperties p = device_properties(kSecond);
  CHECK(p.name == "Stand-in 1");
  CHECK(p.vendor == "NVIDIA");
  CHECK(p.driver == "CUDA 13.0");
  CHECK(p.architecture == "sm_90");
  CHECK(p.compute_units == 132);
  CHECK(p.total_memory == int64_t(1) << 30);
  CHECK(says(error_of([] { synchronize("cuda:2"); }), "cuda:2"));
}

TEST_CASE("cuda stand-in: tensors travel to devices, between them and back, from any thread", "[backends][cuda][standin]") {
  if (!stand_in()) return;
  auto travel = [] {
    for (int turn = 0; turn < 20; ++turn) {
      Tensor x = arange(1000 + turn).to(kFloat32), y = x.to(kFirst), z = y.to(kSecond);
      if (!equal(y.cpu(), x) || !equal(z.cpu(), x) || !equal(z.to(kFirst).slice(0, 5).cpu(), x.slice(0, 5))) return false;
    }
    return true;
  };
  bool there = false;
  std::thread other([&] { there = travel(); });
  CHECK(travel());
  other.join();
  CHECK(there);
  Tensor a = zeros({16}).to(kFirst), b = arange(16).to(kFloat32).to(kFirst);
  copy_kernel(kFirst, a, b);
  CHECK(equal(a.cpu(), b.cpu()));
}

TEST_CASE("cuda stand-in: streams and events", "[backends][cuda][standin]") {
  if (!stand_in()) return;
  const int events = stand_in()->events;
  {
    Stream side(kSecond);
    Event start, end;
    start.record(side);
    side.wait(default_stream(kSecond));
    end.record(side);
    CHECK(start.elapsed(end) >= 0);
    CHECK(end.done());
    side.synchronize();
    synchronize(kSecond);
  }
  CHECK(stand_in()->events == events);
  Tensor host = arange(100).to(kFloat32);
  Tensor pinned = pin_memory(host, kFirst);
  CHECK(equal(pinned.to(kFirst, {.non_blocking = true}).cpu(), host));
}

TEST_CASE("cuda stand-in: a kernel gets its arguments, grid and stream", "[backends][cuda][standin]") {
  if (!stand_in()) return;
  if (!nvrtc_is_there()) {
    WARN("there is no NVRTC");
    return;
  }
  Tensor out = new_tensor({8}, kFloat64, kSecond);
  gpu::Arguments args;
  args.buffer(out.slice(0, 2)).buffer(Tensor()).value(int32_t(-7)).value(2.5).value(int64_t(1) << 40);
  Stream side(kSecond);
  {
    StreamGuard guard(side);
    gpu::Variant(kProbe, "probe", kSecond).run({5, 64, 3}, args);
  }
  const auto& launch = stand_in()->launch;
  CHECK(launch.device == 1);
  CHECK(launch.stream == side.handle());
  CHECK((launch.grid[0] == 5 && launch.grid[1] == 3 && launch.grid[2] == 1 && launch.group[0] == 64));
  const auto got = out.slice(0, 2, 7).cpu().to_vector<double>();
  CHECK(got == std::vector<double>{1, -1, -7, 2.5, double(int64_t(1) << 40)});
  CHECK(says(error_of([&] { gpu::Variant(kProbe, "probe", kSecond).run({1, 64, 70000}, args); }), "65535"));
}

TEST_CASE("cuda stand-in: a full device is an Error of kind Memory, and the process goes on", "[backends][cuda][standin]") {
  if (!stand_in()) return;
  empty_cache(kFirst);
  const int64_t left = stand_in()->free_bytes[0];
  stand_in()->free_bytes[0] = 1 << 20;
  try {
    new_tensor({4 << 20}, kFloat32, kFirst);
    FAIL("it was full");
  } catch (const Error& error) {
    CHECK(error.kind() == ErrorKind::Memory);
    CHECK(says(error.what(), "cuda:0"));
  }
  CHECK(new_tensor({1000}, kFloat32, kFirst).defined());
  empty_cache(kFirst);
  CHECK(stand_in()->free_bytes[0] == 1 << 20);
  stand_in()->free_bytes[0] = left;
}

TEST_CASE("cuda stand-in: products of row-major, transposed and batched matrices", "[backends][cuda][standin]") {
  if (!stand_in()) return;
  manual_seed(1);
  const int64_t m = 5, n = 7, k = 6;
  auto lay = [](const Tensor& dense, int how) {  // row-major, column-major, or rows apart
    const int64_t last = dense.dim() - 1;
    if (how == 1) return dense.transpose(last, last - 1).contiguous().transpose(last, last - 1);
    return how == 2 ? cat({dense, dense}, last).slice(last, 0, dense.size(last)) : dense;
  };
  auto there = [](const Tensor& t) {  // with its strides
    Tensor whole = alias(t, {t.storage()->bytes() / t.item_size()}, {1}, 0).to(kFirst);
    return alias(whole, t.sizes(), t.strides(), t.storage_offset());
  };
  for (DType t : {kFloat32, kFloat64, kComplex64, kComplex128})
    for (int64_t batch : {0, 3})
      for (int how_a : {0, 1, 2})
        for (int how_b : {0, 1, 2})
          for (double beta : {0.0, 0.5})
            for (bool with_bias : {false, true}) {
              if (with_bias && t != kFloat32) continue;
              INFO(name(t) << " batch " << batch << " a " << how_a << " b " << how_b << " beta " << beta << " bias " << with_bias);
              auto sizes = [&](int64_t r, int64_t c) { return batch ? Shape{batch, r, c} : Shape{r, c}; };
              const Tensor a = lay(randn(sizes(m, k), t), how_a), b = lay(randn(sizes(k, n), t), how_b), bias = with_bias ? randn({n}, t) : Tensor();
              Tensor expected = randn(sizes(m, n), t);
              const Tensor da = there(a), db = there(b), dbias = with_bias ? bias.to(kFirst) : Tensor();
              Tensor out = expected.to(kFirst);
              matmul_kernel(kCPU, expected, a, b, bias, beta, 2);
              const int calls = stand_in()->launch.calls;
              matmul_kernel(kFirst, out, da, db, dbias, beta, 2);
              REQUIRE(stand_in()->launch.calls == calls);  // by the library, without kernels
              REQUIRE(allclose(out.cpu(), expected, 1e-4, 1e-4));
            }
}

TEST_CASE("cuda stand-in: after an illegal address the device is lost, the others and the process are not", "[backends][cuda][standin]") {
  if (!stand_in()) return;
  Tensor x = ones({10}).to(kSecond), y = ones({10}).to(kFirst);
  stand_in()->error_at_wait[1] = 700;
  for (int turn = 0; turn < 2; ++turn) {
    const std::string text = error_of([&] { synchronize(kSecond); });
    CHECK(says(text, "cuda:1"));
    CHECK(says(text, "lost"));
    CHECK(says(text, "CUDA_ERROR_ILLEGAL_ADDRESS"));
  }
  CHECK(says(error_of([&] { x.cpu(); }), "lost"));
  CHECK(says(error_of([&] { new_tensor({int64_t(1) << 20}, kFloat32, kSecond); }), "lost"));
  CHECK(says(error_of([&] { Event().record(default_stream(kSecond)); }), "lost"));
  x = Tensor();
  CHECK(equal(y.cpu(), ones({10})));
  CHECK_NOTHROW(synchronize(kFirst));
}
