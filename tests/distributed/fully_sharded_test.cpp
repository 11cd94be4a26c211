#include "lazuli/autograd/checkpoint.h"
#include "lazuli/io/sharded_checkpoint.h"
#include "tests/distributed/ranks.h"
#include "tests/io/bytes.h"

using namespace lazuli;
using namespace ranks_test;
namespace dist = lazuli::distributed;
using Strategy = dist::ShardingStrategy;

namespace {

struct Block : nn::Module {
  nn::Child<nn::Linear> up{this, "up", 8, 24};
  nn::Child<nn::LayerNorm> norm{this, "norm", Shape{24}};
  nn::Child<nn::Linear> down{this, "down", 24, 8};
  Tensor forward(const Tensor& x) { return x + down(gelu(norm(up(x)))); }
};
// What a token is read by is what it is written by; buffers; a list of blocks, which has no forward of its own.
struct Net : nn::Module {
  nn::Child<nn::Embedding> tokens{this, "tokens", 11, 8};
  nn::Child<nn::ModuleList> blocks{this, "blocks"};
  nn::Child<nn::BatchNorm1d> norm{this, "norm", 8};
  bool recompute = false;
  Net() {
    for (int i = 0; i < 3; ++i) blocks->push_back(Block());
    nn::SyncBatchNorm::convert_sync_batchnorm(*this);
  }
  Tensor forward(const Tensor& ids) {
    Tensor x = norm(tokens(ids));
    for (const std::shared_ptr<nn::Module>& block : blocks->children())
      x = recompute ? checkpoint([block = block.get()](const Tensor& t) { return (*block)(t); }, x) : (*block)(x);
    return linear(x, tokens->weight);
  }
};
// An eps that keeps what rounding does to a gradient of almost nothing from being a step.
const optim::AdamWOptions kOptions{.lr = 0.02, .eps = 1e-4, .weight_decay = 0.1};
bool is_block(const nn::Module& m) { return m.class_name() == "Block"; }

// This rank's part of a batch.
struct Batch {
  Tensor ids, labels;
  explicit Batch(uint64_t seed) {
    const Generator random(seed);
    ids = randint(0, 11, {4 * ranks()}, {.dtype = kInt64}, random).slice(0, 4 * rank(), 4 * rank() + 4);
    labels = randint(0, 11, {4 * ranks()}, {.dtype = kInt64}, random).slice(0, 4 * rank(), 4 * rank() + 4);
  }
};

template <class Model, class O, class Clip>
void train(Model& model, O& optimizer, Clip clip, int from, int to) {
  for (int step = from; step < to; ++step) {
    const Batch batch(uint64_t(step) + 50);
    optimizer.zero_grad();
    cross_entropy(model(batch.ids), batch.labels).backward();
    clip();
    optimizer.step();
  }
}

double distance(const StateDict& a, const StateDict& b) {
  double most = a.size() == b.size() ? 0 : 1e9;
  for (const auto& [name, t] : a)
    if (t.is_floating_point()) most = std::max(most, (t - b.at(name)).abs().max().item<double>());
  return most;
}

struct OfDdp {
  Net net;
  StateDict state, optimizer_state;
  explicit OfDdp(int steps, double limit = 0.5) {
    manual_seed(3);
    net = Net();
    dist::DistributedDataParallel ddp(net);
    optim::AdamW optimizer(net.parameters(), kOptions);
    train(
        ddp, optimizer, [&] { nn::utils::clip_grad_norm_(net.parameters(), limit); }, 0, steps);
    state = net.state_dict().clone();
    optimizer_state = optimizer.state_dict().clone();
  }
};

}  // namespace

TEST_CASE("sharded parameters train as DistributedDataParallel does", "[.][ranks]") {
  Job job;
  const OfDdp whole(4);
  for (Strategy strategy : {Strategy::FullShard, Strategy::ShardGradOp})
    for (bool recompute : {false, true}) {
      CAPTURE(name_of(strategy), recompute);
      manual_seed(uint64_t(rank()) + 3);  // rank 0's parameters are everyone's
      Net net;
      net.recompute = recompute;
      dist::FullyShardedDataParallel fsdp(net, {.sharding_strategy = strategy, .unit = is_block});
      REQUIRE(fsdp.num_units() == 4);
      optim::AdamW optimizer(fsdp.parameters(), kOptions);
      train(
          fsdp, optimizer, [&] { fsdp.clip_grad_norm_(0.5); }, 0, 4);
      REQUIRE(distance(fsdp.state_dict(), whole.state) < 1e-6);
      // Between steps the model has sizes and no data.
      for (const Tensor& p : net.parameters()) {
        REQUIRE(p.device() == kMeta);
        REQUIRE_FALSE(p.grad().defined());
      }
      int64_t here = 0;
      for (const Tensor& p : fsdp.parameters()) here += p.numel();
      REQUIRE(here < whole.net.num_parameters() / ranks() + 4 * 64 * ranks());
    }
}

TEST_CASE("several forwards and backwards before a step add up", "[.][ranks]") {
  Job job;
  manual_seed(5);
  Net net, plain;
  plain.load_state_dict(net.state_dict());
  dist::DistributedDataParallel ddp(plain);
  dist::FullyShardedDataParallel fsdp(net, {.unit = is_block});
  const Batch a(1), b(2), c(3);
  auto loss = [](auto& model, const Batch& batch) { return cross_entropy(model(batch.ids), batch.labels); };
  {
    auto local = ddp.no_sync();
    loss(ddp, a).backward();
  }
  loss(ddp, b).backward();
  loss(fsdp, a).backward();
  {
    no_grad guard;
    fsdp(c.ids);  // a look in between leaves nothing behind
  }
  plain.load_state_dict(fsdp.state_dict());  // the batch norm has seen one batch more
  loss(fsdp, b).backward();
  double most = 0;
  const ShardedState state = fsdp.sharded_state_dict();
  for (const auto& [name, part] : fsdp.named_parameters()) {
    const Tensor grad = plain.get_parameter(name).grad().reshape({-1});
    const TensorPart* found = state.find(name);
    if (part.numel() > 0) most = std::max(most, (part.grad() - grad.slice(0, found->begin, found->end())).abs().max().item<double>());
  }
  REQUIRE(most < 1e-5);
}

TEST_CASE("sharded state goes whole to one process, and by files to any number of ranks and kind of optimizer", "[.][ranks]") {
  Job job;
  const OfDdp until4(4), until2(2);
  std::unique_ptr<test::TemporaryFolder> own;
  if (rank() == 0) own = std::make_unique<test::TemporaryFolder>();
  const std::string folder = dist::broadcast_text(own ? own->path() : "");
  // Three more ways to be where DistributedDataParallel is after two steps, each of which writes what the next one reads; all go on to the fourth.
  manual_seed(3);
  Net net;
  {
    dist::FullyShardedDataParallel fsdp(net, {.unit = is_block});
    optim::AdamW optimizer(fsdp.parameters(), kOptions);
    train(
        fsdp, optimizer, [&] { fsdp.clip_grad_norm_(0.5); }, 0, 2);
    ShardedState state;
    state.merge(fsdp.sharded_state_dict(), "model.");
    state.merge(fsdp.sharded_optimizer_state(optimizer), "optimizer.");
    save_sharded(state, folder, dist::ranks_of(), {{"step", "2"}});
  }
  {
    const ShardedCheckpoint saved(folder);
    REQUIRE(saved.metadata().at("step") == "2");
    REQUIRE(distance(saved.under("model.")->state_dict(), until2.state) < 1e-6);
    REQUIRE(distance(saved.under("optimizer.")->state_dict(), until2.optimizer_state) < 1e-6);
    // ZeRO: whole parameters, each with an owner.
    Net again;
    again.load_state_dict(saved.under("model.")->state_dict());
    dist::DistributedDataParallel ddp(again);
    dist::ZeroRedundancyOptimizer<optim::AdamW> optimizer(again.parameters(), {.lr = 0.5});
    optimizer.load_sharded(*saved.under("optimizer."));
    ShardedState state = shared_out(StateDict(), rank(), ranks());
    state.merge(shared_out(again.state_dict(), rank(), ranks()), "model.");
    state.merge(optimizer.sharded_state_dict(), "optimizer.");
    dist::barrier();
    save_sharded(state, folder, dist::ranks_of(), {{"step", "two"}});
    train(
        ddp, optimizer, [&] { nn::utils::clip_grad_norm_(again.parameters(), 0.5); }, 2, 4);
    REQUIRE(distance(again.state_dict(), until4.state) < 1e-6);
  }
  {
    const ShardedCheckpoint saved(folder);
    REQUIRE(saved.metadata().at("step") == "two");
    Net again;
    dist::FullyShardedDataParallel fsdp(again, {.sharding_strategy = Strategy::ShardGradOp, .min_num_params = 400});
    optim::AdamW optimizer(fsdp.parameters(), {.lr = 0.5});
    fsdp.load_sharded(*saved.under("model."));
    fsdp.load_sharded_optimizer(optimizer, *saved.under("optimizer."));
    // On fewer ranks: the first two write, all read.
    const dist::ProcessGroup pair = dist::new_group({0, 1});
    if (pair.contains_this()) {
      Net on_two;
      dist::FullyShardedDataParallel of_two(on_two, {.process_group = pair});
      of_two.load_sharded(*saved.under("model."));
      save_sharded(of_two.sharded_state_dict(), folder, dist::ranks_of(pair), {}, "pair");
    }
    dist::barrier();
    REQUIRE(distance(ShardedCheckpoint(folder, "pair").state_dict(), fsdp.state_dict()) == 0);
    train(
        fsdp, optimizer, [&] { fsdp.clip_grad_norm_(0.5); }, 2, 4);
    REQUIRE(distance(fsdp.state_dict(), until4.state) < 1e-6);
  }
  dist::barrier();
}

TEST_CASE("gradients are added up without an exchange under no_sync", "[.][ranks]") {
  Job job;
  for (Strategy strategy : {Strategy::FullShard, Strategy::ShardGradOp}) {
    CAPTURE(name_of(strategy));
    manual_seed(5);
    Net net, plain;
    plain.load_state_dict(net.state_dict());
    dist::DistributedDataParallel ddp(plain);
    dist::FullyShardedDataParallel fsdp(net, {.sharding_strategy = strategy, .unit = is_block});
    auto backward = [](auto& model, uint64_t seed) {
      const Batch batch(seed);
      cross_entropy(model(batch.ids), batch.labels).backward();
    };
    for (int round = 0; round < 2; ++round) {  // the second one adds to the gradients of the first
      {
        auto of_ddp = ddp.no_sync();
        auto of_fsdp = fsdp.no_sync();
        for (uint64_t seed : {1, 2}) {
          backward(ddp, seed);
          backward(fsdp, seed);
        }
      }
      if (round == 0)
        for (const Tensor& part : fsdp.parameters()) REQUIRE_FALSE(part.grad().defined());
      backward(ddp, 3);
      backward(fsdp, 3);
    }
    const ShardedState state = fsdp.sharded_state_dict();
    for (const auto& [name, part] : fsdp.named_parameters()) {
      if (part.numel() == 0) continue;
      const TensorPart* found = state.find(name);
      const Tensor whole = plain.get_parameter(name).grad().reshape({-1}).slice(0, found->begin, found->end());
      REQUIRE(allclose(part.grad(), whole, {.rtol = 1e-4, .atol = 1e-5}));
    }
  }
}

TEST_CASE("mixed precision computes in halves, and keeps and steps what it was given", "[.][ranks]") {
  Job job;
  const OfDdp whole(4);
  for (std::optional<DType> reduce_dtype : {std::optional<DType>(), std::optional<DType>(kFloat32)}) {
    manual_seed(3);
    Net net;
    DType computed = kFloat64, score = kFloat64;
    dist::FullyShardedDataParallel fsdp(net, {.unit = is_block, .mixed_precision = {.param_dtype = kBFloat16, .reduce_dtype = reduce_dtype}});
    net.blocks->children()[1]->register_forward_pre_hook([&](nn::Module& m, const std::vector<Tensor>& inputs) {
      computed = inputs[0].dtype();
      REQUIRE(m.parameters()[0].dtype() == kBFloat16);
    });
    optim::AdamW optimizer(fsdp.parameters(), kOptions);
    auto model = [&](const Tensor& ids) {
      const Tensor scores = fsdp(ids);
      score = scores.dtype();
      return scores.to(kFloat32);
    };
    train(
        model, optimizer, [&] { fsdp.clip_grad_norm_(0.5); }, 0, 4);
    REQUIRE(computed == kBFloat16);
    REQUIRE(score == kBFloat16);
    for (const Tensor& part : fsdp.parameters()) {
      REQUIRE(part.dtype() == kFloat32);
      REQUIRE(part.grad().dtype() == kFloat32);
    }
    // Each step goes as far as without, in almost the same direction; the parameters themselves come and go with all their bits.
    const StateDict state = fsdp.state_dict();
    REQUIRE(distance(state, whole.state) < 0.05);
    REQUIRE(distance(state, whole.state) > 0);
    for (const auto& [name, t] : state) REQUIRE((t.dtype() == kFloat32 || !t.is_floating_point()));
    fsdp.load_state_dict(state);
    REQUIRE(distance(fsdp.state_dict(), state) == 0);
  }
  // What comes in is cast too.
  nn::Linear net(3, 2);
  dist::FullyShardedDataParallel fsdp(net, {.mixed_precision = {.param_dtype = kBFloat16}});
  REQUIRE(fsdp(ones({4, 3})).dtype() == kBFloat16);
  nn::Linear other(3, 2);
  REQUIRE(error_of([&] { dist::FullyShardedDataParallel wrong(other, {.mixed_precision = {.param_dtype = kInt32}}); }) ==
          "FullyShardedDataParallel: argument 'param_dtype': expected a dtype of floating point, got int32");
}

TEST_CASE("what cannot be sharded is refused by name", "[.][ranks]") {
  Job job;
  struct Number : nn::Module {
    nn::Parameter scale{this, "scale", ones({})};
    Tensor forward(const Tensor& x) { return x * scale; }
  };
  Number number;
  REQUIRE(error_of([&] { dist::FullyShardedDataParallel wrong(number); }) ==
          "FullyShardedDataParallel: argument 'scale': expected a parameter of at least one dimension, got a number");
  nn::Sequential lazy{nn::LazyLinear(3)};
  REQUIRE(says(error_of([&] { dist::FullyShardedDataParallel wrong(lazy); }), "nn::materialize"));
  nn::Linear other(3, rank() == 0 ? 2 : 3);
  REQUIRE(says(error_of([&] { dist::FullyShardedDataParallel wrong(other); }), "as rank 0's weight float32 [2, 3]"));
  REQUIRE(says(error_of([&] { dist::FullyShardedDataParallel wrong(other, {.min_num_params = 0}); }), "min_num_params"));
}

TEST_CASE("what looks at whole parameters refuses parts of them", "[.][ranks]") {
  Job job;
  nn::Linear net(4, 3);
  dist::FullyShardedDataParallel fsdp(net);
  REQUIRE(error_of([&] { optim::Muon wrong(fsdp.parameters()); }) ==
          "Muon: argument 'params': expected whole tensors (distributed::ZeroRedundancyOptimizer steps those), got this process's part of one");
  REQUIRE(says(error_of([&] { optim::Adafactor wrong(fsdp.parameters()); }), "ZeroRedundancyOptimizer"));
  optim::LBFGS lbfgs(fsdp.parameters());
  REQUIRE(says(error_of([&] { lbfgs.step([] { return ones({}); }); }), "expected whole tensors (distributed::DistributedDataParallel keeps those)"));
  REQUIRE(says(error_of([&] { nn::utils::clip_grad_norm_(fsdp.parameters(), 1); }), "FullyShardedDataParallel has a clip_grad_norm_ of its own"));
  optim::SGD each_alone(fsdp.parameters(), 0.1);
}

// AdamW of this many parameters takes 16 bytes for each on one process: parameter, gradient and two moments.
namespace {
void check_memory(int64_t width) {
  nn::Sequential net;
  for (int i = 0; i < 24; ++i) net.push_back(nn::Linear(width, width, {.bias = false}));
  const int64_t count = 24 * width * width, before_net = 4 * count;
  const Tensor x = ones({1, width});
  auto allocated = [] { return memory_stats().allocated; };
  {
    const int64_t base = allocated();
    dist::ZeroRedundancyOptimizer<optim::AdamW> optimizer(net.parameters());
    for (const Tensor& p : net.parameters()) p.set_grad(p.detach());
    optimizer.step();
    for (const Tensor& p : net.parameters()) p.set_grad(Tensor());
    REQUIRE(double(allocated() - base) <= 8.0 * double(count) / 3 * 1.1);
  }
  const int64_t base = allocated() - before_net;
  dist::FullyShardedDataParallel fsdp(net, {.unit = [](const nn::Module& m) { return m.class_name() == "Linear"; }});
  optim::AdamW optimizer(fsdp.parameters());
  for (int step = 0; step < 2; ++step) {
    optimizer.zero_grad();
    reset_peak_memory_stats();
    fsdp(x).sum().backward();
    optimizer.step();
  }
  // What stays, and the most that there was, with three units whole or on their way.
  REQUIRE(double(allocated() - base) <= 16.0 * double(count) / 3);
  REQUIRE(double(memory_stats().peak_allocated - base) <= 16.0 * double(count) * (1.0 / ranks() + 0.25));
  if (ranks() == 4) REQUIRE(double(allocated() - base) <= 16.0 * double(count) * 0.27);
}
}  // namespace

TEST_CASE("memory of a rank: a share of the optimizer's with ZeRO, of all of it with FSDP", "[.][ranks]") {
  Job job;
  if (ranks() == 4) check_memory(128);
}
TEST_CASE("the same of 25 million parameters", "[.][ranks25m]") {
  Job job;
  check_memory(1024);
}
