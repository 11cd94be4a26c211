#include "lazuli/data/tokenizer/post_processor.h"

#include <algorithm>
#include <utility>

namespace lazuli::data::detail {
namespace {

using Known = std::function<bool(int32_t)>;

int32_t token(const Source& source, const Json& id, const Known& known) {
  const int32_t value = number(source, id, "a token of the post_processor");
  if (!known(value)) source.corrupt("tokens of the post_processor that are there", std::to_string(value));
  return value;
}

// A token before a text and one after it.
Surroundings pair_of(const Source& source, const Json& settings, const Known& known) {
  const auto id = [&](const char* name) {
    const Json& pair = member(settings, name);
    if (!pair.is_array() || pair.size() != 2) source.corrupt(std::string("a token as ") + name, pair.type_name());
    return token(source, pair[1], known);
  };
  return {{id("cls")}, {id("sep")}};
}

Surroundings template_of(const Source& source, const Json& settings, const Known& known) {
  Surroundings out;
  bool behind = false;
  for (const Json& part : list(source, settings, "single", 64)) {
    if (part.is_object() && part.contains("Sequence")) {
      if (std::exchange(behind, true)) source.unsupported("one text in a TemplateProcessing", "two");
      continue;
    }
    const std::string name = text(member(part, "SpecialToken"), "id");
    for (const Json& id : list(source, member(member(settings, "special_tokens"), name.c_str()), "ids", 64))
      (behind ? out.after : out.before).push_back(token(source, id, known));
  }
  return out;
}

}  // namespace

Surroundings surroundings_of(const Source& source, const Json& settings, const Known& known) {
  if (settings.is_null()) return {};
  const std::string type = text(settings, "type");
  if (type == "ByteLevel") return {};
  if (type == "RobertaProcessing" || type == "BertProcessing") return pair_of(source, settings, known);
  if (type == "TemplateProcessing") return template_of(source, settings, known);
  if (type != "Sequence") source.unsupported("a post_processor that is known", "'" + type + "'");
  Surroundings out;
  for (const Json& one : list(source, settings, "processors", 16)) {
    const Surroundings outer = surroundings_of(source, one, known);
    out.before.insert(out.before.begin(), outer.before.begin(), outer.before.end());
    out.after.insert(out.after.end(), outer.after.begin(), outer.after.end());
  }
  return out;
}

void Lengths::apply(std::vector<int64_t>& tokens, const Surroundings& surroundings) const {
  const auto& [before, after] = surroundings;
  if (most) {
    const size_t room = size_t(std::max<int64_t>(0, *most - int64_t(before.size() + after.size())));
    if (tokens.size() > room)
      tokens.erase(cut_left ? tokens.begin() : tokens.begin() + int64_t(room), cut_left ? tokens.end() - int64_t(room) : tokens.end());
  }
  tokens.insert(tokens.begin(), before.begin(), before.end());
  tokens.insert(tokens.end(), after.begin(), after.end());
  int64_t wanted = std::max<int64_t>(int64_t(tokens.size()), least.value_or(0));
  wanted += (multiple - wanted % multiple) % multiple;
  tokens.insert(pad_left ? tokens.begin() : tokens.end(), size_t(wanted) - tokens.size(), pad_id);
}

Lengths lengths_of(const Source& source, const Json& truncation, const Json& padding) {
  constexpr int32_t kMost = 1 << 20;
  const auto count = [&](const Json& value, const char* of) {
    const int32_t n = number(source, value, of);
    if (n > kMost) source.corrupt(std::string("at most ") + std::to_string(kMost) + " as " + of, std::to_string(n));
    return n;
  };
  Lengths out;
  if (!truncation.is_null()) {
    out.most = number(source, member(truncation, "max_length"), "max_length");
    out.cut_left = text(truncation, "direction") == "Left";
  }
  if (!padding.is_null()) {
    const Json& fixed = member(member(padding, "strategy"), "Fixed");
    if (!fixed.is_null()) out.least = count(fixed, "Fixed");
    if (const Json& multiple = member(padding, "pad_to_multiple_of"); !multiple.is_null())
      out.multiple = std::max(1, count(multiple, "pad_to_multiple_of"));
    out.pad_left = text(padding, "direction") == "Left";
    out.pad_id = number(source, member(padding, "pad_id"), "pad_id");
  }
  return out;
}

}  // namespace lazuli::data::detail
