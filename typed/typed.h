#pragma once

/// Shapes, element types and devices checked by the compiler. Not part of lazuli.h. What compilers' messages name comes first.
#include "lazuli/typed/errors.h"
#include "lazuli/typed/tensor.h"
// What they say by static_assert.
#include "lazuli/typed/layers/attention.h"
#include "lazuli/typed/layers/normalization.h"
// The rest.
#include "lazuli/typed/cast.h"
#include "lazuli/typed/creation.h"
#include "lazuli/typed/functions/functions.h"
#include "lazuli/typed/layers.h"
#include "lazuli/typed/names.h"
#include "lazuli/typed/sequential.h"
