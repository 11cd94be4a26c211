#pragma once
#include <memory>
#include <optional>
#include <vector>

#include "lazuli/autograd/modes.h"
#include "lazuli/core/tensor.h"

/// What the transforms of functions are made of, for lists of tensors.
namespace lazuli::func::detail {

struct Linear;

/// A function's inputs as a transform differentiates with respect to them: aliases, which gradients reach by themselves, whatever graphs lie around. Inside a vmap they have a value
/// for each sample. While it lives, operators record.
class Derivative {
 public:
  /// Throws Error naming `op` for tensors that are not of a floating or complex dtype, and in inference mode.
  Derivative(const char* op, const std::vector<Tensor>& of);
  const std::vector<Tensor>& inputs() const { return inputs_; }

  /// Gradients of the outputs weighted by `cotangents` (undefined: 1, of one element), zeros for inputs that they do not depend on. `again`: the graph is kept for another time.
  /// They have a graph of their own where one outside of the transform wants it, or `create_graph` says so. `strict`: an Error instead of zeros.
  std::vector<Tensor> pull(const std::vector<Tensor>& outputs, const std::vector<Tensor>& cotangents, bool again,
                           std::optional<bool> create_graph = {}, bool strict = false) const;
  /// The directional derivatives of all outputs, by the gradient of the gradient with respect to its cotangents; zeros for outputs that do not depend on the inputs.
  std::vector<Tensor> push(const std::vector<Tensor>& outputs, const std::vector<Tensor>& tangents, std::optional<bool> create_graph = {},
                           bool strict = false) const;

  /// The same of one output, undefined where it does not depend on the inputs.
  Tensor push_if_reached(const Tensor& output, const Tensor& tangent) const;
  /// Whether an input has a history outside.
  bool attached() const { return attached_; }

  /// [output][input]: sizes [output sizes.., input sizes..]. `chunk`: so many rows at once, by vmap (0: all; 1: without vmap).
  std::vector<std::vector<Tensor>> reverse_jacobian(const std::vector<Tensor>& outputs, int64_t chunk, std::optional<bool> create_graph = {},
                                                    bool strict = false) const;
  std::vector<std::vector<Tensor>> forward_jacobian(const std::vector<Tensor>& outputs, int64_t chunk, std::optional<bool> create_graph = {},
                                                    bool strict = false) const;

  /// Ends the recording; what is asked later is asked at the same place.
  void end() { mode_.reset(); }
  /// Keeps what `push` needs for these outputs.
  void linearize(const std::vector<Tensor>& outputs);

  /// A result on its way out: without a graph that leads nowhere outside of the transform.
  Tensor release(const Tensor& t) const;
  std::vector<Tensor> release(std::vector<Tensor> all) const;

 private:
  bool leads_outside(const std::vector<Tensor>& all) const;
  const char* op_;
  bool outer_;  // whether graphs outside may want the results
  bool attached_;
  bool outer() const { return mode_ ? outer_ : is_grad_enabled(); }
  std::optional<GradMode> mode_;
  std::vector<Tensor> inputs_;
  std::shared_ptr<const Linear> linear_;
};

void check_like(const char* op, const char* argument, const std::vector<Tensor>& given, const std::vector<Tensor>& wanted);

}  // namespace lazuli::func::detail
