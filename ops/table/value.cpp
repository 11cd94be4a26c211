#include "lazuli/ops/table/value.h"

#include "lazuli/core/error.h"

namespace lazuli {

Value::Value(const Scalar& number) : number_(number) {
  constexpr Kind kinds[] = {Kind::Bool, Kind::Int, Kind::Float, Kind::Complex};
  kind_ = kinds[int(number.kind())];
}

Value::Value(std::string_view text) : kind_(Kind::String), heap_(std::make_shared<const Heap>(Heap{std::string(text), {}, {}})) {}
Value::Value(const Generator& generator) : kind_(Kind::Generator), heap_(std::make_shared<const Heap>(Heap{{}, {}, generator})) {}
Value::Value(List items) : kind_(Kind::List), heap_(std::make_shared<const Heap>(Heap{{}, std::move(items), {}})) {}
Value::Value(const Shape& sizes) : Value(List(sizes.begin(), sizes.end())) {}
Value::Value(const std::vector<Tensor>& tensors) : Value(List(tensors.begin(), tensors.end())) {}
Value::Value(const std::vector<double>& numbers) : Value(List(numbers.begin(), numbers.end())) {}

Value Value::slice(const Value& start, const Value& stop, const Value& step) {
  Value v(List{start, stop, step});
  v.kind_ = Kind::Slice;
  return v;
}

Value Value::ellipsis() {
  Value v;
  v.kind_ = Kind::Ellipsis;
  return v;
}

void Value::expect(Kind kind) const {
  if (kind_ != kind) fail(ErrorKind::Type, "Value", "", kind_name(kind), describe(*this));
}

bool Value::to_bool() const {
  expect(Kind::Bool);
  return number_.to<bool>();
}

int64_t Value::to_int() const {
  if (kind_ != Kind::Bool) expect(Kind::Int);
  return number_.to<int64_t>();
}

double Value::to_double() const {
  if (!is_number() || kind_ == Kind::Complex) expect(Kind::Float);
  return number_.to<double>();
}

const Scalar& Value::to_scalar() const {
  if (!is_number()) fail(ErrorKind::Type, "Value", "", "number", describe(*this));
  return number_;
}

const std::string& Value::to_string() const {
  expect(Kind::String);
  return heap_->text;
}

DType Value::to_dtype() const {
  expect(Kind::DType);
  return dtype_;
}

Device Value::to_device() const {
  expect(Kind::Device);
  return device_;
}

const Generator& Value::to_generator() const {
  expect(Kind::Generator);
  return *heap_->generator;
}

const Tensor& Value::to_tensor() const {
  expect(Kind::Tensor);
  return tensor_;
}

Tensor& Value::to_tensor() {
  expect(Kind::Tensor);
  return tensor_;
}

const Value::List& Value::to_list() const {
  expect(Kind::List);
  return heap_->items;
}

const Value::List& Value::slice_parts() const {
  expect(Kind::Slice);
  return heap_->items;
}

Shape Value::to_shape() const {
  Shape shape;
  for (const Value& item : to_list()) shape.push_back(item.to_int());
  return shape;
}

std::vector<Tensor> Value::to_tensors() const {
  std::vector<Tensor> tensors;
  for (const Value& item : to_list()) tensors.push_back(item.to_tensor());
  return tensors;
}

std::string_view kind_name(Value::Kind kind) {
  constexpr std::string_view names[] = {"None",   "bool",      "int",    "float", "complex", "str",     "dtype",
                                        "Device", "Generator", "Tensor", "list",  "slice",   "Ellipsis"};
  return names[int(kind)];
}

std::string describe(const Value& value) {
  using Kind = Value::Kind;
  std::string text(kind_name(value.kind()));
  switch (value.kind()) {
    case Kind::Bool:
    case Kind::Int:
    case Kind::Float:
    case Kind::Complex: return text + " " + to_string(value.to_scalar());
    case Kind::String: return text + " '" + value.to_string() + "'";
    case Kind::DType: return text + " " + std::string(name(value.to_dtype()));
    case Kind::Device: return text + " " + to_string(value.to_device());
    case Kind::Tensor: {
      const TensorBody& body = *value.to_tensor().body();
      return text + " " + std::string(name(body.dtype)) + (body.uninitialized ? " (uninitialized)" : " " + to_string(body.sizes));
    }
    case Kind::List: {
      const Value::List& items = value.to_list();
      constexpr size_t kShown = 6;
      text += " [";
      for (size_t i = 0; i < items.size() && i < kShown; ++i) text += (i ? ", " : "") + describe(items[i]);
      return text + (items.size() > kShown ? ", ...]" : "]");
    }
    case Kind::None:
    case Kind::Generator:
    case Kind::Slice:
    case Kind::Ellipsis: return text;
  }
  return text;
}

}  // namespace lazuli
