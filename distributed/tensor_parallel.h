#pragma once
#include "lazuli/distributed/collectives.h"
#include "lazuli/nn/embedding.h"
#include "lazuli/nn/linear.h"

/// Layers whose weights are spread over the ranks of a group, all of which see the same input (Shoeybi et al., "Megatron-LM: Training multi-billion parameter language models
/// using model parallelism", 2019). A block is a ColumnParallelLinear, something elementwise, and a RowParallelLinear: one sum over the ranks forward and one backward.
namespace lazuli::distributed {

/// The tensor itself, whose gradient is the sum of all ranks' gradients: where what all ranks share enters what each has a part of.
Tensor copy_to_ranks(const Tensor& tensor, const ProcessGroup& group = {});
/// The sum of all ranks' tensors, whose gradient goes to each as it is: where the parts become what all share.
Tensor reduce_from_ranks(const Tensor& tensor, const ProcessGroup& group = {});
/// All ranks' tensors one after the other along the last dimension; each gets its own part of the gradient.
Tensor gather_from_ranks(const Tensor& tensor, const ProcessGroup& group = {});
/// This rank's part of the last dimension, which the number of ranks divides; the gradient is the parts of all.
Tensor split_to_ranks(const Tensor& tensor, const ProcessGroup& group = {});

/// A Linear of which this rank has out_features / ranks rows. input [.., in_features] -> [.., out_features / ranks], or all of it with `gather_output`.
class ColumnParallelLinear : public nn::ModuleOf<ColumnParallelLinear> {
 public:
  /// Rank r takes its rows of `whole`, which is the same on all ranks (made from one seed, or loaded). Throws Error where the number of ranks does not divide them.
  explicit ColumnParallelLinear(const nn::Linear& whole, bool gather_output = false, const ProcessGroup& group = {});
  Tensor forward(const Tensor& input);
  nn::Parameter weight, bias;

 private:
  bool gather_output_;
  ProcessGroup group_;
};

/// A Linear of which this rank has in_features / ranks columns. input [.., in_features / ranks], this rank's part (or the whole, unless `input_is_parallel`) -> [.., out_features].
class RowParallelLinear : public nn::ModuleOf<RowParallelLinear> {
 public:
  explicit RowParallelLinear(const nn::Linear& whole, bool input_is_parallel = true, const ProcessGroup& group = {});
  Tensor forward(const Tensor& input);
  nn::Parameter weight, bias;

 private:
  bool input_is_parallel_;
  ProcessGroup group_;
};

/// An Embedding of which this rank has num_embeddings / ranks rows.
class VocabParallelEmbedding : public nn::ModuleOf<VocabParallelEmbedding> {
 public:
  explicit VocabParallelEmbedding(const nn::Embedding& whole, const ProcessGroup& group = {});
  Tensor forward(const Tensor& input);
  nn::Parameter weight;

 private:
  ProcessGroup group_;
  int64_t first_;
};

}  // namespace lazuli::distributed
