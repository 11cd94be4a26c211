#include "lazuli/core/slots/matmul_precision.h"

#include <atomic>
#include <string>

#include "lazuli/core/error.h"

namespace lazuli {
namespace {
constexpr std::string_view kWords[] = {"highest", "high", "medium"};
std::atomic<MatmulPrecision> current{MatmulPrecision::Highest};
}  // namespace

void set_float32_matmul_precision(std::string_view precision) {
  for (int i = 0; i < 3; ++i)
    if (precision == kWords[i]) return current.store(MatmulPrecision(i), std::memory_order_relaxed);
  fail("set_float32_matmul_precision", "precision", "\"highest\", \"high\" or \"medium\"", "\"" + std::string(precision) + "\"");
}
std::string_view get_float32_matmul_precision() { return kWords[int(float32_matmul_precision())]; }
MatmulPrecision float32_matmul_precision() { return current.load(std::memory_order_relaxed); }

}  // namespace lazuli
