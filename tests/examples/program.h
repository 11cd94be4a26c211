// Runs a program of build/examples and looks at what it prints, writes and returns.
#pragma once
#include <sys/types.h>

#include <string>
#include <utility>
#include <vector>

#include "tests/catch.h"
#include "tests/io/bytes.h"

namespace lazuli::test {

struct Outcome {
  int code = -1;  // -1: ended by a signal
  std::string out, err;
};

class Program {
 public:
  using Strings = std::vector<std::string>;
  /// `usual` are options that every run has unless it gives them itself.
  Program(std::string name, std::vector<std::pair<std::string, std::string>> usual);
  void set_usual(const std::string& option, const std::string& value) { usual_.emplace_back(option, value); }
  /// Words that start it, before its path: "mpirun", "-np", "2".
  void set_launcher(Strings words) { launcher_ = std::move(words); }
  std::string file(const std::string& name) const { return folder_.file(name); }
  const TemporaryFolder& folder() const { return folder_; }

  pid_t start(const Strings& options, long file_limit = 0) const;
  Outcome finish(pid_t child) const;
  Outcome run(const Strings& options, long file_limit = 0) const { return finish(start(options, file_limit)); }

  /// One line, from this program, with `part` in it, and exit code 1.
  void check_refused(const Outcome& outcome, const std::string& part = "") const;
  /// Refuses options that make no sense, lists them with --help, and checkpoints that are none.
  void check_refusals(const std::vector<Strings>& options) const;
  /// A run that is stopped at a step and gone on with ends with the same checkpoint, bit for bit, as one that is not.
  void check_resumes(const Strings& options, int stop_after) const;

 private:
  std::string name_;
  std::vector<std::pair<std::string, std::string>> usual_;
  Strings launcher_;
  TemporaryFolder folder_;
};

/// Fashion-MNIST's four files in small: ten kinds of images, class c bright in two rows of its own, with noise everywhere.
class ImageFiles {
 public:
  ImageFiles(uint32_t train = 640, uint32_t test = 100);
  const std::string& path() const { return folder_.path(); }

 private:
  TemporaryFolder folder_;
};

bool has(const std::string& text, const std::string& part);
/// The numbers after "  NAME " in lines that begin with "step ".
std::vector<double> losses_in(const std::string& text, const std::string& name = "loss");
/// The mean of the last `count` is below `factor` times the mean of the first.
void check_falls(const std::vector<double>& losses, size_t count, double factor);
bool is_png(const std::string& path);

}  // namespace lazuli::test
