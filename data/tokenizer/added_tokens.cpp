#include "lazuli/data/tokenizer/added_tokens.h"

#include <algorithm>

#include "lazuli/data/tokenizer/unicode.h"

namespace lazuli::data::detail {

AddedTokens::AddedTokens(std::vector<AddedToken> tokens) : tokens_(std::move(tokens)), word_letter_("BPETokenizer", "\\w") {
  for (size_t t = 0; t < tokens_.size(); ++t)
    if (!tokens_[t].shown.empty()) by_byte_[uint8_t(tokens_[t].shown[0])].push_back(t);
  for (auto& list : by_byte_)
    std::stable_sort(list.begin(), list.end(), [&](size_t a, size_t b) { return tokens_[a].shown.size() > tokens_[b].shown.size(); });
}

const AddedToken* AddedTokens::token_at(std::string_view text, size_t at) const {
  for (size_t t : by_byte_[uint8_t(text[at])])
    if (text.substr(at).starts_with(tokens_[t].shown)) return &tokens_[t];
  return nullptr;
}

bool AddedTokens::stands_alone(std::string_view text, size_t begin, size_t end) const {
  const auto in_word = [&](size_t at, size_t length) { return word_letter_.found_in(text.substr(at, length)); };
  if (begin > 0 && in_word(begin - length_before(text, begin), length_before(text, begin))) return false;
  return end == text.size() || !in_word(end, letter_at(text, end).length);
}

std::vector<AddedTokens::Part> AddedTokens::parts(std::string_view text) const {
  std::vector<Part> out;
  size_t done = 0;
  for (size_t at = 0; at < text.size();) {
    const AddedToken* found = token_at(text, at);
    if (!found) {
      ++at;
      continue;
    }
    size_t begin = at, end = at + found->shown.size();
    at = end;
    if (found->single_word && !stands_alone(text, begin, end)) continue;
    while (found->strip_left && begin > done) {
      const size_t length = length_before(text, begin);
      if (!is_space(letter_at(text, begin - length).code)) break;
      begin -= length;
    }
    while (found->strip_right && end < text.size() && is_space(letter_at(text, end).code)) end += letter_at(text, end).length;
    if (begin > done) out.push_back({text.substr(done, begin - done), -1});
    out.push_back({text.substr(begin, end - begin), found->id});
    done = std::max(done, end);
  }
  if (done < text.size()) out.push_back({text.substr(done), -1});
  return out;
}

}  // namespace lazuli::data::detail
