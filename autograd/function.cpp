#include "lazuli/autograd/function.h"

#include <cxxabi.h>

#include <cstdlib>
#include <cstring>

#include "lazuli/autograd/inplace.h"
#include "lazuli/autograd/meta.h"
#include "lazuli/autograd/support.h"
#include "lazuli/core/error.h"
#include "lazuli/core/factory.h"

namespace lazuli::autograd {

std::vector<Tensor> GradContext::saved_tensors() const {
  if (!finished_) return to_save_;
  std::vector<Tensor> tensors;
  for (const SavedTensor& t : saved_) tensors.push_back(t.get());
  return tensors;
}

void GradContext::mark_dirty(std::vector<Tensor> inputs) {
  bool recorded = false;
  for (unsigned char wants : wants_) recorded |= bool(wants);
  for (const Tensor& t : inputs) {
    const GradMode as_recorded(recorded);
    check_inplace("mark_dirty", t, true);
  }
  dirty_ = std::move(inputs);
}

bool GradContext::needs_input_grad(size_t i) const { return needs_ ? (*needs_)[i] : i < wants_.size() && wants_[i]; }
std::vector<bool> GradContext::needs_input_grad() const {
  std::vector<bool> all(wants_.size());
  for (size_t i = 0; i < all.size(); ++i) all[i] = needs_input_grad(i);
  return all;
}

namespace {

bool has(const std::vector<Tensor>& list, const Tensor& t) {
  for (const Tensor& other : list)
    if (other.is_same(t)) return true;
  return false;
}

struct Form {
  Shape sizes;
  DType dtype;
  Device device;
};

// The gradients that a backward gave, which depend on `from` in a way that is not known.
void refuse_second_derivative(const char* name, Grads& results, const std::vector<Tensor>& from) {
  auto tape = Tape::recording(from);
  if (!tape) return;
  std::vector<Tensor> outs;
  for (Tensor& t : results)
    if (t.defined() && is_differentiable(t.dtype())) outs.push_back(t = alias(t));
  tape.record(name, outs, [name](Grads&, Needs) -> Grads {
    fail(ErrorKind::State, name, "", "a backward that is differentiated once", "a gradient of its gradient, which once_differentiable rules out");
  });
  size_t next = 0;
  for (Tensor& t : results)
    if (t.defined() && is_differentiable(t.dtype())) t = outs[next++];
}

// `made` for the `count` arguments of a call: without undefined gradients behind them, of arguments that forward has besides and the call left to their defaults.
Grads without_defaults(Grads made, size_t count) {
  if (made.size() <= count) return made;
  for (size_t i = count; i < made.size(); ++i)
    if (made[i].defined()) return made;
  Grads kept;
  for (size_t i = 0; i < count; ++i) kept.push_back(std::move(made[i]));
  return kept;
}

}  // namespace

FunctionCall::FunctionCall(const char* name, std::vector<const Tensor*> places, std::shared_ptr<GradContext> context)
    : name_(name), places_(std::move(places)), context_(std::move(context)) {
  for (const Tensor* t : places_) context_->wants_.push_back(modes.grad && t && t->defined() && t->requires_grad());
}

FunctionCall::FunctionCall(const char* name, std::vector<const Tensor*> places)
    : FunctionCall(name, std::move(places), std::make_shared<GradContext>()) {}

const char* FunctionCall::name_of(const std::type_info& type) {
  int status = 0;
  char* readable = abi::__cxa_demangle(type.name(), nullptr, nullptr, &status);
  const char* name = readable ? readable : type.name();
  for (const char* at = name; (at = std::strstr(at, "::"));) name = at += 2;  // never freed: it is the name of nodes
  return name;
}

void FunctionCall::finish(const std::vector<Tensor*>& outputs, Backward backward, bool once_differentiable) {
  GradContext& c = *context_;
  static const Tensor none;
  std::vector<Tensor> inputs;  // a dirty one as it was, so that its new history leads to the old one
  for (const Tensor* t : places_) {
    Tensor input = t ? *t : none;
    if (has(c.dirty_, input)) {
      input = alias(input);
      if (Edge edge = gradient_edge(*t); edge.node) change_history(input, edge.node, edge.output);
    }
    inputs.push_back(input);
  }
  for (const Tensor& t : c.dirty_) {
    bool returned = false;
    for (const Tensor* out : outputs) returned |= out->is_same(t);
    if (!returned) fail(ErrorKind::State, name_, "mark_dirty", "inputs that forward returns", "one that it does not return");
  }
  auto tape = Tape::recording(inputs);
  if (!tape) return;

  std::vector<Form> forms;
  std::vector<size_t> place_of(outputs.size(), SIZE_MAX);  // among the node's outputs
  std::vector<Tensor> results;
  for (size_t i = 0; i < outputs.size(); ++i) {
    Tensor& out = *outputs[i];
    if (!out.defined()) fail(name_, "forward's result", "defined tensors", "an undefined one");
    forms.push_back({out.sizes(), out.dtype(), out.device()});
    if (has(c.non_differentiable_, out)) continue;
    place_of[i] = results.size();
    results.push_back(has(c.dirty_, out) ? alias(out) : out);
  }
  for (const Tensor& t : c.to_save_) {
    size_t place = SIZE_MAX;
    for (size_t i = 0; i < outputs.size(); ++i)
      if (outputs[i]->is_same(t)) place = place_of[i];
    bool is_input = false;
    for (const Tensor* input : places_) is_input |= input && input->is_same(t);
    c.saved_.push_back(place != SIZE_MAX && (!is_input || has(c.dirty_, t)) ? tape.save_output(t, uint32_t(place)) : tape.save(t));
  }
  c.to_save_.clear();
  c.finished_ = true;

  tape.record(name_, results,
              [context = context_, name = name_, backward, once_differentiable, forms, place_of, count = places_.size()](Grads& grads, Needs needs) {
                std::vector<Tensor> all(forms.size());
                for (size_t i = 0; i < all.size(); ++i) {
                  if (place_of[i] != SIZE_MAX) all[i] = grads[place_of[i]];
                  if (!all[i].defined() && context->materialize_) all[i] = support::zeros(forms[i].sizes, forms[i].dtype, forms[i].device);
                }
                struct InBackward {
                  GradContext& context;
                  ~InBackward() { context.needs_ = nullptr; }
                } const here{*context};
                context->needs_ = &needs;
                std::vector<Tensor> from = all;
                Grads made;
                {
                  const GradMode recorded(modes.grad && !once_differentiable);
                  made = backward(*context, all);
                }
                if (modes.grad && once_differentiable) {
                  for (const SavedTensor& t : context->saved_) from.push_back(t.get());
                  refuse_second_derivative(name, made, from);
                }
                made = without_defaults(std::move(made), count);
                if (made.size() != count)
                  fail(name, "backward's result", "one gradient for each argument of forward, " + std::to_string(count), std::to_string(made.size()));
                return made;
              });

  size_t next = 0;
  for (size_t i = 0; i < outputs.size(); ++i) {
    if (place_of[i] == SIZE_MAX) continue;
    Tensor& result = results[next++];
    if (has(c.dirty_, *outputs[i])) {
      if (is_differentiable(result.dtype())) rebase_history(*outputs[i], result);
    } else {
      *outputs[i] = result;
    }
  }
  c.dirty_.clear();
  c.non_differentiable_.clear();
}

}  // namespace lazuli::autograd
