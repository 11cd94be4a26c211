#include "lazuli/core/threads/stream.h"

#include <thread>

#include "lazuli/core/factory.h"
#include "tests/core/fake_backend.h"
#include "tests/errors.h"

using namespace lazuli;

TEST_CASE("every device has a default stream, and a guard makes another the current one", "[core]") {
  CHECK(current_stream(kCPU) == default_stream(kCPU));
  CHECK(default_stream(kCPU).handle() == nullptr);
  Stream a(kCPU), b(kCPU);
  CHECK_FALSE(a == b);
  CHECK_FALSE(a == default_stream(kCPU));
  {
    StreamGuard outer(a);
    CHECK(current_stream(kCPU) == a);
    {
      StreamGuard inner(b);
      CHECK(current_stream(kCPU) == b);
      std::thread([&] { CHECK(current_stream(kCPU) == default_stream(kCPU)); }).join();
    }
    CHECK(current_stream(kCPU) == a);
  }
  CHECK(current_stream(kCPU) == default_stream(kCPU));
}

TEST_CASE("a device that does not exist has no streams", "[core]") {
  CHECK_THROWS_AS(Stream(kMeta), Error);
  CHECK_THROWS_AS(current_stream(Device("cpu:3")), Error);
  CHECK_THROWS_AS(default_stream(Device(DeviceType(15))), Error);
}

TEST_CASE("events of the CPU are done at once, and tell the time between them", "[core]") {
  Event never, start, end;
  CHECK(never.done());
  never.synchronize();
  default_stream(kCPU).wait(never);
  start.record(default_stream(kCPU));
  end.record(current_stream(kCPU));
  CHECK((start.done() && end.done()));
  CHECK(start.elapsed(end) >= 0);
  CHECK_THROWS_WITH(start.elapsed(never), "elapsed: argument 'end': expected an event that was recorded, got one that was not");
  Event moved = std::move(start);
  CHECK(moved.elapsed(end) >= 0);
  CHECK_THROWS_AS(start.elapsed(end), Error);
}

TEST_CASE("work on two streams keeps its order by events", "[core]") {
  FreshFake fresh;
  Device d = fake_device();
  Stream a(d), b(d);
  CHECK(a.handle() != b.handle());
  Tensor t = new_tensor({1000}, kFloat32, d);
  {
    StreamGuard guard(a);
    CHECK(current_stream_handle(d) == a.handle());
    CHECK(current_stream_handle(fake_device(1)) == nullptr);
    queue_fill(t, 1);
  }
  Event filled;
  filled.record(a);
  CHECK_FALSE(filled.done());
  b.wait(filled);
  {
    StreamGuard guard(b);
    queue_fill(t, 2);
  }
  b.synchronize();
  CHECK(filled.done());
  CHECK(fake_backend().waiting(a) == 0);
  CHECK(t.to_vector<float>()[999] == 2);

  Event later;
  queue_fill(t, 3);
  later.record(default_stream(d));
  a.wait(default_stream(d));
  CHECK(filled.elapsed(later) >= 0);
  CHECK(later.done());
  Event elsewhere;
  elsewhere.record(default_stream(fake_device(1)));
  b.wait(elsewhere);
  CHECK(says(error_of([&] { filled.elapsed(elsewhere); }), "elapsed: argument 'end': expected an event of fake:0, got one of fake:1"));
  CHECK(says(error_of([&] { filled.record(default_stream(fake_device(1))); }), "where this event was recorded before"));
}

TEST_CASE("streams are kept and given out again", "[core]") {
  FreshFake fresh;
  Device d = fake_device(1);
  { Stream first(d), second(d); }
  size_t made = fake_backend().streams;
  for (int i = 0; i < 100; ++i) Stream again(d);
  CHECK(fake_backend().streams == made);
  fake_backend().failures["create_stream"] = FakeBackend::Failure::Throw;
  {
    Stream one(d), two(d);
    CHECK(error_of([&] { Stream third(d); }) == "create_stream: expected a device that works, got a lost one");
  }
  fake_backend().failures.clear();
  Stream one(d), two(d), three(d);
  CHECK(fake_backend().streams == made + 1);
}

TEST_CASE("an event that could not be recorded is as if it never was", "[core]") {
  FreshFake fresh;
  size_t events = fake_backend().events;
  {
    Event e;
    for (const char* function : {"create_event", "record_event"}) {
      fake_backend().failures[function] = FakeBackend::Failure::Throw;
      CHECK(says(error_of([&] { e.record(default_stream(fake_device())); }), "a device that works"));
      CHECK(e.done());
      fake_backend().failures.clear();
    }
    e.record(default_stream(fake_device()));
    Event moved = std::move(e);
    CHECK(e.done());
  }
  CHECK(fake_backend().events == events);
}
