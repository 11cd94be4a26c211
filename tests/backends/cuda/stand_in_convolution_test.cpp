// Convolutions by cuDNN against a stand-in for it and for the driver (stand_in/), which ctest puts where the loader finds them first; elsewhere these cases do nothing.
#include <dlfcn.h>

#include <atomic>
#include <thread>

#include "lazuli/core/memory/allocator.h"
#include "lazuli/core/memory/memory_format.h"
#include "lazuli/core/settings.h"
#include "lazuli/core/slots.h"
#include "lazuli/core/slots/matmul_precision.h"
#include "lazuli/core/slots/window_slots.h"
#include "lazuli/core/threads/stream.h"
#include "lazuli/lazuli.h"
#include "lazuli/record/record.h"
#include "tests/backends/convolution_cases.h"
#include "tests/backends/cuda/stand_in/control.h"
#include "tests/catch.h"

using namespace lazuli;
using namespace lazuli::test;

namespace {

template <class Control>
Control* control_in(const char* library, const char* symbol) {
  void* found = dlopen(library, RTLD_NOW | RTLD_LOCAL);
  return found ? static_cast<Control*>(dlsym(found, symbol)) : nullptr;
}
StandInControl* driver() {
  static auto* control = [] {
    initialize_backends();
    return control_in<StandInControl>("libcuda.so.1", "stand_in_control");
  }();
  return control;
}
StandInCudnn* cudnn() {
  static auto* control = driver() ? control_in<StandInCudnn>("libcudnn.so.9", "stand_in_cudnn") : nullptr;
  return control;
}
const Device kDevice(DeviceType::CUDA, 0);

// The stand-in's memory is the host's.
Tensor on_host(const Tensor& t) {
  const Tensor whole = from_blob(t.storage()->data(), {t.storage()->bytes() / t.item_size()}, t.dtype(), borrow);
  return alias(whole, t.sizes(), t.strides(), t.storage_offset());
}
Tensor there(const Tensor& t) { return on_device(t, kDevice); }

// The stand-in runs no kernels: as long as this lives, those that lie around convolutions and that their composites are made of do their work on the host.
class KernelsOnHost {
 public:
  KernelsOnHost() {
    for (KernelBase* slot : slots_) before_.emplace_back(slot->functions[kType].load(), slot->dtypes[kType].load());
    copy_kernel.set(DeviceType::CUDA, [](Tensor& out, const Tensor& in) {
      Tensor to = on_host(out);
      copy_kernel(kCPU, to, on_host(in));
    });
    fill_kernel.set(DeviceType::CUDA, [](Tensor& out, const Scalar& value) {
      Tensor to = on_host(out);
      fill_kernel(kCPU, to, value);
    });
    binary_kernel.set(DeviceType::CUDA, [](BinaryOp op, Tensor& out, const Tensor& a, const Tensor& b, Params p) {
      Tensor to = on_host(out);
      binary_kernel(kCPU, op, to, on_host(a), on_host(b), p);
    });
  }
  ~KernelsOnHost() {
    for (size_t i = 0; i < before_.size(); ++i) slots_[i]->functions[kType] = before_[i].first, slots_[i]->dtypes[kType] = before_[i].second;
  }

 private:
  static constexpr size_t kType = size_t(DeviceType::CUDA);
  std::vector<KernelBase*> slots_{&copy_kernel, &fill_kernel, &binary_kernel};
  std::vector<std::pair<void*, uint64_t>> before_;
};

template <class F>
void each_direction(const ConvolutionCase& c, DType t, bool channels_last, F f) {
  test::each_direction(kDevice, c, t, channels_last, f);
}
bool near(const Tensor& out, const Tensor& expected, double tolerance = 1e-4) {
  return allclose(on_host(out).to(kFloat64), expected, tolerance, tolerance);
}
uint64_t composites() {
  return convolution_kernel.composite_calls + convolution_backward_input_kernel.composite_calls + convolution_backward_weight_kernel.composite_calls;
}

}  // namespace

TEST_CASE("cuda stand-in: cuDNN's convolutions and their gradients, of all ranks, dtypes and layouts", "[backends][cuda][standin][convolution]") {
  if (!cudnn()) return;
  manual_seed(3);
  const KernelsOnHost kernels;
  for (const ConvolutionCase& c : convolution_cases())
    for (DType t : {kFloat32, kFloat64, kFloat16, kBFloat16})
      for (bool channels_last : {false, true}) {
        each_direction(c, t, channels_last, [&](int which, const Tensor& out, const Tensor& expected, auto call) {
          INFO(name(t) << " direction " << which << " channels last " << channels_last << " input " << c.input << " weight " << c.weight);
          const int before = cudnn()->last.calls[which];
          call();
          REQUIRE(cudnn()->last.calls[which] == before + c.as_many_as_fit);
          REQUIRE(near(out, expected, tolerance_of_convolution(t)));
          if (!c.as_many_as_fit) return;
          CHECK(cudnn()->last.groups == c.groups);
          CHECK(cudnn()->last.rank == std::max<int64_t>(c.stride.size(), 2));
          if (channels_last && c.input[1] > 1) CHECK(cudnn()->last.channels_last == (t != kFloat64));  // which cuDNN does not have so
        });
      }
}

TEST_CASE("cuda stand-in: cuDNN by operators and autograd, without kernels around it", "[backends][cuda][standin][convolution]") {
  if (!cudnn()) return;
  CHECK(device_properties("cuda").cudnn);
  manual_seed(4);
  const Tensor x = randn({2, 4, 8, 8}), w = randn({6, 2, 3, 3}), upwards = randn({4, 3, 3, 3});
  Tensor dx = x.to(kDevice).requires_grad_(), dw = w.to(kDevice).requires_grad_();
  Tensor hx = x.clone().requires_grad_(), hw = w.clone().requires_grad_();
  const int launches = driver()->launch.calls;
  const Tensor out = conv2d(dx, dw, {.stride = 2, .padding = 1, .groups = 2}), expected = conv2d(hx, hw, {.stride = 2, .padding = 1, .groups = 2});
  CHECK(allclose(out.detach().cpu(), expected.detach(), 1e-4, 1e-4));
  const Tensor grad = randn(expected.sizes());
  out.backward(grad.to(kDevice));
  expected.backward(grad);
  CHECK(allclose(dx.grad().cpu(), hx.grad(), 1e-4, 1e-4));
  CHECK(allclose(dw.grad().cpu(), hw.grad(), 1e-4, 1e-4));
  NoGradGuard no_grad;
  CHECK(allclose(conv_transpose2d(dx, upwards.to(kDevice), {.stride = 2, .output_padding = 1}).cpu(),
                 conv_transpose2d(x, upwards, {.stride = 2, .output_padding = 1}), 1e-4, 1e-4));
  CHECK(driver()->launch.calls == launches);
}

TEST_CASE("cuda stand-in: cuDNN is asked once for each geometry, by the stream that is current", "[backends][cuda][standin][convolution]") {
  if (!cudnn()) return;
  const Tensor x = ones({1, 2, 13, 11}).to(kDevice), w = ones({3, 2, 3, 3}).to(kDevice);
  conv2d(x, w);
  const int searches = cudnn()->searches, descriptors = cudnn()->descriptors;
  Stream side(kDevice);
  {
    StreamGuard guard(side);
    conv2d(x, w);
  }
  CHECK(cudnn()->last.stream == side.handle());
  conv2d(x, w);
  CHECK(cudnn()->last.stream != side.handle());
  CHECK(cudnn()->searches == searches);
  conv2d(x, w, {.padding = 1});
  CHECK(cudnn()->searches == searches + 1);
  CHECK(cudnn()->descriptors == descriptors + 4);
  CHECK(cudnn()->handles == 1);
  for (int64_t width = 1; width <= 1100; ++width) conv2d(zeros({1, 1, 1, width}).to(kDevice), zeros({1, 1, 1, 1}).to(kDevice));
  CHECK(cudnn()->descriptors <= 4 * 1024);
}

TEST_CASE("cuda stand-in: several threads convolve on one device", "[backends][cuda][standin][convolution]") {
  if (!cudnn()) return;
  manual_seed(11);
  std::atomic<int> right{0};
  std::vector<std::thread> threads;
  for (int64_t t = 0; t < 4; ++t)
    threads.emplace_back([&right, x = randn({1, 2, 9 + t, 8}), w = randn({3, 2, 3, 3})] {
      const Tensor expected = conv2d(x, w), dx = x.to(kDevice), dw = w.to(kDevice);
      for (int turn = 0; turn < 20; ++turn) right += allclose(conv2d(dx, dw).cpu(), expected, 1e-4, 1e-4);
    });
  for (std::thread& thread : threads) thread.join();
  CHECK(right == 80);
}

TEST_CASE("cuda stand-in: deterministic mode and the precision of products choose cuDNN's algorithms", "[backends][cuda][standin][convolution]") {
  if (!cudnn()) return;
  const ConvolutionCase c{{2, 3, 8, 7}, {4, 3, 3, 3}, {1, 1}, {1, 1}, {1, 1}};
  const KernelsOnHost kernels;
  const auto algorithms = [&](DType t) {
    std::vector<int> chosen;
    each_direction(c, t, false, [&](int, const Tensor& out, const Tensor& expected, auto call) {
      call();
      CHECK(near(out, expected, t == kFloat32 ? 1e-4 : 1e-1));
      chosen.push_back(cudnn()->last.algorithm);
    });
    return chosen;
  };
  CHECK(algorithms(kFloat32) == std::vector<int>{0, 0, 0});
  CHECK(cudnn()->last.math == 3);  // products and sums of float32
  use_deterministic_algorithms(true);
  CHECK(algorithms(kFloat32) == std::vector<int>{0, 1, 1});
  use_deterministic_algorithms(false);
  CHECK(algorithms(kFloat32) == std::vector<int>{0, 0, 0});
  {
    const MatmulPrecisionGuard guard("high");
    CHECK(algorithms(kFloat32) == std::vector<int>{0, 0, 0});
    CHECK(cudnn()->last.math == 1);
  }
  algorithms(kFloat16);
  CHECK(cudnn()->last.math == 1);
  algorithms(kFloat64);
  CHECK(cudnn()->last.math == 0);
}

TEST_CASE("cuda stand-in: what cuDNN declines, or fails at, is the composite from then on", "[backends][cuda][standin][convolution]") {
  if (!cudnn()) return;
  manual_seed(5);
  const KernelsOnHost kernels;
  int extra = 0;
  for (bool late : {false, true})
    each_direction({{2, 3, 10 + extra++, 9}, {4, 3, 3, 3}, {1, 1}, {1, 1}, {1, 1}}, kFloat32, false,
                   [&](int which, const Tensor& out, const Tensor& expected, auto call) {
                     INFO("direction " << which << " late " << late);
                     (late ? cudnn()->failures : cudnn()->refusals) = 1;
                     const int calls = cudnn()->last.calls[which], descriptors = cudnn()->descriptors;
                     for (int turn = 0; turn < 2; ++turn) {
                       const uint64_t before = composites();
                       const int searches = cudnn()->searches;
                       call();
                       CHECK(near(out, expected));
                       CHECK(composites() == before + 1);
                       CHECK(cudnn()->searches == searches + (turn == 0));
                     }
                     CHECK(cudnn()->last.calls[which] == calls);
                     CHECK(cudnn()->descriptors == descriptors);
                   });
}

TEST_CASE("cuda stand-in: without memory for cuDNN's workspace it is the composite, this time", "[backends][cuda][standin][convolution]") {
  if (!cudnn()) return;
  manual_seed(6);
  const KernelsOnHost kernels;
  const uint64_t workspace = cudnn()->workspace;
  cudnn()->workspace = 100 << 20;
  each_direction({{1, 3, 14, 9}, {4, 3, 3, 3}, {1, 1}, {1, 1}, {1, 1}}, kFloat32, false,
                 [&](int which, const Tensor& out, const Tensor& expected, auto call) {
                   INFO("direction " << which);
                   empty_cache(kDevice);
                   const int64_t left = driver()->free_bytes[0];
                   driver()->free_bytes[0] = 50 << 20;
                   const int calls = cudnn()->last.calls[which];
                   call();
                   CHECK(near(out, expected));
                   CHECK(cudnn()->last.calls[which] == calls);
                   driver()->free_bytes[0] += left - (50 << 20);
                   call();
                   CHECK(near(out, expected));
                   CHECK(cudnn()->last.calls[which] == calls + 1);
                 });
  cudnn()->workspace = workspace;
  empty_cache(kDevice);
}

TEST_CASE("cuda stand-in: operands that do not lie as cuDNN wants them are copied", "[backends][cuda][standin][convolution]") {
  if (!cudnn()) return;
  manual_seed(7);
  const KernelsOnHost kernels;
  const Tensor x = randn({2, 3, 9, 7}), w = randn({4, 3, 3, 3});
  const Tensor expected = conv2d(x, w, {.padding = 1}).to(kFloat64);
  const Tensor shifted = alias(there(cat({zeros({1}), x.flatten()})), x.sizes(), x.strides(), 1);  // 4 bytes behind
  const Tensor turned = there(x.permute({3, 2, 1, 0}).contiguous()).permute({3, 2, 1, 0});
  for (const Tensor& in : {shifted, turned})
    for (bool last : {false, true}) {
      const int calls = cudnn()->last.calls[0];
      CHECK(near(conv2d(in, last ? there(w.to(MemoryFormat::ChannelsLast)) : w.to(kDevice), {.padding = 1}), expected));
      CHECK(cudnn()->last.calls[0] == calls + 1);
    }
  Tensor wide = zeros({2, 4, 9, 14}).to(kDevice), out = wide.slice(3, 0, 7);
  convolution_kernel(kDevice, out, there(x), there(w), Tensor(), {1, 1}, {1, 1}, {1, 1}, 1);
  CHECK(near(out, expected));
}

TEST_CASE("cuda stand-in: recorded convolutions are by cuDNN in replays too", "[backends][cuda][standin][convolution]") {
  if (!cudnn()) return;
  manual_seed(10);
  const Tensor x = randn({2, 3, 8, 7}), w = randn({4, 3, 3, 3}), dw = w.to(kDevice);
  auto step = record([&](const Tensor& in) { return conv2d(in, dw, {.padding = 1}); });
  for (int turn = 0; turn < 3; ++turn) {
    const int calls = cudnn()->last.calls[0];
    CHECK(allclose(step((x + turn).to(kDevice)).cpu(), conv2d(x + turn, w, {.padding = 1}), 1e-4, 1e-4));
    CHECK(cudnn()->last.calls[0] == calls + 1);
  }
  CHECK(step.replays() > 0);
}

TEST_CASE("cuda stand-in: without cuDNN convolutions are composites", "[backends][cuda][standin][convolution]") {
  if (!driver() || cudnn()) return;
  manual_seed(8);
  const KernelsOnHost kernels;
  for (const ConvolutionCase& c : convolution_cases())
    each_direction(c, kFloat32, false, [&](int, const Tensor& out, const Tensor& expected, auto call) {
      const uint64_t before = composites();
      call();
      CHECK(near(out, expected));
      CHECK(composites() == before + 1);
    });
}
