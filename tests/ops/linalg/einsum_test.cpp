#include "lazuli/ops/linalg/einsum.h"

#include "lazuli/core/memory/memory.h"
#include "lazuli/ops/index/indexing.h"
#include "lazuli/ops/linalg/matmul.h"
#include "lazuli/ops/pointwise/comparison.h"
#include "lazuli/ops/random/random.h"
#include "lazuli/ops/reduce/reduction.h"
#include "lazuli/ops/shape/shape.h"
#include "tests/ops/pointwise/elementwise_helper.h"

using namespace lazuli;

namespace {
Tensor noise(const Shape& sizes, uint64_t seed) { return randn(sizes, {.dtype = kFloat64}, Generator(seed)); }
}  // namespace

TEST_CASE("einsum: products of several operands, whatever the order", "[ops][einsum]") {
  const Tensor a = noise({2, 3}, 1), b = noise({3, 4}, 2), c = noise({4, 5}, 3), d = noise({5, 2}, 4);
  CHECK(allclose(einsum("ij,jk,kl,lm->im", {a, b, c, d}), matmul(matmul(matmul(a, b), c), d), 1e-10, 1e-10));
  CHECK(allclose(einsum("ij,jk,kl,li", {a, b, c, d}), trace(matmul(matmul(matmul(a, b), c), d)), 1e-10, 1e-10));
  std::vector<Tensor> many;
  std::string equation;
  Tensor expected = eye(3, {.dtype = kFloat64});
  for (int i = 0; i < 9; ++i) {  // more than the best order is looked for
    many.push_back(noise({3, 3}, uint64_t(i)));
    equation += (i ? "," : "") + std::string{char('a' + i), char('b' + i)};
    expected = matmul(expected, many.back());
  }
  CHECK(allclose(einsum(equation + "->aj", many), expected, 1e-9, 1e-9));
  const Tensor x = noise({3, 1}, 5), y = noise({3, 4}, 6), z = noise({4}, 7);
  CHECK(allclose(einsum("ij,ij,j->i", {x, y, z}), sum(x * y * z, 1), 1e-12, 1e-12));
  check_gradients(
      [](const Tensor& a, const Tensor& b, const Tensor& c) {
        return einsum("ij,jk,k->i", {a, b, c});
      },
      {noise({2, 3}, 1).requires_grad_(), noise({3, 4}, 2).requires_grad_(), noise({4}, 3).requires_grad_()});
}

TEST_CASE("einsum: a chain costs what its best order costs", "[ops][einsum]") {
  // From left to right an intermediate of 400 x 400 would be made; from right to left none beyond 400.
  const Tensor a = noise({400, 2}, 1), b = noise({2, 400}, 2), v = noise({400}, 3);
  reset_peak_memory_stats(kCPU);
  const int64_t before = memory_stats(kCPU).allocated;
  einsum("ij,jk,k->i", {a, b, v});
  CHECK(memory_stats(kCPU).peak_allocated - before < 400 * 400 * 8 / 2);
}

TEST_CASE("einsum: dimensions by number", "[ops][einsum]") {
  const Tensor a = noise({2, 3}, 1), b = noise({3, 4}, 2);
  CHECK(allclose(einsum({{a, {0, 1}}, {b, {1, 2}}}), matmul(a, b)));
  CHECK(allclose(einsum({{a, {0, 1}}, {b, {1, 2}}}, {{2, 0}}), matmul(a, b).t()));
  CHECK(allclose(einsum({{a, {Ellipsis, 30}}, {b, {30, 51}}}, {{Ellipsis, 51}}), matmul(a, b)));
  CHECK(kind_of([&] { einsum({{a, {0, 52}}}); }) == ErrorKind::Index);
}

TEST_CASE("einsum: errors show the place", "[ops][einsum]") {
  const Tensor a = noise({2, 3}, 1), b = noise({4, 4}, 2);
  CHECK(error_of([&] {
          einsum("i1,jk->ik", {a, b});
        }) == "einsum: argument 'equation': expected letters, '...', ',' and '->', got '1'\n  i1,jk->ik\n   ^");
  CHECK(error_of([&] {
          einsum("ij,jk->ik", {a, b});
        }) == "einsum: argument 'equation': expected one size for a letter, or 1, got 3 and 4\n  ij,jk->ik\n     ^");
  CHECK(error_of([&] { einsum("ij,kl->im", {a, b}); }).find("got 'm'\n  ij,kl->im\n          ^") != std::string::npos);
  CHECK(error_of([&] { einsum("ij->ii", {a}); }).find("got 'i' again\n  ij->ii\n       ^") != std::string::npos);
  CHECK(error_of([&] { einsum("ij,k", {a, b}); }).find("got 1\n  ij,k\n     ^") != std::string::npos);
  CHECK_THROWS_AS(einsum("ij,jk->ik", {a}), Error);
  CHECK_THROWS_AS(einsum("ij", {a, b}), Error);
  CHECK_THROWS_AS(einsum("......", {a}), Error);
}

TEST_CASE("einsum: equations are kept until cleared", "[ops][einsum]") {
  einsum_cache::clear();
  CHECK(einsum_cache::size() == 0);
  einsum("ij->ji", {noise({2, 3}, 1)});
  einsum("ij->ji", {noise({3, 3}, 1)});
  CHECK(einsum_cache::size() == 1);
  CHECK_THROWS_AS(einsum("i->j", {noise({2}, 1)}), Error);
  CHECK(einsum_cache::size() == 1);
  for (int i = 0; i < 300; ++i) einsum("i" + std::string(size_t(i), ' ') + "->i", {noise({2}, 1)});
  CHECK(einsum_cache::size() == 256);
}

TEST_CASE("einsum takes its operands one by one", "[ops][einsum]") {
  const Tensor a = noise({2, 3}, 1), b = noise({3, 4}, 2), c = noise({4, 5}, 3);
  CHECK(equal(einsum("ij,jk->ik", a, b), matmul(a, b)));
  CHECK(equal(einsum("ij,jk,kl->il", a, b, c), einsum("ij,jk,kl->il", {a, b, c})));
  CHECK(equal(einsum("ij->ji", a), a.t()));
  CHECK(equal(einsum("ij->ji", {a}), a.t()));
}
