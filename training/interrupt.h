#pragma once

namespace lazuli::training {

/// While one lives, the first Ctrl-C (SIGINT) does not end the program but is remembered; a second one ends it. Afterwards signals do what they did before. One at a time counts;
/// those made inside it do nothing.
class InterruptGuard {
 public:
  explicit InterruptGuard(bool active = true);
  ~InterruptGuard();
  InterruptGuard(const InterruptGuard&) = delete;
  InterruptGuard& operator=(const InterruptGuard&) = delete;
  /// Whether Ctrl-C came.
  static bool interrupted();

 private:
  bool active_;
};

}  // namespace lazuli::training
