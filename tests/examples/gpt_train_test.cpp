// build/examples/gpt_train on a rhyme that repeats.
#include "lazuli/core/error.h"
#include "lazuli/data/tokenizer/tokenizer.h"
#include "tests/examples/program.h"

using namespace lazuli::test;

namespace {

struct GptProgram : Program {
  GptProgram()
      : Program("gpt_train",
                {{"--layers", "1"}, {"--heads", "2"}, {"--features", "16"}, {"--context", "16"}, {"--batch", "8"}, {"--dropout", "0.05"}}) {
    std::string text;
    for (int i = 0; i < 80; ++i) text += "one two buckle my shoe\n";
    set_usual("--text", folder().write("text", text));
  }
};

double after(const std::string& text, const std::string& word) { return std::stod(text.substr(text.rfind(word) + word.size())); }

}  // namespace

TEST_CASE("gpt_train learns a text and writes on", "[examples]") {
  GptProgram gpt;
  const Outcome o = gpt.run({"--epochs", "2", "--steps", "80", "--lr", "0.03", "--dropout", "0", "--print-losses", "160", "--prompt", "one two b",
                             "--sample", "14", "--temperature", "0.1", "--plot", gpt.file("curves.png")});
  CHECK(o.err == "");
  REQUIRE(o.code == 0);
  CHECK(has(o.out, "1840 bytes of text, 184 of them held out"));
  CHECK(has(o.out, "epoch  2/2  train "));
  check_falls(losses_in(o.out), 10, 0.3);
  CHECK(after(o.out, "  test ") < 1);  // bits per byte of what it has not seen
  CHECK(has(o.out, "\none two buckle my shoe\n"));
  CHECK(is_png(gpt.file("curves.png")));
}

TEST_CASE("gpt_train reads several files", "[examples]") {
  GptProgram gpt;
  gpt.folder().write("more", std::string(1000, 'x'));
  const Outcome o = gpt.run({"--text", gpt.file("text") + "," + gpt.file("more"), "--epochs", "1", "--steps", "1", "--sample", "0"});
  INFO(o.err);
  REQUIRE(o.code == 0);
  CHECK(has(o.out, "2840 bytes of text"));
}

TEST_CASE("gpt_train reads and writes the tokens of a tokenizer", "[examples]") {
  GptProgram gpt;
  const std::string file = gpt.file("tokenizer.json");
  try {
    lazuli::data::BPETokenizer::train({"one two buckle my shoe\n"}, {.vocab_size = 272}).save(file);
  } catch (const lazuli::Error&) {
    return;  // a build without PCRE2
  }
  const Outcome o = gpt.run({"--tokenizer", file, "--epochs", "2", "--steps", "80", "--lr", "0.03", "--dropout", "0", "--prompt", "one two b",
                             "--sample", "10", "--temperature", "0.1"});
  CHECK(o.err == "");
  REQUIRE(o.code == 0);
  CHECK(has(o.out, " tokens of text, "));
  CHECK(!has(o.out, "1840 tokens"));
  CHECK(after(o.out, "  test ") < 1);  // bits per byte, not per token
  CHECK(has(o.out, "\none two buckle my shoe\n"));
  gpt.check_refusals({{"--tokenizer", gpt.file("text")}});
}

TEST_CASE("gpt_train resumes bit for bit, in the middle of an epoch and at its end", "[examples]") {
  GptProgram gpt;
  gpt.check_resumes({"--epochs", "3", "--steps", "5", "--seed", "4"}, 7);
  gpt.check_resumes({"--epochs", "2", "--steps", "4"}, 4);
}

TEST_CASE("gpt_train refuses what makes no sense in one line", "[examples]") {
  GptProgram gpt;
  gpt.folder().write("short", "too short");
  gpt.check_refusals(
      {{"--heads", "3"}, {"--layers", "0"}, {"--dropout", "1"}, {"--temperature", "0"}, {"--text", "/none/there"}, {"--text", gpt.file("short")}});
}
