#include "lazuli/core/sharded_state.h"

#include <algorithm>

#include "lazuli/core/error.h"
#include "lazuli/core/factory.h"
#include "lazuli/core/tensor/registration.h"

namespace lazuli {
namespace {

constexpr int64_t kLeastToCut = 1 << 14;  // elements: below, another file's entry costs more than it shares

Tensor flattened(const Tensor& t) {
  const Tensor dense = alias(t).contiguous();
  return alias(dense, {dense.numel()}, {1}, dense.storage_offset());
}

class Under : public PartReader {
 public:
  Under(const PartReader& all, std::string prefix) : all_(all), prefix_(std::move(prefix)) {}
  std::vector<std::string> names() const override {
    std::vector<std::string> some;
    for (const std::string& name : all_.names())
      if (name.starts_with(prefix_)) some.push_back(name.substr(prefix_.size()));
    return some;
  }
  Shape sizes(const std::string& name) const override { return all_.sizes(prefix_ + name); }
  Tensor read(const std::string& name, int64_t begin, int64_t end) const override { return all_.read(prefix_ + name, begin, end); }

 private:
  const PartReader& all_;
  std::string prefix_;
};

struct PartMark : Registration {};

}  // namespace

void mark_as_part(const Tensor& t) { t.body()->lazy = std::make_unique<PartMark>(); }

void check_whole(std::string_view op, std::string_view argument, const Tensor& t, const std::string& instead) {
  if (t.defined() && dynamic_cast<const PartMark*>(t.body()->lazy.get()))
    fail(op, argument, "whole tensors (" + instead + ")", "this process's part of one");
}

const TensorPart* ShardedState::find(std::string_view name) const {
  for (const Entry& e : entries_)
    if (e.first == name) return &e.second;
  return nullptr;
}

void ShardedState::add(std::string name, TensorPart part) {
  if (!part.values.defined()) fail_undefined("ShardedState.add", "part");
  if (find(name)) fail("ShardedState.add", "name", "each name once", "'" + name + "' again");
  if (part.values.dim() != 1 || part.begin < 0 || part.end() > part.sizes.numel())
    fail("ShardedState.add", "part", "elements of a tensor of sizes " + to_string(part.sizes) + ", in one dimension",
         to_string(part.values.sizes()) + " from " + std::to_string(part.begin) + " on");
  entries_.emplace_back(std::move(name), std::move(part));
}
void ShardedState::add(std::string name, const Tensor& whole) {
  if (!whole.defined()) fail_undefined("ShardedState.add", "whole");
  add(std::move(name), TensorPart{whole.sizes(), 0, flattened(whole)});
}
void ShardedState::merge(const ShardedState& other, std::string_view prefix) {
  for (const Entry& e : other) add(std::string(prefix) + e.first, e.second);
}

Tensor PartReader::read(const std::string& name) const {
  const Shape all = sizes(name);
  const Tensor flat = read(name, 0, all.numel());
  Shape strides = Shape::filled(all.size(), 1);
  for (int64_t d = all.size() - 1; d-- > 0;) strides[d] = strides[d + 1] * std::max(all[d + 1], int64_t(1));
  return alias(flat, all, strides, flat.storage_offset());
}
StateDict PartReader::state_dict() const {
  std::vector<StateDict::Entry> entries;
  for (const std::string& name : names()) entries.emplace_back(name, read(name));
  return StateDict(std::move(entries));
}
bool PartReader::contains(const std::string& name) const {
  const std::vector<std::string> all = names();
  return std::find(all.begin(), all.end(), name) != all.end();
}
std::unique_ptr<PartReader> PartReader::under(const std::string& prefix) const { return std::make_unique<Under>(*this, prefix); }

std::function<std::vector<std::string>(const std::string& own)> Ranks::alone() {
  return [](const std::string& own) { return std::vector<std::string>{own}; };
}

ShardedState shared_out(const StateDict& same_everywhere, int rank, int ranks) {
  ShardedState own;
  int turn = 0;
  for (const auto& [name, t] : same_everywhere) {
    const int64_t count = t.numel();
    if (count < kLeastToCut) {
      if (turn++ % ranks == rank) own.add(name, t);
      continue;
    }
    const Tensor flat = flattened(t);
    const int64_t begin = count * rank / ranks, end = count * (rank + 1) / ranks;
    own.add(name, {t.sizes(), begin, alias(flat, {end - begin}, {1}, flat.storage_offset() + begin)});
  }
  return own;
}

}  // namespace lazuli
