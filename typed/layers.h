#pragma once

/// Typed modules: those of nn with their sizes as template arguments, `typed::Linear<784, 512>`, `typed::Conv2d<3, 64, 7, Window{.stride = 2, .padding = 3}>`. What is no size stays an option.
#include "lazuli/typed/layers/activation.h"
#include "lazuli/typed/layers/attention.h"
#include "lazuli/typed/layers/convolution.h"
#include "lazuli/typed/layers/linear.h"
#include "lazuli/typed/layers/normalization.h"
#include "lazuli/typed/layers/pooling.h"
