#pragma once
#include <memory>

#include "lazuli/core/sharded_state.h"
#include "lazuli/io/safetensors.h"

namespace lazuli {

/// A safetensors file of which tensors, or parts of them, are read one at a time: opening it reads the header only. Copies share the file, which stays open, and any number of threads may read.
///
///   SafetensorsFile file("model.safetensors");
///   Tensor embedding = file.read("wte.weight"), rows = file.read("wte.weight", 10 * 768, 20 * 768).view({10, 768});
class SafetensorsFile : public PartReader {
 public:
  /// Throws Error (File) for a file that is cut short, corrupt or hostile, before anything of its size is allocated.
  explicit SafetensorsFile(const std::string& path);
  /// The free text.
  const Metadata& metadata() const;
  /// In the file's order.
  std::vector<std::string> names() const override;
  bool contains(const std::string& name) const;
  DType dtype(const std::string& name) const;
  Shape sizes(const std::string& name) const override;
  using PartReader::read;
  /// Elements [begin, end) of the flattened tensor, 1-d. Throws Error (Index) for a range outside and a name that is not there, (File) for a file that was shortened meanwhile and for bools other than 0 and 1.
  Tensor read(const std::string& name, int64_t begin, int64_t end) const override;

 private:
  struct Contents;
  SafetensorsFile(const char* op, const std::string& path);
  friend StateDict load_safetensors(const std::string& path, Metadata* metadata);
  std::shared_ptr<const Contents> contents_;
};

}  // namespace lazuli
