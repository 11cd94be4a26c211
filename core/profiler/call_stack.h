#pragma once
#include <cstddef>
#include <string>
#include <vector>

namespace lazuli {

/// The callers at the moment, innermost first.
std::vector<void*> call_stack(size_t most = 48);
/// The first of them that is not in the library: "train_step (train.cpp:41)", or without the line where the program has no debugging information (or the library no libbacktrace);
/// empty where it cannot be told. Looking it up takes milliseconds the first time.
std::string user_line(const std::vector<void*>& stack);

}  // namespace lazuli
