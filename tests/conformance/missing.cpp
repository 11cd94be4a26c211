// Sections whose part of the library is not there yet: every case is skipped.
#include "tests/conformance/pack.h"
#include "tests/conformance/runner.h"

namespace conformance {
namespace {

class Missing : public CaseFile {
 public:
  Missing(const fs::path& file, std::string what) : cases_(read_json(file)), what_(std::move(what)) {}
  size_t size() const override { return cases_.size(); }
  std::string group(size_t i) const override { return cases_.is_array() && cases_[i].contains("module") ? cases_[i]["module"].get<std::string>() : what_; }
  Outcome run(size_t) override { return skip(what_); }

 private:
  Json cases_;
  std::string what_;
};

}  // namespace

std::unique_ptr<CaseFile> open_interop(const fs::path& file, const Options&) { return std::make_unique<Missing>(file, "interop"); }

}  // namespace conformance
