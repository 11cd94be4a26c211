#pragma once
#include "lazuli/io/safetensors.h"

namespace lazuli {

/// Reads a model that is spread over several safetensors files, by its index ("model.safetensors.index.json", as Hugging Face writes it): all tensors, in the order of the index. The files lie
/// beside the index, each opened once.
/// Throws Error (File) for an index that is corrupt or names files elsewhere, for a tensor that is not in its file, and as `load_safetensors` does.
StateDict load_sharded_safetensors(const std::string& index_path);

/// Writes NAME-00001-of-0000N.safetensors of at most `shard_bytes` each (a larger tensor has one of its own) and NAME.safetensors.index.json last, in `folder`; a single shard is NAME.safetensors alone.
void save_sharded_safetensors(const StateDict& tensors, const std::string& folder, int64_t shard_bytes = 5'000'000'000,
                              const std::string& name = "model", const Metadata& metadata = {});

}  // namespace lazuli
