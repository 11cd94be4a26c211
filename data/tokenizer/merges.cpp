#include "lazuli/data/tokenizer/merges.h"

#include <fmt/format.h>

#include <algorithm>
#include <queue>

namespace lazuli::data::detail {
namespace {

/// A list of tokens with gaps, and a queue of its pairs that may be merged, some of them gone by the time they come.
struct Symbol {
  int32_t id;
  int64_t before, after;
};
struct Candidate {
  int32_t rank;
  int64_t at;
  int32_t left, right, made;
  bool operator<(const Candidate& other) const { return rank != other.rank ? rank > other.rank : at > other.at; }
};

}  // namespace

bool Merges::add_token(const std::string& token, int32_t id) {
  if (ids_.contains(token) || tokens_.contains(id)) return false;
  ids_.emplace(token, id);
  tokens_.emplace(id, token);
  return true;
}

void Merges::add_merge(int32_t left, int32_t right, int32_t made) {
  merges_.insert_or_assign(pair_key(left, right), Merge{int32_t(in_order_.size()), made});
  in_order_.emplace_back(left, right);
}

void Merges::set_options(MergesOptions options) {
  options_ = std::move(options);
  letter_ids_.fill(-1);
  for (const auto& [token, id] : ids_)
    if (const Letter letter = token.empty() ? Letter{-1, 0} : letter_at(token, 0);
        letter.length == token.size() && letter.code >= 0 && letter.code < 0x180)
      letter_ids_[size_t(letter.code)] = id;
  for (int b = 0; b < 256; ++b) byte_ids_[size_t(b)] = id_of(fmt::format("<0x{:02X}>", b));
}

int32_t Merges::id_of(std::string_view token) const {
  const auto found = ids_.find(token);
  return found == ids_.end() ? -1 : found->second;
}

const std::string* Merges::token_of(int32_t id) const {
  const auto found = tokens_.find(id);
  return found == tokens_.end() ? nullptr : &found->second;
}

int32_t Merges::id_of_letter(std::string_view letter, bool first, bool last) const {
  const bool prefixed = !first && !options_.continuing_subword_prefix.empty(), suffixed = last && !options_.end_of_word_suffix.empty();
  if (prefixed || suffixed)
    return id_of((prefixed ? options_.continuing_subword_prefix : "") + std::string(letter) + (suffixed ? options_.end_of_word_suffix : ""));
  const int32_t code = letter_at(letter, 0).code;
  return code >= 0 && code < int32_t(letter_ids_.size()) ? letter_ids_[size_t(code)] : id_of(letter);
}

std::vector<int32_t> Merges::letters_of_word(std::string_view word) const {
  std::vector<int32_t> out;
  int64_t unknown = 0;
  const auto flush = [&] {
    if (unknown > 0) out.insert(out.end(), size_t(options_.fuse_unk ? 1 : unknown), *options_.unk);
    unknown = 0;
  };
  each_letter(word, [&](std::string_view letter) {
    const bool first = letter.data() == word.data(), last = letter.data() + letter.size() == word.data() + word.size();
    if (const int32_t id = id_of_letter(letter, first, last); id >= 0) {
      flush();
      out.push_back(id);
      return;
    }
    const auto has_token = [&](char byte) { return byte_ids_[uint8_t(byte)] >= 0; };
    if (options_.byte_fallback && std::all_of(letter.begin(), letter.end(), has_token)) {
      for (char byte : letter) out.push_back(byte_ids_[uint8_t(byte)]);
      return;
    }
    unknown += options_.unk.has_value();
  });
  flush();
  return out;
}

void Merges::encode(std::string_view word, const std::function<double()>& random, std::vector<int64_t>& out) const {
  if (options_.ignore_merges)
    if (const int32_t whole = id_of(word); whole >= 0) {
      out.push_back(whole);
      return;
    }
  const std::vector<int32_t> letters = letters_of_word(word);
  if (letters.empty()) return;
  std::vector<Symbol> symbols;
  symbols.reserve(letters.size());
  for (int32_t id : letters) symbols.push_back({id, int64_t(symbols.size()) - 1, int64_t(symbols.size()) + 1});
  symbols.back().after = -1;
  std::priority_queue<Candidate> queue;
  const auto consider = [&](int64_t left) {
    if (left < 0 || symbols[size_t(left)].after < 0) return;
    const int32_t a = symbols[size_t(left)].id, b = symbols[size_t(symbols[size_t(left)].after)].id;
    if (const auto merge = merges_.find(pair_key(a, b)); merge != merges_.end()) queue.push({merge->second.rank, left, a, b, merge->second.made});
  };
  for (int64_t i = 0; i + 1 < int64_t(symbols.size()); ++i) consider(i);
  std::vector<Candidate> passed_over;
  while (!queue.empty()) {
    const Candidate c = queue.top();
    queue.pop();
    if (options_.dropout > 0 && random() < options_.dropout) {
      passed_over.push_back(c);
      continue;
    }
    for (const Candidate& again : passed_over) queue.push(again);
    passed_over.clear();
    Symbol& left = symbols[size_t(c.at)];
    if (left.id != c.left || left.after < 0 || symbols[size_t(left.after)].id != c.right) continue;
    Symbol& right = symbols[size_t(left.after)];
    left.id = c.made;
    left.after = right.after;
    right.id = -1;
    if (left.after >= 0) symbols[size_t(left.after)].before = c.at;
    consider(left.before);
    consider(c.at);
  }
  for (int64_t i = 0; i >= 0; i = symbols[size_t(i)].after) out.push_back(symbols[size_t(i)].id);
}

}  // namespace lazuli::data::detail
