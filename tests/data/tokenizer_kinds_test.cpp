#include <nlohmann/json.hpp>

#include "lazuli/data/tokenizer/tokenizer.h"
#include "lazuli/lazuli.h"
#include "tests/catch.h"
#include "tests/errors.h"
#include "tests/io/bytes.h"

// Files of Hugging Face's kinds; what is expected is what their package (tokenizers 0.23) makes of them.
using namespace lazuli;
using data::BPETokenizer;
using test::TemporaryFolder;
using Ids = std::vector<int64_t>;
using nlohmann::ordered_json;

namespace {

BPETokenizer loaded(const ordered_json& json) {
  TemporaryFolder folder;
  return BPETokenizer::load(folder.write("tokenizer.json", json.dump()));
}
std::string refused(const ordered_json& json) {
  return error_of([&] { loaded(json); });
}
bool can_load(const ordered_json& json) { return !says(refused(json), "a build of Lazuli with"); }  // PCRE2

/// Over letters, with bytes for those that are no token, as Llama 2 has it.
ordered_json llama() {
  return ordered_json::parse(R"J({
    "added_tokens": [{"id": 1, "content": "<s>", "single_word": false, "lstrip": false, "rstrip": false, "normalized": false, "special": true}],
    "normalizer": {"type": "Sequence", "normalizers": [{"type": "Prepend", "prepend": "▁"},
      {"type": "Replace", "pattern": {"String": " "}, "content": "▁"}]},
    "pre_tokenizer": null,
    "post_processor": {"type": "TemplateProcessing", "single": [{"SpecialToken": {"id": "<s>", "type_id": 0}}, {"Sequence": {"id": "A", "type_id": 0}}],
      "pair": [], "special_tokens": {"<s>": {"id": "<s>", "ids": [1], "tokens": ["<s>"]}}},
    "decoder": {"type": "Sequence", "decoders": [{"type": "Replace", "pattern": {"String": "▁"}, "content": " "}, {"type": "ByteFallback"},
      {"type": "Fuse"}, {"type": "Strip", "content": " ", "start": 1, "stop": 0}]},
    "model": {"type": "BPE", "unk_token": "<unk>", "fuse_unk": true, "byte_fallback": true,
      "vocab": {"<unk>": 0, "<s>": 1, "</s>": 2, "<0xE4>": 3, "<0xBD>": 4, "<0xA0>": 5, "<0x0A>": 6, "▁": 7, "t": 8, "h": 9, "e": 10, "c": 11, "a": 12,
        "▁t": 13, "he": 14, "▁the": 15, "▁c": 16, "at": 17},
      "merges": ["▁ t", "h e", "▁t he", "▁ c", "a t"]}})J");
}

/// Over words whose ends are marked, as the first GPT has it.
ordered_json words() {
  return ordered_json::parse(R"J({
    "added_tokens": [], "normalizer": null, "pre_tokenizer": {"type": "Whitespace"}, "post_processor": null,
    "decoder": {"type": "BPEDecoder", "suffix": "</w>"},
    "model": {"type": "BPE", "unk_token": "?", "end_of_word_suffix": "</w>",
      "vocab": {"?": 0, "a": 1, "b": 2, "c": 3, "1": 4, "2": 5, "é": 6, "c</w>": 7, "ab": 8, "abc</w>": 9, "b</w>": 10, "1</w>": 11, "!</w>": 12,
        "2</w>": 13, "a</w>": 14},
      "merges": ["a b", "ab c</w>"]}})J");
}
BPETokenizer words_with(const char* stage, const std::string& settings) {
  ordered_json json = words();
  json[stage] = ordered_json::parse(settings);
  return loaded(json);
}

// SentencePiece's table of: the ligature fi to f and i, a wide A to a, 1 in a circle to 1, e with an accent to one letter, b to ab.
constexpr const char* kCharsMap =
    "AAQAAAAEAAAKAACABwAAgAUAAIAAAACAAwAAgAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"
    "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"
    "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"
    "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"
    "AAAAAAAAAAAAAGKJAQBllAEAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"
    "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAgQkCAAAAAAAAAAAAgR0CAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAJFEAgAA"
    "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAChlQIAoIkCAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"
    "AAAAAAAAAAAAAAAAAArLwCAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAALzwAgAAAAAAAAAAAAAAAAAAAAAA"
    "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAADMMAMAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"
    "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA4ogDAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAADvvAMAAAAAAAAAAAAAAAAAAAAA"
    "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAABmaQBhADEAw6kAYWIA";

}  // namespace

TEST_CASE("Letters that are no token become those of their bytes, or the unknown one", "[data]") {
  if (!can_load(llama())) return;
  const BPETokenizer t = loaded(llama());
  CHECK(t.encode("the cat") == Ids{1, 15, 16, 17});
  CHECK(t.encode("  the") == Ids{1, 7, 7, 15});
  CHECK(t.encode("你the\n") == Ids{1, 7, 3, 4, 5, 8, 14, 6});
  CHECK(t.encode("the éé好 cat<s> the") == Ids{1, 15, 7, 0, 16, 17, 1, 7, 15});
  CHECK(t.encode("") == Ids{1});
  CHECK(t.decode({1, 7, 3, 4, 5, 8, 14, 6}) == "你the\n");
  CHECK(t.decode(t.encode("  the cat")) == "  the cat");
  CHECK(t.decode({3, 4, 8}) == "\ufffd\ufffdt");
  CHECK(t.decode({1, 15}, false) == "<s> the");
  TemporaryFolder folder;
  t.save(folder.file("again.json"));
  CHECK(BPETokenizer::load(folder.file("again.json")).encode("你the\n好 <s>") == t.encode("你the\n好 <s>"));
}

TEST_CASE("Texts are normalized as the file says", "[data]") {
  if (!can_load(words())) return;
  const std::string text = "  aBc Éab 1ab! 12\u00a0ab\u0301c";
  const Ids plain{1, 0, 7, 0, 1, 10, 4, 1, 10, 12, 4, 13, 8, 0, 7};
  CHECK(loaded(words()).encode(text) == plain);
  CHECK(words_with("normalizer", R"({"type": "Strip", "strip_left": true, "strip_right": true})").encode(text) == plain);
  CHECK(words_with("normalizer", R"({"type": "Replace", "pattern": {"Regex": "[^ab]+"}, "content": "1"})").encode("abxx ab") == Ids{8, 4, 1, 10});
  ordered_json lower = words();
  lower["normalizer"] = {{"type", "Lowercase"}};
  if (says(refused(lower), "utf8proc")) return;
  CHECK(loaded(lower).encode(text) == Ids{9, 6, 1, 10, 4, 1, 10, 12, 4, 13, 8, 0, 7});
  CHECK(words_with("normalizer", R"({"type": "NFC"})").encode("e\u0301 ab") == Ids{0, 1, 10});
  CHECK(words_with("normalizer", R"({"type": "NFC"})").encode("e\u0301a") == Ids{6, 14});
  CHECK(words_with("normalizer", R"({"type": "NFKC"})").encode("\u00b9a \xff") == Ids{4, 14});
  const Ids without{9, 0, 1, 10, 4, 1, 10, 12, 4, 13, 9};
  CHECK(words_with("normalizer", R"({"type": "Sequence", "normalizers": [{"type": "NFD"}, {"type": "StripAccents"}, {"type": "Lowercase"}]})")
            .encode(text) == without);
  CHECK(words_with("normalizer",
                   R"({"type": "BertNormalizer", "clean_text": true, "handle_chinese_chars": true, "strip_accents": null, "lowercase": true})")
            .encode(text) == without);
}

TEST_CASE("Texts are normalized as SentencePiece does", "[data]") {
  ordered_json json = words();
  if (!can_load(json)) return;
  json["normalizer"] = {{"type", "Nmt"}};
  CHECK(loaded(json).encode("a\u200bb\x7f\ufeff\u0001c\tab") == Ids{14, 10, 7, 1, 10});
  json["normalizer"] = {{"type", "Precompiled"}, {"precompiled_charsmap", kCharsMap}};
  if (says(refused(json), "utf8proc")) return;
  CHECK(loaded(json).encode("Ａ①c e\u0301 b\u0301 be a") == Ids{1, 4, 7, 0, 1, 10, 8, 0, 14});
  CHECK(loaded(json).encode("\xff\ue000") == loaded(words()).encode("\xff\ue000"));
  for (const char* wrong : {"", "AAAA", "/////w==", "AAQ*"}) {
    json["normalizer"]["precompiled_charsmap"] = wrong;
    CHECK(says(refused(json), "precompiled_charsmap"));
  }
}

TEST_CASE("Texts are cut into words as the file says", "[data]") {
  if (!can_load(words())) return;
  const std::pair<const char*, Ids> cuts[] = {
      {R"({"type": "WhitespaceSplit"})", {9, 4, 5, 8, 0, 8, 0, 3, 7}},
      {R"({"type": "BertPreTokenizer"})", {9, 4, 5, 1, 10, 12, 8, 0, 3, 7}},
      {R"({"type": "Sequence", "pretokenizers": [{"type": "WhitespaceSplit"}, {"type": "Digits", "individual_digits": true},
           {"type": "Punctuation", "behavior": "MergedWithPrevious"}]})",
       {9, 11, 13, 8, 12, 8, 0, 3, 7}},
      {R"({"type": "Split", "pattern": {"Regex": "[1b]"}, "behavior": "MergedWithNext", "invert": false})",
       {14, 2, 3, 0, 4, 5, 14, 2, 0, 14, 2, 0, 0, 3, 7}},
      {R"({"type": "Split", "pattern": {"String": "b"}, "behavior": "Removed", "invert": false})", {14, 3, 0, 4, 5, 14, 0, 14, 0, 0, 3, 7}},
      {R"J({"type": "Split", "pattern": {"Regex": "(?=b)"}, "behavior": "Isolated", "invert": false})J",
       {14, 2, 3, 0, 4, 5, 14, 2, 0, 14, 2, 0, 0, 3, 7}},
      {R"({"type": "CharDelimiterSplit", "delimiter": "b"})", {14, 3, 0, 4, 5, 14, 0, 14, 0, 0, 3, 7}},
      {R"({"type": "Digits", "individual_digits": false})", {8, 3, 0, 4, 13, 8, 0, 8, 0, 0, 3, 7}},
      {R"({"type": "Split", "pattern": {"Regex": "\\w"}, "behavior": "Contiguous", "invert": true})", {9, 0, 4, 5, 1, 10, 12, 8, 0, 0, 3, 7}}};
  for (const auto& [settings, ids] : cuts) {
    INFO(settings);
    CHECK(words_with("pre_tokenizer", settings).encode("abc 12ab!ab\u0301 cc") == ids);
  }
  CHECK(words_with("pre_tokenizer", R"({"type": "UnicodeScripts"})").encode("  ab c1 \u30fc\u4f60a\u0301") == Ids{8, 0, 7, 4, 0, 0, 0, 14, 0});
  const BPETokenizer marked = words_with("pre_tokenizer", R"({"type": "Metaspace", "replacement": "b", "prepend_scheme": "first", "split": true})");
  CHECK(marked.encode("a c") == Ids{2, 14, 2, 7});
  CHECK(words_with("decoder", R"({"type": "Metaspace", "replacement": "b", "prepend_scheme": "first"})").decode({2, 14, 2, 7}) == "a</w> c</w>");
  CHECK(words_with("decoder", "null").decode({2, 14}) == "b a</w>");
  const std::string ctc = R"({"type": "CTC", "pad_token": "a", "word_delimiter_token": "1", "cleanup": true})";
  CHECK(words_with("decoder", ctc).decode({2, 2, 1, 2, 3, 4, 4, 3, 1}) == "bbc c");
}

TEST_CASE("Added tokens are found alone, with the spaces beside them, and in small letters, as the file says", "[data]") {
  ordered_json json = words();
  json["normalizer"] = {{"type", "Replace"}, {"pattern", {{"String", "B"}}}, {"content", "b"}};
  json["added_tokens"] = ordered_json::parse(R"([
    {"id": 15, "content": "B", "single_word": true, "lstrip": false, "rstrip": true, "normalized": true, "special": false},
    {"id": 16, "content": "!", "single_word": false, "lstrip": true, "rstrip": false, "normalized": false, "special": true}])");
  if (!can_load(json)) return;
  const BPETokenizer t = loaded(json);
  const Ids ids = t.encode("aB B \u3000 b ab  !c");
  CHECK(ids == Ids{1, 10, 15, 15, 1, 10, 16, 7});
  CHECK(t.decode(ids) == "ab bbab c");
  CHECK(t.decode(ids, false) == "ab bbab !c");
  CHECK(t.token_to_id("B") == 15);
  CHECK(t.id_to_token(15) == "b");
  CHECK(t.vocab_size() == 17);
}

TEST_CASE("Lists of tokens are cut and padded as the file says", "[data]") {
  ordered_json json = words();
  json["truncation"] = ordered_json::parse(R"({"direction": "Right", "max_length": 5, "strategy": "LongestFirst", "stride": 0})");
  json["padding"] = ordered_json::parse(
      R"({"strategy": {"Fixed": 6}, "direction": "Left", "pad_to_multiple_of": 4, "pad_id": 3, "pad_type_id": 0, "pad_token": "c"})");
  if (!can_load(json)) return;
  CHECK(loaded(json).encode("ab ab ab ab 1") == Ids{3, 3, 3, 1, 10, 1, 10, 1});
  CHECK(loaded(json).encode("a") == Ids{3, 3, 3, 3, 3, 3, 3, 14});
  json["truncation"]["direction"] = "Left";
  json["padding"] = nullptr;
  CHECK(loaded(json).encode("ab ab ab ab 1") == Ids{1, 10, 1, 10, 11});
}

TEST_CASE("Two texts become one list, as the file says", "[data]") {
  ordered_json json = words();
  if (!can_load(json)) return;
  CHECK(loaded(json).encode_pair("ab", "c") == Ids{1, 10, 7});
  json["post_processor"] =
      ordered_json::parse(R"({"type": "RobertaProcessing", "sep": ["2", 5], "cls": ["1", 4], "trim_offsets": true, "add_prefix_space": true})");
  CHECK(loaded(json).encode("ab") == Ids{4, 1, 10, 5});
  CHECK(loaded(json).encode_pair("ab", "c") == Ids{4, 1, 10, 5, 5, 7, 5});
  CHECK(loaded(json).encode_pair("ab", "c", false) == Ids{1, 10, 7});
  json["post_processor"] = ordered_json::parse(R"({"type": "BertProcessing", "sep": ["2", 5], "cls": ["1", 4]})");
  CHECK(loaded(json).encode_pair("ab", "c") == Ids{4, 1, 10, 5, 7, 5});
  const auto part = [](const char* text) { return ordered_json{{"Sequence", {{"id", text}, {"type_id", 0}}}}; };
  const ordered_json mark = {{"SpecialToken", {{"id", "!"}, {"type_id", 0}}}};
  json["post_processor"] = {{"type", "TemplateProcessing"},
                            {"single", {part("A"), mark}},
                            {"pair", {part("B"), mark, part("A"), mark, mark}},
                            {"special_tokens", {{"!", {{"id", "!"}, {"ids", {12}}, {"tokens", {"!"}}}}}}};
  CHECK(loaded(json).encode("ab") == Ids{1, 10, 12});
  CHECK(loaded(json).encode_pair("ab", "c") == Ids{7, 12, 1, 10, 12, 12});

  // Cut: what is too long, the longer one first.
  const std::string four = "ab ab", six = "ab ab ab";
  const auto cut = [&](const char* strategy, int most) {
    json["truncation"] = {{"direction", "Right"}, {"max_length", most}, {"strategy", strategy}, {"stride", 0}};
    return loaded(json);
  };
  CHECK(cut("LongestFirst", 12).encode_pair(four, six) == Ids{1, 10, 1, 10, 1, 12, 1, 10, 1, 10, 12, 12});
  CHECK(cut("LongestFirst", 8).encode_pair(four, six) == Ids{1, 10, 1, 12, 1, 10, 12, 12});
  CHECK(cut("LongestFirst", 8).encode_pair(six, four) == Ids{1, 10, 12, 1, 10, 1, 12, 12});
  CHECK(cut("OnlyFirst", 11).encode_pair(six, four) == Ids{1, 10, 1, 10, 12, 1, 10, 1, 10, 12, 12});
  CHECK(cut("OnlySecond", 11).encode_pair(four, six) == Ids{1, 10, 1, 10, 12, 1, 10, 1, 10, 12, 12});
  CHECK(says(error_of([&] { cut("OnlyFirst", 8).encode_pair(four, six); }), "a text to be cut by 5 tokens, got 4 of them"));

  json["truncation"] = nullptr;
  json["post_processor"].erase("pair");
  CHECK(says(error_of([&] { loaded(json).encode_pair("a", "b"); }), "a post_processor that takes two texts"));
}

TEST_CASE("Merges have prefixes, and may be passed over at random", "[data]") {
  ordered_json json = words();
  json["model"]["end_of_word_suffix"] = nullptr;
  json["model"]["continuing_subword_prefix"] = "##";
  json["model"]["vocab"] = {{"?", 0}, {"a", 1}, {"##b", 2}, {"##c", 3}, {"ab", 4}, {"abc", 5}, {"b", 6}};
  json["model"]["merges"] = {"a ##b", "ab ##c"};
  json["decoder"] = {{"type", "WordPiece"}, {"prefix", "##"}, {"cleanup", true}};
  if (!can_load(json)) return;
  CHECK(loaded(json).encode("abc ab acb b") == Ids{5, 4, 1, 3, 2, 6});
  CHECK(loaded(json).decode({5, 4, 1, 3, 2, 6}) == "abc ab acb b");

  json = words();
  json["model"]["dropout"] = 1.0;
  CHECK(loaded(json).encode("abc ab") == Ids{1, 2, 7, 1, 10});
  json["model"]["dropout"] = 0.5;
  const BPETokenizer t = loaded(json);
  const auto many = [&] {
    manual_seed(3);
    std::vector<Ids> all;
    for (int i = 0; i < 400; ++i) all.push_back(t.encode("abc"));
    return all;
  };
  const std::vector<Ids> all = many();
  CHECK(many() == all);
  CHECK(std::count(all.begin(), all.end(), Ids{9}) > 60);
  CHECK(std::count(all.begin(), all.end(), Ids{1, 2, 7}) > 120);
  json["model"]["dropout"] = 1.5;
  CHECK(says(refused(json), "a dropout in [0, 1]"));
}

TEST_CASE("What a tokenizer's file asks for and is not known is an error that names it", "[data]") {
  if (!can_load(words())) return;
  const auto told = [](const char* stage, const char* settings) {
    ordered_json json = words();
    json[stage] = ordered_json::parse(settings);
    return refused(json);
  };
  CHECK(says(told("normalizer", R"({"type": "Other"})"), "a normalizer that is known in '"));
  CHECK(says(told("normalizer", R"({"type": "Sequence", "normalizers": [{"type": "Other"}]})"), "got 'Other'"));
  CHECK(says(told("normalizer", R"({"type": "Replace", "content": ""})"), "a Regex or a String as pattern of Replace"));
  CHECK(says(told("pre_tokenizer", R"({"type": "Other"})"), "got 'Other'"));
  CHECK(says(told("pre_tokenizer", R"({"type": "Split", "pattern": {"Regex": "a"}, "behavior": "Kept"})"), "a behavior of Split that is known"));
  CHECK(says(told("pre_tokenizer", R"({"type": "Split", "pattern": {"Regex": "[a&&[b]]"}, "behavior": "Isolated"})"),
             "sets of letters without others"));
  CHECK(says(told("post_processor", R"({"type": "Other"})"), "a post_processor that is known"));
  CHECK(says(told("decoder", R"({"type": "Other"})"), "got 'Other'"));
  CHECK(says(told("padding", R"({"strategy": {"Fixed": 2000000000}, "pad_id": 0})"), "at most 1048576 as Fixed"));
  ordered_json json = words();
  json["model"] = {{"type", "Unigram"}, {"vocab", ordered_json::array()}};
  CHECK(says(refused(json), "a model of type BPE in '"));
  CHECK(says(refused(json), "got 'Unigram'"));
  json = words();
  json["model"]["unk_token"] = "none";
  CHECK(says(refused(json), "an unk_token that is a token"));
  json = words();
  json["normalizer"] = {{"type", "Sequence"}, {"normalizers", ordered_json::array()}};
  for (int i = 0; i < 8; ++i)
    json["normalizer"]["normalizers"].push_back({{"type", "Replace"}, {"pattern", {{"String", "a"}}}, {"content", std::string(100, 'a')}});
  CHECK(says(error_of([&] { loaded(json).encode("a"); }), "at most 256 MiB once it is replaced"));
}
