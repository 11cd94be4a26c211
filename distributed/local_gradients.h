#pragma once

namespace lazuli::distributed {

/// Keeps backwards from exchanging gradients while it lives: what `no_sync()` gives.
template <class Reducer>
class [[nodiscard]] LocalGradients {
 public:
  explicit LocalGradients(Reducer& reducer) : reducer_(reducer), before_(reducer.set_sync(false)) {}
  ~LocalGradients() { reducer_.set_sync(before_); }
  LocalGradients(const LocalGradients&) = delete;
  LocalGradients& operator=(const LocalGradients&) = delete;

 private:
  Reducer& reducer_;
  bool before_;
};

}  // namespace lazuli::distributed
