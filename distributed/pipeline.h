#pragma once
#include <functional>

#include "lazuli/distributed/collectives.h"
#include "lazuli/nn/module/containers.h"

/// Models cut into stages, one a rank: each rank computes its stage for one small batch while its neighbours compute theirs for others.
namespace lazuli::distributed {

struct PipelineOptions {
  int64_t micro_batches = 4;  // into which a batch is cut, along its first dimension: as many as there are ranks, or more
  ProcessGroup process_group = {};

  static constexpr auto members() { return Members{member("micro_batches", &PipelineOptions::micro_batches, {.least = 1})}; }
};

/// This rank's stage of `model`: consecutive modules, so many that all ranks have about the same number of parameters. The modules are shared with `model`.
/// Throws Error for a model of fewer modules than ranks, and for one with uninitialized parameters.
nn::Sequential stage_of(const nn::Sequential& model, const ProcessGroup& group = {});

/// Trains over stages with the schedule of one forward, one backward (Narayanan et al., "PipeDream: Generalized pipeline parallelism for DNN training", 2019, without its stale
/// weights): a rank keeps the activations of no more small batches than there are ranks behind it.
///
///   nn::Sequential stage = distributed::stage_of(model);
///   distributed::Pipeline pipeline(stage, {.micro_batches = 8});
///   Tensor loss = pipeline.step(images, labels, [](const Tensor& scores, const Tensor& labels) { return cross_entropy(scores, labels); });
///   optimizer.step();                                                   // each rank's optimizer has its stage's parameters
class Pipeline {
 public:
  using Loss = std::function<Tensor(const Tensor& output, const Tensor& target)>;
  /// `stage` maps a tensor to a tensor and lives at least as long.
  explicit Pipeline(nn::Module& stage, const PipelineOptions& options = {});

  /// Adds the gradients of the mean of the small batches' losses, and gives that mean, on every rank. The first rank looks at `input` only, the last at `target` only.
  Tensor step(const Tensor& input, const Tensor& target, const Loss& loss);
  /// The output of the last stage, on every rank. Nothing is recorded.
  Tensor forward(const Tensor& input);

 private:
  bool first() const { return rank_ == 0; }
  bool last() const { return rank_ + 1 == ranks_; }
  nn::Module& stage_;
  PipelineOptions options_;
  int rank_, ranks_;
};

}  // namespace lazuli::distributed
