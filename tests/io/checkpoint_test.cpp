#include "lazuli/io/checkpoint.h"

#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <fstream>
#include <random>

#include "lazuli/lazuli.h"
#include "tests/catch.h"
#include "tests/errors.h"
#include "tests/io/bytes.h"

using namespace lazuli;
using test::TemporaryFolder;
using Steps = std::vector<int64_t>;

namespace {

/// Everything that a run has.
struct Run {
  nn::Sequential model{nn::Linear(3, 8), nn::BatchNorm1d(8), nn::Dropout(0.3), nn::Linear(8, 2)};
  optim::Adam adam{model.parameters(), {.lr = 0.01}};
  optim::StepLR scheduler{adam, 3};
  data::DataLoader<> loader{data::TensorDataset(arange(60).to(kFloat32).view({20, 3}) / 30, arange(20) % 2),
                            {.batch_size = 4, .shuffle = true, .seed = 2}};
  int64_t steps = 0;
  double best = 1e9;
  std::vector<float> losses;

  /// Until there are that many steps, or `stop` further ones are done.
  void train(int64_t until, int64_t stop = 1000) {
    while (steps < until && stop > 0) {
      for (auto& [x, y] : loader) {
        adam.zero_grad();
        Tensor loss = cross_entropy(model(x), y);
        loss.backward();
        adam.step();
        scheduler.step();
        losses.push_back(loss.item<float>());
        best = std::min(best, loss.item<double>());
        ++steps;
        if (steps == until || --stop == 0) break;
      }
    }
  }
  void add_to(CheckpointFolder& folder) {
    folder.add("model", model);
    folder.add("optimizer", adam);
    folder.add("scheduler", scheduler);
    folder.add("loader", loader);
    folder.add("steps", steps);
    folder.add("best", best);
  }
};

/// A state that says of itself whether it is whole.
struct Marked {
  Tensor a = zeros({64}), b = zeros({3, 5});
  StateDict state_dict() const { return {{"a", a}, {"b", b}}; }
  void load_state_dict(const StateDict& state) {
    a = state.at("a").clone();
    b = state.at("b").clone();
  }
  void set(double value) {
    a = full({64}, value);
    b = full({3, 5}, value);
  }
};

[[noreturn]] void write_until_killed(const std::string& folder, int told) {
  try {
    Marked part;
    CheckpointFolder checkpoints(folder, {.keep_last = 1});
    checkpoints.add("part", part);
    checkpoints.load_latest();
    for (int64_t step = checkpoints.latest_step().value_or(0);;) {
      part.set(double(++step));
      checkpoints.save(step, double(step % 7));
      if (write(told, "x", 1) != 1) break;
    }
  } catch (const Error&) {}
  _exit(1);
}

// Kills a writer at random moments; a whole checkpoint is there whenever it was, and never an older one than before.
void check_killed_writers(int kills) {
  const TemporaryFolder folder(access("/dev/shm", W_OK) == 0 ? "/dev/shm" : "");  // where flushing takes no time
  std::mt19937 random(5);
  Marked part;
  int64_t before = -1;
  int forward = 0;
  for (int kill_number = 0; kill_number < kills; ++kill_number) {
    int saved[2];  // a byte for each checkpoint
    REQUIRE(pipe(saved) == 0);
    const pid_t child = fork();
    if (child == 0) write_until_killed(folder.path(), saved[1]);
    close(saved[1]);
    char byte;
    for (unsigned wait = random() % 3; wait > 0; --wait) REQUIRE(read(saved[0], &byte, 1) == 1);
    usleep(random() % 1500);
    kill(child, SIGKILL);
    close(saved[0]);
    int status = 0;
    waitpid(child, &status, 0);
    REQUIRE(WIFSIGNALED(status));  // it had no error of its own
    CheckpointFolder checkpoints(folder.path(), {.keep_last = 1});
    checkpoints.add("part", part);
    if (!checkpoints.load_latest()) {
      REQUIRE(before == -1);  // never lost again
      continue;
    }
    const int64_t step = *checkpoints.latest_step();
    REQUIRE(step >= before);
    forward += step > before;
    before = step;
    REQUIRE((part.a == double(step)).all().item<bool>());
    REQUIRE((part.b == double(step)).all().item<bool>());
    REQUIRE(folder.count() == int(checkpoints.steps().size()));  // nothing half done stays
  }
  CHECK(forward > kills / 5);
}

}  // namespace

TEST_CASE("A run goes on from a checkpoint bit for bit, in the middle of an epoch", "[io]") {
  manual_seed(4);
  Run whole;
  whole.train(17);
  TemporaryFolder folder;
  std::vector<float> losses;
  {
    manual_seed(4);
    Run first;
    CheckpointFolder checkpoints(folder.file("run"));
    first.add_to(checkpoints);
    CHECK(!checkpoints.load_latest());
    first.train(17, 7);
    checkpoints.save(first.steps);
    losses = first.losses;
  }
  manual_seed(99);
  Run second;
  rand({10});
  CheckpointFolder checkpoints(folder.file("run"));
  second.add_to(checkpoints);
  CHECK(checkpoints.load_latest());
  CHECK(second.steps == 7);
  second.train(17);
  losses.insert(losses.end(), second.losses.begin(), second.losses.end());
  CHECK(losses == whole.losses);
  CHECK(second.best == whole.best);
  for (const auto& [name, tensor] : whole.model.state_dict()) CHECK(equal(tensor, second.model.state_dict().at(name)));
  CHECK(second.adam.lr() == whole.adam.lr());
}

TEST_CASE("The last checkpoints and the best one stay", "[io]") {
  TemporaryFolder folder;
  Marked part;
  CheckpointFolder checkpoints(folder.path(), {.keep_last = 2});
  checkpoints.add("part", part);
  const double metrics[] = {5, 1, 3, 2, 4};
  for (int64_t step = 0; step < 5; ++step) {
    part.set(double(step));
    checkpoints.save(step, metrics[step]);
  }
  CHECK(checkpoints.steps() == Steps{1, 3, 4});
  CHECK(checkpoints.best_step() == 1);
  CHECK(checkpoints.best_metric() == 1.0);
  CHECK(checkpoints.load_best());
  CHECK(part.a[0].item<int>() == 1);
  CHECK(checkpoints.load_latest());
  CHECK(part.b[2][4].item<int>() == 4);
  checkpoints.load(3);
  CHECK(part.a[0].item<int>() == 3);
  CHECK(says(error_of([&] { checkpoints.load(2); }), "one of the steps 1, 3, 4, got 2"));
  checkpoints.save(4, 0.5);  // again
  CHECK(checkpoints.best_step() == 4);
  CHECK(checkpoints.steps() == Steps{3, 4});
  CheckpointFolder highest(folder.file("highest"), {.keep_last = 1, .higher_is_better = true});
  highest.add("part", part);
  for (int64_t step = 0; step < 5; ++step) highest.save(step, metrics[step]);
  CHECK(highest.steps() == Steps{0, 4});
  CheckpointFolder last(folder.file("last"), {.keep_last = 1, .keep_best = false});
  last.add("part", part);
  for (int64_t step = 0; step < 5; ++step) last.save(step, metrics[step]);
  CHECK(last.steps() == Steps{4});
  CHECK(!CheckpointFolder(folder.file("none")).load_best());
}

TEST_CASE("A damaged checkpoint is passed over, and one that does not fit is an error", "[io]") {
  TemporaryFolder folder;
  Marked part;
  CheckpointFolder checkpoints(folder.path());
  CHECK(says(error_of([&] { checkpoints.save(1); }), "a part that was added before"));
  checkpoints.add("part", part);
  CHECK(says(error_of([&] { checkpoints.add("part", part); }), "each name once"));
  CHECK(says(error_of([&] { checkpoints.add("a.b", part); }), "a name without dots"));
  for (int64_t step : {1, 2}) part.set(double(step)), checkpoints.save(step);
  const std::string bytes = test::read_bytes(checkpoints.path(2));
  std::ofstream(checkpoints.path(2), std::ios::binary) << bytes.substr(0, bytes.size() - 5);
  CHECK(checkpoints.load_latest());
  CHECK(part.a[0].item<int>() == 1);
  double other = 0;
  checkpoints.add("other", other);
  CHECK(says(error_of([&] { checkpoints.load(1); }), "'other' in"));
  std::ofstream(checkpoints.path(1), std::ios::binary) << "x";
  CHECK(says(error_of([&] { checkpoints.load_latest(); }), "only damaged ones"));
  CHECK(says(error_of([&] { CheckpointFolder(folder.path(), {.keep_last = 0}); }), "at least 1"));
  folder.write("file", "x");
  CHECK(says(error_of([&] { CheckpointFolder(folder.file("file")); }), "to make the folder"));
}

TEST_CASE("A full disk leaves the checkpoints that there are", "[io]") {
  TemporaryFolder folder;
  Marked part;
  CheckpointFolder checkpoints(folder.path(), {.keep_last = 1});
  checkpoints.add("part", part);
  part.set(1);
  checkpoints.save(1);
  const int status = test::run_with_file_limit(
      100,
      [](const std::string& path) {
        Marked large;
        CheckpointFolder again(path, {.keep_last = 1});
        again.add("part", large);
        try {
          again.save(2);
        } catch (const Error&) { return 7; }
        return 0;
      },
      folder.path());
  CHECK(status == 7);
  CHECK(folder.count() == 1);
  CHECK(checkpoints.load_latest());
  CHECK(part.a[0].item<int>() == 1);
}

TEST_CASE("Whenever the writer is killed, a whole checkpoint is there", "[io]") { check_killed_writers(10); }
TEST_CASE("Whenever the writer is killed, 200 times", "[.][killed]") { check_killed_writers(200); }
