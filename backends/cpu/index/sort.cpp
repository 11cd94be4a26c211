// sort and topk: lines along `dim`, any strides, parallel over lines. A line becomes items (key, position): short ones go to std::sort, long ones through a
// least-significant-digit radix sort of 8 bits a pass that skips digits which are all the same; one very long line is counted and moved by all threads. topk keeps the best k of a buffer of candidates.
#include "lazuli/backends/cpu/index/sort.h"

#include <algorithm>
#include <array>
#include <utility>
#include <vector>

#include "lazuli/backends/cpu/cpu.h"
#include "lazuli/backends/cpu/index/sort_lines.h"
#include "lazuli/core/factory.h"
#include "lazuli/core/slots/selection_slots.h"
#include "lazuli/core/threads/parallel.h"

namespace lazuli::cpu {
namespace {

constexpr int64_t kInsertTo = 16;  // of so few the best are kept in order
constexpr int64_t kRadixFrom = 64, kTogetherFrom = 1 << 16, kTogetherGrain = 1 << 14;
constexpr int kDigit = 8, kDigits = 1 << kDigit;
template <class Item>
constexpr int kPasses = (Item::kKeyBits + kDigit - 1) / kDigit;
template <class Item>
int digit_of(const Item& item, int pass) {
  return int(item.key() >> (pass * kDigit) & (kDigits - 1));
}

template <class Item>
void radix_sort(Item* items, Item* scratch, int64_t n) {
  typename Item::Count counts[kPasses<Item> * kDigits] = {};
  for (int64_t i = 0; i < n; ++i)
    for (int p = 0; p < kPasses<Item>; ++p) ++counts[p * kDigits + digit_of(items[i], p)];
  Item *from = items, *to = scratch;
  for (int p = 0; p < kPasses<Item>; ++p) {
    typename Item::Count *start = counts + p * kDigits, total = 0;
    if (int64_t(start[digit_of(from[0], p)]) == n) continue;
    for (int d = 0; d < kDigits; ++d) total += std::exchange(start[d], total);
    for (int64_t i = 0; i < n; ++i) to[start[digit_of(from[i], p)]++] = from[i];
    std::swap(from, to);
  }
  if (from != items) std::copy_n(from, n, items);
}

// The same by all threads: each counts and moves a share of the line, whose places follow those of the shares before it.
template <class Item>
void radix_sort_together(Item* items, Item* scratch, int64_t n, int64_t shares) {
  std::vector<std::array<int64_t, kDigits>> counts(static_cast<size_t>(shares));
  Item *from = items, *to = scratch;
  const auto for_shares = [&](auto f) {
    parallel_for(0, shares, 1, [&](int64_t first, int64_t last) {
      for (int64_t s = first; s < last; ++s) f(counts[size_t(s)], n * s / shares, n * (s + 1) / shares);
    });
  };
  for (int p = 0; p < kPasses<Item>; ++p) {
    for_shares([&](auto& count, int64_t begin, int64_t end) {
      count.fill(0);
      for (int64_t i = begin; i < end; ++i) ++count[size_t(digit_of(from[i], p))];
    });
    int64_t alike = 0, total = 0;
    for (const auto& count : counts) alike += count[size_t(digit_of(from[0], p))];
    if (alike == n) continue;
    for (size_t d = 0; d < kDigits; ++d)
      for (auto& count : counts) total += std::exchange(count[d], total);
    for_shares([&](auto& start, int64_t begin, int64_t end) {
      for (int64_t i = begin; i < end; ++i) to[start[size_t(digit_of(from[i], p))]++] = from[i];
    });
    std::swap(from, to);
  }
  if (from != items) parallel_for(0, n, kTogetherGrain, [&](int64_t begin, int64_t end) { std::copy(from + begin, from + end, items + begin); });
}

template <class T, class Item>
void sort_lines(const Lines& lines, T* values, int64_t* indices, const T* in, bool descending) {
  const Key<T> flip = descending ? ~Key<T>(0) : 0;
  const auto make = [=, step = lines.in_step](Item* items, int64_t at, int64_t begin, int64_t end) {
    for (int64_t i = begin; i < end; ++i) items[i] = Item::make(key_of(in[at + i * step]) ^ flip, i);
  };
  const auto pick = [=, &lines](const Item* items, int64_t v, int64_t x, int64_t at, int64_t begin, int64_t end) {
    for (int64_t i = begin; i < end; ++i) {
      const int64_t p = items[i].position();
      values[v + i * lines.value_step] = in[at + p * lines.in_step];
      indices[x + i * lines.index_step] = p;
    }
  };
  const int64_t threads = get_num_threads();
  if (lines.loops.numel() == 1 && lines.n >= kTogetherFrom && threads > 1) {
    const int64_t n = lines.n;
    const Tensor memory = new_tensor({2 * n * int64_t(sizeof(Item))}, kUInt8);
    Item* items = static_cast<Item*>(memory.address());
    return lines.run(0, 1, [&](int64_t v, int64_t x, int64_t at) {
      parallel_for(0, n, kTogetherGrain, [&](int64_t begin, int64_t end) { make(items, at, begin, end); });
      radix_sort_together(items, items + n, n, threads);
      parallel_for(0, n, kTogetherGrain, [&](int64_t begin, int64_t end) { pick(items, v, x, at, begin, end); });
    });
  }
  parallel_for(0, lines.loops.numel(), std::max<int64_t>(1, 1024 / std::max<int64_t>(lines.n, 1)), [&](int64_t from, int64_t to) {
    const int64_t n = lines.n;
    const Tensor memory = new_tensor({2 * n * int64_t(sizeof(Item))}, kUInt8);  // the allocator keeps it for the next time
    Item *items = static_cast<Item*>(memory.address()), *scratch = items + n;
    lines.run(from, to, [&](int64_t v, int64_t x, int64_t at) {
      make(items, at, 0, n);
      if (n >= kRadixFrom) radix_sort(items, scratch, n);
      else std::sort(items, items + n);
      pick(items, v, x, at, 0, n);
    });
  });
}

// The k least of n keys in order, by insertion; false where equal ones may matter, whose order is that of another algorithm.
template <class Item, class KeyAt>
bool insert_least(Item* best, int64_t k, int64_t n, KeyAt key_at) {
  int64_t count = 0;
  for (int64_t i = 0; i < n; ++i) {
    const auto key = key_at(i);
    if (count == k && key > best[k - 1].key()) continue;
    if (count == k && key == best[k - 1].key()) return false;
    int64_t place = count == k ? k - 1 : count++;
    for (; place > 0 && best[place - 1].key() >= key; --place) {
      if (best[place - 1].key() == key) return false;
      best[place] = best[place - 1];
    }
    best[place] = Item::make(key, i);
  }
  return true;
}

// The k least, equal ones as the plain algorithms of the standard library leave them, which is what PyTorch gives.
template <class Item>
void select_as_pytorch(Item* items, int64_t k, int64_t n) {
  const auto before = [](const Item& a, const Item& b) { return a.key() < b.key(); };
  if (k * 64 <= n) return std::partial_sort(items, items + k, items + n, before);
  std::nth_element(items, items + k - 1, items + n, before);
  std::sort(items, items + k - 1, before);
}

// The k least of a long line by a buffer of candidates, without all its items in memory; false where equal keys are among them or beside the last.
template <class Item, class KeyAt>
bool select_by_buffer(Item* best, int64_t capacity, int64_t k, int64_t n, KeyAt key_at) {
  int64_t count = 0;
  auto bound = key_at(0);  // of the k-th once there is one: nothing from it on is among the first k
  bool full = false;
  const auto cut = [&] {
    std::nth_element(best, best + k - 1, best + count);
    bound = best[k - 1].key();
    count = k;
  };
  for (int64_t i = 0; i < n; ++i) {
    const auto key = key_at(i);
    if (full && key >= bound) continue;
    if (count == capacity) {
      cut();
      full = true;
      if (key >= bound) continue;
    }
    best[count++] = Item::make(key, i);
  }
  if (count > k) cut();
  std::sort(best, best + k);
  for (int64_t i = 1; i < k; ++i)
    if (best[i].key() == best[i - 1].key()) return false;
  int64_t like_last = 0;
  for (int64_t i = 0; i < n; ++i) like_last += key_at(i) == best[k - 1].key();
  return like_last == 1;
}

template <class T, class Item>
void topk_lines(const Lines& lines, T* values, int64_t* indices, const T* in, bool largest) {
  const Key<T> flip = largest ? ~Key<T>(0) : 0;
  const int64_t n = lines.n, k = lines.k, capacity = std::min(n, std::max<int64_t>(2 * k, 256));
  if (k == 0) return;
  parallel_for(0, lines.loops.numel(), std::max<int64_t>(1, 8192 / std::max<int64_t>(n, 1)), [&](int64_t from, int64_t to) {
    std::vector<Item> items(static_cast<size_t>(capacity));
    lines.run(from, to, [&](int64_t v, int64_t x, int64_t at) {
      const auto key_at = [&](int64_t i) { return Key<T>(key_of(in[at + i * lines.in_step]) ^ flip); };
      const bool done =
          (k <= kInsertTo && insert_least(items.data(), k, n, key_at)) || (n > capacity && select_by_buffer(items.data(), capacity, k, n, key_at));
      if (!done) {
        items.resize(static_cast<size_t>(n));
        for (int64_t i = 0; i < n; ++i) items[size_t(i)] = Item::make(key_at(i), i);
        select_as_pytorch(items.data(), k, n);
      }
      for (int64_t i = 0; i < k; ++i) {
        const int64_t p = items[size_t(i)].position();
        values[v + i * lines.value_step] = in[at + p * lines.in_step];
        indices[x + i * lines.index_step] = p;
      }
    });
  });
}

}  // namespace

void sort(Tensor& values, Tensor& indices, const Tensor& in, int64_t dim, bool descending) {
  const Lines lines(values, indices, in, dim);
  for_ordered("sort", in.dtype(), lines.n, [&](auto t, auto item) {
    using T = decltype(t);
    sort_lines<T, decltype(item)>(lines, static_cast<T*>(values.address()), static_cast<int64_t*>(indices.address()),
                                  static_cast<const T*>(in.address()), descending);
  });
}

void topk(Tensor& values, Tensor& indices, const Tensor& in, int64_t dim, bool largest) {
  const Lines lines(values, indices, in, dim);
  for_ordered("topk", in.dtype(), lines.n, [&](auto t, auto item) {
    using T = decltype(t);
    topk_lines<T, decltype(item)>(lines, static_cast<T*>(values.address()), static_cast<int64_t*>(indices.address()),
                                  static_cast<const T*>(in.address()), largest);
  });
}

void register_sort() {
  sort_kernel.set(DeviceType::CPU, sort);
  topk_kernel.set(DeviceType::CPU, topk);
  median_kernel.set(DeviceType::CPU, median);
  searchsorted_kernel.set(DeviceType::CPU, searchsorted);
  bincount_kernel.set(DeviceType::CPU, bincount);
}

}  // namespace lazuli::cpu
