#include "lazuli/nn/utils/grads_flow.h"

#include <ostream>
#include <unordered_map>
#include <unordered_set>

#include "lazuli/autograd/graph.h"
#include "lazuli/autograd/modes.h"
#include "lazuli/autograd/origin.h"
#include "lazuli/core/error.h"
#include "lazuli/core/kernel.h"
#include "lazuli/core/slots/scopes.h"

namespace lazuli::nn {

std::string to_string(const GradsFlowReport& report) {
  std::string text;
  for (size_t i = 0; i < report.without_gradient.size(); ++i) {  // what one call cut off stands together
    const auto& [parameter, reason] = report.without_gradient[i];
    const bool same_follows = i + 1 < report.without_gradient.size() && report.without_gradient[i + 1].reason == reason;
    text += parameter + (same_follows ? ", " : ": " + reason + "\n");
  }
  for (const std::string& name : report.frozen) text += name + ": frozen\n";
  return text.empty() ? "every parameter gets a gradient\n" : text;
}
std::ostream& operator<<(std::ostream& out, const GradsFlowReport& report) { return out << to_string(report); }

namespace {

// Follows the values of the parameters through kernels, and keeps what is recorded.
class Watch final : public EventListener, public ScopeListener {
 public:
  using Marks = std::vector<bool>;  // one for each parameter
  struct Call {
    std::string name, module;
    Marks uses;
    bool recording;
    DType gives = kFloat32;
  };
  struct Recorded {
    Ref<Node> node;
    std::string module;
    size_t after;  // how many calls there were before it
  };
  std::vector<Call> calls;
  std::vector<Recorded> recorded;

  explicit Watch(const std::vector<Tensor>& parameters) : count_(parameters.size()) {
    for (size_t i = 0; i < count_; ++i) marks_of(parameters[i])[i] = true;
  }
  void call_begins(const SlotCall& call) override {
    if (depth_++) return;
    Call c{std::string(call.slot.name), autograd::detail::current_module(), Marks(count_), is_grad_enabled()};
    for (const SlotArgument& a : call.arguments) {
      if (a.kind() == SlotArgument::Kind::Code) c.name += "." + std::string(a.code_name());
      for (const Tensor& t : a.tensors())
        if (auto known = t.defined() ? marks_.find(t.storage()->data()) : marks_.end(); known != marks_.end())
          for (size_t i = 0; i < count_; ++i) c.uses[i] = c.uses[i] || known->second[i];
    }
    calls.push_back(std::move(c));
  }
  void call_ends(const SlotCall& call, bool) noexcept override {
    if (--depth_) return;
    Call& c = calls.back();
    bool first = true;
    for (const SlotArgument& a : call.arguments) {
      if (a.kind() != SlotArgument::Kind::Output) continue;
      for (const Tensor& t : a.tensors()) {
        if (!t.defined()) continue;
        if (std::exchange(first, false)) c.gives = t.dtype();
        marks_of(t) = c.uses;
      }
    }
  }
  void value_read(const Tensor& t) override {
    auto known = marks_.find(t.storage()->data());
    if (known != marks_.end()) calls.push_back({"item()", autograd::detail::current_module(), known->second, true, kBool});
  }
  void freed(const Allocation& memory) noexcept override { marks_.erase(memory.data); }
  void operator_recorded(std::string_view, const void* node) noexcept override {
    recorded.push_back({Ref<Node>(const_cast<Node*>(static_cast<const Node*>(node))), autograd::detail::current_module(), calls.size()});
  }

 private:
  Marks& marks_of(const Tensor& t) {
    Marks& marks = marks_[t.storage()->data()];
    marks.resize(count_);
    return marks;
  }
  size_t count_;
  int depth_ = 0;
  std::unordered_map<const void*, Marks> marks_;  // by the memory's beginning
};

std::string in(const std::string& module) { return module.empty() ? "" : " in module " + module; }

// The operator that a call was part of, which made it unrecorded and then was recorded itself; null where there is none.
const Node* operator_of(const Watch& watch, size_t call) {
  for (const Watch::Recorded& r : watch.recorded) {
    if (r.after <= call) continue;
    for (size_t i = call; i < r.after; ++i)
      if (watch.calls[i].recording || watch.calls[i].module != r.module) return nullptr;
    return r.node.get();
  }
  return nullptr;
}

std::string reason_of(const Watch& watch, size_t parameter, const Tensor& t) {
  // The operators that lead to it, in order; of the last of them nothing was made that leads on.
  std::unordered_set<const Node*> leading{gradient_edge(t).node.get()};
  const Watch::Recorded* last = nullptr;
  for (const Watch::Recorded& r : watch.recorded)
    for (size_t i = 0; i < r.node->num_inputs(); ++i)
      if (leading.count(r.node->edge(i).node.get())) {
        leading.insert(r.node.get());
        last = &r;
        break;
      }
  const Watch::Call* cut = nullptr;
  const Node* user = nullptr;
  for (size_t i = last ? last->after : 0; i < watch.calls.size() && !cut; ++i)
    if (watch.calls[i].uses[parameter]) cut = &watch.calls[i], user = operator_of(watch, i);
  std::string text = last ? std::string("the last operator recorded is ") + last->node->name() + in(last->module) + "; " : "";
  if (!cut) return text + (last ? "the loss does not use its result" : "the forward does not use it");
  text += (last ? "then " : "") + (user ? user->name() : cut->name) + in(cut->module);
  if (!is_differentiable(cut->gives))
    return text + (cut->name == "item()" ? " reads its value as a number" : " gives " + std::string(name(cut->gives)) + ", which has no gradient");
  if (!cut->recording && !user) return text + " runs under no_grad";
  return text + " uses it without its history: it was detached";
}

}  // namespace

GradsFlowReport check_grads_flow(const Module& model, const Tensor& loss) {
  GradsFlowReport report;
  std::unordered_set<const Node*> reached;
  if (loss.requires_grad())
    for (const Node* n : autograd::nodes_of({loss})) reached.insert(n);
  for (const auto& [name, t] : model.named_parameters()) {
    if (t.body()->uninitialized) report.without_gradient.push_back({name, "it is not initialized"});
    else if (!t.requires_grad()) report.frozen.push_back(name);
    else if (!reached.count(gradient_edge(t).node.get()))
      report.without_gradient.push_back({name, loss.requires_grad() ? "the loss does not lead to it" : "the loss has no history"});
  }
  return report;
}

GradsFlowReport check_grads_flow(const Module& model, const std::function<Tensor()>& loss) {
  std::vector<Tensor> parameters;
  std::vector<std::string> names;
  for (const auto& [name, t] : model.named_parameters()) {
    if (t.body()->uninitialized) continue;
    parameters.push_back(t);
    names.push_back(name);
  }
  Watch watch(parameters);
  Tensor result;
  {
    const enable_grad recording;
    const lazuli::detail::ScopeListening scopes(watch);
    const Listening listening(watch);
    result = loss();
  }
  GradsFlowReport report = check_grads_flow(model, result);
  for (auto& [name, reason] : report.without_gradient)
    for (size_t i = 0; i < names.size(); ++i)
      if (names[i] == name) reason = reason_of(watch, i, parameters[i]);
  return report;
}

}  // namespace lazuli::nn
