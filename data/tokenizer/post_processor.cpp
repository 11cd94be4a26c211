#include "lazuli/data/tokenizer/post_processor.h"

#include <algorithm>
#include <numeric>
#include <utility>

namespace lazuli::data::detail {
namespace {

using Known = std::function<bool(int32_t)>;

int32_t token(const Source& source, const Json& id, const Known& known) {
  const int32_t value = number(source, id, "a token of the post_processor");
  if (!known(value)) source.corrupt("tokens of the post_processor that are there", std::to_string(value));
  return value;
}

// Tokens before and after each text, as BERT has them; RoBERTa has one more between two.
Templates marked_ends(const Source& source, const Json& settings, const Known& known, bool twice_between) {
  const auto id = [&](const char* name) {
    const Json& pair = member(settings, name);
    if (!pair.is_array() || pair.size() != 2) source.corrupt(std::string("a token as ") + name, pair.type_name());
    return token(source, pair[1], known);
  };
  const int32_t begin = id("cls"), end = id("sep");
  Templates out{{begin, kFirstText, end}, {begin, kFirstText, end, kSecondText, end}};
  if (twice_between) out.pair.insert(out.pair.begin() + 3, end);
  return out;
}

Template template_of(const Source& source, const Json& settings, const char* name, const Known& known) {
  Template out;
  for (const Json& part : list(source, settings, name, 64)) {
    if (part.is_object() && part.contains("Sequence")) {
      out.push_back(text(member(part, "Sequence"), "id") == "B" ? kSecondText : kFirstText);
      continue;
    }
    const std::string special = text(member(part, "SpecialToken"), "id");
    for (const Json& id : list(source, member(member(settings, "special_tokens"), special.c_str()), "ids", 64))
      out.push_back(token(source, id, known));
  }
  return out;
}

Templates template_processing(const Source& source, const Json& settings, const Known& known) {
  const auto check = [&](const char* name, const Template& places, std::ptrdiff_t second) {
    const auto first = std::count(places.begin(), places.end(), kFirstText);
    if (first > 1 || std::count(places.begin(), places.end(), kSecondText) != second)
      source.unsupported(std::string("each text once as ") + name + " of a TemplateProcessing", "others");
  };
  Templates out{template_of(source, settings, "single", known), {}};
  check("single", out.single, 0);
  if (const Json& pair = member(settings, "pair"); !pair.is_array() || pair.empty()) return out;
  out.pair = template_of(source, settings, "pair", known);
  check("pair", out.pair, 1);
  return out;
}

// The parts of `inner` at the place of the text of `outer`.
Template within(const Template& outer, const Template& inner) {
  Template out;
  for (int32_t part : outer)
    if (part == kFirstText) out.insert(out.end(), inner.begin(), inner.end());
    else out.push_back(part);
  return out;
}

}  // namespace

Templates templates_of(const Source& source, const Json& settings, const Known& known) {
  if (settings.is_null()) return {};
  const std::string type = text(settings, "type");
  if (type == "ByteLevel") return {};
  if (type == "RobertaProcessing" || type == "BertProcessing") return marked_ends(source, settings, known, type == "RobertaProcessing");
  if (type == "TemplateProcessing") return template_processing(source, settings, known);
  if (type != "Sequence") source.unsupported("a post_processor that is known", "'" + type + "'");
  Templates out;
  bool plain = true;
  for (const Json& one : list(source, settings, "processors", 16)) {
    const Templates outer = templates_of(source, one, known);
    if (text(one, "type") == "ByteLevel") continue;
    out.single = within(outer.single, out.single);
    out.pair = std::exchange(plain, false) ? outer.pair : Template();  // a second one would get more than two texts
  }
  return out;
}

std::vector<int64_t> Lengths::arranged(std::vector<std::vector<int64_t>> texts, const Template& places) const {
  const auto is_token = [](int32_t part) { return part >= 0; };
  if (most) {
    const int64_t room = std::max<int64_t>(0, *most - std::count_if(places.begin(), places.end(), is_token));
    const std::vector<int64_t> left = kept(texts, room);
    for (size_t t = 0; t < texts.size(); ++t) {
      std::vector<int64_t>& tokens = texts[t];
      tokens.erase(cut_left ? tokens.begin() : tokens.begin() + left[t], cut_left ? tokens.end() - left[t] : tokens.end());
    }
  }
  std::vector<int64_t> out;
  for (int32_t part : places) {
    if (is_token(part)) {
      out.push_back(part);
      continue;
    }
    const std::vector<int64_t>& tokens = texts[part == kFirstText ? 0 : 1];
    out.insert(out.end(), tokens.begin(), tokens.end());
  }
  int64_t wanted = std::max<int64_t>(int64_t(out.size()), least.value_or(0));
  wanted += (multiple - wanted % multiple) % multiple;
  out.insert(pad_left ? out.begin() : out.end(), size_t(wanted) - out.size(), pad_id);
  return out;
}

std::vector<int64_t> Lengths::kept(const std::vector<std::vector<int64_t>>& texts, int64_t room) const {
  std::vector<int64_t> counts;
  for (const auto& tokens : texts) counts.push_back(int64_t(tokens.size()));
  const int64_t over = std::accumulate(counts.begin(), counts.end(), int64_t(0)) - room;
  if (over <= 0) return counts;
  if (texts.size() == 1) return {room};
  if (room == 0) return {0, 0};
  if (cut != Cut::Longest) {
    int64_t& count = counts[cut == Cut::First ? 0 : 1];
    if (count <= over)
      fail("BPETokenizer.encode_pair", "text", "a text to be cut by " + std::to_string(over) + " tokens", std::to_string(count) + " of them");
    count -= over;
    return counts;
  }
  // The shorter one stays where it has at most half of the room.
  int64_t &shorter = counts[counts[0] > counts[1] ? 1 : 0], &longer = counts[counts[0] > counts[1] ? 0 : 1];
  if (shorter > room / 2) shorter = room / 2;
  longer = room - shorter;
  return counts;
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
    const std::string strategy = text(truncation, "strategy");
    out.cut = strategy == "OnlyFirst" ? Lengths::Cut::First : strategy == "OnlySecond" ? Lengths::Cut::Second : Lengths::Cut::Longest;
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
