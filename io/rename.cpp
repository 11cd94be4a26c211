#include "lazuli/io/rename.h"

#include <unordered_map>

#include "lazuli/core/error.h"

namespace lazuli {
namespace {

std::string renamed(std::string name, const RenameRule& rule) {
  const bool front = rule.from.starts_with('^'), back = rule.from.ends_with('$') && rule.from.size() > size_t(front);
  const std::string part = rule.from.substr(size_t(front), rule.from.size() - size_t(front) - size_t(back));
  if (front || back) {
    const bool there = front && back ? name == part : front ? name.starts_with(part) : name.ends_with(part);
    return there ? name.replace(front ? 0 : name.size() - part.size(), part.size(), rule.to) : name;
  }
  for (size_t at = name.find(part); at != name.npos; at = name.find(part, at + rule.to.size())) name.replace(at, part.size(), rule.to);
  return name;
}

}  // namespace

StateDict rename(const StateDict& state, const std::vector<RenameRule>& rules) {
  for (const RenameRule& rule : rules)
    if (rule.from.empty()) fail("rename", "rules", "what is to be replaced", "an empty text");
  std::vector<StateDict::Entry> entries;
  std::unordered_map<std::string, std::string> before;
  for (const auto& [name, tensor] : state) {
    std::string now = name;
    for (const RenameRule& rule : rules) now = renamed(std::move(now), rule);
    const auto [there, added] = before.emplace(now, name);
    if (!added) fail("rename", "rules", "each name once", "'" + now + "' for both '" + there->second + "' and '" + name + "'");
    entries.emplace_back(std::move(now), tensor);
  }
  return StateDict(std::move(entries));
}

}  // namespace lazuli
