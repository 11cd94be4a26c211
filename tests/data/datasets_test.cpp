#include "lazuli/data/datasets.h"

#include <algorithm>

#include "lazuli/lazuli.h"
#include "tests/catch.h"
#include "tests/errors.h"

using namespace lazuli;

namespace {

data::TensorDataset numbers(int64_t from, int64_t to) { return data::TensorDataset(arange(from, to).to(kFloat32), arange(from, to)); }

/// Sentences of different lengths, in batches padded with zeros beside their lengths.
struct Sentences : data::Dataset<Tensor, std::pair<Tensor, Tensor>> {
  int64_t size() const override { return 5; }
  Tensor get(int64_t i) const override { return ones({i + 1}) * double(i); }
  std::pair<Tensor, Tensor> collate(std::vector<Tensor> examples) const override {
    std::vector<int64_t> lengths;
    for (const Tensor& t : examples) lengths.push_back(t.size(0));
    Tensor padded = zeros({int64_t(examples.size()), *std::max_element(lengths.begin(), lengths.end())});
    for (size_t i = 0; i < examples.size(); ++i) padded[int64_t(i)].narrow(0, 0, lengths[i]).copy_(examples[i]);
    return {padded, data::collate<int64_t>(lengths)};
  }
};

struct Nothing {};
struct Uncollated : data::Dataset<Nothing, int> {
  int64_t size() const override { return 1; }
  Nothing get(int64_t) const override { return {}; }
};

}  // namespace

TEST_CASE("a subset has the examples at its indices", "[data]") {
  data::Subset subset(numbers(10, 20), std::vector<int64_t>{7, 0, 7});
  CHECK(subset.size() == 3);
  CHECK(subset.get(0).target.item<int>() == 17);
  CHECK(subset.get_batch(tensor({2, 1})).target.to_vector<int>() == std::vector<int>{17, 10});
  CHECK(says(error_of([] { data::Subset(numbers(0, 3), std::vector<int64_t>{3}); }), "indices in [0, 3), got 3"));
  CHECK(says(error_of([] { data::Subset(numbers(0, 3), ones({2})); }), "int64"));
  CHECK_THROWS_AS(subset.get(3), Error);
}

TEST_CASE("several datasets as one", "[data]") {
  data::ConcatDataset all(numbers(0, 3), numbers(10, 10), numbers(20, 22));
  CHECK(all.size() == 5);
  std::vector<int> targets;
  for (int64_t i = 0; i < all.size(); ++i) targets.push_back(all.get(i).target.item<int>());
  CHECK(targets == std::vector<int>{0, 1, 2, 20, 21});
  CHECK(all.get_batch(tensor({4, 0})).target.to_vector<int>() == std::vector<int>{21, 0});
  CHECK(says(error_of([&] { all.get(5); }), "an index in [0, 5)"));
  CHECK(says(error_of([&] { all.get(-1); }), "an index in [0, 5)"));
  CHECK(says(error_of([] { data::ConcatDataset<>(std::vector<std::shared_ptr<const data::Dataset<>>>{}); }), "at least one"));
}

TEST_CASE("examples with their indices", "[data]") {
  data::DataLoader loader(data::IndexedDataset(numbers(10, 15)), {.batch_size = 2, .shuffle = true, .seed = 3});
  for (auto& [batch, index] : loader) CHECK(equal(batch.target, index + 10));
  auto [example, index] = data::IndexedDataset(numbers(5, 9)).get(2);
  CHECK(example.target.item<int>() == 7);
  CHECK(index == 2);
}

TEST_CASE("a dataset is split at random, each example into one part", "[data]") {
  auto targets = [](const auto& part) { return part.get_batch(arange(part.size())).target.template to_vector<int>(); };
  auto parts = data::random_split(numbers(0, 10), {7, 3}, Generator(1));
  std::vector<int> all = targets(parts[0]), rest = targets(parts[1]);
  CHECK(rest.size() == 3);
  all.insert(all.end(), rest.begin(), rest.end());
  CHECK(!std::is_sorted(all.begin(), all.end()));
  std::sort(all.begin(), all.end());
  CHECK(all == std::vector<int>{0, 1, 2, 3, 4, 5, 6, 7, 8, 9});
  CHECK(targets(data::random_split(numbers(0, 10), {7, 3}, Generator(1))[1]) == rest);
  auto fractions = data::random_split(numbers(0, 10), {0.5, 0.25, 0.25}, Generator(1));
  CHECK(fractions[0].size() == 6);  // the rest of rounding down goes to the first
  CHECK(fractions[1].size() == 2);
  CHECK(fractions[2].size() == 2);
  const int64_t size = 10;
  auto [train, test] = data::random_split(numbers(0, size), {size - 3, 3}, Generator(1));
  CHECK(targets(train) == targets(parts[0]));
  CHECK(targets(test) == rest);
  CHECK(targets(data::random_split(numbers(0, 10), std::vector<double>{0.7, 0.3}, Generator(1))[1]) == rest);
  CHECK(says(error_of([] { data::random_split(numbers(0, 10), {7, 2}); }), "sum to 10"));
  CHECK(says(error_of([] { data::random_split(numbers(0, 10), {11, -1}); }), "lengths in [0, 10]"));
  CHECK(says(error_of([] { data::random_split(numbers(0, 10), {0.5, 0.4}); }), "sum to 1"));
}

TEST_CASE("a dataset may make another class of batches, also behind a subset", "[data]") {
  for (int workers : {0, 2}) {
    data::DataLoader loader(Sentences(), {.batch_size = 2, .workers = workers});
    std::vector<Shape> sizes;
    for (auto& [padded, lengths] : loader) {
      sizes.push_back(padded.sizes());
      CHECK(lengths[-1].item<int64_t>() == padded.size(1));
    }
    CHECK(sizes == std::vector<Shape>{{2, 2}, {2, 4}, {1, 5}});
  }
  auto [padded, lengths] = data::Subset(Sentences(), std::vector<int64_t>{4, 0}).get_batch(tensor({0, 1}));
  CHECK(padded.to_vector<int>() == std::vector<int>{4, 4, 4, 4, 4, 0, 0, 0, 0, 0});
  CHECK(lengths.to_vector<int>() == std::vector<int>{5, 1});
  CHECK(says(error_of([] { Uncollated().get_batch(tensor({0})); }), "Dataset.collate"));
}

TEST_CASE("an exception of any class comes with the index of its example", "[data]") {
  struct Broken : data::Dataset<Tensor> {
    int64_t size() const override { return 4; }
    Tensor get(int64_t i) const override {
      if (i == 2) throw std::out_of_range("no such row");
      return ones({});
    }
  };
  for (int workers : {0, 2}) {
    data::DataLoader loader(Broken(), {.batch_size = 4, .workers = workers});
    std::string text = error_of([&] { loader.begin(); });
    CHECK(says(text, "an example at 2"));
    CHECK(says(text, "no such row"));
    try {
      loader.begin();
    } catch (const Error& error) { CHECK_THROWS_AS(std::rethrow_if_nested(error), std::out_of_range); }
  }
}

TEST_CASE("tensors and datasets stand side by side", "[data]") {
  const Tensor users = arange(6), ratings = rand({6});
  const data::StackDataset sources(users, data::TensorDataset(rand({6, 2}), arange(6)), ratings);
  CHECK(sources.size() == 6);
  CHECK(std::get<2>(sources.get(4)).item<float>() == ratings[4].item<float>());
  int64_t next = 0;
  data::DataLoader loader(sources, {.batch_size = 4});
  for (auto& [user, example, rating] : loader) {
    CHECK(equal(user, users.slice(0, next, next + 4)));
    CHECK(equal(example.target, user));
    CHECK(equal(rating, ratings.slice(0, next, next + 4)));
    next += user.size(0);
  }
  CHECK(next == 6);
  CHECK(error_of([&] { data::StackDataset(users, rand({5})); }) == "StackDataset: argument 'sources': expected sources of 6 examples, got 5");
}
