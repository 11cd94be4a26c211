// Loaders that stop in the middle of an epoch, what waits in them, and what goes wrong in them.
#include <algorithm>
#include <atomic>
#include <chrono>
#include <exception>
#include <numeric>
#include <stdexcept>
#include <thread>

#include "lazuli/data/data.h"
#include "lazuli/lazuli.h"
#include "tests/catch.h"
#include "tests/errors.h"

using namespace lazuli;

namespace {

struct Noisy : data::Dataset<> {
  int64_t size() const override { return 22; }
  data::Example get(int64_t i) const override { return {randn({3}) + double(i), {}}; }
};
auto noisy_loader(int workers, uint64_t seed = 5) {
  return data::DataLoader(Noisy(), {.batch_size = 4, .shuffle = true, .seed = seed, .workers = workers});
}
using Bits = std::vector<float>;
Bits bits(const data::Example& batch) { return batch.data.to_vector<float>(); }

}  // namespace

TEST_CASE("A loader goes on bit for bit from its state, in the middle of an epoch", "[data]") {
  std::vector<Bits> whole;
  auto uninterrupted = noisy_loader(0);
  for (int epoch = 0; epoch < 3; ++epoch)
    for (auto& batch : uninterrupted) whole.push_back(bits(batch));
  REQUIRE(whole.size() == 18);
  for (int stop : {0, 1, 5, 6, 7, 11, 12}) {
    INFO("after " << stop << " batches");
    std::vector<Bits> seen;
    auto first = noisy_loader(2);
    for (bool more = stop > 0; more;)
      for (auto& batch : first) {
        seen.push_back(bits(batch));
        more = int(seen.size()) < stop;
        if (!more) break;
      }
    const StateDict state = first.state_dict();
    auto second = noisy_loader(1, 77);  // takes the other's seed
    second.load_state_dict(state);
    CHECK(second.state_dict().at("batch").item<int64_t>() == state.at("batch").item<int64_t>());
    while (seen.size() < whole.size())
      for (auto& batch : second) seen.push_back(bits(batch));
    CHECK(seen == whole);
  }
}

TEST_CASE("A loader's state tells the epoch, and is refused by a loader of other batches", "[data]") {
  auto loader = noisy_loader(0);
  CHECK(loader.next_epoch() == 0);
  for (auto& batch : loader) CHECK(batch.data.defined());
  CHECK(loader.state_dict().at("epoch").item<int64_t>() == 1);
  CHECK(loader.state_dict().at("batch").item<int64_t>() == 0);
  StateDict state = loader.state_dict();
  loader.set_epoch(7);
  CHECK(loader.state_dict().at("epoch").item<int64_t>() == 7);
  data::DataLoader other(Noisy(), {.batch_size = 3});
  CHECK(says(error_of([&] { other.load_state_dict(state); }), "8 batches in an epoch, as this loader has, got 6"));
  state.set("batch", tensor(9));
  CHECK(says(error_of([&] { loader.load_state_dict(state); }), "a batch in [0, 6], got 9"));
  CHECK(says(error_of([&] { loader.load_state_dict({}); }), "epoch"));
  CHECK(loader.state_dict().at("epoch").item<int64_t>() == 7);
}

TEST_CASE("What waits in a loader is bounded in bytes", "[data]") {
  struct Large : data::Dataset<> {
    std::shared_ptr<std::atomic<int>> made = std::make_shared<std::atomic<int>>(0);
    int64_t size() const override { return 30; }
    data::Example get(int64_t) const override {
      ++*made;
      return {zeros({1000}), {}};
    }
  } set;
  data::DataLoader loader(set, {.workers = 4, .prefetch = 5, .prefetch_bytes = 3 * 4000 + 100});
  int given = 0, most = 0;
  for (auto& batch : loader) {
    given += int(batch.data.size(0));
    for (int wait = 0; wait < 3; ++wait) std::this_thread::sleep_for(std::chrono::milliseconds(1));
    most = std::max(most, *set.made - given);
  }
  CHECK(given == 30);
  CHECK(most >= 1);
  CHECK(most <= 3);
  data::DataLoader tight(set, {.workers = 3, .prefetch_bytes = 1});  // one after the other
  int count = 0;
  for (auto& batch : tight) count += int(batch.data.size(0));
  CHECK(count == 30);
  CHECK(says(error_of([&] { data::DataLoader(set, {.prefetch_bytes = 0}); }), "'prefetch_bytes': expected at least 1"));
}

TEST_CASE("Any exception in a worker reaches the caller with its index, its class and itself", "[data]") {
  struct Bad : data::Dataset<> {
    int64_t size() const override { return 6; }
    data::Example get(int64_t i) const override {
      if (i == 3) throw std::out_of_range("no such row");
      if (i == 5) throw 42;
      return {ones({}), {}};
    }
  };
  for (int workers : {0, 2}) {
    data::DataLoader loader(Bad(), {.batch_size = 2, .workers = workers});
    auto epoch = loader.epoch(4);
    data::Example batch;
    REQUIRE(epoch.next(batch));
    try {
      epoch.next(batch);
      FAIL("no exception");
    } catch (const Error& error) {
      CHECK(says(error.what(), "an example at 3, got std::out_of_range: no such row"));
      CHECK(says(error.what(), "in batch 1 of epoch 4"));
      CHECK_THROWS_AS(std::rethrow_if_nested(error), std::out_of_range);
    }
    CHECK(says(error_of([&] { epoch.next(batch); }), "an exception of class int"));
  }
}

TEST_CASE("Processes share an epoch's examples", "[data]") {
  using data::DistributedSampler;
  for (int64_t count : {0, 1, 10, 12}) {
    std::vector<int64_t> seen;
    for (int64_t rank = 0; rank < 3; ++rank) {
      const DistributedSampler sampler(count, {.num_replicas = 3, .rank = rank});
      const auto part = sampler.indices(Generator(4)).to_vector<int64_t>();
      CHECK(int64_t(part.size()) == sampler.size());
      CHECK(sampler.size() == (count + 2) / 3);
      seen.insert(seen.end(), part.begin(), part.end());
    }
    std::sort(seen.begin(), seen.end());
    CHECK(int64_t(std::unique(seen.begin(), seen.end()) - seen.begin()) == count);
  }
  CHECK(DistributedSampler(10, {.num_replicas = 3, .rank = 2, .shuffle = false}).indices(Generator(0)).to_vector<int64_t>() ==
        std::vector<int64_t>{2, 5, 8, 1});
  CHECK(DistributedSampler(10, {.num_replicas = 3, .rank = 0, .shuffle = false, .drop_last = true}).indices(Generator(0)).to_vector<int64_t>() ==
        std::vector<int64_t>{0, 3, 6});
  CHECK(says(error_of([] { DistributedSampler(10, {.num_replicas = 2, .rank = 2}); }), "a rank in [0, 2), got 2"));
}

TEST_CASE("Processes share each batch, divided or not", "[data]") {
  using data::DistributedBatchSampler;
  const auto whole = DistributedBatchSampler(22, {.batch_size = 8}).batches(Generator(4));
  REQUIRE(whole.size() == 3);
  for (int64_t replicas : {2, 3, 5}) {
    CAPTURE(replicas);
    const bool last = 22 % 8 >= replicas;
    for (size_t b = 0; b < 2 + size_t(last); ++b) {
      std::vector<int64_t> seen, expected = whole[b].to_vector<int64_t>();
      for (int64_t rank = 0; rank < replicas; ++rank) {
        const DistributedBatchSampler sampler(22, {.batch_size = 8, .num_replicas = replicas, .rank = rank});
        const auto parts = sampler.batches(Generator(4));
        REQUIRE(int64_t(parts.size()) == sampler.size());
        REQUIRE(sampler.size() == 2 + last);
        const int64_t of = whole[b].size(0);
        CHECK(parts[b].size(0) == of / replicas + (rank < of % replicas));
        for (int64_t i : parts[b].to_vector<int64_t>()) seen.push_back(i);
      }
      std::sort(seen.begin(), seen.end());
      std::sort(expected.begin(), expected.end());
      CHECK(seen == expected);
    }
  }
  CHECK(DistributedBatchSampler(22, {.batch_size = 8, .drop_last = true}).size() == 2);
  CHECK(DistributedBatchSampler(0, {.batch_size = 8}).batches(Generator(0)).empty());
  CHECK(error_of([] { DistributedBatchSampler(10, {.batch_size = 2, .num_replicas = 3}); }) ==
        "DistributedBatchSampler: argument 'batch_size': expected at least one for each of the 3 processes, got 2");
  CHECK(says(error_of([] { DistributedBatchSampler(10, {.batch_size = 4, .num_replicas = 2, .rank = 2}); }), "a rank in [0, 2), got 2"));
  CHECK(says(error_of([] { DistributedBatchSampler(-1); }), "argument 'count'"));
}

TEST_CASE("A loader goes on in another number of processes", "[data]") {
  const data::TensorDataset set(arange(48).to(kFloat32).view({48, 1}));
  auto loader = [&](int64_t replicas, int64_t rank, int64_t batch) {
    return data::DataLoader(set, {.batch_size = batch, .seed = 9, .sampler = data::DistributedSampler(48, {.num_replicas = replicas, .rank = rank})});
  };
  // What the processes see of `batches` batches from where `state` says (the beginning), and where they are then.
  auto see = [&](int64_t replicas, int64_t batch, const StateDict* state, int batches, StateDict* then) {
    std::vector<float> seen;
    for (int64_t rank = 0; rank < replicas; ++rank) {
      auto own = loader(replicas, rank, batch);
      if (state) own.load_state_dict(*state);
      int count = 0;
      for (auto& example : own) {
        for (float x : example.data.to_vector<float>()) seen.push_back(x);
        if (++count == batches) {
          if (then) *then = own.state_dict();
          break;
        }
      }
    }
    return seen;
  };
  // Two processes, then one, three or four: batches that are together as large as before, or others.
  for (auto [replicas, batch] : {std::pair<int64_t, int64_t>{1, 8}, {4, 2}, {3, 2}, {3, 4}, {1, 4}}) {
    CAPTURE(replicas, batch);
    StateDict state;
    std::vector<float> seen = see(2, 4, nullptr, 3, &state);  // 24 of 48
    REQUIRE(seen.size() == 24);
    const std::vector<float> rest = see(replicas, batch, &state, 100, nullptr);
    REQUIRE(rest.size() == 24);
    seen.insert(seen.end(), rest.begin(), rest.end());
    std::sort(seen.begin(), seen.end());
    REQUIRE(std::unique(seen.begin(), seen.end()) == seen.end());  // each once
  }
}

TEST_CASE("Batches of like lengths hold every example once, and little padding", "[data]") {
  std::vector<int64_t> lengths = randint(100, {500}, {}, Generator(8)).to_vector<int64_t>();
  const data::BucketBatchSampler sampler(lengths, {.batch_size = 10, .bucket_batches = 10});
  CHECK(sampler.size() == 50);
  int64_t padded = 0, count = 0, in_order = 0, before = -1;
  std::vector<bool> seen(500);
  for (const Tensor& batch : sampler.batches(Generator(1))) {
    int64_t longest = 0;
    for (int64_t i : batch.to_vector<int64_t>()) {
      CHECK(!seen[size_t(i)]);
      seen[size_t(i)] = true;
      longest = std::max(longest, lengths[size_t(i)]);
    }
    in_order += longest >= before;
    before = longest;
    padded += longest * batch.size(0);
    ++count;
  }
  CHECK(count == 50);
  CHECK(std::count(seen.begin(), seen.end(), true) == 500);
  const int64_t needed = std::accumulate(lengths.begin(), lengths.end(), int64_t(0));
  CHECK(padded < needed * 5 / 4);
  CHECK(in_order < 45);  // the batches are shuffled
  for (const Tensor& batch : data::BucketBatchSampler(lengths, {.batch_size = 500, .max_tokens = 300}).batches(Generator(2))) {
    int64_t longest = 0;
    for (int64_t i : batch.to_vector<int64_t>()) longest = std::max(longest, lengths[size_t(i)]);
    CHECK(longest * batch.size(0) <= 300);
  }
  const data::BucketBatchSampler sorted({3, 1, 2}, {.batch_size = 2, .shuffle = false});
  CHECK(sorted.batches(Generator(0))[0].to_vector<int64_t>() == std::vector<int64_t>{1, 2});
  CHECK(data::BucketBatchSampler({3, 1, 2}, {.batch_size = 2, .drop_last = true}).batches(Generator(0)).size() == 1);
  CHECK(says(error_of([] { data::BucketBatchSampler({-1}); }), "'lengths': expected at least 0"));
}

TEST_CASE("Examples of different lengths are padded into a batch", "[data]") {
  struct Sentences : data::Dataset<> {
    int64_t size() const override { return 4; }
    data::Example get(int64_t i) const override { return {arange(i + 1) + 1, tensor(i)}; }
  };
  data::CollateDataset padded(
      Sentences(), [](std::vector<data::Example> examples) { return data::pad_collate(examples, {.padding_value = -1, .multiple_of = 2}); });
  int batches = 0;
  for (auto& [words, label, lengths] : data::DataLoader(padded, {.batch_size = 3, .workers = 1})) {
    if (batches++ == 0) {
      CHECK(equal(words, tensor({{1, -1, -1, -1}, {1, 2, -1, -1}, {1, 2, 3, -1}})));
      CHECK(equal(label, tensor({0, 1, 2})));
      CHECK(equal(lengths, tensor({1, 2, 3})));
    }
  }
  CHECK(batches == 2);
  const auto both = data::pad_collate({data::Example{ones({1, 2}), ones({2})}, data::Example{ones({3, 2}), ones({1})}},
                                      {.target_padding_value = -100, .left = true});
  CHECK(both.data.sizes() == Shape{2, 3, 2});
  CHECK(both.data[0][0][0].item<double>() == 0);
  CHECK(both.data[0][2][0].item<double>() == 1);
  CHECK(equal(both.target, tensor({{1.f, 1.f}, {-100.f, 1.f}})));
  CHECK(says(error_of([] { data::pad_collate(std::vector<Tensor>{tensor(1)}); }), "tensors with a first dimension, got a 0-d one"));
}
