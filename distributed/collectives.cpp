#include "lazuli/distributed/collectives.h"

#include <algorithm>
#include <atomic>
#include <cstring>

#include "lazuli/autograd/tape.h"
#include "lazuli/core/error.h"
#include "lazuli/core/factory.h"
#include "lazuli/distributed/device_side.h"
#include "lazuli/distributed/group_state.h"
#include "lazuli/ops/ops.h"

namespace lazuli::distributed {
namespace {
using detail::GroupState;
using detail::Job;

std::atomic<int64_t> operations{0}, waited_nanoseconds{0};

/// One collective call or message, as it is put together.
class Call {
 public:
  Call(const char* op, const ProcessGroup& group, bool collective = true) : state(GroupState::of(group, op)), op_(op), job_(std::make_shared<Job>()) {
    job_->op = op;
    job_->collective = collective;
    job_->timeout = state.timeout;
    job_->rank = rank();
    job_->size = size();
    job_->partners = state.ranks;
  }
  GroupState& state;
  int rank() const { return state.communicator->rank(); }
  int size() const { return state.communicator->size(); }
  Communicator& communicator() const { return device_ ? static_cast<Communicator&>(*device_) : *state.communicator; }
  /// The tensors stay on the device of this one, where the engine reaches it.
  void stays_beside(const Tensor& t) {
    DeviceSide* side = state.communicator->device_side();
    if (!side || side->device_type() != t.device().type) return;
    device_ = side;
    where_ = t.device();
  }
  /// Where what the engine reads and writes is.
  Device where() const { return where_; }

  /// Only this rank of the group takes part besides.
  void set_partner(int r) { job_->partners = {state.ranks[size_t(r)]}; }

  void check_rank(const char* argument, int r) const {
    if (r < 0 || r >= size()) fail(ErrorKind::Index, op_, argument, "a rank of the group, below " + std::to_string(size()), std::to_string(r));
  }
  void check_defined(const char* argument, const Tensor& t) const {
    if (!t.defined()) fail_undefined(op_, argument);
    if (t.device() == kMeta) fail(op_, argument, "a tensor with data", "one on meta");
  }
  void check_numel(const char* argument, const Tensor& t, int64_t expected) const {
    if (t.numel() != expected)
      fail(op_, argument, std::to_string(expected) + " elements", std::to_string(t.numel()) + " (sizes " + to_string(t.sizes()) + ")");
  }
  void check_dtype(const char* argument, const Tensor& t, DType expected) const {
    if (t.dtype() != expected) fail(ErrorKind::Type, op_, argument, name(expected), name(t.dtype()));
  }
  void check_reduce(ReduceOp op, DType dtype) const {
    if (op == ReduceOp::Mean && is_integral(dtype)) fail(ErrorKind::Type, op_, "op", "a sum for " + std::string(name(dtype)), "mean");
    if ((op == ReduceOp::Min || op == ReduceOp::Max) && is_complex(dtype)) fail(ErrorKind::Type, op_, "op", "values with an order", "complex ones");
  }

  /// Contiguous, where the engine reaches it, without history: the tensor's own memory where that is possible.
  Tensor readable(const Tensor& t) const {
    Tensor own = alias(t);
    return (own.device() == where_ ? own : own.to(where_)).contiguous();
  }
  /// The same for a result, which `finish` copies where it belongs.
  Tensor writable(const Tensor& t) {
    Tensor own = alias(t), host = readable(t);
    if (host.const_data_ptr() != own.const_data_ptr() || !(host.device() == own.device())) results_.push_back({own, host});
    return host;
  }
  void stage(std::function<Started()> f) {
    if (device_)
      f = [f = std::move(f), device = device_, where = where_] {
        const StreamGuard guard(device->stream(where));
        return f();
      };
    job_->stages.push_back(std::move(f));
  }

  bool checks() const { return state.check && size() > 1; }
  /// `what` this rank calls: the ranks compare it first, where the group checks.
  void described(const std::string& what) {
    const int64_t number = ++state.calls;
    if (state.is_world) job_->number = number;
    if (!checks()) return;
    constexpr size_t width = 192;
    const std::string text = std::string(op_) + "(" + what + "), call " + std::to_string(number);
    auto own = std::make_shared<std::string>(text.substr(0, width - 1));
    own->resize(width);
    auto all = std::make_shared<std::string>(width * size_t(size()), '\0');
    Communicator* c = state.communicator;
    stage([=] { return c->all_gather(own->data(), all->data(), width); });
    stage([=, op = std::string(op_), size = size(), me = rank()]() -> Started {
      auto of = [&](int r) { return std::string(all->data() + width * size_t(r)); };
      for (int r = 1; r < size; ++r)
        if (of(r) != of(0))
          fail(ErrorKind::State, op, "", "the same call on every rank",
               "rank 0: " + of(0) + "; rank " + std::to_string(r) + ": " + of(r) + " (rank " + std::to_string(me) + " of " + std::to_string(size) +
                   ")");
      return nullptr;
    });
  }

  /// Where the group checks: that what each rank sends to another is what that one expects of it, in bytes.
  void exchanged(const std::vector<size_t>& sent, const std::vector<size_t>& received) {
    if (!checks()) return;
    const size_t n = size_t(size());
    auto own = std::make_shared<std::vector<size_t>>(sent);
    own->insert(own->end(), received.begin(), received.end());
    auto all = std::make_shared<std::vector<size_t>>(2 * n * n);
    Communicator* c = state.communicator;
    stage([=] { return c->all_gather(own->data(), all->data(), 2 * n * sizeof(size_t)); });
    stage([=, op = std::string(op_)]() -> Started {
      for (size_t from = 0; from < n; ++from)
        for (size_t to = 0; to < n; ++to)
          if (const size_t gives = (*all)[2 * n * from + to], takes = (*all)[2 * n * to + n + from]; gives != takes)
            fail(ErrorKind::State, op, "outputs",
                 std::to_string(gives) + " bytes from rank " + std::to_string(from) + " on rank " + std::to_string(to), std::to_string(takes));
      return nullptr;
    });
  }

  Work submit() {
    if (!results_.empty())
      stage([results = std::move(results_)]() -> Started {
        for (auto [to, from] : results) to.copy_(from);
        return nullptr;
      });
    if (device_) order_on_device();
    state.progress->submit(job_);
    ++operations;
    return Work(job_);
  }

 private:
  struct Result {
    Tensor to, from;
  };
  // The device's work of before comes first, and the job is over when its own is.
  void order_on_device() {
    struct Passed : Operation {
      Event event;
      bool done() override { return event.done(); }
    };
    auto before = std::make_shared<Event>();
    before->record(current_stream(where_));
    job_->stages.insert(job_->stages.begin(), [before, device = device_, where = where_]() -> Started {
      device->stream(where).wait(*before);
      return nullptr;
    });
    stage([device = device_, where = where_]() -> Started {
      auto passed = std::make_unique<Passed>();
      passed->event.record(device->stream(where));
      return passed;
    });
  }
  DeviceSide* device_ = nullptr;
  Device where_ = kCPU;
  const char* op_;
  std::shared_ptr<Job> job_;
  std::vector<Result> results_;
};

std::string described(const Tensor& t) { return std::string(name(t.dtype())) + " " + to_string(t.sizes()); }
size_t bytes(const Tensor& t) { return size_t(t.numel()) * size_t(item_size(t.dtype())); }

constexpr int64_t kForm = 128;  // bytes before a message that say what it is, where the group checks
/// The message with its form before it.
Tensor with_form(const Tensor& own) {
  std::string form = described(own).substr(0, size_t(kForm));
  form.resize(size_t(kForm));
  Tensor message = new_tensor({kForm + int64_t(bytes(own))}, kUInt8);
  char* data = static_cast<char*>(message.data_ptr());
  std::memcpy(data, form.data(), form.size());
  if (own.numel() > 0) std::memcpy(data + kForm, own.const_data_ptr(), bytes(own));
  return message;
}
/// Of a message that came so. Its sizes may be others, as long as the number of elements is the same.
void take_message(const Tensor& message, const Tensor& to, int from) {
  const char* data = static_cast<const char*>(message.const_data_ptr());
  const std::string form(data, strnlen(data, size_t(kForm))), dtype = form.substr(0, form.find(' '));
  if (dtype != name(to.dtype())) fail(ErrorKind::State, "recv", "tensor", "that of rank " + std::to_string(from) + ", " + form, described(to));
  if (to.numel() > 0) std::memcpy(to.data_ptr(), data + kForm, bytes(to));
}

/// The rows of [ranks, count] as one, in the order of the ranks.
Tensor reduced(const Tensor& rows, ReduceOp op) {
  const DType dtype = rows.dtype();
  const bool half = dtype == kFloat16 || dtype == kBFloat16;
  const DType wide = half ? kFloat32 : dtype == kBool ? kUInt8 : dtype;
  if (dtype == kBool) op = op == ReduceOp::Sum || op == ReduceOp::Max ? ReduceOp::Max : ReduceOp::Min;
  Tensor sum = rows[0].to(wide).clone();
  for (int64_t r = 1; r < rows.size(0); ++r) {
    const Tensor row = rows[r].to(wide);
    switch (op) {
      case ReduceOp::Sum:
      case ReduceOp::Mean: sum.add_(row); break;
      case ReduceOp::Product: sum.mul_(row); break;
      case ReduceOp::Min: sum = minimum(sum, row); break;
      case ReduceOp::Max: sum = maximum(sum, row); break;
    }
  }
  if (op == ReduceOp::Mean) sum.div_(double(rows.size(0)));
  return sum.to(dtype);
}

/// Makes every rank's `own` (contiguous, on the CPU) the reduction of all.
void reduce_to_all(Call& call, const Tensor& own, ReduceOp op) {
  const int64_t n = call.size(), count = own.numel(), item = item_size(own.dtype());
  Communicator* c = &call.communicator();
  if (n == 1 || count == 0) return;
  if (count < n || count * item <= 4096) {  // all of it to everyone: one message instead of two
    Tensor all = new_tensor({n, count}, own.dtype(), call.where());
    call.stage([=] { return c->all_gather(own.const_data_ptr(), all.data_ptr(), size_t(count * item)); });
    call.stage([=]() -> Started {
      own.view({-1}).copy_(reduced(all, op));
      return nullptr;
    });
    return;
  }
  // Each rank reduces one piece, and gives it to all.
  const int64_t piece = (count + n - 1) / n;
  std::vector<size_t> sizes;
  for (int64_t r = 0; r < n; ++r) sizes.push_back(size_t(std::clamp(count - r * piece, int64_t(0), piece) * item));
  const size_t mine = sizes[size_t(call.rank())];
  Tensor received = new_tensor({n, int64_t(mine) / item}, own.dtype(), call.where());
  Tensor result = new_tensor({piece}, own.dtype(), call.where());
  Tensor all = n * piece == count ? own : new_tensor({n * piece}, own.dtype(), call.where());
  call.stage([=] { return c->all_to_all(own.const_data_ptr(), sizes, received.data_ptr(), std::vector<size_t>(size_t(n), mine)); });
  call.stage([=] {
    if (mine > 0) result.slice(0, 0, received.size(1)).copy_(reduced(received, op));
    return c->all_gather(result.const_data_ptr(), all.data_ptr(), size_t(piece * item));
  });
  if (all.const_data_ptr() != own.const_data_ptr())
    call.stage([=]() -> Started {
      own.view({-1}).copy_(all.slice(0, 0, count));
      return nullptr;
    });
}

/// Gives this rank its part of the reduction of all ranks' `input`, which has as many equal parts as there are ranks.
void reduce_to_parts(Call& call, const Tensor& output, const Tensor& input, ReduceOp op) {
  const int64_t n = call.size();
  Tensor received = new_tensor({n, output.numel()}, output.dtype(), call.where());
  Communicator* c = &call.communicator();
  const std::vector<size_t> sizes(size_t(n), bytes(output));
  call.stage([=] { return c->all_to_all(input.const_data_ptr(), sizes, received.data_ptr(), sizes); });
  call.stage([=]() -> Started {
    output.view({-1}).copy_(reduced(received, op));
    return nullptr;
  });
}

/// Room for the tensors of all ranks, one after the other.
Tensor stacked(const Call& call, const Tensor& like) {
  Shape sizes = like.sizes();
  sizes.insert(0, call.size());
  return new_tensor(sizes, like.dtype(), call.where());
}

Tensor joined(const Call& call, const std::vector<Tensor>& tensors) {
  std::vector<Tensor> flat;
  for (const Tensor& t : tensors) flat.push_back(call.readable(t).view({-1}));
  return cat(flat);
}

void check_list(const Call& call, const char* op, const char* argument, const std::vector<Tensor>& tensors) {
  if (int64_t(tensors.size()) != call.size())
    fail(op, argument, "one tensor for each of the " + std::to_string(call.size()) + " ranks", std::to_string(tensors.size()));
  for (const Tensor& t : tensors) {
    call.check_defined(argument, t);
    call.check_dtype(argument, t, tensors[0].dtype());
  }
}

}  // namespace

Work all_reduce_async(const Tensor& tensor, ReduceOp op, const ProcessGroup& group) {
  Call call("all_reduce", group);
  call.check_defined("tensor", tensor);
  call.check_reduce(op, tensor.dtype());
  call.stays_beside(tensor);
  call.described(described(tensor) + ", " + std::string(name_of(op)));
  const Tensor own = call.writable(tensor);
  own.data_ptr();  // a new version
  reduce_to_all(call, own, op);
  return call.submit();
}
void all_reduce(const Tensor& tensor, ReduceOp op, const ProcessGroup& group) { all_reduce_async(tensor, op, group).wait(); }

void reduce(const Tensor& tensor, int dst, ReduceOp op, const ProcessGroup& group) {
  Call call("reduce", group);
  call.check_defined("tensor", tensor);
  call.check_rank("dst", dst);
  call.check_reduce(op, tensor.dtype());
  call.described(described(tensor) + ", to " + std::to_string(dst) + ", " + std::string(name_of(op)));
  const bool here = call.rank() == dst;
  const Tensor own = here ? call.writable(tensor) : call.readable(tensor);
  const Tensor all = here ? new_tensor({call.size(), own.numel()}, own.dtype()) : Tensor();
  Communicator* c = &call.communicator();
  call.stage([=] { return c->gather(own.const_data_ptr(), here ? all.data_ptr() : nullptr, bytes(own), dst); });
  if (here)
    call.stage([=]() -> Started {
      own.view({-1}).copy_(reduced(all, op));
      return nullptr;
    });
  call.submit().wait();
}

Work broadcast_async(const Tensor& tensor, int src, const ProcessGroup& group) {
  Call call("broadcast", group);
  call.check_defined("tensor", tensor);
  call.check_rank("src", src);
  call.stays_beside(tensor);
  call.described(described(tensor) + ", from " + std::to_string(src));
  const bool here = call.rank() == src;
  const Tensor own = here ? call.readable(tensor) : call.writable(tensor);
  void* data = here ? const_cast<void*>(own.const_data_ptr()) : own.data_ptr();
  Communicator* c = &call.communicator();
  call.stage([=] { return c->broadcast(data, bytes(own), src); });
  return call.submit();
}
void broadcast(const Tensor& tensor, int src, const ProcessGroup& group) { broadcast_async(tensor, src, group).wait(); }

Work all_gather_into_tensor_async(const Tensor& output, const Tensor& input, const ProcessGroup& group) {
  Call call("all_gather_into_tensor", group);
  call.check_defined("output", output);
  call.check_defined("input", input);
  call.check_dtype("input", input, output.dtype());
  call.check_numel("output", output, input.numel() * call.size());
  call.stays_beside(output);
  call.described(described(input));
  const Tensor own = call.readable(input), all = call.writable(output);
  Communicator* c = &call.communicator();
  call.stage([=] { return c->all_gather(own.const_data_ptr(), all.data_ptr(), bytes(own)); });
  return call.submit();
}
void all_gather_into_tensor(const Tensor& output, const Tensor& input, const ProcessGroup& group) {
  all_gather_into_tensor_async(output, input, group).wait();
}

std::vector<Tensor> all_gather(const Tensor& tensor, const ProcessGroup& group) {
  Call call("all_gather", group);
  call.check_defined("tensor", tensor);
  call.stays_beside(tensor);
  call.described(described(tensor));
  const Tensor own = call.readable(tensor);
  const Tensor all = stacked(call, tensor);
  Communicator* c = &call.communicator();
  call.stage([=] { return c->all_gather(own.const_data_ptr(), all.data_ptr(), bytes(own)); });
  call.submit().wait();
  return unbind(all.to(tensor.device()));
}

void reduce_scatter(const Tensor& output, const std::vector<Tensor>& inputs, ReduceOp op, const ProcessGroup& group) {
  Call call("reduce_scatter", group);
  call.check_defined("output", output);
  check_list(call, "reduce_scatter", "inputs", inputs);
  call.check_dtype("output", output, inputs[0].dtype());
  for (const Tensor& t : inputs) call.check_numel("inputs", t, output.numel());
  call.check_reduce(op, output.dtype());
  call.described(described(output) + ", " + std::string(name_of(op)));
  reduce_to_parts(call, call.writable(output), joined(call, inputs), op);
  call.submit().wait();
}

Work reduce_scatter_tensor_async(const Tensor& output, const Tensor& input, ReduceOp op, const ProcessGroup& group) {
  Call call("reduce_scatter_tensor", group);
  call.check_defined("output", output);
  call.check_defined("input", input);
  call.check_dtype("output", output, input.dtype());
  call.check_numel("input", input, output.numel() * call.size());
  call.check_reduce(op, output.dtype());
  call.stays_beside(output);
  call.described(described(output) + ", " + std::string(name_of(op)));
  reduce_to_parts(call, call.writable(output), call.readable(input), op);
  return call.submit();
}
void reduce_scatter_tensor(const Tensor& output, const Tensor& input, ReduceOp op, const ProcessGroup& group) {
  reduce_scatter_tensor_async(output, input, op, group).wait();
}

void all_to_all(const std::vector<Tensor>& outputs, const std::vector<Tensor>& inputs, const ProcessGroup& group) {
  Call call("all_to_all", group);
  check_list(call, "all_to_all", "outputs", outputs);
  check_list(call, "all_to_all", "inputs", inputs);
  call.check_dtype("outputs", outputs[0], inputs[0].dtype());
  call.described(std::string(name(inputs[0].dtype())));
  std::vector<size_t> sizes, received_sizes;
  int64_t total = 0;
  for (const Tensor& t : inputs) sizes.push_back(bytes(t));
  for (const Tensor& t : outputs) {
    received_sizes.push_back(bytes(t));
    total += t.numel();
  }
  call.exchanged(sizes, received_sizes);
  const Tensor parts = joined(call, inputs), received = new_tensor({total}, parts.dtype());
  Communicator* c = &call.communicator();
  call.stage([=] { return c->all_to_all(parts.const_data_ptr(), sizes, received.data_ptr(), received_sizes); });
  call.submit().wait();
  no_grad guard;
  int64_t place = 0;
  for (const Tensor& t : outputs) {
    alias(t).copy_(received.slice(0, place, place + t.numel()).view(t.sizes()));
    place += t.numel();
  }
}

void all_to_all_single(const Tensor& output, const Tensor& input, const ProcessGroup& group) {
  Call call("all_to_all_single", group);
  call.check_defined("output", output);
  call.check_defined("input", input);
  call.check_dtype("output", output, input.dtype());
  call.check_numel("output", output, input.numel());
  const int n = call.size();
  if (input.dim() == 0 || input.size(0) % n != 0)
    fail("all_to_all_single", "input", "a first dimension that " + std::to_string(n) + " ranks divide", "sizes " + to_string(input.sizes()));
  call.described(described(input));
  const Tensor parts = call.readable(input), received = call.writable(output);
  const std::vector<size_t> sizes(size_t(n), bytes(parts) / size_t(n));
  Communicator* c = &call.communicator();
  const bool overlaps = parts.const_data_ptr() == received.const_data_ptr();
  const Tensor from = overlaps ? parts.clone() : parts;
  call.stage([=] { return c->all_to_all(from.const_data_ptr(), sizes, received.data_ptr(), sizes); });
  call.submit().wait();
}

std::vector<Tensor> gather(const Tensor& tensor, int dst, const ProcessGroup& group) {
  Call call("gather", group);
  call.check_defined("tensor", tensor);
  call.check_rank("dst", dst);
  call.described(described(tensor) + ", to " + std::to_string(dst));
  const bool here = call.rank() == dst;
  const Tensor own = call.readable(tensor);
  const Tensor all = here ? stacked(call, tensor) : Tensor();
  Communicator* c = &call.communicator();
  call.stage([=] { return c->gather(own.const_data_ptr(), here ? all.data_ptr() : nullptr, bytes(own), dst); });
  call.submit().wait();
  return here ? unbind(all.to(tensor.device())) : std::vector<Tensor>();
}

void scatter(const Tensor& tensor, const std::vector<Tensor>& inputs, int src, const ProcessGroup& group) {
  Call call("scatter", group);
  call.check_defined("tensor", tensor);
  call.check_rank("src", src);
  const bool here = call.rank() == src;
  if (here) {
    check_list(call, "scatter", "inputs", inputs);
    for (const Tensor& t : inputs) call.check_numel("inputs", t, tensor.numel());
    call.check_dtype("inputs", inputs[0], tensor.dtype());
  }
  call.described(described(tensor) + ", from " + std::to_string(src));
  const Tensor own = call.writable(tensor), all = here ? joined(call, inputs) : Tensor();
  Communicator* c = &call.communicator();
  call.stage([=] { return c->scatter(here ? all.const_data_ptr() : nullptr, own.data_ptr(), bytes(own), src); });
  call.submit().wait();
}

void barrier(const ProcessGroup& group) {
  Call call("barrier", group);
  call.described("");
  Communicator* c = &call.communicator();
  call.stage([=] { return c->barrier(); });
  call.submit().wait();
}

Work isend(const Tensor& tensor, int dst, const ProcessGroup& group, int tag) {
  Call call("send", group, false);
  call.check_defined("tensor", tensor);
  call.check_rank("dst", dst);
  call.set_partner(dst);
  if (tag < 0 || tag > 32767) fail("send", "tag", "a value in [0, 32767]", std::to_string(tag));
  const Tensor own = call.checks() ? with_form(call.readable(tensor)) : call.readable(tensor);
  Communicator* c = &call.communicator();
  call.stage([=] { return c->send(own.const_data_ptr(), bytes(own), dst, tag); });
  return call.submit();
}
Work irecv(const Tensor& tensor, int src, const ProcessGroup& group, int tag) {
  Call call("recv", group, false);
  call.check_defined("tensor", tensor);
  call.check_rank("src", src);
  call.set_partner(src);
  if (tag < 0 || tag > 32767) fail("recv", "tag", "a value in [0, 32767]", std::to_string(tag));
  const Tensor own = call.writable(tensor);
  const Tensor message = call.checks() ? new_tensor({kForm + int64_t(bytes(own))}, kUInt8) : own;
  void* data = message.data_ptr();
  Communicator* c = &call.communicator();
  call.stage([=] { return c->receive(data, bytes(message), src, tag); });
  if (call.checks())
    call.stage([=]() -> Started {
      take_message(message, own, src);
      return nullptr;
    });
  return call.submit();
}
void send(const Tensor& tensor, int dst, const ProcessGroup& group, int tag) { isend(tensor, dst, group, tag).wait(); }
void recv(const Tensor& tensor, int src, const ProcessGroup& group, int tag) { irecv(tensor, src, group, tag).wait(); }

Tensor sum_over_ranks(const Tensor& tensor, const ProcessGroup& group) {
  if (!tensor.defined()) fail_undefined("sum_over_ranks", "tensor");
  Tensor out = alias(tensor).clone();
  all_reduce(out, ReduceOp::Sum, group);
  if (auto tape = Tape::recording(tensor))
    tape.record("sum_over_ranks", out, [group](const Tensor& grad, Needs) { return Grads{sum_over_ranks(grad, group)}; });
  return out;
}

std::string broadcast_text(const std::string& text, int src, const ProcessGroup& group) {
  Tensor length = new_tensor({1}, kInt64);
  *length.data_ptr<int64_t>() = int64_t(text.size());
  broadcast(length, src, group);
  Tensor letters = new_tensor({*length.const_data_ptr<int64_t>()}, kUInt8);
  if (get_rank(group) == src) std::memcpy(letters.data_ptr(), text.data(), text.size());
  broadcast(letters, src, group);
  return std::string(static_cast<const char*>(letters.const_data_ptr()), size_t(letters.numel()));
}

std::vector<std::string> all_gather_text(const std::string& text, const ProcessGroup& group) {
  Tensor length = new_tensor({1}, kInt64);
  *length.data_ptr<int64_t>() = int64_t(text.size());
  std::vector<int64_t> lengths;
  int64_t longest = 0;
  for (const Tensor& t : all_gather(length, group)) {
    lengths.push_back(*t.const_data_ptr<int64_t>());
    longest = std::max(longest, lengths.back());
  }
  if (longest == 0) return std::vector<std::string>(lengths.size());
  Tensor letters = zeros({longest}, kUInt8);
  if (!text.empty()) std::memcpy(letters.data_ptr(), text.data(), text.size());
  std::vector<std::string> texts;
  for (const Tensor& t : all_gather(letters, group)) texts.emplace_back(static_cast<const char*>(t.const_data_ptr()), size_t(lengths[texts.size()]));
  return texts;
}

Ranks ranks_of(const ProcessGroup& group) {
  return {get_rank(group), get_world_size(group), [group](const std::string& own) { return all_gather_text(own, group); }};
}

CommunicationStats communication_stats() { return {operations, double(waited_nanoseconds) * 1e-9}; }

void Work::wait() {
  if (!job_) return;
  struct Timed {
    std::chrono::steady_clock::time_point began = std::chrono::steady_clock::now();
    ~Timed() { waited_nanoseconds += std::chrono::nanoseconds(std::chrono::steady_clock::now() - began).count(); }
  } timed;
  job_->wait();
}
bool Work::is_completed() const { return !job_ || job_->complete(); }

}  // namespace lazuli::distributed
