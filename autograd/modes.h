#pragma once
#include "lazuli/core/modes.h"

namespace lazuli {

/// Whether operators in this thread record for a backward.
inline bool is_grad_enabled() { return modes.grad; }
inline bool is_inference_mode_enabled() { return modes.inference; }

/// While it lives, operators of this thread record (true) or do not (false).
class GradMode {
 public:
  [[nodiscard]] explicit GradMode(bool enabled) : before_(modes) { modes.grad = enabled && !modes.inference; }
  ~GradMode() { modes = before_; }
  GradMode(const GradMode&) = delete;
  GradMode& operator=(const GradMode&) = delete;

 private:
  Modes before_;
};
/// `no_grad guard;`: nothing records until the end of the block.
struct no_grad : GradMode {
  [[nodiscard]] no_grad() : GradMode(false) {}
};
struct enable_grad : GradMode {
  [[nodiscard]] enable_grad() : GradMode(true) {}
};

/// Like no_grad, and tensors made meanwhile can never take part in a backward, which saves the bookkeeping of views.
class inference_mode {
 public:
  [[nodiscard]] explicit inference_mode(bool enabled = true) : before_(modes) {
    modes.inference = enabled;
    modes.grad = !enabled;
  }
  ~inference_mode() { modes = before_; }
  static bool is_enabled() { return modes.inference; }
  inference_mode(const inference_mode&) = delete;
  inference_mode& operator=(const inference_mode&) = delete;

 private:
  Modes before_;
};

}  // namespace lazuli
