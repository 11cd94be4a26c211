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

namespace {
/// Tokens [rows, length] -> [rows, length, features].
struct Tokens : nn::Module {
  nn::Child<nn::Embedding> table;
  nn::Parameter position;
  Tokens(int64_t vocabulary, int64_t length, int64_t features)
      : table(this, "table", vocabulary, features), position(this, "position", 0.1 * randn({length, features})) {}
  Tensor forward(const Tensor& ids) { return table(ids) + position; }
};
/// A block of a GPT: what follows looks only back.
struct Block : nn::Module {
  nn::Child<nn::LayerNorm> norm1, norm2;
  nn::Child<nn::Linear> in, out, up, down;
  int64_t heads;
  Block(int64_t features, int64_t heads_)
      : norm1(this, "norm1", features),
        norm2(this, "norm2", features),
        in(this, "in", features, 3 * features),
        out(this, "out", features, features),
        up(this, "up", features, 4 * features),
        down(this, "down", 4 * features, features),
        heads(heads_) {}
  Tensor forward(const Tensor& x) {
    const int64_t rows = x.size(0), length = x.size(1), features = x.size(2);
    const std::vector<Tensor> parts = unbind(in(norm1(x)).view({rows, length, 3, heads, features / heads}).permute({2, 0, 3, 1, 4}), 0);
    const Tensor seen = scaled_dot_product_attention(parts[0], parts[1], parts[2], {.is_causal = true});
    const Tensor between = x + out(seen.transpose(1, 2).reshape({rows, length, features}));
    return between + down(gelu(up(norm2(between))));
  }
};
}  // namespace

TEST_CASE("a GPT in a pipeline trains as in one process", "[.][ranks]") {
  Job job;
  constexpr int64_t vocabulary = 11, length = 6, features = 8;
  auto make = [] {
    manual_seed(22);
    return nn::Sequential{Tokens(vocabulary, length, features), Block(features, 2), Block(features, 2), nn::LayerNorm(features),
                          nn::Linear(features, vocabulary)};
  };
  nn::Sequential model = make(), whole = make();
  nn::Sequential stage = dist::stage_of(model);
  dist::Pipeline pipeline(stage, {.micro_batches = 4});
  optim::AdamW optimizer(stage.parameters(), {.lr = 1e-3}), of_whole(whole.parameters(), {.lr = 1e-3});
  auto loss = [](const Tensor& scores, const Tensor& next) { return cross_entropy(flatten(scores, 0, 1), flatten(next)); };
  for (int step = 0; step < 3; ++step) {
    const Tensor ids = randint(0, vocabulary, {8, length + 1}), x = ids.slice(1, 0, length), y = ids.slice(1, 1);
    optimizer.zero_grad();
    of_whole.zero_grad();
    const Tensor got = pipeline.step(x, y, loss), expected = loss(whole(x), y);
    expected.backward();
    REQUIRE(std::abs(got.item<double>() - expected.item<double>()) <= 1e-5);
    for (const auto& [name, p] : stage.named_parameters())
      REQUIRE(allclose(p.grad(), whole.get_parameter(name).grad(), {.rtol = 1e-5, .atol = 1e-5}));
    optimizer.step();
    of_whole.step();
  }
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
