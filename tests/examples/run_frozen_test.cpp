// build/examples/freeze and build/examples/run_frozen, which is linked with the small library alone.
#include "lazuli/lazuli.h"
#include "lazuli/record/freeze.h"
#include "tests/examples/program.h"

using namespace lazuli;
using namespace lazuli::test;

namespace {
// The numbers of the first line that begins with `begin`, after the colon.
std::vector<double> numbers_in(const std::string& text, const std::string& begin) {
  const size_t at = text.find(begin);
  REQUIRE(at != std::string::npos);
  std::istringstream line(text.substr(text.find(':', at) + 1));
  std::vector<double> numbers;
  for (double x; line >> x;) numbers.push_back(x);
  return numbers;
}
}  // namespace

TEST_CASE("run_frozen gives what the network gave", "[examples]") {
  manual_seed(1);
  nn::Sequential net{nn::Conv2d(3, 16, 3), nn::BatchNorm2d(16),       nn::ReLU(),    nn::MaxPool2d(2),
                     nn::Flatten(),        nn::Linear(16 * 3 * 3, 4), nn::Softmax(1)};
  net.eval();
  const Tensor x = randn({2, 3, 8, 8});
  Program program("run_frozen", {});
  freeze(net, {x}).save(program.file("net.lzl"));
  program.folder().write("x.f32", {static_cast<const char*>(x.address()), size_t(x.nbytes())});
  const Outcome o = program.run({program.file("net.lzl"), "--input", program.file("x.f32"), "--repeat", "2", "--threads", "1", "--calls"});
  CHECK(o.err == "");
  REQUIRE(o.code == 0);
  CHECK(has(o.out, "convolution_fused"));
  CHECK(has(o.out, "first result after"));
  const std::vector<double> got = numbers_in(o.out, "float32 [2, 4]:");
  no_grad guard;
  const std::vector<float> expected = net(x).flatten().to_vector<float>();
  REQUIRE(got.size() == expected.size());
  for (size_t i = 0; i < got.size(); ++i) CHECK(got[i] == Approx(expected[i]).epsilon(1e-4));

  program.check_refused(program.run({program.file("net.lzl"), "--input", program.file("net.lzl")}), "float32 numbers");
  program.check_refused(program.run({program.file("x.f32")}), "another kind of file");
  program.check_refused(program.run({program.file("nothing.lzl")}), "nothing.lzl");
  CHECK(program.run({}).code == 2);
}

TEST_CASE("freeze writes a network that run_frozen runs", "[examples]") {
  Program freezing("freeze", {});
  const std::string file = freezing.file("mlp.lzl");
  const Outcome o = freezing.run({file, "--batch", "3"});
  CHECK(o.err == "");
  REQUIRE(o.code == 0);
  const Outcome ran = Program("run_frozen", {}).run({file});
  REQUIRE(ran.code == 0);
  CHECK(numbers_in(ran.out, "float32 [3, 10]:").size() == 8);  // the first of them
  CHECK(freezing.run({file, "--model", "alexnet"}).code == 1);
}
