// Writes docs/coverage.md from the coverage report: list_coverage > docs/coverage.md
#include <cstdio>
#include <map>

#include "lazuli/ops/table/registry.h"
#include "lazuli/registry/coverage.h"

using namespace lazuli;

int main() {
  const registry::CoverageReport report = registry::coverage_report();
  std::printf(
      "# Coverage\n\n"
      "What every operator of the table does in every dtype on the CPU, as `registry::coverage_report()` finds it by calling them with small "
      "arguments made up from their schemas "
      "([extending](extending.md)).\n"
      "`k`: by kernels of the device, `c`: by others' (a composite), `-`: not in this dtype; behind it `1`: with a gradient, `2`: with gradients of "
      "gradients. Programs get the same for their devices and dtypes.\n\n"
      "This page is made by `build/docs/list_coverage > docs/coverage.md`; a test compares the two.\n\n"
      "## By dtype\n```text\n%s```\n",
      report.summary().c_str());
  std::map<std::string, std::map<std::string, std::string>> families;
  for (const registry::OpCoverageEntry& entry : report.entries) {
    std::string& line = families[get_op_info(entry.op).family][entry.op];
    const char* by = entry.forward == registry::Served::None ? "-" : entry.forward == registry::Served::Kernel ? "k" : "c";
    line += std::string(by) + (entry.second_order ? "2" : entry.backward ? "1" : " ") + "   ";
  }
  for (const auto& [family, ops] : families) {
    std::printf("\n## %s\n```text\n%-44s bool u8   i8   i16  i32  i64  f16  bf16 f32  f64  c64  c128\n", family.c_str(), "");
    for (const auto& [op, line] : ops) std::printf("%-44s %s\n", op.c_str(), line.substr(0, line.find_last_not_of(' ') + 1).c_str());
    std::printf("```\n");
  }
  if (report.not_called.empty()) return 0;
  std::printf("\n## Not called\nThese want other arguments than the report makes up; the recorded cases call them:\n```text\n");
  for (const std::string& op : report.not_called) std::printf("%s\n", op.c_str());
  std::printf("```\n");
}
