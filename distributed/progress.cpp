#include "lazuli/distributed/progress.h"

#include "lazuli/autograd/modes.h"
#include "lazuli/core/threads/parallel.h"

namespace lazuli::distributed::detail {
namespace {
using Clock = std::chrono::steady_clock;

// Seconds in which what a process did last arrives after it has ended.
constexpr double kFarewell = 5;
// And those in which a process says where it is: its detector's thread does nothing else.
constexpr double kAnswer = 1;

/// A job is given up: what it says, and why those after it fail.
struct Hopeless {
  std::string expected, got, reason;
};

std::string seconds(double s) {
  std::string text = std::to_string(s);
  text.erase(text.find_last_not_of('0') + 1);
  if (text.back() == '.') text.pop_back();
  return text + " s";
}
}  // namespace

void Job::wait() {
  std::unique_lock lock(mutex_);
  changed_.wait(lock, [&] { return complete_; });
  if (error_) std::rethrow_exception(error_);
}
bool Job::complete() {
  std::lock_guard lock(mutex_);
  return complete_;
}
void Job::finish(std::exception_ptr error) {
  if (!error) stages.clear();  // what they hold is the user's again
  std::lock_guard lock(mutex_);
  complete_ = true;
  error_ = std::move(error);
  changed_.notify_all();
}

void Progress::stop() {
  {
    std::lock_guard lock(mutex_);
    stop_ = true;
    changed_.notify_all();
  }
  if (thread_.joinable()) thread_.join();
}

bool Progress::broken() {
  std::lock_guard lock(mutex_);
  return broken_ || (failures_ && failures_->failed());
}

Error Progress::error_of(const Job& job, const Breakdown& breakdown) {
  return Error(ErrorKind::State, job.op, "", breakdown.expected,
               breakdown.got + " (rank " + std::to_string(job.rank) + " of " + std::to_string(job.size) + ")");
}

void Progress::submit(std::shared_ptr<Job> job) {
  std::lock_guard lock(mutex_);
  if (broken_) throw error_of(*job, *broken_);
  if (stop_) fail(ErrorKind::State, job->op, "", "a group that was not destroyed", "one after destroy_process_group()");
  if (failures_ && job->number > 0) failures_->note_calls(job->number);
  waiting_.push_back(std::move(job));
  if (!thread_.joinable()) thread_ = std::thread([this] { run(); });
  changed_.notify_all();
}

// Whether it is complete.
bool Progress::advance(Job& job) {
  while (!job.started_ || job.started_->done()) {
    job.started_ = nullptr;
    if (job.next_ == job.stages.size()) return true;
    job.started_ = job.stages[job.next_++]();
  }
  return false;
}

void Progress::break_with(const Breakdown& breakdown) {
  std::deque<std::shared_ptr<Job>> rest;
  {
    std::lock_guard lock(mutex_);
    broken_ = breakdown;
    rest.swap(waiting_);
  }
  for (auto& job : running_) {
    rest.push_back(job);
    lost_.push_back(job);
  }
  running_.clear();
  for (auto& job : rest) job->finish(std::make_exception_ptr(error_of(*job, breakdown)));
}

// Those after it, here and on the other ranks, fail with `reason`, which they know before anyone hears of this one.
void Progress::give_up(Running::iterator at, const Breakdown& breakdown, const std::string& reason) {
  const std::shared_ptr<Job> job = std::move(*at);
  running_.erase(at);
  lost_.push_back(job);
  break_with({"a group whose operations all became complete", job->op + reason});
  if (failures_) failures_->tell(job->op + reason);
  job->finish(std::make_exception_ptr(error_of(*job, breakdown)));
}

// Those that a job waits for, where that is known: "rank 1", "ranks 1, 3".
std::string Progress::late_ranks(const Job& job) const {
  std::vector<int> ranks = job.collective ? std::vector<int>() : job.partners;
  if (failures_ && job.number > 0) ranks = failures_->behind(job.number, kAnswer);
  std::string text;
  for (int r : ranks) text += (text.empty() ? (ranks.size() > 1 ? "ranks " : "rank ") : ", ") + std::to_string(r);
  return text;
}

void Progress::check_hope(const Job& job) const {
  const double since = std::chrono::duration<double>(Clock::now() - job.began_).count();
  if (since > job.timeout) {
    const std::string limit = seconds(job.timeout), late = late_ranks(job);
    throw Hopeless{"every rank to take part within " + limit, "no answer" + (late.empty() ? "" : " from " + late),
                   " that " + (late.empty() ? "the other ranks" : late) + " did not join within " + limit};
  }
  if (!failures_ || since < kFarewell) return;
  if (const int gone = failures_->left(job.partners, kFarewell); gone >= 0) {
    const std::string who = "rank " + std::to_string(gone) + ", whose process has ended";
    throw Hopeless{"every rank to take part", who, " without " + who};
  }
}

// Whether a job made headway.
bool Progress::look_after() {
  if (failures_ && failures_->failed()) return break_with({"every rank to take part", failures_->reason()}), true;
  bool moved = false;
  for (auto at = running_.begin(); at != running_.end();) {
    Job& job = **at;
    try {
      if (!advance(job)) {
        check_hope(job);
        ++at;
        continue;
      }
      job.finish(nullptr);
    } catch (const Error&) {  // found before anything was exchanged: the same on all ranks
      job.finish(std::current_exception());
    } catch (const Hopeless& h) { return give_up(at, {h.expected, h.got}, h.reason), true; } catch (const std::exception& e) {
      return give_up(at, {"an operation that becomes complete", e.what()}, std::string(" that failed: ") + e.what()), true;
    }
    at = running_.erase(at);
    moved = true;
  }
  return moved;
}

// Waits for jobs where none is on its way, and starts those whose turn it is; false at the end.
bool Progress::start_waiting() {
  std::unique_lock lock(mutex_);
  if (running_.empty()) changed_.wait(lock, [&] { return stop_ || !waiting_.empty(); });
  if (running_.empty() && waiting_.empty()) return false;
  bool collective = false;
  for (auto& job : running_) collective |= job->collective;
  for (auto at = waiting_.begin(); at != waiting_.end();) {
    if ((*at)->collective && collective) {
      ++at;
      continue;
    }
    collective |= (*at)->collective;
    (*at)->began_ = Clock::now();
    running_.push_back(std::move(*at));
    at = waiting_.erase(at);
    moved_ = Clock::now();
  }
  return true;
}

void Progress::run() {
  no_grad guard;
  ThreadLimit one_thread(1);  // the others compute
  while (start_waiting()) {
    if (look_after()) {
      moved_ = Clock::now();
      continue;
    }
    // Short operations are met by looking again at once, long ones leave the processor to those who compute. Where these are many, who yields waits longer than who sleeps.
    const auto idle = Clock::now() - moved_;
    if (idle > std::chrono::microseconds(100)) std::this_thread::sleep_for(std::chrono::microseconds(idle > std::chrono::seconds(1) ? 200 : 20));
    else std::this_thread::yield();
  }
}

}  // namespace lazuli::distributed::detail
