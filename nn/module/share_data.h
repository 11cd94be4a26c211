#pragma once
#include "lazuli/core/tensor.h"

namespace lazuli::nn::detail {

/// `set_data` (nn/module/parameter.h) without a trace: graphs that are alive do not keep the data that `t` had. For those who give it back before it is needed.
void share_data(const Tensor& t, const Tensor& value);

}  // namespace lazuli::nn::detail
