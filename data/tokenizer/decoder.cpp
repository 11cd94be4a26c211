#include "lazuli/data/tokenizer/decoder.h"

#include <algorithm>

#include "lazuli/data/tokenizer/pre_tokenizer.h"
#include "lazuli/data/tokenizer/unicode.h"

namespace lazuli::data::detail {
namespace {

bool is_utf8(std::string_view text) {
  bool all = true;
  each_letter(text, [&](std::string_view letter) { all &= letter_at(letter, 0).code >= 0; });
  return all;
}

std::string with_replaced(std::string text, std::string_view what, std::string_view by) {
  for (size_t at = 0; !what.empty() && (at = text.find(what, at)) != text.npos; at += by.size()) text.replace(at, what.size(), by);
  return text;
}

void fuse(std::vector<Token>& tokens) {
  Token whole;
  for (Token& token : tokens) whole.text += token.text;
  tokens.assign(1, std::move(whole));
}

// Letters back to bytes. Added tokens are texts, unless they were written in those letters.
void byte_level(std::vector<Token>& tokens) {
  std::string bytes;
  for (Token& token : tokens)
    if (bytes_of_letters(token.text, bytes) && !(token.added && !is_utf8(bytes))) token.text = bytes;
  fuse(tokens);
}

Decoder metaspace(const Source& source, const Json& settings) {
  return [sign = replacement_of(settings), prepended = prepend_of(source, settings) != Prepend::Never](std::vector<Token>& tokens) {
    for (size_t i = 0; i < tokens.size(); ++i) tokens[i].text = with_replaced(std::move(tokens[i].text), sign, i == 0 && prepended ? "" : " ");
  };
}

// <0x..> is a byte: as many in a row as there are make letters, or each the sign for what is none.
void byte_fallback(std::vector<Token>& tokens) {
  std::vector<Token> out;
  std::string bytes;
  const auto flush = [&] {
    if (bytes.empty()) return;
    if (is_utf8(bytes)) out.push_back({bytes});
    else out.insert(out.end(), bytes.size(), Token{"\ufffd"});
    bytes.clear();
  };
  for (Token& token : tokens) {
    const std::string& text = token.text;
    const bool hexadecimal =
        text.size() == 6 && text.starts_with("<0x") && text[5] == '>' && text.find_first_not_of("0123456789abcdefABCDEF", 3) == 5;
    if (hexadecimal) {
      bytes += char(std::stoi(text.substr(3, 2), nullptr, 16));
      continue;
    }
    flush();
    out.push_back(std::move(token));
  }
  flush();
  tokens.swap(out);
}

// Up to so many of a letter at either end.
Decoder strip(const Source& source, const Json& settings) {
  const std::string content = text(settings, "content");
  const auto count = [&](const char* name) { return number(source, member(settings, name), name); };
  return [content, start = count("start"), stop = count("stop")](std::vector<Token>& tokens) {
    if (content.empty()) return;
    for (Token& token : tokens) {
      std::string_view left = token.text;
      for (int32_t i = 0; i < start && left.starts_with(content); ++i) left.remove_prefix(content.size());
      for (int32_t i = 0; i < stop && left.ends_with(content); ++i) left.remove_suffix(content.size());
      token.text = std::string(left);
    }
  };
}

Decoder word_ends(std::string suffix) {
  return [suffix = std::move(suffix)](std::vector<Token>& tokens) {
    for (size_t i = 0; i < tokens.size(); ++i) tokens[i].text = with_replaced(std::move(tokens[i].text), suffix, i + 1 == tokens.size() ? "" : " ");
  };
}

// Without the spaces that stand before signs and English endings.
std::string tidied(std::string text) {
  constexpr std::pair<std::string_view, std::string_view> all[] = {{" .", "."},   {" ?", "?"},     {" !", "!"},    {" ,", ","},
                                                                   {" ' ", "'"},  {" n't", "n't"}, {" 'm", "'m"},  {" do not", " don't"},
                                                                   {" 's", "'s"}, {" 've", "'ve"}, {" 're", "'re"}};
  for (const auto& [what, by] : all) text = with_replaced(std::move(text), what, by);
  return text;
}

Decoder word_pieces(const std::string& prefix, bool cleanup) {
  return [prefix, cleanup](std::vector<Token>& tokens) {
    for (size_t i = 0; i < tokens.size(); ++i) {
      std::string& text = tokens[i].text;
      if (i > 0 && text.starts_with(prefix)) text.erase(0, prefix.size());
      else if (i > 0) text.insert(0, " ");
      if (cleanup) text = tidied(std::move(text));
    }
  };
}

// What a network says at each moment: repeated tokens are one, unless a pad token stands between.
Decoder ctc(const std::string& pad, const std::string& word_delimiter, bool cleanup) {
  return [=](std::vector<Token>& tokens) {
    const auto same = [](const Token& a, const Token& b) { return a.text == b.text; };
    tokens.erase(std::unique(tokens.begin(), tokens.end(), same), tokens.end());
    for (Token& token : tokens) {
      token.text = with_replaced(std::move(token.text), pad, "");
      if (cleanup) token.text = with_replaced(tidied(std::move(token.text)), word_delimiter, " ");
    }
    std::erase_if(tokens, [](const Token& token) { return token.text.empty(); });
  };
}

}  // namespace

Decoder decoder_of(const Source& source, const Json& settings) {
  if (settings.is_null())
    return [](std::vector<Token>& tokens) {
      for (size_t i = 1; i < tokens.size(); ++i) tokens[i].text.insert(0, " ");
    };
  const std::string type = text(settings, "type");
  const auto text_or = [&](const char* name, const char* otherwise) { return settings.contains(name) ? text(settings, name) : otherwise; };
  if (type == "Sequence") {
    std::vector<Decoder> all;
    for (const Json& one : list(source, settings, "decoders", 16)) all.push_back(decoder_of(source, one));
    return [all](std::vector<Token>& tokens) {
      for (const Decoder& decode : all) decode(tokens);
    };
  }
  if (type == "ByteLevel") return byte_level;
  if (type == "Metaspace") return metaspace(source, settings);
  if (type == "ByteFallback") return byte_fallback;
  if (type == "Fuse") return fuse;
  if (type == "Strip") return strip(source, settings);
  if (type == "Replace")
    return [pattern = pattern_of(source, settings, "pattern"), by = text(settings, "content")](std::vector<Token>& tokens) {
      for (Token& token : tokens) token.text = pattern.replaced(token.text, by);
    };
  if (type == "BPEDecoder") return word_ends(text_or("suffix", "</w>"));
  if (type == "WordPiece") return word_pieces(text_or("prefix", "##"), flag(settings, "cleanup", true));
  if (type == "CTC") return ctc(text_or("pad_token", "<pad>"), text_or("word_delimiter_token", "|"), flag(settings, "cleanup", true));
  source.unsupported("a decoder that is known", "'" + type + "'");
}

}  // namespace lazuli::data::detail
