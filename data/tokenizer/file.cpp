#include <algorithm>

#include "lazuli/core/file.h"
#include "lazuli/data/tokenizer/model.h"

// Hugging Face's tokenizer.json: {"added_tokens": [..], "normalizer": .., "pre_tokenizer": .., "post_processor": .., "decoder": .., "model": {"type": "BPE", "vocab": {..}, "merges": [..]}}.
namespace lazuli::data {
namespace {

using detail::Json, detail::Source, detail::member, detail::flag, detail::text, detail::number;
constexpr size_t kMostFile = 200'000'000;
constexpr int kMostLevels = 12;
constexpr const char* kStages[] = {"truncation", "padding", "normalizer", "pre_tokenizer", "post_processor", "decoder"};

Json parsed(const Source& source, const std::string& path) {
  const files::FileBytes file = files::read_json(source.op, "path", path, kMostFile, kMostLevels);
  Json json = Json::parse(file.text(), nullptr, false);
  if (!json.is_object()) source.corrupt("a JSON object", json.is_discarded() ? "text that is no JSON" : json.type_name());
  return json;
}

std::vector<detail::AddedToken> added_tokens_of(const Source& source, const Json& list) {
  if (!list.is_null() && !list.is_array()) source.corrupt("a list of added_tokens", list.type_name());
  std::vector<detail::AddedToken> out;
  for (const Json& one : list) {
    const std::string content = text(one, "content");
    const bool special = flag(one, "special");
    out.push_back({content, number(source, member(one, "id"), "'" + content + "'"), special, flag(one, "lstrip"), flag(one, "rstrip"),
                   flag(one, "single_word"), flag(one, "normalized", !special)});
  }
  return out;
}

// "left right" or ["left", "right"].
std::pair<std::string, std::string> pair_of(const Source& source, const Json& merge) {
  if (merge.is_string()) {
    const std::string both = merge.get<std::string>();
    const size_t space = both.find(' ');
    if (space == both.npos || both.find(' ', space + 1) != both.npos) source.corrupt("merges of two tokens", "'" + both + "'");
    return {both.substr(0, space), both.substr(space + 1)};
  }
  if (!merge.is_array() || merge.size() != 2 || !merge[0].is_string() || !merge[1].is_string())
    source.corrupt("merges of two tokens", merge.type_name());
  return {merge[0].get<std::string>(), merge[1].get<std::string>()};
}

void read_tokens(const Source& source, const Json& bpe, detail::Merges& out) {
  const Json& vocab = member(bpe, "vocab");
  if (!vocab.is_object()) source.corrupt("a vocab", vocab.type_name());
  for (const auto& item : vocab.items())
    if (const int32_t id = number(source, item.value(), "'" + item.key() + "'"); !out.add_token(item.key(), id))
      source.corrupt("each number once", std::to_string(id) + " twice");
}

void read_merges(const Source& source, const Json& bpe, const std::string& prefix, detail::Merges& out) {
  const Json& merges = member(bpe, "merges");
  if (!merges.is_array()) source.corrupt("a list of merges", merges.type_name());
  for (const Json& merge : merges) {
    const auto [left, right] = pair_of(source, merge);
    const auto id_of = [&](const std::string& token) {
      const int32_t id = out.id_of(token);
      if (id < 0) source.corrupt("merges of tokens", "'" + token + "', which is none");
      return id;
    };
    const int32_t a = id_of(left), b = id_of(right);
    const int32_t made = right.size() < prefix.size() ? -1 : out.id_of(left + right.substr(prefix.size()));
    if (made < 0) source.corrupt("a token for each merge", "none for '" + left + right + "'");
    out.add_merge(a, b, made);
  }
}

detail::MergesOptions options_of(const Source& source, const Json& bpe, const detail::Merges& merges) {
  detail::MergesOptions out{.continuing_subword_prefix = text(bpe, "continuing_subword_prefix"),
                            .end_of_word_suffix = text(bpe, "end_of_word_suffix"),
                            .fuse_unk = flag(bpe, "fuse_unk"),
                            .byte_fallback = flag(bpe, "byte_fallback"),
                            .ignore_merges = flag(bpe, "ignore_merges")};
  if (const Json& dropout = member(bpe, "dropout"); dropout.is_number()) out.dropout = dropout.get<double>();
  if (!(out.dropout >= 0 && out.dropout <= 1)) source.corrupt("a dropout in [0, 1]", std::to_string(out.dropout));
  if (const Json& unk = member(bpe, "unk_token"); unk.is_string()) {
    out.unk = merges.id_of(unk.get<std::string>());
    if (*out.unk < 0) source.corrupt("an unk_token that is a token", "'" + unk.get<std::string>() + "'");
  }
  return out;
}

}  // namespace

BPETokenizer BPETokenizer::load(const std::string& path) {
  const Source source{"BPETokenizer.load", "'" + path + "'"};
  const Json json = parsed(source, path), &bpe = member(json, "model");
  if (text(bpe, "type") != "BPE" && !(text(bpe, "type").empty() && bpe.is_object() && bpe.contains("merges")))
    source.unsupported("a model of type BPE", "'" + text(bpe, "type") + "'");
  auto model = std::make_shared<Model>();
  for (const char* stage : kStages) model->settings[stage] = member(json, stage);
  model->added = added_tokens_of(source, member(json, "added_tokens"));
  read_tokens(source, bpe, model->merges);
  read_merges(source, bpe, text(bpe, "continuing_subword_prefix"), model->merges);
  model->merges.set_options(options_of(source, bpe, model->merges));
  model->finish(source);
  return BPETokenizer(std::move(model));
}

void BPETokenizer::save(const std::string& path) const {
  const Model& m = *model_;
  const detail::MergesOptions& options = m.merges.options();
  using Ordered = nlohmann::ordered_json;
  const auto token = [&](int32_t id) -> const std::string& { return *m.merges.token_of(id); };
  const auto or_null = [](const std::string& text) { return text.empty() ? Ordered() : Ordered(text); };
  Ordered json = {{"version", "1.0"}};
  for (const char* stage : {"truncation", "padding"}) json[stage] = Ordered(m.settings[stage]);
  Ordered added = Ordered::array(), vocab = Ordered::object(), merges = Ordered::array();
  for (const detail::AddedToken& one : m.added)
    added.push_back({{"id", one.id},
                     {"content", one.text},
                     {"single_word", one.single_word},
                     {"lstrip", one.strip_left},
                     {"rstrip", one.strip_right},
                     {"normalized", one.normalized},
                     {"special", one.special}});
  json["added_tokens"] = std::move(added);
  for (const char* stage : {"normalizer", "pre_tokenizer", "post_processor", "decoder"}) json[stage] = Ordered(m.settings[stage]);
  std::vector<std::pair<int32_t, std::string>> tokens(m.merges.tokens().begin(), m.merges.tokens().end());
  std::sort(tokens.begin(), tokens.end());
  for (auto& [id, text] : tokens) vocab.get_ref<Ordered::object_t&>().emplace_back(std::move(text), id);  // all different: none is looked for
  for (const auto& [left, right] : m.merges.merges()) merges.push_back({token(left), token(right)});
  json["model"] = {{"type", "BPE"},
                   {"dropout", options.dropout > 0 ? Ordered(options.dropout) : Ordered()},
                   {"unk_token", options.unk ? Ordered(token(*options.unk)) : Ordered()},
                   {"continuing_subword_prefix", or_null(options.continuing_subword_prefix)},
                   {"end_of_word_suffix", or_null(options.end_of_word_suffix)},
                   {"fuse_unk", options.fuse_unk},
                   {"byte_fallback", options.byte_fallback},
                   {"ignore_merges", options.ignore_merges},
                   {"vocab", std::move(vocab)},
                   {"merges", std::move(merges)}};
  std::string written;
  try {
    written = json.dump(2);
  } catch (const Ordered::exception&) { fail("BPETokenizer.save", "path", "special tokens in UTF-8", "other bytes"); }
  files::write_file("BPETokenizer.save", path, {{written.data(), written.size()}});
}

}  // namespace lazuli::data
