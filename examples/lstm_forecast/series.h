#pragma once
#include <string>

#include "lazuli/lazuli.h"

/// 2,000 hours: a day's rhythm, which is weaker on two days of seven, a slow rise, and noise. float32 [2000]
lazuli::Tensor made_up_series(const lazuli::Generator& random);
/// The numbers in one column (from 1) of a text file, apart by commas. Throws Error (File) for a file that cannot be read or has none there.
lazuli::Tensor read_series(const std::string& path, int64_t column);
