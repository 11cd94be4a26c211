#pragma once

/// What programs add at run time: operators, functions and methods, kernels, gradients, dtypes and devices, with listings of all of them and the coverage report. docs/extending.md.
#include "lazuli/ops/table/autograd_registry.h"
#include "lazuli/registry/coverage.h"
#include "lazuli/registry/devices.h"
#include "lazuli/registry/dtypes.h"
#include "lazuli/registry/expression.h"
#include "lazuli/registry/functions.h"
#include "lazuli/registry/kernels.h"
#include "lazuli/registry/operators.h"
#include "lazuli/registry/scalar_kernels.h"
