#include <algorithm>
#include <queue>
#include <unordered_set>

#include "lazuli/data/tokenizer/model.h"
#include "lazuli/data/tokenizer/unicode.h"

namespace lazuli::data {
namespace {

using detail::Json;
using Pair = std::pair<int32_t, int32_t>;

/// The different words of the texts, as numbers of tokens, and how often each comes.
struct Words {
  std::vector<std::vector<int32_t>> symbols;
  std::vector<int64_t> counts;
};

/// A pair that may be merged next: how often it came when it was put into the queue.
struct Candidate {
  int64_t count;
  Pair pair;
  bool operator<(const Candidate& other) const { return count != other.count ? count < other.count : pair > other.pair; }
};

/// How often each pair comes, and in which words.
class Pairs {
 public:
  explicit Pairs(Words& words) : words_(words) {
    for (size_t w = 0; w < words.symbols.size(); ++w) {
      const auto& s = words.symbols[w];
      for (size_t i = 0; i + 1 < s.size(); ++i) add({s[i], s[i + 1]}, words.counts[w], w);
    }
    for (const auto& [key, entry] : pairs_) queue_.push({entry.count, pair_of(key)});
  }

  /// The most frequent pair; false where none comes `least` times.
  bool next(int64_t least, Pair& pair) {
    while (!queue_.empty()) {
      Candidate c = queue_.top();
      queue_.pop();
      const auto there = pairs_.find(detail::pair_key(c.pair.first, c.pair.second));
      const int64_t now = there == pairs_.end() ? 0 : there->second.count;
      if (now < c.count) {  // merges since took some of them away
        if (now > 0) queue_.push({now, c.pair});
        continue;
      }
      if (c.count < std::max<int64_t>(1, least)) return false;
      pair = c.pair;
      return true;
    }
    return false;
  }

  void merge(Pair pair, int32_t made) {
    const auto there = pairs_.find(detail::pair_key(pair.first, pair.second));
    std::vector<size_t> words(there->second.words.begin(), there->second.words.end());
    std::unordered_set<uint64_t> grown;
    for (size_t w : words) {
      std::vector<int32_t>& s = words_.symbols[w];
      const int64_t count = words_.counts[w];
      size_t to = 0;
      for (size_t i = 0; i < s.size(); ++i, ++to) {
        if (i + 1 == s.size() || Pair(s[i], s[i + 1]) != pair) {
          s[to] = s[i];
          continue;
        }
        if (to > 0) {
          add({s[to - 1], pair.first}, -count, w);
          add({s[to - 1], made}, count, w);
          grown.insert(detail::pair_key(s[to - 1], made));
        }
        if (i + 2 < s.size()) {
          add({pair.second, s[i + 2]}, -count, w);
          add({made, s[i + 2]}, count, w);
          grown.insert(detail::pair_key(made, s[i + 2]));
        }
        s[to] = made;
        ++i;
      }
      s.resize(to);
    }
    pairs_.erase(detail::pair_key(pair.first, pair.second));
    for (uint64_t key : grown)
      if (const auto entry = pairs_.find(key); entry != pairs_.end() && entry->second.count > 0) queue_.push({entry->second.count, pair_of(key)});
  }

 private:
  struct Entry {
    int64_t count = 0;
    std::unordered_set<size_t> words;
  };
  static Pair pair_of(uint64_t key) { return {int32_t(key >> 32), int32_t(uint32_t(key))}; }
  void add(Pair pair, int64_t count, size_t word) {
    Entry& entry = pairs_[detail::pair_key(pair.first, pair.second)];
    entry.count += count;
    if (count > 0) entry.words.insert(word);
  }

  Words& words_;
  std::unordered_map<uint64_t, Entry> pairs_;
  std::priority_queue<Candidate> queue_;
};

Json settings_for(const std::string& pattern) {
  const bool gpt2 = pattern == kGpt2Pattern;
  const Json byte_level = {{"type", "ByteLevel"}, {"add_prefix_space", false}, {"trim_offsets", true}, {"use_regex", gpt2}};
  const Json split = {{"type", "Split"}, {"pattern", {{"Regex", pattern}}}, {"behavior", "Isolated"}, {"invert", false}};
  const Json words = gpt2 ? byte_level : Json{{"type", "Sequence"}, {"pretokenizers", Json::array({split, byte_level})}};
  return {{"truncation", nullptr},  {"padding", nullptr},           {"normalizer", nullptr},
          {"pre_tokenizer", words}, {"post_processor", byte_level}, {"decoder", byte_level}};
}

}  // namespace

BPETokenizer BPETokenizer::train(const std::vector<std::string>& texts, const BPETrainOptions& options) {
  constexpr const char* op = "BPETokenizer.train";
  auto model = std::make_shared<Model>();
  const int64_t special = int64_t(options.special_tokens.size()), least = special + 256;
  if (options.vocab_size < least || options.vocab_size > INT32_MAX)
    fail(op, "vocab_size", "at least " + std::to_string(least) + ", the special tokens and 256 bytes", std::to_string(options.vocab_size));
  std::vector<std::string> by_id;
  const auto add = [&](const std::string& token) {
    const bool added = model->merges.add_token(token, int32_t(by_id.size()));
    if (added) by_id.push_back(token);
    return added;
  };
  for (const std::string& token : options.special_tokens) {
    if (token.empty() || !add(token)) fail(op, "special_tokens", "different texts", "'" + token + "'" + (token.empty() ? "" : " twice"));
    model->added.push_back({token, int32_t(by_id.size()) - 1});
  }
  std::vector<std::string> letters;
  for (int b = 0; b < 256; ++b) letters.push_back(detail::letters_of(std::string(1, char(b))));
  std::sort(letters.begin(), letters.end());
  for (const std::string& letter : letters) add(letter);
  model->settings = settings_for(options.pattern);
  model->finish({op, "what is trained"});

  std::unordered_map<std::string, size_t> places;
  Words words;
  for (const std::string& text : texts)
    for (const detail::Piece& word : model->words(text, true)) {
      const auto [place, is_new] = places.emplace(word.text, words.counts.size());
      if (is_new) {
        words.counts.push_back(0);
        words.symbols.emplace_back();
        detail::each_letter(word.text, [&](std::string_view letter) { words.symbols.back().push_back(model->merges.id_of(letter)); });
      }
      ++words.counts[place->second];
    }
  Pairs pairs(words);
  Pair pair;
  while (int64_t(by_id.size()) < options.vocab_size && pairs.next(options.min_frequency, pair)) {
    const std::string token = by_id[size_t(pair.first)] + by_id[size_t(pair.second)];
    add(token);  // unless another merge made the same letters
    const int32_t made = model->merges.id_of(token);
    model->merges.add_merge(pair.first, pair.second, made);
    pairs.merge(pair, made);
  }
  model->merges.set_options({});
  return BPETokenizer(std::move(model));
}

}  // namespace lazuli::data
