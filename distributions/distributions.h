#pragma once

/// All distributions. Not part of lazuli.h.
#include "lazuli/distributions/composite.h"
#include "lazuli/distributions/discrete.h"
#include "lazuli/distributions/distribution.h"
#include "lazuli/distributions/positive.h"
#include "lazuli/distributions/real.h"
#include "lazuli/distributions/transforms.h"
#include "lazuli/distributions/vector.h"
