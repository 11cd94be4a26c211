#pragma once
#include "lazuli/nn/module/containers.h"
#include "lazuli/typed/layer.h"

/// Layers in a row, whose results and inputs the compiler holds against each other from one end to the other.
namespace lazuli::typed {

/// The first argument of a Sequential that is to know its input, `typed::Sequential<typed::Input<Images>, typed::LazyLinear<512>, ...>`: lazy layers then get their sizes at once, and a chain that
/// does not fit is refused where it is written.
template <AnyTyped X>
struct Input {};

namespace detail {

template <class X, class... Layers>
struct Chain;
template <class X>
struct Chain<X> {
  static constexpr bool fine = true;
  static auto make() -> X;
};
template <bool fine, class X, class... Layers>
struct ChainFrom : OutputOf<std::tuple_element_t<0, std::tuple<Layers...>>, X> {};
template <class X, class L, class... Layers>
struct ChainFrom<true, X, L, Layers...> : Chain<decltype(OutputOf<L, X>::make()), Layers...> {};
template <class X, class L, class... Layers>
struct Chain<X, L, Layers...> : ChainFrom<OutputOf<L, X>::fine, X, L, Layers...> {};

/// The layers with the sizes that an input gives them. What stands behind a layer that refuses its input keeps its own.
template <class X, class Done, class... Layers>
struct Sized {
  using type = Done;
};
template <bool fine, class X, class Done, class L, class... Layers>
struct SizedRest;
template <class X, class... Done, class L, class... Layers>
struct SizedRest<true, X, std::tuple<Done...>, L, Layers...> : Sized<decltype(OutputOf<L, X>::make()), std::tuple<Done..., L>, Layers...> {};
template <class X, class... Done, class L, class... Layers>
struct SizedRest<false, X, std::tuple<Done...>, L, Layers...> {
  using type = std::tuple<Done..., L, Layers...>;
};
template <class X, class Done, class L, class... Layers>
struct Sized<X, Done, L, Layers...>
    : SizedRest<OutputOf<typename SizedLayer<L, X>::type, X>::fine, X, Done, typename SizedLayer<L, X>::type, Layers...> {};

template <class X>
inline constexpr bool accepted = false;
template <AnyTyped X>
inline constexpr bool accepted<X> = true;

template <class Self, class Layers>
class SequenceOf;
template <class Self, class... Layers>
class SequenceOf<Self, std::tuple<Layers...>> : public Layer<Self, nn::Sequential> {
 public:
  SequenceOf() requires(std::is_default_constructible_v<Layers>&&...) {
    nn::detail::know_parent(static_cast<Self*>(this));
    (add<Layers>(*this), ...);
  }
  explicit SequenceOf(Layers&&... layers) requires(sizeof...(Layers) > 0) {
    nn::detail::know_parent(static_cast<Self*>(this));
    (this->push_back(static_cast<Held<Layers>&&>(layers)), ...);
  }
  template <AnyTyped X>
  using Output = Chain<X, Layers...>;
  static nn::Sequential made() {
    nn::Sequential sequence;
    (add<Layers>(sequence), ...);
    return sequence;
  }
  std::string class_name() const override { return "Sequential"; }
  /// The layer at `index`.
  template <size_t index>
  auto& get() const {
    return static_cast<Held<std::tuple_element_t<index, std::tuple<Layers...>>>&>((*this)[int64_t(index)]);
  }
  Self remade() const { return remade_of(std::index_sequence_for<Layers...>()); }

 private:
  template <class L>
  static void add(nn::Sequential& sequence) {
    if constexpr (Wrapped<L>) sequence.push_back(L::made());
    else sequence.push_back(L());
  }
  struct Empty {};
  explicit SequenceOf(Empty) { nn::detail::know_parent(static_cast<Self*>(this)); }
  template <size_t... i>
  Self remade_of(std::index_sequence<i...>) const {
    Self copy{Empty()};
    (copy.push_back_shared(remade_layer(get<i>())), ...);
    return copy;
  }
  template <class L>
  static std::shared_ptr<nn::Module> remade_layer(const L& layer) {
    if constexpr (nn::detail::Remakeable<L>) return nn::detail::hold(nn::detail::remade(layer));
    else return nn::detail::hold(L());
  }
};

}  // namespace detail

/// Modules in a row: `typed::Sequential<typed::Linear<784, 512>, typed::ReLU, typed::Linear<512, 10>> net;`, or from layers with options, `typed::Sequential net{typed::Linear<784, 512>({.bias =
/// false}), typed::ReLU()}`. It is an nn::Sequential with those parameters, hooks and state.
template <class... Layers>
class Sequential : public detail::SequenceOf<Sequential<Layers...>, std::tuple<Layers...>> {
 public:
  using detail::SequenceOf<Sequential, std::tuple<Layers...>>::SequenceOf;
};
template <class... Layers>
Sequential(Layers&&...) -> Sequential<Layers...>;
template <AnyTyped X, class... Layers>
class Sequential<Input<X>, Layers...>
    : public detail::SequenceOf<Sequential<Input<X>, Layers...>, typename detail::Sized<X, std::tuple<>, Layers...>::type> {
 public:
  using Base = detail::SequenceOf<Sequential, typename detail::Sized<X, std::tuple<>, Layers...>::type>;
  using Base::Base;
  /// What it gives for that input.
  using output_type = decltype(Base::template Output<X>::make());
#ifdef __clang__  // whose message of an incomplete type is longer
  static_assert(detail::accepted<output_type>);
#else
  static_assert(sizeof(output_type) > 0);
#endif
};

/// A typed module that is a member of another one: an nn::Child of the untyped module, whose calls are checked at the user's line.
template <class L>
class Child : public nn::Child<Held<L>> {
  using Base = nn::Child<Held<L>>;
  template <class... A>
  static constexpr bool makes = Wrapped<L> && !(sizeof...(A) == 1 && (std::is_convertible_v<A, std::shared_ptr<Held<L>>> && ...));

 public:
  template <class P, class... A>
  requires(makes<A...>) Child(P* parent, std::string_view name, A&&... arguments) : Base(parent, name, L::made(std::forward<A>(arguments)...)) {}
  template <class P, class... A>
  requires(!makes<A...>) Child(P* parent, std::string_view name, A&&... arguments) : Base(parent, name, std::forward<A>(arguments)...) {}
  template <class P, class U = L>
  requires Wrapped<U> Child(P* parent, std::string_view name, const typename U::Options& options) : Base(parent, name, L::made(options)) {}

  template <AnyTyped X, class Out = OutputOf<L, X>>
  requires(Out::fine) auto operator()(const X& input) const -> decltype(Out::make()) {
    if constexpr (Wrapped<L>) return {Unchecked(), nn::call(**this, input.untyped())};
    else return nn::call(**this, input);
  }
  template <AnyTyped X, class Out = OutputOf<L, X>>
  requires(!Out::fine) auto operator()(const X& input) const -> decltype(Out::make());
  /// Untyped, or of several arguments.
  template <class... A>
  requires(sizeof...(A) != 1 || !(AnyTyped<std::remove_cvref_t<A>> && ...)) auto operator()(A&&... args) const {
    return nn::call(**this, std::forward<A>(args)...);
  }
};

}  // namespace lazuli::typed
