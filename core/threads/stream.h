#pragma once
#include "lazuli/core/backend.h"
#include "lazuli/core/memory/intrusive.h"

namespace lazuli {

class Event;
class Tensor;

namespace detail {
struct StreamState : Counted {
  void* handle = nullptr;
  Device device;
  static void destroy(StreamState* state) noexcept;
};
extern thread_local constinit StreamState* current_streams[kMaxDeviceTypes][kMaxDeviceIndex];
}  // namespace detail

/// A queue of work on one device: what is queued on one stream runs in order, two streams run side by side. A value: copies are the same queue.
/// Streams are kept and given out again, so that a tensor may outlive the Stream it was made on.
class Stream {
 public:
  /// A stream that nobody else has. Throws Error for a device that does not exist, and for "meta".
  explicit Stream(Device device);
  Device device() const { return device_; }
  /// The backend's handle (a CUstream, a cl_command_queue); null for the default stream.
  void* handle() const { return state_ ? state_->handle : nullptr; }
  /// Waits for all work queued so far.
  void synchronize() const;
  /// Work queued on this stream from now on waits for the event, which may be another device's.
  void wait(const Event& event) const;
  /// Work queued on this stream from now on waits for what `other` has been given so far.
  void wait(const Stream& other) const;
  bool operator==(const Stream& other) const { return device_ == other.device_ && state_ == other.state_; }

 private:
  friend Stream default_stream(Device device);
  friend Stream current_stream(Device device);
  friend class StreamGuard;
  Stream(Device device, Ref<detail::StreamState> state) : device_(device), state_(std::move(state)) {}
  Device device_;
  Ref<detail::StreamState> state_;
};

/// The stream that every device has, and that work goes to unless a StreamGuard says otherwise.
Stream default_stream(Device device);
/// Where this thread's work for the device goes.
Stream current_stream(Device device);
/// The same as the backend's handle, for kernels; null for the default stream. A device that does not exist is not noticed.
inline void* current_stream_handle(Device device) {
  const detail::StreamState* s = detail::current_streams[int(device.type)][device.index & (kMaxDeviceIndex - 1)];
  return s ? s->handle : nullptr;
}

/// Makes a stream the current one of its device in this thread, as long as the guard lives.
class [[nodiscard]] StreamGuard {
 public:
  explicit StreamGuard(Stream stream);
  ~StreamGuard();
  StreamGuard(const StreamGuard&) = delete;
  StreamGuard& operator=(const StreamGuard&) = delete;

 private:
  Stream stream_;
  detail::StreamState* previous_;  // an outer guard keeps it
};

/// A place in a stream. One that was never recorded counts as done.
class Event {
 public:
  Event() = default;
  Event(Event&& other) noexcept;
  Event& operator=(Event&& other) noexcept;
  ~Event();
  /// Moves the event to the end of the stream's present work. Throws Error when it was recorded on another device before.
  void record(const Stream& stream);
  /// The event's place is passed.
  bool done() const;
  /// Waits until it is; `wait` lets a stream do so instead.
  void synchronize() const;
  void wait(const Stream& stream) const { stream.wait(*this); }
  /// Milliseconds from this event to `end`; waits for both. Throws Error unless both were recorded, on one device.
  double elapsed(const Event& end) const;

 private:
  friend class Stream;
  Backend* backend_ = nullptr;  // null: no handle yet
  void* handle_ = nullptr;
  bool recorded_ = false;
  Device device_;
};

/// Tells the allocator that the tensor is used on a stream other than the one it was made on: its memory is given to nobody else before that stream's present work is done.
/// Needs to be called before the last handle to the tensor goes. Nothing to do for tensors on "cpu" and "meta".
void record_stream(const Tensor& tensor, const Stream& stream);

}  // namespace lazuli
