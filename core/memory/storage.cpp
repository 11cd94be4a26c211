#include "lazuli/core/memory/storage.h"

#include <algorithm>
#include <mutex>
#include <vector>

#include "lazuli/core/error.h"
#include "lazuli/core/memory/allocator.h"
#include "lazuli/core/memory/scratch.h"
#include "lazuli/core/memory/work_memory.h"
#include "lazuli/core/slots/events.h"
#include "lazuli/core/slots/step_observer.h"
#include "lazuli/core/threads/stream.h"
#include "lazuli/core/vmap/levels.h"

namespace lazuli {
namespace {
// Where a storage for one number has it: after the object.
constexpr size_t kNumberBytes = 16, kNumberAt = (sizeof(Storage) + kNumberBytes - 1) / kNumberBytes * kNumberBytes;

void tell_allocated(const Storage& s, Device device, bool pinned) {
  if (detail::slots_watched) [[unlikely]]
    detail::tell_allocated({s.data(), s.bytes(), device, pinned});
}
// One that is made inside a vmap may get levels later.
[[gnu::noinline, gnu::cold]] void note_vmap(Storage& s) {
  s.set_hidden(std::make_unique<HiddenBatch>(HiddenBatch{nullptr, {}, detail::newest_batch_level}));
}
inline void mark_born(Storage& s) {
  if (detail::newest_batch_level) [[unlikely]]
    note_vmap(s);
}
}  // namespace

struct Storage::Attachments {
  struct Entry {
    const void* type;
    uint64_t key;
    uint32_t version;
    std::shared_ptr<const void> value;
  };
  std::mutex mutex;
  std::vector<Entry> entries;
};

Storage::~Storage() {
  delete attachments_.load(std::memory_order_acquire);
  delete hidden_;
}

// With levels and no memory of all samples, its own becomes that.
void Storage::set_hidden(std::unique_ptr<HiddenBatch> hidden) {
  if (!hidden->levels.empty() && !hidden->whole) {
    Ref<Storage> whole(new (pool_allocate(sizeof(Storage))) Storage);
    whole->data_ = data_;
    whole->bytes_ = bytes_;
    whole->allocator_ = std::exchange(allocator_, nullptr);
    whole->stream_ = stream_;
    whole->device_ = device_;
    whole->owner_ = owner_;
    whole->hidden_ = new HiddenBatch{nullptr, {}, hidden->born};
    hidden->whole = std::move(whole);
  }
  delete hidden_;
  hidden_ = hidden.release();
}

void Storage::check_readable() const {
  if (!hidden_->levels.empty())
    fail(ErrorKind::NotSupported, "vmap", "self", "functions that work on all samples at once",
         "one that reads or writes a batched tensor's elements on the host: take it out of the function, or loop over the samples");
}

std::shared_ptr<const void> Storage::find_attachment(const void* type, uint64_t key) const {
  Attachments* all = attachments_.load(std::memory_order_acquire);
  if (!all) return nullptr;
  std::lock_guard lock(all->mutex);
  for (const Attachments::Entry& e : all->entries)
    if (e.type == type && e.key == key && e.version == version()) return e.value;
  return nullptr;
}

void Storage::keep_attachment(const void* type, uint64_t key, uint32_t version_of_value, std::shared_ptr<const void> value) {
  Attachments* all = attachments_.load(std::memory_order_acquire);
  if (!all) {
    auto fresh = std::make_unique<Attachments>();
    if (attachments_.compare_exchange_strong(all, fresh.get(), std::memory_order_acq_rel)) all = fresh.release();
  }
  std::vector<Attachments::Entry> dropped;  // destroyed when nothing is locked: a destructor may come back here
  std::lock_guard lock(all->mutex);
  if (version_of_value != version()) return;
  auto replaced = std::partition(all->entries.begin(), all->entries.end(),
                                 [&](const Attachments::Entry& e) { return e.version == version_of_value && !(e.type == type && e.key == key); });
  dropped.assign(std::make_move_iterator(replaced), std::make_move_iterator(all->entries.end()));
  all->entries.erase(replaced, all->entries.end());
  all->entries.push_back({type, key, version_of_value, std::move(value)});
}

void Storage::drop_attachments() {
  Attachments* all = attachments_.load(std::memory_order_acquire);
  std::vector<Attachments::Entry> dropped;
  std::lock_guard lock(all->mutex);
  std::swap(dropped, all->entries);
}

Ref<Storage> Storage::allocate(int64_t bytes, Device device) {
  Scratch* const scratch = bytes && device.is_cpu() ? detail::scratch : nullptr;
  if (scratch) [[unlikely]]
    if (Ref<Storage> kept = scratch->take(bytes)) return kept;
  if (detail::work_memory && bytes) [[unlikely]]
    if (Ref<Storage> kept = detail::work_memory->take(bytes, device)) return kept;
  Ref<Storage> s(new (pool_allocate(sizeof(Storage))) Storage);
  s->bytes_ = bytes;
  s->device_ = device;
  if (device.is_meta()) return s;
  CachingAllocator& allocator = CachingAllocator::of(device);
  if (bytes == 0) {
    mark_born(*s);
    return s;
  }
  if (!device.is_cpu()) s->stream_ = current_stream_handle(device);
  s->data_ = static_cast<char*>(allocator.allocate(bytes, s->stream_));
  s->allocator_ = &allocator;
  tell_allocated(*s, device, false);
  mark_born(*s);
  if (scratch) [[unlikely]]
    scratch->given(s);
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

Ref<Storage> Storage::for_number(int64_t bytes) {
  initialize_backends();
  auto* s = new (pool_allocate(kNumberAt + kNumberBytes)) Storage;
  s->data_ = reinterpret_cast<char*>(s) + kNumberAt;
  s->bytes_ = bytes;
  Ref<Storage> made(s);
  if (detail::step_observer) [[unlikely]]
    detail::step_observer->made_on_host(*s);
  return made;
}

Ref<Storage> Storage::external(void* data, int64_t bytes, Device device, std::shared_ptr<void> owner) {
  initialize_backends();
  auto* s = new (pool_allocate(sizeof(Storage))) Storage;
  s->data_ = static_cast<char*>(data);
  s->bytes_ = bytes;
  s->device_ = device;
  s->owner_ = std::move(owner);
  Ref<Storage> made(s);
  if (s->owner_ && detail::step_observer) [[unlikely]]
    detail::step_observer->made_on_host(*s);
  return made;
}

void Storage::destroy(Storage* s) noexcept {
  if (s->allocator_) {
    if (detail::slots_watched) [[unlikely]]
      detail::tell_freed({s->data_, s->bytes_, s->allocator_->device(), s->allocator_->pinned()});
    s->allocator_->release(s->data_, s->bytes_, s->stream_);
  }
  const bool of_number = s->data_ == reinterpret_cast<char*>(s) + kNumberAt;
  s->~Storage();
  pool_free(s, of_number ? kNumberAt + kNumberBytes : sizeof(Storage));
}

}  // namespace lazuli
