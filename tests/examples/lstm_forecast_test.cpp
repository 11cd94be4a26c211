// build/examples/lstm_forecast on a wave of sixteen numbers.
#include <cmath>
#include <cstdio>

#include "tests/examples/program.h"

using namespace lazuli::test;

namespace {

struct Forecast : Program {
  Forecast() : Program("lstm_forecast", {{"--column", "2"}, {"--hidden", "12"}, {"--context", "24"}, {"--horizon", "32"}, {"--batch", "16"}}) {
    std::string text = "hour,value\n";
    for (int i = 0; i < 300; ++i) text += std::to_string(i) + "," + std::to_string(10 + 3 * std::sin(i * 2 * 3.14159265 / 16)) + "\n";
    set_usual("--series", folder().write("wave.csv", text));
  }
};

/// The number after a word.
double after(const std::string& text, const std::string& word) { return std::stod(text.substr(text.rfind(word) + word.size())); }

}  // namespace

TEST_CASE("lstm_forecast forecasts better than the mean and the last number do", "[examples]") {
  Forecast program;
  const Outcome o = program.run({"--epochs", "4", "--steps", "40", "--lr", "0.02", "--print-losses", "160", "--plot", program.file("forecast.png"),
                                 "--curves", program.file("curves.png")});
  CHECK(o.err == "");
  REQUIRE(o.code == 0);
  check_falls(losses_in(o.out), 10, 0.2);
  const double error = after(o.out, "of 32 numbers: "), mean = after(o.out, ", the mean ");
  CHECK(mean == Approx(3 / std::sqrt(2.0)).margin(0.05));  // of a whole number of waves
  CHECK(error < 0.5 * mean);
  CHECK(error < 0.5 * after(o.out, "(the last number again "));
  CHECK(is_png(program.file("forecast.png")));
  CHECK(is_png(program.file("curves.png")));
}

TEST_CASE("lstm_forecast resumes bit for bit, in the middle of an epoch and at its end", "[examples]") {
  Forecast program;
  program.check_resumes({"--epochs", "3", "--steps", "4", "--seed", "4"}, 6);
  program.check_resumes({"--epochs", "2", "--steps", "3", "--series", "", "--layers", "2"}, 3);
}

TEST_CASE("lstm_forecast refuses what makes no sense in one line", "[examples]") {
  Forecast program;
  program.check_refusals({{"--hidden", "0"},
                          {"--series", "/none/there"},
                          {"--column", "3"},
                          {"--column", "0"},
                          {"--context", "150"},
                          {"--curves", "/none/there/c.png"}});
}
