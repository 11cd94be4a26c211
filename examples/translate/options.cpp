#include "options.h"

#include <CLI/CLI.hpp>

Options parse_options(int argc, char** argv) {
  Options o;
  CLI::App app{
      "Trains a Transformer with encoder and decoder to rewrite strings of digits, and counts those that it gets right from the first digit to the "
      "last."};
  app.option_defaults()->always_capture_default();
  const CLI::Range size(int64_t(1), int64_t(4096));
  app.add_option("--task", o.task, "what to make of a string: reverse it, or sort its digits")->check(CLI::IsMember({"reverse", "sort"}));
  app.add_option("--shortest", o.shortest, "digits of the shortest strings")->check(size);
  app.add_option("--longest", o.longest, "digits of the longest strings")->check(size);
  app.add_option("--layers", o.layers, "of the encoder, and as many of the decoder")->check(size);
  app.add_option("--heads", o.heads, "of attention, which share the features")->check(size);
  app.add_option("--features", o.features, "of each digit between the layers")->check(size);
  app.add_option("--epochs", o.epochs, "times to evaluate and save")->check(CLI::PositiveNumber);
  app.add_option("--steps", o.steps, "in an epoch; each has new strings")->check(CLI::PositiveNumber);
  app.add_option("--batch", o.batch, "strings in a step")->check(CLI::Range(int64_t(1), int64_t(65536)));
  app.add_option("--lr", o.lr, "highest learning rate of Adam: it rises for an epoch, then falls as a cosine")->check(CLI::NonNegativeNumber);
  examples::add_run_options(app, o, "the curves of loss and of strings that are right");
  examples::parse(app, "translate", argc, argv);
  if (o.shortest > o.longest) {
    std::fprintf(stderr, "translate: --shortest is above --longest (--help lists the options)\n");
    std::exit(1);
  }
  return o;
}

std::string essential(const Options& o) {
  char text[256];
  std::snprintf(text, sizeof(text), "task %s of %ld to %ld digits, layers %ld, heads %ld, features %ld, %ld epochs of %ld steps, batch %ld, lr %.17g",
                o.task.c_str(), long(o.shortest), long(o.longest), long(o.layers), long(o.heads), long(o.features), long(o.epochs), long(o.steps),
                long(o.batch), o.lr);
  return text;
}
