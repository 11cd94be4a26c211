#pragma once
#include "tests/conformance/compare.h"
#include "tests/conformance/pack.h"

/// What the sections share: gradients of a replayed call against the recorded ones.
namespace conformance {

Tolerance tolerance_of(const Json& c, Tolerance otherwise);
/// All tensors of the results in order, those of lists included.
std::vector<lazuli::Tensor> flatten(const std::vector<lazuli::Value>& results);

/// Feeds `grad_out` to the outputs and compares with `expected`, one for each of `inputs` (null: none). With "grad2_in" in the case, compares second-order gradients too;
/// there, no gradient and a gradient of zeros are the same (which of them comes out depends on how a formula is written).
std::string gradient_difference(const Json& c, const std::vector<lazuli::Tensor>& outputs, const std::vector<lazuli::Tensor>& inputs,
                                const Json& expected, Decoder& decoder, Tolerance tolerance);

}  // namespace conformance
