#pragma once
#include <functional>
#include <span>
#include <string_view>
#include <vector>

#include "lazuli/core/tensor.h"

/// What a recorder of steps (record/) has to know besides the events of slots: code on the host that does not run again when the recorded calls are replayed. The library's own code
/// that lies between slot calls and changes from step to step tells it here. While nobody records it costs one branch a place.
namespace lazuli {

/// Code on the host that knows no other tensors than these.
using HostFunction = std::function<void(std::span<Tensor> outputs, std::span<const Tensor> inputs)>;

class StepObserver {
 public:
  virtual ~StepObserver() = default;
  /// The next slot call has an argument at `value`, which `refresh` writes anew before that call in each replay.
  virtual void argument(const void* value, std::function<void(void* value)> refresh) = 0;
  /// Counts and rates have changed by what `run` does: it runs at this place of each replay. `save` gives a function that takes one such change back.
  virtual void numbers(std::string_view name, std::function<void()> run, std::function<std::function<void()>()> save) = 0;
  /// Runs `run` now, unrecorded, and at this place of each replay.
  virtual void region(std::string_view name, std::function<void()> run) = 0;
  /// Runs `f` now, unrecorded, and as one call of each replay. `place`: what `f` takes from the stream of a generator, anew in each replay.
  virtual void host_function(std::string_view name, std::span<Tensor> outputs, std::span<const Tensor> inputs, const HostFunction& f,
                             PhiloxState* place) = 0;
  /// Runs `run` now and never in a replay: what it makes counts as if it had been there before the step.
  virtual void initialize(const std::function<void()>& run) = 0;
  /// The recording serves a step only where this holds at its beginning.
  virtual void guard(std::function<bool()> holds) = 0;
  /// `generator`, whose state lies at `stream`, gave `counters` blocks from `at` on; or was set to go on at `at`.
  virtual void drawn(const Generator& generator, const void* stream, const PhiloxState& at, uint64_t counters) = 0;
  virtual void placed(const Generator& generator, const void* stream, const PhiloxState& at) = 0;
  /// The host has written this new storage, or made it without asking an allocator.
  virtual void made_on_host(Storage& storage) = 0;
  /// The elements of `from` go to another device, or are copied as they are.
  virtual void transfer(Tensor& to, const Tensor& from, bool non_blocking) = 0;
  /// Somebody looks at a leaf's gradient, or has given it another tensor.
  virtual void gradient_read(const Tensor& leaf) = 0;
  virtual void gradient_set(const Tensor& leaf) = 0;
  /// A module (nn/module/module.h) dies.
  virtual void module_gone(const void* module) noexcept = 0;
  /// Throws the Error of a step that cannot be recorded: `function` does `what`.
  virtual void refuse(std::string_view function, std::string_view what) = 0;
};

namespace detail {
/// That of the step that this thread is recording; null outside, and inside of regions.
extern thread_local constinit StepObserver* step_observer;

/// While it lives, what happens is not told to the observer.
class Unobserved {
 public:
  Unobserved() : before_(step_observer) { step_observer = nullptr; }
  ~Unobserved() { step_observer = before_; }
  Unobserved(const Unobserved&) = delete;
  Unobserved& operator=(const Unobserved&) = delete;

 private:
  StepObserver* before_;
};

/// What recorded steps rely on and cannot see themselves has changed: an optimizer's state was replaced. They are recorded again.
void count_structural_change();
uint64_t structural_changes();

/// For `StepObserver::numbers`: takes changes of these numbers back.
template <class T>
std::function<std::function<void()>()> saving(std::vector<T*> numbers) {
  return [numbers] {
    std::vector<T> values;
    for (const T* n : numbers) values.push_back(*n);
    return [numbers, values] {
      for (size_t i = 0; i < numbers.size(); ++i) *numbers[i] = values[i];
    };
  };
}
}  // namespace detail

/// A new tensor that the host fills with numbers that it knows: the same in each replay of a recorded step.
inline Tensor filled_by_host(Tensor t) {
  if (detail::step_observer && t.storage()) [[unlikely]]
    detail::step_observer->made_on_host(*t.storage());
  return t;
}

/// A loop on the host, or a look at values: runs `f`, which reads `inputs`, writes all of `outputs` and knows no other tensors, now and as a call of each replay of a recorded step. What it
/// throws, replays throw. Kernels are better; this is for what is rare.
///   host_function("frexp", {mantissa, exponent}, {x}, [](std::span<Tensor> out, std::span<const Tensor> in) { ... });
/// One that draws random numbers keeps its place in the stream in an object that `f` shares, which is written anew for each replay.
inline void host_function(std::string_view name, std::vector<Tensor> outputs, const std::vector<Tensor>& inputs, const HostFunction& f,
                          PhiloxState* place = nullptr) {
  if (detail::step_observer) [[unlikely]]
    return detail::step_observer->host_function(name, outputs, inputs, f, place);
  f(outputs, inputs);
}

/// A number, or a struct of numbers, for a slot's argument that is another in each step: `numbers()` now, and again at each replay of a recorded step. It is named where the slot is called:
///   const EachStep<StepOptions> options([this, &state] { return StepOptions{.lr = lr() / state.number("step")}; });
///   optimizer_step_kernel(device, rule, p, grad, s, t, u, options.value);
template <class T>
struct EachStep {
  T value;
  template <class F>
  explicit EachStep(F numbers) : value(numbers()) {
    if (detail::step_observer) [[unlikely]]
      detail::step_observer->argument(&value, [numbers](void* to) { *static_cast<T*>(to) = numbers(); });
  }
  EachStep(const EachStep&) = delete;
  EachStep& operator=(const EachStep&) = delete;
};

}  // namespace lazuli
