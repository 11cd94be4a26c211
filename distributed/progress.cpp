#include "lazuli/distributed/progress.h"

#include "lazuli/autograd/modes.h"
#include "lazuli/core/error.h"
#include "lazuli/core/threads/parallel.h"

namespace lazuli::distributed::detail {
namespace {
using Clock = std::chrono::steady_clock;

std::string rank_of(const Job& job) { return " (rank " + std::to_string(job.rank) + " of " + std::to_string(job.size) + ")"; }

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

std::string Progress::broken() {
  std::lock_guard lock(mutex_);
  return broken_;
}

void Progress::submit(std::shared_ptr<Job> job) {
  std::lock_guard lock(mutex_);
  if (!broken_.empty()) fail(ErrorKind::State, job->op, "", "a group whose operations all became complete", broken_);
  if (stop_) fail(ErrorKind::State, job->op, "", "a group that was not destroyed", "one after destroy_process_group()");
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

void Progress::break_with(const std::string& reason) {
  std::deque<std::shared_ptr<Job>> rest;
  {
    std::lock_guard lock(mutex_);
    broken_ = reason;
    rest.swap(waiting_);
  }
  for (auto& job : running_) {
    rest.push_back(job);
    lost_.push_back(job);
  }
  running_.clear();
  for (auto& job : rest)
    job->finish(std::make_exception_ptr(Error(ErrorKind::State, job->op, "", "a group whose operations all became complete", reason)));
}

void Progress::run() {
  no_grad guard;
  ThreadLimit one_thread(1);  // the others compute
  int idle = 0;
  while (true) {
    {
      std::unique_lock lock(mutex_);
      if (running_.empty()) changed_.wait(lock, [&] { return stop_ || !waiting_.empty(); });
      if (running_.empty() && waiting_.empty()) return;
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
        idle = 0;
      }
    }
    bool moved = false;
    std::string reason;
    std::shared_ptr<Job> lost;
    std::exception_ptr error;
    auto lose = [&](std::list<std::shared_ptr<Job>>::iterator at, const std::string& why, std::string expected, std::string got) {
      Job& job = **at;
      reason = job.op + why + rank_of(job);
      error = std::make_exception_ptr(Error(ErrorKind::State, job.op, "", std::move(expected), got + rank_of(job)));
      lost = *at;
      running_.erase(at);
    };
    for (auto at = running_.begin(); at != running_.end() && !lost;) {
      Job& job = **at;
      try {
        if (advance(job)) {
          job.finish(nullptr);
          at = running_.erase(at);
          moved = true;
        } else if (std::chrono::duration<double>(Clock::now() - job.began_).count() > job.timeout) {
          const std::string limit = seconds(job.timeout);
          lose(at, " that the other ranks did not join within " + limit, "every rank to take part within " + limit, "no answer");
        } else {
          ++at;
        }
      } catch (const Error&) {  // found before anything was exchanged: the same on all ranks
        job.finish(std::current_exception());
        at = running_.erase(at);
        moved = true;
      } catch (const std::exception& e) { lose(at, std::string(" that failed: ") + e.what(), "an operation that becomes complete", e.what()); }
    }
    if (lost) {
      break_with(reason);  // before anyone hears of it
      lost->finish(error);
      lost_.push_back(lost);
    }
    idle = moved ? 0 : idle + 1;
    // Short operations are met by looking again at once, long ones leave the processor to those who compute.
    if (idle > 200) std::this_thread::sleep_for(std::chrono::microseconds(idle > 2000 ? 200 : 20));
    else if (idle > 0) std::this_thread::yield();
  }
}

}  // namespace lazuli::distributed::detail
