#include "lazuli/distributed/simulate.h"

#include <chrono>

#include "lazuli/autograd/tape.h"
#include "tests/distributed/ranks.h"

using namespace lazuli;
using namespace ranks_test;
namespace dist = lazuli::distributed;

namespace {

/// A layer of 64 KiB whose backward takes so many seconds of a clock that only it moves.
struct Timed : nn::Module {
  nn::Parameter weight{this, "weight", zeros({16384})};
  double* clock;
  double seconds;
  Timed(double* c, double s) : clock(c), seconds(s) {}
  Tensor forward(const Tensor& x) {
    Tensor out = alias(x + weight);
    if (auto tape = Tape::recording(x, weight))
      tape.record("timed", out, [clock = clock, seconds = seconds](const Tensor& grad, Needs) {
        *clock += seconds;
        return Grads{grad, grad};
      });
    return out;
  }
};
struct Net : nn::Module {
  nn::Child<nn::Sequential> layers{this, "layers"};
  double clock = 0;
  Net(int count, double seconds) {
    for (int i = 0; i < count; ++i) layers->push_back(Timed(&clock, seconds));
  }
  Tensor forward(const Tensor& x) { return layers(x); }
};

constexpr double kSeconds = 0.01, kForward = 0.02;
constexpr int kLayers = 40;

struct Seen {
  dist::StepProfile gradients;
  std::vector<dist::StepProfile::Gradient> buckets;  // when DistributedDataParallel sent them
};
Seen step(double bucket_cap_mb) {
  Net net(kLayers, kSeconds);
  dist::DistributedDataParallel ddp(net, {.bucket_cap_mb = bucket_cap_mb});
  Seen seen;
  double began = 0;
  ddp.register_comm_hook([&](const dist::GradBucket& bucket) {
    seen.buckets.push_back({double(bucket.buffer.nbytes()), net.clock - began});
    return dist::BucketWork{dist::all_reduce_async(bucket.buffer, dist::ReduceOp::Mean, bucket.process_group)};
  });
  for (int i = 0; i < 2; ++i) {  // buckets are put together anew after the first
    seen.buckets.clear();
    began = net.clock;
    seen.gradients = dist::record_step(
        net,
        [&](const std::function<void()>& gradients_done) {
          net.clock += kForward;
          ddp(ones({1, 16384})).sum().backward();
          gradients_done();
        },
        [&] { return net.clock; });
  }
  return seen;
}
// What the link makes of the buckets that were sent.
double step_time(const Seen& seen, const dist::Link& link, int ranks) {
  double free = 0;
  for (const auto& [bytes, ready] : seen.buckets) free = std::max(free, ready) + dist::all_reduce_time(dist::AllReduceKind::Ring, link, bytes, ranks);
  return std::max(free, seen.gradients.backward_end);
}
double busy_time(const Seen& seen, const dist::Link& link, int ranks) {
  double sum = 0;
  for (const auto& bucket : seen.buckets) sum += dist::all_reduce_time(dist::AllReduceKind::Ring, link, bucket.bytes, ranks);
  return sum;
}

}  // namespace

// Clock and link are simulated, so that nothing depends on how busy the machine is; what is sent, and when in the backward, is what DistributedDataParallel does.
TEST_CASE("communication hides behind the backward", "[distributed]") {
  dist::init_process_group({.backend = "local"});
  struct End {
    ~End() { dist::destroy_process_group(); }
  } end;
  const Seen once = step(25);
  REQUIRE(once.gradients.gradients.size() == kLayers);
  REQUIRE(once.gradients.backward_end == Approx(kForward + kLayers * kSeconds));
  const double compute = once.gradients.backward_end, bytes = kLayers * 65536.0;
  // Links on which the gradients take a third, nine tenths and twice of what the backward takes.
  for (double share : {0.33, 0.9, 2.0}) {
    CAPTURE(share);
    const dist::Link link{bytes / (share * kLayers * kSeconds), 1e-5};
    const double cap = dist::tuned_bucket_cap_mb(once.gradients, link, 2);
    const Seen tuned = step(cap);
    const double time = step_time(tuned, link, 2), busy = busy_time(tuned, link, 2);
    REQUIRE(time <= 1.1 * std::max(compute, busy));
    REQUIRE(step_time(once, link, 2) > time);
    REQUIRE(dist::simulate_step(tuned.gradients, link, 2, {.bucket_cap_mb = cap}).seconds == Approx(time));
    // One bucket, or none sent before the end, is what that would be without.
    REQUIRE(dist::simulate_step(tuned.gradients, link, 2, {.overlap = false}).seconds > compute + 0.9 * share * kLayers * kSeconds);
  }
}

TEST_CASE("the simulator's numbers are those of the formulas", "[distributed]") {
  const dist::Link link{1e9, 1e-4};
  REQUIRE(dist::all_reduce_time(dist::AllReduceKind::Ring, link, 8e8, 4) == Approx(2 * 3 * (1e-4 + 0.2)));
  REQUIRE(dist::all_reduce_time(dist::AllReduceKind::Tree, link, 8e8, 5) == Approx(2 * (3 * 1e-4 + 0.8)));
  REQUIRE(dist::all_reduce_time(dist::AllReduceKind::Ring, link, 8e8, 1) == 0);
  REQUIRE(says(error_of([&] { dist::all_reduce_time(dist::AllReduceKind::Ring, link, 1, 0); }), "all_reduce_time"));
  // Two gradients of 4 MiB, at 1 and 2 seconds, then an optimizer of half a second.
  const dist::StepProfile profile{{{4 << 20, 1}, {4 << 20, 2}}, 2, 2.5};
  const dist::Link slow{double(4 << 20), 0};  // a gradient a second on two ranks
  REQUIRE(dist::simulate_step(profile, slow, 2, {.bucket_cap_mb = 4}).seconds == Approx(3.5));
  REQUIRE(dist::simulate_step(profile, slow, 2, {.bucket_cap_mb = 4, .overlap = false}).seconds == Approx(4.5));
  REQUIRE(dist::simulate_step(profile, slow, 2, {.bucket_cap_mb = 4}).efficiency == Approx(2.5 / 3.5));
  REQUIRE(dist::simulate_step(profile, slow, 1).seconds == Approx(2.5));
  // Beside the first gradient's second the backward goes half as fast, or stands.
  REQUIRE(dist::simulate_step(profile, slow, 2, {.bucket_cap_mb = 4, .interference = 0.5}).seconds == Approx(4));
  REQUIRE(dist::simulate_step(profile, slow, 2, {.bucket_cap_mb = 4, .interference = 1}).seconds == Approx(4.5));
  REQUIRE(dist::simulate_step(profile, slow, 2, {.bucket_cap_mb = 4, .overlap = false, .interference = 1}).seconds == Approx(4.5));
  // Beside the backward the first gradient goes half as fast, and the rest of it as ever.
  REQUIRE(dist::simulate_step(profile, slow, 2, {.bucket_cap_mb = 4, .slowdown = 2}).seconds == Approx(4));
  REQUIRE(dist::simulate_step(profile, slow, 2, {.bucket_cap_mb = 4, .slowdown = 2}).communication == Approx(2.5));
  REQUIRE(dist::simulate_step(profile, slow, 2, {.bucket_cap_mb = 4, .overlap = false, .slowdown = 2}).seconds == Approx(4.5));
  REQUIRE(dist::simulate_step(profile, slow, 2, {.bucket_cap_mb = 4, .interference = 0.5, .slowdown = 2}).seconds == Approx(4.5));
  REQUIRE(says(error_of([&] { dist::simulate_step(profile, slow, 2, {.interference = 1.5}); }), "interference"));
  REQUIRE(says(error_of([&] { dist::simulate_step(profile, slow, 2, {.slowdown = 0.5}); }), "slowdown"));
}

TEST_CASE("a throttled engine takes at least the time of its link", "[.][ranks]") {
  dist::init_process_group(dist::throttled_engine(dist::mpi_engine(), {1e8, 1e-3}), {.timeout = 60});
  struct End {
    ~End() { dist::destroy_process_group(); }
  } end;
  REQUIRE(dist::get_backend() == "throttled");
  const Tensor x = full({500000}, double(rank()));
  const auto began = std::chrono::steady_clock::now();
  dist::all_reduce(x);
  const double took = std::chrono::duration<double>(std::chrono::steady_clock::now() - began).count();
  REQUIRE(took >= dist::all_reduce_time(dist::AllReduceKind::Ring, {1e8, 1e-3}, 2e6, ranks()));
  REQUIRE(equal(x, full({500000}, ranks() * (ranks() - 1) / 2.0)));
}
