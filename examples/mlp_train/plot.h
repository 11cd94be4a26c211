#pragma once
#include <string>
#include <vector>

#include "checkpoint.h"

/// Draws the curves of loss and accuracy side by side into a PNG file. Throws Error where the build has no libpng, or the file cannot be written.
void plot(const std::vector<EpochResult>& history, const std::string& path);
