#include "lazuli/core/allocator.h"

#include <thread>

#include "lazuli/core/error.h"
#include "lazuli/core/factory.h"
#include "tests/catch.h"

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
#if !defined(__SANITIZE_ADDRESS__)
  CHECK(after.system_allocations == before.system_allocations);
#endif
  reset_peak_memory_stats();
  { Tensor t = new_tensor({1 << 20}, kFloat32); }
  CHECK(memory_stats().peak_allocated >= memory_stats().allocated + (4 << 20));
  empty_cache();
  CHECK(memory_stats().reserved == memory_stats().allocated);
  CHECK_THAT(memory_summary(), Catch::Matchers::Contains("allocated") || Catch::Matchers::Contains("reserved"));
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
  CHECK_THROWS_WITH(Tensor().sizes(), "tensor: expected a defined tensor, got an undefined one");
  CHECK_THROWS_WITH(new_tensor({2}, kFloat32).data_ptr<double>(), "data_ptr: argument 'T': expected the type of a float32 tensor, got float64");
}

TEST_CASE("meta tensors have shapes and no data", "[core]") {
  Tensor t = new_tensor({1 << 30, 1 << 20}, kFloat32, kMeta);
  CHECK(t.numel() == int64_t(1) << 50);
  CHECK(t.data() == nullptr);
  CHECK_THROWS_AS(t.to_vector<float>(), Error);
}

TEST_CASE("devices parse from their names", "[core]") {
  CHECK(Device("cpu") == kCPU);
  CHECK(Device("meta") == kMeta);
  CHECK(Device("cuda:3").index == 3);
  CHECK(to_string(Device("opencl")) == "opencl:0");
  for (const char* bad : {"gpu", "cpu:", "cuda:x", "cuda:1000", ""}) CHECK_THROWS_AS(Device(bad), Error);
  CHECK_THROWS_AS(new_tensor({1}, kFloat32, Device("cpu:5")), Error);
}
