#pragma once
#include <functional>

#include "lazuli/ops/table/autograd_registry.h"
#include "lazuli/ops/table/registry.h"

/// Functions and methods of a program's own, by name: called, listed and described as the library's operators are.
namespace lazuli::registry {

using lazuli::get_op_info;
using lazuli::has_op;
using lazuli::list_ops;
using lazuli::register_function;

using BoxedCall = std::function<std::vector<Value>(std::vector<Value>& args)>;

/// A function that knows its gradient: `schema` "swish(Tensor x, *, float beta=1.0) -> Tensor"; `function` gets the arguments in the schema's order and runs without recording. Without `backward` it throws Error
/// (autograd_not_registered_error) where a gradient is asked for, unless `differentiable` says that it is made of operators and records itself.
struct FunctionConfig {
  std::string schema;
  BoxedCall function;
  autograd::BackwardFn backward = {};
  autograd::SetupContextFn setup_context = {};
  bool differentiable = false;
  bool replace = false;
};
FunctionHandle register_function(FunctionConfig config);
/// The function of that name, called with its arguments. Throws Error (op_not_found_error).
std::function<std::vector<Value>(std::vector<Value>)> get_function(std::string_view name);
bool has_function(std::string_view name);
/// Those that programs have registered.
std::vector<std::string> list_functions();

/// Methods are called by `tensor.call("name", {args})`.
struct MethodConfig {
  std::string name;
  std::function<std::vector<Value>(const Tensor& self, std::vector<Value>& args)> function;
  std::vector<DType> dtypes = {};  // of self; none: all
};
using MethodHandle = Handle;
/// Throws Error: method_already_registered_error, invalid_config_error.
MethodHandle register_method(MethodConfig config);
/// A callable of `self` and any values: `register_method("scaled", [](const Tensor& self, std::vector<Value>& args) { return self * args[0].to_scalar(); })`.
template <class F>
MethodHandle register_method(std::string name, F function, std::vector<DType> dtypes = {}) {
  return register_method(MethodConfig{std::move(name),
                                      [function](const Tensor& self, std::vector<Value>& args) -> std::vector<Value> {
                                        using R = std::invoke_result_t<F, const Tensor&, std::vector<Value>&>;
                                        if constexpr (std::is_same_v<R, std::vector<Value>>) return function(self, args);
                                        else return {Value(function(self, args))};
                                      },
                                      std::move(dtypes)});
}
/// Throws Error (op_not_found_error) where there is none.
MethodConfig get_method(std::string_view name);
bool has_method(std::string_view name);
std::vector<std::string> list_methods();

}  // namespace lazuli::registry
