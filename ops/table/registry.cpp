#include "lazuli/ops/table/registry.h"

#include <algorithm>
#include <map>
#include <memory>
#include <mutex>
#include <shared_mutex>

#include "lazuli/core/error.h"
#include "lazuli/core/open/open_calls.h"
#include "lazuli/ops/table/autograd_registry.h"
#include "lazuli/ops/table/bind_arguments.h"
#include "lazuli/ops/table/direct_call.h"
#include "lazuli/ops/table/families.h"
#include "lazuli/ops/table/schema.h"

namespace lazuli {
namespace {

using bind::CppType;

// Whether a function with such a parameter can take what the schema lets through.
bool agrees(const ArgType& type, CppType cpp) {
  using Base = ArgType::Base;
  struct Row {
    Base base;
    CppType one, optional, list, optional_list;
  };
  constexpr Row rows[] = {{Base::Int, CppType::Int, CppType::OptInt, CppType::Shape, CppType::OptShape},
                          {Base::Float, CppType::Float, CppType::OptFloat, CppType::Floats, CppType::OptFloats},
                          {Base::Bool, CppType::Bool, CppType::OptBool, CppType::Bools, CppType::Any},
                          {Base::Scalar, CppType::Scalar, CppType::OptScalar, CppType::Scalars, CppType::Any},
                          {Base::String, CppType::String, CppType::OptString, CppType::Strings, CppType::Any},
                          {Base::DType, CppType::DType, CppType::OptDType, CppType::Any, CppType::Any},
                          {Base::Device, CppType::Device, CppType::OptDevice, CppType::Any, CppType::Any},
                          {Base::Generator, CppType::Any, CppType::Generator, CppType::Any, CppType::Any},
                          {Base::Any, CppType::Any, CppType::Any, CppType::AnyList, CppType::Any}};
  if (cpp == CppType::Any) return true;
  if (type.base == Base::Tensor) {
    if (type.list) return cpp == (type.optional_items ? CppType::OptTensors : CppType::Tensors) && !type.optional;
    if (type.optional) return cpp == CppType::OptTensor || cpp == CppType::Tensor;
    return cpp == CppType::Tensor || cpp == CppType::TensorRef;
  }
  for (const Row& row : rows) {
    if (row.base != type.base) continue;
    if (type.list) return cpp == (type.optional ? row.optional_list : row.list) || (!type.optional && cpp == row.optional_list);
    return cpp == (type.optional ? row.optional : row.one) || (!type.optional && cpp == row.optional);
  }
  return false;
}

class Overload {
 public:
  Overload(std::string_view text, const bind::Erased& function, const char* family) : text_(text), function_(function), family_(family) {}
  Overload(std::string_view text, std::shared_ptr<const BoxedFunction> boxed) : text_(text), boxed_(std::move(boxed)) {}

  const std::string& text() const { return text_; }
  const char* family() const { return family_; }

  const Schema& schema() const {
    std::call_once(parsed_, [this] {
      schema_ = parse_schema(text_);
      if (!boxed_) compare();
    });
    return schema_;
  }

  std::vector<Value> run(std::vector<Value>& bound) const {
    if (boxed_) return (*boxed_)(bound);
    std::vector<Value> results;
    function_.thunk(function_.function, bound.data(), results);
    return results;
  }

 private:
  void compare() const {
    const auto& args = schema_.args;
    if (args.size() != function_.parameters.size()) {
      fail("register", "schema", std::to_string(function_.parameters.size()) + " arguments, as the function has", "\"" + text_ + "\"");
    }
    for (size_t i = 0; i < args.size(); ++i) {
      if (!agrees(args[i].type, function_.parameters[i]))
        fail("register", args[i].name, "a type that agrees with the function's parameter", to_string(args[i].type) + " in \"" + text_ + "\"");
      const char* name = function_.names[i];
      if (name && args[i].name != name) fail("register", args[i].name, "'" + std::string(name) + "', as the option is called", "\"" + text_ + "\"");
    }
  }

  std::string text_;
  bind::Erased function_;
  std::shared_ptr<const BoxedFunction> boxed_;
  const char* family_ = "user";
  mutable std::once_flag parsed_;
  mutable Schema schema_;
};

using Overloads = std::vector<std::shared_ptr<const Overload>>;

struct Registry {
  std::shared_mutex mutex;
  std::map<std::string, Overloads, std::less<>> ops;
};

// Never destroyed: a call may come from another static's destructor.
Registry& empty_registry() {
  static Registry& registry = *new Registry;
  return registry;
}

Registry& registry() {
  static Registry& filled = []() -> Registry& {
    OpTable table;
    register_families(table);
    return empty_registry();
  }();
  return filled;
}

[[noreturn]] void fail_unknown(std::string_view name, const Registry& r) {
  std::vector<std::pair<int, std::string_view>> near;
  for (const auto& [other, overloads] : r.ops) {
    int distance = levenshtein_distance(name, other);
    bool tail = other.size() > name.size() && other.ends_with(name) && other[other.size() - name.size() - 1] == '.';
    if (tail || distance <= 1 + int(name.size()) / 4) near.emplace_back(tail ? 0 : distance, other);
  }
  std::sort(near.begin(), near.end());
  std::string hint;
  for (size_t i = 0; i < near.size() && i < 3; ++i) hint += std::string(i ? ", " : " (did you mean ") + std::string(near[i].second);
  fail(errors::op_not_found_error, ErrorKind::NotSupported, "call", "name", "a known operator" + hint + (hint.empty() ? "" : "?)"),
       "'" + std::string(name) + "'");
}

Overloads find(std::string_view name) {
  Registry& r = registry();
  std::shared_lock lock(r.mutex);
  auto found = r.ops.find(name);
  if (found == r.ops.end()) fail_unknown(name, r);
  return found->second;
}

// Says why by binding once more, to each of the overloads.
[[noreturn]] void fail_none_fits(std::string_view name, const Overloads& overloads, const std::vector<Value>& args, const Kwargs& kwargs) {
  std::string got = "(";
  for (const Value& arg : args) got += (got.size() > 1 ? ", " : "") + describe(arg);
  for (const auto& [key, value] : kwargs) got += (got.size() > 1 ? ", " : "") + key + "=" + describe(value);
  Error none(ErrorKind::Type, std::string(name), "", "arguments that fit one of its " + std::to_string(overloads.size()) + " schemas", got + ")");
  for (const auto& overload : overloads) {
    try {
      bind_arguments(overload->schema(), args, kwargs);
    } catch (Error& error) {
      if (overloads.size() == 1) {
        error.add_context("schema: " + overload->text());
        throw;
      }
      none.add_context(overload->text() + ": " + error.what());
    }
  }
  throw none;
}

// What does not parse, or does not agree with its function, is a mistake with a name.
std::string checked_name(const Overload& overload) {
  try {
    return overload.schema().name;
  } catch (Error& error) {
    error.set_code(error.op() == "register" ? errors::kernel_signature_mismatch_error : errors::invalid_config_error);
    throw;
  }
}

FunctionHandle add_user(std::string_view schema, std::shared_ptr<const Overload> overload, bool replace) {
  const std::string name = checked_name(*overload);
  Registry& r = registry();
  std::unique_lock lock(r.mutex);
  auto [slot, added] = r.ops.try_emplace(name);
  if (!added && !replace)
    fail(errors::function_already_registered_error, "register_function", "schema", "a name that is not taken",
         "'" + name + "', which is \"" + slot->second[0]->text() + "\"; given \"" + std::string(schema) + "\"");
  Overloads before = std::exchange(slot->second, {overload});
  return FunctionHandle(name, [name, overload, before] {
    std::unique_lock lock(registry().mutex);
    auto& ops = registry().ops;
    auto found = ops.find(name);
    if (found == ops.end() || found->second.size() != 1 || found->second[0] != overload) return;  // replaced since
    if (before.empty()) ops.erase(found);
    else found->second = before;
  });
}

// By family: what cannot be seen from the elementwise codes.
OpKind kind_of_op(const std::string& name, std::string_view family) {
  const int operands = find_kernel_op(name).operands;
  if (operands) return operands == 1 ? OpKind::Unary : operands == 2 ? OpKind::Binary : OpKind::Ternary;
  const auto is = [&](std::initializer_list<std::string_view> families) {
    return std::find(families.begin(), families.end(), family) != families.end();
  };
  if (is({"reduction", "extremes", "statistics", "masked", "vector_norm"})) return OpKind::Reduction;
  if (is({"creation", "windows", "random"})) return OpKind::Creation;
  if (is({"shape", "view", "split", "join", "rearrange", "layout", "einops"})) return OpKind::Shape;
  if (is({"unary", "activation", "special", "bessel"})) return OpKind::Unary;
  if (is({"binary", "comparison", "arithmetic"})) return OpKind::Binary;
  return OpKind::Other;
}

// By what goes in and comes out: as many tensors, and one.
OpKind kind_of_user_op(const Schema& schema) {
  const auto is_tensor = [](const ArgType& type) { return type.base == ArgType::Base::Tensor && !type.list && !type.optional; };
  constexpr OpKind kinds[] = {OpKind::Unary, OpKind::Binary, OpKind::Ternary};
  if (schema.args.empty() || schema.args.size() > 3 || schema.results.size() != 1 || !is_tensor(schema.results[0])) return OpKind::Other;
  for (const SchemaArg& arg : schema.args)
    if (!is_tensor(arg.type)) return OpKind::Other;
  return kinds[schema.args.size() - 1];
}

}  // namespace

void OpTable::add_erased(const char* schema, const bind::Erased& function) {
  empty_registry().ops[std::string(schema_name(schema))].push_back(std::make_shared<const Overload>(schema, function, family_));
}

void OpTable::alias(const char* new_name, const char* name) {
  auto& ops = empty_registry().ops;
  Overloads overloads = ops[name];
  auto& slot = ops[new_name];
  slot.insert(slot.end(), overloads.begin(), overloads.end());
}

std::vector<Value> call(std::string_view name, std::vector<Value> args, const Kwargs& kwargs) {
  const Overloads overloads = find(name);
  const auto run = [&](const Overload& overload, std::vector<Value> bound) {
    if (auto derivative = autograd::detail::find_autograd(name, bound))
      return autograd::detail::run_recorded(derivative, bound, [&](std::vector<Value>& given) { return overload.run(given); });
    return overload.run(bound);
  };
  for (bool exact : {true, false}) {  // a 0-d tensor is a number only if it is nowhere taken as a tensor
    if (exact && overloads.size() == 1) continue;
    for (const auto& overload : overloads)
      if (auto bound = try_bind_arguments(overload->schema(), args, kwargs, exact)) return run(*overload, std::move(*bound));
  }
  fail_none_fits(name, overloads, args, kwargs);
}

std::vector<Value> call_directly(std::string_view schema, std::vector<Value> args) {
  for (const auto& overload : find(schema_name(schema)))
    if (overload->text() == schema) {
      if (args.size() != overload->schema().args.size())
        fail("call_directly", "args", std::to_string(overload->schema().args.size()) + " values", std::to_string(args.size()));
      return overload->run(args);
    }
  fail("call_directly", "schema", "a line of the table", "\"" + std::string(schema) + "\"");
}

std::vector<std::string> list_ops() {
  Registry& r = registry();
  std::shared_lock lock(r.mutex);
  std::vector<std::string> names;
  for (const auto& [name, overloads] : r.ops) names.push_back(name);
  return names;
}

std::vector<std::string> list_ops(OpKind kind) {
  std::vector<std::string> names = list_ops();
  std::erase_if(names, [&](const std::string& name) { return get_op_info(name).kind != kind; });
  return names;
}
std::vector<std::string> list_ops(std::string_view family) {
  std::vector<std::string> names = list_ops();
  std::erase_if(names, [&](const std::string& name) { return get_op_info(name).family != family; });
  return names;
}

bool has_op(std::string_view name) {
  Registry& r = registry();
  std::shared_lock lock(r.mutex);
  return r.ops.find(name) != r.ops.end();
}

OpInfo get_op_info(std::string_view name) {
  Overloads overloads = find(name);
  const std::string_view family = overloads[0]->family();
  const OpKind kind = family == "user" ? kind_of_user_op(overloads[0]->schema()) : kind_of_op(std::string(name), family);
  OpInfo info{std::string(name), std::string(family), {}, kind};
  for (const auto& overload : overloads) info.schemas.push_back(overload->text());
  return info;
}

FunctionHandle detail::register_boxed(std::string_view schema, std::shared_ptr<const BoxedFunction> function, bool replace) {
  return add_user(schema, std::make_shared<const Overload>(schema, std::move(function)), replace);
}

FunctionHandle detail::register_erased(std::string_view schema, const bind::Erased& function, bool replace) {
  return add_user(schema, std::make_shared<const Overload>(schema, function, "user"), replace);
}

std::vector<std::string> check_op_table() {
  Registry& r = registry();
  std::shared_lock lock(r.mutex);
  std::vector<std::string> mistakes;
  for (const auto& [name, overloads] : r.ops) {
    if (overloads.empty()) mistakes.push_back(name + ": an alias of nothing");
    for (const auto& overload : overloads) {
      try {
        overload->schema();
      } catch (const Error& error) { mistakes.push_back(name + ": " + error.what()); }
    }
  }
  return mistakes;
}

int levenshtein_distance(std::string_view a, std::string_view b) {
  std::vector<int> row(b.size() + 1);
  for (size_t j = 0; j <= b.size(); ++j) row[j] = int(j);
  for (size_t i = 1; i <= a.size(); ++i) {
    int diagonal = row[0];
    row[0] = int(i);
    for (size_t j = 1; j <= b.size(); ++j) {
      int best = std::min({row[j] + 1, row[j - 1] + 1, diagonal + (a[i - 1] != b[j - 1])});
      diagonal = std::exchange(row[j], best);
    }
  }
  return row[b.size()];
}

}  // namespace lazuli
