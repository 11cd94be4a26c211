#include "lazuli/distributed/pipeline.h"

#include "tests/distributed/ranks.h"

using namespace lazuli;
using namespace ranks_test;
namespace dist = lazuli::distributed;

TEST_CASE("a pipeline of stages trains as the whole model does", "[.][ranks]") {
  Job job;
  manual_seed(21);
  nn::Sequential model{nn::Linear(6, 12), nn::Tanh(), nn::Linear(12, 12), nn::ReLU(), nn::Linear(12, 12), nn::Tanh(), nn::Linear(12, 3)};
  nn::Sequential whole = nn::clone(model);
  nn::Sequential stage = dist::stage_of(model);
  dist::Pipeline pipeline(stage, {.micro_batches = 8});
  optim::SGD optimizer(stage.parameters(), {.lr = 0.1}), of_whole(whole.parameters(), {.lr = 0.1});
  for (int step = 0; step < 3; ++step) {
    const Tensor x = randn({16, 6}), y = randint(0, 3, {16});
    optimizer.zero_grad();
    of_whole.zero_grad();
    auto loss = [](const Tensor& scores, const Tensor& labels) { return cross_entropy(scores, labels); };
    const Tensor got = pipeline.step(x, y, loss), expected = loss(whole(x), y);
    expected.backward();
    REQUIRE(allclose(got, expected.detach(), {.rtol = 1e-5}));
    optimizer.step();
    of_whole.step();
  }
  for (const auto& [name, t] : stage.named_parameters()) REQUIRE(allclose(t, whole.get_parameter(name), {.rtol = 1e-4, .atol = 1e-6}));
  const Tensor x = randn({5, 6});
  REQUIRE(allclose(pipeline.forward(x), whole(x).detach(), {.rtol = 1e-4, .atol = 1e-6}));
}

TEST_CASE("a pipeline refuses what it cannot cut", "[.][ranks]") {
  Job job;
  nn::Sequential one{nn::Linear(2, 2)};
  REQUIRE(says(error_of([&] { dist::stage_of(one); }), "stage_of: argument 'model': expected at least one module for each of the"));
  dist::Pipeline pipeline(one, {.micro_batches = 4});
  auto loss = [](const Tensor& a, const Tensor& b) { return mse_loss(a, b); };
  if (rank() == 0)
    REQUIRE(says(error_of([&] {
                   pipeline.step(ones({6, 2}), ones({6, 2}), loss);
                 }),
                 "a first dimension that 4 micro_batches divide, got sizes [6, 2]"));
}
