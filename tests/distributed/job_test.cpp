#include <csignal>
#include <cstdlib>
#include <iostream>
#include <thread>

#include "lazuli/io/sharded_checkpoint.h"
#include "tests/distributed/ranks.h"

// A training job that may be told to lose a rank, and goes on from its last checkpoint where there is one: tests/distributed/killed.sh runs it.
using namespace lazuli;
using namespace ranks_test;
namespace dist = lazuli::distributed;

namespace {

constexpr int kSteps = 24, kEvery = 4;  // steps, and those between two checkpoints

std::string setting(const char* name) {
  const char* text = std::getenv(name);
  return text ? text : "";
}

/// LAZULI_JOB_KILL: "PHASE STEP RANK MICROSECONDS"; that rank gets SIGKILL so long after the phase begins.
struct Kill {
  std::string phase;
  int step = -1, of = -1, wait = 0;
  Kill() { std::istringstream(setting("LAZULI_JOB_KILL")) >> phase >> step >> of >> wait; }
  void at(const char* now, int this_step) const {
    if (phase != now || step != this_step || of != rank()) return;
    if (wait == 0) std::raise(SIGKILL);
    std::thread([wait = wait] {
      std::this_thread::sleep_for(std::chrono::microseconds(wait));
      std::raise(SIGKILL);
    }).detach();
  }
};

void train() {
  const std::string folder = setting("LAZULI_JOB_FOLDER");
  const Kill kill;
  manual_seed(1);
  nn::Sequential net{nn::Linear(16, 64), nn::Tanh(), nn::Linear(64, 64), nn::Tanh(), nn::Linear(64, 4)};
  dist::FullyShardedDataParallel fsdp(net, {.min_num_params = 1000});
  optim::AdamW optimizer(fsdp.parameters(), {.lr = 0.01});
  int step = 0;
  if (ShardedCheckpoint::exists(folder)) {
    const ShardedCheckpoint saved(folder);
    fsdp.load_sharded(*saved.under("model."));
    fsdp.load_sharded_optimizer(optimizer, *saved.under("optimizer."));
    step = std::stoi(saved.metadata().at("step"));
  }
  net.children()[0]->register_full_backward_hook(
      [&](nn::Module&, const std::vector<Tensor>&, const std::vector<Tensor>&) { kill.at("backward", step); });
  for (; step < kSteps; ++step) {
    const Generator random(uint64_t(1000 + step));
    const Tensor x = randn({8 * ranks(), 16}, {}, random).slice(0, 8 * rank(), 8 * rank() + 8);
    optimizer.zero_grad();
    Tensor loss = cross_entropy(fsdp(x), x.slice(1, 0, 4).argmax(1));
    loss.backward();
    optimizer.step();
    loss = loss.detach().clone();
    kill.at("all_reduce", step);
    dist::all_reduce(loss, dist::ReduceOp::Mean);
    char text[64];
    std::snprintf(text, sizeof text, "step %d loss %.9g\n", step, loss.item<double>());
    if (rank() == 0) std::cout << text << std::flush;
    if ((step + 1) % kEvery != 0) continue;
    kill.at("checkpoint", step);
    ShardedState state;
    state.merge(fsdp.sharded_state_dict(), "model.");
    state.merge(fsdp.sharded_optimizer_state(optimizer), "optimizer.");
    save_sharded(state, folder, dist::ranks_of(), {{"step", std::to_string(step + 1)}});
  }
}

}  // namespace

TEST_CASE("a job that a rank may leave", "[.][job]") {
  dist::init_process_group({.timeout = 1000});
  try {
    train();
  } catch (const Error& error) {
    std::cout << ("\nrank " + std::to_string(rank()) + ": " + error.what() + "\n") << std::flush;
    throw;
  }
}
