#pragma once
#include <algorithm>
#include <array>
#include <cstdint>

/// Nested loops over N operands with strides: adjacent loops merge where memory allows, and any range of the flattened elements can be walked.
namespace lazuli::cpu {

template <int N>
class StridedLoops {
 public:
  using Strides = std::array<int64_t, N>;

  /// Adds a loop inside all those added before. Loops of size 1 vanish, so that 64 are enough for any number of dimensions.
  void add(int64_t size, const Strides& strides) {
    numel_ *= size;
    if (size == 1) return;
    if (rank_ > 0) {
      bool merges = true;
      for (int i = 0; i < N; ++i) merges &= strides_[rank_ - 1][i] == strides[i] * size;
      if (merges) {
        sizes_[rank_ - 1] *= size;
        strides_[rank_ - 1] = strides;
        return;
      }
    }
    if (size == 0) rank_ = 0;
    sizes_[rank_] = size;
    strides_[rank_++] = strides;
  }
  int64_t numel() const { return numel_; }
  int rank() const { return rank_; }
  int64_t inner_size() const { return rank_ ? sizes_[rank_ - 1] : 1; }
  int64_t inner_stride(int operand) const { return rank_ ? strides_[rank_ - 1][operand] : 0; }

  /// Calls `f(offsets, count)` for runs of the innermost loop that together are elements [begin, end); steps inside a run are inner_stride.
  template <class F>
  void run(int64_t begin, int64_t end, F&& f) const {
    if (begin >= end) return;
    int64_t index[kMaxRank];
    Strides offsets{};
    int64_t rest = begin;
    for (int d = rank_ - 1; d >= 0; --d) {
      index[d] = rest % sizes_[d];
      rest /= sizes_[d];
      for (int i = 0; i < N; ++i) offsets[i] += index[d] * strides_[d][i];
    }
    if (rank_ == 0) return f(offsets, int64_t(1));
    const int inner = rank_ - 1;
    while (true) {
      const int64_t count = std::min(sizes_[inner] - index[inner], end - begin);
      f(offsets, count);
      begin += count;
      if (begin >= end) return;
      for (int i = 0; i < N; ++i) offsets[i] -= index[inner] * strides_[inner][i];
      index[inner] = 0;
      for (int d = inner - 1; d >= 0; --d) {
        for (int i = 0; i < N; ++i) offsets[i] += strides_[d][i];
        if (++index[d] < sizes_[d]) break;
        for (int i = 0; i < N; ++i) offsets[i] -= sizes_[d] * strides_[d][i];
        index[d] = 0;
      }
    }
  }

 private:
  static constexpr int kMaxRank = 64;
  int rank_ = 0;
  int64_t numel_ = 1;
  int64_t sizes_[kMaxRank];
  Strides strides_[kMaxRank];
};

}  // namespace lazuli::cpu
