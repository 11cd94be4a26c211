#pragma once
#include "lazuli/core/device.h"
#include "lazuli/core/dtype.h"

namespace lazuli::test {

/// Calls every slot with every operator on tensors of dtype `t`, in the layouts and sizes for which kernels differ. What a slot does not take is passed over.
void call_every_slot(DType t, Device device);

}  // namespace lazuli::test
