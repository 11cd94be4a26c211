#include "lazuli/core/memory/allocator.h"

#include <algorithm>
#include <future>
#include <thread>

#include "lazuli/core/factory.h"
#include "lazuli/core/memory/transfer.h"
#include "tests/core/fake_backend.h"
#include "tests/errors.h"

using namespace lazuli;

TEST_CASE("freed memory is used again, and the statistics tell", "[core]") {
  empty_cache();
  { Tensor warm = new_tensor({1000}, kFloat32); }
  MemoryStats before = memory_stats();
  { Tensor t = new_tensor({1000}, kFloat32); }
  { Tensor t = new_tensor({990}, kFloat32); }
  MemoryStats after = memory_stats();
  CHECK(after.allocations == before.allocations + 2);
  CHECK(after.allocated == before.allocated);
#if !defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__)
  CHECK(after.system_allocations == before.system_allocations);
#endif
  reset_peak_memory_stats();
  { Tensor t = new_tensor({1 << 20}, kFloat32); }
  CHECK(memory_stats().peak_allocated >= memory_stats().allocated + (4 << 20));
  empty_cache();
  CHECK(memory_stats().reserved == memory_stats().allocated);
  CHECK_THAT(memory_summary(), Contains("allocated") || Contains("reserved"));
}

TEST_CASE("a block that stays for long takes no more than was asked for, and goes back to the system", "[core]") {
  CachingAllocator& allocator = CachingAllocator::of(kCPU);
  const MemoryStats before = memory_stats();
  constexpr int64_t bytes = (1 << 20) + 64;  // a cached block has an eighth more
  void* block = allocator.allocate_exact(bytes);
  CHECK(reinterpret_cast<uintptr_t>(block) % 64 == 0);
  CHECK(memory_stats().allocated == before.allocated + bytes);
  CHECK(memory_stats().reserved == before.reserved + bytes);
  CHECK(memory_stats().live_blocks == before.live_blocks + 1);
  allocator.release_exact(block, bytes);
  CHECK(memory_stats().allocated == before.allocated);
  CHECK(memory_stats().reserved == before.reserved);
  set_memory_limit(memory_stats().allocated + bytes / 2);
  CHECK_THROWS_WITH(allocator.allocate_exact(bytes), Contains("within the limit"));
  set_memory_limit(-1);
  CHECK(memory_stats().allocated == before.allocated);
}

TEST_CASE("a request beyond the limit is an error with the statistics, and nothing is lost", "[core]") {
  empty_cache();
  set_memory_limit(memory_stats().reserved + (1 << 20));
  try {
    new_tensor({1 << 24}, kFloat32);
    FAIL("no error");
  } catch (const Error& e) {
    CHECK(e.kind() == ErrorKind::Memory);
    CHECK_THAT(e.what(), Catch::Matchers::StartsWith("allocate: argument 'bytes': expected memory within the limit of"));
  }
  CHECK(new_tensor({1000}, kFloat32).numel() == 1000);
  set_memory_limit(-1);
  CHECK(new_tensor({1 << 24}, kFloat32).numel() == 1 << 24);
}

TEST_CASE("sizes that overflow are errors, not small allocations", "[core]") {
  CHECK_THROWS_AS(new_tensor({int64_t(1) << 40, int64_t(1) << 40}, kFloat32), Error);
  CHECK_THROWS_AS(new_tensor({-1}, kFloat32), Error);
  CHECK(new_tensor({int64_t(1) << 40, 0}, kFloat32).numel() == 0);
  for (int shift = 52; shift <= 60; ++shift) CHECK_THROWS_AS(new_tensor({int64_t(1) << shift}, kFloat32), Error);
}

TEST_CASE("a block is given out again on its own stream only", "[core]") {
  FreshFake fresh;
  Device d = fake_device();
  Stream side(d);
  auto address = [&] { return new_tensor({1000}, kFloat32, d).address(); };
  void* first = address();
  CHECK(address() == first);
  void* on_side;
  {
    StreamGuard guard(side);
    on_side = address();
    CHECK(on_side != first);
    CHECK(address() == on_side);
  }
  Tensor held = new_tensor({1000}, kFloat32, d);
  CHECK(held.address() == first);
  {
    StreamGuard guard(side);
    held = Tensor();  // back to the default stream, though another is current
    CHECK(address() == on_side);
  }
  CHECK(address() == first);
  CHECK(fake_backend().blocks.size() == 2);
}

TEST_CASE("a tensor that another stream uses keeps its memory until that stream has passed", "[core]") {
  FreshFake fresh;
  Device d = fake_device();
  Stream side(d);
  Tensor t = new_tensor({1000}, kFloat32, d);
  void* memory = t.address();
  {
    StreamGuard guard(side);
    queue_fill(t, 7);
  }
  record_stream(t, side);
  record_stream(t, side);
  record_stream(t, default_stream(d));  // its own: nothing to do
  t = Tensor();
  CHECK(memory_stats(d).live_blocks == 0);
  CHECK(fake_backend().events == 1);
  CHECK(new_tensor({1000}, kFloat32, d).address() != memory);
  side.synchronize();
  Tensor again = new_tensor({1000}, kFloat32, d), other = new_tensor({1000}, kFloat32, d);
  CHECK((again.address() == memory || other.address() == memory));
  CHECK(fake_backend().events == 0);
  record_stream(new_tensor({2}, kFloat32), side);  // the CPU has no queue
  record_stream(new_tensor({2}, kFloat32, kMeta), side);
  CHECK_THROWS_AS(record_stream(Tensor(), side), Error);
}

TEST_CASE("pinned memory is not given out again while a copy runs", "[core]") {
  FreshFake fresh;
  Device d = fake_device();
  Tensor host = new_pinned({100}, kFloat32, d), there = new_tensor({100}, kFloat32, d);
  void* memory = host.address();
  transfer(there, host, true);
  host = Tensor();
  CHECK(new_pinned({100}, kFloat32, d).address() != memory);
  synchronize(d);
#if !defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__)
  Tensor a = new_pinned({100}, kFloat32, d), b = new_pinned({100}, kFloat32, d);
  CHECK((a.address() == memory || b.address() == memory));
#endif
}

TEST_CASE("without events a release waits, and a lost device's memory is given back", "[core]") {
  FreshFake fresh;
  Device d = fake_device();
  Stream side(d);
  for (const char* function : {"create_event", "record_event"}) {
    for (bool lost : {false, true}) {
      Tensor t = new_tensor({1000}, kFloat32, d);
      record_stream(t, side);
      fake_backend().submit(side.handle(), 0, [] {});
      fake_backend().failures[function] = FakeBackend::Failure::Throw;
      if (lost) fake_backend().failures["synchronize_stream"] = FakeBackend::Failure::Throw;
      t = Tensor();
      CHECK((lost || fake_backend().waiting(side) == 0));
      fake_backend().failures.clear();
      synchronize(d);
    }
  }
  CHECK(fake_backend().events == 0);
  empty_cache(d);
  CHECK(fake_backend().blocks.empty());
}

TEST_CASE("a full device gives cached memory back before it fails, and the error tells who holds what", "[core]") {
  FreshFake fresh;
  Device d = fake_device();
  fake_backend().total = 1 << 20;
  { Tensor cached = new_tensor({3 << 16}, kFloat32, d); }  // 768 KiB
  CHECK(fake_backend().held == 3 << 18);
  Tensor big = new_tensor({1 << 17}, kFloat32, d);  // 512 KiB: fits only without the cached block
  CHECK(fake_backend().held == 1 << 19);
  std::vector<Tensor> small;
  for (int i = 0; i < 5; ++i) small.push_back(new_tensor({1 << 14}, kFloat32, d));
  Stream side(d);
  {
    StreamGuard guard(side);  // a cached block of another stream, and one that waits for an event, are given back too
    Tensor cached = new_tensor({1 << 14}, kFloat32, d), shared = new_tensor({1 << 14}, kFloat32, d);
    fake_backend().submit(nullptr, 0, [] {});
    record_stream(shared, default_stream(d));
  }
  CHECK(fake_backend().held == 960 << 10);
  std::string text = error_of([&] { new_tensor({1 << 16}, kFloat32, d); });
  CHECK(text ==
        "allocate: argument 'bytes': expected that much free memory, got a request of 256.0 KiB while 832.0 KiB are held by 6 tensors, most by 1 x "
        "512.0 KiB, 5 x 64.0 KiB "
        "(peak 960.0 KiB; 832.0 KiB reserved) on fake:0");
  CHECK(fake_backend().held == 832 << 10);
  big = Tensor();
  CHECK(new_tensor({1 << 16}, kFloat32, d).numel() == 1 << 16);
  CHECK(says(memory_summary(d), "most by 5 x 64.0 KiB"));
}

TEST_CASE("a device's own errors come through the allocator, and nothing is lost", "[core]") {
  FreshFake fresh;
  Device d = fake_device();
  Tensor keep = new_tensor({16}, kFloat32, d);
  { Tensor cached = new_tensor({1000}, kFloat32, d); }
  fake_backend().failures["allocate"] = FakeBackend::Failure::Throw;
  CHECK(error_of([&] { new_tensor({64}, kFloat32, d); }) == "allocate: expected a device that works, got a lost one");
  CHECK(new_tensor({1000}, kFloat32, d).numel() == 1000);  // the cache needs no device
  fake_backend().failures = {{"allocate", FakeBackend::Failure::Null}, {"synchronize", FakeBackend::Failure::Throw}};
  CHECK(error_of([&] { new_tensor({64}, kFloat32, d); }) == "synchronize: expected a device that works, got a lost one");
  CHECK(error_of([&] { empty_cache(d); }) == "synchronize: expected a device that works, got a lost one");
  fake_backend().failures = {{"allocate_pinned", FakeBackend::Failure::Null}};
  CHECK(says(error_of([&] { new_pinned({64}, kFloat32, d); }), "pinned memory for fake:0"));
  fake_backend().failures.clear();
  CHECK(memory_stats(d).live_blocks == 1);
  CHECK(memory_stats(d).allocated == 64);
  keep = Tensor();
  empty_cache(d);
  CHECK(memory_stats(d).reserved == 0);
  CHECK(fake_backend().blocks.empty());
}

TEST_CASE("allocations fail at random where a test asks for it, the same ones each time", "[core]") {
  FreshFake fresh;
  Device d = fake_device();
  auto pattern = [&](uint64_t seed) {
    set_allocation_failure(0.25, seed, d);
    std::vector<bool> failed;
    for (int i = 0; i < 400; ++i) {
      std::string text = error_of([&] { new_tensor({10}, kFloat32, d); });
      failed.push_back(text != "no error");
      if (failed.back()) CHECK(says(text, "allocate: argument 'bytes': expected that much free memory"));
    }
    set_allocation_failure(0, 0, d);
    return failed;
  };
  std::vector<bool> one = pattern(1), two = pattern(2);
  CHECK(one == pattern(1));
  CHECK(one != two);
  auto failures = std::count(one.begin(), one.end(), true);
  CHECK((failures > 60 && failures < 140));
  CHECK(memory_stats(d).live_blocks == 0);
  CHECK(error_of([&] { new_tensor({10}, kFloat32, d); }) == "no error");
  CHECK(says(error_of([&] { set_allocation_failure(1.5, 0, d); }),
             "set_allocation_failure: argument 'probability': expected a number in [0, 1], got 1.5"));
}

namespace {
// A device on the heap that, in one of its functions, lets another thread use the allocator before it returns.
struct BusyBackend final : Backend {
  std::string busy;                 // the function
  std::function<void()> meanwhile;  // in another thread
  bool finished = false;

  std::string_view name() const override { return "busy"; }
  int device_count() const override { return 1; }
  void* allocate(int64_t bytes, int) override { return work("allocate"), ::operator new(size_t(bytes), std::nothrow); }
  void release(void* memory, int64_t, int) noexcept override { work("release"), ::operator delete(memory); }
  void copy_from_host(void*, const void*, int64_t, int, void*, bool) override {}
  void copy_to_host(void*, const void*, int64_t, int, void*, bool) override {}
  void copy_within(void*, int, const void*, int, int64_t, void*, bool) override {}
  void synchronize(int) override { work("synchronize"); }

  void work(const std::string& function) {
    if (std::exchange(busy, busy == function ? "" : busy) != function) return;
    auto done = std::make_shared<std::promise<void>>();
    std::thread([this, done] { meanwhile(), done->set_value(); }).detach();
    finished = done->get_future().wait_for(std::chrono::seconds(20)) == std::future_status::ready;
  }
};
}  // namespace

TEST_CASE("other threads use the allocator while the device allocates, frees, or is waited for", "[core]") {
  static BusyBackend backend;
  static auto& allocator = *new CachingAllocator(backend, fake_device(), CachingAllocator::Memory::Device);  // they live for ever
  void *kept = allocator.allocate(100), *large = allocator.allocate(100'000);
  backend.meanwhile = [&kept] {
    allocator.release(kept, 100);
    kept = allocator.allocate(100);
  };
  auto during = [&](const char* function, auto f) {
    INFO(function);
    backend.busy = function;
    backend.finished = false;
    f();
    CHECK(backend.finished);
  };
  during("allocate", [&] {
    void* more = allocator.allocate(5'000);
    allocator.release(more, 5'000);
  });
  allocator.release(large, 100'000);
  during("synchronize", [&] { allocator.empty_cache(); });
  large = allocator.allocate(100'000);
  allocator.release(large, 100'000);
  during("release", [&] { allocator.empty_cache(); });
  CHECK(allocator.stats().live_blocks == 1);
  CHECK(allocator.stats().reserved == allocator.stats().allocated);
  allocator.release(kept, 100);
  allocator.empty_cache();
  CHECK(allocator.stats().reserved == 0);
}

TEST_CASE("a limit holds when several threads ask for memory at once", "[core]") {
  static BusyBackend backend;
  static auto& allocator = *new CachingAllocator(backend, fake_device(), CachingAllocator::Memory::Device);  // they live for ever
  allocator.set_limit(10 * 1024);
  std::atomic<int> refused{0};
  std::vector<std::thread> threads;
  for (int t = 0; t < 4; ++t)
    threads.emplace_back([&] {
      for (int i = 0; i < 200; ++i) {
        std::vector<void*> blocks;
        try {
          for (int k = 0; k < 5; ++k) blocks.push_back(allocator.allocate(1024));
        } catch (const Error&) { ++refused; }
        for (void* b : blocks) allocator.release(b, 1024);
      }
    });
  for (std::thread& t : threads) t.join();
  CHECK(allocator.stats().peak_reserved <= 10 * 1024);
  CHECK(allocator.stats().live_blocks == 0);
  allocator.empty_cache();
  CHECK(allocator.stats().reserved == 0);
}

TEST_CASE("blocks freed by another thread come back", "[core]") {
  for (int round = 0; round < 20; ++round) {
    std::vector<Tensor> made;
    for (int i = 0; i < 500; ++i) made.push_back(new_tensor({8}, kFloat32));
    std::thread([&] { made.clear(); }).join();
  }
  CHECK(memory_stats().live_blocks >= 0);
}

TEST_CASE("from_blob needs an owner or an explicit borrow, and aligned memory", "[core]") {
  auto owner = std::make_shared<std::vector<float>>(std::vector<float>{1, 2, 3, 4});
  Tensor t = from_blob(owner->data(), {2, 2}, kFloat32, owner);
  CHECK(owner.use_count() == 2);
  t.data_ptr<float>()[0] = 5;
  CHECK((*owner)[0] == 5);
  t = Tensor();
  CHECK(owner.use_count() == 1);
  CHECK_THROWS_AS(from_blob(owner->data(), {4}, kFloat32, std::shared_ptr<void>()), Error);
  CHECK_THROWS_AS(from_blob(reinterpret_cast<char*>(owner->data()) + 1, {1}, kFloat32, borrow), Error);
  CHECK(from_blob(owner->data(), {4}, kFloat32, borrow).to_vector<float>()[3] == 4);
}

TEST_CASE("an undefined tensor is an error to use", "[core]") {
  const std::string text = "tensor: expected a defined tensor, got an undefined one (if it is a grad(): that tensor has no gradient yet)";
  CHECK_THROWS_WITH(Tensor().sizes(), text);
  CHECK_THROWS_WITH(new_tensor({2}, kFloat32).data_ptr<double>(), "data_ptr: argument 'T': expected the type of a float32 tensor, got float64");
}

TEST_CASE("meta tensors have shapes and no data", "[core]") {
  Tensor t = new_tensor({1 << 30, 1 << 20}, kFloat32, kMeta);
  CHECK(t.numel() == int64_t(1) << 50);
  CHECK(t.address() == nullptr);
  CHECK_THROWS_AS(t.to_vector<float>(), Error);
}

TEST_CASE("devices parse from their names", "[core]") {
  CHECK(Device("cpu") == kCPU);
  CHECK(Device("meta") == kMeta);
  CHECK(Device("cuda:3").index == 3);
  CHECK(to_string(Device("opencl")) == "opencl:0");
  for (const char* bad : {"gpu", "cpu:", "cuda:x", "cuda:1000", ""}) CHECK_THROWS_AS(Device(bad), Error);
  CHECK_THROWS_AS(new_tensor({1}, kFloat32, Device("cpu:5")), Error);
  CHECK_THROWS_WITH(Device(DeviceType::CUDA, 300), "Device: argument 'index': expected an index from 0 to 127, got 300");
  CHECK_THROWS_WITH(Device(DeviceType::CUDA, -1), "Device: argument 'index': expected an index from 0 to 127, got -1");
  CHECK_THROWS_AS(Device(DeviceType::CUDA, int64_t(1) << 40), Error);
  static_assert(Device(DeviceType::CUDA, 5).index == 5);
  static_assert(Device(DeviceType::CUDA, 5).index() == 5 && Device(DeviceType::CUDA).type() == DeviceType::CUDA);
}
