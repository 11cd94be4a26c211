#pragma once
#include "lazuli/autograd/hooks.h"
#include "lazuli/autograd/modes.h"
#include "lazuli/autograd/tape.h"

namespace lazuli::autograd {

/// Adds the gradients of the sum of `tensors` (each weighted by its entry of `grad_tensors`, which may be undefined for a tensor of one element: 1) to the `grad()` of all
/// leaves that require grad. `retain_graph` keeps what the formulas saved, for another backward; `create_graph` records the backward itself.
/// Throws Error for tensors without history, gradients of another shape, a graph that was freed, or a saved tensor changed in place.
void backward(const std::vector<Tensor>& tensors, const std::vector<Tensor>& grad_tensors = {}, bool retain_graph = false, bool create_graph = false);

/// The gradients with respect to `inputs`, which may be any tensors of the graph; nothing is accumulated. Without `allow_unused` an input that the outputs do not depend
/// on is an Error, with it its gradient is undefined.
std::vector<Tensor> grad(const std::vector<Tensor>& outputs, const std::vector<Tensor>& inputs, const std::vector<Tensor>& grad_outputs = {},
                         bool retain_graph = false, bool create_graph = false, bool allow_unused = false);

/// In anomaly mode an operator whose backward gives NaN is an Error that names it.
void set_detect_anomaly(bool enabled);
bool is_anomaly_enabled();

}  // namespace lazuli::autograd
