#include "lazuli/core/memory/scratch.h"

#include <cstring>

#include "lazuli/core/memory/allocator.h"
#include "lazuli/lazuli.h"
#include "tests/catch.h"

using namespace lazuli;

namespace {

// Two calls, the first of which asks for `first` bytes and keeps that; each writes all it has got.
struct Calls {
  Scratch scratch{2};
  Ref<Storage> held;
  std::vector<const void*> places;

  Ref<Storage> ask(int64_t bytes, int value) {
    Ref<Storage> s = Storage::allocate(bytes, kCPU);
    REQUIRE(s->bytes() == bytes);
    std::memset(s->data(), value, size_t(bytes));
    places.push_back(s->data());
    return s;
  }
  void run(int64_t first, bool keeps, int value) {
    places.clear();
    {
      const Scratch::Call call(scratch, 0);
      Ref<Storage> a = ask(first, value);
      const Ref<Storage> b = ask(500, -1);
      if (keeps) held = a;
    }
    {
      const Scratch::Call call(scratch, 1);
      ask(2000, -2);
    }
    scratch.run_ends();
  }
  bool held_is(int value) const {
    for (int64_t i = 0; i < held->bytes(); ++i)
      if (held->data()[i] != char(value)) return false;
    return true;
  }
};

int64_t allocations() { return memory_stats().allocations; }

}  // namespace

TEST_CASE("what calls ask for is kept for their next run, in one block", "[core]") {
  Calls calls;
  calls.run(1000, false, 1);
  calls.run(1000, false, 1);
  const std::vector<const void*> before = calls.places;
  CHECK(before[0] == before[2]);  // calls are done with their parts
  CHECK(before[0] != before[1]);
  const int64_t count = allocations();
  for (int i = 0; i < 3; ++i) calls.run(1000, false, i);
  CHECK(calls.places == before);
  CHECK(allocations() == count);
}

TEST_CASE("what outlives its call is not written by others", "[core]") {
  Calls calls;
  calls.run(1000, true, 7);  // in the first run
  for (int i = 0; i < 3; ++i) {
    calls.run(1000, false, i);
    CHECK(calls.held_is(7));
  }
  calls.held = nullptr;  // now it may be taken again
  calls.run(1000, true, 8);
  const int64_t count = allocations();
  for (int i = 10; i < 13; ++i) {
    calls.held = nullptr;
    calls.run(1000, true, i);
    CHECK(calls.held_is(i));
  }
  CHECK(allocations() == count);

  Calls later;
  for (int i = 0; i < 3; ++i) later.run(1000, false, 1);
  later.run(1000, true, 9);  // a part of the block
  for (int i = 0; i < 3; ++i) {
    later.run(1000, false, i);
    CHECK(later.held_is(9));
  }
  later.run(3000, true, 5);  // another size
  for (int i = 0; i < 3; ++i) {
    later.run(64, false, i);
    CHECK(later.held_is(5));
  }
}

TEST_CASE("a call that throws leaves no part behind", "[core]") {
  Scratch scratch(1);
  const auto run = [&](bool throws) {
    {
      const Scratch::Call call(scratch, 0);
      const Ref<Storage> s = Storage::allocate(300, kCPU);
      if (throws) throw std::runtime_error("in the kernel");
    }
    scratch.run_ends();
  };
  CHECK_THROWS(run(true));
  run(false);
  const int64_t count = allocations();
  CHECK_THROWS(run(true));
  run(false);
  CHECK(allocations() == count);
}
