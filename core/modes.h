#pragma once

namespace lazuli {

/// What a thread's tensors and operators have to heed. The gradient's modes are switched by the guards of autograd/modes.h.
struct Modes {
  bool grad = true;        // operators record
  bool inference = false;  // new tensors are marked: they can never be saved for a backward
};
extern thread_local constinit Modes modes;

}  // namespace lazuli
