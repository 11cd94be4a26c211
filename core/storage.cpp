#include "lazuli/core/storage.h"

#include "lazuli/core/allocator.h"
#include "lazuli/core/stream.h"

namespace lazuli {

Ref<Storage> Storage::allocate(int64_t bytes, Device device) {
  Ref<Storage> s(new (pool_allocate(sizeof(Storage))) Storage);
  s->bytes_ = bytes;
  s->device_ = device;
  if (device.is_meta()) return s;
  CachingAllocator& allocator = CachingAllocator::of(device);
  if (bytes == 0) return s;
  if (!device.is_cpu()) s->stream_ = current_stream_handle(device);
  s->data_ = static_cast<char*>(allocator.allocate(bytes, s->stream_));
  s->allocator_ = &allocator;
  return s;
}

Ref<Storage> Storage::allocate_pinned(int64_t bytes, Device device) {
  Ref<Storage> s(new (pool_allocate(sizeof(Storage))) Storage);
  CachingAllocator& allocator = CachingAllocator::pinned_for(device);
  s->bytes_ = bytes;
  if (bytes == 0) return s;
  s->data_ = static_cast<char*>(allocator.allocate(bytes));
  s->allocator_ = &allocator;
  return s;
}

Ref<Storage> Storage::external(void* data, int64_t bytes, Device device, std::shared_ptr<void> owner) {
  initialize_backends();
  auto* s = new (pool_allocate(sizeof(Storage))) Storage;
  s->data_ = static_cast<char*>(data);
  s->bytes_ = bytes;
  s->device_ = device;
  s->owner_ = std::move(owner);
  return Ref<Storage>(s);
}

void Storage::destroy(Storage* s) noexcept {
  if (s->allocator_) s->allocator_->release(s->data_, s->bytes_, s->stream_);
  s->~Storage();
  pool_free(s, sizeof(Storage));
}

}  // namespace lazuli
