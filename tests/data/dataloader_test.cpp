#include "lazuli/data/dataloader.h"

#include <algorithm>
#include <atomic>
#include <chrono>
#include <thread>

#include "lazuli/lazuli.h"
#include "tests/catch.h"
#include "tests/errors.h"

using namespace lazuli;

namespace {

using Batches = std::vector<std::vector<int64_t>>;

template <class Range>
Batches collect(Range&& range) {
  Batches all;
  for (auto& [x, y] : range) {
    CHECK(equal(x.to(kInt64), y));
    all.push_back(x.template to_vector<int64_t>());
  }
  return all;
}
data::TensorDataset numbers(int64_t n) { return data::TensorDataset(arange(n).to(kFloat32), arange(n)); }
std::vector<int64_t> sorted(const Batches& batches) {
  std::vector<int64_t> all;
  for (const auto& b : batches) all.insert(all.end(), b.begin(), b.end());
  std::sort(all.begin(), all.end());
  return all;
}

/// Takes its time, unevenly, and counts how often it is asked; index `bad` throws.
struct Slow : data::Dataset<> {
  explicit Slow(int64_t bad = -1) : bad(bad) {}
  int64_t bad;
  std::shared_ptr<std::atomic<int>> asked = std::make_shared<std::atomic<int>>(0);
  int64_t size() const override { return 40; }
  data::Example get(int64_t i) const override {
    ++*asked;
    std::this_thread::sleep_for(std::chrono::microseconds(i * 7919 % 1500));
    if (i == bad) fail(ErrorKind::File, "Slow", "", "a readable example", std::to_string(i));
    return {zeros({}) + double(i), zeros({}, kInt64) + i};
  }
};

}  // namespace

TEST_CASE("A loader takes the size of its batches and the shuffling by position, a dataset is indexed", "[data]") {
  const auto set = numbers(10);
  CHECK(collect(data::DataLoader(set, 4)) == Batches{{0, 1, 2, 3}, {4, 5, 6, 7}, {8, 9}});
  CHECK(collect(data::DataLoader(set, 4, true)) == collect(data::DataLoader(set, {.batch_size = 4, .shuffle = true})));
  CHECK(collect(data::DataLoader(std::make_shared<data::TensorDataset>(set), size_t(10))) == collect(data::DataLoader(set, {.batch_size = 10})));
  CHECK(data::DataLoader(set, {}).size() == 10);
  CHECK(set[3].data.item<double>() == set.get(3).data.item<double>());
}

TEST_CASE("A loader gives all examples in order, the last batch shorter or left out", "[data]") {
  data::DataLoader loader(numbers(10), {.batch_size = 4});
  CHECK(loader.size() == 3);
  CHECK(collect(loader) == Batches{{0, 1, 2, 3}, {4, 5, 6, 7}, {8, 9}});
  CHECK(collect(loader) == Batches{{0, 1, 2, 3}, {4, 5, 6, 7}, {8, 9}});
  data::DataLoader full(numbers(10), {.batch_size = 4, .drop_last = true});
  CHECK(full.size() == 2);
  CHECK(collect(full) == Batches{{0, 1, 2, 3}, {4, 5, 6, 7}});
  CHECK(collect(data::DataLoader(numbers(3), {.batch_size = 4, .drop_last = true})).empty());
  CHECK(collect(data::DataLoader(numbers(0), {.batch_size = 4})).empty());
  CHECK(collect(data::DataLoader(numbers(0), {.batch_size = 4, .shuffle = true, .workers = 2})).empty());
}

TEST_CASE("Shuffling depends on seed and epoch alone", "[data]") {
  auto order = [](uint64_t seed, int64_t epoch) {
    return collect(data::DataLoader(numbers(50), {.batch_size = 7, .shuffle = true, .seed = seed}).epoch(epoch));
  };
  std::vector<int64_t> all(50);
  for (size_t i = 0; i < 50; ++i) all[i] = int64_t(i);
  CHECK(sorted(order(1, 0)) == all);
  manual_seed(99);  // has nothing to do with it
  CHECK(order(1, 0) == order(1, 0));
  CHECK(order(1, 0) != order(1, 1));
  CHECK(order(1, 0) != order(2, 0));
  data::DataLoader loader(numbers(50), {.batch_size = 7, .shuffle = true, .seed = 1});
  CHECK(collect(loader) == order(1, 0));
  CHECK(collect(loader) == order(1, 1));
  CHECK(collect(loader.epoch(0)) == order(1, 0));
}

TEST_CASE("Order and contents are the same for any number of workers", "[data]") {
  auto noise = [](data::Example e, const Generator& random) {
    Tensor r = rand(e.data.sizes(), {}, random);
    return data::Example{e.data + r, e.target};
  };
  auto run = [&](int workers, int prefetch) {
    std::vector<float> all;
    Slow set;
    data::DataLoader loader(set, {.batch_size = 3, .shuffle = true, .seed = 5, .workers = workers, .prefetch = prefetch, .transform = noise});
    for (int epoch = 0; epoch < 2; ++epoch)
      for (auto& [x, y] : loader)
        for (float v : x.to_vector<float>()) all.push_back(v);
    CHECK(*set.asked == 80);
    return all;
  };
  std::vector<float> expected = run(0, 2);
  CHECK(expected.size() == 80);
  for (int workers : {1, 2, 5, 20}) {
    INFO(workers << " workers");
    CHECK(run(workers, 1) == expected);
    CHECK(run(workers, 3) == expected);
  }
}

TEST_CASE("An epoch can be taken up from any batch", "[data]") {
  for (int workers : {0, 3}) {
    data::DataLoader loader(numbers(20), {.batch_size = 3, .shuffle = true, .seed = 8, .workers = workers});
    Batches whole = collect(loader.epoch(4));
    for (int64_t from = 0; from <= loader.size(); ++from) CHECK(collect(loader.epoch(4, from)) == Batches(whole.begin() + from, whole.end()));
  }
}

TEST_CASE("Loops over one loader may be nested, and iterators may outlive it", "[data]") {
  data::DataLoader loader(numbers(4), {.batch_size = 2, .workers = 1});
  int count = 0;
  for (auto& [a, b] : loader)
    for (auto& [c, d] : loader) count += int(a.size(0) * c.size(0));
  CHECK(count == 16);
  auto epoch = [] { return data::DataLoader(numbers(4), {.batch_size = 2, .workers = 1}).epoch(0); }();
  CHECK(collect(epoch) == Batches{{0, 1}, {2, 3}});
  data::Example e;
  CHECK(!epoch.next(e));
  CHECK(!e.data.defined());
}

TEST_CASE("Leaving a loop early ends the workers", "[data]") {
  Slow set;
  auto asked = set.asked;
  {
    data::DataLoader loader(set, {.batch_size = 2, .workers = 4, .prefetch = 1});
    for (auto& [x, y] : loader) {
      CHECK(x.size(0) == 2);
      break;
    }
  }
  int after = *asked;
  CHECK(after <= 2 * (1 + 4 + 4));  // no further ahead than allowed
  std::this_thread::sleep_for(std::chrono::milliseconds(20));
  CHECK(*asked == after);
}

TEST_CASE("An error in a worker arrives with its batch, after those before it", "[data]") {
  for (int workers : {0, 1, 4}) {
    data::DataLoader loader(Slow(13), {.batch_size = 4, .workers = workers});
    auto epoch = loader.epoch(0);
    data::Example e;
    for (int i = 0; i < 3; ++i) REQUIRE(epoch.next(e));
    std::string text = error_of([&] { epoch.next(e); });
    CHECK(text.find("a readable example") != std::string::npos);
    CHECK(text.find("in example 13") != std::string::npos);
    REQUIRE(epoch.next(e));  // the next batch is there still
    CHECK(e.data[0].item<int>() == 16);
  }
  auto bad = [](data::Example, const Generator&) -> data::Example { throw std::runtime_error("from a transform"); };
  data::DataLoader loader(numbers(4), {.workers = 2, .transform = bad});
  CHECK_THROWS_WITH(loader.begin(), "from a transform");
}

TEST_CASE("Options out of range", "[data]") {
  auto make = [](data::DataLoaderOptions<> o) { return error_of([&] { data::DataLoader(numbers(4), o); }); };
  CHECK(make({.batch_size = 0}).find("batch_size") != std::string::npos);
  CHECK(make({.workers = -1}).find("workers") != std::string::npos);
  CHECK(make({.prefetch = 0}).find("prefetch") != std::string::npos);
  CHECK(error_of([] { data::DataLoader(std::shared_ptr<const data::Dataset<>>()); }).find("dataset") != std::string::npos);
  data::DataLoader loader(numbers(4));
  CHECK(error_of([&] { loader.epoch(-1); }).find("number") != std::string::npos);
  CHECK(error_of([&] { loader.epoch(0, 5); }).find("first_batch") != std::string::npos);
  CHECK(error_of([&] { loader.epoch(0, -1); }).find("first_batch") != std::string::npos);
}

TEST_CASE("Transforms: normalize and compose", "[data]") {
  Tensor bytes = (arange(12) * 20).to(kUInt8).view({3, 2, 2});
  Generator g(1);
  for (DType d : {kFloat32, kFloat64, kBFloat16}) {
    Tensor x = data::normalize(0.25, 0.5, true, d)({bytes, {}}, g).data;
    CHECK(x.dtype() == d);
    CHECK(x.sizes() == Shape{3, 4});
    CHECK(x[1][0].item<double>() == Approx((80 / 255.0 - 0.25) / 0.5).epsilon(d == kBFloat16 ? 0.004 : 1e-6));
  }
  Tensor floats = bytes.to(kFloat32);
  data::normalize(0.25, 0.5)({floats, {}}, g);
  CHECK(equal(floats, bytes.to(kFloat32)));  // the dataset's memory is not touched
  CHECK(error_of([] { data::normalize(0, 0); }).find("std") != std::string::npos);
  CHECK(error_of([] { data::normalize(0, 1, false, kInt64); }).find("dtype") != std::string::npos);
  auto add = [](double v) { return [v](data::Example e, const Generator&) { return data::Example{e.data * 2.0 + v, e.target}; }; };
  CHECK(data::compose(add(1), add(10))({ones({}), {}}, g).data.item<double>() == 16);
}

TEST_CASE("Workers of batches that nobody records", "[data]") {
  Tensor weights = ones({4, 2}).requires_grad_();
  data::DataLoader loader(data::TensorDataset(weights), {.batch_size = 2, .workers = 1});
  for (auto& [x, y] : loader) CHECK(!x.requires_grad());
}

namespace {
/// Draws from the default generator, as code does that was not written for workers.
struct Noisy : data::Dataset<Tensor> {
  int64_t size() const override { return 24; }
  Tensor get(int64_t) const override { return randn({2}); }
};
}  // namespace

TEST_CASE("Random numbers in a dataset are the same for any number of workers, and its own", "[data]") {
  auto run = [](int workers, uint64_t seed, int64_t epoch) {
    manual_seed(uint64_t(workers));  // has nothing to do with it
    std::string before = default_generator().get_state();
    std::vector<float> all;
    data::DataLoader loader(Noisy(), {.batch_size = 5, .seed = seed, .workers = workers});
    for (const Tensor& x : loader.epoch(epoch))
      for (float v : x.to_vector<float>()) all.push_back(v);
    CHECK(default_generator().get_state() == before);
    return all;
  };
  const std::vector<float> expected = run(0, 3, 1);
  for (int workers : {1, 2, 7}) CHECK(run(workers, 3, 1) == expected);
  CHECK(run(0, 3, 2) != expected);
  CHECK(run(0, 4, 1) != expected);
  std::vector<float> values = expected;
  std::sort(values.begin(), values.end());
  CHECK(std::adjacent_find(values.begin(), values.end()) == values.end());  // no batch repeats another's
}

TEST_CASE("A generator guard is for its thread and its time", "[data]") {
  manual_seed(5);
  Tensor expected = randn({3});
  manual_seed(5);
  {
    GeneratorGuard outer(Generator(1));
    randn({3});
    {
      GeneratorGuard inner(Generator(2));
      manual_seed(9);
      CHECK(default_generator().initial_seed() == 9);
    }
    CHECK(default_generator().initial_seed() == 1);
    std::thread([] { CHECK(default_generator().initial_seed() == 5); }).join();
  }
  CHECK(equal(randn({3}), expected));
}

TEST_CASE("num_workers is PyTorch's name of workers", "[data]") {
  const auto batches = collect(data::DataLoader(numbers(10), {.batch_size = 4, .num_workers = 2}));
  CHECK(batches == collect(data::DataLoader(numbers(10), {.batch_size = 4, .workers = 2})));
  CHECK_THROWS_AS(data::DataLoader(numbers(10), {.num_workers = -1}), Error);
}
