#pragma once
#include <memory>

#include "lazuli/core/state_dict.h"

namespace lazuli {

/// What a PyTorch file holds: None, a bool, a whole number, a float, a text, a tensor, or a list, tuple or dict of these. A handle: copies are the same list or dict.
///   TorchObject checkpoint = load_torch("checkpoint.pt");
///   int64_t epoch = checkpoint.at("epoch").to_int();
///   model.load_state_dict(checkpoint.at("model"));
class TorchObject {
 public:
  enum class Kind : uint8_t { None, Bool, Int, Float, String, Tensor, List, Tuple, Dict };
  using Items = std::vector<TorchObject>;
  using Entry = std::pair<TorchObject, TorchObject>;

  TorchObject() = default;
  TorchObject(bool value);
  TorchObject(int64_t value);
  TorchObject(int value) : TorchObject(int64_t(value)) {}
  TorchObject(double value);
  TorchObject(std::string text);
  TorchObject(const char* text) : TorchObject(std::string(text)) {}
  TorchObject(const Tensor& tensor);
  /// A dict of its tensors by name.
  TorchObject(const StateDict& state);
  /// A list.
  TorchObject(const std::vector<Tensor>& tensors) : TorchObject(list(Items(tensors.begin(), tensors.end()))) {}
  static TorchObject list(Items items);
  static TorchObject tuple(Items items);
  /// Keys are texts, whole numbers or other hashable values of Python.
  static TorchObject dict(std::vector<Entry> entries);

  Kind kind() const { return kind_; }
  bool is_none() const { return kind_ == Kind::None; }
  // Each throws Error (Type) for another kind.
  bool to_bool() const;
  int64_t to_int() const;
  /// Of a whole number, too.
  double to_double() const;
  const std::string& to_string() const;
  const Tensor& to_tensor() const;
  /// Of a list or a tuple.
  const Items& items() const;
  /// Of a dict, in order.
  const std::vector<Entry>& entries() const;
  /// A dict's value by text. Throws Error (Index) naming what is there.
  const TorchObject& at(std::string_view key) const;
  const TorchObject& operator[](std::string_view key) const { return at(key); }
  bool contains(std::string_view key) const;
  /// All there is, by the names on the way to it joined by dots: tensors as they are, numbers and bools as 0-d float64, texts as uint8, None as no elements. Of a dict of tensors by name: that dict.
  StateDict to_state_dict() const;
  /// As Python passes what a file holds: `model.load_state_dict(load("model.pt"))`, `Tensor x = load("x.pt")`.
  operator StateDict() const { return to_state_dict(); }
  operator Tensor() const { return to_tensor(); }

 private:
  friend class Unpickler;
  struct Node;
  const TorchObject* find(std::string_view key) const;
  [[noreturn]] void fail_kind(const char* expected) const;
  Kind kind_ = Kind::None;
  std::shared_ptr<Node> node_;
};
const char* name(TorchObject::Kind kind);

}  // namespace lazuli
