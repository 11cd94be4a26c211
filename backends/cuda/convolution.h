#pragma once
#include <mutex>
#include <unordered_map>

#include "lazuli/backends/cuda/cudnn.h"
#include "lazuli/backends/cuda/plan_key.h"
#include "lazuli/backends/gpu/driver.h"

namespace lazuli::cuda {

/// The convolutions of one device by cuDNN. What its heuristics choose is kept by the problem's dtype, layout and sizes, and so is that it has nothing to choose. The device's context is
/// current in all calls.
class Convolutions {
 public:
  /// False where there is no cuDNN, or it does not do this.
  bool takes(const gpu::ConvolutionProblem& problem);
  /// Puts it on the stream. False where cuDNN declines after all, which is remembered, or there is no memory to work in; the operand that is written may then hold anything. `workspace` is for its own use.
  bool run(const gpu::ConvolutionProblem& problem, void* input, void* weight, void* output, CUstream stream, const Tensor& workspace = {});

 private:
  using Key = std::array<int64_t, 23>;
  struct Plan {
    Cudnn::Descriptor input = nullptr, weight = nullptr, output = nullptr, convolution = nullptr;  // all null: not supported
    int algorithm = 0;
    size_t workspace = 0;
  };
  bool start();
  Plan* plan_of(const gpu::ConvolutionProblem& problem);
  Cudnn::Status make(Plan& plan, const gpu::ConvolutionProblem& problem, Cudnn::Math math, bool deterministic);
  void destroy(Plan& plan);

  std::mutex mutex_;
  bool started_ = false;
  const Cudnn* library_ = nullptr;
  Cudnn::Handle handle_ = nullptr;
  std::unordered_map<Key, Plan, PlanHash> plans_;
};

}  // namespace lazuli::cuda
