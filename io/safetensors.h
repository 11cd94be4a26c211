#pragma once
#include "lazuli/core/state_dict.h"

namespace lazuli {

/// Free text stored beside the tensors.
using Metadata = std::vector<std::pair<std::string, std::string>>;

/// Writes tensors in the safetensors format (https://github.com/huggingface/safetensors), all or nothing. Tensors of other devices are copied to the CPU, views made contiguous.
/// Throws Error (File) when the file cannot be written, (Type) for complex128, which the format lacks, (State) for uninitialized parameters, and for a name that comes twice.
void save_safetensors(const StateDict& tensors, const std::string& path, const Metadata& metadata = {});

/// Reads such a file. The tensors lie in the mapped file, which is read as they are used; writing to them changes memory only. `metadata`, if given, gets the free text.
/// Throws Error (File) for a file that is cut short, corrupt or hostile, before anything of its size is allocated.
StateDict load_safetensors(const std::string& path, Metadata* metadata = nullptr);

}  // namespace lazuli
