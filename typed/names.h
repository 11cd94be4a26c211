#pragma once

/// The names of the reference's type level; docs/typed.md lists them all.
#include "lazuli/typed/names/dims.h"
#include "lazuli/typed/names/errors.h"
#include "lazuli/typed/names/results.h"
#include "lazuli/typed/names/rules.h"
#include "lazuli/typed/names/shapes.h"
