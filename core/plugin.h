#pragma once
#include <string>

#include "lazuli/core/backend.h"

/// What a backend in a shared object defines, and all that it has to export. It registers its backend (register_backend) and fills the slots it has kernels for, and
/// returns the kBackendInterfaceVersion it was compiled with; when that is not `interface_version`, the program's, it does nothing else:
///
///   extern "C" int lazuli_backend_entry(int interface_version) {
///     if (interface_version == lazuli::kBackendInterfaceVersion) register_my_backend();
///     return lazuli::kBackendInterfaceVersion;
///   }
///
/// What it throws, load_backend throws.
extern "C" [[gnu::visibility("default")]] int lazuli_backend_entry(int interface_version);

namespace lazuli {

/// Loads the backend in a shared object and returns its device type; "name" and "name:1" are devices from now on, until the process ends.
/// Program and plugin share the registry and the slots, so both link the shared library (liblazuli.so): neither a program with the static one nor a plugin with a copy of its
/// own can do this. Throws Error, and the program goes on as before, when the file is missing or no shared object, has no entry or one of another version, has another copy of
/// the library, throws, or registers nothing.
DeviceType load_backend(const std::string& path);

}  // namespace lazuli
