#include "lazuli/ops/sparse/sparse.h"

#include "lazuli/ops/ops.h"
#include "lazuli/ops/table/registry.h"
#include "tests/catch.h"
#include "tests/ops/pointwise/elementwise_helper.h"

using namespace lazuli;

namespace {
// Rows 0, 1, 2 with one place twice.
const Tensor kPlaces = tensor({{0, 2, 1, 0, 2}, {1, 0, 1, 3, 0}});
const Tensor kValues = tensor({1.0, 2.0, 3.0, 4.0, 5.0}, kFloat64);
sparse::SparseTensor matrix(const Tensor& values = kValues) { return sparse::sparse_coo_tensor(kPlaces, values, {3, 4}); }
}  // namespace

TEST_CASE("a sparse tensor is what its places say, values at one place counting as their sum", "[ops][sparse]") {
  const sparse::SparseTensor s = matrix();
  CHECK(s.sizes() == Shape{3, 4});
  CHECK(s.nnz() == 5);
  CHECK(s.sparse_dim() == 2);
  CHECK(s.dense_dim() == 0);
  CHECK_FALSE(s.is_coalesced());
  const Tensor dense = tensor({{0.0, 1.0, 0.0, 4.0}, {0.0, 3.0, 0.0, 0.0}, {7.0, 0.0, 0.0, 0.0}}, kFloat64);
  CHECK(equal(s.to_dense(), dense));
  const sparse::SparseTensor c = s.coalesce();
  CHECK(c.is_coalesced());
  CHECK(equal(c.indices(), tensor({{0, 0, 1, 2}, {1, 3, 1, 0}})));
  CHECK(equal(c.values(), tensor({1.0, 4.0, 3.0, 7.0}, kFloat64)));
  CHECK(equal(s.t().to_dense(), dense.t()));
  CHECK(equal(sparse::sparse_coo_tensor(kPlaces, kValues).to_dense(), dense));
  CHECK(equal((s + s * 2.0).to_dense(), dense * 3.0));
  CHECK(equal((s - s).to_dense(), zeros_like(dense)));
  CHECK(equal((s * (dense + 1.0)).to_dense(), dense * (dense + 1.0)));
  CHECK(equal(sparse::sparse_mask(dense + 1.0, s).to_dense(), where(dense != 0.0, dense + 1.0, 0.0)));
  CHECK(sparse::sum(s).item<double>() == 15);
  CHECK(equal(sparse::sum(s, {0}).to_dense(), dense.sum(0)));
  CHECK(equal(sparse::sum(s, {-1}).to_dense(), dense.sum(1)));
  CHECK(equal(sparse::sum(s, {0, 1}).to_dense(), dense.sum()));
  CHECK(sparse::to_string(c).find("nnz=4") != std::string::npos);
}

TEST_CASE("to_sparse and to_dense are inverse, with dense dimensions and without elements", "[ops][sparse]") {
  manual_seed(4);
  const Tensor dense = randn({3, 4, 2}, {.dtype = kFloat64}) * (rand({3, 4, 1}) > 0.5);
  for (int64_t sparse_dim : {0, 1, 2, 3}) {
    const sparse::SparseTensor s = sparse::to_sparse(dense, sparse_dim);
    INFO(sparse_dim);
    CHECK(s.dense_dim() == 3 - sparse_dim);
    CHECK(s.is_coalesced());
    CHECK(equal(s.to_dense(), dense));
    CHECK(equal(dense.to_sparse(sparse_dim).indices(), s.indices()));
    CHECK(equal(sparse::sum(s, {1}).to_dense(), dense.sum(1)));
  }
  CHECK(zeros({2, 3}).to_sparse().nnz() == 0);
  CHECK(equal(sparse::to_sparse(zeros({2, 0})).to_dense(), zeros({2, 0})));
}

TEST_CASE("products of sparse matrices, and gradients of values and matrices", "[ops][sparse]") {
  manual_seed(5);
  const Tensor x = randn({4, 2}, {.dtype = kFloat64}), y = randn({3, 2}, {.dtype = kFloat64}), z = randn({2, 4}, {.dtype = kFloat64});
  const Tensor dense = matrix().to_dense();
  CHECK(allclose(sparse::mm(matrix(), x), matmul(dense, x)));
  CHECK(allclose(sparse::addmm(y, matrix(), x, 0.5, 2.0), y * 0.5 + matmul(dense, x) * 2.0));
  CHECK(allclose(sparse::sampled_addmm(matrix(), y, z, 0.5, 2.0).to_dense(), where(dense != 0.0, dense * 0.5 + matmul(y, z) * 2.0, 0.0)));
  const auto variable = [](const Tensor& t) { return t.clone().requires_grad_(); };
  check_gradients([](const Tensor& v, const Tensor& m) { return sparse::mm(matrix(v), m); }, {variable(kValues), variable(x)});
  check_gradients([](const Tensor& v, const Tensor& a, const Tensor& b) { return sparse::sampled_addmm(matrix(v), a, b).values(); },
                  {variable(kValues), variable(y), variable(z)});
  check_gradients([](const Tensor& v) { return square(sparse::sum(matrix(v), {0}).to_dense()); }, {variable(kValues)});
  check_gradients([](const Tensor& v) { return square(matrix(v).coalesce().values()); }, {variable(kValues)});
  check_gradients([](const Tensor& t) { return square(sparse::to_sparse(t, 1).values()); }, {variable(dense)});
}

TEST_CASE("sparse tensors by name are their indices, values and sizes", "[ops][sparse]") {
  const Tensor x = ones({4, 2}, kFloat64);
  CHECK(equal(call("sparse.mm", {kPlaces, kValues, Shape{3, 4}, x})[0].to_tensor(), matmul(matrix().to_dense(), x)));
  const auto parts = call("to_sparse", {matrix().to_dense()});
  CHECK(equal(call("sparse.to_dense", {parts[0], parts[1], Shape{3, 4}})[0].to_tensor(), matrix().to_dense()));
}

TEST_CASE("sparse tensors refuse what does not fit", "[ops][sparse]") {
  const auto makes = [](const Tensor& indices, const Tensor& values, const Shape& sizes) {
    return kind_of([&] { sparse::sparse_coo_tensor(indices, values, sizes); });
  };
  CHECK(makes(kPlaces, kValues, {3, 3}) == ErrorKind::Index);
  CHECK(makes(kPlaces - 1, kValues, {3, 4}) == ErrorKind::Index);
  CHECK(makes(kPlaces, ones({4}), {3, 4}) == ErrorKind::Argument);
  CHECK(makes(kPlaces.to(kFloat32), kValues, {3, 4}) == ErrorKind::Argument);
  CHECK(makes(kPlaces, kValues, {3}) == ErrorKind::Argument);
  CHECK(kind_of([] { sparse::mm(matrix(), ones({3, 2})); }) == ErrorKind::Argument);
  CHECK(kind_of([] { sparse::add(matrix(), sparse::to_sparse(ones({4, 3}, kFloat64))); }) == ErrorKind::Argument);
}
