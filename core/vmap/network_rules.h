#pragma once

namespace lazuli::batching {
/// Those of convolution, pooling, normalization and losses.
void register_network_rules();
}  // namespace lazuli::batching
