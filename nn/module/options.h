#pragma once
#include "lazuli/core/by_position.h"
#include "lazuli/nn/module/child.h"

/// Layers whose options are one described struct.
///
/// Classes end their constructors with `explicit Linear(...) = delete;`, the worst match of all: a call that none of them takes is then one message, which shows that line and what it says.
/// It is a template where the class has a default constructor. Where a single argument may be sizes, which the dots would take too, it is `LayerNorm(const Shape&, ...)`, a template as well,
/// and a second one for what is no sizes, `LayerNorm(const detail::NotA<Shape> auto&, ...)`.
/// Options may also stand by position, in PyTorch's order, `Conv2d(1, 32, 3, 1)`, `LSTM(10, 20, 2)`: a constructor of its own takes what `detail::ByPosition` allows. Where some are sizes,
/// which may stand in braces, it takes two and more as `detail::Position`; a single one in braces is the struct (core/in_braces.h). The struct may also stand behind the first positions,
/// `Conv2d(3, 8, 3, 1, 1, {.bias = false})`: by constructors that are templates, so that numbers in braces there are a position.
///
/// Options of a module that has parameters or buffers end with where these are made and of which dtype, as PyTorch's arguments do:
///   std::optional<Device> device = {};
///   std::optional<DType> dtype = {};
/// Unset they are the thread's defaults (core/settings.h). Names in braces are those of the struct itself, not of a base, so each has the two lines; all else knows them by SaysDevice: they are
/// not listed in `members`, nor printed, but are given by name in `make_module`, and nn/module/factory.h makes the tensors.
namespace lazuli::nn {

template <class O>
concept SaysDevice = requires(O& options) {
  options.device = Device();
  options.dtype = kFloat32;
};

namespace detail {
/// A first argument that can be no Wanted, nor a module that is moved.
template <class A, class Wanted>
concept NotA = !std::is_convertible_v<A, Wanted> && !std::is_base_of_v<Module, A>;

template <class O>
const O& checked(std::string_view module, const O& options) {
  static_assert(!requires_braces<O>, "options that begin with sizes have members for numbers in braces");
  check_members(module, options);
  return options;
}
template <TakesBraces O>
O checked(std::string_view module, const O& given) {
  O options = given;
  take_braces(options);
  check_members(module, options);
  return options;
}

using lazuli::detail::ByPosition, lazuli::detail::MemberAt, lazuli::detail::positional, lazuli::detail::positional_and, lazuli::detail::StandsFor;

/// Member K of Options by position, where numbers in braces may be it: `Conv2d(3, 8, 5, {2, 1}, {1, 2})`. Nothing, where there are not so many members.
template <class Options, size_t K, bool = (K < decltype(Options::members())::count)>
class Position {
 public:
  void set(Options&) const {}
};
template <class Options, size_t K>
class Position<Options, K, true> {
  using Member = MemberAt<Options, K>;

 public:
  Position() = default;
  template <class A>
  requires StandsFor<Member, A> Position(const A& value) : value_(value) {}
  template <SizeNumber A, SizeNumber... Sizes>
  requires(sizeof...(Sizes) > 0 && std::is_convertible_v<Shape, Member>) Position(A size, Sizes... sizes)
      : value_(Shape{int64_t(size), int64_t(sizes)...}) {}
  void set(Options& options) const {
    if (value_) lazuli::detail::set_by_position<K>(options, *value_);
  }

 private:
  std::optional<Member> value_;
};
template <class Options, size_t... K>
Options positions_and(Options rest, const Position<Options, K>&... values) {
  lazuli::detail::set_next_in_braces<sizeof...(K)>(rest);
  (values.set(rest), ...);
  return rest;
}
template <class Options, size_t... K>
Options from_positions(const Position<Options, K>&... values) {
  return positions_and(Options(), values...);
}
}  // namespace detail

/// Base of layers that take a struct of options: it is kept, printed, and what `clone` and construction by name make them from.
template <class O>
class WithOptions : public TensorModule {
 public:
  using Options = O;
  explicit WithOptions(const O& o = {}) : options(o) {}
  O options;
};

}  // namespace lazuli::nn
