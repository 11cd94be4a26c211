#pragma once
#include <vector>

#include "lazuli/core/tensor.h"

namespace lazuli::recording {

/// The elements that sizes and strides reach, from where the tensor begins: `first` is negative where strides are. None of an empty one.
struct Reach {
  int64_t first = 0, count = 0;
  explicit Reach(const TensorBody& body) {
    if (body.sizes.numel() == 0) return;
    int64_t last = 0;
    for (int64_t d = 0; d < body.sizes.size(); ++d) (body.strides[d] < 0 ? first : last) += body.strides[d] * (body.sizes[d] - 1);
    count = last - first + 1;
  }
};

/// Whole storages, and whether another one shares memory with them.
class MemoryRanges {
 public:
  void add(const Storage& storage) { ranges_.emplace_back(storage.data(), storage.data() + storage.bytes()); }
  void clear() { ranges_.clear(); }
  bool overlap(const Storage& storage) const {
    const char *const begin = storage.data(), *const end = begin + storage.bytes();
    for (const auto& [first, last] : ranges_)
      if (begin < last && first < end) return true;
    return false;
  }

 private:
  std::vector<std::pair<const char*, const char*>> ranges_;
};

}  // namespace lazuli::recording
