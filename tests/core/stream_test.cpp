#include "lazuli/core/stream.h"

#include <thread>

#include "lazuli/core/error.h"
#include "tests/catch.h"

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
