#include "lazuli/core/warning.h"

#include <cstdio>
#include <mutex>
#include <set>
#include <utility>

#include "lazuli/core/settings.h"

namespace lazuli {
namespace {

struct Warnings {
  std::mutex mutex;
  WarningHandler handler;
  std::set<std::string> told;
};
// Never destroyed: another static's destructor may warn.
Warnings& warnings() {
  static Warnings& w = *new Warnings;
  return w;
}
constexpr size_t kMostTexts = 1000;

}  // namespace

WarningHandler set_warning_handler(WarningHandler handler) {
  Warnings& w = warnings();
  std::lock_guard lock(w.mutex);
  return std::exchange(w.handler, std::move(handler));
}

void warn(const std::string& text) {
  WarningHandler handler;
  {
    std::lock_guard lock(warnings().mutex);
    handler = warnings().handler;
  }
  if (handler) handler(text);  // unlocked: it may warn, or set another
  else std::fprintf(stderr, "lazuli: %s\n", text.c_str());
}

void warn_once(const std::string& text) {
  Warnings& w = warnings();
  {
    std::lock_guard lock(w.mutex);
    if (!is_warn_always_enabled() && (w.told.size() >= kMostTexts || !w.told.insert(text).second)) return;
  }
  warn(text);
}

}  // namespace lazuli
