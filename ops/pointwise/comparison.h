#pragma once
#include "lazuli/core/by_position.h"
#include "lazuli/core/described.h"
#include "lazuli/core/factory.h"

/// Comparisons and predicates. Nothing here has a gradient; the in-place forms write 0 and 1 in self's dtype.
namespace lazuli {

/// Element by element, broadcast and promoted; bool. The orders throw Error for complex numbers.
Tensor eq(const Tensor& self, const Tensor& other);
Tensor ne(const Tensor& self, const Tensor& other);
Tensor lt(const Tensor& self, const Tensor& other);
Tensor le(const Tensor& self, const Tensor& other);
Tensor gt(const Tensor& self, const Tensor& other);
Tensor ge(const Tensor& self, const Tensor& other);
Tensor eq(const Tensor& self, const Scalar& other);
Tensor eq(...) = delete;  // eq(x, tensor or number)
Tensor ne(const Tensor& self, const Scalar& other);
Tensor ne(...) = delete;  // ne(x, tensor or number)
Tensor lt(const Tensor& self, const Scalar& other);
Tensor lt(...) = delete;  // lt(x, tensor or number)
Tensor le(const Tensor& self, const Scalar& other);
Tensor le(...) = delete;  // le(x, tensor or number)
Tensor gt(const Tensor& self, const Scalar& other);
Tensor gt(...) = delete;  // gt(x, tensor or number)
Tensor ge(const Tensor& self, const Scalar& other);
Tensor ge(...) = delete;  // ge(x, tensor or number)
Tensor& eq_(const Tensor& self, const Tensor& other);
Tensor& ne_(const Tensor& self, const Tensor& other);
Tensor& lt_(const Tensor& self, const Tensor& other);
Tensor& le_(const Tensor& self, const Tensor& other);
Tensor& gt_(const Tensor& self, const Tensor& other);
Tensor& ge_(const Tensor& self, const Tensor& other);
Tensor& eq_(const Tensor& self, const Scalar& other);
Tensor& eq_(...) = delete;  // eq_(x, tensor or number)
Tensor& ne_(const Tensor& self, const Scalar& other);
Tensor& ne_(...) = delete;  // ne_(x, tensor or number)
Tensor& lt_(const Tensor& self, const Scalar& other);
Tensor& lt_(...) = delete;  // lt_(x, tensor or number)
Tensor& le_(const Tensor& self, const Scalar& other);
Tensor& le_(...) = delete;  // le_(x, tensor or number)
Tensor& gt_(const Tensor& self, const Scalar& other);
Tensor& gt_(...) = delete;  // gt_(x, tensor or number)
Tensor& ge_(const Tensor& self, const Scalar& other);
Tensor& ge_(...) = delete;  // ge_(x, tensor or number)

/// Element by element; bool. Complex numbers are NaN or infinite when one of their parts is.
Tensor isnan(const Tensor& self);
Tensor isinf(const Tensor& self);
Tensor isfinite(const Tensor& self);
/// Not for complex.
Tensor isposinf(const Tensor& self);
Tensor isneginf(const Tensor& self);
/// Whether the imaginary part is 0.
Tensor isreal(const Tensor& self);

struct IsCloseOptions {
  double rtol = 1e-5, atol = 1e-8;
  bool equal_nan = false;
  template <class O = IsCloseOptions>
  static constexpr auto members() {
    return Members{member("rtol", &O::rtol, {.least = 0}), member("atol", &O::atol, {.least = 0}), member("equal_nan", &O::equal_nan)};
  }
};
namespace with_options {
Tensor isclose(const Tensor& self, const Tensor& other, IsCloseOptions options);
}
/// |self - other| <= atol + rtol * |other|, or equal; bool. Both of one dtype.
template <class Rtol = IsCloseOptions>
Tensor isclose(const Tensor& self, const Tensor& other, Rtol rtol = {}, double atol = 1e-8, bool equal_nan = false) {
  return with_options::isclose(self, other, by_position<IsCloseOptions>(std::move(rtol), atol, equal_nan));
}
namespace with_options {
bool allclose(const Tensor& self, const Tensor& other, IsCloseOptions options);
}
/// Whether that holds for all elements.
template <class Rtol = IsCloseOptions>
bool allclose(const Tensor& self, const Tensor& other, Rtol rtol = {}, double atol = 1e-8, bool equal_nan = false) {
  return with_options::allclose(self, other, by_position<IsCloseOptions>(std::move(rtol), atol, equal_nan));
}
/// Whether sizes and all elements are equal, compared as the dtype to which both promote.
bool equal(const Tensor& self, const Tensor& other);
/// Whether each of `elements` is among `test_elements`; bool, of the sizes of `elements`. `assume_unique` is a hint that is not needed.
Tensor isin(const Tensor& elements, const Tensor& test_elements, bool assume_unique = false, bool invert = false);
Tensor isin(const Tensor& elements, const Scalar& test_element, bool assume_unique = false, bool invert = false);
Tensor isin(const Scalar& element, const Tensor& test_elements, bool assume_unique = false, bool invert = false);
Tensor isin(...) = delete;  // isin(tensor or number elements, tensor or number test_elements, [assume_unique], [invert])

/// Whether the one element is not zero. Throws Error unless there is exactly one.
bool is_nonzero(const Tensor& self);
inline bool is_tensor(const Tensor&) { return true; }
inline int64_t numel(const Tensor& self) { return self.numel(); }
bool is_complex(const Tensor& self);
bool is_floating_point(const Tensor& self);
bool is_conj(const Tensor& self);
bool is_neg(const Tensor& self);
/// Whether the dtype holds negative numbers.
bool is_signed(const Tensor& self);
bool is_same_size(const Tensor& self, const Tensor& other);

/// The dtypes that type promotion gives (see ops/base/promotion.h and core/dtype.h for the rest).
DType result_type(const Tensor& self, const Tensor& other);
DType result_type(const Tensor& self, const Scalar& other);
DType result_type(const Scalar& self, const Tensor& other);
DType result_type(const Scalar& self, const Scalar& other);
DType result_type(...) = delete;  // result_type(tensor or number x, tensor or number)

}  // namespace lazuli
