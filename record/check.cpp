#include "lazuli/record/check.h"

#include <fmt/format.h>

#include <cstring>

#include "lazuli/core/error.h"
#include "lazuli/core/factory.h"
#include "lazuli/core/slots.h"

namespace lazuli::recording {
namespace {

std::string bytes_of(const Tensor& t) {
  if (!t.defined() || t.numel() == 0) return {};
  const Tensor there = t.device().is_cpu() ? t : lazuli::detail::fallback_copy(t);
  Tensor dense = new_tensor(t.sizes(), t.dtype());
  copy_kernel(kCPU, dense, there);
  return std::string(static_cast<const char*>(dense.data()), size_t(dense.nbytes()));
}

std::vector<std::string> outputs_of(std::span<const SlotArgument> arguments) {
  std::vector<std::string> all;
  for (const SlotArgument& a : arguments)
    if (a.kind() == SlotArgument::Kind::Output) all.push_back(bytes_of(a.tensors()[0]));
  return all;
}

// All memory that a run may change and somebody sees.
class Snapshot {
 public:
  Snapshot(const StepList& list, std::span<const Tensor> inputs) {
    for (const Buffer& b : list.buffers)
      if (b.role == BufferRole::Captured || b.role == BufferRole::Kept) keep(b.storage);
    for (const Tensor& t : inputs)
      if (t.defined()) keep(t.storage());
  }
  void restore() const {
    for (const auto& [storage, bytes] : all_) {
      if (!storage->device().is_cpu()) continue;
      std::memcpy(storage->data(), bytes.data(), bytes.size());
      storage->bump_version();
    }
  }

 private:
  void keep(const Ref<Storage>& storage) {
    if (!storage || !storage->bytes()) return;
    if (!storage->device().is_cpu()) fail(ErrorKind::NotSupported, "record", "check", "steps on the CPU", to_string(storage->device()));
    all_.emplace_back(storage, std::string(storage->data(), size_t(storage->bytes())));
  }
  std::vector<std::pair<Ref<Storage>, std::string>> all_;
};

}  // namespace

ReplayCheck::ReplayCheck(Runner& runner, std::span<const Tensor> inputs) : runner_(runner), written_(runner.list().calls.size()) {
  const StepList& list = runner.list();
  std::vector<std::function<void()>> undo;
  for (size_t i = 0; i < list.calls.size(); ++i) {
    const ListedCall& call = list.calls[i];
    if (call.number >= 0) {
      if (place_.size() <= size_t(call.number)) place_.resize(size_t(call.number) + 1, -1);
      place_[size_t(call.number)] = int32_t(i);
    }
    if (!call.is_action() || call.action.function) continue;
    if (!call.action.save) fail(ErrorKind::NotSupported, "record", "check", "a step without cuts", "'" + call.action.name + "'");
    undo.push_back(call.action.save());
  }
  const Snapshot before(list, inputs);
  runner.run_watched(
      inputs, [&](size_t call, std::span<const SlotArgument> arguments) { written_[call] = outputs_of(arguments); },
      [&](const Tensor& result) { outputs_.push_back(bytes_of(result)); });
  before.restore();
  for (auto u = undo.rbegin(); u != undo.rend(); ++u) (*u)();
}

void ReplayCheck::see(int32_t number, const SlotCall& call) {
  if (!complaint_.empty() || size_t(number) >= place_.size() || place_[size_t(number)] < 0) return;
  const auto place = size_t(place_[size_t(number)]);
  const std::vector<std::string> now = outputs_of(call.arguments);
  for (size_t k = 0; k < now.size(); ++k) {
    if (k < written_[place].size() && now[k] == written_[place][k]) continue;
    const ListedCall& listed = runner_.list().calls[place];
    complaint_ =
        fmt::format("other values in output {} of call {}, {}{}", k, place, name_of(listed), listed.module.empty() ? "" : " in " + listed.module);
    return;
  }
}

void ReplayCheck::finish(const std::vector<Tensor>& outputs) const {
  std::string complaint = complaint_;
  for (size_t k = 0; complaint.empty() && k < outputs.size(); ++k)
    if (k >= outputs_.size() || bytes_of(outputs[k]) != outputs_[k]) complaint = fmt::format("other values in result {}", k);
  if (!complaint.empty()) fail(ErrorKind::State, "record", "check", "a replay with the values of the step itself", complaint);
}

}  // namespace lazuli::recording
