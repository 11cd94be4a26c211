#include "lazuli/core/memory/work_memory.h"

#include <utility>

#include "lazuli/core/error.h"

namespace lazuli {

thread_local constinit WorkMemory* detail::work_memory = nullptr;

WorkMemory::Call::Call(WorkMemory& memory, size_t call, Way way) : before_(std::exchange(detail::work_memory, &memory)) {
  memory.call_ = call;
  memory.next_ = 0;
  memory.way_ = way;
  if (way == Way::Kept) memory.places_[call].clear();
}
WorkMemory::Call::~Call() { detail::work_memory = before_; }

// The smallest one that nobody has.
Ref<Storage> WorkMemory::block_for(int64_t bytes) {
  const Ref<Storage>* best = nullptr;
  for (const Ref<Storage>& block : blocks_)
    if (block->use_count() == 1 && block->bytes() >= bytes && (!best || block->bytes() < (*best)->bytes())) best = &block;
  if (best) return *best;
  if (way_ == Way::Kept)
    fail(ErrorKind::State, "record", "", "a call that needs no memory which it had not asked for before", std::to_string(bytes) + " bytes");
  WorkMemory* const here = std::exchange(detail::work_memory, nullptr);
  try {
    blocks_.push_back(Storage::allocate(bytes, device_));
  } catch (...) {
    detail::work_memory = here;
    throw;
  }
  detail::work_memory = here;
  return blocks_.back();
}

Ref<Storage> WorkMemory::take(int64_t bytes, Device device) {
  if (!(device == device_)) return nullptr;
  const size_t k = next_++;
  std::vector<Ref<Storage>>& places = places_[call_];
  if (way_ == Way::Again && (k >= places.size() || places[k]->bytes() < bytes))
    fail(ErrorKind::State, "record", "", "a call that asks for the same memory each time", std::to_string(bytes) + " bytes more");
  const Ref<Storage> block = way_ == Way::Again ? places[k] : block_for(bytes);
  if (way_ != Way::Kept) return Storage::external(block->data(), bytes, device, std::shared_ptr<void>(nullptr, [block](void*) {}));
  // A place that is remembered is not held by that: others have it when this call has let go of it.
  places.push_back(Storage::external(block->data(), bytes, device, nullptr));
  return Storage::external(block->data(), bytes, device, std::shared_ptr<void>(nullptr, [block](void*) {}));
}

}  // namespace lazuli
