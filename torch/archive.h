#pragma once
#include <algorithm>

#include "lazuli/torch/autograd.h"

namespace torch {

namespace serialize {

/// Tensors by name, to be written; and texts and lists of whole numbers, which Python reads as such.
class OutputArchive {
 public:
  void write(const std::string& key, const Tensor& tensor, bool /*is_buffer*/ = false) { state_.set(key, tensor); }
  /// Numbers and bools become 0-d tensors.
  void write(const std::string& key, const IValue& value);
  void write(const std::string& key, const OutputArchive& nested);
  void save_to(const std::string& path) const;
  void save_to(std::ostream& stream) const;
  const lazuli::StateDict& state() const { return state_; }

 private:
  lazuli::StateDict state_;
  std::map<std::string, IValue> values_;  // texts and lists
};
/// Tensors by name that were read.
class InputArchive {
 public:
  void load_from(const std::string& path, optional<Device> device = nullopt);
  void load_from(std::istream& stream, optional<Device> device = nullopt);
  /// Throws Error where there is none of that name.
  void read(const std::string& key, Tensor& tensor, bool /*is_buffer*/ = false) const { tensor = state_.at(key); }
  void read(const std::string& key, IValue& value) const;
  void read(const std::string& key, InputArchive& nested) const;
  bool try_read(const std::string& key, Tensor& tensor, bool /*is_buffer*/ = false) const;
  /// Whether there is anything of that name, which is then in `nested`.
  bool try_read(const std::string& key, InputArchive& nested) const {
    const auto inside = [&](const auto& entry) { return entry.first.starts_with(key + "."); };
    if (std::none_of(state_.begin(), state_.end(), inside) && std::none_of(values_.begin(), values_.end(), inside)) return false;
    return read(key, nested), true;
  }
  std::vector<std::string> keys() const;
  const lazuli::StateDict& state() const { return state_; }

 private:
  void take(const lazuli::TorchObject& object, const optional<Device>& device);
  lazuli::StateDict state_;
  std::map<std::string, IValue> values_;
};

}  // namespace serialize

}  // namespace torch
