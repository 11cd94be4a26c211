#include "lazuli/core/storage.h"

#include "lazuli/core/allocator.h"

namespace lazuli {

Ref<Storage> Storage::allocate(int64_t bytes, Device device) {
  if (bytes == 0) initialize_backends();
  char* data = device.is_meta() || bytes == 0 ? nullptr : static_cast<char*>(CachingAllocator::of(device).allocate(bytes));
  auto* s = new (pool_allocate(sizeof(Storage))) Storage;
  s->data_ = data;
  s->bytes_ = bytes;
  s->device_ = device;
  s->owned_ = data != nullptr;
  return Ref<Storage>(s);
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
  if (s->owned_) CachingAllocator::of(s->device_).release(s->data_, s->bytes_);
  s->~Storage();
  pool_free(s, sizeof(Storage));
}

}  // namespace lazuli
