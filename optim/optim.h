#pragma once
#include "lazuli/optim/adadelta.h"
#include "lazuli/optim/adafactor.h"
#include "lazuli/optim/adagrad.h"
#include "lazuli/optim/adam.h"
#include "lazuli/optim/adamax.h"
#include "lazuli/optim/asgd.h"
#include "lazuli/optim/grad_scaler.h"
#include "lazuli/optim/lbfgs.h"
#include "lazuli/optim/lion.h"
#include "lazuli/optim/lr_scheduler.h"
#include "lazuli/optim/muon.h"
#include "lazuli/optim/nadam.h"
#include "lazuli/optim/radam.h"
#include "lazuli/optim/rmsprop.h"
#include "lazuli/optim/rprop.h"
#include "lazuli/optim/sgd.h"
#include "lazuli/optim/sparse_adam.h"
#include "lazuli/optim/swa_utils.h"

namespace lazuli::optim {

/// Calls `f.template operator()<O>()` for each class of optimizer here.
template <class F>
void for_each_optimizer(F&& f) {
  auto all = [&]<class... O>() { (f.template operator()<O>(), ...); };
  all.template
  operator()<SGD, Adam, AdamW, Adamax, NAdam, RAdam, SparseAdam, Adagrad, Adadelta, RMSprop, Rprop, ASGD, LBFGS, Adafactor, Muon, Lion>();
}

}  // namespace lazuli::optim
