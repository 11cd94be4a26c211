#include "lazuli/record/plan.h"

#include <fmt/format.h>

#include <algorithm>
#include <numeric>

#include "lazuli/core/error.h"

namespace lazuli::recording {
namespace {

constexpr int64_t kAlignment = 64;
int64_t aligned(int64_t bytes) { return (bytes + kAlignment - 1) / kAlignment * kAlignment; }

// Slots that read each element of an input only for the same element of their output, so that the two may be one.
bool is_pointwise(const ListedCall& call) {
  if (call.is_action()) return false;
  constexpr std::string_view names[] = {"unary", "binary", "binary_number", "ternary", "ternary_number"};
  return std::find(std::begin(names), std::end(names), std::string_view(call.slot->name)) != std::end(names);
}

// Buffers that lie one over the other are one group: the first of them stands for all.
class Groups {
 public:
  explicit Groups(size_t count) : of_(count) { std::iota(of_.begin(), of_.end(), 0); }
  int32_t of(int32_t buffer) {
    while (of_[size_t(buffer)] != buffer) buffer = of_[size_t(buffer)] = of_[size_t(of_[size_t(buffer)])];
    return buffer;
  }
  void join(int32_t older, int32_t newer) { of_[size_t(of(newer))] = of(older); }

 private:
  std::vector<int32_t> of_;
};

// The input whose place the output of a pointwise call takes; -1: none.
int32_t dying_input(const StepList& list, const std::vector<Lifetime>& lives, int32_t at) {
  const ListedCall& call = list.calls[size_t(at)];
  if (!is_pointwise(call)) return -1;
  const BufferView* out = nullptr;
  for (const CallArgument& a : call.arguments)
    if (a.kind == SlotArgument::Kind::Output) out = &a.views[0];
  if (!out || !out->defined()) return -1;
  const Buffer& target = list.buffers[size_t(out->buffer)];
  if (target.role != BufferRole::Temporary || lives[size_t(out->buffer)].first != at) return -1;
  const auto fits = [&](const BufferView& v) {
    const Buffer& source = list.buffers[size_t(v.buffer)];
    return v.buffer != out->buffer && source.role == BufferRole::Temporary && lives[size_t(v.buffer)].last == at && source.bytes == target.bytes &&
           source.device == target.device && v.dtype == out->dtype && v.offset == out->offset && v.sizes == out->sizes && v.strides == out->strides;
  };
  for (const CallArgument& a : call.arguments)
    for (const BufferView& v : a.views) {
      if (a.kind != SlotArgument::Kind::Input || !v.defined() || !fits(v)) continue;
      bool all = true;  // it is read nowhere else in this call
      call.for_each_view([&](const BufferView& other, bool) { all &= other.buffer != v.buffer || other == v; });
      if (all) return v.buffer;
    }
  return -1;
}

}  // namespace

MemoryPlan plan_memory(const StepList& list) {
  const size_t count = list.buffers.size();
  const std::vector<Lifetime> lives = lifetimes(list);
  MemoryPlan plan;
  plan.arena.assign(count, -1);
  plan.offset.assign(count, 0);

  Groups groups(count);
  for (int32_t i = 0; i < int32_t(list.calls.size()); ++i)
    if (const int32_t source = dying_input(list, lives, i); source >= 0) {
      list.calls[size_t(i)].for_each_view([&](const BufferView& v, bool written) {
        if (written) groups.join(source, v.buffer);
      });
      ++plan.in_place;
    }

  struct Block {
    int32_t group, first, last, arena;
    int64_t bytes, offset = 0;
  };
  std::vector<Block> blocks;
  std::vector<int32_t> block_of(count, -1);
  std::vector<int64_t> alive(list.calls.size() + 1, 0);
  for (size_t b = 0; b < count; ++b) {
    const Buffer& buffer = list.buffers[b];
    if (buffer.role != BufferRole::Temporary || lives[b].first < 0 || buffer.bytes == 0) continue;
    plan.separate_bytes += buffer.bytes;
    alive[size_t(lives[b].first)] += buffer.bytes;
    alive[size_t(lives[b].last) + 1] -= buffer.bytes;
    auto arena = std::find_if(plan.arenas.begin(), plan.arenas.end(), [&](const MemoryPlan::Arena& a) { return a.device == buffer.device; });
    if (arena == plan.arenas.end()) arena = plan.arenas.insert(plan.arenas.end(), {buffer.device, 0});
    plan.arena[b] = int32_t(arena - plan.arenas.begin());
    const int32_t group = groups.of(int32_t(b));
    int32_t& block = block_of[size_t(group)];
    if (block < 0) {
      block = int32_t(blocks.size());
      blocks.push_back({group, lives[b].first, lives[b].last, plan.arena[b], aligned(buffer.bytes)});
    }
    blocks[size_t(block)].first = std::min(blocks[size_t(block)].first, lives[b].first);
    blocks[size_t(block)].last = std::max(blocks[size_t(block)].last, lives[b].last);
  }
  int64_t now = 0;
  for (int64_t change : alive) plan.live_bytes = std::max(plan.live_bytes, now += change);

  std::vector<Block*> order, placed;  // `placed` by offset
  for (Block& block : blocks) order.push_back(&block);
  std::sort(order.begin(), order.end(),
            [](const Block* a, const Block* b) { return a->bytes != b->bytes ? a->bytes > b->bytes : a->first < b->first; });
  for (Block* block : order) {
    int64_t end = 0, best = -1, best_room = INT64_MAX;
    for (const Block* other : placed) {
      if (other->arena != block->arena || other->last < block->first || block->last < other->first) continue;
      if (const int64_t room = other->offset - end; room >= block->bytes && room < best_room) best = end, best_room = room;
      end = std::max(end, other->offset + other->bytes);
    }
    block->offset = best >= 0 ? best : end;
    int64_t& bytes = plan.arenas[size_t(block->arena)].bytes;
    bytes = std::max(bytes, block->offset + block->bytes);
    placed.insert(std::upper_bound(placed.begin(), placed.end(), block, [](const Block* a, const Block* b) { return a->offset < b->offset; }), block);
  }
  for (size_t b = 0; b < count; ++b)
    if (plan.arena[b] >= 0) plan.offset[b] = blocks[size_t(block_of[size_t(groups.of(int32_t(b)))])].offset;
  return plan;
}

void check_plan(const StepList& list, const MemoryPlan& plan) {
  const std::vector<Lifetime> lives = lifetimes(list);
  std::vector<int32_t> order;
  for (size_t b = 0; b < list.buffers.size(); ++b)
    if (plan.arena[b] >= 0) order.push_back(int32_t(b));
  for (size_t i = 0; i < order.size(); ++i)
    for (size_t k = i + 1; k < order.size(); ++k) {
      size_t a = size_t(order[i]), b = size_t(order[k]);
      if (lives[b].first < lives[a].first) std::swap(a, b);
      const bool apart = plan.arena[a] != plan.arena[b] || plan.offset[a] + list.buffers[a].bytes <= plan.offset[b] ||
                         plan.offset[b] + list.buffers[b].bytes <= plan.offset[a];
      if (apart || lives[a].last < lives[b].first) continue;
      if (lives[a].last == lives[b].first && dying_input(list, lives, lives[b].first) >= 0 && plan.offset[a] == plan.offset[b]) continue;
      fail(ErrorKind::State, "record", "plan", "buffers apart that are needed at the same time",
           fmt::format("%{} over %{} at call {}", b, a, lives[b].first));
    }
}

std::string to_string(const StepList& list, const MemoryPlan& plan) {
  const std::vector<Lifetime> lives = lifetimes(list);
  std::string text;
  for (const MemoryPlan::Arena& arena : plan.arenas) text += fmt::format("{} bytes on {}\n", arena.bytes, to_string(arena.device));
  text += fmt::format("temporary buffers: {} bytes each by itself, at most {} at a time, {} outputs in place\n", plan.separate_bytes, plan.live_bytes,
                      plan.in_place);
  std::vector<int64_t> alive(list.calls.size(), 0);
  for (size_t b = 0; b < list.buffers.size(); ++b)
    if (plan.arena[b] >= 0)
      for (int32_t i = lives[b].first; i <= lives[b].last; ++i) alive[size_t(i)] += list.buffers[b].bytes;
  const auto highest = std::max_element(alive.begin(), alive.end());
  if (highest == alive.end() || *highest == 0) return text;
  const size_t rows = std::min<size_t>(alive.size(), 32);
  for (size_t r = 0; r < rows; ++r) {  // each row the highest of its calls
    const size_t from = r * alive.size() / rows, to = (r + 1) * alive.size() / rows;
    const size_t at = size_t(std::max_element(alive.begin() + int64_t(from), alive.begin() + int64_t(std::max(to, from + 1))) - alive.begin());
    text += fmt::format("{:>6} {:>14} {:<40} {}\n", at, alive[at], std::string(size_t(40 * alive[at] / *highest), '#'), name_of(list.calls[at]));
  }
  const auto at = int32_t(highest - alive.begin());
  std::map<std::string, int64_t> by_module;
  for (size_t b = 0; b < list.buffers.size(); ++b)
    if (plan.arena[b] >= 0 && lives[b].first <= at && at <= lives[b].last)
      by_module[list.calls[size_t(lives[b].first)].module] += list.buffers[b].bytes;
  std::vector<std::pair<int64_t, std::string>> most;
  for (const auto& [module, bytes] : by_module) most.emplace_back(bytes, module.empty() ? "(no module)" : module);
  std::sort(most.rbegin(), most.rend());
  text += fmt::format("at call {}, where it is highest:\n", at);
  for (size_t i = 0; i < std::min<size_t>(most.size(), 12); ++i) text += fmt::format("{:>14} {}\n", most[i].first, most[i].second);
  return text;
}

}  // namespace lazuli::recording
