#pragma once
#include "lazuli/io/torch_object.h"

namespace lazuli {

/// Reads the tensors of a GGUF file (https://github.com/ggml-org/ggml/blob/master/docs/gguf.md, versions 2 and 3, little-endian) by name, their sizes in the order that tensors have here. Those
/// of Q8_0 and Q4_0 are dequantized to float32. `metadata`, if given, becomes a dict of the file's numbers, texts and lists.
/// Throws Error (File) for a file that is cut short, corrupt or hostile, before anything of its size is allocated, and (NotSupported) for another quantization.
StateDict load_gguf(const std::string& path, TorchObject* metadata = nullptr);

}  // namespace lazuli
