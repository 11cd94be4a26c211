#pragma once
#include "lazuli/autograd/hooks.h"
#include "lazuli/autograd/modes.h"
#include "lazuli/autograd/tape.h"

namespace lazuli {
/// `set_grad_enabled guard(training);`: records, or does not, until the end of the block.
using set_grad_enabled = GradMode;
}  // namespace lazuli

namespace lazuli::autograd {

using lazuli::is_grad_enabled, lazuli::is_inference_mode_enabled;
using lazuli::set_grad_enabled;

/// For `backward`: `loss.backward({.retain_graph = true})`.
struct BackwardOptions {
  std::vector<Tensor> grad_tensors = {};  // one for each tensor, or none; undefined for a tensor of one element: 1
  bool retain_graph = false;              // keeps what the formulas saved, for another backward
  bool create_graph = false;              // records the backward itself, and keeps the graph
  std::vector<Tensor> inputs = {};        // accumulates into the `grad()` of these only, and computes only what they need; none: into all leaves
};

/// For `grad`: `autograd::grad({y}, {x}, {.create_graph = true})`.
struct GradOptions {
  std::vector<Tensor> grad_outputs = {};  // one for each output, or none; undefined for a tensor of one element: 1
  bool retain_graph = false;              // keeps what the formulas saved, for another backward
  bool create_graph = false;              // records the backward itself, and keeps the graph
  bool allow_unused = false;              // an input that the outputs do not depend on has an undefined gradient, else it is an Error
};

/// Adds the gradients of the sum of `tensors` (each weighted by its entry of `grad_tensors`) to the `grad()` of all leaves that require grad, or of `inputs` only. Several
/// threads may run backwards at once, through shared leaves and shared graphs too. A backward may start another one, in a hook or a formula, at most 100 deep.
/// Throws Error for tensors without history, gradients of another shape, a graph that was freed, or a saved tensor changed in place.
void backward(const std::vector<Tensor>& tensors, const BackwardOptions& options = {});
void backward(const std::vector<Tensor>& tensors, const std::vector<Tensor>& grad_tensors, bool retain_graph, bool create_graph = false);
void backward(...) = delete;  // backward(tensors, {.grad_tensors, .retain_graph, .create_graph, ..}) or these by position

/// The gradients with respect to `inputs`, which may be any tensors of the graph; nothing is accumulated, and nothing computed that they do not need.
/// Throws Error where `backward` does, for an input that does not require grad and, unless `allow_unused`, for one that the outputs do not depend on.
std::vector<Tensor> grad(const std::vector<Tensor>& outputs, const std::vector<Tensor>& inputs, const GradOptions& options = {});
std::vector<Tensor> grad(const std::vector<Tensor>& outputs, const std::vector<Tensor>& inputs, const std::vector<Tensor>& grad_outputs,
                         bool retain_graph, bool create_graph = false, bool allow_unused = false);
/// Of one tensor with respect to one: `autograd::grad(y, x, {.create_graph = true})[0]`.
template <std::derived_from<Tensor> Y, std::derived_from<Tensor> X>
std::vector<Tensor> grad(const Y& output, const X& input, const GradOptions& options = {}) {
  return grad(std::vector<Tensor>{output}, std::vector<Tensor>{input}, options);
}
std::vector<Tensor> grad(...) = delete;  // grad(outputs, inputs, {.grad_outputs, .retain_graph, .create_graph, .allow_unused}) or these by position

/// From within a backward (a hook, a formula): `callback` runs in this thread when all gradients of that backward (the outermost, where they nest) are there, before it returns. What it throws, the backward
/// throws. Throws Error (State) outside.
void queue_callback(std::function<void()> callback);

/// In anomaly mode an operator whose backward gives NaN is an Error (unless `check_nan` is false), and every Error in a backward names the operator, the module and the user's line of the
/// forward that recorded it. Recording takes some microseconds more.
void set_detect_anomaly(bool enabled);
void set_detect_anomaly(bool enabled, bool check_nan);
bool is_anomaly_enabled();
/// Whether anomaly mode is on and looks for NaN.
bool is_anomaly_check_nan_enabled();
/// Anomaly mode for a block.
class [[nodiscard]] detect_anomaly {
 public:
  explicit detect_anomaly(bool check_nan = true) : enabled_before_(is_anomaly_enabled()), check_before_(is_anomaly_check_nan_enabled()) {
    set_detect_anomaly(true, check_nan);
  }
  ~detect_anomaly() { set_detect_anomaly(enabled_before_, check_before_ || !enabled_before_); }
  detect_anomaly(const detect_anomaly&) = delete;
  detect_anomaly& operator=(const detect_anomaly&) = delete;

 private:
  bool enabled_before_, check_before_;
};

}  // namespace lazuli::autograd
