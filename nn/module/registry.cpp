#include "lazuli/nn/module/registry.h"

#include <algorithm>

namespace lazuli::nn {

namespace {
const ModuleTable& table() {
  static const ModuleTable* all = [] {
    auto* t = new ModuleTable;
    for (auto list : {list_linears, list_shapes, list_activations, list_dropouts, list_batch_norms, list_normalizations, list_embeddings, list_losses,
                      list_projection_losses, list_convolutions, list_poolings, list_paddings, list_foldings, list_upsamplings, list_attention,
                      list_transformers, list_recurrent})
      list(*t);
    return t;
  }();
  return *all;
}
}  // namespace

std::shared_ptr<Module> make_module(std::string_view name, const std::vector<Value>& args, const Kwargs& kwargs,
                                    const std::vector<std::pair<std::string, std::shared_ptr<Module>>>& modules) {
  for (const auto& entry : table().entries)
    if (entry.name == name) {
      detail::BoxedArguments boxed(name, args, kwargs, modules);
      return entry.make(boxed);
    }
  fail(ErrorKind::Index, "make_module", "name", "the name of a module of the library", "'" + std::string(name) + "'");
}
std::vector<std::string> list_modules() {
  std::vector<std::string> names;
  for (const auto& entry : table().entries) names.push_back(entry.name);
  return names;
}
std::string print_arguments(const Module& module) {
  for (const auto& entry : table().entries)
    if (*entry.type == typeid(module)) return entry.print(module);
  return {};
}
std::string TensorModule::extra_repr() const { return print_arguments(*this); }

namespace detail {

const Value* BoxedArguments::take(const char* name) {
  size_t position = next_++;
  const Value* found = position < args_.size() ? &args_[position] : nullptr;
  for (const auto& [key, value] : kwargs_) {
    if (key != name) continue;
    if (found) fail(module_, name, "the argument once", "it by position and by name");
    found = &value;
    taken_.push_back(&value);
  }
  return found;
}
std::shared_ptr<Module> BoxedArguments::take_module(const char* name) {
  auto found = std::find_if(modules_.begin(), modules_.end(), [&](const auto& given) { return given.first == name; });
  if (found == modules_.end()) {
    for (const auto& [key, value] : kwargs_)
      if (key == name && value.is_none()) taken_.push_back(&value);
    return nullptr;
  }
  std::shared_ptr<Module> module = found->second;
  modules_.erase(found);
  return module;
}
void BoxedArguments::fail_missing(const char* name) const { fail(module_, name, "a value", "none"); }
void BoxedArguments::done() const {
  if (!modules_.empty()) fail(module_, modules_.front().first, "an argument that the module has", "another name");
  if (args_.size() > next_) fail(module_, "", "at most " + std::to_string(next_) + " arguments", std::to_string(args_.size()));
  for (const auto& [key, value] : kwargs_)
    if (std::find(taken_.begin(), taken_.end(), &value) == taken_.end()) fail(module_, key, "an argument that the module has", "another name");
}

void BoxedArguments::unbox(const Value& value, bool& into) const { into = value.to_bool(); }
void BoxedArguments::unbox(const Value& value, int64_t& into) const { into = value.to_int(); }
void BoxedArguments::unbox(const Value& value, double& into) const { into = value.to_double(); }
void BoxedArguments::unbox(const Value& value, std::string& into) const { into = value.to_string(); }
void BoxedArguments::unbox(const Value& value, Shape& into) const {
  into = value.kind() == Value::Kind::List ? value.to_shape() : Shape(value.to_int());
}
void BoxedArguments::unbox(const Value& value, Tensor& into) const { into = value.to_tensor(); }
void BoxedArguments::unbox(const Value& value, Device& into) const {
  into = value.kind() == Value::Kind::String ? Device(value.to_string()) : value.to_device();
}
void BoxedArguments::unbox(const Value& value, DType& into) const { into = value.to_dtype(); }

}  // namespace detail

}  // namespace lazuli::nn
