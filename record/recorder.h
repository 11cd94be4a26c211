#pragma once
#include <optional>
#include <unordered_map>
#include <unordered_set>

#include "lazuli/core/slots/codes.h"
#include "lazuli/core/slots/events.h"
#include "lazuli/core/slots/scopes.h"
#include "lazuli/core/slots/step_observer.h"
#include "lazuli/record/decisions.h"
#include "lazuli/record/step_list.h"

namespace lazuli::nn {
class Module;
namespace detail {
struct Slot;
}
}  // namespace lazuli::nn

namespace lazuli::recording {

/// What a recording relies on and a call looks at before it replays.
class Guards {
 public:
  bool hold(std::span<const Tensor> inputs) const;

 private:
  friend class Recorder;
  struct Leaf {  // among the arguments, that actions hold
    size_t input;
    Tensor tensor;
  };
  struct LeafGradient {  // how it was at the beginning
    Tensor leaf;
    bool defined;
    const Storage* memory;
    Ref<Storage> storage;  // null: whichever
  };
  struct Captured {
    Tensor tensor;
    Ref<Storage> storage;
    bool requires_grad;
  };
  struct ModuleState {
    nn::Module* module;
    bool training;
  };
  struct ModuleTensor {
    std::shared_ptr<nn::detail::Slot> slot;
    Captured state;
  };
  std::vector<Leaf> leaves_;
  std::vector<LeafGradient> gradients_;
  std::vector<Captured> captured_;
  std::vector<ModuleState> modules_;
  std::vector<ModuleTensor> module_tensors_;
  std::vector<std::function<bool()>> others_;
  uint64_t structural_changes_ = 0;
};

/// Listens on its thread while a step runs, and makes the list of its calls. Anything that is thrown leaves nothing behind.
class Recorder final : public EventListener, public ScopeListener, public StepObserver {
 public:
  /// `lenient`: what cannot be recorded throws nothing, and is told by `why_not` in the end.
  explicit Recorder(bool lenient = false);
  ~Recorder() override;
  /// The arguments, before `start`. The tensors to call the step with in their place: of the same memory, in storages of their own, so that it is known what is theirs.
  std::vector<Tensor> begin(std::span<const Tensor> inputs);
  /// `after` is told each call that is listed, with its number, once it is done. It must not throw.
  void watch(std::function<void(int32_t number, const SlotCall& call)> after) { after_ = std::move(after); }
  /// Where the step goes on by what the host finds: `reads`: at values that are read, too, which are an Error otherwise.
  void go_by(std::shared_ptr<Decisions> decisions, bool reads) {
    decisions_ = std::move(decisions);
    reads_decide_ = reads;
  }
  /// What `find` gives, now and at this place of each replay: the step goes on by it.
  Scalar decide(std::string_view name, std::function<Scalar()> find);
  /// Nothing is seen before; `stop` ends it.
  void start();
  void stop() noexcept;
  /// The list of what was seen, with the step's results, which no one but the caller holds; and without history.
  StepList finish(const std::vector<Tensor>& outputs);
  Guards guards() { return std::move(guards_); }
  struct Memory {
    int64_t before = 0, most = 0;  // bytes on the CPU: when the step began, and at most while it ran
  };
  const Memory& memory() const { return memory_; }
  const std::string& why_not() const { return why_not_; }
  /// What the step returns for `result`: without history, and memory that no action sees. Throws Error for one whose gradients are still to be computed.
  Tensor returned(const Tensor& result);

 private:
  struct Known {  // of a buffer
    const Storage* storage = nullptr;
    Ref<Storage> held;
    bool born = false, gone = false, written = false, from_host = false;
    int32_t last_writer = -1;
    Ref<Storage> before;  // the bytes of one that was made on the host, before a call writes it
    int32_t first_call = -1;
  };
  struct Draw {
    uint64_t seed, offset, counters;
    size_t segment;
  };
  // A generator between two regions: it moves on by `advance` in each replay, from `base` on.
  struct Segment {
    Generator generator;
    const void* stream;
    PhiloxState first;
    uint64_t furthest = 0;
    std::shared_ptr<PhiloxState> base;
    std::shared_ptr<uint64_t> advance;
    bool absolute = false;  // somebody set it: it begins at the same place each time
    bool open = true;
  };

  // EventListener
  void call_begins(const SlotCall& call) override;
  void call_ends(const SlotCall& call, bool threw) noexcept override;
  void value_read(const Tensor& t) override;
  void host_loop(std::string_view function, Device device) override;
  void allocated(const Allocation& memory) noexcept override;
  void freed(const Allocation& memory) noexcept override;
  // ScopeListener
  void scope_begins(const Scope& scope) noexcept override;
  void scope_ends(const Scope& scope) noexcept override;
  void operator_recorded(std::string_view name, const void* node) noexcept override;
  // StepObserver
  void argument(const void* value, std::function<void(void*)> refresh) override;
  void numbers(std::string_view name, std::function<void()> run, std::function<std::function<void()>()> save) override;
  void region(std::string_view name, std::function<void()> run) override;
  void host_function(std::string_view name, std::span<Tensor> outputs, std::span<const Tensor> inputs, const HostFunction& f,
                     PhiloxState* place) override;
  void initialize(const std::function<void()>& run) override;
  void guard(std::function<bool()> holds) override;
  void drawn(const Generator& generator, const void* stream, const PhiloxState& at, uint64_t counters) override;
  void placed(const Generator& generator, const void* stream, const PhiloxState& at) override;
  void made_on_host(Storage& storage) override;
  void transfer(Tensor& to, const Tensor& from, bool non_blocking) override;
  void gradient_read(const Tensor& leaf) override;
  void gradient_set(const Tensor& leaf) override;
  void module_gone(const void* module) noexcept override;
  void refuse(std::string_view function, std::string_view what) override;

  template <class F>
  void unseen(bool as_region, F&& f);
  void add_call(ListedCall call);
  void add_action(HostAction action);
  bool takes_fresh_values(const SlotCall& call) const;
  void list_call(const SlotCall& call);
  enum class Access : uint8_t { Reads, Changes, Overwrites };
  BufferView view_of(const Tensor& t, Access access);
  int32_t buffer_of(const Tensor& t, Access access);
  int32_t new_buffer(const Ref<Storage>& storage, BufferRole role);
  void about_to_write(int32_t buffer);
  std::function<void(void*)> fresh_place(const PhiloxState& place);
  Segment* open_segment(const void* stream);
  Segment& begin_segment(const Generator& generator, const void* stream, const PhiloxState& now, bool absolute);
  void end_segments();
  bool made_here(const Tensor& t) const;
  void list_gradients();
  void read_decides(const Tensor& t);
  void need_way_back(std::string_view function);
  void restore_constants();
  void settle_roles(const std::vector<Tensor>& outputs);
  bool seen_by_actions(int32_t from) const;
  void find_inputs_of_actions();

  StepList list_;
  Guards guards_;
  std::vector<Known> known_;
  std::unordered_map<const void*, int32_t> live_;         // by the first byte
  std::unordered_map<const Storage*, int32_t> input_of_;  // of the storages that inputs got
  std::unordered_set<const void*> born_, born_in_region_;
  std::unordered_set<const Storage*> numbers_;
  std::vector<Ref<Storage>> held_numbers_;
  std::vector<Tensor> inputs_;
  std::vector<std::pair<uint32_t, uint32_t>> holders_;                 // of each input's tensor and of its memory, before the step
  std::unordered_map<const void*, std::function<void(void*)>> fresh_;  // of arguments of the next call
  Memory memory_;
  int64_t bytes_now_ = 0;
  std::vector<bool> open_calls_;  // whether each was listed as a whole
  int inside_ = 0;                // of such calls
  int paused_ = 0, in_region_ = 0;
  std::vector<Segment> segments_;
  std::vector<Draw> draws_;
  std::vector<Tensor> changed_leaves_;
  std::unordered_set<const TensorBody*> leaf_seen_;
  std::unordered_set<int32_t> gradient_buffers_;
  std::vector<std::string> paths_;
  std::unordered_map<const void*, std::string> node_paths_;
  std::unordered_set<const void*> backward_seen_;
  std::vector<nn::Module*> modules_;
  std::unordered_set<const TensorBody*> captured_seen_;
  std::optional<Listening> listening_;
  std::optional<lazuli::detail::ScopeListening> scopes_;
  StepObserver* observer_before_ = nullptr;
  bool running_ = false;
  const bool lenient_;
  std::shared_ptr<Decisions> decisions_ = std::make_shared<Decisions>();
  bool reads_decide_ = false;
  std::function<void(int32_t, const SlotCall&)> after_;
  std::string why_not_;  // it goes on without a list
};

}  // namespace lazuli::recording
