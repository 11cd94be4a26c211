#include "lazuli/nn/module/containers.h"

#include <algorithm>

#include "lazuli/autograd/checkpoint.h"
#include "lazuli/nn/module/parameter_containers.h"

namespace lazuli::nn {

namespace {
size_t wrap_index(const char* op, int64_t index, size_t size, size_t end) {
  int64_t i = index < 0 ? index + int64_t(size) : index;
  if (i < 0 || i >= int64_t(end)) fail(ErrorKind::Index, op, "index", "an index in a container of " + std::to_string(size), std::to_string(index));
  return size_t(i);
}
std::string listed(const std::vector<std::string>& names) {
  std::string text;
  for (const std::string& n : names) text += (text.empty() ? "'" : ", '") + n + "'";
  return text.empty() ? "no names" : text;
}
std::string tensor_line(const std::string& name, const Tensor& t) {
  std::string text = "  (" + name + "): ";
  if (t.body()->uninitialized) return text + "UninitializedParameter";
  text += "Parameter containing: [" + std::string(lazuli::name(t.dtype())) + " of size ";
  for (int64_t i = 0; i < t.dim(); ++i) text += (i ? "x" : "") + std::to_string(t.sizes()[i]);
  return text + "]";
}
}  // namespace

namespace detail {

const std::shared_ptr<Module>& ModuleSequence::at(int64_t index) const {
  return registered_modules()[wrap_index("at", index, size(), size())]->module;
}
void ModuleSequence::fail_type(int64_t index, const std::string& wanted) const {
  fail(ErrorKind::Type, class_name() + ".at", "index", "the index of a module of class " + wanted,
       std::to_string(index) + ", a " + at(index)->class_name());
}
std::vector<NamedModulePtr> ModuleSequence::slice(const Slice& range) const {
  const std::vector<NamedModulePtr> all = child_entries();
  const auto count = int64_t(all.size());
  const int64_t step = range.step.value_or(1);
  if (step < 1) fail(class_name(), "step", "at least 1", std::to_string(step));
  auto place = [&](int64_t at) { return std::clamp<int64_t>(at < 0 ? at + count : at, 0, count); };
  std::vector<NamedModulePtr> part;
  for (int64_t i = place(range.start.value_or(0)), end = place(range.stop.value_or(count)); i < end; i += step) part.push_back(all[size_t(i)]);
  return part;
}
void ModuleSequence::push_back_shared(std::shared_ptr<Module> module) { add_module(std::to_string(size()), std::move(module)); }
void ModuleSequence::insert_shared(int64_t index, std::shared_ptr<Module> module) {
  size_t at = wrap_index("insert", index, size(), size() + 1);
  auto& list = registered_modules();
  push_back_shared(std::move(module));
  std::rotate(list.begin() + std::ptrdiff_t(at), list.end() - 1, list.end());
  renumber(at);
}
void ModuleSequence::replace_shared(int64_t index, std::shared_ptr<Module> module) {
  size_t at = wrap_index("set", index, size(), size());
  if (!module) nn::Module::add_module("0", nullptr);
  registered_modules()[at]->module = std::move(module);
}
void ModuleSequence::extend_shared(const ModuleSequence& other) {
  for (auto& child : other.child_entries()) push_back_shared(child.second);
}
void ModuleSequence::extend_shared(const std::vector<std::shared_ptr<Module>>& modules) {
  for (const auto& m : modules) push_back_shared(m);
}
void ModuleSequence::clear() { registered_modules().clear(); }
std::shared_ptr<Module> ModuleSequence::pop(int64_t index) {
  size_t at = wrap_index("pop", index, size(), size());
  auto& list = registered_modules();
  std::shared_ptr<Module> taken = std::move(list[at]->module);
  list.erase(list.begin() + std::ptrdiff_t(at));
  renumber(at);
  return taken;
}
void ModuleSequence::renumber(size_t from) {
  auto& list = registered_modules();
  for (size_t i = from; i < list.size(); ++i)
    if (list[i]->name.find_first_not_of("0123456789") == std::string::npos) list[i]->name = std::to_string(i);
}

}  // namespace detail

namespace {
// Each module that has others below it, and each few that have none, is a checkpoint.
Tensor in_parts(const std::vector<std::shared_ptr<detail::ChildEntry>>& children, Tensor x) {
  for (size_t begin = 0, end; begin < children.size(); begin = end) {
    std::vector<std::shared_ptr<Module>> part;
    for (end = begin; end < children.size() && part.size() < 4; ++end) {
      const bool whole = !children[end]->module->children().empty();
      if (whole && !part.empty()) break;
      part.push_back(children[end]->module);
      if (whole) {
        ++end;
        break;
      }
    }
    x = autograd::checkpoint(
        [part](const Tensor& t) {
          Tensor y = t;
          for (const auto& module : part) y = (*module)(y);
          return y;
        },
        x);
  }
  return x;
}
}  // namespace

Sequential::Sequential(const std::vector<NamedModulePtr>& modules) {
  for (const NamedModulePtr& m : modules) add(m);
}
void Sequential::add(const NamedModulePtr& module) { add_module(module.first, module.second); }
Tensor Sequential::forward(const Tensor& input) {
  Tensor x = input;
  if (autograd::has_memory_budget()) return in_parts(registered_modules(), x);
  for (const auto& child : registered_modules()) x = (*child->module)(x);
  return x;
}

const std::shared_ptr<Module>* ModuleDict::find(std::string_view name) const {
  for (const auto& child : registered_modules())
    if (child->name == name) return &child->module;
  return nullptr;
}
const std::shared_ptr<Module>& ModuleDict::at(std::string_view name) const {
  if (auto* found = find(name)) return *found;
  fail(ErrorKind::Index, "ModuleDict.at", "name", "one of " + listed(keys()), "'" + std::string(name) + "'");
}
ModuleDict& ModuleDict::set_shared(std::string_view name, std::shared_ptr<Module> module) {
  for (auto& child : registered_modules())
    if (child->name == name && module) {
      child->module = std::move(module);
      return *this;
    }
  add_module(name, std::move(module));
  return *this;
}
ModuleDict::ModuleDict(std::initializer_list<detail::NamedModule> modules) {
  for (const detail::NamedModule& m : modules) set_shared(m.name, m.module);
}
void ModuleDict::clear() { registered_modules().clear(); }
std::vector<NamedModulePtr> ModuleDict::entries() const { return child_entries(); }
ModuleDict& ModuleDict::update(const std::vector<NamedModulePtr>& modules) {
  for (const NamedModulePtr& m : modules) set_shared(m.first, m.second);
  return *this;
}
std::shared_ptr<Module> ModuleDict::pop(std::string_view name) {
  std::shared_ptr<Module> taken = at(name);
  std::erase_if(registered_modules(), [&](const auto& m) { return m->name == name; });
  return taken;
}
std::vector<std::string> ModuleDict::keys() const {
  std::vector<std::string> all;
  for (const auto& child : registered_modules()) all.push_back(child->name);
  return all;
}
std::vector<std::shared_ptr<Module>> ModuleDict::values() const {
  std::vector<std::shared_ptr<Module>> all;
  for (const auto& child : registered_modules()) all.push_back(child->module);
  return all;
}

Tensor ParameterList::operator[](int64_t index) const { return registered_parameters()[wrap_index("ParameterList", index, size(), size())]->tensor; }
ParameterList& ParameterList::set(int64_t index, const Tensor& value) {
  registered_parameters()[wrap_index("ParameterList.set", index, size(), size())]->set(Parameter(value));
  return *this;
}
ParameterList& ParameterList::append(const Tensor& value) {
  register_parameter(std::to_string(size()), value);
  return *this;
}
ParameterList& ParameterList::extend(const std::vector<Tensor>& values) {
  for (const Tensor& v : values) append(v);
  return *this;
}
Tensor ParameterList::pop(int64_t index) {
  size_t at = wrap_index("ParameterList.pop", index, size(), size());
  auto& list = registered_parameters();
  Tensor taken = list[at]->tensor;
  list.erase(list.begin() + std::ptrdiff_t(at));
  for (size_t i = at; i < list.size(); ++i) list[i]->name = std::to_string(i);
  return taken;
}
// With a parameter that stands at two places at both, unlike `parameters`.
std::vector<Tensor> ParameterList::values() const {
  std::vector<Tensor> all;
  for (const auto& slot : registered_parameters()) all.push_back(slot->tensor);
  return all;
}
std::string ParameterList::extra_repr() const {
  std::string text;
  for (const auto& slot : registered_parameters()) text += (text.empty() ? "" : "\n") + tensor_line(slot->name, slot->tensor);
  return text;
}

bool ParameterDict::has(std::string_view name) const {
  return std::any_of(registered_parameters().begin(), registered_parameters().end(), [&](const auto& slot) { return slot->name == name; });
}
Tensor ParameterDict::get(std::string_view name) const {
  for (const auto& slot : registered_parameters())
    if (slot->name == name) return slot->tensor;
  fail(ErrorKind::Index, "ParameterDict", "name", "one of " + listed(keys()), "'" + std::string(name) + "'");
}
ParameterDict& ParameterDict::set(std::string_view name, const Tensor& value) {
  for (const auto& slot : registered_parameters())
    if (slot->name == name) {
      slot->set(Parameter(value));
      return *this;
    }
  register_parameter(name, value);
  return *this;
}
ParameterDict& ParameterDict::update(const std::vector<StateDict::Entry>& values) {
  for (const auto& [name, value] : values) set(name, value);
  return *this;
}
Tensor ParameterDict::pop(std::string_view name) {
  Tensor taken = get(name);
  std::erase_if(registered_parameters(), [&](const auto& slot) { return slot->name == name; });
  return taken;
}
std::vector<std::string> ParameterDict::keys() const {
  std::vector<std::string> all;
  for (const auto& slot : registered_parameters()) all.push_back(slot->name);
  return all;
}
std::vector<Tensor> ParameterDict::values() const {
  std::vector<Tensor> all;
  for (const auto& slot : registered_parameters()) all.push_back(slot->tensor);
  return all;
}
std::vector<StateDict::Entry> ParameterDict::entries() const {
  std::vector<StateDict::Entry> all;
  for (const auto& slot : registered_parameters()) all.emplace_back(slot->name, slot->tensor);
  return all;
}
std::string ParameterDict::extra_repr() const {
  std::string text;
  for (const auto& slot : registered_parameters()) text += (text.empty() ? "" : "\n") + tensor_line(slot->name, slot->tensor);
  return text;
}

}  // namespace lazuli::nn
