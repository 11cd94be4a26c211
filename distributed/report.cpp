#include "lazuli/distributed/report.h"

#include <fmt/format.h>

#include <chrono>
#include <nlohmann/json.hpp>

#include "lazuli/core/error.h"
#include "lazuli/core/factory.h"
#include "lazuli/core/file.h"

namespace lazuli::distributed {
namespace {
double now() { return std::chrono::duration<double>(std::chrono::steady_clock::now().time_since_epoch()).count(); }
}  // namespace

void RankClock::go_on() {
  if (std::exchange(running_, true)) return;
  began_ = now();
  waited_before_ = communication_stats().waited;
}
void RankClock::pause() {
  times_ = times();
  running_ = false;
}
RankTimes RankClock::times() const {
  RankTimes all = times_;
  if (!running_) return all;
  all.seconds += now() - began_;
  all.waited += communication_stats().waited - waited_before_;
  return all;
}

std::vector<RankTimes> gather_times(const RankTimes& own, const ProcessGroup& group) {
  Tensor row = new_tensor({3}, kFloat64);
  double* values = row.data_ptr<double>();
  values[0] = own.seconds, values[1] = own.waited, values[2] = own.items;
  std::vector<RankTimes> all;
  for (const Tensor& t : all_gather(row, group)) {
    const double* v = t.const_data_ptr<double>();
    all.push_back({v[0], v[1], v[2]});
  }
  return all;
}

std::string to_string(const std::vector<RankTimes>& times, const std::string& unit) {
  std::string text;
  for (size_t r = 0; r < times.size(); ++r) {
    const RankTimes& t = times[r];
    text += fmt::format("rank {}  {:.0f} {}/s  waited {:.2f} s of {:.2f} s ({:.1f} %)\n", r, t.seconds > 0 ? t.items / t.seconds : 0, unit, t.waited,
                        t.seconds, t.seconds > 0 ? 100 * t.waited / t.seconds : 0);
  }
  return text;
}

std::string merged_chrome_trace(const std::vector<std::string>& traces_by_rank) {
  using Json = nlohmann::ordered_json;
  Json all = {{"displayTimeUnit", "ms"}, {"traceEvents", Json::array()}};
  for (size_t r = 0; r < traces_by_rank.size(); ++r) {
    Json trace = Json::parse(traces_by_rank[r], nullptr, false);
    if (!trace.is_object() || !trace.contains("traceEvents") || !trace["traceEvents"].is_array())
      fail("merged_chrome_trace", "traces_by_rank", "a trace of rank " + std::to_string(r), "another text");
    for (Json& event : trace["traceEvents"]) {
      event["pid"] = r;
      if (event.value("name", "") == "process_name") event["args"]["name"] = "rank " + std::to_string(r);
      all["traceEvents"].push_back(std::move(event));
    }
  }
  return all.dump();
}

void export_chrome_trace(const std::string& own_trace, const std::string& path, const ProcessGroup& group) {
  const std::vector<std::string> all = all_gather_text(own_trace, group);
  std::string wrong;
  if (get_rank(group) == 0) {
    try {
      const std::string text = merged_chrome_trace(all);
      files::write_file("export_chrome_trace", path, {{text.data(), text.size()}});
    } catch (const Error& error) { wrong = error.what(); }
  }
  wrong = broadcast_text(wrong, 0, group);
  if (!wrong.empty()) fail(ErrorKind::File, "export_chrome_trace", "path", "a file that rank 0 can write", wrong);
}

}  // namespace lazuli::distributed
