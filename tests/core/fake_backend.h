#pragma once
#include <cstdlib>
#include <cstring>
#include <deque>
#include <functional>
#include <map>
#include <mutex>
#include <set>

#include "lazuli/core/error.h"
#include "lazuli/core/slots.h"
#include "lazuli/core/threads/stream.h"

/// Two devices on the heap that work as late as they may: what is queued on a stream runs when somebody waits for it. Each function can be told to fail.
class FakeBackend final : public lazuli::Backend {
 public:
  using Work = std::function<void()>;
  struct Queue {
    std::deque<Work> work;
    size_t queued = 0, done = 0;
  };
  struct Mark {
    Queue* queue = nullptr;
    size_t place = 0;
    double time = 0;
  };
  enum class Failure { None, Null, Throw };

  std::map<std::string, Failure> failures;  // by function
  int64_t total = int64_t(1) << 40;         // memory of each device
  std::map<void*, int64_t> blocks, pinned;
  int64_t held = 0;
  size_t events = 0, streams = 0;

  std::string_view name() const override { return "fake"; }
  int device_count() const override { return 2; }
  lazuli::DeviceProperties properties(int index) const override {
    lazuli::DeviceProperties p;
    p.name = "fake " + std::to_string(index);
    p.total_memory = total;
    p.float64 = false;
    return p;
  }
  bool supports(const lazuli::KernelBase& slot, lazuli::DType dtype, int index) const override {
    return dtype != lazuli::kFloat64 && Backend::supports(slot, dtype, index);
  }

  void* allocate(int64_t bytes, int) override {
    if (fails("allocate") || held + bytes > total) return nullptr;
    void* block = std::aligned_alloc(64, size_t(bytes + 63) / 64 * 64);
    std::lock_guard lock(mutex_);
    held += bytes;
    blocks[block] = bytes;
    return block;
  }
  void release(void* memory, int64_t bytes, int) noexcept override {
    std::lock_guard lock(mutex_);
    if (blocks.at(memory) != bytes) std::abort();
    held -= bytes;
    blocks.erase(memory);
    std::free(memory);
  }
  void* allocate_pinned(int64_t bytes, int index) override {
    if (fails("allocate_pinned")) return nullptr;
    void* block = Backend::allocate_pinned(bytes, index);
    pinned[block] = bytes;
    return block;
  }
  void release_pinned(void* memory, int64_t bytes, int index) noexcept override {
    pinned.erase(memory);
    Backend::release_pinned(memory, bytes, index);
  }

  void copy_from_host(void* to, const void* from, int64_t bytes, int index, void* stream, bool blocking) override {
    copy("copy_from_host", to, from, bytes, index, stream, blocking);
  }
  void copy_to_host(void* to, const void* from, int64_t bytes, int index, void* stream, bool blocking) override {
    copy("copy_to_host", to, from, bytes, index, stream, blocking);
  }
  void copy_within(void* to, int index, const void* from, int, int64_t bytes, void* stream, bool blocking) override {
    copy("copy_within", to, from, bytes, index, stream, blocking);
  }
  void synchronize(int index) override {
    fails("synchronize");
    run(default_[index]);
    for (Queue* q : made_[index]) run(*q);
  }

  void* create_stream(int index) override {
    fails("create_stream");
    ++streams;
    made_[index].push_back(new Queue);
    return made_[index].back();
  }
  void synchronize_stream(void* stream, int index) override {
    fails("synchronize_stream");
    run(queue(stream, index));
  }
  void stream_wait_event(void* stream, void* event, int index) override {
    Mark mark = *static_cast<Mark*>(event);
    submit(stream, index, [this, mark] {
      if (mark.queue) run(*mark.queue, mark.place);
    });
  }
  void* create_event(int) override {
    fails("create_event");
    ++events;
    return new Mark;
  }
  void record_event(void* event, void* stream, int index) override {
    fails("record_event");
    Queue& q = queue(stream, index);
    *static_cast<Mark*>(event) = {&q, q.queued, ++clock_};
  }
  bool event_done(void* event, int) override {
    fails("event_done");
    auto* mark = static_cast<Mark*>(event);
    return mark->queue->done >= mark->place;
  }
  void synchronize_event(void* event, int) override {
    auto* mark = static_cast<Mark*>(event);
    run(*mark->queue, mark->place);
  }
  double elapsed_milliseconds(void* start, void* end, int) override { return static_cast<Mark*>(end)->time - static_cast<Mark*>(start)->time; }
  void destroy_event(void* event, int) noexcept override {
    --events;
    delete static_cast<Mark*>(event);
  }

  void submit(void* stream, int index, Work work) {
    Queue& q = queue(stream, index);
    q.work.push_back(std::move(work));
    ++q.queued;
  }
  size_t waiting(const lazuli::Stream& stream) { return queue(stream.handle(), stream.device().index).work.size(); }

 private:
  bool fails(const char* function) {
    auto f = failures.find(function);
    if (f == failures.end()) return false;
    if (f->second == Failure::Throw) lazuli::fail(lazuli::ErrorKind::State, function, "", "a device that works", "a lost one");
    return f->second == Failure::Null;
  }
  Queue& queue(void* stream, int index) { return stream ? *static_cast<Queue*>(stream) : default_[index]; }
  void run(Queue& q, size_t until = size_t(-1)) {
    while (!q.work.empty() && q.done < until) {
      Work work = std::move(q.work.front());
      q.work.pop_front();
      ++q.done;
      work();
    }
  }
  void copy(const char* function, void* to, const void* from, int64_t bytes, int index, void* stream, bool blocking) {
    fails(function);
    submit(stream, index, [=] { std::memcpy(to, from, size_t(bytes)); });
    if (blocking) run(queue(stream, index));
  }

  std::mutex mutex_;
  double clock_ = 0;
  Queue default_[2];
  std::vector<Queue*> made_[2];
};

/// The one of this process, registered at the first call.
inline FakeBackend& fake_backend() {
  static FakeBackend* backend = [] {
    auto* b = new FakeBackend;
    lazuli::register_backend(*b);
    return b;
  }();
  return *backend;
}
inline lazuli::Device fake_device(int index = 0) {
  fake_backend();
  return lazuli::Device("fake:" + std::to_string(index));
}

/// A kernel of the fake device: out = value, when its turn comes. Contiguous float32.
inline void queue_fill(lazuli::Tensor& out, float value) {
  auto* p = static_cast<float*>(out.address());
  fake_backend().submit(lazuli::current_stream_handle(out.device()), out.device().index, [p, n = out.numel(), value] {
    for (int64_t i = 0; i < n; ++i) p[i] = value;
  });
}

/// Ends all failures and gives cached memory back, at the beginning and the end of a test.
struct FreshFake {
  FreshFake() { reset(); }
  ~FreshFake() { reset(); }
  static void reset();
};
