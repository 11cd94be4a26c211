#pragma once
#include "lazuli/nn/module/module.h"

/// Modules that hold parameters: in a list, or under names.
namespace lazuli::nn {

namespace detail {
/// Over the parameters of a container, or its {name, parameter}s.
template <bool named>
class ParameterIterator {
 public:
  using Inner = std::vector<std::shared_ptr<Slot>>::const_iterator;
  explicit ParameterIterator(Inner at) : at_(at) {}
  /// `for (auto& [name, p] : dict)`: the pair is the iterator's own.
  const auto& operator*() const {
    if constexpr (named) return entry_ = {(*at_)->name, (*at_)->tensor};
    else return (*at_)->tensor;
  }
  ParameterIterator& operator++() { return ++at_, *this; }
  bool operator==(const ParameterIterator& other) const { return at_ == other.at_; }

 private:
  Inner at_;
  mutable StateDict::Entry entry_;
};
}  // namespace detail

/// Parameters in a list.
class ParameterList : public Module {
 public:
  ParameterList() = default;
  /// Plain tensors become parameters that require grad.
  explicit ParameterList(const std::vector<Tensor>& values) { extend(values); }
  size_t size() const { return registered_parameters().size(); }
  bool empty() const { return size() == 0; }
  Tensor operator[](int64_t index) const;
  Tensor get(int64_t index) const { return (*this)[index]; }
  ParameterList& set(int64_t index, const Tensor& value);
  ParameterList& append(const Tensor& value);
  ParameterList& push_back(const Tensor& value) { return append(value); }
  ParameterList& extend(const std::vector<Tensor>& values);
  Tensor pop(int64_t index = -1);
  void clear() { registered_parameters().clear(); }
  std::vector<Tensor> values() const;
  auto begin() const { return detail::ParameterIterator<false>(registered_parameters().begin()); }
  auto end() const { return detail::ParameterIterator<false>(registered_parameters().end()); }
  std::string extra_repr() const override;
};

/// Parameters under names, in the order of their insertion.
class ParameterDict : public Module {
 public:
  ParameterDict() = default;
  explicit ParameterDict(const std::vector<StateDict::Entry>& values) { update(values); }
  size_t size() const { return registered_parameters().size(); }
  bool empty() const { return size() == 0; }
  bool has(std::string_view name) const;
  bool contains(std::string_view name) const { return has(name); }
  /// Throws Error (Index) naming what is there.
  Tensor operator[](std::string_view name) const { return get(name); }
  /// As of a StateDict: assigned, it is set; read where there is none, it is an undefined tensor.
  using Place = PlaceIn<ParameterDict>;
  Place operator[](std::string_view name) { return Place(*this, name, has(name) ? get(name) : Tensor()); }
  Tensor get(std::string_view name) const;
  ParameterDict& set(std::string_view name, const Tensor& value);
  ParameterDict& insert(std::string_view name, const Tensor& value) { return set(name, value); }
  ParameterDict& update(const std::vector<StateDict::Entry>& values);
  Tensor pop(std::string_view name);
  void erase(std::string_view name) { pop(name); }
  void clear() { registered_parameters().clear(); }
  std::vector<std::string> keys() const;
  std::vector<Tensor> values() const;
  std::vector<StateDict::Entry> entries() const;
  // Over {name, parameter}.
  auto begin() const { return detail::ParameterIterator<true>(registered_parameters().begin()); }
  auto end() const { return detail::ParameterIterator<true>(registered_parameters().end()); }
  std::string extra_repr() const override;
};

}  // namespace lazuli::nn
