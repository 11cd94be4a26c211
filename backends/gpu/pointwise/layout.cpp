#include "lazuli/backends/gpu/pointwise/layout.h"

#include <algorithm>
#include <bit>
#include <cstdlib>

namespace lazuli::gpu {
namespace {

constexpr const char* kText = R"gpu(
#if DENSE
#define GEOMETRY
#define PLACES(i)
#define AT(k) i
#else
typedef struct { Index size[RANK]; Index stride[COUNT][RANK]; } Geometry;
#define GEOMETRY , Geometry g
#define PLACES(i) \
  Index rest = i; \
  Index at[COUNT]; \
  for (int k = 0; k < COUNT; ++k) at[k] = 0; \
  for (int d = 0; d < RANK - 1; ++d) { \
    const Index next = rest / g.size[d], here = rest - next * g.size[d]; \
    rest = next; \
    for (int k = 0; k < COUNT; ++k) at[k] += here * g.stride[k][d]; \
  } \
  for (int k = 0; k < COUNT; ++k) at[k] += rest * g.stride[k][RANK - 1]
#define AT(k) at[k]
#endif
)gpu";

}  // namespace

Layout::Layout(std::span<const Tensor* const> operands) : numel_(operands[0]->numel()), strides_(operands.size()) {
  wide_ = numel_ > INT32_MAX - 65536;
  if (std::all_of(operands.begin(), operands.end(), [](const Tensor* t) { return t->is_contiguous(); })) {
    rank_ = 1;
    return;
  }
  merge(operands);
  if (!fits_) return;
  for (const int whole = int(std::bit_ceil(unsigned(std::max(rank_, 1)))); rank_ < whole; ++rank_) {
    sizes_[size_t(rank_)] = 1;
    for (auto& s : strides_) s[size_t(rank_)] = rank_ == 0;
  }
  dense_ = rank_ == 1;
  for (const auto& s : strides_) {
    dense_ &= s[0] == 1;
    int64_t reach = 0;
    for (size_t d = 0; d < size_t(rank_); ++d) reach += std::abs(s[d]) * (sizes_[d] - 1);
    wide_ |= reach > INT32_MAX;
  }
  // A device takes 1024 bytes of parameters at least; a buffer has 16, and others share the rest.
  constexpr size_t kMostBytes = 1000;
  fits_ = (strides_.size() + 1) * size_t(rank_) * (wide_ ? 8 : 4) + strides_.size() * 16 <= kMostBytes;
}

void Layout::merge(std::span<const Tensor* const> operands) {
  const Tensor& out = *operands[0];
  std::vector<int64_t> dims;
  for (int64_t d = out.dim() - 1; d >= 0; --d)
    if (out.sizes()[d] != 1) dims.push_back(d);
  std::stable_sort(dims.begin(), dims.end(), [&](int64_t x, int64_t y) { return out.strides()[x] < out.strides()[y]; });
  for (const int64_t d : dims) {
    const size_t inner = size_t(rank_) - 1;
    bool merges = rank_ > 0;
    for (size_t k = 0; k < operands.size() && merges; ++k) merges = operands[k]->strides()[d] == strides_[k][inner] * sizes_[inner];
    if (merges) {
      sizes_[inner] *= out.sizes()[d];
      continue;
    }
    fits_ = rank_ < kMaxRank;
    if (!fits_) return;
    sizes_[size_t(rank_)] = out.sizes()[d];
    for (size_t k = 0; k < operands.size(); ++k) strides_[k][size_t(rank_)] = operands[k]->strides()[d];
    ++rank_;
  }
}

void Layout::describe(Variant& variant) const {
  variant.define("COUNT", int64_t(strides_.size())).define("DENSE", dense_).define("RANK", rank_).index(wide_).code(kText);
}

void Layout::pass_count(Arguments& arguments) const {
  if (wide_) arguments.value(numel_);
  else arguments.value(int32_t(numel_));
}

void Layout::pass_geometry(Arguments& arguments) const {
  if (dense_) return;
  if (wide_) pass<int64_t>(arguments);
  else pass<int32_t>(arguments);
}

template <class Word>
void Layout::pass(Arguments& arguments) const {
  std::vector<Word> words(sizes_.begin(), sizes_.begin() + rank_);
  for (const auto& s : strides_) words.insert(words.end(), s.begin(), s.begin() + rank_);
  arguments.bytes(words.data(), uint32_t(words.size() * sizeof(Word)));
}

}  // namespace lazuli::gpu
