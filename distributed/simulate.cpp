#include "lazuli/distributed/simulate.h"

#include <algorithm>
#include <chrono>
#include <cmath>

#include "lazuli/autograd/hooks.h"
#include "lazuli/core/error.h"

namespace lazuli::distributed {

StepProfile record_step(nn::Module& module, const std::function<void(const std::function<void()>& gradients_done)>& step,
                        std::function<double()> clock) {
  if (!clock) clock = [] { return std::chrono::duration<double>(std::chrono::steady_clock::now().time_since_epoch()).count(); };
  StepProfile profile;
  const double began = clock();
  struct Hooks {
    std::vector<RemovableHandle> handles;
    ~Hooks() {
      for (RemovableHandle& h : handles) h.remove();
    }
  } hooks;
  for (const Tensor& p : module.parameters())
    if (p.requires_grad())
      hooks.handles.push_back(register_post_accumulate_grad_hook(p, [&](const Tensor& leaf) {
        profile.gradients.push_back({double(leaf.nbytes()), clock() - began});
      }));
  step([&] { profile.backward_end = clock() - began; });
  profile.end = clock() - began;
  if (profile.backward_end == 0) profile.backward_end = profile.end;
  return profile;
}

double all_reduce_time(AllReduceKind kind, const Link& link, double bytes, int ranks) {
  if (ranks < 1) fail("all_reduce_time", "ranks", "at least 1", std::to_string(ranks));
  if (ranks == 1) return 0;
  const double n = ranks, per_byte = link.bandwidth > 0 ? 1 / link.bandwidth : 0;
  if (kind == AllReduceKind::Ring) return 2 * (n - 1) * (link.latency + bytes / n * per_byte);
  return 2 * (std::ceil(std::log2(n)) * link.latency + bytes * per_byte);
}

namespace {
/// A backward, and the buckets that travel one after the other beside it.
struct Course {
  double speed, slowdown;        // of the backward while a bucket travels, and of a bucket beside the backward
  double now = 0, done = 0;      // seconds that have passed, and how many of the backward alone are done
  double waiting = 0, busy = 0;  // seconds that complete buckets take on the link alone, and those in which it had one

  /// Until so many seconds of the backward are done.
  void reach(double wanted) {
    while (done < wanted) {
      const double compute = (wanted - done) / (waiting > 0 ? speed : 1), travel = waiting * slowdown;
      if (waiting == 0 || compute <= travel) {
        pass(compute, compute / slowdown);
        done = wanted;
      } else {
        pass(travel, waiting);
        done += travel * speed;
      }
    }
  }
  void arrive() { pass(waiting, waiting); }

 private:
  void pass(double seconds, double travelled) {
    now += seconds;
    if (waiting > 0) busy += seconds;
    waiting = std::max(0.0, waiting - travelled);
  }
};
}  // namespace

SimulatedStep simulate_step(const StepProfile& profile, const Link& link, int ranks, const SimulationOptions& options) {
  if (!(options.interference >= 0 && options.interference <= 1))
    fail("simulate_step", "interference", "a number in [0, 1]", std::to_string(options.interference));
  if (!(options.slowdown >= 1)) fail("simulate_step", "slowdown", "a number of at least 1", std::to_string(options.slowdown));
  Course course{1 - options.interference, options.slowdown};
  if (!options.overlap) course.reach(profile.backward_end);
  const double cap = options.bucket_cap_mb * 1048576;
  double filled = 0;
  bool first = true;
  auto send = [&] {
    if (filled == 0) return;
    course.waiting += all_reduce_time(options.kind, link, filled, ranks);
    filled = 0;
    first = false;
  };
  for (const StepProfile::Gradient& g : profile.gradients) {
    if (filled > 0 && filled + g.bytes > (first ? std::min(cap, 1048576.0) : cap)) send();
    filled += g.bytes;
    course.reach(g.ready);
  }
  send();
  course.reach(profile.backward_end);
  course.arrive();
  SimulatedStep step;
  step.communication = course.busy;
  step.seconds = course.now + profile.end - profile.backward_end;
  step.efficiency = step.seconds > 0 ? profile.end / step.seconds : 1;
  return step;
}

double tuned_bucket_cap_mb(const StepProfile& profile, const Link& link, int ranks, SimulationOptions options) {
  double best = options.bucket_cap_mb, shortest = std::numeric_limits<double>::infinity();
  for (double cap = 0.25; cap <= 256; cap *= 2) {
    options.bucket_cap_mb = cap;
    const double seconds = simulate_step(profile, link, ranks, options).seconds;
    if (seconds < shortest) {
      shortest = seconds;
      best = cap;
    }
  }
  return best;
}

}  // namespace lazuli::distributed
