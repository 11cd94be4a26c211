#include "lazuli/ops/linalg/products.h"

#include "lazuli/autograd/autocast.h"
#include "lazuli/core/error.h"
#include "lazuli/ops/base/dtype_checks.h"
#include "lazuli/ops/base/pointwise.h"
#include "lazuli/ops/base/promotion.h"
#include "lazuli/ops/base/target.h"
#include "lazuli/ops/linalg/matmul.h"
#include "lazuli/ops/linalg/matmul_support.h"
#include "lazuli/ops/pointwise/arithmetic.h"
#include "lazuli/ops/pointwise/complex.h"
#include "lazuli/ops/reduce/reduction.h"
#include "lazuli/ops/shape/copy.h"
#include "lazuli/ops/shape/join.h"
#include "lazuli/ops/table/families.h"
#include "lazuli/ops/table/registry.h"

namespace lazuli {
namespace {

void check_rank(const char* op, const char* argument, const Tensor& t, int64_t rank) {
  need_defined(op, t, argument);
  if (t.dim() != rank)
    fail(rank == 2 ? errors::linalg_error_requires_2d : ErrorCode(), op, argument, std::to_string(rank) + "-d", "sizes " + to_string(t.sizes()));
}

// The cheapest order of multiplying matrices i..j (Cormen et al., matrix-chain multiplication).
struct Chain {
  const std::vector<Tensor>& m;
  std::vector<int64_t> split;  // [i, j]: where the product of i..j is cut
  explicit Chain(const std::vector<Tensor>& matrices) : m(matrices), split(m.size() * m.size()) {
    size_t n = m.size();
    std::vector<double> cost(n * n, 0.0);
    for (size_t length = 2; length <= n; ++length)
      for (size_t i = 0, j = length - 1; j < n; ++i, ++j)
        for (size_t k = i; k < j; ++k) {
          double c = cost[i * n + k] + cost[(k + 1) * n + j] + double(m[i].sizes()[0]) * double(m[k].sizes()[1]) * double(m[j].sizes()[1]);
          if (k == i || c < cost[i * n + j]) cost[i * n + j] = c, split[i * n + j] = int64_t(k);
        }
  }
  Tensor product(size_t i, size_t j) const {
    if (i == j) return m[i];
    size_t k = size_t(split[i * m.size() + j]);
    return mm(product(i, k), product(k + 1, j));
  }
};

Tensor chain(const char* op, const std::vector<Tensor>& tensors, bool vectors) {
  if (tensors.size() < (vectors ? 2 : 1))
    fail(op, "tensors", vectors ? "at least two tensors" : "at least one matrix", std::to_string(tensors.size()));
  std::vector<Tensor> m = tensors;
  size_t last = m.size() - 1;
  bool row = vectors && m[0].dim() == 1, column = vectors && m[last].dim() == 1;
  if (row) m[0] = m[0].unsqueeze(0);
  if (column) m[last] = m[last].unsqueeze(1);
  for (size_t i = 0; i <= last; ++i) {
    if (m[i].dim() != 2)
      fail(op, "tensors", vectors ? "matrices, and vectors at the ends only" : "matrices",
           "sizes " + to_string(tensors[i].sizes()) + " at " + std::to_string(i));
    product::check_operands(op, m[0], m[i], "tensors", "tensors");
    if (i && m[i].sizes()[0] != m[i - 1].sizes()[1])
      fail(op, "tensors", "sizes that multiply with " + to_string(m[i - 1].sizes()), to_string(m[i].sizes()) + " at " + std::to_string(i));
  }
  Tensor out = Chain(m).product(0, last);
  if (row && column) return out.reshape({});
  return row ? out.squeeze(Shape{0}) : column ? out.squeeze(Shape{1}) : out;
}

}  // namespace

Tensor addmv(const Tensor& self, const Tensor& mat, const Tensor& vec, const Scalar& beta, const Scalar& alpha) {
  if (const Casting cast{Cast::LowerOnGpu, self, mat, vec}) return addmv(cast(self), cast(mat), cast(vec), beta, alpha);
  need_defined("addmv", self, "self", mat, "mat", vec, "vec");
  check_rank("addmv", "mat", mat, 2);
  check_rank("addmv", "vec", vec, 1);
  int64_t rows = mat.sizes()[0];
  if (mat.sizes()[1] != vec.sizes()[0])
    fail("addmv", "vec", "size " + std::to_string(mat.sizes()[1]) + " for the matrix " + to_string(mat.sizes()), to_string(vec.sizes()));
  if (!can_broadcast_to(self.sizes(), {rows})) fail("addmv", "self", "sizes that broadcast to " + to_string(Shape{rows}), to_string(self.sizes()));
  return product::add_product(Target(), "addmv", self.expand({rows}).unsqueeze(1), mat, vec.unsqueeze(1), product::factor(beta, mat.dtype()),
                              product::factor(alpha, mat.dtype()))
      .squeeze(Shape{1});
}

Tensor addr(const Tensor& self, const Tensor& vec1, const Tensor& vec2, const Scalar& beta, const Scalar& alpha) {
  if (const Casting cast{Cast::LowerOnGpu, self, vec1, vec2}) return addr(cast(self), cast(vec1), cast(vec2), beta, alpha);
  need_defined("addr", self, "self", vec1, "vec1", vec2, "vec2");
  check_rank("addr", "vec1", vec1, 1);
  check_rank("addr", "vec2", vec2, 1);
  Shape sizes{vec1.numel(), vec2.numel()};
  if (!can_broadcast_to(self.sizes(), sizes)) fail("addr", "self", "sizes that broadcast to " + to_string(sizes), to_string(self.sizes()));
  DType dtype = result_type({&self, &vec1, &vec2});
  if (is_integral(dtype) && !(beta.is_integral() && alpha.is_integral()))
    fail(ErrorKind::Type, "addr", "beta and alpha", "integers for integer tensors", to_string(beta) + " and " + to_string(alpha));
  bool low = dtype == kFloat16 || dtype == kBFloat16;
  auto scaled = [&](const Tensor& t, const Scalar& factor) {
    if (factor.equal(1)) return t;
    if (dtype == kBool) return mul(t, Scalar(factor.to<bool>()));
    if (!low) return mul(t, factor);
    Tensor rounded = new_tensor({}, dtype, t.device());  // as PyTorch, which has the numbers in the dtype, too
    fill_kernel(t.device(), rounded, factor);
    return mul(t, rounded);
  };
  Tensor out = outer(scaled(vec1, alpha), vec2);
  return beta.equal(0) ? to(out, dtype) : add(scaled(self, beta), out);
}

Tensor addbmm(const Tensor& self, const Tensor& batch1, const Tensor& batch2, const Scalar& beta, const Scalar& alpha) {
  if (const Casting cast{Cast::Lower, self, batch1, batch2}) return addbmm(cast(self), cast(batch1), cast(batch2), beta, alpha);
  need_defined("addbmm", self, "self", batch1, "batch1", batch2, "batch2");
  check_rank("addbmm", "batch1", batch1, 3);
  check_rank("addbmm", "batch2", batch2, 3);
  int64_t b = batch1.sizes()[0], n = batch1.sizes()[1], m = batch1.sizes()[2], p = batch2.sizes()[2];
  if (batch2.sizes()[0] != b || batch2.sizes()[1] != m)
    fail("addbmm", "batch2", "sizes that multiply with " + to_string(batch1.sizes()), to_string(batch2.sizes()));
  return product::add_product(Target(), "addbmm", self, batch1.permute({1, 0, 2}).reshape({n, b * m}), batch2.reshape({b * m, p}),
                              product::factor(beta, batch1.dtype()), product::factor(alpha, batch1.dtype()));
}

Tensor& addmv_(const Tensor& self, const Tensor& mat, const Tensor& vec, const Scalar& beta, const Scalar& alpha) {
  return in_place_aside("addmv_", self, {&mat, &vec}, [&](const Tensor& old) { return addmv(old, mat, vec, beta, alpha); });
}
Tensor& addr_(const Tensor& self, const Tensor& vec1, const Tensor& vec2, const Scalar& beta, const Scalar& alpha) {
  return in_place_aside("addr_", self, {&vec1, &vec2}, [&](const Tensor& old) { return addr(old, vec1, vec2, beta, alpha); });
}
Tensor& addbmm_(const Tensor& self, const Tensor& batch1, const Tensor& batch2, const Scalar& beta, const Scalar& alpha) {
  need_defined("addbmm_", self, "self", batch1, "batch1", batch2, "batch2");
  return in_place_aside("addbmm_", self, {&batch1, &batch2}, [&](const Tensor& old) { return addbmm(old, batch1, batch2, beta, alpha); });
}

Tensor outer(const Tensor& self, const Tensor& vec2) {
  check_rank("outer", "self", self, 1);
  check_rank("outer", "vec2", vec2, 1);
  return mul(self.unsqueeze(1), vec2);
}

Tensor inner(const Tensor& self, const Tensor& other) {
  need_defined("inner", self, "self", other, "other");
  if (self.dim() == 0 || other.dim() == 0) return mul(self, other);
  if (self.sizes()[self.dim() - 1] != other.sizes()[other.dim() - 1])
    fail("inner", "other", "a last dimension of size " + std::to_string(self.sizes()[self.dim() - 1]) + ", that of self",
         "sizes " + to_string(other.sizes()));
  return tensordot(self, other, Shape{-1}, Shape{-1});
}

Tensor tensordot(const Tensor& a, const Tensor& b, int64_t dims) {
  if (const Casting cast{Cast::WidestOnGpu, a, b}) return tensordot(cast(a), cast(b), dims);
  need_defined("tensordot", a, "a", b, "b");
  if (dims < 0 || dims > a.dim() || dims > b.dim()) fail("tensordot", "dims", "a number of dimensions that both have", std::to_string(dims));
  Shape from_a, from_b;
  for (int64_t i = 0; i < dims; ++i) from_a.push_back(a.dim() - dims + i), from_b.push_back(i);
  return tensordot(a, b, from_a, from_b);
}

Tensor tensordot(const Tensor& a, const Tensor& b, const Shape& dims_a, const Shape& dims_b) {
  if (const Casting cast{Cast::WidestOnGpu, a, b}) return tensordot(cast(a), cast(b), dims_a, dims_b);
  need_defined("tensordot", a, "a", b, "b");
  if (dims_a.size() != dims_b.size())
    fail("tensordot", "dims", "as many dimensions of b as of a: " + std::to_string(dims_a.size()), std::to_string(dims_b.size()));
  Shape da = wrap_dims(dims_a, a.dim(), "tensordot"), db = wrap_dims(dims_b, b.dim(), "tensordot"), order_a, order_b = db, sizes;
  Tensor x = a, y = b;
  int64_t k = 1;
  for (int64_t i = 0; i < da.size(); ++i) {
    int64_t n = a.sizes()[da[i]], m = b.sizes()[db[i]];
    if (n != m && m == 1) x = sum(x, da[i], true, x.dtype()), n = 1;
    else if (n != m && n == 1) y = sum(y, db[i], true, y.dtype());
    else if (n != m)
      fail("tensordot", "dims", "dimensions of one size",
           std::to_string(n) + " and " + std::to_string(m) + " in " + to_string(a.sizes()) + " and " + to_string(b.sizes()));
    k *= n;
  }
  for (int64_t i = 0; i < a.dim(); ++i)
    if (!da.contains(i)) order_a.push_back(i), sizes.push_back(a.sizes()[i]);
  int64_t rows = sizes.numel();
  for (int64_t d : da) order_a.push_back(d);
  for (int64_t i = 0; i < b.dim(); ++i)
    if (!db.contains(i)) order_b.push_back(i), sizes.push_back(b.sizes()[i]);
  int64_t columns = 1;
  for (int64_t i = db.size(); i < b.dim(); ++i) columns *= b.sizes()[order_b[i]];
  return mm(x.permute(order_a).reshape({rows, k}), y.permute(order_b).reshape({k, columns})).reshape(sizes);
}

Tensor chain_matmul(const std::vector<Tensor>& matrices) {
  if (const Casting cast{Cast::LowerOnGpu, matrices}) return chain_matmul(cast(matrices));
  need_defined("chain_matmul", matrices, "matrices");
  return chain("chain_matmul", matrices, false);
}
Tensor linalg::multi_dot(const std::vector<Tensor>& tensors) {
  if (const Casting cast{Cast::LowerOnGpu, tensors}) return linalg::multi_dot(cast(tensors));
  need_defined("linalg.multi_dot", tensors, "tensors");
  return chain("linalg.multi_dot", tensors, true);
}

Tensor linalg::cross(const Tensor& self, const Tensor& other, int64_t dim) {
  need_defined("linalg.cross", self, "self", other, "other");
  const char* op = "linalg.cross";
  if (self.dim() != other.dim()) fail(op, "other", "as many dimensions as self, " + std::to_string(self.dim()), "sizes " + to_string(other.sizes()));
  int64_t d = wrap_dim(dim, self.dim(), op);
  if (self.dim() == 0 || self.sizes()[d] != 3 || other.sizes()[d] != 3)
    fail(op, "dim", "a dimension of size 3",
         "dimension " + std::to_string(dim) + " of " + to_string(self.sizes()) + " and " + to_string(other.sizes()));
  auto part = [&](int64_t i, int64_t j) { return sub(mul(self.select(d, i), other.select(d, j)), mul(self.select(d, j), other.select(d, i))); };
  broadcast_shapes(self.sizes(), other.sizes(), op);
  return stack({part(1, 2), part(2, 0), part(0, 1)}, d);
}

Tensor cross(const Tensor& self, const Tensor& other, std::optional<int64_t> dim) {
  if (const Casting cast{Cast::WidestOnGpu, self, other}) return cross(cast(self), cast(other), dim);
  need_defined("cross", self, "self", other, "other");
  if (dim) return linalg::cross(self, other, *dim);
  Shape sizes = broadcast_shapes(self.sizes(), other.sizes(), "cross");
  for (int64_t i = 0; i < sizes.size(); ++i)
    if (sizes[i] == 3) return linalg::cross(self, other, i);
  fail("cross", "self", "a dimension of size 3", "sizes " + to_string(sizes));
}

Tensor linalg::vecdot(const Tensor& x, const Tensor& y, int64_t dim) {
  if (const Casting cast{Cast::Lower, x, y}) return linalg::vecdot(cast(x), cast(y), dim);
  need_defined("linalg.vecdot", x, "x", y, "y");
  for (const Tensor* t : {&x, &y})
    if (!is_differentiable(t->dtype()))
      fail(ErrorKind::Type, "linalg.vecdot", t == &x ? "x" : "y", "a floating point or complex dtype", name(t->dtype()));
  return sum(mul(product::conjugated(x), y), dim);
}

Tensor bilinear(const Tensor& input1, const Tensor& input2, const Tensor& weight, const OptionalTensor& bias) {
  if (const Casting cast{Cast::WidestOnGpu, input1, input2, weight, bias}) return bilinear(cast(input1), cast(input2), cast(weight), cast(bias));
  need_defined("bilinear", input1, "input1", input2, "input2", weight, "weight");
  check_rank("bilinear", "weight", weight, 3);
  int64_t rank = input1.dim(), out = weight.sizes()[0], in1 = weight.sizes()[1], in2 = weight.sizes()[2], rows = 1;
  if (rank == 0 || input2.dim() != rank)
    fail("bilinear", "input2", "as many dimensions as input1, at least one: " + std::to_string(rank), std::to_string(input2.dim()));
  Shape sizes = input1.sizes();
  for (int64_t i = 0; i + 1 < rank; ++i) {
    if (input2.sizes()[i] != sizes[i])
      fail("bilinear", "input2", "the leading sizes of input1 " + to_string(input1.sizes()), to_string(input2.sizes()));
    rows *= sizes[i];
  }
  if (sizes[rank - 1] != in1)
    fail("bilinear", "input1", "a last dimension of size " + std::to_string(in1) + " (weight " + to_string(weight.sizes()) + ")",
         to_string(input1.sizes()));
  if (input2.sizes()[rank - 1] != in2)
    fail("bilinear", "input2", "a last dimension of size " + std::to_string(in2) + " (weight " + to_string(weight.sizes()) + ")",
         to_string(input2.sizes()));
  if (bias && bias->defined() && bias->numel() != out) fail("bilinear", "bias", "size " + std::to_string(out), to_string(bias->sizes()));
  sizes[rank - 1] = out;
  Tensor half = mm(input1.reshape({rows, in1}), weight.permute({1, 0, 2}).reshape({in1, out * in2})).reshape({rows, out, in2});
  Tensor result = bmm(half, input2.reshape({rows, in2, 1})).reshape(sizes);
  return bias && bias->defined() ? add(result, *bias) : result;
}

void register_products(OpTable& table) {
  table.add("addmv(Tensor self, Tensor mat, Tensor vec, *, Scalar beta=1, Scalar alpha=1) -> Tensor", &addmv);
  table.add("addr(Tensor self, Tensor vec1, Tensor vec2, *, Scalar beta=1, Scalar alpha=1) -> Tensor", &addr);
  table.add("addbmm(Tensor self, Tensor batch1, Tensor batch2, *, Scalar beta=1, Scalar alpha=1) -> Tensor", &addbmm);
  table.add("addmv_(Tensor(a!) self, Tensor mat, Tensor vec, *, Scalar beta=1, Scalar alpha=1) -> Tensor(a!)", &addmv_);
  table.add("addr_(Tensor(a!) self, Tensor vec1, Tensor vec2, *, Scalar beta=1, Scalar alpha=1) -> Tensor(a!)", &addr_);
  table.add("addbmm_(Tensor(a!) self, Tensor batch1, Tensor batch2, *, Scalar beta=1, Scalar alpha=1) -> Tensor(a!)", &addbmm_);
  table.add("outer(Tensor self, Tensor vec2) -> Tensor", &outer);
  table.alias("ger", "outer");
  table.add("inner(Tensor self, Tensor other) -> Tensor", &inner);
  table.add("tensordot(Tensor a, Tensor b, int dims=2) -> Tensor", static_cast<Tensor (*)(const Tensor&, const Tensor&, int64_t)>(&tensordot));
  table.add(
      "tensordot(Tensor a, Tensor b, Any dims) -> Tensor", +[](const Tensor& a, const Tensor& b, const Value& dims) {
        need_defined("tensordot", a, "a", b, "b");
        const Value::List& pair = dims.to_list();
        if (pair.size() != 2) fail("tensordot", "dims", "a number or two lists", describe(dims));
        return tensordot(a, b, pair[0].to_shape(), pair[1].to_shape());
      });
  table.add("chain_matmul(Tensor[] *matrices) -> Tensor", &chain_matmul);
  table.add("linalg.multi_dot(Tensor[] tensors) -> Tensor", &linalg::multi_dot);
  table.add("cross(Tensor self, Tensor other, int? dim=None) -> Tensor", &cross);
  table.add("linalg.cross(Tensor self, Tensor other, *, int dim=-1) -> Tensor", &linalg::cross);
  table.add("linalg.vecdot(Tensor x, Tensor y, *, int dim=-1) -> Tensor", &linalg::vecdot);
  table.add("bilinear(Tensor input1, Tensor input2, Tensor weight, Tensor? bias=None) -> Tensor", &bilinear);
}

}  // namespace lazuli
