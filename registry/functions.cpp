#include "lazuli/registry/functions.h"

#include <algorithm>
#include <map>
#include <mutex>

#include "lazuli/autograd/tape.h"
#include "lazuli/core/error.h"
#include "lazuli/ops/base/text_cache.h"
#include "lazuli/ops/shape/creation.h"
#include "lazuli/ops/table/schema.h"

namespace lazuli {
namespace {

struct Functions {
  std::mutex mutex;
  std::map<std::string, registry::FunctionConfig, std::less<>> all;
  std::map<std::string, autograd::AutogradConfig, std::less<>> gradients;
  std::map<std::string, registry::MethodConfig, std::less<>> methods;
};
Functions& functions() {
  static Functions* f = new Functions;
  return *f;
}

bool gradient_of(const std::string& name, autograd::AutogradConfig& found) {
  std::lock_guard lock(functions().mutex);
  auto at = functions().gradients.find(name);
  if (at == functions().gradients.end()) return false;
  found = at->second;
  return true;
}

// The tensors among the arguments, lists included, in order.
std::vector<Tensor> tensors_of(const std::vector<Value>& args) {
  std::vector<Tensor> all;
  for (const Value& arg : args) {
    if (arg.is_tensor()) all.push_back(arg.to_tensor());
    if (arg.kind() != Value::Kind::List) continue;
    for (const Value& item : arg.to_list())
      if (item.is_tensor()) all.push_back(item.to_tensor());
  }
  return all;
}

// The gradients that a formula gave: one for each tensor, of its sizes.
Grads checked_grads(const std::string& op, std::vector<Tensor> given, const std::vector<Tensor>& inputs) {
  if (given.size() != inputs.size())
    fail(errors::autograd_gradient_mismatch_error, op, "backward", std::to_string(inputs.size()) + " gradients, one for each tensor",
         std::to_string(given.size()));
  Grads grads = Grads::undefined(inputs.size());
  for (size_t i = 0; i < given.size(); ++i) {
    if (!given[i].defined()) continue;
    if (!can_broadcast_to(inputs[i].sizes(), given[i].sizes()))
      fail(errors::autograd_gradient_mismatch_error, op, "backward",
           "a gradient of the sizes " + to_string(inputs[i].sizes()) + " for tensor " + std::to_string(i), to_string(given[i].sizes()));
    grads[i] = given[i];
  }
  return grads;
}

std::vector<Value> run(const std::string& name, const registry::FunctionConfig& config, std::vector<Value>& args) {
  const std::vector<Tensor> inputs = tensors_of(args);
  auto tape = Tape::recording(inputs);
  if (!tape || config.differentiable) return config.function(args);
  autograd::AutogradConfig gradient;
  if (!gradient_of(name, gradient))
    fail(errors::autograd_not_registered_error, ErrorKind::NotSupported, name, "",
         "inputs that do not require grad, or a formula (register_backward)", "one that does");
  auto context = std::make_shared<autograd::GradContext>();
  context->inputs_ = args;
  std::vector<Value> results;
  {
    no_grad guard;
    results = config.function(args);
  }
  std::vector<Tensor> outputs = tensors_of(results);
  std::vector<SavedTensor> kept, kept_outputs;
  for (const Tensor& t : inputs) {
    kept.push_back(tape.save(t));
    context->needs_.push_back(t.requires_grad());
  }
  for (size_t i = 0; i < outputs.size(); ++i) kept_outputs.push_back(tape.save_output(outputs[i], uint32_t(i)));
  if (gradient.setup_context) {
    no_grad guard;
    context->outputs_ = outputs;
    gradient.setup_context(*context);
    context->outputs_.clear();
  }
  for (Value& arg : context->inputs_)  // tensors come back from the tape, which knows their versions
    if (arg.is_tensor()) arg = Value();
  tape.record("custom", outputs, [=, backward = gradient.backward](Grads& grads, Needs) {
    autograd::GradContext call = *context;
    std::vector<Tensor> now, given;
    size_t next = 0;
    for (const SavedTensor& saved : kept) now.push_back(saved.get());
    for (size_t i = 0; i < call.inputs_.size(); ++i) {
      if (args[i].is_tensor()) call.inputs_[i] = Value(now[next++]);
      else if (args[i].kind() == Value::Kind::List)
        for (const Value& item : args[i].to_list()) next += item.is_tensor();
    }
    for (const SavedTensor& saved : kept_outputs) call.outputs_.push_back(saved.get());
    for (size_t i = 0; i < call.outputs_.size(); ++i) given.push_back(grads[i].defined() ? grads[i] : zeros_like(call.outputs_[i]));
    return checked_grads(name, backward(call, given), now);
  });
  size_t next = 0;
  for (Value& result : results)
    if (result.is_tensor()) result = Value(outputs[next++]);
  return results;
}

}  // namespace

namespace registry {

FunctionHandle register_function(FunctionConfig config) {
  if (!config.function) fail(errors::invalid_config_error, "register_function", "function", "a function", "none");
  const std::string name(schema_name(config.schema));
  const auto backward = config.backward;
  const auto setup = config.setup_context;
  FunctionHandle handle = lazuli::register_function(
      config.schema, [name, config](std::vector<Value>& args) -> std::vector<Value> { return run(name, config, args); }, config.replace);
  {
    std::lock_guard lock(functions().mutex);
    functions().all[name] = config;
    functions().gradients.erase(name);
    if (backward) functions().gradients[name] = {name, backward, setup};
  }
  return FunctionHandle(name, [handle, name]() mutable {
    handle.unregister();
    std::lock_guard lock(functions().mutex);
    functions().all.erase(name);
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

namespace autograd {

AutogradHandle register_autograd(AutogradConfig config) {
  const char* function = "register_autograd";
  if (!config.backward) fail(errors::invalid_config_error, function, "backward", "a function", "none");
  get_op_info(config.op);  // throws for an unknown one
  std::lock_guard lock(functions().mutex);
  auto own = functions().all.find(config.op);
  if (own == functions().all.end() || own->second.differentiable || functions().gradients.count(config.op))
    fail(errors::registration_failed_error, ErrorKind::State, function, "op",
         "a function registered without a gradient (registry::register_function)", "'" + config.op + "'");
  const std::string name = config.op;
  functions().gradients.emplace(name, std::move(config));
  return AutogradHandle(name, [name] {
    std::lock_guard again(functions().mutex);
    functions().gradients.erase(name);
  });
}
AutogradHandle register_backward(std::string op, BackwardFn backward) { return register_autograd({std::move(op), std::move(backward), {}}); }
bool has_autograd(std::string_view op) {
  AutogradConfig ignored;
  return gradient_of(std::string(op), ignored);
}
AutogradConfig get_autograd(std::string_view op) {
  AutogradConfig found;
  if (gradient_of(std::string(op), found)) return found;
  fail(errors::autograd_not_registered_error, ErrorKind::NotSupported, "get_autograd", "op", "a function with a registered formula",
       "'" + std::string(op) + "'");
}

}  // namespace autograd

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
