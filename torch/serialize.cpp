#include "lazuli/torch/serialize.h"

#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <fstream>

namespace torch {

namespace {

// A file's name for the time that a stream is read or written.
class TemporaryFile {
 public:
  TemporaryFile() : path_((std::filesystem::temp_directory_path() / "lazuli-XXXXXX").string()) {
    const int file = mkstemp(path_.data());
    if (file < 0) lazuli::fail(lazuli::ErrorKind::File, "torch::save", "stream", "a temporary file", path_ + ": " + std::strerror(errno));
    close(file);
  }
  ~TemporaryFile() { unlink(path_.c_str()); }
  TemporaryFile(const TemporaryFile&) = delete;
  const std::string& path() const { return path_; }

 private:
  std::string path_;
};

}  // namespace

namespace detail {

void save_object(const lazuli::TorchObject& object, const std::string& path) { lazuli::save_torch(object, path); }

void save_object(const lazuli::TorchObject& object, std::ostream& stream) {
  TemporaryFile file;
  save_object(object, file.path());
  stream << std::ifstream(file.path(), std::ios::binary).rdbuf();
  if (!stream) lazuli::fail(lazuli::ErrorKind::File, "torch::save", "stream", "a stream that takes the bytes", "one that failed");
}

lazuli::TorchObject load_object(const std::string& path) { return lazuli::load_torch(path); }

lazuli::TorchObject load_object(std::istream& stream) {
  TemporaryFile file;
  std::ofstream(file.path(), std::ios::binary) << stream.rdbuf();
  return load_object(file.path());
}

std::vector<Tensor> tensors_of(const lazuli::TorchObject& object) {
  std::vector<Tensor> all;
  for (const lazuli::TorchObject& item : object.items()) all.push_back(item.to_tensor());
  return all;
}

}  // namespace detail

std::vector<char> pickle_save(const Tensor& tensor) {
  std::ostringstream stream;
  detail::save_object(tensor, stream);
  const std::string bytes = stream.str();
  return {bytes.begin(), bytes.end()};
}

IValue pickle_load(const std::vector<char>& bytes) {
  std::istringstream stream(std::string(bytes.begin(), bytes.end()));
  return detail::load_object(stream).to_tensor();
}

namespace serialize {

namespace {

using lazuli::TorchObject;

TorchObject with_values(const lazuli::StateDict& state, const std::map<std::string, IValue>& values) {
  std::vector<TorchObject::Entry> entries;
  for (const auto& [name, tensor] : state) entries.emplace_back(name, tensor);
  for (const auto& [name, value] : values) {
    if (value.isString()) entries.emplace_back(name, value.toStringRef());
    else entries.emplace_back(name, TorchObject::list({value.toIntVector().begin(), value.toIntVector().end()}));
  }
  return TorchObject::dict(std::move(entries));
}

bool is_list_of_integers(const TorchObject& object) {
  if (object.kind() != TorchObject::Kind::List) return false;
  return std::ranges::all_of(object.items(), [](const TorchObject& item) { return item.kind() == TorchObject::Kind::Int; });
}

/// The texts and lists of integers of a dict.
std::map<std::string, IValue> values_of(const TorchObject& object) {
  std::map<std::string, IValue> values;
  if (object.kind() != TorchObject::Kind::Dict) return values;
  for (const auto& [key, value] : object.entries()) {
    if (key.kind() != TorchObject::Kind::String) continue;
    if (value.kind() == TorchObject::Kind::String) values[key.to_string()] = value.to_string();
    if (!is_list_of_integers(value)) continue;
    std::vector<int64_t> list;
    for (const TorchObject& item : value.items()) list.push_back(item.to_int());
    values[key.to_string()] = list;
  }
  return values;
}

}  // namespace

void OutputArchive::write(const std::string& key, const IValue& value) {
  if (value.isString() || value.isIntList()) values_[key] = value;
  else state_.set(key, value.stored());
}
void OutputArchive::write(const std::string& key, const OutputArchive& nested) {
  state_.merge(nested.state_, key + ".");
  for (const auto& [name, value] : nested.values_) values_[key + "." + name] = value;
}
void OutputArchive::save_to(const std::string& path) const { detail::save_object(with_values(state_, values_), path); }
void OutputArchive::save_to(std::ostream& stream) const { detail::save_object(with_values(state_, values_), stream); }

void InputArchive::load_from(const std::string& path, optional<Device> device) { take(detail::load_object(path), device); }
void InputArchive::load_from(std::istream& stream, optional<Device> device) { take(detail::load_object(stream), device); }
void InputArchive::take(const TorchObject& object, const optional<Device>& device) {
  state_ = {};
  for (const auto& [name, tensor] : object.to_state_dict()) state_.set(name, device ? tensor.to(*device) : tensor);
  values_ = values_of(object);
}

void InputArchive::read(const std::string& key, IValue& value) const {
  const auto found = values_.find(key);
  value = found != values_.end() ? found->second : IValue::of(state_.at(key));
}
void InputArchive::read(const std::string& key, InputArchive& nested) const {
  const std::string prefix = key + ".";
  nested.state_ = state_.with_prefix(prefix);
  nested.values_.clear();
  for (const auto& [name, value] : values_)
    if (name.starts_with(prefix)) nested.values_[name.substr(prefix.size())] = value;
}
bool InputArchive::try_read(const std::string& key, Tensor& tensor, bool) const {
  const Tensor* found = state_.find(key);
  if (found) tensor = *found;
  return found;
}
std::vector<std::string> InputArchive::keys() const {
  std::vector<std::string> all;
  for (const auto& entry : state_) all.push_back(entry.first);
  return all;
}

}  // namespace serialize

}  // namespace torch
