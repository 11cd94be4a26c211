#include "lazuli/backends/cuda/matmul.h"

#include <algorithm>
#include <mutex>

#include "lazuli/core/factory.h"
#include "lazuli/core/slots/matmul_precision.h"

namespace lazuli::cuda {
namespace {

using gpu::MatmulProblem;

constexpr size_t kMaxPlans = 4096;
constexpr uint64_t kMaxWorkspace = 32 << 20;  // what Hopper's kernels want; older ones take less

struct Types {
  cudaDataType_t element, scale;
};
// Half precision is scaled and summed in float32.
Types types_of(DType t) {
  switch (t) {
    case kFloat16: return {CUDA_R_16F, CUDA_R_32F};
    case kBFloat16: return {CUDA_R_16BF, CUDA_R_32F};
    case kFloat32: return {CUDA_R_32F, CUDA_R_32F};
    case kFloat64: return {CUDA_R_64F, CUDA_R_64F};
    case kComplex64: return {CUDA_C_32F, CUDA_C_32F};
    default: return {CUDA_C_64F, CUDA_C_64F};
  }
}
cublasComputeType_t compute_of(DType t) {
  if (real_dtype(t) == kFloat64) return CUBLAS_COMPUTE_64F;
  if (real_dtype(t) == kFloat32 && float32_matmul_precision() != MatmulPrecision::Highest)
    return float32_matmul_precision() == MatmulPrecision::High ? CUBLAS_COMPUTE_32F_FAST_TF32 : CUBLAS_COMPUTE_32F_FAST_16BF;
  return CUBLAS_COMPUTE_32F;
}

// cuBLAS counts columns first: our row-major [rows, columns] is its [columns, rows], and out = a @ b is for it out' = b' @ a'. An operand whose column is dense is transposed.
struct Matrix {
  int64_t rows, columns, leading;  // as cuBLAS sees it
  bool transposed;
};
Matrix matrix_of(const MatmulProblem::Operand& o, int64_t rows, int64_t columns) {
  if (o.column_stride == 1 || columns == 1) return {columns, rows, rows == 1 ? columns : std::max(o.row_stride, columns), false};
  return {rows, columns, std::max(o.column_stride, rows), true};
}

int64_t alignment_of(const void* p) {
  auto address = reinterpret_cast<uintptr_t>(p);
  return p ? std::min<int64_t>(256, int64_t(address & (~address + 1))) : 0;
}

}  // namespace

void Products::destroy(Plan& plan) {
  if (plan.out) library_->MatrixLayoutDestroy(plan.out);
  if (plan.b) library_->MatrixLayoutDestroy(plan.b);
  if (plan.a) library_->MatrixLayoutDestroy(plan.a);
  if (plan.operation) library_->MatmulDescDestroy(plan.operation);
  plan = {};
}

cublasStatus_t Products::make(Plan& plan, const MatmulProblem& p, cublasComputeType_t compute) {
  const BlasLt& l = *library_;
  const Types types = types_of(p.dtype);
  const Matrix a = matrix_of(p.a, p.m, p.k), b = matrix_of(p.b, p.k, p.n);
  const Matrix out{p.n, p.m, p.m == 1 ? p.n : std::max(p.out.row_stride, p.n), false};
  cublasStatus_t status = l.MatmulDescCreate(&plan.operation, compute, types.scale);
  auto also = [&](auto&& call) {
    if (status == CUBLAS_STATUS_SUCCESS) status = call();
  };
  auto set = [&](cublasLtMatmulDescAttributes_t attribute, auto value) {
    also([&] { return l.MatmulDescSetAttribute(plan.operation, attribute, &value, sizeof(value)); });
  };
  if (b.transposed) set(CUBLASLT_MATMUL_DESC_TRANSA, int32_t(CUBLAS_OP_T));
  if (a.transposed) set(CUBLASLT_MATMUL_DESC_TRANSB, int32_t(CUBLAS_OP_T));
  if (p.bias) {
    set(CUBLASLT_MATMUL_DESC_EPILOGUE, uint32_t(CUBLASLT_EPILOGUE_BIAS));  // a vector along the rows of cuBLAS's result: our columns
    set(CUBLASLT_MATMUL_DESC_BIAS_POINTER, p.bias);                        // the heuristics look at its alignment
  }
  auto layout = [&](cublasLtMatrixLayout_t& made, const Matrix& m, int64_t batch_stride) {
    also([&] { return l.MatrixLayoutCreate(&made, types.element, uint64_t(m.rows), uint64_t(m.columns), m.leading); });
    if (p.batch == 1) return;
    const int32_t count = int32_t(p.batch);
    also([&] { return l.MatrixLayoutSetAttribute(made, CUBLASLT_MATRIX_LAYOUT_BATCH_COUNT, &count, sizeof(count)); });
    also([&] { return l.MatrixLayoutSetAttribute(made, CUBLASLT_MATRIX_LAYOUT_STRIDED_BATCH_OFFSET, &batch_stride, sizeof(batch_stride)); });
  };
  layout(plan.a, b, p.b.batch_stride);
  layout(plan.b, a, p.a.batch_stride);
  layout(plan.out, out, p.out.batch_stride);

  cublasLtMatmulPreference_t preference = nullptr;
  also([&] { return l.MatmulPreferenceCreate(&preference); });
  auto prefer = [&](cublasLtMatmulPreferenceAttributes_t attribute, auto value) {
    also([&] { return l.MatmulPreferenceSetAttribute(preference, attribute, &value, sizeof(value)); });
  };
  prefer(CUBLASLT_MATMUL_PREF_MAX_WORKSPACE_BYTES, kMaxWorkspace);
  prefer(CUBLASLT_MATMUL_PREF_MIN_ALIGNMENT_A_BYTES, uint32_t(alignment_of(p.b.data)));
  prefer(CUBLASLT_MATMUL_PREF_MIN_ALIGNMENT_B_BYTES, uint32_t(alignment_of(p.a.data)));
  prefer(CUBLASLT_MATMUL_PREF_MIN_ALIGNMENT_C_BYTES, uint32_t(alignment_of(p.out.data)));
  prefer(CUBLASLT_MATMUL_PREF_MIN_ALIGNMENT_D_BYTES, uint32_t(alignment_of(p.out.data)));
  // Parts of a sum are not rounded to half precision in between.
  if (item_size(p.dtype) == 2) prefer(CUBLASLT_MATMUL_PREF_REDUCTION_SCHEME_MASK, uint32_t(CUBLASLT_REDUCTION_SCHEME_COMPUTE_TYPE));
  cublasLtMatmulHeuristicResult_t found{};
  int count = 0;
  also([&] { return l.MatmulAlgoGetHeuristic(handle_, plan.operation, plan.a, plan.b, plan.out, plan.out, preference, 1, &found, &count); });
  if (preference) l.MatmulPreferenceDestroy(preference);
  if (status == CUBLAS_STATUS_SUCCESS && (count == 0 || found.state != CUBLAS_STATUS_SUCCESS)) status = CUBLAS_STATUS_NOT_SUPPORTED;
  plan.algorithm = found.algo;
  plan.workspace = found.workspaceSize;
  return status;
}

cublasStatus_t Products::run(const MatmulProblem& p, CUstream stream, const Tensor& workspace) {
  if (is_integral(p.dtype) || p.m == 0 || p.n == 0 || p.k == 0 || p.batch == 0 || p.batch > INT32_MAX) return CUBLAS_STATUS_NOT_SUPPORTED;
  if (p.bias && alignment_of(p.bias) < 16) return CUBLAS_STATUS_NOT_SUPPORTED;  // its kernels load it in vectors
  std::unique_lock lock(mutex_);
  if (!handle_) {
    library_ = BlasLt::get();
    if (!library_) return CUBLAS_STATUS_NOT_SUPPORTED;
    if (cublasStatus_t status = library_->Create(&handle_); status != CUBLAS_STATUS_SUCCESS) {
      handle_ = nullptr;
      return status;
    }
  }
  const cublasComputeType_t compute = compute_of(p.dtype);
  const Key key{int64_t(p.dtype),
                int64_t(compute),
                p.batch,
                p.m,
                p.n,
                p.k,
                p.a.row_stride,
                p.a.column_stride,
                p.a.batch_stride,
                p.b.row_stride,
                p.b.column_stride,
                p.b.batch_stride,
                p.out.row_stride,
                p.out.batch_stride,
                alignment_of(p.a.data) << 16 | alignment_of(p.b.data),
                alignment_of(p.out.data),
                alignment_of(p.bias)};
  auto found = plans_.find(key);
  if (found == plans_.end()) {
    if (plans_.size() >= kMaxPlans) {
      for (auto& [k, plan] : plans_) destroy(plan);
      plans_.clear();
    }
    Plan plan;
    cublasStatus_t status = make(plan, p, compute);
    if (status != CUBLAS_STATUS_SUCCESS) destroy(plan);
    if (status != CUBLAS_STATUS_SUCCESS && status != CUBLAS_STATUS_NOT_SUPPORTED && status != CUBLAS_STATUS_INVALID_VALUE) return status;
    found = plans_.emplace(key, plan).first;
  }
  Plan& plan = found->second;
  if (!plan.operation) return CUBLAS_STATUS_NOT_SUPPORTED;
  if (const auto needed = int64_t(plan.workspace); needed > (workspace.defined() ? workspace.numel() : 0)) {
    lock.unlock();  // memory may have to wait for a thread that captures a graph, and that one for the lock
    // Stream-ordered: the caching allocator may give it to the next call on this stream at once.
    return run(p, stream, new_tensor({needed}, kUInt8, Device(DeviceType::CUDA, p.index)));
  }
  if (p.bias)
    if (cublasStatus_t status = library_->MatmulDescSetAttribute(plan.operation, CUBLASLT_MATMUL_DESC_BIAS_POINTER, &p.bias, sizeof(p.bias));
        status != CUBLAS_STATUS_SUCCESS)
      return status;
  union {
    float real32;
    double real64;
    cuComplex complex32;
    cuDoubleComplex complex64;
  } alpha, beta;
  switch (types_of(p.dtype).scale) {
    case CUDA_R_32F: alpha.real32 = float(p.alpha), beta.real32 = float(p.beta); break;
    case CUDA_R_64F: alpha.real64 = p.alpha, beta.real64 = p.beta; break;
    case CUDA_C_32F: alpha.complex32 = {float(p.alpha), 0}, beta.complex32 = {float(p.beta), 0}; break;
    default: alpha.complex64 = {p.alpha, 0}, beta.complex64 = {p.beta, 0};
  }
  void* out = const_cast<void*>(p.out.data);
  return library_->Matmul(handle_, plan.operation, &alpha, p.b.data, plan.a, p.a.data, plan.b, &beta, out, plan.out, out, plan.out, &plan.algorithm,
                          workspace.defined() ? workspace.address() : nullptr, plan.workspace, stream);
}

}  // namespace lazuli::cuda
