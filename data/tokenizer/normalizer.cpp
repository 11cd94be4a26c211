#include "lazuli/data/tokenizer/normalizer.h"

#include <optional>

#include "lazuli/data/tokenizer/charsmap.h"
#include "lazuli/data/tokenizer/unicode.h"

namespace lazuli::data::detail {
namespace {

std::optional<Form> form_of(const std::string& type) {
  if (type == "NFC") return Form::NFC;
  if (type == "NFD") return Form::NFD;
  if (type == "NFKC") return Form::NFKC;
  if (type == "NFKD") return Form::NFKD;
  return {};
}

void need_unicode(const Source& source, const std::string& type) {
  if (!has_unicode()) source.unsupported("no " + type + " by a build of Lazuli without utf8proc", "one");
}

Normalizer strip(bool left, bool right) {
  return [left, right](Piece& piece) {
    std::string& text = piece.text;
    while (right && !text.empty()) {
      const size_t length = length_before(text, text.size());
      if (!is_space(letter_at(text, text.size() - length).code)) break;
      text.resize(text.size() - length);
    }
    size_t begin = 0;
    while (left && begin < text.size() && is_space(letter_at(text, begin).code)) begin += letter_at(text, begin).length;
    text.erase(0, begin);
    piece.first &= begin == 0;
  };
}

bool is_chinese(int32_t code) {
  constexpr std::pair<int32_t, int32_t> blocks[] = {{0x4e00, 0x9fff},   {0x3400, 0x4dbf},   {0x20000, 0x2a6df}, {0x2a700, 0x2b73f},
                                                    {0x2b740, 0x2b81f}, {0x2b920, 0x2ceaf}, {0xf900, 0xfaff},   {0x2f800, 0x2fa1f}};
  for (const auto& [first, last] : blocks)
    if (code >= first && code <= last) return true;
  return false;
}

// As BERT's: other signs and spaces cleaned away, Chinese letters apart, without accents, small letters.
Normalizer bert(const Source& source, const Json& settings) {
  need_unicode(source, "BertNormalizer");
  const bool clean = flag(settings, "clean_text", true), chinese = flag(settings, "handle_chinese_chars", true);
  const bool lower = flag(settings, "lowercase", true), strip_accents = flag(settings, "strip_accents", lower);
  return [=, control = Pattern(source.op, R"([^\P{Cc}\t\n\r]|\p{Cf}|\p{Co}|\x{fffd})"), accents = Pattern(source.op, R"(\p{Mn})")](Piece& piece) {
    if (clean) piece.text = control.replaced(piece.text, "");
    std::string text;
    each_letter(piece.text, [&](std::string_view letter) {
      const int32_t code = letter_at(letter, 0).code;
      if (clean && is_space(code)) text += ' ';
      else if (chinese && is_chinese(code)) text.append(" ").append(letter).append(" ");
      else text += letter;
    });
    if (strip_accents) text = accents.replaced(normalized(text, Form::NFD), "");
    piece.text = lower ? lowercase(text) : text;
  };
}

// As SentencePiece's rule "nmt": without control signs, all that is as good as a space being one.
Normalizer nmt(const Source& source) {
  return [control = Pattern(source.op, R"([\x{1}-\x{8}\x{b}\x{e}-\x{1f}\x{7f}\x{8f}\x{9f}])"),
          space = Pattern(source.op, R"([\t\n\f\r\x{1680}\x{200b}-\x{200f}\x{2028}\x{2029}\x{2581}\x{feff}\x{fffd}])")](Piece& piece) {
    piece.text = space.replaced(control.replaced(piece.text, ""), " ");
  };
}

}  // namespace

Normalizer normalizer_of(const Source& source, const Json& settings) {
  if (settings.is_null()) return {};
  const std::string type = text(settings, "type");
  if (const std::optional<Form> form = form_of(type)) {
    need_unicode(source, type);
    return [form = *form](Piece& piece) { piece.text = normalized(piece.text, form); };
  }
  if (type == "Sequence") {
    std::vector<Normalizer> all;
    for (const Json& one : list(source, settings, "normalizers", 16)) all.push_back(normalizer_of(source, one));
    std::erase(all, nullptr);
    return [all](Piece& piece) {
      for (const Normalizer& normalize : all) normalize(piece);
    };
  }
  if (type == "Lowercase") {
    need_unicode(source, type);
    return [](Piece& piece) { piece.text = lowercase(piece.text); };
  }
  if (type == "StripAccents") return [accents = Pattern(source.op, R"(\p{M})")](Piece& piece) { piece.text = accents.replaced(piece.text, ""); };
  if (type == "Replace")
    return [pattern = pattern_of(source, settings, "pattern"), by = text(settings, "content")](Piece& piece) {
      piece.text = pattern.replaced(piece.text, by);
    };
  if (type == "Prepend")
    return [prefix = text(settings, "prepend")](Piece& piece) {
      if (!piece.text.empty()) piece.text.insert(0, prefix);
    };
  if (type == "Strip") return strip(flag(settings, "strip_left", true), flag(settings, "strip_right", true));
  if (type == "ByteLevel") return [](Piece& piece) { piece.text = letters_of(piece.text); };
  if (type == "BertNormalizer") return bert(source, settings);
  if (type == "Nmt") return nmt(source);
  if (type == "Precompiled") {
    need_unicode(source, type);
    return [map = CharsMap(source, text(settings, "precompiled_charsmap"))](Piece& piece) { piece.text = map.normalized(piece.text); };
  }
  source.unsupported("a normalizer that is known", "'" + type + "'");
}

}  // namespace lazuli::data::detail
