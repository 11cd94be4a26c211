#include "lazuli/nn/utils/orthogonal_maps.h"

#include <algorithm>
#include <cmath>

#include "lazuli/autograd/modes.h"
#include "lazuli/autograd/tape.h"
#include "lazuli/ops/ops.h"

namespace lazuli::nn::utils::detail {

namespace {
Tensor identity(int64_t n, const Tensor& like) { return eye(n, {.dtype = like.dtype(), .device = like.device()}); }

// Gauss and Jordan without exchange of rows, which a matrix with a positive definite Hermitian part does not need (Golub, Van Loan, 4.2).
Tensor inverse_of_definite(const Tensor& matrix) {
  Tensor out;
  {
    no_grad guard;
    const int64_t n = matrix.size(-1);
    const bool half = matrix.dtype() == kFloat16 || matrix.dtype() == kBFloat16;
    Tensor m = (half ? matrix.to(kFloat32) : matrix).clone();
    for (int64_t i = 0; i < n; ++i) {  // in place: column i becomes that of the inverse
      const Tensor pivot = m.narrow(-2, i, 1).narrow(-1, i, 1).clone();
      const Tensor row = m.narrow(-2, i, 1) / pivot, column = m.narrow(-1, i, 1).clone();
      m.sub_(matmul(column, row));
      m.narrow(-2, i, 1).copy_(row);
      m.narrow(-1, i, 1).copy_(column / -pivot);
      m.narrow(-2, i, 1).narrow(-1, i, 1).copy_(1.0 / pivot);
    }
    out = m.to(matrix.dtype());
  }
  if (auto tape = Tape::recording(matrix))  // d M^-1 = -M^-1 dM M^-1
    tape.record("inverse", out, [y = tape.save_output(out)](const Tensor& grad, Needs) {
      const Tensor t = y.get().mH();
      return Grads{-matmul(matmul(t, grad), t)};
    });
  return out;
}
}  // namespace

Tensor exponential(const Tensor& a) {
  int64_t halvings = 0;
  if (a.numel() && a.device().type != DeviceType::Meta) {
    no_grad guard;
    const double norm = a.detach().abs().sum(-2).max().to(kFloat64).item<double>();
    if (norm > 0.5) halvings = std::min<int64_t>(64, int64_t(std::ceil(std::log2(norm / 0.5))));
  }
  const Tensor x = a * std::ldexp(1.0, -int(halvings)), one = identity(a.size(-1), a);
  Tensor sum = one + x / 14.0;  // 0.5^15 / 15! is below the rounding of float64
  for (int k = 13; k >= 1; --k) sum = one + matmul(x, sum) / double(k);
  for (int64_t i = 0; i < halvings; ++i) sum = matmul(sum, sum);
  return sum;
}

Tensor cayley(const Tensor& a) {
  const Tensor one = identity(a.size(-1), a);
  return matmul(inverse_of_definite(one - a * 0.5), one + a * 0.5);
}

Tensor householder_product(const Tensor& a, const Tensor& tau) {
  const int64_t n = a.size(-2), k = a.size(-1);
  const Tensor vectors = a.tril(-1) + eye(n, k, {.dtype = a.dtype(), .device = a.device()});
  Tensor q = eye(n, k, {.dtype = a.dtype(), .device = a.device()});
  for (int64_t i = k; i-- > 0;) {
    const Tensor v = vectors.narrow(-1, i, 1);
    q = q - matmul(v, matmul(v.mT(), q)) * tau.narrow(-1, i, 1).unsqueeze(-1);
  }
  return q;
}

Tensor reflections_of(const Tensor& q) {
  no_grad guard;
  if (q.dim() > 2) {
    std::vector<Tensor> each;
    for (int64_t i = 0; i < q.size(0); ++i) each.push_back(reflections_of(q.select(0, i)));
    return stack(each);
  }
  const int64_t n = q.size(0), k = q.size(1);
  Tensor r = q.to(kFloat64).clone(), out = zeros({n, k}, {.dtype = kFloat64, .device = q.device()});
  for (int64_t i = 0; i < k; ++i) {
    Tensor column = r.narrow(0, i, n - i).narrow(1, i, 1);
    const double head = column.select(0, 0).item<double>(), norm = linalg::vector_norm(column, 2.0).item<double>();
    const double below = n - i > 1 ? linalg::vector_norm(column.narrow(0, 1, n - i - 1), 2.0).item<double>() : 0;
    if (below == 0) {  // it is along the axis already: no reflection, which v = 0 would be with tau = 2, and that turns the sign
      out.select(0, i).select(0, i).fill_(head < 0 ? 1 : -1);
      Tensor rest = r.narrow(0, i, 1);
      rest.neg_();
      continue;
    }
    const double tip = head > 0 ? -norm : norm;  // what the column becomes
    Tensor v = column / (head - tip);
    v.select(0, 0).fill_(1);
    const double tau = 2 / (v * v).sum().item<double>();
    Tensor block = r.narrow(0, i, n - i);
    block.sub_(matmul(v, matmul(v.t(), block)) * tau);
    if (n - i > 1) out.narrow(0, i + 1, n - i - 1).narrow(1, i, 1).copy_(v.narrow(0, 1, n - i - 1));
    out.select(0, i).select(0, i).fill_(tip < 0 ? -1 : 1);
  }
  return out.to(q.dtype());
}

Tensor orthogonalized(const Tensor& a) {
  no_grad guard;
  const bool half = a.dtype() == kFloat16 || a.dtype() == kBFloat16;
  const Tensor from = half ? a.to(kFloat32) : a;
  Tensor q = from.clone();
  for (int64_t i = 0; i < q.size(-1); ++i) {  // Gram and Schmidt, twice ("twice is enough", Giraud and others 2005)
    Tensor column = q.narrow(-1, i, 1);
    for (int pass = 0; i > 0 && pass < 2; ++pass) {
      const Tensor before = q.narrow(-1, 0, i);
      column.sub_(matmul(before, matmul(before.mH(), column)));
    }
    column.div_(linalg::vector_norm(column, 2.0, {-2}, true));
  }
  return q.to(a.dtype());
}

bool is_orthogonal(const Tensor& q) {
  no_grad guard;
  const double eps = q.dtype() == kFloat64 || q.dtype() == kComplex128 ? 2.2e-16
                     : q.dtype() == kFloat16                           ? 9.8e-4
                     : q.dtype() == kBFloat16                          ? 7.8e-3
                                                                       : 1.2e-7;
  const Tensor rest = matmul(q.mH(), q) - identity(q.size(-1), q);
  return rest.abs().max().to(kFloat64).item<double>() <= 10 * double(q.size(-2)) * eps;
}

}  // namespace lazuli::nn::utils::detail
