#include "lazuli/core/threads/together.h"

#include <algorithm>

#include "lazuli/core/memory/intrusive.h"
#include "lazuli/core/slots/events.h"
#include "lazuli/core/threads/parallel.h"

namespace lazuli {
namespace {
thread_local constinit Together* newest = nullptr;
constexpr int64_t kShare = 1 << 15;  // of all work, in parts of which each piece of `grain` elements has so many
}  // namespace

void* Together::Body::operator new(size_t bytes) { return pool_allocate(bytes); }
void Together::Body::operator delete(void* body, size_t bytes) { pool_free(body, bytes); }

Together::Together() : older_(std::exchange(newest, this)) {}
Together::~Together() {
  newest = older_;
  run();
}

Together* Together::open() { return detail::slots_watched ? nullptr : newest; }

void Together::run() {
  const std::vector<Work> work = std::exchange(work_, {});
  std::vector<int64_t> end;  // of each one's parts
  int64_t total = 0;
  for (const Work& w : work) end.push_back(total += (w.count * kShare + w.grain - 1) / w.grain);
  parallel_for(0, total, kShare, [&](int64_t from, int64_t to) {
    for (size_t i = size_t(std::upper_bound(end.begin(), end.end(), from) - end.begin()); i < work.size() && from < to; from = end[i++]) {
      const Work& w = work[i];
      const int64_t begin = i ? end[i - 1] : 0;
      const auto element = [&](int64_t part) { return part >= end[i] ? w.count : (part - begin) * w.grain / kShare; };
      if (const int64_t first = element(from), last = element(to); first < last) w.body->run(first, last);
    }
  });
}

}  // namespace lazuli
