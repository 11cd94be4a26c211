#pragma once

/// Modules and all that belongs to them.
#include "lazuli/nn/activation.h"
#include "lazuli/nn/batchnorm.h"
#include "lazuli/nn/containers.h"
#include "lazuli/nn/hooks.h"
#include "lazuli/nn/init.h"
#include "lazuli/nn/lazy.h"
#include "lazuli/nn/linear.h"
#include "lazuli/nn/loss.h"
#include "lazuli/nn/module.h"
