#pragma once

/// All tensor functions.
#include "lazuli/ops/arithmetic.h"
#include "lazuli/ops/binary.h"
#include "lazuli/ops/comparison.h"
#include "lazuli/ops/complex.h"
#include "lazuli/ops/copy.h"
#include "lazuli/ops/loss.h"
#include "lazuli/ops/matmul.h"
#include "lazuli/ops/normalization.h"
#include "lazuli/ops/operators.h"
#include "lazuli/ops/reduction.h"
#include "lazuli/ops/softmax.h"
#include "lazuli/ops/ternary.h"
#include "lazuli/ops/unary.h"
#include "lazuli/ops/view.h"
