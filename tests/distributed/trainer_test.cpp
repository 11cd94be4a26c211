#include "lazuli/training/training.h"
#include "tests/distributed/ranks.h"
#include "tests/io/bytes.h"

using namespace lazuli;
using namespace ranks_test;
namespace dist = lazuli::distributed;

namespace {

data::TensorDataset examples() {
  const Tensor x = randn({192, 4}, {}, Generator(1));
  return data::TensorDataset(x, x.sum(1).gt(0).to(kInt64));
}
data::DataLoader<> loader(int replicas, int replica) {
  return data::DataLoader<>(
      examples(), {.batch_size = 32 / replicas, .seed = 5, .sampler = data::DistributedSampler(192, {.num_replicas = replicas, .rank = replica})});
}
struct Run {
  nn::Sequential model{nn::Linear(4, 8), nn::Tanh(), nn::Linear(8, 2)};
  std::map<std::string, std::vector<double>> history;
  std::vector<dist::RankTimes> times;
  Tensor weights;
  Run(bool distributed, const std::string& folder, int64_t epochs = 3) {
    manual_seed(distributed ? uint64_t(rank()) + 7 : 7);
    model = nn::Sequential{nn::Linear(4, 8), nn::Tanh(), nn::Linear(8, 2)};
    optim::SGD sgd(model.parameters(), {.lr = 0.2, .momentum = 0.9});
    training::Trainer trainer(
        {.max_epochs = epochs, .accumulate = 2, .clip_norm = 1, .checkpoint_folder = folder, .distributed = distributed, .progress = false});
    trainer.add_meter("accuracy", training::Accuracy());
    auto train = distributed ? loader(ranks(), rank()) : loader(1, 0);
    auto test = distributed ? loader(ranks(), rank()) : loader(1, 0);
    trainer.fit(model, sgd, train, &test);
    history = trainer.history();
    times = trainer.rank_times();
    weights = nn::utils::parameters_to_vector(model.parameters()).detach().clone();
  }
};

}  // namespace

TEST_CASE("a distributed trainer gives what one process gives, and goes on from rank 0's checkpoint", "[.][ranks]") {
  Job job;
  std::unique_ptr<test::TemporaryFolder> own;
  if (rank() == 0) own = std::make_unique<test::TemporaryFolder>();
  const std::string folder = dist::broadcast_text(own ? own->path() : "");
  const Run alone(false, ""), together(true, "");
  REQUIRE(allclose(together.weights, alone.weights, {.rtol = 1e-4, .atol = 1e-5}));
  REQUIRE(same_everywhere(together.weights));
  for (const char* name : {"loss", "accuracy", "val_loss", "val_accuracy"})
    for (size_t e = 0; e < 3; ++e) REQUIRE(together.history.at(name)[e] == Approx(alone.history.at(name)[e]).epsilon(1e-4));
  REQUIRE(together.times.size() == size_t(ranks()));
  for (const dist::RankTimes& t : together.times) {
    REQUIRE(t.items == 192 / ranks());
    REQUIRE(t.seconds >= t.waited);
  }
  REQUIRE(alone.times.empty());
  { const Run first(true, folder, 1); }
  dist::barrier();
  const Run rest(true, folder, 3);  // from its weights and place
  REQUIRE(equal(rest.weights, together.weights));
  dist::barrier();
}

TEST_CASE("ranks' times and traces are told together", "[.][ranks]") {
  Job job;
  std::unique_ptr<test::TemporaryFolder> own;
  if (rank() == 0) own = std::make_unique<test::TemporaryFolder>();
  const std::string file = dist::broadcast_text(own ? own->file("trace.json") : "");
  const std::string trace =
      R"({"traceEvents": [{"ph": "M", "name": "process_name", "pid": 0, "args": {"name": "lazuli"}}, {"ph": "X", "name": "of )" +
      std::to_string(rank()) + R"(", "pid": 0}]})";
  dist::export_chrome_trace(trace, file);
  const std::string merged = test::read_bytes(file);
  const std::string last = std::to_string(ranks() - 1);
  for (const std::string& part : {"\"name\":\"rank " + last + "\"", "\"name\":\"of " + last + "\",\"pid\":" + last}) REQUIRE(says(merged, part));
  REQUIRE(says(error_of([&] { dist::export_chrome_trace("no trace", file); }), "a trace of rank 0"));
  const auto times = dist::gather_times({2, 0.5, 100.0 * (rank() + 1)});
  REQUIRE(says(to_string(times, "tokens"), "rank 1  100 tokens/s  waited 0.50 s of 2.00 s (25.0 %)\n"));
  dist::barrier();
}
