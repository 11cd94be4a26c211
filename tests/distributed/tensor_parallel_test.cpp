#include "lazuli/distributed/tensor_parallel.h"

#include "tests/distributed/ranks.h"

using namespace lazuli;
using namespace ranks_test;
namespace dist = lazuli::distributed;

namespace {
Tensor own(const Tensor& t, int64_t dim) { return chunk(t, ranks(), dim)[size_t(rank())]; }
}  // namespace

TEST_CASE("a block of parallel layers gives the plain block's outputs and gradients", "[.][ranks]") {
  Job job;
  manual_seed(11);
  nn::Embedding table(8, 4);
  nn::Linear up(4, 8), down(8, 4);
  dist::VocabParallelEmbedding parallel_table(table);
  dist::ColumnParallelLinear parallel_up(up);
  dist::RowParallelLinear parallel_down(down);
  const Tensor tokens = randint(0, 8, {3, 5}), weights = randn({3, 5, 4});
  Tensor expected = down(gelu(up(table(tokens)))), got = parallel_down(gelu(parallel_up(parallel_table(tokens))));
  REQUIRE(allclose(got, expected, {.rtol = 1e-5, .atol = 1e-6}));
  REQUIRE(same_everywhere(got));
  (expected * weights).sum().backward();
  (got * weights).sum().backward();
  auto near = [](const Tensor& a, const Tensor& b) { return allclose(a, b, {.rtol = 1e-4, .atol = 1e-6}); };
  REQUIRE(near(parallel_table.weight.grad(), own(table.weight.grad(), 0)));
  REQUIRE(near(parallel_up.weight.grad(), own(up.weight.grad(), 0)));
  REQUIRE(near(parallel_up.bias.grad(), own(up.bias.grad(), 0)));
  REQUIRE(near(parallel_down.weight.grad(), own(down.weight.grad(), 1)));
  REQUIRE(near(parallel_down.bias.grad(), down.bias.grad()));
}

TEST_CASE("gathering and splitting are each other's gradients", "[.][ranks]") {
  Job job;
  manual_seed(12);
  nn::Linear whole(8, 8);
  dist::ColumnParallelLinear gathered(whole, true);
  dist::RowParallelLinear split(whole, false);
  Tensor x = randn({2, 8}).requires_grad_(), y = x.detach().clone().requires_grad_(), z = x.detach().clone().requires_grad_();
  const Tensor weights = randn({2, 8});
  (whole(x) * weights).sum().backward();
  (gathered(y) * weights).sum().backward();
  (split(z) * weights).sum().backward();
  REQUIRE(allclose(y.grad(), x.grad(), {.rtol = 1e-4, .atol = 1e-6}));
  REQUIRE(allclose(z.grad(), x.grad(), {.rtol = 1e-4, .atol = 1e-6}));
  REQUIRE(says(error_of([] { dist::ColumnParallelLinear wrong(nn::Linear(3, 2 * ranks() + 1)); }),
               "ColumnParallelLinear: argument 'out_features': expected a number that"));
}
