#pragma once
#include "lazuli/autograd/function.h"
#include "lazuli/torch/base.h"

/// Functions with a backward of their own, in libtorch's way.
namespace torch::autograd {

using variable_list = std::vector<Tensor>;
using tensor_list = variable_list;
using Variable = Tensor;
using GradMode = torch::GradMode;
using DetectAnomalyGuard = lazuli::autograd::detect_anomaly;
using lazuli::autograd::is_anomaly_enabled, lazuli::autograd::set_detect_anomaly;
struct AnomalyMode {
  static bool is_enabled() { return is_anomaly_enabled(); }
  static void set_enabled(bool enabled, bool check_nan = true) { set_detect_anomaly(enabled, check_nan); }
};

inline void backward(const variable_list& tensors, const variable_list& grad_tensors = {}, optional<bool> retain_graph = nullopt,
                     bool create_graph = false) {
  lazuli::autograd::backward(tensors, grad_tensors, retain_graph.value_or(create_graph), create_graph);
}
inline variable_list grad(const variable_list& outputs, const variable_list& inputs, const variable_list& grad_outputs = {},
                          optional<bool> retain_graph = nullopt, bool create_graph = false, bool allow_unused = false) {
  return lazuli::autograd::grad(outputs, inputs, grad_outputs, retain_graph.value_or(create_graph), create_graph, allow_unused);
}

/// What `saved_data` and archives hold: a number, a bool, a text, a list of numbers or a tensor.
class IValue {
 public:
  IValue() = default;
  template <class T>
  requires std::is_arithmetic_v<T> IValue(T value)
      : number_(double(value)), integer_(int64_t(value)), whole_(std::is_integral_v<T>), is_number_(true), is_bool_(std::is_same_v<T, bool>) {}
  IValue(const Scalar& value)
      : number_(value.to<double>()),
        integer_(value.isFloatingPoint() ? int64_t(number_) : value.to<int64_t>()),
        whole_(!value.isFloatingPoint()),
        is_number_(true),
        is_bool_(value.isBoolean()) {}
  IValue(std::string text) : text_(std::move(text)) {}
  IValue(const char* text) : text_(text) {}
  IValue(const Shape& list) : list_(std::vector<int64_t>(list.begin(), list.end())) {}
  IValue(std::vector<int64_t> list) : list_(std::move(list)) {}
  IValue(const Tensor& tensor) : tensor_(tensor) {}
  int64_t toInt() const { return integer_; }
  double toDouble() const { return number_; }
  bool toBool() const { return integer_ != 0; }
  Scalar toScalar() const {
    if (is_bool_) return integer_ != 0;
    return whole_ ? Scalar(integer_) : Scalar(number_);
  }
  bool isNone() const { return !is_number_ && !text_ && !list_ && !tensor_.defined(); }
  bool isBool() const { return is_bool_; }
  bool isInt() const { return is_number_ && whole_ && !is_bool_; }
  bool isDouble() const { return is_number_ && !whole_; }
  bool isString() const { return bool(text_); }
  bool isIntList() const { return bool(list_); }
  bool isTensor() const { return tensor_.defined(); }
  const std::string& toStringRef() const {
    if (!text_) lazuli::fail(lazuli::ErrorKind::Type, "torch::IValue::toStringRef", "", "a text", "another value");
    return *text_;
  }
  const std::vector<int64_t>& toIntVector() const {
    if (!list_) lazuli::fail(lazuli::ErrorKind::Type, "torch::IValue::toIntVector", "", "a list of whole numbers", "another value");
    return *list_;
  }
  const Tensor& toTensor() const { return tensor_; }
  /// What a file of tensors has of it: a tensor, or a number as one of no dimensions. Throws Error for texts and lists.
  Tensor stored() const {
    if (tensor_.defined()) return tensor_;
    if (text_ || list_) lazuli::fail("torch::serialize", "value", "a tensor or a number", "a text or a list");
    return whole_ ? lazuli::tensor(integer_) : lazuli::tensor(number_, lazuli::kFloat64);
  }
  /// Back.
  static IValue of(const Tensor& stored) {
    IValue value(stored);
    if (stored.numel() != 1 || lazuli::is_complex(stored.dtype())) return value;
    value.number_ = stored.item<double>();
    value.integer_ = stored.item<int64_t>();
    value.is_number_ = stored.dim() == 0;
    value.is_bool_ = stored.dtype() == lazuli::kBool;
    value.whole_ = lazuli::is_integral(stored.dtype());
    return value;
  }

 private:
  double number_ = 0;
  int64_t integer_ = 0;
  bool whole_ = false, is_number_ = false, is_bool_ = false;
  optional<std::string> text_;
  optional<std::vector<int64_t>> list_;
  Tensor tensor_;
};

/// What forward leaves for backward: lazuli's own context, with `saved_data` in values that have libtorch's accessors.
class AutogradContext : public lazuli::autograd::GradContext {
 public:
  std::map<std::string, IValue> saved_data;
};

/// A function with a backward of its own, as in lazuli/autograd/function.h:
///   struct Scale : torch::autograd::Function<Scale> {
///     static Tensor forward(AutogradContext* ctx, Tensor x, double by) { ctx->saved_data["by"] = by; return x * by; }
///     static variable_list backward(AutogradContext* ctx, variable_list grads) { return {grads[0] * ctx->saved_data["by"].toDouble(), Tensor()}; }
///   };
///   Scale::apply(x, 2.0);
template <class T>
using Function = lazuli::autograd::Function<T, AutogradContext>;

}  // namespace torch::autograd

namespace torch {
using autograd::IValue;
}
namespace c10 {
using torch::autograd::IValue;
}
