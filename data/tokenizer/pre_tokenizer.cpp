#include "lazuli/data/tokenizer/pre_tokenizer.h"

#include "lazuli/data/tokenizer/scripts.h"
#include "lazuli/data/tokenizer/tokenizer.h"
#include "lazuli/data/tokenizer/unicode.h"

namespace lazuli::data::detail {
namespace {

constexpr const char* kPunctuation = R"([!-/:-@\[-`{-~\p{P}])";                           // ASCII's, and Unicode's
constexpr const char* kWhitespace = R"([\w\x{200c}\x{200d}]+|[^\w\s\x{200c}\x{200d}]+)";  // words have joiners too

Behavior behavior_of(const Source& source, const Json& settings, const char* otherwise = "") {
  constexpr std::pair<const char*, Behavior> all[] = {{"Removed", Behavior::Removed},
                                                      {"Isolated", Behavior::Isolated},
                                                      {"MergedWithPrevious", Behavior::MergedWithPrevious},
                                                      {"MergedWithNext", Behavior::MergedWithNext},
                                                      {"Contiguous", Behavior::Contiguous}};
  const std::string given = settings.contains("behavior") ? text(settings, "behavior") : otherwise;
  for (const auto& [name, behavior] : all)
    if (given == name) return behavior;
  source.unsupported("a behavior of " + text(settings, "type") + " that is known", "'" + given + "'");
}

PreTokenizer cutter(Pattern pattern, Behavior behavior, bool invert = false) {
  return [pattern = std::move(pattern), behavior, invert](std::vector<Piece>& pieces) { cut(pieces, pattern, behavior, invert); };
}

// Spaces before words belong to them, and bytes become letters.
PreTokenizer byte_level(const Source& source, const Json& settings) {
  const bool prefix = flag(settings, "add_prefix_space", true);
  PreTokenizer words;
  if (flag(settings, "use_regex", true)) words = cutter(Pattern(source.op, std::string(kGpt2Pattern)), Behavior::Isolated);
  return [prefix, words](std::vector<Piece>& pieces) {
    for (Piece& piece : pieces)
      if (prefix && !piece.text.starts_with(' ')) piece.text.insert(0, " ");
    if (words) words(pieces);
    for (Piece& piece : pieces) piece.text = letters_of(piece.text);
  };
}

// Spaces as a letter of their own, as SentencePiece has them.
PreTokenizer metaspace(const Source& source, const Json& settings) {
  const std::string sign = replacement_of(settings);
  const Prepend prepend = prepend_of(source, settings);
  PreTokenizer words;
  if (flag(settings, "split", true)) words = cutter(Pattern::literal(source.op, sign), Behavior::MergedWithNext);
  return [=, space = Pattern::literal(source.op, " ")](std::vector<Piece>& pieces) {
    for (Piece& piece : pieces) {
      piece.text = space.replaced(piece.text, sign);
      const bool wanted = prepend == Prepend::Always || (prepend == Prepend::First && piece.first);
      if (wanted && !piece.text.starts_with(sign)) piece.text.insert(0, sign);
    }
    if (words) words(pieces);
  };
}

PreTokenizer both(PreTokenizer first, PreTokenizer second) {
  return [first = std::move(first), second = std::move(second)](std::vector<Piece>& pieces) {
    first(pieces);
    second(pieces);
  };
}

}  // namespace

Prepend prepend_of(const Source& source, const Json& metaspace) {
  const std::string scheme = text(metaspace, "prepend_scheme");
  if (scheme == "never" || !flag(metaspace, "add_prefix_space", true)) return Prepend::Never;
  if (scheme == "first") return Prepend::First;
  if (scheme != "always" && !scheme.empty()) source.unsupported("a prepend_scheme that is known", "'" + scheme + "'");
  return Prepend::Always;
}

std::string replacement_of(const Json& metaspace) {
  const std::string given = text(metaspace, "replacement");
  return given.empty() ? "\u2581" : given;
}

PreTokenizer pre_tokenizer_of(const Source& source, const Json& settings) {
  if (settings.is_null()) return {};
  const std::string type = text(settings, "type");
  const auto pattern = [&](const std::string& of) { return Pattern(source.op, of); };
  if (type == "Sequence") {
    std::vector<PreTokenizer> all;
    for (const Json& one : list(source, settings, "pretokenizers", 16)) all.push_back(pre_tokenizer_of(source, one));
    std::erase(all, nullptr);
    return [all](std::vector<Piece>& pieces) {
      for (const PreTokenizer& words : all) words(pieces);
    };
  }
  if (type == "ByteLevel") return byte_level(source, settings);
  if (type == "Metaspace") return metaspace(source, settings);
  if (type == "Split") return cutter(pattern_of(source, settings, "pattern"), behavior_of(source, settings), flag(settings, "invert"));
  if (type == "Whitespace") return cutter(pattern(kWhitespace), Behavior::Removed, true);
  if (type == "WhitespaceSplit") return cutter(pattern(R"(\s)"), Behavior::Removed);
  if (type == "BertPreTokenizer") return both(cutter(pattern(R"(\s)"), Behavior::Removed), cutter(pattern(kPunctuation), Behavior::Isolated));
  if (type == "Punctuation") return cutter(pattern(kPunctuation), behavior_of(source, settings, "Isolated"));
  if (type == "Digits") return cutter(pattern(R"(\p{N})"), flag(settings, "individual_digits") ? Behavior::Isolated : Behavior::Contiguous);
  if (type == "UnicodeScripts") return cutter(pattern(run_of_one_script()), Behavior::Removed, true);
  if (type == "CharDelimiterSplit") return cutter(Pattern::literal(source.op, text(settings, "delimiter")), Behavior::Removed);
  source.unsupported("a pre_tokenizer that is known", "'" + type + "'");
}

}  // namespace lazuli::data::detail
