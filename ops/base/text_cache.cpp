#include "lazuli/ops/base/text_cache.h"

#include <algorithm>

#include "lazuli/ops/table/registry.h"

namespace lazuli {

std::string marked(std::string_view got, std::string_view text, size_t place) {
  return std::string(got) + "\n  " + std::string(text) + "\n  " + std::string(place, ' ') + "^";
}

std::string nearest_hint(std::string_view name, const std::list<std::string>& names) {
  const std::string* nearest = nullptr;
  int least = 1 + int(name.size()) / 3;
  for (const std::string& other : names)
    if (int distance = levenshtein_distance(name, other); distance < least || (distance == least && !nearest)) {
      least = distance;
      nearest = &other;
    }
  return nearest ? " (did you mean '" + *nearest + "'?)" : "";
}

}  // namespace lazuli
