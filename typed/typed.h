#pragma once

/// Shapes, element types and devices checked by the compiler. Not part of lazuli.h. What compilers' messages name comes first.
#include "lazuli/typed/errors.h"
// The rest.
#include "lazuli/typed/cast.h"
#include "lazuli/typed/creation.h"
#include "lazuli/typed/functions/functions.h"
#include "lazuli/typed/layers.h"
#include "lazuli/typed/names.h"
#include "lazuli/typed/sequential.h"
