// The messages of TensorBoard's event files: tensorflow/core/util/event.proto, framework/summary.proto, tensor.proto, graph.proto.
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <cerrno>
#include <chrono>
#include <cmath>
#include <cstdio>
#include <cstring>
#include <filesystem>

#include "lazuli/core/error.h"
#include "lazuli/core/file.h"
#include "lazuli/core/tensor.h"
#include "lazuli/nn/module/module.h"
#include "lazuli/training/event_format.h"
#include "lazuli/training/image_sheet.h"
#include "lazuli/training/logger.h"

namespace lazuli::training {

using events::Fields;
using events::Message;

namespace {

constexpr int kStringType = 7;  // DT_STRING

double now() { return std::chrono::duration<double>(std::chrono::system_clock::now().time_since_epoch()).count(); }

std::string event(int64_t step, int field, std::string_view content) {
  return Message().real(1, now()).integer(2, step).bytes(field, content).data();
}
std::string summary(int64_t step, const Message& value) { return event(step, 5, Message().message(1, value).data()); }

std::string packed(const std::vector<double>& numbers) { return {reinterpret_cast<const char*>(numbers.data()), numbers.size() * sizeof(double)}; }
std::vector<double> unpacked(std::string_view bytes) {
  if (bytes.size() % sizeof(double)) events::corrupt("buckets that end early");
  std::vector<double> numbers(bytes.size() / sizeof(double));
  std::copy(bytes.begin(), bytes.end(), reinterpret_cast<char*>(numbers.data()));
  return numbers;
}

// The upper limits of buckets: +-1e-12 * 1.1^k up to 1e20, with 0 between.
const std::vector<double>& bucket_limits() {
  static const std::vector<double> limits = [] {
    std::vector<double> all;
    for (double v = 1e-12; v < 1e20; v *= 1.1) all.push_back(v);
    const size_t positive = all.size();
    all.push_back(0);
    for (size_t i = 0; i < positive; ++i) all.push_back(-all[i]);
    std::sort(all.begin(), all.end());
    all.push_back(HUGE_VAL);
    return all;
  }();
  return limits;
}

Message histogram_of(const std::vector<double>& values) {
  const auto& limits = bucket_limits();
  std::vector<double> counts(limits.size());
  double low = HUGE_VAL, high = -HUGE_VAL, num = 0, sum = 0, squares = 0;
  for (double v : values) {
    if (!std::isfinite(v)) continue;
    ++counts[size_t(std::upper_bound(limits.begin(), limits.end() - 1, v) - limits.begin())];
    low = std::min(low, v), high = std::max(high, v);
    num += 1, sum += v, squares += v * v;
  }
  // Only the buckets from the first to the last that has something, and an empty one before, whose limit is where the first begins.
  std::vector<double> kept_limits, kept_counts;
  if (num > 0) {
    size_t first = 0, last = counts.size() - 1;
    while (counts[first] == 0) ++first;
    while (counts[last] == 0) --last;
    if (first > 0) --first;
    for (size_t i = first; i <= last; ++i) {
      kept_limits.push_back(std::isfinite(limits[i]) ? limits[i] : 1.7976931348623157e308);
      kept_counts.push_back(counts[i]);
    }
  } else {
    low = high = 0;
  }
  return Message().real(1, low).real(2, high).real(3, num).real(4, sum).real(5, squares).bytes(6, packed(kept_limits)).bytes(7, packed(kept_counts));
}

}  // namespace

struct SummaryWriter::File {
  std::FILE* file = nullptr;
  std::chrono::steady_clock::time_point flushed = std::chrono::steady_clock::now();
  ~File() {
    if (file) std::fclose(file);
  }
};

SummaryWriter::SummaryWriter(const std::string& folder) : file_(new File) {
  static std::atomic<int> made{0};
  std::error_code error;
  std::filesystem::create_directories(folder, error);
  char host[256] = "localhost";
  gethostname(host, sizeof(host) - 1);
  path_ =
      folder + "/events.out.tfevents." + std::to_string(int64_t(now())) + "." + host + "." + std::to_string(getpid()) + "." + std::to_string(made++);
  file_->file = std::fopen(path_.c_str(), "wb");
  if (!file_->file) fail(ErrorKind::File, "SummaryWriter", "folder", "a folder that can be written", "'" + folder + "': " + std::strerror(errno));
  write(Message().real(1, now()).bytes(3, "brain.Event:2").data());
  flush();
}
SummaryWriter::~SummaryWriter() = default;

void SummaryWriter::write(const std::string& bytes) {
  const std::string record = events::record(bytes);
  if (std::fwrite(record.data(), 1, record.size(), file_->file) != record.size())
    fail(ErrorKind::File, "SummaryWriter", "folder", "room for more", "'" + path_ + "': " + std::strerror(errno));
  if (std::chrono::steady_clock::now() - file_->flushed > std::chrono::seconds(5)) flush();
}

void SummaryWriter::flush() {
  if (std::fflush(file_->file) != 0) fail(ErrorKind::File, "SummaryWriter", "folder", "room for more", "'" + path_ + "': " + std::strerror(errno));
  file_->flushed = std::chrono::steady_clock::now();
}

void SummaryWriter::add_scalar(const std::string& tag, double value, int64_t step) {
  write(summary(step, Message().bytes(1, tag).single(2, float(value))));
}

void SummaryWriter::add_histogram(const std::string& tag, const Tensor& values, int64_t step) {
  if (!values.defined()) fail_undefined("SummaryWriter", "values");
  write(summary(step, Message().bytes(1, tag).message(5, histogram_of(values.to_vector<double>()))));
}

namespace {

std::string image_summary(const std::string& tag, const Canvas& canvas, int64_t step) {
  const Message image = Message().integer(1, canvas.height()).integer(2, canvas.width()).integer(3, 3).bytes(4, canvas.png());
  return summary(step, Message().bytes(1, tag).message(4, image));
}

}  // namespace

void SummaryWriter::add_image(const std::string& tag, const Tensor& image, int64_t step) { write(image_summary(tag, image_canvas(image), step)); }

void SummaryWriter::add_images(const std::string& tag, const Tensor& images, int64_t step, int64_t columns) {
  write(image_summary(tag, image_sheet(images, columns, 1), step));
}

void SummaryWriter::add_text(const std::string& tag, const std::string& text, int64_t step) {
  const Message shape = Message().message(2, Message().integer(1, 1));
  const Message tensor = Message().integer(1, kStringType).message(2, shape).bytes(8, text);
  const Message metadata = Message().message(1, Message().bytes(1, "text"));
  write(summary(step, Message().bytes(1, tag + "/text_summary").message(9, metadata).message(8, tensor)));
}

void SummaryWriter::add_graph(const nn::Module& model) {
  Message graph;
  for (const auto& [path, module] : model.named_modules()) {
    std::string name = model.class_name() + (path.empty() ? "" : "/" + path);
    std::replace(name.begin(), name.end(), '.', '/');
    graph.message(1, Message().bytes(1, name).bytes(2, module->class_name()));
  }
  graph.message(4, Message().integer(1, 22));  // versions: what readers ask for
  write(event(0, 4, graph.data()));
}

namespace {

SummaryEvent::Histogram read_histogram(std::string_view bytes) {
  SummaryEvent::Histogram h;
  for (Fields f(bytes); f.next();) {
    switch (f.field()) {
      case 1: h.min = f.real(); break;
      case 2: h.max = f.real(); break;
      case 3: h.num = f.real(); break;
      case 4: h.sum = f.real(); break;
      case 5: h.sum_squares = f.real(); break;
      case 6: h.bucket_limit = unpacked(f.bytes()); break;
      case 7: h.bucket = unpacked(f.bytes()); break;
    }
  }
  return h;
}

SummaryEvent::Value read_value(std::string_view bytes) {
  using Kind = SummaryEvent::Value::Kind;
  SummaryEvent::Value value;
  for (Fields f(bytes); f.next();) {
    if (f.field() == 1) value.tag = f.bytes();
    if (f.field() == 2) value.scalar = f.real();
    if (f.field() == 5) value.kind = Kind::Histogram, value.histogram = read_histogram(f.bytes());
    if (f.field() == 4) {
      value.kind = Kind::Image;
      for (Fields i(f.bytes()); i.next();) {
        if (i.field() == 1) value.height = i.integer();
        if (i.field() == 2) value.width = i.integer();
        if (i.field() == 4) value.bytes = i.bytes();
      }
    }
    if (f.field() == 8) {
      value.kind = Kind::Text;
      for (Fields t(f.bytes()); t.next();)
        if (t.field() == 8) value.bytes = t.bytes();
    }
  }
  return value;
}

SummaryEvent read_event(std::string_view bytes) {
  SummaryEvent event;
  for (Fields f(bytes); f.next();) {
    if (f.field() == 1) event.wall_time = f.real();
    if (f.field() == 2) event.step = f.integer();
    if (f.field() == 3) event.file_version = f.bytes();
    if (f.field() == 4) event.graph = f.bytes();
    if (f.field() == 5)
      for (Fields s(f.bytes()); s.next();)
        if (s.field() == 1) event.values.push_back(read_value(s.bytes()));
  }
  return event;
}

}  // namespace

std::vector<SummaryEvent> read_events(const std::string& path) {
  const files::FileBytes file = files::read_file("read_events", path);
  std::string_view rest = file.text();
  std::vector<SummaryEvent> all;
  auto check = [&](std::string_view bytes, std::string_view stored) {
    uint32_t sum;
    std::memcpy(&sum, stored.data(), 4);
    if (sum != events::masked_crc32c(bytes)) events::corrupt("'" + path + "' with a wrong checksum");
  };
  while (!rest.empty()) {
    if (rest.size() < 12) events::corrupt("'" + path + "', which ends early");
    uint64_t length;
    std::memcpy(&length, rest.data(), 8);
    check(rest.substr(0, 8), rest.substr(8, 4));
    if (length > rest.size() - 12 || rest.size() - 12 - length < 4) events::corrupt("'" + path + "', which ends early");
    const std::string_view bytes = rest.substr(12, length);
    check(bytes, rest.substr(12 + length, 4));
    all.push_back(read_event(bytes));
    rest.remove_prefix(16 + length);
  }
  return all;
}

}  // namespace lazuli::training
