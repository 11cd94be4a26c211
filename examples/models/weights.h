#pragma once
#include "lazuli/lazuli.h"

namespace examples {

/// The tensors of a file by name: .safetensors, a .safetensors.index.json beside its shards, or a file of torch.save (.pt, .pth, .bin), of a state_dict or of a dict that has one as "model" or "state_dict".
lazuli::StateDict read_weights(const std::string& path);

/// Loads a file's weights into a model after renaming. What the model has and the file has not, and other sizes, are an Error, but for names that begin with one of `may_be_missing` (a new
/// head); what the file has besides is passed over. Returns what was found.
lazuli::nn::LoadReport load_weights(lazuli::nn::Module& model, const std::string& path, const std::vector<lazuli::RenameRule>& rules = {},
                                    const std::vector<std::string>& may_be_missing = {});

}  // namespace examples
