#include "lazuli/core/memory/storage.h"

#include <thread>

#include "lazuli/autograd/autograd.h"
#include "lazuli/libtorch.h"
#include "lazuli/ops/ops.h"
#include "tests/catch.h"
#include "tests/errors.h"

using namespace lazuli;

namespace {
struct Packed {
  int value = 0;
  std::shared_ptr<int> alive;
};
}  // namespace

TEST_CASE("a storage keeps attachments by type and key until its version moves on", "[core]") {
  Tensor x = zeros({4});
  Storage& s = *x.storage();
  CHECK(s.attachment<Packed>() == nullptr);
  auto alive = std::make_shared<int>(0);
  s.attach(std::make_shared<const Packed>(Packed{1, alive}), s.version());
  s.attach(std::make_shared<const Packed>(Packed{2, nullptr}), s.version(), 5);
  s.attach(std::make_shared<const double>(0.5), s.version());
  CHECK((s.attachment<Packed>()->value == 1 && s.attachment<Packed>(5)->value == 2 && *s.attachment<double>() == 0.5));
  CHECK(x.view({2, 2}).storage()->attachment<Packed>()->value == 1);
  s.attach(std::make_shared<const Packed>(Packed{3, alive}), s.version());
  CHECK(s.attachment<Packed>()->value == 3);
  CHECK(alive.use_count() == 2);

  x.add_(1);
  CHECK(alive.use_count() == 1);  // not only out of reach: gone
  CHECK((s.attachment<Packed>() == nullptr && s.attachment<Packed>(5) == nullptr && s.attachment<double>() == nullptr));
  s.attach(std::make_shared<const Packed>(Packed{4, nullptr}), s.version() - 1);  // made of what is there no more
  CHECK(s.attachment<Packed>() == nullptr);

  s.attach(std::make_shared<const Packed>(Packed{5, alive}), s.version());
  CHECK(alive.use_count() == 2);
  x = Tensor();
  CHECK(alive.use_count() == 1);
}

TEST_CASE("attachments are for any number of threads", "[core]") {
  Tensor x = zeros({4});
  std::atomic<int> wrong{0};
  std::vector<std::thread> threads;
  for (int t = 0; t < 4; ++t)
    threads.emplace_back([&, t] {
      for (int i = 0; i < 2000; ++i) {
        uint32_t version = x.version();
        std::shared_ptr<const uint32_t> found = x.storage()->attachment<uint32_t>();
        if (found && *found > x.version()) ++wrong;
        if (!found) x.storage()->attach(std::make_shared<const uint32_t>(version), version);
        if (t == 0 && i % 10 == 0) x.storage()->bump_version();
      }
    });
  for (std::thread& t : threads) t.join();
  CHECK(wrong == 0);
}

TEST_CASE("asking for a pointer to write counts the version up, one to read does not", "[core]") {
  Tensor x = ones({3});
  uint32_t version = x.version();
  CHECK((x.const_data_ptr<float>()[0] == 1 && x.data_ptr<const float>()[1] == 1 && x.const_data_ptr() == x.address()));
  CHECK((x.accessor<const float, 1>()[2] == 1 && x.version() == version));
  x.data_ptr<float>()[0] = 2;
  CHECK(x.version() == version + 1);
  CHECK((x.data_ptr() == x.address() && x.mutable_data_ptr<float>() == x.address()));
  CHECK(x.version() == version + 3);
  CHECK_THROWS_WITH(x.data_ptr<double>(), "data_ptr: argument 'T': expected the type of a float32 tensor, got float64");

  Tensor w = ones({3}).requires_grad_(), y = w.exp();
  y.data_ptr<float>()[0] = 100;
  CHECK(says(error_of([&] { y.sum().backward(); }), "exp"));
}

TEST_CASE("accessors reach elements by their indices", "[core]") {
  Tensor x = arange(6.).reshape({2, 3}), t = x.t();
  auto a = t.accessor<float, 2>();
  CHECK((a.size(0) == 3 && a.stride(0) == 1 && a[2][1] == 5 && a[2].size(0) == 2));
  a[0][1] = 50;
  CHECK(x[1][0].item<float>() == 50);
  CHECK_THROWS_WITH(a[0][2], "accessor: argument 'i': expected an index below 2, got 2");
  CHECK_THROWS_WITH(a[-1], "accessor: argument 'i': expected an index below 3, got -1");
  CHECK_THROWS_WITH((x.accessor<float, 1>()), "accessor: argument 'N': expected 2, the number of dimensions, got 1");
  CHECK_THROWS_AS((x.accessor<double, 2>()), Error);
  Tensor meta = empty({2}, kMeta);
  CHECK_THROWS_WITH((meta.accessor<float, 1>()), "accessor: argument 'self': expected a tensor on the CPU, got one on meta");
}
