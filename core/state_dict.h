#pragma once
#include <string>
#include <utility>
#include <vector>

#include "lazuli/core/tensor.h"

namespace lazuli {

template <class Dict>
class PlaceIn;

/// Named tensors in order: what modules and optimizers store and files hold.
class StateDict {
 public:
  using Entry = std::pair<std::string, Tensor>;
  StateDict() = default;
  /// Throws Error naming the name that stands twice.
  StateDict(std::initializer_list<Entry> entries);
  explicit StateDict(std::vector<Entry> entries);
  /// From a map of names to tensors, in its order. Throws Error naming the name that stands twice.
  template <class M>
  requires std::is_same_v<typename M::mapped_type, Tensor> && std::is_convertible_v<const typename M::key_type&, std::string> StateDict(const M& map)
      : StateDict(std::vector<Entry>(map.begin(), map.end())) {}
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
  /// What stands under a name: assigned, it replaces the tensor of that name or adds one at the end; read where there is none, it is an undefined tensor and nothing is added.
  using Place = PlaceIn<StateDict>;
  Place operator[](std::string_view name);
  std::vector<std::string> keys() const;
  /// Adds at the end, or replaces the tensor of that name.
  void set(std::string name, Tensor tensor);
  /// Throws Error naming near names when there is none.
  void erase(std::string_view name);
  /// What `at` leads to; the next entry comes back, as from a std::vector.
  std::vector<Entry>::const_iterator erase(std::vector<Entry>::const_iterator at) { return entries_.erase(at); }
  /// All entries of `other`, their names behind `prefix`.
  void merge(const StateDict& other, std::string_view prefix = {});
  /// The entries whose names begin with `prefix`, without it.
  StateDict with_prefix(std::string_view prefix) const;
  /// Copies of all tensors, without history: what training changes later does not reach them. Uninitialized ones are left out.
  StateDict clone() const;

 private:
  std::vector<Entry> entries_;
};

/// A tensor like any other but for being assigned; under a name of its own (`auto w = state["w"];`) in that, too.
template <class Dict>
class PlaceIn : public Tensor {
 public:
  PlaceIn(Dict& dict, std::string_view name, const Tensor& tensor) : Tensor(tensor), dict_(&dict), name_(name) {}
  PlaceIn(const PlaceIn&) = default;
  PlaceIn& operator=(const PlaceIn& other) & = default;
  PlaceIn& operator=(const Tensor& tensor) & { return Tensor::operator=(tensor), *this; }
  void operator=(const PlaceIn& other) && { std::move(*this) = static_cast<const Tensor&>(other); }
  void operator=(const Tensor& tensor) && { dict_->set(std::string(name_), tensor); }

 private:
  Dict* dict_;
  std::string_view name_;
};
inline StateDict::Place StateDict::operator[](std::string_view name) {
  const Tensor* tensor = find(name);
  return Place(*this, name, tensor ? *tensor : Tensor());
}

}  // namespace lazuli
