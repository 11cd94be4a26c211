#include "lazuli/core/storage.h"

#include "lazuli/core/allocator.h"
#include "lazuli/core/events.h"
#include "lazuli/core/stream.h"

namespace lazuli {
namespace {
void tell_allocated(const Storage& s, Device device, bool pinned) {
  if (detail::slots_watched) [[unlikely]]
    detail::tell_allocated({s.data(), s.bytes(), device, pinned});
}
}  // namespace

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
  tell_allocated(*s, device, false);
  return s;
}

Ref<Storage> Storage::allocate_pinned(int64_t bytes, Device device) {
  Ref<Storage> s(new (pool_allocate(sizeof(Storage))) Storage);
  CachingAllocator& allocator = CachingAllocator::pinned_for(device);
  s->bytes_ = bytes;
  if (bytes == 0) return s;
  s->data_ = static_cast<char*>(allocator.allocate(bytes));
  s->allocator_ = &allocator;
  tell_allocated(*s, device, true);
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
  if (s->allocator_) {
    if (detail::slots_watched) [[unlikely]]
      detail::tell_freed({s->data_, s->bytes_, s->allocator_->device(), s->allocator_->pinned()});
    s->allocator_->release(s->data_, s->bytes_, s->stream_);
  }
  s->~Storage();
  pool_free(s, sizeof(Storage));
}

}  // namespace lazuli
