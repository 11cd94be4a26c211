#include "lazuli/data/sampler.h"

#include <algorithm>

#include "lazuli/lazuli.h"
#include "tests/catch.h"
#include "tests/errors.h"

using namespace lazuli;

namespace {

using Indices = std::vector<int64_t>;

Indices drawn(const data::Sampler& sampler, uint64_t seed = 1) {
  Tensor t = sampler.indices(Generator(seed));
  CHECK(t.size(0) == sampler.size());
  return t.to_vector<int64_t>();
}
Indices sorted(Indices indices) {
  std::sort(indices.begin(), indices.end());
  return indices;
}
data::TensorDataset numbers(int64_t n) { return data::TensorDataset(arange(n).to(kFloat32), arange(n)); }

/// The last `count` examples, backwards.
struct Backwards : data::Sampler {
  explicit Backwards(int64_t count, int64_t first = 0) : count(count), first(first) {}
  int64_t count, first;
  int64_t size() const override { return count; }
  Tensor indices(const Generator&) const override { return flip(arange(first, first + count), {0}); }
};
/// Batches of 1, 2, 3, ... examples.
struct Growing : data::BatchSampler {
  int64_t size() const override { return 3; }
  std::vector<Tensor> batches(const Generator&) const override { return {arange(0, 1), arange(1, 3), arange(3, 6)}; }
};

std::vector<Indices> batches_of(data::DataLoader<>& loader) {
  std::vector<Indices> all;
  for (auto& [x, y] : loader) all.push_back(y.to_vector<int64_t>());
  return all;
}

}  // namespace

TEST_CASE("samplers give what their names say", "[data]") {
  CHECK(drawn(data::SequentialSampler(4)) == Indices{0, 1, 2, 3});
  CHECK(sorted(drawn(data::RandomSampler(50))) == drawn(data::SequentialSampler(50)));
  CHECK(drawn(data::RandomSampler(50)) != drawn(data::SequentialSampler(50)));
  CHECK(drawn(data::RandomSampler(50), 1) != drawn(data::RandomSampler(50), 2));
  CHECK(drawn(data::RandomSampler(50, {.num_samples = 3})).size() == 3);
  Indices repeated = sorted(drawn(data::RandomSampler(5, {.replacement = true, .num_samples = 100})));
  CHECK(repeated.front() == 0);
  CHECK(repeated.back() == 4);
  CHECK(sorted(drawn(data::SubsetRandomSampler(Indices{3, 9, 4}))) == Indices{3, 4, 9});
  CHECK(drawn(data::SubsetRandomSampler(Indices{})).empty());
  CHECK(drawn(data::RandomSampler(0)).empty());
  Indices weighted = sorted(drawn(data::WeightedRandomSampler(tensor({0.0, 3.0, 1.0}), 4000)));
  const auto ones = std::count(weighted.begin(), weighted.end(), 1);
  CHECK(weighted.front() == 1);
  CHECK(ones > 2850);
  CHECK(ones < 3150);
  CHECK(sorted(drawn(data::WeightedRandomSampler(tensor({0.0, 3.0, 1.0}), 2, false))) == Indices{1, 2});
}

TEST_CASE("samplers refuse what they cannot give", "[data]") {
  CHECK(says(error_of([] { data::SequentialSampler(-1); }), "count"));
  CHECK(says(error_of([] { data::RandomSampler(3, {.num_samples = 4}); }), "at most 3, or replacement"));
  CHECK(says(error_of([] { data::RandomSampler(0, {.replacement = true, .num_samples = 4}); }), "num_samples"));
  CHECK(says(error_of([] { data::WeightedRandomSampler(tensor({1.0, -1.0}), 1); }), "weights"));
  CHECK(says(error_of([] { data::WeightedRandomSampler(zeros({2}), 1); }), "a weight above 0"));
  CHECK(says(error_of([] { data::WeightedRandomSampler(tensor({1.0, 0.0}), 2, false); }), "at most 1"));
  CHECK(says(error_of([] { data::BatchSampler(data::SequentialSampler(3), 0); }), "batch_size"));
}

TEST_CASE("loaders take samplers and batch samplers", "[data]") {
  data::DataLoader a(numbers(10), {.batch_size = 2, .sampler = Backwards(3)});
  CHECK(a.size() == 2);
  CHECK(batches_of(a) == std::vector<Indices>{{2, 1}, {0}});
  for (int workers : {0, 2}) {
    data::DataLoader b(numbers(6), {.workers = workers, .batch_sampler = Growing()});
    CHECK(b.size() == 3);
    CHECK(batches_of(b) == std::vector<Indices>{{0}, {1, 2}, {3, 4, 5}});
  }
  data::DataLoader c(numbers(5), {.batch_sampler = data::BatchSampler(data::SequentialSampler(5), 2, true)});
  CHECK(batches_of(c) == std::vector<Indices>{{0, 1}, {2, 3}});
  data::DataLoader d(numbers(40), {.batch_size = 40, .seed = 4, .sampler = std::make_shared<data::RandomSampler>(40)}),
      e(numbers(40), {.batch_size = 40, .shuffle = true, .seed = 4});
  CHECK(batches_of(d) == batches_of(e));
}

TEST_CASE("samplers that do not fit their loader are refused", "[data]") {
  auto make = [](data::DataLoaderOptions<> o) { return error_of([&] { data::DataLoader(numbers(4), o).begin(); }); };
  CHECK(says(make({.shuffle = true, .sampler = data::SequentialSampler(4)}), "a sampler or shuffle"));
  CHECK(says(make({.batch_size = 2, .batch_sampler = Growing()}), "batch_sampler"));
  CHECK(says(make({.sampler = Backwards(3, 2)}), "indices in [0, 4), got 4"));
  CHECK(says(make({.batch_sampler = Growing()}), "indices in [0, 4)"));
}

TEST_CASE("samplers are looped over without a loader", "[data]") {
  Indices seen;
  for (int64_t i : data::SequentialSampler(3)) seen.push_back(i);
  CHECK(seen == Indices{0, 1, 2});
  manual_seed(3);
  const data::RandomSampler random(20);
  Indices first, second;
  for (int64_t i : random) first.push_back(i);
  for (int64_t i : random) second.push_back(i);
  CHECK(first != second);
  manual_seed(3);
  Indices again;
  for (int64_t i : random) again.push_back(i);
  CHECK(again == first);
  std::sort(first.begin(), first.end());
  CHECK((first.front() == 0 && first.back() == 19 && first.size() == 20));
  std::vector<Indices> batches;
  for (const std::vector<int64_t>& batch : data::BatchSampler(data::SequentialSampler(5), 2)) batches.push_back(batch);
  CHECK(batches == std::vector<Indices>{{0, 1}, {2, 3}, {4}});
}
