#pragma once
#include <list>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <unordered_map>

namespace lazuli {

/// What was made of texts (parsed patterns): the 256 used last are kept. For any thread.
template <class Made>
class TextCache {
 public:
  /// What is kept for the text, else what `make(text)` gives; nothing is kept when that throws.
  template <class Make>
  std::shared_ptr<const Made> get(std::string_view text, Make&& make) {
    {
      std::lock_guard lock(mutex_);
      if (auto at = places_.find(text); at != places_.end()) {
        kept_.splice(kept_.begin(), kept_, at->second);
        return at->second->second;
      }
    }
    auto made = std::make_shared<const Made>(make(text));
    std::lock_guard lock(mutex_);
    if (places_.count(text)) return made;
    kept_.emplace_front(std::string(text), made);
    places_.emplace(kept_.front().first, kept_.begin());
    if (kept_.size() > kMost) {
      places_.erase(kept_.back().first);
      kept_.pop_back();
    }
    return made;
  }
  void clear() {
    std::lock_guard lock(mutex_);
    places_.clear();
    kept_.clear();
  }
  size_t size() {
    std::lock_guard lock(mutex_);
    return kept_.size();
  }

 private:
  using Kept = std::list<std::pair<std::string, std::shared_ptr<const Made>>>;
  static constexpr size_t kMost = 256;
  std::mutex mutex_;
  Kept kept_;
  std::unordered_map<std::string_view, typename Kept::iterator> places_;  // their keys lie in kept_
};

/// "expected a letter, got 'x'", and below it the text with a mark under the place.
std::string marked(std::string_view got, std::string_view text, size_t place);
/// "" or " (did you mean 'height'?)": the nearest of the names, where one is near.
std::string nearest_hint(std::string_view name, const std::list<std::string>& names);

}  // namespace lazuli
