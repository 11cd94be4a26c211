#include "progress_bar.h"

#include <unistd.h>

#include <cstdio>
#include <utility>

namespace examples {

ProgressBar::ProgressBar(std::string title, std::string unit, int64_t total, int64_t done_before)
    : title_(std::move(title)),
      unit_(std::move(unit)),
      total_(total),
      done_before_(done_before),
      terminal_(isatty(STDERR_FILENO)),
      start_(std::chrono::steady_clock::now()),
      shown_(start_) {}

ProgressBar::~ProgressBar() {
  if (terminal_) std::fprintf(stderr, "\r\033[K");
}

double ProgressBar::seconds() const { return std::chrono::duration<double>(std::chrono::steady_clock::now() - start_).count(); }
double ProgressBar::rate(int64_t done) const {
  double s = seconds();
  return s > 0 ? double(done - done_before_) / s : 0;
}

void ProgressBar::update(int64_t done, double loss) {
  auto now = std::chrono::steady_clock::now();
  if (!terminal_ || (now - shown_ < std::chrono::milliseconds(80) && done < total_)) return;
  shown_ = now;
  constexpr int kWidth = 30;
  int filled = int(done * kWidth / total_);
  double per_second = rate(done);
  int left = per_second > 0 ? int(double(total_ - done) / per_second + 0.5) : 0;
  std::fprintf(stderr, "\r%s [%s%s] %3ld%%  loss %.4f  %.0f %s/s  %d:%02d left\033[K", title_.c_str(), std::string(size_t(filled), '=').c_str(),
               std::string(size_t(kWidth - filled), ' ').c_str(), long(done * 100 / total_), loss, per_second, unit_.c_str(), left / 60, left % 60);
}

}  // namespace examples
