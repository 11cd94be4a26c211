#include "lazuli/core/slots/events.h"

#include <fmt/format.h>

#include <exception>

#include "lazuli/core/error.h"
#include "lazuli/core/kernel.h"

namespace lazuli {

thread_local constinit bool detail::slots_watched = false;
thread_local constinit uint64_t detail::newest_batch_level = 0;

namespace {
thread_local constinit Listening* newest = nullptr;
thread_local constinit int composing_depth = 0;
thread_local constinit bool telling = false;

void update_watched() { detail::slots_watched = (newest && !telling) || composing_depth > 0 || detail::newest_batch_level; }

// While a listener is told something, nothing that it does is told.
struct Telling {
  Telling() {
    telling = true;
    update_watched();
  }
  ~Telling() {
    telling = false;
    update_watched();
  }
};
}  // namespace

void detail::set_newest_batch_level(uint64_t level) {
  newest_batch_level = level;
  update_watched();
}

/// How listeners are told.
struct Events {
  template <class F>
  static void tell(F&& f) {
    if (!newest || telling) return;
    Telling guard;
    for (Listening* l = newest; l; l = l->older_) f(l->listener_);
  }
  // The newest first; when one throws, those that were told are told the end.
  template <class Begin, class End>
  static void begin(int64_t Listening::*open, Begin&& tell_begin, End&& tell_end) {
    if (!newest || telling) return;
    Telling guard;
    Listening* l = newest;
    try {
      for (; l; l = l->older_) {
        tell_begin(l->listener_);
        ++(l->*open);
      }
    } catch (...) {
      for (l = l->newer_; l; l = l->newer_) {
        --(l->*open);
        tell_end(l->listener_);
      }
      throw;
    }
  }
  template <class End>
  static void end(int64_t Listening::*open, End&& tell_end) {
    if (!newest || telling) return;
    Telling guard;
    Listening* l = newest;
    while (l->older_) l = l->older_;
    for (; l; l = l->newer_)
      if (l->*open > 0) {
        --(l->*open);
        tell_end(l->listener_);
      }
  }
  static constexpr auto calls = &Listening::open_calls_;
  static constexpr auto transfers = &Listening::open_transfers_;
};

Listening::Listening(EventListener& listener) : listener_(listener), older_(newest) {
  if (older_) older_->newer_ = this;
  newest = this;
  update_watched();
}
Listening::~Listening() {
  if (older_) older_->newer_ = newer_;
  (newer_ ? newer_->older_ : newest) = older_;
  update_watched();
}

ComposeGuard::ComposeGuard() {
  ++composing_depth;
  update_watched();
}
ComposeGuard::~ComposeGuard() {
  --composing_depth;
  update_watched();
}

namespace detail {

bool listening() { return newest && !telling; }
bool composing() { return composing_depth > 0; }

CallScope::CallScope(const SlotCall& call) : call_(call), exceptions_(std::uncaught_exceptions()) {
  Events::begin(
      Events::calls, [&](EventListener& l) { l.call_begins(call); }, [&](EventListener& l) { l.call_ends(call, true); });
}
CallScope::~CallScope() {
  const bool threw = std::uncaught_exceptions() > exceptions_;
  Events::end(Events::calls, [&](EventListener& l) { l.call_ends(call_, threw); });
}

bool TransferScope::tell_begin() {
  if (!listening()) return false;
  Events::begin(
      Events::transfers, [&](EventListener& l) { l.transfer_begins(transfer_); }, [&](EventListener& l) { l.transfer_ends(transfer_); });
  return true;
}
void TransferScope::tell_end() noexcept {
  Events::end(Events::transfers, [&](EventListener& l) { l.transfer_ends(transfer_); });
}

void tell_value_read(const Tensor& t) {
  Events::tell([&](EventListener& l) { l.value_read(t); });
}
void tell_host_loop(std::string_view function, Device device) {
  Events::tell([&](EventListener& l) { l.host_loop(function, device); });
}
void tell_allocated(const Allocation& memory) noexcept {
  Events::tell([&](EventListener& l) { l.allocated(memory); });
}
void tell_freed(const Allocation& memory) noexcept {
  Events::tell([&](EventListener& l) { l.freed(memory); });
}

}  // namespace detail

std::span<const Tensor> SlotArgument::tensors() const {
  if (kind_ == Kind::Output || kind_ == Kind::Input) return {static_cast<const Tensor*>(address_), 1};
  if (kind_ == Kind::Inputs) return *static_cast<const std::span<const Tensor>*>(address_);
  return {};
}
int SlotArgument::code() const {
  if (kind_ != Kind::Code) fail_kind();
  return about_->code(address_);
}
std::string_view SlotArgument::code_name() const {
  if (kind_ != Kind::Code) fail_kind();
  return about_->name(address_);
}

namespace {
constexpr const char* kKinds[] = {"an output",     "an input", "a list of inputs", "sizes",  "an integer",
                                  "a real number", "a flag",   "a number",         "a code", "options"};

std::string described(const Tensor& t) {
  if (!t.defined()) return "none";
  std::string text = std::string(name(t.dtype())) + to_string(t.sizes());
  if (!t.is_contiguous()) text += " strides " + to_string(t.strides());
  return text;
}
}  // namespace

void SlotArgument::fail_kind() const { fail(ErrorKind::Type, "SlotArgument", "", "an argument of the kind that is asked for", kKinds[int(kind_)]); }

std::string to_string(const SlotArgument& argument) {
  using Kind = SlotArgument::Kind;
  std::string text;
  switch (argument.kind()) {
    case Kind::Output: return "out " + described(argument.tensors()[0]);
    case Kind::Input: return described(argument.tensors()[0]);
    case Kind::Inputs:
      for (const Tensor& t : argument.tensors()) text += (text.empty() ? "" : ", ") + described(t);
      return "(" + text + ")";
    case Kind::Sizes: return to_string(argument.sizes());
    case Kind::Integer: return std::to_string(argument.integer());
    case Kind::Real: return fmt::format("{}", argument.real());
    case Kind::Flag: return argument.flag() ? "true" : "false";
    case Kind::Number: return to_string(argument.number());
    case Kind::Code: return std::string(argument.code_name());
    case Kind::Options:
      argument.for_each_member(
          [&](const char* name, const Scalar& value) { text += fmt::format("{}{}={}", text.empty() ? "" : ", ", name, to_string(value)); });
      return "{" + text + "}";
  }
  return text;
}

std::string to_string(const SlotCall& call) {
  std::string arguments;
  for (const SlotArgument& a : call.arguments) arguments += (arguments.empty() ? "" : ", ") + to_string(a);
  constexpr const char* by[] = {"", " by a composite", " by the CPU"};
  return fmt::format("{}({}) on {}{}", call.slot.name, arguments, to_string(call.device), by[int(call.by)]);
}

}  // namespace lazuli
