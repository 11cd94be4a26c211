#include "lazuli/record/side_by_side.h"

#include <algorithm>

namespace lazuli::recording {
namespace {

constexpr double kInfinite = std::numeric_limits<double>::infinity();

struct Bytes {
  int64_t begin, end;
};

Bytes bytes_of(const BufferView& v) {
  int64_t first = v.offset, last = v.offset;
  for (int64_t d = 0; d < int64_t(v.sizes.size()); ++d) (v.strides[d] < 0 ? first : last) += v.strides[d] * (v.sizes[d] - 1);
  return {first * item_size(v.dtype), (last + 1) * item_size(v.dtype)};
}

// Which memory a buffer is part of: storages over the same bytes count as one, and places in it are addresses.
struct Memory {
  std::vector<int32_t> of;
  std::vector<int64_t> base;

  explicit Memory(const StepList& list) : of(list.buffers.size()), base(list.buffers.size(), 0) {
    struct Owned {
      int64_t begin, end;
      int32_t buffer;
    };
    std::vector<Owned> owned;
    for (size_t b = 0; b < list.buffers.size(); ++b) {
      const Buffer& buffer = list.buffers[b];
      of[b] = int32_t(b);
      if (buffer.planned || !buffer.storage || !buffer.storage->bytes()) continue;
      const auto address = int64_t(reinterpret_cast<intptr_t>(buffer.storage->data()));
      owned.push_back({address, address + buffer.storage->bytes(), int32_t(b)});
      base[b] = address;
    }
    std::sort(owned.begin(), owned.end(), [](const Owned& a, const Owned& b) { return a.begin < b.begin; });
    int64_t end = 0;
    for (size_t i = 0; i < owned.size(); ++i) {
      if (i && owned[i].begin < end) of[size_t(owned[i].buffer)] = of[size_t(owned[i - 1].buffer)];
      end = std::max(end, owned[i].end);
    }
  }
};

// Whether one writes what the other reads or writes.
bool conflict(const StepList& list, const Memory& memory, size_t a, size_t b) {
  bool any = false;
  list.calls[a].for_each_view([&](const BufferView& x, bool x_written) {
    list.calls[b].for_each_view([&](const BufferView& y, bool y_written) {
      const auto p = size_t(x.buffer), q = size_t(y.buffer);
      if (memory.of[p] != memory.of[q] || !(x_written || y_written) || x.sizes.numel() == 0 || y.sizes.numel() == 0) return;
      const Bytes one = bytes_of(x), other = bytes_of(y);
      any |= memory.base[p] + one.begin < memory.base[q] + other.end && memory.base[q] + other.begin < memory.base[p] + one.end;
    });
  });
  return any;
}

// The calls before each of [from, to) that have to be done first, as far as they are among these and no others tell the same.
std::vector<std::vector<int32_t>> dependencies(const StepList& list, const Memory& memory, int32_t from, int32_t to) {
  struct Access {
    int32_t call;
    Bytes bytes;
    bool writes;
  };
  std::vector<std::vector<Access>> accesses(list.buffers.size());
  std::vector<std::vector<int32_t>> all(size_t(to - from));
  for (int32_t i = from; i < to; ++i) {
    std::vector<int32_t>& first = all[size_t(i - from)];
    list.calls[size_t(i)].for_each_view([&](const BufferView& v, bool writes) {
      if (v.sizes.numel() == 0) return;
      const auto b = size_t(v.buffer);
      Bytes bytes = bytes_of(v);
      bytes.begin += memory.base[b], bytes.end += memory.base[b];
      std::vector<Access>& before = accesses[size_t(memory.of[b])];
      bool covers = writes;
      for (const Access& a : before) {
        covers &= bytes.begin <= a.bytes.begin && a.bytes.end <= bytes.end;
        if (a.call != i && (writes || a.writes) && a.bytes.begin < bytes.end && bytes.begin < a.bytes.end) first.push_back(a.call);
      }
      if (covers) before.clear();  // whoever comes after it comes after those
      before.push_back({i, bytes, writes});
    });
    std::sort(first.begin(), first.end());
    first.erase(std::unique(first.begin(), first.end()), first.end());
  }
  return all;
}

// What a call reads and writes: bytes of which memory.
struct Touched {
  int32_t memory;
  int64_t bytes;
  bool written, made_here;  // the latter: temporary
};
std::vector<Touched> touched_by(const StepList& list, const Memory& memory, const ListedCall& call) {
  std::vector<Touched> all;
  call.for_each_view([&](const BufferView& v, bool written) {
    if (v.sizes.numel() == 0) return;
    const Bytes bytes = bytes_of(v);
    all.push_back({memory.of[size_t(v.buffer)], bytes.end - bytes.begin, written, list.buffers[size_t(v.buffer)].role == BufferRole::Temporary});
  });
  return all;
}

// Calls from one on, each in the lane where it is done first. What lies in the cache of another lane's thread has to come from there.
class Placing {
 public:
  Placing(int32_t begin, const SideBySideOptions& options, size_t memories)
      : begin_(begin), move_(options.move), free_(size_t(options.lanes), 0.0), where_(memories, 0) {}
  void add(const std::vector<int32_t>& first, const std::vector<Touched>& touched, double seconds) {
    constexpr double kMeeting = 3e-7;  // until one thread sees that another has done something
    size_t best = 0;
    double best_end = kInfinite;
    for (size_t lane = 0; lane < free_.size(); ++lane) {
      double start = free_[lane];
      for (const int32_t f : first)
        if (f >= begin_) start = std::max(start, ends_[size_t(f - begin_)] + (lane_[size_t(f - begin_)] == lane ? 0 : kMeeting));
      double far = 0;  // bytes
      for (const Touched& t : touched) {
        const uint8_t where = where_[size_t(t.memory)];
        if (where >> lane & 1) continue;
        if (where) far += double(t.bytes);
        else if (!t.made_here) far += double(t.bytes) / 2;  // all threads have had a part of it
        else if (lane) far += double(t.bytes);              // what comes before a group is the first thread's
      }
      if (const double end = start + seconds + move_ * far; end < best_end) best = lane, best_end = end;
    }
    for (const Touched& t : touched) {
      uint8_t& where = where_[size_t(t.memory)];
      where = uint8_t((t.written ? 0 : where) | 1 << best);
    }
    free_[best] = best_end;
    most_ = std::max(most_, best_end);
    lane_.push_back(uint8_t(best));
    ends_.push_back(best_end);
    used_ = std::max(used_, best + 1);
  }
  double seconds() const { return most_; }
  size_t used() const { return used_; }
  const std::vector<uint8_t>& lanes() const { return lane_; }

 private:
  int32_t begin_;
  double move_;
  std::vector<double> free_, ends_;
  std::vector<uint8_t> lane_, where_;  // where: a bit for each lane that has seen it
  double most_ = 0;
  size_t used_ = 0;
};

}  // namespace

std::vector<SideBySide> find_side_by_side(const StepList& list, std::span<const CallCost> costs, const SideBySideOptions& options) {
  const auto count = int32_t(list.calls.size());
  const Memory memory(list);
  std::vector<std::vector<Touched>> touched;
  for (const ListedCall& call : list.calls) touched.push_back(touched_by(list, memory, call));
  const auto place = [&](int32_t begin, int32_t end, const std::vector<std::vector<int32_t>>& first, int32_t from, auto&& each) {
    Placing placing(begin, options, list.buffers.size());
    for (int32_t i = begin; i < end; ++i) {
      placing.add(first[size_t(i - from)], touched[size_t(i)], costs[size_t(i)].alone);
      each(i, placing);
    }
    return placing;
  };
  std::vector<double> least(size_t(count) + 1, kInfinite);  // of all calls before
  std::vector<int32_t> begin_of(size_t(count) + 1, -1);     // of the group that ends there
  std::vector<SideBySide> groups;
  least[0] = 0;
  for (int32_t from = 0; from < count;) {
    int32_t to = from;
    while (to < count && costs[size_t(to)].alone < kInfinite) ++to;
    const auto first = dependencies(list, memory, from, to);
    for (int32_t begin = from; begin < to; ++begin) {
      const double one = least[size_t(begin)] + costs[size_t(begin)].spread;
      if (one < least[size_t(begin) + 1]) least[size_t(begin) + 1] = one, begin_of[size_t(begin) + 1] = -1;
      place(begin, std::min(to, begin + options.longest), first, from, [&](int32_t i, const Placing& now) {
        const double all = least[size_t(begin)] + options.wake + now.seconds();
        if (now.used() > 1 && all < least[size_t(i) + 1]) least[size_t(i) + 1] = all, begin_of[size_t(i) + 1] = begin;
      });
    }
    std::vector<SideBySide> found;
    for (int32_t end = to; end > from;) {
      const int32_t begin = begin_of[size_t(end)];
      if (begin >= 0) found.push_back({begin, end, place(begin, end, first, from, [](int32_t, const Placing&) {}).lanes()});
      end = begin >= 0 ? begin : end - 1;
    }
    groups.insert(groups.end(), found.rbegin(), found.rend());
    if (to < count) least[size_t(to) + 1] = least[size_t(to)] + costs[size_t(to)].spread;
    from = to + 1;
  }
  return groups;
}

bool could_run_side_by_side(const StepList& list) {
  const auto on_host = [](const ListedCall& call) { return call.is_action() || call.device.is_cpu(); };
  if (!std::all_of(list.calls.begin(), list.calls.end(), on_host)) return false;
  const Memory memory(list);
  for (int32_t i = 0; i + 1 < int32_t(list.calls.size()); ++i)  // where each waits for the one just before it, all wait for each other
    if (!list.calls[size_t(i)].is_action() && !list.calls[size_t(i) + 1].is_action() && !conflict(list, memory, size_t(i), size_t(i) + 1))
      return true;
  return false;
}

Order::Order(const StepList& list) {
  if (list.side_by_side.empty()) return;
  group_of_.assign(list.calls.size(), -1);
  for (const SideBySide& calls : list.side_by_side) add(list, calls);
}

void Order::add(const StepList& list, const SideBySide& calls) {
  const auto first = dependencies(list, Memory(list), calls.begin, calls.end);
  Group g;
  g.calls = calls;
  g.lanes.resize(size_t(calls.lanes()));
  for (int32_t i = calls.begin; i < calls.end; ++i) {
    const auto k = size_t(i - calls.begin);
    const size_t lane = calls.lane[k];
    group_of_[size_t(i)] = int32_t(groups_.size());
    std::vector<int32_t> done(g.lanes.size(), 0);
    const auto know = [&](int32_t call) {  // it is done, and what was done when it began
      const auto c = size_t(call - calls.begin);
      for (size_t l = 0; l < done.size(); ++l) done[l] = std::max(done[l], g.done[c][l]);
      done[calls.lane[c]] = std::max(done[calls.lane[c]], g.place[c] + 1);
    };
    if (!g.lanes[lane].empty()) know(g.lanes[lane].back());
    std::vector<int32_t> needed(g.lanes.size(), 0);
    for (const int32_t f : first[k]) {
      const auto c = size_t(f - calls.begin);
      needed[calls.lane[c]] = std::max(needed[calls.lane[c]], g.place[c] + 1);
    }
    std::vector<Wait>& waits = g.waits.emplace_back();
    for (size_t l = 0; l < needed.size(); ++l)
      if (needed[l] > done[l]) waits.push_back({uint8_t(l), needed[l]});
    for (const int32_t f : first[k]) know(f);
    g.place.push_back(int32_t(g.lanes[lane].size()));
    g.done.push_back(std::move(done));
    g.lanes[lane].push_back(i);
  }
  groups_.push_back(std::move(g));
}

bool Order::before(int32_t a, int32_t b) const {
  if (a >= b || group_of_.empty() || group_of_[size_t(a)] < 0 || group_of_[size_t(a)] != group_of_[size_t(b)]) return a < b;
  const Group& g = groups_[size_t(group_of_[size_t(a)])];
  const auto x = size_t(a - g.calls.begin), y = size_t(b - g.calls.begin);
  return g.calls.lane[x] == g.calls.lane[y] || g.done[y][g.calls.lane[x]] > g.place[x];
}

int32_t Order::first_open(int32_t call) const {
  if (group_of_.empty() || group_of_[size_t(call)] < 0) return call;
  const Group& g = groups_[size_t(group_of_[size_t(call)])];
  const auto k = size_t(call - g.calls.begin);
  int32_t open = call;
  for (size_t l = 0; l < g.lanes.size(); ++l)
    if (const auto done = size_t(g.done[k][l]); l != g.calls.lane[k] && done < g.lanes[l].size()) open = std::min(open, g.lanes[l][done]);
  return open;
}

std::vector<Order::Wait> Order::waits(int32_t call) const {
  if (group_of_.empty() || group_of_[size_t(call)] < 0) return {};
  const Group& g = groups_[size_t(group_of_[size_t(call)])];
  return g.waits[size_t(call - g.calls.begin)];
}

}  // namespace lazuli::recording
