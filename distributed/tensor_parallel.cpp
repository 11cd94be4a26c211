#include "lazuli/distributed/tensor_parallel.h"

#include "lazuli/autograd/tape.h"
#include "lazuli/core/error.h"
#include "lazuli/core/factory.h"
#include "lazuli/ops/ops.h"

namespace lazuli::distributed {
namespace {

int64_t part(const char* op, const char* what, int64_t size, const ProcessGroup& group) {
  const int64_t ranks = get_world_size(group);
  if (size % ranks != 0) fail(op, what, "a number that " + std::to_string(ranks) + " ranks divide", std::to_string(size));
  return size / ranks;
}

Tensor own_part(const Tensor& t, int64_t dim, int64_t size, const ProcessGroup& group) {
  const int64_t first = get_rank(group) * size;
  return narrow(t, dim, first, size).clone();
}

// This rank's rows of a layer's weight or bias, which may be undefined.
Tensor own_rows(const nn::Linear& whole, const Tensor& of, const ProcessGroup& group) {
  return of.defined() ? own_part(of.detach(), 0, part("ColumnParallelLinear", "out_features", whole.out_features, group), group) : Tensor();
}

}  // namespace

Tensor copy_to_ranks(const Tensor& tensor, const ProcessGroup& group) {
  Tensor out = alias(tensor);
  if (auto tape = Tape::recording(tensor))
    tape.record("copy_to_ranks", out, [group](const Tensor& grad, Needs) { return Grads{reduce_from_ranks(grad, group)}; });
  return out;
}

Tensor reduce_from_ranks(const Tensor& tensor, const ProcessGroup& group) {
  Tensor out = alias(tensor).clone();
  all_reduce(out, ReduceOp::Sum, group);
  if (auto tape = Tape::recording(tensor))
    tape.record("reduce_from_ranks", out, [group](const Tensor& grad, Needs) { return Grads{copy_to_ranks(grad, group)}; });
  return out;
}

Tensor gather_from_ranks(const Tensor& tensor, const ProcessGroup& group) {
  Tensor out;
  {
    no_grad guard;
    out = cat(all_gather(tensor, group), -1);
  }
  if (auto tape = Tape::recording(tensor))
    tape.record("gather_from_ranks", out, [group](const Tensor& grad, Needs) { return Grads{split_to_ranks(grad, group)}; });
  return out;
}

Tensor split_to_ranks(const Tensor& tensor, const ProcessGroup& group) {
  if (tensor.dim() == 0) fail("split_to_ranks", "tensor", "at least one dimension", "none");
  const int64_t size = part("split_to_ranks", "the last dimension", tensor.size(-1), group);
  Tensor out;
  {
    no_grad guard;
    out = own_part(tensor, -1, size, group);
  }
  if (auto tape = Tape::recording(tensor))
    tape.record("split_to_ranks", out, [group](const Tensor& grad, Needs) { return Grads{gather_from_ranks(grad, group)}; });
  return out;
}

ColumnParallelLinear::ColumnParallelLinear(const nn::Linear& whole, bool gather_output, const ProcessGroup& group)
    : weight(this, "weight", own_rows(whole, whole.weight, group)),
      bias(this, "bias", own_rows(whole, whole.bias, group)),
      gather_output_(gather_output),
      group_(group) {}
Tensor ColumnParallelLinear::forward(const Tensor& input) {
  const Tensor out = linear(copy_to_ranks(input, group_), weight, nn::given(bias));
  return gather_output_ ? gather_from_ranks(out, group_) : out;
}

RowParallelLinear::RowParallelLinear(const nn::Linear& whole, bool input_is_parallel, const ProcessGroup& group)
    : weight(this, "weight", own_part(whole.weight.detach(), 1, part("RowParallelLinear", "in_features", whole.in_features, group), group)),
      bias(this, "bias", whole.bias.defined() ? whole.bias.detach().clone() : Tensor()),
      input_is_parallel_(input_is_parallel),
      group_(group) {}
Tensor RowParallelLinear::forward(const Tensor& input) {
  const Tensor out = reduce_from_ranks(linear(input_is_parallel_ ? input : split_to_ranks(input, group_), weight), group_);
  return bias.defined() ? out + bias : out;  // once, not from each rank
}

VocabParallelEmbedding::VocabParallelEmbedding(const nn::Embedding& whole, const ProcessGroup& group)
    : weight(this, "weight",
             own_part(whole.weight.detach(), 0, part("VocabParallelEmbedding", "num_embeddings", whole.num_embeddings, group), group)),
      group_(group),
      first_(get_rank(group) * weight.size(0)) {}
Tensor VocabParallelEmbedding::forward(const Tensor& input) {
  const Tensor place = input - first_, elsewhere = logical_or(place.lt(0), place.ge(weight.size(0)));
  const Tensor rows = embedding(place.masked_fill(elsewhere, 0), weight).masked_fill(elsewhere.unsqueeze(-1), 0);
  return reduce_from_ranks(rows, group_);
}

}  // namespace lazuli::distributed
