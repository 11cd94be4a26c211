#pragma once
#include <cstdint>
#include <string>
#include <vector>

namespace lazuli {

/// How often vmap called a slot once per sample, because it has no rule for all samples at once (or none for such arguments), and for how many samples.
struct VmapCount {
  std::string slot;
  uint64_t calls = 0, samples = 0;
};
/// Of the whole process, by slot, most samples first.
std::vector<VmapCount> vmap_counts();
/// The same as a table to read; empty where every call had a rule.
std::string vmap_report();
void reset_vmap_report();

}  // namespace lazuli
