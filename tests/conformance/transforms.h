#pragma once
#include <functional>
#include <string>

#include "tests/conformance/compare.h"
#include "tests/conformance/pack.h"
#include "tests/conformance/runner.h"

/// Recorded calls under the transforms of functions, held against the calls themselves.
namespace conformance {

/// A call with its arguments, and the tensors that came out.
using Call = std::function<std::vector<lazuli::Tensor>(std::vector<lazuli::Value> args, lazuli::Kwargs kwargs)>;

/// vmap: results and gradients of two samples at once, of all floating arguments or only the first, against those of one after the other.
Outcome replay_vmap(const Call& call, const std::vector<lazuli::Value>& args, const lazuli::Kwargs& kwargs, size_t number, Tolerance tolerance);
/// jvp against vjp: <u, J v> = <J^T u, v> for directions u and v.
Outcome replay_jvp(const Call& call, const std::vector<lazuli::Value>& args, const lazuli::Kwargs& kwargs, Tolerance tolerance);
/// record: results and gradients of a recorded step that makes the call, bit for bit as without.
Outcome replay_recorded(const Call& call, const std::vector<lazuli::Value>& args, const lazuli::Kwargs& kwargs);
/// The same for any step of tensors, which is called with copies of `inputs`.
Outcome replay_recorded(const std::function<std::vector<lazuli::Tensor>(const std::vector<lazuli::Tensor>& inputs)>& step,
                        const std::vector<lazuli::Tensor>& inputs);
/// The one of that name.
inline Outcome replay_under(const std::string& transform, const Call& call, const std::vector<lazuli::Value>& args, const lazuli::Kwargs& kwargs,
                            size_t number, Tolerance tolerance) {
  if (transform == "record") return replay_recorded(call, args, kwargs);
  return transform == "vmap" ? replay_vmap(call, args, kwargs, number, tolerance) : replay_jvp(call, args, kwargs, tolerance);
}

}  // namespace conformance
