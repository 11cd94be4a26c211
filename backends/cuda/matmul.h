#pragma once
#include <mutex>
#include <unordered_map>

#include "lazuli/backends/cuda/library.h"
#include "lazuli/backends/cuda/plan_key.h"
#include "lazuli/backends/gpu/driver.h"

namespace lazuli::cuda {

/// The matrix products of one device by cuBLASLt. What its heuristics choose is kept by the problem's dtype, shape, strides and alignments.
class Products {
 public:
  /// Puts out = beta * out + alpha * a @ b (+ bias) on the stream; the device's context is current. CUBLAS_STATUS_NOT_SUPPORTED: there is no cuBLASLt, or it does not do this.
  /// `workspace` is for its own use.
  cublasStatus_t run(const gpu::MatmulProblem& problem, CUstream stream, const Tensor& workspace = {});

 private:
  using Key = std::array<int64_t, 17>;
  struct Plan {
    cublasLtMatmulDesc_t operation = nullptr;  // null: not supported
    cublasLtMatrixLayout_t a = nullptr, b = nullptr, out = nullptr;
    cublasLtMatmulAlgo_t algorithm;
    size_t workspace = 0;
  };
  cublasStatus_t make(Plan& plan, const gpu::MatmulProblem& problem, cublasComputeType_t compute);
  void destroy(Plan& plan);

  std::mutex mutex_;
  const BlasLt* library_ = nullptr;
  cublasLtHandle_t handle_ = nullptr;
  std::unordered_map<Key, Plan, PlanHash> plans_;
};

}  // namespace lazuli::cuda
