#pragma once
#include <cstdint>
#include <string_view>

namespace lazuli {

/// How matrix products of float32 (and complex64), and convolutions of float32, may be computed on devices that have faster ways; the CPU always computes in float32.
enum class MatmulPrecision : uint8_t { Highest, High, Medium };

/// "highest" (the default): in float32. "high": factors may be rounded to TensorFloat32 (10 bits of mantissa). "medium": to bfloat16 (7 bits). Sums stay in float32.
/// For the whole process. Throws Error for any other word.
void set_float32_matmul_precision(std::string_view precision);
std::string_view get_float32_matmul_precision();
/// A precision for the length of a block.
class [[nodiscard]] MatmulPrecisionGuard {
 public:
  explicit MatmulPrecisionGuard(std::string_view precision) : before_(get_float32_matmul_precision()) { set_float32_matmul_precision(precision); }
  ~MatmulPrecisionGuard() { set_float32_matmul_precision(before_); }
  MatmulPrecisionGuard(const MatmulPrecisionGuard&) = delete;
  MatmulPrecisionGuard& operator=(const MatmulPrecisionGuard&) = delete;

 private:
  std::string_view before_;
};
/// The same as a number, for backends.
MatmulPrecision float32_matmul_precision();

}  // namespace lazuli
