#pragma once
#include "lazuli/autograd/transforms/derivative.h"
#include "lazuli/autograd/transforms/pytree.h"
#include "lazuli/core/error.h"

/// How a transform runs its function: with some of the arguments entered.
namespace lazuli::func::detail {

template <class F>
using Callable = pytree::CalleeOf<F>;

/// The arguments that a derivative is taken with respect to, by compile-time number.
template <size_t... I>
struct At {
  static bool has(size_t i) { return ((i == I) || ...); }
  void check(const char* op, size_t count) const {
    if (((I >= count) || ...)) fail(op, "argnums", "numbers of the function's " + std::to_string(count) + " arguments", "a greater one");
  }
  /// What comes out for the arguments, whose derivatives `all` are in order.
  template <class Args>
  static auto result(const Args& args, const std::vector<Tensor>& all, size_t& at) {
    if constexpr (sizeof...(I) == 1) return (pytree::rebuild(std::get<I>(args), all, at), ...);
    else return std::tuple{pytree::rebuild(std::get<I>(args), all, at)...};
  }
};
/// By run-time number, of tensors. `one`: a Tensor comes out, else a vector.
struct Argnums {
  std::vector<int64_t> numbers;
  bool has(size_t i) const {
    for (int64_t n : numbers)
      if (n == int64_t(i)) return true;
    return false;
  }
  void check(const char* op, size_t count) {
    for (int64_t& n : numbers) {
      if (n < -int64_t(count) || n >= int64_t(count))
        fail(ErrorKind::Index, op, "argnums", "numbers of the function's " + std::to_string(count) + " arguments", std::to_string(n));
      if (n < 0) n += int64_t(count);
    }
  }
};
struct OneArgument : Argnums {
  template <class Args>
  static Tensor result(const Args&, const std::vector<Tensor>& all, size_t& at) {
    return all.at(at++);
  }
};
struct SomeArguments : Argnums {
  template <class Args>
  std::vector<Tensor> result(const Args&, const std::vector<Tensor>& all, size_t& at) const {
    std::vector<int64_t> order = numbers;  // `all` is in the order of the arguments
    std::vector<Tensor> out;
    for (int64_t n : numbers) {
      size_t place = 0;
      for (int64_t other : numbers) place += other < n;
      out.push_back(all.at(at + place));
    }
    at += numbers.size();
    return out;
  }
};

/// Calls f(tree) for each argument that is selected.
template <class Args, class Selected, class F>
void for_selected(Args& args, const Selected& selected, F&& f) {
  size_t i = 0;
  std::apply([&](auto&... each) { ((selected.has(i++) ? f(each) : void()), ...); }, args);
}

/// A result that is no tensor but has one first: the loss, with more beside it.
template <class R>
inline constexpr bool has_more = !pytree::is_tensor<R>;
template <class R>
Tensor loss_of(R& result) {
  if constexpr (has_more<R>) return Tensor(std::get<0>(result));
  else return Tensor(result);
}

/// One run of `f` with selected arguments entered.
template <class F, class Selected, class... A>
class Run {
 public:
  Run(const char* op, F& f, Selected selected, A&&... args) : args(std::forward<A>(args)...), selected_(std::move(selected)) {
    selected_.check(op, sizeof...(A));
    std::vector<Tensor> of;
    for_selected(this->args, selected_, [&](auto& tree) { pytree::visit(tree, [&](Tensor& t) { of.push_back(t); }); });
    derivative = std::make_shared<Derivative>(op, of);
    auto entered = this->args;
    size_t at = 0;
    for_selected(entered, selected_, [&](auto& tree) { pytree::visit(tree, [&](Tensor& t) { t = derivative->inputs()[at++]; }); });
    result.emplace(std::apply([&](auto&... each) { return f(each...); }, entered));
  }
  auto in_form(const std::vector<Tensor>& all) const {
    size_t at = 0;
    return selected_.result(args, all, at);
  }
  using Result = std::remove_cvref_t<decltype(std::declval<F&>()(std::declval<pytree::Kept<A>&>()...))>;
  using Plain = std::conditional_t<pytree::is_tensor<Result>, Tensor, Result>;

  std::tuple<pytree::Kept<A>...> args;
  std::shared_ptr<Derivative> derivative;
  std::optional<Plain> result;

 private:
  Selected selected_;
};

/// Every argument is selected.
struct Everything {
  static bool has(size_t) { return true; }
  static void check(const char*, size_t) {}
  template <class Args>
  static auto result(const Args& args, const std::vector<Tensor>& all, size_t& at) {
    return pytree::rebuild(args, all, at);
  }
};

template <class F, class... A>
auto run_all(const char* op, F& f, A&&... args) {
  return Run<F, Everything, A...>(op, f, Everything(), std::forward<A>(args)...);
}
template <class T>
inline constexpr bool is_tuple = false;
template <class... T>
inline constexpr bool is_tuple<std::tuple<T...>> = true;
/// What stands for several arguments: a tuple of them; anything else is one.
template <class T>
auto as_tuple(const T& t) {
  if constexpr (is_tuple<T>) return t;
  else return std::tuple<pytree::Kept<T>>(t);
}

}  // namespace lazuli::func::detail
