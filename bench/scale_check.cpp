#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstdio>
#include <thread>

#include "lazuli/autograd/tape.h"
#include "lazuli/bench/scale.h"
#include "lazuli/distributed/distributed.h"
#include "lazuli/lazuli.h"

// Exchanges, and steps with and without one, take turns, so that what else the machine does falls on both alike. Ranks wait for each other, so the simulator is given, of each step, the latest of all ranks' times.
// With BENCH_SPAN_MS layers wait so long in their backward instead of computing, which says something on a machine with fewer cores than ranks too.
namespace bench {
namespace {
namespace dist = lazuli::distributed;
using namespace lazuli;
using dist::Link, dist::StepProfile;

double seconds_since(std::chrono::steady_clock::time_point began) {
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - began).count();
}
/// On the slowest rank; all begin together.
double seconds_of(const std::function<void()>& f) {
  dist::barrier();
  const auto began = std::chrono::steady_clock::now();
  f();
  const Tensor seconds = full({1}, seconds_since(began), kFloat64);
  dist::all_reduce(seconds, dist::ReduceOp::Max);
  return seconds.item<double>();
}
/// Of each gradient and each end the latest of all ranks.
StepProfile slowest(StepProfile profile) {
  std::vector<double> times;
  for (const auto& gradient : profile.gradients) times.push_back(gradient.ready);
  for (double end : {profile.backward_end, profile.end}) times.push_back(end);
  const Tensor all = tensor(times);
  dist::all_reduce(all, dist::ReduceOp::Max);
  times = all.to_vector<double>();
  for (size_t i = 0; i < profile.gradients.size(); ++i) profile.gradients[i].ready = times[i];
  profile.backward_end = times[times.size() - 2];
  profile.end = times.back();
  return profile;
}

/// A layer of 1 MiB whose backward takes so many seconds, and no processor.
struct Span : nn::Module {
  nn::Parameter weight{this, "weight", zeros({512, 512})};
  std::chrono::duration<double> span;
  explicit Span(double seconds) : span(seconds) {}
  Tensor forward(const Tensor& x) {
    Tensor out = alias(x + weight);
    if (auto tape = Tape::recording(x, weight))
      tape.record("span", out, [span = span](const Tensor& grad, Needs) {
        std::this_thread::sleep_for(span);
        return Grads{grad, grad};
      });
    return out;
  }
};

/// Seconds of a step beside an exchange, and of the exchange.
struct Crowded {
  double step, exchange;
};
/// What was measured in turns: an exchange of the step's buckets and one of as many small ones, a step without exchange, one beside that of its buckets, and one with its own.
struct Seen {
  std::vector<double> small, exchange, real;
  std::vector<StepProfile> alone;
  std::vector<Crowded> crowded;
};
constexpr int64_t kSmall = 2048;  // elements of float32

using Buckets = std::vector<Tensor>;
double bytes_of(const Buckets& buckets) {
  double bytes = 0;
  for (const Tensor& bucket : buckets) bytes += double(bucket.nbytes());
  return bytes;
}
std::vector<dist::Work> start(const Buckets& buckets) {
  std::vector<dist::Work> works;
  for (const Tensor& bucket : buckets) works.push_back(dist::all_reduce_async(bucket));
  return works;
}
void wait_for(std::vector<dist::Work>& works) {
  for (dist::Work& work : works) work.wait();
}
void exchange(const Buckets& buckets) {
  std::vector<dist::Work> works = start(buckets);
  wait_for(works);
}
Crowded crowded(const Buckets& buckets, const std::function<void()>& step) {
  dist::barrier();
  const auto began = std::chrono::steady_clock::now();
  std::vector<dist::Work> works = start(buckets);
  double arrived = 0;
  std::jthread last([&] {
    wait_for(works);
    arrived = seconds_since(began);
  });
  step();
  const double computed = seconds_since(began);
  last.join();
  const Tensor both = tensor({computed, arrived});
  dist::all_reduce(both, dist::ReduceOp::Max);
  return {both[0].item<double>(), both[1].item<double>()};
}

/// The link as it is, by what the two exchanges took.
Link link_of(const Seen& seen, const Buckets& buckets, int ranks) {
  const double small = median(seen.small), large = median(seen.exchange), count = double(buckets.size()), hops = 2.0 * (ranks - 1);
  const double per_byte = std::max(1e-12, (large - small) * ranks / hops / (bytes_of(buckets) - count * 4.0 * kSmall));
  return {1 / per_byte, std::max(0.0, small / count / hops - 4.0 * kSmall / ranks * per_byte)};
}

/// Where those who move the bytes are the processors that compute: what a second of both at once leaves of each.
struct Crowding {
  double interference, slowdown;
};
Crowding crowding_of(const Seen& seen, double alone) {
  const double exchange = median(seen.exchange);
  std::vector<double> computed, travelled;  // in a second of both
  for (const Crowded& crowded : seen.crowded) {
    const double both = std::min(crowded.step, crowded.exchange);  // then the longer one goes on alone
    computed.push_back((alone - (crowded.step - both)) / both);
    travelled.push_back((exchange - (crowded.exchange - both)) / both);
  }
  return {1 - std::clamp(median(computed), 0.0, 1.0), 1 / std::clamp(median(travelled), 0.01, 1.0)};
}

void print(const Options& options, int ranks, double cap, const Seen& seen, const Buckets& buckets) {
  const Link link = link_of(seen, buckets, ranks);
  std::vector<double> ends, communication, predicted;
  for (const StepProfile& profile : seen.alone) ends.push_back(profile.end);
  const double alone = median(ends);
  const Crowding crowding = crowding_of(seen, alone);
  for (const StepProfile& profile : seen.alone) {
    const dist::SimulatedStep step =
        dist::simulate_step(profile, link, ranks, {.bucket_cap_mb = cap, .interference = crowding.interference, .slowdown = crowding.slowdown});
    communication.push_back(step.communication);
    predicted.push_back(step.seconds);
  }
  const double real = median(seen.real), off = 100 * (median(predicted) / real - 1);
  std::printf(
      "%d ranks, buckets of %.0f MiB: compute %.4f s, communication %.4f s, interference %.2f, slowdown %.2f; predicted %.4f s, real %.4f s (%+.1f "
      "%%); real / "
      "max(compute, communication) %.3f\n",
      ranks, cap, alone, median(communication), crowding.interference, crowding.slowdown, median(predicted), real, off,
      real / std::max(alone, median(communication)));
  emit(options, "prediction_" + std::to_string(ranks) + "_ranks_" + std::to_string(int(cap)) + "_mib", off, "% off");
}

}  // namespace

void check_scale(const Options& options) {
  const Link chosen{environment("BENCH_LINK_MB", 100) * 1e6, environment("BENCH_LINK_US", 200) * 1e-6};
  dist::init_process_group(dist::throttled_engine(dist::mpi_engine(), chosen));
  const int ranks = dist::get_world_size();
  const double span = environment("BENCH_SPAN_MS", 0) * 1e-3;
  nn::Sequential model;
  for (int i = 0; i < 8; ++i) {
    if (span > 0) model.push_back(Span(span));
    else model.push_back(nn::Linear(512, 512));
    model.push_back(nn::ReLU());
  }
  const Tensor x = randn({span > 0 ? 512 : int64_t(environment("BENCH_ROWS", 1024)), 512});
  optim::SGD optimizer(model.parameters(), 1e-3);
  for (double cap : {1.0, 25.0}) {
    dist::DistributedDataParallel ddp(model, {.bucket_cap_mb = cap});
    Buckets buckets, small;  // of the sizes that travel, and as many of kSmall
    bool warm = false;
    ddp.register_comm_hook([&](const dist::GradBucket& bucket) {
      if (!warm) {
        if (bucket.index == 0) buckets.clear();
        buckets.push_back(zeros_like(bucket.buffer));
      }
      return dist::BucketWork{dist::all_reduce_async(bucket.buffer, dist::ReduceOp::Mean, bucket.process_group)};
    });
    auto step = [&](const std::function<void()>& gradients_done) {
      optimizer.zero_grad();
      mse_loss(ddp(x), x).backward();
      gradients_done();
      optimizer.step();
    };
    Seen seen;
    for (int i = 0; i < 2; ++i) step([] {});  // buckets are put together anew after the first
    warm = true;
    for (size_t i = 0; i < buckets.size(); ++i) small.push_back(zeros({kSmall}));
    for (int i = 0; i <= int(environment("BENCH_REPEATS", 5)); ++i) {
      if (i == 1) seen = Seen();  // the first one was to get warm
      seen.small.push_back(seconds_of([&] { exchange(small); }));
      seen.exchange.push_back(seconds_of([&] { exchange(buckets); }));
      {
        auto local = ddp.no_sync();
        dist::barrier();
        seen.alone.push_back(slowest(dist::record_step(model, step)));
        seen.crowded.push_back(crowded(buckets, [&] { step([] {}); }));
      }
      seen.real.push_back(seconds_of([&] { step([] {}); }));
    }
    if (dist::get_rank() == 0) print(options, ranks, cap, seen, buckets);
  }
  dist::destroy_process_group();
}

}  // namespace bench
