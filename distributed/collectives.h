#pragma once
#include "lazuli/core/sharded_state.h"
#include "lazuli/core/tensor.h"
#include "lazuli/distributed/process_group.h"

/// Operations in which all ranks of a group take part, in the same order and with the same sizes and dtypes, under the names of torch.distributed. Tensors of any dtype, layout
/// and device (what is not on the CPU goes there and back). Sums are made rank after rank in one order, float16 and bfloat16 ones at float32: every rank has the same
/// bits, run after run, however tensors are put together. Nothing is recorded for gradients.
/// All throw Error, on every rank and before anything has changed, for arguments that do not fit; (State) when a rank does not take part within the group's timeout, after which
/// the job can only end. The forms that end in _async return at once; what they read must stay as it is, and what they write counts, once `wait()` has returned.
namespace lazuli::distributed {

/// How the values of all ranks become one. Mean is for floating point and complex tensors, Min and Max for those with an order. Of bool tensors Sum is "any", Product "all".
enum class ReduceOp { Sum, Mean, Product, Min, Max };
constexpr auto names_of(ReduceOp) {
  return enum_names<ReduceOp>(
      {{ReduceOp::Sum, "sum"}, {ReduceOp::Mean, "mean"}, {ReduceOp::Product, "product"}, {ReduceOp::Min, "min"}, {ReduceOp::Max, "max"}});
}

namespace detail {
struct Job;
}

/// An operation on its way.
class Work {
 public:
  Work() = default;
  explicit Work(std::shared_ptr<detail::Job> job) : job_(std::move(job)) {}
  /// Returns when it is complete; rethrows what went wrong. One without an operation is complete.
  void wait();
  bool is_completed() const;

 private:
  std::shared_ptr<detail::Job> job_;
};

/// `tensor` becomes the reduction of all ranks' tensors, in place.
void all_reduce(const Tensor& tensor, ReduceOp op = ReduceOp::Sum, const ProcessGroup& group = {});
Work all_reduce_async(const Tensor& tensor, ReduceOp op = ReduceOp::Sum, const ProcessGroup& group = {});
/// The same, on rank `dst` only.
void reduce(const Tensor& tensor, int dst, ReduceOp op = ReduceOp::Sum, const ProcessGroup& group = {});
/// `tensor` becomes that of rank `src`. Ranks count within the group, here and below.
void broadcast(const Tensor& tensor, int src, const ProcessGroup& group = {});
Work broadcast_async(const Tensor& tensor, int src, const ProcessGroup& group = {});
/// The tensors of all ranks, which have the same sizes, by rank.
std::vector<Tensor> all_gather(const Tensor& tensor, const ProcessGroup& group = {});
/// The same, one after the other along the first dimension of `output`, or stacked in a new first one.
void all_gather_into_tensor(const Tensor& output, const Tensor& input, const ProcessGroup& group = {});
Work all_gather_into_tensor_async(const Tensor& output, const Tensor& input, const ProcessGroup& group = {});
/// The reduction of all ranks' `inputs`, of which rank r gets entry r, in `output`.
void reduce_scatter(const Tensor& output, const std::vector<Tensor>& inputs, ReduceOp op = ReduceOp::Sum, const ProcessGroup& group = {});
/// The same with the entries one after the other along the first dimension of `input`, or stacked in it.
void reduce_scatter_tensor(const Tensor& output, const Tensor& input, ReduceOp op = ReduceOp::Sum, const ProcessGroup& group = {});
Work reduce_scatter_tensor_async(const Tensor& output, const Tensor& input, ReduceOp op = ReduceOp::Sum, const ProcessGroup& group = {});
/// Rank r's `inputs[k]` becomes rank k's `outputs[r]`: of one dtype, their sizes may differ.
void all_to_all(const std::vector<Tensor>& outputs, const std::vector<Tensor>& inputs, const ProcessGroup& group = {});
/// The same with equal parts along the first dimension, whose size the number of ranks divides.
void all_to_all_single(const Tensor& output, const Tensor& input, const ProcessGroup& group = {});
/// On rank `dst` the tensors of all ranks, elsewhere nothing.
std::vector<Tensor> gather(const Tensor& tensor, int dst = 0, const ProcessGroup& group = {});
/// `tensor` becomes entry r of rank `src`'s `inputs`, which others leave empty.
void scatter(const Tensor& tensor, const std::vector<Tensor>& inputs = {}, int src = 0, const ProcessGroup& group = {});
/// Returns when all ranks have called it.
void barrier(const ProcessGroup& group = {});

/// A message to one rank, which receives it into a tensor of the same dtype and number of elements. Messages with one `tag` arrive in the order in which they were sent.
void send(const Tensor& tensor, int dst, const ProcessGroup& group = {}, int tag = 0);
void recv(const Tensor& tensor, int src, const ProcessGroup& group = {}, int tag = 0);
Work isend(const Tensor& tensor, int dst, const ProcessGroup& group = {}, int tag = 0);
Work irecv(const Tensor& tensor, int src, const ProcessGroup& group = {}, int tag = 0);

/// The sum of all ranks' tensors, as a new tensor whose gradient is the sum of all ranks' gradients: all ranks go backward through it.
Tensor sum_over_ranks(const Tensor& tensor, const ProcessGroup& group = {});

/// The same text on all ranks as on `src`.
std::string broadcast_text(const std::string& text, int src = 0, const ProcessGroup& group = {});
/// All ranks' texts, by rank.
std::vector<std::string> all_gather_text(const std::string& text, const ProcessGroup& group = {});
/// The group as those know it who write files together: `save_sharded(state, folder, distributed::ranks_of())`.
Ranks ranks_of(const ProcessGroup& group = {});

/// What this process has done in all groups since the first one began.
struct CommunicationStats {
  int64_t operations = 0;
  double waited = 0;  // seconds in which a thread did nothing but wait for one
};
CommunicationStats communication_stats();

}  // namespace lazuli::distributed
