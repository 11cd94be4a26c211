#include "lazuli/ops/table/bind_arguments.h"

#include "lazuli/core/error.h"
#include "lazuli/core/factory.h"
#include "lazuli/ops/table/schema.h"

namespace lazuli {
namespace {

using Base = ArgType::Base;
using Kind = Value::Kind;

// A 0-d tensor stands for its number where no gradient is lost and, when several overloads compete, none takes it as a tensor.
bool read_number(const Value& given, Scalar& number, bool exact) {
  if (given.is_number()) {
    number = given.to_scalar();
    return true;
  }
  if (given.kind() != Kind::Tensor || exact) return false;
  const TensorBody& body = *given.to_tensor().body();
  if (body.uninitialized || body.requires_grad || body.sizes.size() != 0 || body.device.is_meta()) return false;
  number = given.to_tensor().item();
  return true;
}

// Whether `given` is, or becomes, one `type` (list and optional aside); PyTorch's rules: nothing narrows, and a bool is no int.
bool convert_item(const ArgType& type, const Value& given, Value& out, bool exact) {
  Scalar number;
  switch (type.base) {
    case Base::Any: out = given; return true;
    case Base::Tensor:
      if (given.is_number() && type.or_number) {
        out = wrapped(given.to_scalar());
        return true;
      }
      out = given;
      return given.kind() == Kind::Tensor;
    case Base::Scalar:
      if (!read_number(given, number, exact)) return false;
      out = number;
      return true;
    case Base::Int:
      if (!read_number(given, number, exact) || number.kind() != Scalar::Kind::Int) return false;
      out = number;
      return true;
    case Base::Float:
      if (!read_number(given, number, exact) || number.is_complex()) return false;
      out = number.to<double>();
      return true;
    case Base::Bool:
      if (given.kind() == Kind::Int || !read_number(given, number, exact) || number.kind() != Scalar::Kind::Bool) return false;
      out = number;
      return true;
    case Base::String: out = given; return given.kind() == Kind::String;
    case Base::DType: out = given.kind() == Kind::String ? Value(parse_dtype(given.to_string())) : given; return out.kind() == Kind::DType;
    case Base::Device: out = given.kind() == Kind::String ? Value(Device(given.to_string())) : given; return out.kind() == Kind::Device;
    case Base::Generator: out = given; return given.kind() == Kind::Generator;
  }
  return false;
}

bool convert_list(const ArgType& type, const Value& given, Value& out, bool exact) {
  Value::List items;
  if (given.kind() == Kind::List) {
    for (const Value& item : given.to_list()) {
      Value converted;
      bool none = item.is_none() && type.optional_items;
      if (!none && !convert_item(type, item, converted, exact)) return false;
      items.push_back(std::move(converted));
    }
    if (type.length && items.size() == 1) items.resize(size_t(type.length), Value(items[0]));
  } else if (type.base == Base::Int || type.base == Base::Float || type.base == Base::Bool || type.base == Base::Scalar ||
             type.base == Base::String) {
    Value single;
    if (!convert_item(type, given, single, exact)) return false;
    items.assign(size_t(type.length ? type.length : 1), single);
  } else {
    return false;
  }
  out = Value(std::move(items));
  return true;
}

bool convert(const ArgType& type, const Value& given, Value& out, bool exact) {
  if (given.is_none() && (type.optional || (type.base == Base::Any && !type.list))) {
    out = Value();
    return true;
  }
  return type.list ? convert_list(type, given, out, exact) : convert_item(type, given, out, exact);
}

std::string positional_range(const Schema& schema) {
  size_t most = 0, least = 0;
  for (const SchemaArg& arg : schema.args) {
    most += !arg.keyword_only;
    least += !arg.keyword_only && !arg.has_default;
  }
  return (least == most ? "" : std::to_string(least) + " to ") + std::to_string(most) + " positional arguments";
}

// The arguments that do not fit are told, or where another overload may take them just not bound: texts and exceptions cost more than the call.
class Binding {
 public:
  Binding(const Schema& schema, bool exact, bool tells)
      : schema_(schema), exact_(exact), tells_(tells), bound_(schema.args.size()), filled_(bound_.size()) {}

  bool bind(const std::vector<Value>& args, const Kwargs& kwargs) {
    size_t next = 0;
    for (size_t i = 0; next < args.size() && i < schema_.args.size() && !schema_.args[i].keyword_only; ++i) {
      const SchemaArg& arg = schema_.args[i];
      const bool gather = arg.variadic && (args.size() - next > 1 || args[next].kind() != Kind::List || arg.type.base == Base::Any);
      if (gather ? !fill(i, Value(Value::List(args.begin() + std::ptrdiff_t(next), args.end()))) : !fill(i, args[next])) return false;
      next = gather ? args.size() : next + 1;
    }
    if (next < args.size()) return refuse("", [&] { return std::pair(positional_range(schema_), std::to_string(args.size())); });

    for (const auto& [name, value] : kwargs) {
      size_t i = 0;
      while (i < schema_.args.size() && schema_.args[i].name != name) ++i;
      if (i == schema_.args.size()) return refuse(name, [] { return std::pair("an argument of this name", "none"); });
      if (!fill(i, value)) return false;
    }

    for (size_t i = 0; i < bound_.size(); ++i) {
      const SchemaArg& arg = schema_.args[i];
      if (filled_[i]) continue;
      if (arg.has_default) {
        if (!fill(i, arg.default_value)) return false;
      } else if (arg.variadic) {
        bound_[i] = Value(Value::List());
      } else {
        return refuse(arg.name, [&] { return std::pair(to_string(arg.type), "nothing"); });
      }
    }
    return has_a_tensor();
  }
  std::vector<Value> take() { return std::move(bound_); }

 private:
  template <class F>
  bool refuse(std::string_view argument, F&& expected_and_got) const {
    if (!tells_) return false;
    const auto [expected, got] = expected_and_got();
    fail(ErrorKind::Type, schema_.name, argument, expected, got);
  }
  bool fill(size_t i, const Value& given) {
    const SchemaArg& arg = schema_.args[i];
    if (filled_[i]) return refuse(arg.name, [] { return std::pair("one value", "two: by position and by name"); });
    try {
      filled_[i] = convert(arg.type, given, bound_[i], exact_);
    } catch (Error&) {  // of a text that is no dtype or device
      if (tells_) throw;
    }
    return filled_[i] || refuse(arg.name, [&] { return std::pair(to_string(arg.type), describe(given)); });
  }
  // Numbers alone make no tensor operator.
  bool has_a_tensor() const {
    const SchemaArg* or_number = nullptr;
    for (size_t i = 0; i < bound_.size(); ++i) {
      if (schema_.args[i].type.base != Base::Tensor) continue;
      if (schema_.args[i].type.or_number) or_number = or_number ? or_number : &schema_.args[i];
      const bool number = bound_[i].is_tensor() && bound_[i].to_tensor().body()->wrapped_number;
      if (!number && !bound_[i].is_none()) return true;
    }
    return !or_number || refuse(or_number->name, [] { return std::pair("a Tensor in at least one place", "numbers only"); });
  }

  const Schema& schema_;
  const bool exact_, tells_;
  std::vector<Value> bound_;
  std::vector<bool> filled_;
};

}  // namespace

std::vector<Value> bind_arguments(const Schema& schema, const std::vector<Value>& args, const Kwargs& kwargs, bool exact) {
  Binding binding(schema, exact, true);
  binding.bind(args, kwargs);
  return binding.take();
}

std::optional<std::vector<Value>> try_bind_arguments(const Schema& schema, const std::vector<Value>& args, const Kwargs& kwargs, bool exact) {
  Binding binding(schema, exact, false);
  if (!binding.bind(args, kwargs)) return {};
  return binding.take();
}

}  // namespace lazuli
