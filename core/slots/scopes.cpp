#include "lazuli/core/slots/scopes.h"

namespace lazuli::detail {

thread_local constinit ScopeListening* scope_listening = nullptr;
namespace {
constinit std::atomic<int> listeners{0};
constinit std::atomic<WatchModules> watch{nullptr};
void count(int change) {
  listeners.fetch_add(change);
  if (WatchModules f = watch.load()) f(change);
}
}  // namespace

void set_watch_modules(WatchModules f) {
  if (!watch.exchange(f)) f(listeners.load());
}

ScopeListening::ScopeListening(ScopeListener& listener) : listener_(listener), older_(scope_listening) {
  scope_listening = this;
  count(1);
}
ScopeListening::~ScopeListening() {
  ScopeListening** at = &scope_listening;
  while (*at && *at != this) at = &(*at)->older_;
  if (*at) *at = older_;
  count(-1);
}
void tell_scope_begins(const Scope& scope) noexcept {
  for (ScopeListening* l = scope_listening; l; l = l->older_) l->listener_.scope_begins(scope);
}
void tell_scope_ends(const Scope& scope) noexcept {
  for (ScopeListening* l = scope_listening; l; l = l->older_) l->listener_.scope_ends(scope);
}
void tell_recorded(std::string_view name, const void* node) noexcept {
  for (ScopeListening* l = scope_listening; l; l = l->older_) l->listener_.operator_recorded(name, node);
}

}  // namespace lazuli::detail
