#include "lazuli/registry/functions.h"

#include <algorithm>
#include <map>
#include <mutex>

#include "lazuli/autograd/modes.h"
#include "lazuli/core/error.h"
#include "lazuli/ops/base/text_cache.h"
#include "lazuli/ops/table/schema.h"

namespace lazuli {
namespace {

struct Functions {
  std::mutex mutex;
  std::map<std::string, autograd::AutogradHandle, std::less<>> gradients;  // of those that were registered with one
  std::map<std::string, registry::MethodConfig, std::less<>> methods;
};
Functions& functions() {
  static Functions* f = new Functions;
  return *f;
}

bool wants_gradient(const Value& value) {
  if (value.kind() == Value::Kind::List) {
    const auto& items = value.to_list();
    return std::any_of(items.begin(), items.end(), wants_gradient);
  }
  return value.is_tensor() && value.to_tensor().defined() && value.to_tensor().requires_grad();
}

}  // namespace

namespace registry {

FunctionHandle register_function(FunctionConfig config) {
  if (!config.function) fail(errors::invalid_config_error, "register_function", "function", "a function", "none");
  const std::string name(schema_name(config.schema));
  // Where a gradient is asked for, a registered derivative has run this without recording (ops/table/autograd_registry.h).
  auto function = [name, inner = config.function, differentiable = config.differentiable](std::vector<Value>& args) -> std::vector<Value> {
    if (!differentiable && is_grad_enabled() && std::any_of(args.begin(), args.end(), wants_gradient))
      fail(errors::autograd_not_registered_error, ErrorKind::NotSupported, name, "",
           "inputs that do not require grad, or a formula (register_backward)", "one that does");
    return inner(args);
  };
  FunctionHandle handle = lazuli::register_function(config.schema, std::move(function), config.replace);
  {
    std::lock_guard lock(functions().mutex);
    functions().gradients[name].remove();  // of the function whose place it takes
    if (config.backward)
      functions().gradients[name] = autograd::register_autograd({.op = name, .backward = config.backward, .setup_context = config.setup_context});
  }
  return FunctionHandle(name, [handle, name]() mutable {
    handle.unregister();
    std::lock_guard lock(functions().mutex);
    functions().gradients[name].remove();
    functions().gradients.erase(name);
  });
}

std::function<std::vector<Value>(std::vector<Value>)> get_function(std::string_view name) {
  get_op_info(name);  // throws
  return [name = std::string(name)](std::vector<Value> args) { return call(name, std::move(args)); };
}
bool has_function(std::string_view name) { return has_op(name); }
std::vector<std::string> list_functions() { return list_ops("user"); }

MethodHandle register_method(MethodConfig config) {
  if (config.name.empty() || !config.function)
    fail(errors::invalid_config_error, "register_method", config.function ? "name" : "function", config.function ? "a name" : "a function", "none");
  std::lock_guard lock(functions().mutex);
  const std::string name = config.name;
  if (!functions().methods.emplace(name, std::move(config)).second)
    fail(errors::method_already_registered_error, "register_method", "name", "a name that is not taken", "'" + name + "'");
  return MethodHandle(name, [name] {
    std::lock_guard again(functions().mutex);
    functions().methods.erase(name);
  });
}
MethodConfig get_method(std::string_view name) {
  std::lock_guard lock(functions().mutex);
  auto at = functions().methods.find(name);
  if (at != functions().methods.end()) return at->second;
  std::list<std::string> names;
  for (const auto& [known, method] : functions().methods) names.push_back(known);
  fail(errors::op_not_found_error, ErrorKind::NotSupported, "get_method", "name", "a registered method" + nearest_hint(std::string(name), names),
       "'" + std::string(name) + "'");
}
bool has_method(std::string_view name) {
  std::lock_guard lock(functions().mutex);
  return functions().methods.find(name) != functions().methods.end();
}
std::vector<std::string> list_methods() {
  std::lock_guard lock(functions().mutex);
  std::vector<std::string> names;
  for (const auto& [name, method] : functions().methods) names.push_back(name);
  return names;
}

}  // namespace registry

std::vector<Value> Tensor::call(std::string_view method, std::vector<Value> args) const {
  if (registry::has_method(method)) {
    const registry::MethodConfig found = registry::get_method(method);
    if (!found.dtypes.empty() && std::find(found.dtypes.begin(), found.dtypes.end(), dtype()) == found.dtypes.end()) {
      std::string known;
      for (DType t : found.dtypes) known += (known.empty() ? "" : ", ") + std::string(name(t));
      fail(errors::method_dtype_not_supported_error, ErrorKind::Type, method, "self", "one of " + known, name(dtype()));
    }
    return found.function(*this, args);
  }
  args.insert(args.begin(), Value(*this));
  return lazuli::call(method, std::move(args));
}
std::vector<Value> Tensor::call(std::string_view method) const { return call(method, {}); }

}  // namespace lazuli
