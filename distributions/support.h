#pragma once
#include "lazuli/distributions/distribution.h"
#include "lazuli/ops/linalg/matmul.h"
#include "lazuli/ops/pointwise/activation.h"
#include "lazuli/ops/pointwise/arithmetic.h"
#include "lazuli/ops/pointwise/binary.h"
#include "lazuli/ops/pointwise/comparison.h"
#include "lazuli/ops/pointwise/operators.h"
#include "lazuli/ops/pointwise/special.h"
#include "lazuli/ops/pointwise/ternary.h"
#include "lazuli/ops/pointwise/unary.h"
#include "lazuli/ops/random/random.h"
#include "lazuli/ops/reduce/reduction.h"
#include "lazuli/ops/shape/creation.h"
#include "lazuli/ops/shape/shape.h"

/// What the distributions' sources share. Not for users.
namespace lazuli::distributions::detail {

/// All parameters as tensors of one dtype and device, broadcast. Throws Error naming `owner` for a parameter that is not floating point.
std::vector<Tensor> broadcast_all(const std::string& owner, std::initializer_list<const Parameter*> parameters);
/// Throws Error naming the parameter unless `fits` is true everywhere.
void check_parameter(const std::string& owner, const char* parameter, const char* expected, const Tensor& value, const Tensor& fits);
inline void check_positive(const std::string& owner, const char* parameter, const Tensor& t) {
  check_parameter(owner, parameter, "values above 0", t, t.detach() > 0);
}
void check_probabilities(const std::string& owner, const Tensor& t);

Shape joined(const Shape& a, const Shape& b);
/// The sum over the last `dims` dimensions.
Tensor sum_last(const Tensor& t, int64_t dims);
/// Noise in the dtype and on the device of a tensor: uniform in (0, 1), standard normal, standard exponential.
Tensor uniforms(const Shape& sizes, const Tensor& like);
Tensor normals(const Shape& sizes, const Tensor& like);
/// Gamma variates of rate 1 by the method of Marsaglia and Tsang (2000), with the gradient that implicit differentiation gives (Figurnov et al., 2018); of first order.
Tensor standard_gamma(const Tensor& concentration);
/// log(exp(a) - 1) and the like need the least number that a dtype tells from 0.
double epsilon_of(const Tensor& t);

/// The lower triangular L with L L^T = a, of the last two dimensions, and x with L x = b. Throws Error where a is not positive definite.
Tensor cholesky(const std::string& owner, const Tensor& a);
Tensor solve_lower(const Tensor& lower, const Tensor& b);

}  // namespace lazuli::distributions::detail
