#include "lazuli/core/threads/stream.h"

#include <memory>
#include <mutex>
#include <vector>

#include "lazuli/core/error.h"

namespace lazuli {

namespace detail {
thread_local constinit StreamState* current_streams[kMaxDeviceTypes][kMaxDeviceIndex] = {};
}

namespace {
// Streams whose last handle is gone. They are never destroyed: cached memory and living tensors belong to them.
struct StreamPool {
  std::mutex mutex;
  std::vector<detail::StreamState*> idle[kMaxDeviceTypes][kMaxDeviceIndex];
  size_t made[kMaxDeviceTypes][kMaxDeviceIndex] = {};
};
StreamPool& pool() {
  static StreamPool* p = new StreamPool;
  return *p;
}

Ref<detail::StreamState> take_stream(Device device) {
  Backend& backend = backend_of(device);
  StreamPool& p = pool();
  std::lock_guard lock(p.mutex);
  auto& idle = p.idle[int(device.type)][device.index];
  if (!idle.empty()) {
    Ref<detail::StreamState> stream(idle.back());
    idle.pop_back();
    return stream;
  }
  size_t& made = p.made[int(device.type)][device.index];
  idle.reserve(made + 1);  // so that giving back needs no memory
  auto state = std::make_unique<detail::StreamState>();
  state->device = device;
  state->handle = backend.create_stream(device.index);
  ++made;
  return Ref<detail::StreamState>(state.release());
}

detail::StreamState*& current(Device device) { return detail::current_streams[int(device.type)][device.index]; }
}  // namespace

void detail::StreamState::destroy(StreamState* state) noexcept {
  StreamPool& p = pool();
  std::lock_guard lock(p.mutex);
  p.idle[int(state->device.type)][state->device.index].push_back(state);
}

Stream::Stream(Device device) : device_(device), state_(take_stream(device)) {}
Stream default_stream(Device device) {
  backend_of(device);
  return Stream(device, nullptr);
}
Stream current_stream(Device device) {
  backend_of(device);
  return Stream(device, current(device));
}

void Stream::synchronize() const { backend_of(device_).synchronize_stream(handle(), device_.index); }

void Stream::wait(const Event& event) const {
  if (!event.recorded_) return;
  if (event.device_ == device_) event.backend_->stream_wait_event(handle(), event.handle_, device_.index);
  else event.synchronize();
}

void Stream::wait(const Stream& other) const {
  if (other == *this) return;
  Event event;
  event.record(other);
  wait(event);
}

StreamGuard::StreamGuard(Stream stream) : stream_(std::move(stream)), previous_(current(stream_.device())) {
  current(stream_.device()) = stream_.state_.get();
}
StreamGuard::~StreamGuard() { current(stream_.device()) = previous_; }

Event::Event(Event&& other) noexcept
    : backend_(std::exchange(other.backend_, nullptr)),
      handle_(other.handle_),
      recorded_(std::exchange(other.recorded_, false)),
      device_(other.device_) {}
Event& Event::operator=(Event&& other) noexcept {
  std::swap(backend_, other.backend_);
  std::swap(handle_, other.handle_);
  std::swap(recorded_, other.recorded_);
  std::swap(device_, other.device_);
  return *this;
}
Event::~Event() {
  if (backend_) backend_->destroy_event(handle_, device_.index);
}

void Event::record(const Stream& stream) {
  if (!backend_) {
    Backend& backend = backend_of(stream.device());
    void* handle = backend.create_event(stream.device().index);
    backend_ = &backend;
    handle_ = handle;
    device_ = stream.device();
  }
  if (device_ != stream.device())
    fail("record", "stream", "a stream of " + to_string(device_) + ", where this event was recorded before", "one of " + to_string(stream.device()));
  backend_->record_event(handle_, stream.handle(), device_.index);
  recorded_ = true;
}

bool Event::done() const { return !recorded_ || backend_->event_done(handle_, device_.index); }
void Event::synchronize() const {
  if (recorded_) backend_->synchronize_event(handle_, device_.index);
}

double Event::elapsed(const Event& end) const {
  if (!recorded_ || !end.recorded_) fail(ErrorKind::State, "elapsed", recorded_ ? "end" : "self", "an event that was recorded", "one that was not");
  if (device_ != end.device_) fail("elapsed", "end", "an event of " + to_string(device_), "one of " + to_string(end.device_));
  synchronize();
  end.synchronize();
  return backend_->elapsed_milliseconds(handle_, end.handle_, device_.index);
}

}  // namespace lazuli
