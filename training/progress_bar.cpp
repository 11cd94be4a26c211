#include "lazuli/training/progress_bar.h"

#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <utility>

namespace lazuli::training {

using Clock = std::chrono::steady_clock;

struct ProgressBar::State {
  std::string title, unit;
  int64_t total, done_before;
  bool terminal = isatty(STDERR_FILENO);
  Clock::time_point start = Clock::now(), shown = start;
};

ProgressBar::ProgressBar(std::string title, std::string unit, int64_t total, int64_t done_before)
    : state_(new State{std::move(title), std::move(unit), total, done_before}) {}

ProgressBar::~ProgressBar() {
  if (state_->terminal) std::fprintf(stderr, "\r\033[K");
}

double ProgressBar::seconds() const { return std::chrono::duration<double>(Clock::now() - state_->start).count(); }
double ProgressBar::rate(int64_t done) const {
  const double s = seconds();
  return s > 0 ? double(done - state_->done_before) / s : 0;
}

void ProgressBar::update(int64_t done, const std::string& note) {
  State& s = *state_;
  const auto now = Clock::now();
  if (!s.terminal || (now - s.shown < std::chrono::milliseconds(80) && done < s.total)) return;
  s.shown = now;
  std::fprintf(stderr, "\r%s\033[K", progress_line(s.title, s.unit, done, s.total, rate(done), note).c_str());
}

std::string progress_line(const std::string& title, const std::string& unit, int64_t done, int64_t total, double rate, const std::string& note) {
  constexpr int64_t kWidth = 30;
  const double share = total > 0 ? std::clamp(double(done) / double(total), 0.0, 1.0) : 1;
  const size_t filled = size_t(share * kWidth);
  const int64_t left = rate > 0 ? int64_t(double(std::max<int64_t>(0, total - done)) / rate + 0.5) : 0;
  char numbers[128];
  std::snprintf(numbers, sizeof(numbers), "%3d%%", int(share * 100));
  std::string line = title + " [" + std::string(filled, '=') + std::string(kWidth - filled, ' ') + "] " + numbers;
  if (!note.empty()) line += "  " + note;
  std::snprintf(numbers, sizeof(numbers), "  %.0f %s/s  %ld:%02ld left", rate, unit.c_str(), long(left / 60), long(left % 60));
  return line + numbers;
}

}  // namespace lazuli::training
