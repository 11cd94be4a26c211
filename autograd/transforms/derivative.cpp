#include "lazuli/autograd/transforms/derivative.h"

#include <algorithm>
#include <unordered_set>

#include "lazuli/autograd/autograd.h"
#include "lazuli/autograd/forward_mode.h"
#include "lazuli/autograd/levels.h"
#include "lazuli/autograd/meta.h"
#include "lazuli/autograd/support.h"
#include "lazuli/core/error.h"
#include "lazuli/core/factory.h"

namespace lazuli::func::detail {
namespace {

Tensor zeros_like(const Tensor& t) {
  const Tensor zero = support::zeros(t.sizes(), t.dtype(), t.device());
  return batching::is_batched(t) ? share_levels(zero, batching::levels(t)) : zero;
}

// The same tensor as another place in the graph.
Tensor entered(const Tensor& t) {
  const Tensor own = batching::active_levels().empty() ? t : share_levels(t, batching::active_levels());
  Tensor out = alias(own);
  if (auto tape = Tape::recording(own)) tape.record("transform_input", out, [](const Tensor& grad, Needs) { return Grads{grad}; });
  else out.requires_grad_();
  return out;
}

bool any_requires_grad(const std::vector<Tensor>& all) {
  for (const Tensor& t : all)
    if (t.defined() && t.requires_grad()) return true;
  return false;
}

// Of a function's outputs those that have gradients, with their cotangents.
struct Roots {
  std::vector<Tensor> outputs, cotangents;
  std::vector<size_t> at;
};
Roots roots_of(const std::vector<Tensor>& outputs, const std::vector<Tensor>& cotangents) {
  Roots roots;
  for (size_t i = 0; i < outputs.size(); ++i) {
    if (!outputs[i].defined() || !outputs[i].requires_grad()) continue;
    roots.outputs.push_back(outputs[i]);
    roots.cotangents.push_back(i < cotangents.size() ? cotangents[i] : Tensor());
    roots.at.push_back(i);
  }
  return roots;
}

Shape joined(const Shape& a, const Shape& b) {
  Shape all = a;
  for (int64_t s : b) all.push_back(s);
  return all;
}

// Rows `from` to `to` of the identity over the elements of `like`: [to - from, sizes..].
Tensor unit_rows(const Tensor& like, int64_t from, int64_t to) {
  const int64_t n = like.numel();
  Tensor rows = support::zeros({to - from, n}, like.dtype(), like.device());
  rows.narrow(1, from, to - from).fill_diagonal_(1);
  return rows.reshape(joined({to - from}, like.sizes()));
}

// f(cotangent) for each unit cotangent of `like`, `chunk` of them at once; f's results of each with a first dimension of them all.
template <class F>
std::vector<Tensor> for_units(const Tensor& like, int64_t chunk, size_t results, F f) {
  const int64_t n = like.numel();
  std::vector<std::vector<Tensor>> parts(results);
  const int64_t step = chunk <= 0 ? std::max<int64_t>(n, 1) : chunk;
  for (int64_t from = 0; from < n; from += step) {
    const int64_t to = std::min(n, from + step);
    const Tensor rows = unit_rows(like, from, to);
    if (to - from == 1) {
      std::vector<Tensor> one = f(rows.reshape(like.sizes()));
      for (size_t k = 0; k < results; ++k) parts[k].push_back(one[k].defined() ? one[k].unsqueeze(0) : Tensor());
      continue;
    }
    batching::LevelGuard level(to - from, batching::Randomness::Same);
    std::vector<Tensor> all = f(hide_level(rows, level.id()));
    for (size_t k = 0; k < results; ++k) parts[k].push_back(all[k].defined() ? show_level(all[k], level.id(), to - from) : Tensor());
  }
  std::vector<Tensor> whole(results);
  for (size_t k = 0; k < results; ++k) {
    bool defined = false;
    for (const Tensor& part : parts[k]) defined |= part.defined();
    if (!defined) continue;
    whole[k] = parts[k].size() == 1 ? parts[k][0] : support::cat(parts[k]);
  }
  return whole;
}

}  // namespace

void check_like(const char* op, const char* argument, const std::vector<Tensor>& given, const std::vector<Tensor>& wanted) {
  if (given.size() != wanted.size()) fail(op, argument, std::to_string(wanted.size()) + " tensors", std::to_string(given.size()));
  for (size_t i = 0; i < given.size(); ++i)
    if (given[i].defined() && wanted[i].defined() && !(given[i].sizes() == wanted[i].sizes()))
      fail(op, argument, "sizes " + to_string(wanted[i].sizes()), to_string(given[i].sizes()));
}

Derivative::Derivative(const char* op, const std::vector<Tensor>& of) : op_(op), outer_(is_grad_enabled()), attached_(false) {
  mode_.emplace(true);
  if (!is_grad_enabled()) fail(ErrorKind::State, op, "", "a call outside of inference mode", "one inside");
  if (of.empty()) fail(op, "inputs", "at least one tensor", "none");
  for (size_t i = 0; i < of.size(); ++i) {
    if (!of[i].defined()) fail(op, "inputs", "defined tensors", "an undefined one, at " + std::to_string(i));
    if (!is_differentiable(of[i].dtype()))
      fail(ErrorKind::Type, op, "inputs", "tensors of a floating or complex dtype", std::string(name(of[i].dtype())) + ", at " + std::to_string(i));
  }
  attached_ = outer_ && any_requires_grad(of);
  const GradMode outside(outer_);
  for (const Tensor& t : of) inputs_.push_back(entered(t));
}

bool Derivative::leads_outside(const std::vector<Tensor>& all) const {
  if (attached_) return true;
  std::unordered_set<const Node*> seen;
  for (const Tensor& t : inputs_) seen.insert(gradient_edge(t).node.get());
  std::vector<Ref<Node>> kept;
  std::vector<const Node*> stack;
  for (const Tensor& t : all)
    if (t.defined() && t.requires_grad()) {
      kept.push_back(gradient_edge(t).node);
      if (seen.insert(kept.back().get()).second) stack.push_back(kept.back().get());
    }
  while (!stack.empty()) {
    const Node* node = stack.back();
    stack.pop_back();
    if (node->accumulates()) return true;
    for (size_t i = 0; i < node->num_inputs(); ++i)
      if (const Node* next = node->edge(i).node.get(); next && seen.insert(next).second) stack.push_back(next);
  }
  return false;
}

Tensor Derivative::release(const Tensor& t) const {
  if (!t.defined() || !t.requires_grad()) return t;
  return outer() && leads_outside({t}) ? t : t.detach();
}
std::vector<Tensor> Derivative::release(std::vector<Tensor> all) const {
  for (Tensor& t : all) t = release(t);
  return all;
}

std::vector<Tensor> Derivative::pull(const std::vector<Tensor>& outputs, const std::vector<Tensor>& cotangents, bool again,
                                     std::optional<bool> create_graph, bool strict) const {
  const Roots roots = roots_of(outputs, cotangents);
  if (strict && roots.outputs.size() != outputs.size())
    fail(ErrorKind::State, op_, "func", "outputs that depend on the inputs", "one that does not (strict)");
  std::vector<Tensor> found(inputs_.size());
  if (!roots.outputs.empty()) {
    const bool create = create_graph.value_or(outer() && (leads_outside(roots.outputs) || any_requires_grad(roots.cotangents)));
    found = autograd::grad(roots.outputs, inputs_,
                           {.grad_outputs = roots.cotangents, .retain_graph = again, .create_graph = create, .allow_unused = true});
  }
  for (size_t i = 0; i < found.size(); ++i) {
    if (!found[i].defined() && strict)
      fail(ErrorKind::State, op_, "inputs", "tensors on which the outputs depend", "an unused one, at " + std::to_string(i) + " (strict)");
    if (!found[i].defined()) found[i] = zeros_like(inputs_[i]);
  }
  return create_graph.value_or(false) ? found : release(std::move(found));
}

// Gradients as linear functions of cotangents.
struct Linear {
  std::vector<Tensor> cotangents, gradients;  // of the outputs `at`; of the inputs, undefined for unused ones
  std::vector<size_t> at;
};

namespace {

Linear linear_of(const std::vector<Tensor>& outputs, const std::vector<Tensor>& inputs) {
  Linear linear;
  Roots roots = roots_of(outputs, {});
  linear.at = roots.at;
  linear.gradients.resize(inputs.size());
  for (const Tensor& t : roots.outputs) {
    Tensor u = zeros_like(t.detach());
    if (u.requires_grad() || batching::is_batched(u)) u = alias(u);
    linear.cotangents.push_back(u.requires_grad_());
  }
  if (roots.outputs.empty()) return linear;
  const lazuli::detail::Linearizing values_are_not_read;
  linear.gradients =
      autograd::grad(roots.outputs, inputs, {.grad_outputs = linear.cotangents, .retain_graph = true, .create_graph = true, .allow_unused = true});
  return linear;
}

// Directional derivatives, one for each of `at`, undefined where there is none.
std::vector<Tensor> along(const Linear& linear, const std::vector<Tensor>& tangents, bool again, bool create) {
  std::vector<Tensor> gradients, weights;
  for (size_t i = 0; i < linear.gradients.size(); ++i)
    if (linear.gradients[i].defined() && linear.gradients[i].requires_grad() && tangents[i].defined()) {
      gradients.push_back(linear.gradients[i]);
      weights.push_back(tangents[i]);
    }
  if (gradients.empty()) return std::vector<Tensor>(linear.at.size());
  return autograd::grad(gradients, linear.cotangents, {.grad_outputs = weights, .retain_graph = again, .create_graph = create, .allow_unused = true});
}

}  // namespace

std::vector<Tensor> Derivative::push(const std::vector<Tensor>& outputs, const std::vector<Tensor>& tangents, std::optional<bool> create_graph,
                                     bool strict) const {
  const Linear linear = linear_ ? *linear_ : linear_of(outputs, inputs_);
  const bool create = create_graph.value_or(outer() && (leads_outside(outputs) || any_requires_grad(tangents)));
  const std::vector<Tensor> some = along(linear, tangents, true, create);
  std::vector<Tensor> all(outputs.size());
  for (size_t k = 0; k < some.size(); ++k) all[linear.at[k]] = some[k];
  for (size_t i = 0; i < all.size(); ++i) {
    if (!all[i].defined() && strict)
      fail(ErrorKind::State, op_, "func", "outputs that depend on the inputs", "one that does not, at " + std::to_string(i) + " (strict)");
    if (!all[i].defined() && outputs[i].defined()) all[i] = zeros_like(outputs[i]);
  }
  return create_graph.value_or(false) ? all : release(std::move(all));
}

Tensor Derivative::push_if_reached(const Tensor& output, const Tensor& tangent) const {
  const std::vector<Tensor> some = along(linear_of({output}, inputs_), {tangent}, true, outer() && attached_);
  return some.empty() || !some[0].defined() ? Tensor() : attached_ ? some[0] : some[0].detach();
}

std::vector<std::vector<Tensor>> Derivative::reverse_jacobian(const std::vector<Tensor>& outputs, int64_t chunk, std::optional<bool> create_graph,
                                                              bool strict) const {
  const bool create = create_graph.value_or(outer() && leads_outside(outputs));
  std::vector<std::vector<Tensor>> all;
  for (const Tensor& y : outputs) {
    std::vector<Tensor> rows(inputs_.size());
    if (y.requires_grad())
      rows = for_units(y, chunk, inputs_.size(), [&](const Tensor& cotangent) {
        return autograd::grad({y}, inputs_, {.grad_outputs = {cotangent}, .retain_graph = true, .create_graph = create, .allow_unused = true});
      });
    for (size_t i = 0; i < rows.size(); ++i) {
      const Shape sizes = joined(y.sizes(), inputs_[i].sizes());
      if (!rows[i].defined() && strict)
        fail(ErrorKind::State, op_, "inputs", "tensors on which the outputs depend", "an unused one, at " + std::to_string(i) + " (strict)");
      rows[i] = rows[i].defined() ? rows[i].reshape(sizes) : support::zeros(sizes, inputs_[i].dtype(), inputs_[i].device());
    }
    all.push_back(create_graph.value_or(false) ? std::move(rows) : release(std::move(rows)));
  }
  return all;
}

std::vector<std::vector<Tensor>> Derivative::forward_jacobian(const std::vector<Tensor>& outputs, int64_t chunk, std::optional<bool> create_graph,
                                                              bool strict) const {
  const bool create = create_graph.value_or(outer() && leads_outside(outputs));
  const Linear linear = linear_of(outputs, inputs_);
  std::vector<std::vector<Tensor>> all(outputs.size(), std::vector<Tensor>(inputs_.size()));
  for (size_t i = 0; i < inputs_.size(); ++i) {
    std::vector<Tensor> columns = for_units(inputs_[i], chunk, linear.at.size(), [&](const Tensor& tangent) {
      std::vector<Tensor> tangents(inputs_.size());
      tangents[i] = tangent;
      return along(linear, tangents, true, create);
    });
    for (size_t k = 0; k < columns.size(); ++k)
      if (columns[k].defined()) all[linear.at[k]][i] = columns[k].movedim(0, -1);
  }
  for (size_t o = 0; o < all.size(); ++o) {
    for (size_t i = 0; i < inputs_.size(); ++i) {
      const Shape sizes = joined(outputs[o].sizes(), inputs_[i].sizes());
      if (!all[o][i].defined() && strict)
        fail(ErrorKind::State, op_, "inputs", "tensors on which the outputs depend", "an unused one, at " + std::to_string(i) + " (strict)");
      all[o][i] = all[o][i].defined() ? all[o][i].reshape(sizes) : support::zeros(sizes, outputs[o].dtype(), outputs[o].device());
    }
    if (!create_graph.value_or(false)) all[o] = release(std::move(all[o]));
  }
  return all;
}

void Derivative::linearize(const std::vector<Tensor>& outputs) { linear_ = std::make_shared<const Linear>(linear_of(outputs, inputs_)); }

}  // namespace lazuli::func::detail
