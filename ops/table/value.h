#pragma once
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "lazuli/core/random/generator.h"
#include "lazuli/core/tensor.h"

namespace lazuli {

/// An argument or result of a call by name: one of the kinds below, with its type kept at run time.
class Value {
 public:
  enum class Kind : uint8_t { None, Bool, Int, Float, Complex, String, DType, Device, Generator, Tensor, List, Slice, Ellipsis };
  using List = std::vector<Value>;

  /// None.
  Value() = default;
  Value(std::nullopt_t) {}
  Value(const Scalar& number);
  template <class T>
  requires std::is_arithmetic_v<T> Value(T number) : Value(Scalar(number)) {}
  Value(complex128 number) : Value(Scalar(number)) {}
  Value(std::string_view text);
  Value(const std::string& text) : Value(std::string_view(text)) {}
  Value(const char* text) : Value(std::string_view(text)) {}
  Value(DType dtype) : kind_(Kind::DType), dtype_(dtype) {}
  Value(Device device) : kind_(Kind::Device), device_(device) {}
  Value(const Generator& generator);
  /// An undefined tensor is None.
  Value(const Tensor& tensor) : kind_(tensor.defined() ? Kind::Tensor : Kind::None), tensor_(tensor) {}
  Value(List items);
  Value(const Shape& sizes);
  Value(const std::vector<Tensor>& tensors);
  Value(const std::vector<double>& numbers);
  template <class T>
  Value(const std::optional<T>& maybe) {
    if (maybe) *this = Value(*maybe);
  }
  /// Index items: start:stop:step with None where left out, and `...`.
  static Value slice(const Value& start, const Value& stop, const Value& step);
  static Value ellipsis();

  Kind kind() const { return kind_; }
  bool is_none() const { return kind_ == Kind::None; }
  bool is_tensor() const { return kind_ == Kind::Tensor; }
  bool is_number() const { return kind_ >= Kind::Bool && kind_ <= Kind::Complex; }

  // Each of these throws Error (Type) for a value of another kind; numbers widen (bool to int to float to complex), nothing narrows.
  bool to_bool() const;
  int64_t to_int() const;
  double to_double() const;
  const Scalar& to_scalar() const;
  const std::string& to_string() const;
  DType to_dtype() const;
  Device to_device() const;
  const Generator& to_generator() const;
  const Tensor& to_tensor() const;
  Tensor& to_tensor();
  const List& to_list() const;
  /// Start, stop and step.
  const List& slice_parts() const;
  Shape to_shape() const;
  std::vector<Tensor> to_tensors() const;

 private:
  struct Heap {
    std::string text;
    List items;
    std::optional<Generator> generator;
  };
  void expect(Kind kind) const;

  Kind kind_ = Kind::None;
  DType dtype_ = kBool;
  Device device_;
  Scalar number_;
  Tensor tensor_;
  std::shared_ptr<const Heap> heap_;
};

/// Keyword arguments: `{{"dim", 1}, {"keepdim", true}}`.
using Kwargs = std::vector<std::pair<std::string, Value>>;

/// "Tensor", "int", "str", ...
std::string_view kind_name(Value::Kind kind);
/// For error texts: "Tensor float32 [2, 3]", "int 3", "str 'mean'", "list [int 1, int 2]".
std::string describe(const Value& value);

}  // namespace lazuli
