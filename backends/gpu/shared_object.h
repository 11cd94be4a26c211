#pragma once
#include <dlfcn.h>

#include <string>
#include <vector>

namespace lazuli::gpu {

/// A shared object found at run time; never closed, because drivers keep threads.
class SharedObject {
 public:
  /// The first of these names or paths that the system's loader finds.
  explicit SharedObject(const std::vector<std::string>& names) {
    for (const std::string& n : names)
      if (!handle_) handle_ = dlopen(n.c_str(), RTLD_NOW | RTLD_LOCAL);
  }
  bool there() const { return handle_ != nullptr; }
  /// False when there is no such symbol.
  template <class F>
  bool find(F& function, const char* name) const {
    function = reinterpret_cast<F>(dlsym(handle_, name));
    return function != nullptr;
  }

 private:
  void* handle_ = nullptr;
};

}  // namespace lazuli::gpu
