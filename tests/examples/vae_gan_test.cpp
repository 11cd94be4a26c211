// build/examples/vae and gan on a small made-up data set.
#include "tests/examples/program.h"

using namespace lazuli::test;

namespace {

struct VaeProgram : ImageFiles, Program {
  VaeProgram()
      : ImageFiles(320, 40), Program("vae", {{"--data", path()}, {"--hidden", "32"}, {"--latent", "4"}, {"--batch", "32"}, {"--sheet", ""}}) {}
};
struct GanProgram : ImageFiles, Program {
  GanProgram() : ImageFiles(320, 40), Program("gan", {{"--data", path()}, {"--width", "2"}, {"--latent", "4"}, {"--batch", "32"}, {"--sheet", ""}}) {}
};

}  // namespace

TEST_CASE("vae trains and draws", "[examples]") {
  VaeProgram vae;
  const Outcome o =
      vae.run({"--epochs", "4", "--lr", "0.005", "--print-losses", "40", "--sheet", vae.file("sheet.png"), "--plot", vae.file("curves.png")});
  CHECK(o.err == "");
  REQUIRE(o.code == 0);
  CHECK(has(o.out, "epoch  4/4  train loss "));
  check_falls(losses_in(o.out), 5, 0.8);  // the noise of the images cannot be learned
  CHECK(is_png(vae.file("sheet.png")));
  CHECK(is_png(vae.file("curves.png")));
}

TEST_CASE("vae resumes bit for bit, in the middle of an epoch and at its end", "[examples]") {
  VaeProgram vae;
  vae.check_resumes({"--epochs", "3", "--seed", "3"}, 14);
  vae.check_resumes({"--epochs", "2"}, 10);
}

TEST_CASE("gan trains and draws", "[examples]") {
  GanProgram gan;
  const Outcome o =
      gan.run({"--epochs", "2", "--lr", "0.002", "--print-losses", "20", "--sheet", gan.file("sheet.png"), "--plot", gan.file("curves.png")});
  CHECK(o.err == "");
  REQUIRE(o.code == 0);
  CHECK(has(o.out, "epoch  2/2  discriminator loss "));
  check_falls(losses_in(o.out, "discriminator"), 5, 0.8);  // two rows of light are easily told from what is made so early
  CHECK(losses_in(o.out, "generator").size() == 20);
  CHECK(is_png(gan.file("sheet.png")));
  CHECK(is_png(gan.file("curves.png")));
}

TEST_CASE("gan resumes bit for bit, in the middle of an epoch and at its end", "[examples]") {
  GanProgram gan;
  gan.check_resumes({"--epochs", "2", "--seed", "3"}, 14);
  gan.check_resumes({"--epochs", "2"}, 10);
}

TEST_CASE("vae and gan refuse what makes no sense in one line", "[examples]") {
  VaeProgram vae;
  vae.check_refusals({{"--hidden", "0"}, {"--latent", "0"}, {"--batch", "321"}, {"--sheet", "/none/there/s.png"}, {"--data", "/none/there"}});
  GanProgram gan;
  gan.check_refusals({{"--width", "0"}, {"--latent", "0"}, {"--batch", "321"}, {"--sheet", "/none/there/s.png"}, {"--data", "/none/there"}});
}
