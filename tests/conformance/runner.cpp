#include "tests/conformance/runner.h"

#include <fmt/format.h>
#include <sys/wait.h>
#include <unistd.h>

#include <atomic>
#include <csignal>
#include <cstdio>
#include <cstring>
#include <mutex>
#include <span>
#include <sstream>
#include <thread>

#include "lazuli/core/error.h"
#include "lazuli/core/kernel.h"
#include "tests/conformance/pack.h"

namespace conformance {
namespace {

constexpr unsigned kSecondsPerCase = 30, kSecondsPerCaseOnDevice = 180;  // a device compiles each kernel once

struct Report {
  Outcome outcome;
  Served served = Served::Device;
  std::string cpu_slots = {};  // names, a blank after each
};

Outcome outcome_of(CaseFile& cases, size_t i) {
  try {
    return cases.run(i);
  } catch (const lazuli::Error& error) {
    if (error.kind() == lazuli::ErrorKind::NotSupported) return skip(error.what());
    return failed(std::string("threw ") + error.what());
  } catch (const BadPack&) { throw; } catch (const std::exception& error) {
    return failed(std::string("threw something that is no lazuli::Error: ") + error.what());
  }
}

Report run_case(CaseFile& cases, size_t i) {
  lazuli::reset_kernel_counts();
  Report report{outcome_of(cases, i)};
  for (const lazuli::KernelCounts& c : lazuli::kernel_counts()) {
    if (c.composite && report.served == Served::Device) report.served = Served::Composite;
    if (!c.cpu) continue;
    report.served = Served::Cpu;
    report.cpu_slots += std::string(c.name) + " ";
  }
  return report;
}

void count(Tallies& tallies, const std::string& group, const std::string& file, size_t i, const Report& report) {
  Tally& tally = tallies[group];
  const Outcome& outcome = report.outcome;
  if (outcome.kind == Outcome::Kind::Pass) ++tally.passed;
  else if (outcome.kind == Outcome::Kind::Fail) tally.failures.push_back({file, i, outcome.reason});
  else ++tally.skipped, tally.skip_reason = outcome.reason;
  if (outcome.kind == Outcome::Kind::Skip) return;
  ++tally.served[int(report.served)];
  std::istringstream names(report.cpu_slots);
  for (std::string slot; names >> slot;) ++tally.cpu_slots[slot];
}

// What the child says, one line each: 'N' a file begins (its number), 'B' a case begins (index, group), 'U' a slot that the CPU served, 'P' 'F' 'S' its outcome, after which comes a digit for Served,
// 'E' all is done, 'X' the pack is bad.
void say(FILE* out, char what, const std::string& text) {
  std::string line = text;
  for (char& c : line) {
    if (c == '\n' || c == '\r') c = ' ';
  }
  fmt::print(out, "{}{}\n", what, line);
  std::fflush(out);
}

void child(CaseOpener open, std::span<const fs::path> files, Options options, size_t file, size_t first, FILE* out) {
  try {
    options.device = lazuli::Device(options.device_name);
    for (; file < files.size(); ++file, first = 0) {
      say(out, 'N', std::to_string(file));
      auto cases = open(files[file], options);
      for (size_t i = first; i < cases->size(); ++i) {
        std::string group = cases->group(i);
        if (!options.chooses(i, group)) continue;
        say(out, 'B', fmt::format("{} {}", i, group));
        alarm(options.device.is_cpu() ? kSecondsPerCase : kSecondsPerCaseOnDevice);
        Report report = run_case(*cases, i);
        alarm(0);
        if (!report.cpu_slots.empty()) say(out, 'U', report.cpu_slots);
        say(out, "PFS"[int(report.outcome.kind)], std::to_string(int(report.served)) + report.outcome.reason);
      }
    }
    say(out, 'E', "");
  } catch (const std::exception& error) { say(out, 'X', error.what()); }
}

struct Listener {
  Tallies& tallies;
  std::span<const fs::path> files;
  size_t file = 0;
  std::string group = {}, cpu_slots = {};
  size_t current = 0, first = 0;  // the case that runs; that which comes next
  bool running = false, ended = false;

  std::string name() const { return files[file].filename().string(); }

  void hear(const std::string& line) {
    std::string text = line.substr(1);
    switch (line[0]) {
      case 'N':
        file = std::stoul(text);
        first = 0;
        running = false;
        break;
      case 'B': {
        size_t blank = text.find(' ');
        current = std::stoul(text.substr(0, blank));
        group = text.substr(blank + 1);
        cpu_slots.clear();
        running = true;
        break;
      }
      case 'U': cpu_slots = text; break;
      case 'E': ended = true; break;
      case 'X': throw BadPack(name() + ": " + text);
      default:
        first = current + 1;
        count(tallies, group, name(), current,
              {{line[0] == 'P'   ? Outcome::Kind::Pass
                : line[0] == 'F' ? Outcome::Kind::Fail
                                 : Outcome::Kind::Skip,
                text.substr(1)},
               Served(text.at(0) - '0'),
               cpu_slots});
        running = false;
    }
  }
};

}  // namespace

bool Options::chooses(size_t i, const std::string& group) const {
  if (i * 0x9e3779b97f4a7c15ull % 1009 % every != 0) return false;  // mixed, as neighbouring cases go through the dtypes in turn
  return !filtered || std::regex_search(group, filter);
}

Tally& Tally::operator+=(const Tally& other) {
  passed += other.passed, skipped += other.skipped;
  failures.insert(failures.end(), other.failures.begin(), other.failures.end());
  if (!other.skip_reason.empty()) skip_reason = other.skip_reason;
  for (size_t k = 0; k < 3; ++k) served[k] += other.served[k];
  for (const auto& [slot, cases] : other.cpu_slots) cpu_slots[slot] += cases;
  return *this;
}

namespace {

// Some files in one child process after the other, each of which ends at the first case that crashes or hangs.
void run_some(CaseOpener open, std::span<const fs::path> files, const Options& options, Tallies& tallies) {
  if (options.in_process) {
    Options here = options;
    here.device = lazuli::Device(options.device_name);
    for (const fs::path& file : files) {
      auto cases = open(file, here);
      for (size_t i = 0; i < cases->size(); ++i) {
        std::string group = cases->group(i);
        if (options.chooses(i, group)) count(tallies, group, file.filename().string(), i, run_case(*cases, i));
      }
    }
    return;
  }
  Listener listener{tallies, files};
  while (!listener.ended) {
    static std::mutex forking;  // or a child would hold another one's end for writing open
    std::unique_lock one_at_a_time(forking);
    int ends[2];
    if (pipe(ends) != 0) throw BadPack("no pipe");
    std::fflush(nullptr);
    pid_t pid = fork();
    if (pid < 0) throw BadPack("no process");
    if (pid == 0) {
      close(ends[0]);
      FILE* out = fdopen(ends[1], "w");
      child(open, files, options, listener.file, listener.first, out);
      std::fclose(out);
      std::_Exit(0);
    }
    close(ends[1]);
    one_at_a_time.unlock();
    FILE* in = fdopen(ends[0], "r");
    char* line = nullptr;
    size_t capacity = 0;
    listener.running = false;
    for (ssize_t n; (n = getline(&line, &capacity, in)) > 0;) listener.hear(std::string(line, size_t(n - (line[n - 1] == '\n'))));
    std::free(line);
    std::fclose(in);
    int status = 0;
    waitpid(pid, &status, 0);
    if (listener.ended) break;
    if (!listener.running) throw BadPack(listener.name() + ": the process that read it died");
    const bool hung = WIFSIGNALED(status) && WTERMSIG(status) == SIGALRM;
    const unsigned limit = options.device_name == "cpu" ? kSecondsPerCase : kSecondsPerCaseOnDevice;
    std::string how = WIFSIGNALED(status) ? std::string("crashed: ") + strsignal(WTERMSIG(status)) : "ended the process";
    count(tallies, listener.group, listener.name(), listener.current, {failed(hung ? fmt::format("took more than {} s", limit) : how)});
    listener.first = listener.current + 1;
  }
}

}  // namespace

void run_files(CaseOpener open, const std::vector<fs::path>& files, const Options& options, Tallies& tallies) {
  // A device's compiler takes half a second to start in each process.
  const size_t at_a_time = options.device_name == "cpu" ? 1 : 12, pieces = (files.size() + at_a_time - 1) / at_a_time;
  std::vector<Tallies> of_piece(pieces);
  std::vector<std::exception_ptr> wrong(pieces);
  std::atomic<size_t> next{0};
  auto work = [&] {
    for (size_t i; (i = next++) < pieces;) {
      try {
        run_some(open, std::span(files).subspan(i * at_a_time, std::min(at_a_time, files.size() - i * at_a_time)), options, of_piece[i]);
      } catch (...) { wrong[i] = std::current_exception(); }
    }
  };
  std::vector<std::thread> others;
  for (int k = 1; k < options.jobs; ++k) others.emplace_back(work);
  work();
  for (std::thread& t : others) t.join();
  for (size_t i = 0; i < pieces; ++i) {
    if (wrong[i]) std::rethrow_exception(wrong[i]);
    for (auto& [group, tally] : of_piece[i]) tallies[group] += tally;
  }
}

}  // namespace conformance
