#pragma once
#include <atomic>
#include <cstdint>

namespace lazuli {

/// Which backward a node is part of at the moment. The first to come notes its place in the node itself and needs no map; others that come meanwhile keep maps of their own.
class Claim {
 public:
  /// Takes the node for `run`, under the number `place`. False when another run has it: then the node keeps what it saved for as long as it lives.
  bool take(const void* run, uint32_t place) {
    const void* nobody = nullptr;
    if (!run_.compare_exchange_strong(nobody, run, std::memory_order_acq_rel, std::memory_order_relaxed)) {
      state_.fetch_or(kShared, std::memory_order_acq_rel);
      return false;
    }
    place_ = place;
    return true;
  }
  bool is_of(const void* run) const { return run_.load(std::memory_order_relaxed) == run; }
  /// Of the run that has it.
  uint32_t place() const { return place_; }
  /// By the run that has it, at its end.
  void give_back() { run_.store(nullptr, std::memory_order_release); }

  /// Asked by the run that has it: whether it may free what the node saved, which then counts as freed. False when another run may be in the node's formula.
  bool free_saved() {
    uint8_t untouched = 0;
    return state_.compare_exchange_strong(untouched, kFreed, std::memory_order_acq_rel);
  }
  bool saved_is_freed() const { return state_.load(std::memory_order_acquire) & kFreed; }

 private:
  static constexpr uint8_t kShared = 1, kFreed = 2;
  std::atomic<const void*> run_{nullptr};
  uint32_t place_ = 0;
  std::atomic<uint8_t> state_{0};
};

}  // namespace lazuli
