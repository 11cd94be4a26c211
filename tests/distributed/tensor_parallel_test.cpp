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

TEST_CASE("attention whose heads are spread is that of one process, with its gradients", "[.][ranks]") {
  Job job;
  manual_seed(12);
  constexpr int64_t features = 16, heads = 4, rows = 2, length = 5;
  nn::Linear query(features, features), key(features, features), value(features, features), out(features, features);
  const Tensor weights = randn({rows, length, features});
  Tensor x = randn({rows, length, features}), own_x = x.clone();
  x.requires_grad_();
  own_x.requires_grad_();
  auto attention = [&](const Tensor& input, auto& q, auto& k, auto& v) {
    auto split = [&](const Tensor& t) { return t.view({rows, length, t.size(2) / (features / heads), features / heads}).transpose(1, 2); };
    const Tensor seen = scaled_dot_product_attention(split(q(input)), split(k(input)), split(v(input)), {.is_causal = true});
    return seen.transpose(1, 2).flatten(2);
  };
  Tensor expected = x + out(attention(x, query, key, value));
  (expected * weights).sum().backward();
  dist::ColumnParallelLinear own_query(query), own_key(key), own_value(value);
  dist::RowParallelLinear own_out(out);
  Tensor got = own_x + own_out(attention(own_x, own_query, own_key, own_value));
  (got * weights).sum().backward();
  REQUIRE(allclose(got, expected, {.rtol = 1e-5, .atol = 1e-5}));
  REQUIRE(allclose(own_x.grad(), x.grad(), {.rtol = 1e-5, .atol = 1e-5}));
  REQUIRE(allclose(own_query.weight.grad(), own(query.weight.grad(), 0), {.rtol = 1e-5, .atol = 1e-5}));
  REQUIRE(allclose(own_value.bias.grad(), own(value.bias.grad(), 0), {.rtol = 1e-5, .atol = 1e-5}));
  REQUIRE(allclose(own_out.weight.grad(), own(out.weight.grad(), 1), {.rtol = 1e-5, .atol = 1e-5}));
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
