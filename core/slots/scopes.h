#pragma once
#include <atomic>
#include <cstdint>
#include <string_view>

/// What encloses slot calls: calls of modules, backwards of operators, regions that a user names. Told to who listens on this thread; otherwise it costs one branch each.
namespace lazuli {

struct Scope {
  enum class Kind : uint8_t {
    Module /*a call of a module: its name in the module that called it*/,
    Backward /*the formula of a recorded operator*/,
    User
  };
  Kind kind;
  std::string_view name;
  const void* object;  // the module, or the node
};

/// Each scope that begins ends, in the reverse order, also when something throws.
class ScopeListener {
 public:
  virtual ~ScopeListener() = default;
  virtual void scope_begins(const Scope&) noexcept {}
  virtual void scope_ends(const Scope&) noexcept {}
  /// An operator was recorded, whose backward will be a scope with this object.
  virtual void operator_recorded(std::string_view /*name*/, const void* /*node*/) noexcept {}
};

namespace detail {
/// The newest of those that listen on this thread; null: nobody does.
class ScopeListening;
extern thread_local constinit ScopeListening* scope_listening;
void tell_scope_begins(const Scope& scope) noexcept;
void tell_scope_ends(const Scope& scope) noexcept;
void tell_recorded(std::string_view name, const void* node) noexcept;

/// By how many more, or fewer, listeners calls of modules are to be watched. nn gives the function once there is a module.
using WatchModules = void (*)(int change);
void set_watch_modules(WatchModules f);

/// `listener` is told for as long as this lives.
class ScopeListening {
 public:
  explicit ScopeListening(ScopeListener& listener);
  ~ScopeListening();
  ScopeListening(const ScopeListening&) = delete;
  ScopeListening& operator=(const ScopeListening&) = delete;

 private:
  friend void tell_scope_begins(const Scope& scope) noexcept;
  friend void tell_scope_ends(const Scope& scope) noexcept;
  friend void tell_recorded(std::string_view name, const void* node) noexcept;
  ScopeListener& listener_;
  ScopeListening* older_;
};

/// A scope of this kind for a block.
class ScopeGuard {
 public:
  ScopeGuard(Scope::Kind kind, std::string_view name, const void* object) : scope_{kind, name, object}, told_(scope_listening) {
    if (told_) [[unlikely]]
      tell_scope_begins(scope_);
  }
  ~ScopeGuard() {
    if (told_) [[unlikely]]
      tell_scope_ends(scope_);
  }
  ScopeGuard(const ScopeGuard&) = delete;
  ScopeGuard& operator=(const ScopeGuard&) = delete;

 private:
  Scope scope_;
  bool told_;
};
}  // namespace detail

}  // namespace lazuli
