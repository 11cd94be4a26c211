#include "options.h"

#include <CLI/CLI.hpp>

Options parse_options(int argc, char** argv) {
  Options o;
  CLI::App app{"Trains an LSTM to forecast a series of numbers, and draws its forecast of the end, which it has not seen, beside the truth."};
  app.option_defaults()->always_capture_default();
  const CLI::Range size(int64_t(1), int64_t(1) << 20);
  app.add_option(
      "--series", o.series,
      "text file with a number on each line, or several apart by commas; otherwise a made-up series of hours with days, weeks, a trend and noise");
  app.add_option("--column", o.column, "which number of a line, from 1; lines without one there, such as a heading, are passed over")
      ->check(CLI::PositiveNumber);
  app.add_option("--hidden", o.hidden, "features of the LSTM's state")->check(size);
  app.add_option("--layers", o.layers, "of the LSTM")->check(CLI::Range(int64_t(1), int64_t(64)));
  app.add_option("--context", o.context, "numbers that it sees before it forecasts")->check(size);
  app.add_option("--horizon", o.horizon, "numbers that it forecasts; the last ones of the series are held out")->check(size);
  app.add_option("--epochs", o.epochs, "times to evaluate and save")->check(CLI::PositiveNumber);
  app.add_option("--steps", o.steps, "in an epoch; each takes pieces of the series from random places")->check(CLI::PositiveNumber);
  app.add_option("--batch", o.batch, "pieces in a step")->check(size);
  app.add_option("--lr", o.lr, "highest learning rate of Adam: it rises for an epoch, then falls as a cosine")->check(CLI::NonNegativeNumber);
  app.add_flag("--record", o.record, "record the step once and replay it: the same numbers, sooner");
  examples::add_run_options(app, o, "the forecast beside the truth");
  examples::add_written_file(app, "--curves", o.curves, "draw the curves of loss and error into this PNG file");
  examples::parse(app, "lstm_forecast", argc, argv);
  return o;
}

std::string essential(const Options& o) {
  char text[256];
  std::snprintf(text, sizeof(text), ", column %ld, hidden %ld, layers %ld, context %ld, horizon %ld, %ld epochs of %ld steps, batch %ld, lr %.17g",
                long(o.column), long(o.hidden), long(o.layers), long(o.context), long(o.horizon), long(o.epochs), long(o.steps), long(o.batch), o.lr);
  return "series " + (o.series.empty() ? "made up" : o.series) + text;
}
