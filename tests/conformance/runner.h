#pragma once
#include <filesystem>
#include <functional>
#include <map>
#include <memory>
#include <regex>
#include <string>
#include <vector>

#include "lazuli/core/device.h"

/// What replaying one case came to, and the sections of a pack.
namespace conformance {

struct Outcome {
  enum class Kind { Pass, Fail, Skip } kind = Kind::Pass;
  std::string reason;  // why failed; or what is not there yet
};
inline Outcome pass() { return {}; }
inline Outcome failed(std::string reason) { return {Outcome::Kind::Fail, std::move(reason)}; }
inline Outcome skip(std::string reason) { return {Outcome::Kind::Skip, std::move(reason)}; }
/// A pass when there is nothing to complain of.
inline Outcome verdict(std::string complaint) { return complaint.empty() ? pass() : failed(std::move(complaint)); }

struct Options {
  std::filesystem::path pack;
  std::string device_name = "cpu";
  lazuli::Device device;  // of that name; set in the process that runs the cases, since a device's driver does not survive a fork
  std::regex filter;
  bool filtered = false;
  bool gradcheck = false;  // ops: differentiates each float64 and complex128 case, and compares with differences instead of with the recorded numbers
  std::string transform;   // "vmap" or "jvp": replays operators, programs and modules under it, against themselves
  size_t every = 1;        // replays one case of so many, spread over all of them
  int jobs = 1;            // files that are replayed at the same time
  bool in_process = false;  // no child processes: for debuggers and sanitizers
  bool chooses(size_t i, const std::string& group) const;
};

/// One file of cases.
class CaseFile {
 public:
  virtual ~CaseFile() = default;
  virtual size_t size() const = 0;
  /// What the case counts under: the operator, module or optimizer.
  virtual std::string group(size_t i) const = 0;
  /// May throw: a lazuli::Error or any other exception is a failure.
  virtual Outcome run(size_t i) = 0;
};

using CaseOpener = std::unique_ptr<CaseFile> (*)(const std::filesystem::path& file, const Options& options);
std::unique_ptr<CaseFile> open_ops(const std::filesystem::path& file, const Options& options);
std::unique_ptr<CaseFile> open_modules(const std::filesystem::path& file, const Options& options);
std::unique_ptr<CaseFile> open_optim(const std::filesystem::path& file, const Options& options);
std::unique_ptr<CaseFile> open_programs(const std::filesystem::path& file, const Options& options);
std::unique_ptr<CaseFile> open_indexing(const std::filesystem::path& file, const Options& options);
std::unique_ptr<CaseFile> open_promotion(const std::filesystem::path& file, const Options& options);
std::unique_ptr<CaseFile> open_interop(const std::filesystem::path& file, const Options& options);

/// By what the slots that a case called on its device were served: all by the device itself, some by composites, or some by the CPU.
enum class Served { Device, Composite, Cpu };

/// Counts and reasons of one group.
struct Tally {
  struct Failure {
    std::string file;
    size_t index;
    std::string reason;
  };
  size_t passed = 0, skipped = 0;
  std::vector<Failure> failures;
  std::string skip_reason;
  size_t served[3] = {};                    // cases that ran, by Served; on the CPU they count as the first
  std::map<std::string, size_t> cpu_slots;  // cases in which the CPU served this slot
  size_t total() const { return passed + skipped + failures.size(); }
  Tally& operator+=(const Tally& other);
};
using Tallies = std::map<std::string, Tally>;

/// Runs the cases of the files in child processes, so that one that crashes or hangs is a failure of that case alone, `options.jobs` at a time. Throws BadPack.
void run_files(CaseOpener open, const std::vector<std::filesystem::path>& files, const Options& options, Tallies& tallies);

}  // namespace conformance
