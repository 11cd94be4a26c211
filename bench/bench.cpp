#include "lazuli/bench/bench.h"

#include <sys/resource.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <map>
#include <string>
#include <vector>

#include "lazuli/core/backend.h"
#include "lazuli/core/error.h"
#include "lazuli/core/random/generator.h"
#include "lazuli/core/threads/parallel.h"

namespace bench {

double now() {
  static const bool cpu = [] {
    const char* clock = std::getenv("BENCH_CLOCK");
    return clock && std::string(clock) == "cpu";
  }();
  if (cpu) {
    timespec t;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
    return double(t.tv_sec) + 1e-9 * double(t.tv_nsec);
  }
  return std::chrono::duration<double>(std::chrono::steady_clock::now().time_since_epoch()).count();
}

double environment(const char* name, double otherwise) {
  const char* text = std::getenv(name);
  return text ? std::atof(text) : otherwise;
}

double median(std::vector<double> values) {
  std::sort(values.begin(), values.end());
  size_t n = values.size();
  return n % 2 ? values[n / 2] : (values[n / 2 - 1] + values[n / 2]) / 2;
}

void emit(const Options& options, const std::string& metric, double value, const char* unit) {
  rusage usage;
  getrusage(RUSAGE_SELF, &usage);
  std::string name;
  for (const char c : metric) name += c == '"' ? "\\\"" : std::string(1, c);
  std::printf(
      "{\"peer\": \"lazuli\", \"workload\": \"%s\", \"metric\": \"%s\", \"value\": %.5g, \"unit\": \"%s\", \"threads\": %d, \"peak_rss_mib\": %ld}\n",
      options.workload.c_str(), name.c_str(), value, unit, options.threads, usage.ru_maxrss / 1024);
  std::fflush(stdout);
}

double seconds_per_call(const Options& options, const std::function<void()>& step) {
  const double window = environment("BENCH_WINDOW", 1);
  const int repeats = int(environment("BENCH_REPEATS", 5));
  for (int i = 0; i < 3; ++i) step();
  lazuli::synchronize(options.device);
  auto time = [&](long n) {
    double t = now();
    for (long i = 0; i < n; ++i) step();
    lazuli::synchronize(options.device);
    return now() - t;
  };
  long n = 1;
  double t;
  while ((t = time(n)) < window / 8) n *= 2;
  n = std::max(1L, long(std::ceil(double(n) * window / t)));
  std::vector<double> seconds;
  for (int i = 0; i < repeats; ++i) seconds.push_back(time(n) / double(n));
  return median(seconds);
}

}  // namespace bench

int main(int argc, char** argv) {
  const std::map<std::string, void (*)(const bench::Options&)> workloads{{"mlp_fmnist", bench::mlp_fmnist},
                                                                         {"mlp_small", bench::mlp_small},
                                                                         {"ensemble", bench::ensemble},
                                                                         {"op_overhead", bench::op_overhead},
                                                                         {"matmul", bench::matmul},
                                                                         {"elementwise", bench::elementwise},
                                                                         {"chains", bench::chains},
                                                                         {"fft", bench::fft},
                                                                         {"cnn", bench::cnn},
                                                                         {"resnet18_infer", bench::resnet18_infer},
                                                                         {"conv2d", bench::conv2d},
                                                                         {"transformer", bench::transformer},
                                                                         {"gpt", bench::gpt},
                                                                         {"lstm", bench::lstm},
                                                                         {"bf16_mlp", bench::bf16_mlp},
                                                                         {"transforms", bench::transforms},
                                                                         {"ops", bench::ops},
                                                                         {"optimizers", bench::optimizers},
                                                                         {"loaders", bench::loaders},
                                                                         {"scale", bench::scale}};
  bench::Options options;
  auto usage = [&] {
    std::fprintf(stderr, "usage: bench WORKLOAD [--threads N] [--device D] [--record]\nworkloads:");
    for (const auto& [name, run] : workloads) std::fprintf(stderr, " %s", name.c_str());
    std::fprintf(stderr, "\n");
    return 2;
  };
  try {
    for (int i = 1; i < argc; ++i) {
      std::string arg = argv[i];
      if (arg == "--threads" && i + 1 < argc) options.threads = std::atoi(argv[++i]);
      else if (arg == "--device" && i + 1 < argc) options.device = lazuli::Device(std::string(argv[++i]));
      else if (arg == "--record") options.record = true;
      else if (options.workload.empty() && !arg.starts_with("--")) options.workload = arg;
      else return usage();
    }
    auto found = workloads.find(options.workload);
    if (found == workloads.end()) return usage();
    lazuli::set_num_threads(options.threads);
    lazuli::manual_seed(0);
    found->second(options);
  } catch (const lazuli::Error& error) {
    std::fprintf(stderr, "bench: %s\n", error.what());
    return 1;
  }
}
