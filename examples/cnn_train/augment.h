#pragma once
#include "lazuli/lazuli.h"

/// A transform for loaders: moves each image by up to `shift` pixels in either direction, over a border of the background, and mirrors half of them. Images [n, 1, h, w], float.
lazuli::data::Transform augment(int64_t shift, double background);
