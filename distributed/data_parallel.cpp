#include "lazuli/distributed/data_parallel.h"

#include <algorithm>

#include "lazuli/autograd/autograd.h"
#include "lazuli/core/error.h"
#include "lazuli/core/factory.h"
#include "lazuli/distributed/module_state.h"
#include "lazuli/ops/ops.h"

namespace lazuli::distributed {
namespace {

struct Bucket {
  std::vector<size_t> parameters;
  GradBucket gradients;
  size_t pending = 0;
  BucketWork work;

  /// Until its buffer holds what the ranks agreed on.
  void wait() {
    work.work.wait();
    if (work.then) work.then();
    work = {};
  }
};

BucketWork mean(const GradBucket& bucket) { return {all_reduce_async(bucket.buffer, ReduceOp::Mean, bucket.process_group)}; }

}  // namespace

struct GradientReducer::Impl {
  nn::Module& module;
  DataParallelOptions options;
  CommunicationHook hook = mean;
  std::vector<StateDict::Entry> parameters;
  std::vector<Bucket> buckets;
  std::vector<size_t> bucket_of;
  std::vector<RemovableHandle> handles;
  bool began = false, sync = true, joining = false, settled = false;
  // Of the backward under way.
  bool running = false;
  std::vector<bool> arrived;
  std::vector<size_t> order;
  size_t next = 0;  // buckets go in the same order on every rank

  Impl(nn::Module& m, const DataParallelOptions& o) : module(m), options(o) {}
  const ProcessGroup& group() const { return options.process_group; }

  void fill_buckets(const std::vector<size_t>& in_order) {
    buckets.clear();
    bucket_of.assign(parameters.size(), 0);
    const double cap = options.bucket_cap_mb * 1048576;
    std::vector<std::pair<DType, size_t>> open;  // the last bucket of each dtype
    std::vector<double> filled;
    for (size_t p : in_order) {
      const Tensor& t = parameters[p].second;
      const double size = double(t.numel() * item_size(t.dtype()));
      auto at = std::find_if(open.begin(), open.end(), [&](const auto& o) { return o.first == t.dtype(); });
      const bool full = at != open.end() && filled[at->second] > 0 && filled[at->second] + size > (at->second == 0 ? std::min(cap, 1048576.0) : cap);
      if (at == open.end() || full) {
        if (at == open.end()) at = open.insert(open.end(), {t.dtype(), 0});
        at->second = buckets.size();
        buckets.emplace_back();
        filled.push_back(0);
      }
      filled[at->second] += size;
      buckets[at->second].parameters.push_back(p);
      bucket_of[p] = at->second;
    }
    for (size_t b = 0; b < buckets.size(); ++b) {
      Bucket& bucket = buckets[b];
      int64_t count = 0;
      for (size_t p : bucket.parameters) count += parameters[p].second.numel();
      const Tensor& first = parameters[bucket.parameters[0]].second;
      bucket.gradients = {b, b + 1 == buckets.size(), zeros({count}, {.dtype = first.dtype(), .device = first.device()}), {}, group()};
      int64_t place = 0;
      for (size_t p : bucket.parameters) {
        const Tensor& t = parameters[p].second;
        bucket.gradients.gradients.push_back(bucket.gradients.buffer.slice(0, place, place + t.numel()).view(t.sizes()));
        place += t.numel();
      }
    }
    reset();
  }
  void reset() {
    running = false;
    next = 0;
    order.clear();
    arrived.assign(parameters.size(), false);
    for (Bucket& b : buckets) b.pending = b.parameters.size();
  }

  // A gradient was accumulated.
  void complete(size_t parameter) {
    if (!sync) return;
    if (!running) {
      running = true;
      autograd::queue_callback([this] { finish(); });
    }
    if (arrived[parameter])
      fail(ErrorKind::State, "DistributedDataParallel", parameters[parameter].first, "one gradient of each parameter in a backward", "a second one");
    arrived[parameter] = true;
    order.push_back(parameter);
    --buckets[bucket_of[parameter]].pending;
    while (next < buckets.size() && buckets[next].pending == 0) launch(buckets[next]);
  }

  void launch(Bucket& bucket) {
    no_grad guard;
    for (size_t i = 0; i < bucket.parameters.size(); ++i) {
      const Tensor& grad = parameters[bucket.parameters[i]].second.grad();
      const Tensor& place = bucket.gradients.gradients[i];
      if (arrived[bucket.parameters[i]]) place.copy_(grad);
      else place.zero_();
    }
    bucket.work = hook(bucket.gradients);
    ++next;
  }

  // All gradients of this rank are there.
  void finish() {
    no_grad guard;
    std::vector<size_t> missing;
    for (size_t p = 0; p < parameters.size(); ++p)
      if (!arrived[p]) missing.push_back(p);
    if (!missing.empty() && !options.find_unused_parameters) {
      reset();
      fail(ErrorKind::State, "DistributedDataParallel", parameters[missing[0]].first, "a gradient of every parameter, or find_unused_parameters",
           "none in this backward");
    }
    while (next < buckets.size()) launch(buckets[next]);
    std::vector<bool> used = arrived;
    if (options.find_unused_parameters) {  // those that no rank has used keep what they had
      Tensor counts = zeros({int64_t(parameters.size())}, kInt32);
      int32_t* c = counts.data_ptr<int32_t>();
      for (size_t p = 0; p < parameters.size(); ++p) c[p] = arrived[p];
      all_reduce(counts, ReduceOp::Sum, group());
      for (size_t p = 0; p < parameters.size(); ++p) used[p] = counts.const_data_ptr<int32_t>()[p] > 0;
    }
    for (Bucket& bucket : buckets) {
      bucket.wait();
      for (size_t i = 0; i < bucket.parameters.size(); ++i) {
        Tensor& parameter = parameters[bucket.parameters[i]].second;
        if (!used[bucket.parameters[i]]) continue;
        if (parameter.grad().defined()) parameter.grad().copy_(bucket.gradients.gradients[i]);
        else parameter.set_grad(bucket.gradients.gradients[i].clone());
      }
    }
    settle();
    reset();
  }

  // After the first backward: buckets in the order in which rank 0's gradients became complete.
  void settle() {
    if (settled) return;
    settled = true;
    Tensor places = zeros({int64_t(parameters.size())}, kInt64);
    int64_t* p = places.data_ptr<int64_t>();
    if (order.size() == parameters.size()) {
      std::copy(order.begin(), order.end(), p);
    } else {
      size_t k = 0;
      for (Bucket& b : buckets)
        for (size_t parameter : b.parameters) p[k++] = int64_t(parameter);
    }
    broadcast(places, 0, group());
    const int64_t* agreed = places.const_data_ptr<int64_t>();
    fill_buckets(std::vector<size_t>(agreed, agreed + parameters.size()));
  }

  // How many ranks still have batches.
  int64_t alive(bool here) {
    Tensor count = full({1}, here ? 1 : 0, kInt64);
    all_reduce(count, ReduceOp::Sum, group());
    return *count.const_data_ptr<int64_t>();
  }
};

GradientReducer::GradientReducer(nn::Module& module, const DataParallelOptions& options) : impl_(std::make_unique<Impl>(module, options)) {
  check_members("DistributedDataParallel", options);
  get_rank(options.process_group);  // an Error where there is no group
}
GradientReducer::~GradientReducer() {
  for (RemovableHandle& h : impl_->handles) h.remove();
}

bool GradientReducer::began() const { return impl_->began; }

bool GradientReducer::lazy() const {
  const auto parameters = impl_->module.parameters(), buffers = impl_->module.buffers();
  return std::any_of(parameters.begin(), parameters.end(), nn::is_uninitialized_parameter) ||
         std::any_of(buffers.begin(), buffers.end(), nn::is_uninitialized_buffer);
}

void GradientReducer::begin() {
  Impl& i = *impl_;
  for (const auto& entry : i.module.named_parameters())
    if (entry.second.requires_grad()) i.parameters.push_back(entry);
  if (i.parameters.empty()) fail("DistributedDataParallel", "module", "a module with parameters that require grad", "one without");
  detail::check_same_parameters("DistributedDataParallel", i.parameters, i.group());
  detail::broadcast_from_first(i.module.parameters(), i.group());
  detail::broadcast_from_first(i.module.buffers(), i.group());
  std::vector<size_t> reversed;
  for (size_t p = i.parameters.size(); p-- > 0;) reversed.push_back(p);
  i.fill_buckets(reversed);
  for (size_t p = 0; p < i.parameters.size(); ++p)
    i.handles.push_back(register_post_accumulate_grad_hook(i.parameters[p].second, [impl = &i, p](const Tensor&) { impl->complete(p); }));
  i.began = true;
}

void GradientReducer::forward() {
  Impl& i = *impl_;
  if (!i.sync || !is_grad_enabled() || !i.module.is_training()) return;
  i.reset();
  if (i.joining) i.alive(true);
  if (i.options.broadcast_buffers) detail::broadcast_from_first(i.module.buffers(), i.group());
}

void GradientReducer::set_hook(CommunicationHook hook) {
  if (!hook) fail("register_comm_hook", "hook", "a function", "none");
  impl_->hook = std::move(hook);
}

bool GradientReducer::set_sync(bool on) { return std::exchange(impl_->sync, on); }

void GradientReducer::join(const std::function<void()>& loop) {
  Impl& i = *impl_;
  i.joining = true;
  struct End {
    bool& joining;
    ~End() { joining = false; }
  } end{i.joining};
  loop();
  if (!i.began) fail(ErrorKind::State, "join", "", "at least one forward on every rank of a lazy module", "none");
  while (i.alive(false) > 0) {
    if (i.options.broadcast_buffers) detail::broadcast_from_first(i.module.buffers(), i.group());
    i.reset();
    for (Bucket& bucket : i.buckets) {
      bucket.gradients.buffer.zero_();
      bucket.work = i.hook(bucket.gradients);
    }
    if (i.options.find_unused_parameters) all_reduce(zeros({int64_t(i.parameters.size())}, kInt32), ReduceOp::Sum, i.group());
    for (Bucket& bucket : i.buckets) bucket.wait();
    i.settle();
  }
}

}  // namespace lazuli::distributed
