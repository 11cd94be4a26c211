#pragma once
#include <memory>

namespace lazuli::amp {

/// While it lives, this thread keeps the casts of weights apart from those that it had before.
class [[nodiscard]] FreshCache {
 public:
  FreshCache();
  ~FreshCache();
  FreshCache(const FreshCache&) = delete;

 private:
  struct Before;
  std::unique_ptr<Before> before_;
};

}  // namespace lazuli::amp
