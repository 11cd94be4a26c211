// median: a line becomes items (key, position), of which the one in the middle is selected; no other is put in its place.
#include <algorithm>
#include <vector>

#include "lazuli/backends/cpu/index/sort.h"
#include "lazuli/backends/cpu/index/sort_lines.h"
#include "lazuli/core/threads/parallel.h"

namespace lazuli::cpu {
namespace {

template <class T>
bool is_nan(T x) {
  if constexpr (std::floating_point<T> || is_reduced_float<T>) return key_of(x) == ~Key<T>(0);
  else return false;
}

template <class T, class Item>
int64_t middle_of(Item* items, const T* line, int64_t step, int64_t n, bool pass_nan) {
  int64_t count = 0, nan = -1;
  for (int64_t i = 0; i < n; ++i) {
    const T x = line[i * step];
    if (is_nan(x)) nan = nan < 0 ? i : nan;
    else items[count++] = Item::make(key_of(x), i);
  }
  if (nan >= 0 && (!pass_nan || count == 0)) return nan;
  std::nth_element(items, items + (count - 1) / 2, items + count);
  return items[(count - 1) / 2].position();
}

}  // namespace

void median(Tensor& values, Tensor& indices, const Tensor& in, int64_t dim, bool pass_nan) {
  const Lines lines(values, indices, in, dim);
  for_ordered("median", in.dtype(), lines.n, [&](auto t, auto item) {
    using T = decltype(t);
    using Item = decltype(item);
    T* to = static_cast<T*>(values.address());
    int64_t* places = static_cast<int64_t*>(indices.address());
    const T* from = static_cast<const T*>(in.address());
    parallel_for(0, lines.loops.numel(), std::max<int64_t>(1, 4096 / std::max<int64_t>(lines.n, 1)), [&](int64_t first, int64_t last) {
      std::vector<Item> items(static_cast<size_t>(lines.n));
      lines.run(first, last, [&](int64_t v, int64_t x, int64_t at) {
        places[x] = middle_of(items.data(), from + at, lines.in_step, lines.n, pass_nan);
        to[v] = from[at + places[x] * lines.in_step];
      });
    });
  });
}

}  // namespace lazuli::cpu
