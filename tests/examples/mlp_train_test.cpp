// build/examples/mlp_train on a small made-up data set.
#include <signal.h>

#include <chrono>
#include <cmath>
#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>
#include <thread>

#include "lazuli/core/backend.h"
#include "lazuli/lazuli.h"
#include "tests/examples/program.h"

using namespace lazuli;
using namespace lazuli::test;

namespace {

struct Bench : ImageFiles, Program {
  Bench() : Program("mlp_train", {{"--data", path()}, {"--hidden", "16,8"}, {"--batch", "64"}}) {}
  const std::string& data() const { return path(); }
};

}  // namespace

TEST_CASE("mlp_train trains and reports", "[examples]") {
  Bench b;
  Outcome o = b.run({"--epochs", "6", "--lr", "0.01", "--summary", "--plot", b.file("curves.png")});
  CHECK(o.err == "");
  REQUIRE(o.code == 0);
  CHECK(has(o.out, "epoch  6/6  train loss "));
  for (const char* part : {"train accuracy", "test accuracy", "samples/s", "peak memory", "BatchNorm1d", "accuracy by class", "Ankle boot"})
    CHECK(has(o.out, part));
  CHECK(o.out.find('\r') == std::string::npos);
  size_t at = o.out.rfind("test accuracy ");
  CHECK(std::stod(o.out.substr(at + 14)) >= 90);
  CHECK(is_png(b.file("curves.png")));
}

TEST_CASE("mlp_train --amp reaches what float32 reaches, and --profile writes a trace and tables", "[examples]") {
  Bench b;
  Outcome o = b.run({"--epochs", "6", "--lr", "0.01", "--amp", "--profile", b.file("trace.json")});
  CHECK(o.err == "");
  REQUIRE(o.code == 0);
  size_t at = o.out.rfind("test accuracy ");
  CHECK(std::stod(o.out.substr(at + 14)) >= 89.5);
  for (const char* part : {"by operator", "GFLOP/s", "by module", "Sequential.0.linear"}) CHECK(has(o.out, part));
  std::ifstream file(b.file("trace.json"));
  auto trace = nlohmann::json::parse(file);
  size_t steps = 0, products = 0;
  for (const auto& e : trace["traceEvents"]) {
    steps += e["name"].get<std::string>().starts_with("ProfilerStep#");
    products += e["name"] == "matmul";
  }
  CHECK(steps == 10);
  CHECK(products >= 10 * 3);
}

TEST_CASE("mlp_train prints the losses of the first steps", "[examples]") {
  Bench b;
  Outcome o = b.run({"--epochs", "2", "--print-losses", "12"});
  REQUIRE(o.code == 0);
  CHECK(has(o.out, "\nstep 2  loss "));
  CHECK(has(o.out, "\nstep 12  loss "));  // the second epoch's second
  CHECK(o.out.find("step 13  ") == std::string::npos);
}

TEST_CASE("mlp_train on a GPU loses what it loses on the CPU, and either goes on from the other's checkpoint", "[examples][gpu]") {
  for (Device device : list_devices()) {
    if (device.is_cpu() || device.is_meta() || device.index > 0 || device.type >= DeviceType::FirstUser) continue;
    INFO(to_string(device));
    Bench b;
    const std::vector<std::string> few = {"--epochs", "3", "--print-losses", "20"};
    auto with = [](std::vector<std::string> options, std::initializer_list<std::string> more) {
      options.insert(options.end(), more);
      return options;
    };
    const Outcome cpu = b.run(few), gpu = b.run(with(few, {"--device", to_string(device), "--kernel-counts"}));
    REQUIRE(cpu.code == 0);
    INFO(gpu.err);
    REQUIRE(gpu.code == 0);
    CHECK(gpu.err == "");
    const std::vector<double> expected = losses_in(cpu.out), got = losses_in(gpu.out);
    REQUIRE(expected.size() == 20);
    REQUIRE(got.size() == 20);
    for (size_t i = 0; i < 20; ++i) {
      INFO("step " << i + 1 << ": " << got[i] << " and on the CPU " << expected[i]);
      CHECK(std::abs(got[i] - expected[i]) < 1e-4);
    }
    const std::string checkpoint = b.file("half.safetensors");
    for (const std::string& from : {std::string("cpu"), to_string(device)}) {
      const std::string to = from == "cpu" ? to_string(device) : "cpu";
      REQUIRE(b.run({"--epochs", "2", "--stop-after", "13", "--device", from, "--save", checkpoint}).code == 130);
      const Outcome rest = b.run({"--epochs", "2", "--device", to, "--resume", checkpoint});
      INFO(rest.err);
      CHECK(rest.code == 0);
      CHECK(has(rest.out, "epoch  2/2"));
    }
  }
}

TEST_CASE("mlp_train prints images that it reads wrongly", "[examples]") {
  Bench b;
  Outcome o = b.run({"--epochs", "1", "--lr", "0"});
  REQUIRE(o.code == 0);
  CHECK(has(o.out, ", read as "));
  CHECK(has(o.out, "%%%%"));
}

TEST_CASE("mlp_train resumes bit for bit, in the middle of an epoch", "[examples]") {
  Bench b;
  std::vector<std::vector<std::string>> kinds = {{"--optimizer", "adam"},
                                                 {"--optimizer", "sgd", "--scheduler", "step", "--weight-decay", "0.001"},
                                                 {"--optimizer", "adamw", "--scheduler", "cosine", "--dtype", "bfloat16"},
                                                 {"--scheduler", "linear", "--dtype", "float64"}};
  for (const auto& options : kinds) {
    auto run = [&](std::vector<std::string> more) {
      more.insert(more.end(), options.begin(), options.end());
      more.insert(more.end(), {"--epochs", "3", "--seed", "11"});
      return b.run(more);
    };
    INFO(options[1]);
    Outcome whole = run({"--save", b.file("whole")});
    INFO(whole.err);
    REQUIRE(whole.code == 0);
    Outcome stopped = run({"--save", b.file("part"), "--stop-after", "14"});
    CHECK(stopped.code == 130);
    CHECK(has(stopped.err, "stopped at step 14, saved to "));
    Outcome resumed = run({"--resume", b.file("part"), "--save", b.file("rest"), "--workers", "2"});
    INFO(resumed.err);
    REQUIRE(resumed.code == 0);
    CHECK(has(resumed.out, "at epoch 2, step 14"));
    bool same = read_bytes(b.file("whole")) == read_bytes(b.file("rest"));
    CHECK(same);
    CHECK(load_safetensors(b.file("rest")).contains("optimizer.state.0.step"));
  }
}

TEST_CASE("mlp_train saves on Ctrl-C", "[examples]") {
  Bench b;
  pid_t child = b.start({"--epochs", "100000", "--save", b.file("c")});
  for (int i = 0; i < 1200 && !std::filesystem::exists(b.file("c")); ++i) std::this_thread::sleep_for(std::chrono::milliseconds(50));
  kill(child, SIGINT);
  Outcome o = b.finish(child);
  CHECK(o.code == 130);
  CHECK(has(o.err, "saved to " + b.file("c")));
  CHECK(load_safetensors(b.file("c")).contains("model.0.norm.running_mean"));
  CHECK(b.folder().count() == 3);  // the checkpoint and the two outputs: nothing is left over
}

TEST_CASE("mlp_train stops at a loss that is no number, and says at which step", "[examples]") {
  Bench b;
  Outcome o = b.run({"--lr", "1e38", "--optimizer", "sgd", "--save", b.file("c")});
  b.check_refused(o, " at step ");
  CHECK(!std::filesystem::exists(b.file("c")));
}

TEST_CASE("mlp_train refuses what makes no sense in one line", "[examples]") {
  Bench b;
  for (const auto& options : std::vector<std::vector<std::string>>{{"--epochs", "0"},
                                                                   {"--batch", "1"},
                                                                   {"--lr", "-1"},
                                                                   {"--lr", "fast"},
                                                                   {"--lr", "nan"},
                                                                   {"--optimizer", "lion"},
                                                                   {"--hidden", "0"},
                                                                   {"--hidden", "a,b"},
                                                                   {"--scheduler", "x"},
                                                                   {"--dtype", "int8"},
                                                                   {"--device", "nowhere"},
                                                                   {"--device", "meta"},
                                                                   {"--backend", "/none/there.so"},
                                                                   {"--print-losses", "-1"},
                                                                   {"--threads", "-1"},
                                                                   {"--workers", "1000"},
                                                                   {"--unknown"},
                                                                   {"stray"},
                                                                   {"--save", "/none/there/c"},
                                                                   {"--plot", "/none/there/p.png"},
                                                                   {"--batch", "641"}}) {
    INFO(options[0] << ' ' << options.back());
    b.check_refused(b.run(options), "");
  }
  Outcome help = b.run({"--help"});
  CHECK(help.code == 0);
  CHECK(has(help.out, "--resume"));
  b.check_refused(b.run({"--data", "/none/there"}), "train-images-idx3-ubyte");
}

TEST_CASE("mlp_train refuses data and checkpoints that do not fit", "[examples]") {
  Bench b;
  b.check_refused(b.run({"--resume", b.file("none")}), "No such file");
  b.folder().write("junk", "no checkpoint at all");
  b.check_refused(b.run({"--resume", b.file("junk")}), "load_safetensors");
  save_safetensors({{"x", ones({2})}}, b.file("other"));
  b.check_refused(b.run({"--resume", b.file("other")}), "which is none");
  REQUIRE(b.run({"--epochs", "1", "--scheduler", "none", "--save", b.file("c")}).code == 0);
  b.check_refused(b.run({"--resume", b.file("c"), "--optimizer", "sgd"}), "optimizer adam");
  b.check_refused(b.run({"--resume", b.file("c"), "--lr", "0.5"}), "lr 0.001");
  std::string bytes = read_bytes(b.file("c"));
  b.folder().write("cut", bytes.substr(0, bytes.size() / 2));
  b.check_refused(b.run({"--resume", b.file("cut")}), "load_safetensors");
  // A full disk: an error, and the old checkpoint stays as it was.
  b.check_refused(b.run({"--resume", b.file("c"), "--scheduler", "none", "--epochs", "2", "--save", b.file("c")}, 20'000), "save_safetensors");
  bool same = read_bytes(b.file("c")) == bytes;
  CHECK(same);
  std::filesystem::resize_file(b.data() + "/train-images-idx3-ubyte", 1000);
  b.check_refused(b.run({}), "read_idx");
}
