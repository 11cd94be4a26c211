#include "lazuli/core/backend.h"

#include <algorithm>

#include "lazuli/core/factory.h"
#include "lazuli/core/memory/memory.h"
#include "lazuli/core/memory/transfer.h"
#include "lazuli/ops/ops.h"
#include "tests/core/fake_backend.h"
#include "tests/errors.h"

using namespace lazuli;

namespace {
// The least that a backend has to say.
class SmallBackend final : public Backend {
 public:
  std::string_view name() const override { return "small"; }
  int device_count() const override { return 1; }
  void* allocate(int64_t bytes, int) override { return std::aligned_alloc(64, size_t(bytes + 63) / 64 * 64); }
  void release(void* memory, int64_t, int) noexcept override { std::free(memory); }
  void copy_from_host(void* to, const void* from, int64_t bytes, int, void*, bool) override { std::memcpy(to, from, size_t(bytes)); }
  void copy_to_host(void* to, const void* from, int64_t bytes, int, void*, bool) override { std::memcpy(to, from, size_t(bytes)); }
  void copy_within(void* to, int, const void* from, int, int64_t bytes, void*, bool) override { std::memcpy(to, from, size_t(bytes)); }
  void synchronize(int) override {}
};
Tensor row(std::vector<float> values) {
  int64_t n = int64_t(values.size());
  return from_vector(std::move(values), {n});
}

Device small_device() {
  static DeviceType type = register_backend(*new SmallBackend);
  return type;
}
}  // namespace

TEST_CASE("the CPU tells what it is", "[core]") {
  DeviceProperties p = device_properties(kCPU);
  CHECK_FALSE(p.name.empty());
  CHECK(p.compute_units >= 1);
  CHECK(p.total_memory > 0);
  CHECK((p.float16 && p.float64 && p.unified_memory));
  CHECK(says(error_of([] { device_properties(kMeta); }), "backend_of"));
  CHECK(says(error_of([] { device_properties(Device("cpu:1")); }), "an index below 1"));
}

TEST_CASE("a registered backend is a device with a name, indices and properties", "[core]") {
  Device d = fake_device(1);
  CHECK(to_string(d) == "fake:1");
  CHECK(has_backend(d.type));
  auto all = list_devices();
  CHECK(std::count(all.begin(), all.end(), d) == 1);
  CHECK(cuda::device_count() == std::count_if(all.begin(), all.end(), [](Device other) { return other.type == DeviceType::CUDA; }));
  CHECK(cuda::is_available() == (cuda::device_count() > 0));
  CHECK(device_properties(d).name == "fake 1");
  CHECK(says(error_of([] { device_properties(Device("fake:2")); }), "an index below 2, got fake:2"));
  static FakeBackend second;
  CHECK(says(error_of([] { register_backend(second); }), "register_backend: argument 'backend': expected a name that is not taken, got fake"));
}

TEST_CASE("what a device supports is asked of its slots, and the backend may say less", "[core]") {
  CHECK(supports(fill_kernel, kFloat32, kCPU));
  CHECK(supports(fill_kernel, kFloat32, kMeta));
  CHECK_FALSE(supports(fill_kernel, kFloat32, fake_device()));
  static Kernel<void(Tensor & out)> slot{"slot_of_backend_test"};
  slot.set(fake_device().type, [](Tensor&) {}, {kFloat32, kFloat64});
  CHECK(supports(slot, kFloat32, fake_device()));
  CHECK_FALSE(supports(slot, kInt32, fake_device()));
  CHECK_FALSE(supports(slot, kFloat64, fake_device()));  // the backend's properties say that it has none
  CHECK_FALSE(supports(slot, kFloat32, kCPU));
}

TEST_CASE("a small backend has streams, events, pinned memory and properties by the defaults", "[core]") {
  Device d = small_device();
  CHECK(device_properties(d).name == "small");
  Stream s(d);
  s.synchronize();
  Event start, end;
  start.record(s);
  end.record(default_stream(d));
  s.wait(end);
  s.wait(default_stream(d));
  CHECK((start.done() && end.done()));
  CHECK(start.elapsed(end) >= 0);
  Tensor host = pin_memory(row({1, 2, 3}), d);
  CHECK(host.is_pinned());
  StreamGuard guard(s);
  Tensor there = host.to(d, {.non_blocking = true});
  CHECK(there.to_vector<float>() == std::vector<float>{1, 2, 3});
  CHECK(backend_of(d).supports(fill_kernel, kFloat32, 0) == false);
}

TEST_CASE("copies between host and device wait unless asked not to, and then only with pinned memory", "[core]") {
  FreshFake fresh;
  Device d = fake_device();
  std::vector<float> values{1, 2, 3, 4};
  Tensor plain = row(values), pinned = pin_memory(plain, d);
  CHECK_FALSE(plain.is_pinned());
  CHECK(pinned.is_pinned());
  CHECK(pinned.pin_memory().is_same(pinned));
  CHECK(pinned_memory_stats(d).live_blocks == 1);

  Tensor a = plain.to(d), b = plain.to(d, {.non_blocking = true});
  CHECK(fake_backend().waiting(default_stream(d)) == 0);
  Tensor c = pinned.to(d, {.non_blocking = true});
  CHECK(fake_backend().waiting(default_stream(d)) == 1);
  Tensor back = c.to(kCPU, {.non_blocking = true});
  CHECK(back.is_pinned());
  CHECK(fake_backend().waiting(default_stream(d)) == 2);
  synchronize(d);
  CHECK(back.to_vector<float>() == values);
  CHECK(a.to_vector<float>() == values);
  CHECK(b.to_vector<float>() == values);

  Tensor other = c.to(fake_device(1));
  CHECK(other.device() == fake_device(1));
  CHECK(other.to_vector<float>() == values);
  CHECK(other.to(small_device()).to_vector<float>() == values);
}

TEST_CASE("copy_async writes into a tensor that is there", "[core]") {
  FreshFake fresh;
  Device d = fake_device();
  Tensor pinned = pin_memory(row({1, 2}), d), there = new_tensor({2}, kFloat32, d), back = new_pinned({2}, kFloat32, d);
  void* memory = there.address();
  uint32_t version = there.version();
  copy_async(there, pinned);
  CHECK(there.address() == memory);
  CHECK(there.version() == version + 1);
  copy_async(back, there);
  CHECK(fake_backend().waiting(default_stream(d)) == 2);
  default_stream(d).synchronize();
  CHECK(back.to_vector<float>() == std::vector<float>{1, 2});

  CHECK(says(error_of([&] { copy_async(there, new_tensor({3}, kFloat32)); }), "copy_async: argument 'source': expected sizes [2], got [3]"));
  CHECK(says(error_of([&] { copy_async(there, new_tensor({2}, kInt32)); }), "expected dtype float32, got int32"));
  CHECK(says(error_of([&] { copy_async(there, new_tensor({2}, kFloat32, kMeta)); }), "a tensor with data"));
  Tensor wide = new_tensor({2, 2}, kFloat32);
  CHECK(says(error_of([&] { copy_async(there, wide.select(1, 0)); }), "a contiguous tensor"));
  Tensor leaf = new_tensor({2}, kFloat32).requires_grad_();
  CHECK(says(error_of([&] { copy_async(there, leaf); }), "does not require grad"));
  CHECK(says(error_of([&] { pin_memory(there); }), "pin_memory: argument 'self': expected a tensor on the CPU, got one on fake:0"));
}

TEST_CASE("a device that fails while it copies loses nothing", "[core]") {
  FreshFake fresh;
  Device d = fake_device();
  Tensor pinned = pin_memory(row({1, 2, 3}), d), there = pinned.to(d);
  int64_t live = memory_stats(d).live_blocks;
  for (const char* function : {"copy_from_host", "copy_to_host", "copy_within", "record_event"}) {
    fake_backend().failures[function] = FakeBackend::Failure::Throw;
    error_of([&] { pinned.to(d); });
    error_of([&] { pinned.to(d, {.non_blocking = true}); });
    error_of([&] { there.to(kCPU); });
    error_of([&] { there.to(kCPU, {.non_blocking = true}); });
    error_of([&] { there.to(fake_device(1)); });
    error_of([&] { (void)there.to_vector<float>(); });
    error_of([&] { there.select(0, 1).item(); });
    fake_backend().failures.clear();
  }
  fake_backend().failures["copy_to_host"] = FakeBackend::Failure::Throw;
  CHECK(error_of([&] { there.to(kCPU); }) == "copy_to_host: expected a device that works, got a lost one");
  fake_backend().failures.clear();
  CHECK(memory_stats(d).live_blocks == live);
  CHECK(memory_stats(fake_device(1)).live_blocks == 0);
  CHECK(there.to_vector<float>() == std::vector<float>{1, 2, 3});
  synchronize(d);
  pinned = Tensor();
  empty_cache(d);
  CHECK(fake_backend().pinned.empty());
}

TEST_CASE("every device of this machine copies on streams of its own, in the order of events", "[core]") {
  for (Device d : list_devices()) {
    if (d.is_meta()) continue;
    INFO(to_string(d));
    CHECK_FALSE(device_properties(d).name.empty());
    std::vector<float> values(100000);
    for (size_t i = 0; i < values.size(); ++i) values[i] = float(i);
    Tensor host = pin_memory(row(values), d.is_cpu() ? fake_device() : d), back = new_pinned(host.sizes(), kFloat32, d);
    Stream up(d), down(d);
    Event before, there, after;
    Tensor x;
    {
      StreamGuard guard(up);
      before.record(up);
      x = host.to(d, {.non_blocking = true});
      there.record(up);
    }
    {
      StreamGuard guard(down);
      down.wait(there);
      record_stream(x, down);
      copy_async(back, x);
      after.record(down);
      x = host = Tensor();
    }
    after.synchronize();
    CHECK((there.done() && after.done()));
    CHECK(back.to_vector<float>() == values);
    CHECK(before.elapsed(after) >= 0);
    synchronize(d);
    Tensor again = new_tensor({100000}, kFloat32, d);
    CHECK(memory_stats(d).live_blocks >= 1);
    up.synchronize();
  }
}
