#include "run_options.h"

#include <unistd.h>

#include <CLI/CLI.hpp>
#include <cstdio>

#include "lazuli/core/random/generator.h"
#include "lazuli/core/threads/parallel.h"

namespace examples {

namespace {

const CLI::Validator writable_place(
    [](std::string& path) {
      size_t slash = path.find_last_of('/');
      std::string folder = slash == std::string::npos ? "." : path.substr(0, slash + 1);
      return access(folder.c_str(), W_OK | X_OK) == 0 ? std::string() : "cannot write in the folder of " + path;
    },
    "");

}  // namespace

void BasicOptions::apply() const {
  if (threads > 0) lazuli::set_num_threads(threads);
  lazuli::manual_seed(seed);
}

void add_basic_options(CLI::App& app, BasicOptions& o, const std::string& seeded) {
  app.add_option("--threads", o.threads, "threads of the kernels; 0: all cores")->check(CLI::NonNegativeNumber);
  if (!seeded.empty()) app.add_option("--seed", o.seed, seeded);
}

void add_written_file(CLI::App& app, const std::string& name, std::string& path, const std::string& about) {
  app.add_option(name, path, about)->check(writable_place);
}

void add_run_options(CLI::App& app, RunOptions& o, const std::string& plotted) {
  app.add_option("--device", o.device, "where to train: cpu, cuda, cuda:1, opencl, or a device of --backend");
  app.add_option("--backend", o.backend, "load a backend from a shared object first");
  add_basic_options(app, o, "of weights and order");
  add_written_file(app, "--save", o.save, "write a checkpoint after each epoch, and on Ctrl-C");
  app.add_option("--resume", o.resume, "go on from a checkpoint, bit for bit");
  add_written_file(app, "--plot", o.plot, "draw " + plotted + " into this PNG file");
  app.add_option("--print-losses", o.print_losses, "print the loss of each of the first steps, so many")->check(CLI::NonNegativeNumber);
  add_written_file(app, "--profile", o.profile,
                   "record ten steps, print where their time goes, and write a trace for chrome://tracing into this file");
  app.add_flag("--kernel-counts", o.kernel_counts, "print how many kernel calls the device, composites and the CPU served");
  app.add_flag("--distributed", o.distributed,
               "share each batch with the other processes of mpirun, which is the default where mpirun started the program");
  app.add_option("--stop-after", o.stop_after, "stop after so many steps in all, as Ctrl-C would")->check(CLI::PositiveNumber);
}

void parse(CLI::App& app, const char* program, int argc, char** argv) {
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    if (error.get_exit_code() == 0) std::exit(app.exit(error));  // --help
    std::fprintf(stderr, "%s: %s (--help lists the options)\n", program, error.what());
    std::exit(1);
  }
}

}  // namespace examples
