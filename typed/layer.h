#pragma once
#include "lazuli/nn/module/child.h"
#include "lazuli/typed/function.h"

/// What typed modules are made with: each is its untyped module, with the same parameters under the same names, and a rule for what it makes of an input.
namespace lazuli::typed {

/// A module's result for an input X: what its class says (`Output<X>`), or what its forward returns.
template <class Layer, class X>
struct OutputOf {
  static constexpr bool fine = is_typed<decltype(std::declval<Layer&>().forward(std::declval<const X&>()))>;
  static auto make() -> decltype(std::declval<Layer&>().forward(std::declval<const X&>()));
};
template <class Layer, class X>
requires requires { typename Layer::template Output<X>; }
struct OutputOf<Layer, X> : Layer::template Output<X> {};

/// Base of typed modules: `Self` names what becomes of an input, `template <AnyTyped X> using Output = Result<...>`, and `Base` computes it.
template <class Self, class Base>
class Layer : public Base {
 public:
  using Base::Base;
  using Base::forward;
  using Base::operator();
  /// Checked by the compiler; runs the untyped forward.
  template <AnyTyped X, class Out = OutputOf<Self, X>>
  requires(Out::fine) auto forward(const X& input) -> decltype(Out::make()) { return {Unchecked(), Base::forward(input.untyped())}; }
  template <AnyTyped X, class Out = OutputOf<Self, X>>
  requires(!Out::fine) auto forward(const X& input) -> decltype(Out::make());
  /// The same with hooks.
  template <AnyTyped X, class Out = OutputOf<Self, X>>
  requires(Out::fine) auto operator()(const X& input) -> decltype(Out::make()) { return {Unchecked(), Base::operator()(input.untyped())}; }
  template <AnyTyped X, class Out = OutputOf<Self, X>>
  requires(!Out::fine) auto operator()(const X& input) -> decltype(Out::make());
  /// Printed, stored and looked up as the untyped module.
  std::string class_name() const override { return nn::detail::class_name(typeid(Base)); }
};

/// What a layer becomes in a chain that knows its input: one that infers its sizes names its sized class, `template <AnyTyped X> using Sized = ...`.
template <class L, class X>
struct SizedLayer {
  using type = L;
};
template <class L, class X>
requires requires { typename L::template Sized<X>; }
struct SizedLayer<L, X> {
  using type = typename L::template Sized<X>;
};

}  // namespace lazuli::typed
