#include "lazuli/data/tokenizer/tokenizer.h"

#include <random>

#include "lazuli/core/random/generator.h"
#include "lazuli/data/tokenizer/model.h"

namespace lazuli::data {

void BPETokenizer::Model::finish(const detail::Source& source) {
  const auto setting = [&](const char* name) -> const detail::Json& { return detail::member(settings, name); };
  normalize = detail::normalizer_of(source, setting("normalizer"));
  pre_tokenize = detail::pre_tokenizer_of(source, setting("pre_tokenizer"));
  decode = detail::decoder_of(source, setting("decoder"));
  lengths = detail::lengths_of(source, setting("truncation"), setting("padding"));
  std::vector<detail::AddedToken> as_given, as_normalized;
  for (size_t a = 0; a < added.size(); ++a) {
    detail::AddedToken& one = added[a];
    if (one.text.empty()) source.corrupt("added tokens of some text", "an empty one");
    if (!added_by_id.emplace(one.id, a).second) source.corrupt("each added token once", "'" + one.text + "' and another of one number");
    detail::Piece shown{one.text, true};
    if (one.normalized && normalize) normalize(shown);
    one.shown = shown.text;
    (one.normalized ? as_normalized : as_given).push_back(one);
  }
  added_as_given.emplace(std::move(as_given));
  added_as_normalized.emplace(std::move(as_normalized));
  templates =
      detail::templates_of(source, setting("post_processor"), [&](int32_t id) { return merges.token_of(id) != nullptr || added_by_id.contains(id); });
}

std::vector<detail::Piece> BPETokenizer::Model::words(std::string text, bool first) const {
  std::vector<detail::Piece> pieces{{std::move(text), first}};
  if (pre_tokenize) pre_tokenize(pieces);
  return pieces;
}

std::vector<int64_t> BPETokenizer::Model::tokens(std::string_view text) const {
  std::vector<int64_t> out;
  std::optional<std::mt19937_64> engine;
  const auto random = [&] {
    if (!engine) engine.emplace(default_generator().split().initial_seed());
    return double((*engine)() >> 11) * 0x1p-53;
  };
  for (const auto& given : added_as_given->parts(text)) {
    if (given.id >= 0) {
      out.push_back(given.id);
      continue;
    }
    detail::Piece piece{std::string(given.text), given.text.data() == text.data()};
    if (normalize) normalize(piece);
    for (const auto& part : added_as_normalized->parts(piece.text)) {
      if (part.id >= 0) {
        out.push_back(part.id);
        continue;
      }
      const bool first = piece.first && part.text.data() == piece.text.data();
      for (const detail::Piece& word : words(std::string(part.text), first)) merges.encode(word.text, random, out);
    }
  }
  return out;
}

std::vector<int64_t> BPETokenizer::encode(std::string_view text, bool add_special_tokens) const {
  return model_->lengths.arranged({model_->tokens(text)}, (add_special_tokens ? model_->templates : detail::Templates()).single);
}

std::vector<int64_t> BPETokenizer::encode_pair(std::string_view text, std::string_view second, bool add_special_tokens) const {
  const detail::Template places = (add_special_tokens ? model_->templates : detail::Templates()).pair;
  if (places.empty()) fail(ErrorKind::NotSupported, "BPETokenizer.encode_pair", "", "a post_processor that takes two texts", "one that takes one");
  return model_->lengths.arranged({model_->tokens(text), model_->tokens(second)}, places);
}

std::string BPETokenizer::decode(const std::vector<int64_t>& tokens, bool skip_special_tokens) const {
  std::vector<detail::Token> parts;
  for (int64_t id : tokens) {
    const int32_t narrow = id >= 0 && id <= INT32_MAX ? int32_t(id) : -1;
    if (const auto added = model_->added_by_id.find(narrow); added != model_->added_by_id.end()) {
      const detail::AddedToken& one = model_->added[added->second];
      if (!(one.special && skip_special_tokens)) parts.push_back({one.shown, true});
    } else if (const std::string* token = model_->merges.token_of(narrow)) {
      parts.push_back({*token, false});
    } else {
      fail(ErrorKind::Index, "BPETokenizer.decode", "tokens", "numbers of tokens, of which there are " + std::to_string(vocab_size()),
           std::to_string(id));
    }
  }
  model_->decode(parts);
  std::string text;
  for (const detail::Token& part : parts) text += part.text;
  return text;
}

int64_t BPETokenizer::vocab_size() const {
  int64_t count = int64_t(model_->merges.tokens().size());
  for (const auto& entry : model_->added_by_id) count += model_->merges.token_of(entry.first) == nullptr;
  return count;
}

std::optional<int64_t> BPETokenizer::token_to_id(std::string_view token) const {
  for (const detail::AddedToken& one : model_->added)
    if (one.text == token) return one.id;
  const int32_t id = model_->merges.id_of(token);
  return id < 0 ? std::nullopt : std::optional<int64_t>(id);
}

std::string BPETokenizer::id_to_token(int64_t id) const {
  const int32_t narrow = id >= 0 && id <= INT32_MAX ? int32_t(id) : -1;
  if (const auto added = model_->added_by_id.find(narrow); added != model_->added_by_id.end()) return model_->added[added->second].shown;
  if (const std::string* token = model_->merges.token_of(narrow)) return *token;
  fail(ErrorKind::Index, "BPETokenizer.id_to_token", "id", "the number of a token", std::to_string(id));
}

}  // namespace lazuli::data
