#include "lazuli/data/tokenizer/settings.h"

namespace lazuli::data::detail {

const Json& member(const Json& object, const char* name) {
  static const Json none;
  if (!object.is_object()) return none;
  const auto found = object.find(name);
  return found == object.end() ? none : *found;
}

bool flag(const Json& object, const char* name, bool otherwise) {
  const Json& value = member(object, name);
  return value.is_boolean() ? value.get<bool>() : otherwise;
}

std::string text(const Json& object, const char* name) {
  const Json& value = member(object, name);
  return value.is_string() ? value.get<std::string>() : std::string();
}

int32_t number(const Source& source, const Json& value, const std::string& of) {
  if (!value.is_number_unsigned() || value.get<uint64_t>() > uint64_t(INT32_MAX))
    source.corrupt("a number for " + of, value.is_number() ? "one out of range" : value.type_name());
  return int32_t(value.get<uint64_t>());
}

const Json& list(const Source& source, const Json& object, const char* name, size_t most) {
  const Json& value = member(object, name);
  if (!value.is_array() || value.size() > most)
    source.corrupt("a list of at most " + std::to_string(most) + " as " + name, value.is_array() ? std::to_string(value.size()) : value.type_name());
  return value;
}

}  // namespace lazuli::data::detail
