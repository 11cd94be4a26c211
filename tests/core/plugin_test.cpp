#include "lazuli/core/plugin.h"

#include <algorithm>
#include <fstream>

#include "tests/errors.h"

using namespace lazuli;

#if defined(LAZULI_PLUGIN_DIR)  // a build with the shared library
// What works needs a program with the shared library: plugin/host.cpp.

TEST_CASE("a plugin that is no good is an error, and the program goes on", "[core]") {
  auto error = [](const std::string& name) { return error_of([&] { load_backend(LAZULI_PLUGIN_DIR "/" + name + ".so"); }); };
  size_t devices = list_devices().size();
  CHECK(says(error("missing"), "load_backend: argument 'path': expected a shared object with a backend, got"));
  CHECK(says(error("no_entry"), "expected a shared object with the function lazuli_backend_entry, got one without"));
  CHECK(says(error("newer"), "expected a backend compiled for interface version " + std::to_string(kBackendInterfaceVersion) + ", got version " +
                                 std::to_string(kBackendInterfaceVersion + 1)));
  CHECK(says(error("nothing"), "expected a plugin whose entry registers a backend"));
  CHECK(says(error("throws"), "expected an entry that does not throw, got the driver is too old"));
  CHECK(says(error("throws_int"), "an exception of an unknown type"));
  CHECK(says(error_of([] { load_backend("no_such_file_here.so"); }), "no_such_file_here.so"));
  CHECK(says(error_of([] { load_backend(""); }), "load_backend"));
  std::ofstream("not_a_library.so") << "text";
  CHECK(says(error_of([] { load_backend("not_a_library.so"); }), "not_a_library.so"));
  std::remove("not_a_library.so");
#if LAZULI_STATIC_TESTS
  CHECK(says(error("good"), "link one shared library, liblazuli.so, got a plugin that sees another copy than the program"));
#endif
  CHECK(list_devices().size() == devices);
}
#endif
