#pragma once
#include <any>
#include <functional>
#include <iosfwd>
#include <memory>
#include <optional>
#include <span>
#include <string>

#include "lazuli/autograd/transforms/pytree.h"
#include "lazuli/record/step_list.h"

/// Steps that are recorded once and replayed: eager code without what it costs to go through it. docs/recording.md tells what is seen and what is not.
namespace lazuli {

struct RecordOptions {
  /// Results lie in the same memory after each call, which the next one overwrites; otherwise they are new tensors.
  bool reuse_outputs = false;
  /// What cannot be recorded runs as it is, each time; otherwise it is an Error.
  bool or_eager = false;
  /// Values that are read in the middle (`item()`, counts that sizes depend on) are cuts that the step goes on by, one recording for each value: for codes, counts and conditions, not for numbers
  /// that are others each time.
  bool cut_at_reads = false;
  /// Each replay is held against the step as it is, call by call and bit by bit; an Error names the first call that differs. Slow.
  bool check = false;
  /// Each call is timed, for `to_string`.
  bool timed = false;
  /// What takes little to compute and much memory to keep (activations, norms, copies) is computed again where it is read late. The bits are the same.
  bool recompute = true;
  /// Runs of pointwise calls become one pass over memory; duplicate calls and those whose results nobody reads go (docs/fusion.md). The bits are the same. Calls that are checked stay as they are.
  bool fuse = true;
  /// After a few replays the calls on a device that has graphs (CUDA) are launched as one. Timed and checked calls are not, and neither are any while somebody listens, a profiler for one.
  bool graphs = true;
  /// Calls that do not wait for each other and gain little from several threads run at the same time, one thread each, where the first replays show that it takes less time. The bits are the same.
  bool side_by_side = true;
  /// How many signatures are kept; the one that was not used for longest goes.
  int64_t signatures = 16;
  /// What rewrites the list before its memory is planned, in this order, in the place of what `fuse` does.
  std::vector<recording::Pass> passes = {};
};

namespace recording {

/// A recorded step, whatever its types. For any thread, one call at a time.
class Step {
 public:
  /// How the callable is run: with these tensors among its arguments, and `settle` called for each tensor of its result.
  using Settle = std::function<void(Tensor&)>;
  using Run = std::function<void(const std::vector<Tensor>& given, const Settle& settle)>;

  Step(std::string name, RecordOptions options);
  ~Step();
  Step(const Step&) = delete;

  /// Replays, and gives the results in `outputs` and what was kept with the recording in `prototype`; or runs and records, false.
  bool call(const std::vector<Tensor>& inputs, const std::string& constants, const Run& run, std::vector<Tensor>& outputs,
            const std::any*& prototype);
  /// What the run that was just recorded returned, without its tensors' values, to be given with each replay of it.
  void keep_prototype(std::any prototype);

  struct Counts {
    int64_t replays = 0, recordings = 0, eager_calls = 0, signatures = 0;
  };
  Counts counts() const;
  std::string text() const;
  std::string plan_text() const;
  std::string why() const;
  void forget();

 private:
  struct Entry;
  struct Signature;
  struct Implementation;
  std::unique_ptr<Implementation> self_;
};

template <class T>
concept Tree = std::is_base_of_v<Tensor, T> || std::is_same_v<T, StateDict> || pytree::detail::is_optional<T> || pytree::detail::TupleLike<T> ||
    pytree::detail::Sequence<T> || requires(T& t) {
  t.tensors();
};

/// What of an argument is part of the signature by its value.
template <class T>
void add_constant(std::string& text, const T& value) {
  if constexpr (std::is_arithmetic_v<T> || std::is_enum_v<T>) text.append(reinterpret_cast<const char*>(&value), sizeof(value));
  else if constexpr (std::is_convertible_v<const T&, std::string_view>) text.append(std::string_view(value)).push_back('\0');
  else if constexpr (std::is_convertible_v<const T&, std::span<const int64_t>>) {
    for (int64_t n : std::span<const int64_t>(value)) add_constant(text, n);
    text.push_back('\0');
  } else if constexpr (!std::is_copy_constructible_v<T>) add_constant(text, reinterpret_cast<uintptr_t>(&value));  // a module
  else static_assert(Tree<T>, "an argument of a recorded step is a tensor, something that holds tensors, a number, a code, a text, or a module");
}
}  // namespace recording

/// A callable whose calls are recorded and replayed (see `record`). Copies share their recordings.
template <class F>
class RecordedStep {
 public:
  RecordedStep(F&& callable, RecordOptions options)
      : callable_(std::make_shared<pytree::CalleeOf<F>>(pytree::CalleeOf<F>{std::forward<F>(callable)})),
        step_(std::make_shared<recording::Step>("step", std::move(options))) {}

  template <class... A>
  auto operator()(A&&... args) const {
    using Result = std::remove_cvref_t<decltype((*callable_)(std::declval<std::remove_cvref_t<A>&>()...))>;
    std::vector<Tensor> inputs, outputs;
    std::string constants;
    (collect(args, inputs, constants), ...);
    const std::any* prototype = nullptr;
    if constexpr (std::is_void_v<Result>) {
      step_->call(
          inputs, constants,
          [&](const std::vector<Tensor>& given, const recording::Step::Settle&) {
            [[maybe_unused]] size_t at = 0;
            std::tuple<Given<A>...> arguments{with(args, given, at)...};
            std::apply([&](auto&... a) { (*callable_)(a...); }, arguments);
          },
          outputs, prototype);
    } else {
      std::optional<Result> result;
      const bool replayed = step_->call(
          inputs, constants,
          [&](const std::vector<Tensor>& given, const recording::Step::Settle& settle) {
            [[maybe_unused]] size_t at = 0;
            std::tuple<Given<A>...> arguments{with(args, given, at)...};
            result.emplace(std::apply([&](auto&... a) -> Result { return (*callable_)(a...); }, arguments));
            pytree::visit(*result, settle);
            if constexpr (!std::is_base_of_v<Tensor, Result>) {
              Result shape = *result;
              pytree::visit(shape, [](Tensor& t) { t = Tensor(); });
              step_->keep_prototype(std::move(shape));
            }
          },
          outputs, prototype);
      if (!replayed) return std::move(*result);
      if constexpr (std::is_base_of_v<Tensor, Result>) return Result(outputs[0]);
      else return pytree::rebuild(*std::any_cast<Result>(prototype), outputs);
    }
  }

  /// How many calls were replayed, recorded, and run as they are; and how many signatures are kept.
  int64_t replays() const { return step_->counts().replays; }
  int64_t recordings() const { return step_->counts().recordings; }
  int64_t eager_calls() const { return step_->counts().eager_calls; }
  int64_t signatures() const { return step_->counts().signatures; }
  /// Why calls run as they are (RecordOptions::or_eager), or why two recordings differ; empty where they do not.
  std::string why() const { return step_->why(); }
  /// The memory plan of the newest recording: bytes over time, and by module.
  std::string plan() const { return step_->plan_text(); }
  /// Drops all recordings.
  void forget() { step_->forget(); }
  /// The newest recording: its calls and buffers.
  friend std::string to_string(const RecordedStep& step) { return step.step_->text(); }
  friend std::ostream& operator<<(std::ostream& out, const RecordedStep& step) { return out << step.step_->text(); }

 private:
  template <class A>
  using Given = std::conditional_t<recording::Tree<std::remove_cvref_t<A>>,
                                   std::conditional_t<std::is_base_of_v<Tensor, std::remove_cvref_t<A>>, Tensor, std::remove_cvref_t<A>>,
                                   std::remove_reference_t<A>&>;
  template <class A>
  static void collect(A& arg, std::vector<Tensor>& inputs, std::string& constants) {
    using T = std::remove_cvref_t<A>;
    if constexpr (std::is_base_of_v<Tensor, T>) {
      inputs.push_back(arg);
    } else if constexpr (recording::Tree<T>) {
      const std::vector<Tensor> leaves = pytree::leaves(arg);
      recording::add_constant(constants, leaves.size());
      inputs.insert(inputs.end(), leaves.begin(), leaves.end());
    } else {
      recording::add_constant(constants, arg);
    }
  }
  template <class A>
  static decltype(auto) with(A& arg, const std::vector<Tensor>& given, size_t& at) {
    using T = std::remove_cvref_t<A>;
    if constexpr (std::is_base_of_v<Tensor, T>) return Tensor(given[at++]);
    else if constexpr (recording::Tree<T>) return pytree::rebuild(T(arg), given, at);
    else return (arg);
  }

  std::shared_ptr<pytree::CalleeOf<F>> callable_;
  std::shared_ptr<recording::Step> step_;
};

/// `f`, recorded: any callable of tensors, of what holds tensors, and of numbers, with the modules, optimizers, generators and schedulers that it captures.
///
///   auto step = record([&](const Tensor& x, const Tensor& y) {
///     adam.zero_grad();
///     Tensor loss = cross_entropy(model(x), y);
///     loss.backward();
///     adam.step();
///     return loss;
///   });
///   for (auto& [x, y] : loader) total += step(x, y);
///
/// The first calls with a signature (sizes, strides, dtypes, devices and requires_grad of the tensors, values of the numbers, modes of the thread and of the modules) run as they are while
/// their slot calls are listed, forward, backward and optimizer alike. Once two of them in a row were the same list, later calls run that list and nothing else, on planned memory: the same bits
/// as eager ones. Learning rates, step counts and places in random streams go on as they would. Results are without history.
/// Throws Error (NotSupported) naming the function and the line of the program for a value that is read in the middle (see `cut_at_reads` and `record_cut`), and (State) for calls that are not
/// the same from step to step.
template <class F>
RecordedStep<F> record(F&& f, RecordOptions options = {}) {
  return RecordedStep<F>(std::forward<F>(f), std::move(options));
}

/// A cut in a recorded step: `f` runs now, and at this place of each replay, as it is. It reads tensors of the step that it holds (capture them by value), arguments and results among them, and may
/// write into them, but what it makes itself is not seen by the step. Outside of a recording it just runs.
///   record_cut([loss = loss.detach(), &log] { log.push_back(loss.item<double>()); });
void record_cut(std::function<void()> f);

namespace recording {
Scalar decide(std::function<Scalar()> find);
template <class T>
concept Decision = std::is_arithmetic_v<T> || std::is_enum_v<T>;
}  // namespace recording

/// A cut that the step goes on by: `f` runs now, and at this place of each replay, and a replay goes on as the recording in which it gave the same. So it gives one of few values: a condition, a
/// code. Tensors it only reads, and it runs once a call, also where the call has to be recorded.
///   if (record_cut([norm] { return std::isfinite(norm.item<double>()); })) adam.step();
template <class F>
requires recording::Decision<std::invoke_result_t<F&>> std::invoke_result_t<F&> record_cut(F f) {
  using Result = std::invoke_result_t<F&>;
  if constexpr (std::is_enum_v<Result>) {
    return Result(record_cut([f]() mutable { return std::underlying_type_t<Result>(f()); }));
  } else {
    return recording::decide([f]() mutable { return Scalar(f()); }).template to<Result>();
  }
}

}  // namespace lazuli
