#include "lazuli/record/plan.h"

#include <fmt/format.h>

#include <algorithm>
#include <numeric>

#include "lazuli/core/error.h"
#include "lazuli/core/slots.h"
#include "lazuli/core/slots/fused_slots.h"
#include "lazuli/core/slots/normalization_slots.h"
#include "lazuli/record/side_by_side.h"

namespace lazuli::recording {
namespace {

constexpr int64_t kAlignment = 64;
int64_t aligned(int64_t bytes) { return (bytes + kAlignment - 1) / kAlignment * kAlignment; }

bool reduces(const ListedCall& fused) {
  for (const CallArgument& a : fused.arguments)
    if (const auto* program = a.as<FusedProgram>())
      for (int i = 0; i < program->step_count(); ++i)
        if (program->step(i).kind == FusedStep::Kind::Reduce) return true;
  return false;
}

bool is_placed(const Buffer& buffer) { return buffer.bytes > 0 && (buffer.role == BufferRole::Temporary || buffer.planned); }

// Whether output `out` of a call may lie over input `in`, where they are the same elements: each element is read before that of the output is written, and never again.
bool may_overwrite(const ListedCall& call, size_t out, size_t in) {
  const KernelBase* slot = call.slot;
  if (slot == &fused_kernel) return !reduces(call);
  if (call.device.is_cpu()) {  // by rows or blocks, whose last pass writes, or the first, which nobody reads again
    if (slot == &cross_entropy_backward_kernel || slot == &layer_norm_backward_kernel || slot == &batch_norm_backward_kernel ||
        slot == &group_norm_backward_kernel)
      return out == 0 && in == 3;
    if (slot == &batch_norm_relu_backward_kernel) return out <= 1 && (in == 4 || in == 5);
  }
  return slot == &unary_kernel || slot == &binary_kernel || slot == &binary_number_kernel || slot == &ternary_kernel ||
         slot == &ternary_number_kernel;
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

struct Over {
  int32_t input, output;
};

// When what runs: lives of buffers, and for lists with calls side by side who is done before whom.
struct Times {
  std::vector<Lifetime> lives;
  Order order;
  std::vector<std::vector<int32_t>> users;  // of each buffer, in a list with calls side by side

  explicit Times(const StepList& list) : lives(lifetimes(list)), order(list) {
    if (list.side_by_side.empty()) return;
    users.resize(list.buffers.size());
    for (int32_t i = 0; i < int32_t(list.calls.size()); ++i)
      list.calls[size_t(i)].for_each_view([&](const BufferView& v, bool) {
        if (auto& all = users[size_t(v.buffer)]; all.empty() || all.back() != i) all.push_back(i);
      });
  }
  // Whether nobody has to do with `input` while or after `call` runs, nor with `output` before or while.
  bool parts(int32_t input, int32_t call, int32_t output) const {
    if (users.empty()) return true;
    const auto all = [](const std::vector<int32_t>& calls, auto&& holds) { return std::all_of(calls.begin(), calls.end(), holds); };
    return all(users[size_t(input)], [&](int32_t u) { return u == call || order.before(u, call); }) &&
           all(users[size_t(output)], [&](int32_t u) { return u == call || order.before(call, u); });
  }
  // Whether all that has to do with `a` is done before anything begins that has to do with `b`.
  bool before(int32_t a, int32_t b) const {
    if (lives[size_t(a)].last >= lives[size_t(b)].first) return false;
    if (users.empty()) return true;
    for (const int32_t x : users[size_t(a)])
      for (const int32_t y : users[size_t(b)])
        if (!order.before(x, y)) return false;
    return true;
  }
};

// The inputs of a call whose place its outputs take.
std::vector<Over> dying_inputs(const StepList& list, const Times& times, int32_t at) {
  const std::vector<Lifetime>& lives = times.lives;
  const ListedCall& call = list.calls[size_t(at)];
  std::vector<Over> all;
  if (call.is_action()) return all;
  const auto dies = [&](const BufferView& v, const BufferView& out) {
    const Buffer &source = list.buffers[size_t(v.buffer)], &target = list.buffers[size_t(out.buffer)];
    if (v.buffer == out.buffer || source.role != BufferRole::Temporary || lives[size_t(v.buffer)].last != at) return false;
    if (source.bytes != target.bytes || !(source.device == target.device)) return false;
    if (v.dtype != out.dtype || v.offset != out.offset || !(v.sizes == out.sizes) || !(v.strides == out.strides)) return false;
    bool alone = true;  // it is read nowhere else in this call, and no other output has its place
    call.for_each_view([&](const BufferView& other, bool) { alone &= other.buffer != v.buffer || other == v; });
    for (const Over& o : all) alone &= o.input != v.buffer;
    return alone && times.parts(v.buffer, at, out.buffer);
  };
  const auto find = [&](size_t k) {
    const BufferView& out = call.arguments[k].views[0];
    if (!out.defined() || !is_placed(list.buffers[size_t(out.buffer)]) || lives[size_t(out.buffer)].first != at) return;
    for (size_t i = 0; i < call.arguments.size(); ++i) {
      const CallArgument& a = call.arguments[i];
      if (!a.is_tensor() || a.kind == SlotArgument::Kind::Output || !may_overwrite(call, k, i)) continue;
      for (const BufferView& v : a.views)
        if (v.defined() && dies(v, out)) return all.push_back({v.buffer, out.buffer});
    }
  };
  for (size_t k = 0; k < call.arguments.size(); ++k)
    if (call.arguments[k].kind == SlotArgument::Kind::Output) find(k);
  return all;
}

struct Block {
  int32_t first, last, arena;
  int64_t bytes, offset = 0;
};

// Places blocks one after the other, each into the least gap that it fits; the bytes of the arenas together.
int64_t place(const std::vector<Block*>& order, std::vector<MemoryPlan::Arena>& arenas) {
  for (MemoryPlan::Arena& arena : arenas) arena.bytes = 0;
  std::vector<Block*> placed;  // by offset
  for (Block* block : order) {
    int64_t end = 0, best = -1, best_room = INT64_MAX;
    for (const Block* other : placed) {
      if (other->arena != block->arena || other->last < block->first || block->last < other->first) continue;
      if (const int64_t room = other->offset - end; room >= block->bytes && room < best_room) best = end, best_room = room;
      end = std::max(end, other->offset + other->bytes);
    }
    block->offset = best >= 0 ? best : end;
    int64_t& bytes = arenas[size_t(block->arena)].bytes;
    bytes = std::max(bytes, block->offset + block->bytes);
    placed.insert(std::upper_bound(placed.begin(), placed.end(), block, [](const Block* a, const Block* b) { return a->offset < b->offset; }), block);
  }
  int64_t total = 0;
  for (const MemoryPlan::Arena& arena : arenas) total += arena.bytes;
  return total;
}

// The bytes of blocks that are needed at the same time, at most: nothing takes less.
int64_t least_bytes(const std::vector<Block>& blocks, size_t arenas, size_t calls) {
  int64_t all = 0;
  for (size_t a = 0; a < arenas; ++a) {
    std::vector<int64_t> bytes(calls + 1, 0);
    for (const Block& b : blocks)
      if (size_t(b.arena) == a) bytes[size_t(b.first)] += b.bytes, bytes[size_t(b.last) + 1] -= b.bytes;
    std::partial_sum(bytes.begin(), bytes.end(), bytes.begin());
    all += *std::max_element(bytes.begin(), bytes.end());
  }
  return all;
}

// Large ones first, then again and again with those that lie highest before all others; the best of these.
void pack(std::vector<Block>& blocks, std::vector<MemoryPlan::Arena>& arenas, size_t calls) {
  constexpr int64_t kSmall = 1 << 20;  // not worth a long search
  constexpr size_t kMostRounds = 64, kRoundsOfSmall = 8, kMostWork = 20'000'000;
  const int64_t least = least_bytes(blocks, arenas.size(), calls);
  std::vector<Block*> order, best_order;
  for (Block& block : blocks) order.push_back(&block);
  std::sort(order.begin(), order.end(),
            [](const Block* a, const Block* b) { return a->bytes != b->bytes ? a->bytes > b->bytes : a->first < b->first; });
  int64_t best = INT64_MAX, now = 0;
  const size_t rounds = std::clamp<size_t>(kMostWork / (blocks.size() * blocks.size() + 1), 1, least < kSmall ? kRoundsOfSmall : kMostRounds);
  for (size_t round = 0; round < rounds && best > least; ++round) {
    now = place(order, arenas);
    if (now < best) best = now, best_order = order;
    std::stable_partition(order.begin(), order.end(), [&](const Block* b) { return b->offset + b->bytes == arenas[size_t(b->arena)].bytes; });
  }
  if (now != best) place(best_order, arenas);
}

// Outputs that lie over an input, with the call that decides it.
struct OverAt : Over {
  int32_t call;
};
std::vector<OverAt> all_over(const StepList& list, const Times& times) {
  std::vector<OverAt> all;
  for (int32_t i = 0; i < int32_t(list.calls.size()); ++i)
    for (const Over& over : dying_inputs(list, times, i)) all.push_back({over, i});
  return all;
}

std::vector<int64_t> live_bytes(const StepList& list, const std::vector<Lifetime>& lives, const std::vector<OverAt>& over) {
  std::vector<int64_t> bytes(list.calls.size() + 1, 0);  // first what changes
  for (size_t b = 0; b < list.buffers.size(); ++b) {
    if (!is_placed(list.buffers[b]) || lives[b].first < 0) continue;
    bytes[size_t(lives[b].open)] += list.buffers[b].bytes;
    bytes[size_t(lives[b].last) + 1] -= list.buffers[b].bytes;
  }
  for (const OverAt& o : over) {
    bytes[size_t(std::max(lives[size_t(o.input)].open, lives[size_t(o.output)].open))] -= list.buffers[size_t(o.output)].bytes;
    bytes[size_t(o.call) + 1] += list.buffers[size_t(o.output)].bytes;
  }
  std::partial_sum(bytes.begin(), bytes.end(), bytes.begin());
  bytes.pop_back();
  return bytes;
}

}  // namespace

MemoryPlan plan_memory(const StepList& list) {
  const size_t count = list.buffers.size();
  const Times times(list);
  const std::vector<Lifetime>& lives = times.lives;
  MemoryPlan plan;
  plan.arena.assign(count, -1);
  plan.offset.assign(count, 0);

  const std::vector<OverAt> over = all_over(list, times);
  Groups groups(count);
  for (const Over& o : over) groups.join(o.input, o.output);
  plan.in_place = int64_t(over.size());
  std::vector<Block> blocks;
  std::vector<int32_t> block_of(count, -1);
  for (size_t b = 0; b < count; ++b) {
    const Buffer& buffer = list.buffers[b];
    if (!is_placed(buffer) || lives[b].first < 0) continue;
    plan.separate_bytes += buffer.bytes;
    auto arena = std::find_if(plan.arenas.begin(), plan.arenas.end(), [&](const MemoryPlan::Arena& a) { return a.device == buffer.device; });
    if (arena == plan.arenas.end()) arena = plan.arenas.insert(plan.arenas.end(), {buffer.device, 0});
    plan.arena[b] = int32_t(arena - plan.arenas.begin());
    int32_t& block = block_of[size_t(groups.of(int32_t(b)))];
    if (block < 0) {
      block = int32_t(blocks.size());
      blocks.push_back({lives[b].open, lives[b].last, plan.arena[b], aligned(buffer.bytes)});
    }
    blocks[size_t(block)].first = std::min(blocks[size_t(block)].first, lives[b].open);
    blocks[size_t(block)].last = std::max(blocks[size_t(block)].last, lives[b].last);
  }
  for (const int64_t bytes : live_bytes(list, lives, over)) plan.live_bytes = std::max(plan.live_bytes, bytes);
  pack(blocks, plan.arenas, list.calls.size());
  for (size_t b = 0; b < count; ++b)
    if (plan.arena[b] >= 0) plan.offset[b] = blocks[size_t(block_of[size_t(groups.of(int32_t(b)))])].offset;
  return plan;
}

std::vector<int64_t> live_bytes(const StepList& list) {
  const Times times(list);
  return live_bytes(list, times.lives, all_over(list, times));
}

void check_plan(const StepList& list, const MemoryPlan& plan) {
  const Times times(list);
  const std::vector<Lifetime>& lives = times.lives;
  std::vector<int32_t> order;
  for (size_t b = 0; b < list.buffers.size(); ++b)
    if (plan.arena[b] >= 0) order.push_back(int32_t(b));
  for (size_t i = 0; i < order.size(); ++i)
    for (size_t k = i + 1; k < order.size(); ++k) {
      size_t a = size_t(order[i]), b = size_t(order[k]);
      if (lives[b].first < lives[a].first) std::swap(a, b);
      const bool apart = plan.arena[a] != plan.arena[b] || plan.offset[a] + list.buffers[a].bytes <= plan.offset[b] ||
                         plan.offset[b] + list.buffers[b].bytes <= plan.offset[a];
      if (apart || times.before(int32_t(a), int32_t(b))) continue;
      if (lives[a].last == lives[b].first && plan.offset[a] == plan.offset[b]) {
        const std::vector<Over> over = dying_inputs(list, times, lives[b].first);
        if (std::any_of(over.begin(), over.end(), [&](const Over& o) { return size_t(o.input) == a && size_t(o.output) == b; })) continue;
      }
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
  const std::vector<int64_t> alive = live_bytes(list);
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
