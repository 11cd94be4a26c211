#pragma once
#include "lazuli/core/sharded_state.h"
#include "lazuli/distributed/collectives.h"

namespace lazuli::distributed {

namespace detail {
/// Which rank keeps each parameter's state: the largest first, each to the rank that has least so far.
std::vector<int> spread(const std::vector<Tensor>& parameters, int ranks);
/// What the optimizer of all parameters would have as its state, from those of the ranks' shares; and of that, the state of this rank's share.
StateDict whole_state(const StateDict& own, const std::vector<int>& owner, const ProcessGroup& group);
StateDict own_state(const StateDict& whole, const std::vector<int>& owner, int rank);
/// The same as parts, without an exchange.
ShardedState sharded_state(const StateDict& own, const std::vector<int>& owner, int rank);
StateDict own_state(const PartReader& reader, const std::vector<int>& owner, int rank);
}  // namespace detail

/// ZeRO, stage 1 (Rajbhandari et al., "ZeRO: Memory optimizations toward training trillion parameter models", 2019): each rank keeps the optimizer's state of its share of the
/// parameters, steps those, and gives them to the others. The parameters after a step are those that `O` alone would give on every rank, bit for bit.
///
///   distributed::ZeroRedundancyOptimizer<optim::AdamW> optimizer(net.parameters(), {.lr = 3e-4});
///
/// The parameters have their sizes already. All ranks call `step` and `state_dict` together. Gradients are those of all ranks (DistributedDataParallel).
template <class O>
class ZeroRedundancyOptimizer {
 public:
  using Options = typename O::Options;
  explicit ZeroRedundancyOptimizer(const std::vector<Tensor>& parameters, const Options& options = {}, const ProcessGroup& group = {})
      : group_(group), parameters_(parameters), owner_(detail::spread(parameters, get_world_size(group))), local_(mine(), options) {}

  void step() {
    local_.step();
    std::vector<Work> works;
    for (size_t p = 0; p < parameters_.size(); ++p) works.push_back(broadcast_async(parameters_[p], owner_[p], group_));
    for (Work& w : works) w.wait();
  }
  /// Of all parameters: this rank's optimizer keeps a share of them.
  void zero_grad(bool set_to_none = true) {
    for (Tensor& p : parameters_) {
      if (set_to_none) p.set_grad(Tensor());
      else if (p.grad().defined()) p.grad().zero_();
    }
  }
  /// This rank's optimizer: its learning rate, its state.
  O& local() { return local_; }
  void set_all_lr(double lr) { local_.set_all_lr(lr); }
  double lr() const { return local_.lr(); }
  /// That of `O` over all parameters, on every rank: it can be saved by one, and loaded by a plain `O` or by any number of ranks.
  StateDict state_dict() const { return detail::whole_state(local_.state_dict(), owner_, group_); }
  void load_state_dict(const StateDict& state) { local_.load_state_dict(detail::own_state(state, owner_, get_rank(group_))); }
  /// What this rank has of it, for `save_sharded`; and what was saved by any number of ranks, of any kind.
  ShardedState sharded_state_dict() const { return detail::sharded_state(local_.state_dict(), owner_, get_rank(group_)); }
  void load_sharded(const PartReader& reader) { local_.load_state_dict(detail::own_state(reader, owner_, get_rank(group_))); }

 private:
  std::vector<Tensor> mine() const {
    std::vector<Tensor> some;
    for (size_t p = 0; p < parameters_.size(); ++p)
      if (owner_[p] == get_rank(group_)) some.push_back(parameters_[p]);
    return some;
  }
  ProcessGroup group_;
  std::vector<Tensor> parameters_;
  std::vector<int> owner_;
  O local_;
};

}  // namespace lazuli::distributed
