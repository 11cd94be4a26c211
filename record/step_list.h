#pragma once
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "lazuli/core/scalar.h"
#include "lazuli/core/slots/step_observer.h"
#include "lazuli/record/slot_table.h"

/// A step as a list: the slot calls that it is made of, in order, on buffers. Recording makes one (record/recorder.h), passes rewrite it, a plan places its buffers (record/plan.h), and a
/// runner runs it (record/runner.h). It knows no gradients and no modules.
namespace lazuli::recording {

/// Whose memory a buffer is.
enum class BufferRole : uint8_t {
  Input,      // of an argument of the step: bound at each run
  Captured,   // was there before the step: parameters, state. It stays where its owner sees it, and may be written
  Constant,   // made on the host while the step was recorded; never written
  Kept,       // made by the step, and somebody holds it afterwards: gradients. The same memory in each run
  Output,     // returned: new memory for each run, or the same one
  Temporary,  // placed by the plan
};
std::string_view name(BufferRole role);

/// The memory of one storage, without a dtype.
struct Buffer {
  BufferRole role = BufferRole::Temporary;
  int64_t bytes = 0;
  Device device;
  Ref<Storage> storage;  // of Captured, Constant and Kept; of Input where actions hold it: through this one they see each run's argument
  int32_t input = -1;    // of Input: which tensor among the arguments
  bool planned = false;  // of Kept: the plan places it as it does temporary ones, and others have its memory before it is written
};

/// A tensor in a buffer.
struct BufferView {
  int32_t buffer = -1;  // -1: an undefined tensor
  DType dtype = kFloat32;
  Shape sizes, strides;  // in elements
  int64_t offset = 0;    // in elements, from the buffer's begin

  bool defined() const { return buffer >= 0; }
  bool operator==(const BufferView&) const = default;
};

/// An argument of a call. Values are owned, and never shared by two arguments.
struct CallArgument {
  SlotArgument::Kind kind = SlotArgument::Kind::Input;
  std::vector<BufferView> views;    // one for Output and Input, any number for Inputs
  const ValueType* type = nullptr;  // of all other kinds
  std::shared_ptr<void> value;      // an object of that type
  /// Writes the value anew before each run's call: a learning rate, a place in the random stream. Such an argument is no constant.
  std::function<void(void* value)> refresh;

  static CallArgument output(const BufferView& view) { return {SlotArgument::Kind::Output, {view}, nullptr, nullptr, nullptr}; }
  static CallArgument input(const BufferView& view) { return {SlotArgument::Kind::Input, {view}, nullptr, nullptr, nullptr}; }
  static CallArgument inputs(std::vector<BufferView> views) { return {SlotArgument::Kind::Inputs, std::move(views), nullptr, nullptr, nullptr}; }
  template <class T>
  static CallArgument of(const T& value) {
    return {SlotArgument::of<const T>(value).kind(), {}, ValueType::of<T>(), std::make_shared<T>(value), nullptr};
  }
  bool is_tensor() const { return !type; }
  /// The value, if it is a T; else null.
  template <class T>
  T* as() const {
    return type && *type->type == typeid(T) ? static_cast<T*>(value.get()) : nullptr;
  }
  CallArgument copy() const;
  /// Of views and values; of refreshed ones only that both are.
  bool same_as(const CallArgument& other) const;
};

/// Something that runs on the host between calls.
struct HostAction {
  enum class Kind : uint8_t {
    Numbers,   // counts and rates of optimizers and schedulers: no tensors
    Gradient,  // gives a leaf its gradient, or takes it away: no elements are read or written
    Region,    // any code, with any Captured, Constant and Kept buffers: nothing is moved across it
    Function   // a loop over elements: it reads and writes the call's arguments and nothing else
  };
  Kind kind = Kind::Numbers;
  std::string name;
  std::function<void()> run;
  /// Gives a function that undoes what `run` does to numbers; none where nobody knows how.
  std::function<std::function<void()>()> save;
  std::vector<const void*> subjects;   // what it is about: two actions of one name and kind with the same subjects are the same
  HostFunction function;               // of Function, in the place of `run`
  std::vector<Tensor> gradients = {};  // of Gradient: what leaves are given
  /// Of a Region or Function that decides how the step goes on, and changes nothing: what it found. A replay that finds something else is no replay of this step (record/decisions.h).
  std::optional<Scalar> found = {};
};

/// A slot call, or a host action where `slot` is null.
struct ListedCall {
  KernelBase* slot = nullptr;
  lazuli::detail::CallAt call = nullptr;
  Device device;
  std::vector<CallArgument> arguments;
  HostAction action;
  std::string module;   // the path of the module that it belongs to, and " backward"
  int32_t number = -1;  // its place among what was recorded; -1: a pass has made it

  bool is_action() const { return !slot; }
  /// A call of `slot` with these arguments, which are of its types.
  static ListedCall of(const SlotType& slot, Device device, std::vector<CallArgument> arguments);
  /// Calls f(view, written) for each tensor that is there.
  template <class F>
  void for_each_view(F&& f) const {
    for (const CallArgument& a : arguments)
      for (const BufferView& v : a.views)
        if (v.defined()) f(v, a.kind == SlotArgument::Kind::Output);
  }
};

/// Neighbouring calls that run at the same time: those of one lane in their order, in a thread (record/side_by_side.h).
struct SideBySide {
  int32_t begin = 0, end = 0;
  std::vector<uint8_t> lane;  // of each call
  int lanes() const;
};

/// What a step is. `calls` run in order; a call may read and write only what a call before it has written, or what is an Input, Captured, Constant or Kept.
struct StepList {
  std::vector<Buffer> buffers;
  std::vector<ListedCall> calls;
  std::vector<BufferView> outputs;            // what the step returns, in order; perhaps undefined
  std::vector<BufferView> inputs;             // its arguments
  std::vector<SideBySide> side_by_side = {};  // by their begin; none for a list whose calls run one after the other

  StepList() = default;
  StepList(StepList&&) = default;
  StepList& operator=(StepList&&) = default;
  /// Values are copied; captured memory is shared.
  StepList copy() const;

  int32_t add_buffer(BufferRole role, int64_t bytes, Device device);
  /// A new contiguous tensor in a buffer of its own.
  BufferView add_temporary(const Shape& sizes, DType dtype, Device device);
};

/// First and last call that has to do with a buffer; `written`: the first that writes it. -1: none. Outputs and Kept ones are used to the end.
struct Lifetime {
  int32_t first = -1, last = -1, written = -1;
  int32_t open = -1;  // `first`, or the first call that runs at the same time as one that has to do with it
};
std::vector<Lifetime> lifetimes(const StepList& list);

/// A pass: rewrites a list in place. What it leaves keeps its order, and buffers that nothing uses any more may stay in `buffers`.
using Pass = std::function<void(StepList&)>;

/// "matmul", "binary.Add", or the name of an action.
std::string name_of(const ListedCall& call);
/// A line for each call: "12 matmul(out %7 float32[64, 128], ...) fc1". `%7`: buffers, with their roles below.
std::string to_string(const StepList& list);

/// Where two lists differ first, in words; empty where they are the same step. Buffers count as the same when they are used at the same places, and are the same memory, or
/// (Constant) the same bytes, or neither is memory of before.
std::string difference(const StepList& a, const StepList& b);

}  // namespace lazuli::recording
