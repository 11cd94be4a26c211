#pragma once
#include <cstdint>
#include <memory>
#include <string>

namespace lazuli::training {

/// A line on the terminal that shows how far something is, its rate and the time left; it goes with the object. Silent when standard error is no terminal.
///
///   training::ProgressBar bar("epoch 2/10", "samples", loader.size() * batch);
///   for (auto& [x, y] : loader) { ...;  bar.update(done += batch, "loss 0.31"); }
class ProgressBar {
 public:
  /// `title` stands before the bar; of `total` items, which are `unit`s, `done_before` were done in an earlier run.
  ProgressBar(std::string title, std::string unit, int64_t total, int64_t done_before = 0);
  ~ProgressBar();
  ProgressBar(const ProgressBar&) = delete;
  ProgressBar& operator=(const ProgressBar&) = delete;
  /// So many are done; `note` stands behind the bar. It is drawn at most twelve times a second.
  void update(int64_t done, const std::string& note = {});
  /// Items a second so far.
  double rate(int64_t done) const;
  double seconds() const;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

/// The line that a bar draws: "epoch 2/10 [=====     ]  50%  loss 0.31  1200 samples/s  0:05 left".
std::string progress_line(const std::string& title, const std::string& unit, int64_t done, int64_t total, double rate, const std::string& note);

}  // namespace lazuli::training
