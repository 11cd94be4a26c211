#include "lazuli/data/tokenizer/tokenizer.h"

#include <nlohmann/json.hpp>

#include "lazuli/lazuli.h"
#include "tests/catch.h"
#include "tests/errors.h"
#include "tests/io/bytes.h"

using namespace lazuli;
using data::BPETokenizer;
using test::TemporaryFolder;
using Ids = std::vector<int64_t>;
using nlohmann::ordered_json;

namespace {

const std::vector<std::string> kTexts{"the cat sat on the mat, the cat's hat", "don't you'll we've I'm 12345 67 8", "  spaces   and\n\nlines\tthere ",
                                      "naïve café über straße – 你好世界 🙂🙂", "aaaa aaaa aaaaaaa banana bandana"};
BPETokenizer trained() {
  static const BPETokenizer tokenizer = BPETokenizer::train(kTexts, {.vocab_size = 300, .min_frequency = 2, .special_tokens = {"<pad>", "<|end|>"}});
  return tokenizer;
}

/// A tokenizer's file, changed.
BPETokenizer changed(const TemporaryFolder& folder, void (*change)(ordered_json& json)) {
  trained().save(folder.file("whole.json"));
  ordered_json json = ordered_json::parse(test::read_bytes(folder.file("whole.json")));
  change(json);
  return BPETokenizer::load(folder.write("changed.json", json.dump()));
}

}  // namespace

TEST_CASE("A tokenizer learns the merges that Hugging Face's trainer learns", "[data]") {
  if (error_of([] { trained(); }) != "no error") return;  // a build without PCRE2
  TemporaryFolder folder;
  const BPETokenizer t = trained();
  CHECK(t.vocab_size() == 279);
  t.save(folder.file("t.json"));
  const ordered_json file = ordered_json::parse(test::read_bytes(folder.file("t.json")));
  std::string merges;
  for (const auto& merge : file["model"]["merges"]) merges += merge[0].get<std::string>() + " " + merge[1].get<std::string>() + ",";
  CHECK(merges == "a a,a n,a t,h e,t he,aa aa,Ġ c,Ġ s,a Ã,b an,e s,o n,v e,ð Ł,Ġ the,Ġ aaaa,Ġ ban,Ļ Ĥ,an a,Ġc at,ðŁ ĻĤ,");
  CHECK(t.encode("the banana's hat<|end|> 你好, don't  go\n\n now 🙂") == Ids{262, 274, 276, 8,   84,  222, 73, 260, 1,   222, 162, 123,
                                                                                  256, 163, 100, 123, 13,  222, 69, 269, 8,   85,  222, 222,
                                                                                  72,  80,  200, 200, 222, 79,  80, 88,  222, 278});
  CHECK(t.encode("").empty());
  CHECK(t.encode("   ") == Ids{222, 222, 222});
  CHECK(t.encode("zzz\u00a0é") == Ids{91, 91, 91, 128, 256, 129, 104});
  CHECK(t.token_to_id("Ġthe") == 272);
  CHECK(t.token_to_id("<|end|>") == 1);
  CHECK(!t.token_to_id("Ġdog"));
  CHECK(t.id_to_token(272) == "Ġthe");
  CHECK(t.id_to_token(0) == "<pad>");
}

TEST_CASE("Any bytes come back from their tokens", "[data]") {
  if (error_of([] { trained(); }) != "no error") return;
  const BPETokenizer t = trained();
  std::string all;
  for (int b = 0; b < 256; ++b) all += char(b);
  for (const std::string& text : {kTexts[3], all, std::string(3000, 'a') + " " + std::string(2000, '\xff'), std::string("\0a", 2)})
    CHECK(t.decode(t.encode(text)) == text);
  CHECK(t.decode({1, 262, 0}) == "the");
  CHECK(t.decode({1, 262, 0}, false) == "<|end|>the<pad>");
  CHECK(says(error_of([&] { t.decode({279}); }), "numbers of tokens, of which there are 279, got 279"));
  CHECK(says(error_of([&] { t.decode({-1}); }), "got -1"));
  CHECK(says(error_of([&] { t.id_to_token(1 << 20); }), "the number of a token"));
}

TEST_CASE("A tokenizer comes back from its file, and from those of other kinds of BPE over bytes", "[data]") {
  if (error_of([] { trained(); }) != "no error") return;
  TemporaryFolder folder;
  const std::string text = "the cat<pad> 123456 naïve\n\n there ";
  const Ids ids = trained().encode(text);
  CHECK(changed(folder, [](ordered_json&) {}).encode(text) == ids);
  CHECK(changed(folder, [](ordered_json& json) {
          for (auto& merge : json["model"]["merges"]) merge = merge[0].get<std::string>() + " " + merge[1].get<std::string>();
        }).encode(text) == ids);
  // Llama 3's and Qwen's kind: another pattern, whole words first, tokens around a text.
  const BPETokenizer other = changed(folder, [](ordered_json& json) {
    json["pre_tokenizer"] = ordered_json::parse(R"J({"type": "Sequence", "pretokenizers": [
      {"type": "Split", "pattern": {"Regex": "(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\\r\\n\\p{L}\\p{N}]?\\p{L}+|\\p{N}{1,3}| ?[^\\s\\p{L}\\p{N}]+[\\r\\n]*|\\s*[\\r\\n]+|\\s+(?!\\S)|\\s+"},
       "behavior": "Isolated", "invert": false},
      {"type": "ByteLevel", "add_prefix_space": false, "trim_offsets": true, "use_regex": false}]})J");
    json["model"]["ignore_merges"] = true;
    json["post_processor"] = ordered_json::parse(R"J({"type": "TemplateProcessing", "single": [{"SpecialToken": {"id": "<pad>", "type_id": 0}},
      {"Sequence": {"id": "A", "type_id": 0}}, {"SpecialToken": {"id": "<|end|>", "type_id": 0}}], "pair": [],
      "special_tokens": {"<pad>": {"id": "<pad>", "ids": [0], "tokens": ["<pad>"]}, "<|end|>": {"id": "<|end|>", "ids": [1], "tokens": ["<|end|>"]}}})J");
  });
  const Ids expected{0, 53, 41, 38, 277, 8, 52, 222, 18, 19, 20, 21, 22, 222, 79, 266, 109, 270, 200, 200, 272, 1};
  CHECK(other.encode("THE cat'S 12345 naïve\n\n the") == expected);
  CHECK(other.encode("the", false) == Ids{262});
  other.save(folder.file("again.json"));
  CHECK(BPETokenizer::load(folder.file("again.json")).encode("THE cat'S 12345 naïve\n\n the") == expected);
  // RoBERTa's: a space before the text, and spaces before a token that belong to it.
  const BPETokenizer roberta = changed(folder, [](ordered_json& json) {
    json["pre_tokenizer"]["add_prefix_space"] = true;
    json["post_processor"] = ordered_json::parse(R"({"type": "RobertaProcessing", "sep": ["<|end|>", 1], "cls": ["<pad>", 0]})");
    json["added_tokens"][1]["lstrip"] = true;
  });
  CHECK(roberta.encode("the  <|end|>the") == Ids{0, 272, 1, 272, 1});
}

TEST_CASE("A wrong tokenizer file is an error that says what is wrong", "[data]") {
  if (error_of([] { trained(); }) != "no error") return;
  TemporaryFolder folder;
  const auto told = [&](void (*change)(ordered_json & json)) { return error_of([&] { changed(folder, change); }); };
  CHECK(says(told([](ordered_json& j) { j["model"]["type"] = "WordPiece"; }), "a model of type BPE"));
  CHECK(says(told([](ordered_json& j) { j["model"]["vocab"]["Ġthe"] = 3; }), "each number once"));
  CHECK(says(told([](ordered_json& j) { j["model"]["vocab"]["Ġthe"] = -3; }), "a number for 'Ġthe'"));
  CHECK(says(told([](ordered_json& j) { j["model"]["merges"].push_back({"x", "q"}); }), "a token for each merge in"));
  CHECK(says(told([](ordered_json& j) { j["model"]["merges"].push_back("xq"); }), "merges of two tokens"));
  CHECK(says(told([](ordered_json& j) { j["added_tokens"][0]["id"] = "a"; }), "a number for '<pad>'"));
  CHECK(says(told([](ordered_json& j) { j["added_tokens"][0]["content"] = ""; }), "added tokens of some text"));
  CHECK(says(error_of([&] { BPETokenizer::load(folder.write("a.json", "{\"model\": ")); }), "text that is no JSON"));
  CHECK(says(error_of([&] { BPETokenizer::load(folder.write("a.json", std::string(100000, '['))); }), "at most 12 levels"));
  CHECK(says(error_of([] { BPETokenizer::train({"a"}, {.vocab_size = 255}); }), "at least 256"));
  CHECK(says(error_of([] { BPETokenizer::train({"a"}, {.special_tokens = {"a", "a"}}); }), "'a' twice"));
  CHECK(says(error_of([] { BPETokenizer::train({"a"}, {.pattern = "(a"}); }), "a regular expression, got"));
  CHECK(says(error_of([] { BPETokenizer::train({std::string(3000, 'a') + "b"}, {.pattern = "(a|aa)+[cd]"}); }), "within its limits"));
}
