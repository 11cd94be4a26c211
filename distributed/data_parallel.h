#pragma once
#include <functional>

#include "lazuli/distributed/collectives.h"
#include "lazuli/distributed/local_gradients.h"
#include "lazuli/nn/module/call.h"
#include "lazuli/nn/module/lazy.h"
#include "lazuli/nn/module/module.h"

/// Training one model on many processes: each has the whole of it and a part of the batch, and the gradients are averaged while the backward still runs.
namespace lazuli::distributed {

struct DataParallelOptions {
  double bucket_cap_mb = 25;            // gradients travel together, in pieces of about this many MiB (the first one is of 1)
  bool broadcast_buffers = true;        // buffers (running statistics) are rank 0's at each forward in training
  bool find_unused_parameters = false;  // parameters that a backward does not reach count as zeros; else they are an Error that names them
  ProcessGroup process_group = {};

  static constexpr auto members() {
    return Members{member("bucket_cap_mb", &DataParallelOptions::bucket_cap_mb, {.above = 0}),
                   member("broadcast_buffers", &DataParallelOptions::broadcast_buffers),
                   member("find_unused_parameters", &DataParallelOptions::find_unused_parameters)};
  }
};

/// Gradients that travel together: `buffer` holds them flattened, one after the other. When a hook's work is done it is to hold what the ranks agreed on.
struct GradBucket {
  size_t index;
  bool is_last;
  Tensor buffer;
  std::vector<Tensor> gradients;  // views of it, in the parameters' sizes
  ProcessGroup process_group;
};
/// What a hook started, and what is left to do in the thread of the backward when that is complete.
struct BucketWork {
  Work work;
  std::function<void()> then = {};
};
/// Takes the place of the mean over all ranks: distributed/compression.h has some.
using CommunicationHook = std::function<BucketWork(const GradBucket&)>;

/// The part of DistributedDataParallel that does not depend on the module's class.
class GradientReducer {
 public:
  GradientReducer(nn::Module& module, const DataParallelOptions& options);
  ~GradientReducer();
  GradientReducer(const GradientReducer&) = delete;
  GradientReducer& operator=(const GradientReducer&) = delete;

  bool began() const;
  /// Whether parameters or buffers have no sizes yet.
  bool lazy() const;
  /// Gives all ranks the parameters and buffers of rank 0, and watches the parameters. Throws Error (State) where ranks have other parameters.
  void begin();
  /// Before each forward.
  void forward();
  void set_hook(CommunicationHook hook);
  bool set_sync(bool on);
  void join(const std::function<void()>& loop);

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

/// Wraps a module that lives at least as long: `ddp(x)` is `module(x)`, and after `loss.backward()` every parameter's `grad()` is the mean over all ranks, with the same bits on
/// each of them. Gradients travel in buckets, in the order in which they are complete, while the backward computes the next ones.
///
///   distributed::init_process_group();
///   Net net;
///   distributed::DistributedDataParallel ddp(net);
///   optim::SGD optimizer(net.parameters(), {.lr = 0.1});
///   ...
///   optimizer.zero_grad();
///   cross_entropy(ddp(images), labels).backward();
///   optimizer.step();
///
/// Rank 0's parameters and buffers are given to all when it is made, or before the first forward of a lazy module, which is sized from that forward's inputs. Save the module, not this.
template <class M>
class DistributedDataParallel {
 public:
  explicit DistributedDataParallel(M& module, const DataParallelOptions& options = {}) : module_(module), reducer_(module, options) {
    if (!reducer_.lazy()) reducer_.begin();
  }

  template <class... A>
  decltype(auto) operator()(A&&... inputs) {
    if (!reducer_.began()) {
      if constexpr ((std::is_base_of_v<Tensor, std::remove_cvref_t<A>> && ...)) {
        if (reducer_.lazy()) {
          nn::detail::Materializing run(module_);
          nn::call(module_, run.meta(inputs)...);
          run.finish();
        }
      }
      reducer_.begin();
    }
    reducer_.forward();
    return nn::call(module_, std::forward<A>(inputs)...);
  }
  M& module() { return module_; }

  /// While the result lives, gradients are accumulated here only; the first backward after it gives the mean of all that was. `auto local = ddp.no_sync();`
  LocalGradients<GradientReducer> no_sync() { return LocalGradients(reducer_); }
  void register_comm_hook(CommunicationHook hook) { reducer_.set_hook(std::move(hook)); }
  /// Runs `loop`, in which ranks may have different numbers of batches: those that are done early take part in the others' exchanges with zeros, until all are done.
  void join(const std::function<void()>& loop) { reducer_.join(loop); }

 private:
  M& module_;
  GradientReducer reducer_;
};

}  // namespace lazuli::distributed
