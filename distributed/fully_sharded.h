#pragma once
#include <memory>

#include "lazuli/autograd/saved_tensors_hooks.h"
#include "lazuli/core/sharded_state.h"
#include "lazuli/distributed/collectives.h"
#include "lazuli/distributed/local_gradients.h"
#include "lazuli/distributed/optimizer_state.h"
#include "lazuli/nn/module/call.h"
#include "lazuli/nn/module/module.h"

/// Training one model on many processes of which each keeps a part of every parameter, of its gradient and of the optimizer's state, and has the whole parameters of a few layers at a
/// time only.
namespace lazuli::distributed {

/// What is spread over the ranks. FullShard: parameters too, which are gathered for a unit's forward and again for its backward. ShardGradOp: gradients and optimizer state (ZeRO, stage
/// 2); parameters stay whole from the forward to the end of the backward, and each unit is gathered once a step.
enum class ShardingStrategy { FullShard, ShardGradOp };
constexpr auto names_of(ShardingStrategy) {
  return enum_names<ShardingStrategy>({{ShardingStrategy::FullShard, "full_shard"}, {ShardingStrategy::ShardGradOp, "shard_grad_op"}});
}

/// What a forward and backward compute in; each rank keeps its parts, and the optimizer steps them, in the parameters' own dtype. Concerns parameters and inputs of floating point, not buffers.
struct MixedPrecision {
  std::optional<DType> param_dtype = {};  // of the gathered parameters, and of the model's inputs; left out: as they are
  std::optional<DType> reduce_dtype =
      {};  // in which gradients travel and add up under no_sync; left out: param_dtype. Sums of halves are made at float32
};

struct FullyShardedOptions {
  ShardingStrategy sharding_strategy = ShardingStrategy::FullShard;
  int64_t min_num_params =
      1'000'000;  // a module becomes a unit where its parameters that are in no unit yet are so many; what is left over is the unit of the whole model
  std::function<bool(const nn::Module&)> unit = {};  // or the modules that it says: the blocks of a transformer
  bool forward_prefetch = true;                      // the next unit is gathered while one computes
  bool broadcast_buffers = true;                     // buffers (running statistics) are rank 0's at each forward in training
  MixedPrecision mixed_precision = {};
  ProcessGroup process_group = {};

  static constexpr auto members() {
    return Members{member("sharding_strategy", &FullyShardedOptions::sharding_strategy),
                   member("min_num_params", &FullyShardedOptions::min_num_params, {.least = 1}),
                   member("forward_prefetch", &FullyShardedOptions::forward_prefetch),
                   member("broadcast_buffers", &FullyShardedOptions::broadcast_buffers)};
  }
};

/// The part of FullyShardedDataParallel that does not depend on the module's class.
class ParameterShards {
 public:
  ParameterShards(nn::Module& module, const FullyShardedOptions& options);
  ~ParameterShards();
  ParameterShards(const ParameterShards&) = delete;
  ParameterShards& operator=(const ParameterShards&) = delete;

  /// What lives while the model's forward runs.
  class [[nodiscard]] Forward {
   public:
    explicit Forward(ParameterShards& shards);
    ~Forward();
    Forward(const Forward&) = delete;

   private:
    ParameterShards& shards_;
    std::unique_ptr<autograd::detail::SavedTensorHooksScope> saved_;
  };

  std::vector<StateDict::Entry> named_parameters() const;
  Tensor clip_grad_norm_(double max_norm, double norm_type);
  void with_whole_parameters(const std::function<void()>& f, bool keep_changes);
  ShardedState sharded_state_dict() const;
  void load_sharded(const PartReader& reader);
  /// The part of the parameter that `own` is, without values; null for another tensor.
  std::unique_ptr<TensorPart> part_of(const Tensor& own) const;
  size_t num_units() const;
  bool set_sync(bool on);
  /// As the module takes it: of `mixed_precision.param_dtype`.
  Tensor as_input(const Tensor& t) const;

 private:
  struct Impl;
  std::shared_ptr<Impl> impl_;  // of graphs that are alive, too
};

/// Wraps a module that lives at least as long (Rajbhandari et al., "ZeRO: Memory optimizations toward training trillion parameter models", 2019, stage 3; Zhao et al., "PyTorch FSDP", 2023).
/// Its parameters are cut into parts, of which each rank keeps one; `fsdp(x)` is `module(x)`, and after `loss.backward()` the parts have their part of the mean gradient over all ranks,
/// added to what was there. An optimizer that looks at each element alone steps them as it would step the whole: the numbers are DistributedDataParallel's.
///
///   distributed::init_process_group();
///   Gpt net(...);
///   distributed::FullyShardedDataParallel fsdp(net, {.unit = [](const nn::Module& m) { return m.class_name() == "Block"; }});
///   optim::AdamW optimizer(fsdp.parameters(), {.lr = 3e-4});
///   ...
///   optimizer.zero_grad();
///   loss(fsdp(tokens)).backward();
///   fsdp.clip_grad_norm_(1.0);
///   optimizer.step();
///
/// Rank 0's parameters and buffers are given to all when it is made. Between steps the module's own parameters have sizes and no data (they are on "meta"); a parameter is used in the forward
/// of its unit only, a tied one in that of the whole model. All ranks run the same units in the same order. Parameters that a backward does not reach get zeros as gradients.
/// Throws Error for uninitialized parameters (`nn::materialize` first), and (State) where ranks have other parameters.
template <class M>
class FullyShardedDataParallel {
 public:
  explicit FullyShardedDataParallel(M& module, const FullyShardedOptions& options = {})
      : module_(module), group_(options.process_group), shards_(module, options) {}

  template <class... A>
  auto operator()(A&&... inputs) {
    const ParameterShards::Forward running(shards_);
    return nn::call(module_, as_input(std::forward<A>(inputs))...);
  }
  M& module() { return module_; }
  /// While the result lives, backwards add whole gradients up on each rank, without an exchange; the first backward after it reduces the sum. `auto local = fsdp.no_sync();`
  LocalGradients<ParameterShards> no_sync() { return LocalGradients(shards_); }
  size_t num_units() const { return shards_.num_units(); }

  /// This rank's part of each of the module's parameters, flat and perhaps empty, in their order and under their names.
  std::vector<StateDict::Entry> named_parameters() const { return shards_.named_parameters(); }
  std::vector<Tensor> parameters() const {
    std::vector<Tensor> parts;
    for (const auto& entry : named_parameters()) parts.push_back(entry.second);
    return parts;
  }
  /// Scales all gradients as `nn::utils::clip_grad_norm_` would the whole ones; the norm they had. All ranks call it, and the functions below.
  Tensor clip_grad_norm_(double max_norm, double norm_type = 2) { return shards_.clip_grad_norm_(max_norm, norm_type); }
  /// Runs `f` while the module has its whole parameters; `keep_changes` if it writes to them, the same on all ranks.
  void with_whole_parameters(const std::function<void()>& f, bool keep_changes = false) { shards_.with_whole_parameters(f, keep_changes); }

  /// Copies of the whole module's state, on every rank: what `module.state_dict()` was before it was wrapped. And back.
  StateDict state_dict() {
    StateDict whole;
    with_whole_parameters([&] { whole = module_.state_dict().clone(); });
    return whole;
  }
  void load_state_dict(const StateDict& state, bool strict = true) {
    with_whole_parameters([&] { module_.load_state_dict(state, strict); }, true);
  }
  /// This rank's part of it, for `save_sharded`; and what was saved by any number of ranks, of any kind.
  ShardedState sharded_state_dict() const { return shards_.sharded_state_dict(); }
  void load_sharded(const PartReader& reader) { shards_.load_sharded(reader); }
  /// The same of an optimizer of `parameters()`, all of them in their order, as parts of the state of one of the module's.
  template <class O>
  ShardedState sharded_optimizer_state(const O& optimizer) const {
    return detail::sharded_optimizer_state(optimizer.state_dict(), detail::parameters_of(optimizer), part_of(), rank());
  }
  template <class O>
  void load_sharded_optimizer(O& optimizer, const PartReader& reader) const {
    optimizer.load_state_dict(detail::own_optimizer_state(reader, detail::parameters_of(optimizer), part_of()));
  }

 private:
  template <class A>
  decltype(auto) as_input(A&& input) const {
    if constexpr (std::is_base_of_v<Tensor, std::remove_cvref_t<A>>) return shards_.as_input(input);
    else return std::forward<A>(input);
  }
  detail::PartOfParameter part_of() const {
    return [this](const Tensor& own) { return shards_.part_of(own); };
  }
  int rank() const { return get_rank(group_); }
  M& module_;
  ProcessGroup group_;
  ParameterShards shards_;
};

}  // namespace lazuli::distributed
