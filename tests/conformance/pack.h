#pragma once
#include <nlohmann/json.hpp>

#include <filesystem>
#include <map>
#include <string>
#include <vector>

#include "lazuli/ops/table/value.h"

/// A pack's files: cases in JSON, their tensors in a safetensors file beside it.
namespace conformance {

using Json = nlohmann::ordered_json;  // leaves are counted in the order of the arguments
namespace fs = std::filesystem;

/// A pack that cannot be read: no case was run for it.
struct BadPack : std::runtime_error {
  using std::runtime_error::runtime_error;
};

/// The tensors of one file, read whole. A reader of its own, so that the library's is tested against it.
class TensorFile {
 public:
  TensorFile() = default;
  explicit TensorFile(const fs::path& path);
  bool has(const std::string& key) const { return entries_.count(key) != 0; }
  std::vector<std::string> keys() const;
  /// A fresh copy. `is_complex`: the last dimension holds real and imaginary part.
  lazuli::Tensor get(const std::string& key, bool is_complex = false) const;

 private:
  struct Entry {
    lazuli::DType dtype;
    lazuli::Shape sizes;
    size_t begin, end;
  };
  std::string bytes_;
  size_t data_ = 0;
  std::map<std::string, Entry> entries_;
};

Json read_json(const fs::path& path);

/// Decodes what a case holds. Tensors marked "grad" become leaves that require grad, listed in the order in which they were met.
struct Decoder {
  const TensorFile* tensors = nullptr;
  lazuli::Device device;
  bool with_grad = true;       // honour "grad"
  bool noncontiguous = false;  // tensors with other strides
  std::vector<lazuli::Tensor> leaves = {};

  lazuli::Tensor tensor(const Json& j);
  /// Any argument. Bare numbers are integers where they have no fraction.
  lazuli::Value value(const Json& j);
  std::vector<lazuli::Value> values(const Json& list);
  lazuli::Kwargs kwargs(const Json& object);
};

bool is_tensor(const Json& j);
/// The same values with gaps between the elements and the dimensions in reverse order in memory, at an offset.
lazuli::Tensor noncontiguous_copy(const lazuli::Tensor& t);

}  // namespace conformance
