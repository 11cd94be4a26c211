#include <algorithm>
#include <complex>
#include <utility>

#include "lazuli/backends/cpu/cpu.h"
#include "lazuli/backends/cpu/linalg/matmul_problem.h"
#include "lazuli/backends/cpu/onednn_primitive.h"
#include "lazuli/backends/cpu/pointwise/pointwise.h"
#include "lazuli/backends/cpu/pointwise/tables.h"
#include "lazuli/core/factory.h"
#include "lazuli/core/slots.h"
#include "lazuli/core/slots/dispatch.h"

namespace lazuli::cpu {
namespace {

constexpr int64_t kFew = 16;  // products that an element takes part in for which it is not copied

// The strides of dimensions of size 1 do not matter: made what a dense matrix would have.
void plain_strides(int64_t rows, int64_t columns, int64_t& row, int64_t& column) {
  if (columns == 1) column = 1;
  if (rows == 1) row = column == 1 ? columns : 1;
}

MatmulProblem describe(const Tensor& out, const Tensor& a, const Tensor& b, const Tensor& bias, double beta, double alpha) {
  const int64_t d = out.dim() - 2;
  const Shape &sizes = out.sizes(), &so = out.strides(), &sa = a.strides(), &sb = b.strides();
  MatmulProblem p;
  p.dtype = out.dtype();
  if (d && sizes[0] != 1) p.batch = sizes[0], p.a_batch = sa[0], p.b_batch = sb[0], p.out_batch = so[0];
  p.m = sizes[d], p.n = sizes[d + 1], p.k = a.sizes()[d + 1];
  p.a_row = sa[d], p.a_col = sa[d + 1];
  p.b_row = sb[d], p.b_col = sb[d + 1];
  p.out_row = so[d], p.out_col = so[d + 1];
  p.a = a.address(), p.b = b.address(), p.out = out.address();
  if (bias.defined()) p.bias = bias.address();
  p.beta = beta, p.alpha = alpha;
  return p;
}

// (a b)^T = b^T a^T.
void transpose(MatmulProblem& p) {
  std::swap(p.m, p.n);
  std::swap(p.a, p.b);
  std::swap(p.a_batch, p.b_batch);
  std::swap(p.a_row, p.b_col);
  std::swap(p.a_col, p.b_row);
  std::swap(p.out_row, p.out_col);
  p.bias_per_row = !p.bias_per_row;
}

// Rows of all batches as rows of one matrix, where b is the same for all.
void join_batch(MatmulProblem& p) {
  if (p.batch > 1 && p.b_batch == 0 && p.a_batch == p.m * p.a_row && p.out_batch == p.m * p.out_row && !p.bias_per_row) {
    p.m *= p.batch;
    p.batch = 1;
  }
}

Tensor contiguous_copy(const Tensor& t, DType dtype) {
  Tensor copy = new_tensor(t.sizes(), dtype);
  copy_kernel(kCPU, copy, t);
  return copy;
}

/// A dense copy of a matrix, whose rows or columns are contiguous as they were, or of as many different ones as there are.
Tensor matrix_copy(const Tensor& t, DType dtype) {
  const bool batched = t.dim() == 3, shared = batched && t.stride(0) == 0;
  Shape sizes = t.sizes();
  if (shared) sizes[0] = 1;
  Shape strides = contiguous_strides(sizes);
  if (t.stride(-2) == 1 && t.stride(-1) != 1) strides[-2] = 1, strides[-1] = t.size(-2);
  Tensor copy = new_strided(sizes, strides, dtype);
  copy_kernel(kCPU, copy, shared ? alias(t, sizes, t.strides(), t.storage_offset()) : t);
  if (!shared) return copy;
  strides[0] = 0;
  return alias(copy, t.sizes(), strides, 0);
}
/// Whether a product of bfloat16 is worth making its operands wide: each of their elements takes part in many.
bool pays_to_widen(const MatmulProblem& p) { return std::min({p.m, p.n, p.k}) >= kFew && widens_bfloat16(); }

/// Whether the libraries take a matrix as it lies. oneDNN's good kernels for bfloat16 want all of a matrix, no slice of its columns: worth a copy where each element takes part in many products.
bool is_taken(const MatmulProblem& p, int64_t rows, int64_t columns, int64_t row, int64_t column) {
  const bool whole = (column == 1 && row == columns) || (row == 1 && column == rows);
  return is_dense_matrix(rows, columns, row, column) && (whole || p.dtype != kBFloat16 || p.batch > 1 || std::min(p.m, p.n) < kFew);
}

void matmul(Tensor& out, const Tensor& a, const Tensor& b, const Tensor& bias, double beta, double alpha);

// Through a temporary of another layout or dtype.
void matmul_into_copy(Tensor& out, const Tensor& a, const Tensor& b, const Tensor& bias, double beta, double alpha, DType dtype) {
  Tensor result = beta != 0 ? contiguous_copy(out, dtype) : new_tensor(out.sizes(), dtype);
  matmul(result, a, b, bias, beta, alpha);
  copy_kernel(kCPU, out, result);
}
void matmul_widened(Tensor& out, const Tensor& a, const Tensor& b, const Tensor& bias, double beta, double alpha) {
  matmul_into_copy(out, matrix_copy(a, kFloat32), matrix_copy(b, kFloat32), bias.defined() ? contiguous_copy(bias, kFloat32) : bias, beta, alpha,
                   kFloat32);
}

void matmul(Tensor& out, const Tensor& a, const Tensor& b, const Tensor& bias, double beta, double alpha) {
  if (out.numel() == 0) return;
  if (bias.defined() && bias.stride(0) != 1 && bias.size(0) != 1) return matmul(out, a, b, contiguous_copy(bias, bias.dtype()), beta, alpha);
  MatmulProblem p = describe(out, a, b, bias, beta, alpha);
  plain_strides(p.m, p.n, p.out_row, p.out_col);
  if (p.out_row == 1 && (p.out_col != 1 || (p.n == 1 && p.m > 1))) {
    transpose(p);
    plain_strides(p.m, p.n, p.out_row, p.out_col);
  }
  if (p.out_col != 1 || p.out_row < p.n) return matmul_into_copy(out, a, b, bias, beta, alpha, out.dtype());
  if (p.k == 0) return scale_and_bias(p);
  plain_strides(p.m, p.k, p.a_row, p.a_col);
  plain_strides(p.k, p.n, p.b_row, p.b_col);
  join_batch(p);

  if (is_integral(p.dtype)) return matmul_integer(p);
  if (matmul_dots(p)) return;
  if (p.dtype == kBFloat16 && pays_to_widen(p)) return matmul_widened(out, a, b, bias, beta, alpha);
  const bool dense_a = is_taken(p, p.m, p.k, p.a_row, p.a_col), dense_b = is_taken(p, p.k, p.n, p.b_row, p.b_col);
  if (!(dense_a && dense_b) && !(p.dtype == kFloat32 && float32_takes_strides(p))) {
    const auto taken = [&](const Tensor& t) {
      return is_taken(p, t.size(-2), t.size(-1), t.stride(-2), t.stride(-1)) ? t : matrix_copy(t, t.dtype());
    };
    return matmul(out, taken(a), taken(b), bias, beta, alpha);
  }
  switch (p.dtype) {
    case kFloat32: return matmul_float32(p);
    case kBFloat16:
    case kFloat16:
      if (matmul_onednn(p)) return;
      return matmul_widened(out, a, b, bias, beta, alpha);
    default: return matmul_blas(p);
  }
}

template <class T>
void scale_and_bias_of(const MatmulProblem& p) {
  const T beta = T(p.beta);
  const T* bias = static_cast<const T*>(p.bias);
  for (int64_t l = 0; l < p.batch; ++l)
    for (int64_t i = 0; i < p.m; ++i) {
      T* row = static_cast<T*>(p.out) + l * p.out_batch + i * p.out_row;
      for (int64_t j = 0; j < p.n; ++j) {
        T value = bias ? bias[p.bias_per_row ? i : j] : T(0);
        if (p.beta != 0) value = T(value + beta * row[j]);
        row[j] = value;
      }
    }
}

// A product of two dense matrices into a third with an end that it has.
bool fused_product(Tensor& out, const Tensor& a, const Tensor& b, const Tensor& bias, UnaryOp activation, const Tensor& other, BinaryOp op) {
  const bool relu = !other.defined() && activation == UnaryOp::Relu, relu_grad = other.defined() && op == BinaryOp::ReluGrad;
  if (out.dtype() != kFloat32 || out.dim() != 2 || !(relu || relu_grad) || (bias.defined() && bias.stride(0) != 1)) return false;
  MatmulProblem p = describe(out, a, b, bias, 0, 1);
  if (p.out_col != 1 || p.out_row < p.n || p.k == 0 || p.n == 1) return false;
  plain_strides(p.m, p.n, p.out_row, p.out_col);
  plain_strides(p.m, p.k, p.a_row, p.a_col);
  plain_strides(p.k, p.n, p.b_row, p.b_col);
  p.end = relu ? GemmEnd::Relu : GemmEnd::ReluGrad;
  if (relu_grad) {
    if (other.dtype() != kFloat32 || other.stride(1) != 1) return false;
    p.other = other.address();
    p.other_row = other.stride(0);
  }
  if (!is_dense_matrix(p.m, p.k, p.a_row, p.a_col) || !is_dense_matrix(p.k, p.n, p.b_row, p.b_col) || !float32_takes_end(p)) return false;
  matmul_float32(p);
  return true;
}

// In the product where our own kernel makes it in one pass, else behind it.
void matmul_fused(Tensor& out, const Tensor& a, const Tensor& b, const Tensor& bias, UnaryOp activation, const Tensor& other, BinaryOp op, Params p) {
  if (out.numel() == 0) return;
  if (fused_product(out, a, b, bias, activation, other, op)) return;
  matmul(out, a, b, bias, 0, 1);
  if (other.defined()) pointwise(loop_of(op, out.dtype()), out, p, out, other);
  else if (activation != UnaryOp::Positive) pointwise(loop_of(activation, out.dtype()), out, p, out);
}

}  // namespace

void scale_and_bias(const MatmulProblem& p) {
  dispatch(p.dtype, [&](auto zero) {
    using T = decltype(zero);
    if constexpr (std::is_same_v<T, bool>) return;
    else if constexpr (std::is_same_v<T, complex64>) scale_and_bias_of<std::complex<float>>(p);
    else if constexpr (std::is_same_v<T, complex128>) scale_and_bias_of<std::complex<double>>(p);
    else scale_and_bias_of<T>(p);
  });
}

void register_matmul() {
  matmul_kernel.set(DeviceType::CPU, matmul);
  matmul_fused_kernel.set(DeviceType::CPU, matmul_fused);
}

}  // namespace lazuli::cpu
