#include "lazuli/io/checkpoint.h"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <cmath>
#include <cstring>
#include <filesystem>

#include "lazuli/autograd/modes.h"
#include "lazuli/core/error.h"
#include "lazuli/core/factory.h"
#include "lazuli/io/safetensors_file.h"

namespace lazuli {
namespace {

namespace fs = std::filesystem;
constexpr std::string_view kBegin = "step-", kEnd = ".safetensors";
constexpr size_t kDigits = 12;

// The step in a file's name; none for other files.
std::optional<int64_t> step_of(const std::string& name) {
  if (name.size() != kBegin.size() + kDigits + kEnd.size() || !name.starts_with(kBegin) || !name.ends_with(kEnd)) return {};
  int64_t step = 0;
  for (char c : name.substr(kBegin.size(), kDigits)) {
    if (c < '0' || c > '9') return {};
    step = step * 10 + (c - '0');
  }
  return step;
}

// A new or removed name is on the disk when the folder is.
void flush_folder(const std::string& folder) {
  const int fd = open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (fd < 0) return;
  fsync(fd);
  close(fd);
}

Tensor text_tensor(const std::string& text) {
  Tensor t = new_tensor({int64_t(text.size())}, kUInt8);
  if (!text.empty()) std::memcpy(t.address(), text.data(), text.size());
  return t;
}
std::string text_of(const Tensor& t) {
  std::string text;
  for (uint8_t c : t.to_vector<uint8_t>()) text += char(c);
  return text;
}
// Parts that are a number or a text have it under this name.
constexpr const char* kValue = "value";

std::optional<double> metric_of(const std::string& path) {
  try {
    const Metadata texts = SafetensorsFile(path).metadata();
    if (!texts.contains("metric")) return {};
    const double metric = std::stod(texts.at("metric"));
    if (std::isnan(metric)) return {};
    return metric;
  } catch (const std::exception&) { return {}; }  // damaged: never the best
}

}  // namespace

CheckpointFolder::CheckpointFolder(std::string folder, const CheckpointOptions& options) : folder_(std::move(folder)), options_(options) {
  if (options.keep_last < 1) fail("CheckpointFolder", "keep_last", "at least 1", std::to_string(options.keep_last));
  while (folder_.size() > 1 && folder_.ends_with('/')) folder_.pop_back();
  std::error_code code;
  fs::create_directories(folder_, code);
  if (code || !fs::is_directory(folder_, code))
    fail(ErrorKind::File, "CheckpointFolder", "folder", "to make the folder '" + folder_ + "'", code.message());
  for (const auto& entry : fs::directory_iterator(folder_, code)) {
    const std::string name = entry.path().filename().string();
    if (name.ends_with(".tmp") && step_of(name.substr(0, kBegin.size() + kDigits + kEnd.size()))) fs::remove(entry.path(), code);
  }
}

void CheckpointFolder::add_part(const std::string& name, std::function<StateDict()> save, std::function<void(const StateDict&)> load) {
  if (name.empty() || name.find('.') != name.npos) fail("CheckpointFolder.add", "name", "a name without dots", "'" + name + "'");
  for (const Part& part : parts_)
    if (part.name == name) fail("CheckpointFolder.add", "name", "each name once", "'" + name + "' again");
  parts_.push_back({name, std::move(save), std::move(load)});
}
void CheckpointFolder::add(const std::string& name, int64_t& number) {
  add_part(
      name,
      [&number] {
        return StateDict{{kValue, number_tensor(number, kInt64)}};
      },
      [&number](const StateDict& state) { number = state.at(kValue).item<int64_t>(); });
}
void CheckpointFolder::add(const std::string& name, double& number) {
  add_part(
      name,
      [&number] {
        return StateDict{{kValue, number_tensor(number, kFloat64)}};
      },
      [&number](const StateDict& state) { number = state.at(kValue).item<double>(); });
}
void CheckpointFolder::add(const std::string& name, const Generator& generator) {
  add_part(
      name,
      [generator] {
        return StateDict{{kValue, text_tensor(generator.get_state())}};
      },
      [generator](const StateDict& state) { generator.set_state(text_of(state.at(kValue))); });
}

std::string CheckpointFolder::path(int64_t step) const {
  std::string digits = std::to_string(step);
  if (step < 0 || digits.size() > kDigits) fail("CheckpointFolder", "step", "a number from 0 to 999999999999", digits);
  digits.insert(0, kDigits - digits.size(), '0');
  return folder_ + "/" + std::string(kBegin) + digits + std::string(kEnd);
}

std::vector<int64_t> CheckpointFolder::steps() const {
  std::vector<int64_t> steps;
  std::error_code code;
  for (const auto& entry : fs::directory_iterator(folder_, code))
    if (const auto step = step_of(entry.path().filename().string())) steps.push_back(*step);
  std::sort(steps.begin(), steps.end());
  return steps;
}
std::optional<int64_t> CheckpointFolder::latest_step() const {
  const std::vector<int64_t> all = steps();
  return all.empty() ? std::nullopt : std::optional(all.back());
}
std::optional<CheckpointFolder::Best> CheckpointFolder::best() const {
  std::optional<Best> best;
  for (int64_t step : steps())
    if (const auto metric = metric_of(path(step)))
      if (!best || (options_.higher_is_better ? *metric > best->metric : *metric < best->metric)) best = Best{step, *metric};
  return best;
}
std::optional<int64_t> CheckpointFolder::best_step() const {
  const auto found = best();
  return found ? std::optional(found->step) : std::nullopt;
}
std::optional<double> CheckpointFolder::best_metric() const {
  const auto found = best();
  return found ? std::optional(found->metric) : std::nullopt;
}

std::string CheckpointFolder::save(int64_t step, std::optional<double> metric) {
  no_grad guard;
  const std::string target = path(step);
  if (parts_.empty()) fail(ErrorKind::State, "CheckpointFolder.save", "", "a part that was added before", "none");
  StateDict all;
  Metadata texts{{"format", "pt"}, {"step", std::to_string(step)}};
  for (const Part& part : parts_) {
    all.merge(part.save(), part.name + ".");
    texts["part." + part.name] = "";  // one that has no tensors is there, too
  }
  if (options_.random_state) texts["generator"] = default_generator().get_state();
  if (metric) {
    char text[40];
    std::snprintf(text, sizeof text, "%.17g", *metric);
    texts["metric"] = text;
  }
  save_safetensors(all, target, texts);
  flush_folder(folder_);
  // Only now may others go.
  const std::vector<int64_t> there = steps();
  const auto kept = options_.keep_best ? best_step() : std::nullopt;
  for (size_t i = 0; i + size_t(options_.keep_last) < there.size(); ++i)
    if (there[i] != kept && there[i] != step) {
      std::error_code ignored;
      fs::remove(path(there[i]), ignored);
    }
  return target;
}

void CheckpointFolder::load(int64_t step) {
  const std::string file = path(step);
  std::error_code code;
  if (!fs::exists(file, code)) {
    std::string known;
    for (int64_t s : steps()) known += (known.empty() ? "" : ", ") + std::to_string(s);
    fail(ErrorKind::Index, "CheckpointFolder.load", "step", "one of the steps " + known, std::to_string(step));
  }
  Metadata texts;
  const StateDict all = load_safetensors(file, &texts);
  restore(file, all, texts);
}

void CheckpointFolder::restore(const std::string& file, const StateDict& all, const Metadata& texts) {
  no_grad guard;
  for (const Part& part : parts_)
    if (!texts.contains("part." + part.name))
      fail("CheckpointFolder.load", "step", "'" + part.name + "' in '" + file + "'", "a checkpoint without it");
  for (const Part& part : parts_) {
    try {
      part.load(all.with_prefix(part.name + "."));
    } catch (Error& error) {
      error.add_context("in part '" + part.name + "' of '" + file + "'");
      throw;
    }
  }
  if (options_.random_state && texts.contains("generator")) default_generator().set_state(texts.at("generator"));
}

bool CheckpointFolder::load_latest() {
  std::vector<int64_t> there = steps();
  std::reverse(there.begin(), there.end());
  for (int64_t step : there) {
    Metadata texts;
    StateDict all;
    try {
      all = load_safetensors(path(step), &texts);
    } catch (const Error&) { continue; }
    restore(path(step), all, texts);
    return true;
  }
  if (!there.empty())
    fail(ErrorKind::File, "CheckpointFolder.load_latest", "folder", "a checkpoint in '" + folder_ + "' that can be read", "only damaged ones");
  return false;
}
bool CheckpointFolder::load_best() {
  const auto step = best_step();
  if (step) load(*step);
  return bool(step);
}

}  // namespace lazuli
