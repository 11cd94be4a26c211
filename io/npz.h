#pragma once
#include "lazuli/core/state_dict.h"

namespace lazuli {

/// Reads a NumPy archive (.npz): its arrays by name, in their order.
/// Throws Error (File) for a file that is cut short, corrupt or hostile, for a wrong checksum, and as `load_npy` does.
StateDict load_npz(const std::string& path);

/// Writes one, all or nothing, with `compressed` as numpy.savez_compressed does. Throws Error for bfloat16, for names that come twice or hold a zero byte, and where the file cannot be written.
void save_npz(const StateDict& arrays, const std::string& path, bool compressed = false);

}  // namespace lazuli
