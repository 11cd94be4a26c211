// build/examples/typed_mlp on a small made-up data set.
#include "tests/examples/program.h"

using namespace lazuli::test;

TEST_CASE("typed_mlp trains, and refuses what it does not know", "[examples]") {
  ImageFiles files;
  Program program("typed_mlp", {{"--data", files.path()}, {"--batch", "64"}});
  const Outcome o = program.run({"--epochs", "6"});
  CHECK(o.err == "");
  REQUIRE(o.code == 0);
  const size_t at = o.out.rfind("test accuracy ");
  REQUIRE(at != std::string::npos);
  CHECK(std::stod(o.out.substr(at + 14)) >= 80);
  CHECK(program.run({"--epochs", "0"}).code == 1);
  CHECK(program.run({"--epoch", "1"}).code == 1);
}
