#pragma once
#include <string>
#include <vector>

#include "lazuli/core/device.h"
#include "lazuli/core/dtype.h"

/// Which operator works in which dtype on which device, and how well.
namespace lazuli::registry {

/// How a call is served, from worst to best: not at all, by the CPU on copies, by other kernels, by the device's own.
enum class Served : uint8_t { None, Fallback, Composite, Kernel };
/// "none", "fallback", "composite", "kernel".
std::string_view name(Served served);

struct OpCoverageEntry {
  std::string op;
  DType dtype = kFloat32;
  Device device;
  Served forward = Served::None;
  bool backward = false, second_order = false;  // gradients, and gradients of these
};

/// The entries of one operator or dtype, counted.
struct DTypeCoverageReport {
  DType dtype = kFloat32;
  Device device;
  int none = 0, fallback = 0, composite = 0, kernel = 0, backward = 0, second_order = 0;
};

struct CoverageReport {
  std::vector<OpCoverageEntry> entries;
  /// Operators that the report could not call: it makes up small arguments from the schemas, and has a list of calls for those of the library that want others; a program's may too.
  std::vector<std::string> not_called;
  std::vector<DTypeCoverageReport> by_dtype() const;
  /// A table with a line for each dtype and device.
  std::string summary() const;
  /// Null where the report has no such entry.
  const OpCoverageEntry* find(std::string_view op, DType dtype, Device device = Device()) const;
};

struct CoverageOptions {
  std::vector<std::string> ops = {};  // none: all of the table
  std::vector<DType> dtypes = {};     // none: all built-in ones
  std::vector<Device> devices = {};   // none: the CPU
};
/// Calls every operator on small tensors on the CPU, with what it takes by its schema, forward, backward and a second time backward, and looks at the slots that serve it; for another device it then asks which of these
/// have kernels there. The random generator and all settings are as before afterwards. Takes a second or two for the whole table.
CoverageReport coverage_report(const CoverageOptions& options = {});

}  // namespace lazuli::registry
