// build/examples/cnn_train on a small made-up data set.
#include "tests/examples/program.h"

using namespace lazuli::test;

namespace {

struct Cnn : ImageFiles, Program {
  Cnn() : ImageFiles(320, 100), Program("cnn_train", {{"--data", path()}, {"--width", "2"}, {"--batch", "32"}}) {}
};

}  // namespace

TEST_CASE("cnn_train trains and reports", "[examples]") {
  Cnn cnn;
  const Outcome o = cnn.run({"--epochs", "4", "--shift", "0", "--print-losses", "40", "--summary", "--plot", cnn.file("curves.png")});
  CHECK(o.err == "");
  REQUIRE(o.code == 0);
  for (const char* part : {"epoch  4/4  train loss ", "test accuracy", "samples/s", "ResidualBlock", "accuracy by class", "Ankle boot"})
    CHECK(has(o.out, part));
  check_falls(losses_in(o.out), 5, 0.7);
  CHECK(is_png(cnn.file("curves.png")));
}

TEST_CASE("cnn_train resumes bit for bit, in the middle of an epoch and at its end", "[examples]") {
  Cnn cnn;
  cnn.check_resumes({"--epochs", "3", "--seed", "3"}, 14);
  cnn.check_resumes({"--epochs", "2", "--workers", "2"}, 10);
}

TEST_CASE("cnn_train refuses what makes no sense in one line", "[examples]") {
  Cnn cnn;
  cnn.check_refusals({{"--width", "0"}, {"--blocks", "0"}, {"--batch", "1"}, {"--batch", "641"}, {"--shift", "15"}, {"--data", "/none/there"}});
}
