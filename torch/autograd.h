#pragma once
#include "lazuli/torch/base.h"

/// Functions with a backward of their own, in libtorch's way.
namespace torch::autograd {

using variable_list = std::vector<Tensor>;
using Variable = Tensor;
using lazuli::autograd::is_anomaly_enabled, lazuli::autograd::set_detect_anomaly;

inline void backward(const variable_list& tensors, const variable_list& grad_tensors = {}, optional<bool> retain_graph = nullopt,
                     bool create_graph = false) {
  lazuli::autograd::backward(tensors, grad_tensors, retain_graph.value_or(create_graph), create_graph);
}
inline variable_list grad(const variable_list& outputs, const variable_list& inputs, const variable_list& grad_outputs = {},
                          optional<bool> retain_graph = nullopt, bool create_graph = false, bool allow_unused = false) {
  return lazuli::autograd::grad(outputs, inputs, grad_outputs, retain_graph.value_or(create_graph), create_graph, allow_unused);
}

/// What `saved_data` holds: a number, a bool, a text, a list of numbers or a tensor.
class IValue {
 public:
  IValue() = default;
  template <class T>
  requires std::is_arithmetic_v<T> IValue(T value) : number_(double(value)), integer_(int64_t(value)) {}
  IValue(const Scalar& value) : number_(value.to<double>()), integer_(int64_t(number_)) {}
  IValue(std::string text) : text_(std::move(text)) {}
  IValue(const char* text) : text_(text) {}
  IValue(const Shape& list) : list_(list.begin(), list.end()) {}
  IValue(std::vector<int64_t> list) : list_(std::move(list)) {}
  IValue(const Tensor& tensor) : tensor_(tensor) {}
  int64_t toInt() const { return integer_; }
  double toDouble() const { return number_; }
  bool toBool() const { return integer_ != 0; }
  Scalar toScalar() const { return number_; }
  const std::string& toStringRef() const { return text_; }
  const std::vector<int64_t>& toIntVector() const { return list_; }
  const Tensor& toTensor() const { return tensor_; }

 private:
  double number_ = 0;
  int64_t integer_ = 0;
  std::string text_;
  std::vector<int64_t> list_;
  Tensor tensor_;
};

/// What forward leaves for backward.
class AutogradContext {
 public:
  /// Inputs, outputs or other tensors, which `get_saved_variables` gives back with their history; inputs and outputs that were changed since are an Error there.
  void save_for_backward(variable_list tensors) { to_save_ = std::move(tensors); }
  variable_list get_saved_variables() const {
    variable_list all;
    for (const lazuli::SavedTensor& saved : saved_) all.push_back(saved.defined() ? saved.get() : Tensor());
    return all;
  }
  void mark_non_differentiable(const variable_list& outputs) { non_differentiable_ = outputs; }
  /// Inputs that forward wrote to and returns.
  void mark_dirty(const variable_list& inputs) { dirty_ = inputs; }
  /// Whether an output that has no gradient gets zeros (else it is undefined).
  void set_materialize_grads(bool value) { materialize_ = value; }
  bool needs_input_grad(size_t input) const { return input < needs_.size() && needs_[input]; }

  std::map<std::string, IValue> saved_data;

 private:
  template <class T>
  friend struct Function;
  static bool holds(const variable_list& list, const Tensor& t) {
    for (const Tensor& other : list)
      if (other.is_same(t)) return true;
    return false;
  }
  variable_list to_save_, non_differentiable_, dirty_;
  std::vector<lazuli::SavedTensor> saved_;
  std::vector<bool> needs_;
  bool materialize_ = true;
};

/// A function with a backward of its own:
///   struct Scale : torch::autograd::Function<Scale> {
///     static Tensor forward(AutogradContext* ctx, Tensor x, double by) { ctx->saved_data["by"] = by; return x * by; }
///     static variable_list backward(AutogradContext* ctx, variable_list grads) { return {grads[0] * ctx->saved_data["by"].toDouble(), Tensor()}; }
///   };
///   Scale::apply(x, 2.0);
/// `forward` records nothing; `backward` gives a gradient for each of its arguments, undefined for what is no tensor, and is differentiable where its formulas are.
template <class T>
struct Function {
  template <class... A>
  static auto apply(A&&... args) {
    auto context = std::make_shared<AutogradContext>();
    variable_list inputs;
    std::vector<size_t> places;  // of the tensors among the arguments
    size_t place = 0;
    (collect(args, place, inputs, places), ...);
    context->needs_.assign(place, false);
    for (size_t i = 0; i < inputs.size(); ++i)
      context->needs_[places[i]] = lazuli::is_grad_enabled() && inputs[i].defined() && inputs[i].requires_grad();
    auto result = [&] {
      lazuli::no_grad guard;
      return T::forward(context.get(), args...);
    }();
    if constexpr (std::is_convertible_v<decltype(result), Tensor>) {
      variable_list outputs{std::move(result)};
      record(context, inputs, places, place, outputs);
      return outputs[0];
    } else {
      variable_list outputs(result.begin(), result.end());
      record(context, inputs, places, place, outputs);
      return outputs;
    }
  }

 private:
  template <class A>
  static void collect(const A& argument, size_t& place, variable_list& inputs, std::vector<size_t>& places) {
    if constexpr (std::is_base_of_v<Tensor, A>) {
      inputs.push_back(argument);
      places.push_back(place++);
    } else if constexpr (std::is_same_v<A, variable_list>) {
      for (const Tensor& t : argument) collect(t, place, inputs, places);
    } else {
      ++place;
    }
  }

  static void record(const std::shared_ptr<AutogradContext>& context, const variable_list& inputs, const std::vector<size_t>& places, size_t count,
                     variable_list& outputs) {
    AutogradContext& c = *context;
    auto tape = lazuli::Tape::recording(inputs);
    if (!tape) return;
    // An input that comes back unchanged is a result of its own.
    std::vector<size_t> differentiable;
    for (size_t i = 0; i < outputs.size(); ++i) {
      if (!outputs[i].defined() || !(outputs[i].is_floating_point() || outputs[i].is_complex()) || c.holds(c.non_differentiable_, outputs[i]))
        continue;
      if (c.holds(inputs, outputs[i]) && !c.holds(c.dirty_, outputs[i])) outputs[i] = outputs[i].detach();
      differentiable.push_back(i);
    }
    if (differentiable.empty()) return;
    variable_list recorded;
    for (size_t i : differentiable) recorded.push_back(outputs[i]);
    for (const Tensor& t : c.to_save_) {
      lazuli::SavedTensor saved;
      for (size_t i = 0; i < recorded.size(); ++i)
        if (t.defined() && recorded[i].is_same(t) && !c.holds(inputs, t)) saved = tape.save_output(recorded[i], uint32_t(i));
      c.saved_.push_back(saved.defined() || !t.defined() ? saved : tape.save(t));
    }
    c.to_save_.clear();
    std::vector<Shape> sizes;
    for (const Tensor& t : outputs) sizes.push_back(t.defined() ? t.sizes() : Shape());
    const size_t all = outputs.size();
    std::vector<TensorOptions> kinds;
    for (const Tensor& t : outputs) kinds.push_back(t.defined() ? t.options() : TensorOptions());
    tape.record("Function", recorded, [context, places, count, differentiable, sizes, kinds, all](lazuli::Grads& grads, lazuli::Needs needs) {
      variable_list given(all);
      for (size_t i = 0; i < differentiable.size(); ++i) given[differentiable[i]] = grads[i];
      if (context->materialize_)
        for (size_t i = 0; i < all; ++i)
          if (!given[i].defined()) given[i] = lazuli::zeros(sizes[i], kinds[i]);
      context->needs_.assign(count, false);
      for (size_t i = 0; i < places.size(); ++i) context->needs_[places[i]] = needs[i];
      variable_list made = T::backward(context.get(), std::move(given));
      if (made.size() != count)
        lazuli::fail("torch::autograd::Function", "backward", std::to_string(count) + " gradients, one for each argument of forward",
                     std::to_string(made.size()));
      variable_list of_tensors;
      for (size_t i = 0; i < places.size(); ++i) of_tensors.push_back(needs[i] ? made[places[i]] : Tensor());
      return lazuli::Grads(std::move(of_tensors));
    });
    for (size_t i = 0; i < recorded.size(); ++i) outputs[differentiable[i]] = recorded[i];
  }
};

}  // namespace torch::autograd
