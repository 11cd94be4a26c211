#include "lazuli/distributed/engine.h"
#include "tests/distributed/ranks.h"

using namespace lazuli;
using namespace ranks_test;
namespace dist = lazuli::distributed;

namespace {

struct Net : nn::Module {
  nn::Child<nn::Linear> first{this, "first", 6, 16};
  nn::Child<nn::Linear> second{this, "second", 16, 3};
  Tensor forward(const Tensor& x) { return second(tanh(first(x))); }
};

// The whole batch, the same on every rank, and this rank's part of it.
struct Batch {
  Tensor x, y, own_x, own_y;
  explicit Batch(uint64_t seed, int64_t each = 4) {
    manual_seed(seed);
    x = randn({each * ranks(), 6});
    y = randn({each * ranks(), 3});
    own_x = x.slice(0, each * rank(), each * (rank() + 1));
    own_y = y.slice(0, each * rank(), each * (rank() + 1));
  }
};

std::vector<Tensor> gradients(const nn::Module& net) {
  std::vector<Tensor> all;
  for (const Tensor& p : net.parameters()) all.push_back(p.grad().defined() ? p.grad().clone() : Tensor());
  return all;
}

std::vector<Tensor> train(dist::DataParallelOptions options, dist::CommunicationHook hook, int steps) {
  manual_seed(3);
  Net net;
  dist::DistributedDataParallel ddp(net, options);
  if (hook) ddp.register_comm_hook(hook);
  optim::SGD optimizer(net.parameters(), {.lr = 0.1, .momentum = 0.9});
  for (int step = 0; step < steps; ++step) {
    Batch batch(uint64_t(step) + 100);
    optimizer.zero_grad();
    mse_loss(ddp(batch.own_x), batch.own_y).backward();
    optimizer.step();
  }
  std::vector<Tensor> result;
  for (const Tensor& p : net.parameters()) {
    CHECK(same_everywhere(p));
    result.push_back(p.detach().clone());
  }
  return result;
}
std::vector<Tensor> train_alone(int steps) {
  manual_seed(3);
  Net net;
  optim::SGD optimizer(net.parameters(), {.lr = 0.1, .momentum = 0.9});
  for (int step = 0; step < steps; ++step) {
    Batch batch(uint64_t(step) + 100);
    optimizer.zero_grad();
    mse_loss(net(batch.x), batch.y).backward();
    optimizer.step();
  }
  std::vector<Tensor> result;
  for (const Tensor& p : net.parameters()) result.push_back(p.detach().clone());
  return result;
}
double distance(const std::vector<Tensor>& a, const std::vector<Tensor>& b) {
  double most = 0;
  for (size_t i = 0; i < a.size(); ++i) most = std::max(most, (a[i] - b[i]).abs().max().item<double>());
  return most;
}

}  // namespace

TEST_CASE("ranks that share a batch train as one process does", "[.][ranks]") {
  Job job;
  REQUIRE(distance(train({}, nullptr, 5), train_alone(5)) < 1e-5);
  // Small buckets: every gradient travels by itself, in the order in which they come.
  REQUIRE(distance(train({.bucket_cap_mb = 1e-5}, nullptr, 5), train({}, nullptr, 5)) == 0);
}

TEST_CASE("DistributedDataParallel gives the bits of all_reduce by hand", "[.][ranks]") {
  Job job;
  manual_seed(3);
  Net net, by_hand;
  by_hand.load_state_dict(net.state_dict());
  dist::DistributedDataParallel ddp(net);
  for (int step = 0; step < 2; ++step) {
    Batch batch(uint64_t(step) + 7);
    net.zero_grad();
    by_hand.zero_grad();
    mse_loss(ddp(batch.own_x), batch.own_y).backward();
    mse_loss(by_hand(batch.own_x), batch.own_y).backward();
    for (const Tensor& p : by_hand.parameters()) dist::all_reduce(p.grad(), dist::ReduceOp::Mean);
    REQUIRE(distance(gradients(net), gradients(by_hand)) == 0);
  }
}

TEST_CASE("all ranks begin with rank 0's parameters and buffers; lazy modules are sized first", "[.][ranks]") {
  Job job;
  manual_seed(uint64_t(rank()) + 1);
  nn::Sequential net{nn::LazyLinear(5), nn::LazyBatchNorm1d(), nn::Linear(5, 2)};
  dist::DistributedDataParallel ddp(net);
  ddp(randn({4, 3})).sum().backward();
  for (const Tensor& p : net.parameters()) {
    REQUIRE(same_everywhere(p));
    REQUIRE(same_everywhere(p.grad()));
  }
  ddp(randn({4, 3})).sum().backward();  // and with each forward rank 0's running statistics of the one before
  nn::Linear other(3, rank() == 0 ? 2 : 3);
  REQUIRE(error_of([&] { dist::DistributedDataParallel wrong(other); }) ==
          "DistributedDataParallel: argument 'module': expected the same parameters on every rank, as rank 0's weight float32 [2, 3], got weight "
          "float32 [3, 3] on rank 1");
}

TEST_CASE("no_sync accumulates here, and the next backward gives the mean of all", "[.][ranks]") {
  Job job;
  manual_seed(3);
  Net net, alone;
  alone.load_state_dict(net.state_dict());
  dist::DistributedDataParallel ddp(net);
  Batch a(1), b(2);
  {
    auto local = ddp.no_sync();
    mse_loss(ddp(a.own_x), a.own_y).backward();
  }
  REQUIRE_FALSE(same_everywhere(net.first->weight.grad()));
  mse_loss(ddp(b.own_x), b.own_y).backward();
  mse_loss(alone(a.x), a.y).backward();
  mse_loss(alone(b.x), b.y).backward();
  REQUIRE(distance(gradients(net), gradients(alone)) < 1e-6);
}

TEST_CASE("parameters without a gradient are named, or count as zeros", "[.][ranks]") {
  Job job(5);
  manual_seed(3);
  struct Branches : nn::Module {
    nn::Child<nn::Linear> left{this, "left", 2, 2}, right{this, "right", 2, 2}, never{this, "never", 2, 2};
    Tensor forward(const Tensor& x) { return rank() == 0 ? left(x) : right(x); }
  };
  Branches net;
  dist::DistributedDataParallel ddp(net, {.find_unused_parameters = true});
  for (int step = 0; step < 2; ++step) {
    net.zero_grad();
    ddp(ones({1, 2})).sum().backward();
    REQUIRE(allclose(net.left->weight.grad(), full({2, 2}, 1.0 / ranks())));
    REQUIRE(allclose(net.right->weight.grad(), full({2, 2}, (ranks() - 1.0) / ranks())));
    REQUIRE_FALSE(net.never->weight.grad().defined());
  }
  Branches strict;
  dist::DistributedDataParallel wrong(strict);
  REQUIRE(
      says(error_of([&] {
             wrong(ones({1, 2})).sum().backward();
           }),
           rank() == 0 ? "argument 'right.weight': expected a gradient of every parameter, or find_unused_parameters" : "argument 'left.weight'"));
}

TEST_CASE("join: ranks with fewer batches take part with zeros", "[.][ranks]") {
  Job job;
  manual_seed(3);
  Net net;
  dist::DistributedDataParallel ddp(net);
  int steps = 0;
  Tensor last;
  ddp.join([&] {
    for (int step = 0; step <= rank(); ++step, ++steps) {
      net.zero_grad();
      mse_loss(ddp(full({1, 6}, 1.0)), zeros({1, 3})).backward();
      last = net.second->bias.grad().clone();
    }
  });
  REQUIRE(steps == rank() + 1);
  const auto all = dist::all_gather(last);
  // In step k the ranks from k on are there.
  for (int r = 0; r < ranks(); ++r) REQUIRE(allclose(all[size_t(r)] * ranks(), all[0] * double(ranks() - r), {.rtol = 1e-4}));
}

TEST_CASE("compressed gradients: halves are close, the rest is made good later", "[.][ranks]") {
  Job job;
  const auto whole = train({}, nullptr, 20);
  REQUIRE(distance(train({}, dist::bf16_compress_hook(), 20), whole) < 2e-2);
  REQUIRE(distance(train({}, dist::fp16_compress_hook(), 20), whole) < 2e-3);
  REQUIRE(distance(train({}, dist::top_k_hook(1), 20), whole) < 1e-5);
  REQUIRE(distance(train({}, dist::top_k_hook(0.5), 20), whole) < 0.2);
  REQUIRE(distance(train({}, dist::power_sgd_hook({.matrix_approximation_rank = 3, .start_powerSGD_iter = 2}), 20), whole) < 0.3);
}

TEST_CASE("SyncBatchNorm over ranks is BatchNorm over the whole batch, with its gradients", "[.][ranks]") {
  Job job;
  manual_seed(5);
  const Tensor whole = randn({3 * ranks(), 4, 2}) * 3 + 100;
  const Tensor weights = randn({3 * ranks(), 4, 2});
  auto part = [&](const Tensor& t) { return t.slice(0, 3 * rank(), 3 * (rank() + 1)); };
  nn::SyncBatchNorm sync(4);
  nn::Sequential lazy{nn::LazyBatchNorm1d()};
  nn::SyncBatchNorm::convert_sync_batchnorm(lazy);
  nn::BatchNorm1d alone(4);
  Tensor x = part(whole).clone().requires_grad_(), all = whole.clone().requires_grad_();
  Tensor y = sync(x), expected = alone(all);
  REQUIRE(allclose(y, part(expected), {.rtol = 1e-4, .atol = 1e-4}));
  REQUIRE(equal(lazy(x), y));
  (y * part(weights)).sum().backward();
  (expected * weights).sum().backward();
  REQUIRE(allclose(x.grad(), part(all.grad()), {.rtol = 1e-3, .atol = 1e-5}));
  Tensor weight_grad = sync.weight.grad().clone();
  dist::all_reduce(weight_grad);
  REQUIRE(allclose(weight_grad, alone.weight.grad(), {.rtol = 1e-3, .atol = 1e-4}));
  REQUIRE(allclose(sync.running_mean, alone.running_mean));
  REQUIRE(allclose(sync.running_var, alone.running_var, {.rtol = 1e-4}));
}

TEST_CASE("ZeroRedundancyOptimizer steps as its optimizer does, and keeps a share of its state", "[.][ranks]") {
  Job job;
  manual_seed(3);
  Net net, alone;
  alone.load_state_dict(net.state_dict());
  dist::DistributedDataParallel ddp(net);
  dist::ZeroRedundancyOptimizer<optim::AdamW> sharded(net.parameters(), {.lr = 1e-2});
  optim::AdamW whole(alone.parameters(), {.lr = 1e-2});
  for (int step = 0; step < 4; ++step) {
    Batch batch(uint64_t(step) + 20);
    sharded.zero_grad();
    mse_loss(ddp(batch.own_x), batch.own_y).backward();
    for (size_t p = 0; p < net.parameters().size(); ++p) alone.parameters()[p].set_grad(net.parameters()[p].grad().clone());
    sharded.step();
    whole.step();
  }
  for (size_t p = 0; p < net.parameters().size(); ++p) REQUIRE(equal(net.parameters()[p], alone.parameters()[p]));
  // Whole, its state is that of the plain optimizer, which can go on with it, as can any number of ranks.
  const StateDict state = sharded.state_dict(), expected = whole.state_dict();
  REQUIRE(state.size() == expected.size());
  for (const auto& [name, t] : expected) REQUIRE(equal(state.at(name), t));
  dist::ZeroRedundancyOptimizer<optim::AdamW> again(net.parameters(), {.lr = 1});
  again.load_state_dict(state);
  REQUIRE(again.lr() == 1e-2);
  for (const auto& [name, t] : sharded.local().state_dict()) REQUIRE(equal(again.local().state_dict().at(name), t));
  int64_t kept = 0, all = 0;
  for (const auto& [name, t] : sharded.local().state_dict()) kept += name.find("exp_avg") != std::string::npos ? t.numel() : 0;
  for (const auto& [name, t] : whole.state_dict()) all += name.find("exp_avg") != std::string::npos ? t.numel() : 0;
  REQUIRE(kept < all);
  Tensor total = full({1}, kept, kInt64);
  dist::all_reduce(total);
  REQUIRE(total.item<int64_t>() == all);
}
