#pragma once
#include "lazuli/core/state_dict.h"

namespace lazuli {

/// Free text stored beside the tensors: texts by name, in order.
class Metadata {
 public:
  using Entry = std::pair<std::string, std::string>;
  Metadata() = default;
  Metadata(std::initializer_list<Entry> entries);
  auto begin() const { return entries_.begin(); }
  auto end() const { return entries_.end(); }
  size_t size() const { return entries_.size(); }
  bool empty() const { return entries_.empty(); }
  bool contains(std::string_view name) const;
  /// Throws Error (Index) naming what is there when there is none of that name.
  const std::string& at(std::string_view name) const;
  /// The text of that name, added empty where there is none.
  std::string& operator[](std::string_view name);
  bool operator==(const Metadata&) const;

 private:
  std::vector<Entry> entries_;
};

/// Writes tensors in the safetensors format (https://github.com/huggingface/safetensors), all or nothing. Tensors of other devices are copied to the CPU, views made contiguous.
/// Throws Error (File) when the file cannot be written, (Type) for complex128, which the format lacks, (State) for uninitialized parameters, and for a name that comes twice.
void save_safetensors(const StateDict& tensors, const std::string& path, const Metadata& metadata = {});

/// Reads such a file; SafetensorsFile reads some of its tensors. `metadata`, if given, gets the free text.
/// Throws Error (File) for a file that is cut short, corrupt or hostile, before anything of its size is allocated, and for one that is shortened meanwhile.
StateDict load_safetensors(const std::string& path, Metadata* metadata = nullptr);

}  // namespace lazuli
