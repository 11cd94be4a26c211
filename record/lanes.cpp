#include "lazuli/record/lanes.h"

#if defined(__x86_64__)
#include <immintrin.h>
#endif

namespace lazuli::recording {
namespace {

void pause() {
#if defined(__x86_64__)
  _mm_pause();
#endif
}

}  // namespace

Lanes::Lanes(const SideBySide& calls, const Order& order) : calls_(calls), done_(new Done[size_t(calls.lanes())]) {
  for (int32_t i = calls.begin; i < calls.end; ++i) waits_.push_back(order.waits(i));
}

void Lanes::begin() {
  failed_.store(INT_MAX, std::memory_order_relaxed);
  for (int lane = 0; lane < calls_.lanes(); ++lane) done_[size_t(lane)].calls.store(0, std::memory_order_relaxed);
}

bool Lanes::wait(int32_t call) const {
  constexpr int kSpins = 500;  // some microseconds; then others may have the processor
  for (const Order::Wait& w : waits_[size_t(call - calls_.begin)]) {
    const std::atomic<int32_t>& calls = done_[w.lane].calls;
    int32_t done = calls.load(std::memory_order_acquire);
    for (int spin = 0; done < w.calls; done = calls.load(std::memory_order_acquire))
      if (++spin < kSpins) pause();
      else calls.wait(done, std::memory_order_acquire);
  }
  return failed_.load(std::memory_order_relaxed) > call;
}

void Lanes::end(int thread, int team) noexcept {
  for (int lane = thread; lane < calls_.lanes(); lane += team) {
    done_[size_t(lane)].calls.store(INT_MAX, std::memory_order_release);
    done_[size_t(lane)].calls.notify_all();
  }
}

void Lanes::fails(int32_t call) noexcept {
  const std::lock_guard lock(mutex_);
  if (call > failed_.load(std::memory_order_relaxed)) return;
  error_ = std::current_exception();
  failed_.store(call, std::memory_order_relaxed);
}

}  // namespace lazuli::recording
