#include "lazuli/ops/network/normalization.h"

#include "lazuli/autograd/autograd.h"
#include "lazuli/core/memory/memory_format.h"
#include "lazuli/core/slots/events.h"
#include "lazuli/func.h"
#include "lazuli/ops/network/normalization_support.h"
#include "lazuli/ops/pointwise/activation.h"
#include "lazuli/ops/pointwise/comparison.h"
#include "lazuli/ops/pointwise/unary.h"
#include "lazuli/ops/reduce/reduction.h"
#include "lazuli/ops/reduce/statistics.h"
#include "lazuli/ops/shape/copy.h"
#include "lazuli/ops/shape/join.h"
#include "tests/ops/pointwise/elementwise_helper.h"

using namespace lazuli;
using namespace lazuli::normalization;

namespace {
Tensor wave(const Shape& sizes, double phase, DType dtype = kFloat64) {
  return to(sin(arange(sizes.numel(), {.dtype = kFloat64}) * Scalar(0.7) + Scalar(phase)) + Scalar(0.3), dtype).reshape(sizes);
}
Tensor wave_leaf(const Shape& sizes, double phase, DType dtype = kFloat64) { return wave(sizes, phase, dtype).requires_grad_(); }

// A fused operator and its composite: results and all gradients.
template <class F, class G>
void compare(F fused, G composite, const std::vector<Tensor>& inputs, double tolerance) {
  Tensor a = fused(inputs), b = composite(inputs), weight = wave(a.sizes(), 5, a.dtype());
  CHECK(allclose(a, b, tolerance, tolerance));
  std::vector<Tensor> x = autograd::grad({a}, inputs, {.grad_outputs = {weight}}), y = autograd::grad({b}, inputs, {.grad_outputs = {weight}});
  for (size_t i = 0; i < inputs.size(); ++i) {
    INFO("gradient of input " << i);
    CHECK(allclose(x[i], y[i], 10 * tolerance, 10 * tolerance));
  }
}
}  // namespace

TEST_CASE("fused normalizations are their composites, forward and backward", "[ops]") {
  for (DType dtype : {kFloat32, kFloat64}) {
    double tolerance = dtype == kFloat64 ? 1e-11 : 2e-5;
    for (Shape tail : {Shape{4}, Shape{3, 4}}) {
      std::vector<Tensor> in{wave_leaf({2, 3, 4}, 0, dtype), wave_leaf(tail, 1, dtype), wave_leaf(tail, 2, dtype)};
      compare([&](auto& t) { return layer_norm(t[0], tail, t[1], t[2], 1e-3); },
              [&](auto& t) { return layer_norm_composite(t[0], tail, t[1], t[2], 1e-3); }, in, tolerance);
      in.pop_back();
      compare([&](auto& t) { return rms_norm(t[0], tail, t[1], 1e-3); }, [&](auto& t) { return rms_norm_composite(t[0], tail, t[1], 1e-3); }, in,
              tolerance);
    }
    for (Shape sizes : {Shape{6, 3}, Shape{4, 3, 5}, Shape{2, 3, 2, 2}}) {
      std::vector<Tensor> in{wave_leaf(sizes, 0, dtype), wave_leaf({3}, 1, dtype), wave_leaf({3}, 2, dtype)};
      compare([&](auto& t) { return batch_norm(t[0], none, none, t[1], t[2], true, 0.1, 1e-3); },
              [&](auto& t) { return batch_norm_composite(t[0], t[1], t[2], 1e-3); }, in, tolerance);
    }
  }
}

TEST_CASE("group norm of channels with many places is what it is made of, forward and backward, both orders", "[ops]") {
  const auto composite = [](const Tensor& x, int64_t groups, const OptionalTensor& weight, const OptionalTensor& bias) {
    const Shape sizes = x.sizes(), by_group{sizes[0], groups, sizes.numel() / (sizes[0] * groups)};
    Tensor out = layer_norm_composite(x.reshape(by_group), {by_group[2]}, none, none, 1e-3).reshape(sizes);
    if (weight) out = out * weight->reshape({sizes[1], 1, 1});
    return bias ? out + bias->reshape({sizes[1], 1, 1}) : out;
  };
  for (DType dtype : {kFloat32, kFloat64})
    for (bool last : {false, true})
      for (int64_t groups : {1, 3, 6}) {
        INFO(groups << " groups, channels last " << last);
        const double tolerance = dtype == kFloat64 ? 1e-11 : 2e-5;
        const Tensor x = wave({2, 6, 5, 7}, 0, dtype) + Scalar(20);
        std::vector<Tensor> in{(last ? x.contiguous(MemoryFormat::ChannelsLast) : x).detach().requires_grad_(), wave_leaf({6}, 1, dtype),
                               wave_leaf({6}, 2, dtype)};
        compare([&](auto& t) { return group_norm(t[0], groups, t[1], t[2], 1e-3); }, [&](auto& t) { return composite(t[0], groups, t[1], t[2]); }, in,
                tolerance);
        compare([&](auto& t) { return group_norm(t[0], groups, none, t[1], 1e-3); }, [&](auto& t) { return composite(t[0], groups, none, t[1]); },
                {in[0], in[2]}, tolerance);
        compare([&](auto& t) { return group_norm(t[0], groups, t[1], none, 1e-3); }, [&](auto& t) { return composite(t[0], groups, t[1], none); },
                {in[0], in[1]}, tolerance);
      }
  for (DType half : {kFloat16, kBFloat16}) {
    const Tensor x = wave({2, 6, 5, 7}, 0, half), w = wave({6}, 1, half), b = wave({6}, 2, half), wide = to(x, kFloat32);
    const double step = half == kFloat16 ? 0x1p-10 : 0x1p-7;
    CHECK(allclose(to(group_norm(x, 3, w, b), kFloat32), group_norm(wide, 3, to(w, kFloat32), to(b, kFloat32)), step, step));
    CHECK(group_norm(x, 3, to(w, kFloat32), to(b, kFloat32)).dtype() == half);
  }
  check_gradients([](const Tensor& x, const Tensor& w, const Tensor& b) { return group_norm(x, 2, w, b, 1e-3); },
                  {wave_leaf({2, 4, 17}, 0), wave_leaf({4}, 1), wave_leaf({4}, 2)});
  const Tensor frozen = wave({2, 4, 17}, 0), w = wave_leaf({4}, 1);
  check_gradients([&](const Tensor& w) { return group_norm(frozen, 2, w, none, 1e-3); }, {w});
}

TEST_CASE("batch norm with ReLU in one pass is what it is made of, forward and backward, in every layout", "[ops]") {
  for (DType dtype : {kFloat32, kFloat64})
    for (Shape sizes : {Shape{6, 3}, Shape{300, 20}, Shape{4, 3, 5}, Shape{3, 20, 6, 5}})
      for (bool last : {false, true}) {
        if (last && sizes.size() != 4) continue;
        INFO(to_string(sizes) << " channels last " << last);
        const auto laid = [&](Tensor t) { return (last ? t.contiguous(MemoryFormat::ChannelsLast) : t).detach().requires_grad_(); };
        const double tolerance = dtype == kFloat64 ? 1e-11 : 2e-5;
        const int64_t c = sizes[1];
        std::vector<Tensor> in{laid(wave(sizes, 0, dtype)), wave_leaf({c}, 1, dtype), wave_leaf({c}, 2, dtype),
                               laid(wave(sizes, 3, dtype) * Scalar(0.9))};
        const auto options = [](auto& t, bool training) {
          return BatchNormFunctionOptions{.weight = t[1], .bias = t[2], .training = training, .eps = 1e-3};
        };
        const Tensor mean = wave({c}, 4, dtype), var = wave({c}, 4, dtype) * wave({c}, 4, dtype) + Scalar(0.5);
        for (bool training : {false, true})
          compare([&](auto& t) { return batch_norm_relu(t[0], t[3], mean.clone(), var.clone(), options(t, training)); },
                  [&](auto& t) { return relu(batch_norm(t[0], mean.clone(), var.clone(), options(t, training)) + t[3]); }, in, tolerance);
        CHECK(is_channels_last(batch_norm_relu(in[0], in[3], none, none, {.training = true})) == last);
        in.pop_back();
        compare([&](auto& t) { return batch_norm_relu(t[0], none, none, none, options(t, true)); },
                [&](auto& t) { return relu(batch_norm(t[0], none, none, options(t, true))); }, in, tolerance);
      }
}

TEST_CASE("gradients of normalizations, both orders", "[ops]") {
  Tensor x = wave_leaf({3, 2, 2}, 0), w = wave_leaf({2}, 1), b = wave_leaf({2}, 2);
  check_gradients([](const Tensor& x, const Tensor& w, const Tensor& b) { return batch_norm(x, none, none, w, b, true, 0.1, 1e-3); }, {x, w, b});
  Tensor mean = wave({2}, 3), var = wave({2}, 4) * wave({2}, 4) + Scalar(0.5);
  check_gradients([&](const Tensor& x, const Tensor& w, const Tensor& b) { return batch_norm(x, mean, var, w, b, false); }, {x, w, b});
  check_gradients(
      [](const std::vector<Tensor>& t) {
        return batch_norm_relu(t[0], t[3], none, none, {.weight = t[1], .bias = t[2], .training = true, .eps = 1e-3});
      },
      {x, w, b, wave_leaf({3, 2, 2}, 5)});
  check_gradients([](const Tensor& x, const Tensor& w, const Tensor& b) { return layer_norm(x, {2}, w, b, 1e-3); }, {x, w, b});
  check_gradients([](const Tensor& x, const Tensor& w) { return rms_norm(x, {2}, w, 1e-3); }, {x, w});
  check_gradients([](const Tensor& x, const Tensor& w, const Tensor& b) { return group_norm(x, 1, w, b, 1e-3); }, {x, w, b});
  check_gradients([](const Tensor& x, const Tensor& w, const Tensor& b) { return instance_norm(x, {.weight = w, .bias = b, .eps = 1e-2}); },
                  {wave_leaf({2, 2, 4}, 0), w, b});
  check_gradients([](const Tensor& x) { return local_response_norm(x, 2, {.alpha = 0.5}); }, {wave_leaf({2, 3, 2}, 0)});
  check_gradients([](const Tensor& x) { return normalize(x, 2, -1); }, {x});
}

TEST_CASE("a derivative of a normalization along a direction is two calls of its backward's kernel", "[ops][transforms]") {
  struct Calls final : EventListener {
    int64_t all = 0, backward = 0;
    void call_begins(const SlotCall& call) override {
      if (call.by != ServedBy::Device) return;
      ++all;
      backward += std::string_view(call.slot.name).ends_with("norm_backward");
    }
  };
  const Tensor w = wave({4}, 1), b = wave({4}, 2), x = wave({3, 4, 20}, 0), v = wave({3, 4, 20}, 7);
  using F = std::function<Tensor(const Tensor&)>;
  for (const F& f : {F([&](const Tensor& t) { return layer_norm(t.mT().contiguous(), {4}, w, b, 1e-3); }),
                     F([&](const Tensor& t) { return rms_norm(t.mT().contiguous(), {4}, w, 1e-3); }),
                     F([&](const Tensor& t) { return batch_norm(t, none, none, w, b, true, 0.1, 1e-3); }),
                     F([&](const Tensor& t) { return instance_norm(t, {.weight = w, .bias = b, .eps = 1e-3}); }),
                     F([&](const Tensor& t) { return group_norm(t, 2, w, b, 1e-3); })}) {
    Calls calls;
    Tensor along;
    {
      const Listening listening(calls);
      along = func::jvp(f, x, v).second;
    }
    CHECK(calls.backward == 1);
    CHECK(calls.all <= 12);
    const double step = 1e-6;
    CHECK(allclose(along, (f(x + v * step) - f(x - v * step)) / (2 * step), 1e-7, 1e-7));
    CHECK(allclose(vmap([&](const Tensor& t) { return func::jvp(f, x, t).second; })(stack({v, x}))[0], along));
  }
}

TEST_CASE("third derivatives of normalizations", "[ops]") {
  const auto gradient = [](auto f) { return func::grad([f](const Tensor& t) { return (f(t) * wave(t.sizes(), 5)).sum(); }); };
  const Tensor x = wave_leaf({2, 2, 2}, 0);
  check_gradients(gradient([](const Tensor& t) { return layer_norm(t, {2, 2}, none, none, 1e-1); }), {x});
  check_gradients(gradient([](const Tensor& t) { return rms_norm(t, {2}, none, 1e-1); }), {x});
  check_gradients(gradient([](const Tensor& t) { return batch_norm(t, none, none, none, none, true, 0.1, 1e-1); }), {x});
}

TEST_CASE("batch norm moves the running statistics by momentum, with the unbiased variance", "[ops]") {
  Tensor x = wave({8, 3, 2}, 0), mean_then = wave({3}, 1), var_then = wave({3}, 2), m = mean_then.clone(), v = var_then.clone();
  batch_norm(x, m, v, none, none, true, 0.25);
  CHECK(allclose(m, mean_then * Scalar(0.75) + mean(x, {0, 2}) * Scalar(0.25)));
  CHECK(allclose(v, var_then * Scalar(0.75) + var(x, {0, 2}) * Scalar(0.25)));
  uint32_t version = m.version();
  batch_norm(x, m, v, none, none, true);
  CHECK(m.version() > version);
  Tensor kept = m.clone();
  Tensor y = batch_norm(x, m, v, none, none, false);
  CHECK(allclose(m, kept));
  CHECK(allclose(y, (x - m.reshape({3, 1})) / sqrt(v.reshape({3, 1}) + Scalar(1e-5))));
  // half precision input with float32 statistics
  Tensor half = to(x, kBFloat16), m32 = zeros({3}, kFloat32), v32 = ones({3}, kFloat32);
  CHECK(batch_norm(half, m32, v32, none, none, true, 1.0).dtype() == kBFloat16);
  CHECK(allclose(to(m32, kFloat64), mean(x, {0, 2}), 2e-2, 2e-2));
}

TEST_CASE("instance norm moves the running statistics towards their mean over the samples", "[ops]") {
  Tensor x = wave({2, 3, 5}, 0), m = zeros({3}, kFloat64), v = ones({3}, kFloat64);
  Tensor y = instance_norm(x, {.running_mean = m, .running_var = v, .momentum = 0.5});
  CHECK(allclose(m, mean(mean(x, 2), 0) * Scalar(0.5)));
  CHECK(allclose(v, mean(var(x, 2), 0) * Scalar(0.5) + Scalar(0.5)));
  CHECK(allclose(mean(y, 2), zeros({2, 3}, kFloat64), 0, 1e-7));
}

TEST_CASE("normalizations refuse wrong ranks and feature counts, naming both sizes", "[ops]") {
  Tensor x = wave({4, 3}, 0);
  std::string text = error_of([&] { batch_norm(x, zeros({5}, kFloat64), ones({5}, kFloat64)); });
  CHECK(text.find("batch_norm: argument 'running_mean'") == 0);
  CHECK(text.find("3") != std::string::npos);
  CHECK(text.find("[5]") != std::string::npos);
  CHECK(error_of([&] {
          batch_norm(wave({1, 3}, 0), none, none, none, none, true);
        }).find("more than 1 value per channel when training") != std::string::npos);
  CHECK_THROWS_AS(batch_norm(wave({3}, 0), none, none, none, none, true), Error);
  CHECK_THROWS_AS(batch_norm(x, none, none), Error);
  CHECK_THROWS_AS(batch_norm_relu(x, none, none, none), Error);
  CHECK_THROWS_AS(batch_norm_relu(x, x.narrow(0, 0, 1), none, none, {.training = true}), Error);
  CHECK_THROWS_AS(batch_norm(tensor({{1, 2}, {3, 4}}), none, none, none, none, true), Error);
  text = error_of([&] { layer_norm(x, {4}); });
  CHECK(text.find("[4]") != std::string::npos);
  CHECK(text.find("[4, 3]") != std::string::npos);
  CHECK_THROWS_AS(layer_norm(x, {3}, ones({4}, kFloat64)), Error);
  CHECK_THROWS_AS(layer_norm(x, {}), Error);
  CHECK_THROWS_AS(group_norm(wave({2, 6, 2}, 0), 4), Error);
  CHECK_THROWS_AS(instance_norm(wave({2, 3, 1}, 0)), Error);
  CHECK(error_of([&] {
          group_norm(wave({1, 4}, 0), 4);
        }) == "group_norm: argument 'input': expected more than 1 value per channel, got sizes [1, 4]");
  CHECK(group_norm(wave({1, 4}, 0), 2).sizes() == Shape{1, 4});
  CHECK(error_of([] {
          group_norm(ones({1, 2, 0}), 1);
        }) == "group_norm: argument 'input': expected at least one element in each channel, got sizes [1, 2, 0]");
  CHECK(group_norm(ones({0, 2, 3}), 1).sizes() == Shape{0, 2, 3});
  CHECK(batch_norm(empty({4, 3}, kFloat32, kMeta), none, none, none, none, true).sizes() == Shape{4, 3});
  CHECK(layer_norm(empty({4, 3}, kFloat32, kMeta), {3}).sizes() == Shape{4, 3});
}
