#include "lazuli/core/plugin.h"

#include <dlfcn.h>

#include <bitset>
#include <mutex>

#include "lazuli/core/error.h"

// A name to ask the dynamic linker which copy of the library a plugin sees.
extern "C" [[gnu::visibility("default")]] const int lazuli_library_mark;
extern "C" const int lazuli_library_mark = lazuli::kBackendInterfaceVersion;

namespace lazuli {
namespace {
using Types = std::bitset<kMaxDeviceTypes>;
Types registered_types() {
  Types types;
  for (int t = 0; t < kMaxDeviceTypes; ++t) types[size_t(t)] = has_backend(DeviceType(t));
  return types;
}

struct SharedObject {
  void* handle;
  Types before = registered_types();
  ~SharedObject() {
    if (registered_types() == before) dlclose(handle);
  }
};

[[noreturn]] void fail_to_load(ErrorKind kind, const std::string& path, const std::string& expected, const std::string& got) {
  fail(kind, "load_backend", "path", expected, got + " (" + path + ")");
}

int call_entry(int (*entry)(int), const std::string& path) {
  try {
    return entry(kBackendInterfaceVersion);
  } catch (Error& error) {
    error.add_context("in the entry of the backend " + path);
    throw;
  } catch (const std::exception& error) { fail_to_load(ErrorKind::State, path, "an entry that does not throw", error.what()); } catch (...) {
    fail_to_load(ErrorKind::State, path, "an entry that does not throw", "an exception of an unknown type");
  }
}
}  // namespace

DeviceType load_backend(const std::string& path) {
  static std::mutex mutex;
  std::lock_guard lock(mutex);
  std::string file = path.find('/') == std::string::npos ? "./" + path : path;  // a bare name would be looked for among the system's libraries
  void* handle = dlopen(file.c_str(), RTLD_NOW | RTLD_LOCAL);
  if (!handle) {
    const char* reason = dlerror();
    fail(ErrorKind::File, "load_backend", "path", "a shared object with a backend", reason ? reason : path);
  }
  SharedObject object{handle};
  auto entry = reinterpret_cast<int (*)(int)>(dlsym(handle, "lazuli_backend_entry"));
  if (!entry) fail_to_load(ErrorKind::File, path, "a shared object with the function lazuli_backend_entry", "one without");
  const void* mark = dlsym(handle, "lazuli_library_mark");
  if (mark && mark != &lazuli_library_mark)
    fail_to_load(ErrorKind::NotSupported, path, "a program and a plugin that link one shared library, liblazuli.so",
                 "a plugin that sees another copy than the program");
  int version = call_entry(entry, path);
  if (version != kBackendInterfaceVersion)
    fail_to_load(ErrorKind::NotSupported, path, "a backend compiled for interface version " + std::to_string(kBackendInterfaceVersion),
                 "version " + std::to_string(version));
  Types added = registered_types() & ~object.before;
  if (added.none())
    fail_to_load(ErrorKind::State, path, "a plugin whose entry registers a backend with this program's liblazuli.so",
                 "none registered; a copy of the library inside the plugin would do that");
  int type = 0;
  while (!added[size_t(type)]) ++type;
  return DeviceType(type);
}

}  // namespace lazuli
