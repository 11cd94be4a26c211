#include "lazuli/tests/record/random_networks.h"

#include <algorithm>
#include <cstring>

#include "lazuli/record/passes.h"
#include "lazuli/record/record.h"
#include "tests/catch.h"

using namespace lazuli;
using test::RandomNetwork;

namespace {

// All that a training does besides the network: optimizer, schedule, clipping, mixed precision, scaled losses, two halves of a batch.
class Training {
 public:
  Training(uint64_t seed, const std::vector<size_t>& layers, size_t loss) : seed_(seed), net(seed, layers, loss) {
    std::vector<Tensor> matrices, others;
    const size_t wanted = seed % 15;
    const bool muon = wanted == 0;
    for (const Tensor& p : net.parameters()) (muon && p.dim() == 2 ? matrices : others).push_back(p);
    size_t k = 0;
    optim::for_each_optimizer([&]<class O>() {
      if constexpr (!std::is_same_v<O, optim::LBFGS> && !std::is_same_v<O, optim::Muon>)
        if (++k == (muon ? 1 : wanted)) optimizers.push_back(std::make_shared<O>(others, typename O::Options{.lr = 0.01}));
    });
    if (muon) optimizers.push_back(std::make_shared<optim::Muon>(matrices, optim::MuonOptions{.lr = 0.01}));
    switch (seed / 2 % 5) {
      case 0: schedule = std::make_unique<optim::StepLR>(*optimizers[0], 3); break;
      case 1: schedule = std::make_unique<optim::CosineAnnealingLR>(*optimizers[0], 7); break;
      case 2: schedule = std::make_unique<optim::ExponentialLR>(*optimizers[0], 0.9); break;
      case 3: schedule = std::make_unique<optim::LinearLR>(*optimizers[0]); break;
      default: break;
    }
  }

  Tensor loss(const Tensor& samples, const Tensor& numbers, const Tensor& classes) {
    const Tensor outputs = [&] {
      autocast guard(kCPU, kBFloat16, seed_ % 4 == 3);
      return net.outputs(samples);
    }();
    return net.loss(outputs.to(samples.dtype()), numbers, classes);
  }

  Tensor operator()(const Tensor& samples, const Tensor& numbers, const Tensor& classes) {
    for (auto& o : optimizers) o->zero_grad(seed_ % 3 != 0);
    Tensor total;
    if (seed_ % 7 == 5) {  // gradients of two parts add up
      total = loss(samples, numbers, classes);
      total.backward();
      const Tensor again = loss(samples * 0.5, numbers, classes);
      (again * 0.5).backward();
      total = total + again;
    } else if (seed_ % 7 == 6) {
      total = loss(samples, numbers, classes);
      scaler.scale(total).backward();
      for (auto& o : optimizers) scaler.unscale_(*o);
    } else {
      total = loss(samples, numbers, classes);
      total.backward();
    }
    const std::vector<Tensor> parameters = net.parameters();
    switch (seed_ % 5) {
      case 1: nn::utils::clip_grad_norm_(parameters, 0.5); break;
      case 2: nn::utils::clip_grad_value_(parameters, 0.1); break;
      default: break;
    }
    if (seed_ % 7 == 6) {
      for (auto& o : optimizers) scaler.step(*o);
      scaler.update();
    } else {
      for (auto& o : optimizers) o->step();
    }
    if (schedule) schedule->step();
    return total.detach();
  }

 private:
  uint64_t seed_;

 public:
  RandomNetwork net;
  std::vector<std::shared_ptr<optim::Optimizer>> optimizers;
  std::unique_ptr<optim::LRScheduler> schedule;
  amp::GradScaler scaler{amp::GradScalerOptions{.init_scale = 8, .growth_interval = 4}};
};

// What can be seen after each step.
std::vector<std::vector<Tensor>> trained(Training& training, const std::function<Tensor(const Tensor&, const Tensor&, const Tensor&)>& step,
                                         uint64_t seed, int steps) {
  std::vector<std::vector<Tensor>> all;
  for (int i = 0; i < steps; ++i) {
    manual_seed(1000 * seed + uint64_t(i));
    const int64_t n = i % 5 == 4 ? 3 : 4;
    const Tensor samples = randn({n, 8}), numbers = randn({n, 4}), classes = randint(4, {n});
    auto& seen = all.emplace_back();
    seen.push_back(step(samples, numbers, classes));
    for (const auto& tensors : {training.net.parameters(), training.net.buffers()})
      for (const Tensor& t : tensors) seen.push_back(t.detach().clone());
    seen.push_back(rand({1}));  // where the stream of random numbers is
  }
  return all;
}

bool same_bits(const Tensor& a, const Tensor& b) {
  const Tensor x = a.contiguous(), y = b.contiguous();
  return x.sizes() == y.sizes() && x.dtype() == y.dtype() && std::memcmp(x.const_data_ptr(), y.const_data_ptr(), size_t(x.nbytes())) == 0;
}
bool close(const Tensor& a, const Tensor& b) { return !a.is_floating_point() || allclose(a, b, 1e-5, 1e-8, true); }

// Trains a network eagerly, recorded, and with fused calls; the classes of its modules, if its steps were replayed.
std::vector<std::string> train_network(uint64_t seed, const std::vector<size_t>& layers, size_t loss) {
  constexpr int kSteps = 20;
  std::vector<std::string> names, replayed;
  std::string text;
  {
    const Training example(seed, layers, loss);
    names = example.net.names();
  }
  for (const std::string& name : names) text += name + " ";
  INFO("seed " << seed << ": " << text);
  const auto compare = [&](const RecordOptions& options, auto same) {
    Training a(seed, layers, loss);
    const auto eager = trained(a, std::ref(a), seed, kSteps);
    Training b(seed, layers, loss);
    auto step = record(b, options);
    const auto recorded = trained(b, step, seed, kSteps);
    INFO((options.fuse ? "fused, " : "") << step.replays() << " replays " << step.why());
    if (step.replays() >= kSteps / 2) replayed = names;
    for (size_t i = 0; i < eager.size(); ++i)
      for (size_t k = 0; k < eager[i].size(); ++k)
        if (!same(eager[i][k], recorded[i][k])) {
          FAIL_CHECK("step " << i << ", tensor " << k << ": " << recorded[i][k] << " instead of " << eager[i][k]);
          return;
        }
  };
  compare({.or_eager = true, .fuse = false}, same_bits);
  if (seed % 2) {
    compare({.or_eager = true}, same_bits);
  } else {  // in float64, where what is added in another order does not grow over the steps
    set_default_dtype(kFloat64);
    compare({.or_eager = true, .passes = recording::fusion_passes()}, close);
    set_default_dtype(kFloat32);
  }
  return replayed;
}

// So many networks, which have all kinds of layers among them, and of losses but the last; the classes of modules in those that were replayed.
std::set<std::string> train_networks(uint64_t count, uint64_t first) {
  std::set<std::string> replayed;
  for (uint64_t seed = first; seed < first + count; ++seed) {
    std::vector<size_t> layers;
    for (size_t k = seed % count; k < RandomNetwork::layer_kinds(); k += count) layers.push_back(k);
    std::mt19937_64 bits(seed);
    while (layers.size() < 3) layers.push_back(bits() % RandomNetwork::layer_kinds());
    std::shuffle(layers.begin(), layers.end(), bits);
    const std::vector<std::string> names = train_network(seed, layers, seed % (RandomNetwork::loss_kinds() - 1));
    INFO("seed " << seed);
    CHECK_FALSE(names.empty());
    replayed.insert(names.begin(), names.end());
  }
  return replayed;
}

// Nearly all modules of the library: which rows a cluster of the last loss computes depends on data.
void check_all(const std::set<std::string>& replayed) {
  std::string missing;
  for (const std::string& name : nn::list_modules())
    if (!replayed.count(name)) missing += name + " ";
  CHECK(missing == "AdaptiveLogSoftmaxWithLoss ");
}

}  // namespace

TEST_CASE("random networks of all modules train as they do without recording", "[record]") {
  check_all(train_networks(40, 0));
  CHECK(train_network(40, {0, 1, 2}, RandomNetwork::loss_kinds() - 1).empty());
}

TEST_CASE("many random networks train as they do without recording", "[trainings]") { check_all(train_networks(200, 41)); }
