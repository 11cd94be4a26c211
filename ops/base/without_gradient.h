#pragma once
#include "lazuli/autograd/tape.h"
#include "lazuli/core/error.h"

namespace lazuli {

/// The result of an operator that has no gradient: a backward that comes to it throws Error (NotSupported), so that none is missing in silence.
template <class... T>
Tensor without_gradient(const char* op, Tensor out, const T&... inputs) {
  if (auto tape = Tape::recording(inputs...))
    tape.record(op, out, [op](const Tensor&, Needs) -> Grads {
      fail(ErrorKind::NotSupported, op, "", "a result that no gradient goes through (" + std::string(op) + " has none)", "a backward through it");
    });
  return out;
}

}  // namespace lazuli
