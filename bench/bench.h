#pragma once
#include <functional>
#include <string>

#include "lazuli/core/device.h"

/// What the workloads share: options, timing as in the peers' common.py, and the JSON lines.
namespace bench {

struct Options {
  std::string workload;
  int threads = 2;
  lazuli::Device device;
  bool record = false;  // training steps are recorded and replayed
};

/// Prints {"peer": "lazuli", "workload": ..., "metric": ..., "value": ..., "unit": ..., "threads": ..., "peak_rss_mib": ...}.
void emit(const Options& options, const std::string& metric, double value, const char* unit);

/// Median over BENCH_REPEATS windows (5), each of BENCH_WINDOW seconds (1), of the seconds that one step takes.
double seconds_per_call(const Options& options, const std::function<void()>& step);
double median(std::vector<double> values);
/// Seconds; of this process's own processor time where BENCH_CLOCK is "cpu", which with one thread says something on a busy machine too.
double now();
double environment(const char* name, double otherwise);

void mlp_fmnist(const Options& options);
void mlp_small(const Options& options);
void ensemble(const Options& options);
void op_overhead(const Options& options);
void matmul(const Options& options);
void elementwise(const Options& options);
void chains(const Options& options);
void fft(const Options& options);
void cnn(const Options& options);
void resnet18_infer(const Options& options);
void conv2d(const Options& options);
void transformer(const Options& options);
void gpt(const Options& options);
void lstm(const Options& options);
void bf16_mlp(const Options& options);
void transforms(const Options& options);
void ops(const Options& options);
void optimizers(const Options& options);
void loaders(const Options& options);
void scale(const Options& options);

}  // namespace bench
