#include <algorithm>
#include <nlohmann/json.hpp>
#include <utility>

#include "lazuli/core/error.h"
#include "lazuli/core/file.h"
#include "lazuli/data/tokenizer/model.h"

// Hugging Face's tokenizer.json: {"added_tokens": [..], "normalizer": .., "pre_tokenizer": .., "post_processor": .., "decoder": .., "model": {"type": "BPE", "vocab": {..}, "merges": [..]}}.
namespace lazuli::data {
namespace {

using Json = nlohmann::json;
constexpr const char* kOp = "BPETokenizer.load";
constexpr size_t kMostFile = 200'000'000;
constexpr int kMostLevels = 12;

[[noreturn]] void corrupt(const std::string& where, const std::string& expected, const std::string& got) {
  fail(ErrorKind::File, kOp, "path", expected + " in " + where, got);
}
[[noreturn]] void unsupported(const std::string& where, const std::string& expected, const std::string& got) {
  fail(ErrorKind::NotSupported, kOp, "path", expected + " in " + where, got);
}

Json parsed(const std::string& path, const std::string& where) {
  const files::MappedFile file = files::map_json(kOp, "path", path, kMostFile, kMostLevels);
  Json json = Json::parse(file.data, file.data + file.size, nullptr, false);
  if (!json.is_object()) corrupt(where, "a JSON object", json.is_discarded() ? "text that is no JSON" : json.type_name());
  return json;
}

// Each gives the member of that name, or what stands for none.
const Json& member(const Json& object, const char* name) {
  static const Json none;
  const auto found = object.is_object() ? object.find(name) : object.end();
  return object.is_object() && found != object.end() ? *found : none;
}
bool flag(const Json& object, const char* name, bool otherwise = false) {
  const Json& value = member(object, name);
  return value.is_boolean() ? value.get<bool>() : otherwise;
}
std::string text(const Json& object, const char* name) {
  const Json& value = member(object, name);
  return value.is_string() ? value.get<std::string>() : std::string();
}
int32_t number(const std::string& where, const Json& value, const std::string& of) {
  if (!value.is_number_unsigned() || value.get<uint64_t>() > uint64_t(INT32_MAX))
    corrupt(where, "a number for " + of, value.is_number() ? "one out of range" : value.type_name());
  return int32_t(value.get<uint64_t>());
}

}  // namespace

BPETokenizer BPETokenizer::load(const std::string& path) {
  const std::string where = "'" + path + "'";
  const Json json = parsed(path, where), &bpe = member(json, "model");
  auto model = std::make_shared<Model>();

  // What is not BPE over bytes.
  if (text(bpe, "type") != "BPE" && !(text(bpe, "type").empty() && bpe.is_object() && bpe.contains("merges")))
    unsupported(where, "a model of type BPE", "'" + text(bpe, "type") + "'");
  if (flag(bpe, "byte_fallback")) unsupported(where, "a model over bytes", "one of letters with byte_fallback");
  for (const char* name : {"continuing_subword_prefix", "end_of_word_suffix"})
    if (!text(bpe, name).empty()) unsupported(where, std::string("no ") + name, "'" + text(bpe, name) + "'");
  if (member(bpe, "dropout").is_number() && member(bpe, "dropout").get<double>() > 0) unsupported(where, "no dropout", "one");
  if (const Json& normalizer = member(json, "normalizer"); !normalizer.is_null())
    unsupported(where, "no normalizer", "'" + text(normalizer, "type") + "'");
  model->ignore_merges = flag(bpe, "ignore_merges");

  bool bytes = false;
  const auto cutter = [&](const Json& one) {
    const std::string type = text(one, "type");
    if (type == "ByteLevel") {
      bytes = true;
      model->add_prefix_space |= flag(one, "add_prefix_space", true);
      if (flag(one, "use_regex", true)) model->splits.emplace_back(kOp, std::string(kGpt2Pattern));
    } else if (type == "Split") {
      const std::string behavior = text(one, "behavior"), pattern = text(member(one, "pattern"), "Regex");
      if (pattern.empty()) unsupported(where, "a Split by a Regex", "another");
      if (behavior != "Isolated" && !(behavior == "Removed" && flag(one, "invert")))
        unsupported(where, "a Split of behavior Isolated", "'" + behavior + "'");
      model->splits.emplace_back(kOp, pattern);
    } else {
      unsupported(where, "a pre_tokenizer of type ByteLevel or Split", "'" + type + "'");
    }
  };
  const Json& before = member(json, "pre_tokenizer");
  if (text(before, "type") == "Sequence") {
    const Json& list = member(before, "pretokenizers");
    if (!list.is_array() || list.size() > 16) corrupt(where, "a list of at most 16 pretokenizers", "another");
    for (const Json& one : list) cutter(one);
  } else if (!before.is_null()) {
    cutter(before);
  }
  if (!bytes) unsupported(where, "a pre_tokenizer of type ByteLevel", "none");

  // The tokens.
  const Json &vocab = member(bpe, "vocab"), &merges = member(bpe, "merges"), &added = member(json, "added_tokens");
  if (!vocab.is_object()) corrupt(where, "a vocab", vocab.type_name());
  if (!merges.is_array()) corrupt(where, "a list of merges", merges.type_name());
  std::unordered_map<int32_t, std::string> by_letters;  // tokens that are no letters of bytes: added ones
  for (const auto& item : vocab.items()) {
    const int32_t id = number(where, item.value(), "'" + item.key() + "'");
    std::string token;
    if (!detail::bytes_of_letters(item.key(), token)) by_letters.emplace(id, item.key());
    else if (!model->ids.emplace(token, id).second) corrupt(where, "each token once", "'" + item.key() + "' twice");
  }
  if (!added.is_null() && !added.is_array()) corrupt(where, "a list of added_tokens", added.type_name());
  for (const Json& one : added) {
    const std::string content = text(one, "content");
    if (flag(one, "single_word")) unsupported(where, "added tokens that are found anywhere", "'" + content + "' of single words");
    model->added.push_back(
        {content, number(where, member(one, "id"), "'" + content + "'"), flag(one, "special"), flag(one, "lstrip"), flag(one, "rstrip")});
    std::string token;
    if (detail::bytes_of_letters(content, token)) {
      // The model's own entry for it is the same token.
      if (const auto own = model->ids.find(token); own != model->ids.end() && own->second == model->added.back().id) model->ids.erase(own);
    }
    by_letters.erase(model->added.back().id);
  }
  if (!by_letters.empty()) corrupt(where, "tokens of letters that stand for bytes", "'" + by_letters.begin()->second + "'");

  const auto id_of = [&](const std::string& letters) {
    std::string token;
    const auto found = detail::bytes_of_letters(letters, token) ? model->ids.find(token) : model->ids.end();
    if (found == model->ids.end()) corrupt(where, "merges of tokens", "'" + letters + "', which is none");
    return std::pair(found->second, std::move(token));
  };
  for (const Json& merge : merges) {
    std::string left, right;
    if (merge.is_string()) {
      const std::string both = merge.get<std::string>();
      const size_t space = both.find(' ');
      if (space == both.npos || both.find(' ', space + 1) != both.npos) corrupt(where, "merges of two tokens", "'" + both + "'");
      left = both.substr(0, space);
      right = both.substr(space + 1);
    } else if (merge.is_array() && merge.size() == 2 && merge[0].is_string() && merge[1].is_string()) {
      left = merge[0].get<std::string>();
      right = merge[1].get<std::string>();
    } else {
      corrupt(where, "merges of two tokens", merge.type_name());
    }
    const auto [a, a_bytes] = id_of(left);
    const auto [b, b_bytes] = id_of(right);
    const auto made = model->ids.find(a_bytes + b_bytes);
    if (made == model->ids.end()) corrupt(where, "a token for each merge", "none for '" + left + right + "'");
    model->merges.emplace(detail::pair_key(a, b), detail::Merge{int32_t(model->merges_in_order.size()), made->second});
    model->merges_in_order.emplace_back(a, b);
  }
  model->finish(kOp, where);

  // What a text is put between.
  const auto known = [&](const Json& id) {
    const int32_t value = number(where, id, "a token of the post_processor");
    if (!model->tokens.contains(value) && !model->added_by_id.contains(value))
      corrupt(where, "tokens of the post_processor that are there", std::to_string(value));
    return value;
  };
  const auto after = [&](const Json& one) {
    const std::string type = text(one, "type");
    if (type == "ByteLevel" || one.is_null()) return;
    if (type == "RobertaProcessing" || type == "BertProcessing") {
      for (const auto& [name, list] : {std::pair("cls", &model->before), std::pair("sep", &model->after)}) {
        const Json& pair = member(one, name);
        if (!pair.is_array() || pair.size() != 2) corrupt(where, std::string("a token as ") + name, pair.type_name());
        list->push_back(known(pair[1]));
      }
    } else if (type == "TemplateProcessing") {
      const Json& parts = member(one, "single");
      if (!parts.is_array() || parts.size() > 64) corrupt(where, "a list of at most 64 as single", parts.type_name());
      bool behind = false;
      for (const Json& part : parts) {
        if (part.is_object() && part.contains("Sequence")) {
          if (std::exchange(behind, true)) unsupported(where, "one text in a TemplateProcessing", "two");
          continue;
        }
        const std::string name = text(member(part, "SpecialToken"), "id");
        const Json& ids = member(member(member(one, "special_tokens"), name.c_str()), "ids");
        if (!ids.is_array() || ids.size() > 64) corrupt(where, "ids of '" + name + "'", ids.type_name());
        for (const Json& id : ids) (behind ? model->after : model->before).push_back(known(id));
      }
    } else {
      unsupported(where, "a post_processor of type ByteLevel, TemplateProcessing or RobertaProcessing", "'" + type + "'");
    }
  };
  const Json& processor = member(json, "post_processor");
  if (text(processor, "type") == "Sequence") {
    const Json& list = member(processor, "processors");
    if (!list.is_array() || list.size() > 16) corrupt(where, "a list of at most 16 processors", "another");
    for (const Json& one : list) after(one);
  } else {
    after(processor);
  }
  return BPETokenizer(std::move(model));
}

void BPETokenizer::save(const std::string& path) const {
  const Model& m = *model_;
  using Ordered = nlohmann::ordered_json;
  const auto letters = [&](int32_t id) { return detail::letters_of(m.tokens.at(id)); };
  Ordered added = Ordered::array(), vocab = Ordered::object(), merges = Ordered::array(), cutters = Ordered::array();
  for (const Model::Added& one : m.added)
    added.push_back({{"id", one.id},
                     {"content", one.text},
                     {"single_word", false},
                     {"lstrip", one.strip_left},
                     {"rstrip", one.strip_right},
                     {"normalized", false},
                     {"special", one.special}});
  std::vector<std::pair<int32_t, std::string>> tokens;
  for (const auto& entry : m.tokens) tokens.emplace_back(entry.first, detail::letters_of(entry.second));
  for (const Model::Added& one : m.added)
    if (!m.tokens.contains(one.id)) tokens.emplace_back(one.id, one.text);
  std::sort(tokens.begin(), tokens.end());
  for (auto& [id, token] : tokens) vocab.get_ref<Ordered::object_t&>().emplace_back(std::move(token), id);  // all different: none is looked for
  for (const auto& [left, right] : m.merges_in_order) merges.push_back({letters(left), letters(right)});
  const bool gpt2 = m.splits.size() == 1 && m.splits[0].text() == kGpt2Pattern;
  if (!gpt2)
    for (const detail::Pattern& split : m.splits)
      cutters.push_back({{"type", "Split"}, {"pattern", {{"Regex", split.text()}}}, {"behavior", "Isolated"}, {"invert", false}});
  const Ordered byte_level = {{"type", "ByteLevel"}, {"add_prefix_space", m.add_prefix_space}, {"trim_offsets", true}, {"use_regex", gpt2}};
  cutters.push_back(byte_level);
  Ordered single = Ordered::array(), special = Ordered::object();
  const auto surround = [&](const std::vector<int32_t>& ids) {
    for (int32_t id : ids) {
      const std::string name = id_to_token(id);
      single.push_back({{"SpecialToken", {{"id", name}, {"type_id", 0}}}});
      special[name] = {{"id", name}, {"ids", Ordered::array({id})}, {"tokens", Ordered::array({name})}};
    }
  };
  surround(m.before);
  single.push_back({{"Sequence", {{"id", "A"}, {"type_id", 0}}}});
  Ordered pair = single;
  pair.push_back({{"Sequence", {{"id", "B"}, {"type_id", 1}}}});
  surround(m.after);
  const Ordered processor =
      special.empty() ? byte_level : Ordered{{"type", "TemplateProcessing"}, {"single", single}, {"pair", pair}, {"special_tokens", special}};
  const Ordered json = {{"version", "1.0"},
                        {"truncation", nullptr},
                        {"padding", nullptr},
                        {"added_tokens", added},
                        {"normalizer", nullptr},
                        {"pre_tokenizer", cutters.size() == 1 ? cutters[0] : Ordered{{"type", "Sequence"}, {"pretokenizers", cutters}}},
                        {"post_processor", processor},
                        {"decoder", byte_level},
                        {"model",
                         {{"type", "BPE"},
                          {"dropout", nullptr},
                          {"unk_token", nullptr},
                          {"continuing_subword_prefix", nullptr},
                          {"end_of_word_suffix", nullptr},
                          {"fuse_unk", false},
                          {"byte_fallback", false},
                          {"ignore_merges", m.ignore_merges},
                          {"vocab", vocab},
                          {"merges", merges}}}};
  std::string written;
  try {
    written = json.dump(2);
  } catch (const Ordered::exception&) { fail("BPETokenizer.save", "path", "special tokens in UTF-8", "other bytes"); }
  files::write_file("BPETokenizer.save", path, {{written.data(), written.size()}});
}

}  // namespace lazuli::data
