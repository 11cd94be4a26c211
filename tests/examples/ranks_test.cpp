// The training programs on several processes. ctest says how these are started (LAZULI_MPIRUN).
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <nlohmann/json.hpp>
#include <sstream>

#include "tests/examples/program.h"

using namespace lazuli::test;

namespace {

/// The losses of the first steps are those of one process, and each rank tells its throughput.
void check_ranks(Program& program, int ranks, Program::Strings options, double tolerance) {
  const char* mpirun = std::getenv("LAZULI_MPIRUN");
  REQUIRE(mpirun);
  options.insert(options.end(), {"--epochs", "1", "--print-losses", "50"});
  const Outcome alone = program.run(options);
  program.set_launcher({mpirun, "-np", std::to_string(ranks)});
  options.insert(options.end(), {"--distributed", "--profile", program.file("trace.json")});
  const Outcome together = program.run(options);
  program.set_launcher({});
  INFO(together.err << together.out);
  REQUIRE(alone.code == 0);
  REQUIRE(together.code == 0);
  const std::vector<double> expected = losses_in(alone.out), got = losses_in(together.out);
  REQUIRE(expected.size() >= 10);
  REQUIRE(got.size() == expected.size());
  for (size_t i = 0; i < got.size(); ++i) REQUIRE(std::abs(got[i] - expected[i]) <= tolerance * std::max(1.0, expected[i]));
  for (int r = 0; r < ranks; ++r) REQUIRE(has(together.out, "rank " + std::to_string(r) + "  "));
  // One trace, a row a rank.
  const auto trace = nlohmann::json::parse(read_bytes(program.file("trace.json")));
  std::vector<int> events(size_t(ranks), 0);
  for (const auto& e : trace["traceEvents"]) ++events.at(e["pid"].get<size_t>());
  for (int count : events) REQUIRE(count > 10);
}

}  // namespace

TEST_CASE("mlp_train on several processes", "[.][programs]") {
  const ImageFiles files(640, 100);
  Program mlp("mlp_train", {{"--data", files.path()}, {"--hidden", "16,8"}, {"--batch", "32"}, {"--optimizer", "sgd"}, {"--lr", "0.05"}});
  check_ranks(mlp, 2, {}, 1e-5);
  check_ranks(mlp, 4, {}, 1e-5);
  check_ranks(mlp, 3, {}, 1e-5);  // which do not divide the batch
}
TEST_CASE("cnn_train on several processes", "[.][programs]") {
  const ImageFiles files(320, 100);
  Program cnn("cnn_train", {{"--data", files.path()}, {"--width", "2"}, {"--batch", "16"}, {"--shift", "-1"}});
  check_ranks(cnn, 2, {}, 1e-3);
  cnn.set_launcher({std::getenv("LAZULI_MPIRUN"), "-np", "3"});
  const Outcome refused = cnn.run({"--epochs", "1", "--batch", "2"});
  REQUIRE(refused.code != 0);
  REQUIRE(has(refused.err, "cnn_train: argument '--batch': expected at least one for each of the 3 processes, got 2"));
}
TEST_CASE("gpt_train on several processes", "[.][programs]") {
  Program gpt("gpt_train", {{"--layers", "1"}, {"--heads", "2"}, {"--features", "16"}, {"--context", "16"}, {"--batch", "8"}, {"--dropout", "0"}});
  std::string text;
  for (int i = 0; i < 80; ++i) text += "one two buckle my shoe\n";
  gpt.set_usual("--text", gpt.folder().write("text", text));
  check_ranks(gpt, 2, {"--steps", "20", "--sample", "0"}, 1e-4);
  check_ranks(gpt, 3, {"--steps", "20", "--sample", "0"}, 1e-4);
}

// Two of four processes are killed one after the other, each as soon as a checkpoint was written.
TEST_CASE("run_elastic.sh goes on with the processes that are left, and the losses are one process's", "[.][programs]") {
  const char *mpirun = std::getenv("LAZULI_MPIRUN"), *source = std::getenv("LAZULI_SOURCE_DIR");
  REQUIRE(mpirun);
  REQUIRE(source);
  const ImageFiles files(640, 100);
  Program mlp("mlp_train", {{"--data", files.path()}, {"--hidden", "16,8"}, {"--batch", "32"}, {"--optimizer", "sgd"}, {"--lr", "0.05"}});
  const Program::Strings options{"--epochs", "12", "--print-losses", "1000"};
  const std::vector<double> expected = losses_in(mlp.run(options).out);
  REQUIRE(expected.size() == 240);
  mlp.set_launcher({"env", std::string("MPIRUN=") + mpirun, source + std::string("/scripts/run_elastic.sh"), "4", "4",
                    source + std::string("/tests/distributed/dying.sh")});
  Program::Strings elastic = options;
  for (const std::string& word : {std::string("--save"), mlp.file("saved")}) elastic.push_back(word);
  const Outcome outcome = mlp.run(elastic);
  INFO(outcome.err << outcome.out);
  REQUIRE(outcome.code == 0);
  REQUIRE(has(outcome.err, "again on 3 processes"));
  REQUIRE(has(outcome.err, "again on 2 processes"));
  REQUIRE(has(outcome.err, "rank 1, whose process died"));
  // Steps since the last checkpoint are done twice: what was printed last counts.
  std::vector<double> got(expected.size(), 0);
  std::istringstream lines(outcome.out);
  for (std::string line; std::getline(lines, line);)
    if (size_t step = 0; std::sscanf(line.c_str(), "step %zu", &step) == 1) got.at(step - 1) = losses_in(line).at(0);
  for (size_t i = 0; i < got.size(); ++i) REQUIRE(std::abs(got[i] - expected[i]) <= 1e-3 * std::max(1.0, expected[i]));
}
