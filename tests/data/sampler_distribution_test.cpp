#include "lazuli/data/sampler.h"
#include "tests/distribution.h"

// The orders of samplers, over many epochs.
using namespace lazuli;
using namespace lazuli::test;

namespace {
// How often each index comes first, second, .. in 4,000 epochs: [place][index].
std::vector<std::vector<double>> places(const data::Sampler& sampler, int64_t below) {
  Generator g(31);
  std::vector<std::vector<double>> counts(size_t(sampler.size()), std::vector<double>(size_t(below)));
  for (int epoch = 0; epoch < 4000; ++epoch) {
    const std::vector<int64_t> indices = sampler.indices(g).to_vector<int64_t>();
    for (size_t i = 0; i < indices.size(); ++i) ++counts[i][size_t(indices[i])];
  }
  return counts;
}
}  // namespace

TEST_CASE("each example comes at each place as often as it should", "[data][distribution]") {
  const std::vector<double> even(5, 0.2);
  for (const auto& counts : places(data::RandomSampler(5), 5)) CHECK(counts_fit(counts, even));
  for (const auto& counts : places(data::RandomSampler(5, {.replacement = true, .num_samples = 7}), 5)) CHECK(counts_fit(counts, even));
  for (const auto& counts : places(data::RandomSampler(5, {.num_samples = 2}), 5)) CHECK(counts_fit(counts, even));
  for (const auto& counts : places(data::SubsetRandomSampler(std::vector<int64_t>{1, 3, 4}), 5))
    CHECK(counts_fit(counts, {0, 1. / 3, 0, 1. / 3, 1. / 3}));
  const Tensor weights = tensor({1., 0., 3.});
  for (const auto& counts : places(data::WeightedRandomSampler(weights, 3), 3)) CHECK(counts_fit(counts, {0.25, 0, 0.75}));
  const auto once = places(data::WeightedRandomSampler(weights, 2, false), 3);
  CHECK(counts_fit(once[0], {0.25, 0, 0.75}));
  CHECK(counts_fit(once[1], {0.75, 0, 0.25}));
}

TEST_CASE("a random split favours no part", "[data][distribution]") {
  std::vector<double> first(6);
  Generator g(32);
  for (int i = 0; i < 4000; ++i)
    for (int64_t index : data::detail::random_parts(6, {2, 4}, g)[0].to_vector<int64_t>()) ++first[size_t(index)];
  CHECK(counts_fit(first, std::vector<double>(6, 1.0 / 6)));
}
