#include "lazuli/core/memory/scratch.h"

#include <algorithm>
#include <utility>

namespace lazuli {

thread_local constinit Scratch* detail::scratch = nullptr;

Scratch::Call::Call(Scratch& scratch, size_t call) : scratch_(scratch), before_(std::exchange(detail::scratch, &scratch)) {
  scratch.call_ = call;
  scratch.next_ = 0;
}
Scratch::Call::~Call() {
  detail::scratch = before_;
  if (scratch_.next_) scratch_.call_ends();
}

Ref<Storage> Scratch::take(int64_t bytes) {
  std::vector<Request>& requests = calls_[call_];
  const size_t k = next_++;
  if (k >= requests.size()) return nullptr;
  const Request& r = requests[k];
  if (!r.storage || r.bytes != bytes || r.storage->use_count() != 1) return nullptr;
  r.storage->bump_version();
  return r.storage;
}

void Scratch::given(const Ref<Storage>& storage) {
  std::vector<Request>& requests = calls_[call_];
  requests.resize(std::max(requests.size(), next_));
  requests[next_ - 1] = {storage->bytes(), true, storage};
}

void Scratch::call_ends() noexcept {
  bool taken_away = false;
  for (Request& r : calls_[call_]) {
    if (!r.storage) continue;
    const bool outlives = r.storage->use_count() > 1;
    if (r.own && !outlives && !placed_) r.own = false, r.storage = nullptr;
    if (!r.own && outlives) r.own = taken_away = true;
  }
  if (!taken_away) return;
  placed_ = false;  // the block is that storage's from now on
  for (auto& requests : calls_)
    for (Request& r : requests)
      if (!r.own) r.storage = nullptr;
}

void Scratch::run_ends() {
  if (placed_) return;
  constexpr int64_t kAlignment = 64;
  const auto aligned = [](int64_t bytes) { return (bytes + kAlignment - 1) / kAlignment * kAlignment; };
  int64_t most = 0;
  for (const auto& requests : calls_) {
    int64_t all = 0;
    for (const Request& r : requests) all += r.own ? 0 : aligned(r.bytes);
    most = std::max(most, all);
  }
  placed_ = true;
  if (most == 0) return;
  const Ref<Storage> block = Storage::allocate(most, kCPU);
  for (auto& requests : calls_) {
    int64_t at = 0;
    for (Request& r : requests) {
      if (r.own) continue;
      r.storage = Storage::external(block->data() + at, r.bytes, kCPU, std::shared_ptr<void>(nullptr, [block](void*) {}));
      at += aligned(r.bytes);
    }
  }
}

}  // namespace lazuli
