#include "options.h"

#include <CLI/CLI.hpp>

Options parse_options(int argc, char** argv) {
  Options o;
  CLI::App app{
      "Trains a GPT on the bytes or tokens of any text, reports how many bits it needs for a byte of text that it has not seen, and writes some of "
      "its own."};
  app.option_defaults()->always_capture_default();
  const CLI::Range size(int64_t(1), int64_t(1) << 16);
  app.add_option("--text", o.text, "files, or folders of files; the last tenth of all their bytes is held out")->delimiter(',');
  app.add_option("--tokenizer", o.tokenizer, "a tokenizer.json: the model reads and writes its tokens in place of bytes");
  app.add_option("--layers", o.layers, "blocks of attention and feed-forward")->check(size);
  app.add_option("--heads", o.heads, "of attention, which share the features")->check(size);
  app.add_option("--features", o.features, "of each byte or token between the blocks")->check(size);
  app.add_option("--context", o.context, "bytes or tokens that the model sees at once")->check(size);
  app.add_option("--dropout", o.dropout, "of what each block adds")->check(CLI::Range(0.0, 0.99));
  app.add_option("--epochs", o.epochs, "times to evaluate, sample and save")->check(CLI::PositiveNumber);
  app.add_option("--steps", o.steps, "in an epoch; each takes pieces of the text from random places")->check(CLI::PositiveNumber);
  app.add_option("--batch", o.batch, "pieces of text in a step")->check(size);
  app.add_option("--lr", o.lr, "highest learning rate of AdamW: it rises for half an epoch, then falls as a cosine")->check(CLI::NonNegativeNumber);
  app.add_option("--weight-decay", o.weight_decay, "of AdamW, for matrices")->check(CLI::NonNegativeNumber);
  app.add_option("--prompt", o.prompt, "what the text begins with that the model writes");
  app.add_option("--sample", o.sample, "bytes or tokens that it writes after the last epoch")->check(CLI::NonNegativeNumber);
  app.add_option("--temperature", o.temperature, "of sampling: towards 0 it writes what is likeliest")->check(CLI::Range(0.01, 100.0));
  app.add_flag("--record", o.record, "record the step once and replay it: the same numbers, sooner");
  examples::add_run_options(app, o, "the curves of bits per byte");
  examples::parse(app, "gpt_train", argc, argv);
  return o;
}

std::string essential(const Options& o) {
  std::string text = "text";
  for (const std::string& path : o.text) text += " " + path;
  if (!o.tokenizer.empty()) text += ", tokens of " + o.tokenizer;
  char numbers[256];
  std::snprintf(numbers, sizeof(numbers),
                ", layers %ld, heads %ld, features %ld, context %ld, dropout %.17g, %ld epochs of %ld steps, batch %ld, lr %.17g, weight decay %.17g",
                long(o.layers), long(o.heads), long(o.features), long(o.context), o.dropout, long(o.epochs), long(o.steps), long(o.batch), o.lr,
                o.weight_decay);
  return text + numbers;
}
