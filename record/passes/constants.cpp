// Own memory, constants, and what nobody reads.
#include <algorithm>
#include <cstring>
#include <iterator>

#include "lazuli/core/geometry.h"
#include "lazuli/core/slots.h"
#include "lazuli/record/passes.h"
#include "lazuli/record/passes/passes.h"
#include "lazuli/record/passes/uses.h"

namespace lazuli::recording {

Tensor tensor_on(const Ref<Storage>& memory, const BufferView& view) {
  Ref<TensorBody> body(new TensorBody);
  set_geometry(*body, view.sizes, view.strides, view.offset, "view");
  body->storage = memory;
  body->dtype = view.dtype;
  body->device = memory->device();
  return Tensor(std::move(body));
}

void own_memory(StepList& list) {
  for (Buffer& b : list.buffers)
    if (b.role == BufferRole::Kept) {
      b.role = BufferRole::Temporary;
      b.storage.reset();
    } else if (b.role == BufferRole::Captured) {
      Ref<Storage> own = Storage::allocate(b.bytes, kCPU);
      if (b.bytes) std::memcpy(own->data(), b.storage->data(), size_t(b.bytes));
      b.storage = std::move(own);
      b.role = BufferRole::Constant;
    }
}

void own_inputs(StepList& list) {
  const Uses uses(list);
  std::vector<ListedCall> copies;
  for (const BufferView& in : list.inputs) {
    const int32_t given = in.buffer;
    if (!in.defined() || std::none_of(uses.of(given).begin(), uses.of(given).end(), [](const Use& u) { return u.writes; })) continue;
    BufferView own = in;
    own.buffer = list.add_buffer(BufferRole::Temporary, list.buffers[size_t(given)].bytes, kCPU);
    const auto rename = [&](std::vector<BufferView>& views) {
      for (BufferView& v : views)
        if (v.buffer == given) v.buffer = own.buffer;
    };
    for (ListedCall& call : list.calls)
      for (CallArgument& a : call.arguments) rename(a.views);
    rename(list.outputs);
    copies.push_back(ListedCall::of(*slot_type(copy_kernel), kCPU, {CallArgument::output(own), CallArgument::input(in)}));
  }
  list.calls.insert(list.calls.begin(), std::make_move_iterator(copies.begin()), std::make_move_iterator(copies.end()));
}

void own_outputs(StepList& list) {
  for (BufferView& out : list.outputs) {
    if (!out.defined() || list.buffers[size_t(out.buffer)].role == BufferRole::Output) continue;
    const BufferView copy = list.add_temporary(out.sizes, out.dtype, kCPU);
    list.buffers[size_t(copy.buffer)].role = BufferRole::Output;
    list.calls.push_back(ListedCall::of(*slot_type(copy_kernel), kCPU, {CallArgument::output(copy), CallArgument::input(out)}));
    out = copy;
  }
}

namespace {

/// The buffers whose contents are the same in every run. One is not when a call that reads another such, or numbers drawn anew, writes to it, or when it is read before it is
/// written for the last time: one content would not do then.
std::vector<bool> constant_buffers(const StepList& list, const Uses& uses) {
  std::vector<bool> constant(list.buffers.size());
  for (size_t b = 0; b < constant.size(); ++b) constant[b] = list.buffers[b].role != BufferRole::Input;
  for (bool changed = true; changed;) {
    changed = false;
    const auto vary = [&](int32_t buffer) {
      if (constant[size_t(buffer)]) changed = true;
      constant[size_t(buffer)] = false;
    };
    std::vector<bool> varies(list.calls.size());
    for (size_t i = 0; i < list.calls.size(); ++i) {
      const ListedCall& call = list.calls[i];
      call.for_each_view([&](const BufferView& v, bool) {
        if (!constant[size_t(v.buffer)]) varies[i] = true;
      });
      for (const CallArgument& a : call.arguments)
        if (a.refresh || a.as<PhiloxState>()) varies[i] = true;
      if (!varies[i]) continue;
      for (size_t a = 0; a < call.arguments.size(); ++a)
        if (call.arguments[a].kind == SlotArgument::Kind::Output && !only_reads_output(call, a))
          for (const BufferView& v : call.arguments[a].views)
            if (v.defined()) vary(v.buffer);
    }
    for (size_t b = 0; b < constant.size(); ++b) {
      if (!constant[b]) continue;
      size_t last = 0;
      for (const Use& u : uses.of(int32_t(b)))
        if (u.writes) last = u.call;
      for (const Use& u : uses.of(int32_t(b)))
        if (u.reads && varies[u.call] && u.call < last) vary(int32_t(b));
    }
  }
  return constant;
}

}  // namespace

void fold_constants(StepList& list) {
  const std::vector<bool> constant = constant_buffers(list, Uses(list));
  std::vector<ListedCall> rest;
  for (ListedCall& call : list.calls) {
    bool folds = true;
    call.for_each_view([&](const BufferView& v, bool) { folds &= constant[size_t(v.buffer)]; });
    for (const CallArgument& a : call.arguments) folds &= !a.refresh && !a.as<PhiloxState>();
    if (!folds) {
      rest.push_back(std::move(call));
      continue;
    }
    std::vector<std::vector<Tensor>> tensors(call.arguments.size());
    std::vector<std::span<const Tensor>> lists(call.arguments.size());
    std::vector<const void*> at;
    for (size_t a = 0; a < call.arguments.size(); ++a) {
      const CallArgument& argument = call.arguments[a];
      for (const BufferView& v : argument.views) {
        if (!v.defined()) {
          tensors[a].emplace_back();
          continue;
        }
        Buffer& b = list.buffers[size_t(v.buffer)];
        if (!b.storage) b.storage = Storage::allocate(b.bytes, kCPU);
        tensors[a].push_back(tensor_on(b.storage, v));
      }
      lists[a] = tensors[a];
      at.push_back(!argument.is_tensor()                         ? argument.value.get()
                   : argument.kind == SlotArgument::Kind::Inputs ? static_cast<const void*>(&lists[a])
                                                                 : tensors[a].data());
    }
    call.call(*call.slot, call.device, at.data());
  }
  list.calls = std::move(rest);
  for (size_t b = 0; b < list.buffers.size(); ++b)
    if (constant[b] && list.buffers[b].storage) list.buffers[b].role = BufferRole::Constant;
}

void remove_dead(StepList& list) {
  remove_dead_calls(list);
  std::vector<int32_t> number(list.buffers.size(), -1);
  const auto use = [&](const BufferView& v) {
    if (v.defined()) number[size_t(v.buffer)] = 0;
  };
  for (const ListedCall& call : list.calls) call.for_each_view([&](const BufferView& v, bool) { use(v); });
  for (const auto* views : {&list.inputs, &list.outputs})
    for (const BufferView& v : *views) use(v);
  std::vector<Buffer> used;
  for (size_t b = 0; b < number.size(); ++b)
    if (number[b] == 0) {
      number[b] = int32_t(used.size());
      used.push_back(std::move(list.buffers[b]));
    }
  const auto rename = [&](std::vector<BufferView>& views) {
    for (BufferView& v : views)
      if (v.defined()) v.buffer = number[size_t(v.buffer)];
  };
  for (ListedCall& call : list.calls)
    for (CallArgument& a : call.arguments) rename(a.views);
  rename(list.inputs), rename(list.outputs);
  list.buffers = std::move(used);
}

}  // namespace lazuli::recording
