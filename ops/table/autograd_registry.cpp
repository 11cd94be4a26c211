#include "lazuli/ops/table/autograd_registry.h"

#include <algorithm>
#include <any>
#include <atomic>
#include <map>
#include <mutex>
#include <shared_mutex>

#include "lazuli/core/error.h"
#include "lazuli/ops/table/registry.h"

namespace lazuli::autograd {

namespace {

struct Derivatives {
  std::shared_mutex mutex;
  std::map<std::string, std::vector<std::shared_ptr<const AutogradEntry>>, std::less<>> of;
};
Derivatives& derivatives() {
  static Derivatives& all = *new Derivatives;
  return all;
}
constinit std::atomic<int> registered{0};

void add_tensors(const Value& value, std::vector<const Tensor*>& places) {
  if (value.kind() == Value::Kind::List) {
    for (const Value& item : value.to_list()) add_tensors(item, places);
  } else {
    places.push_back(value.is_tensor() ? &value.to_tensor() : nullptr);
  }
}
void add_results(Value& value, std::vector<Tensor>& results) {
  if (value.kind() == Value::Kind::List) {
    for (const Value& item : value.to_list())
      if (item.is_tensor()) results.push_back(item.to_tensor());
  } else if (value.is_tensor()) {
    results.push_back(value.to_tensor());
  }
}
Value with_results(const Value& value, const std::vector<Tensor>& results, size_t& next) {
  if (value.kind() == Value::Kind::List) {
    Value::List items;
    for (const Value& item : value.to_list()) items.push_back(with_results(item, results, next));
    return Value(items);
  }
  return value.is_tensor() ? Value(results[next++]) : value;
}

// As nodes keep it: the map's own, which stays when the derivative goes.
const char* name_of(const std::string& op) {
  Derivatives& all = derivatives();
  std::shared_lock lock(all.mutex);
  return all.of.find(op)->first.c_str();
}

constexpr const char *kEntry = " derivative", *kPlaces = " places";  // in the context's saved_data, apart from the user's names
using Entry = std::shared_ptr<const AutogradEntry>;
Grads backward_of(GradContext& context, std::vector<Tensor>& grads) {
  std::vector<Tensor> made = std::any_cast<const Entry&>(context.saved_data.at(kEntry))->backward(context, grads);
  // One for each tensor among the arguments becomes one for each argument.
  const auto& is_tensor = std::any_cast<const std::vector<bool>&>(context.saved_data.at(kPlaces));
  if (made.size() == is_tensor.size() || made.size() != size_t(std::count(is_tensor.begin(), is_tensor.end(), true))) return Grads(std::move(made));
  std::vector<Tensor> spread;
  size_t next = 0;
  for (bool tensor : is_tensor) spread.push_back(tensor ? made[next++] : Tensor());
  return Grads(std::move(spread));
}

}  // namespace

AutogradHandle register_autograd(AutogradConfig config) {
  if (!has_op(config.op)) get_op_info(config.op);  // its error
  if (!config.backward) fail(errors::invalid_config_error, "register_autograd", "backward", "a function", "none");
  Derivatives& all = derivatives();
  std::lock_guard lock(all.mutex);
  auto& list = all.of[config.op];
  for (const Entry& e : list)
    if (e->dtype == config.dtype && e->device == config.device)
      fail(errors::registration_failed_error, ErrorKind::State, "register_autograd", "op",
           "an operator without a derivative for this dtype and device", "'" + config.op + "', which has one");
  list.push_back(std::make_shared<const AutogradEntry>(std::move(config)));
  registered.fetch_add(1);
  const Entry entry = list.back();
  return AutogradHandle(entry->op, [entry] {
    Derivatives& known = derivatives();
    std::lock_guard again(known.mutex);
    if (std::erase(known.of[entry->op], entry)) registered.fetch_sub(1);
  });
}
AutogradHandle register_backward(std::string_view op, BackwardFn backward) {
  return register_autograd({.op = std::string(op), .backward = std::move(backward)});
}

bool has_autograd(std::string_view op) {
  Derivatives& all = derivatives();
  std::shared_lock lock(all.mutex);
  auto at = all.of.find(op);
  return at != all.of.end() && !at->second.empty();
}
AutogradEntry get_autograd(std::string_view op) {
  Derivatives& all = derivatives();
  std::shared_lock lock(all.mutex);
  auto at = all.of.find(op);
  if (at == all.of.end() || at->second.empty())
    fail(errors::autograd_not_registered_error, ErrorKind::NotSupported, "get_autograd", "op", "an operator with a registered derivative",
         "'" + std::string(op) + "'");
  return *at->second.back();
}

Entry detail::find_autograd(std::string_view op, const std::vector<Value>& arguments) {
  if (registered.load(std::memory_order_relaxed) == 0) return nullptr;
  std::vector<const Tensor*> places;
  for (const Value& v : arguments) add_tensors(v, places);
  const Tensor* first = nullptr;
  for (const Tensor* t : places)
    if (t && !first) first = t;
  Derivatives& all = derivatives();
  std::shared_lock lock(all.mutex);
  auto at = all.of.find(op);
  if (at == all.of.end()) return nullptr;
  for (auto e = at->second.rbegin(); e != at->second.rend(); ++e)
    if ((!(*e)->dtype || (first && first->dtype() == *(*e)->dtype)) && (!(*e)->device || (first && first->device() == *(*e)->device))) return *e;
  return nullptr;
}

std::vector<Value> detail::run_recorded(const Entry& entry, std::vector<Value>& arguments,
                                        const std::function<std::vector<Value>(std::vector<Value>&)>& forward) {
  std::vector<const Tensor*> places;
  for (const Value& v : arguments) add_tensors(v, places);
  FunctionCall call(name_of(entry->op), places);
  GradContext& context = call.context();
  std::vector<Value> outputs;
  {
    no_grad unrecorded;
    std::vector<Value> given = arguments;
    outputs = forward(given);
    if (entry->setup_context) entry->setup_context(context, arguments, outputs);
  }
  if (!entry->setup_context) {
    std::vector<Tensor> inputs;
    for (const Tensor* t : places)
      if (t) inputs.push_back(*t);
    context.save_for_backward(std::move(inputs));
  }
  context.saved_data[kEntry] = entry;
  std::vector<bool> is_tensor;
  for (const Tensor* t : places) is_tensor.push_back(t != nullptr);
  context.saved_data[kPlaces] = std::move(is_tensor);
  std::vector<Tensor> results;
  for (Value& v : outputs) add_results(v, results);
  std::vector<Tensor*> pointers;
  for (Tensor& t : results) pointers.push_back(&t);
  call.finish(pointers, &backward_of, false);
  size_t next = 0;
  for (Value& v : outputs) v = with_results(v, results, next);
  return outputs;
}

}  // namespace lazuli::autograd
