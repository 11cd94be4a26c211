#include "lazuli/io/unpickler.h"

#include <algorithm>
#include <cstdlib>
#include <cstring>
#include <unordered_set>

#include "lazuli/core/error.h"
#include "lazuli/io/torch_object_node.h"

namespace lazuli {

using Kind = TorchObject::Kind;

Unpickler::Unpickler(std::span<const char> bytes, std::string where, Storage storage)
    : bytes_(bytes), where_(std::move(where)), storage_(std::move(storage)) {}

// What is not part of the result is taken apart one by one: nested deeply, its destructors would fill the stack, and holding each other they would never be called.
Unpickler::~Unpickler() {
  for (TorchObject& c : containers_) {
    c.node_->items.clear();
    c.node_->entries.clear();
  }
}

void Unpickler::refuse(const std::string& expected, const std::string& got) const {
  fail(ErrorKind::File, "load_torch", "path", expected + " in " + where_ + ", byte " + std::to_string(begin_), got);
}

TorchObject Unpickler::run() {
  while (!done_) {
    begin_ = at_;
    step(uint8_t(take(1)[0]));
  }
  return finished(pop());
}

// ---- the bytes ----

std::string_view Unpickler::take(uint64_t count) {
  if (count > bytes_.size() - at_) refuse(std::to_string(count) + " more bytes", std::to_string(bytes_.size() - at_));
  const std::string_view taken(bytes_.data() + at_, count);
  at_ += count;
  return taken;
}
std::string_view Unpickler::line() {
  const std::string_view rest(bytes_.data() + at_, bytes_.size() - at_);
  const size_t end = rest.find('\n');
  if (end == rest.npos) refuse("a line", "the end");
  at_ += end + 1;
  return rest.substr(0, end);
}
uint64_t Unpickler::number(int bytes) {
  uint64_t value = 0;
  const std::string_view taken = take(uint64_t(bytes));
  for (int i = 0; i < bytes; ++i) value |= uint64_t(uint8_t(taken[size_t(i)])) << (8 * i);
  return value;
}
int64_t Unpickler::signed_number(std::string_view little_endian) const {
  if (little_endian.size() > 8) refuse("a whole number of 64 bits", std::to_string(8 * little_endian.size()) + " bits");
  uint64_t value = 0;
  for (size_t i = 0; i < little_endian.size(); ++i) value |= uint64_t(uint8_t(little_endian[i])) << (8 * i);
  const int unused = 64 - 8 * int(little_endian.size());
  return unused == 64 ? 0 : int64_t(value << unused) >> unused;
}
std::string Unpickler::text_line() {
  std::string text(line());
  for (char c : text)
    if (c == '\0') refuse("a line of text", "a zero byte");
  return text;
}

// ---- the stack ----

TorchObject Unpickler::pop() {
  if (stack_.empty() || (!marks_.empty() && stack_.size() <= marks_.back())) refuse("a value on the stack", "none");
  TorchObject value = std::move(stack_.back());
  stack_.pop_back();
  return value;
}
TorchObject& Unpickler::top() {
  if (stack_.empty() || (!marks_.empty() && stack_.size() <= marks_.back())) refuse("a value on the stack", "none");
  return stack_.back();
}
TorchObject::Items Unpickler::pop_to_mark() {
  if (marks_.empty()) refuse("a mark on the stack", "none");
  const auto from = stack_.begin() + ptrdiff_t(marks_.back());
  marks_.pop_back();
  Items items(std::make_move_iterator(from), std::make_move_iterator(stack_.end()));
  stack_.erase(from, stack_.end());
  return items;
}
TorchObject Unpickler::container(TorchObject made) {
  containers_.push_back(made);
  return made;
}
void Unpickler::append(Items items) {
  TorchObject& list = top();
  if (list.kind() != Kind::List) refuse("a list to append to", name(list.kind()));
  Items& to = list.node_->items;
  to.insert(to.end(), std::make_move_iterator(items.begin()), std::make_move_iterator(items.end()));
}
void Unpickler::set_items(Items pairs) {
  TorchObject& dict = top();
  if (dict.kind() != Kind::Dict) refuse("a dict to add to", name(dict.kind()));
  if (pairs.size() % 2) refuse("keys with values", "a key without one");
  for (size_t k = 0; k < pairs.size(); k += 2) {
    if (pairs[k].kind() != Kind::String && pairs[k].kind() != Kind::Int) refuse("texts and whole numbers as keys", name(pairs[k].kind()));
    dict.node_->entries.emplace_back(std::move(pairs[k]), std::move(pairs[k + 1]));
  }
}

// ---- opcodes ----

void Unpickler::step(uint8_t opcode) {
  if (step_value(opcode) || step_container(opcode) || step_memo(opcode) || step_global(opcode)) return;
  switch (opcode) {
    case 0x80: {  // PROTO
      const uint64_t version = number(1);
      if (version > 5) refuse("protocol 5 or before", std::to_string(version));
      return;
    }
    case 0x95: number(8); return;  // FRAME
    case '.': done_ = true; return;
    case '(': marks_.push_back(stack_.size()); return;
    case '0':
      if (!marks_.empty() && stack_.size() == marks_.back()) marks_.pop_back();
      else pop();
      return;
    case '1': pop_to_mark(); return;
    default: refuse("an opcode that state dicts need", "0x" + std::string(1, "0123456789abcdef"[opcode >> 4]) + "0123456789abcdef"[opcode & 15]);
  }
}

bool Unpickler::step_value(uint8_t opcode) {
  const auto push = [&](TorchObject value) {
    stack_.push_back(std::move(value));
    return true;
  };
  const auto text = [&](uint64_t size) { return push(std::string(take(size))); };
  switch (opcode) {
    case 'N': return push({});
    case 0x88: return push(true);
    case 0x89: return push(false);
    case 'K': return push(int64_t(number(1)));
    case 'M': return push(int64_t(number(2)));
    case 'J': return push(signed_number(take(4)));
    case 0x8a: return push(signed_number(take(number(1))));  // LONG1
    case 0x8b: return push(signed_number(take(number(4))));  // LONG4
    case 'I':
    case 'L': {
      std::string digits = text_line();
      if (opcode == 'I' && (digits == "00" || digits == "01")) return push(digits == "01");
      if (opcode == 'L' && digits.ends_with('L')) digits.pop_back();
      char* end = nullptr;
      errno = 0;
      const long long value = std::strtoll(digits.c_str(), &end, 10);
      if (digits.empty() || *end != '\0' || errno) refuse("a whole number of 64 bits", "'" + digits.substr(0, 40) + "'");
      return push(int64_t(value));
    }
    case 'G': {  // big-endian
      uint64_t bits = 0;
      for (char c : take(8)) bits = bits << 8 | uint8_t(c);
      double value;
      std::memcpy(&value, &bits, 8);
      return push(value);
    }
    case 'F': {
      const std::string digits = text_line();
      char* end = nullptr;
      const double value = std::strtod(digits.c_str(), &end);
      if (digits.empty() || *end != '\0') refuse("a float", "'" + digits.substr(0, 40) + "'");
      return push(value);
    }
    case 0x8c:                          // SHORT_BINUNICODE
    case 'U':                           // SHORT_BINSTRING
    case 'C': return text(number(1));   // SHORT_BINBYTES
    case 'X':                           // BINUNICODE
    case 'T':                           // BINSTRING
    case 'B': return text(number(4));   // BINBYTES
    case 0x8d:                          // BINUNICODE8
    case 0x8e: return text(number(8));  // BINBYTES8
    default: return false;
  }
}

bool Unpickler::step_container(uint8_t opcode) {
  const auto push = [&](TorchObject made) {
    stack_.push_back(container(std::move(made)));
    return true;
  };
  const auto tuple_of = [&](size_t count) {
    Items items(count);
    for (size_t k = count; k-- > 0;) items[k] = pop();
    return push(TorchObject::tuple(std::move(items)));
  };
  switch (opcode) {
    case ']': return push(TorchObject::list({}));
    case 'l': return push(TorchObject::list(pop_to_mark()));
    case ')': return push(TorchObject::tuple({}));
    case 't': return push(TorchObject::tuple(pop_to_mark()));
    case 0x85: return tuple_of(1);
    case 0x86: return tuple_of(2);
    case 0x87: return tuple_of(3);
    case '}': return push(TorchObject::dict({}));
    case 'd': {
      Items pairs = pop_to_mark();
      push(TorchObject::dict({}));
      set_items(std::move(pairs));
      return true;
    }
    case 'a': {
      TorchObject item = pop();
      append({std::move(item)});
      return true;
    }
    case 'e': append(pop_to_mark()); return true;
    case 's': {
      TorchObject value = pop(), key = pop();
      set_items({std::move(key), std::move(value)});
      return true;
    }
    case 'u': set_items(pop_to_mark()); return true;
    default: return false;
  }
}

bool Unpickler::step_memo(uint8_t opcode) {
  const auto index = [&] {
    const std::string digits = text_line();
    char* end = nullptr;
    const unsigned long long value = std::strtoull(digits.c_str(), &end, 10);
    if (digits.empty() || *end != '\0') refuse("a number of the memo", "'" + digits.substr(0, 40) + "'");
    return uint64_t(value);
  };
  const auto get = [&](uint64_t key) {
    const auto there = memo_.find(key);
    if (there == memo_.end()) refuse("a number that the memo has", std::to_string(key));
    stack_.push_back(there->second);
    return true;
  };
  const auto put = [&](uint64_t key) {
    memo_[key] = top();
    return true;
  };
  switch (opcode) {
    case 'h': return get(number(1));
    case 'j': return get(number(4));
    case 'g': return get(index());
    case 'q': return put(number(1));
    case 'r': return put(number(4));
    case 'p': return put(index());
    case 0x94: return put(memo_.size());
    default: return false;
  }
}

bool Unpickler::step_global(uint8_t opcode) {
  switch (opcode) {
    case 'c': {
      std::string module = text_line();
      stack_.push_back(global(module + "." + text_line()));
      return true;
    }
    case 0x93: {  // STACK_GLOBAL
      const TorchObject name = pop(), module = pop();
      if (name.kind() != Kind::String || module.kind() != Kind::String) refuse("a name and its module as texts", lazuli::name(name.kind()));
      stack_.push_back(global(module.to_string() + "." + name.to_string()));
      return true;
    }
    case 'R':
    case 0x81: {  // REDUCE, NEWOBJ
      const TorchObject arguments = pop(), function = pop();
      if (!is_global(function)) refuse("a function to call", name(function.kind()));
      if (arguments.kind() != Kind::Tuple) refuse("a tuple of arguments", name(arguments.kind()));
      stack_.push_back(reduced(function.node_->text, arguments.node_->items));
      return true;
    }
    case 'b': {  // BUILD: attributes of an OrderedDict, which it has none of here
      pop();
      if (top().kind() != Kind::Dict) refuse("an OrderedDict as what has attributes", name(top().kind()));
      return true;
    }
    case 'Q': {
      const TorchObject id = pop();
      stack_.push_back(persistent(id));
      return true;
    }
    default: return false;
  }
}

// ---- what it ends in ----

// Refuses what holds itself and what is nested too deep, and lets the result out of what the destructor takes apart.
TorchObject Unpickler::finished(TorchObject result) {
  constexpr size_t kMostDepth = 1000;
  struct Place {
    const TorchObject::Node* node;
    size_t next;
  };
  std::unordered_set<const TorchObject::Node*> open, closed;
  std::vector<Place> way;
  const auto enter = [&](const TorchObject& object) {
    if (object.kind() < Kind::List) return;
    const TorchObject::Node* node = object.node_.get();
    if (open.count(node)) refuse("values that end", "one that holds itself");
    if (closed.count(node)) return;
    if (way.size() == kMostDepth) refuse("values at most 1000 deep", "deeper ones");
    open.insert(node);
    way.push_back({node, 0});
  };
  enter(result);
  while (!way.empty()) {
    Place& place = way.back();
    const TorchObject::Node& node = *place.node;
    const size_t next = place.next++;
    if (next < node.items.size()) {
      enter(node.items[next]);
    } else if (next - node.items.size() < node.entries.size()) {
      enter(node.entries[next - node.items.size()].second);
    } else {
      open.erase(&node);
      closed.insert(&node);
      way.pop_back();
    }
  }
  std::erase_if(containers_, [&](const TorchObject& c) { return closed.count(c.node_.get()) != 0; });
  return result;
}

}  // namespace lazuli
