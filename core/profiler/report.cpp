#include <fmt/format.h>

#include <algorithm>
#include <fstream>
#include <map>

#include "lazuli/core/error.h"
#include "lazuli/core/profiler/profiler.h"

namespace lazuli::profiler {

using Kind = ProfilerEvent::Kind;

const EventAverage* EventList::find(std::string_view key) const {
  for (const EventAverage& a : *this)
    if (a.key == key) return &a;
  return nullptr;
}

namespace {
std::string time_text(double microseconds) {
  if (microseconds >= 1e6) return fmt::format("{:.3f} s", microseconds * 1e-6);
  if (microseconds >= 1e3) return fmt::format("{:.3f} ms", microseconds * 1e-3);
  return fmt::format("{:.3f} us", microseconds);
}
std::string bytes_text(int64_t bytes) {
  const double size = std::abs(double(bytes));
  if (size >= 1 << 30) return fmt::format("{:.2f} GiB", double(bytes) / (1 << 30));
  if (size >= 1 << 20) return fmt::format("{:.2f} MiB", double(bytes) / (1 << 20));
  if (size >= 1 << 10) return fmt::format("{:.2f} KiB", double(bytes) / (1 << 10));
  return fmt::format("{} B", bytes);
}
std::string rate_text(double rate) { return rate > 0 ? fmt::format("{:.2f}", rate) : "-"; }

// Columns as wide as what is in them; the first is aligned to the left.
std::string aligned(const std::vector<std::vector<std::string>>& rows) {
  std::vector<size_t> widths;
  for (const auto& row : rows)
    for (size_t c = 0; c < row.size(); ++c) {
      if (c == widths.size()) widths.push_back(0);
      widths[c] = std::max(widths[c], row[c].size());
    }
  size_t whole = 0;
  for (size_t w : widths) whole += w + 2;
  const std::string ruler = std::string(whole - 2, '-') + "\n";
  std::string text;
  for (size_t r = 0; r < rows.size(); ++r) {
    for (size_t c = 0; c < rows[r].size(); ++c)
      text += (c ? "  " : "") + (c ? fmt::format("{:>{}}", rows[r][c], widths[c]) : fmt::format("{:<{}}", rows[r][c], widths[c]));
    text += '\n';
    if (r == 0) text += ruler;
  }
  return text;
}

double sorted_by(const EventAverage& a, const std::string& column) {
  if (column == "self_cpu_time_total") return a.self_cpu_time_total;
  if (column == "cpu_time_total") return a.cpu_time_total;
  if (column == "cpu_time") return a.cpu_time();
  if (column == "self_device_time_total") return a.self_device_time_total;
  if (column == "device_time_total") return a.device_time_total;
  if (column == "count") return double(a.count);
  if (column == "flops") return a.flops;
  if (column == "cpu_memory_usage") return double(a.cpu_memory_usage);
  if (column == "self_cpu_memory_usage") return double(a.self_cpu_memory_usage);
  fail("table", "sort_by",
       "'self_cpu_time_total', 'cpu_time_total', 'cpu_time', 'self_device_time_total', 'device_time_total', 'count', 'flops', 'cpu_memory_usage', "
       "'self_cpu_memory_usage' or ''",
       "'" + column + "'");
}
}  // namespace

std::string EventList::table(const std::string& sort_by, int64_t row_limit) const {
  std::vector<const EventAverage*> order;
  for (const EventAverage& a : *this) order.push_back(&a);
  if (!sort_by.empty()) {
    sorted_by(EventAverage(), sort_by);
    std::stable_sort(order.begin(), order.end(),
                     [&](const EventAverage* a, const EventAverage* b) { return sorted_by(*a, sort_by) > sorted_by(*b, sort_by); });
  }
  double self = 0, on_devices = 0;
  bool memory = false, shapes = false;
  for (const EventAverage& a : *this) {
    self += a.self_cpu_time_total;
    on_devices += a.self_device_time_total;
    memory |= a.cpu_memory_usage != 0 || a.self_cpu_memory_usage != 0;
    shapes |= !a.input_shapes.empty();
  }
  std::vector<std::vector<std::string>> rows{
      {"Name", "Self CPU %", "Self CPU", "CPU total %", "CPU total", "CPU time avg", "# of Calls", "GFLOP/s", "GB/s"}};
  const bool share = peak.gflops > 0 && peak.gigabytes > 0;
  if (share) rows[0].push_back("% of peak");
  if (on_devices > 0) rows[0].insert(rows[0].end(), {"Self Device", "Device total"});
  if (memory) rows[0].insert(rows[0].end(), {"CPU Mem", "Self CPU Mem"});
  if (shapes) rows[0].push_back("Input Shapes");
  auto percent = [&](double time) { return fmt::format("{:.2f}%", total_time > 0 ? 100 * time / total_time : 0.0); };
  for (const EventAverage* a : order) {
    if (row_limit >= 0 && int64_t(rows.size()) > row_limit) break;
    rows.push_back({a->key, percent(a->self_cpu_time_total), time_text(a->self_cpu_time_total), percent(a->cpu_time_total),
                    time_text(a->cpu_time_total), time_text(a->cpu_time()), std::to_string(a->count), rate_text(a->gflops_per_second()),
                    rate_text(a->gigabytes_per_second())});
    if (share) {
      const double most = std::max(a->gflops_per_second() / peak.gflops, a->gigabytes_per_second() / peak.gigabytes);
      rows.back().push_back(most > 0 ? fmt::format("{:.1f}%", 100 * most) : "-");
    }
    if (on_devices > 0) rows.back().insert(rows.back().end(), {time_text(a->self_device_time_total), time_text(a->device_time_total)});
    if (memory) rows.back().insert(rows.back().end(), {bytes_text(a->cpu_memory_usage), bytes_text(a->self_cpu_memory_usage)});
    if (shapes) rows.back().push_back(a->input_shapes);
  }
  std::string text = aligned(rows) + "Self CPU time total: " + time_text(self) + " of " + time_text(total_time) + "\n";
  if (on_devices > 0) text += "Self device time total: " + time_text(on_devices) + "\n";
  return text;
}

std::string MemoryTimeline::table(int64_t row_limit) const {
  std::vector<std::vector<std::string>> rows{{"Module", "Taken by", "Memory", "Share"}};
  for (const MemoryOwner& o : owners) {
    if (row_limit >= 0 && int64_t(rows.size()) > row_limit) break;
    rows.push_back(
        {o.module.empty() ? "-" : o.module, o.name, bytes_text(o.bytes), fmt::format("{:.1f}%", 100 * double(o.bytes) / double(peak_bytes))});
  }
  return fmt::format("Peak: {} after {}\n", bytes_text(peak_bytes), time_text(peak_time)) + aligned(rows);
}

// ---- files ----

namespace {
std::string json_text(const std::string& text) {
  std::string q = "\"";
  for (char c : text) {
    if (c == '"' || c == '\\') q += '\\', q += c;
    else if (static_cast<unsigned char>(c) < 32) q += fmt::format("\\u{:04x}", int(c));
    else q += c;
  }
  return q + "\"";
}
const char* category(Kind kind) {
  switch (kind) {
    case Kind::Kernel: return "cpu_op";
    case Kind::Module: return "python_function";  // what viewers know of modules
    case Kind::Backward: return "autograd";
    case Kind::User: return "user_annotation";
    case Kind::Transfer: return "gpu_memcpy";
    case Kind::Step: return "user_annotation";
  }
  return "";
}
void write(const char* op, const std::string& path, const std::string& text) {
  std::ofstream file(path, std::ios::binary);
  file << text;
  file.close();
  if (!file) fail(ErrorKind::File, op, "path", "a file that can be written", "'" + path + "'");
}
}  // namespace

std::string profile::chrome_trace() const {
  std::string text = "{\"displayTimeUnit\": \"ms\", \"traceEvents\": [\n";
  auto names = [&](const char* what, int row, const std::string& name) {
    text += fmt::format("{{\"ph\": \"M\", \"name\": \"{}\", \"pid\": 0, \"tid\": {}, \"args\": {{\"name\": {}}}}}", what, row, json_text(name));
  };
  names("process_name", 0, "lazuli");
  auto complete = [&](const char* kind, const std::string& name, int row, double start, double duration) {
    text += fmt::format(",\n{{\"ph\": \"X\", \"cat\": \"{}\", \"name\": {}, \"pid\": 0, \"tid\": {}, \"ts\": {:.3f}, \"dur\": {:.3f}, \"args\": {{",
                        kind, json_text(name), row, start, duration);
  };
  std::map<std::string, int> rows;  // of devices, below those of threads
  constexpr int kDevices = 1000;
  for (const ProfilerEvent& e : events()) {
    complete(category(e.kind), e.kind == Kind::Module ? "nn.Module: " + e.name : e.name, e.thread, e.start, e.duration);
    const char* comma = "";
    auto argument = [&](const char* name, const std::string& value) {
      text += fmt::format("{}\"{}\": {}", comma, name, value);
      comma = ", ";
    };
    if (!e.module.empty()) argument("module", json_text(e.module));
    if (!e.shapes.empty()) argument("Input Dims", json_text(e.shapes));
    if (!e.line.empty()) argument("line", json_text(e.line));
    if (e.flops > 0) argument("flops", fmt::format("{:.0f}", e.flops));
    if (e.bytes > 0) argument("bytes", fmt::format("{:.0f}", e.bytes));
    text += "}}";
    if (e.device_time <= 0) continue;
    const int row = rows.emplace(to_string(e.device), kDevices + int(rows.size())).first->second;
    complete("kernel", e.name, row, e.device_start, e.device_time);
    text += "}}";
  }
  for (const auto& [device, row] : rows) {
    text += ",\n";
    names("thread_name", row, device);
  }
  for (const MemoryTimeline::Point& p : memory_timeline().points)
    text += fmt::format(",\n{{\"ph\": \"C\", \"name\": \"memory\", \"pid\": 0, \"tid\": 0, \"ts\": {:.3f}, \"args\": {{\"bytes\": {}}}}}", p.time,
                        p.bytes);
  return text + "\n]}\n";
}
void profile::export_chrome_trace(const std::string& path) const { write("export_chrome_trace", path, chrome_trace()); }

std::string profile::stacks() const {
  const std::vector<ProfilerEvent> all = events();
  std::vector<std::string> stack(all.size());
  std::map<std::string, double> times;
  for (size_t i = 0; i < all.size(); ++i) {
    std::string frame = all[i].name;
    std::replace(frame.begin(), frame.end(), ';', ',');
    std::replace(frame.begin(), frame.end(), ' ', '_');
    stack[i] = all[i].parent >= 0 ? stack[size_t(all[i].parent)] + ";" + frame : frame;
    times[stack[i]] += all[i].self;
  }
  std::string text;
  for (const auto& [frames, time] : times)
    if (time >= 0.5) text += fmt::format("{} {:.0f}\n", frames, time);
  return text;
}
void profile::export_stacks(const std::string& path) const { write("export_stacks", path, stacks()); }

void profile::export_memory_timeline(const std::string& path) const {
  std::string text = "microseconds,bytes\n";
  for (const MemoryTimeline::Point& p : memory_timeline().points) text += fmt::format("{:.3f},{}\n", p.time, p.bytes);
  write("export_memory_timeline", path, text);
}

std::function<void(profile&)> tensorboard_trace_handler(const std::string& folder, const std::string& worker) {
  return [folder, worker, number = 0](profile& p) mutable { p.export_chrome_trace(fmt::format("{}/{}.{}.pt.trace.json", folder, worker, number++)); };
}

}  // namespace lazuli::profiler
