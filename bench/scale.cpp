#include <algorithm>
#include <cstdio>

#include "lazuli/bench/bench.h"
#include "lazuli/bench/gpt.h"
#include "lazuli/bench/scale.h"
#include "lazuli/distributed/distributed.h"
#include "lazuli/lazuli.h"

// How training on many processes scales: steps of one process are measured, and a simulator (distributed/simulate.h) says what they become on 2 to 1024 ranks. Under mpirun the simulator's step is held
// against the real one instead (scale_check.cpp).
namespace bench {
namespace {
namespace dist = lazuli::distributed;
using dist::AllReduceKind, dist::Link, dist::StepProfile;

/// y = relu(x' + bn3(conv3(relu(bn2(conv2(relu(bn1(conv1(x)))))))))
struct Bottleneck : nn::Module {
  nn::Child<nn::Conv2d> conv1;
  nn::Child<nn::BatchNorm2d> bn1;
  nn::Child<nn::Conv2d> conv2;
  nn::Child<nn::BatchNorm2d> bn2;
  nn::Child<nn::Conv2d> conv3;
  nn::Child<nn::BatchNorm2d> bn3;
  nn::Child<nn::Sequential> shortcut{this, "shortcut"};
  Bottleneck(int64_t in, int64_t width, int64_t stride)
      : conv1(this, "conv1", in, width, 1, nn::ConvOptions{.bias = false}),
        bn1(this, "bn1", width),
        conv2(this, "conv2", width, width, 3, nn::ConvOptions{.stride = stride, .padding = 1, .bias = false}),
        bn2(this, "bn2", width),
        conv3(this, "conv3", width, 4 * width, 1, nn::ConvOptions{.bias = false}),
        bn3(this, "bn3", 4 * width) {
    if (stride == 1 && in == 4 * width) return;
    shortcut->push_back(nn::Conv2d(in, 4 * width, 1, {.stride = stride, .bias = false}));
    shortcut->push_back(nn::BatchNorm2d(4 * width));
  }
  Tensor forward(const Tensor& x) { return relu(shortcut(x) + bn3(conv3(relu(bn2(conv2(relu(bn1(conv1(x))))))))); }
};
/// He and others 2015, https://arxiv.org/abs/1512.03385, table 1.
nn::Sequential resnet50() {
  nn::Sequential net{nn::Conv2d(3, 64, 7, {.stride = 2, .padding = 3, .bias = false}), nn::BatchNorm2d(64), nn::ReLU(),
                     nn::MaxPool2d(3, {.stride = 2, .padding = 1})};
  int64_t in = 64;
  for (auto [width, blocks] : {std::pair<int64_t, int>{64, 3}, {128, 4}, {256, 6}, {512, 3}})
    for (int b = 0; b < blocks; ++b) {
      net.push_back(Bottleneck(in, width, b == 0 && width > 64 ? 2 : 1));
      in = 4 * width;
    }
  net.push_back(nn::AdaptiveAvgPool2d(1));
  net.push_back(nn::Flatten());
  net.push_back(nn::Linear(2048, 1000));
  return net;
}

/// The step of median length out of BENCH_REPEATS (5), after one to get warm.
template <class Model, class Optimizer, class Loss>
StepProfile measured(Model& model, Optimizer& optimizer, Loss loss) {
  std::vector<StepProfile> steps;
  for (int i = 0; i <= int(environment("BENCH_REPEATS", 5)); ++i) {
    StepProfile step = dist::record_step(model, [&](const std::function<void()>& gradients_done) {
      optimizer.zero_grad();
      loss().backward();
      gradients_done();
      optimizer.step();
    });
    if (i > 0) steps.push_back(std::move(step));
  }
  std::sort(steps.begin(), steps.end(), [](const StepProfile& a, const StepProfile& b) { return a.end < b.end; });
  return steps[steps.size() / 2];
}
StepProfile faster(StepProfile profile, double times) {
  for (auto& gradient : profile.gradients) gradient.ready /= times;
  profile.backward_end /= times;
  profile.end /= times;
  return profile;
}
double megabytes(const StepProfile& profile) {
  double bytes = 0;
  for (const auto& gradient : profile.gradients) bytes += gradient.bytes;
  return bytes / 1e6;
}

void table(const Options& options, const char* name, const StepProfile& measured_step, double items, const char* unit, double gigabits, int ranks) {
  const Link link{gigabits * 1e9 / 8, 1e-5};
  std::printf("\n%s: %.1f MB of gradients, a step of %.3f s here (%.1f %s/s); links of %.0f Gbit/s and 10 us\n", name, megabytes(measured_step),
              measured_step.end, items / measured_step.end, unit, gigabits);
  std::printf("| a step alone | kind |");
  for (int n = 2; n <= 1024; n *= 2) std::printf(" %d |", n);
  std::printf("\n|---|---|");
  for (int n = 2; n <= 1024; n *= 2) std::printf("---|");
  std::printf("\n");
  // The step as it was measured, and of processors that take so many seconds for it.
  for (double seconds : {measured_step.end, 1.0, 0.3, 0.1})
    for (AllReduceKind kind : {AllReduceKind::Ring, AllReduceKind::Tree}) {
      const StepProfile step = faster(measured_step, measured_step.end / seconds);
      auto efficiency = [&](int n) {
        const double cap = dist::tuned_bucket_cap_mb(step, link, n, {.kind = kind});
        return 100 * dist::simulate_step(step, link, n, {.kind = kind, .bucket_cap_mb = cap}).efficiency;
      };
      std::printf("| %.1f s | %s |", seconds, std::string(name_of(kind)).c_str());
      for (int n = 2; n <= 1024; n *= 2) std::printf(" %.1f |", efficiency(n));
      std::printf("\n");
      if (seconds == measured_step.end)
        emit(options, std::string(name) + "_" + std::string(name_of(kind)) + "_" + std::to_string(ranks), efficiency(ranks), "% of linear");
    }
}

void predict(const Options& options) {
  {
    nn::Sequential model = resnet50();
    optim::SGD optimizer(model.parameters(), {.lr = 0.01, .momentum = 0.9});
    const int64_t batch = int64_t(environment("BENCH_RESNET_BATCH", 8));
    const Tensor x = randn({batch, 3, 224, 224}), y = randint(1000, {batch});
    table(options, "resnet50", measured(model, optimizer, [&] { return cross_entropy(model(x), y); }), double(batch), "images", 25, 64);
  }
  constexpr int64_t vocabulary = 50257, length = 256;
  Gpt model(vocabulary, 768, 12, 12, length);  // the sizes of GPT-2
  optim::AdamW optimizer(model.parameters(), {.lr = 3e-4});
  const Tensor ids = randint(vocabulary, {1, length + 1}), x = ids.narrow(1, 0, length).contiguous(), y = ids.narrow(1, 1, length).contiguous();
  table(options, "gpt", measured(model, optimizer, [&] { return cross_entropy(flatten(model(x), 0, 1), flatten(y)); }), double(length), "tokens", 100,
        256);
}

}  // namespace

void scale(const Options& options) { distributed::is_mpirun_launched() ? check_scale(options) : predict(options); }

}  // namespace bench
