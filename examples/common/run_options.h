#pragma once
#include <cstdint>
#include <string>

namespace CLI {
class App;
}

namespace examples {

/// What every program may be told that runs a network.
struct BasicOptions {
  int threads = 0;
  uint64_t seed = 0;
  /// Sets the kernels' threads and seeds the default generator.
  void apply() const;
};
/// Adds --threads and, of a program with random numbers, --seed: `seeded` says what they are for.
void add_basic_options(CLI::App& app, BasicOptions& options, const std::string& seeded = {});

/// The options that all training programs have.
struct RunOptions : BasicOptions {
  std::string device = "cpu", backend;
  std::string save, resume, plot, profile;
  int64_t print_losses = 0;  // steps
  int64_t stop_after = -1;   // steps: for trying out --resume
  bool kernel_counts = false;
  bool distributed = false;
};

/// Adds them to a command line; `plotted` says what --plot draws.
void add_run_options(CLI::App& app, RunOptions& options, const std::string& plotted);
/// Adds the name of a file or folder that the program writes, or is to write into: that it cannot should be known before an hour of training.
void add_written_file(CLI::App& app, const std::string& name, std::string& path, const std::string& about);
/// Exits with a message for `--help` and for options that make no sense.
void parse(CLI::App& app, const char* program, int argc, char** argv);

}  // namespace examples
