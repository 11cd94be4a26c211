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
/// A backward beside a link that is busy: it goes on at `speed` then.
struct Backward {
  double speed;
  double done = 0, now = 0;  // seconds of the backward alone, and those that have passed
  /// When it has done so much, with the link busy from `now` until `free`.
  double reach(double wanted, double free) {
    const double left = wanted - done, beside = std::max(0.0, free - now) * speed;
    if (left > beside) now = std::max(now, free) + left - beside;
    else if (left > 0) now += left / speed;
    done = std::max(done, wanted);
    return now;
  }
};
}  // namespace

SimulatedStep simulate_step(const StepProfile& profile, const Link& link, int ranks, const SimulationOptions& options) {
  if (!(options.interference >= 0 && options.interference <= 1))
    fail("simulate_step", "interference", "a number in [0, 1]", std::to_string(options.interference));
  SimulatedStep step;
  Backward backward{1 - options.interference};
  const double cap = options.bucket_cap_mb * 1048576;
  double free = 0, filled = 0, ready = 0;
  bool first = true;
  auto send = [&] {
    if (filled == 0) return;
    const double seconds = all_reduce_time(options.kind, link, filled, ranks);
    free = std::max(free, options.overlap ? ready : profile.backward_end) + seconds;
    step.communication += seconds;
    filled = 0;
    first = false;
  };
  for (const StepProfile::Gradient& g : profile.gradients) {
    if (filled > 0 && filled + g.bytes > (first ? std::min(cap, 1048576.0) : cap)) send();
    filled += g.bytes;
    ready = backward.reach(g.ready, options.overlap ? free : 0);
  }
  send();
  step.seconds = std::max(free, backward.reach(profile.backward_end, options.overlap ? free : 0)) + profile.end - profile.backward_end;
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
