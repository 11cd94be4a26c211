#include <algorithm>

#include "lazuli/core/backend.h"
#include "lazuli/core/error.h"
#include "lazuli/core/geometry.h"
#include "lazuli/core/slots/events.h"
#include "lazuli/core/threads/stream.h"
#include "lazuli/record/runner.h"

namespace lazuli::recording {
namespace {

void copy(char* to, const char* from, int64_t bytes, Device device) {
  if (bytes) backend_of(device).copy_within(to, device.index, from, device.index, bytes, current_stream_handle(device), false);
}

}  // namespace

// The first run has no part in it: kernels are compiled then, and algorithms chosen.
bool Runner::goes_by_graphs(std::span<const Tensor> inputs) {
  if (!graphs_ || !graphs_->wanted() || runs_ == 0 || lazuli::detail::slots_watched || inputs.size() != list_.inputs.size()) return false;
  if (!lasting_) try {
      prepare_lasting(inputs);
      lasting_ = true;
    } catch (const Error& error) { graphs_->refuse(error.what()); }
  if (!graphs_->wanted()) return false;
  // An argument in memory that the step writes would have to change with it.
  for (const Tensor& t : inputs) {
    if (!t.defined() || !t.storage() || !(t.device() == graphs_->device())) continue;
    if (written_for_others_.overlap(*t.storage())) return false;
  }
  return true;
}

void Runner::prepare_lasting(std::span<const Tensor> inputs) {
  bool writes_argument = false;
  std::vector<bool> seen(list_.buffers.size());
  for (const ListedCall& call : list_.calls)
    call.for_each_view([&](const BufferView& v, bool written) {
      const Buffer& b = list_.buffers[size_t(v.buffer)];
      if (!written || seen[size_t(v.buffer)] || !(b.device == graphs_->device())) return;
      seen[size_t(v.buffer)] = true;
      writes_argument |= b.role == BufferRole::Input;
      if ((b.role == BufferRole::Captured || b.role == BufferRole::Kept) && b.storage) written_for_others_.add(*b.storage);
    });
  if (writes_argument) return graphs_->refuse("the step writes to its arguments");
  lasting_inputs_.resize(inputs.size());
  for (size_t i = 0; i < inputs.size(); ++i) {
    if (of_input_[i].empty() || !(inputs[i].device() == graphs_->device())) continue;
    int64_t from = 0, to = 0;
    for (const Bound& bound : of_input_[i]) {
      const Reach reach(*bound.body);
      const int64_t first = bound.bytes_from + reach.first * item_size(bound.body->dtype);
      from = std::min(from, first);
      to = std::max(to, first + reach.count * item_size(bound.body->dtype));
    }
    for (const Bound& bound : of_input_[i])
      if ((bound.bytes_from - from) % item_size(bound.body->dtype))
        return graphs_->refuse("an argument is read as another dtype, from a place between two elements");
    lasting_inputs_[i] = {Storage::allocate(to - from, graphs_->device()), from};
  }
  lasting_outputs_.resize(list_.buffers.size());
  for (int32_t b : output_buffers_)
    if (const Buffer& buffer = list_.buffers[size_t(b)]; buffer.device == graphs_->device())
      lasting_outputs_[size_t(b)] = Storage::allocate(buffer.bytes, buffer.device);
}

void Runner::bind_lasting(std::span<const Tensor> inputs) {
  bind(inputs);
  for (size_t i = 0; i < inputs.size(); ++i) {
    const Lasting& lasting = lasting_inputs_[i];
    if (!lasting.storage) continue;
    const char* begin = inputs[i].storage()->data() + inputs[i].storage_offset() * inputs[i].item_size();
    copy(lasting.storage->data(), begin + lasting.from, lasting.storage->bytes(), graphs_->device());
    for (const Bound& bound : of_input_[i]) {
      bound.body->storage = lasting.storage;
      bound.body->offset = (bound.bytes_from - lasting.from) / item_size(bound.body->dtype);
    }
  }
  for (int32_t b : output_buffers_)
    if (const Ref<Storage>& lasting = lasting_outputs_[size_t(b)])
      for (const Bound& bound : of_output_[size_t(b)]) bound.body->storage = lasting;
}

void Runner::run_by_graphs(std::span<const Tensor> inputs, std::vector<Tensor>& outputs) {
  struct Unbinding {
    Runner& runner;
    ~Unbinding() { runner.unbind(); }
  } const unbinding{*this};
  bind_lasting(inputs);
  graphs_->run();
  scratch_.run_ends();
  ++runs_;
  // What is given away is no memory of the next run.
  for (int32_t b : output_buffers_) {
    const Ref<Storage>& lasting = lasting_outputs_[size_t(b)];
    if (!lasting) continue;
    const Ref<Storage> fresh = Storage::allocate(lasting->bytes(), lasting->device());
    copy(fresh->data(), lasting->data(), lasting->bytes(), lasting->device());
    for (const Bound& bound : of_output_[size_t(b)]) bound.body->storage = fresh;
  }
  for (size_t i = 0; i < inputs.size(); ++i)
    if (lasting_inputs_[i].storage) bind_input(i, inputs[i]);  // a result may be a part of an argument
  give(outputs);
}

}  // namespace lazuli::recording
