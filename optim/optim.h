#pragma once
#include "lazuli/optim/adam.h"
#include "lazuli/optim/lr_scheduler.h"
#include "lazuli/optim/sgd.h"
#include "lazuli/optim/swa_utils.h"

namespace lazuli::optim {

/// Calls `f.template operator()<O>()` for each class of optimizer here.
template <class F>
void for_each_optimizer(F&& f) {
  auto all = [&]<class... O>() { (f.template operator()<O>(), ...); };
  all.template operator()<SGD, Adam, AdamW>();
}

}  // namespace lazuli::optim
