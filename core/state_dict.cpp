#include "lazuli/core/state_dict.h"

#include <unordered_set>

#include "lazuli/core/error.h"

namespace lazuli {

StateDict::StateDict(std::initializer_list<Entry> entries) : StateDict(std::vector<Entry>(entries)) {}
StateDict::StateDict(std::vector<Entry> entries) : entries_(std::move(entries)) {
  std::unordered_set<std::string_view> names;
  for (const Entry& e : entries_)
    if (!names.insert(e.first).second) fail(ErrorKind::Argument, "StateDict", "entries", "names that differ", "'" + e.first + "' twice");
}

const Tensor* StateDict::find(std::string_view name) const {
  for (const Entry& e : entries_)
    if (e.first == name) return &e.second;
  return nullptr;
}

const Tensor& StateDict::at(std::string_view name) const {
  if (const Tensor* t = find(name)) return *t;
  std::string there;
  for (size_t i = 0; i < entries_.size() && i < 8; ++i) there += (i ? ", " : "") + entries_[i].first;
  if (entries_.size() > 8) there += ", ...";
  fail(ErrorKind::Index, "StateDict.at", "name", empty() ? "a name of a dict that has none" : "one of the names " + there,
       "'" + std::string(name) + "'");
}

void StateDict::set(std::string name, Tensor tensor) {
  for (Entry& e : entries_)
    if (e.first == name) {
      e.second = std::move(tensor);
      return;
    }
  entries_.emplace_back(std::move(name), std::move(tensor));
}

void StateDict::erase(std::string_view name) {
  at(name);
  std::erase_if(entries_, [&](const Entry& e) { return e.first == name; });
}

std::vector<std::string> StateDict::keys() const {
  std::vector<std::string> names;
  for (const Entry& e : entries_) names.push_back(e.first);
  return names;
}

void StateDict::merge(const StateDict& other, std::string_view prefix) {
  for (const Entry& e : other) set(std::string(prefix) + e.first, e.second);
}

StateDict StateDict::with_prefix(std::string_view prefix) const {
  StateDict part;
  for (const Entry& e : entries_)
    if (std::string_view(e.first).starts_with(prefix)) part.entries_.emplace_back(e.first.substr(prefix.size()), e.second);
  return part;
}

StateDict StateDict::clone() const {
  StateDict copy;
  for (const Entry& e : entries_)
    if (!e.second.defined() || !e.second.body()->uninitialized)
      copy.entries_.emplace_back(e.first, e.second.defined() ? e.second.detach().clone() : Tensor());
  return copy;
}

}  // namespace lazuli
