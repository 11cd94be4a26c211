#include "lazuli/record/check.h"

#include <fmt/format.h>

#include "lazuli/core/error.h"
#include "lazuli/core/factory.h"
#include "lazuli/core/slots.h"
#include "lazuli/record/snapshot.h"

namespace lazuli::recording {
namespace {

std::string bytes_of(const Tensor& t) {
  if (!t.defined() || t.numel() == 0) return {};
  const Tensor there = t.device().is_cpu() ? t : lazuli::detail::fallback_copy(t);
  Tensor dense = new_tensor(t.sizes(), t.dtype());
  copy_kernel(kCPU, dense, there);
  return std::string(static_cast<const char*>(dense.address()), size_t(dense.nbytes()));
}

std::vector<std::string> outputs_of(std::span<const SlotArgument> arguments) {
  std::vector<std::string> all;
  for (const SlotArgument& a : arguments)
    if (a.kind() == SlotArgument::Kind::Output) all.push_back(bytes_of(a.tensors()[0]));
  return all;
}

}  // namespace

ReplayCheck::ReplayCheck(Runner& runner, std::span<const Tensor> inputs) : runner_(runner), written_(runner.list().calls.size()) {
  const StepList& list = runner.list();
  for (size_t i = 0; i < list.calls.size(); ++i) {
    const ListedCall& call = list.calls[i];
    if (call.number >= 0) {
      if (place_.size() <= size_t(call.number)) place_.resize(size_t(call.number) + 1, -1);
      place_[size_t(call.number)] = int32_t(i);
    }
    if (call.action.found) fail(ErrorKind::NotSupported, "record", "check", "a step without cuts", "'" + call.action.name + "'");
  }
  const Snapshot before = Snapshot::of_run(list, inputs);
  runner.run_watched(
      inputs, [&](size_t call, std::span<const SlotArgument> arguments) { written_[call] = outputs_of(arguments); },
      [&](const Tensor& result) { outputs_.push_back(bytes_of(result)); });
  before.restore();
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
