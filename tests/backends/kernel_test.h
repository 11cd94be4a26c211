#pragma once
#include <cmath>
#include <complex>
#include <limits>
#include <random>
#include <vector>

#include "lazuli/core/backend.h"
#include "lazuli/core/factory.h"
#include "lazuli/core/slots.h"
#include "lazuli/core/threads/parallel.h"
#include "lazuli/tests/catch.h"

/// What the tests of CPU kernels share: tensors of any layout, read and written as numbers in row-major order.
namespace lazuli::test {

using Wide = std::complex<double>;

struct Threads {  // restores the setting at the end of a test
  int before = get_num_threads();
  explicit Threads(int n) { set_num_threads(n); }
  ~Threads() { set_num_threads(before); }
};

inline const std::vector<DType> kAllDTypes{kBool,    kUInt8,    kInt8,    kInt16,   kInt32,     kInt64,
                                           kFloat16, kBFloat16, kFloat32, kFloat64, kComplex64, kComplex128};
inline const std::vector<DType> kFloatDTypes{kFloat16, kBFloat16, kFloat32, kFloat64};

enum class Spacing { Contiguous, Permuted, Spaced };
inline const std::vector<Spacing> kSpacings{Spacing::Contiguous, Spacing::Permuted, Spacing::Spaced};

Tensor make(const Shape& sizes, DType dtype, Spacing layout = Spacing::Contiguous);

/// The address of element i in row-major order.
void* element(const Tensor& t, int64_t i);
Wide get(const Tensor& t, int64_t i);
double real(const Tensor& t, int64_t i);
void put(const Tensor& t, int64_t i, Wide v);

/// Numbers about 0 with the spread given; small whole ones for integers.
Tensor random(const Shape& sizes, DType dtype, Spacing layout = Spacing::Contiguous, double spread = 1, uint32_t seed = 1);
Tensor filled(const Shape& sizes, DType dtype, const std::vector<double>& values);
std::vector<double> reals(const Tensor& t);

double tolerance(DType t);
/// Equal within rtol of the expected value and atol; NaN and infinities exactly.
bool close(Wide got, Wide expected, double rtol, double atol);
bool close(Wide got, Wide expected, DType t, double scale = 1);

}  // namespace lazuli::test
