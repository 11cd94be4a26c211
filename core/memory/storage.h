#pragma once
#include <memory>
#include <utility>

#include "lazuli/core/device.h"
#include "lazuli/core/memory/intrusive.h"

namespace lazuli {

class CachingAllocator;
struct HiddenBatch;

/// The bytes of one or more tensors, with the version that in-place operators count up.
class Storage : public Counted {
 public:
  /// `bytes` from the device's caching allocator, uninitialised, for work on the device's current stream. Throws Error (Memory) with the statistics when there is no more.
  static Ref<Storage> allocate(int64_t bytes, Device device);
  /// Host memory that `device` copies from and to without the host's help.
  static Ref<Storage> allocate_pinned(int64_t bytes, Device device);
  /// At most 16 bytes of the host inside the storage itself, for one number: no allocator is asked.
  static Ref<Storage> for_number(int64_t bytes);
  /// Somebody else's memory, kept alive by `owner`; null borrows it: the caller promises that it outlives the tensor.
  static Ref<Storage> external(void* data, int64_t bytes, Device device, std::shared_ptr<void> owner);
  static void destroy(Storage* s) noexcept;
  /// Of external memory: from now on it lies at `data`, which has to live as long as it does there. Gives where it lay.
  char* move_external(char* data) noexcept {
    bump_version();
    return std::exchange(data_, data);
  }

  char* data() const {
    if (hidden_) [[unlikely]]
      check_readable();
    return data_;
  }
  int64_t bytes() const { return bytes_; }
  Device device() const { return device_; }
  /// Whose memory it is; null for external, empty and meta storages.
  CachingAllocator* allocator() const { return allocator_; }
  /// The backend's handle of the stream that it was allocated for; null for the default one and on the CPU.
  void* stream() const { return stream_; }
  uint32_t version() const { return version_.load(std::memory_order_relaxed); }
  void bump_version() {
    version_.fetch_add(1, std::memory_order_relaxed);
    if (attachments_.load(std::memory_order_relaxed)) [[unlikely]]
      drop_attachments();
  }

  /// What was derived from these contents and is kept with them, such as a packed weight; null when there is none, or only one of an older version.
  /// `key` tells several of one type apart. For any number of threads, as `attach` is.
  template <class T>
  std::shared_ptr<const T> attachment(uint64_t key = 0) const {
    return std::static_pointer_cast<const T>(find_attachment(&kTypeTag<T>, key));
  }
  /// Keeps `value`, which was derived from the contents at `version`, until the version moves on or the storage dies; not at all when the version has moved on already.
  template <class T>
  void attach(std::shared_ptr<const T> value, uint32_t version, uint64_t key = 0) {
    keep_attachment(&kTypeTag<T>, key, version, std::move(value));
  }

  /// What vmap knows of it (core/vmap/levels.h): null for all storages made outside of one.
  HiddenBatch* hidden() const { return hidden_; }
  /// With levels and no memory of all samples: its own becomes that.
  void set_hidden(std::unique_ptr<HiddenBatch> hidden);

 private:
  struct Attachments;
  template <class T>
  static constexpr char kTypeTag = 0;

  Storage() = default;
  ~Storage();
  std::shared_ptr<const void> find_attachment(const void* type, uint64_t key) const;
  void keep_attachment(const void* type, uint64_t key, uint32_t version, std::shared_ptr<const void> value);
  void drop_attachments();
  void check_readable() const;

  std::atomic<uint32_t> version_{0};
  char* data_ = nullptr;
  int64_t bytes_ = 0;
  CachingAllocator* allocator_ = nullptr;
  void* stream_ = nullptr;
  Device device_;
  std::shared_ptr<void> owner_;
  std::atomic<Attachments*> attachments_{nullptr};
  HiddenBatch* hidden_ = nullptr;  // owned
};

}  // namespace lazuli
