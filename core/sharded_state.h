#pragma once
#include <functional>

#include "lazuli/core/state_dict.h"

/// State of which several processes have a part each, as it goes to and comes from files: rooms that know processes make it, those that know files keep it.
namespace lazuli {

/// Elements of a tensor of these sizes, flattened row by row: those from `begin` on, which `values` [count] holds.
struct TensorPart {
  Shape sizes = {};
  int64_t begin = 0;
  Tensor values = {};
  int64_t end() const { return begin + values.numel(); }
};

/// Says of a tensor that it is one process's part of a parameter which several have together; what looks at more than single elements (an optimizer's norms and products) refuses it.
void mark_as_part(const Tensor& t);
/// Throws Error for one, which says what there is for it `instead`.
void check_whole(std::string_view op, std::string_view argument, const Tensor& t, const std::string& instead);

/// What one process has of a state: parts of tensors by name, in order. Together the processes' parts are every element of every tensor once.
class ShardedState {
 public:
  using Entry = std::pair<std::string, TensorPart>;
  auto begin() const { return entries_.begin(); }
  auto end() const { return entries_.end(); }
  size_t size() const { return entries_.size(); }
  /// Null when there is none of that name.
  const TensorPart* find(std::string_view name) const;
  /// Throws Error for a name that is there, and for a part that does not lie within the sizes.
  void add(std::string name, TensorPart part);
  /// A whole tensor, which no other process adds.
  void add(std::string name, const Tensor& whole);
  /// All entries of `other`, their names behind `prefix`.
  void merge(const ShardedState& other, std::string_view prefix = {});

 private:
  std::vector<Entry> entries_;
};

/// Where the tensors of such a state are read from again, by any number of processes. Names may have a prefix that `under` takes off.
class PartReader {
 public:
  virtual ~PartReader() = default;
  virtual std::vector<std::string> names() const = 0;
  /// Throw Error (Index) for a name that is not there.
  virtual Shape sizes(const std::string& name) const = 0;
  /// Elements [begin, end) of the flattened tensor, 1-d. Throws Error (Index) for a range outside.
  virtual Tensor read(const std::string& name, int64_t begin, int64_t end) const = 0;
  /// The tensor in its sizes.
  Tensor read(const std::string& name) const;
  /// All whole.
  StateDict state_dict() const;
  bool contains(const std::string& name) const;
  /// Reads what `this` has behind that prefix; refers to `this`.
  std::unique_ptr<PartReader> under(const std::string& prefix) const;
};

/// The processes that write a state together, as far as files need to know them. One process alone needs nothing of it.
struct Ranks {
  int rank = 0, size = 1;
  /// All processes' texts, by rank: every process calls it, and it returns when all have.
  std::function<std::vector<std::string>(const std::string& own)> exchange = alone();
  static std::function<std::vector<std::string>(const std::string& own)> alone();
};

/// This process's share of what all have alike: large tensors are cut, small ones dealt out.
ShardedState shared_out(const StateDict& same_everywhere, int rank, int ranks);

}  // namespace lazuli
