#include "lazuli/data/datasets.h"

#include <algorithm>
#include <cmath>

#include "lazuli/autograd/modes.h"
#include "lazuli/core/error.h"
#include "lazuli/core/factory.h"
#include "lazuli/ops/index/index_functions.h"
#include "lazuli/ops/random/random.h"
#include "lazuli/ops/shape/copy.h"

namespace lazuli::data::detail {

Tensor index_tensor(const std::vector<int64_t>& indices) {
  Tensor t = new_tensor({int64_t(indices.size())}, kInt64);
  std::copy(indices.begin(), indices.end(), static_cast<int64_t*>(t.address()));
  return t;
}

Tensor checked_indices(const char* owner, Tensor indices, int64_t size) {
  if (indices.dim() != 1) fail(owner, "indices", "a 1-d tensor", "sizes " + to_string(indices.sizes()));
  if (indices.dtype() != kInt64) fail(ErrorKind::Type, owner, "indices", "int64", name(indices.dtype()));
  for (int64_t i : indices.to_vector<int64_t>())
    if (i < 0 || i >= size) fail(ErrorKind::Index, owner, "indices", "indices in [0, " + std::to_string(size) + ")", std::to_string(i));
  return indices;
}

Tensor chosen(const Tensor& indices, const Tensor& positions) {
  no_grad guard;
  return index_select(indices, 0, positions.to(indices.device()));
}

size_t part_of(const std::vector<int64_t>& ends, int64_t index) {
  if (ends.empty()) fail("ConcatDataset", "datasets", "at least one", "none");
  if (index < 0 || index >= ends.back())
    fail(ErrorKind::Index, "ConcatDataset.get", "index", "an index in [0, " + std::to_string(ends.back()) + ")", std::to_string(index));
  return size_t(std::upper_bound(ends.begin(), ends.end(), index) - ends.begin());
}

std::vector<Tensor> random_parts(int64_t size, const std::vector<int64_t>& lengths, const Generator& random) {
  int64_t sum = 0;
  for (int64_t length : lengths) {
    if (length < 0 || length > size) fail("random_split", "lengths", "lengths in [0, " + std::to_string(size) + "]", std::to_string(length));
    sum += length;
  }
  if (sum != size) fail("random_split", "lengths", "lengths that sum to " + std::to_string(size), std::to_string(sum));
  Tensor order = randperm(size, {}, random);
  std::vector<Tensor> parts;
  int64_t begin = 0;
  for (int64_t length : lengths) parts.push_back(order.narrow(0, begin, length)), begin += length;
  return parts;
}

std::vector<int64_t> lengths_of(int64_t size, const std::vector<double>& fractions) {
  double sum = 0;
  std::vector<int64_t> lengths;
  int64_t left = size;
  for (double fraction : fractions) {
    if (!(fraction >= 0 && fraction <= 1)) fail("random_split", "fractions", "fractions in [0, 1]", std::to_string(fraction));
    sum += fraction;
    lengths.push_back(int64_t(std::floor(double(size) * fraction)));
    left -= lengths.back();
  }
  if (!(std::abs(sum - 1) < 1e-6)) fail("random_split", "fractions", "fractions that sum to 1", std::to_string(sum));
  for (size_t i = 0; left > 0; ++i, --left) ++lengths[i % lengths.size()];
  return lengths;
}

}  // namespace lazuli::data::detail
