#pragma once
#include "lazuli/optim/adam.h"
#include "lazuli/optim/lr_scheduler.h"
#include "lazuli/optim/sgd.h"
