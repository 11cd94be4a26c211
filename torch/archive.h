#pragma once
#include "lazuli/torch/autograd.h"

namespace torch {

namespace serialize {

/// Tensors by name, to be written.
class OutputArchive {
 public:
  void write(const std::string& key, const Tensor& tensor, bool /*is_buffer*/ = false) { state_.set(key, tensor); }
  /// A number, a bool or a tensor; numbers become 0-d tensors.
  void write(const std::string& key, const IValue& value) { state_.set(key, value.stored()); }
  void write(const std::string& key, const OutputArchive& nested) { state_.merge(nested.state_, key + "."); }
  void save_to(const std::string& path) const;
  void save_to(std::ostream& stream) const;
  const lazuli::StateDict& state() const { return state_; }

 private:
  lazuli::StateDict state_;
};
/// Tensors by name that were read.
class InputArchive {
 public:
  void load_from(const std::string& path, optional<Device> device = nullopt);
  void load_from(std::istream& stream, optional<Device> device = nullopt);
  /// Throws Error where there is none of that name.
  void read(const std::string& key, Tensor& tensor, bool /*is_buffer*/ = false) const { tensor = state_.at(key); }
  void read(const std::string& key, IValue& value) const { value = IValue::of(state_.at(key)); }
  void read(const std::string& key, InputArchive& nested) const { nested.state_ = state_.with_prefix(key + "."); }
  bool try_read(const std::string& key, Tensor& tensor, bool /*is_buffer*/ = false) const;
  std::vector<std::string> keys() const;
  const lazuli::StateDict& state() const { return state_; }

 private:
  lazuli::StateDict state_;
};

}  // namespace serialize

}  // namespace torch
