#include "lazuli/backends/opencl/matmul.h"

#include <algorithm>

namespace lazuli::opencl {
namespace {

struct Matrix {
  Place place;
  size_t offset, leading, batch_stride;  // in elements
  CLBlastTranspose transpose;
};

// Row-major, or column-major as a transpose.
Matrix matrix_of(const gpu::MatmulProblem::Operand& o, int64_t rows, int64_t columns, int64_t element, const Buffers& buffers) {
  Place p = buffers.find(o.data);
  bool row_major = o.column_stride == 1 || columns == 1;
  int64_t leading =
      row_major ? std::max<int64_t>(rows == 1 ? columns : o.row_stride, columns) : std::max<int64_t>(columns == 1 ? rows : o.column_stride, rows);
  return {p, p.offset / size_t(element), size_t(leading), size_t(o.batch_stride), row_major ? CLBlastTransposeNo : CLBlastTransposeYes};
}

}  // namespace

bool matmul(const gpu::MatmulProblem& problem, const Buffers& buffers, cl_command_queue queue) {
  const Blas* blas = Blas::get();
  if (!blas || problem.bias) return false;
  int64_t element = item_size(problem.dtype);
  Matrix a = matrix_of(problem.a, problem.m, problem.k, element, buffers), b = matrix_of(problem.b, problem.k, problem.n, element, buffers);
  Place out = buffers.find(problem.out.data);
  size_t m = size_t(problem.m), n = size_t(problem.n), k = size_t(problem.k), leading = size_t(problem.m == 1 ? problem.n : problem.out.row_stride);
  CLBlastStatusCode status;
  auto run = [&](auto one, auto* single, auto* batched) {
    using T = decltype(one);
    if (problem.batch == 1)
      return single(CLBlastLayoutRowMajor, a.transpose, b.transpose, m, n, k, T(problem.alpha), a.place.memory, a.offset, a.leading, b.place.memory,
                    b.offset, b.leading, T(problem.beta), out.memory, out.offset / size_t(element), leading, &queue, nullptr);
    return batched(CLBlastLayoutRowMajor, a.transpose, b.transpose, m, n, k, T(problem.alpha), a.place.memory, a.offset, a.leading, a.batch_stride,
                   b.place.memory, b.offset, b.leading, b.batch_stride, T(problem.beta), out.memory, out.offset / size_t(element), leading,
                   size_t(problem.out.batch_stride), size_t(problem.batch), &queue, nullptr);
  };
  if (problem.dtype == kFloat32) status = run(float(), blas->Sgemm, blas->SgemmStridedBatched);
  else status = run(double(), blas->Dgemm, blas->DgemmStridedBatched);
  return status == CLBlastSuccess;
}

}  // namespace lazuli::opencl
