// conformance PACK [--section S] [--filter REGEX] [--every N] [--device D] [--jobs N] [--json FILE] [--transform vmap|jvp|record]: replays recorded cases (see the pack's README). With --in-process
// a replay under vmap ends with the slots that ran once per sample.
#include <fmt/format.h>

#include <algorithm>
#include <cstdio>
#include <fstream>
#include <optional>

#include "lazuli/core/error.h"
#include "lazuli/core/vmap/report.h"
#include "lazuli/ops/table/registry.h"
#include "tests/conformance/pack.h"
#include "tests/conformance/runner.h"

namespace {

using namespace conformance;

struct Section {
  const char* name;
  const char* folder;  // or a single file
  CaseOpener open;
  bool transforms = false;  // can be replayed under one
};
constexpr Section kSections[] = {{"promotion", "promotion.json", open_promotion},
                                 {"ops", "ops", open_ops, true},
                                 {"programs", "programs", open_programs, true},
                                 {"indexing", "indexing", open_indexing},
                                 {"modules", "modules", open_modules, true},
                                 {"optim", "optim", open_optim},
                                 {"interop", "interop", open_interop}};

std::vector<fs::path> files_of(const Section& section, const Options& options) {
  fs::path path = options.pack / section.folder;
  if (fs::is_regular_file(path)) return {path};
  std::vector<fs::path> files;
  if (!fs::is_directory(path)) return files;
  for (const auto& entry : fs::directory_iterator(path)) {
    if (entry.path().extension() == ".json") files.push_back(entry.path());
  }
  std::sort(files.begin(), files.end());
  return files;
}

void print_section(const Section& section, const Tallies& tallies) {
  size_t passed = 0, failures = 0, skipped = 0;
  std::string missing;
  for (const auto& [group, tally] : tallies) {
    passed += tally.passed, failures += tally.failures.size(), skipped += tally.skipped;
    if (tally.skipped)
      missing +=
          (missing.empty() ? "" : ", ") + group + (tally.skipped < tally.total() ? fmt::format(" ({} of {})", tally.skipped, tally.total()) : "");
    if (tally.failures.empty()) continue;
    const auto& first = tally.failures.front();
    fmt::print("{}: {} of {} failed: {}[{}]: {}\n", group, tally.failures.size(), tally.total(), first.file, first.index, first.reason);
  }
  if (skipped) fmt::print("{}: not there yet: {}\n", section.name, missing);
  fmt::print("{}: {} passed, {} failed, {} skipped\n", section.name, passed, failures, skipped);
}

Json to_json(const Tallies& tallies) {
  Json groups = Json::object();
  for (const auto& [group, tally] : tallies) {
    Json failures = Json::array();
    for (const auto& f : tally.failures) failures.push_back({{"file", f.file}, {"index", f.index}, {"reason", f.reason}});
    groups[group] = {{"passed", tally.passed}, {"failed", failures}, {"skipped", tally.skipped}, {"skip_reason", tally.skip_reason}};
  }
  return groups;
}

void print_served(const Tally& all, const std::string& device) {
  const double cases = double(std::max<size_t>(1, all.served[0] + all.served[1] + all.served[2]));
  fmt::print("cases on {}: {:.2f} % by device kernels, {:.2f} % with composites, {:.2f} % with the CPU\n", device,
             100 * double(all.served[0]) / cases, 100 * double(all.served[1]) / cases, 100 * double(all.served[2]) / cases);
  for (const auto& [slot, count] : all.cpu_slots) fmt::print("  the CPU served {} in {} cases\n", slot, count);
}

int usage(const std::string& complaint) {
  fmt::print(stderr,
             "{}\nusage: conformance PACK [--section promotion|ops|programs|indexing|modules|optim|interop] [--filter REGEX] [--every N] [--device "
             "D] [--json "
             "FILE] [--jobs N] [--gradcheck] [--transform vmap|jvp|record] [--in-process]\n",
             complaint);
  return 2;
}

}  // namespace

int main(int argc, char** argv) {
  Options options;
  std::optional<std::string> section_name, json_file;
  std::vector<std::string> args(argv + 1, argv + argc);
  try {
    for (size_t i = 0; i < args.size(); ++i) {
      auto next = [&]() -> std::string { return ++i < args.size() ? args[i] : throw std::runtime_error(args[i - 1] + " needs a value"); };
      if (args[i] == "--section") section_name = next();
      else if (args[i] == "--filter") options.filter = std::regex(next()), options.filtered = true;
      else if (args[i] == "--every") options.every = size_t(std::max(1, std::stoi(next())));
      else if (args[i] == "--device") options.device_name = next();
      else if (args[i] == "--transform") options.transform = next();
      else if (args[i] == "--json") json_file = next();
      else if (args[i] == "--jobs") options.jobs = std::max(1, std::stoi(next()));
      else if (args[i] == "--gradcheck") options.gradcheck = true;
      else if (args[i] == "--in-process") options.in_process = true;
      else if (args[i].starts_with("--") || !options.pack.empty()) return usage("what is " + args[i] + "?");
      else options.pack = args[i];
    }
  } catch (const std::exception& error) { return usage(error.what()); }
  if (options.pack.empty()) return usage("which pack?");
  if (!options.transform.empty() && options.transform != "vmap" && options.transform != "jvp" && options.transform != "record")
    return usage("no transform " + options.transform);

  Json report = Json::object();
  size_t files = 0;
  Tally all;
  bool section_known = false;
  try {
    for (const Section& section : kSections) {
      if (section_name ? *section_name != section.name : !options.transform.empty() && !section.transforms) continue;
      section_known = true;
      Tallies tallies;
      const std::vector<fs::path> of_section = files_of(section, options);
      run_files(section.open, of_section, options, tallies);
      files += of_section.size();
      if (!tallies.empty()) print_section(section, tallies);
      for (const auto& [group, tally] : tallies) all += tally;
      report[section.name] = to_json(tallies);
    }
  } catch (const BadPack& error) {
    fmt::print(stderr, "bad pack: {}\n", error.what());
    return 3;
  }
  if (!section_known) return usage("no section " + *section_name);
  if (files == 0) {
    fmt::print(stderr, "bad pack: no cases in {}\n", options.pack.string());
    return 3;
  }
  if (json_file) {
    std::ofstream out(*json_file);
    out << Json{{"passed", all.passed}, {"failed", all.failures.size()}, {"skipped", all.skipped}, {"sections", report}}.dump(1) << '\n';
    if (!out) {
      fmt::print(stderr, "cannot write {}\n", *json_file);
      return 2;
    }
  }
  if (options.device_name != "cpu") print_served(all, options.device_name);
  if (options.transform == "vmap" && options.in_process) fmt::print("{}", lazuli::vmap_report());
  fmt::print("{} passed, {} failed, {} skipped\n", all.passed, all.failures.size(), all.skipped);
  return all.failures.empty() ? 0 : 1;
}
