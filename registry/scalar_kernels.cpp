#include "lazuli/registry/scalar_kernels.h"

#include <algorithm>
#include <list>
#include <mutex>

#include "lazuli/core/error.h"
#include "lazuli/ops/base/dtype_checks.h"
#include "lazuli/ops/table/registry.h"

namespace lazuli::registry {
namespace {

struct Kernels {
  std::mutex mutex;
  std::list<std::pair<uint64_t, ScalarKernelConfig>> all;  // the latest first
  uint64_t next = 1;
};
Kernels& kernels() {
  static auto* registered = new Kernels;
  return *registered;
}

ScalarKernelFunction find(std::string_view op, DType dtype, Device device) {
  Kernels& k = kernels();
  std::lock_guard lock(k.mutex);
  for (const auto& [number, config] : k.all)
    if (config.op == op && config.device.type == device.type && std::find(config.dtypes.begin(), config.dtypes.end(), dtype) != config.dtypes.end())
      return config.function;
  return {};
}
[[noreturn]] void fail_none(const char* function, std::string_view op, DType dtype, Device device) {
  fail(errors::kernel_not_registered_error, ErrorKind::NotSupported, function, "op",
       "an operator that answers a number for " + std::string(name(dtype)) + " on " + to_string(device), "'" + std::string(op) + "'");
}

}  // namespace

ScalarKernelHandle register_scalar_kernel(ScalarKernelConfig config) {
  const char* function = "register_scalar_kernel";
  if (config.op.empty()) fail(errors::invalid_config_error, function, "op", "a name", "''");
  if (!config.function) fail(errors::invalid_config_error, function, "function", "a function", "none");
  if (config.dtypes.empty()) fail(errors::invalid_config_error, function, "dtypes", "at least one dtype", "none");
  Kernels& k = kernels();
  std::lock_guard lock(k.mutex);
  const uint64_t number = k.next++;
  const std::string name = config.op;
  k.all.emplace_front(number, std::move(config));
  return ScalarKernelHandle(name, [number] {
    Kernels& registered = kernels();
    std::lock_guard again(registered.mutex);
    registered.all.remove_if([number](const auto& entry) { return entry.first == number; });
  });
}

ScalarKernelHandle register_scalar_forward(std::string op, Device device, ScalarKernelFunction function) {
  ScalarKernelConfig config{std::move(op), {}, device, std::move(function)};
  for (const DTypeProperties& p : lazuli::kDTypes) config.dtypes.push_back(p.dtype);
  return register_scalar_kernel(std::move(config));
}

ScalarKernelFunction get_scalar_kernel(std::string_view op, DType dtype, Device device) {
  ScalarKernelFunction found = find(op, dtype, device);
  if (!found) fail_none("get_scalar_kernel", op, dtype, device);
  return found;
}

bool has_scalar_kernel(std::string_view op, DType dtype, Device device) { return bool(find(op, dtype, device)); }

Scalar call_scalar(std::string_view op, const std::vector<Tensor>& inputs) {
  need_defined("call_scalar", inputs, "inputs");
  if (inputs.empty()) fail("call_scalar", "inputs", "at least one tensor", "none");
  const DType dtype = inputs[0].dtype();
  const Device device = inputs[0].device();
  if (const ScalarKernelFunction kernel = find(op, dtype, device)) return kernel(inputs);
  if (!has_op(op)) fail_none("call_scalar", op, dtype, device);
  const std::vector<Value> results = call(op, std::vector<Value>(inputs.begin(), inputs.end()));
  if (results.size() == 1 && results[0].is_number()) return results[0].to_scalar();
  if (results.size() == 1 && results[0].is_tensor()) return results[0].to_tensor().item();
  fail_none("call_scalar", op, dtype, device);
}

}  // namespace lazuli::registry
