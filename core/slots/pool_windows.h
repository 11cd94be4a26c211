#pragma once
#include <algorithm>
#include <vector>

#include "lazuli/core/shape.h"

namespace lazuli {

/// The windows of pooling along one dimension, as far as they lie in the input: window o reads the places begin[o], begin[o] + step, .. below end[o].
/// `count[o]`: how many there are, for a mean.
struct PoolWindows {
  std::vector<int64_t> begin, end, count;
  int64_t step = 1;

  /// Reads of the greatest window.
  int64_t longest() const {
    int64_t most = 0;
    for (size_t o = 0; o < begin.size(); ++o) most = std::max(most, (end[o] - begin[o] + step - 1) / step);
    return most;
  }

  /// ceil(size / places) apart or overlapping, so that all of them cover the input.
  static PoolWindows adaptive(int64_t size, int64_t places) {
    PoolWindows w;
    for (int64_t o = 0; o < places; ++o) {
      w.begin.push_back(o * size / places);
      w.end.push_back(((o + 1) * size + places - 1) / places);
      w.count.push_back(w.end.back() - w.begin.back());
    }
    return w;
  }
  static PoolWindows sliding(int64_t size, int64_t places, int64_t kernel, int64_t stride, int64_t padding, int64_t dilation, bool count_padding) {
    PoolWindows w;
    w.step = dilation;
    for (int64_t o = 0; o < places; ++o) {
      const int64_t first = o * stride - padding, last = std::min(first + (kernel - 1) * dilation + 1, size + padding);
      int64_t begin = first;
      if (begin < 0) begin += (-begin + dilation - 1) / dilation * dilation;
      w.end.push_back(std::min(last, size));
      w.begin.push_back(std::min(begin, std::max<int64_t>(size - 1, 0)));
      w.count.push_back(count_padding ? last - first : std::max<int64_t>(w.end.back() - begin, 0));
      if (begin >= w.end.back()) w.end.back() = w.begin.back();
    }
    return w;
  }
  /// As a slot is given them: adaptive where `kernel` is empty. `d`: of the spatial dimensions.
  static PoolWindows of(int64_t d, int64_t size, int64_t places, const Shape& kernel, const Shape& stride, const Shape& padding,
                        const Shape* dilation, bool count_padding) {
    return kernel.empty() ? adaptive(size, places)
                          : sliding(size, places, kernel[d], stride[d], padding[d], dilation ? (*dilation)[d] : 1, count_padding);
  }
};

}  // namespace lazuli
