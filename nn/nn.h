#pragma once

/// Modules and all that belongs to them. What users meet in compilers' messages comes first, so that these name few headers.
#include "lazuli/nn/module/child.h"
#include "lazuli/nn/module/hooks.h"
// The rest.
#include "lazuli/nn/activation.h"
#include "lazuli/nn/batchnorm.h"
#include "lazuli/nn/distance.h"
#include "lazuli/nn/dropout.h"
#include "lazuli/nn/embedding.h"
#include "lazuli/nn/flatten.h"
#include "lazuli/nn/functional.h"
#include "lazuli/nn/instancenorm.h"
#include "lazuli/nn/linear.h"
#include "lazuli/nn/loss.h"
#include "lazuli/nn/margin_loss.h"
#include "lazuli/nn/module/containers.h"
#include "lazuli/nn/module/init.h"
#include "lazuli/nn/module/lazy.h"
#include "lazuli/nn/module/summary.h"
#include "lazuli/nn/normalization.h"
#include "lazuli/nn/projection_loss.h"
#include "lazuli/nn/utils.h"
