#pragma once
#include <nlohmann/json.hpp>
#include <string>

#include "lazuli/core/error.h"

namespace lazuli::data::detail {

using Json = nlohmann::json;

/// Where settings come from, for what is thrown about them.
struct Source {
  const char* op;
  std::string name;
  [[noreturn]] void corrupt(const std::string& expected, const std::string& got) const {
    fail(ErrorKind::File, op, "path", expected + " in " + name, got);
  }
  [[noreturn]] void unsupported(const std::string& expected, const std::string& got) const {
    fail(ErrorKind::NotSupported, op, "path", expected + " in " + name, got);
  }
};

/// The member of that name; null where there is none.
const Json& member(const Json& object, const char* name);
bool flag(const Json& object, const char* name, bool otherwise = false);
/// Empty where there is none.
std::string text(const Json& object, const char* name);
/// Throws Error for what is no number in [0, 2^31).
int32_t number(const Source& source, const Json& value, const std::string& of);
/// Of an array; throws Error for something else and for more members than that.
const Json& list(const Source& source, const Json& object, const char* name, size_t most);

}  // namespace lazuli::data::detail
