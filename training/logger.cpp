#include "lazuli/training/logger.h"

#include <cerrno>
#include <chrono>
#include <cstdio>
#include <cstring>

#include "lazuli/core/error.h"

namespace lazuli::training {

namespace {

constexpr char kHeader[] = "wall_time,step,tag,value\n";

double now() { return std::chrono::duration<double>(std::chrono::system_clock::now().time_since_epoch()).count(); }

std::string quoted(const std::string& text) {
  if (text.find_first_of(",\"\n\r") == std::string::npos) return text;
  std::string out = "\"";
  for (char c : text) out += c == '"' ? std::string("\"\"") : std::string(1, c);
  return out + "\"";
}

}  // namespace

void Logger::add_scalars(const std::string& tag, const std::vector<std::pair<std::string, double>>& values, int64_t step) {
  for (const auto& [name, value] : values) add_scalar(tag + "/" + name, value, step);
}

struct CSVLogger::File {
  std::string path;
  std::FILE* file = nullptr;
  ~File() {
    if (file) std::fclose(file);
  }
  [[noreturn]] void fail_system() const {
    fail(ErrorKind::File, "CSVLogger", "path", "a file that can be written", "'" + path + "': " + std::strerror(errno));
  }
};

CSVLogger::CSVLogger(const std::string& path) : file_(new File{path}) {
  if (std::FILE* old = std::fopen(path.c_str(), "r")) {
    char first[sizeof(kHeader)] = {};
    const size_t size = std::fread(first, 1, sizeof(kHeader) - 1, old);
    std::fclose(old);
    if (size > 0 && std::string(first, size) != kHeader)
      fail(ErrorKind::File, "CSVLogger", "path", "a new file, or one with the columns wall_time,step,tag,value", "'" + path + "'");
  }
  file_->file = std::fopen(path.c_str(), "a");
  if (!file_->file) file_->fail_system();
  if (std::fseek(file_->file, 0, SEEK_END) == 0 && std::ftell(file_->file) == 0) std::fputs(kHeader, file_->file);
}
CSVLogger::~CSVLogger() = default;

void CSVLogger::line(const std::string& tag, const std::string& value, int64_t step) {
  if (std::fprintf(file_->file, "%.3f,%ld,%s,%s\n", now(), long(step), quoted(tag).c_str(), value.c_str()) < 0) file_->fail_system();
}
void CSVLogger::add_scalar(const std::string& tag, double value, int64_t step) {
  char text[40];
  std::snprintf(text, sizeof(text), "%.9g", value);
  line(tag, text, step);
}
void CSVLogger::add_text(const std::string& tag, const std::string& text, int64_t step) { line(tag, quoted(text), step); }
void CSVLogger::flush() {
  if (std::fflush(file_->file) != 0) file_->fail_system();
}

void Loggers::add_scalar(const std::string& tag, double value, int64_t step) {
  for (auto& logger : loggers_) logger->add_scalar(tag, value, step);
}
void Loggers::add_histogram(const std::string& tag, const Tensor& values, int64_t step) {
  for (auto& logger : loggers_) logger->add_histogram(tag, values, step);
}
void Loggers::add_image(const std::string& tag, const Tensor& image, int64_t step) {
  for (auto& logger : loggers_) logger->add_image(tag, image, step);
}
void Loggers::add_text(const std::string& tag, const std::string& text, int64_t step) {
  for (auto& logger : loggers_) logger->add_text(tag, text, step);
}
void Loggers::add_graph(const nn::Module& model) {
  for (auto& logger : loggers_) logger->add_graph(model);
}
void Loggers::flush() {
  for (auto& logger : loggers_) logger->flush();
}

}  // namespace lazuli::training
