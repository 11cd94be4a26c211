#include <algorithm>

#include "lazuli/ops/ops.h"
#include "lazuli/ops/table/direct_call.h"
#include "lazuli/ops/table/schema.h"
#include "tests/catch.h"

using namespace lazuli;

// Every typed function of the table is called with an undefined tensor in the place of each of its tensors.
namespace {

using Base = ArgType::Base;

bool takes_tensor(const SchemaArg& arg) { return arg.type.base == Base::Tensor && !arg.type.optional && !arg.type.optional_items; }

Value plain(const SchemaArg& arg, const Tensor& tensor) {
  if (arg.type.base == Base::Tensor && arg.type.list) return Value(Value::List{tensor, tensor});
  if (arg.type.base == Base::Tensor) return tensor;
  if (arg.has_default) {
    if (arg.type.list && arg.type.length && !arg.default_value.is_none() && arg.default_value.kind() != Value::Kind::List)
      return Value(Value::List(size_t(arg.type.length), arg.default_value));
    if (arg.type.list && !arg.default_value.is_none() && arg.default_value.kind() != Value::Kind::List) return Value(Value::List{arg.default_value});
    if (arg.type.base == Base::Float && arg.default_value.is_number()) return arg.default_value.to_double();
    return arg.default_value;
  }
  if (arg.type.optional) return {};
  const size_t length = arg.type.length ? size_t(arg.type.length) : 1;
  switch (arg.type.base) {
    case Base::Int: return arg.type.list ? Value(Value::List(length, Value(1))) : Value(1);
    case Base::Float: return arg.type.list ? Value(Value::List(length, Value(0.5))) : Value(0.5);
    case Base::Bool: return arg.type.list ? Value(Value::List(length, Value(true))) : Value(true);
    case Base::Scalar: return arg.type.list ? Value(Value::List(length, Value(1.0))) : Value(1.0);
    case Base::String: return "mean";
    case Base::DType: return kFloat32;
    case Base::Device: return kCPU;
    case Base::Any: return arg.type.list ? Value(Value::List{0}) : Value(0);
    default: return {};
  }
}

// These are documented to take undefined tensors as well.
bool takes_any(const std::string& schema) {
  return schema == "is_tensor(Tensor obj) -> bool" || schema == "result_type(Tensor tensor, Tensor other) -> dtype";
}

// Other names of the same function, and the out-of-place form of an in-place one, name it as well.
bool same_operator(std::string_view told, std::string_view name) {
  auto plain_name = [](std::string_view s) {
    while (s.ends_with("_") && !s.ends_with("__")) s.remove_suffix(1);
    return s;
  };
  return plain_name(told) == plain_name(name);
}
bool names_operator(const Error& error, const std::string& name, const std::string& schema) {
  if (same_operator(error.op(), name) || same_operator(error.op(), schema_name(schema))) return true;
  return has_op(error.op()) && [&] {  // an alias: the same line under both names
    const std::vector<std::string> lines = get_op_info(error.op()).schemas;
    return std::find(lines.begin(), lines.end(), schema) != lines.end();
  }();
}

std::string complaint_about(const std::string& name, const std::string& text, const Schema& schema, size_t at) {
  std::string last = "no call";
  for (const Tensor& other : {ones({2, 2}), ones({2}), ones({2, 2}, kInt64), ones({2, 2}, kBool)}) {
    std::vector<Value> args;
    for (const SchemaArg& arg : schema.args) args.push_back(plain(arg, other));
    args[at] = schema.args[at].type.list ? Value(Value::List{other, Value()}) : Value();
    try {
      call_directly(text, args);
      return "no error";
    } catch (const Error& error) {
      if (names_operator(error, name, text) && error.kind() == ErrorKind::Argument && error.argument() == schema.args[at].name &&
          std::string(error.what()).find("undefined") != std::string::npos)
        return "";
      last = error.what();
    }
  }
  return last;
}

}  // namespace

TEST_CASE("no operator of the table takes an undefined tensor: it says which operator and which argument", "[ops]") {
  int asked = 0;
  std::string wrong;
  for (const std::string& name : list_ops()) {
    const OpInfo info = get_op_info(name);
    if (info.family == "user") continue;
    for (const std::string& text : info.schemas) {
      if (schema_name(text) != name || takes_any(text)) continue;  // an alias
      const Schema schema = parse_schema(text);
      for (size_t i = 0; i < schema.args.size(); ++i) {
        if (!takes_tensor(schema.args[i])) continue;
        ++asked;
        if (const std::string complaint = complaint_about(name, text, schema, i); !complaint.empty())
          wrong += text + "\n  '" + schema.args[i].name + "': " + complaint + "\n";
      }
    }
  }
  CHECK(asked > 700);
  CHECK(wrong == "");
}
