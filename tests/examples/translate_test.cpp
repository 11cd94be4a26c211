// build/examples/translate on short strings.
#include <algorithm>
#include <sstream>

#include "tests/examples/program.h"

using namespace lazuli::test;

namespace {

struct TranslateProgram : Program {
  TranslateProgram()
      : Program("translate",
                {{"--layers", "1"}, {"--heads", "2"}, {"--features", "16"}, {"--batch", "32"}, {"--shortest", "2"}, {"--longest", "3"}}) {}
};

/// How many of the strings that it shows it made right.
int right_ones(const std::string& out, bool sorted) {
  int right = 0;
  std::istringstream lines(out.substr(out.find("\n\n")));
  for (std::string source, arrow, target; lines >> source >> arrow >> target;) {
    if (sorted) std::sort(source.begin(), source.end());
    else std::reverse(source.begin(), source.end());
    right += arrow == "->" && source == target;
  }
  return right;
}

}  // namespace

TEST_CASE("translate learns to reverse and to sort", "[examples]") {
  TranslateProgram program;
  for (const std::string task : {"reverse", "sort"}) {
    INFO(task);
    const Outcome o = program.run(
        {"--task", task, "--epochs", "2", "--steps", "150", "--lr", "0.01", "--print-losses", "300", "--plot", program.file("curves.png")});
    CHECK(o.err == "");
    REQUIRE(o.code == 0);
    check_falls(losses_in(o.out), 20, 0.3);
    CHECK(std::stod(o.out.substr(o.out.rfind("  exact ") + 8)) > 50);
    CHECK(right_ones(o.out, task == "sort") >= 2);
    CHECK(is_png(program.file("curves.png")));
  }
}

TEST_CASE("translate resumes bit for bit, in the middle of an epoch and at its end", "[examples]") {
  TranslateProgram program;
  program.check_resumes({"--epochs", "3", "--steps", "4", "--seed", "4"}, 6);
  program.check_resumes({"--epochs", "2", "--steps", "3", "--task", "sort"}, 3);
}

TEST_CASE("translate refuses what makes no sense in one line", "[examples]") {
  TranslateProgram program;
  program.check_refusals({{"--task", "add"}, {"--shortest", "5"}, {"--longest", "0"}, {"--heads", "3"}, {"--layers", "0"}, {"--batch", "0"}});
}
