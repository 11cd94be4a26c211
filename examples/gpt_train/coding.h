#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "lazuli/data/tokenizer/tokenizer.h"

/// A text as numbers: of its bytes, or of the tokens of a tokenizer.json.
class Coding {
 public:
  /// `file` empty: bytes. Throws Error for a file that is no tokenizer.
  explicit Coding(const std::string& file) {
    if (!file.empty()) tokenizer_ = lazuli::data::BPETokenizer::load(file);
  }
  int64_t vocabulary() const { return tokenizer_ ? tokenizer_->vocab_size() : 256; }
  const char* unit() const { return tokenizer_ ? "tokens" : "bytes"; }
  std::vector<int64_t> encode(const std::string& text) const {
    if (tokenizer_) return tokenizer_->encode(text, /*add_special_tokens=*/false);
    std::vector<int64_t> bytes;
    for (char c : text) bytes.push_back(int64_t(uint8_t(c)));
    return bytes;
  }
  std::string decode(const std::vector<int64_t>& numbers) const {
    if (tokenizer_) return tokenizer_->decode(numbers, /*skip_special_tokens=*/false);
    return std::string(numbers.begin(), numbers.end());
  }

 private:
  std::optional<lazuli::data::BPETokenizer> tokenizer_;
};
