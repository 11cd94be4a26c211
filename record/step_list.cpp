#include "lazuli/record/step_list.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstring>

#include "lazuli/core/error.h"
#include "lazuli/core/geometry.h"
#include "lazuli/core/slots/fused_slots.h"
#include "lazuli/record/side_by_side.h"

namespace lazuli::recording {

std::string_view name(BufferRole role) {
  constexpr std::string_view names[] = {"input", "captured", "constant", "kept", "output", "temporary"};
  return names[int(role)];
}

int SideBySide::lanes() const { return lane.empty() ? 0 : *std::max_element(lane.begin(), lane.end()) + 1; }

CallArgument CallArgument::copy() const {
  CallArgument other = *this;
  if (type) other.value = type->copy(value.get());
  return other;
}

bool CallArgument::same_as(const CallArgument& other) const {
  if (kind != other.kind || type != other.type || bool(refresh) != bool(other.refresh)) return false;
  return type ? refresh || type->equal(value.get(), other.value.get()) : views == other.views;
}

ListedCall ListedCall::of(const SlotType& slot, Device device, std::vector<CallArgument> arguments) {
  if (arguments.size() != slot.arguments.size())
    fail("ListedCall", slot.slot->name, std::to_string(slot.arguments.size()) + " arguments", std::to_string(arguments.size()));
  for (size_t i = 0; i < arguments.size(); ++i)
    if (arguments[i].kind != slot.arguments[i].kind || arguments[i].type != slot.arguments[i].value)
      fail(ErrorKind::Type, "ListedCall", slot.slot->name, "arguments of the slot's types", "another one at " + std::to_string(i));
  ListedCall call;
  call.slot = slot.slot;
  call.call = slot.call;
  call.device = device;
  call.arguments = std::move(arguments);
  return call;
}

StepList StepList::copy() const {
  StepList other;
  other.buffers = buffers;
  other.outputs = outputs;
  other.inputs = inputs;
  other.side_by_side = side_by_side;
  for (const ListedCall& call : calls) {
    ListedCall& c = other.calls.emplace_back(call);
    for (CallArgument& a : c.arguments) a = a.copy();
  }
  return other;
}

int32_t StepList::add_buffer(BufferRole role, int64_t bytes, Device device) {
  buffers.push_back({role, bytes, device, nullptr, -1, false});
  return int32_t(buffers.size()) - 1;
}

BufferView StepList::add_temporary(const Shape& sizes, DType dtype, Device device) {
  const Shape strides = contiguous_strides(sizes);
  return {add_buffer(BufferRole::Temporary, bytes_of(sizes, sizes.numel(), dtype, "record"), device), dtype, sizes, strides, 0};
}

std::vector<Lifetime> lifetimes(const StepList& list) {
  std::vector<Lifetime> all(list.buffers.size());
  const Order order(list);
  for (int32_t i = 0; i < int32_t(list.calls.size()); ++i)
    list.calls[size_t(i)].for_each_view([&](const BufferView& v, bool written) {
      Lifetime& life = all[size_t(v.buffer)];
      if (life.first < 0) life.first = life.open = i;
      life.open = std::min(life.open, order.first_open(i));
      if (written && life.written < 0) life.written = i;
      life.last = i;
    });
  for (size_t b = 0; b < all.size(); ++b)
    if (const BufferRole role = list.buffers[b].role; all[b].first >= 0 && (role == BufferRole::Output || role == BufferRole::Kept))
      all[b].last = int32_t(list.calls.size()) - 1;
  return all;
}

std::string name_of(const ListedCall& call) {
  if (call.is_action()) return call.action.name;
  for (const CallArgument& a : call.arguments)
    if (a.kind == SlotArgument::Kind::Code) return std::string(call.slot->name) + "." + std::string(a.type->view(a.value.get()).code_name());
  return call.slot->name;
}

namespace {

std::string text_of(const BufferView& v) {
  if (!v.defined()) return "none";
  std::string text = fmt::format("%{} {}{}", v.buffer, name(v.dtype), to_string(v.sizes));
  if (!(v.strides == contiguous_strides(v.sizes))) text += " strides " + to_string(v.strides);
  if (v.offset) text += fmt::format(" from {}", v.offset);
  return text;
}

std::string text_of(const CallArgument& a) {
  if (const auto* program = a.as<FusedProgram>()) {
    std::string text;
    for (const char c : to_string(*program)) text += c == '\n' ? "; " : std::string(1, c);
    return "{" + text + "}";
  }
  if (a.type) return to_string(a.type->view(a.value.get())) + (a.refresh ? " each step" : "");
  std::string text;
  for (const BufferView& v : a.views) text += (text.empty() ? "" : ", ") + text_of(v);
  return a.kind == SlotArgument::Kind::Output ? "out " + text : a.kind == SlotArgument::Kind::Inputs ? "(" + text + ")" : text;
}

std::string text_of(const ListedCall& call) {
  if (call.is_action() && call.arguments.empty()) return "host: " + call.action.name;
  std::string text;
  for (const CallArgument& a : call.arguments)
    if (call.slot != &fused_kernel || a.views.empty() || a.views[0].defined()) text += (text.empty() ? "" : ", ") + text_of(a);
  return fmt::format("{}({}){}", call.is_action() ? "host: " + call.action.name : call.slot->name, text,
                     call.module.empty() ? "" : "  in " + call.module);
}

}  // namespace

std::string to_string(const StepList& list) {
  std::string text;
  auto group = list.side_by_side.begin();
  for (size_t i = 0; i < list.calls.size(); ++i) {
    const auto at = int32_t(i);
    if (group != list.side_by_side.end() && at == group->end) ++group;
    const bool inside = group != list.side_by_side.end() && at >= group->begin;
    if (inside && at == group->begin) text += fmt::format("{} calls side by side in {} threads:\n", group->lane.size(), group->lanes());
    text += fmt::format("{:>4} {}{}\n", i, inside ? fmt::format("thread {}: ", group->lane[size_t(at - group->begin)]) : "", text_of(list.calls[i]));
  }
  int64_t bytes[6] = {}, counts[6] = {};
  for (const Buffer& b : list.buffers) bytes[int(b.role)] += b.bytes, ++counts[int(b.role)];
  for (int r = 0; r < 6; ++r)
    if (counts[r]) text += fmt::format("{} {} buffers: {} bytes\n", counts[r], name(BufferRole(r)), bytes[r]);
  return text;
}

namespace {

bool same_bytes(const Storage& a, const Storage& b) {
  return &a == &b ||
         (a.bytes() == b.bytes() && a.device().is_cpu() && b.device().is_cpu() && std::memcmp(a.data(), b.data(), size_t(a.bytes())) == 0);
}

// Which buffer of one list is which of the other.
class Pairing {
 public:
  Pairing(const StepList& a, const StepList& b) : a_(a), b_(b), pairs_(a.buffers.size(), -1), back_(b.buffers.size(), -1) {}
  bool same(const BufferView& x, const BufferView& y) {
    if (x.defined() != y.defined()) return false;
    if (!x.defined()) return true;
    if (x.dtype != y.dtype || !(x.sizes == y.sizes) || !(x.strides == y.strides) || place(a_, x) != place(b_, y)) return false;
    int32_t &there = pairs_[size_t(x.buffer)], &back = back_[size_t(y.buffer)];
    if (there == y.buffer && back == x.buffer) return true;
    if (there >= 0 || back >= 0) return false;
    there = y.buffer, back = x.buffer;
    return same(a_.buffers[size_t(x.buffer)], b_.buffers[size_t(y.buffer)]);
  }

 private:
  // In bytes; of an argument's memory from where the argument begins, which may be anywhere in its storage.
  static int64_t place(const StepList& list, const BufferView& v) {
    const Buffer& buffer = list.buffers[size_t(v.buffer)];
    const BufferView from = buffer.role == BufferRole::Input ? list.inputs[size_t(buffer.input)] : BufferView();
    return v.offset * item_size(v.dtype) - from.offset * item_size(from.dtype);
  }
  static bool same(const Buffer& x, const Buffer& y) {
    if (x.role != y.role || !(x.device == y.device) || x.input != y.input) return false;
    if (x.role != BufferRole::Input && x.bytes != y.bytes) return false;
    if (x.role == BufferRole::Captured)  // memory that somebody else owns may be looked at through several storages
      return x.storage == y.storage || (!x.storage->allocator() && !y.storage->allocator() && x.storage->data() == y.storage->data());
    return x.role != BufferRole::Constant || same_bytes(*x.storage, *y.storage);
  }
  const StepList &a_, &b_;
  std::vector<int32_t> pairs_, back_;
};

}  // namespace

std::string difference(const StepList& a, const StepList& b) {
  Pairing pairing(a, b);
  const auto differ = [&](size_t i) {
    const auto one = [&](const StepList& list) { return i < list.calls.size() ? text_of(list.calls[i]) : std::string("nothing"); };
    return fmt::format("call {}: {} in one, {} in the other", i, one(a), one(b));
  };
  for (size_t i = 0; i < std::max(a.calls.size(), b.calls.size()); ++i) {
    if (i >= a.calls.size() || i >= b.calls.size()) return differ(i);
    const ListedCall &x = a.calls[i], &y = b.calls[i];
    if (x.slot != y.slot || !(x.device == y.device) || x.arguments.size() != y.arguments.size()) return differ(i);
    if (x.is_action() && (x.action.kind != y.action.kind || x.action.name != y.action.name || x.action.subjects != y.action.subjects))
      return differ(i);
    for (size_t k = 0; k < x.arguments.size(); ++k) {
      const CallArgument &p = x.arguments[k], &q = y.arguments[k];
      if (p.type || q.type ? !p.same_as(q) : p.views.size() != q.views.size()) return differ(i);
      for (size_t v = 0; v < p.views.size(); ++v)
        if (!pairing.same(p.views[v], q.views[v])) return differ(i);
    }
  }
  if (a.outputs.size() != b.outputs.size()) return "the number of results";
  for (size_t i = 0; i < a.outputs.size(); ++i)
    if (!pairing.same(a.outputs[i], b.outputs[i])) return "result " + std::to_string(i);
  return {};
}

}  // namespace lazuli::recording
