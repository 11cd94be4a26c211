#include "lazuli/lazuli.h"

#include <cmath>

#include "tests/errors.h"

using namespace lazuli;

// Sums, norms and numbers beside halves count at float32 until the result is stored.

namespace {
double one(const Tensor& t) { return t.to(kFloat64).item<double>(); }
}  // namespace

TEST_CASE("norms of halves do not pass their range on the way", "[ops][half]") {
  Tensor x = full({9}, 100, kFloat16);
  CHECK(one(norm(x)) == 300);
  CHECK(one(linalg::vector_norm(x, 2, 0)) == 300);
  CHECK(one(norm(full({4}, 300, kFloat16), 3)) == Approx(300 * std::cbrt(4.0)).epsilon(1e-3));
  CHECK(one(dist(x, -x)) == 600);
  CHECK(one(dist(full({1}, 60000, kFloat16), full({1}, -4000, kFloat16))) == 64000);
  x.requires_grad_();
  norm(x).backward();
  CHECK(one(x.grad()[0]) == Approx(1.0 / 3).epsilon(1e-3));
  Tensor y = full({9}, 100, kFloat16);
  CHECK(one(nn::functional::normalize(y, 2, 0)[0]) == Approx(1.0 / 3).epsilon(1e-3));
}

TEST_CASE("clipping a gradient of halves keeps its direction", "[ops][half]") {
  Tensor p = zeros({1}, kFloat16).requires_grad_();
  (p * 300).sum().backward();
  CHECK(one(nn::utils::clip_grad_norm_({p}, 1)) == 300);
  CHECK(one(p.grad()) == Approx(1).epsilon(1e-3));
}

TEST_CASE("distances and similarities of halves", "[ops][half]") {
  Tensor a = full({1, 9}, 100, kFloat16), b = full({1, 9}, -100, kFloat16);
  CHECK(one(cosine_similarity(a, a)) == 1);
  CHECK(one(cosine_similarity(a, b)) == -1);
  CHECK(one(pairwise_distance(a, b)) == 600);
  CHECK(one(cdist(a, b)) == 600);
  CHECK(one(pdist(cat({a, b}))) == 600);
  CHECK(cdist(a, b).dtype() == kFloat16);
}

TEST_CASE("an embedding bag of many halves is the sum of them all", "[ops][half]") {
  for (DType dtype : {kFloat16, kBFloat16}) {
    Tensor table = ones({1, 2}, dtype).requires_grad_(), index = zeros({1, 4096}, kInt64);
    Tensor bag = embedding_bag(index, table, {.mode = "sum"});
    CHECK(one(bag[0][0]) == 4096);
    bag.sum().backward();
    CHECK(one(table.grad()[0][0]) == 4096);
  }
}

TEST_CASE("a number beside halves is not rounded to one", "[ops][half]") {
  Tensor big = full({1}, 6e4, kFloat16), hundred = full({1}, 100, kBFloat16);
  CHECK(one(big / 1e5) == Approx(0.6).epsilon(1e-3));
  CHECK(one(1e5 / big) == Approx(1e5 / 6e4).epsilon(1e-3));
  CHECK(one(hundred * 0.3) == 30);
  CHECK(one(0.3 * hundred) == 30);
  CHECK(one(full({1}, 6e4, kFloat16) - 1e5) == Approx(-4e4).epsilon(1e-3));
  CHECK(one(lerp(zeros({1}, kBFloat16), hundred, 0.3)) == 30);
  CHECK(one(xlogy(hundred, 1.002)) == Approx(100 * std::log(1.002)).epsilon(4e-3));
  CHECK(one(addcmul(zeros({1}, kBFloat16), hundred, ones({1}, kBFloat16), 0.3)) == 30);
  CHECK(one(add(zeros({1}, kBFloat16), hundred, 0.3)) == 30);
  Tensor matrix = full({1, 1}, 100, kBFloat16), unit = ones({1, 1}, kBFloat16), none = zeros({1, 1}, kBFloat16);
  CHECK(one(addmm(none, matrix, unit, 1, 0.3)) == 30);
  CHECK(one(addmm(matrix, unit, none, 0.3, 1)) == 30);
  hundred *= 0.3;
  CHECK(one(hundred) == 30);
  CHECK(hundred.dtype() == kBFloat16);
  Tensor leaf = full({1}, 100, kBFloat16).requires_grad_();
  (leaf * 0.3).backward(full({1}, 100, kBFloat16));
  CHECK(one(leaf.grad()) == 30);
}
