#include "lazuli/data/tokenizer/tokenizer.h"

#include <algorithm>
#include <queue>

#include "lazuli/core/error.h"
#include "lazuli/data/tokenizer/model.h"

namespace lazuli::data {
namespace detail {
namespace {

// The letter of each byte, and the byte of each letter below U+0144.
struct Letters {
  std::array<int, 256> letter;
  std::array<int, 0x144> byte;
  Letters() {
    byte.fill(-1);
    int next = 256;
    for (int b = 0; b < 256; ++b) {
      const bool printable = (b >= '!' && b <= '~') || (b >= 0xa1 && b <= 0xac) || b >= 0xae;
      letter[size_t(b)] = printable ? b : next++;
      byte[size_t(letter[size_t(b)])] = b;
    }
  }
};
const Letters& letters() {
  static const Letters all;
  return all;
}

}  // namespace

std::string letters_of(std::string_view bytes) {
  std::string text;
  for (char c : bytes) {
    const int letter = letters().letter[uint8_t(c)];
    if (letter < 0x80) text += char(letter);
    else text += {char(0xc0 | letter >> 6), char(0x80 | (letter & 0x3f))};
  }
  return text;
}

bool bytes_of_letters(std::string_view text, std::string& bytes) {
  bytes.clear();
  for (size_t i = 0; i < text.size(); ++i) {
    int letter = uint8_t(text[i]);
    if (letter >= 0x80) {
      if ((letter & 0xe0) != 0xc0 || i + 1 == text.size() || (uint8_t(text[i + 1]) & 0xc0) != 0x80) return false;
      letter = (letter & 0x1f) << 6 | (uint8_t(text[++i]) & 0x3f);
      if (letter < 0x80) return false;
    }
    const int byte = letter < 0x144 ? letters().byte[size_t(letter)] : -1;
    if (byte < 0) return false;
    bytes += char(byte);
  }
  return true;
}

}  // namespace detail

void BPETokenizer::Model::finish(const char* op, const std::string& where) {
  for (const auto& [bytes, id] : ids)
    if (!tokens.emplace(id, bytes).second) fail(ErrorKind::File, op, "path", "each number once in " + where, std::to_string(id) + " twice");
  byte_ids.fill(-1);
  for (const auto& [id, bytes] : tokens)
    if (bytes.size() == 1) byte_ids[uint8_t(bytes[0])] = id;
  for (size_t a = 0; a < added.size(); ++a) {
    const Added& one = added[a];
    if (one.text.empty()) fail(ErrorKind::File, op, "path", "added tokens of some text in " + where, "an empty one");
    if (!added_by_id.emplace(one.id, a).second)
      fail(ErrorKind::File, op, "path", "each added token once in " + where, "'" + one.text + "' and another of one number");
    added_by_byte[uint8_t(one.text[0])].push_back(a);
  }
  for (auto& list : added_by_byte)
    std::stable_sort(list.begin(), list.end(), [&](size_t a, size_t b) { return added[a].text.size() > added[b].text.size(); });
}

// Merges the pair of the lowest rank, the first of those, until there is none: a list of tokens with gaps, and a queue of its pairs, some of them gone by the time they come.
void BPETokenizer::Model::encode_word(std::string_view word, std::vector<int64_t>& out) const {
  if (ignore_merges)
    if (const auto whole = ids.find(std::string(word)); whole != ids.end()) {
      out.push_back(whole->second);
      return;
    }
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
  std::vector<Symbol> symbols;
  for (char c : word) {
    const int32_t id = byte_ids[uint8_t(c)];
    if (id < 0) continue;  // a vocabulary without that byte
    const int64_t at = int64_t(symbols.size());
    symbols.push_back({id, at - 1, at + 1});
  }
  if (symbols.empty()) return;
  symbols.back().after = -1;
  std::priority_queue<Candidate> queue;
  const auto consider = [&](int64_t left) {
    if (left < 0 || symbols[size_t(left)].after < 0) return;
    const int32_t a = symbols[size_t(left)].id, b = symbols[size_t(symbols[size_t(left)].after)].id;
    if (const auto merge = merges.find(detail::pair_key(a, b)); merge != merges.end())
      queue.push({merge->second.rank, left, a, b, merge->second.made});
  };
  for (int64_t i = 0; i + 1 < int64_t(symbols.size()); ++i) consider(i);
  while (!queue.empty()) {
    const Candidate c = queue.top();
    queue.pop();
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

void BPETokenizer::Model::encode_plain(std::string_view text, std::vector<int64_t>& out) const {
  if (text.empty()) return;
  std::string prefixed;
  if (add_prefix_space && text[0] != ' ') {
    prefixed = " " + std::string(text);
    text = prefixed;
  }
  words(text, [&](std::string_view word) { encode_word(word, out); });
}

std::vector<int64_t> BPETokenizer::encode(std::string_view text, bool add_special_tokens) const {
  const Model& m = *model_;
  std::vector<int64_t> out;
  if (add_special_tokens) out.assign(m.before.begin(), m.before.end());
  size_t plain = 0;
  const auto is_space = [&](size_t i) { return text[i] == ' ' || (text[i] >= '\t' && text[i] <= '\r'); };
  for (size_t at = 0; at < text.size();) {
    const Model::Added* found = nullptr;
    for (size_t a : m.added_by_byte[uint8_t(text[at])])
      if (text.substr(at).starts_with(m.added[a].text)) {
        found = &m.added[a];
        break;
      }
    if (!found) {
      ++at;
      continue;
    }
    size_t end = at;
    while (found->strip_left && end > plain && is_space(end - 1)) --end;
    m.encode_plain(text.substr(plain, end - plain), out);
    out.push_back(found->id);
    at += found->text.size();
    while (found->strip_right && at < text.size() && is_space(at)) ++at;
    plain = at;
  }
  m.encode_plain(text.substr(plain), out);
  if (add_special_tokens) out.insert(out.end(), m.after.begin(), m.after.end());
  return out;
}

std::string BPETokenizer::decode(const std::vector<int64_t>& tokens, bool skip_special_tokens) const {
  std::string text;
  for (int64_t id : tokens) {
    const int32_t narrow = id >= 0 && id <= INT32_MAX ? int32_t(id) : -1;
    if (const auto added = model_->added_by_id.find(narrow); added != model_->added_by_id.end()) {
      const Model::Added& one = model_->added[added->second];
      if (!(one.special && skip_special_tokens)) text += one.text;
    } else if (const auto token = model_->tokens.find(narrow); token != model_->tokens.end()) {
      text += token->second;
    } else {
      fail(ErrorKind::Index, "BPETokenizer.decode", "tokens", "numbers of tokens, of which there are " + std::to_string(vocab_size()),
           std::to_string(id));
    }
  }
  return text;
}

int64_t BPETokenizer::vocab_size() const {
  int64_t count = int64_t(model_->tokens.size());
  for (const auto& entry : model_->added_by_id) count += !model_->tokens.contains(entry.first);
  return count;
}
std::optional<int64_t> BPETokenizer::token_to_id(std::string_view token) const {
  for (const Model::Added& one : model_->added)
    if (one.text == token) return one.id;
  std::string bytes;
  if (!detail::bytes_of_letters(token, bytes)) return {};
  const auto found = model_->ids.find(bytes);
  return found == model_->ids.end() ? std::nullopt : std::optional<int64_t>(found->second);
}
std::string BPETokenizer::id_to_token(int64_t id) const {
  const int32_t narrow = id >= 0 && id <= INT32_MAX ? int32_t(id) : -1;
  if (const auto added = model_->added_by_id.find(narrow); added != model_->added_by_id.end()) return model_->added[added->second].text;
  if (const auto token = model_->tokens.find(narrow); token != model_->tokens.end()) return detail::letters_of(token->second);
  fail(ErrorKind::Index, "BPETokenizer.id_to_token", "id", "the number of a token", std::to_string(id));
}

}  // namespace lazuli::data
