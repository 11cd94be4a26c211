#include "lazuli/io/torch_object.h"

#include <cstring>

#include "lazuli/core/error.h"
#include "lazuli/core/factory.h"
#include "lazuli/io/torch_object_node.h"

namespace lazuli {

TorchObject::TorchObject(bool value) : kind_(Kind::Bool), node_(std::make_shared<Node>()) { node_->flag = value; }
TorchObject::TorchObject(int64_t value) : kind_(Kind::Int), node_(std::make_shared<Node>()) { node_->integer = value; }
TorchObject::TorchObject(double value) : kind_(Kind::Float), node_(std::make_shared<Node>()) { node_->real = value; }
TorchObject::TorchObject(std::string text) : kind_(Kind::String), node_(std::make_shared<Node>()) { node_->text = std::move(text); }
TorchObject::TorchObject(const Tensor& tensor) : kind_(Kind::Tensor), node_(std::make_shared<Node>()) {
  if (!tensor.defined()) fail("TorchObject", "tensor", "a tensor", "an undefined one");
  node_->tensor = tensor;
}
TorchObject::TorchObject(const StateDict& state) : kind_(Kind::Dict), node_(std::make_shared<Node>()) {
  for (const auto& [name, tensor] : state) node_->entries.emplace_back(name, tensor);
}
TorchObject TorchObject::list(Items items) {
  TorchObject made;
  made.kind_ = Kind::List;
  made.node_ = std::make_shared<Node>();
  made.node_->items = std::move(items);
  return made;
}
TorchObject TorchObject::tuple(Items items) {
  TorchObject made = list(std::move(items));
  made.kind_ = Kind::Tuple;
  return made;
}
TorchObject TorchObject::dict(std::vector<Entry> entries) {
  TorchObject made = list({});
  made.kind_ = Kind::Dict;
  made.node_->entries = std::move(entries);
  return made;
}

const char* name(TorchObject::Kind kind) {
  static constexpr const char* kNames[] = {"None", "a bool", "a whole number", "a float", "a text", "a tensor", "a list", "a tuple", "a dict"};
  return kNames[int(kind)];
}
void TorchObject::fail_kind(const char* expected) const { fail(ErrorKind::Type, "TorchObject", "", expected, name(kind_)); }

bool TorchObject::to_bool() const {
  if (kind_ != Kind::Bool) fail_kind("a bool");
  return node_->flag;
}
int64_t TorchObject::to_int() const {
  if (kind_ != Kind::Int) fail_kind("a whole number");
  return node_->integer;
}
double TorchObject::to_double() const {
  if (kind_ == Kind::Int) return double(node_->integer);
  if (kind_ != Kind::Float) fail_kind("a number");
  return node_->real;
}
const std::string& TorchObject::to_string() const {
  if (kind_ != Kind::String) fail_kind("a text");
  return node_->text;
}
const Tensor& TorchObject::to_tensor() const {
  if (kind_ != Kind::Tensor) fail_kind("a tensor");
  return node_->tensor;
}
const TorchObject::Items& TorchObject::items() const {
  if (kind_ != Kind::List && kind_ != Kind::Tuple) fail_kind("a list or a tuple");
  return node_->items;
}
const std::vector<TorchObject::Entry>& TorchObject::entries() const {
  if (kind_ != Kind::Dict) fail_kind("a dict");
  return node_->entries;
}

const TorchObject* TorchObject::find(std::string_view key) const {
  const TorchObject* found = nullptr;  // the last one counts, as in Python
  for (const Entry& e : entries())
    if (e.first.kind_ == Kind::String && e.first.node_->text == key) found = &e.second;
  return found;
}
bool TorchObject::contains(std::string_view key) const { return find(key) != nullptr; }
const TorchObject& TorchObject::at(std::string_view key) const {
  if (const TorchObject* there = find(key)) return *there;
  std::string known;
  for (const Entry& e : entries())
    if (e.first.kind_ == Kind::String && known.size() < 400) known += (known.empty() ? "" : ", ") + e.first.node_->text;
  fail(ErrorKind::Index, "TorchObject.at", "key", known.empty() ? "a key, of which there is none" : "one of the keys " + known,
       "'" + std::string(key) + "'");
}

namespace {

Tensor number(double value) {
  Tensor t = new_tensor({}, kFloat64);
  *t.data_ptr<double>() = value;
  return t;
}

// A file may hold one list many times over, each holding another many times: what a few bytes describe would never end.
constexpr size_t kMostEntries = 200'000;
constexpr int kMostDepth = 1000;

void flatten(const TorchObject& object, const std::string& name, std::vector<StateDict::Entry>& into, int depth) {
  using Kind = TorchObject::Kind;
  if (into.size() > kMostEntries || depth > kMostDepth) fail("TorchObject.to_state_dict", "", "at most 200000 values, 1000 deep", "more");
  const std::string before = name.empty() ? name : name + ".";
  switch (object.kind()) {
    case Kind::None: into.emplace_back(name, new_tensor({0}, kInt64)); break;
    case Kind::Bool: into.emplace_back(name, number(object.to_bool())); break;
    case Kind::Int:
    case Kind::Float: into.emplace_back(name, number(object.to_double())); break;
    case Kind::Tensor: into.emplace_back(name, object.to_tensor()); break;
    case Kind::String: {
      const std::string& text = object.to_string();
      Tensor t = new_tensor({int64_t(text.size())}, kUInt8);
      if (!text.empty()) std::memcpy(t.address(), text.data(), text.size());
      into.emplace_back(name, t);
      break;
    }
    case Kind::List:
    case Kind::Tuple:
      for (size_t k = 0; k < object.items().size(); ++k) flatten(object.items()[k], before + std::to_string(k), into, depth + 1);
      break;
    case Kind::Dict:
      for (const auto& [key, value] : object.entries())
        flatten(value, before + (key.kind() == Kind::String ? key.to_string() : std::to_string(key.to_int())), into, depth + 1);
      break;
  }
}

}  // namespace

StateDict TorchObject::to_state_dict() const {
  std::vector<StateDict::Entry> entries;
  flatten(*this, "", entries, 0);
  return StateDict(std::move(entries));
}

}  // namespace lazuli
