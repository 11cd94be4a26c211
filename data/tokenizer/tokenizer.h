#pragma once
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace lazuli::data {

/// GPT-2's pattern: endings such as 's, words, numbers and other signs, each with a space before it, and spaces.
inline constexpr std::string_view kGpt2Pattern = R"('s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+)";

struct BPETrainOptions {
  /// How many tokens there are to be: the special ones, 256 bytes and the merges. Fewer where the texts have no more pairs.
  int64_t vocab_size = 30000;
  /// Of a pair, to be merged.
  int64_t min_frequency = 0;
  /// They get the first numbers, and are found in texts whole.
  std::vector<std::string> special_tokens = {};
  /// A regular expression whose matches are the words within which bytes are merged.
  std::string pattern = std::string(kGpt2Pattern);
};

/// Texts as numbers of tokens by byte-pair encoding (Sennrich et al., 2016, https://arxiv.org/abs/1508.07909). One that was trained here is over bytes, as GPT-2 has it: any text, whatever
/// bytes it has, comes back.
/// A handle: copies share the tokens; any number of threads may use one. Patterns need a build with PCRE2; without it, making a tokenizer throws Error (NotSupported).
///
///   auto tokenizer = data::BPETokenizer::load("gpt2/tokenizer.json");
///   Tensor tokens = tensor(tokenizer.encode("Hello world"));
class BPETokenizer {
 public:
  /// Learns merges: the most frequent pair first, of those as frequent the one of the lowest numbers, as Hugging Face's trainer does. Throws Error for a vocab_size that does not hold the special
  /// tokens and 256 bytes, special tokens that are empty or stand twice, and a pattern that is no regular expression.
  static BPETokenizer train(const std::vector<std::string>& texts, const BPETrainOptions& options = {});
  /// Reads Hugging Face's tokenizer.json of kind BPE: over bytes, as GPT-2, RoBERTa, Llama 3 and Qwen have it, over letters with bytes for the others, as Llama 2 and Gemma, or over words with
  /// marked ends, as CLIP. Texts are normalized by a build with utf8proc. Throws Error (File) for one that is corrupt or hostile, (NotSupported) naming what it asks for and is not known here.
  static BPETokenizer load(const std::string& path);
  /// Writes one, all or nothing.
  void save(const std::string& path) const;

  /// With the tokens that the file's post-processor puts around a text, if there are any and `add_special_tokens`, and cut or padded where the file says so. A dropout of merges takes its
  /// numbers from the default generator.
  std::vector<int64_t> encode(std::string_view text, bool add_special_tokens = true) const;
  /// Two texts as one list, such as a question and an answer, with the tokens that the file's post-processor puts about them. Throws Error (NotSupported) where it does not take two.
  std::vector<int64_t> encode_pair(std::string_view text, std::string_view second, bool add_special_tokens = true) const;
  /// The text of the tokens, without special ones where `skip_special_tokens`. Over bytes it need not be UTF-8: tokens may end inside of a letter. Throws Error (Index) for a number without a token.
  std::string decode(const std::vector<int64_t>& tokens, bool skip_special_tokens = true) const;

  int64_t vocab_size() const;
  /// As files have it: over bytes, those that are no printable letters as others, a space as the letter U+0120.
  std::optional<int64_t> token_to_id(std::string_view token) const;
  /// Throws Error (Index) for a number without a token.
  std::string id_to_token(int64_t id) const;

 private:
  struct Model;
  explicit BPETokenizer(std::shared_ptr<const Model> model) : model_(std::move(model)) {}
  std::shared_ptr<const Model> model_;
};

}  // namespace lazuli::data
