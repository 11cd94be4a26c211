#pragma once
#include "lazuli/nn/module/child.h"
#include "lazuli/typed/function.h"

/// What typed modules are made with: each is its untyped module, with the same parameters under the same names, and a rule for what it makes of an input.
namespace lazuli::typed {

/// A result of the input's dtype and device, for floating point inputs.
template <Text op, auto rule, AnyTyped X, class... Arguments>
using Floating =
    Result<op, FirstRefusal<DTypeIs<ElementOfTensor<X>, rules::Wanted::floating>, RuledOf<rule, X, Arguments...>>, ElementOfTensor<X>, WhereOf<X>>;

/// A module's result for an input X: what its class says (`Output<X>`), or what its forward returns.
template <class Layer, AnyTyped X>
struct OutputOf {
  static constexpr bool fine = is_typed<decltype(std::declval<Layer&>().forward(std::declval<const X&>()))>;
  static auto make() -> decltype(std::declval<Layer&>().forward(std::declval<const X&>()));
};
template <class Layer, AnyTyped X>
requires requires { typename Layer::template Output<X>; }
struct OutputOf<Layer, X> : Layer::template Output<X> {};

/// Base of typed modules: `Self` names what becomes of an input, `template <AnyTyped X> using Output = Result<...>`, and `Base` computes it.
template <class Self, class Base>
class Layer : public Base {
 public:
  using Untyped = Base;
  using Base::Base;
  /// The untyped module, from what is no size. Sequential and Child hold that one: the sizes of a network then cost the compiler a rule each, and no class with all of its functions.
  template <class... A>
  static Base made(A&&... arguments) {
    return Base(std::forward<A>(arguments)...);
  }
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
  /// What the layer does not take.
  template <class... A>
  requires(!(sizeof...(A) == 1 && (AnyTyped<std::remove_cvref_t<A>> && ...)) && !std::is_invocable_v<Base&, A...>) auto operator()(A&&...)
      -> decltype(Refused<class_text<Base>, "(input)", Given<>, A...>::make());
  /// Printed, stored and looked up as the untyped module.
  std::string class_name() const override { return nn::detail::class_name(typeid(Base)); }
};

template <class L>
concept Wrapped = requires {
  typename L::Untyped;
  requires std::is_base_of_v<typename L::Untyped, L>;
};
namespace detail {
template <class L>
struct HeldAs {
  using type = L;
};
template <Wrapped L>
struct HeldAs<L> {
  using type = typename L::Untyped;
};
}  // namespace detail
/// The module that stands for a layer.
template <class L>
using Held = typename detail::HeldAs<L>::type;

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
