#include "lazuli/record/snapshot.h"

#include <cstring>

#include "lazuli/core/error.h"

namespace lazuli::recording {
namespace {

bool is_seen(BufferRole role) { return role == BufferRole::Captured || role == BufferRole::Kept; }

}  // namespace

Snapshot Snapshot::of_run(const StepList& list, std::span<const Tensor> inputs) {
  Snapshot s;
  for (const ListedCall& call : list.calls)
    if (call.is_action()) s.keep(call);
  for (const Buffer& b : list.buffers)
    if (is_seen(b.role)) s.keep(b.storage);
  for (const Tensor& t : inputs)
    if (t.defined()) s.keep(t.storage());
  return s;
}

Snapshot Snapshot::of_beginning(const StepList& list, size_t calls, std::span<const Tensor> inputs) {
  Snapshot s;
  std::vector<bool> kept(list.buffers.size());
  for (size_t i = 0; i < calls; ++i) {
    const ListedCall& call = list.calls[i];
    if (call.is_action()) s.keep(call);
    call.for_each_view([&](const BufferView& v, bool written) {
      const Buffer& b = list.buffers[size_t(v.buffer)];
      if (!written || kept[size_t(v.buffer)]) return;
      kept[size_t(v.buffer)] = true;
      if (is_seen(b.role)) s.keep(b.storage);
      if (b.role == BufferRole::Input) s.keep(inputs[size_t(b.input)].storage());
    });
  }
  return s;
}

void Snapshot::keep(const ListedCall& call) {
  const HostAction& action = call.action;
  if (action.function || action.found) return;  // known by what it writes; and one that only looks
  if (!action.save) fail(ErrorKind::NotSupported, "record", "check", "a step without cuts", "'" + action.name + "'");
  undo_.push_back(action.save());
}

void Snapshot::keep(const Ref<Storage>& storage) {
  if (!storage || !storage->bytes()) return;
  if (!storage->device().is_cpu()) fail(ErrorKind::NotSupported, "record", "check", "steps on the CPU", to_string(storage->device()));
  memory_.emplace_back(storage, std::string(storage->data(), size_t(storage->bytes())));
}

void Snapshot::restore() const {
  for (const auto& [storage, bytes] : memory_) {
    std::memcpy(storage->data(), bytes.data(), bytes.size());
    storage->bump_version();
  }
  for (auto undo = undo_.rbegin(); undo != undo_.rend(); ++undo) (*undo)();
}

}  // namespace lazuli::recording
