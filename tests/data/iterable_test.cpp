#include "lazuli/data/iterable.h"

#include "lazuli/ops/ops.h"
#include "tests/catch.h"

using namespace lazuli;

namespace {
struct Numbered : data::IterableDataset<std::pair<Tensor, int64_t>> {
  int64_t from, to;
  Numbered(int64_t a, int64_t b) : from(a), to(b) {}
  Stream iterate() const override {
    return [i = from, end = to]() mutable -> std::optional<Example> {
      if (i == end) return std::nullopt;
      const int64_t number = i++;
      return std::pair(full({2}, number), number);
    };
  }
};
template <class D>
std::vector<std::vector<int64_t>> batches(const D& dataset, const data::IterableDataLoaderOptions& options) {
  std::vector<std::vector<int64_t>> all;
  for (auto& [numbers, labels] : data::IterableDataLoader(dataset, options)) {
    CHECK(numbers.sizes() == Shape{labels.numel(), 2});
    all.push_back(labels.template to_vector<int64_t>());
  }
  return all;
}
using Numbers = std::vector<std::vector<int64_t>>;
}  // namespace

TEST_CASE("an iterable dataset is read in batches, once more in each loop", "[data]") {
  const Numbered five(0, 5);
  CHECK(batches(five, {.batch_size = 2}) == Numbers{{0, 1}, {2, 3}, {4}});
  CHECK(batches(five, {.batch_size = 2, .drop_last = true}) == Numbers{{0, 1}, {2, 3}});
  CHECK(batches(Numbered(0, 0), {.batch_size = 2}).empty());
  const data::IterableDataLoader loader(five, {.batch_size = 5});
  for (int pass = 0; pass < 2; ++pass)
    for (auto& [numbers, labels] : loader) CHECK(labels.to_vector<int64_t>() == std::vector<int64_t>{0, 1, 2, 3, 4});
  CHECK_THROWS_AS(data::IterableDataLoader(five, {.batch_size = 0}), Error);
}

TEST_CASE("chained datasets follow each other", "[data]") {
  const data::ChainDataset chain(Numbered(0, 2), Numbered(7, 7), Numbered(10, 13));
  CHECK(batches(chain, {.batch_size = 3}) == Numbers{{0, 1, 10}, {11, 12}});
  CHECK(batches(data::ChainDataset(chain, Numbered(20, 21)), {.batch_size = 10}) == Numbers{{0, 1, 10, 11, 12, 20}});
}

TEST_CASE("default_collate is collate", "[data]") { CHECK(data::default_collate(std::vector<Tensor>{ones({2}), zeros({2})}).sizes() == Shape{2, 2}); }
