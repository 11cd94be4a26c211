#pragma once
#include <any>
#include <map>
#include <string>
#include <type_traits>
#include <typeinfo>

#include "lazuli/autograd/autocast.h"
#include "lazuli/autograd/tape.h"
#include "lazuli/autograd/tensors_in.h"

/// Operators of one's own as a class with a forward and a backward. The lambda form is the tape itself (autograd/tape.h); this is a thin form of it.
namespace lazuli::autograd {

using variable_list = std::vector<Tensor>;
using tensor_list = std::vector<Tensor>;

/// What a forward leaves for its backward.
class GradContext {
 public:
  /// Keeps inputs, outputs or any other tensors; each is checked against changes in place when it is read. A second call replaces the first.
  void save_for_backward(std::vector<Tensor> tensors) { to_save_ = std::move(tensors); }
  template <class... T>
  requires(sizeof...(T) > 0 && (std::is_convertible_v<T, Tensor> && ...)) void save_for_backward(const T&... tensors) {
    to_save_ = {Tensor(tensors)...};
  }
  /// In their order. Throws Error (State) for one that was changed in place since.
  std::vector<Tensor> saved_tensors() const;
  std::vector<Tensor> get_saved_variables() const { return saved_tensors(); }

  /// These outputs have no gradient.
  void mark_non_differentiable(std::vector<Tensor> outputs) { non_differentiable_ = std::move(outputs); }
  /// These inputs are written to, and are returned. Throws Error (State) for a leaf that requires grad, and for what else may not be written.
  void mark_dirty(std::vector<Tensor> inputs);
  /// False: the gradient of an output that nothing depends on is undefined in backward, instead of zeros.
  void set_materialize_grads(bool on) { materialize_ = on; }
  /// Whether argument `i` of forward (each tensor of a vector counts, and other arguments do) wants a gradient.
  bool needs_input_grad(size_t i) const;
  std::vector<bool> needs_input_grad() const;

  /// Anything else, by name: `ctx.saved_data["p"] = 2.0;` and `std::any_cast<double>(ctx.saved_data["p"])`.
  std::map<std::string, std::any> saved_data;

 private:
  friend class FunctionCall;
  std::vector<Tensor> to_save_, non_differentiable_, dirty_;
  std::vector<SavedTensor> saved_;
  std::vector<unsigned char> wants_;  // 0 or 1
  const Needs* needs_ = nullptr;      // in a backward
  bool materialize_ = true, finished_ = false;
};
using AutogradContext = GradContext;
using FunctionCtx = GradContext;

/// One call of a Function, without its types.
class FunctionCall {
 public:
  using Backward = Grads (*)(GradContext& context, std::vector<Tensor>& grads);
  /// `places`: the tensor of each argument of forward, null for other arguments. `context`: a new one.
  FunctionCall(const char* name, std::vector<const Tensor*> places, std::shared_ptr<GradContext> context);
  FunctionCall(const char* name, std::vector<const Tensor*> places);
  GradContext& context() { return *context_; }
  /// Makes `outputs` results of the call.
  void finish(const std::vector<Tensor*>& outputs, Backward backward, bool once_differentiable);
  static const char* name_of(const std::type_info& type);

 private:
  const char* name_;
  std::vector<const Tensor*> places_;
  std::shared_ptr<GradContext> context_;
};

/// Base of an operator of one's own:
///
///   struct Scaled : autograd::Function<Scaled> {
///     static Tensor forward(autograd::GradContext& ctx, const Tensor& x, double factor) {
///       ctx.saved_data["factor"] = factor;
///       return x * factor;
///     }
///     static std::vector<Tensor> backward(autograd::GradContext& ctx, std::vector<Tensor> grads) {
///       return {grads[0] * std::any_cast<double>(ctx.saved_data["factor"]), Tensor()};
///     }
///   };
///   Tensor y = Scaled::apply(x, 2.0);
///
/// As in PyTorch, forward may go without the context, which `static void setup_context(ctx, const auto& inputs, const auto& output)` then fills: inputs are a tuple of forward's arguments.
///
/// forward takes anything and returns a tensor, or a vector, pair or tuple of tensors; it is not recorded. backward gets the gradient of each output and gives one for each argument of
/// forward, an undefined one for what is no tensor. It is recorded where gradients of gradients are wanted, so that they exist if it is made of operators; a member
/// `static constexpr bool once_differentiable = true;` says that it is not. `static constexpr Cast autocast = Cast::Float32;` gives it a policy under autocast. The context may be taken
/// by reference or by pointer; `Context` is GradContext, or a class of one's own that has more. Throws Error for another number of gradients; undefined ones may follow, for arguments that were left to their defaults.
template <class T, class Context = GradContext>
class Function {
 private:
  template <class... A>
  static constexpr bool takes() {
    return requires(Context & context, const std::remove_cvref_t<A>&... arguments) { T::forward(context, arguments...); }
    || requires(Context & context, const std::remove_cvref_t<A>&... arguments) { T::forward(&context, arguments...); }
    || requires(const std::remove_cvref_t<A>&... arguments) { T::forward(arguments...); };
  }

 public:
  /// What `apply` is: a function that can be given to others, as in `gradcheck(Scaled::apply, x)`.
  struct Apply {
    template <class... A>
    requires(takes<A...>()) auto operator()(A&&... arguments) const {
      if constexpr (requires { T::autocast; }) {
        if (const Casting cast{T::autocast, tensor_of(arguments)...}) return record(cast_one(cast, arguments)...);
      }
      return record(arguments...);
    }
    void operator()(...) const = delete;  // takes what forward takes, without the context
  };
  static constexpr Apply apply{};

 private:
  template <class V>
  static constexpr bool is_tensors = std::is_convertible_v<V, Tensor>&& std::is_base_of_v<Tensor, std::remove_cvref_t<V>>;
  template <class V>
  static constexpr bool is_list = std::is_same_v<V, std::vector<Tensor>>;
  template <class V>
  static constexpr bool is_optional = std::is_same_v<V, std::optional<Tensor>>;

  template <class V>
  static Tensor tensor_of(const V& v) {
    if constexpr (is_tensors<V>) return v;
    else if constexpr (is_optional<V>) return v ? *v : Tensor();
    else if constexpr (is_list<V>) return v.empty() ? Tensor() : v[0];
    else return Tensor();
  }
  template <class V>
  static decltype(auto) cast_one(const Casting& cast, const V& v) {
    if constexpr (is_tensors<V>) return cast(static_cast<const Tensor&>(v));
    else if constexpr (is_optional<V> || is_list<V>) return cast(v);
    else return (v);
  }
  template <class V>
  static void place(const V& v, std::vector<const Tensor*>& places) {
    if constexpr (is_tensors<V>) places.push_back(&static_cast<const Tensor&>(v));
    else if constexpr (is_optional<V>) places.push_back(v ? &*v : nullptr);
    else if constexpr (is_list<V>) {
      for (const Tensor& t : v) places.push_back(&t);
    } else places.push_back(nullptr);
  }

  template <class... A>
  static auto forward_with(Context& context, const A&... arguments) {
    if constexpr (requires { T::forward(context, arguments...); }) {
      return T::forward(context, arguments...);
    } else if constexpr (requires { T::forward(&context, arguments...); }) {
      return T::forward(&context, arguments...);
    } else {
      auto output = T::forward(arguments...);
      const std::tuple<const A&...> inputs(arguments...);
      if constexpr (requires { T::setup_context(context, inputs, output); }) T::setup_context(context, inputs, output);
      else T::setup_context(&context, inputs, output);
      return output;
    }
  }
  static Grads backward_with(GradContext& given, std::vector<Tensor>& grads) {
    Context& context = static_cast<Context&>(given);
    auto run = [&](auto&& context_or_pointer) {
      if constexpr (requires { T::backward(context_or_pointer, grads); }) return T::backward(context_or_pointer, grads);
      else return T::backward(context_or_pointer, static_cast<const Tensor&>(grads[0]));
    };
    auto made = [&] {
      if constexpr (
          requires { T::backward(context, grads); } || requires { T::backward(context, grads[0]); })
        return run(context);
      else return run(&context);
    }();
    Grads result;
    if constexpr (std::is_same_v<decltype(made), Grads>) result = std::move(made);
    else detail::for_each_tensor(made, [&](Tensor& t) { result.push_back(std::move(t)); });
    return result;
  }

  template <class... A>
  static auto record(const A&... arguments) {
    static const char* const name = FunctionCall::name_of(typeid(T));
    std::vector<const Tensor*> places;
    (place(arguments, places), ...);
    const auto context = std::make_shared<Context>();
    FunctionCall call(name, std::move(places), context);
    auto outputs = [&] {
      no_grad unrecorded;
      return forward_with(*context, arguments...);
    }();
    std::vector<Tensor*> results;
    detail::for_each_tensor(outputs, [&](Tensor& t) { results.push_back(&t); });
    constexpr bool once = [] {
      if constexpr (requires { T::once_differentiable; }) return bool(T::once_differentiable);
      else return false;
    }();
    call.finish(results, &backward_with, once);
    return outputs;
  }
};

}  // namespace lazuli::autograd
