#include <algorithm>
#include <optional>

#include "lazuli/core/slots.h"
#include "lazuli/core/slots/fused_slots.h"
#include "lazuli/record/passes.h"

namespace lazuli::recording {
namespace {

using Kind = FusedStep::Kind;

constexpr size_t kReach = 64;            // calls that one may be moved across
constexpr int64_t kLarge = 1 << 16;      // elements from which on the order in memory counts
constexpr int64_t kMostColumns = 16384;  // kept ones of a reduction over rows

// A call as a step of a program.
struct Candidate {
  FusedStep step;
  const BufferView* in[3] = {};
  const BufferView* out = nullptr;
  const Shape* sizes = nullptr;  // of the elements gone through
};

// A few buffers: looking through them is faster than any order.
class Buffers {
 public:
  void add(int32_t buffer) {
    if (!has(buffer)) all_.push_back(buffer);
  }
  void add(const Buffers& others) {
    for (const int32_t b : others.all_) add(b);
  }
  bool has(int32_t buffer) const { return std::find(all_.begin(), all_.end(), buffer) != all_.end(); }
  bool meets(const Buffers& others) const {
    return std::any_of(all_.begin(), all_.end(), [&](int32_t b) { return others.has(b); });
  }
  auto begin() const { return all_.begin(); }
  auto end() const { return all_.end(); }

 private:
  std::vector<int32_t> all_;
};

bool may_fuse(DType t, Device device) { return !is_user_dtype(t) && (device.is_cpu() || !is_complex(t)); }

// Dimensions in front of others that stay, or behind them, or all.
bool at_an_end(const Shape& sizes, const Shape& reduced) {
  int changes = 0;
  int64_t kept = 1, elements = 1;
  bool last = false, first = true, first_kept = false;
  for (int64_t d = 0; d < sizes.size(); ++d) {
    if (sizes[d] == 1) continue;
    const bool stays = reduced[d] == sizes[d];
    if (first) first_kept = stays;
    else changes += stays != last;
    first = false;
    last = stays;
    elements *= sizes[d];
    if (stays) kept *= sizes[d];
  }
  if (kept == elements || changes > 1) return false;
  return first_kept || kept <= kMostColumns;
}

std::optional<Candidate> candidate(const ListedCall& call, const FusionOptions& options) {
  if (call.is_action()) return {};
  for (const CallArgument& a : call.arguments)
    if (a.refresh) return {};
  Candidate c;
  const auto& a = call.arguments;
  const auto view = [&](size_t i) { return a[i].views[0].defined() ? &a[i].views[0] : nullptr; };
  const auto take = [&](Kind kind, int code, size_t out, size_t first, size_t count) {
    c.step.kind = kind;
    c.step.code = uint8_t(code);
    c.out = view(out);
    for (size_t i = 0; i < count; ++i) c.in[i] = view(first + i);
  };
  if (call.slot == &fill_kernel) {
    take(Kind::Number, 0, 0, 0, 0);
    c.step.number[0] = *a[1].as<Scalar>();
  } else if (call.slot == &copy_kernel) {
    take(Kind::Copy, 0, 0, 1, 1);
  } else if (call.slot == &unary_kernel) {
    take(Kind::Unary, int(*a[0].as<UnaryOp>()), 1, 2, 1);
    c.step.params = *a[3].as<Params>();
  } else if (call.slot == &binary_kernel) {
    take(Kind::Binary, int(*a[0].as<BinaryOp>()), 1, 2, 2);
    c.step.params = *a[4].as<Params>();
  } else if (call.slot == &binary_number_kernel) {
    take(Kind::BinaryNumber, int(*a[0].as<BinaryOp>()), 1, 2, 1);
    c.step.number[0] = *a[3].as<Scalar>();
    c.step.number_first = *a[4].as<bool>();
  } else if (call.slot == &ternary_kernel) {
    take(Kind::Ternary, int(*a[0].as<TernaryOp>()), 1, 2, 3);
    c.step.params = *a[5].as<Params>();
  } else if (call.slot == &ternary_number_kernel) {
    take(Kind::TernaryNumber, int(*a[0].as<TernaryOp>()), 1, 2, 3);
    c.step.number[0] = *a[5].as<Scalar>();
    c.step.number[1] = *a[6].as<Scalar>();
  } else if (call.slot == &reduce_kernel && options.reductions) {
    take(Kind::Reduce, int(*a[0].as<ReduceOp>()), 1, 2, 1);
    if (!c.in[0] || !is_floating_point(c.in[0]->dtype) || *a[0].as<ReduceOp>() == ReduceOp::LogSumExp) return {};
    if (c.in[0]->sizes.numel() == 0 || !at_an_end(c.in[0]->sizes, c.out->sizes)) return {};
  } else {
    return {};
  }
  c.sizes = c.step.kind == Kind::Reduce ? &c.in[0]->sizes : &c.out->sizes;
  c.step.dtype = c.out->dtype;
  if (!may_fuse(c.step.dtype, call.device)) return {};
  // Where large tensors are read across the order in which they are written, the separate call turns them first.
  int64_t inner = -1;
  for (int64_t d = 0; d < c.out->sizes.size(); ++d)
    if (c.out->sizes[d] > 1 && c.out->strides[d] == 1) inner = d;
  for (const BufferView* in : c.in) {
    if (!in) continue;
    if (!may_fuse(in->dtype, call.device) || !(in->sizes == *c.sizes)) return {};
    if (c.sizes->numel() >= kLarge && inner >= 0 && in->strides[inner] > 1) return {};
  }
  return c;
}

// Calls that become one. Values are numbered as in a program without end: inputs from 0 on, steps from kFirstStep on.
class Group {
 public:
  static constexpr int kFirstStep = 64;

  Group(const ListedCall& call, const Candidate& c) : device_(call.device), sizes_(*c.sizes) {}

  size_t size() const { return calls_.size(); }
  const std::vector<size_t>& calls() const { return calls_; }

  // Somebody else reads or writes the buffer: what this writes there is needed in memory.
  void seen_by_another(int32_t buffer) {
    if (writes_.has(buffer)) shared_.add(buffer);
  }

  // What others see of another group's results they see of these.
  void seen_as(const Group& other) { shared_.add(other.shared_); }

  // Whether the view is a result of a call here, element by element.
  bool makes(const BufferView& view) const {
    const Known* known = find(view);
    return known && known->written && !known->reduced;
  }

  // Whether a call fits in and, unless `unrelated` ones do too, has to do with what is here. `needed(buffer)`: somebody looks at it after the call.
  template <class F>
  bool takes(const ListedCall& call, const Candidate& c, F&& needed, bool unrelated = false) const {
    if (!(call.device == device_) || !(*c.sizes == sizes_) || steps_.size() == size_t(FusedProgram::kMaxSteps)) return false;
    size_t inputs = inputs_.size();
    bool related = unrelated;
    for (const BufferView* in : c.in) {
      if (!in) continue;
      const Known* known = find(*in);
      if (known && known->reduced) return false;
      if (writes_.has(in->buffer) && has_others(*in, true)) return false;
      related |= known != nullptr;
      inputs += !known;
    }
    if (c.step.kind == Kind::Reduce) {
      const Known* from = find(*c.in[0]);
      if (!from || from->value < kFirstStep || writes_.has(c.out->buffer) || reads_.has(c.out->buffer)) return false;
      if (reduced_ && !(*reduced_ == c.out->sizes)) return false;
    } else if ((writes_.has(c.out->buffer) || reads_.has(c.out->buffer)) && has_others(*c.out, false)) {
      return false;
    }
    if (!related || inputs > size_t(FusedProgram::kMaxInputs)) return false;
    int outputs = 1;
    for (const Known& k : known_)
      if (k.written && !(k.view == *c.out) && (shared_.has(k.view.buffer) || needed(k.view.buffer))) ++outputs;
    return outputs <= FusedProgram::kMaxOutputs;
  }

  void add(size_t index, const Candidate& c) {
    FusedStep step = c.step;
    for (int k = 0; k < 3; ++k)
      if (c.in[k]) step.operand[k] = uint8_t(value_of(*c.in[k]));
    const int made = kFirstStep + int(steps_.size());
    const bool reduced = step.kind == Kind::Reduce;
    steps_.push_back(step);
    if (reduced) reduced_ = c.out->sizes;
    if (Known* known = find(*c.out)) *known = {*c.out, made, true, reduced};
    else known_.push_back({*c.out, made, true, reduced});
    writes_.add(c.out->buffer);
    calls_.push_back(index);
  }

  // The one call for all; none where nothing of it is needed, and empty where they are better left apart.
  template <class F>
  std::optional<std::vector<ListedCall>> fused(F&& needed) const {
    std::vector<bool> used(steps_.size());
    std::vector<const Known*> outputs;
    for (const Known& k : known_)
      if (k.written && (shared_.has(k.view.buffer) || needed(k.view.buffer))) {
        outputs.push_back(&k);
        used[size_t(k.value - kFirstStep)] = true;
      }
    if (outputs.empty()) return std::vector<ListedCall>();
    if (outputs.size() > size_t(FusedProgram::kMaxOutputs)) return {};
    std::vector<bool> read(inputs_.size());
    for (size_t i = steps_.size(); i-- > 0;) {
      if (!used[i]) continue;
      for (const uint8_t v : steps_[i].operand) {
        if (v < kFirstStep) read[v] = true;
        else if (v != FusedStep::kNone) used[size_t(v - kFirstStep)] = true;
      }
    }

    FusedProgram program;
    std::vector<int> numbers(kFirstStep + steps_.size());
    std::vector<BufferView> views;
    for (size_t i = 0; i < inputs_.size(); ++i)
      if (read[i]) {
        numbers[i] = program.input(inputs_[i].dtype);
        views.push_back(inputs_[i]);
      }
    for (size_t i = 0; i < steps_.size(); ++i)
      if (used[i]) numbers[kFirstStep + i] = program.repeat(steps_[i], numbers);
    // What gives the order comes first: it is not reduced, if anything is not.
    std::stable_sort(outputs.begin(), outputs.end(), [](const Known* a, const Known* b) { return a->reduced < b->reduced; });
    if (views.empty() && outputs[0]->reduced) return {};
    std::vector<CallArgument> arguments;
    for (const Known* k : outputs) {
      program.output(numbers[size_t(k->value)]);
      arguments.push_back(CallArgument::output(k->view));
    }
    while (arguments.size() < size_t(FusedProgram::kMaxOutputs)) arguments.push_back(CallArgument::output({}));
    arguments.push_back(CallArgument::inputs(std::move(views)));
    arguments.push_back(CallArgument::of(program));
    std::vector<ListedCall> one;
    one.push_back(ListedCall::of(*slot_type(fused_kernel), device_, std::move(arguments)));
    return one;
  }

 private:
  struct Known {
    BufferView view;
    int value;
    bool written, reduced;
  };
  const Known* find(const BufferView& view) const {
    const auto at = std::find_if(known_.begin(), known_.end(), [&](const Known& k) { return k.view == view; });
    return at == known_.end() ? nullptr : &*at;
  }
  Known* find(const BufferView& view) { return const_cast<Known*>(std::as_const(*this).find(view)); }
  // Whether other elements of the view's buffer, or those in another order, are (written) values here.
  bool has_others(const BufferView& view, bool written) const {
    return std::any_of(known_.begin(), known_.end(),
                       [&](const Known& k) { return k.view.buffer == view.buffer && !(k.view == view) && (k.written || !written); });
  }
  int value_of(const BufferView& view) {
    if (const Known* known = find(view)) return known->value;
    inputs_.push_back(view);
    reads_.add(view.buffer);
    known_.push_back({view, int(inputs_.size()) - 1, false, false});
    return known_.back().value;
  }

  Device device_;
  Shape sizes_;
  std::vector<size_t> calls_;
  std::vector<BufferView> inputs_;
  std::vector<FusedStep> steps_;
  std::vector<Known> known_;  // the value that each view has now
  Buffers reads_, writes_, shared_;
  std::optional<Shape> reduced_;
};

// A place in the new order: a call, or a group.
struct Item {
  size_t call = 0;
  int group = -1;
  bool barrier = false;
  Buffers reads, writes;
};

class Fusion {
 public:
  Fusion(StepList& list, const FusionOptions& options) : list_(list), options_(options), life_(lifetimes(list)), writers_(list.buffers.size()) {}

  void run() {
    for (size_t i = 0; i < list_.calls.size(); ++i) place(i);
    std::vector<ListedCall> calls;
    for (const Item& item : items_) {
      if (item.group < 0) {
        calls.push_back(std::move(list_.calls[item.call]));
        continue;
      }
      const Group& group = groups_[size_t(item.group)];
      std::optional<std::vector<ListedCall>> fused;
      if (group.size() > 1) fused = group.fused([&](int32_t b) { return kept(b); });
      if (fused) {
        for (ListedCall& call : *fused) {
          const ListedCall& first = list_.calls[group.calls()[0]];
          call.module = first.module;
          calls.push_back(std::move(call));
        }
      } else {
        for (const size_t i : group.calls()) calls.push_back(std::move(list_.calls[i]));
      }
    }
    list_.calls = std::move(calls);
  }

 private:
  bool kept(int32_t buffer) const { return list_.buffers[size_t(buffer)].role != BufferRole::Temporary || returned(buffer); }
  bool returned(int32_t buffer) const {
    return std::any_of(list_.outputs.begin(), list_.outputs.end(), [&](const BufferView& v) { return v.buffer == buffer; });
  }

  void place(size_t index) {
    const ListedCall& call = list_.calls[index];
    Item item{index, -1, call.is_action() && call.action.kind == HostAction::Kind::Region, {}, {}};
    call.for_each_view([&](const BufferView& v, bool written) { (written ? item.writes : item.reads).add(v.buffer); });
    const std::optional<Candidate> c = candidate(call, options_);
    int joined = -1;
    if (c) {
      const auto needed = [&](int32_t b) { return kept(b) || life_[size_t(b)].last > int32_t(index); };
      for (size_t at = items_.size(); at-- > 0 && at + kReach >= items_.size();) {
        Item& before = items_[at];
        if (before.barrier) break;
        if (before.group >= 0 && groups_[size_t(before.group)].takes(call, *c, needed)) {
          joined = before.group;
          groups_[size_t(joined)].add(index, *c);
          before.reads.add(item.reads);
          before.writes.add(item.writes);
          for (const BufferView* in : c->in)
            if (in) at -= join_maker(at, *in, needed);
          break;
        }
        if (item.reads.meets(before.writes) || item.writes.meets(before.reads) || item.writes.meets(before.writes)) break;
      }
    }
    for (const auto* buffers : {&item.reads, &item.writes})
      for (const int32_t b : *buffers)
        for (const int g : writers_[size_t(b)])
          if (g != joined) groups_[size_t(g)].seen_by_another(b);
    if (joined >= 0) return writes(joined, *c);
    if (c && c->step.kind != Kind::Reduce) {
      item.group = int(groups_.size());
      groups_.emplace_back(call, *c).add(index, *c);
      writes(item.group, *c);
    }
    items_.push_back(std::move(item));
  }

  // The group at a place takes in an earlier one that makes an operand of its last call, as the products of a b + c d: whether there was one.
  template <class F>
  bool join_maker(size_t at, const BufferView& operand, F&& needed) {
    Buffers reads, writes;  // between the two
    for (size_t before = at; before-- > 0 && before + kReach >= items_.size();) {
      Item& maker = items_[before];
      if (maker.barrier) return false;
      if (maker.group < 0 || !groups_[size_t(maker.group)].makes(operand)) {
        reads.add(maker.reads);
        writes.add(maker.writes);
        continue;
      }
      if (reads.meets(maker.writes) || writes.meets(maker.reads) || writes.meets(maker.writes)) return false;
      Item& item = items_[at];
      std::optional<Group> both = one_group(groups_[size_t(maker.group)], groups_[size_t(item.group)], needed);
      if (!both) return false;
      groups_[size_t(item.group)] = std::move(*both);
      item.reads.add(maker.reads);
      item.writes.add(maker.writes);
      for (const int32_t b : maker.writes) {
        std::vector<int>& writers = writers_[size_t(b)];
        std::erase(writers, maker.group);
        if (std::find(writers.begin(), writers.end(), item.group) == writers.end()) writers.push_back(item.group);
      }
      items_.erase(items_.begin() + std::ptrdiff_t(before));
      return true;
    }
    return false;
  }

  template <class F>
  std::optional<Group> one_group(const Group& first, const Group& second, F&& needed) const {
    std::optional<Group> both;
    for (const Group* part : {&first, &second})
      for (const size_t i : part->calls()) {
        const ListedCall& call = list_.calls[i];
        const Candidate c = *candidate(call, options_);
        if (!both) {
          both.emplace(call, c);
          both->seen_as(first);
          both->seen_as(second);
        } else if (!both->takes(call, c, needed, true)) {
          return {};
        }
        both->add(i, c);
      }
    return both;
  }

  void writes(int group, const Candidate& c) {
    std::vector<int>& writers = writers_[size_t(c.out->buffer)];
    if (std::find(writers.begin(), writers.end(), group) == writers.end()) writers.push_back(group);
  }

  StepList& list_;
  const FusionOptions options_;
  const std::vector<Lifetime> life_;
  std::vector<std::vector<int>> writers_;  // groups, by buffer
  std::vector<Item> items_;
  std::vector<Group> groups_;
};

}  // namespace

void fuse_pointwise(StepList& list, const FusionOptions& options) { Fusion(list, options).run(); }

}  // namespace lazuli::recording
