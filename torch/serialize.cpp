#include "lazuli/torch/serialize.h"

#include <unistd.h>

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

lazuli::StateDict moved(const lazuli::TorchObject& object, const optional<Device>& device) {
  lazuli::StateDict state;
  for (const auto& [name, tensor] : object.to_state_dict()) state.set(name, device ? tensor.to(*device) : tensor);
  return state;
}

}  // namespace

void OutputArchive::save_to(const std::string& path) const { detail::save_object(state_, path); }
void OutputArchive::save_to(std::ostream& stream) const { detail::save_object(state_, stream); }

void InputArchive::load_from(const std::string& path, optional<Device> device) { state_ = moved(detail::load_object(path), device); }
void InputArchive::load_from(std::istream& stream, optional<Device> device) { state_ = moved(detail::load_object(stream), device); }

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
