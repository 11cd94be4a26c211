#include "lazuli/ops/linalg/matmul.h"

#include <cmath>

#include "lazuli/autograd/autograd.h"
#include "lazuli/ops/linalg/einsum.h"
#include "lazuli/ops/linalg/products.h"
#include "lazuli/ops/pointwise/comparison.h"
#include "lazuli/ops/pointwise/complex.h"
#include "lazuli/ops/pointwise/unary.h"
#include "lazuli/ops/reduce/reduction.h"
#include "lazuli/ops/shape/copy.h"
#include "tests/ops/pointwise/elementwise_helper.h"

using namespace lazuli;

namespace {
Tensor wave(const Shape& sizes, double phase, DType dtype = kFloat64) {
  Tensor x = sin(arange(sizes.numel(), {.dtype = kFloat64}) * Scalar(0.7) + Scalar(phase)).reshape(sizes);
  return is_complex(dtype) ? to(complex(x, cos(x * Scalar(2))), dtype) : to(x, dtype);
}
Tensor wave_leaf(const Shape& sizes, double phase, DType dtype = kFloat64) { return wave(sizes, phase, dtype).requires_grad_(); }
// The definition: sum over k of a[.., i, k] b[.., k, j].
Tensor slowly(const Tensor& a, const Tensor& b) { return sum(a.unsqueeze(-1) * b.unsqueeze(-3), -2); }
}  // namespace

TEST_CASE("products of all ranks and dtypes against the definition", "[ops]") {
  for (DType dtype : {kFloat32, kFloat64, kComplex128}) {
    double tolerance = dtype == kFloat32 ? 1e-5 : 1e-12;
    CHECK(allclose(mm(wave({3, 4}, 0, dtype), wave({4, 5}, 1, dtype)), slowly(wave({3, 4}, 0, dtype), wave({4, 5}, 1, dtype)), tolerance, tolerance));
    CHECK(allclose(bmm(wave({2, 3, 4}, 0, dtype), wave({2, 4, 5}, 1, dtype)), slowly(wave({2, 3, 4}, 0, dtype), wave({2, 4, 5}, 1, dtype)), tolerance,
                   tolerance));
    // transposed operands are read where they lie
    Tensor a = wave({4, 3}, 0, dtype).transpose(0, 1), b = wave({5, 4}, 1, dtype).transpose(0, 1);
    CHECK(allclose(mm(a, b), slowly(a, b), tolerance, tolerance));
    CHECK(allclose(matmul(wave({2, 1, 3, 4}, 0, dtype), wave({3, 4, 2}, 1, dtype)), slowly(wave({2, 1, 3, 4}, 0, dtype), wave({3, 4, 2}, 1, dtype)),
                   tolerance, tolerance));
  }
  CHECK(mm(tensor({{1, 2}, {3, 4}}), tensor({{1, 0}, {1, 1}})).to_vector<int64_t>() == std::vector<int64_t>{3, 2, 7, 4});
  CHECK(matmul(wave({4}, 0), wave({4}, 0)).sizes() == Shape{});
  CHECK(matmul(wave({4}, 0), wave({4, 2}, 0)).sizes() == Shape{2});
  CHECK(matmul(wave({5, 2, 4}, 0), wave({4}, 0)).sizes() == Shape{5, 2});
  CHECK(matmul(wave({4}, 0), wave({5, 4, 2}, 0)).sizes() == Shape{5, 2});
  CHECK(near(mm(zeros({2, 0}, kFloat64), zeros({0, 1}, kFloat64)), {0, 0}));
}

TEST_CASE("gradients of products, both orders", "[ops]") {
  for (DType dtype : {kFloat64, kComplex128}) {
    check_gradients([](const Tensor& a, const Tensor& b) { return mm(a, b); }, {wave_leaf({2, 3}, 0, dtype), wave_leaf({3, 2}, 1, dtype)});
    check_gradients([](const Tensor& a, const Tensor& b) { return matmul(a, b); },
                    {wave_leaf({2, 1, 2, 3}, 0, dtype), wave_leaf({2, 3, 1}, 1, dtype)});
    check_gradients([](const Tensor& a, const Tensor& b) { return matmul(a, b); }, {wave_leaf({2, 2, 3}, 0, dtype), wave_leaf({3}, 1, dtype)});
    // One matrix for all batches, on either side.
    for (const Shape& sizes : {Shape{3}, Shape{2, 3}, Shape{1, 1, 2, 3}})
      check_gradients([](const Tensor& a, const Tensor& b) { return matmul(a, b); }, {wave_leaf(sizes, 0, dtype), wave_leaf({2, 3, 2}, 1, dtype)});
    check_gradients([](const Tensor& a, const Tensor& b) { return matmul(a, b); },
                    {wave_leaf({2, 2, 3}, 0, dtype), wave_leaf({1, 1, 3, 2}, 1, dtype)});
    check_gradients([](const Tensor& a, const Tensor& b) { return vdot(a, b); }, {wave_leaf({3}, 0, dtype), wave_leaf({3}, 1, dtype)});
    check_gradients([](const Tensor& x, const Tensor& w, const Tensor& b) { return linear(x, w, b); },
                    {wave_leaf({2, 2, 3}, 0, dtype), wave_leaf({2, 3}, 1, dtype), wave_leaf({2}, 2, dtype)});
  }
  auto scaled = [](const Tensor& s, const Tensor& a, const Tensor& b) { return addmm(s, a, b, 0.5, -2); };
  check_gradients(scaled, {wave_leaf({2, 2}, 0), wave_leaf({2, 3}, 1), wave_leaf({3, 2}, 2)});
  check_gradients(scaled, {wave_leaf({2}, 0), wave_leaf({2, 3}, 1), wave_leaf({3, 2}, 2)});
  check_gradients([](const Tensor& s, const Tensor& a, const Tensor& b) { return baddbmm(s, a, b, 2, 3); },
                  {wave_leaf({2, 1}, 0), wave_leaf({2, 2, 3}, 1), wave_leaf({2, 3, 2}, 2)});
  check_gradients([](const Tensor& s, const Tensor& a, const Tensor& b) { return addbmm(s, a, b); },
                  {wave_leaf({2}, 0), wave_leaf({2, 2, 3}, 1), wave_leaf({2, 3, 2}, 2)});
  check_gradients([](const Tensor& s, const Tensor& a, const Tensor& b) { return addmv(s, a, b, 0.5, 3); },
                  {wave_leaf({2}, 0), wave_leaf({2, 3}, 1), wave_leaf({3}, 2)});
  check_gradients([](const Tensor& s, const Tensor& a, const Tensor& b) { return addr(s, a, b, 0.5, 3); },
                  {wave_leaf({3}, 0), wave_leaf({2}, 1), wave_leaf({3}, 2)});
  check_gradients([](const std::vector<Tensor>& m) { return linalg::multi_dot(m); },
                  {wave_leaf({3}, 0), wave_leaf({3, 2}, 1), wave_leaf({2, 4}, 2), wave_leaf({4}, 3)});
  check_gradients([](const Tensor& x, const Tensor& y, const Tensor& w) { return bilinear(x, y, w); },
                  {wave_leaf({2, 3}, 0), wave_leaf({2, 2}, 1), wave_leaf({2, 3, 2}, 2)});
  check_gradients(
      [](const Tensor& a, const Tensor& b) {
        return tensordot(a, b, Shape{0, 2}, Shape{1, 0});
      },
      {wave_leaf({2, 3, 2}, 0), wave_leaf({2, 2, 2}, 1)});
}

TEST_CASE("addmm with beta 0 does not see self, and its epilogue is the plain sum", "[ops]") {
  Tensor a = wave({3, 4}, 0), b = wave({4, 5}, 1), bias = wave({5}, 2);
  CHECK(allclose(addmm(full({5}, NAN, kFloat64), a, b, 0), mm(a, b)));
  CHECK(allclose(addmm(bias, a, b), mm(a, b) + bias));
  CHECK(allclose(addmm(wave({3, 1}, 2), a, b, 2, 3), mm(a, b) * Scalar(3) + wave({3, 1}, 2) * Scalar(2)));
}

TEST_CASE("linear is input times weight transposed plus bias, whatever the leading dimensions", "[ops]") {
  Tensor w = wave({4, 3}, 0), b = wave({4}, 1);
  for (Shape sizes : {Shape{3}, Shape{5, 3}, Shape{2, 5, 3}, Shape{0, 3}}) {
    Tensor x = wave(sizes, 2);
    CHECK(allclose(linear(x, w, b), matmul(x, w.t()) + b));
    CHECK(allclose(linear(x, w), matmul(x, w.t())));
  }
  Tensor strided = wave({3, 2, 5}, 2).permute({2, 1, 0});
  CHECK(allclose(linear(strided, w, b), matmul(strided, w.t()) + b));
  CHECK(allclose(linear(wave({2, 3}, 0), w, wave({2, 1}, 0)), matmul(wave({2, 3}, 0), w.t()) + wave({2, 1}, 0)));
}

TEST_CASE("einsum", "[ops]") {
  Tensor a = wave({2, 3}, 0), b = wave({3, 4}, 1), c = wave({5, 2, 3}, 2);
  CHECK(allclose(einsum("ij,jk->ik", {a, b}), mm(a, b)));
  CHECK(allclose(einsum("ij,jk", {a, b}), mm(a, b)));
  CHECK(allclose(einsum("bij,jk->bki", {c, b}), matmul(c, b).transpose(1, 2)));
  CHECK(allclose(einsum("...ij,jk->...k", {c, b}), sum(matmul(c, b), 1)));
  CHECK(allclose(einsum("ij->ji", {a}), a.t()));
  CHECK(allclose(einsum("ij,kl->ijkl", {a, b}), a.reshape({2, 3, 1, 1}) * b));
  CHECK(allclose(einsum("ij,ij->", {a, a}), sum(a * a)));
  CHECK(allclose(einsum("bij,ij,jk->bk", {c, a, b}), matmul(sum(c * a, 1), b)));
  CHECK(allclose(einsum("ii->i", {wave({3, 3}, 0)}), tensor({std::sin(0.0), std::sin(2.8), std::sin(5.6)}, kFloat64)));
  check_gradients([](const Tensor& x, const Tensor& y) { return einsum("bij,jk->bik", {x, y}); }, {wave_leaf({2, 2, 3}, 0), wave_leaf({3, 2}, 1)});
  CHECK_THROWS_AS(einsum("ij,jk->ik", {a}), Error);
  CHECK_THROWS_AS(einsum("ij,jk->ik", {a, a}), Error);
  CHECK_THROWS_AS(einsum("i->i", {a}), Error);
  CHECK_THROWS_AS(einsum("ij->iij", {a}), Error);
}

TEST_CASE("products that do not fit are refused with both shapes", "[ops]") {
  Tensor a = wave({2, 3}, 0);
  std::string text = error_of([&] { mm(a, a); });
  CHECK(text.find("mm") == 0);
  CHECK(text.find("[2, 3]") != std::string::npos);
  CHECK_THROWS_AS(mm(a, wave({3}, 0)), Error);
  CHECK(kind_of([&] { mm(a, wave({3, 2}, 0, kFloat32)); }) == ErrorKind::Type);
  CHECK_THROWS_AS(bmm(wave({2, 2, 3}, 0), wave({3, 3, 2}, 0)), Error);
  CHECK_THROWS_AS(matmul(a, tensor(1.0)), Error);
  CHECK_THROWS_AS(dot(wave({2}, 0), wave({3}, 0)), Error);
  text = error_of([&] { linear(wave({4, 5}, 0), a); });
  CHECK(text.find("linear") == 0);
  CHECK(text.find("[4, 5]") != std::string::npos);
  CHECK_THROWS_AS(addmm(wave({7}, 0), a, a.t()), Error);
  CHECK(mm(empty({2, 3}, kFloat32, kMeta), empty({3, 4}, kFloat32, kMeta)).sizes() == Shape{2, 4});
}

TEST_CASE("a product that does not fit names what was called and which sizes it wants", "[ops]") {
  const Tensor a = ones({2, 3}), b = ones({4, 5}), batch = ones({2, 2, 3});
  CHECK(error_of([&] { matmul(a, b); }) == "matmul: argument 'other': expected sizes [3, n] for self of sizes [2, 3], got [4, 5]");
  CHECK(error_of([&] { mm(a, b); }) == "mm: argument 'mat2': expected sizes [3, n] for self of sizes [2, 3], got [4, 5]");
  CHECK(error_of([&] { matmul(a, ones({4})); }) == "matmul: argument 'other': expected sizes [3] for self of sizes [2, 3], got [4]");
  CHECK(error_of([&] { matmul(ones({3}), ones({4})); }) == "matmul: argument 'other': expected sizes [3] for self of sizes [3], got [4]");
  CHECK(error_of([&] { mv(a, ones({4})); }) == "mv: argument 'vec': expected sizes [3] for self of sizes [2, 3], got [4]");
  CHECK(error_of([&] {
          matmul(batch, ones({2, 4, 5}));
        }) == "matmul: argument 'other': expected sizes [.., 3, n] for self of sizes [2, 2, 3], got [2, 4, 5]");
  CHECK(error_of([&] {
          bmm(batch, ones({3, 3, 5}));
        }) == "bmm: argument 'mat2': expected sizes [2, 3, n] for self of sizes [2, 2, 3], got [3, 3, 5]");
  CHECK(error_of([&] { matmul(a, ones({3, 5}, kFloat64)); }) == "matmul: argument 'other': expected the dtype of self, float32, got float64");
  CHECK(error_of([&] { addmm(ones({5}), a, b); }) == "addmm: argument 'mat2': expected sizes [3, n] for mat1 of sizes [2, 3], got [4, 5]");
  CHECK(error_of([&] {
          linear(ones({2, 3}, kInt64), ones({4, 3}), ones({4}));
        }) == "linear: argument 'input': expected the dtype of weight, float32, got int64");
}

TEST_CASE("products in place", "[ops]") {
  Tensor s = wave({2, 4}, 0), a = wave({2, 3}, 1), b = wave({3, 4}, 2), wanted = addmm(s, a, b, 0.5, 2), before = s;
  void* memory = s.address();
  addmm_(s, a, b, 0.5, 2);
  CHECK(s.address() == memory);
  CHECK(allclose(s, wanted));
  CHECK_THROWS_AS(addmm_(a, a, b), Error);
  check_gradients(
      [](const Tensor& s, const Tensor& a, const Tensor& b) {
        Tensor t = s * Scalar(2);
        return addmm_(t, a, b, 0.5, 3) * Scalar(1);
      },
      {wave_leaf({2, 2}, 0), wave_leaf({2, 3}, 1), wave_leaf({3, 2}, 2)});
  check_gradients(
      [](const Tensor& s, const Tensor& a, const Tensor& b) {
        Tensor t = s * Scalar(2);
        return addr_(t, a, b, 0.5, 3) * Scalar(1);
      },
      {wave_leaf({2, 3}, 0), wave_leaf({2}, 1), wave_leaf({3}, 2)});
}

TEST_CASE("vector products", "[ops]") {
  CHECK(cross(tensor({1, 0, 0}), tensor({0, 1, 0})).to_vector<int64_t>() == std::vector<int64_t>{0, 0, 1});
  check_gradients([](const Tensor& a, const Tensor& b) { return linalg::cross(a, b, 0); }, {wave_leaf({3, 2}, 0), wave_leaf({3, 1}, 1)});
  CHECK_THROWS_AS(cross(wave({2, 2}, 0), wave({2, 2}, 0)), Error);
}
