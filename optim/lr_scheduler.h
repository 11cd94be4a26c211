#pragma once
#include "lazuli/optim/lr_scheduler/composed.h"
#include "lazuli/optim/lr_scheduler/cosine.h"
#include "lazuli/optim/lr_scheduler/cyclic.h"
#include "lazuli/optim/lr_scheduler/decay.h"
#include "lazuli/optim/lr_scheduler/plateau.h"
