#pragma once
#include <string>
#include <utility>
#include <vector>

#include "lazuli/core/tensor.h"

namespace lazuli {

/// Named tensors in order: what modules and optimizers store and files hold.
class StateDict {
 public:
  using Entry = std::pair<std::string, Tensor>;
  StateDict() = default;
  /// Throws Error naming the name that stands twice.
  StateDict(std::initializer_list<Entry> entries);
  explicit StateDict(std::vector<Entry> entries);
  /// From a map of names to tensors, in its order.
  template <class M>
  requires std::is_same_v<typename M::mapped_type, Tensor> && std::is_convertible_v<const typename M::key_type&, std::string> StateDict(const M& map)
      : entries_(map.begin(), map.end()) {}
  auto begin() const { return entries_.begin(); }
  auto end() const { return entries_.end(); }
  size_t size() const { return entries_.size(); }
  bool empty() const { return entries_.empty(); }
  bool contains(std::string_view name) const { return find(name) != nullptr; }
  /// Null when there is none of that name.
  const Tensor* find(std::string_view name) const;
  /// Throws Error naming near names when there is none.
  const Tensor& at(std::string_view name) const;
  const Tensor& operator[](std::string_view name) const { return at(name); }
  /// To be assigned: a name that is not there is added at the end, as std::map does it, with an undefined tensor.
  Tensor& operator[](std::string_view name) {
    if (!contains(name)) set(std::string(name), Tensor());
    return const_cast<Tensor&>(at(name));
  }
  std::vector<std::string> keys() const;
  /// Adds at the end, or replaces the tensor of that name.
  void set(std::string name, Tensor tensor);
  /// Throws Error naming near names when there is none.
  void erase(std::string_view name);
  /// All entries of `other`, their names behind `prefix`.
  void merge(const StateDict& other, std::string_view prefix = {});
  /// The entries whose names begin with `prefix`, without it.
  StateDict with_prefix(std::string_view prefix) const;
  /// Copies of all tensors, without history: what training changes later does not reach them. Uninitialized ones are left out.
  StateDict clone() const;

 private:
  std::vector<Entry> entries_;
};

}  // namespace lazuli
